"""Stores of the first format, for the tests: as they were made before settings and command keys were events."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import orjson

from events.store import CommandKeyed, StoreInitialised
from heinola_es.store.merkle import append_leaves, leaf_hash, pack_frontier, root_of
from heinola_es.store.reading import LogReader
from heinola_es.store.schema import FIRST_FORMAT, FIRST_SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.reading import Row

Key = tuple[str, str, int, int]
"""A command key as its table kept it: key, digest, first and last position."""


def in_the_first_format(location: str, path: Path) -> Path:
    """Make a store of the first format that says what one of this format says, and return its file.

    The events of the store itself are left out, so that positions are lower; keys stand in their table.
    """
    with LogReader.open(location) as reader:
        rows = list(reader.rows(0, reader.size()))
        settings = {name: reader.setting(name) for name in ("city", "chart")} | {"format": FIRST_FORMAT}
    facts, keys = _told_apart(rows)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        for statement in FIRST_SCHEMA:
            connection.execute(statement)
        connection.executemany("INSERT INTO store_settings VALUES (?, ?)", sorted(settings.items()))
        _write(connection, facts)
        connection.executemany("INSERT INTO command_keys VALUES (?, ?, ?, ?)", keys)
        connection.execute("COMMIT")
    return path


def _told_apart(rows: list[Row]) -> tuple[list[Row], list[Key]]:
    """Return the facts at the positions that they had then, and the keys of their commands."""
    facts: list[Row] = []
    keys: list[Key] = []
    moved: dict[int, int] = {}
    for row in rows:
        body = orjson.loads(row[4])
        if row[3] == CommandKeyed.TOPIC:
            keys.append((body["key"], body["digest"], moved[body["first"]], moved[body["last"]]))
        elif row[3] != StoreInitialised.TOPIC:
            moved[row[0]] = len(facts) + 1
            facts.append((moved[row[0]], *row[1:]))
    return facts, keys


def _write(connection: sqlite3.Connection, facts: list[Row]) -> None:
    frontier: list[bytes] = []
    leaves = [leaf_hash(*row[1:]) for row in facts]
    stored = [(*row, leaf) for row, leaf in zip(facts, leaves, strict=True)]
    connection.executemany("INSERT INTO stored_events VALUES (?, ?, ?, ?, ?, ?)", stored)
    size = append_leaves(0, frontier, leaves)
    recorded = orjson.loads(facts[-1][4])["recorded"] if facts else ""
    head = (1, size, root_of(frontier), pack_frontier(frontier), recorded)
    connection.execute("INSERT INTO tree_head VALUES (?, ?, ?, ?, ?)", head)
