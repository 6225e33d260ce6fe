"""The value rule once more, slow and obvious, over the plain list of events: what the product is compared with.

Written from the words of the design ("The value rule"), not from the product: it knows the events and the chart's data,
nothing else. A value is an amount in cents where it is whole, and None where it is not.

Where the words leave a choice, this is what was chosen:

- A unit with units below is never valued by its own postings alone. Units below count where they, or any below them,
  existed on a day of the period or have facts in its year; where none did, the unit is valued like one without any.
- "Own postings on L itself", beside the components, are those of the unit and of everything below it: no component
  holds them.
- A posting that reaches over the edge of the period makes what would be posted not whole, as one over a cut does.
- Below, of what is covered: as of the last day that is covered.
- Closing covers actuals alone, and nothing of a unit that ever stated totals and has no ordinary postings that year.
- Decisions cover a budget from their day on, and in the report of a whole year any do.
- Lines that break another down ("of which") are its components, asked last, where anything is recorded of one of them.
- A line that a kind of unit has alone is a whole 0 for every other unit, unless anything at or below the line is
  recorded of the unit or of one below it in the year. What such a line is part of is known of a unit of the kind by its
  units below only where its own books are covered; the line itself also where one of these has something of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from functools import cache, wraps
from typing import TypeVar

from attrs import evolve, field, frozen

from events.base import Event
from events.coverage import BooksCompleted, CompletionWithdrawn
from events.figures import (
    ActualCorrected,
    ActualPosted,
    BudgetAdopted,
    BudgetAmended,
    FigureStated,
    PeriodClosed,
    PeriodReopened,
    StatementWithdrawn,
)
from events.organisation import UnitClosed, UnitEstablished, UnitMerged, UnitMoved
from events.period import Period
from heinola_es.domain.chart import Chart

T = TypeVar("T")


def remembered(method: Callable[..., T]) -> Callable[..., T]:
    """Let a method of a log tell the same again without working it out again."""

    @wraps(method)
    def told(log: WholeReference, *asked: object) -> T:
        known: dict[tuple[object, ...], T] = log.__dict__.setdefault("_known", {})
        key = (method.__name__, *asked)
        if key not in known:
            known[key] = method(log, *asked)
        return known[key]

    return told


Posting = ActualPosted | ActualCorrected | BudgetAdopted | BudgetAmended
Said = tuple[int, FigureStated]


@frozen(eq=False, slots=False)
class WholeReference:
    """A log as a list: the event at position n is the n-th.

    What a method has once told it remembers; nothing else is clever here.
    """

    events: Sequence[Event]
    chart: Chart

    # ---------------------------------------------------------------- who stands where

    @remembered
    def units(self) -> list[UnitEstablished]:
        """Return every unit as it was established."""
        return [e for e in self.events if isinstance(e, UnitEstablished)]

    @remembered
    def life(self, unit: str) -> tuple[date, date]:
        """Return the first and the last day of a unit."""
        first = next(e.effective.start for e in self.units() if e.code == unit)
        ends = [e.effective.start for e in self.events if isinstance(e, UnitClosed | UnitMerged) and e.code == unit]
        return first, (ends[-1] if ends else date.max)

    def lived_in(self, unit: str, period: Period) -> bool:
        """Return whether a unit existed on a day of the period."""
        first, last = self.life(unit)
        return first <= period.end and period.start <= last

    def stands_under(self, unit: str, day: date) -> str | None:
        """Return the unit above on a day, or where it first stood for a day before that."""
        day = max(day, self.life(unit)[0])
        above: str | None = None
        since = None
        for event in self.events:
            if isinstance(event, UnitEstablished | UnitMoved) and event.code == unit:
                start = event.effective.start
                if start <= day and (since is None or start >= since):
                    above, since = event.parent, start
        for event in self.events:
            if isinstance(event, UnitMerged) and event.code == unit and event.effective.start < day:
                above = event.into
        return above

    @remembered
    def below(self, unit: str, day: date) -> list[str]:
        """Return the units right below on a day, of the same book."""
        kinds = {e.code: e.kind.startswith("investment") for e in self.units()}
        right_below = [e.code for e in self.units() if self.stands_under(e.code, day) == unit]
        return [code for code in right_below if kinds[code] == kinds[unit]]

    @remembered
    def with_below(self, unit: str, day: date) -> set[str]:
        """Return a unit with everything below it."""
        return {unit}.union(*(self.with_below(child, day) for child in self.below(unit, day)))

    @remembered
    def has_facts(self, unit: str, measure: str, year: int) -> bool:
        """Return whether anything is posted or stated of a unit in a fiscal year."""
        posted = any(p.unit == unit and fiscal_year(p) == year for _at, p in self.postings(measure))
        return posted or any(s.unit == unit and s.effective.end.year == year for _at, s in self.statements(measure))

    def there_below(self, unit: str, day: date, measure: str, period: Period) -> list[str]:
        """Return the units right below that, or of which one below, existed in a period or has facts in its year."""
        return [
            child
            for child in self.below(unit, day)
            if any(
                self.lived_in(low, period) or self.has_facts(low, measure, period.end.year)
                for low in self.with_below(child, day)
            )
        ]

    @remembered
    def lines_in(self, line: str) -> set[str]:
        """Return a line and everything it is the sum of."""
        return {line}.union(*(self.lines_in(part) for part in self.chart.lines[line].components))

    # ---------------------------------------------------------------- what was said

    @remembered
    def statements(self, measure: str) -> list[Said]:
        """Return the statements that were not withdrawn later, with their positions."""
        return [
            (position, event)
            for position, event in enumerate(self.events)
            if isinstance(event, FigureStated)
            and event.measure == measure
            and not any(
                isinstance(later, StatementWithdrawn)
                and (later.unit, later.line, later.measure, later.effective)
                == (event.unit, event.line, event.measure, event.effective)
                for later in self.events[position:]
            )
        ]

    def asserted(self, measure: str) -> list[Said]:
        """Return the statements that tell what there is; those of the measure itself."""
        return self.statements(measure)

    @remembered
    def postings(self, measure: str) -> list[tuple[int, Posting]]:
        """Return everything that adds, with its position."""
        kinds = (ActualPosted, ActualCorrected) if measure == "actual" else (BudgetAdopted, BudgetAmended)
        return [(at, event) for at, event in enumerate(self.events) if isinstance(event, kinds)]

    @remembered
    def left(self) -> list[Posting]:
        """Return the postings but those that were taken back over the same period: they cross nothing."""
        sums: dict[tuple[str, str, Period, bool], int] = defaultdict(int)
        cells = [
            ((p.unit, p.line, p.effective, bool(getattr(p, "detail", False))), p) for _at, p in self.postings("actual")
        ]
        for cell, p in cells:
            sums[cell] += p.amount_cents
        return [p for cell, p in cells if sums[cell]]

    @remembered
    def is_closed(self, unit: str, month: Period) -> bool:
        """Return whether the books of a unit are closed for all of a month, and were not opened again."""
        closed: set[date] = set()
        for event in self.events:
            if isinstance(event, PeriodClosed | PeriodReopened) and event.unit == unit:
                (closed.update if isinstance(event, PeriodClosed) else closed.difference_update)(days(event.effective))
        return closed.issuperset(days(month))

    @remembered
    def said(self, measure: str, unit: str, line: str, month: Period) -> list[bool | None]:
        """Return what was said last of a line and each below it: that books are complete, or not, or nothing."""
        declared: dict[str, bool | None] = dict.fromkeys(self.lines_in(line))
        for event in self.events:
            if not isinstance(event, BooksCompleted | CompletionWithdrawn) or event.measure != measure:
                continue
            if not event.effective.contains(month) or unit not in self.with_below(event.unit, event.effective.end):
                continue
            named = {low for name in event.lines for low in self.lines_in(name)} or set(self.chart.lines)
            declared |= {one: isinstance(event, BooksCompleted) for one in declared if one in named}
        return list(declared.values())

    @remembered
    def is_of_others(self, unit: str, line: str, measure: str, structure: date, year: int) -> bool:
        """Return whether other kinds of unit have a line, and nothing is recorded of it for this one or below."""
        kinds = self.chart.lines[line].kinds
        if not kinds or next(e.kind for e in self.units() if e.code == unit) in kinds:
            return False
        return not self.is_told(unit, self.lines_in(line), measure, structure, year)

    def tells_details(self, unit: str, line: str, measure: str, structure: date, year: int) -> bool:
        """Return whether a line has no details, or anything is recorded of one, of the unit or below it."""
        details = self.chart.lines[line].details
        below = set[str]().union(*(self.lines_in(detail) for detail in details))
        return not details or self.is_told(unit, below, measure, structure, year)

    def is_told(self, unit: str, lines: set[str], measure: str, structure: date, year: int) -> bool:
        """Return whether anything is recorded on any of some lines, of a unit or one below it, in a year."""
        units = self.with_below(unit, structure)
        posted = any(
            p.unit in units and p.line in lines and fiscal_year(p) == year for _at, p in self.postings(measure)
        )
        stated = any(
            s.unit in units and s.line in lines and s.effective.end.year == year for _at, s in self.statements(measure)
        )
        return posted or stated

    def routes_to(self, line: str) -> Sequence[str]:
        """Return the routes below a statement, in order."""
        if self.chart.lines[line].details:
            return "units", "posted", "components"
        return "components", "units", "posted"

    def has_of_its_own(self, unit: str, line: str) -> bool:
        """Return whether a line is, or holds, one that the unit's kind has alone."""
        kind = next(e.kind for e in self.units() if e.code == unit)
        return any(kind in self.chart.lines[part].kinds for part in self.lines_in(line))

    # ---------------------------------------------------------------- the rule

    def actual(self, period: Period, structure: date) -> Callable[[str, str], int | None]:
        """Return what tells the whole actual of a unit and line over a period, in the organisation of a day."""
        return _Actuals(self, structure).over(period)

    def budget(self, year: int, day: date, structure: date) -> Callable[[str, str], int | None]:
        """Return what tells the whole budget of a unit and line as of a day, in the organisation of a day."""
        return _Budgets(self, year, day, structure).value


@frozen(eq=False, slots=False)
class InternalReference(WholeReference):
    """The internal part of a log, by the same rule: what is not marked internal is nothing, in the very same books.

    What is stated of totals says nothing of it. Where nothing at all is marked, every total has an internal part of 0.
    """

    @classmethod
    def of(cls, events: Sequence[Event], chart: Chart) -> InternalReference:
        """Return what is internal in a log."""
        return cls([_without_the_rest(event) for event in events], chart)

    def asserted(self, measure: str) -> list[Said]:
        """Return what is stated of the internal part; where nothing is marked internal, 0 of every total."""
        marked = any(getattr(e, "internal", False) for e in self.events)
        said = {one: self.statements(f"internal_{one}") for one in ("actual", "budget")}
        if marked or said["actual"] or said["budget"]:
            return said[measure]
        return [(at, evolve(statement, amount_cents=0)) for at, statement in self.statements(measure)]


@frozen(eq=False, slots=False)
class AmendmentsReference(WholeReference):
    """What was decided of budgets after they were adopted, by the same rule: all else adds nothing, in the same books.

    What is stated of totals says nothing of it.
    """

    @classmethod
    def of(cls, events: Sequence[Event], chart: Chart) -> AmendmentsReference:
        """Return the amendments of a log."""
        return cls([_without_what_was_adopted(event) for event in events], chart)

    def asserted(self, measure: str) -> list[Said]:  # noqa: ARG002 - of neither measure
        """Return nothing: no document states what amendments come to."""
        return []


def _without_what_was_adopted(event: Event) -> Event:
    return evolve(event, amount_cents=0) if isinstance(event, BudgetAdopted) else event


def _without_the_rest(event: Event) -> Event:
    if isinstance(event, ActualPosted | ActualCorrected | BudgetAdopted | BudgetAmended) and not event.internal:
        return evolve(event, amount_cents=0)
    return event


def days(period: Period) -> set[date]:
    """Return every day of a period."""
    return {period.start + timedelta(days=n) for n in range((period.end - period.start).days + 1)}


def months(period: Period) -> Iterator[Period]:
    """Return the months that a period touches."""
    for year in range(period.start.year, period.end.year + 1):
        for month in range(1, 13):
            if (whole := Period.of_month(year, month)).start <= period.end and period.start <= whole.end:
                yield whole


def fiscal_year(posting: Posting) -> int:
    """Return the year that a posting is of."""
    return posting.fiscal_year if isinstance(posting, BudgetAdopted | BudgetAmended) else posting.effective.end.year


def is_ordinary(posting: Posting) -> bool:
    """Return whether a posting is neither a correction nor a detail."""
    if isinstance(posting, ActualCorrected) or posting.detail:
        return False
    return not (isinstance(posting, BudgetAmended) and posting.correcting)


@frozen(eq=False)
class _Actuals:
    log: WholeReference
    structure: date
    _over: dict[Period, Callable[[str, str], int | None]] = field(factory=dict)
    _elsewhere: dict[date, _Actuals] = field(factory=dict)

    def over(self, period: Period) -> Callable[[str, str], int | None]:
        if period not in self._over:
            self._over[period] = cache(lambda unit, line: self.value(unit, line, period))
        return self._over[period]

    def value(self, unit: str, line: str, period: Period) -> int | None:
        straight = self.straight(unit, line, period, ("stated",))
        if straight is None:
            straight = self.tiled(unit, line, period)
        if straight is None:
            straight = self.straight(unit, line, period, self.log.routes_to(line))
        if straight is None and self.is_of_others(unit, line, period):
            return 0
        return straight

    def is_of_others(self, unit: str, line: str, period: Period) -> bool:
        return self.log.is_of_others(unit, line, "actual", self.structure, period.end.year)

    def straight(self, unit: str, line: str, period: Period, routes: Sequence[str]) -> int | None:
        for route in routes:
            amount: int | None = getattr(self, route)(unit, line, period)
            if amount is not None:
                return amount
        return None

    def stated(self, unit: str, line: str, period: Period) -> int | None:
        statements = self.log.asserted("actual")
        said = [(at, s) for at, s in statements if (s.unit, s.line, s.effective) == (unit, line, period)]
        if not said:
            return None
        since, statement = said[-1]
        members = self.log.with_below(unit, period.end)
        later = sum(
            p.amount_cents
            for at, p in self.log.postings("actual")
            if at > since and p.unit in members and self.is_in(p, line, period) and not getattr(p, "detail", False)
        )
        here, there = self.over(period), self.as_of(period.end).over(period)
        moved = exchanged(self.log, unit, line, (period.end, there), (self.structure, here))
        return None if moved is None else statement.amount_cents + later + moved

    def tiled(self, unit: str, line: str, period: Period) -> int | None:
        inside = {
            s.effective
            for _at, s in self.log.asserted("actual")
            if (s.unit, s.line) == (unit, line) and period.contains(s.effective) and s.effective != period
        }
        for part in sorted(inside, key=lambda p: (p.start - p.end, p.start)):
            before = Period(period.start, part.start - DAY) if period.start < part.start else None
            after = Period(part.end + DAY, period.end) if part.end < period.end else None
            pieces = [piece for piece in (before, part, after) if piece is not None]
            if self.crossing(unit, line, pieces):
                continue
            amounts = [self.value(unit, line, piece) for piece in pieces]
            if None not in amounts:
                return sum(amount for amount in amounts if amount is not None)
        return None

    def crossing(self, unit: str, line: str, pieces: list[Period]) -> bool:
        whole = Period(pieces[0].start, pieces[-1].end)
        units = self.log.with_below(unit, self.structure).union(*(self.log.with_below(unit, p.end) for p in pieces))
        return any(
            p.unit in units and self.is_in(p, line, whole) and not any(piece.contains(p.effective) for piece in pieces)
            for p in self.log.left()
        )

    def components(self, unit: str, line: str, period: Period) -> int | None:
        parts = self.log.chart.lines[line].components
        if not self.log.tells_details(unit, line, "actual", self.structure, period.end.year):
            return None
        amounts = [self.over(period)(unit, part) for part in parts]
        if not parts or None in amounts or self.is_cut(self.log.with_below(unit, self.structure), {line}, period):
            return None
        itself = self.own(self.log.with_below(unit, self.structure), {line}, period)
        return sum(amount for amount in amounts if amount is not None) + itself

    def units(self, unit: str, line: str, period: Period) -> int | None:
        below = self.lived_below(unit, period)
        amounts = [self.over(period)(child, line) for child in below]
        lines = self.log.lines_in(line)
        if not below or None in amounts or self.is_cut({unit}, lines, period):
            return None
        own = self.log.has_of_its_own(unit, line) and (
            not self.log.chart.lines[line].kinds or all(self.is_of_others(child, line, period) for child in below)
        )
        if (own or self.posts_in(unit, period.end.year)) and not self.is_covered(unit, line, period):
            return None
        return sum(amount for amount in amounts if amount is not None) + self.own({unit}, lines, period)

    def posted(self, unit: str, line: str, period: Period) -> int | None:
        lines = self.log.lines_in(line)
        if self.lived_below(unit, period) or not self.is_covered(unit, line, period):
            return None
        return None if self.is_cut({unit}, lines, period) else self.own({unit}, lines, period)

    # ---------------------------------------------------------------- what the routes ask

    def as_of(self, day: date) -> _Actuals:
        if day == self.structure:
            return self
        return self._elsewhere.setdefault(day, _Actuals(self.log, day))

    def lived_below(self, unit: str, period: Period) -> list[str]:
        return self.log.there_below(unit, self.structure, "actual", period)

    def is_in(self, posting: Posting, line: str, period: Period) -> bool:
        return posting.line in self.log.lines_in(line) and period.contains(posting.effective)

    def own(self, units: set[str], lines: set[str], period: Period) -> int:
        return sum(
            p.amount_cents
            for _at, p in self.log.postings("actual")
            if p.unit in units and p.line in lines and period.contains(p.effective)
        )

    def is_cut(self, units: set[str], lines: set[str], period: Period) -> bool:
        return any(
            p.unit in units
            and p.line in lines
            and not period.contains(p.effective)
            and p.effective.start <= period.end
            and period.start <= p.effective.end
            for p in self.log.left()
        )

    def posts_in(self, unit: str, year: int) -> bool:
        return any(p.unit == unit and p.effective.end.year == year for _at, p in self.log.postings("actual"))

    def is_covered(self, unit: str, line: str, period: Period) -> bool:
        """Return whether the books are there for every month of the period in which the unit existed."""
        first, last = self.log.life(unit)
        needed = [m for m in months(period) if first <= min(m.end, period.end) and max(m.start, period.start) <= last]
        return all(self.covers(unit, line, month) for month in needed)

    def covers(self, unit: str, line: str, month: Period) -> bool:
        said = self.log.said("actual", unit, line, month)
        if all(said) or False in said:
            return all(said)
        if any(s.unit == unit and s.effective.contains(month) for _at, s in self.log.statements("actual")):
            return False
        ordinary = [p.effective for _at, p in self.log.postings("actual") if p.unit == unit and is_ordinary(p)]
        posts = any(one.end.year == month.end.year for one in ordinary)
        closing_tells = posts or all(s.unit != unit for _at, s in self.log.statements("actual"))
        return (closing_tells and self.log.is_closed(unit, month)) or any(
            one.start <= month.end and month.start <= one.end for one in ordinary
        )


DAY = timedelta(days=1)


@frozen(eq=False)
class _Budgets:
    log: WholeReference
    year: int
    day: date
    structure: date
    _elsewhere: dict[date, _Budgets] = field(factory=dict)
    _known: dict[tuple[str, str], int | None] = field(factory=dict)

    def value(self, unit: str, line: str) -> int | None:
        if (unit, line) not in self._known:
            routes = ("stated", *self.log.routes_to(line))
            amounts = (getattr(self, route)(unit, line) for route in routes)
            known = next((amount for amount in amounts if amount is not None), None)
            self._known[unit, line] = 0 if known is None and self.is_of_others(unit, line) else known
        return self._known[unit, line]

    def is_of_others(self, unit: str, line: str) -> bool:
        return self.log.is_of_others(unit, line, "budget", self.structure, self.year)

    def decisions(self) -> list[tuple[int, BudgetAdopted | BudgetAmended]]:
        """Return the decisions on the year's budget that count: by the day, in a whole year's report whenever taken."""
        year_ends = self.day == date(self.year, 12, 31)
        return [
            (at, p)
            for at, p in self.log.postings("budget")
            if isinstance(p, BudgetAdopted | BudgetAmended)
            and p.fiscal_year == self.year
            and (year_ends or p.effective.end <= self.day)
        ]

    def stated(self, unit: str, line: str) -> int | None:
        said = [
            (at, s)
            for at, s in self.log.asserted("budget")
            if (s.unit, s.line, s.effective.end.year) == (unit, line, self.year) and s.effective.end <= self.day
        ]
        if not said:
            return None
        since, statement = max(said, key=lambda one: (one[1].effective.end, one[0]))
        stated_on = statement.effective.end
        members, lines = self.log.with_below(unit, stated_on), self.log.lines_in(line)
        later = sum(
            p.amount_cents
            for at, p in self.decisions()
            if p.unit in members and p.line in lines and not p.detail and (at > since or p.effective.end > stated_on)
        )
        there = self if stated_on == self.structure else self.as_of(stated_on)
        moved = exchanged(self.log, unit, line, (stated_on, there.value), (self.structure, self.value))
        return None if moved is None else statement.amount_cents + later + moved

    def components(self, unit: str, line: str) -> int | None:
        parts = self.log.chart.lines[line].components
        if not self.log.tells_details(unit, line, "budget", self.structure, self.year):
            return None
        amounts = [self.value(unit, part) for part in parts]
        if not parts or None in amounts:
            return None
        itself = self.own(self.log.with_below(unit, self.structure), {line})
        return sum(amount for amount in amounts if amount is not None) + itself

    def units(self, unit: str, line: str) -> int | None:
        below = self.lived_below(unit)
        amounts = [self.value(child, line) for child in below]
        if not below or None in amounts:
            return None
        own = self.log.has_of_its_own(unit, line) and (
            not self.log.chart.lines[line].kinds or all(self.is_of_others(child, line) for child in below)
        )
        if (own or self.decides_ever(unit)) and not self.is_covered(unit, line):
            return None  # in that year, though after the day: what is its own is not known yet
        return sum(amount for amount in amounts if amount is not None) + self.own({unit}, self.log.lines_in(line))

    def posted(self, unit: str, line: str) -> int | None:
        if self.lived_below(unit) or not self.is_covered(unit, line):
            return None
        return self.own({unit}, self.log.lines_in(line))

    def as_of(self, day: date) -> _Budgets:
        return self._elsewhere.setdefault(day, _Budgets(self.log, self.year, self.day, day))

    def lived_below(self, unit: str) -> list[str]:
        until = Period(date(self.year, 1, 1), self.day)
        return self.log.there_below(unit, self.structure, "budget", until)

    def own(self, units: set[str], lines: set[str]) -> int:
        return sum(p.amount_cents for _at, p in self.decisions() if p.unit in units and p.line in lines)

    def decides(self, unit: str) -> bool:
        return any(p.unit == unit for _at, p in self.decisions())

    def decides_ever(self, unit: str) -> bool:
        return any(
            p.unit == unit and p.fiscal_year == self.year
            for _at, p in self.log.postings("budget")
            if isinstance(p, BudgetAdopted | BudgetAmended)
        )

    def is_covered(self, unit: str, line: str) -> bool:
        if not self.log.lived_in(unit, Period.of_year(self.year)):
            return True
        undecided = self.decides_ever(unit) and not self.decides(unit)
        said = self.log.said("budget", unit, line, Period.of_year(self.year))
        if (all(said) and not undecided) or False in said:
            return all(said)
        if any(
            s.unit == unit and s.effective.end.year == self.year and s.effective.end <= self.day
            for _at, s in self.log.statements("budget")
        ):
            return False
        return any(p.unit == unit and is_ordinary(p) for _at, p in self.decisions())


Then = tuple[date, Callable[[str, str], int | None]]


def exchanged(log: WholeReference, unit: str, line: str, stated: Then, asked: Then) -> int | None:
    """Return what a total of one day's organisation changes by in that of another day; None where it cannot be told."""
    members, now = log.with_below(unit, stated[0]), log.with_below(unit, asked[0])
    came = _of_whole_branches(log, now - members, now & members, line, asked)
    left = _of_whole_branches(log, members - now, now & members, line, stated)
    return None if came is None or left is None else came - left


def _of_whole_branches(log: WholeReference, units: set[str], others: set[str], line: str, then: Then) -> int | None:
    """Return what units amount to without those below them that are among the others."""
    day, value = then
    amounts = [(1, value(one, line)) for one in units if log.stands_under(one, day) not in units]
    amounts += [(-1, value(one, line)) for one in others if log.stands_under(one, day) in units]
    if any(amount is None for _sign, amount in amounts):
        return None
    return sum(sign * amount for sign, amount in amounts if amount is not None)
