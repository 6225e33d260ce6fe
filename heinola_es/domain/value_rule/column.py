"""A column: one measure over one period, in one organisation, ready to be asked for the cells of a report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from events.period import Period
from heinola_es.domain.value_rule.known import KnownParts
from heinola_es.domain.value_rule.plain import PlainBooks
from heinola_es.domain.value_rule.rule import ValueRule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heinola_es.domain.aggregates.organisation import Organisation
    from heinola_es.domain.chart import Chart
    from heinola_es.domain.value_rule.facts import Posting, Statement, Unread
    from heinola_es.domain.value_rule.value import Partial, Route, Value


@define(slots=True, eq=False, repr=False)
class Column:
    """The cells of one measure over one period.

    Attributes:
        rule: over the facts of the measure and fiscal year.
        period: the column's; of a budget, from 1 January to the day as of which it is.
        parts: what is known where a cell is not whole.
        plain: the short way to both where nothing is stated.
    """

    rule: ValueRule
    period: Period
    parts: KnownParts
    plain: PlainBooks
    _touched: set[tuple[str, str]] | None = field(init=False, default=None)

    @classmethod
    def of(cls, rule: ValueRule, period: Period) -> Column:
        """Return a column over a rule."""
        return cls(rule, period, KnownParts(rule), PlainBooks(rule, period))

    @property
    def chart(self) -> Chart:
        """What lines are the sum of."""
        return self.rule.chart

    @property
    def organisation(self) -> Organisation:
        """What units are the sum of."""
        return self.rule.standing.organisation

    @property
    def as_kept(self) -> Column:
        """The column by the lines that its figures are on."""
        return self

    def named(self, line: str) -> str | None:
        """Return the line that its figures have in place of one of the report: itself, in a year of the same chart."""
        return line

    def value(self, unit: str, line: str) -> Value | None:
        """Return the value of a cell; None where it is not whole."""
        return self.rule.value(unit, line, self.period)

    def partial(self, unit: str, line: str) -> Partial | None:
        """Return the known part of a cell that is not whole; None where it is, or nothing is known of it.

        Where something cannot be counted, nobody knows what part the rest is.
        """
        if self.cell(unit, line) is not None or self.is_touched(unit, line):
            return None
        if self.plain.is_plain(unit):
            return self.plain.partial(unit, line)
        return self.parts.partial(unit, line, self.period)

    def is_unknown(self, unit: str, line: str) -> bool:
        """Return whether a cell is neither whole nor known in part; cheaper than what is known and what is missing."""
        if self.cell(unit, line) is not None:
            return False
        if self.plain.is_plain(unit) or self.is_touched(unit, line):
            return self.partial(unit, line) is None
        return self._has_nothing(unit, line) or not self.parts.is_known(unit, line, self.period)

    def _has_nothing(self, unit: str, line: str) -> bool:
        """Return whether nothing is stated, posted or covered in a cell or anywhere below it.

        A unit that did not exist in the period is covered for all it needs, where it has facts all the same.
        """
        facts, units, lines = self.rule.facts, self.rule.standing.with_below(unit), self.chart.at_or_below(line)
        if facts.coverage.by_line or any(one.unit in units and one.line in lines for one in facts.statements):
            return False
        standing, totals, end = self.rule.standing, self.rule.posted.totals(self.period), self.period.end
        if any(standing.is_there(one, self.period) and not standing.needed_months(one, self.period) for one in units):
            return False
        return all(lines.isdisjoint(totals.get(one, ())) and not facts.coverage.whole_months(one, end) for one in units)

    def routes(self, unit: str, line: str) -> dict[Route, Value]:
        """Return the value of a cell by every route that is whole, in the order of the rule."""
        return self.rule.routes(unit, line, self.period)

    def statement(self, unit: str, line: str) -> Statement | None:
        """Return the statement that holds for exactly a cell."""
        return self.rule.stated.statement(unit, line, self.period)

    def statements(self) -> dict[tuple[str, str], Statement]:
        """Return the statements that hold for exactly a cell of the column, by unit and line."""
        stated = {(one.unit, one.line) for one in self.rule.facts.statements}
        found = {cell: self.statement(*cell) for cell in stated}
        return {cell: statement for cell, statement in found.items() if statement is not None}

    def cell(self, unit: str, line: str) -> tuple[int, int] | None:
        """Return the cents and the precision of a cell's value, the short way where all below it is plain."""
        return self.cells(unit)(line)

    def cells(self, unit: str) -> Callable[[str], tuple[int, int] | None]:
        """Return what tells the cents and the precision of a unit's cells by their line, as `cell` does."""
        if self.plain.is_whole(unit):
            return self.plain.cells(unit)
        if self.plain.is_plain(unit):
            return lambda line: (0, 1) if self.rule.is_foreign(unit, line, self.period) else None
        return lambda line: None if (v := self.value(unit, line)) is None else (v.cents, v.precision_cents)

    def tells(self, unit: str, line: str) -> bool:
        """Return whether anything is told of a cell: an amount that is not 0, a posting, or a statement."""
        if self.plain.is_plain(unit):
            return self.plain.is_posted(unit, line)
        if self.rule.is_foreign(unit, line, self.period):
            return False
        value = self.value(unit, line)
        if value is None:  # what is missing is not asked
            known = None if self.is_touched(unit, line) else self.parts.cents(unit, line, self.period)
            return known is not None and known != 0
        return value.cents != 0 or value.stated

    def is_wanted(self, unit: str, line: str) -> bool:
        """Return whether a cell is not whole, of a unit that is there in the period: its total lacks it."""
        return self.cell(unit, line) is None and self.rule.standing.is_there(unit, self.period)

    def is_known(self, unit: str, line: str) -> bool:
        """Return whether a cell is whole, or known in part."""
        return self.cell(unit, line) is not None or self.partial(unit, line) is not None

    def is_plain(self, unit: str) -> bool:
        """Return whether a unit and all below it have whole postings alone, so that all lines are known alike."""
        return self.plain.is_plain(unit)

    def is_posted(self, unit: str) -> bool:
        """Return whether nothing is stated of the unit or of any below it: all its lines are sums of postings."""
        return unit not in self.rule.stated.units

    def is_touched(self, unit: str, line: str) -> bool:
        """Return whether a cell has, anywhere below it, what cannot be counted."""
        if self._touched is None:
            units = self.organisation.units
            self._touched = {
                (above, wider)
                for one in self.unread()
                if one.unit in units
                for line in self.chart.lines_perhaps(one.line)
                for above in self.organisation.at_or_above(one.unit)
                for wider in self.chart.at_or_above(line)
            }
        return (unit, line) in self._touched

    def unread(self) -> Sequence[Unread]:
        """Return what lies inside the column's period and cannot be counted."""
        return self.rule.facts.unread(self.period)

    def own(self, unit: str, lines: frozenset[str]) -> list[Posting]:
        """Return a unit's own postings on any of the lines, in the order of the log."""
        return [posting for posting in self.rule.facts.of(unit, self.period) if posting.line in lines]
