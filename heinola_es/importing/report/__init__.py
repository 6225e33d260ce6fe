"""The report reader: the text of an interim report in, a structured document out. No events, no store, no clock."""
