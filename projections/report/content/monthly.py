"""Cumulative actuals by month: how the year went, where the log tells."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.domain.value_rule.column import Column

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.snapshot.taking import View

Cents = tuple[int | None, ...]


@frozen(slots=True)
class Course:
    """How a line of a unit went, month by month.

    Attributes:
        this_year, last_year: the cents from 1 January to the end of each month, None where they are not whole; the
            last is that of the period's end, and in the year before that of the same day.
    """

    this_year: Cents
    last_year: Cents

    @property
    def is_drawable(self) -> bool:
        """Whether two months next to each other are known this year: less makes no line."""
        return any(before is not None and after is not None for before, after in pairwise(self.this_year))


@frozen(slots=True, eq=False, repr=False)
class Monthly:
    """The months of a report, from January to the period's end, this year and the year before; shared by all units."""

    this_year: tuple[Column, ...]
    last_year: tuple[Column, ...]

    @classmethod
    def of(cls, view: View, period: Period) -> Monthly:
        """Return the months up to the end of `period`, and those of the year before."""
        spans = [*_up_to(period.year_to_date())]
        return cls(
            tuple(view.figures.actual(span) for span in spans),
            tuple(view.figures.actual_before(span.years_before(1)) for span in spans),
        )

    def of_unit(self, unit: str, line: str) -> Course:
        """Return how a line of a unit went."""
        return Course(_cents(self.this_year, unit, line), _cents(self.last_year, unit, line))


def _up_to(cumulative: Period) -> Iterator[Period]:
    """Yield the spans from 1 January to the end of each month, the last to the end of `cumulative`."""
    for month in range(1, cumulative.end.month):
        yield Period.of_months(cumulative.year, 1, month)
    yield cumulative


def _cents(months: tuple[Column, ...], unit: str, line: str) -> Cents:
    """Return a cell by month, where it is whole."""
    cells = (month.cell(unit, line) for month in months)
    return tuple(None if cell is None else cell[0] for cell in cells)
