"""A log that comes from somewhere else than a store: its events in a database of their own, gone when it is closed."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from events.streams import store_stream
from heinola_es.errors import Refused
from heinola_es.store.merkle import HASH_BYTES
from heinola_es.store.reading import LogReader
from heinola_es.store.schema import SCHEMA
from heinola_es.store.settings import SETTINGS, settings_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.store.reading import Row

_TABLES = tuple(statement for statement in SCHEMA if statement.startswith(("CREATE TABLE", "CREATE INDEX")))
_INSERT = f"INSERT INTO stored_events VALUES (?, ?, ?, ?, ?, zeroblob({HASH_BYTES}))"  # noqa: S608 - a number


class LogInMemory(LogReader):
    """The log of a city, open for reading; whether its hashes are right is for whoever brings it: it has none.

    Nothing can be recorded in it, so it has none of the triggers of a store.
    """

    def __init__(self, name: str, rows: Iterable[Row]) -> None:
        """Take in the events of a log, in its order.

        Raises:
            Refused: the log does not say what its settings are, or a position or version is there twice.
            UnknownEvent: this version does not know a kind of event in it.
        """
        self.location = name
        self.kept = {}
        self.source = None
        self.connection = sqlite3.connect("", isolation_level=None)
        try:
            self._take_in(rows)
            self.require_known_kinds()
        except sqlite3.IntegrityError as error:
            self.close()
            raise Refused(f"the log of {name} has an event twice ({error})") from error
        except BaseException:
            self.close()
            raise

    def _take_in(self, rows: Iterable[Row]) -> None:
        connection = self.connection
        for statement in _TABLES:
            connection.execute(statement)
        connection.execute("BEGIN")
        connection.executemany(_INSERT, rows)
        size, last = connection.execute("SELECT count(*), ifnull(max(position), 0) FROM stored_events").fetchone()
        if size != last:
            raise Refused(f"the log of {self.location} has {size} events, and its last is the {last}th")
        found = connection.execute(
            "SELECT state FROM stored_events WHERE originator_id = ? ORDER BY originator_version DESC LIMIT 1",
            (store_stream().hex,),
        ).fetchone()
        told = settings_in(found[0]) if found else {}
        if not all(isinstance(told.get(name), str) for name in SETTINGS):
            raise Refused(f"the log of {self.location} does not say whose it is; upgrade its store and write it again")
        connection.executemany("INSERT INTO store_settings VALUES (?, ?)", [(name, told[name]) for name in SETTINGS])
        connection.execute("INSERT INTO tree_head VALUES (1, ?, ?, ?, '')", (size, bytes(HASH_BYTES), b""))
        connection.execute("COMMIT")

    def may_write(self) -> bool:
        """Return True: read models are kept beside the events."""
        return True
