"""What every event carries: its stream, the two clocks, and who recorded it, from what, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from attrs import field, frozen
from attrs.validators import ge, instance_of

from events.period import Period
from events.value_object import ValueObject

if TYPE_CHECKING:
    from attrs import Attribute


def _is_utc(_event: Event, attribute: Attribute[datetime], value: datetime) -> None:
    if value.tzinfo is not UTC:
        raise ValueError(f"{attribute.name} must be in UTC, not {value!r}")


def required(_event: Event, attribute: Attribute[str], value: object) -> None:
    """Refuse an empty text where the event means nothing without it."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{attribute.name} must not be empty")


cents = instance_of(int)
"""Validator of amounts: whole cents, expenses negative."""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Event(ValueObject):
    """A fact that was recorded. Never changed, never deleted; a mistake is put right by a further event.

    Attributes:
        originator_id: the stream, a uuid5 of its natural key (see `events.streams`).
        originator_version: 1, 2, 3 … within the stream, without gaps.
        recorded: the UTC instant at which the fact entered the log (*kirjattu*).
        recorded_by: who recorded it: a login or a role.
        login: whom the database took them for, where it asks; empty in a file.
        effective: the day or period in the real world that the fact is about (*voimassa*), both ends inclusive.
        source: the document, file row or decision it was taken from; may be empty.
        reason: why, in free text; required by the events that put something right.
    """

    TOPIC: ClassVar[str]
    VERSION: ClassVar[int] = 1
    UPCASTS: ClassVar[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {}

    originator_id: UUID = field(validator=instance_of(UUID))
    originator_version: int = field(validator=[instance_of(int), ge(1)])
    recorded: datetime = field(validator=[instance_of(datetime), _is_utc])
    recorded_by: str = field(validator=required)
    effective: Period = field(validator=instance_of(Period))
    source: str = ""
    reason: str = ""
    login: str = ""
