"""Forecasts of how a unit's year will end."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, Unpack

from events.forecasts import ForecastGiven
from heinola_es.domain.value_rule.facts import BUDGET
from heinola_es.errors import BadInput
from heinola_es.handlers.recorded_facts import rule_over
from heinola_es.handlers.restating import require_restating_words
from heinola_es.handlers.unit_years import ASKED_AGAIN

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.handlers.session import Session


class _How(TypedDict, total=False):
    """How a forecast is told; see `give_forecast`."""

    precision_cents: int
    contra: bool
    text: str


def give_forecast(
    session: Session,
    unit: str,
    line: str,
    period: Period,
    amount_cents: int,
    *,
    deviation_cents: int | None = None,
    precision_cents: int = 1,
    contra: bool = False,
    text: str = "",
) -> None:
    """Say what a line of the year will end at, as seen at the end of `period`.

    `deviation_cents`: how far that is from the budget, where it was told by that.

    Raises:
        UnknownUnit, UnknownLine, AgainstLineSign, FinerThanStated, AmountTooLarge, OtherYear, BeforeUnitExisted,
        UnitHasEnded, Restates.
    """
    session.unit(unit).require_existing(period)
    require_restating_words(session, unit, period)
    session.unit_year(unit, period.year).give_forecast(
        session.stamp,
        period,
        session.chart_of(period.year).line(line),
        amount_cents,
        deviation_cents=deviation_cents,
        precision_cents=precision_cents,
        contra=contra,
        text=text,
    )


def give_forecast_against_budget(
    session: Session, unit: str, line: str, period: Period, deviation_cents: int, **how: Unpack[_How]
) -> None:
    """Say how far from its budget, with the amendments decided by the end of `period`, a line of the year will end.

    Raises:
        BadInput: the budget is not known, or not whole; and as `give_forecast`.
    """
    row = session.chart_of(period.year).line(line)
    session.unit(unit)
    rule = rule_over(session, unit, BUDGET, period.year, period.end)
    budget = rule.value(unit, row.code, period.year_to_date()) if unit in rule.standing.organisation.units else None
    if budget is None:
        raise BadInput(
            f"the budget of {unit} {row.code} for {period.year} is not known, or not whole, so a deviation from it "
            f"tells of no amount; give what the year will end at instead of --deviation"
        )
    amount_cents = budget.cents + deviation_cents
    give_forecast(session, unit, line, period, amount_cents, deviation_cents=deviation_cents, **how)


def _asked_again(session: Session, event: ForecastGiven) -> None:
    give_forecast(session, event.unit, event.line, event.effective, event.amount_cents, contra=True)


ASKED_AGAIN[ForecastGiven] = _asked_again
