"""The pass over the log takes rows in batches, which a slow and obvious reading must bear out, whatever their size."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from heinola_es.store.leaves import roots_at
from heinola_es.store.merkle import complete_root, node_hash
from heinola_es.store.proofs import tree_root
from projections.verifying.log_pass import BATCH, LogPass, pass_over

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projections.audit.conftest import PublishedStore

BATCHES = (1, 2, 4, 8, 64, BATCH, 1 << 13)


def passed(path: Path, batch: int, sizes: list[int]) -> LogPass:
    """Return what a pass over a store finds, with batches of a size."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("ATTACH ? AS store", (str(path),))
        return pass_over(connection, sizes, batch=batch)


def stored_leaves(path: Path) -> list[bytes]:
    """Return the leaf hashes of a store."""
    with closing(sqlite3.connect(path)) as connection:
        return [leaf for (leaf,) in connection.execute("SELECT leaf_hash FROM stored_events ORDER BY position")]


@pytest.mark.parametrize("batch", BATCHES)
def test_batches_of_any_size_find_the_same(published_once: PublishedStore, batch: int) -> None:
    """Roots at every size, the frontier, the last instant: as one leaf at a time gives them."""
    leaves = stored_leaves(published_once.path)
    sizes = [*range(0, len(leaves), 7), len(leaves)]
    found = passed(published_once.path, batch, sizes)
    assert found.roots == roots_at(leaves, sizes)
    assert (found.size, found.last) == (len(leaves), len(leaves))
    assert [found.changed, found.misplaced, found.unordered, found.unreadable, found.estranged] == [[], [], [], {}, []]


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("column", ["state", "originator_id", "topic", "leaf_hash", "originator_version"])
def test_batches_of_any_size_name_the_same_events(
    published_once: PublishedStore, tmp_path: Path, batch: int, column: str
) -> None:
    """What one event's column was changed to is found where it is, in a full batch as in a part of one."""
    path = tmp_path / "changed.db"
    path.write_bytes(published_once.path.read_bytes())
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DROP TRIGGER stored_events_UPDATE")
        new = {
            "originator_version": "originator_version + 1000",
            "leaf_hash": "zeroblob(32)",
            "state": "CAST('{}' AS BLOB)",
        }
        change = new.get(column, f"replace({column}, substr({column}, 3, 1), 'x')")
        connection.execute(f"UPDATE stored_events SET {column} = {change} WHERE position = 300")
    assert 300 in passed(path, batch, []).changed


@for_all(st.integers(0, 6), st.data())
def test_a_full_batch_is_a_subtree(height: int, data: st.DataObject) -> None:
    """Level by level gives the root that the recursive definition gives; exchanging two leaves gives another."""
    leaves = data.draw(
        st.lists(st.binary(min_size=32, max_size=32), min_size=1 << height, max_size=1 << height, unique=True)
    )
    assert complete_root(leaves) == tree_root(leaves)
    if height:
        assert complete_root(leaves[::-1]) != complete_root(leaves)


def test_left_and_right_are_told_apart() -> None:
    """The root over two leaves is that of the left one before the right one."""
    left, right = b"l" * 32, b"r" * 32
    assert complete_root([left, right]) == node_hash(left, right) != node_hash(right, left)
