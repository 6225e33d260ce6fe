"""The postings of a column out of the read model of running totals, as known at a position of the log."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import frozen

from events.streams import unit_year_stream
from heinola_es.amounts import SUMMABLE_CENTS, is_readable
from heinola_es.store.bodies import body_of
from heinola_es.store.reading import LogReader
from heinola_es.value import Posting, Unread
from projections.checked import must_hold
from projections.marks import ModelsDiffer, differing, is_marked
from projections.moment import one_moment
from projections.running_totals import (
    DAY_RESIDUE,
    PRESENT,
    RESIDUE,
    SEGMENT,
    block_mark,
    day_mark,
    key_mark,
    known_spans,
    segments_mark,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from heinola_es.store.reading import Row

    Totals = Mapping[str, Mapping[str, int]]

MEASURE_OF = {
    "ActualPosted": "actual",
    "ActualCorrected": "actual",
    "BudgetAdopted": "budget",
    "BudgetAmended": "budget",
}
Sum = tuple[int, str, str, int]
"""Whether of details, unit, line, and cents."""


class LogPosting(NamedTuple):
    """A posting as the log tells it; days as ISO text, `detail` 1 or 0."""

    position: int
    measure: str
    fiscal_year: int
    first_day: str
    last_day: str
    detail: int
    unit: str
    line: str
    cents: int


@frozen(slots=True)
class Span:
    """What a column's postings are: a measure, a fiscal year, and the days they lie inside (ISO text, inclusive).

    A budget is made of decisions, some of them taken before the year begins.
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
        return self.first_day == f"{self.fiscal_year}-01-01" and self.last_day[:4] == str(self.fiscal_year)

    @property
    def whole_months(self) -> int:
        """How many months from 1 January it covers to their end."""
        year, month, day = (int(part) for part in self.last_day.split("-"))
        return month if day == monthrange(year, month)[1] else month - 1

    @property
    def ends_month(self) -> bool:
        """Whether its last day is the last of a month."""
        return self.whole_months == int(self.last_day[5:7])


@frozen(slots=True, eq=False, repr=False)
class StatedAfter:
    """Which postings a statement of the column may take: of these units, after this position or this day."""

    units: frozenset[str]
    position: int
    day: str

    def may_take(self, posting: LogPosting) -> bool:
        """Return whether a posting of the column is one that a statement may take."""
        later = posting.position > self.position or posting.last_day > self.day
        return later and not posting.detail and posting.unit in self.units


@frozen(slots=False, eq=False, repr=False)
class StoredPostings:
    """The postings of a column, asked for as they are needed.

    Attributes:
        reader: of the log and the read models.
        span: which postings.
        upto: events after this position are not known.
        known_end: the position that the read models have come to; totals are at hand for it.
        stated: bounds what statements may take.
    """

    reader: LogReader
    span: Span
    upto: int
    known_end: int
    stated: StatedAfter

    def totals(self) -> Totals:
        """Return the sum of the postings by unit and line, in cents."""
        totals: dict[str, dict[str, int]] = defaultdict(dict)
        for _detail, unit, line, cents in self._known_sums():
            by_line = totals[unit]
            by_line[line] = by_line.get(line, 0) + cents
        return totals

    def details(self) -> Totals:
        """Return the sum of those marked as detail by unit and line, in cents."""
        details: dict[str, dict[str, int]] = defaultdict(dict)
        for detail, unit, line, cents in self._known_sums():
            if detail:
                details[unit][line] = details[unit].get(line, 0) + cents
        return details

    def _known_sums(self) -> Iterator[Sum]:
        return ((detail, unit, line, cents) for detail, unit, line, cents in self._sums if cents is not None)

    def unread(self) -> list[Unread]:
        """Return what lies inside the span and cannot be counted: postings, and sums beyond all measure."""
        with one_moment(self.reader):
            postings = self._one_by_one("rm_unread")
        found = [
            Unread(p.unit, p.line, p.position, date.fromisoformat(p.last_day), bool(p.detail))
            for p in postings
            if p.position <= self.upto and self.span.takes(p)
        ]
        last = date.fromisoformat(self.span.last_day)
        return found + [Unread(u, line, None, last, bool(d)) for d, u, line, cents in self._sums if cents is None]

    def of(self, unit: str) -> Sequence[Posting]:
        """Return a unit's own postings, in the order of the log: out of its stream of the year."""
        stream = unit_year_stream(unit, self.span.fiscal_year)
        return [
            Posting(p.position, p.unit, p.line, p.cents, date.fromisoformat(p.last_day), bool(p.detail))
            for p in log_postings(self.reader.rows_of(stream, self.upto))
            if self.span.takes(p)
        ]

    def perhaps_later(self, unit: str) -> Sequence[Posting]:
        """Return those of a unit's own postings that a statement of the column may take, and perhaps more."""
        return self._later.get(unit, ())

    @cached_property
    def _sums(self) -> list[tuple[int, str, str, int | None]]:
        """The sums by whether they are of details, unit and line; None where one is beyond all measure."""
        with one_moment(self.reader):
            if not self.span.starts_year or not (self.span.ends_month or self.upto >= self.known_end):
                return _added(self._summed(0))
            if self.upto < self.known_end:
                whole = self.upto // SEGMENT
                before = [*self._of_months(0, whole - 1), *self._large(whole * SEGMENT)]
                return _added([*before, *self._summed(whole * SEGMENT)])
            large = list(self._large(self.upto))
            sums = [*self._of_months(PRESENT, PRESENT), *self._of_days()]
            return _added([*sums, *large]) if large else [*sums]

    def _of_months(self, first: int, last: int) -> list[Sum]:
        """Return the sums, over some segments, up to the end of the last whole month."""
        months, block = self.span.whole_months, (self.span.measure, self.span.fiscal_year)
        if first == last == PRESENT:
            told, where, grouped = f"c{months}, first_month, {RESIDUE} - ?", "segment = ?", ""
            values = (block_mark(*block) + segments_mark(PRESENT), PRESENT)
        else:
            residue = f"CAST(sum({RESIDUE} - ? - {segments_mark(1)} * segment) AS BIGINT)"
            told = f"CAST(sum(c{months}) AS BIGINT), min(first_month), {residue}, count(*)"
            where, grouped = f"segment >= {first} AND segment <= ?", " GROUP BY detail, unit, line"
            values = (block_mark(*block), last)
        with differing("rm_totals"):
            rows = self.reader.models.execute(
                f"SELECT detail, unit, line, {told} FROM rm_totals "  # noqa: S608 - names and numbers of ours
                f"WHERE {where} AND measure = ? AND fiscal_year = ?{grouped}",
                (*values, *block),
            ).fetchall()
        counts = [row[6] for row in rows] if grouped else [1] * len(rows)
        if sum(counts) != self._must_hold(first, last):
            raise ModelsDiffer("rm_totals")
        self._require_marks(rows, counts)
        return [row[:4] for row in rows if row[4] <= months]

    def _must_hold(self, first: int, last: int) -> int:
        """Return how many rows some segments must hold between them, however far positions lie apart."""
        ending = f" {self.span.measure} {self.span.fiscal_year}"
        held: Mapping[str, list[int]] = self.reader.kept["checks"].get("totals", {})
        return sum(
            number
            for key, (number, _mark) in held.items()
            if key.startswith("rm_totals ") and key.endswith(ending) and first <= int(key.split()[1]) <= last
        )

    def _require_marks(self, rows: Sequence[Any], counts: Iterable[int]) -> None:
        """Refuse sums of totals where what is left of the marks of so many rows is not the mark of their key.

        Raises:
            ModelsDiffer.
        """
        marks: dict[tuple[int, str, str], int] = self.reader.kept.setdefault("key marks", {})
        for row, count in zip(rows, counts, strict=True):
            key = row[:3]
            mark = marks.get(key)
            if mark is None:
                mark = marks[key] = key_mark(*key)
            if row[5] != count * mark:
                raise ModelsDiffer("rm_totals")

    def _of_days(self) -> list[Sum]:
        """Return the sums of the days after the last whole month, for a span that ends within one."""
        if self.span.ends_month:
            return []
        measure, year, month = self.span.measure, self.span.fiscal_year, self.span.last_day[:7]
        with differing("rm_days"):
            rows = self.reader.models.execute(
                f"SELECT detail, unit, line, cents, last_day, {DAY_RESIDUE} FROM rm_days "  # noqa: S608 - ours
                "WHERE measure = ? AND fiscal_year = ? AND last_day >= ? AND last_day <= ?",
                (measure, year, month, f"{month}-31"),
            ).fetchall()
        block = block_mark(measure, year)
        for detail, unit, line, _cents, day, residue in rows:
            if residue != key_mark(detail, unit, line) + block + day_mark(day):
                raise ModelsDiffer("rm_days")
        if len(rows) != must_hold(self.reader, "totals", f"rm_days {measure} {year} {month}")[0]:
            raise ModelsDiffer("rm_days")
        return [row[:4] for row in rows if row[4] <= self.span.last_day]

    def _large(self, upto: int) -> Iterator[Sum]:
        """Yield the amounts that are in no total."""
        for posting in self._one_by_one("rm_large"):
            if posting.position <= upto and self.span.takes(posting):
                yield posting.detail, posting.unit, posting.line, posting.cents

    def _one_by_one(self, table: str) -> list[LogPosting]:
        """Return the single postings of the measure and year that a table keeps, in the order of the log.

        Raises:
            ModelsDiffer: they are not those that were written.
        """
        block = (self.span.measure, self.span.fiscal_year)
        known: dict[tuple[str, str, int], list[LogPosting]] = self.reader.kept.setdefault("postings", {})
        if (table, *block) not in known:
            known[(table, *block)] = self._read_one_by_one(table, block)
        return known[(table, *block)]

    def _read_one_by_one(self, table: str, block: tuple[str, int]) -> list[LogPosting]:
        with differing(table):
            rows = self.reader.models.execute(
                f"SELECT * FROM {table} WHERE measure = ? AND fiscal_year = ? ORDER BY position",  # noqa: S608
                block,
            ).fetchall()
        must = must_hold(self.reader, "totals", f"{table} {block[0]} {block[1]}")
        if not all(map(is_marked, rows)) or [len(rows), sum(row[-1] for row in rows)] != must:
            raise ModelsDiffer(table)
        return [
            LogPosting(at, *block, first, last, detail, unit, line, cents)
            for at, _measure, _year, unit, line, first, last, cents, detail, _mark in rows
        ]

    def _summed(self, after: int) -> Iterator[Sum]:
        """Return the sums of a stretch of the log."""
        sums: dict[tuple[int, str, str], int] = {}
        for posting in stretch(self.reader, after, self.upto):
            if self.span.takes(posting):
                key = (posting.detail, posting.unit, posting.line)
                sums[key] = sums.get(key, 0) + posting.cents
        return ((*key, cents) for key, cents in sums.items())

    @cached_property
    def _later(self) -> Mapping[str, Sequence[Posting]]:
        by_unit: dict[str, list[Posting]] = defaultdict(list)
        if not self.stated.units:
            return by_unit
        with one_moment(self.reader):
            postings = self._one_by_one("rm_postings")
        for p in postings:
            if p.position <= self.upto and self.span.takes(p) and self.stated.may_take(p):
                day = date.fromisoformat(p.last_day)
                by_unit[p.unit].append(Posting(p.position, p.unit, p.line, p.cents, day, detail=False))
        return by_unit


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


def stretch(reader: LogReader, after: int, upto: int) -> Iterator[LogPosting]:
    """Yield the postings of a stretch of the log; it is read once for all columns of a reader's report."""
    kept: dict[int, tuple[int, list[LogPosting]]] = reader.kept.setdefault("stretches", {})
    known = kept.get(after)
    if known is None or known[0] < upto:
        known = kept[after] = (upto, list(log_postings(reader.rows(after, upto))))
    return (posting for posting in known[1] if posting.position <= upto)


def log_postings(rows: Iterable[Row]) -> Iterator[LogPosting]:
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
        detail = 1 if body.get("detail") else 0
        said = (body["unit"], body["line"], body["amount_cents"])
        yield LogPosting(position, measure, year, first_day, last_day, detail, *said)
