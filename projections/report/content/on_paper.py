"""What of a document has room on paper: what is folded up is left out, and a wide table is put down in parts."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import evolve

from projections.report.content.document import Block, Picture, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MOST_NUMBERS = 7
"""So many columns of numbers have room beside what a row is called, without a number being broken."""


def on_paper(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield blocks as they are printed, in their order."""
    for block in blocks:
        if isinstance(block, Picture) and block.table is not None and block.table.folded:
            yield evolve(block, table=None)
        elif not isinstance(block, Table):
            yield block
        elif not block.folded:
            yield from _in_parts(block)


def _in_parts(table: Table) -> Iterator[Table]:
    """Yield a table, or where it has more columns of numbers than a page has room for, some of them after the others.

    Each part has the first column. The parts are about as wide, and all have the number of the table.
    """
    numbers = len(table.columns) - 1
    if numbers <= MOST_NUMBERS or not all(column.numeric for column in table.columns[1:]):
        yield table
        return
    parts = -(-numbers // MOST_NUMBERS)
    ends = [round(numbers * part / parts) for part in range(parts + 1)]
    for part, (start, end) in enumerate(pairwise(ends), 1):
        kept = (0, *range(start + 1, end + 1))
        rows = (evolve(row, cells=tuple(row.cells[at] for at in kept)) for row in table.rows)
        yield evolve(
            table,
            key=table.key if part == 1 else f"{table.key}-part-{part}",
            part_of="" if part == 1 else table.key,
            caption=f"{table.caption} ({part}/{parts})",
            columns=tuple(table.columns[at] for at in kept),
            rows=tuple(rows),
            note=table.note if part == parts else "",
        )
