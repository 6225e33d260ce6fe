"""Goals and priorities of a unit's year, narratives, outlooks and indicators of a period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from events.period import Period
from heinola_es.domain.amounts import decimal_text
from heinola_es.handlers.restating import require_restating_words

if TYPE_CHECKING:
    from datetime import date

    from heinola_es.domain.aggregates.unit_year import GoalTexts, UnitYear
    from heinola_es.handlers.session import Session


def set_goal(session: Session, unit: str, fiscal_year: int, goal: str, **texts: Unpack[GoalTexts]) -> None:
    """Set a unit a binding goal for the year.

    Raises:
        UnknownUnit, GoalSetBefore.
    """
    _year(session, unit, fiscal_year).set_goal(session.stamp, goal, **texts)


def revise_goal(session: Session, unit: str, day: date, goal: str, **texts: Unpack[GoalTexts]) -> None:
    """Let the given words be a goal's from `day` on, with a reason.

    Raises:
        UnknownUnit, GoalNeverSet, ReasonRequired, NothingRevised.
    """
    _year(session, unit, day.year, day).revise_goal(session.stamp, day, goal, **texts)


def update_goal_status(session: Session, unit: str, period: Period, goal: str, status: str, text: str = "") -> None:
    """Report how a goal stands at the end of `period`; `status` is one of `GOAL_STATUSES`.

    Raises:
        UnknownUnit, GoalNeverSet, BeforeUnitExisted, UnitHasEnded.
    """
    _existing(session, unit, period).update_goal_status(session.stamp, period, goal, status, text)


def withdraw_goal(session: Session, unit: str, day: date, goal: str) -> None:
    """Let a goal hold no longer from `day` on, with a reason.

    Raises:
        UnknownUnit, GoalNeverSet, ReasonRequired.
    """
    _year(session, unit, day.year, day).withdraw_goal(session.stamp, day, goal)


def set_priority(session: Session, unit: str, fiscal_year: int, number: int, title: str, metric: str = "") -> None:
    """Take up an operative priority for the year, or word it anew.

    Raises:
        UnknownUnit.
    """
    _year(session, unit, fiscal_year).set_priority(session.stamp, number, title, metric)


def report_priority(session: Session, unit: str, period: Period, number: int, text: str) -> None:
    """Report what came of a priority in `period`.

    Raises:
        UnknownUnit, PriorityNeverSet, BeforeUnitExisted, UnitHasEnded.
    """
    _existing(session, unit, period).report_priority(session.stamp, period, number, text)


def report_narrative(
    session: Session,
    unit: str,
    period: Period,
    section: str,
    text: str,
    *,
    programme: str | None = None,
    part: int = 1,
) -> None:
    """Report on `period` in words.

    Raises:
        UnknownUnit, BeforeUnitExisted, UnitHasEnded.
    """
    year = _existing(session, unit, period)
    year.report_narrative(session.stamp, period, section, text, programme=programme, part=part)


def give_outlook(session: Session, unit: str, period: Period, text: str) -> None:
    """Give, at the end of `period`, the estimate of how the year's budget will hold.

    Raises:
        UnknownUnit, BeforeUnitExisted, UnitHasEnded.
    """
    _existing(session, unit, period).give_outlook(session.stamp, period, text)


def observe_indicator(
    session: Session, unit: str, period: Period, name: str, value: str, measured_in: str = ""
) -> None:
    """Record a statistic of `period`; `value` is a number as people write it.

    Raises:
        UnknownUnit, BeforeUnitExisted, UnitHasEnded; BadInput where the value is no number.
    """
    year = _existing(session, unit, period)
    year.observe_indicator(session.stamp, period, name, decimal_text(value), measured_in)


def _year(session: Session, unit: str, fiscal_year: int, day: date | None = None) -> UnitYear:
    session.unit(unit)
    require_restating_words(session, unit, Period.of_year(fiscal_year) if day is None else Period.of_day(day))
    return session.unit_year(unit, fiscal_year)


def _existing(session: Session, unit: str, period: Period) -> UnitYear:
    session.unit(unit).require_existing(period)
    require_restating_words(session, unit, period)
    return session.unit_year(unit, period.year)
