"""What period the header of a column of amounts names, beside its other words: `Tot 1-6/2020`, `TA 2020`."""

from __future__ import annotations

import re

from events.period import Period
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.period_cells import period_of

_QUARTER = re.compile(r"\b([QK][1-4])\s*[-/.]?\s*((?:19|20)\d\d)\b", re.IGNORECASE)
_PARTS = (
    re.compile(r"\d{1,2}\s*[-–]\s*\d{1,2}\s*/\s*(?:19|20)\d\d"),
    re.compile(r"(?:19|20)\d\d\s*-?\s*(?:Q[1-4]|H[12])", re.IGNORECASE),
    re.compile(r"\b\d{1,2}\s*/\s*(?:19|20)\d\d"),
    re.compile(r"\b(?:19|20)\d\d-\d\d\b"),
    re.compile(r"[^\W\d_]{3,}\.?\s*[-–]\s*[^\W\d_]{3,}\.?\s+(?:19|20)\d\d"),
    re.compile(r"[^\W\d_]{3,}\s+(?:19|20)\d\d"),
    re.compile(r"\b(?:19|20)\d\d\b"),
)


def period_in(name: str) -> tuple[str, Period] | None:
    """Return the period that a header names, as a mapping writes it and as it is; None where it names none."""
    if quarter := _QUARTER.search(name):
        text = f"{quarter[2]}Q{quarter[1][1]}"
        return text, period_of(text)
    for part in _PARTS:
        for found in part.finditer(name):
            text = found[0].replace("–", "-")
            try:
                period = period_of(text)
            except BadInput:
                continue
            return _written(text, period), period
    return None


def _written(text: str, period: Period) -> str:
    """Return how a mapping writes a period: as the header does, but for months by name."""
    if not any(letter.isalpha() for letter in text) or text[:4].isdecimal():
        return text
    months = dict.fromkeys((period.start.month, period.end.month))
    return f"{'-'.join(map(str, months))}/{period.year}"


def is_to_date(period: Period) -> bool:
    """Return whether a period is several months from 1 January, and not the whole year."""
    whole = Period.of_year(period.year)
    return period != whole and period.start == whole.start and period.end.month > 1
