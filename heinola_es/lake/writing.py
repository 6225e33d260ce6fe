"""Adding the log of a store to a lake: what is new since the last time, all of it or nothing.

New files stand under names of their own, and the manifest is replaced last: until then nobody takes them for a part of
the lake. What an interrupted write left is taken away by the next one.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from attrs import evolve

from heinola_es.errors import BadInput, Refused
from heinola_es.lake.columns import arrow, table_of, year_of
from heinola_es.lake.manifest import NAME, Manifest, PartFile, folder_of, manifest_in
from heinola_es.store.leaves import leaf_hashes
from heinola_es.store.merkle import EMPTY_ROOT, append_leaves, leaf_hash, root_of
from heinola_es.store.schema import FIRST_FORMAT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from heinola_es.files.output_files import Writer
    from heinola_es.store.reading import LogReader, Row

_Event = tuple["Row", dict[str, Any], bytes]
"""An event, what its body says, and its leaf hash."""
EVENTS_AT_ONCE = 25_000
"""So many are held in memory before they are written."""


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let nobody else write to a city's folder meanwhile.

    Raises:
        Refused: somebody does.
    """
    import fcntl  # noqa: PLC0415

    with (folder / "_lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise Refused(f"somebody else is writing to {folder}; try again when that is done") from error
        yield


def city_code(reader: LogReader, named: str | None) -> str:
    """Return the code that a store's city has in a lake: the one that was named, or that of its unit.

    Raises:
        BadInput: none was named, and the store has no unit that is the city.
    """
    if named is not None:
        return named
    units = [body for body in map(reader.body_of, reader.rows_about("UnitEstablished")) if body["kind"] == "city"]
    if not units:
        raise BadInput("the store has no unit that is the city itself, so its code is not known; name it: --city-code")
    return str(units[-1]["code"])


def write(
    reader: LogReader, lake: Path, code: str, files: Writer, told: Callable[[int, int], None] = lambda _done, _of: None
) -> tuple[int, int]:
    """Add to a lake what the log has beyond what the lake holds of it; return how many events, and of how many.

    Args:
        reader: of the store, inside a moment.
        lake: a folder, which is made where there is none.
        code: of the city in the lake.
        files: writes the files.
        told: how many events are done, and of how many.

    Raises:
        Refused: the lake holds another log under this code; the log is not what its tree says; somebody else writes.
        LakeDamaged: what the lake says of the city cannot be read.
        NotWritten: a file could not be written; the lake is as it was.
    """
    if reader.setting("format") == FIRST_FORMAT:
        raise Refused("the store is of the first format, whose settings stand beside its log; `heinola store upgrade`")
    arrow()
    folder = folder_of(lake, code)
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        before = _held(folder, reader, code)
        _clear(folder, before)
        added = _Addition(reader, folder, files, before)
        try:
            after = added.written(told)
            if after.size > before.size or not (folder / NAME).exists():
                files.write([after.content()], folder / NAME, private=True)
        except BaseException:
            _clear(folder, _held(folder, reader, code))
            raise
    return after.size - before.size, after.size


def _held(folder: Path, reader: LogReader, code: str) -> Manifest:
    """Return what the lake holds of the city; where that is nothing, a manifest of nothing."""
    if (folder / NAME).exists():
        return manifest_in(folder)
    city, chart = reader.setting("city"), reader.setting("chart")
    return Manifest(code=code, city=city, chart=chart, size=0, root=EMPTY_ROOT, recorded="")


def _clear(folder: Path, manifest: Manifest) -> None:
    """Take away files of ours that no manifest names: an interrupted write left them."""
    named = {folder / one.name for one in manifest.files}
    for path in folder.glob("year=*/*.parquet*"):
        if path not in named:
            path.unlink()


class _Addition:
    """What a lake is given of a log."""

    def __init__(self, reader: LogReader, folder: Path, files: Writer, before: Manifest) -> None:
        self.reader, self.folder, self.files, self.before = reader, folder, files, before
        self.parts = list(before.files)
        self.waiting: defaultdict[int, list[_Event]] = defaultdict(list)
        self.frontier: list[bytes] = []
        self.size = append_leaves(0, self.frontier, leaf_hashes(reader, before.size))

    def written(self, told: Callable[[int, int], None]) -> Manifest:
        """Write the events that the lake does not hold yet; return what it then holds."""
        if self.size != self.before.size or root_of(self.frontier) != self.before.root:
            raise Refused(
                f"{self.folder} holds another log: its {self.before.size} events are not the first of this store; name "
                "the city otherwise with --city-code, or another lake"
            )
        head, leaves, last = self.reader.head(), [], self.before.recorded
        for row in self.reader.rows(self.before.size, self.reader.size()):
            body = self.reader.body_of(row)
            leaves.append(leaf_hash(*row[1:]))
            last = body["recorded"]
            self.waiting[year_of(body)].append((row, body, leaves[-1]))
            if len(leaves) == EVENTS_AT_ONCE:
                self._put_away(leaves)
                told(self.size, head.size)
        self._put_away(leaves)
        if self.size != head.size or root_of(self.frontier) != head.root:
            raise Refused("the log is not what its tree says, so it is not written; see `heinola audit verify`")
        return evolve(self.before, size=head.size, root=head.root, recorded=last, files=tuple(self.parts))

    def _put_away(self, leaves: list[bytes]) -> None:
        """Write what waits, a file for each fiscal year."""
        self.size = append_leaves(self.size, self.frontier, leaves)
        leaves.clear()
        for year, waiting in sorted(self.waiting.items()):
            self.parts.append(self._file(year, waiting))
        self.waiting.clear()

    def _file(self, year: int, events: list[_Event]) -> PartFile:
        rows, bodies, leaves = zip(*events, strict=True)
        first, last = rows[0][0], rows[-1][0]
        name = f"year={year:04}/{first:010}-{last:010}.parquet"
        content = parquet_of(rows, bodies, leaves)
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        self.files.write([content], path, private=True)
        return PartFile(name, sha256(content).hexdigest(), first, last, len(rows))


def parquet_of(rows: Sequence[Row], bodies: Iterable[dict[str, Any]], leaves: Iterable[bytes]) -> bytes:
    """Return the bytes of a file with these events."""
    buffer = BytesIO()
    arrow().parquet.write_table(table_of(rows, bodies, leaves), buffer, compression="zstd")
    return buffer.getvalue()
