"""Why a cell is unknown, or says less than one might think: a sentence beside the cell."""

from __future__ import annotations

from attrs import define, field

from events.period import Period
from heinola_es.value import Column
from projections.figures import Figures


@define(slots=True)
class Notes:
    """Notes on the cells of one snapshot.

    Attributes:
        figures: where other statements are looked up.
        cumulative: the period of the `actual` column.
        columns: the columns noted on.
    """

    figures: Figures
    cumulative: Period
    columns: dict[str, Column]
    _stated: dict[str, dict[tuple[str, str], list[Period]]] = field(factory=dict)

    def of(self, unit: str, line: str) -> dict[str, str]:
        """Return the notes on a row by column; empty where every cell is known and whole."""
        told = {name: self._note(name, column, unit, line) for name, column in self.columns.items()}
        return {name: note for name, note in told.items() if note}

    def _note(self, name: str, column: Column, unit: str, line: str) -> str:
        value = column.value(unit, line)
        if value is not None and value.route == "statement":
            return ""
        measure = "budget" if name == "budget" else "actual"
        period = self._period(name)
        other = self._other_statements(measure, unit, line, period)
        if value is None:
            known = f"; stated for {', '.join(p.label for p in other)}" if other else ""
            return f"nobody stated or posted it for {period.label}{known}"
        inside = [p for p in other if period.contains(p) and measure == "actual"]
        if inside and not value.stated:
            return f"only what was posted; the total stated for {', '.join(p.label for p in inside)} is not part of it"
        return ""

    def _period(self, name: str) -> Period:
        return {
            "final_accounts": Period.of_year(self.cumulative.year - 1),
            "prior_actual": self.cumulative.years_before(1),
            "budget": Period.of_year(self.cumulative.year),
            "actual": self.cumulative,
        }[name]

    def _other_statements(self, measure: str, unit: str, line: str, period: Period) -> list[Period]:
        if measure not in self._stated:
            self._stated[measure] = self.figures.stated_periods(measure)
        stated = self._stated[measure]
        periods = {p for below in self.figures.chart.at_or_below(line) for p in stated.get((unit, below), [])}
        return sorted(p for p in periods if p.year == period.year and p != period)
