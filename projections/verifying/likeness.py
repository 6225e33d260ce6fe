"""A store on a server, drawn into a file of the embedded kind, so that one verification serves both.

Everything is taken as it stands in one moment, whatever it is: rows that the store's own rules would refuse, too.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

from attrs import frozen

from heinola_es.store.location import NoStoreHere, existing_store, is_on_server
from heinola_es.store.reading import LogReader
from projections.read_models.catching_up import POSITIONS, SHADOW
from projections.read_models.models import ALL
from projections.read_models.moment import hold_tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heinola_es.store.postgres_connection import ReadingConnection
    from projections.read_models.catching_up import ReadModel

    Progress = Callable[[str, int, int], None]

_BATCH = 10_000
_TABLES = {
    "stored_events": "position, originator_id, originator_version, topic, state, leaf_hash",
    "tree_head": "only_row, size, root, frontier, recorded",
    "command_keys": "key, digest, first, last",
    "store_settings": "name, value",
    "kept_reports": "digest, packed",
    "kept_names": "digest, salt, name",
    "head_signature": "only_row, note",
    "rm_positions": "model, version, position",
}
_ALWAYS = {"stored_events", "tree_head", "store_settings"}
_INDEXES = (
    "CREATE INDEX drawn_positions ON stored_events (position)",
    "CREATE INDEX drawn_streams ON stored_events (originator_id, originator_version)",
)


@frozen(slots=True)
class Examined:
    """What a verification looks at.

    Attributes:
        path: the store's own file, or the likeness of a store on a server.
        drawn: whether it is a likeness.
        flaws: what the server's structure lacks, in words.
    """

    path: Path
    drawn: bool = False
    flaws: tuple[str, ...] = ()


@contextmanager
def examined(location: str, progress: Progress | None = None) -> Iterator[Examined]:
    """Give the file of the store at a location; of one on a server a likeness, which is gone afterwards.

    Raises:
        NoStoreHere: none was initialised there.
    """
    if not is_on_server(location):
        yield Examined(existing_store(location))
        return
    from heinola_es.store.postgres_structure import structure_flaws  # noqa: PLC0415 - for a store on a server alone

    with TemporaryDirectory(prefix="heinola-") as folder:
        path = Path(folder, "likeness.db")
        with LogReader(location) as reader:
            if not reader.tables() & _ALWAYS:
                raise NoStoreHere(f"{reader.name} is not a store of ours; run `heinola init` or check --store")
            held = reader.tables().intersection([POSITIONS.name, *(table for model in ALL for table in model.tables)])
            reader.connection.execute("BEGIN")
            if held:
                hold_tables(reader.connection, sorted(held))
            flaws = tuple(structure_flaws(_on_server(reader)))
            with closing(sqlite3.connect(path, isolation_level=None)) as likeness:
                likeness.execute("BEGIN")
                _draw(reader, likeness, progress)
                likeness.execute("COMMIT")
        yield Examined(path, drawn=True, flaws=flaws)


def _number_of_events(reader: LogReader) -> int:
    (total,) = reader.connection.execute("SELECT count(*) FROM stored_events").fetchone()
    return int(total)


def _on_server(reader: LogReader) -> ReadingConnection:
    return cast("ReadingConnection", reader.connection)


def _draw(reader: LogReader, likeness: sqlite3.Connection, progress: Progress | None) -> None:
    there = reader.tables()
    total = _number_of_events(reader) if "stored_events" in there else 0
    for table, columns in _TABLES.items():
        if table in there or table in _ALWAYS:
            likeness.execute(f"CREATE TABLE {table} ({columns})")
        if table in there:
            told = (lambda done: progress("drawing the log", done, total)) if progress else None
            _copy(reader, likeness, table, columns, told if table == "stored_events" else None)
    for index in _INDEXES:
        likeness.execute(index)
    odd = _on_server(reader).odd_read_models()
    for model in ALL:
        if there.issuperset(model.tables):
            _draw_model(reader, likeness, model)
        elif (there | odd).issuperset(model.tables):
            for table in model.tables:  # reading them may run what somebody else wrote; that they are odd is enough
                likeness.execute(f"CREATE TABLE {table} (none_of_ours)")


def _draw_model(reader: LogReader, likeness: sqlite3.Connection, model: ReadModel) -> None:
    """Draw the tables of a read model as they are made; one that has another form is drawn in that."""
    likeness.execute("SAVEPOINT model")
    try:
        model.create(likeness, SHADOW)
        for table in model.tables:
            likeness.execute(f"ALTER TABLE {table}{SHADOW} RENAME TO {table}")
            columns = ", ".join(row[1] for row in likeness.execute(f"PRAGMA table_info({table})"))
            if columns != ", ".join(_on_server(reader).columns(table)):
                raise sqlite3.IntegrityError(f"{table} has other columns")  # noqa: TRY301 - as if it held other rows
            _copy(reader, likeness, table, columns, None)
        model.index(likeness)
    except sqlite3.IntegrityError:
        likeness.execute("ROLLBACK TO model")
        for table in model.tables:
            columns = ", ".join(_on_server(reader).columns(table))
            likeness.execute(f"CREATE TABLE {table} ({columns})")
            _copy(reader, likeness, table, columns, None)
    likeness.execute("RELEASE model")


def _copy(
    reader: LogReader, likeness: sqlite3.Connection, table: str, columns: str, told: Callable[[int], None] | None
) -> None:
    """Copy the rows of a table; those of the log a part at a time."""
    insert = f"INSERT INTO {table} VALUES ({', '.join('?' * len(columns.split(', ')))})"  # noqa: S608 - names of ours
    select = f"SELECT {columns} FROM {table}"  # noqa: S608 - names of ours
    if table != "stored_events":
        likeness.executemany(insert, reader.connection.execute(select))
        return
    done = 0
    reader.connection.execute(f"DECLARE drawing CURSOR FOR {select}")
    while rows := reader.connection.execute(f"FETCH {_BATCH} FROM drawing").fetchall():
        likeness.executemany(insert, rows)
        done += len(rows)
        if told:
            told(done)
