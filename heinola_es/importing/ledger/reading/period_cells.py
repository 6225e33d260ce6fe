"""Periods in ledger cells and headers: months by number or name, with or without their year, and dates."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.mapping.mapping_tables import CLOSING
from heinola_es.importing.ledger.reading.cells import folded, text_of

if TYPE_CHECKING:
    from collections.abc import Container

_MONTHS = 12
_NAMES = (
    "tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu",
    "januari februari mars april maj juni juli augusti september oktober november december",
    "january february march april may june july august september october november december",
    "januar februar mars april mai juni juli august september oktober november desember",
    "januar februar marts april maj juni juli august september oktober november december",
)
_SHORTEST_NAME = 3
_YEAR_MONTH = re.compile(r"((?:19|20|21)\d\d)\s*[-/.mk]?\s*(\d{1,2})", re.IGNORECASE | re.ASCII)
_MONTH_YEAR = re.compile(r"(\d{1,2})\s*[-/.]\s*((?:19|20|21)\d\d)", re.ASCII)
_NAMED = re.compile(r"([^\W\d_]+)\.?(?:\s*[-/.']?\s*((?:19|20|21)?\d\d))?")
_SPAN = re.compile(r"([^\W\d_]+)\.?\s*[-–]\s*([^\W\d_]+)\.?(?:\s*[-/.']?\s*((?:19|20|21)\d\d))?")
_NUMBERED_SPAN = re.compile(r"(\d{1,2})\s*[-–]\s*(\d{1,2})", re.ASCII)
_CENTURY = 2000
_ENDING = re.compile(r"kuu(?:n|ssa|hun|lta|sta)?$")
_YEAR_ALONE = re.compile(r"(?<!\d)(?:19|20|21)\d\d(?!\d)")
_BEYOND = frozenset({0, *CLOSING})
_YEARS = range(1900, 2200)


def period_of(
    cell: Any,  # noqa: ANN401 - whatever a reader gives
    year: int | None = None,
    closing: Container[int] = (),
) -> Period:
    """Return the period a cell names; a date is the month it lies in.

    Args:
        cell: `1/2020`, `2020-01`, `202001`, `tammikuu 2020`, `31.1.2020`, `1-6/2020`, `jan-jun 2020`, `2020`, a date of
            a workbook; and with a year, the month alone: `1`, `tammi`.
        year: where the cell has none.
        closing: months after the twelfth that are of the closing of books, and so of December.

    Raises:
        BadInput: it names none.
    """
    if isinstance(cell, date):
        return Period.of_month(cell.year, cell.month)
    text = folded(cell)
    found = _numbered(text, year, closing) or _by_name(text, year) or _by_names(text, year)
    if found is not None:
        return found
    if (beyond := beyond_the_year(cell, year)) is not None:
        raise BadInput(f"{text_of(cell)!r} is no month of a year; {_way_on(beyond)}")
    try:
        period = _in_our_time(parse_period(text_of(cell)))
    except BadInput:
        hint = "" if year else "; a month without a year needs year in the mapping"
        raise BadInput(f"{text_of(cell)!r} is not a period; write 1/2020, 2020-01 or tammikuu 2020{hint}") from None
    return Period.of_month(period.year, period.start.month) if period.start == period.end else period


def period_in_words(text: str, year: int | None = None) -> Period | None:
    """Return the part of a year that a header names beside its other words: `Tot 03/2020`, `Maaliskuun toteuma 2020`.

    Args:
        text: the header. A bare number names a month where it is the last word.
        year: where the header names none.

    Returns:
        None where it names no part of a year, or several.
    """
    years = {int(found) for found in _YEAR_ALONE.findall(text)}
    year = years.pop() if len(years) == 1 else year
    words = text.split()
    for size in (len(words), 3, 2, 1):
        windows = [words[at : at + size] for at in range(len(words) - size + 1)]
        named = {
            period
            for window in windows
            if not (window[0].isdecimal() and window is not windows[-1] and size == 1)
            and (period := _part_of_year(" ".join(window), year))
        }
        if named:
            return named.pop() if len(named) == 1 else None
    return None


def _part_of_year(text: str, year: int | None) -> Period | None:
    try:
        period = period_of(text, year)
    except BadInput:
        return None
    return None if period == Period.of_year(period.year) else period


def month_number(cell: Any, closing: Container[int] = ()) -> int:  # noqa: ANN401 - whatever a reader gives
    """Return the month that a cell names by number or name; the twelfth of a month that is of the `closing` of books.

    Raises:
        BadInput: it names none.
    """
    text = folded(cell)
    month = int(text) if text.isdecimal() and len(text) < _SHORTEST_NAME else _month_named(text.rstrip("."))
    if month in closing:
        return _MONTHS
    if month is not None and month in _BEYOND and text.isdecimal():
        raise BadInput(f"{text_of(cell)!r} is no month of a year; {_way_on(month)}")
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


def _numbered(text: str, year: int | None, closing: Container[int]) -> Period | None:
    said = _year_and_month(text, year)
    if said is None:
        return None
    of, month = said
    month = _MONTHS if month in closing else month
    return Period.of_month(of, month) if 1 <= month <= _MONTHS else None


def _year_and_month(text: str, year: int | None) -> tuple[int, int] | None:
    """Return the year and the month that a text names by numbers, the month whatever it is."""
    if found := _YEAR_MONTH.fullmatch(text):
        return int(found[1]), int(found[2])
    if found := _MONTH_YEAR.fullmatch(text):
        return int(found[2]), int(found[1])
    if year and text.isdecimal() and len(text) < _SHORTEST_NAME:
        return year, int(text)
    return None


def beyond_the_year(cell: Any, year: int | None = None) -> int | None:  # noqa: ANN401 - whatever a reader gives
    """Return the month by which a ledger counts what is of no month, 0 or 13 to 16; None where a cell names none."""
    said = _year_and_month(folded(cell), year)
    return said[1] if said and said[1] in _BEYOND else None


def _way_on(month: int) -> str:
    if not month:
        return "month 0 is of opening balances: skip its rows by where, under [skip]"
    return f"where entries of the closing of books are in it, say closing = [{month}] under [period], else skip them"


def _by_name(text: str, year: int | None) -> Period | None:
    found = _NAMED.fullmatch(text)
    month = _month_named(found[1]) if found else None
    if not found or not month:
        return None
    said = int(found[2]) if found[2] else year
    if said is None:
        raise BadInput(f"{text!r} has no year; say year in the mapping")
    return Period.of_month(said if said > _MONTHS * 100 else _CENTURY + said, month)


def _by_names(text: str, year: int | None) -> Period | None:
    """Return the months from one to another, both named in the same language: `tammi-kesäkuu 2020`."""
    found = _SPAN.fullmatch(text)
    year = int(found[3]) if found and found[3] else year
    if not found or year is None:
        return _by_numbers(text, year)
    ends = [(_fitting(found[1], names), _fitting(found[2], names)) for names in _NAMES]
    spans = {(first.pop(), last.pop()) for first, last in ends if len(first) == len(last) == 1}
    if len(spans) != 1:
        return None
    first, last = spans.pop()
    return Period.of_months(year, first, last) if first <= last else None


def _by_numbers(text: str, year: int | None) -> Period | None:
    """Return the months from one to another of a year that is known: `1-6`."""
    found = _NUMBERED_SPAN.fullmatch(text)
    if not found or year is None:
        return None
    first, last = int(found[1]), int(found[2])
    return Period.of_months(year, first, last) if 1 <= first < last <= _MONTHS else None


def _fitting(name: str, names: str) -> set[int]:
    """Return the months of a language that a name is, or begins."""
    stem = _ENDING.sub("", name)
    months = list(enumerate(names.split(), 1))
    exactly = {number for number, full in months if full == stem}
    begun = {number for number, full in months if full.startswith(stem) and len(stem) >= _SHORTEST_NAME}
    return exactly or begun


def _month_named(name: str) -> int | None:
    """Return the month of a name or its beginning; None where it fits none, or one in each of two languages."""
    stem = _ENDING.sub("", name)
    if len(stem) < _SHORTEST_NAME:
        return None
    months = [(number, full) for names in _NAMES for number, full in enumerate(names.split(), 1)]
    fitting = {number for number, full in months if full == stem} or {
        number for number, full in months if full.startswith(stem)
    }
    return fitting.pop() if len(fitting) == 1 else None
