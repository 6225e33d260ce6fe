"""The part that is known of a cell that is not whole, and what is missing from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from events.period import Period
from heinola_es.domain.value_rule.rule import Cell, ValueRule
from heinola_es.domain.value_rule.standing import day_before, gaps, month_ends
from heinola_es.domain.value_rule.value import Partial

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from heinola_es.domain.value_rule.facts import Posting


@define(slots=True, eq=False, repr=False)
class KnownParts:
    """Asks the rule for what is known where it has no whole value.

    Attributes:
        rule: the rule over the facts of a measure and fiscal year.
    """

    rule: ValueRule
    _cents: dict[Cell, int | None] = field(init=False, factory=dict)
    _is_known: dict[Cell, bool] = field(init=False, factory=dict)
    _missing: dict[Cell, tuple[str, ...]] = field(init=False, factory=dict)

    def partial(self, unit: str, line: str, period: Period) -> Partial | None:
        """Return the known part of a cell that is not whole; None where nothing is known of it."""
        cents = self.cents(unit, line, period)
        if cents is None:
            return None
        return Partial(
            cents,
            self.through(unit, line, period),
            self.missing_units(unit, line, period),
            self.missing_lines(unit, line, period),
            tuple(sorted({posting.position for posting in self.cut(unit, line, period)})),
        )

    def cents(self, unit: str, line: str, period: Period) -> int | None:
        """Return what is known of a cell, nothing of it counted twice; the value where it is whole."""
        key = unit, line, period
        if key not in self._cents:
            value = self.rule.value(*key)
            if self.rule.is_foreign(*key) or self.rule.is_blank(*key):
                self._cents[key] = None  # of the former a whole 0, of which nothing is told
            else:
                self._cents[key] = value.cents if value is not None else self._of_parts(key)
        return self._cents[key]

    def is_known(self, unit: str, line: str, period: Period) -> bool:
        """Return whether anything is known of a cell: whether `cents` is not None, and no more."""
        key = unit, line, period
        if key not in self._is_known:
            self._is_known[key] = not self.rule.is_foreign(*key) and (
                self.rule.value(*key) is not None
                or any(self.is_known(unit, part, period) for part in self.rule.parts_of(*key))
                or any(self.is_known(child, line, period) for child in self.rule.standing.below(unit, period))
                or self._own(unit, line, period) is not None
                or bool(self.stated_inside(unit, line, period))
            )
        return self._is_known[key]

    def _of_parts(self, cell: Cell) -> int | None:
        """Return what is stated for parts of the period, the longest first, with what is known of the rest."""
        unit, line, period = cell
        stated = self.stated_inside(unit, line, period)
        if not stated:
            return self._of_period(cell)
        rest = (self._of_period((unit, line, part)) for part in gaps(period, stated))
        return sum(stated.values()) + sum(cents for cents in rest if cents is not None)

    def stated_inside(self, unit: str, line: str, period: Period) -> dict[Period, int]:
        """Return what is stated for parts of a period that share no day, the longest first."""
        found: dict[Period, int] = {}
        for part in self.rule.stated.inside(unit, line, period):
            value = self.rule.value(unit, line, part)
            if value is not None and not any(part.overlaps(other) for other in found):
                found[part] = value.cents
        return found

    def _of_period(self, cell: Cell) -> int | None:
        return self._of_components(cell) if self.is_of_components(*cell) else self._of_units(cell)

    def is_of_components(self, unit: str, line: str, period: Period) -> bool:
        """Return whether the known part of a cell is that of its component lines, and not that of the units below.

        It is where any of these is whole, or nothing is known of any unit.
        """
        cell = unit, line, period
        if self._of_components(cell) is None:
            return False
        return any(self._whole_components(cell)) or self._of_units(cell) is None

    def _whole_components(self, cell: Cell) -> Iterable[bool]:
        unit, _line, period = cell
        return (self.rule.value(unit, component, period) is not None for component in self.rule.parts_of(*cell))

    def _of_components(self, cell: Cell) -> int | None:
        unit, line, period = cell
        known = [self.cents(unit, component, period) for component in self.rule.parts_of(*cell)]
        if all(cents is None for cents in known):
            return None
        direct = self.rule.posted.known_direct(unit, line, period)
        return direct + sum(cents for cents in known if cents is not None)

    def _of_units(self, cell: Cell) -> int | None:
        """Return what is known of the units below, with the unit's own postings."""
        unit, line, period = cell
        below = [self.cents(child, line, period) for child in self.rule.standing.below(unit, period)]
        known = [cents for cents in below if cents is not None]
        own = self._own(unit, line, period)
        return None if not known and own is None else sum(known) + (own or 0)

    def _own(self, unit: str, line: str, period: Period) -> int | None:
        """Return what a unit posted itself, where it did, or its books are covered for any month."""
        posted, lines = self.rule.posted, self.rule.chart.at_or_below(line)
        by_line = posted.totals(period).get(unit, {})
        if not lines.isdisjoint(by_line):
            return posted.sum(unit, lines, period)
        needed = self.rule.standing.needed_months(unit, period)
        return 0 if needed & self.rule.facts.coverage.months(unit, line, period.end) else None

    # ------------------------------------------------------------------ what is missing

    def through(self, unit: str, line: str, period: Period) -> date | None:
        """Return the last day up to which a cell is whole from the beginning of its period."""
        if self.rule.is_budget:
            return None
        days = {*month_ends(period), *self.rule.stated.ends_below(unit, period)}
        for day in sorted(days, reverse=True):
            if self.rule.value(unit, line, Period(period.start, day)) is not None:
                return day
        return None

    def missing_units(self, unit: str, line: str, period: Period) -> tuple[str, ...]:
        """Return the units, lowest down, that keep a cell from being whole, in report order."""
        key = unit, line, period
        if key not in self._missing:
            whole = self.rule.value(unit, line, period) is not None
            parts = () if whole else gaps(period, self.stated_inside(unit, line, period))
            found = (code for part in parts for code in self._missing_of((unit, line, part)))
            self._missing[key] = tuple(dict.fromkeys(found))
        return self._missing[key]

    def _missing_of(self, cell: Cell) -> tuple[str, ...]:
        unit, line, period = cell
        if self.rule.value(unit, line, period) is not None:
            return ()
        below = self.rule.standing.below(unit, period)
        by_child = [self.missing_units(child, line, period) for child in below]
        found = [code for codes in by_child for code in codes]
        if not below or not found or self.rule.posted.own(unit, line, period) is None:
            found.insert(0, unit)
        return tuple(dict.fromkeys([*found, *self._in_the_way(cell)]))

    def _in_the_way(self, cell: Cell) -> list[str]:
        """Return the units that moved, and by which a total that was stated is not known because they are not."""
        statement = self.rule.stated.statement(*cell)
        if statement is None:
            return []
        left, came = self.rule.stated.changes(statement)
        units = (unit for units in (left, came) for unit in self.rule.standing.tops(units))
        return [unit for unit in units if self.rule.value(unit, *cell[1:]) is None]

    def missing_lines(self, unit: str, line: str, period: Period) -> tuple[str, ...]:
        """Return the component lines that are not whole, lowest down, where others of them are."""
        components = self.rule.parts_of(unit, line, period)
        missing = [part for part in components if self.rule.value(unit, part, period) is None]
        if not missing or len(missing) == len(components):
            return ()
        return tuple(low for part in missing for low in self.missing_lines(unit, part, period) or (part,))

    def cut(self, unit: str, line: str, period: Period) -> Iterable[Posting]:
        """Return the postings that the end of a statement, or of the period, cuts in two."""
        days = {*self.rule.stated.ends(unit, line, period), period.end, day_before(period.start)}
        return (posting for day in days for posting in self.rule.cut_by(unit, line, day))
