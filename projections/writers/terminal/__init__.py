"""Pages for the terminal: snapshots, lists, the trail; in one language, at any width, and inert there."""
