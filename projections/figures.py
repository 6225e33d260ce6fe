"""Columns of figures out of the read models, as known at a position of the log."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from events.period import Period
from heinola_es.chart import Chart
from heinola_es.organisation import Organisation
from heinola_es.store.reading import LogReader
from heinola_es.value import Column, Statement, Unread
from projections.report_columns import COLUMNS, column_period
from projections.stored_postings import Span, StatedAfter, StoredPostings, cut_postings

if TYPE_CHECKING:
    from collections.abc import Iterable

_STATED = "position, unit, line, cents, precision_cents, last_day, label, percent"


@frozen(slots=True, eq=False, repr=False)
class Figures:
    """The figures of the log up to a position, to be asked for columns.

    Attributes:
        reader: of the log, with the read models caught up at least to `upto`.
        chart, organisation: what lines and units are the sum of.
        upto: events after this position are not known yet.
        known_end: the position that the read models have come to.
    """

    reader: LogReader
    chart: Chart
    organisation: Organisation
    upto: int
    known_end: int

    def of_report(self, period: Period) -> dict[str, Column]:
        """Return the four columns of the report for `period`, by their names in the snapshot."""
        cumulative = period.year_to_date()
        return {name: self.of(name, cumulative) for name in COLUMNS}

    def of(self, name: str, cumulative: Period) -> Column:
        """Return one column, by its name, of the report whose actuals cover `cumulative`."""
        if name == "budget":
            return self.budget(cumulative.year, cumulative.end)
        return self.actual(column_period(name, cumulative))

    def actual(self, period: Period) -> Column:
        """Return the actuals over exactly `period`, which lies inside one fiscal year."""
        first_day, last_day = period.start.isoformat(), period.end.isoformat()
        stated = self._statements("measure = 'actual' AND first_day = ? AND last_day = ?", (first_day, last_day))
        return self._column(Span("actual", period.year, first_day, last_day), *stated)

    def budget(self, fiscal_year: int, day: date) -> Column:
        """Return the budget of the fiscal year with the amendments decided by `day`."""
        first_day, last_day = f"{fiscal_year}-01-01", day.isoformat()
        stated = self._statements("measure = 'budget' AND first_day = ? AND last_day <= ?", (first_day, last_day))
        return self._column(Span("budget", fiscal_year, first_day, last_day), *stated)

    def _column(self, span: Span, statements: dict[tuple[str, str], Statement], unread: list[Unread]) -> Column:
        stated = {unit for unit, _line in statements if unit in self.organisation.units}
        units = {below for unit in stated for below in (unit, *self.organisation.all_below(unit))}
        known = StatedAfter(
            frozenset(units),
            min((statement.position for statement in statements.values()), default=0),
            min((statement.day.isoformat() for statement in statements.values()), default=""),
        )
        postings = StoredPostings(self.reader, span, self.upto, self.known_end, known)
        return Column(self.chart, self.organisation, statements, postings, [*unread, *postings.unread()])

    def cut_by(self, period: Period) -> list[dict[str, Any]]:
        """Return the actual postings that begin inside `period` and end after it, in the order of the log."""
        first_day, last_day = period.start.isoformat(), period.end.isoformat()
        cut = self.reader.connection.execute(
            "SELECT first_day, last_day FROM rm_spans "
            "WHERE measure = 'actual' AND fiscal_year = ? AND first_day >= ? AND first_day <= ? AND last_day > ?",
            (period.year, first_day, last_day, last_day),
        ).fetchall()
        if not cut:
            return []
        spans = {f"{first}/{last}" for first, last in cut}
        return list(cut_postings(self.reader.rows(0, self.upto), spans))

    def stated_periods(self, measure: str) -> dict[tuple[str, str], list[Period]]:
        """Return the periods for which something is stated, by unit and line, earliest first."""
        rows = self.reader.connection.execute(
            "SELECT unit, line, first_day, last_day, precision_cents FROM rm_statements "
            "WHERE measure = ? AND position <= ? ORDER BY position",
            (measure, self.upto),
        )
        stated: dict[tuple[str, str], set[Period]] = defaultdict(set)
        for unit, line, start, end, precision in rows:
            period = Period(date.fromisoformat(start), date.fromisoformat(end))
            (stated[unit, line].discard if precision is None else stated[unit, line].add)(period)
        return {key: sorted(periods) for key, periods in stated.items()}

    def _statements(self, where: str, values: Iterable[Any]) -> tuple[dict[tuple[str, str], Statement], list[Unread]]:
        """Return the statement that holds for each unit and line: as of the latest day, then the last recorded.

        One that cannot be counted holds as well; it is among the second.
        """
        rows = self.reader.connection.execute(
            f"SELECT {_STATED} FROM rm_statements WHERE {where} AND position <= ? ORDER BY position",  # noqa: S608
            (*values, self.upto),
        )
        held: dict[tuple[str, str, str], Statement] = {}
        unread: set[int] = set()
        for position, unit, line, cents, precision, end, label, percent in rows:
            if precision is None:  # withdrawn
                held.pop((unit, line, end), None)
                continue
            if cents is None:
                unread.add(position)
            day = date.fromisoformat(end)
            held[unit, line, end] = Statement(position, unit, line, cents or 0, precision, day, label, percent)
        latest: dict[tuple[str, str], Statement] = {}
        for (unit, line, _end), statement in held.items():
            known = latest.get((unit, line))
            if known is None or (known.day, known.position) < (statement.day, statement.position):
                latest[unit, line] = statement
        # As a detail: a total is stated of its own cell, and adds to no wider one.
        left = [Unread(s.unit, s.line, s.position, s.day, detail=True) for s in latest.values() if s.position in unread]
        return {key: s for key, s in latest.items() if s.position not in unread}, left
