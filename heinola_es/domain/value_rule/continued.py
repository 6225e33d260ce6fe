"""A column of an earlier year that has another chart: asked by the lines of the report, it answers by its own.

Figures of each year keep the lines they were recorded on, and follow by the sums of the chart of that year. A line of
the report stands for the one that it continues; of one that continues none, nothing is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import define

from heinola_es.domain.value_rule.column import Column

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.domain.value_rule.facts import Posting, Statement
    from heinola_es.domain.value_rule.value import Partial, Route, Value


@define(slots=True, eq=False, repr=False)
class ContinuedColumn(Column):
    """The cells of a column by the lines of a later chart.

    Attributes:
        kept: the column by the lines of its own year.
        lines: of these, the one that each line of the later chart continues.
    """

    kept: Column
    lines: Mapping[str, str]

    @classmethod
    def over(cls, kept: Column, lines: Mapping[str, str]) -> ContinuedColumn:
        """Return a column by the lines that continue its own."""
        return cls(kept.rule, kept.period, kept.parts, kept.plain, kept, lines)

    @property
    def as_kept(self) -> Column:
        """The column by the lines of its own year."""
        return self.kept

    def named(self, line: str) -> str | None:
        """Return the line of its own year that a line continues; None where it continues none."""
        return self.lines.get(line)

    def value(self, unit: str, line: str) -> Value | None:
        """Return the value of a cell; None where it is not whole, or there is no such line."""
        own = self.lines.get(line)
        return None if own is None else self.kept.value(unit, own)

    def partial(self, unit: str, line: str) -> Partial | None:
        """Return the known part of a cell that is not whole."""
        own = self.lines.get(line)
        return None if own is None else self.kept.partial(unit, own)

    def is_unknown(self, unit: str, line: str) -> bool:
        """Return whether a cell is neither whole nor known in part."""
        own = self.lines.get(line)
        return own is None or self.kept.is_unknown(unit, own)

    def routes(self, unit: str, line: str) -> dict[Route, Value]:
        """Return the value of a cell by every route that is whole."""
        own = self.lines.get(line)
        return {} if own is None else self.kept.routes(unit, own)

    def statement(self, unit: str, line: str) -> Statement | None:
        """Return the statement that holds for exactly a cell."""
        own = self.lines.get(line)
        return None if own is None else self.kept.statement(unit, own)

    def statements(self) -> dict[tuple[str, str], Statement]:
        """Return the statements that hold for exactly a cell, by unit and the line that continues theirs."""
        later = {own: line for line, own in self.lines.items()}
        return {(unit, later[own]): one for (unit, own), one in self.kept.statements().items() if own in later}

    def cell(self, unit: str, line: str) -> tuple[int, int] | None:
        """Return the cents and the precision of a cell's value."""
        own = self.lines.get(line)
        return None if own is None else self.kept.cell(unit, own)

    def cells(self, unit: str) -> Callable[[str], tuple[int, int] | None]:
        """Return what tells the cents and the precision of a unit's cells by their line."""
        known, lines = self.kept.cells(unit), self.lines
        return lambda line: known(lines[line]) if line in lines else None

    def tells(self, unit: str, line: str) -> bool:
        """Return whether anything is told of a cell."""
        own = self.lines.get(line)
        return own is not None and self.kept.tells(unit, own)

    def is_known(self, unit: str, line: str) -> bool:
        """Return whether a cell is whole, or known in part."""
        own = self.lines.get(line)
        return own is not None and self.kept.is_known(unit, own)

    def is_touched(self, unit: str, line: str) -> bool:
        """Return whether a cell has what cannot be counted."""
        own = self.lines.get(line)
        return own is not None and self.kept.is_touched(unit, own)

    def own(self, unit: str, lines: frozenset[str]) -> list[Posting]:
        """Return a unit's own postings on any of the lines."""
        return self.kept.own(unit, frozenset(self.lines[line] for line in lines if line in self.lines))
