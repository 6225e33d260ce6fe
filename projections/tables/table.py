"""A table: rows, columns, or a stream by Arrow's PyCapsule interface, which pandas, polars, DuckDB and pyarrow read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, overload

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyarrow as pa

Cells = dict[str, Any]
"""A row: values by the name of their column; of what is unknown None, or nothing."""
_ROWS_AT_ONCE = 2_000


class PackedCells(Sequence[Cells]):
    """Rows that are kept as Arrow has them, column by column, and made as they are asked for.

    A row of a report takes some kilobytes as a dictionary, and a tenth of that so.
    """

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __len__(self) -> int:
        """Return how many rows there are."""
        return int(self.table.num_rows)

    @overload
    def __getitem__(self, at: int) -> Cells: ...
    @overload
    def __getitem__(self, at: slice) -> list[Cells]: ...
    def __getitem__(self, at: int | slice) -> Cells | list[Cells]:
        """Return a row, or some."""
        places = range(len(self))[at]
        if isinstance(places, int):
            (row,) = self.table.slice(places, 1).to_pylist()
            return dict(row)
        return [self[place] for place in places]

    def __iter__(self) -> Iterator[Cells]:
        """Yield the rows; only some of them are in memory at a time."""
        for batch in self.table.to_batches(max_chunksize=_ROWS_AT_ONCE):
            yield from batch.to_pylist()


@frozen(slots=True, eq=False, repr=False)
class Table:
    """Rows under named columns, each column of one type; unknown is None, and never 0.

    Attributes:
        types: of the columns, in order: `text`, `int64`, `bool`, `date` or `instant` (UTC).
        cells: a row each; a column that a row does not name is unknown in it.
    """

    types: Mapping[str, str]
    cells: Sequence[Cells]

    def __len__(self) -> int:
        """Return how many rows there are."""
        return len(self.cells)

    def __iter__(self) -> Iterator[Cells]:
        """Yield the rows, each with every column."""
        return ({name: row.get(name) for name in self.types} for row in self.cells)

    def rows(self) -> list[Cells]:
        """Return the rows, each with every column."""
        return list(self)

    def columns(self) -> dict[str, list[Any]]:
        """Return the columns, each with a value for every row."""
        return {name: [row.get(name) for row in self.cells] for name in self.types}

    def arrow(self) -> pa.Table:
        """Return the table as Arrow has it.

        Raises:
            Refused: what that needs is not installed.
        """
        from heinola_es.lake.columns import arrow  # noqa: PLC0415 - heavy, and an extra

        if isinstance(self.cells, PackedCells):
            return self.cells.table
        pa = arrow()
        kinds = {
            "text": pa.string(),
            "int64": pa.int64(),
            "bool": pa.bool_(),
            "date": pa.date32(),
            "instant": pa.timestamp("us", "UTC"),
        }
        schema = pa.schema([(name, kinds[kind]) for name, kind in self.types.items()])
        return pa.table(self.columns(), schema=schema)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the table as a capsule with a stream of Arrow's, for whoever reads that.

        Raises:
            Refused: what that needs is not installed.
        """
        return self.arrow().__arrow_c_stream__(requested_schema)
