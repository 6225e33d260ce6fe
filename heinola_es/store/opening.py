"""Which recorder a store has: that of a file, or that of a server, chosen by its location alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import Refused
from heinola_es.store.location import (
    INSTALL,
    NoStoreHere,
    StoreExists,
    existing_store,
    is_on_server,
    server_store,
    shown,
    store_path,
)
from heinola_es.store.trouble import StoreTrouble, trouble

if TYPE_CHECKING:
    from typing import TypeAlias

    from heinola_es.store import postgres, sqlite

    LogRecorder: TypeAlias = "sqlite.LogRecorder | postgres.LogRecorder"


def initialised_recorder(location: str, busy_seconds: int) -> LogRecorder:
    """Return the recorder of a store that was initialised.

    Raises:
        NoStoreHere: none was initialised there.
    """
    if not is_on_server(location):
        from heinola_es.store import sqlite  # noqa: PLC0415 - only the database that is asked for is loaded

        return sqlite.LogRecorder.open(existing_store(location), busy_seconds)
    recorder = _on_server(location, busy_seconds)
    if not _exists(recorder):
        recorder.close()
        raise NoStoreHere(f"no store here ({shown(location)}), run `heinola init` first or name one with --store")
    return recorder


def new_recorder(location: str, busy_seconds: int) -> LogRecorder:
    """Return the recorder of a store that is still to be made; its tables are not there yet.

    Raises:
        StoreExists: it was initialised before.
    """
    if is_on_server(location):
        recorder = _on_server(location, busy_seconds)
        if _exists(recorder):
            recorder.close()
            raise StoreExists(f"{shown(location)} is initialised already; choose another place with --store")
        return recorder
    from heinola_es.store import sqlite  # noqa: PLC0415 - only the database that is asked for is loaded

    path = store_path(location)
    if path.exists() and path.stat().st_size:
        raise StoreExists(f"{path} is initialised already; choose another place with --store")
    path.parent.mkdir(parents=True, exist_ok=True)
    return sqlite.LogRecorder.open(path, busy_seconds)


def _on_server(location: str, busy_seconds: int) -> postgres.LogRecorder:
    try:
        from heinola_es.store import postgres  # noqa: PLC0415 - only the database that is asked for is loaded
    except ModuleNotFoundError as error:
        raise Refused(INSTALL) from error
    return postgres.LogRecorder.open(server_store(location), busy_seconds)


def _exists(recorder: postgres.LogRecorder) -> bool:
    from eventsourcing.persistence import PersistenceError  # noqa: PLC0415 - loaded with the recorder

    try:
        return recorder.exists()
    except PersistenceError as error:
        recorder.close()
        raise StoreTrouble(trouble(error)) from error
