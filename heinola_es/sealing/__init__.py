"""Seals: a published report and the log it rests on, in a signed note that anyone can check."""
