"""Files of stores that this process has open, and so may open again through the database alone.

A lock on a file is its process's, not its opener's: whoever opens a file that the process has locked, and closes it
again, gives up every lock on it. Another process would then take itself for the last one that uses the store, and take
away the commits that are still beside it. So every connection to a store's file holds it; while it is held, nothing but
the database opens that file in this process.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_HELD: Counter[tuple[int, int]] = Counter()
"""How often each file is held, by the device and the number that it has."""


class Hold:
    """One hold on a file, which was found to be a store; for good, unless it is released."""

    def __init__(self, path: Path) -> None:
        found = path.stat()
        self._file: tuple[int, int] | None = (found.st_dev, found.st_ino)
        _HELD[self._file] += 1

    def release(self) -> None:
        """Let go of the file, once."""
        if self._file is not None:
            _HELD[self._file] -= 1
            self._file = None


def is_held(path: Path) -> bool:
    """Return whether nothing but the database may open a file in this process."""
    if not any(_HELD.values()):
        return False
    try:
        found = path.stat()
    except OSError:
        return False
    return _HELD[found.st_dev, found.st_ino] > 0
