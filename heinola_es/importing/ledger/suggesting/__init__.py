"""A first mapping, suggested from the file itself and from what the store knows."""
