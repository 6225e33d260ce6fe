"""The tables of a report as lists, one for each sheet of a workbook, that can be filtered, sorted and added up.

Tables of the same sheet with the same columns become one list; those with other columns become a further list, on a
sheet of its own with a number, because a spreadsheet filters one list per sheet and sums up whole columns. The unit
that a row is about, and the headings that it stands under, become columns in front: a row says all by itself.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.content.document import Cell, Column, Picture, Row, Table
from projections.writers.xlsx.texts import texts_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from projections.report.content.document import Document, Interface

MOST_ROWS = 1_048_000
"""How many rows a list has at most: a sheet has 1 048 576, some of which are for its header and notes."""
MOST_LETTERS = 31
"""How long the name of a sheet is at most, in UTF-16 units."""
_NOT_IN_A_NAME = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]+")
_RESERVED = {"history"}  # Excel keeps this name for itself

_Front = tuple[str, str, str, str, str]
"""What may stand in front of a row: the unit's code and name, two levels of headings, and whether it is a sum."""


@frozen(slots=True, kw_only=True)
class Sheet:
    """A list on a sheet.

    Attributes:
        name: of the sheet: valid, and unlike those of all others.
        columns: those in front, then those of the tables.
        front: how many columns are in front.
        rows: as many cells as there are columns; none of the kind `group`.
        notes: those of the tables, each once.
    """

    name: str
    columns: tuple[Column, ...]
    front: int
    rows: tuple[Row, ...]
    notes: tuple[str, ...]


def sheets(document: Document, taken: Collection[str], most_rows: int = MOST_ROWS) -> Iterator[Sheet]:
    """Yield the lists of a report: sheet by sheet as they are first named, and of each as its columns first occur.

    Args:
        document: the report.
        taken: names of sheets that others have.
        most_rows: see `MOST_ROWS`; what is longer goes on, on a further sheet.
    """
    names = set(taken)
    for wanted, tables in _lists(document):
        notes = tuple(dict.fromkeys(table.note for table in tables if table.note))
        columns, front, rows = _put_together(tables, document.interface)
        pieces = iter(rows)
        while piece := tuple(islice(pieces, most_rows)):
            name = free_name(wanted or document.interface.table, names)
            names.add(name)
            yield Sheet(name=name, columns=columns, front=front, rows=piece, notes=notes)


def header_of(column: Column) -> str:
    """Return the header of a column in a workbook, on one line, with plain blanks, as a person types it in a pivot."""
    return " ".join((column.sheet_title or column.title).split())


def free_name(wanted: str, taken: Collection[str]) -> str:
    r"""Return a name that a sheet can have, as near to the one wanted as can be.

    Excel's rules: 1 to 31 UTF-16 units, none of []:*?/\, no apostrophe at either end, not `History`, and unlike all
    others whatever their case.
    """
    name = _valid(wanted) or "-"
    used = {each.casefold() for each in (*taken, *_RESERVED)}
    tries = (
        name,
        *(f"{_begins(name, MOST_LETTERS - len(f' {number}'))} {number}" for number in range(2, len(used) + 3)),
    )
    return next(each for each in tries if each.casefold() not in used)


def _valid(name: str) -> str:
    return _begins(" ".join(_NOT_IN_A_NAME.sub(" ", name).split()).strip("' "), MOST_LETTERS)


def _begins(name: str, units: int) -> str:
    """Return the longest beginning of a name that has at most so many UTF-16 units, and can end a name."""
    return name.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore").rstrip("' ")


# ---------------------------------------------------------------- tables that make one list


def _lists(document: Document) -> Iterator[tuple[str, list[Table]]]:
    by_sheet: dict[str, dict[tuple[str, ...], list[Table]]] = {}
    for table in (*_tables(document), *texts_of(document)):
        if table.sheet is not None:
            of_sheet = by_sheet.setdefault(table.sheet, {})
            of_sheet.setdefault(tuple(map(header_of, table.columns)), []).append(table)
    for wanted, alike in by_sheet.items():
        for tables in alike.values():
            yield wanted, tables


def _tables(document: Document) -> Iterator[Table]:
    for block in document.blocks():
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Picture) and block.table is not None:
            yield block.table


def _put_together(tables: Sequence[Table], interface: Interface) -> tuple[tuple[Column, ...], int, list[Row]]:
    """Return the columns, how many of them are in front, and the rows."""
    told = [((*front, _kind(row, interface)), row) for table in tables for front, row in _rows(table)]
    headers = _front_headers(tables[0], interface)
    used = [any(front[number] for front, _row in told) for number in range(len(headers))]
    used[0] = used[1] = used[0] or used[1]
    fronts = [number for number, is_used in enumerate(used) if is_used]
    own = tables[0].columns
    columns = (*(Column(title=headers[number]) for number in fronts), *_with_asides(own))
    rows = [
        Row(cells=(*(Cell(text=front[number]) for number in fronts), *_cells(row, own)), kind=row.kind, of=row.of)
        for front, row in told
    ]
    return columns, len(fronts), rows


def _with_asides(columns: Sequence[Column]) -> Iterator[Column]:
    """Yield the columns, and after each the one that says more of it, where there is one."""
    for column in columns:
        yield column
        if column.aside:
            yield Column(title=column.aside)


def _cells(row: Row, columns: Sequence[Column]) -> Iterator[Cell]:
    for cell, column in zip(row.cells, columns, strict=True):
        yield cell
        if column.aside:
            yield Cell(text=cell.aside)


def _kind(row: Row, interface: Interface) -> str:
    """Return whether a row is a sum, for a filter or a pivot that is not to count anything twice."""
    if row.sums is None:
        return ""
    return interface.sum_of_rows if row.sums else interface.part_of_sums


def _front_headers(table: Table, interface: Interface) -> _Front:
    named = f"({header_of(table.columns[0])})"  # a list needs a header for every column
    first, second = (*table.group_titles, *(named, f"{named} 2")[len(table.group_titles) :])[:2]
    return interface.unit_code, interface.unit_name, first, second, interface.row_is


def _rows(table: Table) -> Iterator[tuple[tuple[str, str, str, str], Row]]:
    """Yield the rows that are no headings, with what stands in front of each.

    A row that is no part, after those that are parts of what a heading names, stands under it no more.
    """
    place, first, second, had_parts = table.place, "", "", False
    for row in table.rows:
        here = row.place or table.place
        if here != place or (row.kind == "normal" and had_parts):
            place, first, second = here, "", ""
        had_parts = row.kind == "part" or (had_parts and row.kind == "total")
        if row.kind != "group":
            code, name = place or ("", "")
            # A total is of the whole table, not of the heading that happens to stand above it.
            yield (code, name, "", "") if row.kind == "total" else (code, name, first, second), row
        elif row.level == 1:
            first, second = _heading(table, row, place), ""
        else:
            second = _heading(table, row, place)


def _heading(table: Table, row: Row, place: tuple[str, str] | None) -> str:
    """Return what a heading says beyond the columns in front and their headers."""
    title = table.group_titles[row.level - 1] if row.level <= len(table.group_titles) else ""
    text = row.cells[0].text.removeprefix(f"{title}: ")
    return "" if place is not None and text in {*place, " ".join(place)} else text
