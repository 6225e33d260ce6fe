"""A reporting round: the units that are asked to report on a period, and how far each has come."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never, get_args

from attrs import define, evolve, field, frozen

from events.period import Period
from events.rounds import PartAccepted, PartReturned, PartSubmitted, RoundClosed, RoundOpened, RoundsEvent
from events.value_object import ValueObject
from heinola_es.domain.aggregates.base import Aggregate, Stamp
from heinola_es.domain.aggregates.unit import NothingChanges
from heinola_es.errors import BadInput, Refused, nearest

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date

PartState = Literal["open", "submitted", "returned", "accepted"]


class NoRound(Refused):
    """The round of the period is not open."""


class NotInRound(BadInput):
    """The unit is not asked to report in the round."""


class NotSubmitted(Refused):
    """There is nothing that could be accepted or sent back."""


class AcceptedBefore(Refused):
    """What is accepted is not handed in anew before it was sent back."""


class OwnWork(Refused):
    """Nobody accepts what they recorded themselves, where four eyes are asked for."""


class DueBeforeEnd(BadInput):
    """A round is not due before the period that it is about is over."""


class Author(NamedTuple):
    """Who recorded something, and with which login; in a file there is none."""

    actor: str
    login: str


@frozen(slots=True, eq=False, repr=False)
class Part(ValueObject):
    """How far a unit has come.

    Attributes:
        state: `open` where it was never handed in.
        by: who brought it there, and None where nobody did.
        submitted_by: who handed it in last, and with which login.
    """

    state: PartState = "open"
    by: str | None = None
    submitted_by: Author | None = None


@define(slots=True, kw_only=True, eq=False, repr=False)
class Round(Aggregate[RoundsEvent]):
    """The round of a period, folded from its stream."""

    KIND = "a round"
    FAMILY = frozenset(get_args(RoundsEvent))

    period: Period
    opened: RoundOpened | None = None
    is_open: bool = False
    parts: dict[str, Part] = field(factory=dict)

    def evolve(self, event: RoundsEvent) -> None:
        """Take in how far it has come."""
        match event:
            case RoundOpened():
                self.opened, self.is_open = event, True
            case RoundClosed():
                self.is_open = False
            case PartSubmitted():
                author = Author(event.recorded_by, event.login)
                self.parts[event.unit] = Part("submitted", event.recorded_by, author)
            case PartReturned():
                self.parts[event.unit] = evolve(self.part(event.unit), state="returned", by=event.recorded_by)
            case PartAccepted():
                self.parts[event.unit] = evolve(self.part(event.unit), state="accepted", by=event.recorded_by)
            case _:
                assert_never(event)

    def part(self, unit: str) -> Part:
        """Return how far a unit has come."""
        return self.parts.get(unit, Part())

    def open(self, stamp: Stamp, due: date, units: tuple[str, ...], *, four_eyes: bool) -> None:
        """Ask units to report by a day; of a round that is open or was closed, let it go on so.

        Raises:
            DueBeforeEnd, NothingChanges.
        """
        if due <= self.period.end:
            raise DueBeforeEnd(
                f"{_day(due)} is not after the period {self.period.label}; give the day by which it is reported on"
            )
        known = self.opened
        if self.is_open and known and (known.due, known.units, known.four_eyes) == (due, units, four_eyes):
            raise NothingChanges(f"the round {self.period.label} is open so already, due on {_day(due)}")
        self.record(RoundOpened(**self.head(stamp, self.period), due=due, units=units, four_eyes=four_eyes))

    def submit(self, stamp: Stamp, unit: str) -> None:
        """Hand in what a unit reports.

        Raises:
            NoRound, NotInRound, NothingChanges, AcceptedBefore.
        """
        state = self._part_of(unit).state
        if state == "submitted":
            raise NothingChanges(f"unit {unit} has handed in its part of the round {self.period.label} already")
        if state == "accepted":
            raise AcceptedBefore(
                f"the part of unit {unit} is accepted; to hand it in anew, let it be sent back with "
                f"`heinola round return {self.period} {unit}`"
            )
        self.record(PartSubmitted(**self.head(stamp, self.period), unit=unit))

    def send_back(self, stamp: Stamp, unit: str) -> None:
        """Send back what a unit handed in, or what was accepted of it, with a reason.

        Raises:
            NoRound, NotInRound, NotSubmitted, ReasonRequired.
        """
        stamp.require_reason("sending a part back")
        self._require_submitted(unit, ("submitted", "accepted"))
        self.record(PartReturned(**self.head(stamp, self.period), unit=unit))

    def accept(self, stamp: Stamp, unit: str, authors: Collection[Author], *, shared: bool = False) -> None:
        """Accept what a unit handed in.

        Args:
            stamp: who accepts it, and when.
            unit: whose part it is.
            authors: who recorded what it says, besides whoever handed it in.
            shared: whether others are known to record with the same login; else one login is one person.

        Raises:
            NoRound, NotInRound, NotSubmitted, NothingChanges, OwnWork.
        """
        if self._part_of(unit).state == "accepted":
            raise NothingChanges(f"the part of unit {unit} in the round {self.period.label} is accepted already")
        part = self._require_submitted(unit, ("submitted",))
        if self.opened and self.opened.four_eyes:
            of_all = [*([part.submitted_by] if part.submitted_by else []), *authors]
            _require_others(stamp, unit, of_all, shared=shared)
        self.record(PartAccepted(**self.head(stamp, self.period), unit=unit))

    def handed_in(self) -> list[str]:
        """Return the units whose parts are handed in, and neither accepted nor sent back.

        Raises:
            NoRound; NotSubmitted where there are none.
        """
        units = [unit for unit in self._require_open().units if self.part(unit).state == "submitted"]
        if not units:
            raise NotSubmitted(f"nothing of the round {self.period.label} is handed in and waits to be accepted")
        return units

    def close(self, stamp: Stamp) -> None:
        """Wait for nobody any more.

        Raises:
            NoRound.
        """
        self._require_open()
        self.record(RoundClosed(**self.head(stamp, self.period)))

    def _require_open(self) -> RoundOpened:
        if self.opened is None or not self.is_open:
            how = "is closed" if self.opened else "was never opened"
            raise NoRound(
                f"the round {self.period.label} {how}; open it with `heinola round open {self.period} --due DATE`"
            )
        return self.opened

    def _part_of(self, unit: str) -> Part:
        units = self._require_open().units
        if unit not in units:
            raise NotInRound(
                f"unit {unit} does not report in the round {self.period.label}{nearest(unit, units)}; to have it do "
                "so, open the round again with its units"
            )
        return self.part(unit)

    def _require_submitted(self, unit: str, states: tuple[PartState, ...]) -> Part:
        part = self._part_of(unit)
        if part.state not in states:
            how = "was sent back, and not handed in since" if part.state == "returned" else "was not handed in yet"
            raise NotSubmitted(f"the part of unit {unit} in the round {self.period.label} {how}")
        return part


def _require_others(stamp: Stamp, unit: str, authors: Collection[Author], *, shared: bool) -> None:
    """Refuse whoever recorded some of it, by name or, where the database knows them, by login.

    Raises:
        OwnWork.
    """
    if any(author.actor == stamp.by for author in authors):
        raise OwnWork(
            f"{stamp.by} recorded or handed in some of the part of unit {unit}, and four eyes are asked for; "
            "let somebody else accept it"
        )
    same = next((author for author in authors if stamp.login and author.login == stamp.login and not shared), None)
    if same is not None:
        raise OwnWork(
            f"{same.actor} recorded or handed in some of the part of unit {unit} with the same login, "
            f"{stamp.login!r}, and four eyes are asked for; let somebody with another login accept it, or say who "
            f"shares it: `heinola record role {quote(stamp.by)} ROLE --login {quote(stamp.login)}`"
        )


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
