"""How the report's pictures are drawn, by Vega; what they show is decided by the content."""
