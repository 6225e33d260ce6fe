"""What changed in a report between two moments, cell by cell, with the events that made it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from projections.audit.diff import Change, difference, word_diff
from projections.audit.values import CHANGES
from projections.published.publications import Published, revisions_of
from projections.read_models.city import city_of
from projections.report.language.events import kind_of_event
from projections.web.asked import Asked, asked_of
from projections.web.moments import moment
from projections.web.pages import page
from projections.writers.terminal.spoken import SECONDS, Spoken

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader
    from projections.audit.entries import Entry
    from projections.web.visit import Answer, Site, Visit

MOST = 200
"""Of so many changes the events are found; of the others it is told how many there are."""
_SET_BY = {"goal": "GoalSet", "priority": "PrioritySet", "outlook": "OutlookGiven"}


@frozen(slots=True, kw_only=True)
class Row:
    """A change, in words.

    Attributes:
        where: what changed.
        unit: code of the unit; empty of projects.
        old, new: of a figure or a short value; empty where `steps` tells it.
        steps: of a text, what stayed, went and came.
        address: where the figure comes from; empty of all else.
        because: the events: position, what, who and when.
        more: how many more events there are.
    """

    where: str
    unit: str
    old: str
    new: str
    steps: tuple[tuple[str, str], ...]
    address: str
    because: tuple[tuple[int, str, str], ...]
    more: int


@frozen(slots=True)
class _Found:
    rows: tuple[Row, ...]
    more: int
    positions: tuple[int, int]
    city: str
    published: tuple[Published, ...]


def changes(site: Site, visit: Visit) -> Answer:
    """Show what changed."""
    asked = asked_of(site, visit)
    since, until = (visit.query.get(name, "").strip() for name in ("from", "to"))
    found = site.ask(lambda reader: _found(reader, asked, since, until or asked.said.get("known-at", "")))
    return page(
        site,
        visit,
        "changes.html.j2",
        asked,
        title=f"{asked.period.label}",
        city=found.city,
        found=found,
        since=since,
        until=until,
        hidden=tuple((name, text) for name, text in (("from", since), ("to", until)) if text),
    )


def _found(reader: LogReader, asked: Asked, since: str, until: str) -> _Found:
    published = tuple(
        one for unit in dict.fromkeys((asked.unit, None)) for one in revisions_of(reader, asked.period, unit)
    )
    city = city_of(reader, reader.size()).name
    if not since:
        return _Found((), 0, (0, reader.size()), city, published)
    spoken = Spoken.of(reader, asked.language)
    older, newer = moment(reader, since, asked), moment(reader, until, asked)
    told = difference(reader, asked.query(), older, newer, most=MOST, from_log=False)
    rows = tuple(_row(asked, spoken, change) for change in told.changes)
    return _Found(rows, told.more, (told.older, told.newer), city, published)


def _row(asked: Asked, spoken: Spoken, change: Change) -> Row:
    kind, subject, *place = change.key
    steps: tuple[tuple[str, str], ...] = ()
    address = ""
    if kind == "figure":
        old, new = spoken.figure(change.old), spoken.figure(change.new)
        address = asked.address("/explain", unit=subject, line=place[0], column=place[1], known_at="")
    elif kind in CHANGES:
        old, new = spoken.figure(change.old), spoken.figure(change.new)
    elif isinstance(change.old, str) and isinstance(change.new, str) and " " in change.old + change.new:
        old = new = ""
        steps = tuple(word_diff(change.old, change.new))
    else:
        old, new = (_value(spoken, place, value) for value in (change.old, change.new))
    return Row(
        where=_where(asked, spoken, change),
        unit="" if kind == "project" else subject,
        old=old,
        new=new,
        steps=steps,
        address=address,
        because=tuple(_because(spoken, entry) for entry in change.entries),
        more=change.events - len(change.entries),
    )


def _value(spoken: Spoken, place: list[str], value: Any) -> str:  # noqa: ANN401 - as the difference has it
    return str(value) if isinstance(value, str) else spoken.value(place[-1] if place else "", value)


def _where(asked: Asked, spoken: Spoken, change: Change) -> str:
    kind, subject, *place = change.key
    if kind == "figure":
        return f"{spoken.line(place[0])} · {spoken.column(place[1], asked.period)}"
    if kind in CHANGES:
        return spoken.budget_change(change.key, change.new or change.old)
    parts = list(place)
    if kind in {"unit", "goal", "priority", "project"}:
        parts[-1] = spoken.field(parts[-1])
    if kind in _SET_BY:
        parts.insert(0, kind_of_event(spoken.words, _SET_BY[kind]))
    if kind == "project":
        parts.insert(0, subject)
    return " · ".join(part for part in parts if part)


def _because(spoken: Spoken, entry: Entry) -> tuple[int, str, str]:
    when = f"{entry.recorded[:SECONDS]}Z"
    told = ", ".join((f"{when} {spoken.who(entry)}", *spoken.grounds(entry)))
    return entry.position, spoken.kind(entry), told
