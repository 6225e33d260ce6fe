"""What covers the books of units, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.language.coverage import covered_by
from projections.report.language.scale import UNKNOWN
from projections.snapshot.coverage import runs
from projections.writers.terminal.grid import GridColumn, grid, styled
from projections.writers.terminal.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.report.language.words import Words
    from projections.snapshot.coverage import UnitCoverage


def coverage_page(words: Words, covered: Iterable[UnitCoverage], *, width: int, colour: bool) -> str:
    """Return what covers the books of units as text of lines: a unit each, or more where the page is narrow."""
    columns = (
        GridColumn(heading=words.say("Unit")),
        GridColumn(heading=words.say("Name"), share=2),
        GridColumn(heading=words.say("Through"), right=True),
        GridColumn(heading=words.say("Months"), share=3),
        GridColumn(heading=words.say("Budget"), share=1),
    )
    rows = [
        (
            one_line(unit.unit),
            one_line(unit.name),
            UNKNOWN if unit.through is None else words.numbers.day(unit.through),
            ", ".join(f"{runs(months)} {covered_by(words, by)}" for by, months in unit.months.items()) or UNKNOWN,
            ", ".join(covered_by(words, by) for by in unit.budget.split(", ") if by) or UNKNOWN,
        )
        for unit in covered
    ]
    return styled(grid(columns, rows, width, indent=0), width, colour=colour)
