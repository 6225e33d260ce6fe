"""Reading the log as if some of its events were not in it: those that were undone, or that a question leaves out.

What an event made a report say is what it does not say without it. Leaving out an event that undid others lets these
count again.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple

import orjson
from attrs import field, frozen

from events.ranges import numbers_of, together, undone_by
from events.value_object import ValueObject
from heinola_es.domain.value_rule.facts import ACTUAL, BUDGET
from projections.read_models.blocks import block_rows
from projections.read_models.models import UNDONE
from projections.read_models.moment import one_moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.ranges import Ranges
    from heinola_es.store.reading import LogReader

_KEY = "left out"
_MOST = 20
"""So many sets of what is left out are kept with what was undone."""


@frozen(slots=True, eq=False, repr=False)
class LeftOut(ValueObject):
    """Events that are left out.

    Attributes:
        positions: of all of them.
        units: those with postings among them, or perhaps, by measure and fiscal year.
    """

    positions: frozenset[int] = frozenset()
    units: dict[tuple[str, int], frozenset[str]] = field(factory=dict)


NOTHING = LeftOut()


class Undoing(NamedTuple):
    """An event that undid others.

    Attributes:
        position: of it.
        stream: the natural key of their stream.
        positions: of the others.
    """

    position: int
    stream: str
    positions: Ranges

    @property
    def subject(self) -> str:
        """The unit or the project whose facts it undid; the digest of a file's content where it is an import."""
        kind, _, rest = self.stream.partition("/")
        return rest.rpartition("/")[0] if kind == "unit-year" else rest

    @property
    def postings(self) -> tuple[tuple[str, int], ...]:
        """The measures and the fiscal year of the postings that may be among what it undid."""
        if not self.stream.startswith("unit-year/"):
            return ()
        year = int(self.stream.rpartition("/")[2])
        return (ACTUAL, year), (BUDGET, year)


@contextmanager
def without(reader: LogReader, events: LeftOut) -> Iterator[None]:
    """Let everything that is asked in the moment be answered as if some events were not in the log."""
    before = reader.kept.get(_KEY, NOTHING)
    reader.kept[_KEY] = events
    try:
        yield
    finally:
        reader.kept[_KEY] = before


def left_out(reader: LogReader, upto: int) -> LeftOut:
    """Return the events that are left out of what is read as known at a position: undone by then, or not asked for."""
    events: LeftOut = reader.kept.get(_KEY, NOTHING)
    found = undoings(reader)
    if not found:
        return events
    known: dict[tuple[int, frozenset[int]], LeftOut] = reader.kept.setdefault("left out with undone", {})
    key = min(upto, found[-1].position), events.positions
    if key not in known:
        if len(known) >= _MOST:
            known.clear()
        by_then = [one for one in found if one.position <= upto and one.position not in events.positions]
        known[key] = _together(events, by_then)
    return known[key]


def leaves_out(reader: LogReader) -> bool:
    """Return whether it is asked what would be without some events, besides those that were undone."""
    return reader.kept.get(_KEY, NOTHING) is not NOTHING


def undoings(reader: LogReader) -> list[Undoing]:
    """Return every event that undid others, undone itself or not, in the order of the log."""
    with one_moment(reader):
        known: list[Undoing] | None = reader.kept.get("undoings")
        if known is None:
            rows = block_rows(reader, UNDONE)
            known = [Undoing(at, key, _before(at, told)) for at, key, told in rows]
            reader.require_there((one.position, one.positions) for one in known)
            reader.kept["undoings"] = known
        return known


def _before(position: int, told: str) -> Ranges:
    """Return the positions that an event undid, none beyond itself: nobody counts up to what a forged one says."""
    runs = ((first, min(last, position - 1)) for first, last in orjson.loads(told))
    return tuple((first, last) for first, last in runs if first <= last)


def undone(reader: LogReader, upto: int) -> dict[int, int]:
    """Return the positions of what was undone by a position, each with that of the event that undid it."""
    return undone_by((one.position, one.positions) for one in undoings(reader) if one.position <= upto)


def left_out_by(undoings: Iterable[Undoing]) -> LeftOut:
    """Return what some events leave out, if none of them is undone itself."""
    undoings = list(undoings)
    units: dict[tuple[str, int], set[str]] = defaultdict(set)
    for one in undoings:
        for key in one.postings:
            units[key].add(one.subject)
    positions = frozenset(numbers_of(together(run for one in undoings for run in one.positions)))
    return LeftOut(positions, {key: frozenset(codes) for key, codes in units.items()})


def _together(events: LeftOut, found: Sequence[Undoing]) -> LeftOut:
    """Return what is left out with what some events undid, as far as they are not undone themselves."""
    undone = undone_by((one.position, one.positions) for one in found)
    base = left_out_by(one for one in found if one.position not in undone)
    units = {key: base.units.get(key, frozenset()) | codes for key, codes in events.units.items()}
    return LeftOut(events.positions | undone.keys(), base.units | units)
