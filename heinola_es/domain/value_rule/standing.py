"""Who stands where, for the value rule: units below, members of a total, and days on which a unit existed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import define, field

from events.period import Period
from heinola_es.domain.aggregates.organisation import Organisation, Structures
from heinola_es.domain.periods import day_after
from heinola_es.domain.value_rule.coverage import months_between

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@define(slots=True, eq=False, repr=False)
class Standing:
    """The organisation that figures are asked for in, beside those that totals were stated in.

    Attributes:
        organisation: the one asked for, of all units.
        structures: the organisation as of any day.
        having_facts: the units that anything is recorded of in the fiscal year.
        of_budget: the books are those of a budget, which is whole for a fiscal year or not at all.
    """

    organisation: Organisation
    structures: Structures
    having_facts: frozenset[str]
    of_budget: bool = False
    _below: dict[str, frozenset[str]] = field(factory=dict)
    _members: dict[tuple[str, date], frozenset[str]] = field(factory=dict)
    _during: dict[Period, Present] = field(factory=dict)

    def with_below(self, unit: str) -> frozenset[str]:
        """Return a unit and everything below it, in its book."""
        if unit not in self._below:
            self._below[unit] = frozenset((unit, *self.organisation.all_below(unit)))
        return self._below[unit]

    def members(self, unit: str, day: date) -> frozenset[str]:
        """Return a unit and everything that stood below it on a day."""
        key = unit, day
        if key not in self._members:
            self._members[key] = frozenset((unit, *self.structures.on(day).all_below(unit)))
        return self._members[key]

    def tops(self, units: frozenset[str]) -> list[str]:
        """Return those of a set of units that stand below no other of it."""
        above = self.organisation.at_or_above
        return sorted(unit for unit in units if units.isdisjoint(above(unit)[1:]))

    def during(self, period: Period) -> Present:
        """Return who is there in a period."""
        present = self._during.get(period)
        if present is None:
            needed = Period.of_year(period.year) if self.of_budget else period
            present = self._during[period] = Present(self.organisation, self.having_facts, period, needed)
        return present

    def below(self, unit: str, period: Period) -> tuple[str, ...]:
        """Return the units directly below that there is anything to know of in a period."""
        return self.during(period).below(unit)

    def is_there(self, unit: str, period: Period) -> bool:
        """Return whether a unit, or any below it, existed on a day of the period, or has facts in the fiscal year."""
        return self.during(period).is_there(unit)

    def has_books(self, unit: str, period: Period) -> bool:
        """Return whether a unit is there, or, of a budget, exists at all in its fiscal year: then it may be covered."""
        return self.during(period).has_books(unit)

    def needed_months(self, unit: str, period: Period) -> int:
        """Return the months of a period, or of a budget's fiscal year, on days of which a unit existed."""
        return self.during(period).needed_months(unit)


@define(slots=True, eq=False, repr=False)
class Present:
    """The units that are there in a period; what asks it of many units keeps it.

    Attributes:
        organisation: the one asked for, of all units.
        having_facts: the units that anything is recorded of in the fiscal year.
        period: which.
        needed: the days that books must cover to be whole: the period, of a budget the fiscal year.
    """

    organisation: Organisation
    having_facts: frozenset[str]
    period: Period
    needed: Period
    _all_months: int = field(init=False)
    _below: dict[str, tuple[str, ...]] = field(init=False, factory=dict)
    _there: dict[str, bool] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """Work out the months of the units that existed all the time, as nearly all do."""
        self._all_months = months_between(self.needed.start, self.needed.end)

    def below(self, unit: str) -> tuple[str, ...]:
        """Return the units directly below that there is anything to know of."""
        below = self._below.get(unit)
        if below is None:
            below = self._below[unit] = tuple(filter(self.is_there, self.organisation.below(unit)))
        return below

    def is_there(self, unit: str) -> bool:
        """Return whether a unit, or any below it, existed on a day of the period, or has facts in the fiscal year."""
        there = self._there.get(unit)
        if there is None:
            existed = self._existed(unit) or unit in self.having_facts
            there = self._there[unit] = existed or any(map(self.is_there, self.organisation.below(unit)))
        return there

    def _existed(self, unit: str) -> bool:
        then = self.organisation.units[unit]
        return then.first_day <= self.period.end and self.period.start <= then.last_day

    def has_books(self, unit: str) -> bool:
        """Return whether a unit is there, or existed on one of the days that books must cover to be whole."""
        return self.is_there(unit) or self.needed_months(unit) > 0

    def needed_months(self, unit: str) -> int:
        """Return the months that books must cover, on days of which a unit existed."""
        then, needed = self.organisation.units[unit], self.needed
        if then.first_day <= needed.start and needed.end <= then.last_day:
            return self._all_months
        return months_between(max(needed.start, then.first_day), min(needed.end, then.last_day))


def day_before(day: date) -> date:
    """Return the calendar day before."""
    return day - timedelta(days=1)


def month_ends(period: Period) -> Iterator[date]:
    """Yield the last days of months inside a period, but its own last day."""
    for month in range(period.start.month, period.end.month + 1):
        day = date(period.end.year, month, monthrange(period.end.year, month)[1])
        if period.start <= day < period.end:
            yield day


def gaps(period: Period, parts: Iterable[Period]) -> Iterator[Period]:
    """Yield what is left of a period without some parts of it, which share no day."""
    start = period.start
    for part in sorted(parts):
        if start < part.start:
            yield Period(start, day_before(part.start))
        start = day_after(part.end)
    if start <= period.end:
        yield Period(start, period.end)
