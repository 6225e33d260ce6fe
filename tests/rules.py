"""The value rule over a plain list of events: the event at place n is the n-th of the log."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from events.coverage import BooksCompleted, CompletionWithdrawn
from events.figures import (
    ActualCorrected,
    ActualPosted,
    BudgetAdopted,
    BudgetAmended,
    FigureStated,
    PeriodClosed,
    PeriodReopened,
    StatementWithdrawn,
)
from events.imports import FileImported
from events.organisation import OrganisationEvent
from events.period import Period
from events.streams import unit_stream
from heinola_es.domain.aggregates.organisation import Structures
from heinola_es.domain.aggregates.unit import Unit
from heinola_es.domain.chart import load_chart
from heinola_es.domain.value_rule.coverage import (
    ActualCoverage,
    BudgetCoverage,
    Declaration,
    Declared,
    imported_months,
    months_of,
    said_months,
    whole_months_in,
)
from heinola_es.domain.value_rule.facts import ACTUAL, BUDGET, ListedFacts, Posting, Statement, decided_by
from heinola_es.domain.value_rule.rule import ValueRule
from heinola_es.domain.value_rule.standing import Standing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.base import Event
    from heinola_es.domain.value_rule.coverage import Coverage

CHART = load_chart()


def rule_of(events: Sequence[Event], measure: str, fiscal_year: int, day: date) -> ValueRule:
    """Return the value rule over events, in the organisation of a day."""
    units: dict[str, Unit] = {}
    for event in events:
        if isinstance(event, OrganisationEvent):
            units.setdefault(event.code, Unit(stream=unit_stream(event.code), code=event.code)).replay([event])
    structures = Structures(units.values())
    facts = facts_of(events, measure, fiscal_year, structures)
    having = facts.posting_units() | {statement.unit for statement in facts.statements}
    standing = Standing(structures.as_of(day), structures, frozenset(having), of_budget=measure == BUDGET)
    return ValueRule(CHART, standing, facts)


def facts_of(events: Sequence[Event], measure: str, fiscal_year: int, structures: Structures) -> ListedFacts:
    """Return what events say of a measure and fiscal year."""
    numbered = list(enumerate(events, 1))
    kinds = (ActualPosted, ActualCorrected) if measure == ACTUAL else (BudgetAdopted, BudgetAmended)
    postings = [
        _posting(at, event)
        for at, event in numbered
        if isinstance(event, kinds) and getattr(event, "fiscal_year", event.effective.year) == fiscal_year
    ]
    held: dict[tuple[str, str, Period], Statement] = {}
    for at, event in numbered:
        if isinstance(event, FigureStated | StatementWithdrawn) and event.measure == measure:
            key = event.unit, event.line, event.effective
            held.pop(key, None)
            if isinstance(event, FigureStated) and event.effective.year == fiscal_year:
                amounts = event.amount_cents, event.precision_cents
                held[key] = Statement(at, event.unit, event.line, *amounts, event.effective)
    statements = list(held.values())
    declared = _declared(numbered, measure, fiscal_year, structures)
    coverage: Coverage
    if measure == ACTUAL:
        coverage = _of_actuals(events, fiscal_year, declared, postings, statements)
    else:
        coverage = _of_budget(declared, postings, statements)
    return ListedFacts(postings, statements, coverage, measure=measure)


def _posting(at: int, event: Event) -> Posting:
    assert isinstance(event, ActualPosted | ActualCorrected | BudgetAdopted | BudgetAmended)
    corrects = isinstance(event, ActualCorrected) or getattr(event, "correcting", False)
    detail = getattr(event, "detail", False)
    return Posting(at, event.unit, event.line, event.amount_cents, event.effective, detail, corrects)


def _declared(numbered: list[tuple[int, Event]], measure: str, fiscal_year: int, structures: Structures) -> Declared:
    declared = Declared(CHART)
    for at, event in numbered:
        if isinstance(event, FileImported):
            told = event.covered_months, event.covered_years
            months, day = imported_months(measure, fiscal_year, *told)
            declaration = Declaration(at, event.covered_units, months, day, event.covered_lines, by_import=True)
        elif isinstance(event, BooksCompleted | CompletionWithdrawn) and event.measure == measure:
            if event.effective.year != fiscal_year:
                continue
            of = said_months(measure, event.effective), event.effective.end, event.lines
            withdrawn = isinstance(event, CompletionWithdrawn)
            declaration = Declaration(at, (event.unit,), *of, withdrawn=withdrawn)
        else:
            continue
        declared.take(declaration, structures.with_all_below(declaration.units, declaration.day))
    return declared


def _of_actuals(
    events: Sequence[Event],
    fiscal_year: int,
    declared: Declared,
    postings: list[Posting],
    statements: list[Statement],
) -> ActualCoverage:
    stated, booked = defaultdict[str, int](int), defaultdict[str, int](int)
    for statement in statements:
        stated[statement.unit] |= months_of(statement.period)
    for posting in postings:
        if posting.ordinary:
            booked[posting.unit] |= months_of(posting.period)
    closed: dict[str, list[Period]] = defaultdict(list)
    for event in events:
        if isinstance(event, PeriodClosed) and event.effective.year == fiscal_year:
            closed[event.unit].append(event.effective)
        elif isinstance(event, PeriodReopened):
            closed[event.unit] = [one for one in closed[event.unit] if not event.effective.contains(one)]
    once = frozenset(event.unit for event in events if isinstance(event, FigureStated) and event.measure == ACTUAL)
    return ActualCoverage(declared, stated, booked, {u: whole_months_in(c) for u, c in closed.items()}, once)


def _of_budget(declared: Declared, postings: list[Posting], statements: list[Statement]) -> BudgetCoverage:
    stated: dict[str, date] = {}
    for statement in statements:
        stated[statement.unit] = min(statement.day, stated.get(statement.unit, date.max))

    def decided(day: date) -> tuple[frozenset[str], frozenset[str]]:
        last = decided_by(Period(date(day.year, 1, 1), day))
        by_then = [posting for posting in postings if posting.period.end <= last]
        return frozenset(p.unit for p in by_then), frozenset(p.unit for p in by_then if p.ordinary)

    return BudgetCoverage(declared, frozenset(posting.unit for posting in postings), decided, stated)
