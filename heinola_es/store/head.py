"""The head of the log's Merkle tree: how many events there are, and the root over all of them."""

from __future__ import annotations

from attrs import frozen

from events.value_object import ValueObject
from heinola_es.store.merkle import EMPTY_ROOT


@frozen(slots=True, eq=False, repr=False)
class TreeHead(ValueObject):
    """The one row that moves with every append.

    Attributes:
        size: number of events, which is the position of the last.
        root: RFC 6962 root over all leaves.
        frontier: roots of the complete subtrees, largest first.
        recorded: the instant of the last event, as stored text; empty in an empty log.
    """

    size: int
    root: bytes
    frontier: list[bytes]
    recorded: str


EMPTY_HEAD = TreeHead(0, EMPTY_ROOT, [], "")
"""The head of a log without events."""
