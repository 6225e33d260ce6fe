"""The languages of a report."""

from __future__ import annotations

LANGUAGES = ("fi", "sv", "en")
"""The first where none is chosen."""
CONTENT_LANGUAGE = "fi"
"""The language in which the city records names, goals and texts."""
