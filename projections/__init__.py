"""The read side: read models, snapshots, what is audited, published and verified, and how a report is written."""
