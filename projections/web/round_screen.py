"""The round: who has answered and what is missing, and the way to each unit's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from projections.read_models.city import city_of
from projections.report.language.fields import MISSING, STATES
from projections.report.language.words import words_in
from projections.rounds.board import Board, NeverOpened, asked_units, board_of
from projections.web.allowed import fillable
from projections.web.asked import asked_of
from projections.web.pages import page

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader
    from projections.report.language.words import Words
    from projections.rounds.board import BoardRow, Missing
    from projections.web.visit import Answer, Site, Visit


@frozen(slots=True, kw_only=True)
class Line:
    """A unit of the round, in words."""

    unit: str
    name: str
    state: str
    tone: str
    told: str
    missing: str
    late: int
    reason: str


def board(site: Site, visit: Visit) -> Answer:
    """Show the board of the period's round; where there is none, the units that have something to report."""
    asked = asked_of(site, visit)

    def question(reader: LogReader) -> tuple[Board | None, tuple[str, ...], dict[str, str], str]:
        city = city_of(reader, reader.size()).name
        try:
            return board_of(reader, asked.period, site.clock().date(), asked.language), (), {}, city
        except NeverOpened:
            return None, asked_units(reader, asked.period), reader.unit_names(), city

    found, units, names, city = site.ask(question)
    words = words_in(asked.language)
    shown = tuple(row.unit for row in found.rows) if found else units
    return page(
        site,
        visit,
        "round.html.j2",
        asked,
        title="",
        city=city,
        board=found,
        lines=[_line(row, words) for row in found.rows] if found else [],
        due=words.numbers.day(found.due) if found else "",
        fillable=site.ask(lambda reader: fillable(reader, visit.who, shown, site.clock().date())),
        units=[(unit, names.get(unit, "")) for unit in units],
    )


_TONES = {"accepted": "good", "submitted": "muted", "returned": "attention", "open": "attention"}


def _line(row: BoardRow, words: Words) -> Line:
    part = row.part
    state = words.say(STATES[part.state])
    if part.at is not None:
        state += f" {words.numbers.day(part.at.date())} {part.by}"
    missing = [words.say(MISSING[what]) for what in row.missing if what != "texts"]
    counted = ((words.say(MISSING[what]), told) for what, told in _told(row).items() if told[1])
    return Line(
        unit=row.unit,
        name=row.name,
        state=state,
        tone=_TONES.get(part.state, ""),
        told=", ".join(f"{name} {done}/{of}" for name, (done, of) in counted),
        missing=", ".join([*missing, *row.sections]),
        late=row.late,
        reason=part.reason,
    )


def _told(row: BoardRow) -> dict[Missing, tuple[int, int]]:
    return {"goals": row.goals, "priorities": row.priorities, "projects": row.projects}
