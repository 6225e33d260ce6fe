"""The value rule: what a line of a unit amounts to over a period, from statements and postings.

    value(unit, line, period) =
        the latest statement for exactly (unit, line, period), if there is one, plus every posting recorded after it,
            below it and inside the period, unless marked detail
        else, where a unit below knows the line: the sum over those units plus the unit's own postings at or below it
        else, where a component is known: the sum over the components plus the unit's own postings on the line itself
        else the unit's own postings on the line, if there are any
        else unknown: None, never 0

A budget is stated as of a day: the latest day up to the period's end counts, and decisions taken after it add.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from attrs import define, field, frozen

from heinola_es.chart import Chart
from heinola_es.organisation import Organisation

if TYPE_CHECKING:
    from collections.abc import Iterable


Route = Literal["statement", "units", "components", "postings"]


@frozen(slots=True)
class Posting:
    """An amount that adds.

    Attributes:
        position: in the log.
        unit, line: codes.
        cents: the amount.
        day: the end of its period, or the day a budget decision was taken.
        detail: it breaks down a total already stated, and adds to no statement.
    """

    position: int
    unit: str
    line: str
    cents: int
    day: date
    detail: bool


@frozen(slots=True)
class Statement:
    """A total that was stated.

    Attributes:
        position: in the log.
        unit, line: codes.
        cents: the total.
        precision_cents: what it was rounded to.
        day: the end of its period, or the day as of which a budget is stated.
        label, percent: as the document prints them; empty and None where it does not.
    """

    position: int
    unit: str
    line: str
    cents: int
    precision_cents: int
    day: date
    label: str = ""
    percent: str | None = None

    def takes(self, posting: Posting) -> bool:
        """Return whether the posting came after the statement, so that it adds to the total."""
        return not posting.detail and (posting.position > self.position or posting.day > self.day)


@frozen(slots=True)
class Value:
    """What is known of a cell.

    Attributes:
        cents: the amount.
        precision_cents: the coarsest rounding among the totals it rests on; 1 where there is none.
        slack_cents: how far rounding alone may have moved it, either way.
        route: the branch of the value rule that gave it.
        stated: whether a statement is among what it rests on.
    """

    cents: int
    precision_cents: int
    slack_cents: int
    route: Route
    stated: bool


@define(slots=True)
class Column:
    """Everything stated and posted for one measure over one period, ready to be asked for values.

    Attributes:
        chart, organisation: what lines and units are the sum of.
        statements: the statement that holds, by unit and line.
        postings: all that lie inside the period.
    """

    chart: Chart
    organisation: Organisation
    statements: dict[tuple[str, str], Statement]
    postings: Sequence[Posting]
    _by_unit: dict[str, list[Posting]] = field(init=False)
    _known: dict[tuple[str, str], Value | None] = field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        """Sort the postings by unit."""
        self._by_unit = defaultdict(list)
        for posting in self.postings:
            self._by_unit[posting.unit].append(posting)

    def value(self, unit: str, line: str) -> Value | None:
        """Return the value of a cell, or None where nobody ever stated or posted what would tell."""
        key = (unit, line)
        if key not in self._known:
            self._known[key] = self._work_out(unit, line)
        return self._known[key]

    def from_statement(self, unit: str, line: str) -> Value | None:
        """Return the stated total with what came after it, or None where nothing is stated."""
        statement = self.statements.get((unit, line))
        if statement is None:
            return None
        later = sum(posting.cents for posting in self.added_to(statement))
        slack = statement.precision_cents // 2
        return Value(statement.cents + later, statement.precision_cents, slack, "statement", stated=True)

    def added_to(self, statement: Statement) -> list[Posting]:
        """Return the postings that came after a statement, below it, in the order of the log."""
        lines = self.chart.at_or_below(statement.line)
        return sorted(
            (
                posting
                for unit in (statement.unit, *self.organisation.all_below(statement.unit))
                for posting in self._by_unit.get(unit, ())
                if posting.line in lines and statement.takes(posting)
            ),
            key=lambda posting: posting.position,
        )

    def units_below(self, unit: str, line: str) -> dict[str, Value]:
        """Return the values of the line in the units directly below that know it."""
        values = {child: self.value(child, line) for child in self.organisation.below(unit)}
        return {child: value for child, value in values.items() if value is not None}

    def components(self, unit: str, line: str) -> dict[str, Value]:
        """Return the values of the line's components that are known."""
        values = {component: self.value(unit, component) for component in self.chart.lines[line].components}
        return {component: value for component, value in values.items() if value is not None}

    def own(self, unit: str, lines: Iterable[str]) -> list[Posting]:
        """Return the unit's own postings on any of the lines."""
        wanted = set(lines)
        return [posting for posting in self._by_unit.get(unit, ()) if posting.line in wanted]

    def is_whole(self, unit: str, line: str) -> bool:
        """Return whether a known value can be the whole truth about its cell.

        It is not where it rests on postings inside a total that is stated for a wider cell (a correction, a detail):
        there they tell a part of the story, and comparing them with a total would find a difference that is none.
        """
        value = self.value(unit, line)
        if value is None or value.route == "statement":
            return value is not None
        if value.route == "units":
            return all(self.is_whole(child, line) for child in self.units_below(unit, line))
        if value.route == "components":
            return all(self.is_whole(unit, component) for component in self.components(unit, line))
        above = self.organisation.at_or_above(unit)
        return not any((code, wider) in self.statements for code in above for wider in self.chart.at_or_above(line))

    def _work_out(self, unit: str, line: str) -> Value | None:
        stated = self.from_statement(unit, line)
        if stated is not None:
            return stated
        below = self.units_below(unit, line)
        if below:
            return _sum(below.values(), self.own(unit, self.chart.at_or_below(line)), "units")
        components = self.components(unit, line)
        own = self.own(unit, [line])
        if components:
            return _sum(components.values(), own, "components")
        return _sum((), own, "postings") if own else None


def _sum(parts: Iterable[Value], postings: Sequence[Posting], route: Route) -> Value:
    parts = list(parts)
    return Value(
        cents=sum(part.cents for part in parts) + sum(posting.cents for posting in postings),
        precision_cents=max((part.precision_cents for part in parts), default=1),
        slack_cents=sum(part.slack_cents for part in parts),
        route=route,
        stated=any(part.stated for part in parts),
    )
