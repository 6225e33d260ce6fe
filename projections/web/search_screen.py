"""Searching what the report of a period has: names of units, goals, projects, and what people wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from projections.read_models.city import city_of
from projections.snapshot.taking import Taking, look
from projections.web.asked import Asked, asked_of
from projections.web.pages import page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heinola_es.store.reading import LogReader
    from projections.snapshot.model import UnitReport
    from projections.web.visit import Answer, Site, Visit

MOST = 100
_LONGEST = 200
_AROUND = 90
"""Characters shown before and after what was found in a text."""


@frozen(slots=True, kw_only=True)
class Hit:
    """Something that was found.

    Attributes:
        kind: name of the word for what it is: `unit`, `goal`, `project`, `text`.
        title: of it.
        before, found, after: the text around what was looked for, and that itself; empty where the title says it.
        address: of the report that has it.
        place: the unit whose it is.
    """

    kind: str
    title: str
    before: str = ""
    found: str = ""
    after: str = ""
    address: str
    place: str = ""


def search(site: Site, visit: Visit) -> Answer:
    """Show what was found."""
    asked = evolve(asked_of(site, visit), unit=None)
    wanted = visit.query.get("q", "").strip()[:_LONGEST].casefold()

    def question(reader: LogReader) -> tuple[list[Hit], str]:
        return (_found(reader, asked, wanted) if wanted else []), city_of(reader, reader.size()).name

    hits, city = site.ask(question)
    return page(
        site,
        visit,
        "search.html.j2",
        asked,
        title="",
        city=city,
        wanted=wanted,
        hits=hits[:MOST],
        more=len(hits) > MOST,
    )


def _found(reader: LogReader, asked: Asked, wanted: str) -> list[Hit]:
    query = asked.query()
    taking = Taking(look(reader, query), query)
    hits: list[Hit] = []
    for code in taking.codes:
        hits += _of_unit(asked, taking.words(code), wanted)
        if len(hits) > MOST:
            return hits
    for project in taking.projects():
        address = asked.address("/", unit=project.unit)
        texts = (project.description, project.text, project.other, project.responsible)
        hits += _in(("project", project.name, address, project.unit), wanted, texts)
    order = ("unit", "goal", "project", "text")
    return sorted(hits, key=lambda hit: order.index(hit.kind))


def _of_unit(asked: Asked, unit: UnitReport, wanted: str) -> Iterator[Hit]:
    address, place = asked.address("/", unit=unit.code), f"{unit.code} {unit.name}"
    if wanted in f"{place} {unit.responsible}".casefold():
        yield Hit(kind="unit", title=place, address=address, place=unit.responsible)
    for goal in unit.goals:
        texts = (goal.programme_goal, goal.metric, goal.target_level, goal.text or "")
        yield from _in(("goal", goal.binding_goal or goal.programme_goal, address, place), wanted, texts)
    for priority in unit.priorities:
        yield from _in(("goal", priority.title, address, place), wanted, (priority.metric, priority.text or ""))
    for told in unit.narratives:
        yield from _in(("text", told.section, address, place), wanted, (told.text,))
    for seen in unit.indicators:
        yield from _in(("text", seen.name, address, place), wanted, ())
    if unit.outlook:
        yield from _in(("text", place, address, ""), wanted, (unit.outlook,), titled=False)


def _in(of: tuple[str, str, str, str], wanted: str, texts: Iterable[str], *, titled: bool = True) -> Iterator[Hit]:
    """Yield what is found in a title, or else in the first text that has it."""
    kind, title, address, place = of
    if titled and wanted in title.casefold():
        yield Hit(kind=kind, title=title, address=address, place=place)
        return
    for text in texts:
        at = text.casefold().find(wanted)
        if at >= 0:
            start, end = max(0, at - _AROUND), at + len(wanted)
            yield Hit(
                kind=kind,
                title=title,
                before=("…" if start else "") + text[start:at],
                found=text[at:end],
                after=text[end : end + _AROUND] + ("…" if len(text) > end + _AROUND else ""),
                address=address,
                place=place,
            )
            return
