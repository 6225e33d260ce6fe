"""Read models: tables in the store's own database, fed from the log, disposable.

A read model records how far it has come in the same transaction as its rows, so that every event counts exactly once
however often a run is cut short. A read catches up first; `rebuild` makes the tables anew beside the old and swaps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson
from attrs import frozen

from events.codec import upcast

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Sequence

    from heinola_es.store.reading import LogReader, Row

Fold = Callable[[int, dict[str, Any]], tuple[Any, ...]]
"""From an event's position and body to a row of the table."""

Progress = Callable[[int, int], None]
"""Told how many events are done, and of how many."""

BATCH = 20_000


@frozen(slots=True)
class ReadModel:
    """One table and how it follows from events.

    Attributes:
        name: of the table, without its prefix.
        version: goes up when the table or its folds change, which makes the next read build it anew.
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

    Costs one comparison where there is nothing new. A model of another version is built anew.
    """
    end = reader.size()
    known = _positions(reader.connection)
    if any(known.get(model.name, (0, 0))[0] != model.version for model in models):
        _build(reader, [model for model in models if known.get(model.name, (0, 0))[0] != model.version], progress)
        known = _positions(reader.connection)
    start = min(known[model.name][1] for model in models)
    while start < end:
        start = _take_batch(reader, models, min(start + BATCH, end))
        if progress:
            progress(start, end)
    return end


def rebuild(reader: LogReader, models: Sequence[ReadModel], progress: Progress | None = None) -> None:
    """Build the models anew from the whole log, beside the old tables, and swap them in one transaction."""
    _build(reader, models, progress)


def status(reader: LogReader, models: Sequence[ReadModel]) -> list[ModelStatus]:
    """Return how far each model has come; changes nothing."""
    known = _positions(reader.connection)
    end = reader.size()
    return [_status_of(reader.connection, model, known.get(model.name, (0, 0)), end) for model in models]


def _status_of(connection: sqlite3.Connection, model: ReadModel, known: tuple[int, int], end: int) -> ModelStatus:
    version, position = known
    rows = connection.execute(f"SELECT count(*) FROM {model.table}").fetchone()[0] if version else 0  # noqa: S608 - a name of ours
    return ModelStatus(model.name, version, position, end - position, rows)


def _positions(connection: sqlite3.Connection) -> dict[str, tuple[int, int]]:
    """Return version and position by model name; empty in a store that was never read."""
    exists = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'rm_positions'").fetchone()
    if not exists:
        return {}
    return {
        name: (version, position)
        for name, version, position in connection.execute("SELECT model, version, position FROM rm_positions")
    }


def _take_batch(reader: LogReader, models: Sequence[ReadModel], upto: int) -> int:
    """Take in the events up to a position, in one transaction; another reader may have been there before."""
    connection = reader.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        behind = {name: position for name, (_version, position) in _positions(connection).items()}
        start = min(behind[model.name] for model in models)
        if start < upto:
            tables = {model.name: model.table for model in models}
            _insert(connection, tables, models, _rows_by_model(reader.rows(start, upto), models, behind))
            _record_positions(connection, models, upto)
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
        shadows = {model.name: f"{model.table}_new" for model in models}
        for model in models:
            connection.execute(f"DROP TABLE IF EXISTS {shadows[model.name]}")
            connection.execute(f"CREATE TABLE {shadows[model.name]} ({model.columns})")
        for start in range(0, end, BATCH):
            upto = min(start + BATCH, end)
            _insert(connection, shadows, models, _rows_by_model(reader.rows(start, upto), models, {}))
            if progress:
                progress(upto, end)
        for model in models:
            _swap(connection, model, shadows[model.name])
        _record_positions(connection, models, end)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def _swap(connection: sqlite3.Connection, model: ReadModel, shadow: str) -> None:
    connection.execute(f"DROP TABLE IF EXISTS {model.table}")
    connection.execute(f"ALTER TABLE {shadow} RENAME TO {model.table}")
    for number, columns in enumerate(model.indexes, 1):
        connection.execute(f"CREATE INDEX {model.table}_{number} ON {model.table} ({columns})")


def _record_positions(connection: sqlite3.Connection, models: Sequence[ReadModel], position: int) -> None:
    connection.execute(
        "CREATE TABLE IF NOT EXISTS rm_positions "
        "(model TEXT PRIMARY KEY, version INTEGER, position INTEGER) WITHOUT ROWID"
    )
    connection.executemany(
        "INSERT OR REPLACE INTO rm_positions VALUES (?, ?, ?)",
        [(model.name, model.version, position) for model in models],
    )


def _rows_by_model(
    rows: Iterable[Row], models: Sequence[ReadModel], behind: Mapping[str, int]
) -> dict[str, list[tuple[Any, ...]]]:
    """Return the table rows that events give, by model; an event that the model has taken in already gives none."""
    folds = {topic: (model.name, fold) for model in models for topic, fold in model.folds.items()}
    result: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for position, _stream, _version, topic, state in rows:
        name, fold = folds.get(topic, (None, None))
        if fold is not None and name is not None and position > behind.get(name, 0):
            result[name].append(fold(position, upcast(topic, orjson.loads(state))))
    return result


def _insert(
    connection: sqlite3.Connection,
    tables: Mapping[str, str],
    models: Sequence[ReadModel],
    rows: Mapping[str, list[tuple[Any, ...]]],
) -> None:
    for model in models:
        if rows.get(model.name):
            places = ", ".join("?" * len(rows[model.name][0]))
            connection.executemany(f"INSERT INTO {tables[model.name]} VALUES ({places})", rows[model.name])  # noqa: S608 - a name of ours
