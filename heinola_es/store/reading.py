"""The log as readers use it: rows in the order of their positions, without the persistence library.

A command that only reads opens the database itself, which saves the time that the library takes to import.
"""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self, cast

import orjson

from events.codec import format_recorded
from events.streams import store_stream
from heinola_es.errors import Refused
from heinola_es.store.command_keys import CommandKey
from heinola_es.store.location import (
    INSTALL,
    NoStoreHere,
    OpenStore,
    is_on_server,
    server_store,
    store_path,
)
from heinola_es.store.reading_file import BUSY_SECONDS, Source, is_lack_of_room, opened, private_copy_of
from heinola_es.store.schema import FIRST_FORMAT
from heinola_es.store.settings import require_known_format, require_same_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from heinola_es.store.connection import Connection
    from heinola_es.store.head import TreeHead
    from heinola_es.store.postgres_connection import ReadingConnection

Row = tuple[int, str, int, str, bytes]
"""Position, stream (hex), version, topic and stored body of an event."""

PAGE = 5_000
"""How many events are read at a time."""
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"


def connected(location: str) -> Connection:
    """Return a connection to the database of the store at a location on a server, which need not be there.

    Raises:
        Refused: what that needs is not installed; or the server does not let us in.
    """
    try:
        from heinola_es.store.postgres_connection import ReadingConnection  # noqa: PLC0415 - only where it is asked for
    except ModuleNotFoundError as error:
        raise Refused(INSTALL) from error
    return ReadingConnection(server_store(location), BUSY_SECONDS)


class LogReader(OpenStore):
    """An initialised store, open for reading. Read models may be kept in the same database, through `connection`.

    `kept` is a place for what its users read once and need again while it is open.
    """

    def __init__(self, location: Path | str) -> None:
        """Open the store at a location.

        Raises:
            NoStoreHere: there is none.
            StoreTrouble: it may not be read, is locked, or the disk does not give it.
        """
        self.location = str(location)
        self.kept: dict[str, Any] = {}
        self.source: Source | None = None
        self.connection: Connection
        if is_on_server(self.location):
            self.connection = connected(self.location)
        else:
            self.connection, self.source = opened(store_path(self.location))

    @classmethod
    def open(cls, location: str) -> Self:
        """Open the store at a location.

        Raises:
            NoStoreHere: none was initialised there.
            StoreTrouble: it may not be read, is locked, or the disk does not give it.
        """
        reader = cls(location)
        try:
            if "tree_head" not in reader.tables():
                raise NoStoreHere(f"{reader.name} is not a store of ours; run `heinola init` or check --store")  # noqa: TRY301 - closed in one place
            reader.setting("format")
        except BaseException:
            reader.close()
            raise
        return reader

    def close(self) -> None:
        """Close the connection, and remove a private copy."""
        self.connection.close()
        if self.source is not None:
            self.source.close()

    def tables(self) -> set[str]:
        """Return the names of the tables in the store's database, those of read models among them."""
        if is_on_server(self.location):
            return cast("ReadingConnection", self.connection).tables()
        return {name for (name,) in self.connection.execute(_TABLES)}

    def may_write(self) -> bool:
        """Return whether read models may be kept in the store: not on a replica, nor by a user who only reads."""
        if self.source is not None:
            return self.source.may_write
        return cast("ReadingConnection", self.connection).may_write()

    def read_privately(self) -> bool:
        """Let read models be made in a private copy from now on, which is gone when the reader is closed.

        Returns whether they may be; a store on a server is not copied.

        Raises:
            StoreTrouble: no copy can be made.
        """
        if self.source is None or not isinstance(self.connection, sqlite3.Connection):
            return False
        if self.source.folder is None:
            copy = private_copy_of(self.connection, store_path(self.location))
            self.connection.close()
            self.connection, self.source = copy.connected(), copy
        return True

    def gets_round(self, error: sqlite3.Error) -> bool:
        """Return whether what failed for want of room or rights can be done again, in a private copy now."""
        own = self.source is not None and self.source.folder is None
        return own and is_lack_of_room(error) and self.read_privately()

    def setting(self, name: str) -> str:
        """Return what was chosen when the store was initialised: `city`, `chart` or `format`.

        The log says it. In a store of the first format it stands beside the log alone.

        Raises:
            UnknownFormat: the store is of a format that this version does not know.
            SettingsChanged: what stands beside the log is not what the log says.
        """
        beside = dict(self.connection.execute("SELECT name, value FROM store_settings").fetchall())
        require_known_format(beside.get("format"))
        found = self.connection.execute(
            "SELECT state FROM stored_events WHERE originator_id = ? ORDER BY originator_version DESC LIMIT 1",
            (store_stream().hex,),
        ).fetchone()
        require_same_settings(beside, orjson.loads(found[0]) if found else None)
        return str(beside[name])

    def head(self) -> TreeHead:
        """Return the head of the log's tree."""
        from heinola_es.store.head import TreeHead  # noqa: PLC0415 - readers of figures hash nothing
        from heinola_es.store.merkle import unpack_frontier  # noqa: PLC0415

        row = self.connection.execute("SELECT size, root, frontier, recorded FROM tree_head").fetchone()
        return TreeHead(row[0], row[1], unpack_frontier(row[2]), row[3])

    def command_keys(self, upto: int) -> list[CommandKey]:
        """Return the command keys beside the log that stand for events up to a position, in the order of the log.

        Only a store of the first format has any there.
        """
        if self.setting("format") != FIRST_FORMAT:
            return []
        rows = self.connection.execute(
            "SELECT key, digest, first, last FROM command_keys WHERE last <= ? ORDER BY first, key", (upto,)
        )
        return [CommandKey(*row) for row in rows]

    def size(self) -> int:
        """Return how many events there are, which is the position of the last."""
        (size,) = self.connection.execute("SELECT size FROM tree_head").fetchone()
        return int(size)

    def rows(self, after: int, upto: int) -> Iterator[Row]:
        """Yield the events at positions from `after` + 1 to `upto`, in order."""
        while after < upto:
            end = min(after + PAGE, upto)
            # Bounded on both sides, so that no plan sorts the rest of the log for a page of it.
            page = self.connection.execute(
                "SELECT position, originator_id, originator_version, topic, state FROM stored_events "
                "WHERE position > ? AND position <= ? ORDER BY position",
                (after, end),
            ).fetchall()
            yield from page
            after = end if page else self._before_the_next(after, upto)

    def _before_the_next(self, after: int, upto: int) -> int:
        """Return the position before the next event after a gap; `upto` where there is none."""
        (first,) = self.connection.execute(
            "SELECT min(position) FROM stored_events WHERE position > ?", (after,)
        ).fetchone()
        return upto if first is None else int(first) - 1

    def rows_of(self, stream: UUID, upto: int) -> Iterator[Row]:
        """Yield a stream's events up to a position of the log, in order."""
        yield from self.connection.execute(
            "SELECT position, originator_id, originator_version, topic, state FROM stored_events "
            "WHERE originator_id = ? AND position <= ? ORDER BY originator_version",
            (stream.hex, upto),
        )

    def position_at(self, instant: datetime) -> int:
        """Return the position of the last event recorded at or before `instant`; 0 where there is none.

        Recorded instants never decrease along the log, so a search by halves finds it.
        """
        wanted = format_recorded(instant)
        low, high = 0, self.size()
        while low < high:
            middle = (low + high + 1) // 2
            if self.recorded_at(middle) <= wanted:
                low = middle
            else:
                high = middle - 1
        return low

    def position_before(self, instant: datetime) -> int:
        """Return the position of the last event recorded before `instant`; 0 where there is none."""
        return self.position_at(instant - timedelta(microseconds=1))

    def row_of(self, stream: str, version: int) -> Row | None:
        """Return the event of a stream (hex) at a version, or None."""
        found: Row | None = self.connection.execute(
            "SELECT position, originator_id, originator_version, topic, state FROM stored_events "
            "WHERE originator_id = ? AND originator_version = ?",
            (stream, version),
        ).fetchone()
        return found

    def leaf_hash(self, position: int) -> bytes:
        """Return the stored leaf hash of the event at a position."""
        (leaf,) = self.connection.execute(
            "SELECT leaf_hash FROM stored_events WHERE position = ?", (position,)
        ).fetchone()
        return bytes(leaf)

    def unit_names(self) -> dict[str, str]:
        """Return the name each unit was established with, by code, in the order of the log."""
        rows = self.connection.execute(
            "SELECT state FROM stored_events WHERE topic = 'UnitEstablished' ORDER BY position"
        )
        bodies = (orjson.loads(state) for (state,) in rows)
        return {body["code"]: body["name"] for body in bodies}

    def project_owners(self) -> dict[str, str]:
        """Return the code of the unit each project was launched by, by the project's name, in the order of the log."""
        rows = self.connection.execute(
            "SELECT state FROM stored_events WHERE topic = 'ProjectLaunched' ORDER BY position"
        )
        bodies = (orjson.loads(state) for (state,) in rows)
        return {body["project"]: body["unit"] for body in bodies}

    def bodies_of(self, stream: UUID, topic: str) -> list[dict[str, Any]]:
        """Return the stored bodies of a stream's events of one topic, in order."""
        rows = self.connection.execute(
            "SELECT state FROM stored_events WHERE originator_id = ? AND topic = ? ORDER BY originator_version",
            (stream.hex, topic),
        )
        return [orjson.loads(state) for (state,) in rows]

    def last_body(self) -> dict[str, Any] | None:
        """Return the stored body of the last event; None where there are none."""
        found = self.connection.execute("SELECT state FROM stored_events ORDER BY position DESC LIMIT 1").fetchone()
        return orjson.loads(found[0]) if found else None

    def recorded_at(self, position: int) -> str:
        """Return the instant at which the event at a position was recorded, as stored text."""
        (state,) = self.connection.execute("SELECT state FROM stored_events WHERE position = ?", (position,)).fetchone()
        return str(orjson.loads(state)["recorded"])
