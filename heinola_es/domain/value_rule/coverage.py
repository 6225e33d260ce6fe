"""Coverage: for which months of a fiscal year the books of units are known to be complete, an absent line being zero.

Books are covered where an import or somebody says so, or, in a month that no statement of the unit covers, where they
were closed or, as an inference, where the unit has ordinary postings; never where the last word is that they are not
complete. A budget is covered for a whole fiscal year, but never before the first decision on it.

Months are the bits of a number, January the lowest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial, reduce
from operator import and_
from typing import Protocol

from attrs import define, evolve, field, frozen

from events.period import Period
from events.value_object import ValueObject
from heinola_es.domain.chart import Chart
from heinola_es.patterns import pattern

ALL_MONTHS = (1 << 12) - 1
_MONTH = pattern(r"\d{4}-(?:0[1-9]|1[0-2])")
Masks = Mapping[str, int]
"""Months by unit."""


def months_of(period: Period) -> int:
    """Return the months of which a period, inside one year, has any day."""
    return (1 << period.end.month) - (1 << (period.start.month - 1))


def months_between(first: date, last: date) -> int:
    """Return the months of which the days from `first` to `last`, of one year, are; none where there are no days."""
    return months_of(Period(first, last)) if first <= last else 0


def whole_months_in(periods: Sequence[Period]) -> int:
    """Return the months that lie whole in one of some periods of a year."""
    months = 0
    for period in periods:
        for month in range(period.start.month, period.end.month + 1):
            months |= period.contains(Period.of_month(period.year, month)) << (month - 1)
    return months


def said_months(measure: str, period: Period) -> int:
    """Return the months that somebody who says that books are complete for a period speaks of."""
    return ALL_MONTHS if measure == "budget" else months_of(period)


def imported_months(measure: str, fiscal_year: int, months: Iterable[str], years: Iterable[int]) -> tuple[int, date]:
    """Return the months of a fiscal year that an import covers, and the last day of the last of them.

    Args:
        measure: actual or budget.
        fiscal_year: the calendar year.
        months: that it covers of actuals, each as `2020-06`.
        years: that it covers of budgets.
    """
    if measure == "budget":
        return (ALL_MONTHS if fiscal_year in years else 0), date(fiscal_year, 12, 31)
    numbers = [int(month[5:]) for month in months if month[:4] == str(fiscal_year) and is_month(month)]
    covered = sum(1 << (number - 1) for number in numbers)
    return covered, Period.of_month(fiscal_year, max(numbers, default=1)).end


def is_month(told: str) -> bool:
    """Return whether a text is a month as imports tell it, such as `2020-06`; readers take no notice of another."""
    return _MONTH.fullmatch(told) is not None


class Coverage(Protocol):
    """For which months books are covered."""

    @property
    def by_line(self) -> bool:
        """Whether any books are covered on some lines and not on others."""

    def months(self, unit: str, line: str, day: date) -> int:
        """Return the months for which the books of a unit are covered on a line, as of a day for a budget."""

    def whole_months(self, unit: str, day: date) -> int:
        """Return the months for which they are covered on every line."""


@frozen(slots=True, eq=False, repr=False)
class Declaration(ValueObject):
    """Somebody, or an import, says that books are complete; or takes that back.

    Attributes:
        position: in the log.
        units: whose books, with those of everything below them.
        months: for which months of the fiscal year.
        day: the last of its days: what stands below a unit is what stood below it then.
        lines: on which lines and those below them; empty for all.
        withdrawn: it says that what was declared before it, for these, holds no longer.
        by_import: whether an import says so.
    """

    position: int
    units: tuple[str, ...]
    months: int
    day: date
    lines: tuple[str, ...] = ()
    withdrawn: bool = False
    by_import: bool = False


@define(slots=True, eq=False, repr=False)
class _Said:
    """For which months books are said to be complete, and for which that they are not; the last word holds."""

    complete: int = 0
    incomplete: int = 0

    def take(self, months: int, *, withdrawn: bool) -> None:
        """Take in the next word on some months."""
        self.complete = self.complete & ~months if withdrawn else self.complete | months
        self.incomplete = self.incomplete | months if withdrawn else self.incomplete & ~months

    def months(self, inferred: int) -> int:
        """Return the months that are covered: by the last word, and where there is none by what is inferred."""
        return self.complete | (inferred & ~self.incomplete)


@define(slots=True, eq=False, repr=False)
class Declared:
    """What declarations come to, by unit.

    Attributes:
        chart: what lines are part of which.
    """

    chart: Chart
    _whole: dict[str, _Said] = field(factory=dict)
    _by_line: dict[str, dict[str, _Said]] = field(factory=dict)

    @property
    def by_line(self) -> bool:
        """Whether any books are said to be complete, or not, on some lines and not on others."""
        return bool(self._by_line)

    def take(self, declaration: Declaration, units: Iterable[str]) -> None:
        """Take in the next declaration of the log; `units` are all whose books it is about.

        It says nothing of lines that the chart does not have.
        """
        known = [line for line in declaration.lines if line in self.chart.lines]
        if declaration.lines and not known:
            return
        named = {low for line in known for low in self.chart.at_or_below(line)}
        for unit in units:
            for said in self._all_of(unit, named):
                said.take(declaration.months, withdrawn=declaration.withdrawn)

    def all_months(self) -> dict[str, int]:
        """Return the months for which books are declared complete on every line, by unit."""
        return {unit: self.whole_months(unit) for unit in (*self._whole, *self._by_line)}

    def whole_months(self, unit: str, inferred: int = 0) -> int:
        """Return the months for which a unit's books are complete on every line.

        Args:
            unit: whose.
            inferred: the months that other facts cover, where nobody says otherwise.
        """
        if unit in self._by_line:
            return _covered(self._by_line[unit].values(), inferred)
        return self._whole[unit].months(inferred) if unit in self._whole else inferred

    def months(self, unit: str, line: str, inferred: int = 0) -> int:
        """Return the months for which they are on one line, and all that are part of it."""
        if unit not in self._by_line:
            return self.whole_months(unit, inferred)
        return _covered((self._by_line[unit][low] for low in self.chart.at_or_below(line)), inferred)

    def _all_of(self, unit: str, named: set[str]) -> Iterable[_Said]:
        """Return what was said of a unit on the lines named, or on all where none are, line by line if it must be."""
        if named and unit not in self._by_line:
            before = self._whole.pop(unit, None) or _Said()
            self._by_line[unit] = {line: evolve(before) for line in self.chart.lines}
        if unit in self._by_line:
            by_line = self._by_line[unit]
            return [by_line[line] for line in named] if named else by_line.values()
        return (self._whole.setdefault(unit, _Said()),)


def _covered(said: Iterable[_Said], inferred: int) -> int:
    """Return the months that are covered on each of some lines."""
    return reduce(and_, (one.months(inferred) for one in said), ALL_MONTHS)


class NoCoverage:
    """Nothing is covered."""

    by_line = False

    def months(self, _unit: str, _line: str, _day: date) -> int:
        """Return no month."""
        return 0

    def whole_months(self, _unit: str, _day: date) -> int:
        """Return no month."""
        return 0


@define(slots=True, eq=False, repr=False)
class ActualCoverage:
    """Coverage of the actuals of a fiscal year.

    Attributes:
        declared: what was said.
        stated: the months that statements of the unit itself cover.
        booked: the months for which it has ordinary postings.
        closed: the months that were closed, by unit.
        once_stated: the units of which anything was ever stated: they report totals, and where they have no ordinary
            postings in the year, closing it says that there will be no more of them, not that they are all zero.
    """

    declared: Declared
    stated: Masks = field(factory=dict)
    booked: Masks = field(factory=dict)
    closed: Masks = field(factory=dict)
    once_stated: frozenset[str] = frozenset()

    @property
    def by_line(self) -> bool:
        """Whether any books are covered on some lines and not on others."""
        return self.declared.by_line

    def months(self, unit: str, line: str, _day: date) -> int:
        """Return the months for which the books of a unit are covered on a line."""
        return self.declared.months(unit, line, self.inferred_months(unit))

    def whole_months(self, unit: str, _day: date) -> int:
        """Return the months for which they are covered on every line."""
        return self.declared.whole_months(unit, self.inferred_months(unit))

    def inferred_months(self, unit: str) -> int:
        """Return the months that are covered though nobody said so, unless somebody says otherwise."""
        return (self.closed_months(unit) | self.booked.get(unit, 0)) & ~self.stated.get(unit, 0)

    def waiting_months(self, unit: str) -> int:
        """Return the months that were closed, and are covered once the unit has any ordinary posting in the year."""
        return self._closed_months(unit) if self._waits(unit) else 0

    def closed_months(self, unit: str) -> int:
        """Return the months that closing the books covers."""
        return 0 if self._waits(unit) else self._closed_months(unit)

    def _waits(self, unit: str) -> bool:
        return unit in self.once_stated and not self.booked.get(unit)

    def _closed_months(self, unit: str) -> int:
        return self.closed.get(unit, 0) & ~self.stated.get(unit, 0)


@define(slots=True, eq=False, repr=False)
class BudgetCoverage:
    """Coverage of the budget of a fiscal year, as of a day.

    Attributes:
        declared: what was said.
        deciding: the units with a decision on their budget of the year, of any kind, on any day.
        decided_by: tells those with any by a day, and those with an ordinary one.
        stated: the first day as of which a unit's budget is stated.
    """

    declared: Declared
    deciding: frozenset[str]
    decided_by: Callable[[date], tuple[frozenset[str], frozenset[str]]]
    stated: Mapping[str, date] = field(factory=dict)

    @property
    def by_line(self) -> bool:
        """Whether any books are covered on some lines and not on others."""
        return self.declared.by_line

    def months(self, unit: str, line: str, day: date) -> int:
        """Return all months where the budget is covered on a line as of a day, else none."""
        return self._as_of(unit, day, partial(self.declared.months, unit, line))

    def whole_months(self, unit: str, day: date) -> int:
        """Return all months where it is covered on every line."""
        return self._as_of(unit, day, partial(self.declared.whole_months, unit))

    def _as_of(self, unit: str, day: date, covered: Callable[[int], int]) -> int:
        """Return the months that are covered as of a day; `covered` tells them from those that are inferred."""
        if covered(0) == ALL_MONTHS:
            return ALL_MONTHS if unit not in self.deciding or unit in self.decided_by(day)[0] else 0
        return covered(self.inferred_months(unit, day))

    def inferred_months(self, unit: str, day: date) -> int:
        """Return all months where decisions of the unit's own, and no statement, tell its budget."""
        is_told = unit in self.decided_by(day)[1] and self.stated.get(unit, date.max) > day
        return ALL_MONTHS if is_told else 0
