"""The audit trail: what any figure rests on, what changed between two moments, and who recorded what."""
