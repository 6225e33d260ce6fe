"""Columns of figures out of the read models, as known at a position of the log."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from attrs import frozen

from events.period import Period
from heinola_es.chart import Chart
from heinola_es.organisation import Organisation
from heinola_es.store.reading import LogReader
from heinola_es.value import Column, Statement, Unread
from projections.checked import rows_of
from projections.read_models import STATEMENTS
from projections.snapshot.columns import Measured, ReportColumn
from projections.snapshot.model import Unplaced
from projections.stored_postings import Span, StatedAfter, StoredPostings, log_postings, spans_of

if TYPE_CHECKING:
    from collections.abc import Callable


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
        chart, organisation: what lines and units are the sum of.
        upto: events after this position are not known yet.
        known_end: the position that the read models have come to.
    """

    reader: LogReader
    chart: Chart
    organisation: Organisation
    upto: int
    known_end: int

    def of(self, column: ReportColumn, period: Period, further_back: int = 0) -> Column:
        """Return a column of what is recorded in the report of `period`, or so many years before."""
        if not isinstance(column.source, Measured):
            raise TypeError(f"{column.name} is worked out from other columns")
        covered = column.covers(period, further_back)
        if column.source.measure == "budget":
            return self.budget(covered.year, period.end)
        return self.actual(covered)

    def actual(self, period: Period) -> Column:
        """Return the actuals over exactly `period`, which lies inside one fiscal year."""
        first_day, last_day = period.start.isoformat(), period.end.isoformat()
        stated = self._statements("actual", first_day, last_day.__eq__)
        return self._column(Span("actual", period.year, first_day, last_day), *stated)

    def budget(self, fiscal_year: int, day: date) -> Column:
        """Return the budget of the fiscal year with the amendments decided by `day`."""
        first_day, last_day = f"{fiscal_year}-01-01", day.isoformat()
        stated = self._statements("budget", first_day, last_day.__ge__)
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

    def cut_by(self, column: ReportColumn, period: Period) -> list[Unplaced]:
        """Return the actual postings that begin inside what a column covers and end after it, as the log has them."""
        covered = column.covers(period)
        first_day, last_day = covered.start.isoformat(), covered.end.isoformat()
        spans = {
            f"{first}/{last}"
            for measure, year, first, last in spans_of(self.reader)
            if (measure, year) == ("actual", covered.year) and first_day <= first <= last_day < last
        }
        if not spans:
            return []
        return [
            Unplaced(
                column=column.name,
                position=posting.position,
                unit=posting.unit,
                line=posting.line,
                start=date.fromisoformat(posting.first_day),
                end=date.fromisoformat(posting.last_day),
                cents=posting.cents,
            )
            for posting in log_postings(self.reader.rows(0, self.upto))
            if posting.measure == "actual" and f"{posting.first_day}/{posting.last_day}" in spans
        ]

    def stated_periods(self, measure: str) -> dict[tuple[str, str], list[Period]]:
        """Return the periods for which something is stated, by unit and line, earliest first."""
        stated: dict[tuple[str, str], set[Period]] = defaultdict(set)
        for said in self._stated(measure):
            period = Period(date.fromisoformat(said.first_day), date.fromisoformat(said.last_day))
            known = stated[said.unit, said.line]
            (known.discard if said.precision_cents is None else known.add)(period)
        return {key: sorted(periods) for key, periods in stated.items()}

    def _stated(self, measure: str) -> list[Stated]:
        """Return what was stated of a measure, in the order of the log."""
        return [Stated(*row) for row in rows_of(self.reader, STATEMENTS, self.upto) if row[1] == measure]

    def _statements(
        self, measure: str, first_day: str, ends: Callable[[str], bool]
    ) -> tuple[dict[tuple[str, str], Statement], list[Unread]]:
        """Return the statement that holds for each unit and line: as of the latest day, then the last recorded.

        One that cannot be counted holds as well; it is among the second.
        """
        unread: set[int] = set()
        held: dict[tuple[str, str, str], Statement] = {}
        for row in rows_of(self.reader, STATEMENTS, self.upto):
            if row[1] != measure or row[4] != first_day or not ends(row[5]):
                continue
            said = Stated(*row)
            if said.precision_cents is None:  # withdrawn
                held.pop((said.unit, said.line, said.last_day), None)
                continue
            if said.cents is None:
                unread.add(said.position)
            held[said.unit, said.line, said.last_day] = _statement(said, said.cents or 0, said.precision_cents)
        latest: dict[tuple[str, str], Statement] = {}
        for (unit, line, _end), statement in held.items():
            known = latest.get((unit, line))
            if known is None or (known.day, known.position) < (statement.day, statement.position):
                latest[unit, line] = statement
        # As a detail: a total is stated of its own cell, and adds to no wider one.
        left = [Unread(s.unit, s.line, s.position, s.day, detail=True) for s in latest.values() if s.position in unread]
        return {key: s for key, s in latest.items() if s.position not in unread}, left


def _statement(said: Stated, cents: int, precision: int) -> Statement:
    day = date.fromisoformat(said.last_day)
    return Statement(said.position, said.unit, said.line, cents, precision, day, said.label, said.percent)
