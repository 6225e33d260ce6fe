"""Merkle proofs are those of RFC 6962, checked by the RFC's own example and by another program; no lie passes."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from heinola_es.store.merkle import node_hash
from heinola_es.store.proofs import (
    consistency_path,
    inclusion_path,
    proves_consistency,
    proves_inclusion,
    tree_root,
)

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

SIZES = [*range(1, 34), 63, 64, 65, 100]
Path = list[bytes]


def data(number: int) -> bytes:
    """Return the data of some entry."""
    return b"entry %d" % number


def leaves_of(size: int, first: int = 0) -> list[bytes]:
    """Return the leaf hashes of as many entries."""
    return [sha256(b"\x00" + data(number)).digest() for number in range(first, first + size)]


def oracle(size: int) -> InmemoryTree:
    """Return the same tree, grown by another program."""
    tree = InmemoryTree(algorithm="sha256")
    for number in range(size):
        tree.append_entry(data(number))
    return tree


def oracle_path(proof: object) -> Path:
    """Return the hashes of a proof of pymerkle."""
    return [bytes.fromhex(sibling) for sibling in proof.serialize()["path"]]  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", SIZES)
def test_an_inclusion_path_is_that_of_another_program(size: int) -> None:
    """For every leaf of a tree, our path is that of pymerkle (which begins with the leaf itself), and it holds."""
    leaves, tree = leaves_of(size), oracle(size)
    root = tree.get_root(size)
    assert tree_root(leaves) == root
    for index, leaf in enumerate(leaves):
        path = inclusion_path(leaves, index)
        assert [leaf, *path] == oracle_path(tree.prove_inclusion(index + 1, size))
        assert proves_inclusion(leaf, index, size, path, root)


def rfc_proof(old: int, leaves: list[bytes], *, whole: bool = True) -> Path:
    """Return the consistency proof as RFC 6962, section 2.1.2, defines it (SUBPROOF)."""
    if old == len(leaves):
        return [] if whole else [tree_root(leaves)]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    if old <= half:
        return [*rfc_proof(old, leaves[:half], whole=whole), tree_root(leaves[half:])]
    return [*rfc_proof(old - half, leaves[half:], whole=False), tree_root(leaves[:half])]


@pytest.mark.parametrize("size", SIZES)
def test_a_consistency_path_is_that_of_the_rfc(size: int) -> None:
    """For every earlier size, our path is the one that the RFC defines, and joins the roots of another program."""
    leaves, tree = leaves_of(size), oracle(size)
    for old in range(1, size + 1):
        path = consistency_path(leaves, old)
        assert path == rfc_proof(old, leaves)
        assert proves_consistency(old, tree.get_root(old), size, tree.get_root(size), path)


def test_the_example_of_the_rfc() -> None:
    """RFC 6962, 2.1.3: the paths and proofs of the tree of seven leaves are those of the text."""
    d = leaves_of(7)
    a, b, c, _, _, f, j = d
    g, h, i = node_hash(a, b), node_hash(c, d[3]), node_hash(d[4], f)
    k, l = node_hash(g, h), node_hash(i, j)  # noqa: E741 - the names of the RFC
    assert tree_root(d) == node_hash(k, l)
    assert inclusion_path(d, 0) == [b, h, l]
    assert inclusion_path(d, 3) == [c, g, l]
    assert inclusion_path(d, 4) == [f, j, k]
    assert inclusion_path(d, 6) == [i, k]
    assert consistency_path(d, 3) == [c, d[3], g, l]
    assert consistency_path(d, 4) == [l]
    assert consistency_path(d, 6) == [i, j, k]


def lies_about(path: Path, other: bytes) -> Iterator[tuple[str, Path]]:
    """Yield every way to spoil a path: a wrong hash at every place, one lost, one added, two exchanged."""
    for at, sibling in enumerate(path):
        flipped = bytes([sibling[0] ^ 1]) + sibling[1:]
        yield f"bit flipped at {at}", [*path[:at], flipped, *path[at + 1 :]]
        yield f"foreign hash at {at}", [*path[:at], other, *path[at + 1 :]]
        yield f"cut at {at}", path[:at]
        yield f"lost at {at}", [*path[:at], *path[at + 1 :]]
        if path[at : at + 2] != path[at : at + 2][::-1]:
            yield f"exchanged at {at}", [*path[:at], *path[at : at + 2][::-1], *path[at + 2 :]]
    for at in range(len(path) + 1):
        yield f"added at {at}", [*path[:at], other, *path[at:]]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 33])
def test_no_false_inclusion_passes(size: int) -> None:
    """A spoilt path, another leaf, index, size or root: none leads to the root, in every variant and for every leaf."""
    leaves = leaves_of(size)
    root, foreign = tree_root(leaves), sha256(b"foreign").digest()
    tried = 0
    for index, leaf in enumerate(leaves):
        path = inclusion_path(leaves, index)
        for what, lie in lies_about(path, foreign):
            tried += 1
            assert not proves_inclusion(leaf, index, size, lie, root), what
        assert not proves_inclusion(foreign, index, size, path, root)
        assert not proves_inclusion(leaf, index, size, path, foreign)
        for other in {-1, *range(size + 2)} - {index}:
            assert not proves_inclusion(leaf, other, size, path, root), f"index {other}"
    assert tried >= size


def test_an_inner_node_is_no_event() -> None:
    """The hash of an inner node cannot be passed off as a leaf: leaves and nodes are hashed apart (RFC 6962, 2.1)."""
    leaves = leaves_of(4)
    inner = node_hash(leaves[0], leaves[1])
    as_data = sha256(b"\x00" + leaves[0] + leaves[1]).digest()
    assert as_data != inner
    assert not proves_inclusion(as_data, 0, 2, [node_hash(leaves[2], leaves[3])], tree_root(leaves))


@pytest.mark.parametrize("size", [2, 3, 7, 8, 13, 33])
def test_no_false_consistency_passes(size: int) -> None:
    """A spoilt path, another size, or a log whose beginning was rewritten: none is taken for a continuation."""
    leaves = leaves_of(size)
    root, foreign = tree_root(leaves), sha256(b"foreign").digest()
    for old in range(1, size):
        old_root, path = tree_root(leaves[:old]), consistency_path(leaves, old)
        for what, lie in lies_about(path, foreign):
            assert not proves_consistency(old, old_root, size, root, lie), what
        for other in {*range(size + 3)} - {old}:
            assert not proves_consistency(other, old_root, size, root, path), f"old size {other}"
        assert not proves_consistency(old, foreign, size, root, path)
        assert not proves_consistency(old, old_root, size, foreign, path)
        rewritten = [foreign, *leaves[1:]]
        assert not proves_consistency(old, old_root, size, tree_root(rewritten), consistency_path(rewritten, old))


def test_equal_sizes_are_consistent_only_with_equal_roots() -> None:
    """Two histories of one length are told apart without any path; a path that should be empty is refused."""
    ours, theirs = tree_root(leaves_of(5)), tree_root(leaves_of(5, first=1))
    assert proves_consistency(5, ours, 5, ours, [])
    assert not proves_consistency(5, ours, 5, theirs, [])
    assert not proves_consistency(5, ours, 5, ours, [ours])


@for_all(st.integers(1, 200), st.randoms(use_true_random=False))
def test_every_honest_proof_holds(size: int, chance: random.Random) -> None:
    """For any tree, any of its leaves and any of its beginnings, the proof that is made is the proof that is taken."""
    leaves = leaves_of(size)
    root, index, old = tree_root(leaves), chance.randrange(size), chance.randint(1, size)
    assert proves_inclusion(leaves[index], index, size, inclusion_path(leaves, index), root)
    assert proves_consistency(old, tree_root(leaves[:old]), size, root, consistency_path(leaves, old))


def test_what_is_not_there_is_not_proved() -> None:
    """There is no path from a leaf beyond the tree, nor from a tree that is larger than the log."""
    with pytest.raises(IndexError, match="leaf 3 is not among 3"):
        inclusion_path(leaves_of(3), 3)
    with pytest.raises(IndexError, match="a tree of 4 is not among the beginnings of one of 3"):
        consistency_path(leaves_of(3), 4)
