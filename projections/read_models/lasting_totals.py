"""Running totals that outlast a moment: what a server read, and looked at, for one page serves the next ones.

They are believed for as long as nothing was recorded that moves them, which the log itself is asked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import frozen

from projections.read_models.running_totals import PRESENT, RunningTotals

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader

MOST_SINCE = 500
"""So many events are looked at that were recorded since; after more of them the totals are read again."""
MOST_BLOCKS = 16
"""Totals of so many measures and fiscal years are kept."""
_MOVING = RunningTotals().topics


@frozen(slots=True, eq=False, repr=False)
class Block:
    """The totals of a measure and fiscal year, as they were read and looked at. Never changed.

    Attributes:
        months: up to whose ends there are sums, in the order of the rows' last values.
        by_unit: the rows: whether of details, unit, line, what is left of the mark, first month, months booked, sums.
        lines: the lines with any posting.
        booked: the units with any, and the months, as bits, of their ordinary ones.
    """

    months: tuple[int, ...]
    by_unit: Mapping[str, list[tuple[Any, ...]]]
    lines: frozenset[str]
    booked: Mapping[str, int]


@frozen(slots=True, eq=False, repr=False)
class _Lasting:
    """A block with what tells that it holds.

    Attributes:
        block: what was read.
        position, leaf: of the last event then; so that another log in its place is known.
        check: how many rows there were, and the sum of their marks.
    """

    block: Block
    position: int
    leaf: bytes
    check: list[int] | None


def lasting_block(reader: LogReader, key: tuple[str, int]) -> Block | None:
    """Return the totals of a measure and fiscal year that were read for an earlier moment, where they hold still."""
    kept = None if reader.lasting is None or reader.apart is not None else reader.lasting.get(key)
    if kept is None or not _holds(reader, key, kept):
        return None
    if reader.moment != kept.position:
        keep_block(reader, key, kept.block)
    block: Block = kept.block
    return block


def keep_block(reader: LogReader, key: tuple[str, int], block: Block) -> None:
    """Keep totals for later moments, where the reader's user wants that."""
    if reader.lasting is None or reader.apart is not None:
        return
    if not reader.moment or reader.row_at(reader.moment) is None:  # there is nothing to know this log by
        return
    reader.lasting.pop(key, None)
    reader.lasting[key] = _Lasting(block, reader.moment, reader.leaf_hash(reader.moment), _check(reader, key))
    for oldest in list(reader.lasting)[:-MOST_BLOCKS]:
        reader.lasting.pop(oldest, None)


def _holds(reader: LogReader, key: tuple[str, int], kept: _Lasting) -> bool:
    """Return whether nothing that moves totals was recorded in this log since they were read."""
    now = reader.moment or 0
    if not kept.position <= now <= kept.position + MOST_SINCE or kept.check != _check(reader, key):
        return False
    if reader.row_at(kept.position) is None or reader.leaf_hash(kept.position) != kept.leaf:
        return False
    return all(row[3] not in _MOVING for row in reader.rows(kept.position, now))


def _check(reader: LogReader, key: tuple[str, int]) -> list[int] | None:
    found: list[int] | None = reader.kept["checks"].get("totals", {}).get(f"rm_totals {PRESENT} {key[0]} {key[1]}")
    return None if found is None else list(found)
