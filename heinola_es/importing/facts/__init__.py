"""Facts in bulk: units, goals, texts, statistics and projects from one file of TOML, CSV or JSON Lines."""
