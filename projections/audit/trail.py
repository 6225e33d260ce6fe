"""The trail: the log's entries, filtered, one by one as they are read, so that the first shows at once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, TypedDict

from attrs import define, evolve, frozen

from events.period import Period
from events.streams import topics_of
from heinola_es.domain.amounts import format_cents
from heinola_es.store.bodies import body_of
from projections.audit.entries import UNDOING, Entry, entry_of
from projections.read_models.models import ORGANISATION_TOPICS, PROJECT_TOPICS
from projections.read_models.moment import log_moment, one_moment
from projections.read_models.organisation import units_from
from projections.read_models.without import undone

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable

    from heinola_es.store.reading import LogReader, Row

CORRECTING = frozenset(
    {
        *("ActualCorrected", "StatementWithdrawn", "GoalWithdrawn", "PeriodReopened", "CompletionWithdrawn"),
        *("GoalRevised", "UnitFirstDayCorrected", "UnitNameCorrected", "CityNamed", UNDOING),
    }
)
"""The kinds of event that put something right; an amendment marked as correcting is one too."""
_STEP = 500
"""So many events are read at a time, back from the end."""
_OF_ROUNDS = frozenset(topics_of("rounds", "roles", "keys"))


@frozen(slots=True, kw_only=True)
class TrailFilter:
    """Which entries are wanted; None stands for all.

    Attributes:
        unit: about this unit or anything that ever stood below it.
        actor: recorded by; whole name, any case.
        kind: topic of the event, any case.
        since, until: recorded at or after, and at or before.
        effective: about days inside this period, at least in part.
        source: part of the source's text, any case.
        corrections: only what puts something right.
    """

    unit: str | None = None
    actor: str | None = None
    kind: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    effective: Period | None = None
    source: str | None = None
    corrections: bool = False


class Wanted(TypedDict, total=False):
    """The fields of a `TrailFilter`, by name."""

    unit: str | None
    actor: str | None
    kind: str | None
    since: datetime | None
    until: datetime | None
    effective: Period | None
    source: str | None
    corrections: bool


def trail(reader: LogReader, wanted: TrailFilter) -> Generator[Entry]:
    """Yield the wanted entries in the order of the log, all of one moment; which units are meant, the log tells.

    The read models are caught up first, so that an event that this version does not know is told before any other.

    Raises:
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    with one_moment(reader):
        first, last = _bounds(reader, wanted)
        units = None if wanted.unit is None else ever_below(reader, wanted.unit)
        projects = None if units is None else _projects_of(reader, units)
        gone = undone(reader, reader.size())
        for row in reader.rows(first, last):
            entry = entry_of(row)
            if row[0] in gone:
                entry = evolve(entry, undone_by=gone[row[0]])
            if _matches(entry, wanted) and (units is None or _about(entry, units, projects or set())):
                yield entry


@frozen(slots=True)
class Page:
    """A part of the trail, the newest first.

    Attributes:
        entries: those that are wanted.
        older: the position before which the next page begins; 0 where the log begins with this one.
        looked_at: how many events were looked at to find them.
    """

    entries: tuple[Entry, ...]
    older: int
    looked_at: int


def page_back(reader: LogReader, wanted: TrailFilter, before: int, *, most: int, look_at: int) -> Page:
    """Return the last of the wanted entries before a position, however long the log is.

    Args:
        reader: of the store.
        wanted: which.
        before: a position; 0 for the end of the log.
        most: so many of them.
        look_at: so many events are looked at, and then the page ends, be it empty.

    Raises:
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    with one_moment(reader):
        first, last = _bounds(reader, wanted)
        end = min(last, before - 1) if before else last
        units = None if wanted.unit is None else ever_below(reader, wanted.unit)
        projects = None if units is None else _projects_of(reader, units)
        gone = undone(reader, reader.size())
        found: list[Entry] = []
        looked_at = 0
        while end > first and looked_at < look_at:
            start = max(first, end - _STEP)
            for row in reversed(list(reader.rows(start, end))):
                entry = evolve(entry_of(row), undone_by=gone.get(row[0]))
                if _matches(entry, wanted) and (units is None or _about(entry, units, projects or set())):
                    found.append(entry)
                    if len(found) == most:
                        more = row[0] if row[0] - 1 > first else 0
                        return Page(tuple(found), more, looked_at + end - row[0] + 1)
            looked_at += end - start
            end = start
        return Page(tuple(found), end + 1 if end > first else 0, looked_at)


def ever_below(reader: LogReader, unit: str) -> set[str]:
    """Return a unit and every unit that ever stood under it, directly or not, as the log tells."""
    units = units_from((row[3], body_of(row)) for row in reader.rows_about(*ORGANISATION_TOPICS))
    found = {unit}
    while more := {
        code
        for code, known in units.items()
        if code not in found and any(known.parents.on(day) in found for day in known.parents.days())
    }:
        found |= more
    return found


def subject_of(entry: Entry) -> str:
    """Return what an entry is about: a unit's code, a project, a file, a scope."""
    said = entry.said
    if entry.is_undoing:
        return " ".join(part for part in _stream_of(entry) if part)
    if entry.topic in _OF_ROUNDS and "unit" not in said:
        return "*"
    return str(
        said.get("unit")
        or said.get("code")
        or said.get("project")
        or said.get("file_name")
        or said.get("scope")
        or said.get("city")
        or said.get("key")
        or said.get("chart")
    )


def gist_of(entry: Entry) -> str:
    """Return what an entry says, in a few words, and whether it was undone."""
    return _gist_of(entry) + (f" · undone by #{entry.undone_by}" if entry.undone_by is not None else "")


def keys_named(note: str) -> list[str]:
    """Return the name and id of each key that a signed note states as required."""
    keys = (line.removeprefix("key ") for line in note.split("\n") if line.startswith("key "))
    return [key.rpartition("+")[0] for key in keys]


def _gist_of(entry: Entry) -> str:
    said = entry.said
    if entry.is_undoing:
        return f"undoes {entry.undoes}"
    if "amount_cents" in said:
        marks = [mark for mark in ("detail", "correcting") if said.get(mark)]
        cents = said["amount_cents"]
        amount = f"{format_cents(cents)} €" if isinstance(cents, int) else str(cents)
        return " ".join([said["line"], *([said["measure"]] if "measure" in said else []), amount, *marks])
    if entry.topic == "KeysRequired":
        return " · ".join(keys_named(said["note"]))
    names = (
        "actor",
        "role",
        "line",
        "goal",
        "number",
        "status",
        "percent",
        "name",
        "into",
        "parent",
        "responsible",
        "section",
        "title",
        "chart",
    )
    words = [str(said[name]) for name in names if said.get(name)] or [str(said.get("text", ""))]
    return " · ".join(words).replace("\n", " ")


@define(slots=True)
class Actor:
    """Who recorded, with which login of the database, how many events, and from when to when (as stored)."""

    name: str
    login: str
    events: int
    first: str
    last: str
    kinds: dict[str, int]

    def as_json(self) -> dict[str, Any]:
        """Return the actor as JSON values."""
        return {
            "actor": self.name,
            "login": self.login,
            "events": self.events,
            "first": self.first,
            "last": self.last,
            "types": self.kinds,
        }


def actors(reader: LogReader) -> list[Actor]:
    """Return everyone who recorded something, once for each login, in the order of their first event.

    Raises:
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    with log_moment(reader) as end:
        reader.require_known_kinds()
        return _actors(reader.rows(0, end))


def _actors(rows: Iterable[Row]) -> list[Actor]:
    found: dict[tuple[str, str], Actor] = {}
    for row in rows:
        body = body_of(row)
        name, login, recorded = body["recorded_by"], body.get("login", ""), body["recorded"]
        actor = found.setdefault((name, login), Actor(name, login, 0, recorded, recorded, {}))
        actor.events += 1
        actor.last = recorded
        actor.kinds[row[3]] = actor.kinds.get(row[3], 0) + 1
    return list(found.values())


def _bounds(reader: LogReader, wanted: TrailFilter) -> tuple[int, int]:
    """Return the positions after which and up to which the entries recorded in the wanted time lie."""
    last = reader.size() if wanted.until is None else reader.position_at(wanted.until)
    return (0 if wanted.since is None else reader.position_before(wanted.since)), last


def _matches(entry: Entry, wanted: TrailFilter) -> bool:
    return (
        (wanted.actor is None or entry.recorded_by.casefold() == wanted.actor.casefold())
        and (wanted.kind is None or entry.topic.casefold() == wanted.kind.casefold())
        and (wanted.effective is None or entry.effective.overlaps(wanted.effective))
        and (wanted.source is None or wanted.source.casefold() in entry.source.casefold())
        and (not wanted.corrections or entry.topic in CORRECTING or bool(entry.said.get("correcting")))
    )


def _stream_of(entry: Entry) -> tuple[str, str]:
    """Return the unit or project whose facts an entry undoes, and the year; of a file, that it is an import's."""
    kind, _, rest = entry.said["stream"].partition("/")
    if kind == "unit-year":
        unit, _, year = rest.rpartition("/")
        return unit, year
    return (rest, "") if kind != "import" else ("import", rest[:12])


def _about(entry: Entry, units: set[str], projects: set[str]) -> bool:
    said = entry.said
    if entry.is_undoing:
        kind, subject = said["stream"].partition("/")[0], _stream_of(entry)[0]
        return subject in projects if kind == "project" else kind != "import" and subject in units
    return said.get("unit") in units or said.get("code") in units or said.get("project") in projects


def _projects_of(reader: LogReader, units: set[str]) -> set[str]:
    """Return the projects that any of the units ever owned."""
    bodies = map(body_of, reader.rows_about(*PROJECT_TOPICS))
    return {body["project"] for body in bodies if body.get("unit") in units}
