"""The commands that ask: snapshots, reports, open data, publishing, the audit trail, and the read models themselves."""
