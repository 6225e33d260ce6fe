"""The tables of figures: a unit's own lines, and those of all units below it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from attrs import evolve

from projections.report.content.document import Cell, Column, Of, Row, Table
from projections.report.content.material import ON_THEIR_OWN, euros_of, is_investment
from projections.report.content.prose import plain
from projections.report.language.columns import column_name, heading
from projections.report.language.numbers import NBSP
from projections.report.language.scale import UNKNOWN, in_part
from projections.report.language.words import msgid
from projections.snapshot.columns import EXTERNAL, all_columns
from projections.snapshot.model import Cell as Amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from projections.report.content.document import NumberForm
    from projections.report.content.material import Material, ShownColumn, Unit
    from projections.report.language.scale import Scale
    from projections.snapshot.model import FigureRow

RowKind = Literal["normal", "total", "part", "group"]

_FORMS: Mapping[Scale, NumberForm] = {"thousands": "thousands", "euros": "euros", "cents": "cents"}
_LABELS_SHARE, _NUMBERS_SHARE = 3, 1


def column_names(material: Material) -> dict[str, str]:
    """Return what each column is called in a sentence: `TOT 2020 6 kk`."""
    words, period = material.words, material.snapshot.period
    return {column.name: column_name(words, column, period) for column in all_columns()}


def figure_columns(material: Material) -> tuple[Column, ...]:
    """Return the columns of a table of figures: the line, then those of the report, amounts with their unit."""
    line = Column(title=material.words.say("Line"), share=_LABELS_SHARE)
    return (line, *(_column(material, shown) for shown in material.in_tables))


def _column(material: Material, shown: ShownColumn) -> Column:
    """Return a column with a header that breaks before what it covers and what is in it, and nowhere else."""
    column, period = shown.column, material.snapshot.period
    further_back = 0 if shown.year is None else period.year - column.years_back - shown.year
    title = heading(material.words, column, period, further_back)
    kept = title.replace(" ", NBSP)
    if not column.is_amount:
        return Column(title=kept, numeric=True, share=_NUMBERS_SHARE)
    kept, in_a_workbook = f"{kept}\n{_unit_of(material, shown.scale)}", f"{title}, €".replace("\n", " ")
    return Column(title=kept, numeric=True, share=_NUMBERS_SHARE, sheet_title=in_a_workbook)


def unit_of(material: Material, column: str) -> str:
    """Return the unit of a column's figures: `1 000 €` or `€`."""
    return _unit_of(material, material.scales[column])


def _unit_of(material: Material, scale: Scale) -> str:
    return material.words.say("€1,000") if scale == "thousands" else "€"


def own_figures(material: Material, unit: Unit) -> Table:
    """Return the table of a unit's own figures; on a sheet only where no table of the unit above has them."""
    words, name = material.words, material.title(unit)
    external = material.is_external(unit)
    caption = (
        words.say("Figures: {name}, external items", name=name) if external else words.say("Figures: {name}", name=name)
    )
    rows = first_rows(material, material.statement(unit))
    table = _table(material, unit, "figures", caption, [evolve(unit, figures=rows)], external=external)
    if external:
        note = words.say("External items: without what the units of the city sell to each other.")
        return evolve(table, note=note)
    return evolve(table, sheet=None) if stands_in_table_above(material, unit) else table


def first_rows(material: Material, unit: Unit) -> tuple[FigureRow, ...]:
    """Return a unit's rows but for those that stand in its further tables alone."""
    first = material.chart.layout_of(unit.kind).rows
    further = {line for layout in material.chart.further_layouts_of(unit.kind) for line in layout.rows} - set(first)
    return tuple(row for row in unit.figures if row.line not in further)


def further_figures(material: Material, unit: Unit) -> Iterator[Table]:
    """Yield a unit's further tables, as the cash flow statement of a city, where it has rows for them."""
    first = material.chart.layout_of(unit.kind).rows
    rows = {row.line: row for row in material.statement(unit).figures}
    for layout in material.chart.further_layouts_of(unit.kind):
        shown = [rows[line] for line in layout.rows if line in rows]
        if any(row.line not in first for row in shown):
            caption = f"{layout.title[material.words.language]}: {material.title(unit)}"
            part, external = evolve(unit, figures=tuple(shown)), material.is_external(unit)
            table = _table(material, unit, f"figures-{layout.name}", caption, [part], external=external)
            yield evolve(table, sheet=None)


def figures_below(material: Material, unit: Unit) -> Table | None:
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


def units_in_table_below(material: Material, unit: Unit) -> list[Unit]:
    """Return the units right below a unit whose figures stand in one table."""
    return [child for child in material.below(unit) if stands_in_table_above(material, child)]


def stands_in_table_above(material: Material, unit: Unit) -> bool:
    """Return whether a unit's figures stand in a table of the unit above: where nothing is below it."""
    above = material.units.get(unit.parent or "")
    return above is not None and above.kind not in ON_THEIR_OWN and not material.below(unit)


def _table(
    material: Material,
    unit: Unit,
    key: str,
    caption: str,
    units: Sequence[Unit],
    *,
    headed: bool = False,
    external: bool = False,
) -> Table:
    sheet = msgid("Investments") if is_investment(unit) else msgid("Figures")
    return Table(
        key=f"{key}-{material.key(unit)}",
        caption=caption,
        columns=figure_columns(material),
        rows=tuple(row for each in units for row in _rows_of(material, each, headed=headed, external=external)),
        sheet=material.words.say(sheet),
        place=material.place(unit),
        group_titles=(material.words.say("Group"),),
    )


def _rows_of(material: Material, unit: Unit, *, headed: bool, external: bool) -> Iterator[Row]:
    place = material.place(unit)
    if headed:
        responsible = plain(unit.responsible)
        heading = f"{material.title(unit)} · {responsible}" if responsible else material.title(unit)
        yield _group(material, heading, place, material.words.content, Of(unit=unit.code))
    opened = ""
    for figure in unit.figures:
        section = material.chart.section_of(figure.line)
        if section and section != opened:
            opened = section
            yield _group(material, material.label(section), place, None)
        cells = figure_cells(material, figure, unit.code, external=external)
        yield Row(
            cells=(Cell(text=material.label(figure.line)), *cells),
            kind=_kind(material, figure.line, in_section=bool(section)),
            place=place,
        )


def _group(material: Material, text: str, place: tuple[str, str], language: str | None, of: Of | None = None) -> Row:
    empty = (Cell(text=""),) * len(material.in_tables)
    return Row(cells=(Cell(text=text, language=language, of=of), *empty), kind="group", place=place)


def _kind(material: Material, line: str, *, in_section: bool) -> RowKind:
    if material.chart.is_total(line):
        return "total"
    return "part" if in_section else "normal"


def figure_cells(
    material: Material, figure: FigureRow | None, unit: str = "", *, external: bool = False
) -> Iterable[Cell]:
    """Return the cells of a row of figures; of none, those of a row of which nothing is known.

    Args:
        material: of the report.
        figure: the row.
        unit: code of the unit whose it is; empty where it is no row of the report itself.
        external: whether it is one without internal items.
    """
    cells = [_figure_cell(material, figure, shown) for shown in material.in_tables]
    if figure is None or not unit:
        return cells
    return [
        evolve(cell, of=Of(unit=unit, line=figure.line, column=_column_of(shown, external=external), year=shown.year))
        for cell, shown in zip(cells, material.in_tables, strict=True)
    ]


def _column_of(shown: ShownColumn, *, external: bool) -> str:
    """Return the name of the column that a cell tells; of a statement without internal items, that of what is left."""
    name = shown.column.name
    return EXTERNAL[name].name if external and name in EXTERNAL else name


def _figure_cell(material: Material, figure: FigureRow | None, shown: ShownColumn) -> Cell:
    column = shown.column
    if column.is_amount:
        part = None if figure is None else figure.part(column.name, shown.year)
        if part is not None:
            return partial_cell(material, part.cents, shown.scale)
        return amount_cell(material, None if figure is None else figure.cell(column.name, shown.year), shown.scale)
    return percent_cell(material, None if figure is None else figure.percents.get(column.name))


def amount_cell(material: Material, cell: Amount | None, scale: Scale) -> Cell:
    """Return a cell of money: its value in euros, its text in the unit of its column."""
    value = euros_of(cell)
    if value is None:
        return Cell(text=UNKNOWN, form=_FORMS[scale])
    return Cell(text=material.words.numbers.amount(value, scale), value=value, form=_FORMS[scale])


def partial_cell(material: Material, cents: int, scale: Scale) -> Cell:
    """Return a cell of money of which a part alone is known: in brackets, and no number to count with."""
    return Cell(text=in_part(material.words.numbers.amount(Decimal(cents) / 100, scale)), form=_FORMS[scale])


def exact_cell(material: Material, cents: int | None) -> Cell:
    """Return a cell of money that is in no column of figures: with cents where there are any."""
    cell = None if cents is None else Amount(cents, 1)
    return amount_cell(material, cell, "cents" if cents is not None and cents % 100 else "euros")


def percent_cell(material: Material, value: Decimal | None) -> Cell:
    """Return a cell of per cents, `63,34`; the sign stands in the header."""
    return Cell(text=material.words.numbers.hundredths(value), value=value, form="percent")
