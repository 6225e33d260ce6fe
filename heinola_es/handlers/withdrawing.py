"""Withdrawing what was told: a status, a text, a statistic or a project's progress of a period counts no more.

What is recorded of it in the period is undone, all of it, so that nothing told earlier in the period takes its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events.forecasts import ForecastGiven
from events.goals import GoalStatusUpdated, PriorityReported
from events.narratives import IndicatorObserved, NarrativeReported, OutlookGiven
from events.projects import ProjectProgressReported
from events.streams import project_stream, unit_year_stream
from heinola_es.errors import Refused
from heinola_es.handlers.restating import require_restating_words
from heinola_es.handlers.undoing import undo_facts

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from events.base import Event
    from events.period import Period
    from heinola_es.handlers.session import Session


class NothingTold(Refused):
    """Nothing is recorded that could be withdrawn."""


def withdraw_goal_status(session: Session, unit: str, period: Period, goal: str) -> None:
    """Let no status of a goal be told for `period`, with a reason.

    Raises:
        UnknownUnit, ReasonRequired, NothingTold, Restates.
    """
    _of_unit(session, unit, period, GoalStatusUpdated, lambda event: event.goal == goal)


def withdraw_priority(session: Session, unit: str, period: Period, number: int) -> None:
    """Let it not be told what came of a priority in `period`, with a reason.

    Raises:
        as `withdraw_goal_status`.
    """
    _of_unit(session, unit, period, PriorityReported, lambda event: event.number == number)


def withdraw_narrative(
    session: Session, unit: str, period: Period, section: str, *, programme: str | None = None, part: int = 1
) -> None:
    """Withdraw a text about exactly `period`, with a reason.

    Raises:
        as `withdraw_goal_status`.
    """

    def meant(event: Any) -> bool:  # noqa: ANN401 - a NarrativeReported
        same = (event.section, event.programme, event.part) == (section, programme, part)
        return same and event.effective == period

    _of_unit(session, unit, period, NarrativeReported, meant)


def withdraw_outlook(session: Session, unit: str, period: Period) -> None:
    """Let no estimate be given in `period`, with a reason.

    Raises:
        as `withdraw_goal_status`.
    """
    _of_unit(session, unit, period, OutlookGiven, lambda _event: True)


def withdraw_forecast(session: Session, unit: str, period: Period, line: str) -> None:
    """Let it not be told in `period` what a line of the year will end at, with a reason.

    Raises:
        UnknownLine; and as `withdraw_goal_status`.
    """
    code = session.chart_of(period.year).line(line).code
    _of_unit(session, unit, period, ForecastGiven, lambda event: event.line == code)


def withdraw_indicator(session: Session, unit: str, period: Period, name: str) -> None:
    """Withdraw a statistic of exactly `period`, with a reason.

    Raises:
        as `withdraw_goal_status`.
    """
    _of_unit(session, unit, period, IndicatorObserved, lambda event: event.name == name and event.effective == period)


def withdraw_progress(session: Session, name: str, period: Period) -> None:
    """Let no progress of a project be told for `period`, with a reason.

    Raises:
        UnknownProject, ReasonRequired, NothingTold, Restates.
    """
    project = session.project(name)
    require_restating_words(session, project.facts["unit"], period)
    _undo(session, project_stream(project.name), period, ProjectProgressReported, lambda _event: True)


def _of_unit(session: Session, unit: str, period: Period, kind: type[Event], meant: Callable[[Any], bool]) -> None:
    session.unit(unit)
    require_restating_words(session, unit, period)
    _undo(session, unit_year_stream(unit, period.year), period, kind, meant)


def _undo(session: Session, stream: UUID, period: Period, kind: type[Event], meant: Callable[[Any], bool]) -> None:
    session.stamp.require_reason("withdrawing what was told")
    positions, undone = session.log.positions_of(stream), session.log.undone_positions()
    facts = {
        positions[event.originator_version]: event
        for event in session.log.events_of(stream)
        if isinstance(event, kind) and period.contains(event.effective) and meant(event)
    }
    live = {position: event for position, event in facts.items() if position not in undone}
    if not live:
        raise NothingTold(f"nothing of the kind is recorded for {period.label}, so there is nothing to withdraw")
    undo_facts(session, live)
