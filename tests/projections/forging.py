"""Somebody who writes what no command would into a store, while no guard of its database looks."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest

from heinola_es.store.location import is_on_server, server_store
from heinola_es.store.reading import LogReader


class Forger:
    """Appends to a log, and to its head, what no command would, without the guards of its database."""

    def __init__(self, location: str) -> None:
        self.location = location

    def execute(self, sql: str, parameters: tuple[Any, ...] = ()) -> None:
        """Execute a statement while no guard looks."""
        if not is_on_server(self.location):
            with closing(sqlite3.connect(self.location, isolation_level=None)) as file:
                guards = file.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
                for name, _sql in guards:
                    file.execute(f"DROP TRIGGER {name}")
                file.execute(sql, parameters)
                for _name, made in guards:
                    file.execute(made)
            return
        psycopg = pytest.importorskip("psycopg")
        store = server_store(self.location)
        with closing(psycopg.connect(store.url, autocommit=True)) as server:
            server.execute(f"SET search_path = {store.schema}")
            for table in ("stored_events", "tree_head", "store_settings", "kept_reports", "kept_names"):
                server.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            server.execute(sql.replace("?", "%s"), parameters)
            for trigger, table in server.execute(
                "SELECT tgname, relname FROM pg_trigger g JOIN pg_class t ON t.oid = tgrelid "
                "WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal"
            ).fetchall():
                server.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")

    def append(self, topic: str, body: bytes, position: int | None = None) -> int:
        """Append an event and return its position; by default the next one."""
        with LogReader.open(self.location) as reader:
            at = position or reader.size() + 1
        self.execute(
            "INSERT INTO stored_events VALUES (?, ?, 1, ?, ?, ?)", (at, f"{at:032x}"[-32:], topic, body, b"0" * 32)
        )
        self.execute("UPDATE tree_head SET size = ?", (at,))
        return at
