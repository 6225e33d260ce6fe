"""Coverage: the books of units are said to be complete, or that is taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.domain.aggregates.unit_year import ContradictsStatement
from heinola_es.domain.amounts import format_cents
from heinola_es.domain.value_rule.facts import BUDGET
from heinola_es.domain.value_rule.value import Value
from heinola_es.errors import BadInput
from heinola_es.handlers.recorded_facts import rule_over

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.domain.value_rule.rule import ValueRule
    from heinola_es.handlers.session import Session


def complete_books(
    session: Session, period: Period, unit: str | None, *, measure: str = "actual", lines: Iterable[str] = ()
) -> None:
    """Record that the books of a unit and all below it, or of the whole city, are complete for a period.

    Args:
        session: a command's view of the log.
        period: whole months of one year; of a budget, a year.
        unit: whose books; None for every unit at the top.
        measure: `actual` or `budget`.
        lines: on which lines, by code or label; none for all.

    Raises:
        UnknownUnit, UnknownLine, NotWholeMonths, OtherYear, BeforeUnitExisted, UnitHasEnded.
        ContradictsStatement: a total stated of one of the units says otherwise.
    """
    codes = tuple(session.chart_of(period.year).line(line).code for line in lines)
    tops = _tops(session, period, unit)
    stated = _stated(session, tops, period, measure)
    before = _totals(session, stated)
    for top in tops:
        place = session.placement(top, period.year, period.end)
        session.unit_year(top, period.year).complete_books(session.stamp, period, place, measure, codes)
    for cell, total in _totals(session, stated).items():
        if not total.fits and (before[cell].posted is None or before[cell].fits):
            raise ContradictsStatement(cell.told(total))


def withdraw_completion(
    session: Session, period: Period, unit: str | None, *, measure: str = "actual", lines: Iterable[str] = ()
) -> None:
    """Let what was said of the completeness of books, by somebody or an import, hold no longer, with a reason.

    Raises:
        UnknownUnit, UnknownLine, ReasonRequired, NotWholeMonths, OtherYear.
    """
    codes = tuple(session.chart_of(period.year).line(line).code for line in lines)
    for top in _tops(session, period, unit):
        session.unit_year(top, period.year).withdraw_completion(session.stamp, period, measure, codes)


@frozen(slots=True)
class _StatedCell:
    """A total that is stated, of one of the units whose books are to be complete."""

    unit: str
    line: str
    measure: str
    period: Period

    def told(self, totals: _Totals) -> str:
        """Return what stands against it that the books are complete."""
        stated, posted = totals.stated, totals.posted
        if stated is None or posted is None:
            raise ValueError(f"{self} has nothing to compare")
        of = "budget" if self.measure == BUDGET else self.period.label
        return (
            f"{self.unit}'s {self.line} are stated {format_cents(stated.cents)} ({of}) and what is posted adds up to "
            f"{format_cents(posted.cents)}, so the books are not complete; import or record what is missing, or "
            f"withdraw the statement with `heinola record withdrawal`"
        )


@frozen(slots=True)
class _Totals:
    """A cell's total as it is stated, and as the books tell it; None where they do not."""

    stated: Value | None
    posted: Value | None

    @property
    def fits(self) -> bool:
        """Whether the two are the same, but for rounding."""
        if self.stated is None or self.posted is None:
            return True
        return abs(self.stated.cents - self.posted.cents) <= self.stated.slack_cents + self.posted.slack_cents


def _tops(session: Session, period: Period, unit: str | None) -> list[str]:
    if unit is not None:
        return [session.unit(unit).code]
    tops = session.organisation(period.end).children.get(None, ())
    if not tops:
        raise BadInput(f"there were no units on {Period.of_day(period.end).label}; no books can be complete")
    return list(tops)


def _stated(session: Session, tops: list[str], period: Period, measure: str) -> list[_StatedCell]:
    """Return the cells of the units, at or below those at the top, that are stated for a part of the period."""
    organisation = session.organisation(period.end)
    units = {code for top in tops if top in organisation.units for code in organisation.with_all_below(top)}
    bodies = (body for _position, body in session.log.positions_and_bodies("FigureStated"))
    of_year = (body for body in bodies if body["effective"][-10:-6] == f"{period.year:04}")
    told = {body["unit"] for body in of_year if body["measure"] == measure}
    return [
        _StatedCell(code, event.line, measure, event.effective)
        for code in sorted(units & told)
        for event in session.unit_year(code, period.year).statements
        if event.measure == measure and event.effective.overlaps(period)
    ]


def _totals(session: Session, cells: list[_StatedCell]) -> dict[_StatedCell, _Totals]:
    rules: dict[tuple[str, Period], ValueRule] = {}
    found = {}
    for cell in cells:
        key = cell.unit, cell.period
        if key not in rules:
            rules[key] = rule_over(session, cell.unit, cell.measure, cell.period.year, cell.period.end)
        routes = rules[key].routes(cell.unit, cell.line, cell.period)
        by_books = (routes[route] for route in ("components", "units", "posted") if route in routes)
        found[cell] = _Totals(routes.get("stated"), next(by_books, None))
    return found
