"""The postings of a column out of the read model of running totals, as known at a position of the log."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
from attrs import frozen

from events.codec import upcast
from events.streams import unit_year_stream
from heinola_es.amounts import is_readable
from heinola_es.store.reading import LogReader
from heinola_es.value import Posting, Unread
from projections.running_totals import PRESENT, SEGMENT

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
_PART = 10**9
_ADDED = (
    f"CASE WHEN count({{0}}) = count(*) THEN CAST(sum({{0}} / {_PART}) AS BIGINT) END, "
    f"CASE WHEN count({{0}}) = count(*) THEN CAST(sum({{0}} % {_PART}) AS BIGINT) END"
)
"""A sum in two parts, so that no database counts too far; NULL where any of it is unknown."""


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
    def earliest_day(self) -> str:
        """The day from which on a posting is one of it."""
        return "" if self.measure == "budget" else self.first_day

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
        rows = self.reader.connection.execute(
            "SELECT unit, line, position, last_day, detail FROM rm_unread WHERE measure = ? AND fiscal_year = ? "
            "AND first_day >= ? AND last_day <= ? AND position <= ? ORDER BY position",
            (self.span.measure, self.span.fiscal_year, self.span.earliest_day, self.span.last_day, self.upto),
        ).fetchall()
        found = [Unread(u, line, at, date.fromisoformat(day), bool(detail)) for u, line, at, day, detail in rows]
        last = date.fromisoformat(self.span.last_day)
        beyond = [Unread(u, line, None, last, bool(detail)) for detail, u, line, cents in self._sums if cents is None]
        return found + beyond

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
        if self.span.starts_year and (self.span.ends_month or self.upto >= self.known_end):
            if self.upto >= self.known_end:
                return [*self._of_months("segment = ?", PRESENT), *self._of_days()]
            whole = self.upto // SEGMENT
            return [*self._of_months("segment >= 0 AND segment < ?", whole), *self._summed(whole * SEGMENT)]
        return list(self._summed(0))

    def _of_months(self, where: str, segment: int) -> list[tuple[int, str, str, int | None]]:
        """Return the sums up to the end of the last whole month."""
        months = self.span.whole_months
        present = segment == PRESENT
        amount = f"c{months}, 0" if present else _ADDED.format(f"c{months}")
        group = "" if present else " GROUP BY detail, unit, line"
        rows = self.reader.connection.execute(
            f"SELECT detail, unit, line, {amount} FROM rm_totals "  # noqa: S608 - conditions of ours
            f"WHERE {where} AND measure = ? AND fiscal_year = ? AND first_month <= ?{group}",
            (segment, self.span.measure, self.span.fiscal_year, months),
        )
        part = 1 if present else _PART
        return [(*key, None if cents is None else cents * part + rest) for *key, cents, rest in rows]

    def _of_days(self) -> list[tuple[int, str, str, int | None]]:
        """Return the sums of the days after the last whole month, for a span that ends within one."""
        if self.span.ends_month:
            return []
        rows = self.reader.connection.execute(
            f"SELECT detail, unit, line, {_ADDED.format('cents')} FROM rm_days "  # noqa: S608 - conditions of ours
            "WHERE measure = ? AND fiscal_year = ? "
            "AND last_day >= ? AND last_day <= ? GROUP BY detail, unit, line",
            (self.span.measure, self.span.fiscal_year, f"{self.span.last_day[:8]}01", self.span.last_day),
        )
        return [(*key, None if cents is None else cents * _PART + rest) for *key, cents, rest in rows]

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
        places = ", ".join("?" * len(self.stated.units))
        rows = self.reader.connection.execute(
            "SELECT position, unit, line, cents, last_day FROM rm_postings "  # noqa: S608 - conditions of ours
            "WHERE measure = ? AND fiscal_year = ? AND first_day >= ? AND last_day <= ? AND position <= ? "
            f"AND detail = 0 AND (position > ? OR last_day > ?) AND unit IN ({places}) ORDER BY position",
            (
                self.span.measure,
                self.span.fiscal_year,
                self.span.earliest_day,
                self.span.last_day,
                self.upto,
                self.stated.position,
                self.stated.day,
                *sorted(self.stated.units),
            ),
        )
        for position, unit, line, cents, last_day in rows:
            day = date.fromisoformat(last_day)
            by_unit[unit].append(Posting(position, unit, line, cents, day, detail=False))
        return by_unit


def stretch(reader: LogReader, after: int, upto: int) -> Iterator[LogPosting]:
    """Yield the postings of a stretch of the log; it is read once for all columns of a reader's report."""
    kept: dict[int, tuple[int, list[LogPosting]]] = reader.kept.setdefault("stretches", {})
    known = kept.get(after)
    if known is None or known[0] < upto:
        known = kept[after] = (upto, list(log_postings(reader.rows(after, upto))))
    return (posting for posting in known[1] if posting.position <= upto)


def log_postings(rows: Iterable[Row]) -> Iterator[LogPosting]:
    """Yield the postings among events of the log; one whose amount cannot be counted is left out."""
    for position, _stream, _version, topic, state in rows:
        measure = MEASURE_OF.get(topic)
        if measure is None:
            continue
        body = upcast(topic, orjson.loads(state))
        if not is_readable(body["amount_cents"]):
            continue
        first_day, _, last_day = body["effective"].partition("/")
        year = body["fiscal_year"] if measure == "budget" else int(last_day[:4])
        detail = 1 if body.get("detail") else 0
        said = (body["unit"], body["line"], body["amount_cents"])
        yield LogPosting(position, measure, year, first_day, last_day, detail, *said)


def cut_postings(rows: Iterable[Row], spans: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the actual postings about exactly one of the given periods (ISO intervals), in the form of the snapshot."""
    for posting in log_postings(rows):
        if posting.measure == "actual" and f"{posting.first_day}/{posting.last_day}" in spans:
            yield {
                "position": posting.position,
                "unit": posting.unit,
                "line": posting.line,
                "start": posting.first_day,
                "end": posting.last_day,
                "cents": posting.cents,
            }
