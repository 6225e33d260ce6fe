"""What is read of the read models, looked at before it is believed: each row's mark, and how many there must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.marks import ModelsDiffer, differing, is_marked
from projections.moment import one_moment
from projections.without import left_out

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.store.reading import LogReader
    from projections.catching_up import RowModel

Row = tuple[Any, ...]


def rows_of(
    reader: LogReader, model: RowModel, upto: int, block: str = "", where: str = "", values: Sequence[Any] = ()
) -> list[Row]:
    """Return the rows of a block of a model up to a position of the log, in its order, without their marks.

    They are read once in a moment. `where` is the condition that the rows of the block, and no others, fulfil.

    Raises:
        ModelsDiffer: they are not those that were written.
    """
    with one_moment(reader):
        known: dict[str, list[Row]] = reader.kept.setdefault("rows", {})
        key = f"{model.table} {block}"
        if key not in known:
            known[key] = _read(reader, model, key, where, values)
        absent = left_out(reader).positions
        return [row for row in known[key] if row[0] <= upto and row[0] not in absent]


def must_hold(reader: LogReader, model: str, key: str) -> list[int]:
    """Return how many rows a block of a model's table must hold, and the sum of their marks."""
    return list(reader.kept["checks"].get(model, {}).get(key, [0, 0]))


def _read(reader: LogReader, model: RowModel, key: str, where: str, values: Sequence[Any]) -> list[Row]:
    condition = f"WHERE {where} " if where else ""
    with differing(model.table):
        rows = reader.models.execute(
            f"SELECT * FROM {model.table} {condition}ORDER BY position",  # noqa: S608 - names of ours
            values,
        ).fetchall()
    if not all(map(is_marked, rows)) or [len(rows), sum(row[-1] for row in rows)] != must_hold(reader, model.name, key):
        raise ModelsDiffer(model.table)
    return [row[:-1] for row in rows]
