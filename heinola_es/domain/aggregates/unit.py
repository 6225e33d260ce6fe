"""A unit of the organisation over time: its name, its place and who answers for it, as of any day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, assert_never, get_args

from attrs import define, field

from events.organisation import (
    OrganisationEvent,
    ResponsibleAssigned,
    UnitClosed,
    UnitEstablished,
    UnitFirstDayCorrected,
    UnitMerged,
    UnitMoved,
    UnitNameCorrected,
    UnitRenamed,
    UnitTextTranslated,
    is_investment,
)
from events.period import Period
from heinola_es.domain.aggregates.base import Aggregate, BeforeUnitExisted, Stamp
from heinola_es.domain.codes import require_code, require_name, require_translation
from heinola_es.domain.periods import day_after
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

PROGRAMME = "investment_programme"
"""The kind of unit that investments add up to: it has its place among operations and is no part of them."""


class UnitExists(Refused):
    """A unit with this code was established before."""


class UnitHasEnded(Refused):
    """The unit was closed or merged before the day in question."""


class MoveUnderDescendant(Refused):
    """A unit cannot stand under itself or under one of its own units."""


class BooksCrossed(Refused):
    """Operations and investments are books of their own: the figures of one are never part of the other."""


class NothingChanges(Refused):
    """The unit is already as the command would have it."""


class RestsOnFirstDay(Refused):
    """Something is recorded of the unit on a day before which it would not have existed."""


class UnitsBelow(Refused):
    """Others stand under the unit, so that it cannot end."""


@define(slots=True, eq=False, repr=False)
class Timeline:
    """A value that changes on certain days; of two changes on one day the one recorded later holds."""

    _changes: list[tuple[date, str | None]] = field(factory=list)

    def set(self, day: date, value: str | None) -> None:
        """Let `value` hold from `day` on, until the next change."""
        self._changes.append((day, value))
        self._changes.sort(key=lambda change: change[0])  # stable: the order of recording decides within a day

    def on(self, day: date) -> str | None:
        """Return the value that holds on `day`, or None before the first change."""
        return next((value for since, value in reversed(self._changes) if since <= day), None)

    def since(self, day: date) -> date | None:
        """Return the day from which the value that holds on `day` does; None before the first change."""
        return next((since for since, _value in reversed(self._changes) if since <= day), None)

    def begin(self, day: date, *, instead_of: date) -> None:
        """Let what held from the day `instead_of` on hold from `day` on."""
        self._changes = [(day if since == instead_of else since, value) for since, value in self._changes]
        self._changes.sort(key=lambda change: change[0])

    def days(self) -> list[date]:
        """Return the days on which it changes."""
        return [since for since, _value in self._changes]


@define(slots=True, kw_only=True, eq=False, repr=False)
class Unit(Aggregate[OrganisationEvent]):
    """A unit, folded from its stream; `kind` is None until it is established.

    Attributes:
        establishments: how often its stream says that it was established: once, unless somebody planted another.
    """

    KIND = "a unit"
    FAMILY = frozenset(get_args(OrganisationEvent))

    code: str
    kind: str | None = None
    first_day: date = date.max
    last_day: date = date.max
    merged_into: str | None = None
    names: Timeline = field(factory=Timeline)
    parents: Timeline = field(factory=Timeline)
    responsibles: Timeline = field(factory=Timeline)
    translations: dict[tuple[str, str], str] = field(factory=dict)
    establishments: int = 0

    def evolve(self, event: OrganisationEvent) -> None:
        """Take an organisation event into the state."""
        day = event.effective.start
        match event:
            case UnitEstablished():
                self.kind, self.first_day, self.establishments = event.kind, day, self.establishments + 1
                self.names.set(day, event.name)
                self.parents.set(day, event.parent)
            case UnitRenamed():
                self.names.set(day, event.name)
            case UnitMoved():
                self.parents.set(day, event.parent)
            case ResponsibleAssigned():
                self.responsibles.set(day, event.responsible)
            case UnitClosed():
                self.last_day = day
            case UnitMerged():
                self.last_day, self.merged_into = day, event.into
            case UnitFirstDayCorrected():
                for timeline in (self.names, self.parents, self.responsibles):
                    timeline.begin(day, instead_of=self.first_day)
                self.first_day = day
            case UnitNameCorrected():
                self.names.set(day, event.name)
            case UnitTextTranslated():
                self.translations[event.original, event.language] = event.text
            case _:
                assert_never(event)

    @property
    def is_investment(self) -> bool:
        """Whether its figures are investments, which never add up into the operating figures of a unit above."""
        return self.kind is not None and is_investment(self.kind)

    def parent_on(self, day: date) -> str | None:
        """Return the unit that it stands under on `day`: once merged, that is the one which carries on what it did."""
        return self.merged_into if self.merged_into and day > self.last_day else self.parents.on(day)

    def ever_under(self) -> list[str]:
        """Return every unit that it stands directly under on any day."""
        parents = [*(self.parents.on(day) for day in self.parents.days()), self.merged_into]
        return list(dict.fromkeys(parent for parent in parents if parent))

    def days_of_change(self) -> list[date]:
        """Return the days from which on it stands under another unit."""
        merged = [day_after(self.last_day)] if self.merged_into and self.last_day < date.max else []
        return [*self.parents.days(), *merged]

    def parent_until(self, day: date) -> date:
        """Return the day, after `day`, on which its place changes next; `date.max` where it does not."""
        return min((change for change in self.days_of_change() if change > day), default=date.max)

    def require_existing(self, period: Period) -> None:
        """Refuse a fact about days on which the unit did not exist.

        Raises:
            BeforeUnitExisted, UnitHasEnded.
        """
        if period.start < self.first_day:
            raise BeforeUnitExisted(
                f"unit {self.code} exists only from {_day(self.first_day)}; "
                f"{period.label} is before that, check the period or the unit"
            )
        if period.end > self.last_day:
            raise UnitHasEnded(
                f"unit {self.code} ended on {_day(self.last_day)}; record {period.label} on its successor"
            )

    def require_there(self, period: Period) -> None:
        """Refuse a fact about a period on no day of which the unit existed.

        Raises:
            BeforeUnitExisted, UnitHasEnded.
        """
        self.require_existing(Period.of_day(max(period.start, min(period.end, self.first_day))))

    def establish(self, stamp: Stamp, day: date, *, name: str, kind: str, parent: Unit | None) -> None:
        """Let the unit exist from `day` on.

        Raises:
            NoCode: its code or name can be none.
            UnitExists: its code is taken.
            BooksCrossed: its figures would be part of none.
            BeforeUnitExisted, UnitHasEnded: the parent is not there on that day.
        """
        require_code(self.code)
        require_name(name, "the unit's name")
        if self.kind is not None:
            raise UnitExists(f"unit {self.code} ({self.names.on(date.max)}) exists already; codes are never used twice")
        if parent is not None:
            parent.require_existing(Period.of_day(day))
            require_same_book(self.code, kind, parent)
        above = parent.code if parent else None
        head = self.head(stamp, Period.of_day(day))
        self.record(UnitEstablished(**head, code=self.code, name=name, kind=kind, parent=above))

    def rename(self, stamp: Stamp, day: date, name: str) -> None:
        """Let the unit be called `name` from `day` on.

        Raises:
            NoCode, NothingChanges, BeforeUnitExisted, UnitHasEnded.
        """
        require_name(name, "the unit's name")
        self._require_change(day, self.names.on(day), name, "called")
        self.record(UnitRenamed(**self.head(stamp, Period.of_day(day)), code=self.code, name=name))

    def correct_name(self, stamp: Stamp, day: date, name: str) -> None:
        """Let the name that was taken to hold on `day` be `name`, for as long as that holds; it was always wrong.

        Raises:
            ReasonRequired, NoCode, NothingChanges, BeforeUnitExisted, UnitHasEnded.
        """
        stamp.require_reason("correcting a name")
        require_name(name, "the unit's name")
        self._require_change(day, self.names.on(day), name, "called")
        since = self.names.since(day) or self.first_day
        self.record(UnitNameCorrected(**self.head(stamp, Period.of_day(since)), code=self.code, name=name))

    def name_on(self, day: date | None) -> str:
        """Return what it is called on a day; its last name, where that is None.

        Raises:
            BeforeUnitExisted.
        """
        if day is not None and day < self.first_day:
            self.require_existing(Period.of_day(day))
        return str(self.names.on(date.max if day is None else day))

    def translate(self, stamp: Stamp, original: str, language: str, text: str) -> None:
        """Let what is recorded of the unit as `original` read `text` in a language.

        Raises:
            NoTranslation, NothingChanges.
        """
        require_translation(text, language)
        if self.translations.get((original, language)) == text:
            raise NothingChanges(f"that is what it reads in {language!r} already")
        head = self.head(stamp, Period.of_day(stamp.recorded.date()))
        self.record(UnitTextTranslated(**head, code=self.code, original=original, language=language, text=text))

    def correct_first_day(self, stamp: Stamp, day: date, above_parent: Iterable[Unit]) -> None:
        """Let the unit exist from `day` on, as it was on its first day; `above_parent` is what that stands under.

        That nothing of a unit lies before a later first day is for the caller to know, where it is not of the unit.

        Raises:
            ReasonRequired, NothingChanges, RestsOnFirstDay, UnitHasEnded, BeforeUnitExisted, MoveUnderDescendant.
        """
        stamp.require_reason("correcting a first day")
        if day == self.first_day:
            raise NothingChanges(f"unit {self.code} exists from {_day(day)} already")
        if day > self.last_day:
            raise UnitHasEnded(f"unit {self.code} ended on {_day(self.last_day)}; its first day is not after that")
        changes = [*self.names.days(), *self.parents.days(), *self.responsibles.days()]
        between = min((change for change in changes if self.first_day < change <= day), default=None)
        if between is not None:
            raise RestsOnFirstDay(
                f"unit {self.code} has changed on {_day(between)}, so that its first day is not {_day(day)}; choose a "
                f"day before that"
            )
        for unit in above_parent:
            if day < unit.first_day and unit.code == self.parents.on(self.first_day):
                unit.require_existing(Period.of_day(day))
            if unit.code == self.code:
                raise MoveUnderDescendant(f"unit {self.code} would stand under itself on {_day(day)}; move it first")
        self.record(UnitFirstDayCorrected(**self.head(stamp, Period.of_day(day)), code=self.code))

    def assign(self, stamp: Stamp, day: date, responsible: str) -> None:
        """Let `responsible` (a role) answer for the unit from `day` on.

        Raises:
            NothingChanges, BeforeUnitExisted, UnitHasEnded.
        """
        self._require_change(day, self.responsibles.on(day), responsible, "in the charge of")
        self.record(
            ResponsibleAssigned(**self.head(stamp, Period.of_day(day)), code=self.code, responsible=responsible)
        )

    def move(self, stamp: Stamp, day: date, parent: Unit | None, above_parent: Iterable[Unit]) -> None:
        """Let the unit stand under `parent` from `day` on; `above_parent` is what the parent stands under meanwhile.

        Raises:
            MoveUnderDescendant, BooksCrossed, NothingChanges, BeforeUnitExisted, UnitHasEnded.
        """
        self.require_existing(Period.of_day(day))
        if parent is not None:
            parent.require_existing(Period.of_day(day))
            require_same_book(self.code, self.kind or "", parent)
            if self.code in {parent.code, *(unit.code for unit in above_parent)}:
                raise MoveUnderDescendant(
                    f"unit {self.code} cannot move under {parent.code}, which stands under {self.code} itself"
                )
        code = parent.code if parent else None
        self._require_change(day, self.parents.on(day), code, "under")
        self.record(UnitMoved(**self.head(stamp, Period.of_day(day)), code=self.code, parent=code))

    def merge(self, stamp: Stamp, last_day: date, into: Unit, above_heir: Iterable[Unit]) -> None:
        """End the unit on `last_day`; `into` carries on what it did, and stands under `above_heir` ever after.

        Raises:
            BeforeUnitExisted, UnitHasEnded: one of the two is not there.
            BooksCrossed: one is of the investments, the other of operations.
            MoveUnderDescendant: a unit cannot be merged into itself or into one of its own units.
        """
        self._require_end(last_day)
        into.require_existing(Period.of_day(last_day))
        if into.is_investment != self.is_investment:
            raise BooksCrossed(_crossed(self.code, into, is_investment=self.is_investment))
        if into.code == self.code:
            raise MoveUnderDescendant(f"unit {self.code} cannot be merged into itself")
        if self.code in {unit.code for unit in above_heir}:
            raise MoveUnderDescendant(
                f"unit {self.code} cannot be merged into {into.code}, which stands under {self.code} after "
                f"{_day(last_day)}; move {into.code} first"
            )
        self.record(UnitMerged(**self.head(stamp, Period.of_day(last_day)), code=self.code, into=into.code))

    def close(self, stamp: Stamp, last_day: date, below: Sequence[str] = ()) -> None:
        """End the unit on `last_day`; `below` are the codes of the units that stand under it after that.

        Raises:
            BeforeUnitExisted, UnitHasEnded, UnitsBelow.
        """
        self._require_end(last_day)
        if below:
            units = f"unit {below[0]} stands" if len(below) == 1 else f"units {', '.join(below)} stand"
            raise UnitsBelow(
                f"{units} under {self.code} after {_day(last_day)}; move or end "
                f"{'it' if len(below) == 1 else 'them'} first, or let another unit carry on with `heinola record merge`"
            )
        self.record(UnitClosed(**self.head(stamp, Period.of_day(last_day)), code=self.code))

    def _require_end(self, last_day: date) -> None:
        self.require_existing(Period.of_day(last_day))
        if self.merged_into:
            raise UnitHasEnded(f"unit {self.code} was merged into {self.merged_into} on {_day(self.last_day)} already")

    def _require_change(self, day: date, now: str | None, wanted: str | None, how: str) -> None:
        self.require_existing(Period.of_day(day))
        if now == wanted:
            raise NothingChanges(f"unit {self.code} is {how} {wanted or 'nothing'} already on {_day(day)}")


def _day(day: date) -> str:
    return Period.of_day(day).label


def require_same_book(code: str, kind: str, parent: Unit) -> None:
    """Refuse to put a unit under one of the other book; an investment programme alone stands under operations.

    Raises:
        BooksCrossed.
    """
    investment = is_investment(kind)
    if parent.is_investment != investment and not (investment and kind == PROGRAMME):
        raise BooksCrossed(_crossed(code, parent, is_investment=investment))


def _crossed(code: str, other: Unit, *, is_investment: bool) -> str:
    book, of_other = ("investments", "operations") if is_investment else ("operations", "investments")
    return (
        f"unit {code} is of the {book} and {other.code} of {of_other}, which are books of their own; "
        f"choose a unit of the {book}"
    )
