"""What was posted on units themselves, and where that is all there is."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from attrs import define, field

from events.period import Period
from heinola_es.domain.chart import Chart
from heinola_es.domain.value_rule.facts import Facts, Posting, Totals
from heinola_es.domain.value_rule.standing import Standing, day_before

if TYPE_CHECKING:
    from collections.abc import Iterable


Lines = dict[str, set[str]]
"""Lines by unit."""


@define(slots=True, eq=False, repr=False)
class Posted:
    """The postings of one measure and fiscal year, asked for by unit, line and period.

    Attributes:
        chart, standing: what lines and units are the sum of.
        facts: what was recorded.
        units: those with any posting of their own in the year.
    """

    chart: Chart
    standing: Standing
    facts: Facts
    units: frozenset[str] = field(init=False)
    _totals: dict[Period, Totals] = field(init=False, factory=dict)
    _unread: dict[Period, Lines] = field(init=False, factory=dict)
    _cut: dict[date, dict[str, list[Posting]]] = field(init=False, factory=dict)
    _direct: dict[tuple[str, str, Period], tuple[int, bool]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """Ask once who has postings."""
        self.units = self.facts.posting_units()

    def own(self, unit: str, line: str, period: Period) -> int | None:
        """Return the sum of a unit's own postings at or below a line; None where they are not all known.

        Of a unit with units below, the books must be covered only if it has postings of its own in the year.
        """
        if (unit in self.units or not self.standing.below(unit, period)) and not self.is_covered(unit, line, period):
            return None
        lines = self.chart.at_or_below(line)
        if not self.is_readable(unit, lines, period):
            return None
        return self.sum(unit, lines, period)

    def sum(self, unit: str, lines: Iterable[str], period: Period) -> int:
        """Return the sum of a unit's own postings on any of some lines, inside a period."""
        by_line = self.totals(period).get(unit)
        return sum(by_line.get(line, 0) for line in lines) if by_line else 0

    def direct(self, unit: str, line: str, period: Period) -> int | None:
        """Return what a unit and those below it have posted on exactly a line, and not on its components.

        None where some of it cannot be counted, or crosses an end of the period.
        """
        cents, whole = self._directly(unit, line, period)
        return cents if whole else None

    def known_direct(self, unit: str, line: str, period: Period) -> int:
        """Return the same, without what cannot be counted or crosses an end of the period."""
        return self._directly(unit, line, period)[0]

    def _directly(self, unit: str, line: str, period: Period) -> tuple[int, bool]:
        key = unit, line, period
        if key not in self._direct:
            parts = [self._directly(child, line, period) for child in self.standing.below(unit, period)]
            cents = self.sum(unit, (line,), period) + sum(part for part, _whole in parts)
            whole = self.is_readable(unit, (line,), period) and all(whole for _part, whole in parts)
            self._direct[key] = cents, whole
        return self._direct[key]

    def is_covered(self, unit: str, line: str, period: Period) -> bool:
        """Return whether the books of a unit are covered on a line, for the days of a period on which it existed."""
        needed = self.standing.needed_months(unit, period)
        return needed & ~self.facts.coverage.months(unit, line, period.end) == 0

    def is_readable(self, unit: str, lines: Iterable[str], period: Period) -> bool:
        """Return whether nothing of a unit's own on the lines cannot be counted, or crosses an end of the period."""
        unread, cut = self.unread(period).get(unit, ()), self.crossing(unit, period)
        if not unread and not cut:
            return True
        lines = set(lines)
        return lines.isdisjoint(unread) and not any(posting.line in lines for posting in cut)

    def totals(self, period: Period) -> Totals:
        """Return the sums of what was posted inside a period, by unit and line."""
        if period not in self._totals:
            self._totals[period] = self.facts.totals(period)
        return self._totals[period]

    def unread(self, period: Period) -> Lines:
        """Return the lines on which units have of their own what cannot be counted, inside a period."""
        if period not in self._unread:
            found: Lines = defaultdict(set)
            for one in self.facts.unread(period):
                found[one.unit] |= self.chart.lines_perhaps(one.line)
            self._unread[period] = found
        return self._unread[period]

    def crossing(self, unit: str, period: Period) -> list[Posting]:
        """Return a unit's own postings of which a period has some days, and not all."""
        return [*self.cut_at(period.end).get(unit, ()), *self.cut_at(day_before(period.start)).get(unit, ())]

    def cut_at(self, day: date) -> dict[str, list[Posting]]:
        """Return the postings that begin on or before a day and end after it, by unit.

        What was posted over a period and taken back over the same period is nothing, and crosses no day.
        """
        if day not in self._cut:
            found: dict[str, list[Posting]] = defaultdict(list)
            cut = self.facts.cut_at(day)
            left = _by_cell(cut)
            for posting in cut:
                if left[_cell(posting)]:
                    found[posting.unit].append(posting)
            self._cut[day] = found
        return self._cut[day]


def _cell(posting: Posting) -> tuple[str, str, Period, bool]:
    return posting.unit, posting.line, posting.period, posting.detail


def _by_cell(postings: Iterable[Posting]) -> dict[tuple[str, str, Period, bool], int]:
    sums: dict[tuple[str, str, Period, bool], int] = defaultdict(int)
    for posting in postings:
        sums[_cell(posting)] += posting.cents
    return sums
