"""What a report says, and another made from what was recorded of it does not: cell by cell, and word by word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from heinola_es.domain.amounts import format_cents
from projections.documents.own_data import NOT_KEPT, Stating, is_computed
from projections.published.kept_reports import ERASED
from projections.snapshot.columns import FORECASTS, Measured, column_named
from projections.snapshot.comparing import told_otherwise

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.snapshot.model import Cell, FigureRow, Snapshot


@frozen(slots=True)
class Lost:
    """Something that would come out otherwise.

    Attributes:
        told: what, in words.
        stating: the total that was left to come out as a sum and did not; else None.
        is_rounding: whether the amount is the same, and only what it is rounded to is told more finely.
    """

    told: str
    stating: Stating | None = None
    is_rounding: bool = False


def lost(first: Snapshot, second: Snapshot) -> list[Lost]:
    """Return what the second report does not have as the first does; what neither can hold is left out of account."""
    found = list(_figures(first, second))
    top = first.units[0]
    codes = {unit.code for unit in first.units}
    if top.parent not in codes and top.parent is not None:
        first = evolve(first, units=(evolve(top, parent=None), *first.units[1:]))
    order = [unit.code for unit in first.units], [unit.code for unit in second.units]
    if order[0] != order[1]:
        found.append(Lost(f"the order of the units: {', '.join(order[1])}"))
    told = told_otherwise(evolve(first, budget_changes=()), second, ERASED)
    found += [Lost(f"{of}: its name, place, texts, goals or statistics") for of in told]
    return found


def _figures(first: Snapshot, second: Snapshot) -> Iterator[Lost]:
    theirs = {(unit.code, row.line): row for unit in second.units for row in unit.figures}
    for unit in first.units:
        for row in unit.figures:
            other = theirs.pop((unit.code, row.line), None)
            for column, year, ours, there in _cells(first, row, other):
                if ours != there and not _is_left_out(row, other, column, ours, there):
                    yield _told(first, unit.code, row, column, year, ours, there)
    parts = {(unit.code, column) for unit in first.units for row in unit.figures for column in row.partial}
    for (code, _line), row in theirs.items():  # a line that the report does not show, of what it has in part
        for column, cell in row.cells.items():
            if cell is not None and (code, column) in parts:
                yield _told(first, code, row, column, None, None, cell)


def _cells(
    snapshot: Snapshot, row: FigureRow, other: FigureRow | None
) -> Iterator[tuple[str, int | None, Cell | None, Cell | None]]:
    for column in snapshot.columns:
        if column_named(column).is_amount:
            yield column, None, row.cell(column), None if other is None else other.cell(column)
    for column, cell in row.external.items():
        yield f"{column}_external", None, cell, None if other is None else other.external.get(column)
    for prior in row.prior_years:
        for column, cell in prior.cells.items():
            yield column, prior.year, cell, None if other is None else other.cell(column, prior.year)


def _is_left_out(row: FigureRow, other: FigureRow | None, column: str, ours: Cell | None, there: Cell | None) -> bool:
    """Return whether a cell is one that was told of as not recorded, or is worked out by a method of its own."""
    if column in FORECASTS:
        return is_computed(row) or (other is not None and is_computed(other))
    return column in NOT_KEPT and ours is not None and there is None


def _told(
    snapshot: Snapshot, unit: str, row: FigureRow, column: str, year: int | None, ours: Cell | None, there: Cell | None
) -> Lost:
    source = column_named(column).source if column in snapshot.columns else None
    stating = None
    if there is None and ours is not None and isinstance(source, Measured) and ours.cents % ours.precision_cents:
        back = 0 if year is None else snapshot.period.year - column_named(column).years_back - year
        covers = column_named(column).covers(snapshot.period, back)
        if source.measure == "budget":
            covers = snapshot.period.year_to_date()
        stating = (unit, row.line, source.stated_as, covers)
    same = ours is not None and there is not None and ours.cents == there.cents
    where = f"{unit} {row.label} · {column}{f' {year}' if year else ''}"
    return Lost(f"{where}: {_amount(ours)} in the report, {_amount(there)} from what is recorded", stating, same)


def _amount(cell: Cell | None) -> str:
    return "nothing whole" if cell is None else f"{format_cents(cell.cents)} €"
