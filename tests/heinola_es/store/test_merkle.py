"""The Merkle tree over the log is that of RFC 6962: checked by the text of the RFC and by another program."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store.log import Request
from heinola_es.store.merkle import (
    EMPTY_ROOT,
    append_leaves,
    leaf_hash,
    node_hash,
    pack_frontier,
    root_of,
    unpack_frontier,
)
from heinola_es.store.reading import LogReader
from tests.city import FOUNDED
from tests.specification import NOW

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

SIZES = [*range(70), 127, 128, 129, 255, 256, 257, 1000]


def entry(number: int) -> tuple[str, int, str, bytes]:
    """Return the parts of some event."""
    return f"{number:032x}", number + 1, "ActualPosted", b'{"amount_cents":%d}' % number


def data_of(stream: str, version: int, topic: str, body: bytes) -> bytes:
    """Return what is hashed of an event: its parts with a zero byte between them."""
    return b"\0".join([stream.encode(), str(version).encode(), topic.encode(), body])


def rfc_root(entries: list[bytes]) -> bytes:
    """Return the Merkle Tree Hash as RFC 6962, section 2.1, defines it."""
    if not entries:
        return sha256().digest()
    if len(entries) == 1:
        return sha256(b"\x00" + entries[0]).digest()
    half = 1
    while half * 2 < len(entries):
        half *= 2
    return sha256(b"\x01" + rfc_root(entries[:half]) + rfc_root(entries[half:])).digest()


@pytest.mark.parametrize("size", SIZES)
def test_the_root_is_that_of_the_rfc(size: int) -> None:
    """Our frontier, the recursive definition and pymerkle give one root."""
    frontier: list[bytes] = []
    assert append_leaves(0, frontier, (leaf_hash(*entry(number)) for number in range(size))) == size
    entries = [data_of(*entry(number)) for number in range(size)]
    assert root_of(frontier) == rfc_root(entries)
    oracle = InmemoryTree(algorithm="sha256")
    for data in entries:
        oracle.append_entry(data)
    assert root_of(frontier) == (oracle.get_root() if size else EMPTY_ROOT)


@for_all(st.lists(st.integers(0, 40), max_size=6))
def test_it_makes_no_difference_how_leaves_came(batches: list[int]) -> None:
    """Appended one by one or in batches, with the frontier stored in between, the tree is the same."""
    leaves = [leaf_hash(*entry(number)) for number in range(sum(batches))]
    at_once: list[bytes] = []
    append_leaves(0, at_once, leaves)
    frontier: list[bytes] = []
    size = 0
    for batch in batches:
        frontier = unpack_frontier(pack_frontier(frontier))
        size = append_leaves(size, frontier, leaves[size : size + batch])
    assert (size, frontier) == (len(leaves), at_once)
    assert len(frontier) == size.bit_count()


def test_the_tree_of_nothing() -> None:
    """The root of an empty log is the hash of the empty string."""
    assert root_of([]) == EMPTY_ROOT == sha256(b"").digest()


@pytest.mark.parametrize(
    "other",
    [
        ("b" * 32, 1, "UnitClosed", b"{}"),
        ("a" * 32, 2, "UnitClosed", b"{}"),
        ("a" * 32, 1, "UnitMoved", b"{}"),
        ("a" * 32, 1, "UnitClosed", b"{ }"),
        ("a" * 32, 11, "nitClosed", b"{}"),
        ("a" * 32, 1, "UnitClosed{", b"}"),
    ],
    ids=["stream", "version", "topic", "body", "digit slipped", "byte slipped"],
)
def test_every_part_of_an_event_is_hashed(other: tuple[str, int, str, bytes]) -> None:
    """A change of any part changes the leaf, and no part can be stretched into the next."""
    assert leaf_hash("a" * 32, 1, "UnitClosed", b"{}") != leaf_hash(*other)


def test_a_leaf_is_no_node() -> None:
    """Leaves and nodes are hashed apart, so that no node passes for an event."""
    left, right = leaf_hash(*entry(1)), leaf_hash(*entry(2))
    assert node_hash(left, right) != sha256(b"\x00" + left + right).digest()
    assert node_hash(left, right) != node_hash(right, left)


def test_the_head_of_a_store_is_over_its_stored_rows(store: EventLog) -> None:
    """After every command size, root and each row's leaf hash are those of the bytes in the database."""
    for number in range(5):
        name = f"Lukio {number}"
        run(store, NOW, Request("controller"), lambda session, name=name: rename_unit(session, "4160", FOUNDED, name))  # type: ignore[misc]
        with LogReader.open(store.location) as reader:
            entries = [data_of(*row[1:]) for row in reader.rows(0, reader.size())]
            leaves = reader.connection.execute("SELECT leaf_hash FROM stored_events ORDER BY position").fetchall()
            (root,) = reader.connection.execute("SELECT root FROM tree_head").fetchone()
        assert len(entries) == 14 + number + 1
        assert root == rfc_root(entries)
        assert [leaf for (leaf,) in leaves] == [sha256(b"\x00" + data).digest() for data in entries]
