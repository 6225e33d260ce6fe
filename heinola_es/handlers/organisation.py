"""Units: established, renamed, moved, put in someone's charge, merged, closed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from heinola_es.handlers.first_days import require_nothing_before
from heinola_es.handlers.restating import require_restating_units
from heinola_es.periods import day_after

if TYPE_CHECKING:
    from heinola_es.session import Session


def establish_unit(session: Session, code: str, day: date, *, name: str, kind: str, parent: str | None) -> None:
    """Establish a unit from `day` on, under `parent` (a code, or None for the top).

    Raises:
        UnknownUnit, UnitExists, BooksCrossed, BeforeUnitExisted, UnitHasEnded.
    """
    above = session.unit(parent) if parent else None
    session.unit_or_new(code).establish(session.stamp, day, name=name, kind=kind, parent=above)


def rename_unit(session: Session, code: str, day: date, name: str) -> None:
    """Let a unit be called `name` from `day` on.

    Raises:
        UnknownUnit, NothingChanges, BeforeUnitExisted, UnitHasEnded.
    """
    session.unit(code).rename(session.stamp, day, name)


def correct_name(session: Session, code: str, day: date | None, name: str) -> None:
    """Let the name that a unit was taken to have on `day` (its last one, where that is None) always have been `name`.

    Raises:
        UnknownUnit, ReasonRequired, NothingChanges, BeforeUnitExisted, UnitHasEnded.
    """
    unit = session.unit(code)
    last = min(unit.last_day, max(unit.names.days()))
    unit.correct_name(session.stamp, last if day is None else day, name)


def correct_first_day(session: Session, code: str, day: date) -> None:
    """Let a unit exist from `day` on, and not from the day that was recorded.

    Raises:
        UnknownUnit, ReasonRequired, NothingChanges, RestsOnFirstDay, BeforeUnitExisted, UnitHasEnded,
        MoveUnderDescendant.
    """
    unit = session.unit(code)
    require_restating_units(session, [code], min(day, unit.first_day))
    if day > unit.first_day:
        require_nothing_before(session, unit, day)
    parent = unit.parent_on(unit.first_day)
    above = [session.unit(parent), *session.above_while(parent, day, unit.first_day)] if parent else []
    unit.correct_first_day(session.stamp, day, above)


def name_city(session: Session, name: str, code: str | None) -> None:
    """Let the city be called `name`, with the municipal code `code` (as before, where that is None).

    Raises:
        NoCode, NoCityCode, NothingChanges.
    """
    session.city().call(session.stamp, name, code)


def assign_responsible(session: Session, code: str, day: date, responsible: str) -> None:
    """Let `responsible` (a role) answer for a unit from `day` on.

    Raises:
        UnknownUnit, NothingChanges, BeforeUnitExisted, UnitHasEnded.
    """
    session.unit(code).assign(session.stamp, day, responsible)


def move_unit(session: Session, code: str, day: date, parent: str | None) -> None:
    """Let a unit stand under `parent` (a code, or None for the top) from `day` on.

    Raises:
        UnknownUnit, MoveUnderDescendant, BooksCrossed, NothingChanges, BeforeUnitExisted, UnitHasEnded.
    """
    unit = session.unit(code)
    above = session.unit(parent) if parent else None
    above_parent = session.above_while(parent, day, unit.parent_until(day)) if parent else []
    require_restating_units(session, [code, *([parent] if parent else [])], day)
    unit.move(session.stamp, day, above, above_parent)


def merge_unit(session: Session, code: str, last_day: date, into: str) -> None:
    """End a unit on `last_day`; the unit `into` carries on what it did.

    Raises:
        UnknownUnit, MoveUnderDescendant, BooksCrossed, BeforeUnitExisted, UnitHasEnded.
    """
    above_heir = session.above_while(into, day_after(last_day), date.max)
    unit, heir = session.unit(code), session.unit(into)
    if last_day < date.max:
        require_restating_units(session, [code, into], day_after(last_day))
    unit.merge(session.stamp, last_day, heir, above_heir)


def close_unit(session: Session, code: str, last_day: date) -> None:
    """End a unit on `last_day`.

    Raises:
        UnknownUnit, BeforeUnitExisted, UnitHasEnded, UnitsBelow.
    """
    unit, below = session.unit(code), list[str]()
    if last_day < date.max:
        after = session.organisation(day_after(last_day))
        below = [child for child in after.children.get(code, ()) if not after.units[child].ended]
        require_restating_units(session, [code], day_after(last_day))
    unit.close(session.stamp, last_day, below)
