"""Many numbers, versions or positions, as runs of them; and which of them are undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Ranges = tuple[tuple[int, int], ...]
"""Numbers as the first and the last of every run of them, both inclusive, ascending."""


def ranges_of(numbers: Iterable[int]) -> Ranges:
    """Return numbers, in any order, some perhaps twice, as runs."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return tuple(runs)


def numbers_of(ranges: Iterable[Iterable[int]]) -> Iterator[int]:
    """Yield the numbers of some runs."""
    for first, last in ranges:
        yield from range(first, last + 1)


def undone_by(undoings: Iterable[tuple[int, Iterable[Iterable[int]]]]) -> dict[int, int]:
    """Return which numbers are undone, each with that of the event that undoes it.

    Args:
        undoings: the number of each undoing, in the order of the log, with the runs of numbers that it undoes: versions
            of one stream, or positions in the log.
    """
    undone: dict[int, int] = {}
    for by, ranges in reversed(list(undoings)):
        if by not in undone:  # else it was undone itself, later
            before = ((first, min(last, by - 1)) for first, last in ranges)  # as of a sound log it always is
            undone.update(dict.fromkeys(numbers_of(before), by))
    return undone
