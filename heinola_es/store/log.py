"""The log as commands use it: one command, one transaction, over however many streams it touches."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self, cast

import orjson
from attrs import field, frozen
from eventsourcing.persistence import EventStore, IntegrityError, PersistenceError

from events.base import Event
from events.codec import format_recorded, parse_recorded
from heinola_es.chart import DEFAULT_CHART, load_chart
from heinola_es.errors import Refused
from heinola_es.store.head import EMPTY_HEAD
from heinola_es.store.location import OpenStore
from heinola_es.store.mapper import AttrsMapper
from heinola_es.store.opening import initialised_recorder, new_recorder
from heinola_es.store.trouble import first_line, trouble

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from eventsourcing.domain import DomainEventProtocol
    from eventsourcing.persistence import StoredEvent

    from heinola_es.store.head import TreeHead
    from heinola_es.store.opening import LogRecorder
    from heinola_es.store.reading import CommandKey, Row

BUSY_SECONDS = 10


Clock = datetime | Callable[[], datetime]
"""The present instant in UTC, or what tells it when it is needed."""


class StoreBusy(Refused):
    """Other writers kept the store to themselves for too long."""


class KeyUsedBefore(Refused):
    """The same --key was given to another command."""


class LogDamaged(Refused):
    """What is stored is not what was recorded; nothing is decided on it."""

    @classmethod
    def at(cls, what: str) -> Self:
        """Return the error, with what is damaged."""
        return cls(f"the log is damaged: {what}; see `heinola audit verify`, and restore a copy")


class Body(NamedTuple):
    """An event as it is stored, with its stream in hex; a recorder takes it in place of the library's own record."""

    originator_id: str
    originator_version: int
    topic: str
    state: bytes


@frozen(slots=True)
class Request:
    """Who asks for what to be recorded, and from what.

    Attributes:
        by: a login or a role.
        source, reason: as every event carries them.
        key: makes a retry recognisable; None for none.
        digest: stands for what is asked, so that a key is not used for two different things.
        clock_is_right: a clock far from the end of the log is meant.
        large: amounts far beyond what the store has ever seen are meant.
    """

    by: str
    source: str = ""
    reason: str = ""
    key: str | None = None
    digest: str = ""
    clock_is_right: bool = False
    large: bool = False


@frozen(slots=True)
class Receipt:
    """What a command recorded.

    Attributes:
        events: the events in order, or nothing where an earlier command with the same key had recorded them.
        first, last: their positions in the log; 0 where nothing was recorded.
        repeated: the command was a retry of one that had been recorded.
    """

    events: tuple[Event, ...]
    first: int
    last: int
    repeated: bool = False


@frozen(slots=True)
class Command:
    """An open transaction on the log.

    Attributes:
        recorded: the instant that its events carry; never before the last event of the log.
        earlier: the receipt of an earlier command with the same key, or None.
        append: adds events at the end of the log and returns the receipt.
        append_bodies: adds a batch of events that are encoded already; of many, one batch after another.
    """

    recorded: datetime
    earlier: Receipt | None
    append: Callable[[Sequence[Event]], Receipt] = field(repr=False)
    append_bodies: Callable[[Iterable[Body]], None] = field(repr=False)


class EventLog(OpenStore):
    """An initialised store, open for recording."""

    def __init__(self, location: str, recorder: LogRecorder) -> None:
        """Take a store with its recorder; `open` and `create` find both.

        Attributes:
            location: where the store is, as given; `open` takes it again.
        """
        self._recorder = recorder
        self._events: EventStore[UUID] = EventStore(AttrsMapper(transcoder=cast("Any", None)), recorder)
        self.location = location

    @classmethod
    def open(cls, location: str) -> Self:
        """Open the store at a location.

        Raises:
            NoStoreHere: none was initialised there.
        """
        return cls(location, initialised_recorder(location, BUSY_SECONDS))

    @classmethod
    def create(cls, location: str, city: str, chart: str = DEFAULT_CHART) -> Self:
        """Initialise an empty store for a city, with the chart that its reports use.

        Raises:
            StoreExists: there is one already.
            BadInput: no such chart is shipped.
        """
        load_chart(chart)
        log = cls(location, new_recorder(location, BUSY_SECONDS))
        log._recorder.create(EMPTY_HEAD, {"format": "1", "city": city, "chart": chart})
        return log

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def setting(self, name: str) -> str:
        """Return what was chosen when the store was initialised: `city`, `chart` or `format`."""
        (row,) = self._recorder.select("SELECT value FROM store_settings WHERE name = ?", (name,))
        return str(row["value"])

    def head(self) -> TreeHead:
        """Return the head of the log's tree, as the open command has it or else as the last commit left it."""
        return self._recorder.head()

    def events_of(self, stream: UUID) -> list[Event]:
        """Return a stream's events in order; empty where there are none.

        Raises:
            LogDamaged: one of them cannot be read, or is not there.
        """
        try:
            events = cast("list[Event]", list(self._events.get(stream)))
        except (KeyError, TypeError, ValueError) as error:
            raise LogDamaged.at(f"an event of stream {stream} cannot be read ({error})") from error
        if [event.originator_version for event in events] != list(range(1, len(events) + 1)):
            raise LogDamaged.at(f"an event of stream {stream} is missing")
        return events

    def positions_of(self, stream: UUID) -> dict[int, int]:
        """Return the position in the log of each version of a stream."""
        rows = self._recorder.select(
            "SELECT originator_version, position FROM stored_events WHERE originator_id = ?", (stream.hex,)
        )
        return {row["originator_version"]: row["position"] for row in rows}

    def unit_codes(self) -> list[str]:
        """Return the codes of all units ever established, in the order of the log."""
        return self._said("UnitEstablished", "code")

    def project_names(self) -> list[str]:
        """Return the names of all projects, in the order of the log."""
        return self._said("ProjectLaunched", "project")

    def _said(self, topic: str, name: str) -> list[str]:
        """Return one field of all events of a topic, which stands in the statement so that its index is used."""
        rows = self._recorder.select(f"SELECT state FROM stored_events WHERE topic = '{topic}' ORDER BY position")  # noqa: S608 - a topic of ours
        return [orjson.loads(row["state"])[name] for row in rows]

    @contextmanager
    def command(self, now: Clock, request: Request, *, dry_run: bool = False) -> Iterator[Command]:
        """Open the one transaction of a command; leaving it commits, an error or `dry_run` undoes everything.

        `now` is asked once the write lock is held: between an event's instant and its commit nobody else can look.

        Raises:
            StoreBusy: others kept writing for longer than ten seconds.
            KeyUsedBefore: the request's key was given to another command.
        """
        with self._exclusive(commit=not dry_run):
            last = self._recorder.head().recorded
            instant = (now() if callable(now) else now).astimezone(UTC)
            recorded = max(instant, parse_recorded(last)) if last else instant
            yield Command(
                recorded,
                self._earlier(request),
                lambda events: self._append(events, request),
                lambda bodies: self._append_bodies(bodies, recorded),
            )

    def take_over(self, batches: Iterable[Sequence[Row]], keys: Iterable[CommandKey], root: bytes) -> None:
        """Append another store's log to this empty one, word for word, with its command keys: all of it, or nothing.

        Raises:
            Refused: the store has events of its own, or the log does not have the root it should have.
        """
        with self._exclusive():
            if self._recorder.head().size:
                raise Refused("the store has events of its own; give a new one with --store")
            for rows in batches:
                recorded = orjson.loads(rows[-1][-1])["recorded"]
                self._append_bodies([Body(*row[1:]) for row in rows], parse_recorded(recorded))
            for key in keys:
                self._recorder.remember_key(key.key, key.digest, key.first, key.last)
            if self._recorder.head().root != root:
                raise Refused("the log changed while it was read; nothing was recorded, try again")

    @contextmanager
    def _exclusive(self, *, commit: bool = True) -> Iterator[None]:
        """Hold the write lock, and say what goes wrong in a sentence."""
        try:
            with self._recorder.exclusive(commit=commit):
                yield
        except IntegrityError as error:
            raise Refused(f"the store refused the event ({first_line(error)}); nothing was recorded") from error
        except (PersistenceError, sqlite3.Error) as error:
            if any(words in str(error) for words in ("locked", "busy", "lock timeout")):
                raise StoreBusy(
                    f"others were recording for more than {BUSY_SECONDS} seconds; nothing was recorded, try again"
                ) from error
            raise Refused(f"{trouble(error)}; nothing was recorded") from error

    def _append(self, events: Sequence[Event], request: Request) -> Receipt:
        if not events:
            return Receipt((), 0, 0)
        recorded = format_recorded(events[-1].recorded)
        put = self._events.put(cast("Sequence[DomainEventProtocol[UUID]]", events), recorded=recorded)
        first, last = put[0].notification.id, put[-1].notification.id
        if request.key:
            self._recorder.remember_key(request.key, request.digest, first, last)
        return Receipt(tuple(events), first, last)

    def _append_bodies(self, bodies: Iterable[Body], recorded: datetime) -> None:
        stored = cast("list[StoredEvent]", list(bodies))  # of many, what it costs to make those others counts
        self._recorder.insert_events(stored, recorded=format_recorded(recorded))

    def _earlier(self, request: Request) -> Receipt | None:
        found = self._recorder.find_key(request.key) if request.key else None
        if found is None:
            return None
        digest, first, last = found
        if digest != request.digest:
            raise KeyUsedBefore(
                f"the key {request.key!r} was used for another command (positions {first}–{last}); choose a new one"
            )
        return Receipt((), first, last, repeated=True)
