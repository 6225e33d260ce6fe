"""The track record of forecasts: what was given, or would have been computed, against how the year ended."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.errors import BadInput, nearest
from projections.audit.listing import Listing, Row
from projections.read_models.moment import answered
from projections.snapshot.forecasts import forecast_column
from projections.snapshot.percent import percent_text
from projections.snapshot.taking import SnapshotQuery, View, look
from projections.snapshot.told_by_units import forecasts_of_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from heinola_es.store.reading import LogReader

MOST_YEARS = 5
"""Over how many years, the one asked for among them, it is told how far forecasts were off."""
_QUARTERS = ((3, 31), (6, 30), (9, 30), (12, 31))
_COLUMNS = ("unit", "line", "period", "forecast_cents", "final_cents", "error_cents", "error_percent")
_BESIDE = ("computed_cents", "computed_error_cents")
_OVER_THE_YEARS = ("count", "bias_cents", "mean_error_cents")


@frozen(slots=True, kw_only=True)
class TrackQuery:
    """What a track record is asked for.

    Attributes:
        year: in which forecasts were given.
        unit: only this unit and what stands under it, or None for all.
        known_at: only what was recorded up to this instant, or None for everything.
        position: only the events up to this position, or None.
    """

    year: int
    unit: str | None = None
    known_at: datetime | None = None
    position: int | None = None


@frozen(slots=True)
class TrackRecord:
    """How near forecasts were; errors are forecast − actual, so more than 0 means that the year ended worse.

    Attributes:
        forecasts: each that was given in the year, the last of each day; where none was, what would have been computed.
        by_unit: of each unit and line, over the years, how many were given, and how far off they were on average:
            with their signs (bias), and without.
        by_report: the same of all given as seen at the same day of a year.
    """

    forecasts: Listing
    by_unit: Listing
    by_report: Listing


Cell = tuple[str, str]
_Error = tuple[str, str, str, int]
"""Unit, line, month and day as seen at which, and how far off in cents."""


def track_record(reader: LogReader, query: TrackQuery) -> TrackRecord:
    """Return the track record of a year, as the log knows today, or at a moment, how it ended.

    Raises:
        BadInput: there is no such unit.
    """
    return answered(reader, lambda: _record(reader, query))


def _record(reader: LogReader, query: TrackQuery) -> TrackRecord:
    rows: list[Row] = []
    of_years: list[_Error] = []
    for year in range(query.year, max(query.year - MOST_YEARS, 0), -1):
        end = look(reader, _asked(query, date(year, 12, 31)))
        codes = _codes(end, query)
        given = {
            day: {cell: cents for cell, cents in cells.items() if cell[0] in codes}
            for day, cells in _given_in(reader, year, end.upto).items()
        }
        final = end.figures.actual(Period.of_year(year))
        for day, cells in sorted(given.items()):
            for (unit, line), cents in cells.items():
                cell = final.cell(unit, line)
                if cell is not None:
                    of_years.append((unit, line, day[5:], cents - cell[0]))
        if year == query.year:
            rows = list(_rows(reader, query, end, given, codes))
    return TrackRecord(
        Listing((*_COLUMNS, *_BESIDE), tuple(rows)),
        Listing(("unit", "line", *_OVER_THE_YEARS), tuple(_over(of_years, ("unit", "line"), lambda one: one[:2]))),
        Listing(("seen", *_OVER_THE_YEARS), tuple(_by_day(of_years))),
    )


def _rows(
    reader: LogReader, query: TrackQuery, end: View, given: dict[str, dict[Cell, int]], codes: set[str]
) -> Iterable[Row]:
    """Yield the forecasts of the year, by day; without any, what would have been computed of each unit's net."""
    year = query.year
    told = {day: cells for day, cells in given.items() if cells}
    days = sorted(told) or [date(year, *month).isoformat() for month in _QUARTERS[:3]]
    asked = [cell for cells in told.values() for cell in cells]
    cells = list(dict.fromkeys(asked or _net_cells(end, codes)))
    final = end.figures.actual(Period.of_year(year))
    for day in days:
        seen = Period.of_day(date.fromisoformat(day))
        view = look(reader, _asked(query, seen.end))
        column = forecast_column(view.figures, seen, without_given=True)
        for unit, line in cells:
            computed = column.cell(unit, line) if unit in view.organisation.units else None
            said, ended = told.get(day, {}).get((unit, line)), final.cell(unit, line)
            if said is None and (asked or computed is None):
                continue
            wrong = None if said is None or ended is None else said - ended[0]
            yield {
                "unit": unit,
                "line": line,
                "period": Period.of_day(seen.end).label,
                "forecast_cents": said,
                "final_cents": None if ended is None else ended[0],
                "error_cents": wrong,
                "error_percent": None if wrong is None or ended is None else percent_text(wrong, abs(ended[0])),
                "computed_cents": None if computed is None else computed[0],
                "computed_error_cents": None if computed is None or ended is None else computed[0] - ended[0],
            }


def _codes(view: View, query: TrackQuery) -> set[str]:
    units, wanted = view.organisation.units, query.unit
    if wanted is None:
        return set(units)
    if wanted in units:
        return set(view.organisation.with_all_below(wanted))
    if query.year == view.organisation.day.year and query.position is None:
        raise BadInput(f"there is no unit {wanted}{nearest(wanted, units)}; see `heinola list units`")
    return set()


def is_forecast_in(reader: LogReader, year: int, upto: int) -> bool:
    """Return whether any unit gave a forecast in a year."""
    return bool(_given_in(reader, year, upto))


def _net_cells(view: View, codes: set[str]) -> Iterable[Cell]:
    """Yield the row of each unit that tells its net."""
    for code, unit in view.organisation.units.items():
        rows = view.chart.layout_of(unit.kind).rows
        line = next((row for row in view.chart.net if row in rows), None)
        if code in codes and line is not None:
            yield code, line


def _given_in(reader: LogReader, year: int, upto: int) -> dict[str, dict[Cell, int]]:
    """Return what units forecast in a year, by the day that it is seen from, by unit and line."""
    found: dict[str, dict[Cell, int]] = {}
    for one in forecasts_of_year(reader, year, upto):
        found.setdefault(one.seen.end.isoformat(), {})[one.unit, one.line] = one.cents
    return found


def _over(
    errors: Sequence[_Error], names: tuple[str, ...], key_of: Callable[[_Error], tuple[str, ...]]
) -> Iterable[Row]:
    """Yield how many forecasts were given of each key, and how far off they were on average."""
    by_key: dict[tuple[str, ...], list[int]] = {}
    for one in errors:
        by_key.setdefault(key_of(one), []).append(one[3])
    for key in sorted(by_key):
        wrong = by_key[key]
        yield {
            **dict(zip(names, key, strict=True)),
            "count": len(wrong),
            "bias_cents": round(sum(wrong) / len(wrong)),
            "mean_error_cents": round(sum(map(abs, wrong)) / len(wrong)),
        }


def _by_day(errors: Sequence[_Error]) -> Iterable[Row]:
    """Yield the same of each day of the year, the earliest first."""
    for row in _over(errors, ("seen",), lambda one: (one[2],)):
        yield {**row, "seen": _day_label(str(row["seen"]))}


def _day_label(month_and_day: str) -> str:
    month, day = month_and_day.split("-")
    return f"{int(day)}.{int(month)}."


def _asked(query: TrackQuery, day: date) -> SnapshotQuery:
    known_at = None if query.known_at is None else query.known_at.astimezone(UTC)
    return SnapshotQuery(period=Period.of_day(day), known_at=known_at, position=query.position)
