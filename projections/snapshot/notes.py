"""Why a cell is unknown, or not whole: a note beside the cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.domain.value_rule.column import Column
from heinola_es.domain.value_rule.facts import BUDGET
from projections.read_models.stored_facts import StoredFacts
from projections.snapshot.columns import Measured, ReportColumn
from projections.snapshot.model import Cell, Note

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heinola_es.domain.value_rule.value import Partial
    from projections.snapshot.figures import Figures

Stated = dict[tuple[str, str], list[Period]]


@frozen(slots=True, eq=False, repr=False)
class ColumnNotes:
    """Notes on the cells of one column.

    Attributes:
        column: the column.
        facts: what it is made of.
        period: what it covers.
        other: other periods of the same year for which something is stated, by unit and line.
    """

    column: Column
    facts: StoredFacts
    period: Period
    other: Stated

    def of(self, unit: str, line: str) -> Note:
        """Return the note on a cell that is not whole."""
        own = self.column.named(line)
        if own is None:
            return Note("no_counterpart", {"period": self.period})
        if self.column.is_touched(unit, line):
            return Note("unread")
        partial = self.column.partial(unit, line)
        if partial is not None:
            return _on_partial(unit, partial)
        if self.facts.measure == BUDGET and (note := self._on_later_budget(unit, line)):
            return note
        if self.other and (other := tuple(self._stated_elsewhere(unit, own))):
            return Note("stated_elsewhere", {"period": self.period, "periods": other})
        return Note("unknown", {"period": self.period})

    def _on_later_budget(self, unit: str, line: str) -> Note | None:
        """Return the note on a budget that is there from a day after the column's on."""
        first_decisions = self.facts.first_decisions()
        if not (self.facts.statements or first_decisions):
            return None
        lines, units = self.column.chart.at_or_below(line), self.column.rule.standing.with_below(unit)
        stated = [one for one in self.facts.statements if one.unit in units and one.line in lines]
        days = [one.day for one in stated if one.day > self.column.period.end]
        if days:
            return Note("budget_stated_from", {"day": min(days)})
        decided = [day for code, day in first_decisions.items() if code in units]
        return Note("budget_decided_from", {"day": min(decided)}) if decided else None

    def _stated_elsewhere(self, unit: str, line: str) -> list[Period]:
        lines = self.column.chart.at_or_below(line)
        return sorted({period for below in lines for period in self.other.get((unit, below), ())})


def beside_budget(deviation: Cell) -> Note:
    """Return whether a deviation from the budget, which is not 0, is better or worse."""
    return Note("better_than_budget" if deviation.cents > 0 else "worse_than_budget")


def notes_on(figures: Figures, period: Period, columns: Mapping[ReportColumn, Column]) -> dict[str, ColumnNotes]:
    """Return the notes of columns of what is recorded, by name, in the report of `period`."""
    stated: dict[str, Stated] = {}
    notes = {}
    for of_report, column in columns.items():
        source, covered = of_report.source, of_report.covers(period)
        if not isinstance(source, Measured) or source.measure == "forecast":
            continue
        measure = source.stated_as
        if measure not in stated:
            stated[measure] = figures.stated_periods(measure)
        other = {
            key: found
            for key, known in stated[measure].items()
            if (found := [p for p in known if p.year == covered.year and p != covered])
        }
        facts = figures.facts(source.measure, covered.year)
        notes[of_report.name] = ColumnNotes(column, facts, covered, other)
    return notes


def _on_partial(unit: str, partial: Partial) -> Note:
    """Return what is missing from a cell: the lines, where only some are, else the day and how many units."""
    if partial.missing_lines:
        return Note("lines_missing", {"missing_lines": partial.missing_lines})
    units = sum(code != unit for code in partial.missing_units)
    if partial.through is None:
        return Note("known_in_part", {"missing_units": units})
    return Note("known_through", {"through": partial.through, "missing_units": units})
