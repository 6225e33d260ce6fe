"""Lists of what a store holds: units, lines, goals, projects, imports …, as of a day and as known at a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson
from attrs import evolve, frozen

from events.period import Period
from events.streams import topics_of
from heinola_es.domain.aggregates.organisation import Organisation, Structures
from heinola_es.domain.value_rule.facts import ACTUAL, BUDGET
from heinola_es.errors import BadInput, nearest
from heinola_es.languages import LANGUAGES
from heinola_es.store.reading import LogReader
from projections.read_models.checked import rows_of
from projections.read_models.models import PROJECTS, WORDS
from projections.read_models.moment import one_moment
from projections.read_models.organisation import structures_of
from projections.read_models.stored_postings import spans_of
from projections.read_models.without import left_out
from projections.snapshot.coverage import BY, coverage_of, runs
from projections.snapshot.taking import SnapshotQuery, look

if TYPE_CHECKING:
    from heinola_es.domain.chart import Chart
    from projections.read_models.stored_facts import StoredFacts

Value = str | int | tuple[str, ...] | None
Row = Mapping[str, Value]

CENTS = "cents"
"""The column of amounts; their values are cents."""


@frozen(slots=True, kw_only=True)
class Asked:
    """What a list is asked for.

    Attributes:
        on: as of this day, or of the fiscal year that it lies in; None for today, or for every year.
        today: the present day.
        known_at: only what was recorded up to this instant; None for everything.
        unit: only of this unit and what stands under it; None for all.
    """

    on: date | None
    today: date
    known_at: datetime | None = None
    unit: str | None = None


@frozen(slots=True)
class Listing:
    """A list.

    Attributes:
        columns: their names.
        rows: the values of each by column; None where there is none.
        depths: how deep each row stands in a tree; empty where the list is none.
    """

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    depths: tuple[int, ...] = ()

    def of(self, units: frozenset[str]) -> Listing:
        """Return the list of what is of some units alone."""
        kept = [at for at, row in enumerate(self.rows) if row["unit"] in units]
        depths = [self.depths[at] for at in kept] if self.depths else []
        top = min(depths, default=0)
        rows = tuple(self.rows[at] for at in kept)
        return evolve(self, rows=rows, depths=tuple(depth - top for depth in depths))


@frozen(slots=True)
class _Looking:
    """What lists are made from, in one moment."""

    reader: LogReader
    asked: Asked
    upto: int
    structures: Structures

    @property
    def day(self) -> date:
        return self.asked.on or self.asked.today

    @property
    def organisation(self) -> Organisation:
        return self.structures.as_of(self.day)

    @property
    def chart(self) -> Chart:
        return self.reader.chart()

    def bodies(self, topic: str) -> Iterable[tuple[int, dict[str, Any]]]:
        """Yield the events of a kind, with their positions."""
        undone = left_out(self.reader, self.upto).positions
        for row in self.reader.rows_about(topic):
            if row[0] <= self.upto and row[0] not in undone:
                yield row[0], self.reader.body_of(row)

    def settlements(self) -> Iterable[tuple[int, dict[str, Any]]]:
        """Yield what settled a proposal, with its position."""
        for topic in ("BudgetAmended", "AmendmentDropped"):
            yield from ((at, body) for at, body in self.bodies(topic) if body.get("proposal"))

    def words(self, *topics: str) -> Iterable[tuple[int, str, dict[str, Any]]]:
        """Yield the events of kinds that the read model of words keeps, of the year asked for, or of all."""
        years = {self.asked.on.year} if self.asked.on else self._years_of_words()
        for year in sorted(years):
            values = (f"{year}-01-01", f"{year}-12-31")
            rows = rows_of(self.reader, WORDS, self.upto, f"{year:04}", "last_day >= ? AND last_day <= ?", values)
            for position, topic, _key, _first, _last, body in rows:
                if topic in topics:
                    yield position, topic, orjson.loads(body)

    def _years_of_words(self) -> set[int]:
        with one_moment(self.reader):
            blocks = self.reader.kept["checks"].get(WORDS.name, {})
        return {int(key.rpartition(" ")[2]) for key in blocks if key.rpartition(" ")[2].isdecimal()}

    def is_of_year(self, effective: str) -> bool:
        """Return whether a period is asked for."""
        return self.asked.on is None or effective[-10:-6] == f"{self.asked.on.year:04}"


def listing(reader: LogReader, kind: str, asked: Asked) -> Listing:
    """Return a list of what a store holds, all of it of one moment.

    Args:
        reader: of the store.
        kind: one of `KINDS`.
        asked: as of when, and of which unit.

    Raises:
        BadInput: there is no such unit, or the list is not one of units.
    """
    with one_moment(reader) as end:
        upto = end if asked.known_at is None else min(end, reader.position_at(asked.known_at.astimezone(UTC)))
        looking = _Looking(reader, asked, upto, structures_of(reader, upto))
        found = KINDS[kind](looking)
        return found if asked.unit is None else found.of(_units_at_or_below(looking, kind, found))


def _units_at_or_below(looking: _Looking, kind: str, found: Listing) -> frozenset[str]:
    if "unit" not in found.columns:
        raise BadInput(f"{kind} are not those of a unit; leave out --unit")
    wanted, organisation = str(looking.asked.unit), looking.organisation
    if wanted not in organisation.units:
        raise BadInput(f"there is no unit {wanted}{nearest(wanted, organisation.units)}; see `heinola list units`")
    return frozenset(organisation.with_all_below(wanted))


# ---------------------------------------------------------------- what the organisation is


def _units(looking: _Looking) -> Listing:
    """Those that are there on the day, as a tree."""
    organisation, day = looking.organisation, looking.day
    columns = ("unit", "name", "kind", "parent", "responsible", "first_day", "last_day")
    rows, depths = list[Row](), list[int]()
    for code, unit in organisation.units.items():
        if unit.first_day <= day <= unit.last_day:
            last = None if unit.last_day == date.max else unit.last_day.isoformat()
            values = (code, unit.name, unit.kind, unit.parent, unit.responsible, unit.first_day.isoformat(), last)
            rows.append(dict(zip(columns, values, strict=True)))
            depths.append(len(organisation.at_or_above(code)) - 1)
    return Listing(columns, tuple(rows), tuple(depths))


def _lines(looking: _Looking) -> Listing:
    """Those of the chart, in its order."""
    columns = ("line", "fi", "sv", "en", "sign", "sum_of", "accounts")
    rows = [
        {
            "line": line.code,
            **{language: line.labels[language] for language in ("fi", "sv", "en")},
            "sign": {1: "income", -1: "expenses"}.get(line.sign, "either"),
            "sum_of": ", ".join(line.components) or None,
            "accounts": ", ".join(f"{first}–{last}" for first, last in line.accounts) or None,
        }
        for line in looking.chart.lines.values()
    ]
    return Listing(columns, tuple(rows))


def _periods(looking: _Looking) -> Listing:
    """Through which month the books of each unit are covered in the year, and by what."""
    year = looking.asked.on.year if looking.asked.on else _last_year(looking)
    query = SnapshotQuery(period=Period.of_day(date(year, 12, 31)), position=looking.upto)
    columns = ("unit", "name", "year", "through", *BY, "budget")
    rows = [
        {
            "unit": one.unit,
            "name": one.name,
            "year": year,
            "through": None if one.through is None else one.through.isoformat(),
            **{by: runs(one.months[by]) if by in one.months else None for by in BY},
            "budget": one.budget or None,
        }
        for one in coverage_of(look(looking.reader, query), query)
    ]
    return Listing(columns, tuple(rows))


def _last_year(looking: _Looking) -> int:
    """Return the latest fiscal year that has figures; that of today where none has."""
    years = {year for _measure, year, _first, _last in spans_of(looking.reader)}
    stated = {int(body["effective"][-10:-6]) for _position, body in looking.bodies("FigureStated")}
    found = sorted((year for year in years | stated if 0 < year < date.max.year), reverse=True)
    if left_out(looking.reader, looking.upto).units:  # some of these may have nothing that counts
        query = SnapshotQuery(period=Period.of_day(looking.asked.today), position=looking.upto)
        facts = look(looking.reader, query).figures.facts
        found = [year for year in found if year in stated or _is_posted(facts, year)]
    return next(iter(found), looking.asked.today.year)


def _is_posted(facts: Callable[[str, int], StoredFacts], year: int) -> bool:
    return any(facts(measure, year).posting_units() for measure in (ACTUAL, BUDGET))


# ---------------------------------------------------------------- what was set and told


def _goals(looking: _Looking) -> Listing:
    """Binding goals, each with the last status that was reported of it."""
    columns = ("unit", "year", "goal", "binding_goal", "metric", "target_level", "status", "period", "withdrawn")
    found: dict[tuple[str, int, str], dict[str, Value]] = {}
    since: dict[tuple[object, ...], str] = {}
    for _position, topic, body in looking.words("GoalSet", "GoalRevised", "GoalStatusUpdated", "GoalWithdrawn"):
        key = body["unit"], int(body["effective"][-10:-6]), body["goal"]
        goal = found.setdefault(key, {**dict.fromkeys(columns), **dict(zip(columns, key, strict=False))})
        if topic == "GoalSet":
            goal |= {name: body.get(name) or None for name in ("binding_goal", "metric", "target_level")}
        elif topic == "GoalRevised":
            day = body["effective"][:10]
            for name in ("binding_goal", "metric", "target_level"):
                if body.get(name) is not None and day >= since.get((*key, name), ""):
                    goal[name], since[*key, name] = body[name], day
        elif topic == "GoalStatusUpdated":
            goal |= {"status": body["status"], "period": _label(body)}
        else:
            goal["withdrawn"] = body["effective"][-10:]
    return Listing(columns, tuple(found.values()))


def _priorities(looking: _Looking) -> Listing:
    """Priorities, with the period that was last reported on."""
    columns = ("unit", "year", "number", "title", "metric", "reported")
    found: dict[tuple[str, int, int], dict[str, Value]] = {}
    for _position, topic, body in looking.words("PrioritySet", "PriorityReported"):
        key = body["unit"], int(body["effective"][-10:-6]), body["number"]
        priority = found.setdefault(key, {**dict.fromkeys(columns), **dict(zip(columns, key, strict=False))})
        if topic == "PrioritySet":
            priority |= {"title": body["title"], "metric": body.get("metric") or None}
        else:
            priority["reported"] = _label(body)
    return Listing(columns, tuple(found.values()))


def _indicators(looking: _Looking) -> Listing:
    """Statistics, with the value of each period."""
    columns = ("unit", "name", "measured_in", "period", "value")
    found: dict[tuple[str, str, str], Row] = {}
    for _position, _topic, body in looking.words("IndicatorObserved"):
        values = (body["unit"], body["name"], body.get("measured_in") or None, _label(body), body["value"])
        found[body["unit"], body["name"], body["effective"]] = dict(zip(columns, values, strict=True))
    return Listing(columns, tuple(found.values()))


def _sections(looking: _Looking) -> Listing:
    """Texts by their sections, with the position of the event that said them last."""
    columns = ("unit", "section", "programme", "period", "characters", "position")
    found: dict[tuple[Any, ...], Row] = {}
    for position, topic, body in looking.words("NarrativeReported", "OutlookGiven"):
        section = body["section"] if topic == "NarrativeReported" else "outlook"
        key = body["unit"], section, body.get("programme"), body["effective"], body.get("part", 1)
        values = (body["unit"], section, body.get("programme"), _label(body), len(body["text"]), position)
        found[key] = dict(zip(columns, values, strict=True))
    return Listing(columns, tuple(found.values()))


def _projects(looking: _Looking) -> Listing:
    """Projects, with their planned time, and the day they ended."""
    columns = ("unit", "project", "responsible", "start", "end", "reported", "ended")
    found: dict[str, dict[str, Value]] = {}
    for _position, topic, name, _first, last, stored in rows_of(looking.reader, PROJECTS, looking.upto):
        body = orjson.loads(stored)
        project = found.setdefault(name, {**dict.fromkeys(columns), "project": name})
        if topic == "ProjectProgressReported":
            project["reported"] = _label(body)
        elif topic == "ProjectEnded":
            project["ended"] = last
        elif topic != "ProjectTextTranslated":
            project |= {name: body[name] for name in ("unit", "responsible", "start", "end") if name in body}
            project["project"] = body.get("name") or project["project"]
    day = looking.asked.on
    rows = [row for row in found.values() if day is None or str(row["ended"] or "9999") >= day.isoformat()]
    return Listing(columns, tuple(rows))


def _translations(looking: _Looking) -> Listing:
    """The words that reports of the year show, each with what it reads in other languages; empty where it lacks that.

    Of the year of the day asked for, else of the latest that has figures.
    """
    from projections.snapshot.model import ProjectReport, UnitReport  # noqa: PLC0415 - of this list alone
    from projections.snapshot.taking import take_snapshot  # noqa: PLC0415
    from projections.snapshot.translating import reading, words_of  # noqa: PLC0415

    columns = ("unit", "project", "original", *LANGUAGES)
    found: dict[tuple[str, str | None, str], Row] = {}
    for period in _periods_told(looking):
        taken = take_snapshot(looking.reader, SnapshotQuery(period=period, position=looking.upto))
        reports: list[UnitReport | ProjectReport] = [*taken.units, *taken.projects]
        for report in reports:
            of = (report.code, None) if isinstance(report, UnitReport) else (report.unit, report.name)
            told = {language: reading(report, language) for language in LANGUAGES}
            for words in words_of(report):
                reads = {language: told[language].get(words) for language in LANGUAGES}
                found[*of, words] = {"unit": of[0], "project": of[1], "original": words, **reads}
    return Listing(columns, tuple(found.values()))


def _periods_told(looking: _Looking) -> list[Period]:
    """Return the year, and the parts of it that anything was told of, in the order of time."""
    year = looking.asked.on.year if looking.asked.on else _last_year(looking)
    rows = rows_of(
        looking.reader,
        WORDS,
        looking.upto,
        f"{year:04}",
        "last_day >= ? AND last_day <= ?",
        (f"{year}-01-01", f"{year}-12-31"),
    )
    spans = {(first, last) for _position, _topic, _key, first, last, _body in rows if first[:4] == last[:4]}
    told = {Period.from_iso(f"{first}/{last}") for first, last in spans if first < last}
    return sorted({*told, Period.of_year(year)}, key=lambda period: (period.end, period.start))


# ---------------------------------------------------------------- what was recorded at one time


def _imports(looking: _Looking) -> Listing:
    """Files that were read in, with what came of each."""
    columns = ("position", "recorded", "by", "file", "format", "period", "gave")
    rows = [
        {
            "position": position,
            **_stamp(body),
            "file": body["file_name"],
            "format": body["format"],
            "period": _label(body),
            "gave": ", ".join(body.get("counts", [])),
        }
        for position, body in looking.bodies("FileImported")
        if looking.is_of_year(body["effective"])
    ]
    return Listing(columns, tuple(rows))


def _amendments(looking: _Looking) -> Listing:
    """Decisions that changed a budget."""
    columns = (
        "position",
        "unit",
        "line",
        "year",
        CENTS,
        "decided",
        "organ",
        "minutes_section",
        "address",
        "source",
        "reason",
    )
    rows = [
        {
            "position": position,
            "unit": body["unit"],
            "line": body["line"],
            "year": body["fiscal_year"],
            CENTS: body["amount_cents"],
            "decided": body["effective"][-10:],
            **{name: body.get(name) or None for name in ("organ", "minutes_section", "address")},
            "source": body.get("source") or None,
            "reason": body.get("reason") or None,
        }
        for position, body in looking.bodies("BudgetAmended")
        if looking.asked.on is None or body["fiscal_year"] == looking.asked.on.year
    ]
    return Listing(columns, tuple(rows))


def _proposals(looking: _Looking) -> Listing:
    """Proposed amendments, with what became of them."""
    settled = {body["proposal"]: body.get("outcome", "decided") for _at, body in looking.settlements()}
    columns = ("position", "unit", "line", "year", CENTS, "proposed", "organ", "minutes_section", "outcome", "source")
    rows = [
        {
            "position": position,
            "unit": body["unit"],
            "line": body["line"],
            "year": body["fiscal_year"],
            CENTS: body["amount_cents"],
            "proposed": body["effective"][-10:],
            **{name: body.get(name) or None for name in ("organ", "minutes_section")},
            "outcome": settled.get(position, "waiting"),
            "source": body.get("source") or None,
        }
        for position, body in looking.bodies("AmendmentProposed")
        if looking.asked.on is None or body["fiscal_year"] == looking.asked.on.year
    ]
    return Listing(columns, tuple(rows))


def _publications(looking: _Looking) -> Listing:
    """Reports that were published; those of the whole city are of no unit."""
    columns = ("position", "recorded", "by", "period", "unit", "revision")
    rows = [
        {
            "position": position,
            **_stamp(body),
            "period": _label(body),
            "unit": None if body["scope"] == "*" else body["scope"],
            "revision": body["revision"],
        }
        for position, body in looking.bodies("ReportPublished")
        if looking.is_of_year(body["effective"])
    ]
    return Listing(columns, tuple(rows))


def _roles(looking: _Looking) -> Listing:
    """Who has which role, with the event that gave it; those of the whole city are of no unit."""
    columns = ("position", "recorded", "by", "actor", "role", "unit", "of_login")
    held: dict[tuple[str, str, str | None], Row] = {}
    told = [(position, topic, body) for topic in topics_of("roles") for position, body in looking.bodies(topic)]
    for position, topic, body in sorted(told, key=lambda one: one[0]):
        key = body["actor"], body["role"], body.get("unit")
        held.pop(key, None)
        if topic == "RoleGiven":
            of = {"actor": key[0], "role": key[1], "unit": key[2], "of_login": body.get("of_login") or None}
            held[key] = {"position": position, **_stamp(body), **of}
    return Listing(columns, tuple(held.values()))


def _stamp(body: dict[str, Any]) -> Row:
    return {"recorded": body["recorded"][:19] + "Z", "by": body["recorded_by"]}


def _label(body: dict[str, Any]) -> str:
    return Period.from_iso(body["effective"]).label


KINDS: dict[str, Callable[[_Looking], Listing]] = {
    "units": _units,
    "lines": _lines,
    "goals": _goals,
    "priorities": _priorities,
    "projects": _projects,
    "periods": _periods,
    "imports": _imports,
    "amendments": _amendments,
    "proposals": _proposals,
    "publications": _publications,
    "roles": _roles,
    "indicators": _indicators,
    "sections": _sections,
    "translations": _translations,
}
"""What can be listed."""
