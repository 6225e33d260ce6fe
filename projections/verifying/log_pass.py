"""The one pass over the log: every leaf recomputed, and the tree over them, with its roots at every size of interest.

The rows are taken in batches, and a batch is first looked at as a whole; only one that is not as it should be is gone
through event by event, to say which. So a sound log costs little more than reading and hashing it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID

import orjson
from attrs import Factory, define

from events.codec import decode_event, upcast
from events.language import EVENT_TYPES
from events.store import StoreEvent
from events.streams import stream_named
from heinola_es.errors import flaw_in_words
from heinola_es.store.bodies import INSTANT, is_day, is_instant, require_as_read
from heinola_es.store.merkle import HASH_BYTES, append_leaves, complete_root, root_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence


Progress = Callable[[int, int], None]
"""Told how many events are done, and of how many."""

Fed = Callable[[int, str, dict[str, Any]], None]
"""Takes the position, the topic and the newest body of an event that can be read."""

RawRow = tuple[int, bytes, int, bytes, bytes, bytes]
"""Position, stream, version, topic, body and leaf hash as the file has them; texts are not decoded."""

BATCH = 1 << 13
"""Rows taken together: a power of two, so that a batch is a subtree."""

_COLUMNS = "position, originator_id, originator_version, topic, state, leaf_hash"
_ALL_RECORDED = re.compile(f"(?:{INSTANT})*", re.ASCII)
_RECORDED_LENGTH = len("2020-07-01T09:00:00.000000Z")
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
        estranged: positions of events that stand in a stream which their content does not name.
        own: the bodies of events about the store itself and its commands, by position.
        recorded: the instant of the last event, as stored text.
        last: the last position.
        batch: how many rows are taken together, a power of two.
        fed: takes every event in the order of the log, so that it is read once, up to the first batch that is not as it
            should be.
    """

    size: int = 0
    frontier: list[bytes] = Factory(list)
    roots: dict[int, bytes] = Factory(dict)
    changed: list[int] = Factory(list)
    misplaced: list[tuple[int, int]] = Factory(list)
    unordered: list[int] = Factory(list)
    backdated: list[int] = Factory(list)
    unreadable: dict[int, str] = Factory(dict)
    estranged: list[int] = Factory(list)
    own: dict[int, tuple[str, dict[str, Any]]] = Factory(dict)
    recorded: str = ""
    last: int = 0
    batch: int = BATCH
    fed: Fed | None = None
    _versions: dict[bytes, int] = Factory(dict)

    def take(self, rows: Sequence[RawRow]) -> None:
        """Take in the next rows of the log, in the order of their positions."""
        positions, streams, versions, topics, states, stored = zip(*rows, strict=True)
        parted = zip(streams, versions, topics, states, strict=True)
        leaves = tuple([sha256(b"\x00%b\x00%d\x00%b\x00%b" % parts).digest() for parts in parted])
        if leaves != stored:
            self.changed += [row[0] for row, leaf in zip(rows, leaves, strict=True) if leaf != row[5]]
        self._follow_positions(positions)
        self._follow_streams(positions, streams, versions)
        self._read(rows, min(versions))
        if not _OWN.isdisjoint(topics):
            self._keep_own(rows)
        self._grow(stored)

    def _follow_positions(self, positions: tuple[int, ...]) -> None:
        if positions != tuple(range(self.last + 1, self.last + 1 + len(positions))):
            for before, position in zip((self.last, *positions), positions, strict=False):
                if position != before + 1:
                    self.misplaced.append((before, position))
        self.last = positions[-1]

    def _follow_streams(
        self, positions: tuple[int, ...], streams: tuple[bytes, ...], versions: tuple[int, ...]
    ) -> None:
        known = self._versions
        for position, stream, version in zip(positions, streams, versions, strict=True):
            if version != known.get(stream, 0) + 1:
                self.unordered.append(position)
            known[stream] = version

    def _read(self, rows: Sequence[RawRow], least_version: int) -> None:
        instants = _sound(rows, self.fed or _not_fed) if least_version > 0 else None
        if instants is not None and instants[0] >= self.recorded and instants == sorted(instants):
            self.recorded = instants[-1]
            return
        self.fed = None
        for row in rows:
            self._read_one(row)

    def _keep_own(self, rows: Sequence[RawRow]) -> None:
        for position, _stream, _version, topic, state, _leaf in rows:
            if topic in _OWN and position not in self.unreadable:
                self.own[position] = topic.decode(), orjson.loads(state)

    def _grow(self, leaves: tuple[bytes, ...]) -> None:
        """Append leaves to the tree; a full batch in its place is a subtree of its own."""
        if len(leaves) == self.batch and self.size % self.batch == 0:
            subtrees = append_leaves(self.size // self.batch, self.frontier, (complete_root(leaves),))
            self.size = subtrees * self.batch
        else:
            self.size = append_leaves(self.size, self.frontier, leaves)

    def _read_one(self, row: RawRow) -> None:
        position, stream, _version, topic, state, _stored = row
        try:
            name = topic.decode()
            if not _STREAM.fullmatch(stream):
                raise ValueError("its stream is none")  # noqa: TRY301 - told like any other flaw
            body = orjson.loads(state)
            _decode(row, body)
        except Exception as error:  # noqa: BLE001 - whatever is in the file, it is told and not raised
            self.unreadable[position] = flaw_in_words(error)
            return
        if stream_named(name, body) != stream.decode():
            self.estranged.append(position)
        if not is_instant(body["recorded"]):
            self.unreadable[position] = f"its instant {body['recorded']!r} is not written as instants are"
        elif body["recorded"] < self.recorded:
            self.backdated.append(position)
        else:
            self.recorded = body["recorded"]


def pass_over(
    connection: sqlite3.Connection,
    sizes: Iterable[int],
    progress: Progress | None = None,
    batch: int = BATCH,
    fed: Fed | None = None,
) -> LogPass:
    """Read the whole log once and return what was found, with the root at each of `sizes` that it reaches.

    `batch` rows, a power of two, are taken together; `fed` takes their bodies, as long as all of them are in order.

    Raises:
        sqlite3.DatabaseError: the file itself is damaged.
    """
    (total,) = connection.execute("SELECT count(*) FROM store.stored_events").fetchone()
    mistyped = {position for (position,) in connection.execute(_MISTYPED)}
    found = LogPass(batch=batch, fed=fed)
    connection.text_factory = bytes
    try:
        cursor = connection.execute(f"SELECT {_COLUMNS} FROM store.stored_events ORDER BY position")  # noqa: S608 - ours
        for wanted in [*sorted(size for size in set(sizes) if 0 <= size <= total), total]:
            for rows in _batches(cursor, found, wanted, mistyped):
                found.take(rows)
                if progress:
                    progress(found.size, total)
            found.roots[wanted] = root_of(found.frontier)
    finally:
        connection.text_factory = str
    found.changed = sorted({*found.changed, *mistyped})
    return found


def _batches(cursor: sqlite3.Cursor, found: LogPass, wanted: int, mistyped: set[int]) -> Iterator[list[RawRow]]:
    """Yield the rows up to a size of the tree, in batches that end where a full subtree does."""
    size, batch = found.size, found.batch
    while size < wanted and (rows := cursor.fetchmany(min(batch - size % batch, wanted - size))):
        size += len(rows)
        yield [_blank(row) if row[0] in mistyped else row for row in rows] if mistyped else rows


def _blank(row: tuple[Any, ...]) -> RawRow:
    """Return what stands for a row whose columns are not of their types, which is no event at all."""
    leaf = row[5] if isinstance(row[5], bytes) and len(row[5]) == HASH_BYTES else bytes(HASH_BYTES)
    return row[0], b"", 0, b"", b"", leaf


_TOPICS = {event_type.TOPIC.encode(): event_type.TOPIC for event_type in EVENT_TYPES}
_OWN = frozenset(event_type.TOPIC.encode() for event_type in get_args(StoreEvent))
_MANY = frozenset({b"ActualPosted", b"BudgetAdopted"})
"""Of these there may be millions, alike but for some values: one of each shape is decoded, of all others each."""
Place = tuple[bytes, str, str, int | None]
"""Where a posting stands: its stream, as it is stored, its unit, its period, and of a budget the fiscal year."""
_shapes: set[tuple[Any, ...]] = set()
_places: set[Place] = set()
_lines: set[str] = set()
_recorders: set[str] = set()
_units: set[str] = set()
_periods: set[tuple[str, int | None]] = set()


def _sound(rows: Sequence[RawRow], fed: Fed) -> list[str] | None:
    """Return when the events were recorded, if all can be read and stand in streams of theirs; hand each on.

    Else None, and they are looked at one by one. Postings have few shapes, names and places; those found sound are
    remembered.
    """
    instants = []
    shapes, places, lines, recorders = _shapes, _places, _lines, _recorders
    try:
        for row in rows:
            position, stream, _version, topic, state, _leaf = row
            body = orjson.loads(state)
            instants.append(body["recorded"])
            name = _TOPICS[topic]
            if topic in _MANY:
                place = stream, body["unit"], body["effective"], body.get("fiscal_year")
                shape = (topic, body["v"], *body, *map(type, body.values()))
                known = place in places and shape in shapes and body["line"] in lines
                if not (known and body["recorded_by"] in recorders) and not _take_posting(row, body, place, shape):
                    return None
            else:
                newest = _decode(row, body)
                if stream_named(name, body) != stream.decode():
                    return None
                body = newest
            fed(position, name, body)
        sound = _ALL_RECORDED.fullmatch("".join(instants)) is not None
        sound = sound and all(map(is_day, {instant[:10] for instant in instants}))
    except Exception:  # noqa: BLE001 - whatever is in the file; the closer look tells what is the matter
        return None
    return instants if sound and set(map(len, instants)) == {_RECORDED_LENGTH} else None


def _not_fed(_position: int, _topic: str, _body: dict[str, Any]) -> None:
    """Take nothing."""


def _take_posting(row: RawRow, body: dict[str, Any], place: Place, shape: tuple[Any, ...]) -> bool:
    """Read a posting of a new shape, name or place, and return whether it stands in its own stream.

    What decides whether a posting can be read is its fields and their types, and the values of few that are texts of
    a form: each was found sound once, in whatever posting.

    Raises:
        whatever is the matter with it.
    """
    _stream, unit, *period = place
    said = unit in _units and tuple(period) in _periods
    if not said or shape not in _shapes or body["line"] not in _lines or body["recorded_by"] not in _recorders:
        _decode(row, body)
    if stream_named(_TOPICS[row[3]], body) != row[1].decode():
        return False
    _shapes.add(shape)
    _places.add(place)
    _units.add(unit)
    _periods.add(place[2:])
    _lines.add(body["line"])
    _recorders.add(body["recorded_by"])
    return True


def _decode(row: RawRow, body: dict[str, Any]) -> dict[str, Any]:
    """Read an event as commands and readers would, in the version that it says it has; return it in the newest.

    Raises:
        whatever is the matter with it.
    """
    if type(body["v"]) is not int or body["v"] < 1:
        raise ValueError(f"its version is {body['v']!r}")
    topic = row[3].decode()
    decode_event(topic, UUID(row[1].decode()), row[2], body)
    newest = upcast(topic, body)
    require_as_read(row[0], topic, newest)
    return newest
