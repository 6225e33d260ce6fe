"""What an append adds, worked out before the database is told: the rows, and the head of the tree over them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from heinola_es.store.head import TreeHead
from heinola_es.store.merkle import append_leaves, leaf_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eventsourcing.persistence import StoredEvent

LogRow = tuple[int, str, int, str, bytes, bytes]
"""Position, stream (hex), version, topic, stored body and leaf hash of an event."""


def appended(head: TreeHead, events: Sequence[StoredEvent], recorded: str) -> tuple[list[LogRow], TreeHead]:
    """Return the rows that events become at the end of a log with this head, and the head that it then has.

    Raises:
        ValueError: they were recorded before the last event of the log.
    """
    if recorded < head.recorded:
        raise ValueError(f"recorded at {recorded}, before the last event of the log ({head.recorded})")
    rows = [_row(position, event) for position, event in enumerate(events, head.size + 1)]
    frontier = list(head.frontier)
    size = append_leaves(head.size, frontier, (row[-1] for row in rows))
    return rows, TreeHead(size, root_of(frontier), frontier, recorded)


def _row(position: int, event: StoredEvent) -> LogRow:
    stream = event.originator_id.hex if isinstance(event.originator_id, UUID) else event.originator_id
    leaf = leaf_hash(stream, event.originator_version, event.topic, event.state)
    return position, stream, event.originator_version, event.topic, event.state, leaf
