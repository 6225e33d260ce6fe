"""Periods in ledger cells and headers: months by number or name, with or without their year, and dates."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.cells import folded, text_of

_MONTHS = 12
_NAMES = (
    "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "january february march april may june july august september october november december",
)
_SHORTEST_NAME = 3
_YEAR_MONTH = re.compile(r"((?:19|20|21)\d\d)\s*[-/.mk]?\s*(\d{1,2})", re.IGNORECASE | re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[-/.]\s*((?:19|20|21)\d\d)", re.ASCII)
_NAMED = re.compile(r"([^\W\d_]+)\.?(?:\s*[-/.']?\s*((?:19|20|21)?\d\d))?")
_SPAN = re.compile(r"([^\W\d_]+)\.?\s*[-–]\s*([^\W\d_]+)\.?\s*[-/.']?\s*((?:19|20|21)\d\d)")
_CENTURY = 2000
_YEARS = range(1900, 2200)


def period_of(cell: Any, year: int | None = None) -> Period:  # noqa: ANN401 - whatever a reader gives
    """Return the period a cell names; a date is the month it lies in.

    Args:
        cell: `1/2020`, `2020-01`, `202001`, `tammikuu 2020`, `31.1.2020`, `1-6/2020`, `jan-jun 2020`, `2020`, a date of
            a workbook; and with a year, the month alone: `1`, `tammi`.
        year: where the cell has none.

    Raises:
        BadInput: it names none.
    """
    if isinstance(cell, date):
        return Period.of_month(cell.year, cell.month)
    text = folded(cell)
    found = _numbered(text, year) or _by_name(text, year) or _by_names(text)
    if found is not None:
        return found
    try:
        period = _in_our_time(parse_period(text_of(cell)))
    except BadInput:
        hint = "" if year else "; a month without a year needs year in the mapping"
        raise BadInput(f"{text_of(cell)!r} is not a period; write 1/2020, 2020-01 or tammikuu 2020{hint}") from None
    return Period.of_month(period.year, period.start.month) if period.start == period.end else period


def month_number(cell: Any) -> int:  # noqa: ANN401 - whatever a reader gives
    """Return the month that a cell names by number or name.

    Raises:
        BadInput: it names none.
    """
    text = folded(cell)
    month = int(text) if text.isdecimal() and len(text) < _SHORTEST_NAME else _month_named(text.rstrip("."))
    if not month or not 1 <= month <= _MONTHS:
        raise BadInput(f"{text_of(cell)!r} is not a month; write 1 to 12 or its name")
    return month


def _in_our_time(period: Period) -> Period:
    """Refuse a year that is none of a ledger: 4100 is a unit's code.

    Raises:
        BadInput.
    """
    if period.start.year not in _YEARS:
        raise BadInput(f"{period.label} is no time of a ledger")
    return period


def _numbered(text: str, year: int | None) -> Period | None:
    if found := _YEAR_MONTH.fullmatch(text):
        return _month(int(found[1]), int(found[2]))
    if found := _MONTH_YEAR.fullmatch(text):
        return _month(int(found[2]), int(found[1]))
    if year and text.isdecimal() and len(text) < _SHORTEST_NAME:
        return _month(year, int(text))
    return None


def _by_name(text: str, year: int | None) -> Period | None:
    found = _NAMED.fullmatch(text)
    month = _month_named(found[1]) if found else None
    if not found or not month:
        return None
    said = int(found[2]) if found[2] else year
    if said is None:
        raise BadInput(f"{text!r} has no year; say year in the mapping")
    return _month(said if said > _MONTHS * 100 else _CENTURY + said, month)


def _by_names(text: str) -> Period | None:
    """Return the months from one to another, both named in the same language: `tammi-kesäkuu 2020`."""
    found = _SPAN.fullmatch(text)
    if not found:
        return None
    ends = [(_fitting(found[1], names), _fitting(found[2], names)) for names in _NAMES]
    spans = {(first.pop(), last.pop()) for first, last in ends if len(first) == len(last) == 1}
    if len(spans) != 1:
        return None
    first, last = spans.pop()
    return Period.of_months(int(found[3]), first, last) if first <= last else None


def _fitting(name: str, names: str) -> set[int]:
    """Return the months of a language that a name is, or begins."""
    stem = name.removesuffix("kuu")
    months = list(enumerate(names.split(), 1))
    exactly = {number for number, full in months if full == stem}
    begun = {number for number, full in months if full.startswith(stem) and len(stem) >= _SHORTEST_NAME}
    return exactly or begun


def _month_named(name: str) -> int | None:
    """Return the month of a name or its beginning; None where it fits none, or one in each of two languages."""
    stem = name.removesuffix("kuu")
    if len(stem) < _SHORTEST_NAME:
        return None
    months = [(number, full) for names in _NAMES for number, full in enumerate(names.split(), 1)]
    fitting = {number for number, full in months if full == stem} or {
        number for number, full in months if full.startswith(stem)
    }
    return fitting.pop() if len(fitting) == 1 else None


def _month(year: int, month: int) -> Period | None:
    return Period.of_month(year, month) if 1 <= month <= _MONTHS else None
