"""What period the header of a column of amounts names, beside its other words: `Tot 1-6/2020`, `TA 2020`."""

from __future__ import annotations

import re

from events.period import Period
from heinola_es.domain.periods import parse_date
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.period_cells import period_in_words, period_of

_QUARTER = re.compile(r"\b([QK][1-4])\s*[-/.]?\s*((?:19|20)\d\d)\b", re.IGNORECASE)
_ORDINALS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_ORDINAL = r"(iv|i{1,3}|[1-4])"
_QUARTERS = r"(?:neljännes\w*|vuosineljännes\w*|kvartaali\w*|kvartal\w*|quarter)"
_NAMED_QUARTERS = (
    re.compile(rf"\b{_ORDINAL}\.?\s*{_QUARTERS}\s*[-/.]?\s*((?:19|20)\d\d)\b", re.IGNORECASE),
    re.compile(rf"\b{_QUARTERS}\s*{_ORDINAL}\s*[-/.]?\s*((?:19|20)\d\d)\b", re.IGNORECASE),
)
_LAST_DAY = re.compile(r"(?<![\d.–-])(\d{1,2}\.\d{1,2}\.(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)(?![\d–-])")
_PARTS = (
    re.compile(r"\d{1,2}\.\d{1,2}\.(?:\s*(?:19|20)\d\d)?\s*[-–]\s*\d{1,2}\.\d{1,2}\.\s*(?:19|20)\d\d"),
    re.compile(r"\d{1,2}\s*[-–]\s*\d{1,2}\s*/\s*(?:19|20)\d\d"),
    re.compile(r"(?:19|20)\d\d\s*-?\s*(?:Q[1-4]|H[12])", re.IGNORECASE),
    re.compile(r"\b\d{1,2}\s*/\s*(?:19|20)\d\d"),
    re.compile(r"\b(?:19|20)\d\d-\d\d\b"),
    re.compile(r"[^\W\d_]{3,}\.?\s*[-–]\s*[^\W\d_]{3,}\.?\s+(?:19|20)\d\d"),
    re.compile(r"[^\W\d_]{3,}\s+(?:19|20)\d\d"),
)
_YEAR_ALONE = re.compile(r"\b(?:19|20)\d\d\b")


def period_in(name: str) -> tuple[str, Period] | None:
    """Return the period that a header names, as a mapping writes it and as it is; None where it names none."""
    if quarter := _QUARTER.search(name):
        text = f"{quarter[2]}Q{quarter[1][1]}"
        return text, period_of(text)
    for form in _NAMED_QUARTERS:
        if quarter := form.search(name):
            number = _ORDINALS.get(quarter[1].casefold()) or int(quarter[1])
            return f"{quarter[2]}Q{number}", period_of(f"{quarter[2]}Q{number}")
    if (day := _LAST_DAY.search(name)) and (until := _until(day[0])):
        return _written(day[0], until), until
    for part in _PARTS:
        for found in part.finditer(name):
            text = found[0].replace("–", "-")
            try:
                period = period_of(text)
            except BadInput:
                continue
            return _written(text, period), period
    return _month_and_year(name)


def _month_and_year(name: str) -> tuple[str, Period] | None:
    """Return the period of a header that names its months apart from their year, or a year alone."""
    if not (year := _YEAR_ALONE.search(name)):
        return None
    if period := period_in_words(name):
        return _written("months", period), period
    return year[0], Period.of_year(int(year[0]))


def _until(day: str) -> Period | None:
    """Return the year up to a day, where that is the last of a month."""
    try:
        last = parse_date(day)
    except BadInput:
        return None
    until = Period.of_months(last.year, 1, last.month)
    return until if until.end == last else None


def _written(text: str, period: Period) -> str:
    """Return how a mapping writes a period: as the header does, but for months by name, and what a day ends."""
    by_name = any(letter.isalpha() for letter in text) and not text[:4].isdecimal()
    return as_months(period) if by_name or _LAST_DAY.fullmatch(text) else text


def as_months(period: Period) -> str:
    """Return how a mapping writes a year, or months of one."""
    if period == Period.of_year(period.year):
        return str(period.year)
    months = dict.fromkeys((period.start.month, period.end.month))
    return f"{'-'.join(map(str, months))}/{period.year}"


def is_to_date(period: Period) -> bool:
    """Return whether a period is several months from 1 January, and not the whole year."""
    whole = Period.of_year(period.year)
    return period != whole and period.start == whole.start and period.end.month > 1
