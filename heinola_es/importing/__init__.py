"""Reading what a city already has: reports, ledgers and event files become commands."""
