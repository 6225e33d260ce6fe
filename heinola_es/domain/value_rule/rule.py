"""The value rule: what a line of a unit amounts to over a period, and whether that is whole.

    value(unit, line, period) = the first of these that is whole
        stated      the latest statement for exactly the cell, with what was recorded after it
        tiled       consecutive parts of the period around statements of the cell, the longest first
        components  every component of a sum line, and what was posted on the line itself
        units       every unit below, and the unit's own postings
        posted      the postings of a unit without units below, where its books are covered
        details     where lines break the line down ("of which") and any of these is told of, as components
    else not whole; never 0 for want of knowing

Some lines are those of a kind of unit alone, as taxes are of a city. Units of other kinds have none of them, which is a
whole 0, unless anything is recorded of such a line there or below in the fiscal year.

A budget is stated as of a day: the latest day up to the period's end counts, and decisions taken after it add.

What an older log holds may be no amount at all, or one beyond all measure. It is in no sum; every cell that it would be
part of is unknown, until a total of the cell is stated after it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from attrs import define, evolve, field

from events.period import Period
from heinola_es.domain.amounts import SUMMABLE_CENTS
from heinola_es.domain.chart import Chart
from heinola_es.domain.value_rule.facts import BUDGET, Facts
from heinola_es.domain.value_rule.posted import Posted
from heinola_es.domain.value_rule.standing import Standing, gaps
from heinola_es.domain.value_rule.stated import Stated
from heinola_es.domain.value_rule.value import Route, Value, add_up

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

    from heinola_es.domain.value_rule.facts import Posting

Cell = tuple[str, str, Period]
"""Unit, line and period."""
Parts = dict[Period, Value]
"""Consecutive parts of a period, each whole."""

_NONE_OF_IT = add_up((), 0, "posted")
"""The value of a line that units of other kinds have, where nothing is recorded of it."""
_NOT_ASKED = object()
_NOWHERE = 1 << 60
_TRIES_IN_A_CIRCLE = 10_000
"""How many cells are worked out again because they were met in a circle; beyond that they stay unknown."""


@define(slots=True, eq=False, repr=False)
class ValueRule:
    """The rule over the facts of one measure and fiscal year, in one organisation.

    Attributes:
        chart, standing: what lines and units are the sum of.
        facts: what was recorded.
        posted, stated: the two kinds of them.
    """

    chart: Chart
    standing: Standing
    facts: Facts
    posted: Posted = field(init=False)
    stated: Stated = field(init=False)
    _told: dict[str, frozenset[str]] = field(init=False, factory=dict)
    _known: dict[Cell, Value | None] = field(init=False, factory=dict)
    _uncovered: dict[Period, dict[str, bool]] = field(init=False, factory=dict)
    _open: dict[Cell, int] = field(init=False, factory=dict)
    _circle: int = field(init=False, default=_NOWHERE)
    _tries: int = field(init=False, default=_TRIES_IN_A_CIRCLE)

    def __attrs_post_init__(self) -> None:
        """Sort the facts."""
        self.posted = Posted(self.chart, self.standing, self.facts)
        self.stated = Stated(self.chart, self.standing, self.facts)

    @property
    def is_budget(self) -> bool:
        """Whether the measure is the budget."""
        return self.facts.measure == BUDGET

    def value(self, unit: str, line: str, period: Period) -> Value | None:
        """Return the value of a cell by the first route that is whole, or None; each cell is worked out once.

        Where totals were stated in other organisations, a cell may come to rest on itself: then it is not whole by that
        route. What was found on the way round is not kept, since it may be whole when asked from elsewhere.
        """
        cell = unit, line, period
        kept = self._known.get(cell, _NOT_ASKED)
        if kept is not _NOT_ASKED:
            return cast("Value | None", kept)
        if self.is_foreign(unit, line, period):
            self._known[cell] = _NONE_OF_IT
            return _NONE_OF_IT
        if self.is_blank(unit, line, period):
            self._known[cell] = None
            return None
        if cell in self._open:
            self._circle = min(self._circle, self._open[cell])
            return None
        depth = self._open[cell] = len(self._open)
        outer, self._circle = self._circle, _NOWHERE
        value = None
        for route in self._routes(line):
            value = route(cell)
            if value is not None:
                break
        if value is not None and abs(value.cents) > SUMMABLE_CENTS:
            value = None  # no database counts to it, nor do those who read what is shown
        del self._open[cell]
        in_a_circle = self._circle < depth
        if not in_a_circle or self._tries <= 0:
            self._known[cell] = value
        self._tries -= in_a_circle
        self._circle = min(outer, self._circle) if in_a_circle else outer
        return value

    def is_foreign(self, unit: str, line: str, period: Period) -> bool:
        """Return whether a line is one that other kinds of unit have, and nothing is recorded of it here or below."""
        kinds = self.chart.lines[line].kinds
        if not kinds or self.standing.organisation.units[unit].kind in kinds:
            return False
        return not self.is_told_of(unit, line, period)

    def is_blank(self, unit: str, line: str, period: Period) -> bool:
        """Return whether nothing is recorded of a cell or below it, and no month of those books is covered.

        Then no route is whole, and nothing is known in part: most cells of a report that states totals are such.
        """
        if self.facts.coverage.by_line or not self._is_uncovered(unit, period):
            return False
        return not self.is_told_of(unit, line, period)

    def _is_uncovered(self, unit: str, period: Period) -> bool:
        """Return whether no month is covered of a unit, nor of any below it, where all of them have months to cover.

        One that did not exist in the period is covered for all it needs; one that has lines of its own is left to the
        routes.
        """
        known = self._uncovered.setdefault(period, {})
        if unit not in known:
            needed, organisation = self.standing.needed_months(unit, period), self.standing.organisation
            known[unit] = (
                needed != 0
                and needed & self.facts.coverage.whole_months(unit, period.end) == 0
                and organisation.units[unit].kind not in self.chart.kinds_with_own_lines
                and all(self._is_uncovered(child, period) for child in organisation.below(unit))
            )
        return known[unit]

    def is_told_of(self, unit: str, line: str, period: Period) -> bool:
        """Return whether anything is recorded of a line, of a unit or of one below it, in the fiscal year."""
        if line not in self._told:
            self._told[line] = self._units_told_of(self.chart.at_or_below(line), Period.of_year(period.year))
        return unit in self._told[line]

    def _units_told_of(self, lines: frozenset[str], year: Period) -> frozenset[str]:
        """Return the units that have, or stand above what has, anything recorded on some lines in a year."""
        organisation, facts = self.standing.organisation, self.facts
        units = {unit for unit, by_line in self.posted.totals(year).items() if not lines.isdisjoint(by_line)}
        units |= {statement.unit for statement in facts.statements if statement.line in lines}
        units |= {one.unit for one in facts.unread(year) if one.line in lines}
        above = (organisation.at_or_above(unit) for unit in units if unit in organisation.units)
        return frozenset(unit for chain in above for unit in chain)

    def parts_of(self, unit: str, line: str, period: Period) -> list[str]:
        """Return the components of a line that a unit can have; details, where anything is told of one of them."""
        components, details = self.chart.lines[line].components, self.chart.lines[line].details
        if details and not any(self.is_told_of(unit, detail, period) for detail in details):
            return []
        return [component for component in components if not self.is_foreign(unit, component, period)]

    def routes(self, unit: str, line: str, period: Period) -> dict[Route, Value]:
        """Return the value by every route that is whole, in the order of the rule."""
        if self.is_foreign(unit, line, period) or self.is_blank(unit, line, period):
            return {}
        found = (route((unit, line, period)) for route in self._routes(line))
        whole = {value.route: value for value in found if value is not None}
        if self.chart.lines[line].details and whole.keys() & {"units", "posted"}:
            whole.pop("components", None)  # of the same postings once more
        return whole

    def _routes(self, line: str) -> Sequence[Callable[[Cell], Value | None]]:
        """Return the routes to a line, in order; details only break it down, and so come last."""
        told, computed, other = (self._from_statement, self._from_parts), self._from_components, self._from_units
        if self.chart.lines[line].details:
            return (*told, other, self._from_postings, computed)
        return (*told, computed, other, self._from_postings)

    # ------------------------------------------------------------------ stated

    def _from_statement(self, cell: Cell) -> Value | None:
        statement = self.stated.statement(*cell)
        if statement is None or self.stated.adds_unread(statement, cell[2]):
            return None
        later = sum(posting.cents for posting in self.stated.added_to(statement, cell[2]))
        precision = statement.precision_cents
        total = Value(statement.cents + later, precision, precision // 2, "stated", stated=True)
        left, came = self.stated.changes(statement)
        if not left and not came:
            return total
        gone, new = self.shares(left, cell), self.shares(came, cell)
        if gone is None or new is None:
            return None
        return add_up([total, *map(_taken_off, gone.values()), *new.values()], 0, "stated")

    def shares(self, units: frozenset[str], cell: Cell) -> dict[str, Value] | None:
        """Return what a set of units comes to on a cell's line over its period, by unit; None where any is unknown.

        A unit that is in the set with everything below it counts as its value, any other by itself.
        """
        found: dict[str, Value] = {}
        for unit in self.standing.tops(units):
            if not self._add_share(unit, units, cell, found):
                return None
        return found

    def _add_share(self, unit: str, units: frozenset[str], cell: Cell, found: dict[str, Value]) -> bool:
        """Add what the units of a set that are a unit, or stand below it, come to; return whether that is known."""
        _unit, line, period = cell
        below = self.standing.with_below(unit)
        if units.isdisjoint(below) or not self.standing.is_there(unit, period):
            return True
        if unit in units:
            value = self.value(unit, line, period) if below <= units else self._by_itself(unit, line, period)
            if value is None:
                return False
            found[unit] = value
            if below <= units:
                return True
        return all(self._add_share(child, units, cell, found) for child in self.standing.below(unit, period))

    def _by_itself(self, unit: str, line: str, period: Period) -> Value | None:
        """Return what a unit comes to without what stands below it: the difference, or else its own postings."""
        value = self.value(unit, line, period)
        below = self.values_below(unit, line, period)
        if value is not None and below is not None:
            return add_up([value, *map(_taken_off, below.values())], 0, value.route)
        own = self.posted.own(unit, line, period)
        return None if own is None else add_up((), own, "posted")

    # ------------------------------------------------------------------ tiled

    def _from_parts(self, cell: Cell) -> Value | None:
        parts = self.parts(*cell)
        return None if parts is None else add_up(parts.values(), 0, "tiled")

    def parts(self, unit: str, line: str, period: Period) -> Parts | None:
        """Return the consecutive parts that make up a cell's period, each whole by another route; None without such.

        They lie around the longest statement inside the period that lets what is before it and after it be whole.
        """
        for stated in self.stated.inside(unit, line, period):
            pieces = sorted((stated, *gaps(period, (stated,))))
            if not any(self.cut_by(unit, line, piece.end) for piece in pieces[:-1]):
                found = self._whole_pieces(unit, line, pieces)
                if found is not None:
                    return found
        return None

    def _whole_pieces(self, unit: str, line: str, pieces: Sequence[Period]) -> Parts | None:
        """Return the values of pieces of a period, or of their own parts; None where one is not whole."""
        found: Parts = {}
        for piece in pieces:
            value = self.value(unit, line, piece)
            if value is None:
                return None
            parts = self.parts(unit, line, piece) if value.route == "tiled" else None
            found |= parts or {piece: value}
        return found

    def cut_by(self, unit: str, line: str, day: date) -> list[Posting]:
        """Return the postings of a unit and everything below it that begin on or before a day and end after it."""
        lines, units = self.chart.at_or_below(line), self.standing.with_below(unit)
        by_unit = self.posted.cut_at(day)
        return [one for code in by_unit if code in units for one in by_unit[code] if one.line in lines]

    # ------------------------------------------------------------------ computed

    def _from_components(self, cell: Cell) -> Value | None:
        unit, line, period = cell
        parts = [self.value(unit, component, period) for component in self.parts_of(unit, line, period)]
        known = [part for part in parts if part is not None]
        if not parts or len(known) < len(parts):
            return None
        direct = self.posted.direct(unit, line, period)
        return None if direct is None else add_up(known, direct, "components")

    def _from_units(self, cell: Cell) -> Value | None:
        below = self.values_below(*cell)
        if not below or self._lacks_its_own(cell, below):
            return None
        own = self.posted.own(*cell)
        return None if own is None else add_up(below.values(), own, "units")

    def _lacks_its_own(self, cell: Cell, below: Iterable[str]) -> bool:
        """Return whether a line has a part that a unit has itself, as a city has taxes, and nobody knows how much.

        Its books tell, where they are covered. A line that is such a part itself is also told by the units below, where
        one of them has something of it.
        """
        unit, line, period = cell
        if not self.chart.has_own_lines(self.standing.organisation.units[unit].kind, line):
            return False
        if self.posted.is_covered(unit, line, period):
            return False
        return not self.chart.lines[line].kinds or all(self.is_foreign(child, line, period) for child in below)

    def values_below(self, unit: str, line: str, period: Period) -> dict[str, Value] | None:
        """Return the values of the units that stand directly below; None where one is not whole."""
        values: dict[str, Value] = {}
        for child in self.standing.below(unit, period):
            value = self.value(child, line, period)
            if value is None:
                return None
            values[child] = value
        return values

    def _from_postings(self, cell: Cell) -> Value | None:
        unit, _line, period = cell
        if self.standing.below(unit, period) or not self.standing.has_books(unit, period):
            return None
        own = self.posted.own(*cell)
        return None if own is None else add_up((), own, "posted")


def _taken_off(value: Value) -> Value:
    """Return a value as it is taken off another."""
    return evolve(value, cents=-value.cents)
