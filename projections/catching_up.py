"""Read models: tables in the store's own database, fed from the log, disposable.

A read model records how far it has come in the same transaction as its rows, so that every event counts exactly once
however often a run is cut short. A read catches up first; `rebuild` makes the tables anew beside the old and swaps.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import orjson
from attrs import field, frozen

from events.codec import upcast
from heinola_es.errors import Refused
from heinola_es.store.connection import Connection

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heinola_es.store.reading import LogReader, Row

Fold = Callable[[int, dict[str, Any]], tuple[Any, ...]]
"""From an event's position and body to a row of the table."""

Progress = Callable[[int, int], None]
"""Told how many events are done, and of how many."""

BATCH = 20_000
SHADOW = "_new"
"""What the name of a table ends in while it is built beside the old one."""


class NotBuilt(Refused):
    """The read models are not there, and cannot be made here."""


class Taking(Protocol):
    """A model in the middle of taking in events, in the order of the log."""

    def take(self, position: int, topic: str, body: dict[str, Any]) -> None:
        """Take in one event."""

    def flush(self) -> None:
        """Write what was taken in so far, as far as it can be written by now."""

    def finish(self) -> None:
        """Write the rest, once all events are taken in."""


class ReadModel(Protocol):
    """Tables and how they follow from events.

    A version goes up when the tables or what is kept in them change, which makes the next read build them anew.
    """

    @property
    def name(self) -> str:
        """The model's name, which is also that of its first table, without the prefix."""

    @property
    def version(self) -> int:
        """The version of its tables."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables."""

    @property
    def topics(self) -> frozenset[str]:
        """The kinds of event that it takes in."""

    def create(self, connection: Connection, suffix: str) -> None:
        """Create the tables, empty, with a suffix to their names."""

    def index(self, connection: Connection) -> None:
        """Create the indexes, once the tables are filled and bear their own names."""

    def taking(self, connection: Connection, suffix: str) -> Taking:
        """Return a taking into the tables with this suffix; they are empty where there is one."""


@frozen(slots=True, eq=False, repr=False)
class RowModel:
    """One table with a row for each event.

    Attributes:
        name: of the table, without its prefix.
        version: of the table.
        columns: as in CREATE TABLE.
        indexes: column lists to index.
        folds: by topic; each event of the topic gives one row.
    """

    name: str
    version: int
    columns: str
    indexes: tuple[str, ...]
    folds: Mapping[str, Fold]

    @property
    def table(self) -> str:
        """The table's name."""
        return f"rm_{self.name}"

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables."""
        return (self.table,)

    @property
    def topics(self) -> frozenset[str]:
        """The kinds of event that it takes in."""
        return frozenset(self.folds)

    def create(self, connection: Connection, suffix: str) -> None:
        """Create the table, empty."""
        connection.execute(f"CREATE TABLE {self.table}{suffix} ({self.columns})")

    def index(self, connection: Connection) -> None:
        """Create the indexes."""
        for number, columns in enumerate(self.indexes, 1):
            connection.execute(f"CREATE INDEX {self.table}_{number} ON {self.table} ({columns})")

    def taking(self, connection: Connection, suffix: str) -> RowTaking:
        """Return a taking into the table."""
        return RowTaking(connection, f"{self.table}{suffix}", self.folds)


@frozen(slots=True, eq=False, repr=False)
class RowTaking:
    """Rows on their way into a table."""

    connection: Connection
    table: str
    folds: Mapping[str, Fold]
    rows: list[tuple[Any, ...]] = field(factory=list)

    def take(self, position: int, topic: str, body: dict[str, Any]) -> None:
        """Take in one event."""
        self.rows.append(self.folds[topic](position, body))

    def flush(self) -> None:
        """Write the rows."""
        insert_rows(self.connection, self.table, self.rows)
        self.rows.clear()

    def finish(self) -> None:
        """Nothing is left to write."""


@frozen(slots=True)
class ModelStatus:
    """How far a read model has come.

    Attributes:
        name, version: of the model; version 0 where it was never built.
        position: of the last event it has taken in.
        behind: how many events of the log it has yet to take in.
        rows: in its table.
    """

    name: str
    version: int
    position: int
    behind: int
    rows: int


def catch_up(reader: LogReader, models: Sequence[ReadModel], progress: Progress | None = None) -> int:
    """Bring the models up to the end of the log and return its position.

    Costs one comparison where there is nothing new. A model of another version is built anew. Where they may not be
    written, or have no room, they are made in a private copy of a file; on a server it is the position that they have
    come to.

    Raises:
        NotBuilt: they may not be written here, and are not there as this version needs them.
    """
    try:
        return _caught_up(reader, models, progress)
    except sqlite3.Error as error:
        if not reader.gets_round(error):
            raise
    return _caught_up(reader, models, progress)


def _caught_up(reader: LogReader, models: Sequence[ReadModel], progress: Progress | None) -> int:
    end = reader.size()
    known = _positions(reader, models)
    if any(known.get(model.name) != (model.version, end) for model in models) and not _may_build(reader):
        return _position_as_they_are(known, models)
    if any(known.get(model.name, (0, 0))[0] != model.version for model in models):
        _build(reader, [model for model in models if known.get(model.name, (0, 0))[0] != model.version], progress)
        known = _positions(reader, models)
    start = min(known[model.name][1] for model in models)
    while start < end:
        start = _take_batch(reader, models, min(start + BATCH, end))
        if progress:
            progress(start, end)
    return end


def _may_build(reader: LogReader) -> bool:
    return reader.may_write() or reader.read_privately()


def _position_as_they_are(known: Mapping[str, tuple[int, int]], models: Sequence[ReadModel]) -> int:
    positions = {known.get(model.name, (0, 0))[1] for model in models}
    if len(positions) != 1 or any(known.get(model.name, (0, 0))[0] != model.version for model in models):
        raise NotBuilt(
            "the read models are not there as this version needs them, and you may not write them here; "
            "let somebody who records run `heinola projections rebuild` on the store that is written to"
        )
    return positions.pop()


def rebuild(reader: LogReader, models: Sequence[ReadModel], progress: Progress | None = None) -> None:
    """Build the models anew from the whole log, beside the old tables, and swap them in one transaction.

    Raises:
        NotBuilt: they may not be written here.
    """
    if reader.source is not None and not reader.may_write():
        raise NotBuilt(f"you may read {reader.name}, but not write read models in it; ask for the right to")
    _build(reader, models, progress)


def status(reader: LogReader, models: Sequence[ReadModel]) -> list[ModelStatus]:
    """Return how far each model has come; changes nothing."""
    known = _positions(reader, models)
    end = reader.size()
    return [_status_of(reader.connection, model, known.get(model.name, (0, 0)), end) for model in models]


def insert_rows(connection: Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows into a table of ours."""
    if rows:
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - a name of ours


def _status_of(connection: Connection, model: ReadModel, known: tuple[int, int], end: int) -> ModelStatus:
    version, position = known
    (rows,) = connection.execute(f"SELECT count(*) FROM {model.tables[0]}").fetchone() if version else (0,)  # noqa: S608
    return ModelStatus(model.name, version, position, end - position, rows)


def _positions(reader: LogReader, models: Sequence[ReadModel]) -> dict[str, tuple[int, int]]:
    """Return version and position by model name; a model without one of its tables was never built, or was dropped."""
    tables = reader.tables()
    if "rm_positions" not in tables:
        return {}
    whole = {model.name for model in models if tables.issuperset(model.tables)}
    rows = reader.connection.execute("SELECT model, version, position FROM rm_positions")
    return {name: (version, position) for name, version, position in rows if name in whole}


def _take_batch(reader: LogReader, models: Sequence[ReadModel], upto: int) -> int:
    """Take in the events up to a position, in one transaction; another reader may have been there before."""
    connection = reader.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        behind = {name: position for name, (_version, position) in _positions(reader, models).items()}
        start = min(behind[model.name] for model in models)
        if start < upto:
            takings = {model.name: model.taking(connection, "") for model in models}
            _take(reader.rows(start, upto), models, takings, behind)
            for taking in takings.values():
                taking.finish()
            _record_positions(connection, models, {name: max(upto, position) for name, position in behind.items()})
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return max(start, upto)


def _build(reader: LogReader, models: Sequence[ReadModel], progress: Progress | None) -> None:
    """Fold the whole log into new tables and swap them in, all in one transaction: readers see the old or the new."""
    connection = reader.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        end = reader.size()
        for model in models:
            for table in model.tables:
                connection.execute(f"DROP TABLE IF EXISTS {table}{SHADOW}")
            model.create(connection, SHADOW)
        takings = {model.name: model.taking(connection, SHADOW) for model in models}
        for start in range(0, end, BATCH):
            upto = min(start + BATCH, end)
            _take(reader.rows(start, upto), models, takings, {})
            if progress:
                progress(upto, end)
        for model in models:
            takings[model.name].finish()
            _swap(connection, model)
        _record_positions(connection, models, {model.name: end for model in models})
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _swap(connection: Connection, model: ReadModel) -> None:
    for table in model.tables:
        connection.execute(f"DROP TABLE IF EXISTS {table}")
        connection.execute(f"ALTER TABLE {table}{SHADOW} RENAME TO {table}")
    model.index(connection)


def _record_positions(connection: Connection, models: Sequence[ReadModel], positions: Mapping[str, int]) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS rm_positions "
        "(model TEXT PRIMARY KEY, version INTEGER, position INTEGER) WITHOUT ROWID"
    )
    connection.executemany(
        "INSERT INTO rm_positions VALUES (?, ?, ?) "
        "ON CONFLICT (model) DO UPDATE SET version = excluded.version, position = excluded.position",
        [(model.name, model.version, positions[model.name]) for model in models],
    )


def _take(
    rows: Iterable[Row], models: Sequence[ReadModel], takings: Mapping[str, Taking], behind: Mapping[str, int]
) -> None:
    """Let each event be taken in by the models of its topic that have not taken it in before, and write the rows."""
    takers: dict[str, list[tuple[Callable[[int, str, dict[str, Any]], None], int]]] = {}
    for model in models:
        for topic in model.topics:
            takers.setdefault(topic, []).append((takings[model.name].take, behind.get(model.name, 0)))
    for position, _stream, _version, topic, state in rows:
        if topic in takers:
            body = upcast(topic, orjson.loads(state))
            for take, taken in takers[topic]:
                if position > taken:
                    take(position, topic, body)
    for taking in takings.values():
        taking.flush()
