"""Undoing: facts that were recorded are said to hold no longer, as if they had not been; in the stream of each."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of

from events.base import Event, required

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from attrs import Attribute

Ranges = tuple[tuple[int, int], ...]
"""Numbers as the first and the last of every run of them, both inclusive, ascending."""


def _is_ranges(_event: Event, attribute: Attribute[Ranges], value: Ranges) -> None:
    ends = [number for run in value for number in run]
    whole = all(len(run) == 2 for run in value)  # noqa: PLR2004 - the first and the last
    apart = all(before[1] < after[0] for before, after in pairwise(value))
    if not value or not whole or ends[0] < 1 or not apart or any(first > last for first, last in value):
        raise ValueError(f"{attribute.name} must be runs of numbers that ascend, not {value!r}")


_ranges = [
    deep_iterable(deep_iterable(instance_of(int), instance_of(tuple)), instance_of(tuple)),
    _is_ranges,
]


@frozen(slots=True, kw_only=True)
class FactsUndone(Event):
    """Earlier events of a stream count nowhere any more, as if they had not been recorded; `reason` says why.

    It may name an earlier event of its own kind, which then undoes nothing: what that undid counts again. `effective`
    spans what the undone events are about.

    Attributes:
        stream: the natural key of the stream, such as `unit-year/4160/2020` (see `events.streams`).
        undoes: which events, by their versions in the stream.
        positions: the same events, by their positions in the log.
    """

    TOPIC: ClassVar[str] = "FactsUndone"

    stream: str = field(validator=required)
    undoes: Ranges = field(validator=_ranges)
    positions: Ranges = field(validator=_ranges)
    reason: str = field(validator=required)


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
            undone.update(dict.fromkeys(numbers_of(ranges), by))
    return undone
