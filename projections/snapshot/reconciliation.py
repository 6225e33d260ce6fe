"""Reconciliation: wherever a figure can be reached by two routes, they are compared.

The routes are a statement, the units below, the component lines, details of a statement, and the printed per cent.
What differs is a finding: `rounding` where the precisions of the parts allow it, else `mismatch`. A finding is an
observation about the figures, never an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from attrs import frozen

from heinola_es.chart import Chart
from heinola_es.organisation import Organisation
from heinola_es.store.reading import LogReader
from heinola_es.value import Column, Statement, Value, add_up
from projections.checked import rows_of
from projections.read_models import IMPORTS
from projections.snapshot.codes import Parameter, Route
from projections.snapshot.model import Finding, FindingKind, ProjectReport
from projections.snapshot.percent import percent_text
from projections.snapshot.projects import unread_amounts

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from events.period import Period


@frozen(slots=True, eq=False, repr=False)
class Cell:
    """Which cell a finding is about."""

    unit: str
    line: str
    column: str


@frozen(slots=True, eq=False, repr=False)
class Reached:
    """A value and the route by which it was reached; `known_units`, where only so many of the units below know it."""

    route: Route
    value: Value
    known_units: int | None = None


@frozen(slots=False, eq=False, repr=False)
class Reconciliation:
    """The comparisons of one snapshot.

    Attributes:
        reader: of the read models.
        chart, organisation, columns: as in the snapshot.
        upto: position of the last event known.
    """

    reader: LogReader
    chart: Chart
    organisation: Organisation
    columns: dict[str, Column]
    upto: int

    def findings(self, codes: list[str], projects: Sequence[ProjectReport], period: Period) -> list[Finding]:
        """Return the findings on the units `codes` in report order, then on projects, then what imports noted."""
        stated = [code for code in codes if not all(column.is_posted(code) for column in self.columns.values())]
        figures = [finding for code in stated for line in self.chart.lines for finding in self._on_row(code, line)]
        unread = [finding for name, column in self.columns.items() for finding in _on_unread(name, column, codes)]
        of_projects = [*self._unread_of_projects(projects, period), *_on_projects(projects)]
        return [*figures, *unread, *of_projects, *self._noted_by_imports(codes, period)]

    def _on_row(self, unit: str, line: str) -> Iterator[Finding]:
        for name, column in self.columns.items():
            if column.is_touched(unit, line):
                continue  # what cannot be counted cannot be compared
            if not column.is_posted(unit):  # where all is postings, every route gives their sum
                yield from self._on_cell(name, column, unit, line)
        yield from self._on_percent(unit, line)

    def _on_cell(self, name: str, column: Column, unit: str, line: str) -> Iterator[Finding]:
        where = Cell(unit, line, name)
        statement = column.statements.get((unit, line))
        routes = self._routes(column, unit, line, statement)
        stated = column.from_statement(unit, line)
        if stated is not None:
            for reached in routes:
                yield from _compare(where, Reached("statement", stated), reached)
            yield from _on_details(where, column, statement)
        elif len(routes) == 2:  # noqa: PLR2004 - the units below and the components
            yield from _compare(where, *routes)

    def _routes(self, column: Column, unit: str, line: str, statement: Statement | None) -> list[Reached]:
        """Return the totals reached without the statement, where they can be whole."""
        found = []
        below = column.units_below(unit, line)
        if below and all(column.is_whole(child, line) for child in below):
            known = None if len(below) == len(self.organisation.below(unit)) else len(below)
            lines = self.chart.at_or_below(line)
            own = _later_cents(column, statement, {unit}, lines) if statement else column.own_cents(unit, lines)
            found.append(Reached("units", add_up(below.values(), own, "units"), known))
        components = column.components(unit, line)
        if components and all(column.is_whole(unit, component) for component in components):
            units = {unit, *self.organisation.all_below(unit)}
            own = _later_cents(column, statement, units, {line}) if statement else column.own_cents(unit, [line])
            found.append(Reached("components", add_up(components.values(), own, "components")))
        return found

    def _on_percent(self, unit: str, line: str) -> Iterator[Finding]:
        """Compare the printed per cent with the one the same document's actual and budget give."""
        actual = self.columns["actual"].statements.get((unit, line))
        budget = self.columns["budget"].statements.get((unit, line))
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
        owners = {project.name: project.unit for project in projects}
        for position, name in unread_amounts(self.reader, period, self.upto):
            if name in owners:
                yield _on_project("unparsed", "project_unread", owners[name], {"project": name, "position": position})

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
    for one in column.unread:
        if one.unit in codes:
            found.setdefault((one.unit, one.line), []).append(one.position)
    for (unit, line), positions in found.items():
        where = Cell(unit, line, name)
        events = [position for position in positions if position is not None]
        if not events:
            yield _finding("unparsed", "sum_unread", where)
        elif len(events) == 1:
            yield _finding("unparsed", "amount_unread", where, parameters={"position": events[0]})
        else:
            told = {"position": events[0], "more": len(events) - 1}
            yield _finding("unparsed", "amounts_unread", where, parameters=told)


def _compare(where: Cell, first: Reached, second: Reached) -> Iterator[Finding]:
    stated, computed = first.value, second.value
    difference = abs(stated.cents - computed.cents)
    if not difference:
        return
    kind: FindingKind = "rounding" if difference <= stated.slack_cents + computed.slack_cents else "mismatch"
    routes: dict[str, Parameter] = {"first": first.route, "second": second.route}
    known = next((reached.known_units for reached in (first, second) if reached.known_units is not None), None)
    code, told = ("routes_differ", {}) if known is None else ("routes_differ_in_part", {"known_units": known})
    yield _finding(kind, code, where, stated.cents, computed.cents, routes | told)


def _later_cents(column: Column, statement: Statement, units: Collection[str], lines: Collection[str]) -> int:
    """Return what was posted after a statement on the units' own lines."""
    return sum(p.cents for p in column.added_to(statement) if p.unit in units and p.line in lines)


def _on_details(where: Cell, column: Column, statement: Statement | None) -> Iterator[Finding]:
    """Compare a statement with the details that break it down, where there are any."""
    details = None if statement is None else column.detail_cents(statement)
    if statement is not None and details is not None:
        precision = statement.precision_cents
        stated = Value(statement.cents, precision, precision // 2, "statement", stated=True)
        total = add_up((), details, "postings")
        yield from _compare(where, Reached("statement", stated), Reached("details", total))


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
