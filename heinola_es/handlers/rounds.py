"""Reporting rounds: opened and closed; a unit's part handed in, sent back, accepted."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from events.forecasts import ForecastGiven
from events.goals import GoalsEvent
from events.narratives import NarrativesEvent
from heinola_es.domain.aggregates.round import Author, NotInRound

if TYPE_CHECKING:
    from datetime import date

    from events.period import Period
    from heinola_es.handlers.session import Session

_WORDS = (*get_args(GoalsEvent), *get_args(NarrativesEvent), ForecastGiven)


def open_round(session: Session, period: Period, due: date, units: tuple[str, ...], *, four_eyes: bool | None) -> None:
    """Ask units to report on a period by a day.

    Args:
        session: the command.
        period: what they report on.
        due: the last day on which they are in time.
        units: their codes.
        four_eyes: whether nobody accepts what they recorded themselves; None for as it was in the round.

    Raises:
        UnknownUnit, BeforeUnitExisted, UnitHasEnded, DueBeforeEnd, NothingChanges; NotInRound where there is no unit.
    """
    if not units:
        raise NotInRound(f"no unit reports on {period.label}; name those that do with --unit")
    for unit in units:
        session.unit(unit).require_there(period)
    of_period = session.round(period)
    as_before = of_period.opened is not None and of_period.opened.four_eyes
    of_period.open(session.stamp, due, units, four_eyes=as_before if four_eyes is None else four_eyes)


def submit_parts(session: Session, period: Period, units: tuple[str, ...]) -> None:
    """Hand in what units report on a period.

    Raises:
        UnknownUnit, NoRound, NotInRound, NothingChanges, AcceptedBefore.
    """
    of_period = session.round(period)
    for unit in units:
        session.unit(unit)
        of_period.submit(session.stamp, unit)


def return_parts(session: Session, period: Period, units: tuple[str, ...]) -> None:
    """Send back what units handed in, with a reason.

    Raises:
        UnknownUnit, NoRound, NotInRound, NotSubmitted, ReasonRequired.
    """
    of_period = session.round(period)
    for unit in units:
        session.unit(unit)
        of_period.send_back(session.stamp, unit)


def accept_parts(session: Session, period: Period, units: tuple[str, ...]) -> None:
    """Accept what units handed in; all that are handed in, where none is named.

    Raises:
        UnknownUnit, NoRound, NotInRound, NotSubmitted, NothingChanges, OwnWork.
    """
    of_period = session.round(period)
    for unit in units or of_period.handed_in():
        session.unit(unit)
        authors = _authors_of(session, unit, period)
        of_period.accept(session.stamp, unit, authors, shared=session.roles().is_for(session.stamp))


def close_round(session: Session, period: Period) -> None:
    """Wait for nobody any more.

    Raises:
        NoRound.
    """
    session.round(period).close(session.stamp)


def _authors_of(session: Session, unit: str, period: Period) -> set[Author]:
    """Return who recorded what a unit says of a period; figures out of a ledger are nobody's words."""
    told = session.facts_of(session.unit_year(unit, period.year))
    words = (event for event in told if isinstance(event, _WORDS) and period.contains(event.effective))
    return {Author(event.recorded_by, event.login) for event in words}
