"""The snapshot of a period: the report as data, as known at any moment (`heinola/snapshot/1`)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from attrs import frozen

from events.period import Period
from heinola_es.chart import Chart, load_chart
from heinola_es.errors import BadInput, nearest
from heinola_es.organisation import Organisation
from heinola_es.periods import format_instant
from heinola_es.store.reading import LogReader
from projections.figures import Figures
from projections.moment import answered, one_moment
from projections.organisation import organisation_as_of
from projections.projects import projects_of
from projections.reconciliation import Reconciliation
from projections.rows import Rows
from projections.words import UnitWords, words_of

SCHEMA = "heinola/snapshot/1"


@frozen(slots=True, kw_only=True)
class SnapshotQuery:
    """What a snapshot is asked for.

    Attributes:
        period: inside one fiscal year; figures are cumulative from 1 January to its end.
        unit: only this unit and what stands under it, or None for the whole city.
        known_at: only what was recorded up to this instant, or None for everything.
        structure: the organisation as of this day, or None for the period's end.
        years: how many prior years the figures are shown beside.
        all_lines: every line of a unit that is known, or those of its layout alone.
        position: only the events up to this position, or None; so is a published snapshot taken again.
    """

    period: Period
    unit: str | None = None
    known_at: datetime | None = None
    structure: date | None = None
    years: int = 1
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
    organisation = organisation_as_of(reader, query.structure or query.period.end, upto)
    _require_unit(query.unit, organisation, reader)
    return View(reader, chart, organisation, Figures(reader, chart, organisation, upto, end), upto)


def take_snapshot(reader: LogReader, query: SnapshotQuery) -> dict[str, Any]:
    """Return the snapshot as plain data: money in cents, dates in ISO form, unknown as None.

    The same log and query always give the same data, all of it of one position of the log.

    Raises:
        BadInput: the period crosses years, or there is no such unit.
    """
    return answered(reader, lambda: snapshot_of(look(reader, query), query))


def snapshot_of(view: View, query: SnapshotQuery) -> dict[str, Any]:
    """Return the snapshot that a query asks for, of the view that it asks for."""
    return _Taking(view.reader, query, view.upto, view.chart, view.organisation, view.figures).snapshot()


@frozen(slots=False, eq=False, repr=False)
class _Taking:
    """One snapshot in the making."""

    reader: LogReader
    query: SnapshotQuery
    upto: int
    chart: Chart
    organisation: Organisation
    figures: Figures

    def snapshot(self) -> dict[str, Any]:
        period, query = self.query.period, self.query
        rows = Rows.of_report(self.figures, period, years=query.years, all_lines=query.all_lines)
        codes = list(self.organisation.units) if query.unit is None else self.organisation.with_all_below(query.unit)
        projects = [p for p in projects_of(self.reader, period, self.upto) if self._shows(p["unit"], codes)]
        reconciliation = Reconciliation(self.reader, self.chart, self.organisation, rows.columns, self.upto)
        cumulative = period.year_to_date()
        return {
            "schema": SCHEMA,
            "city": self.reader.setting("city"),
            "period": {**_dates(period), "label": period.label},
            "cumulative": {**_dates(cumulative), "months": cumulative.end.month},
            "known_at": None if query.known_at is None else format_instant(query.known_at),
            "structure": self.organisation.day.isoformat(),
            "position": self.upto,
            "units": self._units(codes, rows),
            "projects": projects,
            "findings": reconciliation.findings(codes, projects, period),
            "unplaced": self._unplaced(codes, cumulative),
        }

    def _unplaced(self, codes: list[str], cumulative: Period) -> list[dict[str, Any]]:
        """Return the postings that the cumulative months of the year, or of the year before, cut in two."""
        spans = {"actual": cumulative, "prior_actual": cumulative.years_before(1)}
        return [
            {"column": column, **cut}
            for column, span in spans.items()
            for cut in self.figures.cut_by(span)
            if cut["unit"] in codes
        ]

    def _units(self, codes: list[str], rows: Rows) -> list[dict[str, Any]]:
        words = words_of(self.reader, self.query.period, self.upto)
        units = (self.organisation.units[code] for code in codes)
        return [
            {
                "code": unit.code,
                "name": unit.name,
                "kind": unit.kind,
                "parent": unit.parent,
                "responsible": unit.responsible,
                "figures": rows.of_unit(unit),
                **words.get(unit.code, UnitWords()).as_snapshot(),
            }
            for unit in units
        ]

    def _shows(self, owner: str, codes: list[str]) -> bool:
        """Return whether a project of `owner` belongs in the report: always in a report of the whole city."""
        return self.query.unit is None or owner in codes


def _dates(period: Period) -> dict[str, str]:
    return {"start": period.start.isoformat(), "end": period.end.isoformat()}


def _require_one_year(period: Period) -> None:
    if period.start.year != period.end.year:
        raise BadInput(
            f"{period.label} crosses the turn of a year; a report covers one fiscal year, ask for each by itself"
        )


def _require_unit(unit: str | None, organisation: Organisation, reader: LogReader) -> None:
    if unit is None or unit in organisation.units:
        return
    names = reader.unit_names()
    if unit in names:
        raise BadInput(f"unit {unit} did not exist, or was not known, on {Period.of_day(organisation.day).label}")
    raise BadInput(f"unknown unit {unit!r}{nearest(unit, names)}")
