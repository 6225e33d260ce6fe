"""What all aggregates share: a stream that is replayed, and new events that continue it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from uuid import UUID

from attrs import define, field, frozen

from events.base import Event
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.period import Period


class ReasonRequired(Refused):
    """What puts something right must say why."""


class BeforeUnitExisted(Refused):
    """The fact is about a day on which the unit did not exist."""


@frozen(slots=True)
class Stamp:
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


@define(slots=True, kw_only=True)
class Aggregate:
    """State folded from one stream, and the events that a command adds to it.

    Attributes:
        stream: the stream's id.
        version: version of the last event applied; 0 for an empty stream.
        pending: new events in the order decided; shared by all aggregates of a command, so that its order is kept.
    """

    stream: UUID
    pending: list[Event] = field(factory=list)
    version: int = 0

    def replay(self, events: Iterable[Event]) -> Self:
        """Apply a stream's stored events in order and return the aggregate."""
        for event in events:
            self._apply(event)
        return self

    def record(self, event_type: type[Event], stamp: Stamp, effective: Period, **fields: Any) -> None:  # noqa: ANN401
        """Make the next event of the stream, apply it, and keep it for the command to append."""
        event = event_type(
            originator_id=self.stream,
            originator_version=self.version + 1,
            recorded=stamp.recorded,
            recorded_by=stamp.by,
            source=stamp.source,
            reason=stamp.reason,
            login=stamp.login,
            effective=effective,
            **fields,
        )
        self._apply(event)
        self.pending.append(event)

    def evolve(self, event: Event) -> None:
        """Take the event into the state; every aggregate has its own."""
        raise NotImplementedError

    def _apply(self, event: Event) -> None:
        if event.originator_version != self.version + 1:
            raise ValueError(
                f"event {event.originator_version} of stream {self.stream} follows {self.version}: damaged"
            )
        self.evolve(event)
        self.version += 1
