"""Two snapshots of one report held against each other: which figures differ, and what else they say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from projections.snapshot.model import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.snapshot.model import ProjectReport, Snapshot, UnitReport

Place = tuple[str, str, str]
"""A unit, a line and a column."""
_PERSONS = ("responsible", "administrator")


@frozen(slots=True)
class FigureDiffers:
    """A cell that two snapshots have otherwise.

    Attributes:
        unit, line, column: where.
        first, second: the amounts; None where one is unknown, not whole or not there.
    """

    unit: str
    line: str
    column: str
    first: Cell | None
    second: Cell | None


def differing_figures(first: Snapshot, second: Snapshot) -> list[FigureDiffers]:
    """Return the cells that differ, in the order of the first; columns that the first does not have are left out."""
    ours, theirs = _cells(first, first.columns), _cells(second, first.columns)
    return [
        FigureDiffers(*place, ours.get(place), theirs.get(place))
        for place in {**ours, **theirs}
        if ours.get(place) != theirs.get(place)
    ]


def told_otherwise(first: Snapshot, second: Snapshot, erased: str) -> list[str]:
    """Return the codes of units and the names of projects of which something else than figures is said otherwise.

    Names that were erased from the first are left out of account; so are changes of the budget, where the first tells
    of none: reports of earlier versions do not.
    """
    ours, theirs = _facts(first), _facts(second)
    told = [of[1] for of in {**ours, **theirs} if not _same(ours.get(of), theirs.get(of), erased)]
    changes = set(first.budget_changes) ^ set(second.budget_changes) if first.budget_changes else ()
    return list(dict.fromkeys([*told, *(each.unit for each in sorted(changes, key=lambda each: each.position))]))


def below(snapshot: Snapshot, unit: str) -> Snapshot:
    """Return what a snapshot has of a unit and of what stands under it."""
    codes = {unit}
    for each in snapshot.units:  # those above come first
        if each.parent in codes:
            codes.add(each.code)
    return evolve(
        snapshot,
        units=tuple(each for each in snapshot.units if each.code in codes),
        projects=tuple(each for each in snapshot.projects if each.unit in codes),
        budget_changes=tuple(each for each in snapshot.budget_changes if each.unit in codes),
    )


def _cells(snapshot: Snapshot, columns: Iterable[str]) -> dict[Place, Cell | None]:
    return {
        (unit.code, row.line, column): row.cell(column)
        for unit in snapshot.units
        for row in unit.figures
        for column in columns
        if column in row.cells
    }


def _facts(snapshot: Snapshot) -> dict[tuple[str, str], UnitReport | ProjectReport]:
    units = {("unit", unit.code): evolve(unit, figures=()) for unit in snapshot.units}
    return {**units, **{("project", project.key): project for project in snapshot.projects}}


def _same(ours: UnitReport | ProjectReport | None, theirs: UnitReport | ProjectReport | None, erased: str) -> bool:
    if ours is None or theirs is None:
        return ours is theirs
    gone: Any = {name: erased for name in _PERSONS if getattr(ours, name, None) == erased}
    return ours == evolve(theirs, **gone)
