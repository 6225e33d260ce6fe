"""The figures of a snapshot as a table: a row per unit and line.

Each column of the report is an amount in cents (`…_cents`) with what it was rounded to (`…_precision_cents`), whether
it is whole (`…_complete`) and, where not, through which day it is (`…_through`) and how much of it is known
(`…_known_cents`), which is no total; or a per cent, as decimal text. Unknown is None, never 0; so is an amount that is
not whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.snapshot.columns import all_columns, shown_once
from projections.tables.table import Cells, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from projections.snapshot.columns import ReportColumn
    from projections.snapshot.model import FigureRow, Snapshot, UnitReport

TEXTS = ("unit", "name", "kind", "line", "label")
_AMOUNT = {"cents": "int64", "precision_cents": "int64", "complete": "bool", "through": "date", "known_cents": "int64"}


def figures_of(snapshot: Snapshot) -> Table:
    """Return the figures of a snapshot as a table; columns that tell again what another does are left out."""
    shown = shown_once(snapshot.columns, snapshot.period)
    return Table(types_of(TEXTS, shown), list(cells_of(shown, snapshot.units)))


def cells_of(shown: Sequence[ReportColumn], units: Iterable[UnitReport]) -> Iterator[Cells]:
    """Yield a row for each line of some units.

    Args:
        shown: the columns of the report that it has.
        units: whose rows are wanted.
    """
    for unit in units:
        for row in unit.figures:
            texts = (unit.code, unit.name, unit.kind, row.line, row.label)
            cells: Cells = dict(zip(TEXTS, texts, strict=True))
            cells.update(cell for column in shown for cell in _told(row, column))
            yield cells


def _told(row: FigureRow, column: ReportColumn) -> Iterator[tuple[str, Any]]:
    if not column.is_amount:
        percent = row.percents.get(column.name)
        yield column.name, None if percent is None else str(percent)
        return
    cell, part = row.cell(column.name), row.part(column.name)
    values: tuple[object, ...] = (None,) * len(_AMOUNT)
    if cell is not None:
        values = (cell.cents, cell.precision_cents, True, None, None)
    elif part is not None:
        values = (None, None, False, part.through, part.cents)
    yield from zip((f"{column.name}_{what}" for what in _AMOUNT), values, strict=True)


def types_of(texts: Sequence[str], shown: Iterable[ReportColumn]) -> dict[str, str]:
    """Return what each column of a table holds: first the texts, then what it shows, in the report's order."""
    types, wanted = dict.fromkeys(texts, "text"), {column.name for column in shown}
    for column in all_columns():
        if column.name in wanted and column.is_amount:
            types |= {f"{column.name}_{what}": kind for what, kind in _AMOUNT.items()}
        elif column.name in wanted:
            types[column.name] = "text"
    return types
