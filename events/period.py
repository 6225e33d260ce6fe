"""Period: a span of days in the real world, both ends included."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from attrs import field, frozen
from attrs.validators import instance_of


@frozen(slots=True, order=True, cache_hash=True)
class Period:
    """A span of whole days, `start` and `end` both inclusive; a single day has them equal.

    Raises:
        ValueError: the end is before the start.
    """

    start: date = field(validator=instance_of(date))
    end: date = field(validator=instance_of(date))

    def __attrs_post_init__(self) -> None:
        """Refuse a period that runs backwards."""
        if self.end < self.start:
            msg = f"the period ends ({self.end:%d.%m.%Y}) before it starts ({self.start:%d.%m.%Y})"
            raise ValueError(msg)

    @classmethod
    def of_year(cls, year: int) -> Period:
        """Return the fiscal year, which in a Finnish municipality is the calendar year (Kuntalaki 110 §)."""
        return cls(date(year, 1, 1), date(year, 12, 31))

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """Return one calendar month."""
        return cls.of_months(year, month, month)

    @classmethod
    def of_months(cls, year: int, first: int, last: int) -> Period:
        """Return the calendar months `first` to `last` (1-12, inclusive) of one year."""
        return cls(date(year, first, 1), date(year, last, monthrange(year, last)[1]))

    @classmethod
    def of_day(cls, day: date) -> Period:
        """Return a period of a single day."""
        return cls(day, day)

    @classmethod
    def from_iso(cls, text: str) -> Period:
        """Return the period written as `str(period)` writes it: `2020-04-01/2020-06-30` (ISO 8601 interval)."""
        start, _, end = text.partition("/")
        return cls(date.fromisoformat(start), date.fromisoformat(end or start))

    def __str__(self) -> str:
        """Return the ISO 8601 interval, e.g. `2020-04-01/2020-06-30`."""
        return f"{self.start.isoformat()}/{self.end.isoformat()}"

    @property
    def label(self) -> str:
        """The period as a Finnish report prints it: `1.4.–30.6.2020`, `15.8.2020` for a single day."""
        end = f"{self.end.day}.{self.end.month}.{self.end.year}"
        if self.start == self.end:
            return end
        year = "" if self.start.year == self.end.year else str(self.start.year)
        return f"{self.start.day}.{self.start.month}.{year}–{end}"

    @property
    def year(self) -> int:
        """The calendar year in which the period ends."""
        return self.end.year

    @property
    def is_year(self) -> bool:
        """Whether it is a fiscal year, from the first day to the last."""
        return self == Period.of_year(self.year)

    def contains(self, other: Period) -> bool:
        """Return whether all of `other` lies inside this period."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: Period) -> bool:
        """Return whether the two periods share at least one day."""
        return self.start <= other.end and other.start <= self.end

    def shared_with(self, other: Period) -> Period | None:
        """Return the days that the two periods share; None where they share none."""
        return Period(max(self.start, other.start), min(self.end, other.end)) if self.overlaps(other) else None

    def year_to_date(self) -> Period:
        """Return the cumulative period: from 1 January of the year it ends in, up to its end."""
        return Period(date(self.end.year, 1, 1), self.end)

    def years_before(self, years: int) -> Period:
        """Return the same days `years` earlier; a period that ends a month ends the same month then (29 February)."""
        return Period(_years_before(self.start, years), _years_before(self.end, years))


def _years_before(day: date, years: int) -> date:
    year = day.year - years
    last = monthrange(year, day.month)[1]
    ends_month = day.day == monthrange(day.year, day.month)[1]
    return date(year, day.month, last if ends_month else min(day.day, last))
