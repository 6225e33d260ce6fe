"""Periods and dates as people write them.

`1.4.–30.6.2020`, `1.4-30.6.2020`, `2020Q2`, `2020-Q2`, `Q2/2020`, `1-6/2020`, `2020H1`, `2020T2` (four months),
`6/2020`, `2020`, `2020-04-01..2020-06-30`, `2020-06`, and single dates `30.6.2020`, `2020-06-30`.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from events.period import Period
from heinola_es.errors import BadInput
from heinola_es.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Callable

FORMS = "1.4.–30.6.2020, 2020Q2, 1-6/2020, 2020H1, 2020T2, 6/2020, 2020, 2020-04-01..2020-06-30 or 30.6.2020"

YEARS = range(1800, 2200)
"""The years that anything is about: every city and every plan, and the years before and after them exist, too."""
_LONGEST = 60  # characters; a period with its spaces has thirty

_DASH = r"\s*[-–—]\s*"
_FINNISH_RANGE = pattern(rf"(\d{{1,2}})\.(\d{{1,2}})(?:\.\s*(\d{{4}})?)?{_DASH}(\d{{1,2}})\.(\d{{1,2}})\.\s*(\d{{4}})")
_ISO_RANGE = pattern(r"(\d{4}-\d{2}-\d{2})\s*(?:\.\.|/)\s*(\d{4}-\d{2}-\d{2})")
_PART_OF_YEAR = pattern(r"(\d{4})\s*-?\s*([QHT])(\d)", re.IGNORECASE)
_YEARS_PART = pattern(r"([QHT])(\d)\s*[/ -]\s*(\d{4})", re.IGNORECASE)
_MONTHS = pattern(rf"(\d{{1,2}})(?:{_DASH}(\d{{1,2}}))?\s*/\s*(\d{{4}})")
_ISO_MONTH = pattern(r"(\d{4})-(\d{2})")
_FINNISH_DATE = pattern(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO_DATE = pattern(r"\d{4}-\d{2}-\d{2}")
_YEAR = pattern(r"\d{4}")
_MONTHS_IN = {"Q": 3, "T": 4, "H": 6}


def parse_period(text: str) -> Period:
    """Return the period that `text` names, both ends inclusive; a single date is a period of that one day.

    Raises:
        BadInput: the text names no period, or days that do not exist.
    """
    return _read(text, single_date=Period.of_day)


def parse_reporting_period(text: str) -> Period:
    """Return the period a report is asked for: as `parse_period`, but a single date is the year up to it.

    Raises:
        BadInput: the text names no period, or days that do not exist.
    """
    return _read(text, single_date=lambda day: Period(date(day.year, 1, 1), day))


def parse_date(text: str) -> date:
    """Return the date written `30.6.2020` or `2020-06-30`.

    Raises:
        BadInput: the text is no date, or a day that does not exist.
    """
    cleaned = _short(text)
    try:
        if found := _FINNISH_DATE.fullmatch(cleaned):
            day, month, year = (int(part) for part in found.groups())
            return _of_our_time(date(year, month, day))
        if _ISO_DATE.fullmatch(cleaned):
            return _of_our_time(date.fromisoformat(cleaned))
    except ValueError:
        msg = f"there is no such day as {cleaned}; check the date"
        raise BadInput(msg) from None
    msg = f"{cleaned!r} is not a date; write 30.6.2020 or 2020-06-30"
    raise BadInput(msg)


def parse_instant(text: str) -> datetime:
    """Return the UTC instant written as a date (its first moment, 00:00 UTC) or an ISO 8601 time.

    A time without an offset is UTC.

    Raises:
        BadInput: the text is neither.
    """
    cleaned = _short(text)
    if _FINNISH_DATE.fullmatch(cleaned) or _ISO_DATE.fullmatch(cleaned):
        day = parse_date(cleaned)
        return datetime(day.year, day.month, day.day, tzinfo=UTC)
    try:
        instant = datetime.fromisoformat(cleaned)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):  # a moment of the year 1 may lie before it in UTC
        msg = f"{cleaned!r} is not a moment; write 2020-08-15, 15.8.2020 or 2020-08-15T12:30:00Z"
        raise BadInput(msg) from None


def format_instant(instant: datetime) -> str:
    """Return the instant as it is shown: `2020-08-15T12:30:00Z`, with microseconds only where there are any."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _short(text: str) -> str:
    """Return what was typed without blanks around it; nobody is told a thousand characters again."""
    cleaned = text.strip()
    return cleaned if len(cleaned) <= _LONGEST else f"{cleaned[:_LONGEST]}…"


def _of_our_time(day: date) -> date:
    """Return the day.

    Raises:
        BadInput: nothing is about its year.
    """
    if day.year not in YEARS:
        msg = f"{day.day}.{day.month}.{day.year} is not of our time; years are from {YEARS[0]} to {YEARS[-1]}"
        raise BadInput(msg)
    return day


def _read(text: str, single_date: Callable[[date], Period]) -> Period:
    cleaned = _short(text)
    try:
        period = _range(cleaned) or _part_of_year(cleaned) or _months(cleaned)
        if period is None and _YEAR.fullmatch(cleaned):
            period = Period.of_year(int(cleaned))
    except ValueError as error:
        msg = f"{cleaned!r} is not a period: {error}; check the dates"
        raise BadInput(msg) from None
    if period is not None:
        if period.start.year not in YEARS or period.end.year not in YEARS:
            raise BadInput(f"{cleaned!r} is not of our time; years are from {YEARS[0]} to {YEARS[-1]}")
        return period
    if _FINNISH_DATE.fullmatch(cleaned) or _ISO_DATE.fullmatch(cleaned):
        return single_date(parse_date(cleaned))
    msg = f"{cleaned!r} is not a period; write it as {FORMS}"
    raise BadInput(msg)


def _range(cleaned: str) -> Period | None:
    if found := _FINNISH_RANGE.fullmatch(cleaned):
        day1, month1, year1, day2, month2, year2 = found.groups()
        return Period(
            date(int(year1 or year2), int(month1), int(day1)),
            date(int(year2), int(month2), int(day2)),
        )
    if found := _ISO_RANGE.fullmatch(cleaned):
        return Period(date.fromisoformat(found[1]), date.fromisoformat(found[2]))
    return None


def _part_of_year(cleaned: str) -> Period | None:
    if found := _PART_OF_YEAR.fullmatch(cleaned):
        year, part, number = found.groups()
    elif found := _YEARS_PART.fullmatch(cleaned):
        part, number, year = found.groups()
    else:
        return None
    months = _MONTHS_IN[part.upper()]
    last = int(number) * months
    if not months <= last <= 12:  # noqa: PLR2004 - months in a year
        msg = f"a year has no {part.upper()}{number}"
        raise ValueError(msg)
    return Period.of_months(int(year), last - months + 1, last)


def _months(cleaned: str) -> Period | None:
    if found := _MONTHS.fullmatch(cleaned):
        first, last = int(found[1]), int(found[2] or found[1])
        return _checked_months(int(found[3]), first, last)
    if found := _ISO_MONTH.fullmatch(cleaned):
        return _checked_months(int(found[1]), int(found[2]), int(found[2]))
    return None


def _checked_months(year: int, first: int, last: int) -> Period:
    if not 1 <= first <= last <= 12:  # noqa: PLR2004 - months in a year
        msg = f"months {first}-{last} are not months of a year in order"
        raise ValueError(msg)
    return Period.of_months(year, first, last)


def day_after(day: date) -> date:
    """Return the next calendar day."""
    return day + timedelta(days=1)
