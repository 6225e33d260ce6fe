"""The commands that record or move a log, and what all commands share: how they are read, and how they tell."""
