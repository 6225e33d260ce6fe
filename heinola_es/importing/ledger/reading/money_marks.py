"""What a file says that its amounts are in: a mark that is read over makes figures a thousand times too small."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from heinola_es.importing.ledger.reading.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_CURRENCY = r"(?:€|e\b|eur|kr|sek|nok|dkk|isk)"
_GAP = r"[ .,'\u00a0\u202f\u2009]?"
_MARKS = (
    (
        "million",
        (
            rf"(?<!\d)1{_GAP}000{_GAP}000\s*{_CURRENCY}|\bmilj(?:oon|on|\.|\b)|\bmillion|\bmill\b|\bm€|\bmeur|[(/]\s*me\b|\bmn?kr|"
            r"\bmsek|\bmnok|\bmdkk"
        ),
    ),
    (
        "thousand",
        (
            rf"(?<![\d.,])1{_GAP}000\s*{_CURRENCY}|\bt€|\bteur|[(/]\s*te\b|\bk€|\bkeur|\btkr|\btsek|\btnok|\btdkk|\bksek|"
            r"\bknok|\btuhat|\btuhans|\btuhant|\btuh\b|\btusen|\bthousand|['’]000\b|\b000s\b|(?:€|eur|kr)\s*000\b"
        ),
    ),
)
_FOUND = tuple((unit, re.compile(words)) for unit, words in _MARKS)


def money_in(text: str) -> str | None:
    """Return the unit that a header or a title says amounts are in: `thousand`, `million`; None where it says none."""
    said = text.casefold()
    return next((unit for unit, found in _FOUND if found.search(said)), None)


def money_above(rows: Iterable[Iterable[Any]]) -> tuple[str, str] | None:
    """Return the unit that a title above a table says, and the title; None where none does."""
    for cells in rows:
        for text in map(text_of, cells):
            if unit := money_in(text):
                return unit, text
    return None
