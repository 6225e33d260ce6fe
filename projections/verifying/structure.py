"""The tables, indexes and triggers of the store, its settings and its command keys."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from heinola_es.store.schema import SCHEMA
from projections.verifying.problems import Problem, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.verifying.likeness import Examined

_OBJECTS = "SELECT type, name, sql FROM {}sqlite_master WHERE name NOT LIKE 'sqlite_stat%'"
_SETTINGS = ("format", "city", "chart")
_UNPROTECTED = "the log can be changed without a trace in the database"


def guard_problems(connection: sqlite3.Connection, store: Examined) -> Iterator[Problem]:
    """Yield what differs from the schema of a store: a trigger that is missing is a guard that was sent away."""
    if store.drawn:
        yield from (Problem("structure", 0, 0, flaw, _UNPROTECTED) for flaw in store.flaws)
    else:
        yield from _structure_problems(connection)


def _structure_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    expected, found = _expected(), _objects(connection, "store.")
    for (kind, name), sql in expected.items():
        if (kind, name) not in found:
            yield Problem("structure", 0, 0, f"the {kind} {name} was dropped", _UNPROTECTED)
        elif found[kind, name] != sql:
            yield Problem("structure", 0, 0, f"the {kind} {name} was changed", _UNPROTECTED)
    for kind, name in found.keys() - expected.keys():
        if kind == "trigger":
            yield Problem("structure", 0, 0, f"a trigger {name} was added that is none of ours", _UNPROTECTED)


def settings_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Yield the settings that the store has lost."""
    settings = dict(connection.execute("SELECT name, value FROM store.store_settings"))
    for name in _SETTINGS:
        if not isinstance(settings.get(name), str):
            yield Problem("structure", 0, 0, f"the setting {name!r} of the store was lost")


def key_problems(connection: sqlite3.Connection, size: int) -> Iterator[Problem]:
    """Yield the command keys that stand for events which are not there."""
    rows = connection.execute("SELECT key, first, last FROM store.command_keys ORDER BY first, last")
    before = 0
    for key, first, last in rows:
        if not (isinstance(first, int) and isinstance(last, int) and before < first <= last):
            yield Problem("structure", 0, 0, f"the command key {key!r} has positions that cannot be ({first}–{last})")
        elif last > size:
            message = f"the command key {key!r} stands for events up to {number(last)}, the log ends at {number(size)}"
            yield Problem("structure", size + 1, last, message)
        else:
            before = last


def file_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Yield what SQLite itself finds wrong with the file: damaged pages, indexes that differ from their tables."""
    for (message,) in connection.execute("PRAGMA store.integrity_check(10)"):
        if message != "ok":
            yield Problem("file", 0, 0, f"the database file is damaged ({message})", "restore it from a copy")


def _expected() -> dict[tuple[str, str], str | None]:
    with closing(sqlite3.connect(":memory:")) as empty:
        for statement in SCHEMA:
            empty.execute(statement)
        return _objects(empty, "")


def _objects(connection: sqlite3.Connection, schema: str) -> dict[tuple[str, str], str | None]:
    return {(kind, name): sql for kind, name, sql in connection.execute(_OBJECTS.format(schema))}
