"""The difference between what a file says of an account and what is there: of newer exports, and of totals to date."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from events.period import Period

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

_DAY = timedelta(days=1)


class Crossing(Exception):
    """What the file says of a period has some of the days of one that is there; `args` are the two periods."""


class Repeated(Exception):
    """A total differs from all that is there of its days; `args` are its period, its cents and those that are there."""


@frozen(slots=True)
class Change:
    """A difference to be recorded.

    Attributes:
        said: the period that the file says.
        period: the period in which the difference is recorded.
        cents: the difference.
        now_cents: what `said` comes to by it.
        posted: it is a posting, of days that had none; else a correction.
    """

    said: Period
    period: Period
    cents: int
    now_cents: int
    posted: bool


@define(slots=True)
class Cells:
    """What earlier imports left of one account, or else line.

    Attributes:
        cents: by period.
        chained: the periods whose amount was derived from totals from 1 January.
    """

    cents: dict[Period, int] = field(factory=dict)
    chained: set[Period] = field(factory=set)

    def add(self, period: Period, cents: int) -> None:
        """Take in an amount that is posted beside the others."""
        self.cents[period] = self.cents.get(period, 0) + cents

    # ------------------------------------------------------------------ a newer export

    def gone(self, covered: Iterable[Period], said: Collection[Period]) -> list[Change]:
        """Return what takes back the cells that a newer export tells the period of, and has no longer."""
        absent = [period for period in self.cents if period in set(covered) and period not in said]
        return [self._change(period, period, -self.cents[period], 0, posted=False) for period in absent]

    def update(self, said: Mapping[Period, int]) -> list[Change]:
        """Return how what is there becomes what a newer export says.

        Its periods may be those that are there, parts that make up one of them, or whole ones that have several.

        Raises:
            Crossing: a period shares days with one that is there in any other way.
        """
        changes = self._divided(said)
        for period, cents in said.items():
            inside = self._inside(period)
            delta = cents - sum(self.cents[held] for held in inside)
            if period in self.cents or not inside:
                if delta:
                    changes.append(self._change(period, period, delta, cents, posted=period not in self.cents))
            elif delta:
                gaps = list(_gaps(period, inside))
                into = gaps[0] if len(gaps) == 1 else period
                changes.append(self._change(period, into, delta, cents, posted=len(gaps) == 1))
        return changes

    def _divided(self, said: Mapping[Period, int]) -> list[Change]:
        """Return what takes back the cells of which the file tells every part."""
        changes: list[Change] = []
        for period in said:
            for held in [held for held in self.cents if held.overlaps(period) and not period.contains(held)]:
                parts = [one for one in said if held.contains(one)]
                if period not in parts or list(_gaps(held, parts)):
                    raise Crossing(period, held)
                changes.append(self._change(period, held, -self.cents[held], said[period], posted=False))
        return changes

    # ------------------------------------------------------------------ totals from 1 January

    def totals(
        self, levels: Mapping[Period, int], *, again: bool, through: date | None, ends: Collection[date]
    ) -> list[Change]:
        """Return what makes the sums since 1 January those that the file says.

        Args:
            levels: the totals by their periods, each from 1 January.
            again: a total may also differ from what is there of all its days.
            through: up to this day it is known that an account without an amount had none.
            ends: the days up to which any account has totals already.

        Raises:
            Crossing: a cell that is no difference of totals has days before and after the end of a total.
            Repeated: a total differs from all that is there of its days, and that is not to be changed.
        """
        changes: list[Change] = []
        for total in sorted(levels, key=lambda period: period.end):
            changes += self._total(total, levels[total], again=again, through=through, ends=ends)
            through = max(total.end, through or total.end)
        return changes

    def _total(
        self, total: Period, cents: int, *, again: bool, through: date | None, ends: Collection[date]
    ) -> list[Change]:
        across = next((held for held in self.cents if held.overlaps(total) and not total.contains(held)), None)
        if across is not None:
            return self._split(total, cents, across)
        inside = self._inside(total)
        there = sum(self.cents[held] for held in inside)
        if cents == there:
            return []
        known = [Period(total.start, through)] if through and through >= total.start else []
        gaps = list(_gaps(total, [*inside, *known]))
        if gaps:
            into = Period(gaps[0].start, gaps[-1].end)
            return [self._change(total, into, cents - there, cents, posted=True, chained=True)]
        later = min((end for end in ends if end > total.end), default=None)
        if not again and (later is None or total.end in ends):
            raise Repeated(total, cents, there)
        return self._changed(total, cents, cents - there, ends, later)

    def _split(self, total: Period, cents: int, across: Period) -> list[Change]:
        """Divide a difference of totals at the end of a total between them."""
        if across not in self.chained or across.start < total.start:
            raise Crossing(total, across)
        whole = self.cents[across]
        first, rest = Period(across.start, total.end), Period(total.end + _DAY, across.end)
        before = sum(self.cents[held] for held in self._inside(total))
        changes = [self._change(total, across, -whole, cents, posted=False)]
        for part, amount in ((first, cents - before), (rest, whole - (cents - before))):
            if amount:
                changes.append(self._change(total, part, amount, cents, posted=True, chained=True))
        return changes

    def _changed(
        self, total: Period, cents: int, delta: int, ends: Collection[date], later: date | None
    ) -> list[Change]:
        """Change a total of days that are known; the one after it, which was told as well, stays as it is."""
        changes = [self._booked(total, self._last_part(total, ends), delta, cents)]
        if later is not None:
            rest = Period(total.end + _DAY, later)
            after = next((held for held in self.cents if held in self.chained and held.start == rest.start), rest)
            changes.append(self._booked(total, after, -delta, cents))
        return changes

    def _last_part(self, total: Period, ends: Collection[date]) -> Period:
        """Return where a difference at the end of a total belongs: since the total before it, where one is known."""
        inside = self._inside(total)
        last = next((held for held in inside if held.end == total.end), None)
        if last is not None:
            return last if last in self.chained else total
        before = [end for end in (*ends, *(held.end for held in inside)) if total.start <= end < total.end]
        return Period(max(before) + _DAY, total.end) if before else total

    def _booked(self, total: Period, period: Period, delta: int, cents: int) -> Change:
        """Return a correction where something is posted in the period, and a posting where nothing is."""
        posted = not any(held.overlaps(period) for held in self.cents)
        return self._change(total, period, delta, cents, posted=posted, chained=posted)

    # ------------------------------------------------------------------ parts

    def _inside(self, period: Period) -> list[Period]:
        return [held for held in self.cents if period.contains(held)]

    def _change(
        self, said: Period, period: Period, delta: int, now: int, *, posted: bool, chained: bool = False
    ) -> Change:
        """Return a change, and take it in."""
        self.add(period, delta)
        if not self.cents[period]:
            del self.cents[period]
        if chained:
            self.chained.add(period)
        return Change(said, period, delta, now, posted)


def _gaps(whole: Period, parts: Iterable[Period]) -> Iterator[Period]:
    """Yield what is left of a period beside its parts."""
    start = whole.start
    for part in sorted(parts):
        if part.start > start:
            yield Period(start, part.start - _DAY)
        start = max(start, part.end + _DAY)
    if start <= whole.end:
        yield Period(start, whole.end)
