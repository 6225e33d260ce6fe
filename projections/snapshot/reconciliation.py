"""Reconciliation: wherever a figure is whole by two routes, they are compared.

The routes are those of the value rule; and the printed per cent. What differs is a finding: `rounding` where the
precisions of the parts allow it, else `mismatch`; what is not whole is one, too: `incomplete`. A finding is an
observation about the figures, never an error.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import orjson
from attrs import evolve, frozen

from events.value_object import ValueObject
from heinola_es.domain.value_rule.column import Column
from heinola_es.domain.value_rule.value import Value, add_up
from heinola_es.store.reading import LogReader
from projections.read_models.checked import rows_of
from projections.read_models.models import IMPORTS
from projections.snapshot.model import Finding, FindingKind, ProjectReport, UnitReport
from projections.snapshot.percent import percent_text
from projections.snapshot.projects import unread_amounts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from events.period import Period
    from projections.snapshot.codes import Parameter, Route
    from projections.snapshot.model import Partial

_ROUTES: dict[str, Route] = {
    "stated": "statement",
    "tiled": "parts",
    "components": "components",
    "units": "units",
    "posted": "postings",
}
"""The routes of the value rule, as findings name them."""


@frozen(slots=True, eq=False, repr=False)
class Cell(ValueObject):
    """Which cell a finding is about."""

    unit: str
    line: str
    column: str


@frozen(slots=False, eq=False, repr=False)
class Reconciliation:
    """The comparisons of one snapshot.

    Attributes:
        reader: of the read models.
        columns: as in the snapshot, by name.
        upto: position of the last event known.
    """

    reader: LogReader
    columns: dict[str, Column]
    upto: int

    def findings(self, units: Sequence[UnitReport], projects: Sequence[ProjectReport], period: Period) -> list[Finding]:
        """Return the findings on what is shown of units, in their order, then on projects, then what imports noted."""
        codes = [unit.code for unit in units]
        figures = [finding for unit in units for finding in self._on_unit(unit)]
        unread = [finding for name, column in self.columns.items() for finding in _on_unread(name, column, codes)]
        of_projects = [*self._unread_of_projects(projects, period), *_on_projects(projects)]
        return [*figures, *unread, *of_projects, *self._noted_by_imports(codes, period)]

    def _on_unit(self, unit: UnitReport) -> Iterator[Finding]:
        if not all(column.is_posted(unit.code) for column in self.columns.values()):
            shown = frozenset(row.line for row in unit.figures)
            for row in unit.figures:
                yield from self._on_row(unit.code, row.line, shown)
        for name in self.columns:
            yield from _incomplete(unit, name)

    def _on_row(self, unit: str, line: str, shown: frozenset[str]) -> Iterator[Finding]:
        for name, column in self.columns.items():
            if column.is_touched(unit, line):
                continue  # what cannot be counted cannot be compared
            if not column.is_posted(unit):  # where all is postings, every route gives their sum
                routes = column.routes(unit, line)
                other_lines = column.as_kept is not column  # of an earlier year: its sums are not those of these rows
                beside = None if "components" in routes or other_lines else _rows_beside(column, unit, line, shown)
                for first, second in combinations([*routes.values(), *([beside] if beside else [])], 2):
                    yield from _compare(Cell(unit, line, name), first, second)
        yield from self._on_percent(unit, line)

    def _on_percent(self, unit: str, line: str) -> Iterator[Finding]:
        """Compare the printed per cent with the one the same document's actual and budget give."""
        actual, budget = (self.columns[name].statement(unit, line) for name in ("actual", "budget"))
        if actual is None or budget is None or actual.percent is None:
            return
        from projections.snapshot.printed_percent import (  # noqa: PLC0415 - few stores hold printed per cents
            kind_of_difference,
        )

        computed = percent_text(actual.cents, budget.cents)
        kind = kind_of_difference(actual, budget, computed)
        if kind is not None:
            code = "percent_of_nothing" if computed is None else "percent_differs"
            yield _finding(kind, code, Cell(unit, line, "percent"), actual.percent, computed)

    def _unread_of_projects(self, projects: Sequence[ProjectReport], period: Period) -> Iterator[Finding]:
        known = {project.key: project for project in projects}
        for position, key in unread_amounts(self.reader, period, self.upto):
            if (project := known.get(key)) is not None:
                told: dict[str, Parameter] = {"project": project.name, "position": position}
                yield _on_project("unparsed", "project_unread", project.unit, told)

    def _noted_by_imports(self, codes: list[str], period: Period) -> Iterator[Finding]:
        """Yield what reading the documents of exactly this period inferred or could not place."""
        days = (period.start.isoformat(), period.end.isoformat())
        rows = rows_of(self.reader, IMPORTS, self.upto, str(period), "first_day = ? AND last_day = ?", days)
        for _position, _first, _last, file_name, _format, findings in rows:
            for kind, unit, row, sentence in orjson.loads(findings):
                if not unit or unit in codes:
                    told = {"file": file_name, "row": row, "sentence": sentence}
                    yield Finding(kind=kind, code="imported", unit=unit or None, parameters=told)


def _on_unread(name: str, column: Column, codes: Collection[str]) -> Iterator[Finding]:
    """Yield what the column has of each of the units' lines that cannot be counted."""
    found: dict[tuple[str, str], list[int | None]] = {}
    for one in column.unread():
        if one.unit in codes:
            found.setdefault((one.unit, one.line), []).append(one.position)
    for (unit, line), positions in found.items():
        where = Cell(unit, line, name)
        events = [position for position in positions if position is not None]
        if line not in column.as_kept.chart.lines:
            yield _on_no_line(where, events)
        elif not events:
            yield _finding("unparsed", "sum_unread", where)
        elif len(events) == 1:
            yield _finding("unparsed", "amount_unread", where, parameters={"position": events[0]})
        else:
            told = {"position": events[0], "more": len(events) - 1}
            yield _finding("unparsed", "amounts_unread", where, parameters=told)


def _on_no_line(where: Cell, positions: Sequence[int]) -> Finding:
    """Return the finding on what a unit has on a line that is none; it names no row of the unit."""
    told: dict[str, Parameter] = {"line": where.line, "position": min(positions, default=0)}
    several = {"more": len(positions) - 1} if len(positions) > 1 else {}
    return Finding(
        kind="unparsed",
        code="line_unknown_of_several" if several else "line_unknown",
        unit=where.unit,
        column=where.column,
        parameters=told | several,
    )


def _rows_beside(column: Column, unit: str, line: str, shown: frozenset[str]) -> Value | None:
    """Return what the rows beside a stated sum add up to, where nothing at all is told of another component.

    A printed table leaves out what there is nothing of; that makes it no value, but what is printed can be compared.
    """
    components = column.rule.parts_of(unit, line, column.period)
    told = [component for component in components if component in shown]
    left = [component for component in components if component not in shown]
    if not told or not left or column.statement(unit, line) is None:
        return None
    if any(column.partial(unit, component) is not None for component in left):
        return None
    values = [value for component in told if (value := column.value(unit, component)) is not None]
    direct = column.rule.posted.direct(unit, line, column.period)
    return add_up(values, direct, "components") if direct is not None and len(values) == len(told) else None


def _compare(where: Cell, stated: Value, computed: Value) -> Iterator[Finding]:
    """Yield a finding where two routes to a cell differ."""
    difference = abs(stated.cents - computed.cents)
    if difference:
        kind: FindingKind = "rounding" if difference <= stated.slack_cents + computed.slack_cents else "mismatch"
        routes: dict[str, Parameter] = {"first": _ROUTES[stated.route], "second": _ROUTES[computed.route]}
        yield _finding(kind, "routes_differ", where, stated.cents, computed.cents, routes)


def _incomplete(unit: UnitReport, column: str) -> Iterator[Finding]:
    """Yield what is missing from the cells of a unit in a column, once for all lines from which it is the same."""
    lines: dict[Partial, list[str]] = {}
    for row in unit.figures:
        if column in row.partial:
            lines.setdefault(evolve(row.partial[column], cents=0), []).append(row.line)
    for partial, codes in lines.items():
        told: dict[str, Parameter] = {
            "lines": tuple(codes),
            "missing_units": partial.missing_units,
            "missing_lines": partial.missing_lines,
            "cut": partial.cut,
        }
        if partial.through is not None:
            told["through"] = partial.through
        code = "known_in_part" if partial.through is None else "known_through"
        yield Finding(kind="incomplete", code=code, unit=unit.code, column=column, parameters=told)


def _on_projects(projects: Sequence[ProjectReport]) -> Iterator[Finding]:
    """Check that income and the city's share make up the expenses of each project."""
    for project in projects:
        income, share, expense = project.income_cents, project.city_share_cents, project.expense_cents
        if income is None or share is None or expense is None or income + share == expense:
            continue
        told: dict[str, Parameter] = {"project": project.name, "income_cents": income, "city_share_cents": share}
        yield _on_project("mismatch", "project_differs", project.unit, told, expense, income + share)


def _on_project(
    kind: FindingKind,
    code: str,
    unit: str,
    parameters: Mapping[str, Parameter],
    stated: int | None = None,
    computed: int | None = None,
) -> Finding:
    return Finding(
        kind=kind, code=code, unit=unit, column="projects", stated=stated, computed=computed, parameters=parameters
    )


def _finding(
    kind: FindingKind,
    code: str,
    where: Cell,
    stated: int | str | None = None,
    computed: int | str | None = None,
    parameters: Mapping[str, Parameter] | None = None,
) -> Finding:
    return Finding(
        kind=kind,
        code=code,
        unit=where.unit,
        line=where.line,
        column=where.column,
        stated=stated,
        computed=computed,
        parameters=parameters or {},
    )
