"""A ledger in CSV or a workbook, by a mapping, into events: rooms in the order of the work."""
