"""The short way where nothing is stated: every route of the rule gives the sum of the postings, whatever the line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import define, field

from events.period import Period
from heinola_es.amounts import SUMMABLE_CENTS
from heinola_es.domain.rule import ValueRule
from heinola_es.domain.standing import day_before, month_ends
from heinola_es.domain.value import Partial

if TYPE_CHECKING:
    from collections.abc import Mapping


@define(slots=True, eq=False, repr=False)
class PlainBooks:
    """The units of a column that have postings alone, of whole lines, all inside its period.

    Attributes:
        rule: over the facts of the measure and fiscal year.
        period: the column's.
    """

    rule: ValueRule
    period: Period
    _odd: dict[Period, frozenset[str]] = field(init=False, factory=dict)
    _covered: dict[tuple[str, Period], bool] = field(init=False, factory=dict)
    _known: dict[str, bool] = field(init=False, factory=dict)
    _sums: dict[str, dict[str, int]] = field(init=False, factory=dict)
    _missing: dict[str, tuple[str, ...]] = field(init=False, factory=dict)
    _through: dict[str, date | None] = field(init=False, factory=dict)

    def is_whole(self, unit: str) -> bool:
        """Return whether the books of a unit and of all below it are covered: then a line without postings is 0."""
        return self._is_whole(unit, self.period)

    def partial(self, unit: str, line: str) -> Partial | None:
        """Return the known part of a cell of a unit that is plain and not whole; None where nothing is known."""
        if not self.tells(unit, line) and not self._is_known(unit):
            return None
        return Partial(self._sum(unit, line), self._whole_through(unit), self._missing_units(unit))

    def is_plain(self, unit: str) -> bool:
        """Return whether a unit is one of these, whole or not; where it has lines of its own, only if it is whole."""
        if unit in self._oddities(self.period) or self.rule.facts.coverage.by_line:
            return False
        return not self._has_own_lines(unit) or self._is_whole(unit, self.period)

    def cell(self, unit: str, line: str) -> tuple[int, int] | None:
        """Return the cents and the precision of a cell of a whole unit; None for a sum beyond all measure."""
        cents = self._sum(unit, line)
        return (cents, 1) if abs(cents) <= SUMMABLE_CENTS else None

    def tells(self, unit: str, line: str) -> bool:
        """Return whether anything is posted at or below a line, of the unit or of those below it."""
        return not self.rule.chart.at_or_below(line).isdisjoint(self._posted(unit))

    def _sum(self, unit: str, line: str) -> int:
        lines = self.rule.chart.at_or_below(line)
        return sum([cents for posted, cents in self._posted(unit).items() if posted in lines])

    def _posted(self, unit: str) -> Mapping[str, int]:
        """Return the sums of all postings of the unit and those below it, by the line posted on, worked out once.

        Raises:
            NotInChart: one is on a line that is none, and would be in no total.
        """
        sums = self._sums.get(unit)
        if sums is None:
            sums = self._sums[unit] = dict(self.rule.posted.totals(self.period).get(unit, {}))
            for line in sums:
                self.rule.chart.at_or_above(line)
            for child in self.rule.standing.below(unit, self.period):
                for line, cents in self._posted(child).items():
                    sums[line] = sums.get(line, 0) + cents
        return sums

    def _oddities(self, period: Period) -> frozenset[str]:
        """Return the units that have, or stand above what has, more than postings that all lie inside a period."""
        if period not in self._odd:
            posted, organisation = self.rule.posted, self.rule.standing.organisation
            units = {*posted.unread(period), *posted.cut_at(period.end), *posted.cut_at(day_before(period.start))}
            above = (organisation.at_or_above(unit) for unit in units if unit in organisation.units)
            self._odd[period] = self.rule.stated.units.union(*above)
        return self._odd[period]

    def _is_whole(self, unit: str, period: Period) -> bool:
        key = unit, period
        if key not in self._covered:
            standing = self.rule.standing
            below = standing.below(unit, period)
            self._covered[key] = (
                unit not in self._oddities(period)
                and (bool(below) or standing.is_there(unit, period))
                and self._is_covered(unit, period, below)
                and all(self._is_whole(child, period) for child in below)
            )
        return self._covered[key]

    def _is_covered(self, unit: str, period: Period, below: tuple[str, ...]) -> bool:
        if below and unit not in self.rule.posted.units and not self._has_own_lines(unit):
            return True
        needed = self.rule.standing.needed_months(unit, period)
        return needed & ~self.rule.facts.coverage.whole_months(unit, period.end) == 0

    def _has_own_lines(self, unit: str) -> bool:
        """Return whether a unit has lines that those below it have not, as a city has taxes."""
        return self.rule.standing.organisation.units[unit].kind in self.rule.chart.kinds_with_own_lines

    def _is_known(self, unit: str) -> bool:
        """Return whether the books of a unit, or of any below it, are covered for any month."""
        if unit not in self._known:
            needed = self.rule.standing.needed_months(unit, self.period)
            some = needed & self.rule.facts.coverage.whole_months(unit, self.period.end)
            below = self.rule.standing.below(unit, self.period)
            self._known[unit] = bool(some) or any(self._is_known(child) for child in below)
        return self._known[unit]

    def _whole_through(self, unit: str) -> date | None:
        if unit not in self._through:
            days = [] if self.rule.is_budget else sorted(month_ends(self.period), reverse=True)
            periods = (Period(self.period.start, day) for day in days)
            self._through[unit] = next((part.end for part in periods if self._is_whole(unit, part)), None)
        return self._through[unit]

    def _missing_units(self, unit: str) -> tuple[str, ...]:
        if unit not in self._missing:
            below = self.rule.standing.below(unit, self.period)
            own = () if self._is_covered(unit, self.period, below) else (unit,)
            self._missing[unit] = own + tuple(code for child in below for code in self._missing_units(child))
        return self._missing[unit]
