"""The tables of figures: a unit's own lines, and those of all units below it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from attrs import evolve

from projections.report.content.document import Cell, Column, OfColumn, OfRow, Row, Table
from projections.report.content.prose import plain
from projections.report.content.snapshot_material import ON_THEIR_OWN, euros_of, is_investment
from projections.report.language.columns import heading
from projections.report.language.numbers import NBSP
from projections.report.language.scale import UNKNOWN, in_part
from projections.report.language.sentences import note_sentence
from projections.report.language.words import msgid
from projections.snapshot.columns import FORECAST
from projections.snapshot.model import Cell as Amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from events.period import Period
    from projections.report.content.document import NumberForm
    from projections.report.content.snapshot_material import ShownColumn, SnapshotMaterial, Unit
    from projections.report.language.scale import Scale
    from projections.report.language.words import Words
    from projections.snapshot.model import FigureRow

RowKind = Literal["normal", "total", "part", "group"]

_FORMS: Mapping[Scale, NumberForm] = {"thousands": "thousands", "euros": "euros", "cents": "cents"}
_LABELS_SHARE, _NUMBERS_SHARE = 3, 1


def figure_columns(material: SnapshotMaterial) -> tuple[Column, ...]:
    """Return the columns of a table of figures: the line, then those of the report, amounts with their unit."""
    line = Column(title=material.words.say("Line"), share=_LABELS_SHARE)
    return (line, *(_column(material, shown) for shown in material.in_tables))


def _column(material: SnapshotMaterial, shown: ShownColumn) -> Column:
    return column_of(material.words, material.snapshot.period, shown, comparable=material.is_comparable)


def heading_of(material: SnapshotMaterial, shown: ShownColumn) -> str:
    """Return what a column is headed by, with line breaks where it may break."""
    return _heading(material.words, material.snapshot.period, shown, comparable=material.is_comparable)


def _heading(words: Words, period: Period, shown: ShownColumn, *, comparable: bool) -> str:
    further_back = 0 if shown.year is None else period.year - shown.column.years_back - shown.year
    return heading(words, shown.column, period, further_back, comparable=comparable)


def column_of(words: Words, period: Period, shown: ShownColumn, *, comparable: bool) -> Column:
    """Return a column with a header that breaks before what it covers and what is in it, and nowhere else."""
    column, title = shown.column, _heading(words, period, shown, comparable=comparable)
    kept = title.replace(" ", NBSP)
    of = OfColumn(column.name, shown.year, _FORMS[shown.scale] if column.is_amount else "percent")
    if not column.is_amount:
        return Column(title=kept, numeric=True, share=_NUMBERS_SHARE, of=of)
    kept, in_a_workbook = f"{kept}\n{_unit_of(words, shown.scale)}", f"{title}, €".replace("\n", " ")
    aside = words.say("Basis of the forecast") if column is FORECAST else ""
    return Column(title=kept, numeric=True, share=_NUMBERS_SHARE, sheet_title=in_a_workbook, of=of, aside=aside)


def unit_of(material: SnapshotMaterial, column: str) -> str:
    """Return the unit of a column's figures: `1 000 €` or `€`."""
    return _unit_of(material.words, material.scales[column])


def _unit_of(words: Words, scale: Scale) -> str:
    return words.say("€1,000") if scale == "thousands" else "€"


def own_figures(material: SnapshotMaterial, unit: Unit) -> Table:
    """Return the table of a unit's own figures; on a sheet only where no table of the unit above has them."""
    words, name = material.words, material.title(unit)
    external = material.is_external(unit)
    caption = (
        words.say("Figures: {name}, external items", name=name) if external else words.say("Figures: {name}", name=name)
    )
    rows = first_rows(material, material.statement(unit))
    table = _table(material, unit, "figures", caption, [evolve(unit, figures=rows)])
    if external:
        note = words.say("External items: without what the units of the city sell to each other.")
        return evolve(table, note=note)
    return evolve(table, sheet=None) if stands_in_table_above(material, unit) else table


def first_rows(material: SnapshotMaterial, unit: Unit) -> tuple[FigureRow, ...]:
    """Return a unit's rows but for those that stand in its further tables alone."""
    first = material.chart.layout_of(unit.kind).rows
    further = {line for layout in material.chart.further_layouts_of(unit.kind) for line in layout.rows} - set(first)
    return tuple(row for row in unit.figures if row.line not in further)


def further_figures(material: SnapshotMaterial, unit: Unit) -> Iterator[Table]:
    """Yield a unit's further tables, as the cash flow statement of a city, where it has rows for them."""
    first = material.chart.layout_of(unit.kind).rows
    rows = {row.line: row for row in material.statement(unit).figures}
    for layout in material.chart.further_layouts_of(unit.kind):
        shown = [rows[line] for line in layout.rows if line in rows]
        if any(row.line not in first for row in shown):
            caption = f"{layout.title[material.words.language]}: {material.title(unit)}"
            table = _table(material, unit, f"figures-{layout.name}", caption, [evolve(unit, figures=tuple(shown))])
            # by itself, for some of its rows stand in the first table as well
            yield evolve(table, sheet=layout.title[material.words.language])


def figures_below(material: SnapshotMaterial, unit: Unit) -> Table | None:
    """Return one table of the figures of the units right below a unit that have none below them; None without any."""
    units = units_in_table_below(material, unit)
    if not units:
        return None
    title = material.title(unit)
    caption = (
        material.words.say("Figures of the items: {name}", name=title)
        if is_investment(unit)
        else material.words.say("Figures of the units: {name}", name=title)
    )
    return _table(material, unit, "figures-of-units", caption, units, headed=True)


def units_in_table_below(material: SnapshotMaterial, unit: Unit) -> list[Unit]:
    """Return the units right below a unit whose figures stand in one table."""
    return [child for child in material.below(unit) if stands_in_table_above(material, child)]


def stands_in_table_above(material: SnapshotMaterial, unit: Unit) -> bool:
    """Return whether a unit's figures stand in a table of the unit above: where nothing is below it."""
    above = material.units.get(unit.parent or "")
    return above is not None and above.kind not in ON_THEIR_OWN and not material.below(unit)


def _table(
    material: SnapshotMaterial, unit: Unit, key: str, caption: str, units: Sequence[Unit], *, headed: bool = False
) -> Table:
    sheet = msgid("Investments") if is_investment(unit) else msgid("Figures")
    return Table(
        key=f"{key}-{material.key(unit)}",
        caption=caption,
        columns=figure_columns(material),
        rows=tuple(row for each in units for row in _rows_of(material, each, headed=headed)),
        sheet=material.words.say(sheet),
        place=material.place(unit),
        group_titles=(material.words.say("Group"),),
    )


def _rows_of(material: SnapshotMaterial, unit: Unit, *, headed: bool) -> Iterator[Row]:
    place = material.place(unit)
    if headed:
        responsible = plain(unit.responsible)
        heading = f"{material.title(unit)} · {responsible}" if responsible else material.title(unit)
        yield _group(material, Cell(text=heading, language=material.words.content, unit=unit.code), place)
    opened = ""
    for figure in unit.figures:
        section = material.chart.section_of(figure.line)
        if section and section != opened:
            opened = section
            yield _group(material, Cell(text=material.label(section)), place)
        yield _row(material, unit, figure, in_section=bool(section))


def _group(material: SnapshotMaterial, title: Cell, place: tuple[str, str]) -> Row:
    empty = (Cell(text=""),) * len(material.in_tables)
    return Row(cells=(title, *empty), kind="group", place=place)


def _row(material: SnapshotMaterial, unit: Unit, figure: FigureRow, *, in_section: bool) -> Row:
    return Row(
        cells=(Cell(text=material.label(figure.line)), *figure_cells(material, figure)),
        kind=_kind(material, figure.line, in_section=in_section),
        place=material.place(unit),
        of=OfRow(unit.code, figure.line, _in_external_statement(material, unit)),
        sums=_sums(material, unit, figure.line),
    )


def _sums(material: SnapshotMaterial, unit: Unit, line: str) -> bool:
    """Return whether a row counts again what others count: lines of the unit, or of units below, finer or coarser."""
    below = material.chart.at_or_below(line)
    own = {row.line for row in unit.figures} - {line}
    return bool(below & own or (below | material.chart.at_or_above(line)) & material.parts_below(unit))


def _in_external_statement(material: SnapshotMaterial, unit: Unit) -> bool:
    city = material.city
    return city is not None and unit.code == city.code and material.is_external(city)


def _kind(material: SnapshotMaterial, line: str, *, in_section: bool) -> RowKind:
    if material.chart.is_total(line):
        return "total"
    return "part" if in_section else "normal"


def figure_cells(material: SnapshotMaterial, figure: FigureRow | None) -> Iterable[Cell]:
    """Return the cells of a row of figures; of none, those of a row of which nothing is known."""
    return [_figure_cell(material, figure, shown) for shown in material.in_tables]


def _figure_cell(material: SnapshotMaterial, figure: FigureRow | None, shown: ShownColumn) -> Cell:
    cell = figure_cell(material.words, figure, shown)
    note = figure.notes.get(FORECAST.name) if figure is not None and shown.column is FORECAST else None
    return cell if note is None else evolve(cell, aside=note_sentence(material.words, note, material.label))


def figure_cell(words: Words, figure: FigureRow | None, shown: ShownColumn) -> Cell:
    """Return the cell of a row of figures in a column; of no row, one of which nothing is known."""
    column = shown.column
    if not column.is_amount:
        return _percent_cell(words, None if figure is None else figure.percents.get(column.name))
    part = None if figure is None else figure.part(column.name, shown.year)
    if part is not None:
        return _partial_cell(words, part.cents, shown.scale)
    return _amount_cell(words, None if figure is None else figure.cell(column.name, shown.year), shown.scale)


def amount_cell(material: SnapshotMaterial, cell: Amount | None, scale: Scale) -> Cell:
    """Return a cell of money: its value in euros, its text in the unit of its column."""
    return _amount_cell(material.words, cell, scale)


def _amount_cell(words: Words, cell: Amount | None, scale: Scale) -> Cell:
    value = euros_of(cell)
    if value is None:
        return Cell(text=UNKNOWN, form=_FORMS[scale])
    return Cell(text=words.numbers.amount(value, scale), value=value, form=_FORMS[scale])


def _partial_cell(words: Words, cents: int, scale: Scale) -> Cell:
    """Return a cell of money of which a part alone is known: in brackets, and no number to count with."""
    return Cell(text=in_part(words.numbers.amount(Decimal(cents) / 100, scale)), form=_FORMS[scale])


def exact_cell(material: SnapshotMaterial, cents: int | None) -> Cell:
    """Return a cell of money that is in no column of figures: with cents where there are any."""
    cell = None if cents is None else Amount(cents, 1)
    return amount_cell(material, cell, "cents" if cents is not None and cents % 100 else "euros")


def percent_cell(material: SnapshotMaterial, value: Decimal | None) -> Cell:
    """Return a cell of per cents, `63,34`; the sign stands in the header."""
    return _percent_cell(material.words, value)


def _percent_cell(words: Words, value: Decimal | None) -> Cell:
    return Cell(text=words.numbers.hundredths(value), value=value, form="percent")
