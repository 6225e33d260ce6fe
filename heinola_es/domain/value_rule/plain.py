"""The short way where nothing is stated: every route of the rule gives the sum of the postings, whatever the line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cached_property

from attrs import define, field

from events.period import Period
from heinola_es.domain.amounts import SUMMABLE_CENTS
from heinola_es.domain.value_rule.rule import ValueRule
from heinola_es.domain.value_rule.standing import Present, day_before, month_ends
from heinola_es.domain.value_rule.value import Partial


@define(slots=True, eq=False, repr=False)
class PlainBooks:
    """The units of a column that have postings alone, of whole lines, all inside its period.

    Attributes:
        rule: over the facts of the measure and fiscal year.
        period: the column's.
    """

    rule: ValueRule
    period: Period
    _of_periods: dict[Period, _Whole] = field(init=False, factory=dict)
    _own: _Whole = field(init=False)
    _known: dict[str, bool] = field(init=False, factory=dict)
    _sums: dict[str, Mapping[str, int]] = field(init=False, factory=dict)
    _missing: dict[str, tuple[str, ...]] = field(init=False, factory=dict)
    _through: dict[str, date | None] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """Look at the column's own period, which nearly all questions are about."""
        self._own = self._of_periods[self.period] = _Whole(self.rule, self.period)

    def is_whole(self, unit: str) -> bool:
        """Return whether the books of a unit and of all below it are covered: then a line without postings is 0."""
        return self._own.is_whole(unit)

    def partial(self, unit: str, line: str) -> Partial | None:
        """Return the known part of a cell of a unit that is plain and not whole; None where nothing is known."""
        if not self.is_posted(unit, line) and not self._is_known(unit):
            return None
        lines = self.rule.chart.at_or_below(line)
        cents = sum(cents for one, cents in self._posted(unit).items() if one in lines)
        return Partial(cents, self._whole_through(unit), self._missing_units(unit))

    def is_plain(self, unit: str) -> bool:
        """Return whether a unit is one of these, whole or not; where it has lines of its own, only if it is whole."""
        if unit in self._own.odd or self.rule.facts.coverage.by_line:
            return False
        return not self._own.has_own_lines(unit) or self._own.is_whole(unit)

    def cells(self, unit: str) -> Callable[[str], tuple[int, int] | None]:
        """Return what tells the cents and precision of a whole unit's cells; None for a sum beyond all measure."""
        posted, at_or_below = self._posted(unit), self.rule.chart.at_or_below

        def cell(line: str) -> tuple[int, int] | None:
            lines = at_or_below(line)
            cents = sum([cents for one, cents in posted.items() if one in lines])
            return (cents, 1) if -SUMMABLE_CENTS <= cents <= SUMMABLE_CENTS else None

        return cell

    def is_posted(self, unit: str, line: str) -> bool:
        """Return whether the unit, or any below it, has a posting at or below a line."""
        return not self.rule.chart.at_or_below(line).isdisjoint(self._posted(unit))

    def _posted(self, unit: str) -> Mapping[str, int]:
        """Return the sums of all postings of the unit and those below it, by the line they are on, worked out once.

        A report asks for few lines of a unit: adding up for each of these is less than it is for every line there is.

        Raises:
            NotInChart: one is on a line that is none, and would be in no total.
        """
        sums = self._sums.get(unit)
        if sums is None:
            sums = self.rule.posted.totals(self.period).get(unit, {})
            if not sums.keys() <= self.rule.chart.lines.keys():
                for line in sums:
                    self.rule.chart.at_or_above(line)  # refuses the one that is none
            if below := self._own.present.below(unit):
                sums = dict(sums)
                for child in below:
                    for line, cents in self._posted(child).items():
                        sums[line] = sums.get(line, 0) + cents
            self._sums[unit] = sums
        return sums

    def _is_known(self, unit: str) -> bool:
        """Return whether the books of a unit, or of any below it, are covered for any month."""
        if unit not in self._known:
            present, covered = self._own.present, self.rule.facts.coverage.whole_months(unit, self.period.end)
            some = present.needed_months(unit) & covered
            self._known[unit] = bool(some) or any(map(self._is_known, present.below(unit)))
        return self._known[unit]

    def _whole_through(self, unit: str) -> date | None:
        if unit not in self._through:
            days = [] if self.rule.is_budget else sorted(month_ends(self.period), reverse=True)
            self._through[unit] = next((day for day in days if self._until(day).is_whole(unit)), None)
        return self._through[unit]

    def _missing_units(self, unit: str) -> tuple[str, ...]:
        if unit not in self._missing:
            own = () if self._own.is_covered(unit) else (unit,)
            below = self._own.present.below(unit)
            self._missing[unit] = own + tuple(code for child in below for code in self._missing_units(child))
        return self._missing[unit]

    def _until(self, day: date) -> _Whole:
        part = Period(self.period.start, day)
        if part not in self._of_periods:
            self._of_periods[part] = _Whole(self.rule, part)
        return self._of_periods[part]


@define(slots=False, eq=False, repr=False)
class _Whole:
    """Which units are plain and whole over a period.

    Attributes:
        rule: over the facts of the measure and fiscal year.
        period: which.
        present: who is there in it.
    """

    rule: ValueRule
    period: Period
    present: Present = field(init=False)
    _whole: dict[str, bool] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """See who is there."""
        self.present = self.rule.standing.during(self.period)

    @cached_property
    def odd(self) -> frozenset[str]:
        """The units that have, or stand above what has, more than postings that all lie inside the period."""
        posted, organisation = self.rule.posted, self.rule.standing.organisation
        cut = (*posted.cut_at(self.period.end), *posted.cut_at(day_before(self.period.start)))
        units = {*posted.unread(self.period), *cut}
        above = (organisation.at_or_above(unit) for unit in units if unit in organisation.units)
        return self.rule.stated.units.union(*above)

    def is_whole(self, unit: str) -> bool:
        """Return whether a unit is none of the odd ones, and its books and those of all below it are covered."""
        whole = self._whole.get(unit)
        if whole is None:
            below = self.present.below(unit)
            whole = self._whole[unit] = (
                unit not in self.odd
                and (bool(below) or self.present.has_books(unit))
                and self.is_covered(unit)
                and all(map(self.is_whole, below))
            )
        return whole

    def is_covered(self, unit: str) -> bool:
        """Return whether a unit's own books are covered; with units below, they must be only if it has any."""
        if unit not in self.rule.posted.units and self.present.below(unit) and not self.has_own_lines(unit):
            return True
        covered = self.rule.facts.coverage.whole_months(unit, self.period.end)
        return self.present.needed_months(unit) & ~covered == 0

    def has_own_lines(self, unit: str) -> bool:
        """Return whether a unit has lines that those below it have not, as a city has taxes."""
        return self.rule.standing.organisation.units[unit].kind in self.rule.chart.kinds_with_own_lines
