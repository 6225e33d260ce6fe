"""Which recorder a store has: that of a file, or that of a server, chosen by its location alone."""

from __future__ import annotations

import errno
import os
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from heinola_es.errors import Refused
from heinola_es.store.location import (
    INSTALL,
    NoStoreHere,
    StoreExists,
    is_on_server,
    server_store,
    shown,
    store_path,
)
from heinola_es.store.reading_file import require_ours
from heinola_es.store.trouble import StoreTrouble, trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from heinola_es.store import postgres, sqlite

    LogRecorder: TypeAlias = "sqlite.LogRecorder | postgres.LogRecorder"

BESIDE = ("-wal", "-shm", "-journal")
"""What the names of the files end in that SQLite keeps beside a database."""


def initialised_recorder(location: str, busy_seconds: int) -> LogRecorder:
    """Return the recorder of a store that was initialised.

    Raises:
        NoStoreHere: none was initialised there.
    """
    if not is_on_server(location):
        from heinola_es.store import sqlite  # noqa: PLC0415 - only the database that is asked for is loaded

        require_ours(path := store_path(location))
        return sqlite.LogRecorder.open(path, busy_seconds)
    recorder = _on_server(location, busy_seconds)
    if not _exists(recorder):
        recorder.close()
        raise NoStoreHere(f"no store here ({shown(location)}), run `heinola init` first or name one with --store")
    return recorder


@contextmanager
def new_recorder(location: str, busy_seconds: int, mode: int) -> Iterator[LogRecorder]:
    """Give the recorder of a store that is still to be made; it is there at the end of the context, or not at all.

    Raises:
        StoreExists: it was initialised before, or by somebody else meanwhile.
        StoreTrouble: it cannot be made there.
    """
    if is_on_server(location):
        recorder = _on_server(location, busy_seconds)
        if _exists(recorder):
            recorder.close()
            raise StoreExists(f"{shown(location)} is initialised already; choose another place with --store")
        with closing(recorder):
            yield recorder
        return
    from heinola_es.store import sqlite  # noqa: PLC0415 - only the database that is asked for is loaded

    with made_whole(store_path(location), mode) as path, closing(sqlite.LogRecorder.open(path, busy_seconds)) as new:
        yield new


@contextmanager
def made_whole(path: Path, mode: int) -> Iterator[Path]:
    """Give the path of an empty file beside `path`, which takes its name at the end, if nothing has it by then.

    Its mode is `mode`, whatever the umask is.

    So a store is there whole or not at all, whatever happens while it is made, and of several that are made at once
    one wins.

    Raises:
        StoreExists: something is at `path`, or what belongs to a store that was there.
        StoreTrouble: nothing can be made there.
    """
    from tempfile import mkstemp  # noqa: PLC0415 - loaded where a store is made

    try:
        _require_free(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = mkstemp(prefix=f".{path.name}.", suffix=".new", dir=path.parent)
    except OSError as error:
        raise _cannot_make(path, error) from None
    os.fchmod(handle, mode)
    os.close(handle)
    try:
        yield Path(name)
        _take_name(Path(name), path)
    finally:
        for suffix in ("", *BESIDE):
            Path(f"{name}{suffix}").unlink(missing_ok=True)


def _require_free(path: Path) -> None:
    if path.is_symlink() or path.exists():
        empty = path.is_file() and not path.stat().st_size
        what = "is an empty file; remove it, or" if empty else "is initialised already, or is another file;"
        raise StoreExists(f"{path} {what} choose another place with --store")
    for suffix in BESIDE:
        if path.name.endswith(suffix) and (other := path.parent / path.name.removesuffix(suffix)).is_file():
            raise StoreExists(
                f"a file {path} would be taken for what belongs to {other}, and damage it; choose another place"
            )
        if Path(f"{path}{suffix}").exists():
            raise StoreExists(
                f"{path}{suffix} is left of a store that was there; move it away, or choose another place"
            )


def _take_name(new: Path, path: Path) -> None:
    """Give a finished file its name; a name is never taken from another.

    Raises:
        StoreExists: another has the name by now.
        StoreTrouble: the disk does not let us.
    """
    wal = Path(f"{new}{BESIDE[0]}")
    if wal.exists() and wal.stat().st_size:
        raise StoreTrouble(f"no store can be made at {path}: its file could not be completed; try again")
    try:
        _sync(new)
        _link(new, path)
        try:
            _sync(path.parent)
        except OSError:
            path.unlink()
            raise
    except FileExistsError:
        raise StoreExists(f"{path} was made by somebody else meanwhile; nothing was changed") from None
    except OSError as error:
        raise _cannot_make(path, error) from error


def _link(new: Path, path: Path) -> None:
    """Give a file a second name, which nothing has yet; where the disk knows no second names, move it there."""
    try:
        os.link(new, path)
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP}:
            raise
        path.open("xb").close()  # so that of several one wins
        try:
            new.replace(path)
        except OSError:
            path.unlink()
            raise


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _cannot_make(path: Path, error: OSError) -> StoreTrouble:
    return StoreTrouble(f"no store can be made at {path} ({error.strerror}); choose another place with --store")


def _on_server(location: str, busy_seconds: int) -> postgres.LogRecorder:
    try:
        from heinola_es.store import postgres  # noqa: PLC0415 - only the database that is asked for is loaded
    except ModuleNotFoundError:
        raise Refused(INSTALL) from None
    return postgres.LogRecorder.open(server_store(location), busy_seconds)


def _exists(recorder: postgres.LogRecorder) -> bool:
    from eventsourcing.persistence import PersistenceError  # noqa: PLC0415 - loaded with the recorder

    try:
        return recorder.exists()
    except PersistenceError as error:
        recorder.close()
        raise StoreTrouble(trouble(error)) from error
