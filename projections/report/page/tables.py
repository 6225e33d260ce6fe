"""How a table is put down in HTML: its bodies under their headings, and the widths of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from projections.report.document import Cell, Row, Table


@frozen(slots=True)
class Body:
    """Rows that belong together, and the heading above them, or None."""

    heading: Cell | None
    rows: tuple[Row, ...]


def bodies(table: Table) -> list[Body]:
    """Return the rows of a table by the heading they stand under, the first of which may have none."""
    found: list[Body] = []
    heading: Cell | None = None
    rows: list[Row] = []
    for row in table.rows:
        if row.kind == "group":
            if rows or heading:
                found.append(Body(heading, tuple(rows)))
            heading, rows = row.cells[0], []
        else:
            rows.append(row)
    return [*found, Body(heading, tuple(rows))]


def shares(table: Table) -> list[str]:
    """Return the widths of the columns in per cent of the table's, with two decimals."""
    total = sum(column.share for column in table.columns)
    return [f"{column.share * 100 / total:.2f}%" for column in table.columns]


def figures(table: Table) -> bool:
    """Return whether most of the table is numbers."""
    return sum(column.numeric for column in table.columns) * 2 >= len(table.columns)
