"""What an earlier import brought and a newer export has no longer, or has as zero: budgets, amendments, statements."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from heinola_es.domain.amounts import format_cents
from heinola_es.domain.decision import UNTOLD
from heinola_es.errors import HeinolaError
from heinola_es.handlers.figures import kept_under
from heinola_es.importing.ledger.placing.ledger import ACTUAL, AMENDMENT, BUDGET
from heinola_es.importing.ledger.recording.budgets import tells_decisions
from heinola_es.importing.ledger.recording.earlier import (
    BUDGET_REASON,
    NEWER_AMENDMENT,
    AmendedLine,
    BudgetLine,
    amended_line,
    earlier_amendments,
    earlier_budgets,
    is_imported,
)
from heinola_es.importing.ledger.recording.statements import divides, measure_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from events.period import Period
    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.domain.decision import Decision
    from heinola_es.importing.ledger.placing.ledger import Ledger, Source
    from heinola_es.importing.ledger.recording.earlier import Earlier
    from heinola_es.importing.ledger.recording.writing import Writing

NO_ROW = "0 [no row]"
"""The source of what a newer file no longer has."""


def told_years(ledger: Ledger) -> set[int]:
    """Return the fiscal years of which a file has a column of budgets, amendments or statements."""
    others = (source for source in ledger.sources if source.measure != ACTUAL or source.column.statement)
    return {period.year for source in others for period in _periods_of(ledger, source)}


def record_vanished_budgets(writing: Writing, year: UnitYear, indexes: Sequence[int]) -> None:
    """Take back what earlier imports budgeted on lines that the file tells of and has nothing on."""
    days = {measure: _day_told(writing.ledger, measure, year.fiscal_year) for measure in (BUDGET, AMENDMENT)}
    if day := days[BUDGET]:
        told = _budgeted(writing, indexes, BUDGET)
        for line, before in earlier_budgets(year).items():
            if before.cents and line not in told:
                _take_back(writing, year, line, day, before, BUDGET_REASON)
    if day := days[AMENDMENT]:
        by_decision = tells_decisions(writing.ledger)
        told_of = _amended(writing, indexes, day, by_decision=by_decision)
        for key, before in earlier_amendments(year, by_decision=by_decision).items():
            if before.cents and key not in told_of:
                line, on, decided = key
                _take_back(writing, year, line, on or day, before, NEWER_AMENDMENT, decided)


def _day_told(ledger: Ledger, measure: int, fiscal_year: int) -> date | None:
    sources = [source for source in ledger.sources if source.measure == measure and not source.column.statement]
    return _day_of(ledger, sources, fiscal_year)


def _amended(writing: Writing, indexes: Iterable[int], day: date, *, by_decision: bool) -> set[AmendedLine]:
    """Return what the file amends, by which its amendments are compared; a row may say the day of its decision."""
    ledger, amounts = writing.ledger, writing.ledger.amounts
    found = set[AmendedLine]()
    for at in indexes:
        if ledger.sources[amounts.source[at]].measure == AMENDMENT:
            account, told = ledger.accounts[amounts.account[at]], ledger.decisions.get(at)
            on, decided = (told.day or day, told.decision) if told else (day, UNTOLD)
            found.add(amended_line((account.line, account.internal), on, decided, by_decision=by_decision))
    return found


def withdraw_vanished(writing: Writing, year: UnitYear, indexes: Iterable[int]) -> None:
    """Withdraw the statements of earlier imports that the file tells the period of, and has no longer."""
    ledger = writing.ledger
    stating = [source for source in ledger.sources if source.column.statement]
    told = {
        (measure_of(source), kept_under(period, measure_of(source)))
        for source in stating
        for period in _periods_of(ledger, source)
    }
    kept = {_stated_cell(writing, index) for index in indexes}
    if divides(ledger):
        told |= {(f"internal_{measure}", period) for measure, period in told}
        kept |= {(f"internal_{measure}", line, period) for measure, line, period in kept}
    for said in list(year.statements):
        cell = said.measure, said.line, said.effective
        if (said.measure, said.effective) in told and is_imported(said) and cell not in kept:
            stamp = writing.at(f"{ledger.name}:{NO_ROW}", f"newer export: no longer in it, was {said.source}")
            try:
                place = writing.session.placement(year.unit, year.fiscal_year, said.effective.end)
                line = writing.session.chart.lines[said.line]
                year.withdraw_statement(stamp, said.effective, place, line, said.measure)
            except HeinolaError as error:
                ledger.problems.refused(error)


def _stated_cell(writing: Writing, index: int) -> tuple[str, str, Period]:
    ledger = writing.ledger
    measure = measure_of(ledger.sources[ledger.amounts.source[index]])
    return measure, _line(writing, index), kept_under(ledger.periods[ledger.amounts.period[index]], measure)


def _take_back(
    writing: Writing,
    year: UnitYear,
    line: BudgetLine,
    day: date,
    before: Earlier,
    reason: str,
    decided: Decision = UNTOLD,
) -> None:
    code, internal = line
    was = f"{reason}: was {format_cents(before.cents)} in {before.source}, is no longer there"
    stamp = writing.at(f"{writing.ledger.name}:{NO_ROW}", was)
    row = writing.session.chart.lines[code]
    try:
        place = writing.session.placement(year.unit, year.fiscal_year, day)
        how = {"detail": before.detail, "correcting": False, "internal": internal}
        year.amend_budget(stamp, day, place, row, -before.cents, decided=decided, **how)
    except HeinolaError as error:
        writing.ledger.problems.refused(error)


def _day_of(ledger: Ledger, sources: Sequence[Source], fiscal_year: int) -> date | None:
    """Return the day by which a file tells the budget, or the amendments, of a year; None where it does not."""
    for source in sources:
        for period in _periods_of(ledger, source):
            if period.year == fiscal_year:
                default = date(fiscal_year, 1, 1) if source.measure == BUDGET else period.end
                return source.column.decided or default
    return None


def _budgeted(writing: Writing, indexes: Iterable[int], measure: int) -> set[BudgetLine]:
    ledger, amounts = writing.ledger, writing.ledger.amounts
    of = [at for at in indexes if ledger.sources[amounts.source[at]].measure == measure]
    accounts = [ledger.accounts[amounts.account[at]] for at in of]
    return {(account.line, account.internal) for account in accounts}


def _line(writing: Writing, index: int) -> str:
    return writing.ledger.accounts[writing.ledger.amounts.account[index]].line


def _periods_of(ledger: Ledger, source: Source) -> set[Period]:
    """Return the periods that a column is about: its own, or those of the rows that have an amount in it."""
    if source.period is not None:
        return {source.period}
    at = ledger.sources.index(source)
    pairs = zip(ledger.amounts.source, ledger.amounts.period, strict=True)
    return {ledger.periods[period] for of, period in pairs if of == at}
