"""Why a cell is unknown, or says less than one might think: a sentence beside the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.value import Column
from projections.report_columns import column_period

if TYPE_CHECKING:
    from projections.figures import Figures

Stated = dict[tuple[str, str], list[Period]]


@frozen(slots=True, eq=False, repr=False)
class ColumnNotes:
    """Notes on the cells of one column.

    Attributes:
        column: the column.
        period: what it covers.
        sums: whether what is stated for a part of the period is missing from a sum of postings.
        other: other periods of the same year for which something is stated, by unit and line.
    """

    column: Column
    period: Period
    sums: bool
    other: Stated

    def of(self, unit: str, line: str) -> str:
        """Return the note on a cell; empty where it is known and whole."""
        if self.column.cell(unit, line) is None and self.column.is_touched(unit, line):
            return "an amount below it cannot be counted; see the findings"
        if self.column.cell(unit, line) is None:
            other = self._stated_elsewhere(unit, line)
            known = f"; stated for {_labels(other)}" if other else ""
            return f"nobody stated or posted it for {self.period.label}{known}"
        if not self.other or not self.sums:
            return ""
        value = self.column.value(unit, line)
        inside = [p for p in self._stated_elsewhere(unit, line) if self.period.contains(p)]
        if inside and value is not None and not value.stated:
            return f"only what was posted; the total stated for {_labels(inside)} is not part of it"
        return ""

    def _stated_elsewhere(self, unit: str, line: str) -> list[Period]:
        lines = self.column.chart.at_or_below(line)
        return sorted({period for below in lines for period in self.other.get((unit, below), ())})


def notes_on(figures: Figures, cumulative: Period, columns: dict[str, Column]) -> dict[str, ColumnNotes]:
    """Return the notes of the columns of a report whose actuals cover `cumulative`."""
    stated = {measure: figures.stated_periods(measure) for measure in ("actual", "budget")}
    notes = {}
    for name, column in columns.items():
        measure, period = "budget" if name == "budget" else "actual", column_period(name, cumulative)
        other = {
            key: found
            for key, known in stated[measure].items()
            if (found := [p for p in known if p.year == period.year and p != period])
        }
        notes[name] = ColumnNotes(column, period, measure == "actual", other)
    return notes


def _labels(periods: list[Period]) -> str:
    return ", ".join(period.label for period in periods)
