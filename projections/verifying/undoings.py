"""What undoes others, held against the log: it names facts of its own stream before it that counted by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from events.ranges import Ranges, numbers_of, ranges_of, undone_by
from events.streams import topics_of
from events.undoing import FactsUndone
from projections.verifying.problems import Problem, number

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

_PLANTED = "it was planted; what it says must not be relied on"
_SELECT = (
    "SELECT originator_id, originator_version, position, state FROM store.stored_events "
    "WHERE topic = 'FactsUndone' ORDER BY position"
)
_STREAM = "SELECT originator_version, position, topic FROM store.stored_events WHERE originator_id = ?"
_NEVER = frozenset(topics_of("store", "commands", "publications", "rounds"))
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
        sound: list[Named] = []
        for one in undoings:
            flaw = _flaw(one, sound, rows)
            if not flaw:
                sound.append(one)
            else:
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


def _flaw(one: Named, earlier: Iterable[Named], rows: Mapping[int, tuple[int, str]]) -> str:
    """Return what is wrong with an event that undoes others; empty where nothing is."""
    own, _position, undoes, positions = one
    if any(last >= own for _first, last in undoes):
        return "undoes what does not stand before it"
    if sum(max(0, last - first + 1) for first, last in undoes) > len(rows):  # more than anybody could go through
        return "undoes what cannot be undone"
    versions = list(numbers_of(undoes))
    if any(version not in rows or rows[version][1] in _NEVER for version in versions):
        return "undoes what cannot be undone"
    if ranges_of(rows[version][0] for version in versions) != positions:
        return "undoes other events than those at the positions that it names"
    before = undone_by((version, ranges) for version, _at, ranges, _positions in earlier)
    return "undoes what was undone before" if any(version in before for version in versions) else ""
