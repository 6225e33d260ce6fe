"""The rows of figures of a snapshot: a cell per column, what follows from other columns, and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast

from attrs import evolve, field, frozen

from heinola_es.domain.chart import CITY, Chart
from heinola_es.domain.value_rule.column import Column
from projections.snapshot.columns import (
    ACTUAL,
    EXTERNAL_AND_INTERNAL,
    FORECAST,
    FORECAST_DEVIATION,
    INTERNAL_PARTS,
    Measured,
    ReportColumn,
    Share,
    Source,
    Sum,
    column_named,
)
from projections.snapshot.model import Cell, ExcludedRow, FigureRow, Note, Partial, PriorYear
from projections.snapshot.notes import ColumnNotes, beside_budget, notes_on
from projections.snapshot.percent import percent_text

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.domain.aggregates.organisation import UnitThen
    from projections.snapshot.figures import Figures
    from projections.snapshot.forecasts import ForecastColumn

_NOTHING = Cell(0, 1)
Cells = Callable[[str], tuple[int, int] | None]
"""What tells the cents and the precision of a unit's cells in a column by their line."""


@frozen(slots=True, eq=False, repr=False)
class PriorColumns:
    """The columns of an earlier year that a row shows beside its own, and the internal part of them for a city."""

    year: int
    columns: Mapping[str, Column]
    internal: Mapping[str, Column] = field(factory=dict)

    def of(self, unit: str, line: str) -> PriorYear:
        """Return the year's part of a row."""
        known = {name: column.cell(unit, line) for name, column in self.columns.items()}
        cells = {name: None if cell is None else Cell(*cell) for name, cell in known.items()}
        return PriorYear(year=self.year, cells=cells, partial=_partial(unit, line, cells, self.columns))

    def divided(self, unit: str, line: str, told: PriorYear) -> PriorYear:
        """Return the year's part of a row with what its amounts are without internal items."""
        left = {
            name: _without(self.columns[name].cell(unit, line), part.cell(unit, line))
            for name, part in self.internal.items()
        }
        return evolve(told, external=left)


@frozen(slots=False, eq=False, repr=False)
class Rows:
    """What the rows of a snapshot are made of.

    Attributes:
        chart: the lines.
        shown: the columns of the report, in order.
        measured: those of what is recorded, and those that others are worked out from.
        notes: on each of these.
        prior_years: earlier years asked for, the latest first.
        all_lines: whether every line that is known is shown, or the unit's layout alone.
        internal: where there is a city, and anything is internal, the internal part of columns by their name.
        nothing: the names of columns that others are worked out from, and that cover no day.
        left: the last days of units that earlier years are shown without.
    """

    chart: Chart
    shown: tuple[ReportColumn, ...]
    measured: Mapping[ReportColumn, Column]
    notes: Mapping[str, ColumnNotes]
    prior_years: Sequence[PriorColumns]
    all_lines: bool
    internal: Mapping[str, Column] = field(factory=dict)
    nothing: tuple[str, ...] = ()
    left: Mapping[str, date] = field(factory=dict)

    @classmethod
    def of_report(
        cls, figures: Figures, period: Period, shown: tuple[ReportColumn, ...], *, years: int, all_lines: bool
    ) -> Rows:
        """Return the rows of the report of `period` in some columns, beside `years` prior years."""
        rests_on = dict.fromkeys(measured for column in shown for measured in column.measured())
        of_figures = [column for column in rests_on if not column.covers_nothing(period)]
        for column in of_figures:
            figures.expect(column, period)
        measured = {column: figures.of(column, period) for column in of_figures}
        back = [column for column in shown if column.years_back and isinstance(column.source, Measured)]
        prior_years = [
            PriorColumns(
                period.year - further - 1,
                {each.name: figures.of(each, period, further) for each in back},
                _internal_of_a_city(figures, period, back, further),
            )
            for further in range(1, years)
        ]
        notes = notes_on(figures, period, {column: known for column, known in measured.items() if column in shown})
        internal = _internal_of_a_city(figures, period, measured)
        nothing = tuple(column.name for column in rests_on if column not in measured)
        left = {code: figures.organisation.units[code].last_day for code in figures.left}
        return cls(figures.chart, shown, measured, notes, prior_years, all_lines, internal, nothing, left)

    def compared(self) -> dict[str, Column]:
        """Return the columns that are reconciled, by name."""
        return {column.name: known for column, known in self.measured.items() if column.compares}

    def of_unit(self, unit: UnitThen) -> tuple[FigureRow, ...]:
        """Return a unit's rows in the order of its layout, then other lines in that of the chart.

        These are the lines that its units below are told by, where its own rows are not known; and, if asked for, every
        line of which anything is told.
        """
        layout, always = self.chart.layout_of(unit.kind), always_shown(self.chart, unit)
        further = [line for line in self._further(unit) if line not in layout.rows]
        others = [line for line in layout.rows if line in layout.only_when_known]
        if self.all_lines:
            others += [line for line in self.chart.lines if line not in layout.rows]
        lines = {*always, *further, *(line for line in others if self._is_told(unit.code, line))}
        lines |= self._instead(unit.code, always)
        rest = [line for line in self.chart.lines if line not in layout.rows and line not in further]
        known = [(column.name, of_figures.cells(unit.code)) for column, of_figures in self.measured.items()]
        rows = (self._row(unit.code, line, known) for line in (*layout.rows, *further, *rest) if line in lines)
        if unit.code in self.left:
            return tuple(self._without_earlier_years(unit.code, row) for row in rows)
        return tuple(map(partial(self._divided, unit.code), rows) if self.internal and unit.kind == CITY else rows)

    def _without_earlier_years(self, unit: str, row: FigureRow) -> FigureRow:
        """Return a row of a unit that left the city: what it comes to in earlier years is told apart."""
        back = {column.name for column in self.measured if column.years_back}
        on = [column for column in self.shown if any(one.name in back for one in column.measured())]
        note = Note("left_the_city", {"day": self.left[unit]})
        amounts = dict.fromkeys((column.name for column in on if column.is_amount), None)
        shares = dict.fromkeys((column.name for column in on if not column.is_amount), None)
        return evolve(
            row,
            cells={**row.cells, **amounts},
            percents={**row.percents, **shares},
            partial={name: part for name, part in row.partial.items() if name not in back},
            notes={**row.notes, **dict.fromkeys((column.name for column in on), note)},
            prior_years=tuple(evolve(one, cells=dict.fromkeys(one.cells), partial={}) for one in row.prior_years),
        )

    def of_earlier_years(self, unit: UnitThen) -> tuple[ExcludedRow, ...]:
        """Return what a unit comes to in earlier years: the lines of which anything is told, or should be known."""
        back = {column.name: known for column, known in self.measured.items() if column.years_back}
        columns = [*back.values(), *(known for prior in self.prior_years for known in prior.columns.values())]
        always = always_shown(self.chart, unit)
        return tuple(
            self._of_earlier_years(unit.code, line, back)
            for line in self.chart.layout_of(unit.kind).rows
            if any(c.tells(unit.code, line) or (line in always and c.is_wanted(unit.code, line)) for c in columns)
        )

    def _of_earlier_years(self, unit: str, line: str, back: Mapping[str, Column]) -> ExcludedRow:
        known = {name: column.cell(unit, line) for name, column in back.items()}
        cells = {name: None if cell is None else Cell(*cell) for name, cell in known.items()}
        return ExcludedRow(
            line=line,
            label=self.chart.lines[line].labels["fi"],
            cells=cells,
            partial=_partial(unit, line, cells, back),
            prior_years=tuple(prior.of(unit, line) for prior in self.prior_years),
        )

    def _divided(self, unit: str, row: FigureRow) -> FigureRow:
        """Return a row with what its amounts are without internal items."""
        whole = {column.name: known.cell(unit, row.line) for column, known in self.measured.items()}
        left: dict[str, Cell | None] = dict.fromkeys([*whole, *self.nothing])
        left |= {name: _without(whole[name], part.cell(unit, row.line)) for name, part in self.internal.items()}
        left |= dict.fromkeys(self.nothing, _NOTHING)
        if FORECAST.name in whole:
            left[FORECAST.name] = cast("ForecastColumn", self.measured[FORECAST]).without_internal(unit, row.line)
        told = [column for column in self.shown if column.is_amount and column.name not in EXTERNAL_AND_INTERNAL]
        return evolve(
            row,
            external={column.name: _amount(left, column) for column in told},
            prior_years=tuple(
                of_year.divided(unit, row.line, one)
                for of_year, one in zip(self.prior_years, row.prior_years, strict=True)
            ),
        )

    def _further(self, unit: UnitThen) -> list[str]:
        """Return the rows of a unit's further tables, of each where something is told of a line that it alone has.

        What such a table has in common with the others is no reason to show it.
        """
        found: list[str] = []
        for layout in self.chart.further_layouts_of(unit.kind):
            known = [line for line in layout.rows if line in layout.only_when_known and self._is_told(unit.code, line)]
            own = set(known).difference(self.chart.layout_of(unit.kind).rows)
            if any(self.chart.lines[line].additive for line in own):
                found += [line for line in layout.rows if line in known or line not in layout.only_when_known]
        return found

    def shows(self, unit: UnitThen, line: str) -> bool:
        """Return whether a unit has a row of a line; as `of_unit` has it."""
        layout, always = self.chart.layout_of(unit.kind), always_shown(self.chart, unit)
        if line in always or line in self._further(unit):
            return True
        if (self.all_lines or line in layout.rows) and self._is_told(unit.code, line):
            return True
        return line in self._instead(unit.code, always)

    def _is_told(self, unit: str, line: str) -> bool:
        """Return whether any column, of a prior year too, has something to tell of a line."""
        return any(column.tells(unit, line) for column in self._all_columns)

    def _instead(self, unit: str, always_shown: list[str]) -> set[str]:
        """Return the lines of the units below that are whole in a column in which none of the unit's own rows is.

        Where nothing at all is known of its own rows, those that are known in part as well.
        """
        found: set[str] = set()
        for column in self.measured.values():
            if column.is_plain(unit) or any(column.cell(unit, line) is not None for line in always_shown):
                continue
            own_in_part = any(column.is_known(unit, line) for line in always_shown)
            kinds = {column.organisation.units[code].kind for code in column.organisation.below(unit)}
            rows = {line for kind in kinds for line in self.chart.layout_of(kind).rows}.difference(always_shown)
            found |= {
                line
                for line in rows
                if column.cell(unit, line) is not None or (not own_in_part and column.is_known(unit, line))
            }
        return found

    def _row(self, unit: str, line: str, columns: Sequence[tuple[str, Cells]]) -> FigureRow:
        known = {name: None if (cell := of_line(line)) is None else Cell(*cell) for name, of_line in columns}
        known |= dict.fromkeys(self.nothing, _NOTHING)
        is_whole = all(known.values())
        return FigureRow(
            line=line,
            label=self.chart.lines[line].labels["fi"],
            cells=known if self._all_measured else self._amounts(known),
            percents={column.name: _share(known, column.source) for column in self._shares},
            partial={} if is_whole else _partial(unit, line, known, self._shown_by_name),
            printed_label=self._printed_labels.get((unit, line), ""),
            notes=self._all_notes(unit, line, known, is_whole=is_whole),
            prior_years=tuple([prior.of(unit, line) for prior in self.prior_years]) if self.prior_years else (),
        )

    def _amounts(self, known: dict[str, Cell | None]) -> dict[str, Cell | None]:
        """Return the amounts of the columns that are shown, from those of what is recorded."""
        return {column.name: _amount(known, column) for column in self.shown if column.is_amount}

    def _all_notes(
        self, unit: str, line: str, known: Mapping[str, Cell | None], *, is_whole: bool
    ) -> Mapping[str, Note]:
        notes = {} if is_whole else self._notes(unit, line, known)
        return notes | self._on_forecast(unit, line, known) if FORECAST.name in known else notes

    def _on_forecast(self, unit: str, line: str, known: Mapping[str, Cell | None]) -> dict[str, Note]:
        """Return how a forecast was come by, and whether it is better than the budget."""
        found = dict[str, Note]()
        note = cast("ForecastColumn", self.measured[FORECAST]).note(unit, line)
        if note is not None and FORECAST in self.shown:
            found[FORECAST.name] = note
        deviation = _amount(known, FORECAST_DEVIATION) if FORECAST_DEVIATION in self.shown else None
        if deviation is not None and deviation.cents:
            found[FORECAST_DEVIATION.name] = beside_budget(deviation)
        return found

    def _notes(self, unit: str, line: str, cells: Mapping[str, Cell | None]) -> dict[str, Note]:
        return {name: notes.of(unit, line) for name, notes in self.notes.items() if cells[name] is None}

    # ------------------------------------------------------------ the same for all rows

    @cached_property
    def _all_measured(self) -> bool:
        """Whether the amounts that are shown are those of what is recorded, and no others."""
        return [column for column in self.shown if column.is_amount] == list(self.measured)

    @cached_property
    def _shares(self) -> tuple[ReportColumn, ...]:
        return tuple(column for column in self.shown if not column.is_amount)

    @cached_property
    def _shown_by_name(self) -> dict[str, Column]:
        return {column.name: known for column, known in self.measured.items() if column in self.shown}

    @cached_property
    def _all_columns(self) -> list[Column]:
        """The columns of what is recorded, those of prior years among them."""
        return [*self.measured.values(), *(column for prior in self.prior_years for column in prior.columns.values())]

    @cached_property
    def _printed_labels(self) -> dict[tuple[str, str], str]:
        """The labels that a document printed beside the actuals, where they are others than those of the chart."""
        column = self.measured.get(ACTUAL)
        return {
            (unit, line): statement.label
            for (unit, line), statement in (column.statements() if column else {}).items()
            if line in self.chart.lines
            if statement.label.casefold() not in {"", self.chart.lines[line].labels["fi"].casefold()}
        }


def always_shown(chart: Chart, unit: UnitThen) -> list[str]:
    """Return the lines of which a unit has a row whatever is known of them."""
    layout = chart.layout_of(unit.kind)
    return [line for line in layout.rows if line not in layout.only_when_known]


def _partial(
    unit: str, line: str, cells: Mapping[str, Cell | None], columns: Mapping[str, Column]
) -> dict[str, Partial]:
    """Return what is known of the cells that are not whole, by their column."""
    found = {}
    for name, column in columns.items():
        known = column.partial(unit, line) if cells[name] is None else None
        if known is not None:
            found[name] = Partial(
                cents=known.cents,
                through=known.through,
                missing_units=known.missing_units,
                missing_lines=known.missing_lines,
                cut=known.cut,
            )
    return found


def _amount(known: Mapping[str, Cell | None], column: ReportColumn) -> Cell | None:
    """Return an amount that is known, or what others add up to; None where one of these is not known."""
    if not isinstance(column.source, Sum):
        return known[column.name]
    cells = [(_amount(known, column_named(name)), times) for name, times in column.source.terms.items()]
    added = [(cell, times) for cell, times in cells if cell is not None]
    if len(added) < len(cells):
        return None
    return Cell(sum(cell.cents * times for cell, times in added), max(cell.precision_cents for cell, _ in added))


def _without(whole: tuple[int, int] | None, part: tuple[int, int] | None) -> Cell | None:
    """Return what is left of an amount without a part of it; None where one of them is not known."""
    if whole is None or part is None:
        return None
    return Cell(whole[0] - part[0], max(whole[1], part[1]))


def _internal_of_a_city(
    figures: Figures, period: Period, measured: Iterable[ReportColumn], further_back: int = 0
) -> dict[str, Column]:
    """Return the internal part of columns, by their name, where there is a city and anything is internal."""
    if not figures.has_internal() or all(unit.kind != CITY for unit in figures.organisation.units.values()):
        return {}
    names = [of.name for of in measured if of.name in INTERNAL_PARTS]
    return {name: figures.of(INTERNAL_PARTS[name], period, further_back) for name in names}


def _share(known: Mapping[str, Cell | None], source: Source) -> Decimal | None:
    """Return how many per cent one amount is of another, half up to two decimals; None where there is none to tell."""
    if not isinstance(source, Share):
        raise TypeError(f"{source} is no share")
    part = known[source.part] if source.part in known else _amount(known, column_named(source.part))
    whole = known[source.whole] if source.whole in known else _amount(known, column_named(source.whole))
    if part is None or whole is None:
        return None
    text = percent_text(part.cents, whole.cents)
    return None if text is None else Decimal(text)
