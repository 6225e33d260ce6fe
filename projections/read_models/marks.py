"""Marks of rows: a checksum by which a row that was changed by accident, or by a plain edit, is told from one of ours.

A mark proves nothing against somebody who works it out anew; for that, the read models are held against the log.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from zlib import crc32

import orjson

from heinola_es.store.trouble import StoreTrouble

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Checks = dict[str, list[int]]
"""How many rows a block of a table has and the sum of their marks, by table and block."""

_OF_THE_DATABASE = frozenset({"25", "08", "40", "53", "54", "55", "57", "58", "XX"})
"""Classes of errors on a server that say nothing about what is in a table."""
_NOT_ALLOWED = "42501"


class ModelsDiffer(Exception):
    """A table of a read model does not hold what was written to it."""

    def __init__(self, table: str) -> None:
        """Take the name of the table."""
        super().__init__(table)
        self.table = table


def mark_of(row: Sequence[Any]) -> int:
    """Return the mark of a row of whole numbers, texts and None.

    Raises:
        TypeError: a value is of another kind.
    """
    return crc32(orjson.dumps(row))


def is_marked(row: Sequence[Any]) -> bool:
    """Return whether the last value of a row is the mark of the others."""
    try:
        return bool(mark_of(row[:-1]) == row[-1])
    except TypeError:
        return False


def count(checks: Checks, key: str, marks: Sequence[int]) -> None:
    """Count rows of ours, by their marks, into a block."""
    known = checks.setdefault(key, [0, 0])
    known[0] += len(marks)
    known[1] += sum(marks)


@contextmanager
def differing(table: str) -> Iterator[None]:
    """Take what the database says of a table that is not as we made it for a difference in it; so bytes for a text.

    Raises:
        ModelsDiffer.
    """
    try:
        yield
    except (sqlite3.Error, StoreTrouble, OverflowError, TypeError) as error:
        if not _is_of_tables(error):
            raise
        raise ModelsDiffer(table) from error


def _is_of_tables(error: Exception) -> bool:
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
        return code in {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CONSTRAINT, sqlite3.SQLITE_MISMATCH}
    if isinstance(error, StoreTrouble):
        state = str(getattr(error.__cause__, "sqlstate", None) or "XX")
        return state[:2] not in _OF_THE_DATABASE and state != _NOT_ALLOWED
    return True
