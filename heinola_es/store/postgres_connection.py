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

from heinola_es.store.trouble import StoreTrouble, trouble

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from psycopg.rows import RowFactory

    from heinola_es.store.location import ServerStore

CONNECT_SECONDS = 10
_TYPES = {"INTEGER": "BIGINT", "BLOB": "BYTEA", "TEXT": 'TEXT COLLATE "C"', "WITHOUT ROWID": ""}
_TYPE = re.compile(r"\b(INTEGER|BLOB|TEXT|WITHOUT ROWID)\b")
_ALONE = (
    "SELECT pg_advisory_xact_lock(hashtextextended('heinola read models', current_schema()::regnamespace::oid::bigint))"
)
_PLAIN_INSERT = re.compile(r"INSERT INTO (\w+) VALUES \([?, ]+\)")


def connected(
    store: ServerStore, busy_seconds: int, row_factory: RowFactory[Any] = tuple_row
) -> psycopg.Connection[Any]:
    """Return a connection to the store's database that commits each statement and finds the store's tables.

    Raises:
        psycopg.Error: the server cannot be reached, or lets nobody in.
    """
    connection = psycopg.connect(
        store.url,
        autocommit=True,
        row_factory=row_factory,
        connect_timeout=CONNECT_SECONDS,
        fallback_application_name="heinola",
    )
    connection.execute(
        "SELECT set_config('search_path', %s, false), set_config('lock_timeout', %s, false), "
        "set_config('client_min_messages', 'warning', false)",
        (store.schema, f"{busy_seconds}s"),
    )
    return connection


class ReadingConnection:
    """A connection with the interface of `heinola_es.store.connection.Connection`; results come in binary form."""

    def __init__(self, store: ServerStore, busy_seconds: int) -> None:
        """Connect.

        Raises:
            StoreTrouble: the server cannot be reached, or lets nobody in.
        """
        with _told():
            self._connection = connected(store, busy_seconds)
        _adapt(self._connection)

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> psycopg.Cursor[Any]:
        """Execute a statement.

        Raises:
            StoreTrouble: the database cannot do it.
        """
        with _told():
            if sql.startswith("BEGIN"):
                return self._begin(alone=sql == "BEGIN IMMEDIATE")
            return self._connection.cursor(binary=True).execute(_translated(sql), parameters)

    def executemany(self, sql: str, parameters: Iterable[Any]) -> None:
        """Execute a statement for each of many rows; a plain insertion goes by COPY.

        Raises:
            StoreTrouble: the database cannot do it.
        """
        with _told(), self._connection.cursor() as cursor:
            plain = _PLAIN_INSERT.fullmatch(sql)
            if plain is None:
                cursor.executemany(_translated(sql), cast("Iterable[Sequence[Any]]", parameters))
                return
            with cursor.copy(f"COPY {plain[1]} FROM STDIN") as copy:
                for row in parameters:
                    copy.write_row(row)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _begin(self, *, alone: bool) -> psycopg.Cursor[Any]:
        """Begin a transaction: alone among those that write read models, or else one that sees a single moment."""
        if not alone:
            return self._connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        self._connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED")
        try:
            return self._connection.execute(_ALONE)
        except psycopg.Error:
            self._connection.execute("ROLLBACK")
            raise


@contextmanager
def _told() -> Iterator[None]:
    """Say what the database says in a sentence of ours."""
    try:
        yield
    except psycopg.Error as error:
        raise StoreTrouble(trouble(error)) from error


@lru_cache(maxsize=1024)
def _translated(sql: str) -> bytes:
    """Return a statement in PostgreSQL's words; what stands between quotes is left as it is."""
    parts = sql.replace("%", "%%").split("'")
    parts[::2] = [part.replace("?", "%s") for part in parts[::2]]
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
