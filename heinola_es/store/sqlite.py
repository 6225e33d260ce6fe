"""The embedded store: `eventsourcing`'s SQLite persistence, made append-only and provable.

What is ours beside the library's: explicit positions without gaps, a leaf hash per event, the head of the Merkle tree
moved in the same transaction, triggers that refuse UPDATE and DELETE, full fsync on every connection, and that what
was written is read back before a command is acknowledged.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from itertools import chain
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

from heinola_es.store.appending import NotAsAppended, Written, require_sound
from heinola_es.store.durability import NotDurable
from heinola_es.store.head import EMPTY_HEAD, TreeHead
from heinola_es.store.held_files import Hold
from heinola_es.store.kinds import IN_A_FILE
from heinola_es.store.merkle import pack_frontier, unpack_frontier
from heinola_es.store.schema import FORMAT, NOTES, SCHEMA, SIGNATURE, SIGNED_SCHEMA, UPGRADES, schema_flaws
from heinola_es.store.signing import note_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Self

    from eventsourcing.persistence import StoredEvent

    from heinola_es.store.kept import Kept

SYNCHRONOUS_FULL = 2
_APPENDED = (
    "SELECT position, originator_id, originator_version, topic, state, leaf_hash FROM stored_events "
    "WHERE position > ? ORDER BY position"
)
_INSERT = "INSERT INTO stored_events (position, originator_id, originator_version, topic, state, leaf_hash) VALUES {}"
_ROW = "(?, ?, ?, ?, ?, ?)"
_TOGETHER = 64
"""So many rows go in by one statement, of those that are many; each is held against the triggers by itself."""
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
        self.insert_events_statement = _INSERT.format(_ROW)
        self.busy_seconds = 0
        self._open = local()
        self._hold: Hold | None = None

    @classmethod
    def open(cls, path: Path, busy_seconds: int) -> Self:
        """Return the recorder of the store in a file, which exists; it waits this long for other writers."""
        # As a URI, in which nothing in the name of a file means anything but itself.
        name = f"{path.resolve().as_uri()}?mode=rw"
        environment = Environment("", {"SQLITE_DBNAME": name, "SQLITE_LOCK_TIMEOUT": str(busy_seconds)})
        recorder = cls(LogFactory(environment).datastore)
        recorder.busy_seconds = busy_seconds
        recorder._hold = Hold(path)
        return recorder

    @property
    def login(self) -> str:
        """Whom the database takes the user for: a file asks nobody."""
        return ""

    def close(self) -> None:
        """Close the connections, and then let go of the file."""
        self.datastore.close()
        if self._hold is not None:
            self._hold.release()

    def select(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows, by column name, of what this thread can see; a `?` in the statement stands for a value."""
        cursor = getattr(self._open, "cursor", None)
        if cursor is not None:
            cursor.execute(statement, values)
            return list(cursor.fetchall())
        with self.datastore.transaction(commit=False) as own:
            own.execute(statement, values)
            return list(own.fetchall())

    def construct_create_table_statements(self) -> list[str]:
        """Return the schema of a new store."""
        return list(SCHEMA)

    @contextmanager
    def founding(self, settings: Mapping[str, str]) -> Iterator[None]:
        """Make the tables of an empty store with its settings, and hold them over the first command."""
        with self._transaction(commit=True) as cursor:
            for statement in self.create_table_statements:
                cursor.execute(statement)
            head = EMPTY_HEAD
            values = (1, head.size, head.root, pack_frontier(head.frontier), head.recorded)
            cursor.execute("INSERT INTO tree_head VALUES (?, ?, ?, ?, ?)", values)
            cursor.executemany("INSERT INTO store_settings VALUES (?, ?)", sorted(settings.items()))
            with self._appending(cursor):
                yield

    @contextmanager
    def exclusive(self, *, commit: bool = True) -> Iterator[None]:
        """Hold the write lock over a command; commit at the end, or undo it all when `commit` is false.

        What was appended is read back first, and the tables, indexes and triggers are compared with what they must be.

        Raises:
            OperationalError: other writers kept the lock for longer than the time-out.
            NotAsAppended: the database does not hold what was written, or is not as a store is made.
        """
        with self._transaction(commit=commit) as cursor:
            self._take_lock(cursor)
            with self._appending(cursor):
                yield

    def upgrade(self, was: str) -> None:
        """Bring a store of an earlier format to this one, within the open command.

        Raises:
            NotAsAppended: it is not as a store of that format was made.
        """
        _require_schema(self._open.cursor, was)
        for statement in UPGRADES[was]:
            self._open.cursor.execute(statement)

    def require_known_kinds(self) -> None:
        """Refuse a log that holds a kind or a version of events that is not known here.

        Raises:
            UnknownEvent.
        """
        IN_A_FILE.require_known(self.select)

    @contextmanager
    def _transaction(self, *, commit: bool) -> Iterator[SQLiteCursor]:
        """Begin a transaction, and end it; where that fails, the error that led there is the one that is told."""
        with self.datastore.get_connection(commit=commit) as connection:
            cursor = connection.cursor()
            cursor.execute("BEGIN")
            try:
                yield cursor
                if commit:
                    connection.commit()
            finally:
                with suppress(sqlite3.Error):  # after a full disk, SQLite has rolled back by itself
                    connection.rollback()

    @contextmanager
    def _appending(self, cursor: SQLiteCursor) -> Iterator[None]:
        """Take what is appended to the log, and read it back at the end."""
        before = _read_head(cursor)
        cursor.execute("SELECT position, state FROM stored_events ORDER BY position DESC LIMIT 1")
        require_sound(before, *(cursor.fetchone() or (0, b"")))
        written = Written(before)
        self._open.cursor, self._open.written = cursor, written
        try:
            yield
            stored = _read_head(cursor)
            reading = cursor.sqlite_cursor.connection.cursor()
            reading.row_factory = None  # plain tuples, of which there may be a million
            written.require_stored(reading.execute(_APPENDED, (before.size,)), stored)
            written.require_kept(self._kept)
            written.require_signed(self.signature())
            _require_schema(cursor, FORMAT)
        finally:
            self._open.cursor = self._open.written = None

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
        written: Written | None = getattr(self._open, "written", None)
        if written is not None:
            return written.head
        with self.datastore.transaction(commit=False) as cursor:
            return _read_head(cursor)

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:  # noqa: ANN401
        """Append rows within the open command and return their positions. `recorded` is the instant they all carry."""
        written: Written = self._open.written
        rows, head = written.append(stored_events, kwargs["recorded"]), written.head
        whole = len(rows) - len(rows) % _TOGETHER
        together = (tuple(chain.from_iterable(rows[at : at + _TOGETHER])) for at in range(0, whole, _TOGETHER))
        self._open.cursor.executemany(_INSERT.format(", ".join([_ROW] * _TOGETHER)), together)
        self._open.cursor.executemany(self.insert_events_statement, rows[whole:])
        self._open.cursor.execute(
            "UPDATE tree_head SET size = ?, root = ?, frontier = ?, recorded = ?",
            (head.size, head.root, pack_frontier(head.frontier), head.recorded),
        )
        return range(head.size - len(rows) + 1, head.size + 1)

    def keep(self, kept: Kept) -> None:
        """Keep a report or a name within the open command; one that is there already stays.

        Raises:
            NotAsAppended: it is not what its digest says, or what is there already is not.
        """
        if self._open.written.keep(kept, self._kept):
            self._open.cursor.execute(kept.KEEP, kept.row())

    def _kept(self, kept: Kept) -> Kept | None:
        """Return what is there under the same digest, as the open command sees it."""
        self._open.cursor.execute(kept.FIND, (kept.digest,))
        row = self._open.cursor.fetchone()
        return None if row is None else kept.in_row(row)

    def signature(self) -> str | None:
        """Return the signed note of the head as the open command sees it; None where the store has no room for one."""
        if not self.select("SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?", (SIGNATURE,)):
            return None
        return note_in([row["note"] for row in self.select(NOTES)])

    def has_room_for_signature(self) -> bool:
        """Return whether there is the one row that a signed note of the head goes into."""
        return self.signature() is not None and len(self.select(f"SELECT 1 FROM {SIGNATURE}")) == 1  # noqa: S608

    def begin_signing(self) -> None:
        """Make room for the signed note of the head, within the open command; what is there in its place goes."""
        self._open.cursor.execute(f"DROP TABLE IF EXISTS {SIGNATURE}")
        for statement in SIGNED_SCHEMA:
            self._open.cursor.execute(statement)
        self._open.cursor.execute("INSERT INTO head_signature VALUES (1, '')")

    def sign(self, note: str) -> None:
        """Keep the signed note of the head, within the open command."""
        self._open.written.signature = note
        self._open.cursor.execute("UPDATE head_signature SET note = ?", (note,))

    def select_notifications(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - only narrows the library's
        """Not offered: the log is read through `heinola_es.store.reading`, which does not need the library."""
        raise NotImplementedError


def _require_schema(cursor: SQLiteCursor, store_format: str) -> None:
    cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    for flaw in schema_flaws((tuple(row) for row in cursor.fetchall()), store_format):
        raise NotAsAppended(flaw)


def _read_head(cursor: SQLiteCursor) -> TreeHead:
    cursor.execute("SELECT size, root, frontier, recorded FROM tree_head")
    rows = cursor.fetchall()
    if len(rows) != 1:
        raise NotAsAppended("the head of the log is gone" if not rows else "the log has two heads")
    (row,) = rows
    if not isinstance(row["frontier"], bytes):
        raise NotAsAppended("the head of the log is none")
    return TreeHead(row["size"], row["root"], unpack_frontier(row["frontier"]), row["recorded"])
