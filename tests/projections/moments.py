"""Readers with somebody in between: at any step of theirs a hook is called; and a log that is cut where they stood."""

from __future__ import annotations

import sqlite3
from itertools import count
from typing import TYPE_CHECKING, Any

from heinola_es.store.head import TreeHead
from heinola_es.store.leaves import leaf_hashes
from heinola_es.store.location import is_on_server
from heinola_es.store.merkle import append_leaves, root_of
from heinola_es.store.reading import LogReader
from heinola_es.store.reading_file import BUSY_SECONDS
from heinola_es.store.transfer import exported, import_into
from tests.projections.asking import LATER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from heinola_es.store.connection import Connection, Rows
    from tests.databases import Database


_number = count()


class Between:
    """Calls a hook before each statement outside the transactions that nobody else writes beside."""

    def __init__(self, hook: Callable[[], None]) -> None:
        self._hook = hook
        self._alone = False
        self.in_transaction = False

    def step(self, sql: str) -> None:
        """Take note of a statement that is about to be executed."""
        if not self._alone:
            self._hook()
        if sql.startswith("BEGIN"):
            self._alone = sql == "BEGIN IMMEDIATE"
            self.in_transaction = True
        elif sql in {"COMMIT", "ROLLBACK"}:
            self._alone = self.in_transaction = False


class WatchedFile(sqlite3.Connection):
    """A connection to a file that tells its steps."""

    between = Between(lambda: None)

    def execute(self, sql: str, parameters: Any = ()) -> sqlite3.Cursor:  # noqa: ANN401 - the library's own signature
        """Execute a statement."""
        self.between.step(sql)
        return super().execute(sql, parameters)


class WatchedServer:
    """A connection to a server that tells its steps."""

    def __init__(self, connection: Connection, between: Between) -> None:
        self._connection, self._between = connection, between

    def execute(self, sql: str, parameters: Sequence[Any] = (), /) -> Rows:
        """Execute a statement."""
        self._between.step(sql)
        return self._connection.execute(sql, parameters)

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> object:
        """Execute a statement for many rows."""
        return self._connection.executemany(sql, parameters)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the connection has
        """Return what else the connection tells, after a step: it asks the server, too."""
        self._between.step(name)
        return getattr(self._connection, name)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()


def watched(location: str, between: Between) -> LogReader:
    """Return a reader that tells its steps."""
    reader = LogReader.open(location)
    if is_on_server(location):
        reader.connection = WatchedServer(reader.connection, between)
    else:
        reader.connection.close()
        connection = sqlite3.connect(reader.path, BUSY_SECONDS, isolation_level=None, factory=WatchedFile)
        connection.between = between
        reader.connection = connection
    return reader


def cut_store(location: str, position: int, kept_in: Database) -> str:
    """Return the location of a store whose log is that of another up to a position."""
    target = kept_in.new(f"cut{next(_number)}")
    with LogReader.open(location) as reader:
        frontier: list[bytes] = []
        append_leaves(0, frontier, leaf_hashes(reader, position))
        head = TreeHead(position, root_of(frontier), frontier, reader.recorded_at(position))
        lines = list(exported(reader, head))
    import_into(target, lambda: lines, now=LATER, by="controller")
    return target
