"""A report in whichever format is asked for: what of the others writes it, and what its file is called."""
