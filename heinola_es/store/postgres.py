"""The store on a server: `eventsourcing`'s PostgreSQL persistence, made append-only and provable.

What is ours beside the library's: explicit positions in the order of the commits, a leaf hash per event, the head of
the Merkle tree locked first and moved in the same transaction, and triggers that refuse everything but appending.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from threading import local
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import psycopg
from eventsourcing.persistence import IntegrityError
from eventsourcing.postgres import PostgresApplicationRecorder, PostgresDatastore
from psycopg.rows import DictRow, dict_row, tuple_row

from heinola_es.errors import Refused
from heinola_es.store import postgres_making as making
from heinola_es.store.appending import NotAsAppended, Written, require_sound
from heinola_es.store.durability import NotDurable
from heinola_es.store.head import EMPTY_HEAD, TreeHead
from heinola_es.store.kinds import ON_A_SERVER
from heinola_es.store.merkle import pack_frontier, unpack_frontier
from heinola_es.store.postgres_connection import connected, translated
from heinola_es.store.postgres_schema import APPEND_ONLY, ONCE
from heinola_es.store.postgres_structure import flaws, format_of, is_signed, lines_query
from heinola_es.store.schema import FIRST_FORMAT, FORMAT, NOTES_ON_SERVER
from heinola_es.store.signing import note_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Self

    from eventsourcing.persistence import StoredEvent
    from psycopg import Connection, Cursor

    from heinola_es.store.appending import LogRow
    from heinola_es.store.kept import Kept
    from heinola_es.store.location import ServerStore
    from heinola_es.store.postgres_structure import Line

# Whoever holds these locks until the commit knows that the log, its guards and its head stay as they are found.
_LOCK = (
    "LOCK TABLE {log}.stored_events IN ROW EXCLUSIVE MODE; "
    "SELECT size, root, frontier, recorded, session_user::text AS login, quote_ident(rolname) AS owner, "
    "pg_has_role(relowner, 'MEMBER') AS owns, current_setting('fsync') AS fsync, "
    "current_setting('synchronous_commit') AS synchronous_commit "
    "FROM {log}.tree_head, pg_class c JOIN pg_roles r ON r.oid = relowner "
    "WHERE c.oid = '{log}.stored_events'::regclass FOR UPDATE OF tree_head"
)
_LOCK_KEPT = "LOCK TABLE {log}.kept_reports, {log}.kept_names IN ROW EXCLUSIVE MODE"
_LAST = (
    " UNION ALL (SELECT 'last', e.position::text, encode(state, 'hex') FROM {log}.stored_events AS e "
    "ORDER BY e.position DESC LIMIT 1)"
)
_HEAD = "SELECT size, root, frontier, recorded FROM {log}.tree_head"
_APPENDED = (
    "SELECT position, encode(uuid_send(originator_id), 'hex'), originator_version, topic, state, leaf_hash "
    "FROM {log}.stored_events WHERE position > %s ORDER BY position LIMIT %s"
)
_INSERT_EVENTS = (
    "INSERT INTO {log}.stored_events (position, originator_id, originator_version, topic, state, leaf_hash) "
    "SELECT * FROM unnest(%b::bigint[], %b::uuid[], %b::bigint[], %b::text[], %b::bytea[], %b::bytea[])"
)
_MOVE_HEAD = "UPDATE {log}.tree_head SET size = %s, root = %s, frontier = %s, recorded = %s"
_INSERT_HEAD = "INSERT INTO {log}.tree_head VALUES (%s, %s, %s, %s, %s)"
_INSERT_SETTING = "INSERT INTO {log}.store_settings VALUES (%s, %s)"
_EXISTS = (
    "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE nspname = ? AND relname = 'tree_head') AS found"
)
_PAGE = 5_000
"""How many events are read back at a time."""


class EarlierFormat(Refused):
    """The store was made by an earlier version, and whoever records may not bring it to this one."""


class NotTheOwner(Refused):
    """What is asked for changes the store itself, which only its owner may."""


class OneConnection:
    """Stands in for the library's pool: one connection for each thread, made when it is first needed."""

    def __init__(self, store: ServerStore, busy_seconds: int) -> None:
        self._store = store
        self._busy_seconds = busy_seconds
        self._own = local()
        self._all: list[Connection[DictRow]] = []

    def open(self, _wait: bool, _timeout: float) -> None:  # noqa: FBT001 - the library's own call
        """Do nothing: a connection is made when it is needed."""

    @contextmanager
    def connection(self) -> Iterator[Connection[DictRow]]:
        """Give this thread's connection; one that broke outside a transaction is made anew."""
        connection: Connection[DictRow] | None = getattr(self._own, "connection", None)
        if connection is None or connection.closed:
            connection = connected(self._store, self._busy_seconds, dict_row)
            connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
            self._own.connection = connection
            self._all.append(connection)
        yield connection

    def close(self) -> None:
        """Close the connections of all threads."""
        while self._all:
            self._all.pop().close()


class LogDatastore(PostgresDatastore):
    """The library's way to the database, over connections of ours."""

    def __init__(self, store: ServerStore, busy_seconds: int) -> None:
        super().__init__("", "", "", "", "", schema=store.schema)
        self.store = store
        self.pool.close()
        self.pool = cast("Any", OneConnection(store, busy_seconds))

    def register_type_adapters(self) -> None:
        """Do nothing: the store has no composite types."""


class LogRecorder(PostgresApplicationRecorder):
    """An application recorder whose table only ever grows.

    All writing happens inside `exclusive()`, which holds the row of the tree's head from the first read of a command to
    its commit: what a command decided on cannot change under it, positions follow the order of the commits, and
    recorded instants follow positions.
    """

    def __init__(self, datastore: LogDatastore) -> None:
        super().__init__(datastore)
        self._store = datastore.store
        self._open = local()

    @classmethod
    def open(cls, store: ServerStore, busy_seconds: int) -> Self:
        """Return the recorder of a store on a server; it waits this long for other writers."""
        return cls(LogDatastore(store, busy_seconds))

    def close(self) -> None:
        """Close the connections."""
        self.datastore.close()

    def exists(self) -> bool:
        """Return whether the store was initialised."""
        return bool(self.select(_EXISTS, (self._store.schema,))[0]["found"])

    @property
    def login(self) -> str:
        """Whom the server takes the user for, whatever roles they took on."""
        login: str | None = getattr(self._open, "login", None)
        return login or str(self.select("SELECT session_user::text AS login")[0]["login"])

    @contextmanager
    def founding(self, settings: Mapping[str, str]) -> Iterator[None]:
        """Make the schemas and the tables of an empty store with its settings, and hold them over the first command.

        Raises:
            StoreExists: there is one already.
            Refused: one of the schemas belongs to somebody else, or holds something already.
        """
        with self._transaction(commit=True) as cursor:
            making.make_store(cursor, self._store, settings["format"])
            head = EMPTY_HEAD
            values = (1, head.size, head.root, pack_frontier(head.frontier), head.recorded)
            cursor.execute(self._sql(_INSERT_HEAD), values)
            cursor.executemany(self._sql(_INSERT_SETTING), sorted(settings.items()))
            with self._appending(cursor):
                yield

    def select(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows, by column name, of what this thread can see; a `?` in the statement stands for a value."""
        schema = self._store.schema
        with self.datastore.get_connection() as connection:
            return connection.execute(translated(statement, schema, schema), values).fetchall()

    @contextmanager
    def exclusive(self, *, commit: bool = True) -> Iterator[None]:
        """Hold the head of the tree over a command; commit at the end, or undo it all when `commit` is false.

        Everything there is beside and on the tables of the log is compared with what it must be, and what was appended
        is read back.

        Raises:
            OperationalError: other writers kept it for longer than the time-out.
            NotDurable: the server does not sync what it commits.
            NotAsAppended: the database does not hold what was written, or is not as a store is made.
            EarlierFormat: the store is to be upgraded first, by its owner.
        """
        with self._transaction(commit=commit) as cursor, self._appending(cursor):
            yield
            if self._open.format != FORMAT:
                raise NotAsAppended(f"it is made like a store of format {self._open.format}")

    def upgrade(self, was: str) -> None:
        """Bring a store of an earlier format to this one, within the open command; its log and its head stay.

        Raises:
            NotAsAppended: it is not as a store of that format was made.
        """
        if self._open.format != was:
            raise NotAsAppended(f"it says that it is of format {was}, and is made like one of {self._open.format}")
        making.upgrade_store(self._cursor, self._store, was, self._open.owner)
        self._require_structure()

    def require_known_kinds(self) -> None:
        """Refuse a log that holds a kind or a version of events that is not known here.

        Raises:
            UnknownEvent.
        """
        ON_A_SERVER.require_known(lambda said, values: [tuple(row.values()) for row in self.select(said, values)])

    @contextmanager
    def _transaction(self, *, commit: bool) -> Iterator[Cursor[DictRow]]:
        """Begin a transaction, and end it; where that fails, the error that led there is the one that is told."""
        with self.datastore.get_connection() as connection, connection.cursor() as cursor:
            cursor.execute("BEGIN")
            try:
                yield cursor
                if commit:
                    cursor.execute("COMMIT")
            finally:
                with suppress(psycopg.Error):
                    connection.rollback()

    @contextmanager
    def _appending(self, cursor: Cursor[DictRow]) -> Iterator[None]:
        """Take what is appended to the log, and read it back at the end."""
        cursor.execute(self._sql(_LOCK)).nextset()
        row = _head_row(cursor)
        require_durable(row["fsync"], row["synchronous_commit"])
        before = _head_of(row)
        written = Written(before)
        self._open.cursor, self._open.written, self._open.keeping = cursor, written, False
        self._open.login, self._open.owner, self._open.owns = row["login"], row["owner"], row["owns"]
        try:
            last, state = self._require_structure()
            if self._open.format != FORMAT and not row["owns"]:
                raise EarlierFormat(
                    "this store was made by an earlier version; let its owner run `heinola store upgrade`"
                )
            require_sound(before, last, state)
            yield
            stored = _head_of(_head_row(cursor.execute(self._sql(_HEAD))))
            written.require_stored(self._appended(before.size), stored)
            written.require_kept(self._kept)
            written.require_signed(self.signature())
        finally:
            self._open.cursor = self._open.written = self._open.login = None

    def _require_structure(self) -> tuple[int, bytes]:
        """Refuse a database that is not, to the last trigger and grant, what a store is made of.

        Return the position and the body of the last event; 0 and nothing, where there is none.
        """
        query = lines_query(self._store.schema) + _LAST
        found = [cast("Line", tuple(row.values())) for row in self._cursor.execute(self._sql(query), prepare=True)]
        lines = [line for line in found if line[0] != "last"]
        for flaw in flaws(lines):
            raise NotAsAppended(flaw)
        self._open.format, self._open.signed = format_of(lines), is_signed(lines)
        return next(((int(last), bytes.fromhex(state)) for kind, last, state in found if kind == "last"), (0, b""))

    def _appended(self, after: int) -> Iterator[LogRow]:
        """Yield the rows after a position as the open command sees them, a page at a time."""
        while True:
            with self._cursor.connection.cursor(binary=True, row_factory=tuple_row) as reading:
                page = reading.execute(self._sql(_APPENDED), (after, _PAGE)).fetchall()
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1][0]

    def head(self) -> TreeHead:
        """Return the head of the tree as the open command, or else the last commit, has it."""
        written: Written | None = getattr(self._open, "written", None)
        return (
            written.head
            if written
            else _head_of(self.select("SELECT size, root, frontier, recorded FROM tree_head")[0])
        )

    def insert_events(self, stored_events: Sequence[StoredEvent], **kwargs: Any) -> Sequence[int] | None:  # noqa: ANN401
        """Append rows within the open command and return their positions. `recorded` is the instant they all carry."""
        written: Written = self._open.written
        rows, head = written.append(stored_events, kwargs["recorded"]), written.head
        positions, streams, *rest = (list(column) for column in zip(*rows, strict=True))
        try:
            self._cursor.execute(self._sql(_INSERT_EVENTS), (positions, [UUID(stream) for stream in streams], *rest))
        except psycopg.errors.UniqueViolation as error:
            raise IntegrityError(_said_once(error)) from error
        if self._open.format == FIRST_FORMAT:  # in others the database moves the head by itself
            values = (head.size, head.root, pack_frontier(head.frontier), head.recorded)
            self._cursor.execute(self._sql(_MOVE_HEAD), values)
        return range(head.size - len(rows) + 1, head.size + 1)

    def keep(self, kept: Kept) -> None:
        """Keep a report or a name within the open command; one that is there already stays.

        Raises:
            NotAsAppended: it is not what its digest says, or what is there already is not.
        """
        if not self._open.keeping:  # what was compared stays as it is from here on
            self._cursor.execute(self._sql(_LOCK_KEPT))
            self._require_structure()
            self._open.keeping = True
        if self._open.written.keep(kept, self._kept):
            self._cursor.execute(translated(kept.KEEP, self._store.schema, self._store.schema), kept.row())

    def _kept(self, kept: Kept) -> Kept | None:
        """Return what is there under the same digest, as the open command sees it."""
        rows = self.select(kept.FIND, (kept.digest,))
        return kept.in_row(rows[0]) if rows else None

    def signature(self) -> str | None:
        """Return the signed note of the head as the open command sees it; None where the store has no room for one."""
        if not self._open.signed:
            return None
        return note_in([row["note"] for row in self.select(NOTES_ON_SERVER)])

    def has_room_for_signature(self) -> bool:
        """Return whether there is the one row that a signed note of the head goes into."""
        return self._open.signed and len(self.select("SELECT 1 FROM head_signature")) == 1

    def begin_signing(self) -> None:
        """Make room for the signed note of the head, within the open command; what is there in its place goes.

        Raises:
            NotTheOwner: whoever records may not make a table.
        """
        if not self._open.owns:
            raise NotTheOwner("that the head is signed is asked for once, by the owner of the store; let them do it")
        making.make_room_for_signature(self._cursor, self._store, self._open.owner)
        self._require_structure()

    def sign(self, note: str) -> None:
        """Keep the signed note of the head, within the open command."""
        self._open.written.signature = note
        self._cursor.execute(self._sql("UPDATE {log}.head_signature SET note = %s"), (note,))

    def select_notifications(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - only narrows the library's
        """Not offered: the log is read through `heinola_es.store.reading`, which does not need the library."""
        raise NotImplementedError

    def _sql(self, statement: str) -> bytes:
        """Return a statement with the log's schema in its place."""
        return statement.replace("{log}", f'"{self._store.schema}"').encode()

    @property
    def _cursor(self) -> Cursor[DictRow]:
        cursor: Cursor[DictRow] = self._open.cursor
        return cursor


def require_durable(fsync: str, synchronous_commit: str) -> None:
    """Refuse a server that acknowledges what it has not synced to disk.

    Raises:
        NotDurable: `fsync` or `synchronous_commit` is off.
    """
    for name, value in (("fsync", fsync), ("synchronous_commit", synchronous_commit)):
        if value == "off":
            raise NotDurable(f"this PostgreSQL does not sync its writes to disk ({name} is off); refusing to record")


def _said_once(error: psycopg.errors.UniqueViolation) -> str:
    once = error.diag.constraint_name == ONCE
    return f"{APPEND_ONLY}: {'the event is there already' if once else 'positions follow one another'}"


def _head_row(cursor: Cursor[DictRow]) -> DictRow:
    row = cursor.fetchone()
    if row is None:
        raise NotAsAppended("the head of the log is gone")
    return row


def _head_of(row: Mapping[str, Any]) -> TreeHead:
    return TreeHead(row["size"], row["root"], unpack_frontier(row["frontier"]), row["recorded"])
