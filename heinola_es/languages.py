"""The languages that reports and everything else that people read are told in, and which one a machine speaks."""

from __future__ import annotations

LANGUAGES = ("fi", "sv", "en")
"""The first where none is chosen."""
RECORDED_IN = "fi"
"""The language in which a city records names, goals and texts, where it says nothing of that."""


def language_of_locale(locale: str | None) -> str:
    """Return the language of a locale such as `sv_FI.UTF-8`; the first of ours where it is of none of them."""
    named = locale or ""
    for mark in "_.@-":
        named = named.partition(mark)[0]
    return named.casefold() if named.casefold() in LANGUAGES else LANGUAGES[0]
