"""The rows of figures of a snapshot: a cell per column, the use of the budget in per cent, and notes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from events.period import Period
from heinola_es.chart import Chart
from heinola_es.value import Column
from projections.notes import ColumnNotes, notes_on
from projections.percent import percent_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.organisation import UnitThen
    from projections.figures import Figures

Cell = dict[str, int] | None


@frozen(slots=True, eq=False, repr=False)
class PriorYear:
    """The final accounts of an earlier year, and its actual over the same months."""

    year: int
    final_accounts: Column
    prior_actual: Column

    def cells(self, unit: str, line: str) -> dict[str, Any]:
        """Return the year's part of a row."""
        return {
            "year": self.year,
            "final_accounts": _cell(self.final_accounts.cell(unit, line)),
            "prior_actual": _cell(self.prior_actual.cell(unit, line)),
        }


@frozen(slots=True, eq=False, repr=False)
class Rows:
    """What the rows of a snapshot are made of.

    Attributes:
        chart: the lines.
        columns: the four columns of the report.
        notes: on each of them.
        prior_years: earlier years asked for, the latest first.
        all_lines: whether every line that is known is shown, or the unit's layout alone.
    """

    chart: Chart
    columns: dict[str, Column]
    notes: dict[str, ColumnNotes]
    prior_years: list[PriorYear]
    all_lines: bool

    @classmethod
    def of_report(cls, figures: Figures, period: Period, *, years: int, all_lines: bool) -> Rows:
        """Return the rows of the report of `period`, beside `years` prior years."""
        cumulative, columns = period.year_to_date(), figures.of_report(period)
        prior_years = [
            PriorYear(
                cumulative.year - back,
                figures.actual(Period.of_year(cumulative.year - back)),
                figures.actual(cumulative.years_before(back)),
            )
            for back in range(2, years + 1)
        ]
        return cls(figures.chart, columns, notes_on(figures, cumulative, columns), prior_years, all_lines)

    def of_unit(self, unit: UnitThen) -> list[dict[str, Any]]:
        """Return a unit's rows in the order of its layout, then, if asked for, its other lines in that of the chart."""
        layout = self.chart.layout_of(unit.kind)
        lines, always_shown = list(layout.rows), set(layout.rows) - layout.only_when_known
        if self.all_lines:
            lines += [line for line in self.chart.lines if line not in layout.rows]
        return list(self._rows(unit.code, lines, always_shown))

    def _rows(self, unit: str, lines: list[str], always_shown: set[str]) -> Iterator[dict[str, Any]]:
        known = {name: column.cells(unit) for name, column in self.columns.items()}
        for line in lines:
            cells = {name: of_line(line) for name, of_line in known.items()}
            if line in always_shown or any(cell is not None for cell in cells.values()):
                yield self._row(unit, line, cells)

    def _row(self, unit: str, line: str, cells: dict[str, tuple[int, int] | None]) -> dict[str, Any]:
        row: dict[str, Any] = {"line": line, "label": self.chart.lines[line].labels["fi"]}
        for name, cell in cells.items():
            row[name] = None if cell is None else {"cents": cell[0], "precision_cents": cell[1]}
        actual, budget = cells["actual"], cells["budget"]
        row["percent"] = None if actual is None or budget is None else percent_text(actual[0], budget[0])
        statement = self.columns["actual"].statements.get((unit, line))
        if statement and statement.label and statement.label.casefold() != row["label"].casefold():
            row["printed_label"] = statement.label
        if told := self._notes(unit, line, cells):
            row["notes"] = told
        if self.prior_years:
            row["prior_years"] = [prior.cells(unit, line) for prior in self.prior_years]
        return row

    def _notes(self, unit: str, line: str, cells: dict[str, tuple[int, int] | None]) -> dict[str, str]:
        wanted = [name for name, cell in cells.items() if cell is None or self.notes[name].other]
        return {name: note for name in wanted if (note := self.notes[name].of(unit, line))} if wanted else {}


def _cell(cell: tuple[int, int] | None) -> Cell:
    return None if cell is None else {"cents": cell[0], "precision_cents": cell[1]}
