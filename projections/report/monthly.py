"""Cumulative actuals by month: how the year went, where the log tells."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.value import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.snapshot.taking import View

Cents = tuple[int | None, ...]


@frozen(slots=True)
class Course:
    """How a line of a unit went, month by month.

    Attributes:
        this_year, last_year: the cents from 1 January to the end of each month, None where unknown; the last is that
            of the period's end, and in the year before that of the same day.
    """

    this_year: Cents
    last_year: Cents

    @property
    def is_drawable(self) -> bool:
        """Whether two months next to each other are known this year: less makes no line."""
        return any(before is not None and after is not None for before, after in pairwise(self.this_year))


@frozen(slots=True, eq=False, repr=False)
class Month:
    """Cumulative actuals at the end of a month.

    Attributes:
        column: what a snapshot shows.
        posted: the same of postings alone, or None where nothing is stated and they are all there is.
    """

    column: Column
    posted: Column | None

    @classmethod
    def of(cls, column: Column) -> Month:
        """Return the month of a column."""
        posted = None
        if column.statements:
            posted = Column(column.chart, column.organisation, {}, column.postings, column.unread)
        return cls(column, posted)

    def cents(self, unit: str, line: str) -> int | None:
        """Return the value of a cell, or None where it is unknown."""
        cell = self.column.cell(unit, line)
        return None if cell is None else cell[0]

    def rests_on_statements(self, unit: str, line: str) -> bool:
        """Return whether a total that was stated is in a cell's value."""
        if self.posted is None or self.column.is_posted(unit):
            return False
        value = self.column.value(unit, line)
        return value is not None and value.stated

    def is_broken_down(self, unit: str, line: str) -> bool:
        """Return whether the postings under a cell add up to its value, to the precision of what was stated."""
        if self.posted is None or not self.rests_on_statements(unit, line):
            return True
        cell, posted = self.column.cell(unit, line), self.posted.cell(unit, line)
        return cell is not None and posted is not None and abs(posted[0] - cell[0]) <= cell[1]


@frozen(slots=True, eq=False, repr=False)
class Monthly:
    """The months of a report, from January to the period's end, this year and the year before; shared by all units."""

    this_year: tuple[Month, ...]
    last_year: tuple[Month, ...]

    @classmethod
    def of(cls, view: View, period: Period) -> Monthly:
        """Return the months up to the end of `period`, and those of the year before."""
        spans = [*_up_to(period.year_to_date())]
        return cls(
            tuple(Month.of(view.figures.actual(span)) for span in spans),
            tuple(Month.of(view.figures.actual(span.years_before(1))) for span in spans),
        )

    def of_unit(self, unit: str, line: str) -> Course:
        """Return how a line of a unit went."""
        return Course(_cents(self.this_year, unit, line), _cents(self.last_year, unit, line))


def _up_to(cumulative: Period) -> Iterator[Period]:
    """Yield the spans from 1 January to the end of each month, the last to the end of `cumulative`."""
    for month in range(1, cumulative.end.month):
        yield Period.of_months(cumulative.year, 1, month)
    yield cumulative


def _cents(months: tuple[Month, ...], unit: str, line: str) -> Cents:
    """Return a cell by month, without the months of which only parts of a total stated later are known.

    A correction in March to a total stated for January to June tells what it changes, not what had been spent by then.
    """
    known: list[int | None] = []
    for month in months:
        if not month.is_broken_down(unit, line):
            earlier = zip(known, months, strict=False)
            known = [cents if then.rests_on_statements(unit, line) else None for cents, then in earlier]
        known.append(month.cents(unit, line))
    return tuple(known)
