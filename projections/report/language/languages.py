"""The languages of a report."""

from __future__ import annotations

from heinola_es.languages import LANGUAGES

__all__ = ("CONTENT_LANGUAGE", "LANGUAGES")

CONTENT_LANGUAGE = "fi"
"""The language in which the city records names, goals and texts."""
