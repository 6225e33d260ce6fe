"""Units: established, renamed, moved, put in someone's charge, merged, closed."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from events.organisation import CITY, is_investment
from heinola_es.domain.aggregates.standing_units import MOST_ABOVE, CannotStand
from heinola_es.domain.aggregates.unit import PROGRAMME
from heinola_es.domain.periods import day_after
from heinola_es.errors import Refused
from heinola_es.handlers.first_days import require_nothing_before
from heinola_es.handlers.restating import require_restating_units

if TYPE_CHECKING:
    from heinola_es.handlers.session import Session


class CityExists(Refused):
    """There is one city in a store, and nothing above it."""


def establish_unit(session: Session, code: str, day: date, *, name: str, kind: str, parent: str | None) -> None:
    """Establish a unit from `day` on, under `parent` (a code, or None for the top).

    Where the city is a unit, it is the top: what would stand under none stands under it from the day on which both are
    there.

    Raises:
        UnknownUnit, UnitExists, BooksCrossed, BeforeUnitExisted, UnitHasEnded, CityExists, CannotStand.
    """
    if kind == CITY:
        _establish_city(session, code, day, name=name, parent=parent)
        return
    city = None if parent or not _stands_under_a_city(kind) else session.city_on(date.max)
    parent = parent or (city if city and session.unit(city).first_day <= day else None)
    if parent:
        _require_shallow(session, code, parent)
    unit = session.unit_or_new(code)
    unit.establish(session.stamp, day, name=name, kind=kind, parent=session.unit(parent) if parent else None)
    if city and parent is None:
        unit.move(session.stamp, session.unit(city).first_day, session.unit(city), ())


def _require_shallow(session: Session, code: str, parent: str) -> None:
    """Refuse to put a unit under so many others that nobody could go up and down among them.

    Raises:
        UnknownUnit, CannotStand.
    """
    above = 1 + len(session.ever_above(parent))
    if above > MOST_ABOVE:
        raise CannotStand(f"unit {code} would stand under {above} others; {MOST_ABOVE} are the most; choose one above")


def _establish_city(session: Session, code: str, day: date, *, name: str, parent: str | None) -> None:
    """Let the city be a unit from `day` on, and what stands at the top then, or comes later, stand under it."""
    if parent is not None:
        raise CityExists(f"a city stands under nothing; leave out the unit {parent} above it")
    codes = session.unit_codes()
    if known := next((one for one in codes if session.unit(one).kind == CITY), None):
        raise CityExists(f"the city is unit {known} already; there is one city in a store")
    city = session.unit_or_new(code)
    city.establish(session.stamp, day, name=name, kind=CITY, parent=None)
    for unit in (session.unit(one) for one in codes):
        since = max(day, unit.first_day)
        if unit.last_day >= since and unit.parent_on(since) is None and _stands_under_a_city(unit.kind or ""):
            unit.move(session.stamp, since, city, ())


def _stands_under_a_city(kind: str) -> bool:
    """Return whether units of a kind can stand under a city: operations, and investment programmes."""
    return kind == PROGRAMME or not is_investment(kind)


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


def name_city(session: Session, name: str, code: str | None, recorded_in: str | None = None) -> None:
    """Let the city be called `name`, with the municipal code `code` (as before, where that is None).

    `recorded_in`: the language that its names, goals and texts are recorded in (as before, where that is None).

    Raises:
        NoCode, NoCityCode, UnknownLanguage, NothingChanges.
    """
    session.city().call(session.stamp, name, code, recorded_in)


def assign_responsible(session: Session, code: str, day: date, responsible: str) -> None:
    """Let `responsible` (a role) answer for a unit from `day` on.

    Raises:
        UnknownUnit, NothingChanges, BeforeUnitExisted, UnitHasEnded.
    """
    session.unit(code).assign(session.stamp, day, responsible)


def move_unit(session: Session, code: str, day: date, parent: str | None) -> None:
    """Let a unit stand under `parent` (a code, or None for the top) from `day` on.

    Raises:
        UnknownUnit, MoveUnderDescendant, BooksCrossed, NothingChanges, BeforeUnitExisted, UnitHasEnded, CannotStand.
    """
    unit = session.unit(code)
    if parent:
        _require_shallow(session, code, parent)
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
