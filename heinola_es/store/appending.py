"""What an append adds, worked out before the database is told, and what the database has of it, read back."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import orjson

from events.codec import parse_recorded
from events.streams import stream_named
from heinola_es.errors import flaw_in_words
from heinola_es.store.head import TreeHead
from heinola_es.store.kept import TOPIC, NotAsKept, owed_by
from heinola_es.store.merkle import append_leaves, leaf_hash, root_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from eventsourcing.persistence import StoredEvent

    from heinola_es.store.kept import Kept

LogRow = tuple[int, str, int, str, bytes, bytes]
"""Position, stream (hex), version, topic, stored body and leaf hash of an event."""


class Body(NamedTuple):
    """An event as it is stored, with its stream in hex; a recorder takes it in place of the library's own record."""

    originator_id: str
    originator_version: int
    topic: str
    state: bytes


class PlacedBody(Body):
    """One of many made from one template, whose stream was held against what the template says of it."""

    __slots__ = ()


class Misplaced(ValueError):
    """An event does not stand in the stream that its content names."""


class NotAsAppended(Exception):
    """The database does not hold what was appended; nothing of it is acknowledged."""


def appended(head: TreeHead, events: Sequence[StoredEvent], recorded: str) -> tuple[list[LogRow], TreeHead]:
    """Return the rows that events become at the end of a log with this head, and the head that it then has.

    Raises:
        ValueError: they were recorded before the last event of the log.
        Misplaced: one of them does not belong in the stream that it is put in.
    """
    if recorded < head.recorded:
        raise ValueError(f"recorded at {recorded}, before the last event of the log ({head.recorded})")
    rows = [_row(position, event) for position, event in enumerate(events, head.size + 1)]
    frontier = list(head.frontier)
    size = append_leaves(head.size, frontier, (row[-1] for row in rows))
    return rows, TreeHead(size, root_of(frontier), frontier, recorded)


def _row(position: int, event: StoredEvent | PlacedBody) -> LogRow:
    if isinstance(event, PlacedBody):  # as nearly all are
        return (position, *event, leaf_hash(*event))
    stream = event.originator_id.hex if isinstance(event.originator_id, UUID) else event.originator_id
    version, topic, state = event.originator_version, event.topic, event.state
    _require_own_stream(stream, topic, state)
    return position, stream, version, topic, state, leaf_hash(stream, version, topic, state)


def _require_own_stream(stream: str, topic: str, state: bytes) -> None:
    try:
        named = stream_named(topic, orjson.loads(state))
    except (KeyError, TypeError, ValueError) as error:
        raise Misplaced(f"the {topic} does not say which stream it belongs in ({flaw_in_words(error)})") from error
    if named != stream:
        raise Misplaced(f"the {topic} belongs in the stream {named}, not in {stream}")


def require_sound(head: TreeHead, last: int, state: bytes) -> None:
    """Refuse to append to a log whose head is not one, or does not count its events up to the last and say when it was.

    Args:
        head: as the database has it.
        last: the position of the last event; 0 where there is none.
        state: its body; empty where there is none.

    Raises:
        NotAsAppended.
    """
    if head.size != last or root_of(head.frontier) != head.root or len(head.frontier) != head.size.bit_count():
        raise NotAsAppended(f"the head of the log counts {head.size} events, and the last one is {last}")
    try:
        recorded = orjson.loads(state)["recorded"] if last else ""
        if recorded:
            parse_recorded(recorded)
    except (KeyError, TypeError, ValueError) as error:
        raise NotAsAppended(f"event {last} cannot be read ({flaw_in_words(error)})") from error
    if recorded != head.recorded:
        raise NotAsAppended("the head of the log does not say when the last event was recorded")


_TYPES = (int, str, int, str, bytes, bytes)
"""Of the values of a row of the log."""


def _hash(rows: Iterable[LogRow]) -> int:
    """Return a hash of some rows: Python's own, whose key nobody knows. Bytes and text of the same have one."""
    return hash(tuple(map(tuple, rows)))


def _is_as(batch: Sequence[LogRow], written: int) -> bool:
    """Return whether rows that came back are those with a hash; where a column holds anything else, they are not."""
    columns = zip(*batch, strict=True)
    are_rows = all(set(map(type, column)) == {kind} for column, kind in zip(columns, _TYPES, strict=True))
    return are_rows and _hash(batch) == written


class Written:
    """What a command has appended so far.

    Attributes:
        before: the head that it began with.
        head: the head after it.
        signature: the signed note of the head, where the command keeps one.
    """

    signature: str | None = None

    def __init__(self, before: TreeHead) -> None:
        self.before = before
        self.head = before
        self._batches: list[tuple[int, int]] = []  # how many rows each has, and their hash, for what comes back
        self._kept: list[Kept] = []
        self._owed: set[str] = set()

    def append(self, events: Sequence[StoredEvent], recorded: str) -> list[LogRow]:
        """Return the rows that events become at the end of the log, and move the head over them.

        Raises:
            as `appended`.
        """
        rows, self.head = appended(self.head, events, recorded)
        self._batches.append((len(rows), _hash(rows)))
        published = [row for row in rows if row[3] == TOPIC]
        self._owed |= {owed for row in published if (owed := owed_by(row[3], row[4])) is not None}
        return rows

    def keep(self, kept: Kept, find: Callable[[Kept], Kept | None]) -> bool:
        """Take what is kept beside the events; return whether it is to be written, and not there already.

        Raises:
            NotAsAppended: it is not what its digest says, or what is there already is not.
        """
        there = find(kept)
        try:
            kept.require_sound()
            if there is not None:
                there.require_sound()
        except NotAsKept as error:
            raise NotAsAppended(f"what is kept of a published report is not what was published: {error}") from error
        self._kept.append(kept if there is None else there)
        self._owed.discard(kept.digest)
        return there is None

    def require_kept(self, find: Callable[[Kept], Kept | None]) -> None:
        """Hold what the database keeps beside the events against what it was given.

        Raises:
            NotAsAppended: something was swallowed or altered on the way, or a report was published and not kept.
        """
        if self._owed:
            raise NotAsAppended(f"a report was published and its bytes were not kept: {min(self._owed)}")
        if any(find(kept) != kept for kept in self._kept):
            raise NotAsAppended("what is kept of a published report is not in the database as it was written")

    def require_signed(self, stored: str | None) -> None:
        """Hold the signed note of the head that the database has against the one that it was given.

        Raises:
            NotAsAppended: it is another.
        """
        if self.signature is not None and stored != self.signature:
            raise NotAsAppended("the signature of the head is not in the database as it was written")

    def require_stored(self, rows: Iterable[LogRow], stored: TreeHead) -> None:
        """Hold what the database has against what was appended, before anything is acknowledged.

        Args:
            rows: all that stands in the log after `before` now, in order.
            stored: the head that the database has.

        Raises:
            NotAsAppended: something was swallowed, altered or added on the way.
        """
        size, stored_rows = self.before.size, iter(rows)
        for number, written in self._batches:
            batch = tuple(islice(stored_rows, number))
            if len(batch) < number:
                raise NotAsAppended(f"the database holds {size + len(batch)} events of {self.head.size}")
            if not _is_as(batch, written):
                raise NotAsAppended(f"not all of events {size + 1}–{size + number} are in the database as written")
            size += number
        if next(stored_rows, None) is not None:
            raise NotAsAppended(f"the database holds more events than {self.head.size}")
        if stored != self.head:
            raise NotAsAppended("the head of the log is not in the database as it was written")
