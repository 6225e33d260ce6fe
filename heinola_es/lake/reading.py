"""Reading a lake back: the events of a city in the order of its log."""

from __future__ import annotations

from hashlib import sha256
from heapq import merge
from io import BytesIO
from typing import TYPE_CHECKING

from heinola_es.lake.columns import arrow
from heinola_es.lake.manifest import LakeDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from heinola_es.lake.manifest import Manifest, PartFile
    from heinola_es.store.reading import Row

_OF_A_ROW = ["position", "stream", "version", "topic", "body"]
_ROWS_AT_ONCE = 5_000


def rows_of(folder: Path, manifest: Manifest) -> Iterator[Row]:
    """Yield the events of a city in the order of its log.

    Raises:
        LakeDamaged: a file is missing, or is not the one that was written.
    """
    yield from merge(*(_rows(folder, part) for part in manifest.files))


def opened(folder: Path, part: PartFile) -> pa.parquet.ParquetFile:
    """Return a file of a lake, if it is the one that was written.

    Raises:
        LakeDamaged: it is missing or another.
    """
    path = folder / part.name
    try:
        content = path.read_bytes()
    except OSError as error:
        raise LakeDamaged(f"{path} cannot be read ({error.strerror})") from error
    if sha256(content).hexdigest() != part.sha256:
        raise LakeDamaged(f"{path} was changed: it is not the file that was written")
    pa = arrow()
    try:
        return pa.parquet.ParquetFile(BytesIO(content))
    except pa.ArrowException as error:
        raise LakeDamaged(f"{path} cannot be read ({str(error).splitlines()[0]})") from error


def _rows(folder: Path, part: PartFile) -> Iterator[Row]:
    for batch in opened(folder, part).iter_batches(_ROWS_AT_ONCE, columns=_OF_A_ROW):
        yield from rows_in(batch)


def rows_in(table: pa.Table | pa.RecordBatch) -> Iterator[Row]:
    """Return the events in the rows of a table."""
    return zip(*(table.column(name).to_pylist() for name in _OF_A_ROW), strict=True)
