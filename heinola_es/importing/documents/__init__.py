"""Documents as cities have them (Word, PDF, text), read into the lines and tables that reports are found in."""
