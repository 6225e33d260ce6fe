"""One function per thing that can be asked for: find the aggregates concerned and let them decide."""
