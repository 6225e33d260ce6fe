"""How a snapshot is shown: canonical JSON, figures as CSV, and the terminal's table."""
