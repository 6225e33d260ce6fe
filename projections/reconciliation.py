"""Reconciliation: wherever a figure can be reached by two routes, they are compared.

The routes are a statement, the units below, the component lines, details of a statement, and the printed per cent.
What differs is a finding: `rounding` where the precisions of the parts allow it, else `mismatch`. A finding is an
observation about the figures, never an error.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from attrs import frozen

from heinola_es.amounts import format_cents
from heinola_es.chart import Chart
from heinola_es.organisation import Organisation
from heinola_es.store.reading import LogReader
from heinola_es.value import Column, Statement, Value, add_up
from projections.checked import rows_of
from projections.percent import percent_text
from projections.projects import unread_amounts
from projections.read_models import IMPORTS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from events.period import Period

Finding = dict[str, Any]


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

    def findings(self, codes: list[str], projects: list[dict[str, Any]], period: Period) -> list[Finding]:
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
        where = {"unit": unit, "line": line, "column": name}
        statement = column.statements.get((unit, line))
        routes = self._routes(column, unit, line, statement)
        stated = column.from_statement(unit, line)
        if stated is not None:
            for said, value in routes:
                yield from _compare(where, stated, value, f"the stated total is {{stated}}, {said} {{computed}}")
            yield from _on_details(where, column, statement)
        elif len(routes) == 2:  # noqa: PLR2004 - the units below and the components
            (said_first, first), (said_second, second) = routes
            yield from _compare(where, first, second, f"{said_first} {{stated}}, {said_second} {{computed}}")

    def _routes(self, column: Column, unit: str, line: str, statement: Statement | None) -> list[tuple[str, Value]]:
        """Return the totals reached without the statement, each with how to say it, where they can be whole."""
        found = []
        below = column.units_below(unit, line)
        if below and all(column.is_whole(child, line) for child in below):
            missing = len(self.organisation.below(unit)) - len(below)
            said = (
                "the units below add up to" if not missing else f"the units below that know it ({len(below)}) add up to"
            )
            lines = self.chart.at_or_below(line)
            own = _later_cents(column, statement, {unit}, lines) if statement else column.own_cents(unit, lines)
            found.append((said, add_up(below.values(), own, "units")))
        components = column.components(unit, line)
        if components and all(column.is_whole(unit, component) for component in components):
            units = {unit, *self.organisation.all_below(unit)}
            own = _later_cents(column, statement, units, {line}) if statement else column.own_cents(unit, [line])
            found.append(("its component lines add up to", add_up(components.values(), own, "components")))
        return found

    def _on_percent(self, unit: str, line: str) -> Iterator[Finding]:
        """Compare the printed per cent with the one the same document's actual and budget give."""
        actual = self.columns["actual"].statements.get((unit, line))
        budget = self.columns["budget"].statements.get((unit, line))
        if actual is None or budget is None or actual.percent is None:
            return
        from projections.printed_percent import kind_of_difference  # noqa: PLC0415 - few stores hold printed per cents

        computed = percent_text(actual.cents, budget.cents)
        kind = kind_of_difference(actual, budget, computed)
        if kind is None:
            return
        told = "there is none, because the budget is 0" if computed is None else f"the figures give {computed} %"
        yield _finding(
            kind,
            {"unit": unit, "line": line, "column": "percent"},
            actual.percent,
            computed,
            f"the printed per cent is {actual.percent} %, {told}".replace(".", ","),
        )

    def _unread_of_projects(self, projects: list[dict[str, Any]], period: Period) -> Iterator[Finding]:
        owners = {project["name"]: project["unit"] for project in projects}
        for position, name in unread_amounts(self.reader, period, self.upto):
            if name in owners:
                message = f"project {name}: an amount of event {position} cannot be counted; revise the project"
                where = {"unit": owners[name], "line": None, "column": "projects"}
                yield _finding("unparsed", where, None, None, message)

    def _noted_by_imports(self, codes: list[str], period: Period) -> Iterator[Finding]:
        """Yield what reading the documents of exactly this period inferred or could not place."""
        days = (period.start.isoformat(), period.end.isoformat())
        rows = rows_of(self.reader, IMPORTS, self.upto, str(period), "first_day = ? AND last_day = ?", days)
        for _position, _first, _last, file_name, _format, findings in rows:
            for kind, unit, line_number, message in orjson.loads(findings):
                if not unit or unit in codes:
                    where = {"unit": unit or None, "line": None, "column": None}
                    yield _finding(kind, where, None, None, f"{file_name}:{line_number}: {message}")


def _on_unread(name: str, column: Column, codes: Collection[str]) -> Iterator[Finding]:
    """Yield what the column has of each of the units' lines that cannot be counted."""
    found: dict[tuple[str, str], list[int | None]] = {}
    for one in column.unread:
        if one.unit in codes:
            found.setdefault((one.unit, one.line), []).append(one.position)
    for (unit, line), positions in found.items():
        events = [position for position in positions if position is not None]
        more = f" and {len(events) - 1} more like it" if len(events) > 1 else ""
        said = f"the amount of event {events[0]}{more} cannot be counted" if events else "its sum is beyond all measure"
        message = f"{said}; its cells are left empty until a total is stated, and correct it by that"
        yield _finding("unparsed", {"unit": unit, "line": line, "column": name}, None, None, message)


def _compare(where: dict[str, Any], stated: Value, computed: Value, sentence: str) -> Iterator[Finding]:
    difference = abs(stated.cents - computed.cents)
    if difference:
        kind = "rounding" if difference <= stated.slack_cents + computed.slack_cents else "mismatch"
        message = sentence.format(stated=format_cents(stated.cents), computed=format_cents(computed.cents))
        yield _finding(kind, where, stated.cents, computed.cents, message)


def _later_cents(column: Column, statement: Statement, units: Collection[str], lines: Collection[str]) -> int:
    """Return what was posted after a statement on the units' own lines."""
    return sum(p.cents for p in column.added_to(statement) if p.unit in units and p.line in lines)


def _on_details(where: dict[str, Any], column: Column, statement: Statement | None) -> Iterator[Finding]:
    """Compare a statement with the details that break it down, where there are any."""
    details = None if statement is None else column.detail_cents(statement)
    if statement is not None and details is not None:
        precision = statement.precision_cents
        stated = Value(statement.cents, precision, precision // 2, "statement", stated=True)
        total = add_up((), details, "postings")
        yield from _compare(where, stated, total, "the stated total is {stated}, its details add up to {computed}")


def _on_projects(projects: list[dict[str, Any]]) -> Iterator[Finding]:
    """Check that income and the city's share make up the expenses of each project."""
    for project in projects:
        income, share, expense = (project[f"{name}_cents"] for name in ("income", "city_share", "expense"))
        if None in (income, share, expense) or income + share == expense:
            continue
        message = (
            f"project {project['name']}: income {format_cents(income)} and the city's share {format_cents(share)} make "
            f"{format_cents(income + share)}, the expenses are {format_cents(expense)}"
        )
        where = {"unit": project["unit"], "line": None, "column": "projects"}
        yield _finding("mismatch", where, expense, income + share, message)


def _finding(kind: str, where: dict[str, Any], stated: object, computed: object, message: str) -> Finding:
    return {"kind": kind, **where, "stated": stated, "computed": computed, "message": message}
