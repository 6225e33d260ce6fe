"""The report as pages to walk through: what `heinola serve` shows, and who it lets in."""
