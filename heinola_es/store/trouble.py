"""What to do when the database itself fails, in a sentence."""

from __future__ import annotations

_ADVICE = {
    "not a database": "the file is no store of ours, or was damaged; check --store, or restore a copy",
    "no such table": "the file is no store of ours; run `heinola init` or check --store",
    "malformed": "the store is damaged; restore a copy",
    "readonly": "the store may not be written; ask for the right to write its file and its folder",
    "read-only": "the store may not be written; ask for the right to write its file and its folder",
    "disk is full": "the disk is full; make room and try again",
    "disk I/O": "the disk could not be read or written; check it, and try again or restore a copy",
    "unable to open": "the store cannot be opened; check that its folder exists and may be written",
    "locked": "others keep the store busy; try again",
}


def trouble(error: BaseException) -> str:
    """Return what an error of the database means for the user and what to do about it."""
    said = str(error)
    return next((advice for words, advice in _ADVICE.items() if words in said), f"the store could not be used ({said})")
