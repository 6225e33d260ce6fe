"""Columns of figures out of the read models, as known at a position of the log."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import NamedTuple

from attrs import field, frozen

from events.period import Period
from heinola_es.domain.aggregates.organisation import Organisation, Structures
from heinola_es.domain.amounts import number_or_none
from heinola_es.domain.chart import Chart, Charts
from heinola_es.domain.value_rule.column import Column
from heinola_es.domain.value_rule.facts import ACTUAL, BUDGET, Statement, Unread
from heinola_es.domain.value_rule.rule import ValueRule
from heinola_es.domain.value_rule.standing import Standing
from heinola_es.store.reading import LogReader
from projections.read_models.checked import rows_of
from projections.read_models.models import STATEMENTS
from projections.read_models.stored_facts import StoredFacts
from projections.read_models.stored_postings import period_of_days
from projections.read_models.without import left_out
from projections.snapshot.columns import Measured, ReportColumn
from projections.snapshot.model import Unplaced


class Stated(NamedTuple):
    """What was stated, as its read model keeps it: without an amount where it cannot be counted.

    Without a precision it says that what was stated before is withdrawn.
    """

    position: int
    measure: str
    unit: str
    line: str
    first_day: str
    last_day: str
    cents: int | None
    precision_cents: int | None
    label: str
    percent: str | None


@frozen(slots=True, eq=False, repr=False)
class Figures:
    """The figures of the log up to a position, to be asked for columns.

    Attributes:
        reader: of the log, with the read models caught up at least to `upto`.
        chart, organisation, structures: what lines and units are the sum of, as asked for and on any day.
        upto: events after this position are not known yet.
        known_end: the position from which on totals are at hand: see `totals_since`.
        charts, year: of all fiscal years, and the one whose lines columns are asked by; None where all have `chart`.
        forecast_method: what forecasts are computed by; empty for what was nearest in earlier years.
        left: the units that columns of earlier years are without, because they left the city.
    """

    reader: LogReader
    chart: Chart
    organisation: Organisation
    structures: Structures
    upto: int
    known_end: int
    charts: Charts | None = None
    year: int = 0
    forecast_method: str = ""
    left: frozenset[str] = frozenset()
    _rules: dict[tuple[str, int, bool], ValueRule] = field(init=False, factory=dict)
    _internal: dict[tuple[str, int, bool], ValueRule] = field(init=False, factory=dict)
    _facts: dict[tuple[str, int], StoredFacts] = field(init=False, factory=dict)
    _stated_units: list[frozenset[str]] = field(init=False, factory=list)

    def expect(self, column: ReportColumn, period: Period, further_back: int = 0) -> None:
        """Make ready to be asked for a column: what several of them are told by is then read once for all."""
        if isinstance(column.source, Measured) and column.source.measure != "forecast":
            covered = column.covers(period, further_back)
            day = period.end if column.source.measure == BUDGET else covered.end
            self.facts(column.source.measure, covered.year).expect(day)

    def of(self, column: ReportColumn, period: Period, further_back: int = 0) -> Column:
        """Return a column of what is recorded in the report of `period`, or so many years before."""
        if not isinstance(column.source, Measured):
            raise TypeError(f"{column.name} is worked out from other columns")
        if column.source.measure == "forecast":
            from projections.snapshot.forecasts import forecast_column  # noqa: PLC0415 - seldom asked for

            return forecast_column(self, period)
        covered = column.covers(period, further_back)
        before = column.years_back + further_back > 0
        if column.source.amendments:
            return self._amendments(covered.year, period.end, internal=column.source.internal)
        if column.source.internal:
            return self.internal(column.source.measure, covered, period.end, before=before)
        if column.source.measure == "budget":
            return self.budget(covered.year, period.end)
        return self.actual_before(covered) if before else self.actual(covered)

    def _amendments(self, fiscal_year: int, day: date, *, internal: bool) -> Column:
        """Return the amendments of a budget decided by a day, or those of internal items: the part of its decisions."""
        from heinola_es.domain.value_rule.internal import internal_rule  # noqa: PLC0415 - few ask
        from projections.read_models.amendments import amendments  # noqa: PLC0415 - likewise
        from projections.read_models.internal_items import internal_items  # noqa: PLC0415 - likewise

        whole = self.budget(fiscal_year, day)
        postings, unread = amendments(self.reader, fiscal_year, self.upto)
        if internal:
            marked, unread_marked = internal_items(self.reader, BUDGET, fiscal_year, self.upto)
            at = {one.position for one in marked} | {one.position for one in unread_marked}
            postings = [one for one in postings if one.position in at]
            unread = [one for one in unread if one.position in at]
        part = internal_rule(whole.rule, postings, (), unread)
        return self._by_lines_asked(Column.of(part, Period(date(fiscal_year, 1, 1), day)))

    def internal(self, measure: str, covered: Period, day: date, *, before: bool = False) -> Column:
        """Return the internal part of a column: of a period, of an earlier year or not, or of a budget as of a day."""
        if measure == ACTUAL:
            whole, period = self.actual_before(covered) if before else self.actual(covered), covered
        else:
            whole, period = self.budget(covered.year, day), Period(date(covered.year, 1, 1), day)
        key = measure, covered.year, before
        if key not in self._internal:
            self._internal[key] = self._internal_rule(whole.rule, measure, covered.year)
        return self._by_lines_asked(Column.of(self._internal[key], period))

    def _internal_rule(self, rule: ValueRule, measure: str, fiscal_year: int) -> ValueRule:
        from heinola_es.domain.value_rule.internal import internal_rule, rule_without_internal  # noqa: PLC0415 - few ask
        from projections.read_models.internal_items import internal_items  # noqa: PLC0415 - likewise

        if not self.has_internal():
            return rule_without_internal(rule)
        postings, unread = internal_items(self.reader, measure, fiscal_year, self.upto)
        statements, unread_statements = self._statements(f"internal_{measure}", fiscal_year)
        return internal_rule(rule, postings, statements, [*unread, *unread_statements])

    def has_internal(self) -> bool:
        """Return whether anything at all is known to be internal; nearly free where nothing is."""
        kept = self.reader.kept["checks"].get("totals", {})
        if not any(key.startswith("rm_internal ") for key in kept):
            stated = rows_of(self.reader, STATEMENTS, self.upto)
            return any(row[1].startswith("internal_") for row in stated)
        from projections.read_models.internal_items import has_internal  # noqa: PLC0415 - few logs have any

        return has_internal(self.reader, self.upto)

    def actual(self, period: Period) -> Column:
        """Return the actuals over exactly `period`, which lies inside one fiscal year."""
        self.facts(ACTUAL, period.year).expect(period.end)
        return self._by_lines_asked(Column.of(self.rule(ACTUAL, period.year), period))

    def actual_before(self, period: Period) -> Column:
        """Return the actuals over a period of an earlier year as they are compared: without the units that left."""
        self.facts(ACTUAL, period.year).expect(period.end)
        return self._by_lines_asked(Column.of(self.rule(ACTUAL, period.year, compared=bool(self.left)), period))

    def budget(self, fiscal_year: int, day: date) -> Column:
        """Return the budget of the fiscal year with the amendments decided by `day`; on its last day, with all."""
        self.facts(BUDGET, fiscal_year).expect(day)
        return self._by_lines_asked(Column.of(self.rule(BUDGET, fiscal_year), Period(date(fiscal_year, 1, 1), day)))

    def _by_lines_asked(self, column: Column) -> Column:
        """Return a column by the lines of the report's year, where its own year has others."""
        lines = None if self.charts is None else self.charts.counterparts(self.year, column.period.year)
        if lines is None:
            return column
        from heinola_es.domain.value_rule.continued import ContinuedColumn  # noqa: PLC0415 - few stores have two charts

        return ContinuedColumn.over(column, lines)

    def chart_of(self, fiscal_year: int) -> Chart:
        """Return the lines that figures of a fiscal year are on."""
        return self.chart if self.charts is None else self.charts.of(fiscal_year)

    def rule(self, measure: str, fiscal_year: int, *, compared: bool = False) -> ValueRule:
        """Return the value rule over what was recorded of a measure and fiscal year.

        That of an earlier year that is compared has the units that left the city by themselves, part of no other.
        """
        key = measure, fiscal_year, compared
        if key not in self._rules:
            facts = self.facts(measure, fiscal_year)
            having = facts.posting_units() | {statement.unit for statement in facts.statements}
            organisation = self.organisation.without(self.left) if compared else self.organisation
            standing = Standing(organisation, self.structures, frozenset(having), of_budget=measure == BUDGET)
            self._rules[key] = ValueRule(self.chart_of(fiscal_year), standing, facts)
        return self._rules[key]

    def units_in(self, fiscal_year: int) -> frozenset[str]:
        """Return the units of which anything is recorded in a fiscal year, actual or budget."""
        rules = (self.rule(measure, fiscal_year) for measure in (ACTUAL, BUDGET))
        return frozenset().union(*(rule.standing.having_facts for rule in rules))

    def facts(self, measure: str, fiscal_year: int) -> StoredFacts:
        """Return what was recorded of a measure and fiscal year."""
        key = measure, fiscal_year
        if key not in self._facts:
            self._facts[key] = self._recorded(measure, fiscal_year)
        return self._facts[key]

    def _recorded(self, measure: str, fiscal_year: int) -> StoredFacts:
        statements, unread = self._statements(measure, fiscal_year)
        of = (self.reader, measure, fiscal_year, self.upto, self.known_end)
        more = statements, unread, self._once_stated(), self.chart_of(fiscal_year), self.structures
        return StoredFacts(*of, *more, left_out(self.reader, self.upto))

    def _once_stated(self) -> frozenset[str]:
        """Return the units of which an actual was stated in any year; worked out once."""
        if not self._stated_units:
            found = frozenset(said.unit for said in self._stated(ACTUAL) if said.precision_cents is not None)
            self._stated_units.append(found)
        return self._stated_units[0]

    def cut_by(self, column: ReportColumn, period: Period) -> list[Unplaced]:
        """Return the actual postings that begin inside what a column covers and end after it, as the log has them."""
        covered = column.covers(period)
        by_unit = self.rule(ACTUAL, covered.year).posted.cut_at(covered.end)
        cut = [posting for of_unit in by_unit.values() for posting in of_unit]
        return [
            Unplaced(
                column=column.name,
                position=posting.position,
                unit=posting.unit,
                line=posting.line,
                start=posting.period.start,
                end=posting.period.end,
                cents=posting.cents,
            )
            for posting in sorted(cut, key=lambda posting: posting.position)
            if covered.start <= posting.period.start
        ]

    def stated_periods(self, measure: str) -> dict[tuple[str, str], list[Period]]:
        """Return the periods for which something is stated, by unit and line, earliest first."""
        stated: dict[tuple[str, str], set[Period]] = defaultdict(set)
        for said in self._stated(measure):
            known = stated[said.unit, said.line]
            (known.discard if said.precision_cents is None else known.add)(_period(said))
        return {key: sorted(periods) for key, periods in stated.items()}

    def _stated(self, measure: str) -> list[Stated]:
        """Return what was stated of a measure, in the order of the log."""
        return [Stated(*row) for row in rows_of(self.reader, STATEMENTS, self.upto) if row[1] == measure]

    def _statements(self, measure: str, fiscal_year: int) -> tuple[list[Statement], list[Unread]]:
        """Return the statements that hold: for each unit, line and period, the one that was recorded last.

        One that cannot be counted holds as well, and in place of a budget as of an earlier day; it is of the second.
        """
        held: dict[tuple[str, str, str, str], Stated] = {}
        year = str(fiscal_year)
        for row in rows_of(self.reader, STATEMENTS, self.upto):
            if row[1] == measure and row[5][:4] == year:
                said = Stated(*row)
                key = (said.unit, said.line, said.first_day, said.last_day)
                held.pop(key, None)
                if said.precision_cents is not None:  # else it is withdrawn
                    held[key] = said
        lines = self.chart_of(fiscal_year).lines
        readable = [said for said in held.values() if said.cents is not None and said.line in lines]
        left = [said for said in held.values() if said.cents is None or said.line not in lines]
        # As a detail: a total is stated of its own cell, and adds to no wider one.
        unread = [Unread(s.unit, s.line, s.position, _period(s), detail=True) for s in left]
        gone = {(one.unit, one.line): one.period.end for one in unread if measure.endswith(BUDGET)}
        statements = map(_statement, readable)
        return [one for one in statements if one.day > gone.get((one.unit, one.line), date.min)], unread


def _statement(said: Stated) -> Statement:
    amounts = said.cents or 0, said.precision_cents or 1
    percent = number_or_none(said.percent)
    return Statement(said.position, said.unit, said.line, *amounts, _period(said), said.label, percent)


def _period(said: Stated) -> Period:
    return period_of_days(said.first_day, said.last_day)
