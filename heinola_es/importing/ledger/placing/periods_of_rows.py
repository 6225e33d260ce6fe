"""The period of a row, where rows say it: in one column, or in one of years and one of months."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field

from events.period import Period
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.mapping.mapping import PeriodColumn
from heinola_es.importing.ledger.reading.cells import text_of
from heinola_es.importing.ledger.reading.period_cells import month_number, period_of
from heinola_es.importing.ledger.reading.problems import grouped

if TYPE_CHECKING:
    from collections.abc import Callable


PERIODS = 2_000
_MONTHS = 12


@define(slots=True)
class Periods:
    """The periods met so far, each once."""

    periods: list[Period]
    _index: dict[Period, int] = field(factory=dict)

    def place(self, period: Period) -> int:
        """Return the index of a period.

        Raises:
            BadInput: it spans two fiscal years, or there are too many to be true.
        """
        if period.start.year != period.end.year:
            raise BadInput(f"{period.label} spans two fiscal years; a ledger's amounts are of one year each")
        if period not in self._index:
            if len(self.periods) >= PERIODS:
                raise BadInput(f"there are more than {grouped(PERIODS)} periods; check which column it is")
            self._index[period] = len(self.periods)
            self.periods.append(period)
        return self._index[period]


@define(slots=True)
class RowPeriod:
    """Where a row says its period.

    Attributes:
        columns: the places of its cells: the period, or the year and the month.
        names: what the columns are called.
    """

    said: PeriodColumn
    columns: list[int]
    by_month: bool

    @classmethod
    def of(cls, said: PeriodColumn, find: Callable[[Any], int]) -> RowPeriod:
        """Return it with the places of its columns, found by `find`."""
        named = [said.column, said.year_column, said.month_column]
        return cls(said, [find(column) for column in named if column is not None], said.month_column is not None)

    def read(self, key: Any) -> Period:  # noqa: ANN401 - a cell or several
        """Return the period that the cells of its columns say.

        Raises:
            BadInput: they say none.
        """
        if self.said.fixed is not None:
            return self.said.fixed
        cells = key if isinstance(key, tuple) else (key,)
        if not all(text_of(cell) for cell in cells):
            raise BadInput("the period's cell is empty; fill it in, or say fill = true where cells are merged")
        if not self.by_month:
            return period_of(cells[0], self.said.year, self.said.closing)
        year = (self.said.year if len(cells) == 1 else _year(cells[0])) or 0
        month = month_number(cells[-1], self.said.closing)
        return _in_calendar(year, month, self.said.first_month, numbered=text_of(cells[-1]).isdecimal())


def _in_calendar(year: int, month: int, first: int, *, numbered: bool) -> Period:
    """Return the calendar month of a month of a fiscal year, which is named by the year that it ends in.

    Args:
        year: the fiscal year.
        month: counted from the first of the fiscal year where it is `numbered`; else of the calendar.
        first: the calendar month that the fiscal year begins with.
        numbered: whether the file has a number, and no name.
    """
    if numbered:
        month = (month + first - 2) % _MONTHS + 1
    return Period.of_month(year - (first > 1 and month >= first), month)


def _year(cell: Any) -> int:  # noqa: ANN401 - whatever a reader gives
    period = period_of(cell)
    if period != Period.of_year(period.year):
        raise BadInput(f"{text_of(cell)!r} is not a year; write it as 2020")
    return period.year
