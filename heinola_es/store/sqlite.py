"""The embedded store: `eventsourcing`'s SQLite persistence, made append-only and provable.

What is ours beside the library's: explicit positions without gaps, a leaf hash per event, the head of the Merkle tree
moved in the same transaction, triggers that refuse UPDATE and DELETE, and full fsync on every connection.
"""

from __future__ import annotations

from contextlib import contextmanager
from threading import local
from typing import TYPE_CHECKING, Any
from uuid import UUID

from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)

from heinola_es.errors import Refused
from heinola_es.store.head import TreeHead
from heinola_es.store.merkle import append_leaves, leaf_hash, pack_frontier, root_of, unpack_frontier
from heinola_es.store.schema import SCHEMA

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from eventsourcing.persistence import StoredEvent

SYNCHRONOUS_FULL = 2


class NotDurable(Refused):
    """The database would not survive a power cut with everything it acknowledged."""


class FullSyncPool(SQLiteConnectionPool):
    """Connections that fsync every commit, whatever defaults the SQLite library was built with."""

    def _create_connection(self) -> SQLiteConnection:
        connection = super()._create_connection()
        raw = connection._sqlite_conn  # noqa: SLF001 - the library gives no other way to its connection
        raw.execute("PRAGMA synchronous = FULL")
        raw.execute("PRAGMA fullfsync = ON")  # macOS: ask the drive itself
        require_full_sync(raw)
        return connection


def require_full_sync(connection: sqlite3.Connection) -> None:
    """Refuse a connection that does not fsync at every commit.

    Raises:
        NotDurable: `synchronous` is below FULL.
    """
    (level,) = connection.execute("PRAGMA synchronous").fetchone()
    if level < SYNCHRONOUS_FULL:
        raise NotDurable("this SQLite does not sync its writes to disk (synchronous is below FULL); refusing to record")


class LogFactory(SQLiteFactory):
    """Builds the library's infrastructure with connections and a recorder of ours."""

    def __init__(self, env: Any) -> None:  # noqa: ANN401 - the library's own signature
        super().__init__(env)
        plain = self.datastore.pool
        self.datastore.pool = FullSyncPool(db_name=plain.db_name, lock_timeout=plain.lock_timeout)
        plain.close()


class LogRecorder(SQLiteApplicationRecorder):
    """An application recorder whose table only ever grows.

    All writing happens inside `exclusive()`, which holds the database's write lock from the first read of a command to
    its commit: what a command decided on cannot change under it, and recorded instants follow positions.
    """

    def __init__(self, datastore: SQLiteDatastore, events_table_name: str = "stored_events") -> None:
        super().__init__(datastore, events_table_name)
        self.insert_events_statement = (
            "INSERT INTO stored_events (position, originator_id, originator_version, topic, state, leaf_hash) "
            "VALUES (?, ?, ?, ?, ?, ?)"
        )
        self._open = local()

    def construct_create_table_statements(self) -> list[str]:
        """Return the schema of a new store."""
        return list(SCHEMA)

    @contextmanager
    def exclusive(self, *, commit: bool = True) -> Iterator[SQLiteCursor]:
        """Hold the write lock over a command; commit at the end, or undo it all when `commit` is false.

        Raises:
            OperationalError: other writers kept the lock for longer than the time-out.
        """
        with self.datastore.transaction(commit=commit) as cursor:
            # Writing first takes the lock outright; a transaction that starts by reading may lose the race later.
            cursor.execute("UPDATE tree_head SET size = size")
            self._open.cursor = cursor
            try:
                yield cursor
            finally:
                self._open.cursor = None

    def head(self) -> TreeHead:
        """Return the head of the tree as the open command, or else the last commit, has it."""
        cursor = getattr(self._open, "cursor", None)
        if cursor is not None:
            return _read_head(cursor)
        with self.datastore.transaction(commit=False) as cursor:
            return _read_head(cursor)

    def find_key(self, key: str) -> tuple[str, int, int] | None:
        """Return the digest and the positions recorded under a command key, within the open command."""
        self._open.cursor.execute("SELECT digest, first, last FROM command_keys WHERE key = ?", (key,))
        row = self._open.cursor.fetchone()
        return (row["digest"], row["first"], row["last"]) if row else None

    def remember_key(self, key: str, digest: str, first: int, last: int) -> None:
        """Keep a command key with what was recorded under it, within the open command."""
        self._open.cursor.execute("INSERT INTO command_keys VALUES (?, ?, ?, ?)", (key, digest, first, last))

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:  # noqa: ANN401
        """Append rows within the open command and return their positions. `recorded` is the instant they all carry."""
        return self._insert_events(self._open.cursor, stored_events, **kwargs)

    def _insert_events(
        self,
        c: SQLiteCursor,
        stored_events: Sequence[StoredEvent],
        **kwargs: Any,  # noqa: ANN401 - the library's own signature
    ) -> Sequence[int] | None:
        head = _read_head(c)
        recorded: str = kwargs["recorded"]
        if recorded < head.recorded:
            raise ValueError(f"recorded at {recorded}, before the last event of the log ({head.recorded})")
        rows = [_row(position, event) for position, event in enumerate(stored_events, head.size + 1)]
        c.executemany(self.insert_events_statement, rows)
        frontier = head.frontier
        size = append_leaves(head.size, frontier, (row[-1] for row in rows))
        c.execute(
            "UPDATE tree_head SET size = ?, root = ?, frontier = ?, recorded = ?",
            (size, root_of(frontier), pack_frontier(frontier), recorded),
        )
        return range(head.size + 1, size + 1)

    def select_notifications(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - only narrows the library's
        """Not offered: the log is read through `heinola_es.store.reading`, which does not need the library."""
        raise NotImplementedError


def _row(position: int, event: StoredEvent) -> tuple[int, str, int, str, bytes, bytes]:
    stream = event.originator_id.hex if isinstance(event.originator_id, UUID) else event.originator_id
    leaf = leaf_hash(stream, event.originator_version, event.topic, event.state)
    return position, stream, event.originator_version, event.topic, event.state, leaf


def _read_head(cursor: SQLiteCursor) -> TreeHead:
    cursor.execute("SELECT size, root, frontier, recorded FROM tree_head")
    row = cursor.fetchone()
    return TreeHead(row["size"], row["root"], unpack_frontier(row["frontier"]), row["recorded"])
