"""Blocks of rows of the read models, looked at before they are believed: each row's mark, and how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from projections.read_models.marks import ModelsDiffer, differing, is_marked
from projections.read_models.moment import one_moment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.store.reading import LogReader
    from projections.read_models.catching_up import RowModel

Row = tuple[Any, ...]


def block_rows(
    reader: LogReader, model: RowModel, block: str = "", where: str = "", values: Sequence[Any] = ()
) -> list[Row]:
    """Return all rows of a block of a model, in the order of the log, without their marks, whatever was undone.

    They are read once in a moment. `where` is the condition that the rows of the block, and no others, fulfil.

    Raises:
        ModelsDiffer: they are not those that were written.
    """
    with one_moment(reader):
        known: dict[str, list[Row]] = reader.kept.setdefault("rows", {})
        key = f"{model.table} {block}"
        if key not in known:
            known[key] = _read(reader, model, key, where, values)
        return known[key]


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
