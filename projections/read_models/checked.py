"""What is read of the read models: their rows up to a position, without what was undone by then or is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.read_models.blocks import Row, block_rows
from projections.read_models.moment import one_moment
from projections.read_models.without import left_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.store.reading import LogReader
    from projections.read_models.catching_up import RowModel


def rows_of(
    reader: LogReader, model: RowModel, upto: int, block: str = "", where: str = "", values: Sequence[Any] = ()
) -> list[Row]:
    """Return the rows of a block of a model up to a position of the log, in its order, without their marks.

    They are read once in a moment. `where` is the condition that the rows of the block, and no others, fulfil.

    Raises:
        ModelsDiffer: they are not those that were written.
    """
    with one_moment(reader):
        absent = left_out(reader, upto).positions
        rows = block_rows(reader, model, block, where, values)
        return [row for row in rows if row[0] <= upto and row[0] not in absent]
