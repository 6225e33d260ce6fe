"""The log: filtered, the newest first, a page at a time however long it is; and one event in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from events.language import BY_TOPIC
from heinola_es.domain.periods import parse_instant, parse_period
from heinola_es.errors import BadInput, nearest_unit
from projections.audit.show import show
from projections.audit.trail import Page, TrailFilter, page_back
from projections.read_models.city import city_of
from projections.report.language.events import topics_by_word
from projections.report.language.words import words_in
from projections.web.asked import Asked, asked_of, language_of, short
from projections.web.pages import page
from projections.writers.terminal.spoken import SECONDS, Spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.reading import LogReader
    from projections.audit.entries import Entry
    from projections.audit.show import Moved, Shown
    from projections.web.visit import Answer, Site, Visit

MOST = 50
LOOK_AT = 20_000
"""So many events are looked at for a page; whoever asks for what is rare goes on further back."""
FILTERS = ("about-unit", "who", "kind", "since", "until", "effective", "source", "corrections")
_LONGEST = 200
_IN_LINES = frozenset({"text", "findings"})


@frozen(slots=True, kw_only=True)
class Line:
    """An entry of the log, in words."""

    position: int
    recorded: str
    who: str
    kind: str
    subject: str
    gist: str
    effective: str
    grounds: tuple[str, ...]
    is_undone: bool


def log(site: Site, visit: Visit) -> Answer:
    """Show the log, or a part of it."""
    asked = asked_of(site, visit)
    filled = {name: text[:_LONGEST] for name in FILTERS if (text := visit.query.get(name, "").strip())}
    before = visit.query.get("before", "")
    if before and not (before.isascii() and before.isdecimal() and len(before) < 16):  # noqa: PLR2004 - of a database
        raise BadInput(f"{before[:20]!r} is no position of the log")
    wanted = _wanted(filled)
    found, lines, city = site.ask(lambda reader: _found(reader, wanted, int(before or 0), asked))
    filters = {name.replace("-", "_"): text for name, text in filled.items()}
    return page(
        site,
        visit,
        "log.html.j2",
        asked,
        title="",
        city=city,
        lines=lines,
        found=found,
        filled=filled,
        kinds=sorted((word, topic) for word, topic in topics_by_word(words_in(asked.language)).items()),
        older=asked.address("/log", before=str(found.older), **filters) if found.older else "",
        newest=asked.address("/log", **filters) if before else "",
    )


def _wanted(filled: dict[str, str]) -> TrailFilter:
    """Return the filter that was filled in.

    Raises:
        BadInput: one of its fields cannot be read.
    """
    kind = filled.get("kind")
    if kind is not None and kind not in BY_TOPIC:
        raise BadInput(f"there is no kind of event {kind[:40]!r}")
    since, until, effective = (filled.get(name) for name in ("since", "until", "effective"))
    return TrailFilter(
        unit=filled.get("about-unit"),
        actor=filled.get("who"),
        kind=kind,
        since=parse_instant(since) if since else None,
        until=parse_instant(until) if until else None,
        effective=parse_period(effective) if effective else None,
        source=filled.get("source"),
        corrections="corrections" in filled,
    )


def _found(reader: LogReader, wanted: TrailFilter, before: int, asked: Asked) -> tuple[Page, list[Line], str]:
    if wanted.unit is not None and wanted.unit not in (names := reader.unit_names()):
        raise BadInput(f"unknown unit {wanted.unit!r}{nearest_unit(wanted.unit, names)}")
    found, spoken = page_back(reader, wanted, before, most=MOST, look_at=LOOK_AT), Spoken.of(reader, asked.language)
    return found, [_line(spoken, entry) for entry in found.entries], city_of(reader, reader.size()).name


def _line(spoken: Spoken, entry: Entry) -> Line:
    return Line(
        position=entry.position,
        recorded=_moment(entry),
        who=spoken.who(entry),
        kind=spoken.kind(entry),
        subject=spoken.subject(entry),
        gist=spoken.gist(entry),
        effective=spoken.span(entry.effective),
        grounds=tuple(spoken.grounds(entry)),
        is_undone=entry.undone_by is not None,
    )


def _moment(entry: Entry) -> str:
    return f"{entry.recorded[:SECONDS].replace('T', ' ')}Z"


# ---------------------------------------------------------------- one event


def event(site: Site, visit: Visit) -> Answer:
    """Show an event in full, what surrounds it, and which cells of its year's reports it moved."""
    told = visit.query["position"]
    if not (told.isascii() and told.isdecimal() and len(told) < 16):  # noqa: PLR2004 - of a database
        raise BadInput(f"{told[:20]!r} is no position of the log")
    language = language_of(visit, site.language)

    def question(reader: LogReader) -> tuple[Shown, Spoken, str]:
        return show(reader, int(told), from_log=False), Spoken.of(reader, language), city_of(reader, reader.size()).name

    shown, spoken, city = site.ask(question)
    return page(
        site,
        visit,
        "event.html.j2",
        None,
        title=f"#{shown.entry.position}",
        city=city,
        entry=shown.entry,
        kind=spoken.kind(shown.entry),
        fields=list(_fields(spoken, shown)),
        neighbours=[(name, _neighbour(spoken, one), one) for name, one in _beside(shown)],
        moved=[_moved(spoken, cell, language) for cell in shown.moved],
    )


def _beside(shown: Shown) -> list[tuple[str, Entry | None]]:
    return [("before_it", shown.before), ("after_it", shown.after)]


def _fields(spoken: Spoken, shown: Shown) -> Iterator[tuple[str, str]]:
    """Yield what an event says, each with what it is called."""
    entry, say = shown.entry, spoken.words.say
    yield say("Recorded"), f"{_moment(entry)}, {spoken.who(entry)}"
    if entry.undone_by is not None:
        yield say("Undone by"), f"#{entry.undone_by}"
    if entry.is_undoing:
        yield say("Undoes"), entry.undoes
    yield say("Effective"), spoken.span(entry.effective)
    yield say("Source"), spoken.value("source", entry.source)
    yield say("Reason"), spoken.value("reason", entry.reason)
    for name, value in ({} if entry.is_undoing else entry.said).items():
        plain = isinstance(value, str) and name in _IN_LINES
        yield spoken.field(name), value if plain else spoken.value(name, value)
    yield say("Stream"), say("{stream}, version {number}", stream=entry.stream, number=str(entry.version))
    yield say("Leaf hash"), shown.leaf_hash


def _neighbour(spoken: Spoken, entry: Entry | None) -> str:
    return "" if entry is None else f"#{entry.position} {spoken.kind(entry)}, {_moment(entry)}"


def _moved(spoken: Spoken, cell: Moved, language: str) -> tuple[str, str, str, str, str, str]:
    """Return a cell that an event moved: its report, unit, line and column, before and after, and its address."""
    from urllib.parse import urlencode  # noqa: PLC0415 - loaded by what serves

    about = {"unit": cell.unit, "line": cell.line, "column": cell.column, "lang": language}
    if cell.cumulative:
        about["period"] = short(cell.cumulative)
    column = spoken.column(cell.column, cell.cumulative) if cell.cumulative else cell.column
    span = spoken.span(cell.cumulative) if cell.cumulative else cell.period
    values = (spoken.euros(cell.before_cents), spoken.euros(cell.after_cents))
    return span, cell.unit, f"{spoken.line(cell.line)} · {column}", *values, f"/explain?{urlencode(about)}"
