"""The facts of a command's own view of the log: what the value rule is asked over before something is recorded."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from events.coverage import CompletionWithdrawn
from events.figures import ActualCorrected, ActualPosted, BudgetAmended
from events.period import Period
from heinola_es.domain.aggregates.organisation import Structures
from heinola_es.domain.amounts import is_readable
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
from heinola_es.domain.value_rule.facts import ACTUAL, BUDGET, ListedFacts, Posting, Statement, Unread, decided_by
from heinola_es.domain.value_rule.internal import internal_rule
from heinola_es.domain.value_rule.rule import ValueRule
from heinola_es.domain.value_rule.standing import Standing
from heinola_es.handlers.session import Session

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from events.figures import BudgetAdopted, FigureStated
    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.domain.value_rule.coverage import Coverage


def rule_over(
    session: Session, unit: str, measure: str, fiscal_year: int, day: date, *, internal: bool = False
) -> ValueRule:
    """Return the value rule over what is recorded of a unit and everything that ever stood below it.

    Args:
        session: a command's view of the log.
        unit: whose figures will be asked for.
        measure: actual or budget.
        fiscal_year: the calendar year.
        day: of the organisation in which they will be.
        internal: over the part of it that is marked internal.
    """
    units = [session.unit(code) for code in session.unit_codes()]
    structures = Structures(units)
    above = {one.code: {over.code for over in session.ever_above(one.code)} for one in units}
    below = [one.code for one in units if unit == one.code or unit in above[one.code]]
    gathering = _Gathering(session, measure, fiscal_year, structures)
    facts = gathering.facts(below, [*below, *above[unit]])
    having = facts.posting_units() | {statement.unit for statement in facts.statements}
    standing = Standing(structures.as_of(day), structures, frozenset(having), of_budget=measure == BUDGET)
    rule = ValueRule(session.chart_of(fiscal_year), standing, facts)
    return internal_rule(rule, *gathering.internal(below)) if internal else rule


@frozen(slots=True)
class _Gathering:
    """Gathers the facts of one measure and fiscal year."""

    session: Session
    measure: str
    fiscal_year: int
    structures: Structures

    def facts(self, units: Iterable[str], declaring: Iterable[str]) -> ListedFacts:
        """Return the facts about some units; others above them may have declared their books complete, too."""
        years = [self.session.unit_year(code, self.fiscal_year) for code in units]
        postings, statements, unread = self._of(years, self.measure)
        declared = self._declared(declaring)
        coverage = self._of_budget(declared, postings, statements) if self.measure == BUDGET else None
        coverage = coverage or self._of_actuals(declared, postings, statements, years)
        return ListedFacts(postings, statements, coverage, unread, self.measure)

    def internal(self, units: Iterable[str]) -> tuple[list[Posting], list[Statement], list[Unread]]:
        """Return the postings of some units that are marked internal, what is stated of these, and what is unread."""
        years = [self.session.unit_year(code, self.fiscal_year) for code in units]
        return self._of(years, f"internal_{self.measure}")

    def _of(self, years: Iterable[UnitYear], stated: str) -> tuple[list[Posting], list[Statement], list[Unread]]:
        postings, unread, statements = list[Posting](), list[Unread](), list[Statement]()
        for year in years:
            positions = self._positions(year)
            statements += self._statements(year, positions, stated)
            for posting in self._postings(year, positions, internal=stated != self.measure):
                if is_readable(posting.cents):
                    postings.append(posting)
                else:
                    unread.append(Unread(*_key(posting), posting.position, posting.period, posting.detail))
        return postings, statements, unread

    def _positions(self, year: UnitYear) -> Mapping[int, int]:
        """Return the position of each version of a year's stream; what the command has yet to record comes last."""
        known = self.session.log.positions_of(year.stream)
        last = self.session.log.head().size
        return {version: known.get(version, last + version) for version in range(1, year.version + 1)}

    def _postings(self, year: UnitYear, positions: Mapping[int, int], *, internal: bool) -> Iterator[Posting]:
        for event in year.postings:
            is_actual = isinstance(event, ActualPosted | ActualCorrected)
            if is_actual == (self.measure == ACTUAL) and (event.internal or not internal):
                yield _posting(event, positions[event.originator_version])

    def _statements(self, year: UnitYear, positions: Mapping[int, int], measure: str) -> list[Statement]:
        held = {
            (event.line, event.effective): _statement(event, positions[event.originator_version])
            for event in year.statements
            if event.measure == measure
        }
        return list(held.values())

    def _declared(self, units: Iterable[str]) -> Declared:
        """Return what was said of the books: of the units, by themselves and by imports."""
        found = list(self._imported())
        for code in units:
            year = self.session.unit_year(code, self.fiscal_year)
            positions = self._positions(year)
            for said in year.completions:
                if said.measure == self.measure:
                    of = said_months(said.measure, said.effective), said.effective.end, said.lines
                    withdrawn = isinstance(said, CompletionWithdrawn)
                    at = positions[said.originator_version]
                    found.append(Declaration(at, (code,), *of, withdrawn=withdrawn))
        declared = Declared(self.session.chart_of(self.fiscal_year))
        for declaration in sorted(found, key=lambda one: one.position):
            declared.take(declaration, self.structures.with_all_below(declaration.units, declaration.day))
        return declared

    def _imported(self) -> Iterator[Declaration]:
        for position, body in self.session.log.positions_and_bodies("FileImported"):
            told = body.get("covered_months", []), body.get("covered_years", [])
            months, day = imported_months(self.measure, self.fiscal_year, *told)
            if months:
                units, lines = tuple(body["covered_units"]), tuple(body.get("covered_lines", []))
                yield Declaration(position, units, months, day, lines, by_import=True)

    def _of_actuals(
        self, declared: Declared, postings: list[Posting], statements: list[Statement], years: list[UnitYear]
    ) -> Coverage:
        stated, booked = defaultdict[str, int](int), defaultdict[str, int](int)
        for statement in statements:
            stated[statement.unit] |= months_of(statement.period)
        for posting in postings:
            if posting.ordinary:
                booked[posting.unit] |= months_of(posting.period)
        closed = {year.unit: whole_months_in(year.closed) for year in years}
        bodies = (body for _at, body in self.session.log.positions_and_bodies("FigureStated"))
        once_stated = {body["unit"] for body in bodies if body["measure"] == ACTUAL}
        return ActualCoverage(declared, stated, booked, closed, frozenset(once_stated))

    def _of_budget(self, declared: Declared, postings: list[Posting], statements: list[Statement]) -> Coverage:
        stated: dict[str, date] = {}
        for statement in statements:
            stated[statement.unit] = min(statement.day, stated.get(statement.unit, date.max))

        def decided(day: date) -> tuple[frozenset[str], frozenset[str]]:
            last = decided_by(Period(date(self.fiscal_year, 1, 1), day))
            by_then = [posting for posting in postings if posting.period.end <= last]
            return frozenset(p.unit for p in by_then), frozenset(p.unit for p in by_then if p.ordinary)

        return BudgetCoverage(declared, frozenset(posting.unit for posting in postings), decided, stated)


def _key(posting: Posting) -> tuple[str, str]:
    return posting.unit, posting.line


def _posting(event: ActualPosted | ActualCorrected | BudgetAdopted | BudgetAmended, position: int) -> Posting:
    corrects = isinstance(event, ActualCorrected) or (isinstance(event, BudgetAmended) and event.correcting)
    detail = not isinstance(event, ActualCorrected) and event.detail
    return Posting(position, event.unit, event.line, event.amount_cents, event.effective, detail, corrects)


def _statement(event: FigureStated, position: int) -> Statement:
    amounts = event.amount_cents, event.precision_cents
    return Statement(position, event.unit, event.line, *amounts, event.effective)
