"""The log as commands use it: one command, one transaction, over however many streams it touches."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, Self, cast
from uuid import UUID

import orjson
from attrs import field, frozen
from eventsourcing.persistence import EventStore, IntegrityError, PersistenceError

from events.base import Event
from events.charts import ChartAdopted
from events.codec import decode_event, format_recorded, parse_recorded
from events.keys import KeysRequired
from events.organisation import CITY, UnitEstablished
from events.period import Period
from events.ranges import undone_by
from events.store import CommandKeyed, StoreInitialised, StoreUpgraded
from events.streams import chart_stream, command_stream, keys_stream, store_stream, unit_stream
from events.value_object import ValueObject
from heinola_es.domain.chart import DEFAULT_CHART, Chart, Charts, OwnChart, charts_in, load_chart
from heinola_es.errors import BadInput, Refused, flaw_in_words
from heinola_es.files.output_files import PRIVATE
from heinola_es.store.appending import Body, Misplaced, NotAsAppended
from heinola_es.store.bodies import UnreadableEvent, body_of
from heinola_es.store.clock import require_right_clock
from heinola_es.store.kept import Kept
from heinola_es.store.location import OpenStore, is_on_server, store_path
from heinola_es.store.mapper import AttrsMapper
from heinola_es.store.opening import initialised_recorder, new_recorder
from heinola_es.store.schema import FIRST_FORMAT, FORMAT
from heinola_es.store.settings import require_known_format, require_same_settings, settings_in
from heinola_es.store.signing import HeadNotSigned, Statement
from heinola_es.store.trouble import first_line, is_busy, trouble, trouble_with

if TYPE_CHECKING:
    from collections.abc import Iterator

    from eventsourcing.domain import DomainEventProtocol
    from eventsourcing.persistence import StoredEvent

    from events.ranges import Ranges
    from heinola_es.store.command_keys import CommandKey
    from heinola_es.store.head import TreeHead
    from heinola_es.store.opening import LogRecorder
    from heinola_es.store.reading import Row
    from heinola_es.store.signing import Signing

BUSY_SECONDS = 10
STEP = timedelta(microseconds=1)
"""What lies between two commands at least, whatever the clock does."""
CITY_SINCE = date(1900, 1, 1)
"""The first day of a city that is a unit from the beginning of its store."""
PAGE = 5_000
"""How many events are read at a time."""


Clock = datetime | Callable[[], datetime]
"""The present instant in UTC, or what tells it when it is needed."""


class StoreBusy(Refused):
    """Other writers kept the store to themselves for too long."""


class KeyUsedBefore(Refused):
    """The same --once was given to another command."""


class LogDamaged(Refused):
    """What is stored is not what was recorded; nothing is decided on it."""

    @classmethod
    def at(cls, what: str) -> Self:
        """Return the error, with what is damaged."""
        return cls(f"the log is damaged: {what}; see `heinola audit verify`, and restore a copy")


class StoreNotSound(Refused):
    """The database does not do what a store must do; nothing is acknowledged that is not there."""


class Logged(NamedTuple):
    """An event, and where it stands in the log."""

    position: int
    event: Event


@frozen(slots=True, eq=False, repr=False)
class Request(ValueObject):
    """Who asks for what to be recorded, and from what.

    Attributes:
        by: a login or a role.
        source, reason: as every event carries them.
        key: makes a retry recognisable; None for none.
        digest: stands for what is asked, so that a key is not used for two different things.
        clock_is_right: a clock far from the end of the log is meant.
        large: amounts far beyond what the store has ever seen are meant.
        restates: changes of what is closed or published are meant.
    """

    by: str
    source: str = ""
    reason: str = ""
    key: str | None = None
    digest: str = ""
    clock_is_right: bool = False
    large: bool = False
    restates: bool = False


@frozen(slots=True, eq=False, repr=False)
class Receipt(ValueObject):
    """What a command recorded.

    Attributes:
        events: the events in order, or nothing where an earlier command with the same key had recorded them.
        first, last: their positions in the log; 0 where nothing was recorded.
        repeated: the command was a retry of one that had been recorded.
        upgraded: position of the event that brought the store to this format first; 0 where none had to.
    """

    events: tuple[Event, ...]
    first: int
    last: int
    repeated: bool = False
    upgraded: int = 0


@frozen(slots=True, eq=False, repr=False)
class Command(ValueObject):
    """An open transaction on the log.

    Attributes:
        recorded: the instant that its events carry; never before the last event of the log.
        login: whom the database takes the user for; empty in a file.
        chart: the lines that the store's reports use.
        upgraded: position of the event that brought the store to this format just now; 0 where none had to.
        earlier: the receipt of an earlier command with the same key, or None.
        append: adds events at the end of the log and returns the receipt.
        append_bodies: adds a batch of events that are encoded already; of many, one batch after another.
        keep: keeps what stands beside an event, a published report's bytes or a name in them.
        permit: what `append` and `append_bodies` ask first.
    """

    recorded: datetime
    login: str
    chart: Chart
    upgraded: int
    earlier: Receipt | None
    append: Callable[[Sequence[Event]], Receipt] = field(repr=False)
    append_bodies: Callable[[Iterable[Body]], None] = field(repr=False)
    keep: Callable[[Kept], None] = field(repr=False)
    permit: Permission = field(repr=False)


class Permission(Protocol):
    """Lets a command record what whoever gives it may, and refuses everything else."""

    def require(self, events: Iterable[Event]) -> None:
        """Refuse events that may not be recorded."""

    def require_bodies(self, bodies: Iterable[Body]) -> None:
        """Refuse events that are encoded already and may not be recorded."""


class _Anything:
    """Lets record whatever is to be: what a store says of itself, and what tests of it do."""

    def require(self, events: Iterable[Event]) -> None:
        """Refuse nothing."""

    def require_bodies(self, bodies: Iterable[Body]) -> None:
        """Refuse nothing."""


_ANYTHING = _Anything()


class EventLog(OpenStore):
    """An initialised store, open for recording."""

    def __init__(self, location: str, recorder: LogRecorder, signing: Signing | None = None) -> None:
        """Take a store with its recorder, and the key at hand; `open` and `create` find both.

        Attributes:
            location: where the store is, as given; `open` takes it again.
        """
        self._recorder = recorder
        self._events: EventStore[UUID] = EventStore(AttrsMapper(transcoder=cast("Any", None)), recorder)
        self.location = location
        self._signing = signing

    @classmethod
    def open(cls, location: str, signing: Signing | None = None) -> Self:
        """Open the store at a location; `signing` is asked where its log requires that heads are signed.

        Raises:
            NoStoreHere: none was initialised there.
        """
        return cls(location, initialised_recorder(location, BUSY_SECONDS), signing)

    @classmethod
    def create(
        cls,
        location: str,
        city: str,
        chart: str | OwnChart = DEFAULT_CHART,
        city_unit: tuple[str, str] | None = None,
        *,
        now: Clock,
        by: str,
        mode: int = PRIVATE,
        signing: Signing | None = None,
    ) -> Self:
        """Initialise a store for a city, with the chart that its reports use, and open it: all of it, or nothing.

        `chart` is the id of one that is shipped, or the city's own; `city_unit` the code and name of the unit that the
        city itself is, or None where it is none. `by` is who does so, and `now` the instant; `mode`
        is that of its file, where it has one. With `signing`, every head is signed from the first on.

        Raises:
            StoreExists: there is one already.
            BadInput: no such chart is shipped.
        """
        own = chart if isinstance(chart, OwnChart) else None
        chart_id = own.id if own is not None else load_chart(str(chart)).id
        with cls._new(location, city, chart_id, mode) as log:
            log._initialise(city, chart_id, own, now, by)  # noqa: SLF001 - one of this class
            if city_unit is not None:
                log._append_own([_city_unit(log._own_stamp(now, by), *city_unit)])  # noqa: SLF001
            if signing is not None:
                log._signing = signing  # noqa: SLF001
                log._append_own([log._keys_required(log._own_stamp(now, by), city)])  # noqa: SLF001
                log._sign(city)  # noqa: SLF001
        return cls.open(location, signing)

    @classmethod
    @contextmanager
    def _new(cls, location: str, city: str, chart: str, mode: int) -> Iterator[Self]:
        """Give a store in the making, in its first transaction; it is there at the end, or not at all."""
        with new_recorder(location, BUSY_SECONDS, mode) as recorder:
            log = cls(location, recorder)
            with log._told(), recorder.founding({"format": FORMAT, "city": city, "chart": chart}):
                yield log

    def close(self) -> None:
        """Close the connections."""
        self._recorder.close()

    def setting(self, name: str) -> str:
        """Return what was chosen when the store was initialised: `city`, `chart` or `format`.

        The log says it. In a store of the first format it stands beside the log alone.

        Raises:
            UnknownFormat: the store is of a format that this version does not know.
            LogDamaged: what stands beside the log is not what the log says.
        """
        return self._settings()[name]

    def chart(self) -> Chart:
        """Return the lines that figures can be on in any year: of the newest chart, and others that earlier ones have.

        Raises:
            ChartDamaged: they are not there, or cannot be read; and as `setting`.
        """
        return self.charts().joined

    def charts(self) -> Charts:
        """Return the charts of the store's fiscal years: the one it was made with, and those adopted since.

        Raises:
            ChartDamaged: one is not there, or cannot be read; and as `setting`.
        """
        return charts_in(self.setting("chart"), self.told_of_charts())

    def told_of_charts(self) -> list[tuple[int, str, bytes]]:
        """Return position, topic and stored body of what is recorded about charts, in the order of the log."""
        rows = self._recorder.select(
            "SELECT position, topic, state FROM stored_events WHERE originator_id = ? ORDER BY originator_version",
            (chart_stream().hex,),
        )
        return [(row["position"], row["topic"], bytes(row["state"])) for row in rows]

    def _settings(self) -> dict[str, str]:
        rows = self._recorder.select("SELECT name, value FROM store_settings")
        beside = {row["name"]: row["value"] for row in rows}
        require_known_format(beside.get("format"))
        said = self._recorder.select(
            "SELECT state FROM stored_events WHERE originator_id = ? ORDER BY originator_version DESC LIMIT 1",
            (store_stream().hex,),
        )
        require_same_settings(beside, settings_in(said[0]["state"]) if said else None)
        return beside

    def head(self) -> TreeHead:
        """Return the head of the log's tree, as the open command has it or else as the last commit left it."""
        return self._recorder.head()

    def events_of(self, stream: UUID) -> list[Event]:
        """Return a stream's events in order; empty where there are none.

        Raises:
            LogDamaged: one of them cannot be read, or is not there.
        """
        rows = self._recorder.select(
            "SELECT originator_version, topic, state FROM stored_events WHERE originator_id = ? "
            "ORDER BY originator_version",
            (stream.hex,),
        )
        try:
            events = [
                decode_event(row["topic"], stream, row["originator_version"], orjson.loads(row["state"]))
                for row in rows
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise LogDamaged.at(f"an event of stream {stream} cannot be read ({flaw_in_words(error)})") from error
        if [event.originator_version for event in events] != list(range(1, len(events) + 1)):
            raise LogDamaged.at(f"an event of stream {stream} is missing")
        return events

    def positions_of(self, stream: UUID) -> dict[int, int]:
        """Return the position in the log of each version of a stream."""
        rows = self._recorder.select(
            "SELECT originator_version, position FROM stored_events WHERE originator_id = ?", (stream.hex,)
        )
        return {row["originator_version"]: row["position"] for row in rows}

    def logged(self, after: int, upto: int) -> Iterator[Logged]:
        """Yield the events at positions from `after` + 1 to `upto`, in order, whether undone or not.

        Raises:
            LogDamaged: one of them cannot be read.
        """
        page = (
            "SELECT position, originator_id, originator_version, topic, state FROM stored_events "  # noqa: S608 - ours
            f"WHERE position > ? AND position <= ? ORDER BY position LIMIT {PAGE}"
        )
        while rows := self._recorder.select(page, (after, upto)):
            for row in rows:
                stream, version = UUID(str(row["originator_id"])), row["originator_version"]
                try:
                    event = decode_event(row["topic"], stream, version, orjson.loads(row["state"]))
                except (KeyError, TypeError, ValueError) as error:
                    raise LogDamaged.at(f"event {row['position']} cannot be read ({flaw_in_words(error)})") from error
                yield Logged(row["position"], event)
            after = rows[-1]["position"]

    def command_at(self, position: int) -> tuple[int, int]:
        """Return the positions of the first and the last event of the command that recorded an event, its key included.

        The instant tells the events of one command from those of another, as does who recorded them, which tells most
        where a log of before has commands of one instant. What the store says of itself is no part of any command.

        Raises:
            BadInput: the log has no such position.
        """
        size = self.head().size
        if not 0 < position <= size:
            raise BadInput(f"there is no event #{position}; the log has #1 to #{size}")
        first = last = position
        (at,) = self.logged(position - 1, position)
        if isinstance(at.event, StoreInitialised | StoreUpgraded):
            return position, position
        own = at.event.recorded, at.event.recorded_by
        for logged in self._backwards(position):
            if not _is_of_command(logged.event, own) or isinstance(logged.event, CommandKeyed):
                break
            first = logged.position
        if isinstance(at.event, CommandKeyed):
            return first, last
        for logged in self.logged(position, size):
            if not _is_of_command(logged.event, own):
                break
            last = logged.position
            if isinstance(logged.event, CommandKeyed):
                break
        return first, last

    def _backwards(self, position: int) -> Iterator[Logged]:
        """Yield the events before a position, the nearest first."""
        while position > 1:
            start = max(0, position - 1 - PAGE)
            yield from reversed(list(self.logged(start, position - 1)))
            position = start + 1

    def undone_positions(self) -> dict[int, int]:
        """Return the positions of the events that were undone, each with that of the event that undid it."""
        undoings = self.undoings()
        return undone_by(undoings) if undoings else {}

    def undoings(self) -> list[tuple[int, Ranges]]:
        """Return the position of every event that undoes others, itself undone or not, with the positions of those.

        Raises:
            UnreadableEvent: what is stored of one is not what such an event says.
        """
        topic = "FactsUndone"
        rows = self._recorder.select(
            "SELECT position, state FROM stored_events WHERE topic = 'FactsUndone' ORDER BY position"
        )
        return [(row["position"], body_of((row["position"], "", 1, topic, row["state"]))["positions"]) for row in rows]

    def unit_codes(self) -> list[str]:
        """Return the codes of all units ever established, in the order of the log."""
        return self._said("UnitEstablished", "code")

    def established(self) -> list[tuple[int, str]]:
        """Return the position of every event that established a unit, undone or not, with the unit's code."""
        rows = self._recorder.select(
            "SELECT position, state FROM stored_events WHERE topic = 'UnitEstablished' ORDER BY position"
        )
        return [(row["position"], _text_in(row["position"], row["state"], "code")) for row in rows]

    def project_names(self) -> list[str]:
        """Return the names of all projects, in the order of the log."""
        return self._said("ProjectLaunched", "project")

    def positions_and_bodies(self, topic: str) -> list[tuple[int, dict[str, Any]]]:
        """Return the events of a topic that were not undone, in the order of the log.

        Each is its position, with what its body says in its newest version.

        Raises:
            UnreadableEvent: what is stored of one is not what such an event says.
        """
        rows = self._recorder.select(
            f"SELECT position, state FROM stored_events WHERE topic = '{topic}' ORDER BY position"  # noqa: S608 - ours
        )
        undone = self.undone_positions()
        kept = (row for row in rows if row["position"] not in undone)
        return [(row["position"], body_of((row["position"], "", 1, topic, row["state"]))) for row in kept]

    def _said(self, topic: str, name: str) -> list[str]:
        """Return one field of all events of a topic, which stands in the statement so that its index is used.

        Raises:
            UnreadableEvent: one does not say it.
        """
        rows = self._recorder.select(
            f"SELECT position, state FROM stored_events WHERE topic = '{topic}' ORDER BY position"  # noqa: S608 - ours
        )
        undone = self.undone_positions()
        return [_text_in(row["position"], row["state"], name) for row in rows if row["position"] not in undone]

    def bodies_backwards(self) -> Iterator[dict[str, Any]]:
        """Yield the stored bodies of all events that were not undone, the newest first; what is no body is left out."""
        undone = self.undone_positions()
        page = "SELECT position, state FROM stored_events {} ORDER BY position DESC LIMIT 500"
        rows = self._recorder.select(page.format(""))
        while rows:
            for row in rows:
                with suppress(orjson.JSONDecodeError):
                    body = orjson.loads(row["state"])
                    if isinstance(body, dict) and row["position"] not in undone:
                        yield body
            rows = self._recorder.select(page.format("WHERE position < ?"), (rows[-1]["position"],))

    @contextmanager
    def command(
        self, now: Clock, request: Request, *, permit: Permission = _ANYTHING, dry_run: bool = False
    ) -> Iterator[Command]:
        """Open the one transaction of a command; leaving it commits, an error or `dry_run` undoes everything.

        Nothing is appended that `permit` does not let pass; every command that people give has one.

        `now` is asked once the write lock is held: between an event's instant and its commit nobody else can look.
        A store of an earlier format is brought to this one first.

        Raises:
            StoreBusy: others kept writing for longer than ten seconds.
            KeyUsedBefore: the request's key was given to another command.
            UnknownEvent: the log holds a kind or a version of events that is not known here: a newer program has it.
            HeadNotSigned: the log requires that its head is signed, and it is not; or there is no key at hand.
            ClockInDoubt: the clock is far from the end of the log, and nobody says that it is right.
            StoreNotSound: the database does not hold what was recorded, or is not as a store is made.
        """
        with self._exclusive(commit=not dry_run):
            self._recorder.require_known_kinds()
            recorded = self._instant(now, request)
            settings, before = self._settings(), self.head().size
            self._require_signed(settings["city"])
            upgraded = self._upgrade(settings, recorded, request)
            yield Command(
                recorded,
                self._recorder.login,
                charts_in(settings["chart"], self.told_of_charts()).joined,
                upgraded,
                self.earlier(request),
                lambda events: self._append(events, request, upgraded, permit),
                lambda bodies: self._append_permitted(list(bodies), recorded, permit),
                self._recorder.keep,
                permit,
            )
            if self.head().size > before:
                self._sign(settings["city"])

    def upgrade(self, now: Clock, request: Request) -> int:
        """Bring a store of an earlier format to this one; return the position of the event, or 0 where it is already.

        What stood beside the log of the first, its settings and command keys, is in the log from then on.

        Raises:
            as `command`.
        """
        with self.command(now, request) as command:
            return command.upgraded

    def require_keys(self, now: Clock, request: Request, permit: Permission = _ANYTHING) -> Receipt:
        """Let the log require that its heads are signed from now on, with the keys that the key at hand states.

        Raises:
            as `command`.
        """
        with self.command(now, request, permit=permit) as command:
            stamp = self._own_stamp(command.recorded, request.by) | {"reason": request.reason}
            return command.append([self._keys_required(stamp, self.setting("city"))])

    def _keys_required(self, stamp: dict[str, Any], city: str) -> KeysRequired:
        """Return the event that states which keys are required, and make room for the signature where there is none."""
        if self._signing is None:
            raise HeadNotSigned("the head is to be signed, and there is no key at hand")
        statements = self._statements()
        stated = self._signing.statement(city, self.head(), statements)
        if not self._recorder.has_room_for_signature():
            self._recorder.begin_signing()
        stamp |= {"originator_id": keys_stream(), "originator_version": len(statements) + 1}
        return KeysRequired(**stamp, note=stated.note, vouched=stated.vouched, agrees=stated.agrees)

    def _statements(self) -> list[Statement]:
        """Return what the log says of the keys that its head must be signed with, in order."""
        stream = keys_stream()
        events = self.events_of(stream)
        positions = self.positions_of(stream) if events else {}
        return [
            Statement(positions[event.originator_version], event.note, event.vouched, event.agrees)
            for event in events
            if isinstance(event, KeysRequired)
        ]

    def _require_signed(self, city: str) -> None:
        """Refuse a head that is not signed as the log requires; of a log that requires nothing, nothing is asked."""
        statements, note = self._statements(), self._recorder.signature()
        if not statements and note is None:
            return
        if not statements:
            raise HeadNotSigned(
                "there is a signature of the head, and the log requires none: events are missing; "
                "see `heinola audit verify`, and restore a copy"
            )
        if self._signing is None:
            raise HeadNotSigned("the log requires that its head is signed, and there is no key at hand")
        self._signing.require_signed(city, self.head(), note or "", statements)

    def _sign(self, city: str) -> None:
        """Sign the head as the open command leaves it, where the log requires it."""
        if self._signing is not None and self._recorder.signature() is not None:
            self._recorder.sign(self._signing.signed(city, self.head()))

    @classmethod
    def take_over(
        cls,
        location: str,
        settings: tuple[str, str],
        batches: Iterable[Sequence[Row]],
        keys: Iterable[CommandKey],
        kept: Iterable[Kept],
        head: tuple[bytes, str | None],
        *,
        now: Clock,
        by: str,
        mode: int = PRIVATE,
    ) -> None:
        """Make a new store of another's log, word for word: all of it, or nothing.

        `settings` are the city and the chart, `kept` what is kept of its published reports, `head` the root that it
        should have and the signed note of that, or None where there is none. A log of an earlier format says at its
        end, in one more event, at the instant `now` and by whoever does so, `by`, that it is of this one;
        one of the first takes the settings and its command keys into itself.

        Raises:
            StoreExists: there is a store already.
            StoreNotSound: a report was published in it and is not kept, or not as it was published.
            Refused: the log does not have the root it should have.
        """
        with cls._new(location, *settings, mode) as log:
            root, signature = head
            log._continue(batches, root)  # noqa: SLF001 - one of this class
            earlier = list(keys)  # they come before what is kept, from the same file
            for one in kept:
                log._recorder.keep(one)  # noqa: SLF001
            log._say_format(settings, earlier, now, by)  # noqa: SLF001
            if signature is not None:
                log._recorder.begin_signing()  # noqa: SLF001
                log._recorder.sign(signature)  # noqa: SLF001

    def _initialise(self, city: str, chart: str, own: OwnChart | None, now: Clock, by: str) -> None:
        stamp = self._own_stamp(now, by)
        self._append_own([StoreInitialised(**stamp, originator_version=1, city=city, chart=chart, format=FORMAT)])
        if own is not None:
            stamp |= {"originator_id": chart_stream(), "originator_version": 1}
            self._append_own([ChartAdopted(**stamp, chart=own.id, content=own.content)])

    def _continue(self, batches: Iterable[Sequence[Row]], root: bytes) -> None:
        """Append a log word for word."""
        for rows in batches:
            recorded = orjson.loads(rows[-1][-1])["recorded"]
            self._append_bodies([Body(*row[1:]) for row in rows], parse_recorded(recorded))
        if self.head().root != root:
            raise Refused("the log changed while it was read; nothing was recorded, try again")

    def _say_format(self, settings: tuple[str, str], keys: Sequence[CommandKey], now: Clock, by: str) -> None:
        """Let a log of an earlier format say that it is of this one; of the first, with what stood beside it."""
        said = self.events_of(store_stream())
        if not said or getattr(said[-1], "format", None) != FORMAT:
            self._take_in(self._own_stamp(now, by), settings, keys)

    def _instant(self, now: Clock, request: Request) -> datetime:
        """Return when the command's events are recorded: now, and always after the last event of the log.

        So the instant tells the events of one command from those of another.
        """
        told = self.head().recorded  # which was held against the last event when the transaction began
        instant = (now() if callable(now) else now).astimezone(UTC)
        if not told:
            return instant
        last = parse_recorded(told)
        if not request.clock_is_right:
            require_right_clock(instant, last, self._all_recorded)
        return max(instant, last + STEP)

    def _all_recorded(self) -> Iterator[datetime]:
        """Yield when each event of the log was recorded, in order."""
        page = f"SELECT position, state FROM stored_events WHERE position > ? ORDER BY position LIMIT {PAGE}"  # noqa: S608 - a number of ours
        after = 0
        while rows := self._recorder.select(page, (after,)):
            yield from (_recorded(row["position"], row["state"]) for row in rows)
            after = rows[-1]["position"]

    def _upgrade(self, settings: Mapping[str, str], recorded: datetime, request: Request) -> int:
        """Bring a store of an earlier format to this one; what stood beside the log of the first goes into it."""
        if settings["format"] == FORMAT:
            return 0
        keys = self._keys_beside() if settings["format"] == FIRST_FORMAT else []
        self._recorder.upgrade(settings["format"])
        stamp = self._own_stamp(recorded, request.by)
        self._take_in(stamp, (settings["city"], settings["chart"]), keys)
        return self.head().size

    def _keys_beside(self) -> list[CommandKey]:
        from heinola_es.store.command_keys import CommandKey, require_sound_keys  # noqa: PLC0415 - rarely needed

        rows = self._recorder.select("SELECT key, digest, first, last FROM command_keys ORDER BY first, key")
        keys = [CommandKey(row["key"], row["digest"], row["first"], row["last"]) for row in rows]
        require_sound_keys(keys, self.head().size)
        return keys

    def _take_in(self, stamp: dict[str, Any], settings: tuple[str, str], keys: Iterable[CommandKey]) -> None:
        city, chart = settings
        told = tuple((key.key, key.digest, str(key.first), str(key.last)) for key in keys)
        version = len(self.events_of(store_stream())) + 1
        event = StoreUpgraded(**stamp, originator_version=version, city=city, chart=chart, format=FORMAT, keys=told)
        self._append_own([event])

    def _own_stamp(self, now: Clock, by: str) -> dict[str, Any]:
        """Return what an event of the store itself carries."""
        instant = (now() if callable(now) else now).astimezone(UTC)
        last = self.head().recorded
        recorded = max(instant, parse_recorded(last)) if last else instant
        return {
            "originator_id": store_stream(),
            "recorded": recorded,
            "recorded_by": by,
            "login": self._recorder.login,
            "effective": Period.of_day(recorded.date()),
        }

    @contextmanager
    def _exclusive(self, *, commit: bool = True) -> Iterator[None]:
        """Hold the write lock, and say what goes wrong in a sentence."""
        with self._told(), self._recorder.exclusive(commit=commit):
            yield

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say in a sentence what the database does not do."""
        try:
            yield
        except (NotAsAppended, Misplaced) as error:
            raise StoreNotSound(
                f"the store is not as it must be ({error}), so nothing was recorded; see `heinola audit verify`"
            ) from error
        except (IntegrityError, sqlite3.IntegrityError) as error:
            raise Refused(f"the store refused the event ({first_line(error)}); nothing was recorded") from error
        except (PersistenceError, sqlite3.Error) as error:
            if is_busy(error):
                raise StoreBusy(
                    f"others were recording for more than {BUSY_SECONDS} seconds; nothing was recorded, try again"
                ) from error
            raise Refused(f"{self._trouble(error)}; nothing was recorded") from error

    def _trouble(self, error: BaseException) -> str:
        """Return what an error of the database means."""
        return trouble(error) if is_on_server(self.location) else trouble_with(store_path(self.location), error)

    def _append(self, events: Sequence[Event], request: Request, upgraded: int, permit: Permission) -> Receipt:
        if not events:
            return Receipt((), 0, 0, upgraded=upgraded)
        permit.require(events)
        first, last = self._append_own(events)
        if request.key:
            self._append_own([_keyed(events[-1], request, first, last)])
        return Receipt(tuple(events), first, last, upgraded=upgraded)

    def _append_own(self, events: Sequence[Event]) -> tuple[int, int]:
        """Append events that were recorded in the same instant; return the first and the last position."""
        recorded = format_recorded(events[-1].recorded)
        put = self._events.put(cast("Sequence[DomainEventProtocol[UUID]]", events), recorded=recorded)
        return put[0].notification.id, put[-1].notification.id

    def _append_permitted(self, bodies: Sequence[Body], recorded: datetime, permit: Permission) -> None:
        permit.require_bodies(bodies)
        self._append_bodies(bodies, recorded)

    def _append_bodies(self, bodies: Iterable[Body], recorded: datetime) -> None:
        stored = cast("list[StoredEvent]", list(bodies))  # of many, what it costs to make those others counts
        self._recorder.insert_events(stored, recorded=format_recorded(recorded))

    def earlier(self, request: Request) -> Receipt | None:
        """Return what an earlier command with the same key recorded; None where there was none.

        Raises:
            KeyUsedBefore: the key was given to another command.
        """
        found = self._keyed_before(request.key) if request.key else None
        if found is None:
            return None
        if found.digest != request.digest:
            raise KeyUsedBefore(
                f"the key {request.key!r} was used for another command (positions {found.first}–{found.last}); "
                "choose a new one"
            )
        return Receipt((), found.first, found.last, repeated=True)

    def _keyed_before(self, key: str) -> CommandKey | None:
        """Return the key as the log has it: in a stream of its own, or taken in from beside the log."""
        from heinola_es.store.command_keys import CommandKey, keys_taken_in  # noqa: PLC0415 - where a key is given

        for event in self.events_of(command_stream(key)):
            if isinstance(event, CommandKeyed):
                return CommandKey(event.key, event.digest, event.first, event.last)
        upgrades = (event for event in self.events_of(store_stream()) if isinstance(event, StoreUpgraded))
        taken_in = (known for event in upgrades for known in keys_taken_in(event.keys, self.head().size))
        return next((known for known in taken_in if known.key == key), None)


def _is_of_command(event: Event, own: tuple[datetime, str]) -> bool:
    """Return whether an event is of the command that recorded at an instant, by whom."""
    return (event.recorded, event.recorded_by) == own and not isinstance(event, StoreInitialised | StoreUpgraded)


def _text_in(position: int, state: bytes, name: str) -> str:
    """Return a text that a body says."""
    try:
        text = orjson.loads(state)[name]
    except (KeyError, TypeError, ValueError) as error:
        raise UnreadableEvent.at(position, error) from error
    if not isinstance(text, str):
        raise UnreadableEvent.at(position, f"its {name} is no text")
    return text


def _city_unit(stamp: dict[str, Any], code: str, name: str) -> UnitEstablished:
    """Return the event by which a city is a unit, from before anything that is recorded of it."""
    stamp |= {"originator_id": unit_stream(code), "originator_version": 1, "effective": Period.of_day(CITY_SINCE)}
    return UnitEstablished(**stamp, code=code, name=name, kind=CITY)


def _recorded(position: int, state: bytes) -> datetime:
    """Return when an event was recorded."""
    try:
        return parse_recorded(orjson.loads(state)["recorded"])
    except (KeyError, TypeError, ValueError) as error:
        raise LogDamaged.at(f"event {position} cannot be read ({flaw_in_words(error)})") from error


def _keyed(last_event: Event, request: Request, first: int, last: int) -> CommandKeyed:
    """Return the event that keeps a command's key beside what it recorded."""
    return CommandKeyed(
        originator_id=command_stream(str(request.key)),
        originator_version=1,
        recorded=last_event.recorded,
        recorded_by=last_event.recorded_by,
        login=last_event.login,
        effective=Period.of_day(last_event.recorded.date()),
        key=str(request.key),
        digest=request.digest,
        first=first,
        last=last,
    )
