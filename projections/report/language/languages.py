"""The languages of a report."""

from __future__ import annotations

from heinola_es.languages import LANGUAGES, RECORDED_IN

__all__ = ("CONTENT_LANGUAGE", "LANGUAGES")

CONTENT_LANGUAGE = RECORDED_IN
"""The language in which a city records names, goals and texts, where it says nothing of that."""
