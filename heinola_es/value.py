"""The value rule: what a line of a unit amounts to over a period, from statements and postings.

    value(unit, line, period) =
        the latest statement for exactly (unit, line, period), if there is one, plus every posting recorded after it,
            below it and inside the period, unless marked detail
        else, where a unit below knows the line: the sum over those units plus the unit's own postings at or below it
        else, where a component is known: the sum over the components plus the unit's own postings on the line itself
        else the unit's own postings on the line, if there are any
        else unknown: None, never 0

A budget is stated as of a day: the latest day up to the period's end counts, and decisions taken after it add.

What an older log holds may be no amount at all, or one beyond all measure. It is in no sum; every cell that it would be
part of is unknown, until a total of the cell is stated after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, Protocol

from attrs import define, field, frozen

from heinola_es.amounts import SUMMABLE_CENTS
from heinola_es.chart import Chart
from heinola_es.organisation import Organisation

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
class Unread:
    """What the log says of a cell and cannot be counted.

    Attributes:
        unit, line: codes.
        position: of the event, or None where a sum of many is beyond all measure.
        day, detail: as of a posting.
    """

    unit: str
    line: str
    position: int | None
    day: date
    detail: bool

    def is_in(self, statement: Statement) -> bool:
        """Return whether a statement tells the total with this, so that it need not be read."""
        if self.position is None:
            return False
        return self.detail or (self.position <= statement.position and self.day <= statement.day)


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


class Postings(Protocol):
    """The postings of a column, all inside its period."""

    def totals(self) -> Mapping[str, Mapping[str, int]]:
        """Return the sum of the postings by unit and line, in cents."""

    def details(self) -> Mapping[str, Mapping[str, int]]:
        """Return the sum of those marked as detail by unit and line, in cents."""

    def of(self, unit: str) -> Sequence[Posting]:
        """Return a unit's own postings, in the order of the log."""

    def perhaps_later(self, unit: str) -> Sequence[Posting]:
        """Return those of a unit's own postings that a statement of the column may take, and perhaps more."""


class ListedPostings:
    """Postings held as a list."""

    def __init__(self, postings: Iterable[Posting]) -> None:
        self._by_unit: dict[str, list[Posting]] = defaultdict(list)
        for posting in postings:
            self._by_unit[posting.unit].append(posting)

    def totals(self) -> Mapping[str, Mapping[str, int]]:
        """Return the sum of the postings by unit and line, in cents."""
        return {unit: _by_line(postings) for unit, postings in self._by_unit.items()}

    def details(self) -> Mapping[str, Mapping[str, int]]:
        """Return the sum of those marked as detail by unit and line, in cents."""
        return {unit: _by_line(p for p in postings if p.detail) for unit, postings in self._by_unit.items()}

    def of(self, unit: str) -> Sequence[Posting]:
        """Return a unit's own postings."""
        return self._by_unit.get(unit, ())

    def perhaps_later(self, unit: str) -> Sequence[Posting]:
        """Return them all; the statement tells which it takes."""
        return self.of(unit)


@define(slots=True, eq=False, repr=False)
class Column:
    """Everything stated and posted for one measure over one period, ready to be asked for values.

    Attributes:
        chart, organisation: what lines and units are the sum of.
        statements: the statement that holds, by unit and line.
        postings: all that lie inside the period.
        unread: what cannot be counted and lies inside the period.
    """

    chart: Chart
    organisation: Organisation
    statements: dict[tuple[str, str], Statement]
    postings: Postings
    unread: Sequence[Unread] = ()
    _totals: Mapping[str, Mapping[str, int]] = field(init=False)
    _stated_units: frozenset[str] = field(init=False)
    _details: Mapping[str, Mapping[str, int]] | None = field(init=False, default=None)
    _sums: dict[str, dict[str, int]] = field(init=False, factory=dict)
    _known: dict[tuple[str, str], Value | None] = field(init=False, factory=dict)
    _touched: set[tuple[str, str]] = field(init=False, factory=set)

    def __attrs_post_init__(self) -> None:
        """Find out which units rest on postings alone."""
        self._totals = self.postings.totals()
        units = self.organisation.units
        self._touched = {
            (above, wider)
            for one in self.unread
            if one.unit in units and one.line in self.chart.lines
            for above in self.organisation.at_or_above(one.unit)
            for wider in self.chart.at_or_above(one.line)
        }
        stated = {unit for unit, _line in self.statements} | {one.unit for one in self.unread}
        self._stated_units = frozenset(
            above for unit in stated if unit in units for above in self.organisation.at_or_above(unit)
        )

    def value(self, unit: str, line: str) -> Value | None:
        """Return the value of a cell, or None where nobody ever stated or posted what would tell."""
        key = (unit, line)
        if key not in self._known:
            value = self._from_postings(unit, line) if self.is_posted(unit) else self._work_out(unit, line)
            if value is not None and not _is_summable(value.cents):
                value = None  # no database counts to it, nor do those who read what is shown
                self._touched.add(key)
            self._known[key] = value
        return self._known[key]

    def is_touched(self, unit: str, line: str) -> bool:
        """Return whether a cell has, anywhere below it, what cannot be counted."""
        return (unit, line) in self._touched

    def cell(self, unit: str, line: str) -> tuple[int, int] | None:
        """Return the cents and the precision of a cell's value, the short way where it rests on postings alone."""
        return self.cells(unit)(line)

    def cells(self, unit: str) -> Callable[[str], tuple[int, int] | None]:
        """Return what tells the cents and the precision of a unit's cells by their line, as `cell` does."""
        if unit in self._stated_units:
            return lambda line: None if (v := self.value(unit, line)) is None else (v.cents, v.precision_cents)
        return {line: (cents, 1) for line, cents in self._sums_of(unit).items() if _is_summable(cents)}.get

    def is_posted(self, unit: str) -> bool:
        """Return whether nothing is stated of the unit or of any below it: all its lines are sums of postings."""
        return unit not in self._stated_units

    def from_statement(self, unit: str, line: str) -> Value | None:
        """Return the stated total with what came after it, or None where nothing is stated."""
        statement = self.statements.get((unit, line))
        if statement is None or self._adds_unread(statement):
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
                for posting in self.postings.perhaps_later(unit)
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
        """Return the unit's own postings on any of the lines, in the order of the log."""
        wanted = set(lines)
        return [posting for posting in self.postings.of(unit) if posting.line in wanted]

    def own_cents(self, unit: str, lines: Iterable[str]) -> int | None:
        """Return the sum of the unit's own postings on any of the lines, or None where there are none."""
        by_line = self._totals.get(unit, {})
        amounts = [by_line[line] for line in lines if line in by_line]
        return sum(amounts) if amounts else None

    def detail_cents(self, statement: Statement) -> int | None:
        """Return the sum of the details that break down a statement, or None where there are none."""
        if self._details is None:  # asked of every statement, and worked out from every sum
            self._details = self.postings.details()
        details, lines = self._details, self.chart.at_or_below(statement.line)
        units = (statement.unit, *self.organisation.all_below(statement.unit))
        amounts = [cents for unit in units for line, cents in details.get(unit, {}).items() if line in lines]
        return sum(amounts) if amounts else None

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
        if (unit, line) in self.statements:
            return self.from_statement(unit, line)
        if self._rests_on_unread(unit, line):
            return None
        below = self.units_below(unit, line)
        if below:
            return add_up(below.values(), self.own_cents(unit, self.chart.at_or_below(line)), "units")
        components = self.components(unit, line)
        own = self.own_cents(unit, [line])
        if components:
            return add_up(components.values(), own, "components")
        return add_up((), own, "postings") if own is not None else None

    def _adds_unread(self, statement: Statement) -> bool:
        """Return whether something that cannot be counted came after a statement, below it."""
        if not self.is_touched(statement.unit, statement.line):
            return False
        units = {statement.unit, *self.organisation.all_below(statement.unit)}
        lines = self.chart.at_or_below(statement.line)
        return any(one.unit in units and one.line in lines and not one.is_in(statement) for one in self.unread)

    def _rests_on_unread(self, unit: str, line: str) -> bool:
        """Return whether a cell without a statement would be the sum of something that cannot be counted."""
        if not self.is_touched(unit, line):
            return False
        parts = [(child, line) for child in self.organisation.below(unit)]
        own = self.chart.at_or_below(line)
        if not self.units_below(unit, line):  # then it is the sum of its components
            parts += [(unit, component) for component in self.chart.lines[line].components]
            own = frozenset((line,))
        if any(one.unit == unit and one.line in own for one in self.unread):
            return True
        return any(self.is_touched(*part) and self.value(*part) is None for part in parts)

    def _from_postings(self, unit: str, line: str) -> Value | None:
        """Return the value where nothing is stated: all branches of the rule give the sum of the postings below."""
        cents = self._sums_of(unit).get(line)
        if cents is None:
            return None
        route: Route = "postings"
        if any(line in self._sums_of(child) for child in self.organisation.below(unit)):
            route = "units"
        elif any(component in self._sums_of(unit) for component in self.chart.lines[line].components):
            route = "components"
        return Value(cents, 1, 0, route, stated=False)

    def _sums_of(self, unit: str) -> dict[str, int]:
        """Return the sums of all postings of the unit and those below it, by line, worked out once."""
        sums = self._sums.get(unit)
        if sums is None:
            sums = self._sums[unit] = defaultdict(int)
            for line, cents in self._totals.get(unit, {}).items():
                for wider in self.chart.at_or_above(line):
                    sums[wider] += cents
            for child in self.organisation.below(unit):
                for line, cents in self._sums_of(child).items():
                    sums[line] += cents
        return sums


def add_up(parts: Iterable[Value], own_cents: int | None, route: Route) -> Value:
    """Return the sum of values and of own postings (None for none)."""
    parts = list(parts)
    return Value(
        cents=sum(part.cents for part in parts) + (own_cents or 0),
        precision_cents=max((part.precision_cents for part in parts), default=1),
        slack_cents=sum(part.slack_cents for part in parts),
        route=route,
        stated=any(part.stated for part in parts),
    )


def _is_summable(cents: int) -> bool:
    return -SUMMABLE_CENTS <= cents <= SUMMABLE_CENTS


def _by_line(postings: Iterable[Posting]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for posting in postings:
        sums[posting.line] += posting.cents
    return dict(sums)
