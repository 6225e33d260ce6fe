"""Over many cities: the snapshot of each, taken from a lake by the same code as from its store, side by side."""
