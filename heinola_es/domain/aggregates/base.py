"""What all aggregates share: a stream that is replayed, and new events that continue it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Generic, Self, TypedDict, TypeVar, cast
from uuid import UUID

from attrs import define, field, frozen

from events.base import Event
from events.ranges import ranges_of, undone_by
from events.undoing import FactsUndone
from events.value_object import ValueObject
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from events.period import Period

Family = TypeVar("Family", bound=Event)
"""The events that a stream of the aggregate's kind may hold."""


class ReasonRequired(Refused):
    """What puts something right must say why."""


class BeforeUnitExisted(Refused):
    """The fact is about a day on which the unit did not exist."""


class UndoneBefore(Refused):
    """What is to be undone counts no longer already."""


@frozen(slots=True, eq=False, repr=False)
class Stamp(ValueObject):
    """What a command adds to each of its events: when it was recorded, by whom, from what source and why.

    `login` is whom the database takes them for, where it asks.
    """

    recorded: datetime
    by: str
    source: str = ""
    reason: str = ""
    login: str = ""

    def require_reason(self, what: str) -> None:
        """Refuse a stamp without a reason.

        Raises:
            ReasonRequired: `what` (e.g. "a correction") is told why it is needed.
        """
        if not self.reason.strip():
            raise ReasonRequired(f'{what} needs a reason; add --reason "…"')


class Head(TypedDict):
    """What every event carries, see `Event`; the constructor of an event takes it beside the event's own fields."""

    originator_id: UUID
    originator_version: int
    recorded: datetime
    recorded_by: str
    effective: Period
    source: str
    reason: str
    login: str


@define(slots=True, kw_only=True, eq=False, repr=False)
class Aggregate(Generic[Family]):
    """State folded from one stream, and the events that a command adds to it.

    Attributes:
        KIND: what the stream is of, for sentences.
        FAMILY: the classes of the events that it may hold, each of which `evolve` has a case for.
        stream: the stream's id.
        version: version of the last event of the stream; 0 for an empty one.
        undone: versions of the events that count no longer, each with that of the event that undid it.
        only_asked: whether it decides what could be recorded, and records nothing.
        pending: new events in the order decided; shared by all aggregates of a command, so that its order is kept.
    """

    KIND: ClassVar[str]
    FAMILY: ClassVar[frozenset[type[Event]]]

    stream: UUID
    pending: list[Event] = field(factory=list)
    version: int = 0
    undone: dict[int, int] = field(factory=dict)
    only_asked: bool = False

    def replay(self, events: Iterable[Event]) -> Self:
        """Apply a stream's stored events in order, those that were not undone, and return the aggregate.

        Raises:
            TypeError, ValueError: an event of another kind of stream, or a version twice or left out: it is damaged.
        """
        events = list(events)
        undoings = [event for event in events if isinstance(event, FactsUndone)]
        if undoings:
            self.undone = undone_by((event.originator_version, event.undoes) for event in undoings)
        for event in events:
            if undoings and (isinstance(event, FactsUndone) or event.originator_version in self.undone):
                self._follow(event)
                continue
            if type(event) not in self.FAMILY:
                raise TypeError(f"{event.TOPIC} does not belong to {self.KIND}")
            self._apply(cast("Family", event))
        return self

    def head(self, stamp: Stamp, effective: Period) -> Head:
        """Return what the next event of the stream carries beside its own fields."""
        return {
            "originator_id": self.stream,
            "originator_version": self.version + 1,
            "recorded": stamp.recorded,
            "recorded_by": stamp.by,
            "effective": effective,
            "source": stamp.source,
            "reason": stamp.reason,
            "login": stamp.login,
        }

    def record(self, event: Family) -> None:
        """Apply the next event of the stream, made of `head`, and keep it for the command to append."""
        if self.only_asked:
            return
        self._apply(event)
        self.pending.append(event)

    def evolve(self, event: Family) -> None:
        """Take the event into the state; every aggregate has its own."""
        raise NotImplementedError

    def undo(self, stamp: Stamp, key: str, positions: Mapping[int, int], effective: Period) -> None:
        """Record that events of the stream are undone; the aggregate is to be replayed anew before it decides again.

        Args:
            stamp: with a reason.
            key: the natural key of the stream.
            positions: of the events, by their versions.
            effective: spans what they are about.

        Raises:
            ReasonRequired.
            UndoneBefore: one of them is undone already.
        """
        stamp.require_reason("undoing something")
        for version, position in positions.items():
            if version in self.undone:
                raise UndoneBefore(f"#{position} is undone already")
        undoes, at = ranges_of(positions), ranges_of(positions.values())
        event = FactsUndone(**self.head(stamp, effective), stream=key, undoes=undoes, positions=at)
        self._follow(event)
        self.pending.append(event)

    def _apply(self, event: Family) -> None:
        self._follow(event)
        self.evolve(event)

    def _follow(self, event: Event) -> None:
        """Count the next event of the stream.

        Raises:
            ValueError: it is not the next.
        """
        if event.originator_version != self.version + 1:
            raise ValueError(
                f"event {event.originator_version} of stream {self.stream} follows {self.version}: damaged"
            )
        self.version += 1
