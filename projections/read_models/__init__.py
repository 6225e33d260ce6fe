"""Tables fed from the log, disposable, and how they are read at one moment. No report is known here."""
