"""Forms: what a unit is asked to fill in for a period, made from the log, read back, compared and recorded."""
