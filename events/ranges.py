"""Many numbers, versions or positions, as runs of them; and which of them are undone."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Ranges = tuple[tuple[int, int], ...]
"""Numbers as the first and the last of every run of them, both inclusive, ascending."""
_MANY = 1_000_000
"""So many numbers are gone through one by one without a thought of how many of them are the same."""


def ranges_of(numbers: Iterable[int]) -> Ranges:
    """Return numbers, in any order, some perhaps twice, as runs."""
    runs: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][1] + 1:
            runs[-1] = runs[-1][0], number
        else:
            runs.append((number, number))
    return tuple(runs)


def together(ranges: Iterable[Iterable[int]]) -> Ranges:
    """Return runs of numbers, in any order, some perhaps in others, as runs that share none."""
    runs: list[tuple[int, int]] = []
    for first, last in sorted((first, last) for first, last in ranges):
        if runs and first <= runs[-1][1] + 1:
            runs[-1] = runs[-1][0], max(last, runs[-1][1])
        else:
            runs.append((first, last))
    return tuple(runs)


def numbers_of(ranges: Iterable[Iterable[int]]) -> Iterator[int]:
    """Yield the numbers of some runs."""
    for first, last in ranges:
        yield from range(first, last + 1)


def undone_by(undoings: Iterable[tuple[int, Iterable[Iterable[int]]]]) -> dict[int, int]:
    """Return which numbers are undone, each with that of the first event that undoes it and counts.

    However many events undo the same, as in a log that was forged, each number is gone through once.

    Args:
        undoings: the number of each undoing, in the order of the log, with the runs of numbers that it undoes: versions
            of one stream, or positions in the log.
    """
    # Of a sound log all of them stand before what undoes them.
    told = [(by, [(first, min(last, by - 1)) for first, last in ranges]) for by, ranges in undoings]
    if sum(last - first + 1 for _by, ranges in told for first, last in ranges) > _MANY:
        return _undone_by_many(told)
    undone: dict[int, int] = {}
    for by, ranges in reversed(told):
        if by not in undone:  # else it was undone itself, later
            undone.update(dict.fromkeys(numbers_of(ranges), by))
    return undone


def _undone_by_many(told: list[tuple[int, list[tuple[int, int]]]]) -> dict[int, int]:
    """Return the same without going through any number twice."""
    counting = []
    covered = _Covered()
    for by, ranges in reversed(told):
        if by not in covered:
            counting.append((by, ranges))
            for run in ranges:
                covered.add(*run)
    undone: dict[int, int] = {}
    covered = _Covered()
    for by, ranges in reversed(counting):
        for first, last in ranges:
            for gap in covered.add(first, last):
                undone.update(dict.fromkeys(range(*gap), by))
    return undone


class _Covered:
    """Numbers, kept as runs that do not touch: asked for any of them, and added to."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._ends: list[int] = []

    def __contains__(self, number: int) -> bool:
        """Return whether a number is one of them."""
        at = bisect_left(self._firsts, number + 1) - 1
        return at >= 0 and number < self._ends[at]

    def add(self, first: int, last: int) -> list[tuple[int, int]]:
        """Add the numbers of a run, and return those that are new: as runs, the end of each exclusive."""
        if first > last:
            return []
        end = last + 1
        begin, until = bisect_left(self._ends, first), bisect_left(self._firsts, end + 1)
        inside = list(zip(self._firsts[begin:until], self._ends[begin:until], strict=True))
        gaps, at = [], first
        for known_first, known_end in inside:
            if at < known_first:
                gaps.append((at, known_first))
            at = max(at, known_end)
        if at < end:
            gaps.append((at, end))
        self._firsts[begin:until] = [min([first, *(known for known, _end in inside[:1])])]
        self._ends[begin:until] = [max([end, *(known for _first, known in inside[-1:])])]
        return gaps
