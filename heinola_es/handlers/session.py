"""A command at work: the aggregates it touches, loaded once, and the events it adds, appended together.

Aggregates that most commands do not touch have their modules loaded by those that do: to load a class takes longer
than to use it.
`now` and `who` are arguments; nothing here reads a clock or the environment.
"""

from __future__ import annotations

from datetime import date
from itertools import takewhile
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import define, field

from events.base import Event
from events.organisation import CITY
from events.streams import (
    chart_stream,
    city_stream,
    import_stream,
    project_stream,
    publication_stream,
    roles_stream,
    round_stream,
    unit_stream,
    unit_year_stream,
)
from heinola_es.domain.aggregates.base import Aggregate, Stamp
from heinola_es.domain.aggregates.organisation import Organisation
from heinola_es.domain.aggregates.standing_units import MOST_ABOVE, require_standing
from heinola_es.domain.aggregates.unit import Unit
from heinola_es.domain.aggregates.unit_year import Placement, UnitYear
from heinola_es.domain.chart import Chart, Charts
from heinola_es.domain.plausible import largest_amount, require_plausible
from heinola_es.errors import BadInput, HeinolaError, nearest, nearest_unit
from heinola_es.handlers.restating import PublishedReport
from heinola_es.handlers.roles import Permit
from heinola_es.store.kept import Kept
from heinola_es.store.log import STEP, EventLog

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from events.period import Period
    from heinola_es.domain.aggregates.charts import ChartBook
    from heinola_es.domain.aggregates.city import City  # noqa: TC004 - attrs does not look what it is
    from heinola_es.domain.aggregates.file_import import Import
    from heinola_es.domain.aggregates.project import Project  # noqa: TC004 - likewise
    from heinola_es.domain.aggregates.publication import Publication
    from heinola_es.domain.aggregates.roles import Roles
    from heinola_es.domain.aggregates.round import Round
    from heinola_es.store.log import Clock, Command, Receipt, Request


Kind = TypeVar("Kind", bound=Aggregate[Any])


class UnknownUnit(BadInput):
    """There is no unit with this code."""


@define(slots=True, kw_only=True)
class Session:
    """One command's view of the log.

    Attributes:
        log: where streams are loaded from.
        chart: the lines of the store, in any year.
        stamp: what every event of the command carries.
        pending: the events decided so far, in order.
        kept: what is to be kept beside them.
        restates: what is closed or published may be changed: it is meant.
        restated: the published reports that the command changes.
    """

    log: EventLog
    chart: Chart
    stamp: Stamp
    pending: list[Event] = field(factory=list)
    kept: list[Kept] = field(factory=list)
    restates: bool = False
    restated: list[PublishedReport] = field(factory=list)
    _units: dict[str, Unit] = field(factory=dict)
    _city_unit: str | None = None
    _years: dict[tuple[str, int], UnitYear] = field(factory=dict)
    _projects: dict[str, Project] = field(factory=dict)
    _city: City | None = None
    _charts: Charts | None = None

    def charts(self) -> Charts:
        """Return the charts of the fiscal years."""
        if self._charts is None:
            self._charts = self.log.charts()
        return self._charts

    def chart_of(self, fiscal_year: int) -> Chart:
        """Return the lines that figures of a fiscal year can be on."""
        return self.charts().of(fiscal_year)

    def chart_book(self) -> ChartBook:
        """Return what is recorded about charts."""
        from heinola_es.domain.aggregates.charts import ChartBook  # noqa: PLC0415

        return self._replayed(ChartBook(stream=chart_stream(), pending=self.pending))

    def unit_or_new(self, code: str) -> Unit:
        """Return the unit with this code, established or not."""
        if code not in self._units:
            stream = unit_stream(code)
            unit = Unit(stream=stream, pending=self.pending, code=code)
            self._units[code] = self._replayed(unit)
        return self._units[code]

    def unit(self, code: str) -> Unit:
        """Return an established unit.

        Raises:
            UnknownUnit: none has this code; the sentence suggests the nearest.
        """
        unit = self.unit_or_new(code)
        if unit.kind is None:
            names = {one: str(self.unit(one).names.on(date.max) or "") for one in self.unit_codes()}
            establish = "; establish units with `heinola record unit` or import a report"
            hint = nearest_unit(code, names) if names else establish
            raise UnknownUnit(f"unknown unit {code!r}{hint}")
        return unit

    def unit_codes(self) -> list[str]:
        """Return the codes of all units, in the order in which they were established."""
        new = [code for code, unit in self._units.items() if unit.kind is not None]
        return list(dict.fromkeys([*self.log.unit_codes(), *new]))

    def city_on(self, day: date) -> str | None:
        """Return the code of the city as a unit, where there is one and it exists on a day."""
        if self._city_unit is None:
            kinds = ((body["code"], body["kind"]) for _at, body in self.log.positions_and_bodies("UnitEstablished"))
            self._city_unit = next((code for code, kind in kinds if kind == CITY), "")
        new = (unit for unit in self._units.values() if unit.kind == CITY)
        code = self._city_unit or next((unit.code for unit in new), "")
        return code if code and self.unit(code).first_day <= day <= self.unit(code).last_day else None

    def unit_year(self, code: str, fiscal_year: int) -> UnitYear:
        """Return a unit's fiscal year."""
        key = (code, fiscal_year)
        if key not in self._years:
            stream = unit_year_stream(code, fiscal_year)
            year = UnitYear(stream=stream, pending=self.pending, unit=code, fiscal_year=fiscal_year)
            self._years[key] = self._replayed(year)
        return self._years[key]

    def forget(self, code: str, fiscal_year: int) -> None:
        """Let go of a unit's fiscal year that the command is done with, so that a long one stays small."""
        self._years.pop((code, fiscal_year), None)

    def placement(self, code: str, fiscal_year: int, day: date) -> Placement:
        """Return where a unit stands on `day`, with the fiscal year of every unit in the chain.

        Raises:
            UnknownUnit.
        """
        return Placement(
            chain=[(unit, self.unit_year(unit.code, fiscal_year)) for unit in self.chain(code, day)],
            ever=[self.unit_year(unit.code, fiscal_year) for unit in (self.unit(code), *self.ever_above(code))],
            codes_on=lambda other: {unit.code for unit in self.chain(code, other)},
            position=self.position_of,
            chart=self.chart_of(fiscal_year),
        )

    def position_of(self, event: Event) -> int:
        """Return where an event stands in the log; what the command has yet to record comes last."""
        known = self.log.positions_of(event.originator_id)
        return known.get(event.originator_version, self.log.head().size + event.originator_version)

    def chain(self, code: str, day: date) -> Iterator[Unit]:
        """Yield a unit and those it stands under on `day`, up to the top of its book (see `Organisation`).

        Raises:
            UnknownUnit.
        """
        unit = self.unit(code)
        return takewhile(lambda above: above.is_investment == unit.is_investment, self._upwards(unit, day))

    def ever_above(self, code: str) -> list[Unit]:
        """Return every unit that a unit stands under on any day, the nearest first."""
        found: dict[str, Unit] = {}
        waiting = [self.unit(code)]
        for unit in waiting:
            for parent in unit.ever_under():
                if parent not in found:
                    found[parent] = self.unit(parent)
                    waiting.append(found[parent])
        return list(found.values())

    def above_while(self, code: str, since: date, until: date) -> list[Unit]:
        """Return every unit that a unit stands under, in either book, on a day from `since` up to but not on `until`.

        What is about to be put above the unit for that time must not be one of them.
        """
        ever = [self.unit(code), *self.ever_above(code)]
        changes = {day for unit in ever for day in unit.days_of_change() if since < day < until}
        found = {unit.code: unit for day in (since, *sorted(changes)) for unit in self._upwards(ever[0], day)}
        del found[code]
        return list(found.values())

    def _upwards(self, unit: Unit, day: date) -> Iterator[Unit]:
        yield unit
        above = {unit.code: unit}
        while parent := unit.parent_on(max(day, unit.first_day)):
            unit = self.unit(parent)
            if parent in above or len(above) > MOST_ABOVE:
                require_standing({code: self.unit(code) for code in self.unit_codes()})
            above[parent] = unit
            yield unit

    def organisation(self, day: date) -> Organisation:
        """Return the whole organisation as of a day; loads every unit.

        Raises:
            CannotStand: the log says of units what cannot be.
        """
        units = {code: self.unit(code) for code in self.unit_codes()}
        require_standing(units)
        return Organisation.as_of(units.values(), day)

    def project_or_new(self, name: str) -> Project:
        """Return the project with this name, launched or not."""
        if name not in self._projects:
            from heinola_es.domain.aggregates.project import Project  # noqa: PLC0415

            stream = project_stream(name)
            project = Project(stream=stream, pending=self.pending, name=name)
            self._projects[name] = self._replayed(project)
        return self._projects[name]

    def project(self, name: str) -> Project:
        """Return a launched project, by the name that it was launched under or any that it was given since.

        Raises:
            UnknownProject: none has this name; the sentence suggests the nearest.
        """
        project = self.project_called(name)
        if project is None:
            from heinola_es.domain.aggregates.project import UnknownProject  # noqa: PLC0415

            known = [called for one in self._all_projects() for called in (one.name, *one.called)]
            hint = nearest(name, known)
            raise UnknownProject(f"unknown project {name!r}{hint}; launch a new one with `heinola record project`")
        return project

    def project_called(self, name: str) -> Project | None:
        """Return the project that was launched under a name, or given it since; None where there is none."""
        project = self.project_or_new(name)
        if project.launched:
            return project
        return next((one for one in self._all_projects() if name in one.called), None)

    def _all_projects(self) -> list[Project]:
        known = dict.fromkeys([*self.log.project_names(), *self._projects])
        return [one for one in map(self.project_or_new, known) if one.launched]

    def city(self) -> City:
        """Return the city that the store is of."""
        if self._city is None:
            from heinola_es.domain.aggregates.city import City  # noqa: PLC0415

            made = City(stream=city_stream(), pending=self.pending, name=self.log.setting("city"))
            self._city = self._replayed(made)
        return self._city

    def file_import(self, sha256: str) -> Import:
        """Return the import of the content with this digest."""
        from heinola_es.domain.aggregates.file_import import Import  # noqa: PLC0415

        stream = import_stream(sha256)
        return self._replayed(Import(stream=stream, pending=self.pending, sha256=sha256))

    def publication(self, period: Period, scope: str) -> Publication:
        """Return the publications of a period and scope (a unit's code, or `*` for the whole city)."""
        from heinola_es.domain.aggregates.publication import Publication  # noqa: PLC0415

        stream = publication_stream(period, scope)
        publication = Publication(stream=stream, pending=self.pending, period=period, scope=scope)
        return self._replayed(publication)

    def round(self, period: Period) -> Round:
        """Return the reporting round of a period, opened or not."""
        from heinola_es.domain.aggregates.round import Round  # noqa: PLC0415

        return self._replayed(Round(stream=round_stream(period), pending=self.pending, period=period))

    def roles(self) -> Roles:
        """Return the roles that people have."""
        from heinola_es.domain.aggregates.roles import Roles  # noqa: PLC0415

        return self._replayed(Roles(stream=roles_stream(), pending=self.pending))

    def facts_of(self, aggregate: Aggregate[Any]) -> Iterator[Event]:
        """Yield what is recorded in an aggregate's stream and was not undone, in order."""
        for event in self.log.events_of(aggregate.stream):
            if type(event) in aggregate.FAMILY and event.originator_version not in aggregate.undone:
                yield event

    def _replayed(self, aggregate: Kind) -> Kind:
        """Return an aggregate with what its stream tells."""
        return aggregate.replay(self.log.events_of(aggregate.stream))


def run(
    log: EventLog, now: Clock, request: Request, work: Callable[[Session], None], *, dry_run: bool = False
) -> Receipt:
    """Do a command's work in one transaction and return what it recorded; with `dry_run`, what it would record.

    A retry with the same key does no work and returns the earlier receipt.

    Raises:
        Refused, BadInput: as the work decides; nothing was recorded.
    """
    with log.command(now, request, permit=Permit(log), dry_run=dry_run) as command:
        if command.earlier is not None:
            return command.earlier
        session = _worked(log, command, command.recorded, request, work)
        receipt = command.append(session.pending)
        for kept in session.kept:
            command.keep(kept)
        return receipt


def _worked(
    log: EventLog, command: Command, recorded: datetime, request: Request, work: Callable[[Session], None]
) -> Session:
    """Return the session of a command whose work is decided, and nothing of it appended yet."""
    stamp = Stamp(recorded, request.by, request.source, request.reason, command.login)
    session = Session(log=log, chart=command.chart, stamp=stamp, restates=request.restates)
    work(session)
    largest, source = largest_amount(session.pending)
    require_plausible(largest, log.bodies_backwards(), large=request.large, source=source)
    return session


def run_each(
    log: EventLog,
    now: Clock,
    works: Sequence[tuple[Request, Callable[[Session], None]]],
    *,
    dry_run: bool = False,
) -> list[Receipt]:
    """Do the work of several commands in one transaction, all or nothing; return what each recorded.

    Each is a command of its own: of its own instant, and so undone by itself. None has a key. What one raises, none of
    the others recorded; all of them are asked, so that everything that is refused can be told at once.

    Raises:
        ExceptionGroup: of the refusals, in the order of the works.
    """
    refused: list[HeinolaError] = []
    receipts: list[Receipt] = []
    with log.command(now, works[0][0], permit=Permit(log), dry_run=dry_run) as command:
        for number, (request, work) in enumerate(works):
            try:
                session = _worked(log, command, command.recorded + number * STEP, request, work)
            except HeinolaError as error:
                refused.append(error)
            else:
                receipts.append(command.append(session.pending))
        if refused:
            raise ExceptionGroup("refused", refused)
    return receipts
