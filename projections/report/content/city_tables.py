"""What a city that is a unit has beside its statement: its sectors and its investments, each with a total row."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import evolve

from projections.report.content.document import Cell, Column, OfRow, Row, Table
from projections.report.content.figure_tables import amount_cell, figure_cells, figure_columns, percent_cell
from projections.snapshot.columns import Share
from projections.snapshot.internal import share_of
from projections.snapshot.model import Cell as Amount
from projections.snapshot.percent import percent_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from projections.report.content.snapshot_material import ShownColumn, SnapshotMaterial, Unit
    from projections.snapshot.model import FigureRow


def sectors_table(material: SnapshotMaterial) -> Table | None:
    """Return a row per sector of what it costs, with a total row of the city; None where the city is no unit."""
    city, sectors = material.city, material.sectors()
    if city is None or not sectors:
        return None
    row = material.row(city, material.chart.net)
    if row is None:
        return None
    words = material.words
    table = _table(
        material, "sectors", words.say("Sectors: {line}", line=material.label(row.line)), sectors, [row.line]
    )
    total = _total_row(material, words.say("The whole city"), figure_cells(material, row))
    total = evolve(total, of=OfRow(city.code, row.line))
    return evolve(table, rows=(*table.rows, total))


def investments_table(material: SnapshotMaterial) -> Table | None:
    """Return a row per investment programme of what it spends, with a total row; None without a city or any."""
    programmes = material.programmes
    if material.city is None or not programmes:
        return None
    lines = [line for line in material.chart.expenses if material.row(programmes[0], [line])]
    table = _table(material, "investments", material.words.say("Investments"), programmes, lines)
    total = [_sum_cell(material, programmes, lines, shown) for shown in material.in_tables]
    return evolve(table, rows=(*table.rows, _total_row(material, material.words.say("Total"), total)))


def internal_table(material: SnapshotMaterial) -> Table | None:
    """Return what the city's income and expenses come to in all, of it internal items, and without these.

    None where nothing is known to be internal.
    """
    city = material.city
    if city is None or not material.is_external(city):
        return None
    words = material.words
    first, *others = figure_columns(material)
    rows = [
        row
        for lines in (material.chart.income, material.chart.expenses)
        if (row := material.row(city, lines)) is not None
    ]
    return Table(
        key="city-internal",
        caption=words.say("Internal items"),
        columns=(first, *others),
        rows=tuple(part for row in rows for part in _divided(material, row)),
    )


def _divided(material: SnapshotMaterial, row: FigureRow) -> Iterator[Row]:
    """Yield a line in all, its internal items, and what is left without them."""
    words, city = material.words, material.statement(material.city) if material.city else None
    left = None if city is None else material.row(city, [row.line])
    if left is None:
        return
    cells = {name: _less(row, left, name) for name in row.cells}
    internal = evolve(left, cells=cells, percents={name: share_of(name, cells) for name in row.percents})
    line = material.label(row.line)
    yield _total_row(material, words.say("{line} in all", line=line), figure_cells(material, row))
    yield evolve(_total_row(material, words.say("Internal items"), figure_cells(material, internal)), kind="part")
    yield evolve(_total_row(material, words.say("External items"), figure_cells(material, left)), kind="part")


def _less(row: FigureRow, left: FigureRow, name: str) -> Amount | None:
    whole, rest = row.cell(name), left.cell(name)
    if whole is None or rest is None:
        return None
    return Amount(whole.cents - rest.cents, whole.precision_cents)


def _table(material: SnapshotMaterial, key: str, caption: str, units: Sequence[Unit], lines: list[str]) -> Table:
    first, *others = figure_columns(material)
    return Table(
        key=f"city-{key}",
        caption=caption,
        columns=(Column(title=material.words.say("Unit"), share=first.share), *others),
        rows=tuple(_part_row(material, unit, lines) for unit in units),
    )


def _part_row(material: SnapshotMaterial, unit: Unit, lines: list[str]) -> Row:
    row = material.row(unit, lines)
    cells = figure_cells(material, row)
    title = Cell(text=material.title(unit), language=material.words.content, unit=unit.code)
    of = None if row is None else OfRow(unit.code, row.line)
    return Row(cells=(title, *cells), kind="part", place=material.place(unit), of=of)


def _total_row(material: SnapshotMaterial, title: str, cells: Iterable[Cell]) -> Row:
    place = material.place(material.city) if material.city is not None else None
    return Row(cells=(Cell(text=title), *cells), kind="total", place=place)


def _sum_cell(material: SnapshotMaterial, units: Sequence[Unit], lines: list[str], shown: ShownColumn) -> Cell:
    """Return the cell of a total: an amount where it is known of every unit, a per cent of two such totals."""
    rows, column = [material.row(unit, lines) for unit in units], shown.column

    def total(name: str) -> Amount | None:
        cells = [None if row is None else row.cell(name, shown.year) for row in rows]
        known = [cell for cell in cells if cell is not None]
        if len(known) < len(cells):
            return None
        return Amount(sum(cell.cents for cell in known), max(cell.precision_cents for cell in known))

    if column.is_amount:
        return amount_cell(material, total(column.name), shown.scale)
    if not isinstance(column.source, Share):
        raise TypeError(f"{column.source} is no share")
    part, whole = total(column.source.part), total(column.source.whole)
    text = None if part is None or whole is None else percent_text(part.cents, whole.cents)
    return percent_cell(material, None if text is None else Decimal(text))
