"""The verbs that write: init, record, import."""
