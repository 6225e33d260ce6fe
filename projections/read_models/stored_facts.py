"""The facts of a measure and fiscal year out of the read models, as known at a position of the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
from attrs import field, frozen

from events.period import Period
from events.streams import unit_year_stream
from heinola_es.domain.aggregates.organisation import Structures
from heinola_es.domain.chart import Chart
from heinola_es.domain.value_rule.coverage import (
    ALL_MONTHS,
    ActualCoverage,
    BudgetCoverage,
    Coverage,
    Declaration,
    Declared,
    imported_months,
    months_of,
    said_months,
    whole_months_in,
)
from heinola_es.domain.value_rule.facts import ACTUAL, BUDGET, Posting, Statement, Totals, Unread, counts_in, decided_by
from heinola_es.domain.value_rule.standing import day_before
from heinola_es.store.reading import LogReader
from projections.read_models.checked import rows_of
from projections.read_models.models import CLOSINGS, COVERAGE
from projections.read_models.stored_postings import (
    LogPosting,
    Span,
    StoredPostings,
    cut_postings,
    log_postings,
    spans_of,
)
from projections.read_models.without import NOTHING, LeftOut

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


JANUARY = 1
"""The bit of January in what `rm_totals` says to be booked; before it is the bit of decisions before the year."""


@frozen(slots=False, eq=False, repr=False)
class StoredFacts:
    """What was recorded of one measure over one fiscal year; see `heinola_es.domain.value_rule.facts.Facts`.

    Attributes:
        reader: of the log and the read models.
        measure, fiscal_year: of what.
        upto: events after this position are not known.
        known_end: the position from which on totals are at hand: see `totals_since`.
        statements: those that hold.
        unread_statements: those that hold and cannot be counted.
        once_stated: the units of which an actual was stated in any year.
        chart, structures: what lines and units are the sum of, on any day.
        absent: events that are left out.
    """

    reader: LogReader
    measure: str
    fiscal_year: int
    upto: int
    known_end: int
    statements: Sequence[Statement]
    unread_statements: Sequence[Unread]
    once_stated: frozenset[str]
    chart: Chart
    structures: Structures
    absent: LeftOut = NOTHING
    _of_spans: dict[str, StoredPostings] = field(init=False, factory=dict)
    _unread: dict[Period, Sequence[Unread]] = field(init=False, factory=dict)
    _asked_last: dict[tuple[str, Period], Sequence[Posting]] = field(init=False, factory=dict)

    def totals(self, period: Period) -> Totals:
        """Return the sums of what was posted inside a period, by unit and line."""
        until = self._postings(period.end)
        if self.measure == BUDGET or (period.start.month, period.start.day) == (1, 1):
            return until.totals()
        before = day_before(period.start)
        totals = _difference(until.totals(), self._postings(before).totals())
        for posting in self.cut_at(before):
            if posting.period.end <= period.end:  # it began before the period
                totals[posting.unit][posting.line] -= posting.cents
        return totals

    def of(self, unit: str, period: Period) -> Sequence[Posting]:
        """Return a unit's own postings inside a period, in the order of the log: out of its stream of the year.

        Those asked for last are kept, for they are asked for line by line.
        """
        asked = unit, period
        found = self._asked_last.get(asked)
        if found is None:
            found = self._read_of(unit, period)
            self._asked_last.clear()
            self._asked_last[asked] = found
        return found

    def _read_of(self, unit: str, period: Period) -> Sequence[Posting]:
        stream = unit_year_stream(unit, self.fiscal_year)
        found = filter(self._is_ours, log_postings(self.reader.rows_of(stream, self.upto)))
        return [one for one in map(LogPosting.posting, found) if counts_in(self.measure, period, one.period)]

    def later(self, unit: str) -> Sequence[Posting]:
        """Return those of a unit's own postings that a statement may take, and perhaps more."""
        return self._later.get(unit, ())

    def cut_at(self, day: date) -> Sequence[Posting]:
        """Return the postings that begin on or before a day and end after it."""
        if self.measure == BUDGET or day.year != self.fiscal_year:
            return ()
        at = day.isoformat()
        spans = {
            f"{first}/{last}"
            for measure, year, first, last in spans_of(self.reader)
            if (measure, year) == (ACTUAL, self.fiscal_year) and first <= at < last
        }
        if not spans:
            return ()
        cut = cut_postings(self.reader, self.upto, spans)
        return [posting.posting() for posting in cut if posting.position not in self.absent.positions]

    def unread(self, period: Period) -> Sequence[Unread]:
        """Return what lies inside a period and cannot be counted.

        These are statements and postings without an amount or on a line that is none, and sums beyond all measure.
        """
        if period not in self._unread:
            stated = [one for one in self.unread_statements if counts_in(self.measure, period, one.period)]
            postings = self._postings(period.end).unread(period)
            self._unread[period] = [*stated, *postings, *self._on_no_line(period, stated, postings)]
        return self._unread[period]

    def _on_no_line(self, period: Period, *told: Iterable[Unread]) -> list[Unread]:
        """Return the postings inside a period on lines that the chart does not know, but for what is told already."""
        if self._postings(period.end).is_all_on(self.chart.lines.keys()):
            return []
        known, lines = {one.position for ones in told for one in ones}, self.chart.lines.keys()
        strayed = [unit for unit, by_line in self.totals(period).items() if not by_line.keys() <= lines]
        found = (one for unit in strayed for one in self.of(unit, period) if one.line not in lines)
        return [one.unread() for one in found if one.position not in known]

    def posting_units(self) -> frozenset[str]:
        """Return the units with any posting of their own in the fiscal year."""
        return frozenset(self._booked.booked())

    def first_decisions(self) -> Mapping[str, date]:
        """Return the day of the first decision on the budget of each unit, whenever it was taken."""
        return self._first_decisions

    @cached_property
    def _first_decisions(self) -> Mapping[str, date]:
        days: dict[str, date] = {}
        for one in self._year.one_by_one():
            day = date.fromisoformat(one.last_day)
            days[one.unit] = min(day, days.get(one.unit, day))
        return days

    # ------------------------------------------------------------------ coverage

    @cached_property
    def coverage(self) -> Coverage:
        """For which months the books of which units are known to be complete."""
        if self.measure == BUDGET:
            return self._of_budget()
        booked = {unit: months >> JANUARY for unit, months in self._booked.booked().items()}
        stated: dict[str, int] = defaultdict(int)
        for statement in self.statements:
            stated[statement.unit] |= months_of(statement.period)
        return ActualCoverage(self._declared(), stated, booked, self._closed(), self.once_stated)

    def covered_by(self, day: date) -> dict[str, Mapping[str, int]]:
        """Return which months of which units are covered, by what covers them; of a budget, as of a day."""
        imported, said = (self._declared(by_import=by_import) for by_import in (True, False))
        found: dict[str, Mapping[str, int]] = {"imported": imported.all_months(), "declared": said.all_months()}
        coverage = self.coverage
        if isinstance(coverage, ActualCoverage):
            closed = {u: coverage.closed_months(u) & coverage.whole_months(u, day) for u in coverage.closed}
            inferred = {u: coverage.inferred_months(u) & coverage.whole_months(u, day) for u in coverage.booked}
            posted = {unit: months & coverage.booked[unit] for unit, months in inferred.items()}
            return {**found, "stated": coverage.stated, "closed": closed, "posted": posted}
        budget = self._of_budget()
        posted = {u: budget.inferred_months(u, day) & budget.whole_months(u, day) for u in budget.deciding}
        stated = {unit: ALL_MONTHS for unit, since in budget.stated.items() if since <= day}
        return {**found, "stated": stated, "closed": {}, "posted": posted}

    def declarations(self) -> list[Declaration]:
        """Return what was said of the books of the year, in the order of the log."""
        rows = rows_of(self.reader, COVERAGE, self.upto)
        found = (self._declaration(row) for row in rows if row[2] in {self.measure, ""})
        return [declaration for declaration in found if declaration.months]

    def _declaration(self, row: tuple[Any, ...]) -> Declaration:
        position, topic, _measure, first, last = row[:5]
        units, months, years, lines = map(orjson.loads, row[5:])
        is_import = topic == "FileImported"
        if is_import:
            covered, day = imported_months(self.measure, self.fiscal_year, months, years)
        else:
            period = Period(date.fromisoformat(first), date.fromisoformat(last))
            of_year = period.year == self.fiscal_year
            covered, day = said_months(self.measure, period) if of_year else 0, period.end
        return Declaration(
            position,
            tuple(units),
            covered,
            day,
            tuple(lines),
            withdrawn=topic == "CompletionWithdrawn",
            by_import=is_import,
        )

    def _declared(self, *, by_import: bool | None = None) -> Declared:
        """Return what was declared: by imports, by people, or by both; what was taken back is no longer in any."""
        declared = Declared(self.chart)
        for declaration in self.declarations():
            if by_import not in {None, declaration.by_import} and not declaration.withdrawn:
                continue
            declared.take(declaration, self.structures.with_all_below(declaration.units, declaration.day))
        return declared

    def _closed(self) -> Mapping[str, int]:
        """Return the months that are closed, by unit."""
        closed: dict[str, list[Period]] = defaultdict(list)
        year = str(self.fiscal_year)
        days = (f"{year}-01-01", f"{year}-12-31")
        rows = rows_of(self.reader, CLOSINGS, self.upto, year, "last_day >= ? AND last_day <= ?", days)
        for _position, topic, unit, first, last in rows:
            period = Period(date.fromisoformat(first), date.fromisoformat(last))
            if topic == "PeriodClosed":
                closed[unit].append(period)
            else:
                closed[unit] = [one for one in closed[unit] if not period.contains(one)]
        return {unit: whole_months_in(periods) for unit, periods in closed.items()}

    def _of_budget(self) -> BudgetCoverage:
        stated: dict[str, date] = {}
        for statement in self.statements:
            stated[statement.unit] = min(statement.day, stated.get(statement.unit, date.max))
        return BudgetCoverage(self._declared(), frozenset(self._booked.booked()), self._decided, stated)

    def _decided(self, day: date) -> tuple[frozenset[str], frozenset[str]]:
        """Return the units with a decision on their budget by a day, and those with an ordinary one."""
        return self._postings(day).decided()

    # ------------------------------------------------------------------ postings

    def expect(self, day: date) -> None:
        """Make ready to be asked for the postings up to a day: what they tell of the year is then read with them."""
        self._postings(day).expect()

    @property
    def _booked(self) -> StoredPostings:
        """Some postings of the year, all of which tell who has any, and for which months."""
        return next(iter(self._of_spans.values()), None) or self._year

    @cached_property
    def _year(self) -> StoredPostings:
        return self._postings(date(self.fiscal_year, 12, 31))

    def _postings(self, end: date) -> StoredPostings:
        """Return the postings of the year up to a day; those of a budget, whenever decided, at the end of its year."""
        first = date(self.fiscal_year, 1, 1)
        if self.measure == BUDGET:
            end = decided_by(Period(first, end))
        last = end.isoformat()
        if last not in self._of_spans:
            span = Span(self.measure, self.fiscal_year, first.isoformat(), last)
            self._of_spans[last] = StoredPostings(self.reader, span, self.upto, self.known_end, self.absent)
        return self._of_spans[last]

    @cached_property
    def _later(self) -> Mapping[str, Sequence[Posting]]:
        """The single postings of members of what is stated, by unit."""
        by_unit: dict[str, list[Posting]] = defaultdict(list)
        if self.statements:
            first = min(statement.position for statement in self.statements)
            days = min(statement.day for statement in self.statements).isoformat()
            for one in self._year.one_by_one():
                if not one.detail and (one.position > first or one.last_day > days):
                    by_unit[one.unit].append(one.posting())
        return by_unit

    def _is_ours(self, posting: LogPosting) -> bool:
        of = posting.measure, posting.fiscal_year
        return of == (self.measure, self.fiscal_year) and posting.position not in self.absent.positions


def _difference(until: Totals, before: Totals) -> dict[str, dict[str, int]]:
    """Return what was posted up to a day, and not up to an earlier one."""
    return {
        unit: {line: cents - before.get(unit, {}).get(line, 0) for line, cents in lines.items()}
        for unit, lines in until.items()
    }
