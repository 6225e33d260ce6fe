"""Columns of figures out of the read models, as known at a position of the log."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from events.period import Period
from heinola_es.chart import Chart
from heinola_es.organisation import Organisation
from heinola_es.value import Column, Posting, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable

_STATED = "position, unit, line, cents, precision_cents, last_day, label, percent"


@frozen(slots=True)
class Figures:
    """The figures of the log up to a position, to be asked for columns.

    Attributes:
        connection: to the read models, caught up at least to `upto`.
        chart, organisation: what lines and units are the sum of.
        upto: events after this position are not known yet.
    """

    connection: sqlite3.Connection
    chart: Chart
    organisation: Organisation
    upto: int

    def of_report(self, period: Period) -> dict[str, Column]:
        """Return the four columns of the report for `period`, by their names in the snapshot."""
        cumulative = period.year_to_date()
        return {
            "final_accounts": self.actual(Period.of_year(cumulative.year - 1)),
            "prior_actual": self.actual(cumulative.years_before(1)),
            "budget": self.budget(cumulative.year, cumulative.end),
            "actual": self.actual(cumulative),
        }

    def actual(self, period: Period) -> Column:
        """Return the actuals over exactly `period`."""
        postings = self._postings(
            "measure = 'actual' AND fiscal_year = ? AND first_day >= ? AND last_day <= ?",
            (period.year, period.start.isoformat(), period.end.isoformat()),
        )
        statements = self._statements(
            "measure = 'actual' AND first_day = ? AND last_day = ?", (period.start.isoformat(), period.end.isoformat())
        )
        return Column(self.chart, self.organisation, statements, postings)

    def budget(self, fiscal_year: int, day: date) -> Column:
        """Return the budget of the fiscal year with the amendments decided by `day`."""
        postings = self._postings(
            "measure = 'budget' AND fiscal_year = ? AND last_day <= ?", (fiscal_year, day.isoformat())
        )
        statements = self._statements(
            "measure = 'budget' AND first_day = ? AND last_day <= ?", (f"{fiscal_year}-01-01", day.isoformat())
        )
        return Column(self.chart, self.organisation, statements, postings)

    def cut_by(self, period: Period) -> list[dict[str, Any]]:
        """Return the actual postings that begin inside `period` and end after it, in the order of the log."""
        rows = self.connection.execute(
            "SELECT position, unit, line, first_day, last_day, cents FROM rm_postings "
            "WHERE measure = 'actual' AND fiscal_year = ? AND first_day >= ? AND first_day <= ? AND last_day > ? "
            "AND position <= ? ORDER BY position",
            (
                period.year,
                period.start.isoformat(),
                period.end.isoformat(),
                period.end.isoformat(),
                self.upto,
            ),
        )
        names = ("position", "unit", "line", "start", "end", "cents")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def stated_periods(self, measure: str) -> dict[tuple[str, str], list[Period]]:
        """Return the periods for which something is stated, by unit and line, earliest first."""
        rows = self.connection.execute(
            "SELECT unit, line, first_day, last_day, cents FROM rm_statements "
            "WHERE measure = ? AND position <= ? ORDER BY position",
            (measure, self.upto),
        )
        stated: dict[tuple[str, str], set[Period]] = defaultdict(set)
        for unit, line, start, end, cents in rows:
            period = Period(date.fromisoformat(start), date.fromisoformat(end))
            (stated[unit, line].discard if cents is None else stated[unit, line].add)(period)
        return {key: sorted(periods) for key, periods in stated.items()}

    def _postings(self, where: str, values: Iterable[Any]) -> list[Posting]:
        rows = self.connection.execute(
            f"SELECT position, unit, line, cents, last_day, detail FROM rm_postings WHERE {where} AND position <= ?",  # noqa: S608 - conditions of ours
            (*values, self.upto),
        )
        days: dict[str, date] = {}
        return [
            Posting(
                position,
                unit,
                line,
                cents,
                days.get(end) or days.setdefault(end, date.fromisoformat(end)),
                bool(detail),
            )
            for position, unit, line, cents, end, detail in rows
        ]

    def _statements(self, where: str, values: Iterable[Any]) -> dict[tuple[str, str], Statement]:
        """Return the statement that holds for each unit and line: as of the latest day, then the last recorded."""
        rows = self.connection.execute(
            f"SELECT {_STATED} FROM rm_statements WHERE {where} AND position <= ? ORDER BY position",  # noqa: S608
            (*values, self.upto),
        )
        held: dict[tuple[str, str, str], Statement] = {}
        for position, unit, line, cents, precision, end, label, percent in rows:
            if cents is None:  # withdrawn
                held.pop((unit, line, end), None)
            else:
                day = date.fromisoformat(end)
                held[unit, line, end] = Statement(position, unit, line, cents, precision, day, label, percent)
        latest: dict[tuple[str, str], Statement] = {}
        for (unit, line, _end), statement in held.items():
            known = latest.get((unit, line))
            if known is None or (known.day, known.position) < (statement.day, statement.position):
                latest[unit, line] = statement
        return latest
