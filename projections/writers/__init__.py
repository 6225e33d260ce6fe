"""Each form in which a report or its figures are written down. What they say is decided elsewhere."""
