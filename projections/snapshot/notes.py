"""Why a cell is unknown, or says less than one might think: a note beside the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.value import Column
from projections.snapshot.columns import Measured, ReportColumn
from projections.snapshot.model import Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.snapshot.figures import Figures

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

    def of(self, unit: str, line: str) -> Note | None:
        """Return the note on a cell; None where it is known and whole."""
        if self.column.cell(unit, line) is None:
            return self._on_unknown(unit, line)
        if not self.other or not self.sums:
            return None
        value = self.column.value(unit, line)
        inside = tuple(p for p in self._stated_elsewhere(unit, line) if self.period.contains(p))
        if inside and value is not None and not value.stated:
            return Note("posted_only", {"periods": inside})
        return None

    def _on_unknown(self, unit: str, line: str) -> Note:
        if self.column.is_touched(unit, line):
            return Note("unread")
        if other := tuple(self._stated_elsewhere(unit, line)):
            return Note("stated_elsewhere", {"period": self.period, "periods": other})
        return Note("unknown", {"period": self.period})

    def _stated_elsewhere(self, unit: str, line: str) -> list[Period]:
        lines = self.column.chart.at_or_below(line)
        return sorted({period for below in lines for period in self.other.get((unit, below), ())})


def notes_on(figures: Figures, period: Period, columns: Mapping[ReportColumn, Column]) -> dict[str, ColumnNotes]:
    """Return the notes of columns of what is recorded, by name, in the report of `period`."""
    stated = {measure: figures.stated_periods(measure) for measure in ("actual", "budget")}
    notes = {}
    for of_report, column in columns.items():
        source, covered = of_report.source, of_report.covers(period)
        if not isinstance(source, Measured):
            continue
        other = {
            key: found
            for key, known in stated[source.measure].items()
            if (found := [p for p in known if p.year == covered.year and p != covered])
        }
        notes[of_report.name] = ColumnNotes(column, covered, source.measure == "actual", other)
    return notes
