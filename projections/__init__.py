"""The read side: read models, the value rule, snapshots and reconciliation."""
