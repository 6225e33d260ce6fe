"""The leaf hashes as stored, and the roots of the log's tree at any of its sizes."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from heinola_es.store.merkle import append_leaves, root_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heinola_es.store.reading import LogReader


def leaf_hashes(reader: LogReader, size: int) -> Iterator[bytes]:
    """Yield the stored leaf hashes of the first `size` events, in order."""
    rows = reader.connection.execute(
        "SELECT leaf_hash FROM stored_events WHERE position <= ? ORDER BY position", (size,)
    )
    return (leaf for (leaf,) in rows)


def roots_at(leaves: Iterable[bytes], sizes: Iterable[int]) -> dict[int, bytes]:
    """Return the root of the tree at each of the sizes, in one pass; sizes beyond the last leaf are left out."""
    waiting = iter(leaves)
    frontier: list[bytes] = []
    roots: dict[int, bytes] = {}
    size = 0
    for wanted in sorted(set(sizes)):
        size = append_leaves(size, frontier, islice(waiting, wanted - size))
        if size < wanted:
            break
        roots[wanted] = root_of(frontier)
    return roots
