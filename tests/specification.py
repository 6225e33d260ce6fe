"""Given/when/then on events, over a real store: what had happened, what is asked for, what happens or why not.

given(*CITY_FACTS).when(post_actual, "4100", "personnel", parse_period("1/2020"), -100_00).then(
    fact(ActualPosted, "1/2020", unit="4100", line="personnel", amount_cents=-100_00)
)
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Any, get_args
from urllib.parse import urlsplit
from uuid import UUID, uuid5

import orjson
from attrs import define, evolve, field

from events.base import Event
from events.city import CityNamed
from events.codec import decode_event
from events.figures import BudgetAdopted, BudgetAmended
from events.imports import FileImported
from events.organisation import OrganisationEvent, UnitEstablished
from events.projects import ProjectsEvent
from events.publications import ReportPublished
from events.roles import RolesEvent
from events.rounds import RoundsEvent
from events.streams import (
    NAMESPACE,
    city_stream,
    import_stream,
    project_stream,
    publication_stream,
    roles_stream,
    round_stream,
    unit_stream,
    unit_year_stream,
)
from events.undoing import FactsUndone
from heinola_es.domain.periods import parse_period
from heinola_es.errors import HeinolaError
from heinola_es.handlers.session import run
from heinola_es.store.kept import SALT_BYTES
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from tests.city import CITY, FOUNDED, MADE, UNITS
from tests.databases import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from events.period import Period

ACTOR = "controller"
EARLIER = datetime(2020, 1, 1, 9, 0, tzinfo=UTC)
"""When everything that is given was recorded."""

NOW = datetime(2020, 7, 1, 9, 0, tzinfo=UTC)
"""When the first command is given; each further one comes a minute later."""


def fact(
    event_type: type[Event],
    effective: Period | str,
    *,
    source: str = "",
    reason: str = "",
    **fields: Any,  # noqa: ANN401 - the fields of the event
) -> Event:
    """Return an event as people would tell it: the period as they write it, the stream from the event's own fields."""
    period = parse_period(effective) if isinstance(effective, str) else effective
    return event_type(
        originator_id=stream_of(event_type, period, fields),
        originator_version=1,  # the specification numbers it in its place
        recorded=EARLIER,
        recorded_by=ACTOR,
        effective=period,
        source=source,
        reason=reason,
        **fields,
    )


def stream_of(event_type: type[Event], effective: Period, fields: dict[str, Any]) -> UUID:
    """Return the stream that an event belongs to, as the table of families has it."""
    if event_type in get_args(OrganisationEvent):
        return unit_stream(fields["code"])
    if event_type in get_args(ProjectsEvent):
        return project_stream(fields["project"])
    if event_type in {CityNamed, FileImported}:
        return city_stream() if event_type is CityNamed else import_stream(fields["sha256"])
    if event_type is ReportPublished or event_type in get_args(RoundsEvent):
        return publication_stream(effective, fields["scope"]) if "scope" in fields else round_stream(effective)
    if event_type in {FactsUndone, *get_args(RolesEvent)}:
        return uuid5(NAMESPACE, fields["stream"]) if event_type is FactsUndone else roles_stream()
    budget = event_type in {BudgetAdopted, BudgetAmended}
    return unit_year_stream(fields["unit"], fields["fiscal_year"] if budget else effective.year)


_salts = count()


def SALT() -> bytes:  # noqa: N802 - a constant of a test, but for its value
    """Return the bytes that a test takes for random ones, others each time."""
    return next(_salts).to_bytes(SALT_BYTES)


CITY_FACTS: tuple[Event, ...] = tuple(
    fact(UnitEstablished, FOUNDED.isoformat(), code=code, name=name, kind=kind, parent=parent)
    for code, name, kind, parent in UNITS
)
"""The units of the small city of `tests.city`."""


def events_in(log: EventLog) -> list[Event]:
    """Return all events of a store in the order of the log, that of its making first, read as a reader reads them."""
    with LogReader.open(log.location) as reader:
        return events_of(reader)


def events_of(reader: LogReader) -> list[Event]:
    """Return all events of an open store, as `events_in`."""
    return [
        decode_event(topic, UUID(stream), version, orjson.loads(body))
        for _position, stream, version, topic, body in reader.rows(0, reader.size())
    ]


@define
class Situation:
    """A store with a history, ready to be asked for something."""

    log: EventLog
    reader: LogReader
    unchecked: list[Outcome]
    commands: int = 0

    def when(
        self, handler: Callable[..., None], *args: object, reason: str = "", source: str = "", **options: object
    ) -> Outcome:
        """Give one command: a handler and its arguments; its events carry `reason` and `source`."""
        before = events_of(self.reader)
        now = NOW + timedelta(minutes=self.commands)
        self.commands += 1
        outcome = Outcome(self, before, now, source, reason)
        self.unchecked.append(outcome)
        try:
            run(self.log, now, Request(ACTOR, source, reason), lambda session: handler(session, *args, **options))
        except HeinolaError as error:
            outcome.error = error
        return outcome


@define(eq=False)
class Outcome:
    """What came of a command; every outcome has to be looked at."""

    situation: Situation
    before: list[Event]
    now: datetime
    source: str
    reason: str
    error: HeinolaError | None = None

    def then(self, *expected: Event) -> Situation:
        """Demand that exactly these events were added, in this order, by this command."""
        self.situation.unchecked.remove(self)
        if self.error is not None:
            raise AssertionError(f"refused: {self.error}") from self.error
        after = events_of(self.situation.reader)
        assert after[: len(self.before)] == self.before
        login = login_at(self.situation.log.location)
        stamped = [evolve(event, recorded=self.now, login=login) for event in expected]
        assert after[len(self.before) :] == numbered(stamped, self.before)
        return self.situation

    def refused(self, error: type[HeinolaError], words: str) -> Situation:
        """Demand that the command was refused with this error, in these words, and that nothing was added."""
        self.situation.unchecked.remove(self)
        assert type(self.error) is error, f"expected {error.__name__}, got {self.error!r}"
        assert words in str(self.error)
        assert events_of(self.situation.reader) == self.before
        return self.situation


def login_at(location: str) -> str:
    """Return whom the database of a store takes the tests for: the user of its address, and in a file nobody."""
    return urlsplit(location).username or ""


def numbered(events: Iterable[Event], before: Iterable[Event] = ()) -> list[Event]:
    """Return the events with the versions they have in their streams, after those that were there before."""
    versions = Counter(event.originator_id for event in before)
    placed = []
    for event in events:
        versions[event.originator_id] += 1
        placed.append(evolve(event, originator_version=versions[event.originator_id]))
    return placed


def _long_ago(location: str) -> None:
    EventLog.create(location, CITY, now=MADE, by=ACTOR).close()


def _just_before(location: str) -> None:
    EventLog.create(location, CITY, now=NOW - timedelta(seconds=1), by=ACTOR).close()


@define
class Given:
    """Starts specifications, each with a store of its own."""

    kept_in: Database
    situations: list[Situation] = field(factory=list)
    unchecked: list[Outcome] = field(factory=list)

    def __call__(self, *events: Event) -> Situation:
        """Let this have happened: the events stand in a new store, whatever any rule would say to them."""
        # Before what is given lies a pause that no later one exceeds.
        make, name = (_long_ago, "given") if events else (_just_before, "given-nothing")
        log = EventLog.open(self.kept_in.copy_of(name, make))
        situation = Situation(log, LogReader.open(log.location), self.unchecked)
        self.situations.append(situation)
        with log.command(EARLIER, Request(ACTOR, clock_is_right=True)) as command:
            command.append(numbered(events))
        return situation

    def close(self) -> None:
        """Close the stores; a command whose outcome nobody looked at would be a test that cannot fail."""
        for situation in self.situations:
            situation.reader.close()
            situation.log.close()
        assert not self.unchecked, "a when() without then() or refused() checks nothing"
