"""From a report that was read to events: every item is recorded through the same decisions as one entered by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, cast

from attrs import evolve, field, frozen

from events.organisation import CITY
from events.period import Period
from heinola_es.domain.aggregates.base import Stamp
from heinola_es.domain.aggregates.project import project_values
from heinola_es.errors import BadInput, HeinolaError
from heinola_es.handlers import figures, forecasts, goals, organisation, projects
from heinola_es.handlers.session import Session
from heinola_es.importing.first_days import BroughtIn
from heinola_es.importing.over_before import require_not_known_otherwise
from heinola_es.importing.report.document import ReportDocument

if TYPE_CHECKING:
    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.domain.project_facts import ProjectFacts
    from heinola_es.importing.report.document import (
        FigureRow,
        GivenForecast,
        Goal,
        Priority,
        Project,
        ReportUnit,
        StatedAmount,
        StatedFigure,
    )

REPORT_FORMAT = "report"


@frozen(slots=True)
class ReportFile:
    """A report document with the file it was read from.

    Attributes:
        name: the file's name, without its folder.
        sha256: hex digest of its bytes.
        document: what it says.
        places: where its lines stand, in words, by their numbers (`table 3, row 2`); empty where a number says it all.
        is_own_data: whether the document is the data that a report carries, and not what it prints.
    """

    name: str
    sha256: str
    document: ReportDocument
    places: Mapping[int, str] = field(factory=dict)
    is_own_data: bool = False

    def where(self, line: int) -> str:
        """Return where a line stands, as it is told."""
        return self.places.get(line) or f"line {line}"

    def source(self, lines: tuple[int, ...]) -> str:
        """Return the name of the file with where lines stand in it: `q2.txt:12-14`, `q2.docx, table 3, row 2`."""
        if self.places:
            return ", ".join([self.name, *([self.where(lines[0])] if lines else ())])
        rows = f":{lines[0]}" if lines else ""
        if len(lines) > 1:
            rows += f"-{lines[-1]}"
        return f"{self.name}{rows}"


def record_report(session: Session, file: ReportFile) -> None:
    """Record everything a report says, and that the file was imported.

    Raises:
        ImportedBefore: the same content is in the log; KnownOtherwise; and every refusal of a rule; nothing was
            recorded.
    """
    recording = _Recording(session, file, session.stamp)
    file_import = session.file_import(file.sha256)
    file_import.require_new()
    if file.is_own_data:
        require_not_known_otherwise(session, file.document)
    try:
        recording.items()
    except HeinolaError as error:
        raise type(error)(f"{session.stamp.source}: {error}") from error
    document = file.document
    session.stamp = recording.stamp
    file_import.complete(
        session.stamp,
        document.period,
        file_name=file.name,
        file_format=REPORT_FORMAT,
        counts=tuple(f"{name}={number}" for name, number in counts_of(document).items()),
        findings=tuple(
            (f.kind, f.unit or "", file.places.get(f.line) or str(f.line), f.message) for f in document.findings
        ),
    )


def counts_of(document: ReportDocument) -> dict[str, int]:
    """Return how many items of each kind a report has, and findings by kind."""
    counts = {
        name: len(getattr(document, name))
        for name in ("units", "figures", "goals", "priorities", "narratives", "outlooks", "indicators", "projects")
    }
    counts["figures"] += len(document.stated)
    kinds = [finding.kind for finding in document.findings]
    further = {name: len(getattr(document, name)) for name in ("forecasts", "statuses", "translations")}
    further |= {"mismatch": kinds.count("mismatch")}
    counts |= {kind: kinds.count(kind) for kind in ("inferred", "unparsed")}
    return counts | {name: count for name, count in further.items() if count}


@frozen(slots=True)
class _Recording:
    """One report on its way into the log.

    Attributes:
        stamp: what the command itself carries.
        known_goals: what the goals of the year are already, by the unit's code.
        goal_ids: what each goal of the report is called in the store, by its unit and its id in the report.
    """

    session: Session
    file: ReportFile
    stamp: Stamp
    known_goals: dict[str, dict[tuple[str, str], str]] = field(factory=dict)
    goal_ids: dict[tuple[str, str], str] = field(factory=dict)

    @property
    def document(self) -> ReportDocument:
        return self.file.document

    def items(self) -> None:
        self.units()
        self.figures()
        self.goals_and_priorities()
        self.words()
        self.projects()
        self.translations()

    def units(self) -> None:
        for unit in self.document.units:
            self._from(unit.lines)
            known = self.session.unit_or_new(unit.code)
            if known.kind is None:
                self._establish(unit)
            else:
                self._bring_up_to_date(unit)

    def figures(self) -> None:
        cumulative = self.document.period.year_to_date()
        for row in self.document.figures:
            self._from(row.lines)
            self._state(row, "actual", Period.of_year(cumulative.year - 1), row.final_accounts)
            self._state(row, "actual", cumulative.years_before(1), row.prior_actual)
            self._state(row, "budget", cumulative, row.budget)
            self._state(row, "actual", cumulative, row.actual, percent=row.printed_percent)
        for figure in self.document.stated:
            self._from(figure.lines)
            self._state(figure, figure.measure, figure.period, figure.amount, percent=figure.percent)
        for forecast in self.document.forecasts:
            self._from(forecast.lines)
            self._give(forecast)

    def goals_and_priorities(self) -> None:
        for goal in self.document.goals:
            self._from(goal.lines)
            self._set_goal(goal)
        for status in self.document.statuses:
            self._from(status.lines)
            goal_id = self.goal_ids.get((status.unit, status.goal), status.goal)
            goals.update_goal_status(
                self.session, status.unit, self.document.period, goal_id, status.status, status.text
            )
        for priority in self.document.priorities:
            self._from(priority.lines)
            self._set_priority(priority)

    def words(self) -> None:
        session = self.session
        for outlook in self.document.outlooks:
            self._from(outlook.lines)
            goals.give_outlook(session, outlook.unit, outlook.period, outlook.text)
        for told in self.document.narratives:
            self._from(told.lines)
            goals.report_narrative(
                session, told.unit, told.period, told.section, told.text, programme=told.programme, part=told.part
            )
        for seen in self.document.indicators:
            self._from(seen.lines)
            goals.observe_indicator(session, seen.unit, seen.period, seen.name, seen.value, seen.measured_in)

    def projects(self) -> None:
        for project in self.document.projects:
            self._from(project.lines)
            self._launch_or_revise(project)
            name = project.launched_as or project.name
            if project.percent is not None or project.text:
                projects.report_progress(self.session, name, self.document.period, project.percent, project.text)
            if project.ended is not None and self.session.project(name).ended is None:
                projects.end_project(self.session, name, project.ended)

    def translations(self) -> None:
        """Record what words read in other languages; the words themselves are recorded by now."""
        for told in self.document.translations:
            self._from(told.lines)
            of = self.session.unit(told.unit) if told.unit else self.session.project(str(told.project))
            if of.translations.get((told.original, told.language)) != told.text:
                of.translate(self.session.stamp, told.original, told.language, told.text)

    def _from(self, lines: tuple[int, ...]) -> None:
        """Let what is recorded next name the rows of the file that it was read from, and the report they belong to."""
        source = f"{self.file.source(lines)} ({self.document.sector}, {self.document.period.label})"
        self.session.stamp = evolve(self.stamp, source=source)

    @property
    def first_day(self) -> date:
        """The first day that the report tells of; it states the final accounts of the year before, if not earlier."""
        years = (figure.period.start.year for figure in self.document.stated)
        return date(min([self.document.fiscal_year - 1, *years]), 1, 1)

    def _establish(self, unit: ReportUnit) -> None:
        since = self.first_day
        organisation.establish_unit(self.session, unit.code, since, name=unit.name, kind=unit.kind, parent=unit.parent)
        if unit.responsible:
            organisation.assign_responsible(self.session, unit.code, since, unit.responsible)

    def _bring_up_to_date(self, unit: ReportUnit) -> None:
        """Record what has changed about a unit that an earlier report or command established."""
        known, day = self.session.unit(unit.code), self.document.period.start
        since = self.first_day
        if since < known.first_day:
            brought_in = BroughtIn.before(self.session)
            if brought_in.has(unit.code):
                brought_in.begin(unit.code, since, source=self.session.stamp.source, file=self.file.name)
        if known.names.on(day) != unit.name:
            organisation.rename_unit(self.session, unit.code, day, unit.name)
        parent = unit.parent or self.session.city_on(day)  # the top of a report, where the city is a unit
        if unit.kind == CITY:
            parent = None
        if known.parents.on(day) != parent:
            organisation.move_unit(self.session, unit.code, day, parent)
        if unit.responsible and known.responsibles.on(day) != unit.responsible:
            organisation.assign_responsible(self.session, unit.code, day, unit.responsible)

    def _give(self, forecast: GivenForecast) -> None:
        forecasts.give_forecast(
            self.session,
            forecast.unit,
            self._line_in(forecast.line, self.document.fiscal_year),
            self.document.period,
            forecast.amount.cents,
            precision_cents=forecast.amount.precision_cents,
            contra=True,
            text=forecast.text,
        )

    def _state(
        self,
        row: FigureRow | StatedFigure,
        measure: str,
        period: Period,
        amount: StatedAmount | None,
        *,
        percent: str | None = None,
    ) -> None:
        if amount is None:
            return
        figures.state_figure(
            self.session,
            row.unit,
            self._line_in(row.line, period.year),
            period,
            measure,
            amount.cents,
            precision_cents=amount.precision_cents,
            label=row.label,
            percent=percent,
        )

    def _line_in(self, line: str, fiscal_year: int) -> str:
        """Return the line that a figure of the document is on in the chart of its own year.

        Raises:
            BadInput: it has none.
        """
        lines = self.session.charts().counterparts(self.document.fiscal_year, fiscal_year)
        if lines is not None and line not in lines:
            raise BadInput(
                f"the chart of {fiscal_year} has no line that {line} continues, so what the report tells of that year "
                f"cannot be recorded; take the column of {fiscal_year} out of it"
            )
        return line if lines is None else lines[line]

    def _set_goal(self, goal: Goal) -> None:
        year = self.session.unit_year(goal.unit, self.document.fiscal_year)
        if goal.unit not in self.known_goals:
            self.known_goals[goal.unit] = {
                (set_.programme_goal, set_.binding_goal): of for of, set_ in year.goals.items()
            }
        known = self.known_goals[goal.unit]
        words = (goal.programme_goal, goal.binding_goal)
        is_known = words in known
        self.goal_ids[goal.unit, goal.id] = known.setdefault(words, _free_id(goal, year))
        if is_known:
            return
        goals.set_goal(
            self.session,
            goal.unit,
            self.document.fiscal_year,
            known[words],
            programme_goal=goal.programme_goal,
            binding_goal=goal.binding_goal,
            metric=goal.metric,
            target_level=goal.target_level,
            strategic_goal=goal.strategic_goal,
            subtask=goal.subtask,
        )

    def _set_priority(self, priority: Priority) -> None:
        year = self.session.unit_year(priority.unit, self.document.fiscal_year)
        known = year.priorities.get(priority.number)
        if known is None or (known.title, known.metric) != (priority.title, priority.metric):
            goals.set_priority(
                self.session, priority.unit, year.fiscal_year, priority.number, priority.title, priority.metric
            )
        if priority.text:
            goals.report_priority(self.session, priority.unit, priority.period, priority.number, priority.text)

    def _launch_or_revise(self, project: Project) -> None:
        name = project.launched_as or project.name
        known, facts = self.session.project_or_new(name), project_values(project)
        if not known.launched:
            first, start = self.document.period.start, project.start or self.document.period.start
            if project.launched_as or start > self.document.period.end:  # it is reported on, whatever was planned
                start = min(start, first)
            planned = Period(start, max(start, project.end or start))
            projects.launch_project(self.session, name, planned, **facts)
            if project.launched_as:
                projects.revise_project(self.session, name, first, called=project.name)
            return
        changed = {name: value for name, value in facts.items() if value and value != known.facts.get(name)}
        if changed:
            revised = cast("ProjectFacts", changed)
            projects.revise_project(self.session, name, self.document.period.start, **revised)


def _free_id(goal: Goal, year: UnitYear) -> str:
    """Return the goal's id, or the next one free where an earlier report gave it to another goal."""
    wanted, number = goal.id, len(year.goals)
    while wanted in year.goals:
        number += 1
        wanted = f"{goal.unit}-{number}"
    return wanted
