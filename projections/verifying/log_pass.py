"""The one pass over the log: every leaf recomputed, and the tree over them, with its roots at every size of interest.

The rows are taken in batches, and a batch is first looked at as a whole; only one that is not as it should be is gone
through event by event, to say which. So a sound log costs little more than reading and hashing it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
from attrs import NOTHING, Factory, define, fields

from events.codec import decode_event
from events.language import EVENT_TYPES
from events.period import Period
from heinola_es.store.merkle import HASH_BYTES, append_leaves, root_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from events.base import Event

Progress = Callable[[int, int], None]
"""Told how many events are done, and of how many."""

RawRow = tuple[int, bytes, int, bytes, bytes, bytes]
"""Position, stream, version, topic, body and leaf hash as the file has them; texts are not decoded."""

BATCH = 10_000
_COLUMNS = "position, originator_id, originator_version, topic, state, leaf_hash"
_RECORDED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_STREAM = re.compile(rb"[0-9a-f]{32}")
_MISTYPED = (
    "SELECT position FROM store.stored_events WHERE typeof(originator_id) <> 'text' OR typeof(topic) <> 'text' "
    "OR typeof(originator_version) <> 'integer' OR typeof(state) <> 'blob' OR typeof(leaf_hash) <> 'blob' "
    "OR length(leaf_hash) <> 32"
)


@define(slots=True)
class LogPass:
    """What the pass found.

    Attributes:
        size: how many events there are.
        frontier: of the tree over the stored leaf hashes, each of which was compared with the event itself.
        roots: of that tree, by size.
        changed: positions of events that are not what their leaf hash says.
        misplaced: positions that do not follow the one before: what was lost is the gap between.
        unordered: positions of events whose version does not continue their stream.
        backdated: positions of events recorded before the one they follow.
        unreadable: positions of events that cannot be read, with what is the matter.
        recorded: the instant of the last event, as stored text.
        last: the last position.
    """

    size: int = 0
    frontier: list[bytes] = Factory(list)
    roots: dict[int, bytes] = Factory(dict)
    changed: list[int] = Factory(list)
    misplaced: list[tuple[int, int]] = Factory(list)
    unordered: list[int] = Factory(list)
    backdated: list[int] = Factory(list)
    unreadable: dict[int, str] = Factory(dict)
    recorded: str = ""
    last: int = 0
    _versions: dict[bytes, int] = Factory(dict)

    def take(self, rows: Sequence[RawRow]) -> None:
        """Take in the next rows of the log, in the order of their positions."""
        leaves = [
            sha256(b"\x00%b\x00%d\x00%b\x00%b" % (stream, version, topic, state)).digest()
            for _position, stream, version, topic, state, _stored in rows
        ]
        stored = [row[5] for row in rows]
        if leaves != stored:
            self.changed += [row[0] for row, leaf in zip(rows, leaves, strict=True) if leaf != row[5]]
        self._follow_positions([row[0] for row in rows])
        self._follow_streams(rows)
        self._read(rows)
        self.size = append_leaves(self.size, self.frontier, stored)

    def _follow_positions(self, positions: list[int]) -> None:
        if positions != list(range(self.last + 1, self.last + 1 + len(positions))):
            for before, position in zip([self.last, *positions], positions, strict=False):
                if position != before + 1:
                    self.misplaced.append((before, position))
        self.last = positions[-1]

    def _follow_streams(self, rows: Sequence[RawRow]) -> None:
        versions = self._versions
        for position, stream, version, _topic, _state, _stored in rows:
            if version != versions.get(stream, 0) + 1:
                self.unordered.append(position)
            versions[stream] = version

    def _read(self, rows: Sequence[RawRow]) -> None:
        instants = _instants_of_sound(rows)
        if instants and instants[0] >= self.recorded and instants == sorted(instants):
            self.recorded = instants[-1]
            return
        for row in rows:
            self._read_one(row)

    def _read_one(self, row: RawRow) -> None:
        position, stream, version, topic, state, _stored = row
        try:
            name = topic.decode()
            if not _STREAM.fullmatch(stream):
                raise ValueError("its stream is none")  # noqa: TRY301 - told like any other flaw
            body = orjson.loads(state)
            decode_event(name, UUID(stream.decode()), version, body)
        except Exception as error:  # noqa: BLE001 - whatever is in the file, it is told and not raised
            self.unreadable[position] = str(error) or type(error).__name__
            return
        if not _RECORDED.fullmatch(body["recorded"]):
            self.unreadable[position] = f"its instant {body['recorded']!r} is not written as instants are"
        elif body["recorded"] < self.recorded:
            self.backdated.append(position)
        else:
            self.recorded = body["recorded"]


def pass_over(connection: sqlite3.Connection, sizes: Iterable[int], progress: Progress | None = None) -> LogPass:
    """Read the whole log once and return what was found, with the root at each of `sizes` that it reaches.

    Raises:
        sqlite3.DatabaseError: the file itself is damaged.
    """
    (total,) = connection.execute("SELECT count(*) FROM store.stored_events").fetchone()
    mistyped = {position for (position,) in connection.execute(_MISTYPED)}
    found = LogPass()
    connection.text_factory = bytes
    try:
        cursor = connection.execute(f"SELECT {_COLUMNS} FROM store.stored_events ORDER BY position")  # noqa: S608 - ours
        for wanted in [*sorted(size for size in set(sizes) if 0 <= size <= total), total]:
            for rows in _batches(cursor, wanted - found.size, mistyped):
                found.take(rows)
                if progress:
                    progress(found.size, total)
            found.roots[wanted] = root_of(found.frontier)
    finally:
        connection.text_factory = str
    found.changed = sorted({*found.changed, *mistyped})
    return found


def _batches(cursor: sqlite3.Cursor, count: int, mistyped: set[int]) -> Iterator[list[RawRow]]:
    while count > 0 and (rows := cursor.fetchmany(min(BATCH, count))):
        count -= len(rows)
        yield [_blank(row) if row[0] in mistyped else row for row in rows] if mistyped else rows


def _blank(row: tuple[Any, ...]) -> RawRow:
    """Return what stands for a row whose columns are not of their types, which is no event at all."""
    leaf = row[5] if isinstance(row[5], bytes) and len(row[5]) == HASH_BYTES else bytes(HASH_BYTES)
    return row[0], b"", 0, b"", b"", leaf


def _names(event_type: type[Event]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the fields that a body of the newest version must have, and all that it may have."""
    columns = {"originator_id", "originator_version"}
    attributes = [attribute for attribute in fields(event_type) if attribute.name not in columns]
    known = frozenset({"v", *(attribute.name for attribute in attributes)})
    return frozenset(attribute.name for attribute in attributes if attribute.default is NOTHING), known


_FIELDS = {event_type.TOPIC.encode(): (*_names(event_type), event_type.VERSION) for event_type in EVENT_TYPES}
_periods: set[str] = set()


def _instants_of_sound(rows: Sequence[RawRow]) -> list[str]:
    """Return when the events were recorded, if all can be read; else nothing, and they are looked at one by one."""
    try:
        bodies = [orjson.loads(row[4]) for row in rows]
        return [body["recorded"] for body in bodies] if all(map(_is_sound, rows, bodies)) else []
    except (ValueError, TypeError, KeyError):
        return []


def _is_sound(row: RawRow, body: dict[str, Any]) -> bool:
    """Return whether a body has the fields of its event; false only sends the event to a closer look."""
    required, known, version = _FIELDS[row[3]]
    return (
        body["v"] == version
        and required <= body.keys() <= known
        and (body["effective"] in _periods or _is_period(body["effective"]))
        and _RECORDED.fullmatch(body["recorded"]) is not None
    )


def _is_period(text: str) -> bool:
    """Return whether a text is a period; the few that a city reports about are remembered."""
    Period.from_iso(text)
    _periods.add(text)
    return True
