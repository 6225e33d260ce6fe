"""The board of a round: each unit that reports, what it has told of the period, what is missing, and how far it is.

What a unit is to tell is known from what it has: a status of every goal, an outcome of every priority, progress of
every project that runs; and from what it told of the reported period before: its sections, and an outlook.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Literal

import orjson
from attrs import evolve, frozen

from events.period import Period
from heinola_es.errors import BadInput, Refused
from projections.forms.making import reporting_units
from projections.read_models.checked import rows_of
from projections.read_models.models import PROJECTS
from projections.read_models.moment import answered, one_moment
from projections.snapshot.model import Finding, ProjectReport
from projections.snapshot.round_parts import RoundPart, round_of
from projections.snapshot.taking import SnapshotQuery, Taking, look
from projections.snapshot.told_by_units import forecasts_of, words_of_year
from projections.snapshot.translating import unit_translations

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heinola_es.store.reading import LogReader
    from projections.snapshot.model import Translation, UnitReport
    from projections.snapshot.round_parts import RoundThen

Missing = Literal["figures", "goals", "priorities", "texts", "outlook", "projects", "submission", "acceptance"]
"""What a unit may still owe."""
Told = tuple[int, int]
"""How many were told of, and of how many."""


@frozen(slots=True, kw_only=True)
class BoardRow:
    """A unit in a round.

    Attributes:
        unit, name: whose row it is.
        part: how far it has come.
        through: the last day through which its figures of the year are whole; None where they are through none.
        goals, priorities, projects: how many it tells of, and of how many.
        forecasts: of how many lines it said what the year will end at.
        texts: how many sections it wrote.
        sections: what it wrote in the reported period before, and has not yet in this.
        outlook: whether it gave one.
        missing: what it still owes.
        stale: that its texts are older than its figures, with the largest change since; None where they are not.
        late: how many days after the day that was due it is handed in, or is still missing; 0 in time.
        name_as_recorded: whether the name is the recorded one, and not what it reads in another language.
    """

    unit: str
    name: str
    part: RoundPart
    through: date | None
    goals: Told
    priorities: Told
    projects: Told
    forecasts: int
    texts: int
    sections: tuple[str, ...]
    outlook: bool
    missing: tuple[Missing, ...]
    stale: Finding | None
    late: int
    name_as_recorded: bool = True


@frozen(slots=True, kw_only=True)
class Board:
    """A round.

    Attributes:
        period: what is reported on.
        due: the last day on which a unit is in time.
        is_open: whether anybody is still waited for.
        four_eyes: whether nobody accepts what they recorded themselves.
        rows: the units that report, in the order in which they were asked.
    """

    period: Period
    due: date
    is_open: bool
    four_eyes: bool
    rows: tuple[BoardRow, ...]


class NeverOpened(Refused):
    """There is no such round."""


def last_round(reader: LogReader) -> Period:
    """Return the period of the round that was opened last.

    Raises:
        NeverOpened: none ever was.
    """
    opened = list(reader.rows_about("RoundOpened"))
    if not opened:
        raise NeverOpened("no round was ever opened; open one with `heinola round open PERIOD --due DATE`")
    return Period.from_iso(reader.body_of(opened[-1])["effective"])


def the_open_round(reader: LogReader) -> Period:
    """Return the period of the only round that is open.

    Raises:
        NeverOpened: none is.
        BadInput: several are.
    """
    found: dict[str, bool] = {}
    for row in reader.rows_about("RoundOpened", "RoundClosed"):
        found[reader.body_of(row)["effective"]] = row[3] == "RoundOpened"
    still = [Period.from_iso(period) for period, is_open in found.items() if is_open]
    if not still:
        raise NeverOpened("no round is open; open one with `heinola round open PERIOD --due DATE`")
    if len(still) > 1:
        raise BadInput(
            f"several rounds are open: {', '.join(period.label for period in still)}; say which with --period"
        )
    return still[0]


def asked_units(reader: LogReader, period: Period) -> tuple[str, ...]:
    """Return the units that report on a period where nobody names others: those that a form is made for."""
    return answered(reader, lambda: reporting_units(reader, period))


def board_of(reader: LogReader, period: Period | None, today: date, language: str | None = None) -> Board:
    """Return the board of a round as it stands: of a period, or of the round that was opened last.

    Names of units and sections are told in a language, as far as they are translated; where none is named, as recorded.

    Raises:
        NeverOpened.
        BadInput: the period crosses years.
    """

    def question() -> Board:
        with one_moment(reader) as upto:
            board = _board(reader, period or last_round(reader), today)
            return board if language is None else _told_in(board, unit_translations(reader, upto), language)

    return answered(reader, question)


def _told_in(board: Board, told: dict[str, list[Translation]], language: str) -> Board:
    return evolve(board, rows=tuple(_row_in(row, told.get(row.unit, ()), language) for row in board.rows))


def _row_in(row: BoardRow, told: Iterable[Translation], language: str) -> BoardRow:
    reads = {one.original: one.text for one in told if one.language == language}
    sections = tuple(reads.get(section, section) for section in row.sections)
    name = reads.get(row.name, row.name)
    return evolve(row, name=name, sections=sections, name_as_recorded=row.name not in reads)


def _board(reader: LogReader, period: Period, today: date) -> Board:
    with one_moment(reader) as upto:
        then = round_of(reader, period, upto)
        if then is None:
            raise NeverOpened(
                f"the round {period.label} was never opened; open it with `heinola round open {period} --due DATE`"
            )
        taking = Taking(look(reader, SnapshotQuery(period=period)), SnapshotQuery(period=period))
        forecasts = Counter(unit for unit, _line in forecasts_of(reader, period, upto))
        progress = frozenset(_progress_in(reader, period, upto))
        running: defaultdict[str, list[ProjectReport]] = defaultdict(list)
        for project in taking.projects():
            if project.ended is None:
                running[project.unit].append(project)
        there = set(taking.codes)
        units = [taking.unit(code) for code in then.units if code in there]
        stale = {one.unit: one for one in taking.findings_on_texts(units)}
        told = _Told(taking, _told_before(reader, period, upto), forecasts, running, progress, stale)
        rows = tuple(_row(told, then, unit, today) for unit in units)
        return Board(period=period, due=then.due, is_open=then.is_open, four_eyes=then.four_eyes, rows=rows)


@frozen(slots=True, eq=False, repr=False)
class _Told:
    """What a round is held against.

    Attributes:
        taking: the snapshot of its period.
        before: what each unit wrote of the reported period before, by the unit: sections, and `None` for an outlook.
        forecasts: of how many lines each unit forecast the year.
        running: the projects of each unit that have not ended.
        progress: the projects whose progress in the period was reported, by the names that they were launched under.
        stale: that texts of units are older than their figures, by the unit.
    """

    taking: Taking
    before: Mapping[str, set[str | None]]
    forecasts: Counter[str]
    running: defaultdict[str, list[ProjectReport]]
    progress: frozenset[str]
    stale: Mapping[str | None, Finding]


def _row(told: _Told, then: RoundThen, unit: UnitReport, today: date) -> BoardRow:
    code, part = unit.code, then.part(unit.code)
    running = told.running[code]
    wrote = {narrative.section for narrative in unit.narratives}
    sections = tuple(sorted(section for section in told.before.get(code, ()) if section and section not in wrote))
    goals = sum(goal.status is not None for goal in unit.goals), len(unit.goals)
    priorities = sum(priority.text is not None for priority in unit.priorities), len(unit.priorities)
    projects = sum(project.key in told.progress for project in running), len(running)
    through = _through(unit, told.taking.query.period)
    owed: dict[Missing, bool] = {
        "figures": through is None or through < told.taking.query.period.end,
        "goals": goals[0] < goals[1],
        "priorities": priorities[0] < priorities[1],
        "texts": bool(sections),
        "outlook": unit.outlook is None and None in told.before.get(code, ()),
        "projects": projects[0] < projects[1],
        "submission": part.state in {"open", "returned"},
        "acceptance": part.state == "submitted",
    }
    in_hand = part.submitted_at is not None and part.state in {"submitted", "accepted"}
    handed_in = part.submitted_at.date() if in_hand and part.submitted_at else today
    return BoardRow(
        unit=code,
        name=unit.name,
        part=part,
        through=through,
        goals=goals,
        priorities=priorities,
        projects=projects,
        forecasts=told.forecasts[code],
        texts=len(unit.narratives),
        sections=sections,
        outlook=unit.outlook is not None,
        missing=tuple(what for what, is_owed in owed.items() if is_owed and part.state != "accepted"),
        stale=told.stale.get(code),
        late=max(0, (handed_in - then.due).days),
    )


def _through(unit: UnitReport, period: Period) -> date | None:
    """Return the last day through which all actual figures of a unit are whole; None where some are through none."""
    partials = [row.partial["actual"] for row in unit.figures if "actual" in row.partial]
    if not partials:
        return period.end if any("actual" in row.cells and row.cells["actual"] for row in unit.figures) else None
    days = [partial.through for partial in partials]
    return None if None in days else min(day for day in days if day is not None)


def _told_before(reader: LogReader, period: Period, upto: int) -> dict[str, set[str | None]]:
    """Return what each unit wrote of the last period before this one of which anything was written."""
    found: dict[Period, dict[str, set[str | None]]] = {}
    for year in (period.year - 1, period.year):
        for _position, topic, unit, first, last, body in words_of_year(reader, year, upto):
            if topic not in {"NarrativeReported", "OutlookGiven"} or last >= period.start.isoformat():
                continue
            about = Period.from_iso(f"{first}/{last}")
            section = orjson.loads(body)["section"] if topic == "NarrativeReported" else None
            found.setdefault(about, {}).setdefault(unit, set()).add(section)
    return found[max(found, key=lambda about: (about.end, about.start))] if found else {}


def _progress_in(reader: LogReader, period: Period, upto: int) -> Iterator[str]:
    """Yield the projects whose progress was reported inside the period."""
    for _position, topic, name, _first, last, _body in rows_of(reader, PROJECTS, upto):
        if topic == "ProjectProgressReported" and period.start.isoformat() <= last <= period.end.isoformat():
            yield name
