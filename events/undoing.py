"""Undoing: facts that were recorded are said to hold no longer, as if they had not been; in the stream of each."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of

from events.base import Event, required
from events.ranges import Ranges

if TYPE_CHECKING:
    from attrs import Attribute


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


@frozen(slots=True, kw_only=True, eq=False, repr=False)
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
