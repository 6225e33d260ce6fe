"""The store under examination, read and never written, beside a temporary database for what is made anew from it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson

from events.codec import upcast
from heinola_es.store.reading import LogReader
from heinola_es.store.reading_file import BUSY_SECONDS, usable_source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from heinola_es.store.reading import Row


def _as_it_is(row: tuple[Any, ...]) -> Row:
    return row


def _newest_body(row: Row) -> dict[str, Any]:
    return upcast(row[3], orjson.loads(row[4]))


class Workbench(LogReader):
    """A reader of the store's log whose own read models are temporary.

    SQLite looks a table up in the temporary database first, so read models built here hide those of the store, which
    stand under `store.`; the events are found in the store.

    Attributes:
        upto: the log is read up to here, whatever is recorded meanwhile or cannot be read beyond.
    """

    connection: sqlite3.Connection
    # Each row was read, and decoded, by the pass over the log before.
    known = staticmethod(_as_it_is)
    body_of = staticmethod(_newest_body)

    def __init__(self, path: Path) -> None:
        """Open the store in this file."""
        self.location = str(path)
        self.kept = {}
        self.upto = 0
        self.source = usable_source(path)
        self.connection = sqlite3.connect("", timeout=BUSY_SECONDS, isolation_level=None, uri=True)
        try:
            self.connection.execute("ATTACH ? AS store", (self.source.uri(self.source.reading_mode),))
        except sqlite3.Error:
            self.close()
            raise

    def close(self) -> None:
        """Close the connections, and leave nothing beside the store.

        Who may only read cannot clear away what SQLite made for them; where it stayed, it would be theirs, and lock out
        whoever else records. So somebody who may write comes by last.
        """
        super().close()
        if self.source is not None and self.source.may_write:
            with suppress(sqlite3.Error):  # a damaged file, which was told of
                self.source.connected().close()

    def may_write(self) -> bool:
        """Return that its own read models may be written, whoever may write those of the store."""
        return True

    def size(self) -> int:
        """Return how far the log is read."""
        return self.upto

    def hide(self, tables: Iterable[str]) -> None:
        """Stand empty tables before those of the store, so that no name leads to the store's when they are replaced."""
        for table in tables:
            self.connection.execute(f"CREATE TABLE IF NOT EXISTS main.{table} (hidden)")

    def end(self) -> int:
        """Return the last position in the store, as it is now."""
        (end,) = self.connection.execute("SELECT ifnull(max(position), 0) FROM store.stored_events").fetchone()
        return int(end)
