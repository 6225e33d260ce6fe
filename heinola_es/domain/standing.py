"""Who stands where, for the value rule: units below, members of a total, and days on which a unit existed."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import define, field

from events.period import Period
from heinola_es.domain.coverage import months_between
from heinola_es.organisation import Organisation, Structures
from heinola_es.periods import day_after

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
    _members: dict[tuple[str, int], frozenset[str]] = field(factory=dict)
    _present: dict[tuple[str, Period], tuple[str, ...]] = field(factory=dict)
    _there: dict[tuple[str, Period], bool] = field(factory=dict)

    def with_below(self, unit: str) -> frozenset[str]:
        """Return a unit and everything below it, in its book."""
        if unit not in self._below:
            self._below[unit] = frozenset((unit, *self.organisation.all_below(unit)))
        return self._below[unit]

    def members(self, unit: str, day: date) -> frozenset[str]:
        """Return a unit and everything that stood below it on a day."""
        then = self.structures.on(day)
        key = unit, id(then)
        if key not in self._members:
            self._members[key] = frozenset((unit, *then.all_below(unit)))
        return self._members[key]

    def tops(self, units: frozenset[str]) -> list[str]:
        """Return those of a set of units that stand below no other of it."""
        above = self.organisation.at_or_above
        return sorted(unit for unit in units if units.isdisjoint(above(unit)[1:]))

    def below(self, unit: str, period: Period) -> tuple[str, ...]:
        """Return the units directly below that there is anything to know of in a period."""
        key = unit, period
        if key not in self._present:
            below = self.organisation.below(unit)
            self._present[key] = tuple(child for child in below if self.is_there(child, period))
        return self._present[key]

    def is_there(self, unit: str, period: Period) -> bool:
        """Return whether a unit, or any below it, existed on a day of the period, or has facts in the fiscal year."""
        key = unit, period
        if key not in self._there:
            existed = self.existed(unit, period) or unit in self.having_facts
            self._there[key] = existed or any(self.is_there(child, period) for child in self.organisation.below(unit))
        return self._there[key]

    def existed(self, unit: str, period: Period) -> bool:
        """Return whether a unit existed on any day of a period."""
        then = self.organisation.units[unit]
        return then.first_day <= period.end and period.start <= then.last_day

    def needed_months(self, unit: str, period: Period) -> int:
        """Return the months of a period, or of a budget's fiscal year, on days of which a unit existed."""
        if self.of_budget:
            period = Period.of_year(period.year)
        then = self.organisation.units[unit]
        return months_between(max(period.start, then.first_day), min(period.end, then.last_day))


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
