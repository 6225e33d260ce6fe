"""The values of a report, each by what it is of, so that two reports can be held against each other."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from attrs import asdict

from projections.snapshot.columns import Measured, column_named

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from heinola_es.domain.value_rule.value import Partial as KnownPart
    from projections.snapshot.model import BudgetChange, Cell, Narrative, Partial, ProjectReport, Snapshot, UnitReport

Key = tuple[str, ...]
"""What a value is of: its kind, the unit (or the project), and what names it there."""

CHANGES = frozenset({"decision", "proposal"})
"""The kinds of values that are a decision on a budget, or wait for one."""
_UNIT_FACTS = ("name", "parent", "responsible")
_GOAL_TEXTS = ("binding_goal", "programme_goal", "metric", "target_level", "status", "text")


def values_of(snapshot: Snapshot, columns: Container[str] | None = None) -> dict[Key, Any]:
    """Return every cell and text of a snapshot by its key, in the order of the report; of cells, those of `columns`."""
    values: dict[Key, Any] = {}
    for unit in snapshot.units:
        values |= values_of_unit(unit)
    if columns is not None:
        values = {key: value for key, value in values.items() if key[0] != "figure" or key[3] in columns}
    return values | values_of_changes(snapshot.budget_changes) | values_of_projects(snapshot.projects)


def values_of_unit(unit: UnitReport) -> dict[Key, Any]:
    """Return what a report has of one unit, by key."""
    return {key: value for key, value in _of_unit(unit) if value is not None}


def values_of_changes(changes: Iterable[BudgetChange]) -> dict[Key, Any]:
    """Return the decisions on budgets, and what waits for one, by kind, unit, line and position in the log.

    What a newer ledger has otherwise is no decision; its amounts are told where they stand, in the figures.
    """
    return {
        (one.kind, one.unit, one.line, str(one.position)): {"cents": one.cents, "day": one.day.isoformat()}
        for one in changes
        if one.kind in CHANGES
    }


def values_of_projects(projects: Iterable[ProjectReport]) -> dict[Key, Any]:
    """Return what a report has of projects, by key, as JSON values."""
    told = {}
    for project in projects:
        for name, value in asdict(project, recurse=False).items():
            if name != "launched_as" and (name != "name" or project.launched_as):
                told["project", project.key, name] = _plain(value)
    return {key: value for key, value in told.items() if value is not None}


def _of_unit(unit: UnitReport) -> Iterator[tuple[Key, Any]]:
    code = unit.code
    for name in _UNIT_FACTS:
        yield ("unit", code, name), getattr(unit, name)
    for row in unit.figures:
        for column, cell in row.cells.items():
            if not isinstance(column_named(column).source, Measured):
                continue  # it follows from others, which are told
            yield ("figure", code, row.line, column), value_of_figure(cell, row.partial.get(column))
    for goal in unit.goals:
        for name in _GOAL_TEXTS:
            yield ("goal", code, goal.id, name), getattr(goal, name)
    for priority in unit.priorities:
        for name in ("title", "metric", "text"):
            yield ("priority", code, str(priority.number), name), getattr(priority, name)
    yield from _numbered(code, unit.narratives)
    for seen in unit.indicators:
        yield ("indicator", code, seen.name, seen.period.label), f"{seen.value} {seen.unit}".strip()
    yield ("outlook", code, ""), unit.outlook


def value_of_figure(cell: Cell | None, partial: Partial | KnownPart | None) -> dict[str, Any] | None:
    """Return a cell as JSON values; of one that is not whole, what is known and what is missing."""
    if cell is not None:
        return {"cents": cell.cents, "precision_cents": cell.precision_cents}
    if partial is None:
        return None
    return {
        "known_cents": partial.cents,
        "through": None if partial.through is None else partial.through.isoformat(),
        "missing_units": list(partial.missing_units),
        "missing_lines": list(partial.missing_lines),
    }


def _numbered(code: str, narratives: Iterable[Narrative]) -> Iterator[tuple[Key, Any]]:
    """Yield texts under a key of their own, numbered where one section has several."""
    seen: dict[Key, int] = defaultdict(int)
    for told in narratives:
        base = ("narrative", code, told.section, told.programme or "", told.period.label)
        seen[base] += 1
        yield (*base, str(seen[base])), told.text


def _plain(value: Any) -> Any:  # noqa: ANN401 - a day, years, a text or a number
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value
