"""A plain text as pieces: its lines, those with tabs being rows of tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.importing.documents.pieces import Piece
from heinola_es.importing.report.lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator


def pieces_of_text(text: str) -> Iterator[Piece]:
    """Yield the lines of a text that are not blank; lines with tabs that follow each other are one table.

    Raises:
        BadInput: it is empty, holds what no text has, or is beyond all measure.
    """
    table, last = 0, 0
    for line in split_lines(text).filled:
        is_row = len(line.filled) > 1 or (len(line.cells) > 1 and not line.cells[0])
        if is_row and last != line.number - 1:
            table += 1
        last = line.number if is_row else 0
        yield Piece(
            number=line.number,
            cells=line.cells if is_row else (line.filled[0],),
            place=f"line {line.number}",
            table=table if is_row else 0,
        )
