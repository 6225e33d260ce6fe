"""A plain text as pieces: its lines, those with tabs being rows of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.importing.documents.pieces import Piece
from heinola_es.importing.report.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.importing.report.lines import Line


def pieces_of_text(text: str) -> Iterator[Piece]:
    """Yield the lines of a text that are not blank; those with tabs that follow each other are a table.

    Raises:
        BadInput: it is empty, holds what no text has, or is beyond all measure.
    """
    lines = split_lines(text).filled
    table, last = 0, 0
    for line, below in zip(lines, (*lines[1:], None), strict=True):
        adjoins = last == line.number - 1
        is_row = _is_row(line) or (adjoins and below is not None and below.number == line.number + 1 and _is_row(below))
        if is_row and not adjoins:
            table += 1
        last = line.number if is_row else 0
        yield Piece(
            number=line.number,
            cells=line.cells if is_row else (line.filled[0],),
            place=f"line {line.number}",
            table=table if is_row else 0,
        )


def _is_row(line: Line) -> bool:
    return len(line.filled) > 1 or (len(line.cells) > 1 and not line.cells[0])
