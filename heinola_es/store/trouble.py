"""What to do when the database itself fails, in a sentence."""

from __future__ import annotations

from heinola_es.errors import Refused

_ADVICE = {
    "not a database": "the file is no store of ours, or was damaged; check --store, or restore a copy",
    "no such table": "the file is no store of ours; run `heinola init` or check --store",
    "malformed": "the store is damaged; restore a copy",
    "readonly": "the store may not be written; ask for the right to write its file and its folder",
    "read-only transaction": "this server may only be read (a replica?); give the one that is written to with --store",
    "read-only": "the store may not be written; ask for the right to write its file and its folder",
    "disk is full": "the disk is full; make room and try again",
    "disk I/O": "the disk could not be read or written; check it, and try again or restore a copy",
    "No space left": "the disk of the server is full; make room and try again",
    "unable to open": "the store cannot be opened; check that its folder exists and may be written",
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
}
_ABSENT = ("database", "role", "relation", "schema")


class StoreTrouble(Refused):
    """The database of the store cannot do what it is asked to."""


def trouble(error: BaseException) -> str:
    """Return what an error of the database means for the user and what to do about it."""
    said = str(error)
    first = first_line(error)
    for words, advice in _ADVICE.items():
        if words in said:
            return advice.format(first)
    if "does not exist" in said and any(kind in said for kind in _ABSENT):
        return f"there is no store here ({first}); run `heinola init` or check --store"
    return f"the store could not be used ({first})"


def first_line(error: BaseException) -> str:
    """Return the first line of what a database says; what follows tells where in its code it was said."""
    return (str(error).splitlines() or [type(error).__name__])[0]
