"""Verification: the log, its tree, published reports, read models and seals, each held against the others."""
