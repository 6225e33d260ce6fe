"""The snapshot: the report of a period as data, typed, with its columns, its findings and its one form in JSON."""
