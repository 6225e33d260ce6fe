"""Whether what is recorded could be recorded in another log: each event's command is given again, as a question."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any, TypeVar, assert_never, get_args

from attrs import define

from events.charts import ChartAdopted
from events.city import CityNamed
from events.coverage import BooksCompleted, CompletionWithdrawn
from events.figures import (
    ActualCorrected,
    ActualPosted,
    BudgetAdopted,
    BudgetAmended,
    FigureStated,
    PeriodClosed,
    PeriodReopened,
    StatementWithdrawn,
)
from events.imports import FileImported
from events.organisation import (
    OrganisationEvent,
    ResponsibleAssigned,
    UnitClosed,
    UnitEstablished,
    UnitFirstDayCorrected,
    UnitMerged,
    UnitMoved,
    UnitNameCorrected,
    UnitRenamed,
    UnitTextTranslated,
)
from events.period import Period
from events.projects import (
    ProjectEnded,
    ProjectLaunched,
    ProjectProgressReported,
    ProjectRevised,
    ProjectsEvent,
    ProjectTextTranslated,
)
from events.proposals import AmendmentDropped, AmendmentProposed
from heinola_es.domain.aggregates.base import Aggregate
from heinola_es.domain.aggregates.project import Project, UnknownProject, project_values
from heinola_es.domain.aggregates.unit import NothingChanges
from heinola_es.domain.aggregates.unit_year import NothingRevised, UnitYearEvent
from heinola_es.domain.chart import Charts, OwnChart, charts_in, known_of_charts
from heinola_es.errors import HeinolaError
from heinola_es.handlers import (  # noqa: F401 - each tells how it is asked again
    charts,
    coverage,
    figures,
    forecasts,
    goals,
    organisation,
    projects,
    proposals,
    translations,
)
from heinola_es.handlers.session import Session, UnknownUnit
from heinola_es.handlers.unit_years import ASKED_AGAIN
from heinola_es.store.log import LogDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from events.base import Event
    from heinola_es.domain.aggregates.unit import Unit

Kind = TypeVar("Kind", bound=Aggregate[Any])

Fact = OrganisationEvent | UnitYearEvent | ProjectsEvent | FileImported | CityNamed | ChartAdopted
"""What can be undone, but for an undoing itself."""
FACTS = frozenset(
    (
        *get_args(OrganisationEvent),
        *get_args(UnitYearEvent),
        *get_args(ProjectsEvent),
        FileImported,
        CityNamed,
        ChartAdopted,
    )
)
REPORT_FORMAT = "report"


@define(slots=True, kw_only=True)
class World(Session):
    """The log up to a position, without some of its events; it moves on by one event after the other.

    Attributes:
        dead: positions of the events that it does not have.
        at: the position it has come to.
    """

    dead: Container[int]
    at: int
    restates: bool = True

    def take(self, position: int, event: Fact) -> None:
        """Move on by the next event of the log."""
        self.at = position
        if position in self.dead:
            return
        aggregate = self._loaded(event)
        if aggregate is not None:
            aggregate.evolve(event)

    def refusal(self, event: Fact) -> HeinolaError | None:
        """Return what would be said if the event were to be recorded now; None where it would be recorded."""
        try:
            _ask(self, event)
        except (NothingChanges, NothingRevised):  # what changes nothing harms nothing
            return None
        except HeinolaError as error:
            return error
        return None

    def _loaded(self, event: Fact) -> Aggregate[Any] | None:
        """Return the aggregate of an event, where it is loaded; else it will find the event in its stream."""
        if isinstance(event, OrganisationEvent):
            return self._units.get(event.code)
        if isinstance(event, ProjectsEvent):
            return self._projects.get(event.project)
        if isinstance(event, ChartAdopted):
            self._charts = None
        if isinstance(event, FileImported | CityNamed | ChartAdopted):
            return None
        return self._years.get((event.unit, year_of(event)))

    def charts(self) -> Charts:
        """Return the charts of the fiscal years, as they are by now."""
        if self._charts is None:
            known = known_of_charts(self.log.told_of_charts(), self.at, self.dead)
            own = [one for one in known if one[1] == ChartAdopted.TOPIC]  # what is undone, this world knows by itself
            self._charts = charts_in(self.log.setting("chart"), own)
        return self._charts

    def facts_of(self, aggregate: Aggregate[Any]) -> Iterator[Event]:
        """Yield what is recorded in an aggregate's stream so far, and is not left out, in order."""
        positions = self.log.positions_of(aggregate.stream)
        for event in self.log.events_of(aggregate.stream):
            position = positions[event.originator_version]
            if position <= self.at and position not in self.dead and type(event) in aggregate.FAMILY:
                yield event

    def _replayed(self, aggregate: Kind) -> Kind:
        for event in self.facts_of(aggregate):
            aggregate.evolve(event)
        aggregate.only_asked = True
        return aggregate

    def unit(self, code: str) -> Unit:
        """Return an established unit.

        Raises:
            UnknownUnit.
        """
        unit = self.unit_or_new(code)
        if unit.kind is None:
            raise UnknownUnit(f"there is no unit {code}")
        return unit

    def project(self, name: str) -> Project:
        """Return a launched project.

        Raises:
            UnknownProject.
        """
        project = self.project_or_new(name)
        if not project.launched:
            raise UnknownProject(f"there is no project {name!r}")
        return project

    def unit_codes(self) -> list[str]:
        """Return the codes of all units, in the order in which they were established."""
        told = self.log.established()
        return [code for position, code in told if position <= self.at and position not in self.dead]


def year_of(event: UnitYearEvent) -> int:
    """Return the fiscal year of an event of a unit's year."""
    if isinstance(event, BudgetAdopted | BudgetAmended | AmendmentProposed | AmendmentDropped):
        return event.fiscal_year
    return event.effective.end.year


def subject_of(event: Fact) -> str:
    """Return what an event is about: a unit's code, a project's name behind a mark, the digest of a file.

    Raises:
        LogDamaged: it is none that can be undone, though the log says that it was.
    """
    if isinstance(event, OrganisationEvent):
        return event.code
    if isinstance(event, ProjectsEvent):
        return f"project {event.project}"
    if isinstance(event, CityNamed):
        return "the city"
    if isinstance(event, ChartAdopted):
        return "the charts"
    if not hasattr(event, "unit") and not isinstance(event, FileImported):
        raise LogDamaged.at(f"what cannot be undone is said to be ({event.TOPIC})")
    return event.sha256 if isinstance(event, FileImported) else event.unit


def require_open(session: Session, event: Fact) -> None:
    """Refuse to change what closed books have in them.

    Raises:
        PeriodIsClosed: as recording it would be refused.
    """
    period = _in_books(event)
    if period is not None and not isinstance(
        event, OrganisationEvent | ProjectsEvent | FileImported | CityNamed | ChartAdopted
    ):
        session.placement(event.unit, year_of(event), _day_of(event)).require_open(period)


def _in_books(event: Fact) -> Period | None:
    """Return the days whose books an event is in; None where it is in none."""
    match event:
        case ActualPosted() | ActualCorrected():
            return event.effective
        case FigureStated() | StatementWithdrawn():
            return Period.of_day(event.effective.end)
        case BudgetAdopted() | BudgetAmended():
            return event.effective
        case _:
            return None


def _day_of(event: UnitYearEvent) -> date:
    return event.effective.end


def _ask(session: World, event: Fact) -> None:
    """Give the command of an event again.

    What was meant then, against the sign of a line or by a document's word, is meant again.

    Raises:
        whatever it is refused with.
    """
    if isinstance(event, OrganisationEvent):
        _ask_of_unit(session, event)
    elif isinstance(event, ProjectsEvent):
        _ask_of_project(session, event)
    elif isinstance(event, FileImported):
        _ask_of_import(session, event)
    elif isinstance(event, CityNamed):
        pass  # a city can be called anything
    elif isinstance(event, ChartAdopted):
        charts.adopt_chart(session, OwnChart(event.chart, event.content), event.from_year or 0)
    elif isinstance(event, _FIGURES):
        _ask_of_figures(session, event)
    else:
        ASKED_AGAIN[type(event)](session, event)


def _ask_of_unit(session: World, event: OrganisationEvent) -> None:
    code, day = event.code, event.effective.start
    match event:
        case UnitEstablished():
            organisation.establish_unit(session, code, day, name=event.name, kind=event.kind, parent=event.parent)
        case UnitRenamed():
            organisation.rename_unit(session, code, day, event.name)
        case UnitMoved():
            organisation.move_unit(session, code, day, event.parent)
        case ResponsibleAssigned():
            organisation.assign_responsible(session, code, day, event.responsible)
        case UnitMerged():
            organisation.merge_unit(session, code, day, event.into)
        case UnitClosed():
            organisation.close_unit(session, code, day)
        case UnitFirstDayCorrected():
            organisation.correct_first_day(session, code, day)
        case UnitNameCorrected():
            organisation.correct_name(session, code, day, event.name)
        case UnitTextTranslated():
            translations.translate_text(session, event.original, event.text, event.language, unit=code)
        case _:
            assert_never(event)


def _ask_of_project(session: World, event: ProjectsEvent) -> None:
    name, day = event.project, event.effective.start
    match event:
        case ProjectLaunched():
            projects.launch_project(session, name, event.effective, **project_values(event))
        case ProjectRevised():
            projects.revise_project(session, name, day, called=event.name, **project_values(event))
        case ProjectProgressReported():
            projects.report_progress(session, name, event.effective, event.percent, event.text)
        case ProjectEnded():
            projects.end_project(session, name, day, event.text)
        case ProjectTextTranslated():
            translations.translate_text(session, event.original, event.text, event.language, project=name)
        case _:
            assert_never(event)


def _ask_of_import(session: World, event: FileImported) -> None:
    if event.format == REPORT_FORMAT:
        session.file_import(event.sha256).require_new()


_Figures = (
    BudgetAdopted
    | BudgetAmended
    | ActualPosted
    | ActualCorrected
    | FigureStated
    | StatementWithdrawn
    | PeriodClosed
    | PeriodReopened
    | BooksCompleted
    | CompletionWithdrawn
)
_FIGURES = get_args(_Figures)


def _ask_of_figures(session: World, event: _Figures) -> None:
    unit, period, year = event.unit, event.effective, year_of(event)
    match event:
        case BudgetAdopted():
            of = (unit, event.line, year, event.amount_cents)
            detail, internal = event.detail, event.internal
            figures.adopt_budget(session, *of, day=period.end, detail=detail, contra=True, internal=internal)
        case BudgetAmended():
            of = (unit, event.line, year, event.amount_cents)
            how: dict[str, Any] = {"detail": event.detail, "correcting": event.correcting, "internal": event.internal}
            how |= {"also": True, "proposal": event.proposal}
            figures.amend_budget(session, *of, day=period.end, **how)
        case ActualPosted():
            how = {"detail": event.detail, "contra": True, "internal": event.internal}
            figures.post_actual(session, unit, event.line, period, event.amount_cents, account=event.account, **how)
        case ActualCorrected():
            figures.correct_actual(session, unit, event.line, period, event.amount_cents, internal=event.internal)
        case FigureStated():
            figures.state_figure(session, unit, event.line, period, event.measure, event.amount_cents)
        case StatementWithdrawn():
            figures.withdraw_statement(session, unit, event.line, period, event.measure)
        case PeriodClosed():
            session.unit(unit).require_there(period)
            session.unit_year(unit, year).close_period(session.stamp, period)
        case PeriodReopened():
            over = session.placement(unit, year, period.end).closings_over(period)
            above = any(closing.unit != unit for closing in over)
            session.unit_year(unit, year).reopen_period(session.stamp, period, closed_above=above, partly=True)
        case BooksCompleted():  # that it fits what is stated is found by comparing, whatever is undone
            place = session.placement(unit, year, period.end)
            session.unit_year(unit, year).complete_books(session.stamp, period, place, event.measure, event.lines)
        case CompletionWithdrawn():
            coverage.withdraw_completion(session, period, unit, measure=event.measure, lines=event.lines)
        case _:
            assert_never(event)
