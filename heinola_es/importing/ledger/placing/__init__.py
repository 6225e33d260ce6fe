"""What each row is about: its unit, line, period and amount, or the problem with it. Nothing is recorded here."""
