"""What an organisation lived through: which units moved, merged and ended, and which left the city for good."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from events.value_object import ValueObject
from heinola_es.domain.periods import day_after

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from heinola_es.domain.aggregates.unit import Unit

What = Literal["moved", "merged", "ended"]


@frozen(slots=True, eq=False, repr=False)
class Reorganised(ValueObject):
    """A unit moved, merged into another, or ended.

    Attributes:
        unit: its code.
        what: which of these.
        day: the first on which it stands under another unit; of one that ended, its last.
        before, after: codes of the units that it stood and stands under; None for none above it. One that merged stands
            under the unit that carries on its work; one that ended stays where it stood.
    """

    unit: str
    what: What
    day: date
    before: str | None
    after: str | None


def reorganised(units: Iterable[Unit], after: date, until: date) -> list[Reorganised]:
    """Return what changed between the organisation of one day and that of a later one, in the order of days.

    Args:
        units: in the order in which they were established.
        after: a change that holds on this day already is none.
        until: a change that does not hold on this day yet is none either; an end holds from the day after it.
    """
    found = [change for unit in units for change in _of_unit(unit) if after < _first_day(change) <= until]
    return sorted(found, key=lambda change: change.day)


def left_before(units: Mapping[str, Unit], day: date) -> dict[str, date]:
    """Return the last day of each unit that left the city before a day: it was closed, and its work went elsewhere.

    What had merged into such a unit left with it.
    """
    left = {code: unit.last_day for code, unit in units.items() if not unit.merged_into and unit.last_day < day}
    for code, unit in units.items():
        into, seen = unit.merged_into, {code}
        while into and into not in left and into not in seen and into in units:
            seen.add(into)
            into = units[into].merged_into
        if into in left:
            left[code] = unit.last_day
    return left


def _of_unit(unit: Unit) -> Iterator[Reorganised]:
    for day in sorted(set(unit.parents.days())):
        before, after = unit.parents.on(day - timedelta(days=1)), unit.parents.on(day)
        if unit.first_day < day <= unit.last_day and before != after:
            yield Reorganised(unit.code, "moved", day, before, after)
    if unit.last_day < date.max:
        before = unit.parents.on(unit.last_day)
        if unit.merged_into:
            yield Reorganised(unit.code, "merged", day_after(unit.last_day), before, unit.merged_into)
        else:
            yield Reorganised(unit.code, "ended", unit.last_day, before, before)


def _first_day(change: Reorganised) -> date:
    return day_after(change.day) if change.what == "ended" else change.day
