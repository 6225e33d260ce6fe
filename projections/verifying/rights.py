"""Who recorded what, held against the roles that they had by then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from events.codec import decode_event
from events.streams import roles_stream, topics_of
from heinola_es.domain.aggregates.rights import Lack, Rights
from projections.verifying.problems import Problem, events, runs, were

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

_CONSEQUENCE = "whoever recorded it had no right to"
_ROWS = (
    "SELECT position, originator_id, originator_version, topic, state FROM store.stored_events "
    "WHERE position > ? ORDER BY position"
)
_STATE = topics_of("organisation", "projects", "roles", "undoing")
_STATES = (
    "SELECT position, originator_id, originator_version, topic, state FROM store.stored_events "  # noqa: S608 - ours
    f"WHERE position < ? AND topic IN ({', '.join(repr(topic) for topic in _STATE)}) ORDER BY position"
)
_FACTS = "SELECT originator_version, topic, state FROM store.stored_events WHERE originator_id = ?"
_FIRST = "SELECT min(position) FROM store.stored_events WHERE originator_id = ?"
_UNREADABLE = (LookupError, TypeError, ValueError, AttributeError, RecursionError)


def rights_problems(connection: sqlite3.Connection) -> Iterator[Problem]:
    """Yield the events that somebody recorded without the role that they needed.

    Where no role was ever given there are none. What cannot be read is left to whoever tells of that.
    """
    first = connection.execute(_FIRST, (roles_stream().hex,)).fetchone()[0]
    if first is None:
        return
    found: dict[Lack, list[int]] = {}
    for position, lack in _lacks(connection, first):
        found.setdefault(lack, []).append(position)
    for lack, positions in found.items():
        for begin, end in runs(positions):
            by = f"by {lack.actor!r} without the role {lack.needed}, with {lack.held}"
            yield Problem("actor", begin, end, f"{events(begin, end)} {were(begin, end)} recorded {by}", _CONSEQUENCE)


def _lacks(connection: sqlite3.Connection, first: int) -> Iterator[tuple[int, Lack]]:
    """Yield the positions of such events, from the first role on, and what whoever recorded them lacked."""
    rights = Rights(lambda _stream: (), lambda stream: _facts(connection, stream))
    for _position, stream, version, topic, state in connection.execute(_STATES, (first,)):
        _take(rights, stream, version, topic, state)
    for position, stream, version, topic, state in connection.execute(_ROWS, (first - 1,)):
        try:
            lack = rights.lack(topic, orjson.loads(state))
        except _UNREADABLE:
            lack = None
        if lack is not None:
            yield position, lack
        if topic in _STATE:
            _take(rights, stream, version, topic, state)


def _take(rights: Rights, stream: Any, version: Any, topic: str, state: Any) -> None:  # noqa: ANN401 - as in the file
    try:
        rights.take(decode_event(topic, UUID(hex=stream), version, orjson.loads(state)))
    except _UNREADABLE:
        return


def _facts(connection: sqlite3.Connection, stream: UUID) -> Iterator[tuple[int, str, dict[str, Any]]]:
    for version, topic, state in connection.execute(_FACTS, (stream.hex,)):
        try:
            body = orjson.loads(state)
        except ValueError:
            continue
        if isinstance(body, dict):
            yield version, topic, body
