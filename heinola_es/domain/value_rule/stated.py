"""What was stated: which statement holds for a cell, who its members are, and where statements cut a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date

from attrs import define, field

from events.period import Period
from heinola_es.domain.chart import Chart
from heinola_es.domain.value_rule.facts import BUDGET, Facts, Posting, Statement, Unread, counts_in
from heinola_es.domain.value_rule.standing import Standing, day_before


@define(slots=True, eq=False, repr=False)
class Stated:
    """The statements of one measure and fiscal year.

    Attributes:
        chart, standing: what lines and units are the sum of.
        facts: what was recorded.
        units: those of which anything is stated in the year, and everything above them.
    """

    chart: Chart
    standing: Standing
    facts: Facts
    units: frozenset[str] = field(init=False)
    _of: dict[tuple[str, str], list[Statement]] = field(init=False)
    _ends: dict[str, set[date]] | None = field(init=False, default=None)
    _unread: dict[Period, Sequence[Unread]] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """Put statements by their unit and line, the latest last."""
        self._of = defaultdict(list)
        for statement in sorted(self.facts.statements, key=lambda one: (one.day, one.position)):
            self._of[statement.unit, statement.line].append(statement)
        organisation = self.standing.organisation
        stated = {unit for unit, _line in self._of if unit in organisation.units}
        self.units = frozenset(above for unit in stated for above in organisation.at_or_above(unit))

    def of(self, unit: str, line: str) -> Sequence[Statement]:
        """Return all that is stated of a line of a unit in the fiscal year."""
        return self._of.get((unit, line), ())

    def statement(self, unit: str, line: str, period: Period) -> Statement | None:
        """Return the statement that holds for exactly a cell; of a budget, the one as of the latest day."""
        stated = reversed(self.of(unit, line))
        if self.facts.measure == BUDGET:
            return next((one for one in stated if one.day <= period.end), None)
        return next((one for one in stated if one.period == period), None)

    def added_to(self, statement: Statement, period: Period) -> list[Posting]:
        """Return the postings that came after a statement, of its members, in the order of the log."""
        lines = self.chart.at_or_below(statement.line)
        return sorted(
            (
                posting
                for unit in self.standing.members(statement.unit, statement.day)
                for posting in self.facts.later(unit)
                if posting.line in lines
                and statement.takes(posting)
                and counts_in(self.facts.measure, period, posting.period)
            ),
            key=lambda posting: posting.position,
        )

    def adds_unread(self, statement: Statement, period: Period) -> bool:
        """Return whether something that cannot be counted came after a statement, of its members."""
        if period not in self._unread:
            self._unread[period] = self.facts.unread(period)
        if not self._unread[period]:  # as nearly always
            return False
        members, lines = self.standing.members(statement.unit, statement.day), self.chart.at_or_below(statement.line)
        return any(
            one.unit in members
            and not lines.isdisjoint(self.chart.lines_perhaps(one.line))
            and not one.is_in(statement)
            for one in self._unread[period]
        )

    def changes(self, statement: Statement) -> tuple[frozenset[str], frozenset[str]]:
        """Return the members of a statement that stand below its unit no longer, and the units that do and did not."""
        then, now = self.standing.members(statement.unit, statement.day), self.standing.with_below(statement.unit)
        return then - now, now - then

    def ends(self, unit: str, line: str, period: Period) -> set[date]:
        """Return the days inside a period, but its last, after which a statement begins or with which one ends."""
        if self.facts.measure == BUDGET:
            return set()
        days = {day for one in self.of(unit, line) for day in (one.day, day_before(one.period.start))}
        return {day for day in days if period.start <= day < period.end}

    def inside(self, unit: str, line: str, period: Period) -> list[Period]:
        """Return the periods, inside another and shorter than it, over which a line is stated; the longest first."""
        if self.facts.measure == BUDGET or (unit, line) not in self._of:
            return []
        found = {one.period for one in self.of(unit, line) if period.contains(one.period) and one.period != period}
        return sorted(found, key=lambda one: (one.start - one.end, one.start))

    def ends_below(self, unit: str, period: Period) -> set[date]:
        """Return the days inside a period, but its last, with which a statement of a unit or of any below it ends."""
        if self._ends is None:
            self._ends = defaultdict(set)
            for statement in self.facts.statements:
                self._ends[statement.unit].add(statement.day)
        units = self.standing.with_below(unit) & self._ends.keys()
        return {day for code in units for day in self._ends[code] if period.start <= day < period.end}
