"""Merkle proofs: one event is in the log, and one log continues another.

Made as RFC 6962 2.1.1 and 2.1.2 say, and checked as RFC 9162 2.1.3.2 and 2.1.4.2 say.
Both are worked out from the leaf hashes, and checked from the proof and the roots alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.store.merkle import EMPTY_ROOT, append_leaves, node_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Sequence


def tree_root(leaves: Sequence[bytes]) -> bytes:
    """Return the root of the tree over these leaf hashes."""
    frontier: list[bytes] = []
    append_leaves(0, frontier, leaves)
    return root_of(frontier)


def inclusion_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` (from 0) to the root over all of `leaves`, lowest first.

    Raises:
        IndexError: there is no such leaf.
    """
    if not 0 <= index < len(leaves):
        raise IndexError(f"leaf {index} is not among {len(leaves)}")
    low, high = 0, len(leaves)
    path: list[bytes] = []
    while high - low > 1:
        middle = low + _largest_power_below(high - low)
        if index < middle:
            path.append(tree_root(leaves[middle:high]))
            high = middle
        else:
            path.append(tree_root(leaves[low:middle]))
            low = middle
    return path[::-1]


def proves_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Return whether `path` leads from a leaf at `index` (from 0) to the root of a tree of `size` leaves, exactly."""
    if not 0 <= index < size:
        return False
    node, position, last = leaf, index, size - 1
    for sibling in path:
        if last == 0:  # the root was reached, and the path goes on
            return False
        if position & 1 or position == last:
            node = node_hash(sibling, node)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            node = node_hash(node, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and node == root


def consistency_path(leaves: Sequence[bytes], old_size: int) -> list[bytes]:
    """Return the hashes that show that the tree over `leaves` continues the one over its first `old_size` leaves.

    Raises:
        IndexError: the old tree is larger than the new one, or empty.
    """
    if not 0 < old_size <= len(leaves):
        raise IndexError(f"a tree of {old_size} is not among the beginnings of one of {len(leaves)}")
    return _subproof(leaves, 0, len(leaves), old_size, whole=True)


def proves_consistency(old_size: int, old_root: bytes, new_size: int, new_root: bytes, path: Sequence[bytes]) -> bool:
    """Return whether `path` shows that the new tree begins with all the leaves of the old one, in order."""
    if old_size == new_size:
        return not path and old_root == new_root
    if not 0 < old_size < new_size:
        return old_size == 0 and not path and old_root == EMPTY_ROOT
    steps = list(path)
    if old_size & (old_size - 1) == 0:  # the old root is a subtree of the new tree, so the path leaves it out
        steps.insert(0, old_root)
    if not steps:
        return False
    position, last = old_size - 1, new_size - 1
    while position & 1:
        position, last = position >> 1, last >> 1
    old, new = steps[0], steps[0]
    for sibling in steps[1:]:
        if last == 0:
            return False
        if position & 1 or position == last:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
            while position and not position & 1:
                position, last = position >> 1, last >> 1
        else:
            new = node_hash(new, sibling)
        position, last = position >> 1, last >> 1
    return last == 0 and old == old_root and new == new_root


def _subproof(leaves: Sequence[bytes], low: int, high: int, old_size: int, *, whole: bool) -> list[bytes]:
    """RFC 6962's SUBPROOF over `leaves[low:high]`; `whole` while the old tree's root is still part of the question."""
    size = high - low
    if old_size == size:
        return [] if whole else [tree_root(leaves[low:high])]
    middle = _largest_power_below(size)
    if old_size <= middle:
        left = _subproof(leaves, low, low + middle, old_size, whole=whole)
        return [*left, tree_root(leaves[low + middle : high])]
    right = _subproof(leaves, low + middle, high, old_size - middle, whole=False)
    return [*right, tree_root(leaves[low : low + middle])]


def _largest_power_below(size: int) -> int:
    """Return the largest power of two smaller than `size` (which is at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)
