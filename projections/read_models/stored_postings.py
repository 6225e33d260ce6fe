"""The postings of a column out of the read model of running totals, as known at a position of the log."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import define, field, frozen

from events.period import Period
from events.streams import unit_year_stream
from events.value_object import ValueObject
from heinola_es.domain.amounts import SUMMABLE_CENTS, is_readable
from heinola_es.domain.value_rule.facts import Posting, Totals, Unread, counts_in
from heinola_es.store.bodies import body_of
from heinola_es.store.reading import LogReader
from projections.read_models.blocks import must_hold
from projections.read_models.marks import ModelsDiffer, differing, is_marked
from projections.read_models.moment import one_moment
from projections.read_models.present_totals import PresentTotals, present_totals, require_marks, rows_held
from projections.read_models.running_totals import (
    DAY_RESIDUE,
    DETAIL,
    LARGE_CENTS,
    MONTHS,
    ORDINARY,
    RESIDUE,
    SEGMENT,
    block_mark,
    day_mark,
    key_mark,
    kind_of,
    known_spans,
    segments_mark,
)
from projections.read_models.without import NOTHING, LeftOut

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from heinola_es.store.reading import Row

MEASURE_OF = {
    "ActualPosted": "actual",
    "ActualCorrected": "actual",
    "BudgetAdopted": "budget",
    "BudgetAmended": "budget",
}
_ANY_BOOKED = " + ".join(f"max(booked & {1 << month})" for month in range(MONTHS + 2))
Sum = tuple[int, str, str, int]
"""Whether of details, unit, line, and cents."""


@lru_cache(maxsize=1000)
def period_of_days(first_day: str, last_day: str) -> Period:
    """Return the period between two days (ISO text, inclusive): the same for the same, as there are few of them."""
    return Period(date.fromisoformat(first_day), date.fromisoformat(last_day))


class LogPosting(NamedTuple):
    """A posting as the log tells it; days as ISO text, `mark` as in the tables of single postings."""

    position: int
    measure: str
    fiscal_year: int
    first_day: str
    last_day: str
    mark: int
    unit: str
    line: str
    cents: int

    @property
    def detail(self) -> int:
        """1 where it breaks down a total already stated, else 0."""
        return int(self.mark == DETAIL)

    @property
    def period(self) -> Period:
        """What it is about."""
        return period_of_days(self.first_day, self.last_day)

    def posting(self) -> Posting:
        """Return it as the value rule knows it."""
        ordinary, detail = self.mark == ORDINARY, self.mark == DETAIL
        return Posting(self.position, self.unit, self.line, self.cents, self.period, detail, not (ordinary or detail))

    def unread(self) -> Unread:
        """Return it as the value rule knows what cannot be counted."""
        return Unread(self.unit, self.line, self.position, self.period, self.mark == DETAIL)


@frozen(slots=True, eq=False, repr=False)
class Span(ValueObject):
    """What a column's postings are: a measure, a fiscal year, and the days they lie inside (ISO text, inclusive).

    A budget is made of decisions, some of them taken before the year begins; in its last day the year that is whole
    takes those that are taken after it.
    """

    measure: str
    fiscal_year: int
    first_day: str
    last_day: str

    def takes(self, posting: LogPosting) -> bool:
        """Return whether a posting of the log is one of the span."""
        if posting.measure != self.measure or posting.fiscal_year != self.fiscal_year:
            return False
        return posting.last_day <= self.last_day and (self.measure == "budget" or self.first_day <= posting.first_day)

    @property
    def starts_year(self) -> bool:
        """Whether it begins with the fiscal year and ends in it, as every column of a report does."""
        return self.first_day == f"{self.fiscal_year}-01-01" and self.last_day[:4] in {str(self.fiscal_year), "9999"}

    @property
    def goes_on(self) -> bool:
        """Whether it takes what is decided after the year."""
        return self.last_day[:4] == "9999"

    @property
    def whole_months(self) -> int:
        """How many months from 1 January it covers to their end."""
        year, month, day = (int(part) for part in self.last_day.split("-"))
        return month if day == monthrange(year, month)[1] else month - 1

    @property
    def ends_month(self) -> bool:
        """Whether its last day is the last of a month."""
        return self.whole_months == int(self.last_day[5:7])


@define(slots=True, eq=False, repr=False)
class Booked:
    """Who has postings in a fiscal year.

    Attributes:
        months: by unit, the months as bits that it has ordinary ones of; 0 where it has others alone.
        taken: the units with any posting in the span.
    """

    months: dict[str, int] = field(factory=dict)
    taken: set[str] = field(factory=set)


@frozen(slots=False, eq=False, repr=False)
class StoredPostings:
    """The postings of a span from the beginning of a fiscal year on, asked for as they are needed.

    Attributes:
        reader: of the log and the read models.
        span: which postings.
        upto: events after this position are not known.
        known_end: the position from which on totals are at hand: see `totals_since`.
        absent: events that are left out.
    """

    reader: LogReader
    span: Span
    upto: int
    known_end: int
    absent: LeftOut = NOTHING

    def expect(self) -> None:
        """Make ready to be asked: what several spans are told by is then read once for all of them."""
        if self._has_totals and self.upto >= self.known_end:
            self._present.expect(self.span.whole_months)

    def totals(self) -> Totals:
        """Return the sum of the postings by unit and line, in cents."""
        return self._totals

    def is_all_on(self, lines: Collection[str]) -> bool:
        """Return whether it is plain, without looking at each unit, that every posting is on one of some lines."""
        return self._is_of_present and self._present.lines().issubset(lines)

    @cached_property
    def _is_of_present(self) -> bool:
        """Whether the totals of the present tell the span by themselves, as those of nearly every column do."""
        if self.upto < self.known_end or not (self.span.starts_year and self.span.ends_month) or self.absent.units:
            return False
        with one_moment(self.reader):
            return not any(True for _sum in (*self._large_inside(), *self._decided_after()))

    @cached_property
    def _totals(self) -> Totals:
        if self._is_of_present:
            with one_moment(self.reader):
                return self._present.until(self.span.whole_months)
        totals: dict[str, dict[str, int]] = defaultdict(dict)
        for _detail, unit, line, cents in self._sums:
            if cents is not None:
                by_line = totals[unit]
                by_line[line] = by_line.get(line, 0) + cents
        return totals

    def booked(self) -> Mapping[str, int]:
        """Return the units with any posting in the fiscal year, and the months, as bits, of their ordinary ones.

        The lowest bit is of what was decided on a budget before the year, the next that of January.
        """
        if self._is_of_present:
            with one_moment(self.reader):
                self._present.expect(self.span.whole_months)
                return self._present.booked()
        return self._booked.months

    def decided(self) -> tuple[frozenset[str], frozenset[str]]:
        """Return the units with a decision in the span, and those with an ordinary one."""
        return self._decided

    @cached_property
    def _decided(self) -> tuple[frozenset[str], frozenset[str]]:
        if self.span.ends_month:
            months = -1 if self.span.goes_on else (2 << self.span.whole_months) - 1
            ordinary = frozenset(unit for unit, bits in self.booked().items() if bits & months)
            return frozenset(self._totals if self._is_of_present else self._booked.taken), ordinary
        decided = [p for p in self.one_by_one() if p.position <= self.upto and self.span.takes(p)]
        return frozenset(p.unit for p in decided), frozenset(p.unit for p in decided if p.mark == ORDINARY)

    def one_by_one(self) -> list[LogPosting]:
        """Return the single postings of the span that may have to be told apart from a statement."""
        with one_moment(self.reader):
            postings = self._one_by_one("rm_postings")
        absent = self.absent.positions
        return [p for p in postings if p.position <= self.upto and self.span.takes(p) and p.position not in absent]

    def unread(self, period: Period) -> list[Unread]:
        """Return what lies inside a period and cannot be counted: postings, and sums beyond all measure."""
        with one_moment(self.reader):
            postings = self._one_by_one("rm_unread")
        found = [
            p.unread()
            for p in postings
            if p.position <= self.upto and p.position not in self.absent.positions
            if counts_in(p.measure, period, p.period)
        ]
        return found + [Unread(unit, line, None, period, bool(detail)) for detail, unit, line in self._beyond]

    @property
    def _sums(self) -> list[tuple[int, str, str, int | None]]:
        """The sums by whether they are of details, unit and line; None where one is beyond all measure."""
        return self._read[0]

    @cached_property
    def _beyond(self) -> list[tuple[int, str, str]]:
        """Whether of details, unit and line of the sums beyond all measure; large amounts are in no total."""
        if self._is_of_present:
            return []
        return [(detail, unit, line) for detail, unit, line, cents in self._sums if cents is None]

    @property
    def _booked(self) -> Booked:
        return self._read[1]

    @cached_property
    def _read(self) -> tuple[list[tuple[int, str, str, int | None]], Booked]:
        booked = Booked()
        with one_moment(self.reader):
            sums = self._in_totals(booked)
            more = [*self._large_inside(), *self._decided_after()]
            found = [*sums, *self._of_days(booked), *more]
            if self.absent.units:
                found = self._without_absent(found, booked)
            elif not more and self.upto >= self.known_end and self.span.starts_year:
                return [*found], booked
            return _added(found), booked

    def _without_absent(self, sums: list[Sum], booked: Booked) -> list[Sum]:
        """Return the sums without the events that are left out: of their units, what their streams still have."""
        units = self.absent.units.get((self.span.measure, self.span.fiscal_year), frozenset())
        found = [sum_ for sum_ in sums if sum_[1] not in units]
        booked.taken -= units
        for unit in units:
            booked.months.pop(unit, None)
            found += self._sums_of(self._own(unit), booked)
        return found

    def _own(self, unit: str) -> list[LogPosting]:
        """Return a unit's own postings of the measure and fiscal year, but for those that are left out."""
        kept: dict[tuple[str, int], list[LogPosting]] = self.reader.kept.setdefault(f"own up to {self.upto}", {})
        key = unit, self.span.fiscal_year
        if key not in kept:
            kept[key] = list(log_postings(self.reader.rows_of(unit_year_stream(*key), self.upto)))
        block, absent = (self.span.measure, self.span.fiscal_year), self.absent.positions
        return [one for one in kept[key] if (one.measure, one.fiscal_year) == block and one.position not in absent]

    def _in_totals(self, booked: Booked) -> list[Sum]:
        if not self._has_totals:
            return list(self._summed(0, booked))
        if self.upto < self.known_end:
            whole = self.upto // SEGMENT
            return [*self._of_months(whole - 1, booked), *self._summed(whole * SEGMENT, booked)]
        return self._of_present(booked)

    @property
    def _has_totals(self) -> bool:
        """Whether the tables of totals tell the span, or most of it."""
        return self.span.starts_year and (self.span.ends_month or self.upto >= self.known_end)

    def _large_inside(self) -> Iterator[Sum]:
        """Yield the amounts that are in no total, up to where the log itself is read."""
        if self._has_totals:
            yield from self._large(self.upto // SEGMENT * SEGMENT if self.upto < self.known_end else self.upto)

    def _decided_after(self) -> Iterator[Sum]:
        """Yield what was decided on a budget after its year, where the totals of months do not have it."""
        year, prefix = self.span.fiscal_year, f"rm_days {self.span.measure} {self.span.fiscal_year} "
        blocks = (key for key in self.reader.kept["checks"].get("totals", {}) if key.startswith(prefix))
        if not self.span.goes_on or not any(key.removeprefix(prefix) > f"{year}-12" for key in blocks):
            return
        after = self.upto // SEGMENT * SEGMENT if self.upto < self.known_end else self.upto
        for posting in self._one_by_one("rm_postings"):
            if posting.position <= after and posting.last_day > f"{year}-12-31" and abs(posting.cents) <= LARGE_CENTS:
                yield posting.detail, posting.unit, posting.line, posting.cents

    def _of_months(self, last: int, booked: Booked) -> list[Sum]:
        """Return the sums, over the segments up to one, up to the last whole month; take note of what is booked."""
        months, block = self.span.whole_months, (self.span.measure, self.span.fiscal_year)
        residue = f"CAST(sum({RESIDUE} - ? - {segments_mark(1)} * segment) AS BIGINT)"
        told = f"{residue}, CAST(sum(c{months}) AS BIGINT), min(first_month + 0), {_ANY_BOOKED}, count(*)"
        with differing("rm_totals"):
            rows = self.reader.models.execute(
                f"SELECT detail, unit, line, {told} FROM rm_totals WHERE segment >= 0 AND segment <= ? "  # noqa: S608
                "AND measure = ? AND fiscal_year = ? GROUP BY detail, unit, line",
                (block_mark(*block), last, *block),
            ).fetchall()
        counts = [row[7] for row in rows]
        if sum(counts) != rows_held(self.reader, *block, 0, last):
            raise ModelsDiffer("rm_totals")
        require_marks(self.reader, rows, counts)
        inside = [(row[0], row[1], row[2], row[4]) for row in rows if row[5] <= months]
        for row in rows:
            booked.months[row[1]] = booked.months.get(row[1], 0) | row[6]
        booked.taken.update(sum_[1] for sum_ in inside)
        return inside

    def _of_present(self, booked: Booked) -> list[Sum]:
        """Return the sums up to the end of the last whole month; take note of what is booked."""
        inside = self._present.sums(self.span.whole_months)
        booked.months.update(self._present.booked())
        booked.taken.update([sum_[1] for sum_ in inside])
        return inside

    @property
    def _present(self) -> PresentTotals:
        return present_totals(self.reader, self.span.measure, self.span.fiscal_year)

    def _of_days(self, booked: Booked) -> list[Sum]:
        """Return the sums of the days after the last whole month, for a span that ends within one."""
        if self.span.ends_month or not self._has_totals:
            return []
        measure, year, month = self.span.measure, self.span.fiscal_year, self.span.last_day[:7]
        with differing("rm_days"):
            rows = self.reader.models.execute(
                f"SELECT detail, unit, line, cents + 0, last_day, {DAY_RESIDUE} FROM rm_days "  # noqa: S608 - ours
                "WHERE measure = ? AND fiscal_year = ? AND last_day >= ? AND last_day <= ?",
                (measure, year, month, f"{month}-31"),
            ).fetchall()
        block = block_mark(measure, year)
        with differing("rm_days"):
            wanted = [key_mark(row[0], row[1], row[2]) + block + day_mark(row[4]) for row in rows]
        if wanted != [row[5] for row in rows]:
            raise ModelsDiffer("rm_days")
        if len(rows) != must_hold(self.reader, "totals", f"rm_days {measure} {year} {month}")[0]:
            raise ModelsDiffer("rm_days")
        inside = [row[:4] for row in rows if row[4] <= self.span.last_day]
        booked.taken.update(row[1] for row in inside)
        return inside

    def _large(self, upto: int) -> Iterator[Sum]:
        """Yield the amounts that are in no total."""
        for posting in self._one_by_one("rm_large"):
            if posting.position <= upto and self.span.takes(posting):
                yield posting.detail, posting.unit, posting.line, posting.cents

    def _one_by_one(self, table: str) -> list[LogPosting]:
        return single_postings(self.reader, table, (self.span.measure, self.span.fiscal_year))

    def _summed(self, after: int, booked: Booked) -> Iterator[Sum]:
        """Return the sums of a stretch of the log; take note of what is booked."""
        block = (self.span.measure, self.span.fiscal_year)
        return self._sums_of(stretch(self.reader, after, self.upto, block), booked)

    def _sums_of(self, postings: Iterable[LogPosting], booked: Booked) -> Iterator[Sum]:
        """Return the sums of postings of the measure and fiscal year; take note of what is booked."""
        sums: dict[tuple[int, str, str], int] = {}
        for posting in postings:
            booked.months[posting.unit] = booked.months.get(posting.unit, 0) | _months_of(posting)
            if self.span.takes(posting):
                booked.taken.add(posting.unit)
                key = (posting.detail, posting.unit, posting.line)
                sums[key] = sums.get(key, 0) + posting.cents
        return ((*key, cents) for key, cents in sums.items())


def single_postings(reader: LogReader, table: str, block: tuple[str, int]) -> list[LogPosting]:
    """Return the single postings of a measure and fiscal year that a table keeps, in the order of the log.

    Raises:
        ModelsDiffer: they are not those that were written.
    """
    known: dict[tuple[str, str, int], list[LogPosting]] = reader.kept.setdefault("postings", {})
    if (table, *block) not in known:
        known[(table, *block)] = _read_single(reader, table, block)
    return known[(table, *block)]


def _read_single(reader: LogReader, table: str, block: tuple[str, int]) -> list[LogPosting]:
    with differing(table):
        rows = reader.models.execute(
            f"SELECT * FROM {table} WHERE measure = ? AND fiscal_year = ? ORDER BY position",  # noqa: S608
            block,
        ).fetchall()
    must = must_hold(reader, "totals", f"{table} {block[0]} {block[1]}")
    if not all(map(is_marked, rows)) or [len(rows), sum(row[-1] for row in rows)] != must:
        raise ModelsDiffer(table)
    return [
        LogPosting(at, *block, first, last, kind, unit, line, cents)
        for at, _measure, _year, unit, line, first, last, cents, kind, _mark in rows
    ]


def _months_of(posting: LogPosting) -> int:
    """Return the months that a posting books, as bits: of an ordinary one those it is of; of a decision, when."""
    if posting.mark != ORDINARY:
        return 0
    year, month = posting.last_day[:4], int(posting.last_day[5:7])
    if posting.measure == "budget":
        own = str(posting.fiscal_year)
        return 1 << (0 if year < own else month if year == own else MONTHS + 1)
    first = int(posting.first_day[5:7]) if posting.first_day[:4] == year else 1
    return (2 << month) - (1 << first)


def _added(sums: Iterable[Sum]) -> list[tuple[int, str, str, int | None]]:
    """Return sums of the same added up; None where one is beyond all measure."""
    added: dict[tuple[int, str, str], int] = {}
    for detail, unit, line, cents in sums:
        added[detail, unit, line] = added.get((detail, unit, line), 0) + cents
    return [(*key, cents if abs(cents) <= SUMMABLE_CENTS else None) for key, cents in added.items()]


def spans_of(reader: LogReader) -> set[tuple[str, int, str, str]]:
    """Return the periods that postings are about: measure, fiscal year, first and last day.

    Raises:
        ModelsDiffer: they are not those that were written.
    """
    with one_moment(reader), differing("rm_spans"):
        known: set[tuple[str, int, str, str]] | None = reader.kept.get("spans")
        if known is None:
            known = reader.kept["spans"] = known_spans(reader.models, reader.kept["checks"]["totals"])
        return known


def stretch(reader: LogReader, after: int, upto: int, block: tuple[str, int]) -> Iterator[LogPosting]:
    """Yield the postings of a measure and fiscal year in a stretch of the log, which is read once for all of them."""
    kept: dict[int, tuple[int, dict[tuple[str, int], list[LogPosting]]]] = reader.kept.setdefault("stretches", {})
    known = kept.get(after)
    if known is None or known[0] < upto:
        by_block: dict[tuple[str, int], list[LogPosting]] = {}
        for posting in log_postings(reader.rows(after, upto), reader.body_of):
            by_block.setdefault((posting.measure, posting.fiscal_year), []).append(posting)
        known = kept[after] = (upto, by_block)
    return (posting for posting in known[1].get(block, ()) if posting.position <= upto)


def log_postings(rows: Iterable[Row], body_of: Callable[[Row], dict[str, Any]] = body_of) -> Iterator[LogPosting]:
    """Yield the postings among events of the log; one whose amount cannot be counted is left out."""
    for row in rows:
        position, topic = row[0], row[3]
        measure = MEASURE_OF.get(topic)
        if measure is None:
            continue
        body = body_of(row)
        if not is_readable(body["amount_cents"]):
            continue
        first_day, _, last_day = body["effective"].partition("/")
        year = body["fiscal_year"] if measure == "budget" else int(last_day[:4])
        said = (body["unit"], body["line"], body["amount_cents"])
        yield LogPosting(position, measure, year, first_day, last_day, kind_of(topic, body), *said)


def cut_postings(reader: LogReader, upto: int, spans: set[str]) -> list[LogPosting]:
    """Return the actual postings about exactly one of the given periods (ISO intervals), in the order of the log."""
    kept: dict[str, list[LogPosting]] = reader.kept.setdefault(f"cut up to {upto}", {})
    absent = spans - kept.keys()
    if absent:
        kept.update({span: [] for span in absent})
        for posting in log_postings(reader.rows(0, upto), reader.body_of):
            span = f"{posting.first_day}/{posting.last_day}"
            if posting.measure == "actual" and span in absent:
                kept[span].append(posting)
    return sorted(posting for span in spans for posting in kept[span])
