"""The rows of each table, taken from snapshots as they are: nothing is worked out here."""

from __future__ import annotations

from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from attrs import frozen

from events.period import Period
from heinola_es.domain.amounts import plain_euros
from heinola_es.domain.periods import parse_period
from projections.snapshot.columns import column_period, default_amounts
from projections.writers.datapackage.tables import (
    FIGURES,
    GOALS,
    INDICATORS,
    LINES,
    ORGANISATION,
    PERIODS,
    PROJECTS,
    UNITS,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from heinola_es.domain.chart import Chart

_SAME_IN_PROJECTS = (
    *("name", "description", "start", "end", "ended", "phase", "funder", "city_decision"),
    *("amount_notes", "other", "percent", "text"),
)

Row = dict[str, Any]
"""A value per column: text as it was recorded, a number or a date as it is written; None or nothing for unknown."""


@frozen(slots=True)
class Report:
    """One report in a package.

    Attributes:
        snapshot: the report as data.
        sha256: hex digest of the canonical snapshot.
        revision: of the published report, or None.
    """

    snapshot: dict[str, Any]
    sha256: str
    revision: int | None

    @property
    def cumulative(self) -> Period:
        """What its own actuals cover."""
        return Period.from_iso("{start}/{end}".format_map(self.snapshot["cumulative"]))

    @property
    def key(self) -> Row:
        """The columns that say which report a row is from."""
        period = self.snapshot["period"]
        return {"period_start": period["start"], "period_end": period["end"]}


def rows_by_table(reports: Sequence[Report], chart: Chart) -> dict[str, Iterable[Row]]:
    """Return the rows of every table by its name; reports come in the order of time."""
    by_report: dict[str, Callable[[Report], Iterator[Row]]] = {
        PERIODS.name: _periods,
        ORGANISATION.name: _organisation,
        FIGURES.name: _figures,
        GOALS.name: _goals,
        INDICATORS.name: _indicators,
        PROJECTS.name: partial(_projects, {unit["code"] for report in reports for unit in report.snapshot["units"]}),
    }
    rows = {name: chain.from_iterable(map(rows_of, reports)) for name, rows_of in by_report.items()}
    return {**rows, UNITS.name: _units(reports), LINES.name: _lines(chart)}


def _periods(report: Report) -> Iterator[Row]:
    snapshot = report.snapshot
    yield report.key | {
        "label": snapshot["period"]["label"],
        "cumulative_start": snapshot["cumulative"]["start"],
        "cumulative_end": snapshot["cumulative"]["end"],
        "structure": snapshot["structure"],
        "known_at": snapshot["known_at"],
        "position": snapshot["position"],
        "revision": report.revision,
        "snapshot_sha256": report.sha256,
    }


def _units(reports: Sequence[Report]) -> Iterator[Row]:
    """Yield each unit as the last report that knows it has it; in that report's order, earlier reports after."""
    units: dict[str, dict[str, Any]] = {}
    for report in reversed(reports):
        for unit in report.snapshot["units"]:
            units.setdefault(unit["code"], unit)
    for unit in units.values():
        yield {"code": unit["code"]} | _unit_facts(unit, units)


def _organisation(report: Report) -> Iterator[Row]:
    units = {unit["code"]: unit for unit in report.snapshot["units"]}
    for unit in units.values():
        yield report.key | {"unit": unit["code"]} | _unit_facts(unit, units)


def _unit_facts(unit: dict[str, Any], units: dict[str, dict[str, Any]]) -> Row:
    """Return what is said of a unit; the unit above only where it is in the package, as its key must be."""
    facts = {name: unit[name] for name in ("name", "kind", "responsible")}
    return facts | {"parent": unit["parent"] if unit["parent"] in units else None}


def _lines(chart: Chart) -> Iterator[Row]:
    for line in chart.lines.values():
        labels = {f"label_{language}": line.labels[language] for language in ("fi", "sv", "en")}
        yield {"code": line.code, "sign": line.sign, "components": " ".join(line.components)} | labels


def _figures(report: Report) -> Iterator[Row]:
    measures = {column: _measure(report, column) for column in default_amounts()}
    for unit in report.snapshot["units"]:
        for row in unit["figures"]:
            of_row = {"unit": unit["code"], "line": row["line"]}
            for column, of_measure in measures.items():
                percent = row["percent"] if column == "actual" else None
                known = _known(row.get("partial", {}).get(column), whole=row[column] is not None)
                yield {**of_measure, **of_row, **_amount(row[column]), **known, "percent": percent}


def _measure(report: Report, column: str) -> Row:
    covered = column_period(column, report.cumulative)
    span = {"covered_start": covered.start.isoformat(), "covered_end": covered.end.isoformat()}
    return {**report.key, "measure": column, **span}


def _amount(cell: dict[str, int] | None) -> Row:
    if cell is None:
        return {"amount": None, "precision": None}
    return {"amount": _euros(cell["cents"]), "precision": _euros(cell["precision_cents"])}


def _known(partial: dict[str, Any] | None, *, whole: bool) -> Row:
    """Return whether an amount is whole, and what is known of one that is not."""
    if partial is None:
        return {"complete": "true" if whole else None, "through": None, "known": None}
    return {"complete": "false", "through": partial["through"], "known": _euros(partial["cents"])}


def _goals(report: Report) -> Iterator[Row]:
    for unit in report.snapshot["units"]:
        for goal in unit["goals"]:
            yield report.key | {"unit": unit["code"]} | goal


def _indicators(report: Report) -> Iterator[Row]:
    for unit in report.snapshot["units"]:
        for indicator in unit["indicators"]:
            observed = parse_period(indicator["period"])
            yield report.key | {
                "unit": unit["code"],
                "name": indicator["name"],
                "observed_start": observed.start.isoformat(),
                "observed_end": observed.end.isoformat(),
                "value": indicator["value"],
                "measured_in": indicator["unit"],
            }


def _projects(units: set[str], report: Report) -> Iterator[Row]:
    """Yield the projects without `responsible` and `administrator`, which may name persons (GDPR, article 5.1 c).

    A project may begin before the unit that owns it; where that is none of the package's units, none is named.
    """
    for project in report.snapshot["projects"]:
        years = {"budget_years": " ".join(str(year) for year in project["budget_years"])}
        amounts = {name: _euros(project[f"{name}_cents"]) for name in ("income", "expense", "city_share")}
        unit = {"unit": project["unit"] if project["unit"] in units else None}
        yield {**report.key, **{name: project[name] for name in _SAME_IN_PROJECTS}, **unit, **years, **amounts}


def _euros(cents: int | None) -> str | None:
    return None if cents is None else plain_euros(cents)
