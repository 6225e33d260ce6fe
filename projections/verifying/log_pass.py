"""The one pass over the log: every leaf recomputed, and the tree over them, with its roots at every size of interest.

The rows are taken in batches, and a batch is first looked at as a whole; only one that is not as it should be is gone
through event by event, to say which. So a sound log costs little more than reading and hashing it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID

import orjson
from attrs import Factory, define

from events.codec import decode_event, upcast
from events.language import EVENT_TYPES
from events.store import StoreEvent
from events.streams import YEAR, stream_named
from heinola_es.errors import flaw_in_words
from heinola_es.store.bodies import INSTANT, is_day, is_instant, require_as_read
from heinola_es.store.merkle import HASH_BYTES, append_leaves, complete_root, root_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator


Progress = Callable[[int, int], None]
"""Told how many events are done, and of how many."""

Event = tuple[int, str, dict[str, Any]]
"""The position, the topic and the newest body of an event."""

Fed = Callable[[Sequence[Event]], None]
"""Takes events that can be read."""

RawRow = tuple[int, bytes, int, bytes, bytes, bytes]
"""Position, stream, version, topic, body and leaf hash as the file has them; texts are not decoded."""

BATCH = 1 << 9
"""Rows taken together: a power of two, so that a batch is a subtree, and few enough to stay in a processor's cache."""

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
        fed: takes every event in the order of the log, batch by batch, so that it is read once, up to the first batch
            that is not as it should be.
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
        if least_version > 0 and self._are_read(rows):
            return
        self.fed = None
        for row in rows:
            self._read_one(row)

    def _are_read(self, rows: Sequence[RawRow]) -> bool:
        """Read some rows together, and return whether all of them are as they should be."""
        sound = _sound(rows)
        if sound is None:
            return False
        instants, events = sound
        if instants[0] < self.recorded or instants != sorted(instants):
            return False
        self.recorded = instants[-1]
        if self.fed is not None:
            self.fed(events)
        return True

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
_BUDGET = b"BudgetAdopted"
_MANY = frozenset({b"ActualPosted", _BUDGET})
"""Of these there may be millions, alike but for some values: one of each shape is decoded, of all others each."""
_known: dict[tuple[bytes, str], set[Any]] = defaultdict(set)
"""What was found sound in postings, by their topic: the shapes, places and periods there are, and values of fields."""


def _sound(rows: Sequence[RawRow]) -> tuple[list[str], list[Event]] | None:
    """Return when the events were recorded, and the events, if all can be read and stand in streams of theirs.

    Else None, and they are looked at one by one. Postings have few shapes, names and places; those found sound are
    remembered.
    """
    try:
        bodies: list[dict[str, Any]] = [orjson.loads(row[4]) for row in rows]
        instants = [body["recorded"] for body in bodies]
        alike: dict[tuple[bytes, tuple[str, ...]], list[int]] = defaultdict(list)
        for at, (row, names) in enumerate(zip(rows, map(tuple, bodies), strict=True)):
            alike[row[3], names].append(at)
        for (topic, names), among in alike.items():
            if topic in _MANY:
                if not _are_sound_postings(topic, names, [rows[at] for at in among], [bodies[at] for at in among]):
                    return None
                continue
            for at in among:
                body = _decode(rows[at], bodies[at])
                if stream_named(topic.decode(), bodies[at]) != rows[at][1].decode():
                    return None
                bodies[at] = body
        sound = _ALL_RECORDED.fullmatch("".join(instants)) is not None
        sound = sound and all(map(is_day, {instant[:10] for instant in instants}))
        events = [(row[0], _TOPICS[row[3]], body) for row, body in zip(rows, bodies, strict=True)]
    except Exception:  # noqa: BLE001 - whatever is in the file; the closer look tells what is the matter
        return None
    return (instants, events) if sound and set(map(len, instants)) == {_RECORDED_LENGTH} else None


def _are_sound_postings(
    topic: bytes, names: tuple[str, ...], rows: Sequence[RawRow], bodies: Sequence[dict[str, Any]]
) -> bool:
    """Read postings of one topic with the same fields, and return whether they stand in their own streams.

    What decides whether a posting can be read is its fields and their types, and the values of few that are texts of
    a form. Each is found sound once, in whatever posting, and that one is decoded.

    Raises:
        whatever is the matter with one of them.
    """
    columns = list(zip(*[body.values() for body in bodies], strict=True))
    told = dict(zip(names, columns, strict=True))
    shapes = [(names, *map(type, bodies[0].values()))]
    if any(len(set(map(type, column))) > 1 for column in columns):
        shapes = [(names, *map(type, body.values())) for body in bodies]
    years = told["fiscal_year"] if topic == _BUDGET else [effective[YEAR] for effective in told["effective"]]
    new = {name: _new(_known[topic, name], told[name]) for name in ("v", "unit", "line", "recorded_by")}
    new["shape"] = _new(_known[topic, "shape"], shapes)
    new["period"] = _new(_known[topic, "period"], list(zip(told["effective"], years, strict=True)))
    for at in {at for values in new.values() for at in values.values()}:
        _decode(rows[at], bodies[at])
    places = list(zip([row[1] for row in rows], told["unit"], years, strict=True))
    new["place"] = _new(_known[topic, "place"], places)
    for at in new["place"].values():
        if stream_named(_TOPICS[topic], bodies[at]) != rows[at][1].decode():
            return False
    for name, values in new.items():
        _known[topic, name].update(values)
    return True


def _new(known: set[Any], values: Sequence[Any]) -> dict[Any, int]:
    """Return the values that are not known, and where one of each stands."""
    unknown = set(values) - known
    return {value: at for at, value in enumerate(values) if value in unknown} if unknown else {}


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
