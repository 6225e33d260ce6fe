"""How a table is put down in HTML: its bodies under their headings, and the widths of its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.content.document import Row

if TYPE_CHECKING:
    from projections.report.content.document import Table


@frozen(slots=True)
class Body:
    """Rows that belong together, and the headings above them: none, one, or one of each level."""

    headings: tuple[Row, ...]
    rows: tuple[Row, ...]


def bodies(table: Table) -> list[Body]:
    """Return the rows of a table by the headings they stand under; only the first of them may have none."""
    found: list[Body] = []
    headings: list[Row] = []
    rows: list[Row] = []
    for row in table.rows:
        if row.kind != "group":
            rows.append(row)
        elif rows or (headings and row.level <= headings[-1].level):
            found.append(Body(tuple(headings), tuple(rows)))
            headings, rows = [row], []
        else:
            headings.append(row)
    return [*found, Body(tuple(headings), tuple(rows))]


def shares(table: Table) -> list[str]:
    """Return the widths of the columns in per cent of the table's, with two decimals."""
    total = sum(column.share for column in table.columns)
    return [f"{column.share * 100 / total:.2f}%" for column in table.columns]


def figures(table: Table) -> bool:
    """Return whether most of the table is numbers."""
    return sum(column.numeric for column in table.columns) * 2 >= len(table.columns)
