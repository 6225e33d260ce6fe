"""Who may record what: each event is held against the roles of whoever records it, as they were before its command.

Where no role was ever given, everybody may record everything. The same is asked when something is recorded, when a log
is verified, and when a page is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from shlex import quote
from typing import TYPE_CHECKING, Any, NamedTuple, get_args
from uuid import UUID

from attrs import define, field

from events.base import Event
from events.codec import parse_recorded
from events.roles import RolesEvent
from events.streams import project_stream, roles_stream, stream_of_key, topics_of, unit_stream
from events.undoing import FactsUndone
from heinola_es.domain.aggregates.roles import Level, Roles, in_words
from heinola_es.domain.aggregates.unit import Unit
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from events.ranges import Ranges


Told = Mapping[str, Any]
"""The body of an event, as it is stored."""


class NotAllowed(Refused):
    """Whoever records it does not have the role that it needs."""


class Needed(NamedTuple):
    """What it takes to record something.

    Attributes:
        level: the role that is enough.
        units: codes of the units that it is needed for, each of them; None for the whole city. Where there are none,
            the role for any unit will do.
    """

    level: Level
    units: tuple[str, ...] | None


class Lack(NamedTuple):
    """What somebody lacks who would record something, or did.

    Attributes:
        actor: who.
        needed: the role that it takes, in words: `reporter for 4160`.
        held: the roles that they have instead, in words.
        remedy: the command that gives them the role.
    """

    actor: str
    needed: str
    held: str
    remedy: str

    def __str__(self) -> str:
        return (
            f"{self.actor} may not record this: it needs the role {self.needed}, and {self.actor} has {self.held}; "
            f"a controller gives it with `{self.remedy}`"
        )


WHOLE_CITY = Needed("controller", None)
_OWN = frozenset(topics_of("store", "commands"))
"""What a store says of itself beside what people record."""
_ORGANISATION = frozenset(topics_of("organisation")) - {"UnitTextTranslated"}
_PROJECTS = frozenset(topics_of("projects"))
_DECIDED = frozenset({"BudgetAdopted", "BudgetAmended", "AmendmentDropped", "PeriodClosed", "PeriodReopened"})
_DECIDED |= {"PartReturned", "PartAccepted"}
"""What a controller decides of a unit; whatever else is told of it, whoever reports for it tells."""
_OF_UNITS = frozenset(topics_of("figures", "goals", "narratives", "coverage", "forecasts", "proposals"))
_OF_UNITS |= {"PartSubmitted", "PartReturned", "PartAccepted"}
_STATE = frozenset(topics_of("organisation", "projects"))


@define(slots=True, eq=False, repr=False)
class Rights:
    """The roles, and the units and projects that they are about, as a log goes on.

    Attributes:
        known: returns the events of a stream that it begins with.
        facts: returns version, topic and body of the events of a stream, at least of those that were undone so far.
    """

    known: Callable[[UUID], Iterable[Event]]
    facts: Callable[[UUID], Iterable[tuple[int, str, Told]]]
    _streams: dict[UUID, list[Event]] = field(factory=dict, init=False)
    _units: dict[str, Unit] = field(factory=dict, init=False)
    _roles: Roles | None = field(default=None, init=False)
    _later: list[Event] = field(factory=list, init=False)
    _judged: dict[object, Lack | None] = field(factory=dict, init=False)
    _facts: dict[UUID, list[tuple[int, str, Told]]] = field(factory=dict, init=False)

    @property
    def roles(self) -> Roles:
        """Return who has which roles, as before the command whose events are being taken."""
        if self._roles is None:
            self._roles = Roles(stream=roles_stream()).replay(self._stream(roles_stream()))
        return self._roles

    def lack(self, topic: str, body: Told) -> Lack | None:
        """Return what whoever would record an event, or did, lacks; None where they may.

        Raises:
            LookupError, TypeError, ValueError: the event, or one that it is about, cannot be read.
        """
        recorded = parse_recorded(body["recorded"])
        if self._later and self._later[-1].recorded != recorded:
            self._apply_later()
        if not self.roles.are_set:
            return None
        actor, login, day = body["recorded_by"], body.get("login", ""), recorded.date()
        for needed in self._needed(topic, body):
            key = actor, login, day, needed
            if key not in self._judged:
                self._judged[key] = self.lack_of(actor, login, needed, day)
            if lack := self._judged[key]:
                return lack
        return None

    def take(self, event: Event) -> None:
        """Move on by an event that was recorded."""
        if isinstance(event, get_args(RolesEvent)):
            if self._later and self._later[-1].recorded != event.recorded:
                self._apply_later()
            self._later.append(event)
        elif event.TOPIC in _STATE or (
            isinstance(event, FactsUndone) and event.stream.partition("/")[0] in {"unit", "project"}
        ):
            self._append(event)

    def allows(self, actor: str, needed: Needed, day: date, login: str | None = None) -> bool:
        """Return whether somebody may record what needs a role; with a login, under it."""
        return not self.roles.are_set or self.lack_of(actor, login, needed, day) is None

    def _stream(self, stream: UUID) -> list[Event]:
        if stream not in self._streams:
            self._streams[stream] = list(self.known(stream))
        return self._streams[stream]

    def _append(self, event: Event) -> None:
        self._stream(event.originator_id).append(event)
        self._units.clear()
        self._judged.clear()

    def _apply_later(self) -> None:
        for event in self._later:
            self._append(event)
        self._later.clear()
        self._roles = None

    # ------------------------------------------------------------------ what is needed

    def _needed(self, topic: str, body: Told) -> Iterator[Needed]:
        """Yield what it takes to record an event; of an undoing, what it took to record all that it undoes."""
        waiting, seen = [(topic, body)], set[tuple[str, int]]()
        for name, told in waiting:
            if name != FactsUndone.TOPIC:
                if name not in _OWN:
                    yield self._needed_for(name, told)
                continue
            for version, of, fact in self._facts_of(told["stream"]):
                if (told["stream"], version) not in seen and _among(version, told["undoes"]):
                    seen.add((told["stream"], version))
                    waiting.append((of, fact))

    def _facts_of(self, key: str) -> list[tuple[int, str, Told]]:
        stream = stream_of_key(key)
        if stream not in self._facts:
            self._facts[stream] = list(self.facts(stream))
        return self._facts[stream]

    def _needed_for(self, topic: str, body: Told) -> Needed:
        if topic in _OF_UNITS:
            return Needed("controller" if topic in _DECIDED else "reporter", (body["unit"],))
        if topic in _PROJECTS:
            return self._of_project(body)
        return _needed_elsewhere(topic, body)

    def _of_project(self, body: Told) -> Needed:
        """Return what a project needs: the role for the unit that owns it, and for the one that is to own it."""
        from heinola_es.domain.aggregates.project import Project  # noqa: PLC0415 - where something is told of one

        stream = project_stream(body["project"])
        project = Project(stream=stream, name=body["project"]).replay(self._stream(stream))
        owner = project.facts.get("unit")
        units = tuple(unit for unit in (owner, body.get("unit")) if unit)
        return Needed("reporter", units or None)

    # ------------------------------------------------------------------ what is there

    def lack_of(self, actor: str, login: str | None, needed: Needed, day: date) -> Lack | None:
        """Return what somebody lacks; None where they lack nothing."""
        enough = {needed.level, "controller"}
        units = {one.unit for one in self.roles.of(actor, login) if one.role in enough}
        if None in units or (needed.units == () and units):
            return None
        lacking = [unit for unit in needed.units or () if units.isdisjoint(self._at_or_above(unit, day))]
        if needed.units and not lacking:
            return None
        where = f"for {', '.join(lacking)}" if lacking else "for a unit" if needed.units == () else "for the whole city"
        held = ", ".join(in_words(one) for one in self.roles.of(actor)) or "no role"
        if not units and any(one.role in enough for one in self.roles.of(actor)):
            held += f", not with the login {login!r}"
        unit = f" --unit {quote(lacking[0])}" if lacking else " --unit CODE" if needed.units == () else ""
        remedy = f"heinola record role {quote(actor)} {needed.level}{unit}"
        return Lack(actor, f"{needed.level} {where}", held, remedy)

    def _at_or_above(self, code: str, day: date) -> list[str]:
        """Return a unit and all that it stands under on a day, in either book."""
        chain: list[str] = []
        above: str | None = code
        while above is not None and above not in chain:
            unit = self._unit(above)
            if unit.kind is None:
                break
            chain.append(above)
            above = unit.parent_on(max(day, unit.first_day))
        return chain

    def _unit(self, code: str) -> Unit:
        if code not in self._units:
            stream = unit_stream(code)
            self._units[code] = Unit(stream=stream, code=code).replay(self._stream(stream))
        return self._units[code]


def unseen(actor: str, roles: Roles, role: str) -> str:
    """Return why something is not shown to somebody."""
    held = ", ".join(in_words(one) for one in roles.of(actor)) or "no role"
    return (
        f"{actor} may not see this: it needs the role {role}, and {actor} has {held}; a controller gives it with "
        f"`heinola record role {quote(actor)} {role}`"
    )


def _needed_elsewhere(topic: str, body: Told) -> Needed:
    """Return what it takes to record what is no fact of a unit's year and of no project.

    What nothing else is said of, such as roles, charts and the city's name, takes a controller of the whole city.
    """
    if topic in _ORGANISATION:
        return _of_place(topic, body)
    if topic == "UnitTextTranslated":
        return Needed("reporter", (body["code"],))
    if topic == "FileImported":
        return Needed("reporter", tuple(body.get("covered_units", ())))
    if topic == "KeysRequired" and body.get("agrees"):
        return Needed("reporter", ())
    if topic == "ReportPublished" and body["scope"] != "*":
        return Needed("controller", (body["scope"],))
    return WHOLE_CITY


def _of_place(topic: str, body: Told) -> Needed:
    """Return what a change of the organisation needs: the role for the unit, and for where it comes to stand."""
    if topic == "UnitEstablished":
        return Needed("controller", (body["parent"],) if body.get("parent") else None)
    if topic == "UnitMoved":
        return Needed("controller", (body["code"], body["parent"]) if body.get("parent") else None)
    return Needed("controller", (body["code"], body["into"]) if topic == "UnitMerged" else (body["code"],))


def _among(number: int, ranges: Ranges) -> bool:
    return any(first <= number <= last for first, last in ranges)
