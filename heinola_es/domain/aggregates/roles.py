"""The roles that people have in a store: given and withdrawn, and never so that nobody could give any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, assert_never, get_args

from attrs import define, field

from events.period import Period
from events.roles import RoleGiven, RolesEvent, RoleWithdrawn
from heinola_es.domain.aggregates.base import Aggregate, Stamp
from heinola_es.domain.aggregates.unit import NothingChanges
from heinola_es.domain.codes import require_name
from heinola_es.errors import BadInput, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

Level = Literal["reporter", "controller"]
"""The roles that may record; who may record what the second may, may record what the first may."""
_READING = frozenset({"reader", "auditor"})


class NoControllerLeft(Refused):
    """Nobody would be left who may give roles."""


class NotOfAUnit(BadInput):
    """A role that is about reading is one for the whole city."""


class Held(NamedTuple):
    """A role as somebody has it: for a unit with everything below, or for the whole city where that is None."""

    role: str
    unit: str | None


@define(slots=True, kw_only=True, eq=False, repr=False)
class Roles(Aggregate[RolesEvent]):
    """Who has which roles, folded from their stream.

    Attributes:
        held: by the name of who has them, in the order in which they were given, each with the login that it needs.
    """

    KIND = "the roles"
    FAMILY = frozenset(get_args(RolesEvent))

    held: dict[str, dict[Held, str]] = field(factory=dict)

    @property
    def are_set(self) -> bool:
        """Return whether roles decide who may do what: from the first one on."""
        return bool(self.held)

    def evolve(self, event: RolesEvent) -> None:
        """Take in who has which."""
        match event:
            case RoleGiven():
                self.held.setdefault(event.actor, {})[Held(event.role, event.unit)] = event.of_login
            case RoleWithdrawn():
                self.held.get(event.actor, {}).pop(Held(event.role, event.unit), None)
            case _:
                assert_never(event)

    def of(self, actor: str, login: str | None = None) -> Iterator[Held]:
        """Yield the roles that somebody has; with a login, those that count under it."""
        for one, needed in self.held.get(actor, {}).items():
            if login is None or needed in {"", login}:
                yield one

    def is_for(self, stamp: Stamp) -> bool:
        """Return whether a role was given to somebody by the very login that they record with."""
        return bool(stamp.login) and stamp.login in self.held.get(stamp.by, {}).values()

    def controllers(self) -> list[str]:
        """Return who is a controller of the whole city."""
        return [actor for actor, held in self.held.items() if Held("controller", None) in held]

    def give(self, stamp: Stamp, actor: str, role: str, unit: str | None, of_login: str) -> None:
        """Let somebody have a role for a unit with everything below, or for the whole city where that is None.

        Raises:
            NoCode: nobody can be called so.
            NotOfAUnit, NothingChanges; NoControllerLeft where it is the first, and no controller's.
        """
        _require_actor(actor)
        if unit is not None and role in _READING:
            raise NotOfAUnit(f"whoever reads, reads all of the city: give the role {role} without --unit")
        held = Held(role, unit)
        if self.held.get(actor, {}).get(held) == of_login:
            raise NothingChanges(f"{actor} has the role {in_words(held)} already")
        if not self.controllers() and held != Held("controller", None):
            raise NoControllerLeft(
                "the first role is that of a controller of the whole city, or nobody could give any more; record it "
                "with `heinola record role NAME controller`"
            )
        head = self.head(stamp, Period.of_day(stamp.recorded.date()))
        self.record(RoleGiven(**head, actor=actor, role=role, unit=unit, of_login=of_login))

    def withdraw(self, stamp: Stamp, actor: str, role: str, unit: str | None) -> None:
        """Let somebody have a role no longer.

        Raises:
            NothingChanges: they do not have it.
            NoControllerLeft: they are the last controller of the whole city.
        """
        held = Held(role, unit)
        if held not in self.held.get(actor, {}):
            raise NothingChanges(f"{actor} does not have the role {in_words(held)}; see `heinola list roles`")
        if held == Held("controller", None) and self.controllers() == [actor]:
            raise NoControllerLeft(
                f"{actor} is the last controller of the whole city, and nobody could give roles any more; make "
                "somebody else one first, with `heinola record role NAME controller`"
            )
        head = self.head(stamp, Period.of_day(stamp.recorded.date()))
        self.record(RoleWithdrawn(**head, actor=actor, role=role, unit=unit))


def in_words(held: Held) -> str:
    """Return a role as it is told: `reporter of 4160`."""
    return f"{held.role} of {held.unit or 'the whole city'}"


def _require_actor(actor: str) -> None:
    require_name(actor, "who has the role")
    if actor != actor.strip():
        raise BadInput(f"{actor!r} has blanks at its ends; write the name as it stands in --actor")
