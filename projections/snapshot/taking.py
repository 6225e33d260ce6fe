"""Taking a snapshot: the report of a period as known at any moment, out of the read models."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from attrs import evolve, field, frozen

from events.period import Period
from events.value_object import ValueObject
from heinola_es.domain.aggregates.organisation import Organisation, Structures
from heinola_es.domain.chart import Chart
from heinola_es.domain.value_rule.column import Column
from heinola_es.errors import BadInput, nearest_unit
from heinola_es.store.reading import LogReader
from projections.read_models.city import city_of
from projections.read_models.moment import answered, one_moment
from projections.read_models.organisation import structures_of
from projections.read_models.present_totals import totals_since
from projections.read_models.without import left_out
from projections.snapshot.budget_changes import budget_changes_of
from projections.snapshot.columns import FORECASTS, Measured, ReportColumn, column_named, columns_by_default, named
from projections.snapshot.compared import changes, excluded
from projections.snapshot.figures import Figures
from projections.snapshot.model import (
    BudgetChange,
    FigureRow,
    Finding,
    ProjectReport,
    Snapshot,
    Translation,
    UnitKind,
    UnitReport,
    Unplaced,
)
from projections.snapshot.projects import projects_of
from projections.snapshot.reconciliation import Reconciliation
from projections.snapshot.round_parts import round_of
from projections.snapshot.rows import Rows, always_shown
from projections.snapshot.told_by_units import TEXTS, UnitWords, is_forecast_given, words_of, words_of_year
from projections.snapshot.translating import project_translations, unit_translations, with_translations

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from heinola_es.domain.aggregates.organisation import UnitThen


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class SnapshotQuery(ValueObject):
    """What a snapshot is asked for.

    Attributes:
        period: inside one fiscal year; figures are cumulative from 1 January to its end.
        unit: only this unit and what stands under it, or None for the whole city.
        known_at: only what was recorded up to this instant, or None for everything.
        structure: the organisation as of this day, or None for the period's end.
        years: how many prior years the figures are shown beside.
        columns: names of columns that a report does not have by itself.
        all_lines: every line of a unit that is known, or those of its layout alone.
        position: only the events up to this position, or None; so is a published snapshot taken again.
        layout: of the chart, that the city's own statement is in; None for the one that the chart says.
        forecast_method: what forecasts are computed by (`projections.snapshot.forecast_methods`), or empty.
        comparable: earlier years without what left the city before the report's year.
    """

    period: Period
    unit: str | None = None
    known_at: datetime | None = None
    structure: date | None = None
    years: int = 1
    columns: tuple[str, ...] = ()
    all_lines: bool = False
    position: int | None = None
    layout: str | None = None
    forecast_method: str = ""
    comparable: bool = False


@frozen(slots=True, eq=False, repr=False)
class View:
    """The read models as known at a position, in the organisation of a day: what questions are put to.

    Attributes:
        reader: of the log, with the read models caught up.
        chart, organisation, structures: what lines and units are the sum of, as asked for and on any day.
        figures: columns of figures.
        upto: position of the last event known.
    """

    reader: LogReader
    chart: Chart
    organisation: Organisation
    structures: Structures
    figures: Figures
    upto: int


def look(reader: LogReader, query: SnapshotQuery) -> View:
    """Return the view that a query asks for, inside a moment that its user holds.

    Raises:
        BadInput: the period crosses years, or there is no such unit.
    """
    _require_one_year(query.period)
    with one_moment(reader) as end:
        return _look(reader, query, end)


def _look(reader: LogReader, query: SnapshotQuery, end: int) -> View:
    upto = end
    if query.position is not None:
        upto = min(upto, query.position)
    if query.known_at is not None:
        upto = min(upto, reader.position_at(query.known_at.astimezone(UTC)))
    charts = reader.charts(upto, left_out(reader, upto).positions)
    year = query.period.year
    chart = charts.of(year).laid_out(query.layout)
    day, structures = query.structure or query.period.end, structures_of(reader, upto)
    organisation = structures.as_of(day)
    require_unit(query.unit, organisation, query.period.end, reader)
    years = (charts if charts.later else None, year)
    left = frozenset(structures.left_before(date(year, 1, 1)) if query.comparable else ())
    known = upto, totals_since(reader, upto, end)
    figures = Figures(reader, chart, organisation, structures, *known, *years, query.forecast_method, left)
    return View(reader, chart, organisation, structures, figures, upto)


def take_snapshot(reader: LogReader, query: SnapshotQuery) -> Snapshot:
    """Return the snapshot that a query asks for, all of it of one position of the log.

    The same log and query always give the same.

    Raises:
        BadInput: the period crosses years, or there is no such unit.
    """
    return answered(reader, lambda: snapshot_of(look(reader, query), query))


def snapshot_of(view: View, query: SnapshotQuery) -> Snapshot:
    """Return the snapshot that a query asks for, of the view that it asks for."""
    return Taking(view, query).snapshot()


@frozen(slots=False, eq=False, repr=False)
class Taking:
    """One snapshot in the making."""

    view: View
    query: SnapshotQuery
    _columns: dict[str, Column] = field(init=False, factory=dict)

    def snapshot(self) -> Snapshot:
        """Return the snapshot."""
        view, query, period = self.view, self.query, self.query.period
        projects = self.projects()
        units = tuple(self.unit(code) for code in self.codes)
        reconciliation = Reconciliation(view.reader, self._rows.compared(), view.upto)
        city = city_of(view.reader, view.upto)
        return Snapshot(
            city=city.name,
            recorded_in=city.recorded_in,
            period=period,
            known_at=query.known_at,
            structure=view.organisation.day,
            position=view.upto,
            columns=tuple(column.name for column in self.shown),
            units=units,
            projects=projects,
            findings=(
                *self._unreported(),
                *reconciliation.findings(units, projects, period),
                *self._on_internal(),
                *self._on_lines_of_before(),
                *self.findings_on_texts(units),
                *self._on_translations(units, projects),
            ),
            unplaced=tuple(self._unplaced()),
            changes=changes(view.structures, view.organisation, period, query.years, self._scope),
            comparable=query.comparable,
            excluded=tuple(excluded(self._rows, view.organisation, self._scope)),
            budget_changes=self.budget_changes(),
        )

    def projects(self) -> tuple[ProjectReport, ...]:
        """Return the projects of the report; of the whole city, all."""
        found = projects_of(self.view.reader, self.query.period, self.view.upto)
        told = project_translations(self.view.reader, self.view.upto)
        wanted = (project for project in found if self.query.unit is None or project.unit in self._scope)
        return tuple(with_translations(project, project.key, told) for project in wanted)

    def budget_changes(self) -> tuple[BudgetChange, ...]:
        """Return the decisions on the budgets of the report, and what waits for one."""
        return budget_changes_of(self.view.reader, self.query.period, self._all_codes(), self.view.upto)

    def unit(self, code: str) -> UnitReport:
        """Return what the report has of one of its units."""
        unit = self.view.organisation.units[code]
        report = _unit_report(unit, self._rows.of_unit(unit), self._words.get(code, UnitWords()))
        return with_translations(report, code, self._translations)

    def column_showing(self, code: str, line: str, column: str) -> Column | None:
        """Return the column of one amount of a unit of the report, without any other; None where it has no such row."""
        unit = self.view.organisation.units[code]
        if column in FORECASTS and column_named(column) not in self.shown:
            return None
        if line not in always_shown(self.view.chart, unit) and not self._rows.shows(unit, line):
            return None
        if column not in self._columns:
            self._columns[column] = self.view.figures.of(column_named(column), self.query.period)
        return self._columns[column]

    def words(self, code: str) -> UnitReport:
        """Return what the report has of one of its units but for the figures."""
        report = _unit_report(self.view.organisation.units[code], (), self._words.get(code, UnitWords()))
        return with_translations(report, code, self._translations)

    @cached_property
    def codes(self) -> list[str]:
        """The units of the report, in its order; those that earlier years alone know left out."""
        left, then = self.view.figures.left, self.view.organisation
        if not left:
            return self._scope
        gone = left.difference(self._words, self.view.figures.units_in(self.query.period.year))
        return [code for code in self._scope if code not in gone or not gone.issuperset(then.with_all_below(code))]

    @cached_property
    def _scope(self) -> list[str]:
        """The units that the report is about, in its order."""
        organisation, asked = self.view.organisation, self.query.unit
        below = set(organisation.units if asked is None else organisation.with_all_below(asked))
        return [code for code in organisation.until(self.query.period.end) if code in below]

    def _all_codes(self) -> Container[str]:
        """Return the units of the report with those that are in it by their amounts alone: none is left out."""
        organisation, asked = self.view.organisation, self.query.unit
        return organisation.units if asked is None else frozenset(organisation.with_all_below(asked))

    @cached_property
    def shown(self) -> tuple[ReportColumn, ...]:
        """The columns that its rows have, in order."""
        view, query = self.view, self.query
        asked = query.columns
        if query.forecast_method or is_forecast_given(view.reader, query.period, view.upto):
            asked = (*asked, *FORECASTS)
        shown = (*columns_by_default(), *named(asked))
        return named(tuple(column.name for column in shown))

    @cached_property
    def _rows(self) -> Rows:
        figures, query = self.view.figures, self.query
        return Rows.of_report(figures, query.period, self.shown, years=query.years, all_lines=query.all_lines)

    @cached_property
    def _words(self) -> dict[str, UnitWords]:
        return words_of(self.view.reader, self.query.period, self.view.upto)

    @cached_property
    def _translations(self) -> dict[str, list[Translation]]:
        return unit_translations(self.view.reader, self.view.upto)

    def _unreported(self) -> Iterator[Finding]:
        """Yield the units whose part of the period's round is not accepted, where there is a round."""
        then = round_of(self.view.reader, self.query.period, self.view.upto)
        for unit in then.not_accepted() if then else ():
            if unit in self.codes:
                code = "not_accepted" if then and then.part(unit).state == "submitted" else "not_reported"
                yield Finding(kind="incomplete", code=code, unit=unit)

    def findings_on_texts(self, units: Sequence[UnitReport]) -> Iterator[Finding]:
        """Yield those of some units of the report whose texts are older than their figures."""
        if not any(row[1] in TEXTS for row in words_of_year(self.view.reader, self.query.period.year, self.view.upto)):
            return
        from projections.snapshot.staleness import findings_on_texts  # noqa: PLC0415 - many logs have figures alone

        def figures_at(position: int) -> Figures:
            return look(self.view.reader, evolve(self.query, unit=None, known_at=None, position=position)).figures

        yield from findings_on_texts(self.view.figures, self.query.period, units, figures_at)

    def _on_translations(self, units: Sequence[UnitReport], projects: Sequence[ProjectReport]) -> Iterator[Finding]:
        """Yield what was changed after it was translated."""
        reader, upto = self.view.reader, self.view.upto
        of_projects = project_translations(reader, upto) if projects else {}
        if not (self._translations or of_projects):
            return
        from projections.snapshot.stale_translations import (  # noqa: PLC0415 - few logs have any
            stale_translations,
            stale_translations_of_projects,
        )

        yield from stale_translations(reader, upto, self.query.period.year, units, self._translations)
        yield from stale_translations_of_projects(reader, upto, projects, of_projects)

    def _on_internal(self) -> Iterator[Finding]:
        """Yield where internal items do not meet, in the report of the whole city."""
        if self.query.unit is None and self.view.figures.has_internal():
            from projections.snapshot.internal import findings_on_internal  # noqa: PLC0415 - few logs have any

            yield from findings_on_internal(self.view.figures, self.query.period, self._rows.measured)

    def _on_lines_of_before(self) -> Iterator[Finding]:
        """Yield what stands, in earlier years, on lines of their chart that no line of the report continues."""
        if self.view.figures.charts is not None:
            from projections.snapshot.continuing import findings_on_lines_of_before  # noqa: PLC0415 - seldom met

            units = [self.view.organisation.units[code] for code in self.codes]
            yield from findings_on_lines_of_before(units, self._rows.compared())

    def _unplaced(self) -> Iterator[Unplaced]:
        """Yield the postings that the end of what a column covers cuts in two; those of the report's year first."""
        period = self.query.period
        actuals = [c for c in self.shown if isinstance(c.source, Measured) and c.source.stated_as == "actual"]
        for column in sorted(actuals, key=lambda column: column.covers(period).end, reverse=True):
            yield from (cut for cut in self.view.figures.cut_by(column, period) if cut.unit in self.codes)


def _unit_report(unit: UnitThen, figures: tuple[FigureRow, ...], words: UnitWords) -> UnitReport:
    return UnitReport(
        code=unit.code,
        name=unit.name,
        kind=cast("UnitKind", unit.kind),
        parent=unit.parent,
        responsible=unit.responsible,
        figures=figures,
        **words.told(),
    )


def _require_one_year(period: Period) -> None:
    if period.start.year != period.end.year:
        raise BadInput(
            f"{period.label} crosses the turn of a year; a report covers one fiscal year, ask for each by itself"
        )


def require_unit(unit: str | None, organisation: Organisation, last: date, reader: LogReader) -> None:
    """Refuse a unit that did not exist by a day, nor on that of the organisation; None stands for the whole city.

    Raises:
        BadInput.
    """
    if unit is None or unit in organisation.until(last):
        return
    names = reader.unit_names()
    if unit in names:
        raise BadInput(f"unit {unit} did not exist, or was not known, on {Period.of_day(organisation.day).label}")
    raise BadInput(f"unknown unit {unit!r}{nearest_unit(unit, names)}")
