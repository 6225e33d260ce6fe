"""Sentences for what the world does: a store that is damaged, a disk that is full, a folder that is not there."""

from __future__ import annotations

import sqlite3
import sys

from heinola_es.errors import HeinolaError


def sentences_for(error: BaseException) -> tuple[str, ...]:
    """Return what is said of an error, mostly in one sentence; nothing where nobody foresaw it, which is a defect."""
    if isinstance(error, HeinolaError):
        return error.lines
    sentence = _sentence_for(error)
    return () if sentence is None else (sentence,)


def _sentence_for(error: BaseException) -> str | None:
    if isinstance(error, sqlite3.Error | _raised_by("eventsourcing.persistence", "PersistenceError")):
        from heinola_es.store.trouble import trouble

        return trouble(error)
    # A stored body: JSON that comes from outside is checked where it is read.
    if isinstance(error, _raised_by("orjson", "JSONDecodeError")):
        return "the log is damaged: an event's body is no JSON; find it with `heinola audit verify`, and restore a copy"
    if isinstance(error, OSError) and error.strerror:
        where = f"{error.filename}: " if error.filename else ""
        return f"{where}{error.strerror}; check the path and that it may be read and written"
    if isinstance(error, LookupError) and type(error).__name__ == "UnknownTopicError":
        return str(error)
    return None


def _raised_by(module: str, name: str) -> type[Exception]:
    """Return an error of a module, if that was loaded at all; else one that is told of already."""
    library = sys.modules.get(module)
    return getattr(library, name) if library else sqlite3.Error
