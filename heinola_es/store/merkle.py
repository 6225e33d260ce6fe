"""The Merkle tree over the log (RFC 6962, section 2.1), kept as a frontier so that appending needs no old leaf.

A leaf is one event: its stream, version, topic and stored body. The frontier holds the roots of the complete
subtrees, largest first: one for every 1 in the binary form of the tree's size.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

HASH_BYTES = 32
EMPTY_ROOT = sha256(b"").digest()


def leaf_hash(stream: str, version: int, topic: str, body: bytes) -> bytes:
    """Return the RFC 6962 leaf hash of an event; a zero byte keeps its parts apart."""
    return sha256(b"\x00%b\x00%d\x00%b\x00%b" % (stream.encode(), version, topic.encode(), body)).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the RFC 6962 hash of an inner node."""
    return sha256(b"\x01" + left + right).digest()


def append_leaves(size: int, frontier: list[bytes], leaves: Iterable[bytes]) -> int:
    """Append leaf hashes to the frontier of a tree of `size` leaves, in place; return the new size.

    As many as make a complete subtree in their place are taken together.
    """
    left, at = list(leaves), 0
    while at < len(left):
        fitting = 1 << (len(left) - at).bit_length() - 1
        number = min(fitting, size & -size) if size else fitting
        node, remaining = complete_root(left[at : at + number]), size // number
        while remaining & 1:  # two complete subtrees of one height become one of the next
            node = node_hash(frontier.pop(), node)
            remaining >>= 1
        frontier.append(node)
        size, at = size + number, at + number
    return size


def complete_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over a power of two of leaf hashes, level by level, which is quicker than one leaf at a time."""
    while len(leaves) > 1:
        leaves = [
            sha256(b"\x01" + left + right).digest() for left, right in zip(leaves[::2], leaves[1::2], strict=True)
        ]
    return leaves[0]


def root_of(frontier: list[bytes]) -> bytes:
    """Return the root of the tree with this frontier."""
    if not frontier:
        return EMPTY_ROOT
    *higher, root = frontier
    for subtree in reversed(higher):
        root = node_hash(subtree, root)
    return root


def pack_frontier(frontier: list[bytes]) -> bytes:
    """Return the frontier as one stored value."""
    return b"".join(frontier)


def unpack_frontier(packed: bytes) -> list[bytes]:
    """Return the frontier that `pack_frontier` stored."""
    return [packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES)]
