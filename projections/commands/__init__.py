"""The verbs that read: snapshot, projections."""
