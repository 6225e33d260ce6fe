"""Rounds: which units report on a period and by when, and how far each has come. One stream per period."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of

from events.base import Event, required


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class RoundOpened(Event):
    """The units are asked to report on `effective`; of a round that is open, this is how it goes on from now.

    Attributes:
        due: the last day on which a unit is in time.
        units: codes of the units that report, in the order of a report.
        four_eyes: whether nobody accepts what they recorded themselves.
    """

    TOPIC: ClassVar[str] = "RoundOpened"

    due: date = field(validator=instance_of(date))
    units: tuple[str, ...] = field(validator=deep_iterable(instance_of(str), instance_of(tuple)))
    four_eyes: bool = field(default=False, validator=instance_of(bool))


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class PartSubmitted(Event):
    """A unit has handed in what it reports on `effective`."""

    TOPIC: ClassVar[str] = "PartSubmitted"

    unit: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class PartReturned(Event):
    """What a unit handed in, or what was accepted of it, goes back to the unit; `reason` says why."""

    TOPIC: ClassVar[str] = "PartReturned"

    unit: str = field(validator=required)
    reason: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class PartAccepted(Event):
    """What a unit handed in is accepted as it stands."""

    TOPIC: ClassVar[str] = "PartAccepted"

    unit: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class RoundClosed(Event):
    """Nobody is waited for any more."""

    TOPIC: ClassVar[str] = "RoundClosed"


RoundsEvent = RoundOpened | PartSubmitted | PartReturned | PartAccepted | RoundClosed
