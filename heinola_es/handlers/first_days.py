"""What would lie before a unit's first day, if that were a later one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.coverage import BooksCompleted, CompletionWithdrawn
from events.figures import BudgetAdopted, BudgetAmended, PeriodClosed, PeriodReopened
from events.goals import GoalRevised, GoalSet, GoalWithdrawn, PrioritySet
from events.period import Period
from events.proposals import AmendmentDropped, AmendmentProposed
from heinola_es.domain.aggregates.unit import RestsOnFirstDay
from heinola_es.domain.aggregates.unit_year import within_year

if TYPE_CHECKING:
    from datetime import date

    from events.base import Event
    from heinola_es.domain.aggregates.unit import Unit
    from heinola_es.handlers.session import Session

_REACHING = (
    *(BooksCompleted, CompletionWithdrawn, PeriodClosed, PeriodReopened),
    *(GoalSet, GoalRevised, GoalWithdrawn, PrioritySet),
)
"""Facts that may be about days before a unit's first one, as long as they reach it."""


def require_nothing_before(session: Session, unit: Unit, day: date) -> None:
    """Refuse a later first day of a unit where something that is recorded would lie before it.

    Raises:
        RestsOnFirstDay: the sentence names what does.
    """
    for code in session.unit_codes():
        other = session.unit(code)
        early = [since for since in other.parents.days() if since < day and other.parents.on(since) == unit.code]
        if early or (other.merged_into == unit.code and other.last_day < day):
            since = early[0] if early else other.last_day
            raise RestsOnFirstDay(
                f"unit {code} stands under {unit.code} from {_day(since)} on, so that its first day is not {_day(day)}"
                if early
                else f"unit {code} was merged into {unit.code} on {_day(since)}, so that its first day is not later"
            )
    for year in range(unit.first_day.year, day.year + 1):
        for event in session.facts_of(session.unit_year(unit.code, year)):
            if _lies_before(event, day):
                raise RestsOnFirstDay(
                    f"{event.TOPIC} of {event.effective.label} is recorded of unit {unit.code}, so that its first day "
                    f"is not {_day(day)}; take that back first with `heinola undo`, or choose an earlier day"
                )


def _lies_before(event: Event, day: date) -> bool:
    if isinstance(event, BudgetAdopted | BudgetAmended | AmendmentProposed | AmendmentDropped):
        return within_year(event.effective.start, event.fiscal_year).end < day
    return event.effective.end < day if isinstance(event, _REACHING) else event.effective.start < day


def _day(day: date) -> str:
    return Period.of_day(day).label
