"""Reporting rounds as they stand: who has answered and what is missing. Not here: the report, and what is recorded."""
