"""Sentences for what the world does: a store that is damaged, a disk that is full, a folder that is not there."""

from __future__ import annotations

import sqlite3
import sys

from heinola_es.errors import HeinolaError


def sentence_for(error: BaseException) -> str:
    """Return the sentence for an error; one that nobody foresaw is a defect, and is raised as it is."""
    if isinstance(error, HeinolaError):
        return str(error)
    if isinstance(error, sqlite3.Error | _library_errors()):
        from heinola_es.store.trouble import trouble

        return trouble(error)
    if isinstance(error, _unreadable()):
        return "the log is damaged: an event's body is no JSON; find it with `heinola audit verify`, and restore a copy"
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}; check the path and that it may be read and written"
    if isinstance(error, LookupError) and type(error).__name__ == "UnknownTopicError":
        return str(error)
    raise error


def _unreadable() -> type[Exception]:
    """Return what reading a stored body raises: files that come from outside are checked where they are read."""
    library = sys.modules.get("orjson")
    return library.JSONDecodeError if library else sqlite3.Error


def _library_errors() -> type[Exception]:
    """Return what the persistence library raises, if it was loaded at all; else an error that it never raised."""
    library = sys.modules.get("eventsourcing.persistence")
    return library.PersistenceError if library else sqlite3.Error
