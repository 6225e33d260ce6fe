"""The facts that figures follow from: postings that add, statements that assert a total, and what cannot be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Protocol

from attrs import frozen

from events.period import Period
from events.value_object import ValueObject
from heinola_es.domain.value_rule.coverage import Coverage, NoCoverage

ACTUAL, BUDGET = "actual", "budget"

Totals = Mapping[str, Mapping[str, int]]
"""Sums in cents by unit and line."""


@frozen(slots=True, eq=False, repr=False)
class Posting(ValueObject):
    """An amount that adds.

    Attributes:
        position: in the log.
        unit, line: codes.
        cents: the amount.
        period: what it is of; of a budget decision, the day it was taken.
        detail: it breaks down a total already stated, and adds to no statement.
        correction: it puts right what is there; by itself it says nothing of how much there is.
    """

    position: int
    unit: str
    line: str
    cents: int
    period: Period
    detail: bool = False
    correction: bool = False

    @property
    def ordinary(self) -> bool:
        """Whether it is one of those that books are kept by, so that books may be inferred from it."""
        return not self.detail and not self.correction

    def unread(self) -> Unread:
        """Return it as what cannot be counted."""
        return Unread(self.unit, self.line, self.position, self.period, self.detail)


@frozen(slots=True, eq=False, repr=False)
class Statement(ValueObject):
    """A total that was stated.

    Attributes:
        position: in the log.
        unit, line: codes.
        cents: the total.
        precision_cents: what it was rounded to.
        period: over exactly which it is; of a budget, from 1 January to the day as of which it is stated.
        label, percent: as the document prints them; empty and None where it does not.
    """

    position: int
    unit: str
    line: str
    cents: int
    precision_cents: int
    period: Period
    label: str = ""
    percent: str | None = None

    @property
    def day(self) -> date:
        """The last day of its period; its members are those of that day."""
        return self.period.end

    def takes(self, posting: Posting) -> bool:
        """Return whether a posting inside its cell came after it, so that it adds to the total."""
        return not posting.detail and (posting.position > self.position or posting.period.end > self.period.end)


@frozen(slots=True, eq=False, repr=False)
class Unread(ValueObject):
    """What the log says of a cell and cannot be counted.

    On a line that is none it may be part of any of the unit's cells.

    Attributes:
        unit, line: codes.
        position: of the event, or None where a sum of many is beyond all measure.
        period: as of a posting.
        detail: as of a posting; a statement that cannot be counted is in no wider total either.
    """

    unit: str
    line: str
    position: int | None
    period: Period
    detail: bool

    def is_in(self, statement: Statement) -> bool:
        """Return whether a statement tells the total with this, so that it need not be read."""
        if self.position is None:
            return False
        return self.detail or (self.position <= statement.position and self.period.end <= statement.day)


def decided_by(period: Period) -> date:
    """Return the day by which decisions count in a budget column: that of a whole year takes them whenever taken."""
    whole_year = (period.end.month, period.end.day) == (12, 31)
    return date.max if whole_year else period.end


def counts_in(measure: str, period: Period, posted: Period) -> bool:
    """Return whether a posting of the fiscal year counts in a period: its own lies inside; a decision, once taken."""
    return posted.end <= decided_by(period) if measure == BUDGET else period.contains(posted)


class Facts(Protocol):
    """Everything recorded of one measure over one fiscal year."""

    @property
    def measure(self) -> str:
        """Actual or budget."""

    @property
    def statements(self) -> Sequence[Statement]:
        """Those that hold, one for each unit, line and period."""

    @property
    def coverage(self) -> Coverage:
        """For which months the books of which units are known to be complete."""

    def totals(self, period: Period) -> Totals:
        """Return the sums of what was posted inside a period."""

    def of(self, unit: str, period: Period) -> Sequence[Posting]:
        """Return a unit's own postings inside a period, in the order of the log."""

    def later(self, unit: str) -> Sequence[Posting]:
        """Return those of a unit's own postings that a statement may take, and perhaps more."""

    def cut_at(self, day: date) -> Sequence[Posting]:
        """Return the postings that begin on or before a day and end after it."""

    def unread(self, period: Period) -> Sequence[Unread]:
        """Return what lies inside a period and cannot be counted."""

    def posting_units(self) -> frozenset[str]:
        """Return the units with any posting of their own in the fiscal year."""


class ListedFacts:
    """Facts held as lists."""

    def __init__(
        self,
        postings: Iterable[Posting],
        statements: Iterable[Statement] = (),
        coverage: Coverage | None = None,
        unread: Iterable[Unread] = (),
        measure: str = ACTUAL,
    ) -> None:
        self.measure = measure
        self._postings = sorted(postings, key=lambda posting: posting.position)
        self._by_unit: dict[str, list[Posting]] = defaultdict(list)
        for posting in self._postings:
            self._by_unit[posting.unit].append(posting)
        self._unread = list(unread)
        self.statements: Sequence[Statement] = list(statements)
        self.coverage: Coverage = coverage or NoCoverage()

    def totals(self, period: Period) -> Totals:
        """Return the sums of what was posted inside a period."""
        sums: dict[str, dict[str, int]] = defaultdict(dict)
        for posting in self._postings:
            if counts_in(self.measure, period, posting.period):
                by_line = sums[posting.unit]
                by_line[posting.line] = by_line.get(posting.line, 0) + posting.cents
        return sums

    def of(self, unit: str, period: Period) -> Sequence[Posting]:
        """Return a unit's own postings inside a period."""
        return [posting for posting in self._by_unit.get(unit, ()) if counts_in(self.measure, period, posting.period)]

    def later(self, unit: str) -> Sequence[Posting]:
        """Return all of a unit's own postings; the statement tells which it takes."""
        return self._by_unit.get(unit, ())

    def cut_at(self, day: date) -> Sequence[Posting]:
        """Return the postings that begin on or before a day and end after it."""
        return [p for p in self._postings if p.period.start <= day < p.period.end]

    def unread(self, period: Period) -> Sequence[Unread]:
        """Return what lies inside a period and cannot be counted."""
        return [one for one in self._unread if counts_in(self.measure, period, one.period)]

    def posting_units(self) -> frozenset[str]:
        """Return the units with any posting of their own."""
        return frozenset(self._by_unit)
