"""Figures: budgets and their amendments, actuals and their corrections, statements, and the closing of periods."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.period import Period
from heinola_es.domain.aggregates.unit_year import CountedTwice
from heinola_es.domain.decision import UNTOLD, Decision
from heinola_es.domain.value_rule.facts import ACTUAL
from heinola_es.errors import BadInput
from heinola_es.handlers.recorded_facts import rule_over

if TYPE_CHECKING:
    from datetime import date

    from heinola_es.domain.aggregates.unit_year import Placement, UnitYear
    from heinola_es.domain.chart import Line
    from heinola_es.handlers.session import Session


def adopt_budget(
    session: Session,
    unit: str,
    line: str,
    fiscal_year: int,
    amount_cents: int,
    *,
    day: date,
    detail: bool = False,
    contra: bool = False,
    internal: bool = False,
) -> None:
    """Adopt the original budget of a line, or of its internal items, for a fiscal year, by the decision of `day`.

    Raises:
        UnknownUnit, UnknownLine, LineNotPostable, BudgetAdoptedBefore, AgainstLineSign, AlreadyStated, PeriodIsClosed,
        BeforeUnitExisted, UnitHasEnded.
    """
    year, place, row = _postable(session, unit, line, fiscal_year, day)
    year.adopt_budget(session.stamp, day, place, row, amount_cents, detail=detail, contra=contra, internal=internal)


def amend_budget(  # noqa: PLR0913 - as many as the event has fields
    session: Session,
    unit: str,
    line: str,
    fiscal_year: int,
    amount_cents: int,
    *,
    day: date,
    detail: bool = False,
    correcting: bool = False,
    also: bool = False,
    internal: bool = False,
    decided: Decision = UNTOLD,
    proposal: int = 0,
) -> None:
    """Change the budget of a line by an amount, by the decision of `day`; `also`: beside another just like it.

    `proposal`: position in the log of the proposal that is decided, where there was one.

    Raises:
        UnknownUnit, UnknownLine, LineNotPostable, BudgetNeverAdopted, AlreadyStated, AmendedTwice, ReasonRequired,
        PeriodIsClosed, BeforeUnitExisted, UnitHasEnded.
    """
    year, place, row = _postable(session, unit, line, fiscal_year, day)
    how = {"detail": detail, "correcting": correcting, "also": also, "internal": internal}
    year.amend_budget(session.stamp, day, place, row, amount_cents, decided=decided, proposal=proposal, **how)


def post_actual(  # noqa: PLR0913 - as many as the event has fields
    session: Session,
    unit: str,
    line: str,
    period: Period,
    amount_cents: int,
    *,
    account: str = "",
    detail: bool = False,
    contra: bool = False,
    also: bool = False,
    internal: bool = False,
) -> None:
    """Post income or expense of a period inside one fiscal year; `internal`: from or to another unit of the city.

    Raises:
        UnknownUnit, UnknownLine, LineNotPostable, AgainstLineSign, AlreadyStated, CountedTwice, PeriodIsClosed,
        OtherYear, BeforeUnitExisted, UnitHasEnded.
    """
    year, place, row = _postable(session, unit, line, period.year, period.end)
    how = {"detail": detail, "contra": contra, "also": also, "internal": internal}
    try:
        year.post_actual(session.stamp, period, place, row, amount_cents, account=account, **how)
    except CountedTwice as twice:
        raise twice.at(session.log.positions_of(year.stream).get(twice.version)) from None


def correct_actual(
    session: Session, unit: str, line: str, period: Period, amount_cents: int, *, internal: bool = False
) -> None:
    """Change the actual of a period, or its internal items, by the difference `amount_cents`, with a reason.

    Raises:
        UnknownUnit, UnknownLine, LineNotPostable, ReasonRequired, PeriodIsClosed, OtherYear, BeforeUnitExisted,
        UnitHasEnded.
    """
    year, place, row = _postable(session, unit, line, period.year, period.end)
    year.correct_actual(session.stamp, period, place, row, amount_cents, internal=internal)


def correct_actual_to(
    session: Session, unit: str, line: str, period: Period, total_cents: int, *, internal: bool = False
) -> None:
    """Change the actual of exactly `period` so that its total is `total_cents`, with a reason.

    `internal`: the total of its internal items.

    Raises:
        BadInput: nothing is known of the total, so there is no difference to record; and as `correct_actual`.
    """
    chart = session.chart_of(period.year)
    chart.postable(line, session.unit(unit).kind or "unit")
    row = chart.line(line)
    session.stamp.require_reason("a correction")
    rule = rule_over(session, unit, ACTUAL, period.year, period.end, internal=internal)
    now, what = rule.value(unit, row.code, period), "internal actual" if internal else "actual"
    if now is None:
        raise BadInput(
            f"the {what} of {unit} {row.code} for {period.label} is not known, or not whole, so no difference to it "
            f"can be told; give the difference itself, or a period that was stated or whose books are complete"
        )
    if now.cents == total_cents:
        raise BadInput(f"the {what} of {unit} {row.code} for {period.label} is that already; nothing to correct")
    correct_actual(session, unit, line, period, total_cents - now.cents, internal=internal)


def state_figure(  # noqa: PLR0913 - as many as the event has fields
    session: Session,
    unit: str,
    line: str,
    period: Period,
    measure: str,
    amount_cents: int,
    *,
    precision_cents: int = 1,
    label: str = "",
    percent: str | None = None,
    contra: bool = True,
) -> None:
    """State the total of a line over exactly `period`; for a budget, as of the period's end.

    Raises:
        UnknownUnit, UnknownLine, FinerThanStated, AgainstLineSign, PeriodIsClosed, OtherYear, BeforeUnitExisted,
        UnitHasEnded.
    """
    place = session.placement(unit, period.year, period.end)
    year = session.unit_year(unit, period.year)
    year.state_figure(
        session.stamp,
        kept_under(period, measure),
        place,
        place.chart.line(line),
        measure,
        amount_cents,
        precision_cents=precision_cents,
        label=label,
        percent=percent,
        contra=contra,
    )


def withdraw_statement(session: Session, unit: str, line: str, period: Period, measure: str) -> None:
    """Let the statements of exactly this line, measure and period hold no longer, with a reason.

    Raises:
        UnknownUnit, UnknownLine, ReasonRequired, NothingToWithdraw, PeriodIsClosed.
    """
    place = session.placement(unit, period.year, period.end)
    year = session.unit_year(unit, period.year)
    year.withdraw_statement(session.stamp, kept_under(period, measure), place, place.chart.line(line), measure)


def close_period(session: Session, period: Period, unit: str | None) -> None:
    """Close the books of a unit and all below it, or of the whole city, for a period; some may be closed already.

    Raises:
        UnknownUnit, OtherYear; PeriodIsClosed where all are closed already.
    """
    years = _years_below(session, period, unit)
    for year in [year for year in years if not year.is_closed(period)] or years[:1]:
        year.close_period(session.stamp, period)


def reopen_period(session: Session, period: Period, unit: str | None) -> None:
    """Open the books of a unit and all below it, or of the whole city, for a period again, with a reason.

    They are open then though those of a unit above stay closed.

    Raises:
        UnknownUnit, ReasonRequired, OtherYear; PeriodNotClosed where none are closed; PeriodIsClosed where those of
        the unit stay closed for longer.
    """
    years = _years_below(session, period, unit)
    above = False
    if unit is not None:
        closings = session.placement(unit, period.year, period.end).closings_over(period)
        above = any(closing.unit != unit for closing in closings)
    for year in [y for y in years if y.has_closed(period) or (y.unit == unit and above)] or years[:1]:
        year.reopen_period(session.stamp, period, closed_above=above, partly=year.unit != unit)


def _postable(session: Session, unit: str, line: str, fiscal_year: int, day: date) -> tuple[UnitYear, Placement, Line]:
    place = session.placement(unit, fiscal_year, day)
    row = place.chart.postable(line, place.unit.kind or "unit")
    return session.unit_year(unit, fiscal_year), place, row


def kept_under(period: Period, measure: str) -> Period:
    """Return the period a statement is kept under: a budget holds from 1 January up to the day it is stated as of."""
    return period.year_to_date() if measure in {"budget", "internal_budget"} else period


def _years_below(session: Session, period: Period, unit: str | None) -> list[UnitYear]:
    organisation = session.organisation(period.end)
    if unit is not None:
        session.unit(unit)
    codes = list(organisation.units) if unit is None else organisation.with_all_below(unit)
    if not codes:
        raise BadInput(f"there were no units on {Period.of_day(period.end).label}; nothing to close")
    return [session.unit_year(code, period.year) for code in codes]
