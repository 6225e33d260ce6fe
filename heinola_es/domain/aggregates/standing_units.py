"""Whether units can stand as the log says: each was established, under one that was, and never under itself.

No command records anything else. A log that says so nevertheless was written by other means, and whoever went up or
down in such an organisation would never come to an end, or pass units over in silence.
"""

from __future__ import annotations

from datetime import date
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING

from events.period import Period
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heinola_es.domain.aggregates.unit import Unit

MOST_ABOVE = 100
"""So many units may one stand under, one above the other; the largest city has six."""


class CannotStand(Refused):
    """What the log says of units cannot be.

    Attributes:
        position: of the event that says so, where it is known; else 0.
    """

    position = 0

    @classmethod
    def at(cls, position: int, flaw: str) -> CannotStand:
        """Return the error, with what an event at a position makes impossible."""
        error = cls(
            f"event {position} says what cannot be ({flaw}), so nothing can be told of units; see `heinola audit "
            f"verify`, and take it back with `heinola undo {position} --reason …`"
        )
        error.position = position
        return error


def require_standing(units: Mapping[str, Unit]) -> None:
    """Refuse units, by code, that cannot stand as they are told to.

    Raises:
        CannotStand.
    """
    if flaw := flaw_in(units):
        raise CannotStand(f"the log cannot be as it is: {flaw}; `heinola audit verify` names the event, take it back")


def flaw_in(units: Mapping[str, Unit]) -> str:
    """Return what cannot be of units, by code, in words; empty where all can stand as they are told to."""
    for code, unit in units.items():
        if unit.establishments != 1:
            often = "never established" if unit.establishments == 0 else "established more than once"
            return f"unit {code} was {often}"
        if not all(date.min < day < date.max for day in (*unit.names.days(), *unit.parents.days())):
            return f"unit {code} would change where the calendar ends"
        if unit.merged_into and unit.last_day == date.max:
            return f"unit {code} would end where the calendar does"
        for parent in unit.ever_under():
            if parent not in units:
                return f"unit {code} stands under {parent}, which was never established"
    if _is_plain(units):
        return ""
    days = {day for unit in units.values() for day in (unit.first_day, *unit.days_of_change())}
    return next((flaw for day in sorted(days) if (flaw := _flaw_on(units, day))), "")


def _is_plain(units: Mapping[str, Unit]) -> bool:
    """Return whether no unit stands under itself, or too deep, even with all that it ever stood under at once."""
    above = {code: unit.ever_under() for code, unit in units.items()}
    depth: dict[str, int] = {}
    try:
        for code in TopologicalSorter(above).static_order():
            depth[code] = 1 + max((depth[parent] for parent in above[code]), default=-1)
    except CycleError:
        return False
    return max(depth.values(), default=0) <= MOST_ABOVE


def _flaw_on(units: Mapping[str, Unit], day: date) -> str:
    above: dict[str, int] = {}
    for code in units:
        way: dict[str, None] = {}
        at: str | None = code
        while at is not None and at not in above:
            if at in way:
                return f"unit {at} would stand under itself on {Period.of_day(day).label}"
            way[at] = None
            at = units[at].parent_on(max(day, units[at].first_day))
        number = -1 if at is None else above[at]
        for one in reversed(way):
            number += 1
            above[one] = number
        if number > MOST_ABOVE:
            return f"unit {code} would stand under {number} others; {MOST_ABOVE} are the most"
    return ""
