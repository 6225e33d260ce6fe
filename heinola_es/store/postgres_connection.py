"""Connections to PostgreSQL, and the one through which readers use a store as they use the embedded one."""

from __future__ import annotations

import re
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, cast

import psycopg
from psycopg.adapt import Buffer, Dumper, Loader
from psycopg.pq import Format
from psycopg.rows import tuple_row
from psycopg.types.numeric import NumericBinaryLoader, NumericLoader

from heinola_es.store.postgres_schema import SEARCH_PATH, read_schema
from heinola_es.store.trouble import StoreTrouble, trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from psycopg.rows import RowFactory

    from heinola_es.store.location import ServerStore

CONNECT_SECONDS = 10
_TYPES = {"INTEGER": "BIGINT", "BLOB": "BYTEA", "TEXT": 'TEXT COLLATE "C"', "WITHOUT ROWID": ""}
_TYPE = re.compile(r"\b(INTEGER|BLOB|TEXT|WITHOUT ROWID)\b")
# New names of indexes and tables stand without a schema: they go where their table is.
_NAME = re.compile(
    r"\b(?:CREATE (?:UNIQUE )?INDEX(?: IF NOT EXISTS)?|RENAME TO)\s+\w+"
    r"|(?<![\w.])(?:(stored_events|tree_head|store_settings|command_keys|kept_reports|kept_names|head_signature)|(rm_\w+))\b"
    r"|\bcurrent_schema\(\)::regnamespace"
)
_PLAIN_INSERT = re.compile(r"INSERT INTO (\w+) VALUES \([?, ]+\)")
_DROP = re.compile(r"DROP TABLE IF EXISTS (rm_\w+)")
_MAKE = re.compile(r"CREATE (INDEX|TABLE IF NOT EXISTS) (rm_\w+)")
_KINDS = {
    "v": "VIEW",
    "m": "MATERIALIZED VIEW",
    "f": "FOREIGN TABLE",
    "S": "SEQUENCE",
    "c": "TYPE",
    "i": "INDEX",
    "I": "INDEX",
}

# With these nothing of others is found by a name without a schema, hides rows, or is run when a statement is planned.
_SETTINGS = {
    "search_path": SEARCH_PATH,
    "row_security": "off",
    "constraint_exclusion": "off",
    "client_min_messages": "warning",
    "standard_conforming_strings": "on",
    "quote_all_identifiers": "off",
}
_SET = "SELECT " + ", ".join(
    f"pg_catalog.set_config('{name}', %s::pg_catalog.text, false)" for name in (*_SETTINGS, "lock_timeout")
)
_IS_FIRST_FORMAT = (
    "SELECT EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE nspname = %s AND relname = 'command_keys')"
)
# Whoever has the rights of the log's owner has more to lose than those who own the read models may have.
_IS_GUARDED = """
SELECT NOT pg_is_in_recovery() AND EXISTS (
    SELECT FROM pg_class c JOIN pg_namespace l ON l.oid = relnamespace, pg_namespace r
    WHERE l.nspname = %(log)s AND relname = 'stored_events' AND r.nspname = %(read)s
        AND r.nspowner <> relowner AND pg_has_role(relowner, 'MEMBER') AND pg_has_role(r.nspowner, 'MEMBER'))
"""
_TABLES = """
SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = %(log)s AND relkind = 'r'
    AND relname IN ('stored_events', 'tree_head', 'store_settings', 'command_keys', 'kept_reports', 'kept_names',
        'head_signature')
UNION
SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE nspname = %(read)s AND starts_with(relname::text, 'rm_')
    AND relkind = 'r' AND relpersistence = 'p' AND NOT relispartition
    AND NOT (relrowsecurity OR relforcerowsecurity OR relhasrules OR relhassubclass)
    AND NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND (
        atttypid NOT IN ('bigint'::regtype, 'text'::regtype, 'bytea'::regtype) OR atthasdef
        OR attcollation NOT IN (0, '"C"'::regcollation)))
    AND NOT EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND (indexprs IS NOT NULL OR indpred IS NOT NULL))
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE c.oid IN (conrelid, confrelid) AND contype NOT IN ('p', 'u', 'n'))
    AND NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = c.oid)
    AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = c.oid)
    AND NOT EXISTS (SELECT FROM pg_statistic_ext WHERE stxrelid = c.oid)
"""
_NAMED = (
    "SELECT relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
    "WHERE nspname = %s AND starts_with(relname::text, 'rm_') AND relkind NOT IN ('i', 'I')"
)
_COLUMNS = (
    "SELECT attname::text FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n "
    "ON n.oid = relnamespace WHERE nspname = %s AND relname = %s AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
)
_MAY_WRITE = (
    "SELECT NOT pg_is_in_recovery() AND current_setting('transaction_read_only') = 'off' AND coalesce("
    "(SELECT has_schema_privilege(oid, 'CREATE') FROM pg_namespace WHERE nspname = %s), "
    "has_database_privilege(current_database(), 'CREATE'))"
)
# Read models belong to whoever their schema belongs to, whoever of its members builds them.
_ALONE = """
SELECT pg_advisory_xact_lock(hashtextextended('heinola read models of ' || %(log)s, 0)),
    EXISTS (SELECT FROM pg_namespace WHERE nspname = %(read)s),
    (SELECT quote_ident(rolname) FROM pg_namespace JOIN pg_roles r ON r.oid = nspowner
        WHERE nspname = %(read)s AND rolname <> current_user AND pg_has_role(r.oid, 'MEMBER'))
"""


def connected(
    store: ServerStore, busy_seconds: int, row_factory: RowFactory[Any] = tuple_row
) -> psycopg.Connection[Any]:
    """Return a connection to the store's database that commits each statement and finds built-in names alone.

    Raises:
        psycopg.Error: the server cannot be reached, or lets nobody in.
    """
    connection = psycopg.connect(
        store.url,
        autocommit=True,
        row_factory=row_factory,
        connect_timeout=CONNECT_SECONDS,
        fallback_application_name="heinola",
        client_encoding="UTF8",  # whatever the server, the user or the address would have: texts are UTF-8
    )
    connection.execute(_SET.encode(), (*_SETTINGS.values(), f"{busy_seconds}s"))
    return connection


def _qualified(sql: str, log: str, read: str) -> str:
    """Return a statement that names the log's tables in the schema `log`, and read models in the schema `read`.

    What asks for the current schema means that of the read models.
    """
    return _NAME.sub(lambda found: _in_schema(found, log, read), sql)


def _in_schema(found: re.Match[str], log: str, read: str) -> str:
    if found[1]:
        return f'"{log}".{found[0]}'
    if found[2]:
        return f'"{read}".{found[0]}'
    return f"to_regnamespace('{read}')" if found[0].startswith("current_schema") else found[0]


class ReadingConnection:
    """A connection with the interface of `heinola_es.store.connection.Connection`; results come in binary form.

    Tables are named in the statements as they are in the embedded store; here each is looked for in its own schema, and
    nowhere else.
    """

    def __init__(self, store: ServerStore, busy_seconds: int) -> None:
        """Connect.

        Attributes:
            log_schema: where the log is.
            read_schema: where the read models are: beside the log in a store of the first format, else by themselves.
            guarded: whether nobody may build on read models while they are looked at and used: an index or statistics
                on an expression is code, run by whoever has a statement planned.

        Raises:
            StoreTrouble: the server cannot be reached, or lets nobody in.
        """
        self.log_schema = store.schema
        with _told():
            self._connection = connected(store, busy_seconds)
            ((first,),) = self._connection.execute(_IS_FIRST_FORMAT, (store.schema,)).fetchall()
        self.read_schema = store.schema if first else read_schema(store.schema)
        with _told():
            ((self.guarded,),) = self._connection.execute(_IS_GUARDED, self._schemas).fetchall()
        _adapt(self._connection)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        """Execute a statement.

        Raises:
            StoreTrouble: the database cannot do it.
        """
        with _told():
            if sql.startswith("BEGIN"):
                return self._begin(alone=sql == "BEGIN IMMEDIATE")
            if dropped := _DROP.fullmatch(sql):
                return self._drop(dropped[1])
            if (made := _MAKE.match(sql)) and (made[1] == "INDEX" or made[2] in self.odd_read_models()):
                self._drop(made[2])
            return self._connection.cursor(binary=True).execute(self._translated(sql), parameters)

    def executemany(self, sql: str, parameters: Iterable[Any]) -> None:
        """Execute a statement for each of many rows; a plain insertion goes by COPY.

        Raises:
            StoreTrouble: the database cannot do it.
        """
        with _told(), self._connection.cursor() as cursor:
            plain = _PLAIN_INSERT.fullmatch(sql)
            if plain is None:
                cursor.executemany(self._translated(sql), cast("Iterable[Sequence[Any]]", parameters))
                return
            with cursor.copy(self._translated(f"COPY {plain[1]} FROM STDIN")) as copy:
                for row in parameters:
                    copy.write_row(row)

    def tables(self) -> set[str]:
        """Return the names of the tables of the log and of the read models.

        A read model that is no plain table of plain columns is none of ours: whoever made it may have what they please
        run by whoever reads it. It is left out, and so built anew.

        Raises:
            StoreTrouble: the database cannot tell.
        """
        with _told():
            return {name for (name,) in self._connection.execute(_TABLES, self._schemas)}

    def odd_read_models(self) -> set[str]:
        """Return the names of read models that are no plain tables of plain columns; none of them is to be read.

        Raises:
            StoreTrouble: the database cannot tell.
        """
        with _told():
            return {name for (name,) in self._connection.execute(_NAMED, (self.read_schema,))} - self.tables()

    def columns(self, table: str) -> list[str]:
        """Return the names of the columns of a read model's table, in order.

        Raises:
            StoreTrouble: the database cannot tell.
        """
        with _told():
            return [name for (name,) in self._connection.execute(_COLUMNS, (self.read_schema, table))]

    def hold(self, tables: Iterable[str]) -> None:
        """Keep tables, which are there, from being swapped; and where this is guarded, from being built on.

        It is for a transaction that has seen nothing yet: one swapped after its first look would be seen empty.

        Raises:
            StoreTrouble: one is not there, or others hold them for too long.
        """
        mode = "SHARE UPDATE EXCLUSIVE" if self.guarded else "ACCESS SHARE"
        self.execute(f"LOCK TABLE {', '.join(sorted(tables))} IN {mode} MODE")

    def may_write(self) -> bool:
        """Return whether read models may be written here: not on a replica, nor by a user who only reads.

        Raises:
            StoreTrouble: the database cannot tell.
        """
        with _told():
            ((may,),) = self._connection.execute(_MAY_WRITE, (self.read_schema,)).fetchall()
            return bool(may)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    @property
    def _schemas(self) -> dict[str, str]:
        return {"log": self.log_schema, "read": self.read_schema}

    def _translated(self, sql: str) -> bytes:
        return translated(sql, self.log_schema, self.read_schema)

    def _begin(self, *, alone: bool) -> psycopg.Cursor[Any]:
        """Begin a transaction: alone among those that write read models, or else one that sees a single moment."""
        if not alone:
            return self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        begun = self._connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            ((_locked, is_there, owner),) = self._connection.execute(_ALONE, self._schemas).fetchall()
            if not is_there:
                self._connection.execute(f'CREATE SCHEMA "{self.read_schema}"'.encode())
            if owner is not None:
                self._connection.execute(f"SET LOCAL ROLE {owner}".encode())
            if self.guarded and (held := [name for name in self.tables() if name.startswith("rm_")]):
                self.hold(held)
        except psycopg.Error:
            self._connection.execute("ROLLBACK")
            raise
        return begun

    def _drop(self, name: str) -> psycopg.Cursor[Any]:
        """Drop what bears the name of a read model or its index; what is none, with all that hangs on it."""
        found = self._connection.execute(
            "SELECT relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace "
            "WHERE nspname = %s AND relname = %s",
            (self.read_schema, name),
        ).fetchone()
        kind = _KINDS.get(found[0], "TABLE") if found else "TABLE"
        cascade = " CASCADE" if name in self.odd_read_models() else ""
        return self._connection.execute(f'DROP {kind} IF EXISTS "{self.read_schema}".{name}{cascade}'.encode())


@contextmanager
def _told() -> Iterator[None]:
    """Say what the database says in a sentence of ours."""
    try:
        yield
    except psycopg.Error as error:
        raise StoreTrouble(trouble(error)) from error


@lru_cache(maxsize=1024)
def translated(sql: str, log: str, read: str) -> bytes:
    """Return a statement in PostgreSQL's words, for a log and its read models in these schemas.

    What stands between quotes is left as it is.
    """
    parts = sql.replace("%", "%%").split("'")
    parts[::2] = [_qualified(part, log, read).replace("?", "%s") for part in parts[::2]]
    if sql.startswith("CREATE"):
        parts[::2] = [_TYPE.sub(lambda found: _TYPES[found[1]], part) for part in parts[::2]]
    return "'".join(parts).encode()


class _FlagDumper(Dumper):
    """A flag is kept as 0 or 1."""

    oid = psycopg.adapters.types["int8"].oid

    def dump(self, obj: bool) -> bytes:  # noqa: FBT001 - the library's own signature
        return b"1" if obj else b"0"


class _StreamLoader(Loader):
    """A stream is told in hexadecimal digits, without dashes."""

    def load(self, data: Buffer) -> str:
        return bytes(data).decode().replace("-", "")


class _StreamBinaryLoader(Loader):
    format = Format.BINARY

    def load(self, data: Buffer) -> str:
        return bytes(data).hex()


class _WholeLoader(NumericLoader):
    """A sum of whole numbers is a whole number."""

    def load(self, data: Buffer) -> Any:  # noqa: ANN401 - narrower than the library's
        return int(super().load(data))


class _WholeBinaryLoader(NumericBinaryLoader):
    def load(self, data: Buffer) -> Any:  # noqa: ANN401 - narrower than the library's
        return int(super().load(data))


def _adapt(connection: psycopg.Connection[Any]) -> None:
    """Let values go in and come out as they do in the embedded store."""
    connection.adapters.register_dumper(bool, _FlagDumper)
    for name, loader in (
        ("uuid", _StreamLoader),
        ("uuid", _StreamBinaryLoader),
        ("numeric", _WholeLoader),
        ("numeric", _WholeBinaryLoader),
    ):
        connection.adapters.register_loader(name, loader)
