"""What is told of a line and not of any of its parts: what it comes to beside them, and what that says of them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from attrs import frozen

from heinola_es.domain.chart import Chart

Cells = Callable[[str], tuple[int, int] | None]
"""What tells the cents and the precision of a unit's cells by their line; None where one is not whole."""


@frozen(slots=True)
class Rest:
    """A line without some of its parts.

    Attributes:
        line: of the chart.
        parts: the lines that are taken off it.
        forecast: those of them that are to bring something by the year's end.
    """

    line: str
    parts: tuple[str, ...]
    forecast: frozenset[str]

    def known(self, cells: Cells) -> tuple[int, int] | None:
        """Return the cents of the rest in the column of some cells, and their precision; None where nobody knows.

        A difference within what its figures were rounded by is none. A rest beside a part that brings something by the
        year's end, and has nothing in this column, may be that very part, recorded on the line as a whole.
        """
        whole = cells(self.line)
        if whole is None:
            return None
        parts = {part: cells(part) for part in self.parts}
        cents, precision, rounded = whole[0], whole[1], whole[1] // 2
        for known in parts.values():
            if known is None:
                return None
            cents, precision, rounded = cents - known[0], max(precision, known[1]), rounded + known[1] // 2
        if abs(cents) <= rounded:
            return 0, 1
        lacking = any(known is not None and known[0] == 0 for part, known in parts.items() if part in self.forecast)
        return None if lacking else (cents, precision)


@frozen(slots=False)
class BrokenDown:
    """The figures of lines that are told line by line.

    Attributes:
        chart: what lines are the sum of.
    """

    chart: Chart

    def known(self, cells: Cells, line: str) -> tuple[int, int] | None:
        """Return a cell; None where it is 0 only for standing in a whole that is not broken down in its column.

        So is a budget that was decided on for a line whose actuals come by its parts: nobody knows what of it is whose.
        """
        cell = cells(line)
        if cell is None or cell[0] != 0:
            return cell
        return None if any(self._is_undivided(cells, whole) for whole in self._wholes.get(line, ())) else cell

    def _is_undivided(self, cells: Cells, line: str) -> bool:
        """Return whether a line has an amount of which its parts have nothing, or is itself 0 for such a reason."""
        cell = cells(line)
        if cell is None:
            return False
        if cell[0] == 0:
            return self.known(cells, line) is None
        return all((part := cells(one)) is not None and part[0] == 0 for one in self.chart.lines[line].components)

    @cached_property
    def _wholes(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for code, of_line in self.chart.lines.items():
            for part in of_line.components:
                found.setdefault(part, []).append(code)
        return found
