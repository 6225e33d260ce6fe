"""What to do when the database itself fails, in a sentence."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

from heinola_es.errors import Refused
from heinola_es.store.held_files import is_held

_ADVICE = {
    "not a database": "the file is no store of ours, or was damaged; check --store, or restore a copy",
    "no such table": "the store has lost a table ({}); see `heinola audit verify`, and restore a copy",
    "no such column": "a table of the store is not as it was made ({}); see `heinola audit verify`, and restore a copy",
    "malformed": "the store is damaged; restore a copy",
    "readonly": "the store may not be written; ask for the right to write its file and its folder",
    "read-only transaction": "this server may only be read (a replica?); give the one that is written to with --store",
    "read-only": "the store may not be written; ask for the right to write its file and its folder",
    "disk is full": "the disk is full; make room and try again",
    "disk I/O": "the disk could not be read or written (I/O error); check the disk, and try again",
    "No space left": "the disk of the server is full; make room and try again",
    "unable to open": "the store, or a file beside it, cannot be opened; check its folder and its disk, and try again",
    "lock timeout": "others keep the store busy; try again",
    "locked": "others keep the store busy; try again",
    "authentication failed": "the server does not let this user in; check the user and the password in --store",
    "no password supplied": "the server asks for a password; give it in --store, PGPASSWORD or ~/.pgpass",
    "permission denied": "the user may not do this in the store ({}); ask whoever looks after it",
    "Connection refused": "the server does not answer; check that it runs, and its host and port in --store",
    "could not translate host name": "the server is not known by this name; check the host in --store",
    "timeout expired": "the server does not answer; check its host and port in --store",
    "server closed the connection": "the server closed the connection; try again",
    "terminating connection": "the server closed the connection; try again",
    "statement timeout": "the server breaks off what takes longer than it allows; ask whoever looks after it for more",
}
_CODES = {
    "55P03": "lock timeout",
    "57014": "statement timeout",
    "53100": "No space left",
    "25006": "read-only transaction",
    "42501": "permission denied",
    "42P01": "no such table",
    "42703": "no such column",
    "57P01": "terminating connection",
    "57P02": "terminating connection",
    "25P03": "terminating connection",
}
"""What the errors of a server mean by their codes (SQLSTATE): it may say so in Finnish or Swedish."""
_BUSY = ("locked", "busy", "lock timeout")
_ABSENT = ("database", "role", "relation", "schema")


class StoreTrouble(Refused):
    """The database of the store cannot do what it is asked to."""


def trouble(error: BaseException) -> str:
    """Return what an error of the database means for the user and what to do about it."""
    said = str(error)
    first = first_line(error)
    for words, advice in _ADVICE.items():
        if words in said or words == _by_code(error):
            return advice.format(first)
    if "does not exist" in said and any(kind in said for kind in _ABSENT):
        return f"there is no store here ({first}); run `heinola init` or check --store"
    return f"the store could not be used ({first})"


def is_busy(error: BaseException) -> bool:
    """Return whether others kept a database from doing what it was asked to."""
    return any(words in str(error) for words in _BUSY) or _by_code(error) in _BUSY


def _by_code(error: BaseException) -> str:
    """Return the English words for an error of a server, or for the one that it was raised from; empty for others."""
    codes = (getattr(one, "sqlstate", None) for one in (error, error.__cause__))
    return next((_CODES[code] for code in codes if code in _CODES), "")


_AT = {
    sqlite3.SQLITE_BUSY: "{} is locked by another program for more than 10 seconds; try again when that is done",
    sqlite3.SQLITE_LOCKED: "{} is locked by another program; try again when that is done",
    sqlite3.SQLITE_IOERR: "{} could not be read (I/O error); check the disk that it is on, and try again",
    sqlite3.SQLITE_FULL: "{} cannot be read without room on its disk or in TMPDIR; make room and try again",
    sqlite3.SQLITE_CORRUPT: "{} is damaged; see what is left with `heinola audit verify`, and restore a copy",
    sqlite3.SQLITE_NOTADB: "{} is not a store of ours, or its first page is damaged; check --store, or restore a copy",
    sqlite3.SQLITE_CANTOPEN: "{} cannot be opened; see that you may read it and search its folder",
    sqlite3.SQLITE_PERM: "you may not read {}; ask whoever looks after it for the right to",
}


_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})


def is_damage(error: sqlite3.Error) -> bool:
    """Return whether it is what the file holds that a database complains of, and not the file's surroundings."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT)
    return code & 0xFF in _DAMAGE or code == sqlite3.SQLITE_IOERR_SHORT_READ


def is_obstacle(error: sqlite3.Error) -> bool:
    """Return whether the surroundings keep a file from being read: locks, rights, the disk."""
    return not is_damage(error) and getattr(error, "sqlite_errorcode", 0) & 0xFF in _AT


def trouble_at(path: Path, error: sqlite3.Error) -> StoreTrouble:
    """Return the error for a file that a reader cannot read, told as what it is."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    said = _AT.get(code)
    if code == sqlite3.SQLITE_CANTOPEN and (found := _not_opened(path)):
        return StoreTrouble(found)
    return StoreTrouble(f"{path}: {trouble(error)}" if said is None else said.format(path))


def trouble_with(path: Path, error: BaseException) -> str:
    """Return what an error of the database in a file means; that something cannot be opened is told as what it is."""
    return (_not_opened(path) if "unable to open" in str(error) else "") or trouble(error)


def _not_opened(path: Path) -> str:
    """Return which of the files of a store cannot be opened, and why, which no database says; they are tried again."""
    for end in () if is_held(path) else ("", "-wal", "-shm", "-journal"):
        file = Path(f"{path.resolve()}{end}")
        try:
            os.close(os.open(file, os.O_RDWR | os.O_CLOEXEC))
        except FileNotFoundError:
            continue
        except OSError as why:
            check = "check the disk that it is on" if why.errno == errno.EIO else "see that you may write it"
            return f"{file} cannot be opened ({why.strerror}); {check}"
    return ""


def first_line(error: BaseException) -> str:
    """Return the first line of what a database says; what follows tells where in its code it was said."""
    return (str(error).splitlines() or [type(error).__name__])[0]
