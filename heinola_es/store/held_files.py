"""Files of stores that a process keeps on reading in several threads, and so may open through the database alone.

A lock on a file is its process's, not its opener's: whoever opens a file that the process has locked, and closes it
again, gives up every lock on it. Another process would then take itself for the last one that uses the store, and take
away the commits that are still beside it. So a process of several threads says which store it holds, once, before the
first of them; from then on nothing but the database opens that file in it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HELD: set[tuple[int, int]] = set()
"""The device and the number of each file."""


def hold(path: Path) -> None:
    """Let nothing but the database open a file in this process any more; it was found to be a store."""
    found = path.stat()
    _HELD.add((found.st_dev, found.st_ino))


def is_held(path: Path) -> bool:
    """Return whether nothing but the database may open a file in this process."""
    if not _HELD:
        return False
    try:
        found = path.stat()
    except OSError:
        return False
    return (found.st_dev, found.st_ino) in _HELD
