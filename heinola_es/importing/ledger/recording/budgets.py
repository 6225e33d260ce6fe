"""Budgets of a unit's year: accounts add up to the budget of their line, which is adopted or amended by the rules."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from heinola_es.domain.aggregates.unit_year import AlreadyStated, BudgetAdoptedBefore
from heinola_es.domain.amounts import format_cents
from heinola_es.domain.decision import UNTOLD, Decision
from heinola_es.errors import Refused
from heinola_es.importing.ledger.placing.ledger import BUDGET, LEVEL, Decided
from heinola_es.importing.ledger.placing.levels import has_original
from heinola_es.importing.ledger.recording.earlier import (
    BUDGET_REASON,
    NEWER_AMENDMENT,
    BudgetLine,
    amended_line,
    earlier_amendments,
    earlier_budgets,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.importing.ledger.placing.ledger import Ledger
    from heinola_es.importing.ledger.recording.earlier import Earlier
    from heinola_es.importing.ledger.recording.writing import Writing

_Lines = dict[tuple[BudgetLine, date], list[int]]
_Amendments = dict[tuple[BudgetLine, date, Decision], list[int]]


_UNTOLD = Decided(None, UNTOLD)


def tells_decisions(ledger: Ledger) -> bool:
    """Return whether the rows of a file tell the decisions of its amendments, so that these are compared by them."""
    return any(source.column.decision is not None for source in ledger.sources)


def record_budgets(writing: Writing, year: UnitYear, indexes: Sequence[int]) -> None:
    """Record the budget of a unit's year, then the amendments to it."""
    if not indexes:
        return
    sources, amounts = writing.ledger.sources, writing.ledger.amounts
    budgets: _Lines = {}
    amendments: _Amendments = {}
    levels: _Lines = {}
    by_store = not has_original(writing.ledger)
    for index in indexes:
        source = sources[amounts.source[index]]
        decided = source.column.decided
        account = writing.ledger.accounts[amounts.account[index]]
        line = account.line, account.internal
        if source.measure == BUDGET:
            budgets.setdefault((line, decided or date(year.fiscal_year, 1, 1)), []).append(index)
        else:
            end = writing.ledger.periods[amounts.period[index]].end
            if source.measure == LEVEL and by_store:
                levels.setdefault((line, decided or end), []).append(index)
            else:
                told = writing.ledger.decisions.get(index, _UNTOLD)
                amendments.setdefault((line, told.day or decided or end, told.decision), []).append(index)
    _adopt(writing, year, budgets)
    _amend(writing, year, amendments)
    _amend_to(writing, year, levels)


def _adopt(writing: Writing, year: UnitYear, lines: _Lines) -> None:
    earlier = earlier_budgets(year) if writing.wishes.update and lines else {}
    for (line, day), indexes in lines.items():
        cents = sum(writing.ledger.amounts.cents[index] for index in indexes)
        before = earlier.pop(line, None)
        if before is not None:
            _record_difference(writing, year, line, day, before, cents, indexes, BUDGET_REASON)
        elif cents:
            _adopt_line(writing, year, line, day, cents, indexes)


def _adopt_line(writing: Writing, year: UnitYear, line: BudgetLine, day: date, cents: int, indexes: list[int]) -> None:
    (code, internal), stamp = line, writing.at(writing.rows(indexes))
    row = writing.session.chart.lines[code]
    place = writing.session.placement(year.unit, year.fiscal_year, day)
    contra = writing.wishes.contra

    def adopt(*, detail: bool) -> None:
        year.adopt_budget(stamp, day, place, row, cents, detail=detail, contra=contra, internal=internal)

    try:
        _with_detail(writing, adopt)
    except BudgetAdoptedBefore as error:
        hint = f"{error}; or, where this file is a newer export of what was imported, add --update"
        writing.refuse(Refused(hint), indexes[0])
    except Refused as error:
        writing.refuse(error, indexes[0])


def _amend(writing: Writing, year: UnitYear, lines: _Amendments) -> None:
    by_decision = tells_decisions(writing.ledger)
    earlier = earlier_amendments(year, by_decision=by_decision) if writing.wishes.update and lines else {}
    for (line, day, decided), indexes in lines.items():
        cents = sum(writing.ledger.amounts.cents[index] for index in indexes)
        before = earlier.pop(amended_line(line, day, decided, by_decision=by_decision), None)
        if before is not None:
            _record_difference(writing, year, line, day, before, cents, indexes, NEWER_AMENDMENT, decided)
        elif cents and _is_another(writing, year, line, day, cents, indexes, decided):
            _amend_line(writing, year, line, day, cents, indexes, decided=decided)


def _amend_to(writing: Writing, year: UnitYear, levels: _Lines) -> None:
    """Amend budgets so that they come to what a file without the originals says of them as amended."""
    for (line, day), indexes in levels.items():
        cents = sum(writing.ledger.amounts.cents[index] for index in indexes)
        there = year.budget_of(line[0], internal=line[1])
        if cents == there:
            writing.unchanged += 1
        else:
            was = f"as amended: was {format_cents(there)}, is {format_cents(cents)}"
            _amend_line(writing, year, line, day, cents - there, indexes, was)


def _is_another(
    writing: Writing, year: UnitYear, line: BudgetLine, day: date, cents: int, indexes: list[int], decided: Decision
) -> bool:
    """Return whether an amendment is none that was recorded before; one that was is told."""
    if writing.wishes.also:
        return True
    try:
        year.require_amended_once(day, line[0], cents, internal=line[1], decided=decided)
    except Refused as error:
        writing.refuse(error, indexes[0])
        return False
    return True


def _record_difference(
    writing: Writing,
    year: UnitYear,
    line: BudgetLine,
    day: date,
    before: Earlier,
    cents: int,
    indexes: list[int],
    reason: str,
    decided: Decision = UNTOLD,
) -> None:
    if cents == before.cents:
        writing.unchanged += 1
        return
    was = f"{reason}: was {format_cents(before.cents)} in {before.source}, is {format_cents(cents)}"
    _amend_line(writing, year, line, day, cents - before.cents, indexes, was, decided)


def _amend_line(
    writing: Writing,
    year: UnitYear,
    line: BudgetLine,
    day: date,
    cents: int,
    indexes: list[int],
    reason: str = "",
    decided: Decision = UNTOLD,
) -> None:
    code, internal = line
    row = writing.session.chart.lines[code]
    place = writing.session.placement(year.unit, year.fiscal_year, day)
    stamp = writing.at(writing.rows(indexes), reason)

    def amend(*, detail: bool) -> None:
        how = {"detail": detail, "correcting": False, "internal": internal}
        year.amend_budget(stamp, day, place, row, cents, decided=decided, **how)

    try:
        _with_detail(writing, amend)
    except Refused as error:
        writing.refuse(error, indexes[0])


def _with_detail(writing: Writing, decide: Callable[..., None]) -> None:
    """Take a decision; where a stated budget has it in it already and that is wished for, as a detail of it."""
    try:
        decide(detail=False)
    except AlreadyStated:
        if not writing.wishes.detail:
            raise
        decide(detail=True)
