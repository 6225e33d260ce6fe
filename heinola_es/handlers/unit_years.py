"""Commands that are one decision of a unit's year: the year is found, and decides; nothing is said twice.

What a command takes, and what it is refused with, stands with its decision in `UnitYear`. Beside that a command finds
the unit, which must exist (`UnknownUnit`, `BeforeUnitExisted`, `UnitHasEnded`), and minds closed books, which only
those change who mean to (`Restates`). The kind of event that it records is told, so that it can be asked again of
another log.
"""

from __future__ import annotations

from functools import update_wrapper
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec

from attrs import fields_dict

from events.base import Event
from events.period import Period
from heinola_es.handlers.restating import require_restating_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from heinola_es.domain.aggregates.base import Stamp
    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.handlers.session import Session

Arguments = ParamSpec("Arguments")

ASKED_AGAIN: dict[type[Event], Callable[[Session, Any], None]] = {}
"""How the command of an event is given again, by its kind."""

_OF_EVERY_EVENT = frozenset(fields_dict(Event)) | {"unit"}


def about_year(
    kind: type[Event], decide: Callable[Concatenate[UnitYear, Stamp, Arguments], None]
) -> Callable[Concatenate[Session, str, int, Arguments], None]:
    """Return the command, given a unit's code and a fiscal year, that lets `decide` record what holds for all of it."""

    def command(
        session: Session, unit: str, fiscal_year: int, /, *args: Arguments.args, **values: Arguments.kwargs
    ) -> None:
        session.unit(unit)
        require_restating_words(session, unit, Period.of_year(fiscal_year))
        decide(session.unit_year(unit, fiscal_year), session.stamp, *args, **values)

    _name(command, decide, kind, lambda event: event.effective.year)
    return command


def about_day(
    kind: type[Event], decide: Callable[Concatenate[UnitYear, Stamp, date, Arguments], None]
) -> Callable[Concatenate[Session, str, date, Arguments], None]:
    """Return the command, given a unit's code and a day, that lets `decide` record what holds from that day on."""

    def command(session: Session, unit: str, day: date, /, *args: Arguments.args, **values: Arguments.kwargs) -> None:
        session.unit(unit)
        require_restating_words(session, unit, Period.of_day(day))
        decide(session.unit_year(unit, day.year), session.stamp, day, *args, **values)

    _name(command, decide, kind, lambda event: event.effective.start)
    return command


def about_period(
    kind: type[Event], decide: Callable[Concatenate[UnitYear, Stamp, Period, Arguments], None]
) -> Callable[Concatenate[Session, str, Period, Arguments], None]:
    """Return the command, given a unit's code and a period, that lets `decide` record what is told of that period."""

    def command(
        session: Session, unit: str, period: Period, /, *args: Arguments.args, **values: Arguments.kwargs
    ) -> None:
        session.unit(unit).require_existing(period)
        require_restating_words(session, unit, period)
        decide(session.unit_year(unit, period.year), session.stamp, period, *args, **values)

    _name(command, decide, kind, lambda event: event.effective)
    return command


def _name(
    command: Callable[..., None], decide: Callable[..., None], kind: type[Event], over: Callable[[Event], object]
) -> None:
    """Let a command be called as its decision is, and be given again by the event of a kind."""
    update_wrapper(command, decide)
    ASKED_AGAIN[kind] = lambda session, event: command(session, event.unit, over(event), **_told_by(event))


def _told_by(event: Event) -> dict[str, Any]:
    """Return what an event says of its own, as the arguments that its decision was given: a None says nothing."""
    own = (name for name in fields_dict(type(event)) if name not in _OF_EVERY_EVENT)
    return {name: value for name in own if (value := getattr(event, name)) is not None}
