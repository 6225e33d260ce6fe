"""The value rule once more, slow and obvious, over the plain list of events: what the product is compared with.

Written from the words of the rule, not from the product: it knows the events and the chart's data, nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from attrs import frozen

from events.base import Event
from events.figures import ActualCorrected, ActualPosted, BudgetAdopted, BudgetAmended, FigureStated, StatementWithdrawn
from events.organisation import UnitEstablished, UnitMerged, UnitMoved
from heinola_es.chart import Chart

if TYPE_CHECKING:
    from datetime import date

    from events.period import Period

Posting = ActualPosted | ActualCorrected | BudgetAdopted | BudgetAmended


@frozen(eq=False)
class Reference:
    """A log as a list: the event at position n is the n-th."""

    events: Sequence[Event]
    chart: Chart

    # ---------------------------------------------------------------- who stands where

    def kind(self, unit: str) -> str:
        """Return what a unit was established as."""
        return next(e.kind for e in self.events if isinstance(e, UnitEstablished) and e.code == unit)

    def stands_under(self, unit: str, day: date) -> str | None:
        """Return the unit above on a day: the one it was merged into, once it was, else where it last moved."""
        above: str | None = None
        since = None
        for event in self.events:
            if isinstance(event, UnitEstablished | UnitMoved) and event.code == unit:
                start = event.effective.start
                if start <= day and (since is None or start >= since):
                    above, since = event.parent, start
        for event in self.events:
            if isinstance(event, UnitMerged) and event.code == unit and event.effective.start < day:
                above = event.into
        return above

    def directly_below(self, unit: str, day: date) -> list[str]:
        """Return the units whose figures are part of this one's: those right below it, investments kept apart."""
        established = [e for e in self.events if isinstance(e, UnitEstablished) and e.effective.start <= day]
        return [
            e.code
            for e in established
            if self.stands_under(e.code, day) == unit
            and e.kind.startswith("investment") == self.kind(unit).startswith("investment")
        ]

    def with_all_below(self, unit: str, day: date) -> list[str]:
        """Return a unit with everything below it."""
        return [unit, *(low for child in self.directly_below(unit, day) for low in self.with_all_below(child, day))]

    def at_or_below(self, line: str) -> list[str]:
        """Return a line and everything it is the sum of."""
        return [line, *(low for part in self.chart.lines[line].components for low in self.at_or_below(part))]

    # ---------------------------------------------------------------- what was said

    def statements(self, measure: str) -> list[tuple[int, FigureStated]]:
        """Return the statements that were not withdrawn later, with their positions."""
        return [
            (position, event)
            for position, event in enumerate(self.events)
            if isinstance(event, FigureStated)
            and event.measure == measure
            and not any(
                isinstance(later, StatementWithdrawn)
                and (later.unit, later.line, later.measure, later.effective)
                == (event.unit, event.line, event.measure, event.effective)
                for later in self.events[position:]
            )
        ]

    def postings(self, measure: str, period: Period) -> list[tuple[int, Posting]]:
        """Return what adds, with positions: actuals inside the period; decisions on the year's budget by its end."""
        return [
            (position, event)
            for position, event in enumerate(self.events)
            if (
                isinstance(event, ActualPosted | ActualCorrected)
                and measure == "actual"
                and period.start <= event.effective.start
                and event.effective.end <= period.end
            )
            or (
                isinstance(event, BudgetAdopted | BudgetAmended)
                and measure == "budget"
                and event.fiscal_year == period.end.year
                and event.effective.end <= period.end
            )
        ]

    def values(self, measure: str, period: Period) -> dict[tuple[str, str], int]:
        """Return the value of every cell that has one, by unit and line."""
        day = period.end
        below = {e.code: self.directly_below(e.code, day) for e in self.events if isinstance(e, UnitEstablished)}
        everything_below = {unit: self.with_all_below(unit, day) for unit in below}
        statements, postings = self.statements(measure), self.postings(measure, period)

        def latest_statement(unit: str, line: str) -> tuple[int, FigureStated] | None:
            of_the_cell = [(at, said) for at, said in statements if (said.unit, said.line) == (unit, line)]
            if measure == "actual":
                return max((s for s in of_the_cell if s[1].effective == period), key=lambda s: s[0], default=None)
            by_then = [s for s in of_the_cell if s[1].effective.end.year == day.year and s[1].effective.end <= day]
            return max(by_then, key=lambda s: (s[1].effective.end, s[0]), default=None)

        def came_later(at: int, posting: Posting, since: int, said: FigureStated) -> bool:
            decided_later = measure == "budget" and posting.effective.end > said.effective.end
            return not getattr(posting, "detail", False) and (at > since or decided_later)

        @cache
        def value(unit: str, line: str) -> int | None:
            lines = self.at_or_below(line)
            stated = latest_statement(unit, line)
            if stated is not None:
                since, said = stated
                return said.amount_cents + sum(
                    p.amount_cents
                    for at, p in postings
                    if p.unit in everything_below[unit] and p.line in lines and came_later(at, p, since, said)
                )
            own = [p for _at, p in postings if p.unit == unit]
            from_units = [value(child, line) for child in below[unit]]
            if any(amount is not None for amount in from_units):
                return sum(a for a in from_units if a is not None) + sum(p.amount_cents for p in own if p.line in lines)
            on_the_line = [p.amount_cents for p in own if p.line == line]
            from_components = [value(unit, component) for component in self.chart.lines[line].components]
            if any(amount is not None for amount in from_components):
                return sum(a for a in from_components if a is not None) + sum(on_the_line)
            return sum(on_the_line) if on_the_line else None

        cells = {(unit, line): value(unit, line) for unit in below for line in self.chart.lines}
        return {cell: amount for cell, amount in cells.items() if amount is not None}

    def is_inside_a_total(self, measure: str, unit: str, line: str, period: Period) -> bool:
        """Return whether a posting would be counted in a statement that holds already, of the unit or of one above."""
        return any(
            line in self.at_or_below(said.line)
            and unit in self.with_all_below(said.unit, said.effective.end)
            and (
                (said.effective.start <= period.start and period.end <= said.effective.end)
                if measure == "actual"
                else period.end <= said.effective.end
            )
            for _at, said in self.statements(measure)
        )
