"""The organisation as of a day: which units there are, in report order, and what stands under what."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from events.organisation import is_investment
from events.value_object import ValueObject
from heinola_es.domain.aggregates.reorganised import Reorganised, left_before, reorganised

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from heinola_es.domain.aggregates.unit import Unit


@frozen(slots=True, eq=False, repr=False)
class UnitThen(ValueObject):
    """A unit as it was on the day.

    Attributes:
        code, name, kind: as established and renamed by then.
        parent: code of the unit above, or None at the top.
        responsible: the role in charge, or empty.
        first_day, last_day: those of the unit; `date.max` where it has not ended.
        ended: whether the day is after its last day. It still counts: what it did is part of the year.
    """

    code: str
    name: str
    kind: str
    parent: str | None
    responsible: str
    first_day: date
    last_day: date
    ended: bool


@frozen(slots=False, eq=False, repr=False)
class Organisation:
    """All units established by a day, in report order: depth first, siblings in the order they were established."""

    day: date
    units: dict[str, UnitThen]
    children: dict[str | None, tuple[str, ...]]

    @classmethod
    def as_of(cls, units: Iterable[Unit], day: date) -> Organisation:
        """Return the organisation as of `day`; `units` come in the order in which they were established.

        Where the whole city is younger than the day asked for, there is nobody to show: the result is empty.
        """
        return cls._placed((unit for unit in units if unit.first_day <= day), day)

    @classmethod
    def of_all(cls, units: Iterable[Unit], day: date) -> Organisation:
        """Return the organisation of all units as of `day`: one that did not exist yet stands where it first stood.

        So nothing that belongs to any unit is outside it, whichever day is asked for.
        """
        return cls._placed(units, day)

    @classmethod
    def _placed(cls, units: Iterable[Unit], day: date) -> Organisation:
        return cls._ordered({unit.code: _unit_then(unit, max(day, unit.first_day), day) for unit in units}, day)

    @classmethod
    def _ordered(cls, then: dict[str, UnitThen], day: date) -> Organisation:
        below: dict[str | None, list[str]] = defaultdict(list)
        for unit in then.values():
            below[unit.parent if unit.parent in then else None].append(unit.code)
        ordered = dict(_depth_first(then, below, None))
        return cls(day, ordered, {code: tuple(codes) for code, codes in below.items()})

    def without(self, codes: Collection[str]) -> Organisation:
        """Return the organisation with some units by themselves: they are part of no other than of one another.

        What else stands under one of them stands under the next unit above that is none of them.
        """

        def parent_of(unit: UnitThen) -> str | None:
            parent = unit.parent
            if unit.code in codes:
                return parent if parent in codes else None
            while parent is not None and parent in codes and parent in self.units:
                parent = self.units[parent].parent
            return parent

        placed = {code: evolve(unit, parent=parent_of(unit)) for code, unit in self.units.items()}
        return self._ordered(placed, self.day)

    def below(self, code: str) -> tuple[str, ...]:
        """Return the units that the figures of `code` are the sum of: those directly below, of the same book.

        Investments are a book of their own: an investment programme under a sector is no part of its operations.
        """
        return self._below_in_book.get(code, ())

    def all_below(self, code: str) -> list[str]:
        """Return every unit whose figures are part of those of `code`, to any depth."""
        return [unit for child in self.below(code) for unit in (child, *self.all_below(child))]

    def at_or_above(self, code: str) -> list[str]:
        """Return a unit and those whose figures it is a part of, upwards."""
        chain = [code]
        while (parent := self.units[chain[-1]].parent) in self.units and self._same_book(str(parent), chain[-1]):
            chain.append(str(parent))
        return chain

    def until(self, day: date) -> list[str]:
        """Return the units that existed by a day, or by that of the organisation, in report order."""
        last = max(day, self.day)
        return [code for code, unit in self.units.items() if unit.first_day <= last]

    def with_all_below(self, code: str) -> list[str]:
        """Return a unit and every unit under it, investments too, in report order."""
        return [code, *(c for child in self.children.get(code, ()) for c in self.with_all_below(child))]

    @cached_property
    def _below_in_book(self) -> dict[str, tuple[str, ...]]:
        return {
            code: tuple(child for child in self.children.get(code, ()) if self._same_book(code, child))
            for code in self.units
        }

    def _same_book(self, code: str, child: str) -> bool:
        return is_investment(self.units[code].kind) == is_investment(self.units[child].kind)


class Structures:
    """The organisation of all units as of any day; worked out once between two days on which anything changes place."""

    def __init__(self, units: Iterable[Unit]) -> None:
        self._units = list(units)
        self._changes = sorted({day for unit in self._units for day in unit.days_of_change() if day > unit.first_day})
        self._known: dict[date, Organisation] = {}

    def ever_above(self) -> dict[str, set[str]]:
        """Return every unit that a unit stands under, directly or not, on any day."""
        directly = {unit.code: unit.ever_under() for unit in self._units}
        found: dict[str, set[str]] = {}
        for code, parents in directly.items():
            above, waiting = set[str](), list(parents)
            for parent in waiting:
                if parent not in above:
                    above.add(parent)
                    waiting += directly.get(parent, ())
            found[code] = above
        return found

    def reorganised(self, after: date, until: date) -> list[Reorganised]:
        """Return which units moved, merged and ended between the organisations of two days."""
        return reorganised(self._units, after, until)

    def left_before(self, day: date) -> dict[str, date]:
        """Return the last day of each unit that left the city before a day."""
        return left_before({unit.code: unit for unit in self._units}, day)

    def as_of(self, day: date) -> Organisation:
        """Return the organisation of all units as of a day."""
        return Organisation.of_all(self._units, day)

    def with_all_below(self, codes: Iterable[str], day: date) -> list[str]:
        """Return some units with every unit that stood under them on a day, investments too; unknown ones left out."""
        then = self.on(day)
        return [unit for code in codes if code in then.units for unit in then.with_all_below(code)]

    def on(self, day: date) -> Organisation:
        """Return who stood where on a day; names are those of another day, perhaps."""
        since = max((change for change in self._changes if change <= day), default=date.min)
        if since not in self._known:
            self._known[since] = Organisation.of_all(self._units, day)
        return self._known[since]


def _unit_then(unit: Unit, day: date, asked: date) -> UnitThen:
    ended = unit.last_day < asked
    return UnitThen(
        code=unit.code,
        name=unit.names.on(day) or unit.code,
        kind=unit.kind or "unit",
        parent=unit.parent_on(day),
        responsible=unit.responsibles.on(day) or "",
        first_day=unit.first_day,
        last_day=unit.last_day,
        ended=ended,
    )


def _depth_first(
    then: dict[str, UnitThen], below: dict[str | None, list[str]], top: str | None
) -> Iterator[tuple[str, UnitThen]]:
    for code in below.get(top, ()):
        yield code, then[code]
        yield from _depth_first(then, below, code)
