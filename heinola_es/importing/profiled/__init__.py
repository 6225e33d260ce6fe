"""Reports of any shape, read by a profile that says how a city builds them."""
