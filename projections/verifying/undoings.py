"""What undoes others, held against the log: it names facts of its own stream before it that counted by then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import orjson
from attrs import define, field

from events.ranges import Ranges, numbers_of, ranges_of, undone_by
from events.streams import topics_of
from events.undoing import FactsUndone
from projections.verifying.problems import Problem, number

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_PLANTED = "it was planted; what it says must not be relied on"
_SELECT = (
    "SELECT originator_id, originator_version, position, state FROM store.stored_events "
    "WHERE topic = 'FactsUndone' ORDER BY position"
)
_STREAM = "SELECT originator_version, position, topic FROM store.stored_events WHERE originator_id = ?"
_NEVER = frozenset(topics_of("store", "commands", "publications", "rounds", "roles"))
_LEAST_NAMED, _TIMES_NAMED = 10_000, 50
"""How many events the undoings of a stream may name in all: so many, and so many times what the stream has."""
Named = tuple[int, int, Ranges, Ranges]
"""Version and position of an event that undoes others, and the versions and positions that it names."""


def undoing_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Yield the events that undo what cannot be undone; those that cannot be read, the pass over the log tells."""
    by_stream: dict[str, list[Named]] = {}
    for stream, version, position, state in connection.execute(_SELECT):
        named = _named(version, position, state)
        if named is not None:
            by_stream.setdefault(stream, []).append(named)
    for stream, undoings in by_stream.items():
        rows = {version: (position, topic) for version, position, topic in connection.execute(_STREAM, (stream,))}
        of_stream = _Stream(rows)
        for one in undoings:
            flaw = of_stream.flaw(one)
            if flaw:
                message = f"event {number(one[1])} ({FactsUndone.TOPIC}) {flaw}"
                yield Problem("order", one[1], one[1], message, _PLANTED)


def _named(version: Any, position: int, state: Any) -> Named | None:  # noqa: ANN401 - whatever is in the file
    """Return what an event says, where it is one."""
    try:
        body = orjson.loads(state)
        undoes, positions = (tuple(map(tuple, body[name])) for name in ("undoes", "positions"))
    except (ValueError, TypeError, KeyError):
        return None
    whole = all(len(run) == 2 and all(type(end) is int for end in run) for run in (*undoes, *positions))  # noqa: PLR2004
    return (version, position, undoes, positions) if whole and isinstance(version, int) else None


@define(slots=True)
class _Stream:
    """The undoings of one stream, gone through in their order.

    Attributes:
        rows: position and topic of its events, by version.
    """

    rows: Mapping[int, tuple[int, str]]
    _sound: list[tuple[int, Ranges]] = field(init=False, factory=list)
    _named: set[int] = field(init=False, factory=set)
    _undone: set[int] | None = field(init=False, factory=set)
    _left: int = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Allow for all that anybody would ever undo and undo anew; more would take a verification too long."""
        self._left = _LEAST_NAMED + _TIMES_NAMED * len(self.rows)

    def flaw(self, one: Named) -> str:
        """Return what is wrong with the next event that undoes others; empty where nothing is."""
        own, _position, undoes, positions = one
        if flaw := self._flaw_in_size(own, undoes):
            return flaw
        versions = list(numbers_of(undoes))
        if any(version not in self.rows or self.rows[version][1] in _NEVER for version in versions):
            return "undoes what cannot be undone"
        if ranges_of(self.rows[version][0] for version in versions) != positions:
            return "undoes other events than those at the positions that it names"
        if self._was_undone(versions):
            return "undoes what was undone before"
        self._take(own, undoes, versions)
        return ""

    def _flaw_in_size(self, own: int, undoes: Ranges) -> str:
        """Return why nobody should go through what an event names; empty where it can be gone through."""
        if any(last >= own for _first, last in undoes):
            return "undoes what does not stand before it"
        count = sum(max(0, last - first + 1) for first, last in undoes)
        if count > len(self.rows):
            return "undoes what cannot be undone"
        self._left -= count
        return "" if self._left >= 0 else "undoes the same over and over, more often than anybody would"

    def _was_undone(self, versions: list[int]) -> bool:
        """Return whether any of some versions is undone by now; what nobody named is not."""
        if self._named.isdisjoint(versions):
            return False
        if self._undone is None:
            self._undone = set(undone_by(self._sound))
        return not self._undone.isdisjoint(versions)

    def _take(self, own: int, undoes: Ranges, versions: list[int]) -> None:
        self._sound.append((own, undoes))
        self._named.update(versions)
        if any(self.rows[version][1] == FactsUndone.TOPIC for version in versions):
            self._undone = None  # what these had undone counts again: to be worked out anew, if it is asked for
        elif self._undone is not None:
            self._undone.update(versions)
