"""The embedded store: `eventsourcing`'s SQLite persistence, made append-only and provable.

What is ours beside the library's: explicit positions without gaps, a leaf hash per event, the head of the Merkle tree
moved in the same transaction, triggers that refuse UPDATE and DELETE, and full fsync on every connection.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from threading import local
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from eventsourcing.sqlite import (
    SQLiteApplicationRecorder,
    SQLiteConnection,
    SQLiteConnectionPool,
    SQLiteCursor,
    SQLiteDatastore,
    SQLiteFactory,
)
from eventsourcing.utils import Environment

from heinola_es.store.appending import appended
from heinola_es.store.durability import NotDurable
from heinola_es.store.head import TreeHead
from heinola_es.store.merkle import pack_frontier, unpack_frontier
from heinola_es.store.schema import SCHEMA

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Self

    from eventsourcing.persistence import StoredEvent

SYNCHRONOUS_FULL = 2
RETRY_SECONDS = 0.002
"""How soon a writer that found the store busy tries again."""


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
        self.busy_seconds = 0
        self._open = local()

    @classmethod
    def open(cls, path: Path, busy_seconds: int) -> Self:
        """Return the recorder of the store in a file; it waits this long for other writers."""
        environment = Environment("", {"SQLITE_DBNAME": str(path), "SQLITE_LOCK_TIMEOUT": str(busy_seconds)})
        recorder = cls(LogFactory(environment).datastore)
        recorder.busy_seconds = busy_seconds
        return recorder

    def close(self) -> None:
        """Close the connections."""
        self.datastore.close()

    def create(self, head: TreeHead, settings: Mapping[str, str]) -> None:
        """Make the tables of an empty store, with its head and its settings."""
        with self.datastore.transaction(commit=True) as cursor:
            for statement in self.create_table_statements:
                cursor.execute(statement)
            values = (1, head.size, head.root, pack_frontier(head.frontier), head.recorded)
            cursor.execute("INSERT INTO tree_head VALUES (?, ?, ?, ?, ?)", values)
            cursor.executemany("INSERT INTO store_settings VALUES (?, ?)", sorted(settings.items()))

    def select(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows, by column name, of what was committed; a `?` in the statement stands for a value."""
        with self.datastore.transaction(commit=False) as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

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
            self._take_lock(cursor)
            self._open.cursor = cursor
            try:
                yield cursor
            finally:
                self._open.cursor = None

    def _take_lock(self, cursor: SQLiteCursor) -> None:
        """Take the write lock, trying at even intervals.

        SQLite itself would try less and less often, so that of many writers those who wait longest would wait longer
        still. Writing first takes the lock outright; a transaction that starts by reading may lose the race later.
        """
        until = monotonic() + self.busy_seconds
        cursor.execute("PRAGMA busy_timeout = 0")
        while True:
            try:
                cursor.execute("UPDATE tree_head SET size = size")
                break
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or monotonic() > until:
                    raise
            sleep(RETRY_SECONDS)
        cursor.execute(f"PRAGMA busy_timeout = {self.busy_seconds * 1000}")

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
        before = _read_head(c)
        rows, head = appended(before, stored_events, kwargs["recorded"])
        c.executemany(self.insert_events_statement, rows)
        c.execute(
            "UPDATE tree_head SET size = ?, root = ?, frontier = ?, recorded = ?",
            (head.size, head.root, pack_frontier(head.frontier), head.recorded),
        )
        return range(before.size + 1, head.size + 1)

    def select_notifications(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - only narrows the library's
        """Not offered: the log is read through `heinola_es.store.reading`, which does not need the library."""
        raise NotImplementedError


def _read_head(cursor: SQLiteCursor) -> TreeHead:
    cursor.execute("SELECT size, root, frontier, recorded FROM tree_head")
    row = cursor.fetchone()
    return TreeHead(row["size"], row["root"], unpack_frontier(row["frontier"]), row["recorded"])
