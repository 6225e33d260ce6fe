"""The file of a store, opened by somebody who may only read: an auditor, a mount, a disk without room.

SQLite keeps two files beside one that is in use, `-wal` with the last commits and `-shm` for those who share it. Who
may not write the store makes neither: files of theirs would lock its owner out. They read through those that are there,
or else a private copy, which is made of the file and its `-wal` together, so that no commit is missing from it.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from events.value_object import ValueObject
from heinola_es.store.held_files import Hold, is_held
from heinola_es.store.location import NoStoreHere, StoreIncomplete
from heinola_es.store.trouble import StoreTrouble, is_damage, trouble_at

if TYPE_CHECKING:
    from typing import BinaryIO

BUSY_SECONDS = 10
BESIDE = ("-wal", "-journal")
"""What the names of the files end in that belong to a database and hold commits of it."""
SHARED = "-shm"
_MAGIC = b"SQLite format 3\x00"
_NEEDED = {
    "stored_events": {"position", "originator_id", "originator_version", "topic", "state", "leaf_hash"},
    "tree_head": {"size", "root", "frontier", "recorded"},
}
"""The tables that make a store, with their columns."""
_TRIES = 20
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
_NO_ROOM = frozenset({sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_PERM})
_NO_ROOM_FOR_FILES = frozenset(
    {
        sqlite3.SQLITE_IOERR_SHMOPEN,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_SHMMAP,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_ACCESS,
    }
)


class Folder(Protocol):
    """A temporary folder."""

    name: str

    def cleanup(self) -> None:
        """Remove it with what is in it."""


@frozen(slots=True, eq=False, repr=False)
class Source(ValueObject):
    """What a reader opens in place of a store's file.

    Attributes:
        path: of the file.
        mode: how it is opened, as SQLite's URIs say it.
        may_write: whether read models may be kept in the store itself.
        folder: that holds a private copy, or None where it is the store's own file.
    """

    path: Path
    mode: str
    may_write: bool = False
    folder: Folder | None = None

    def uri(self, mode: str = "") -> str:
        """Return what SQLite opens; whatever its name has in it, the path is one."""
        return f"{self.path.absolute().as_uri()}?{mode or self.mode}"

    @property
    def reading_mode(self) -> str:
        """How it is opened by somebody who writes nothing in it, though they may."""
        return "mode=ro" if self.mode == "mode=rw" else self.mode

    def connected(self) -> sqlite3.Connection:
        """Return a connection, which has read something.

        Raises:
            sqlite3.Error: it cannot be read.
        """
        connection = sqlite3.connect(self.uri(), timeout=BUSY_SECONDS, isolation_level=None, uri=True, factory=_Holding)
        connection.hold(self.path)
        try:
            if self.folder is not None:
                connection.execute("PRAGMA synchronous = OFF")  # gone with the command that asked for it
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        except BaseException:
            connection.close()
            raise
        return connection

    def close(self) -> None:
        """Remove a private copy."""
        if self.folder is not None:
            self.folder.cleanup()


class _Holding(sqlite3.Connection):
    """A connection that holds its file until it is closed."""

    _hold: Hold | None = None

    def hold(self, path: Path) -> None:
        """Let nothing but the database open the file of a path meanwhile."""
        self._hold = Hold(path)

    def close(self) -> None:
        """Close the connection, and then let go of the file."""
        super().close()
        if self._hold is not None:
            self._hold.release()


def opened(path: Path) -> tuple[sqlite3.Connection, Source]:
    """Return a connection to the file of a store for reading, and what it leads to.

    Raises:
        NoStoreHere: there is none.
        StoreTrouble: it may not be read, is locked, or the disk does not give it.
    """
    require_tables(path)
    source = usable_source(path)
    try:
        return source.connected(), source
    except sqlite3.Error as error:
        source.close()
        raise trouble_at(path, error) from error


def usable_source(path: Path) -> Source:
    """Return what a reader of a store can open in place of its file, which may be damaged.

    Raises:
        StoreTrouble: it may not be read, is locked, or the disk does not give it.
    """
    source = _source_of(path)
    try:
        source.connected().close()
    except sqlite3.Error as error:
        if is_damage(error):
            return source
        source.close()
        if source.folder is not None or not is_lack_of_room(error):
            raise trouble_at(path, error) from error
        return private_copy(path)
    return source


def is_lack_of_room(error: sqlite3.Error) -> bool:
    """Return whether a file beside the database could not be made or written; the database may be read all the same."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF in _NO_ROOM or code in _NO_ROOM_FOR_FILES


def require_file(path: Path) -> None:
    """Refuse what is no ordinary file with the header of a database, without waiting for anything and changing nothing.

    Raises:
        NoStoreHere: nothing is there, or something else.
        StoreTrouble: it may not be read, or the disk does not give it.
    """
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "no file")
            raise NoStoreHere(f"no store here ({path} is {kind}), run `heinola init` first or name one with --store")
        with path.open("rb") as file:
            header = file.read(len(_MAGIC))
    except (FileNotFoundError, NotADirectoryError) as error:
        dangling = " is a link to nothing" if path.is_symlink() else ""
        where = f"{path}{dangling}"
        raise NoStoreHere(f"no store here ({where}), run `heinola init` first or name one with --store") from error
    except OSError as error:
        raise _may_not_read(path, error) from error
    if header != _MAGIC:
        raise not_ours(path)


def require_tables(path: Path) -> None:
    """Refuse what is no store of ours; the file and what lies beside it stay as they are.

    Raises:
        NoStoreHere: there is none.
        StoreTrouble: it may not be read, or the disk does not give it.
    """
    if is_held(path):  # it was looked at before
        return
    require_file(path)
    try:
        tables = _tables_in(Source(path, "mode=ro&immutable=1"))
    except sqlite3.Error:
        tables = set()  # somebody writes in it just now
    if tables == _NEEDED.keys():
        return
    # A file whose tables are all in its -wal still: its first command was cut short, or it is in use.
    copy = private_copy(path)
    try:
        tables = _tables_in(copy)
    except sqlite3.Error as error:
        raise trouble_at(path, error) from error
    finally:
        copy.close()
    if not tables:
        raise not_ours(path)
    for table in _NEEDED.keys() - tables:
        raise StoreIncomplete.of(path, table)


def require_ours(path: Path) -> None:
    """Refuse to write in what is no store of ours, or may not be written, before anything opens and changes it.

    Raises:
        NoStoreHere: there is none.
        StoreTrouble: it may not be read or written, or the disk does not give it.
    """
    require_tables(path)
    folder = path.absolute().parent
    for place, what in ((path, "it"), (folder, "in its folder")):
        if not _writable(place):
            raise StoreTrouble(
                f"you may read {path}, but not write {what}; ask for the right to write the file and its folder, or "
                "see whether the disk is mounted for reading alone"
            )


def not_ours(path: Path) -> NoStoreHere:
    """Return the error for a file that is something else."""
    return NoStoreHere(f"{path} is not a store of ours; run `heinola init` or check --store")


def private_copy(path: Path) -> Source:
    """Return a private copy of a store's file, with the commits that are not in the file itself yet.

    Nobody is kept from recording meanwhile; it is copied again until nothing has changed under it.

    Raises:
        StoreTrouble: a file may not be read, there is no room, or the store changes all the time.
    """
    folder = _private_folder()
    try:
        _copy_unchanged(path, Path(folder.name, "store.db"))
    except BaseException:
        folder.cleanup()
        raise
    return Source(Path(folder.name, "store.db"), "mode=rw", folder=folder)


def private_copy_of(connection: sqlite3.Connection, path: Path) -> Source:
    """Return a private copy of what a connection reads.

    Raises:
        StoreTrouble: it cannot be made.
    """
    folder = _private_folder()
    copy = Source(Path(folder.name, "store.db"), "mode=rw", folder=folder)
    try:
        with closing(sqlite3.connect(copy.path, isolation_level=None)) as target:
            connection.backup(target)
    except sqlite3.Error as error:
        copy.close()
        if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_FULL:
            raise _no_room_for(path) from error
        raise trouble_at(path, error) from error
    return copy


def _private_folder() -> Folder:
    import tempfile  # noqa: PLC0415 - loaded where a copy is made

    return tempfile.TemporaryDirectory(prefix="heinola-")


def _source_of(path: Path) -> Source:
    """Return the store's own file, where it can be read without leaving anything beside it, or else a private copy."""
    real = path.resolve()
    if _writable(real) and _writable(real.parent):
        return Source(path, "mode=rw", may_write=True)
    beside = [Path(f"{real}{suffix}") for suffix in (BESIDE[0], SHARED)]
    if all(os.access(one, os.R_OK, effective_ids=_EFFECTIVE) for one in beside):
        return Source(path, "mode=ro&readonly_shm=1")
    return private_copy(path)


_EFFECTIVE = os.access in os.supports_effective_ids


def _writable(path: Path) -> bool:
    return os.access(path, os.W_OK, effective_ids=_EFFECTIVE)


def _tables_in(source: Source) -> set[str]:
    """Return which of the tables that make a store are there, as we make them."""
    with closing(source.connected()) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        return {table for table in _NEEDED if table in there and _NEEDED[table] <= _columns_of(connection, table)}


def _columns_of(connection: sqlite3.Connection, table: str) -> set[str]:
    return {column[1] for column in connection.execute(f"PRAGMA table_info({table})")}


def _copy_unchanged(path: Path, copy: Path) -> None:
    real = path.resolve()
    for _try in range(_TRIES):
        before = _state_of(real)
        for suffix in ("", *BESIDE):
            _copy(Path(f"{real}{suffix}"), Path(f"{copy}{suffix}"), path)
        if _state_of(real) == before:
            return
    raise StoreTrouble(f"{path} changes all the time, so no copy of it can be read; try again")


def _copy(file: Path, copy: Path, store: Path) -> None:
    """Copy a file, where it is there."""
    from shutil import disk_usage  # noqa: PLC0415 - loaded where a copy is made

    copy.unlink(missing_ok=True)
    try:
        source = file.open("rb")
    except FileNotFoundError:
        return
    except OSError as error:
        raise _may_not_read(file, error, store) from error
    with source, copy.open("wb") as target:
        try:
            if disk_usage(copy.parent).free < os.fstat(source.fileno()).st_size:
                raise _no_room_for(store)
            while block := _read(source, file):
                target.write(block)
        except OSError as error:
            raise _no_room_for(store) from error


def _read(source: BinaryIO, file: Path) -> bytes:
    try:
        return source.read(1 << 20)
    except OSError as error:
        raise _may_not_read(file, error) from error


def _state_of(path: Path) -> list[tuple[int, int, int] | None]:
    """Return what changes whenever somebody writes a store's files."""
    states: list[tuple[int, int, int] | None] = []
    for suffix in ("", *BESIDE):
        try:
            seen = Path(f"{path}{suffix}").stat()
        except OSError:
            states.append(None)
        else:
            states.append((seen.st_ino, seen.st_size, seen.st_mtime_ns))
    return states


def _may_not_read(file: Path, error: OSError, store: Path | None = None) -> StoreTrouble:
    if isinstance(error, PermissionError):
        why = "" if store in {None, file} else f", which holds the last events of {store}"
        return StoreTrouble(f"you may not read {file}{why}; ask whoever looks after it for the right to")
    return StoreTrouble(f"{file} could not be read ({error.strerror}); check the disk that it is on")


def _no_room_for(path: Path) -> StoreTrouble:
    from tempfile import gettempdir  # noqa: PLC0415 - loaded where a copy is made

    return StoreTrouble(
        f"{path} can be read from a private copy alone, and there is no room for that in {gettempdir()}; make room, or "
        "name another folder with TMPDIR"
    )
