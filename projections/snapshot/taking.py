"""Taking a snapshot: the report of a period as known at any moment, out of the read models."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, cast

from attrs import frozen

from events.period import Period
from heinola_es.chart import Chart, load_chart
from heinola_es.errors import BadInput, nearest
from heinola_es.organisation import Organisation
from heinola_es.store.reading import LogReader
from projections.moment import answered, one_moment
from projections.organisation import structures_of
from projections.snapshot.columns import Measured, ReportColumn, columns_by_default, named
from projections.snapshot.figures import Figures
from projections.snapshot.model import Snapshot, UnitKind, UnitReport, Unplaced
from projections.snapshot.projects import projects_of
from projections.snapshot.reconciliation import Reconciliation
from projections.snapshot.rows import Rows
from projections.snapshot.told_by_units import UnitWords, words_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.organisation import UnitThen


@frozen(slots=True, kw_only=True)
class SnapshotQuery:
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
    """

    period: Period
    unit: str | None = None
    known_at: datetime | None = None
    structure: date | None = None
    years: int = 1
    columns: tuple[str, ...] = ()
    all_lines: bool = False
    position: int | None = None


@frozen(slots=True, eq=False, repr=False)
class View:
    """The read models as known at a position, in the organisation of a day: what questions are put to.

    Attributes:
        reader: of the log, with the read models caught up.
        chart, organisation: what lines and units are the sum of.
        figures: columns of figures.
        upto: position of the last event known.
    """

    reader: LogReader
    chart: Chart
    organisation: Organisation
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
    chart = load_chart(reader.setting("chart"))
    day, structures = query.structure or query.period.end, structures_of(reader, upto)
    organisation = structures.as_of(day)
    _require_unit(query.unit, organisation, query.period.end, reader)
    return View(reader, chart, organisation, Figures(reader, chart, organisation, structures, upto, end), upto)


def take_snapshot(reader: LogReader, query: SnapshotQuery) -> Snapshot:
    """Return the snapshot that a query asks for, all of it of one position of the log.

    The same log and query always give the same.

    Raises:
        BadInput: the period crosses years, or there is no such unit.
    """
    return answered(reader, lambda: snapshot_of(look(reader, query), query))


def snapshot_of(view: View, query: SnapshotQuery) -> Snapshot:
    """Return the snapshot that a query asks for, of the view that it asks for."""
    return _Taking(view, query).snapshot()


@frozen(slots=False, eq=False, repr=False)
class _Taking:
    """One snapshot in the making."""

    view: View
    query: SnapshotQuery

    def snapshot(self) -> Snapshot:
        view, query, period = self.view, self.query, self.query.period
        shown = (*columns_by_default(), *named(query.columns))
        shown = named(tuple(column.name for column in shown))
        rows = Rows.of_report(view.figures, period, shown, years=query.years, all_lines=query.all_lines)
        organisation = view.organisation
        below = set(organisation.units if query.unit is None else organisation.with_all_below(query.unit))
        codes = [code for code in organisation.until(period.end) if code in below]
        projects = [p for p in projects_of(view.reader, period, view.upto) if self._shows(p.unit, codes)]
        units = tuple(self._units(codes, rows))
        reconciliation = Reconciliation(view.reader, rows.compared(), view.upto)
        return Snapshot(
            city=view.reader.setting("city"),
            period=period,
            known_at=query.known_at,
            structure=organisation.day,
            position=view.upto,
            columns=tuple(column.name for column in shown),
            units=units,
            projects=tuple(projects),
            findings=tuple(reconciliation.findings(units, projects, period)),
            unplaced=tuple(self._unplaced(codes, shown)),
        )

    def _unplaced(self, codes: list[str], shown: tuple[ReportColumn, ...]) -> Iterator[Unplaced]:
        """Yield the postings that the end of what a column covers cuts in two; those of the report's year first."""
        period = self.query.period
        actuals = [c for c in shown if isinstance(c.source, Measured) and c.source.measure == "actual"]
        for column in sorted(actuals, key=lambda column: column.covers(period).end, reverse=True):
            yield from (cut for cut in self.view.figures.cut_by(column, period) if cut.unit in codes)

    def _units(self, codes: list[str], rows: Rows) -> Iterator[UnitReport]:
        words = words_of(self.view.reader, self.query.period, self.view.upto)
        for code in codes:
            unit = self.view.organisation.units[code]
            yield _unit_report(unit, rows, words.get(code, UnitWords()))

    def _shows(self, owner: str, codes: list[str]) -> bool:
        """Return whether a project of `owner` belongs in the report: always in a report of the whole city."""
        return self.query.unit is None or owner in codes


def _unit_report(unit: UnitThen, rows: Rows, words: UnitWords) -> UnitReport:
    return UnitReport(
        code=unit.code,
        name=unit.name,
        kind=cast("UnitKind", unit.kind),
        parent=unit.parent,
        responsible=unit.responsible,
        figures=rows.of_unit(unit),
        goals=words.goals,
        priorities=words.priorities,
        narratives=words.narratives,
        indicators=words.indicators,
        outlook=words.outlook,
    )


def _require_one_year(period: Period) -> None:
    if period.start.year != period.end.year:
        raise BadInput(
            f"{period.label} crosses the turn of a year; a report covers one fiscal year, ask for each by itself"
        )


def _require_unit(unit: str | None, organisation: Organisation, last: date, reader: LogReader) -> None:
    if unit is None or unit in organisation.until(last):
        return
    names = reader.unit_names()
    if unit in names:
        raise BadInput(f"unit {unit} did not exist, or was not known, on {Period.of_day(organisation.day).label}")
    raise BadInput(f"unknown unit {unit!r}{nearest(unit, names)}")
