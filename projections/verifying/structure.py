"""The tables, indexes and triggers of the store, and what stands beside its log: settings, and earlier command keys."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import orjson

from events.streams import store_stream
from heinola_es.store.schema import FIRST_FORMAT, FORMAT, SCHEMAS, schema_flaws
from heinola_es.store.settings import SETTINGS
from projections.read_models.catching_up import POSITIONS
from projections.read_models.models import ALL
from projections.verifying.problems import Problem, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.verifying.likeness import Examined

_OBJECTS = "SELECT type, name, tbl_name, sql FROM store.sqlite_master"
_LAST_OF_STREAM = (
    "SELECT state FROM store.stored_events WHERE originator_id = ? ORDER BY originator_version DESC LIMIT 1"
)
_UNPROTECTED = "the log can be changed without a trace in the database"


def guard_problems(connection: sqlite3.Connection, store: Examined) -> Iterator[Problem]:
    """Yield what differs from the schema of a store: a trigger that is missing is a guard that was sent away."""
    flaws = store.flaws if store.drawn else _file_flaws(connection)
    yield from (Problem("structure", 0, 0, flaw, _UNPROTECTED) for flaw in flaws)


def _file_flaws(connection: sqlite3.Connection) -> Iterator[str]:
    there = connection.execute(_OBJECTS).fetchall()
    yield from schema_flaws(there, format_of(connection))
    ours = {POSITIONS.name, *(table for model in ALL for table in model.tables)}
    for kind, name, table, _text in there:
        if kind == "table" and table.startswith("rm_") and table not in ours:
            yield f"a table {name} was added that is none of ours"


def format_of(connection: sqlite3.Connection) -> str:
    """Return the format that the store says it has; the newest, where it says none that is known."""
    try:
        told = connection.execute("SELECT value FROM store.store_settings WHERE name = 'format'").fetchone()
    except sqlite3.OperationalError:  # the table is gone, which the comparison of the schema tells
        return FORMAT
    return told[0] if told and told[0] in SCHEMAS else FORMAT


def settings_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Yield the settings that the store has lost, that are unknown, or that are not what its log says."""
    settings = dict(connection.execute("SELECT name, value FROM store.store_settings"))
    logged = _logged_settings(connection)
    for name in SETTINGS:
        value = settings.pop(name, None)
        if not isinstance(value, str):
            yield Problem("structure", 0, 0, f"the setting {name!r} of the store was lost")
        elif name == "format" and value not in SCHEMAS:
            yield Problem("structure", 0, 0, f"the store is of format {value!r}, which this version does not know")
        elif logged is not None and value != logged.get(name):
            message = (
                f"the setting {name!r} of the store was changed: it is {value!r}, the log says {logged.get(name)!r}"
            )
            yield Problem("structure", 0, 0, message)
        elif logged is None and name == "format" and value != FIRST_FORMAT:
            yield Problem("structure", 0, 0, f"the store is of format {value}, and its log does not say so")
    yield from (Problem("structure", 0, 0, f"a setting {name!r} was added that is none of ours") for name in settings)


def city_of(connection: sqlite3.Connection) -> str:
    """Return whose log it is, as the log says, or else what stands beside it."""
    told = _logged_settings(connection) or {}
    beside = connection.execute("SELECT value FROM store.store_settings WHERE name = 'city'").fetchone() or ("",)
    return str(told.get("city", beside[0]))


def _logged_settings(connection: sqlite3.Connection) -> dict[str, object] | None:
    """Return the settings as the log has them; None in a store of the first format, or where they cannot be read."""
    found = connection.execute(_LAST_OF_STREAM, (store_stream().hex,)).fetchone()
    if found is None:
        return None
    try:
        return dict(orjson.loads(found[0]))
    except (ValueError, TypeError):
        return {}  # that it cannot be read, the pass over the log tells


def key_problems(connection: sqlite3.Connection, size: int) -> Iterator[Problem]:
    """Yield the command keys beside the log, in a store of the first format, that stand for events not there."""
    if format_of(connection) != FIRST_FORMAT:
        return
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
