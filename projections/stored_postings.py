"""The postings of a column out of the read model of running totals, as known at a position of the log."""

from __future__ import annotations

from calendar import monthrange
from collections import defaultdict
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import orjson
from attrs import frozen

from events.codec import upcast
from events.streams import unit_year_stream
from heinola_es.store.reading import LogReader
from heinola_es.value import Posting
from projections.running_totals import PRESENT, SEGMENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from heinola_es.store.reading import Row

    Totals = Mapping[str, Mapping[str, int]]

POSTING_TOPICS = {
    "actual": frozenset({"ActualPosted", "ActualCorrected"}),
    "budget": frozenset({"BudgetAdopted", "BudgetAmended"}),
}
Sum = tuple[int, str, str, int]
"""Whether of details, unit, line, and cents."""


@frozen(slots=True)
class Span:
    """What a column's postings are: a measure, a fiscal year, and the days they lie inside (ISO text, inclusive).

    A budget is made of decisions, some of them taken before the year begins.
    """

    measure: str
    fiscal_year: int
    first_day: str
    last_day: str

    def holds(self, topic: str, body: dict[str, Any]) -> bool:
        """Return whether an event is a posting of the span."""
        if topic not in POSTING_TOPICS[self.measure]:
            return False
        first_day, _, last_day = body["effective"].partition("/")
        if self.measure == "budget":
            return bool(body["fiscal_year"] == self.fiscal_year and last_day <= self.last_day)
        return bool(self.first_day <= first_day and last_day <= self.last_day)

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


@frozen(slots=True)
class StatedAfter:
    """Which postings a statement of the column may take: of these units, after this position or this day."""

    units: frozenset[str]
    position: int
    day: str


@frozen(slots=False)
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
        for _detail, unit, line, cents in self._sums:
            by_line = totals[unit]
            by_line[line] = by_line.get(line, 0) + cents
        return totals

    def details(self) -> Totals:
        """Return the sum of those marked as detail by unit and line, in cents."""
        details: dict[str, dict[str, int]] = defaultdict(dict)
        for detail, unit, line, cents in self._sums:
            if detail:
                details[unit][line] = details[unit].get(line, 0) + cents
        return details

    def of(self, unit: str) -> Sequence[Posting]:
        """Return a unit's own postings, in the order of the log: out of its stream of the year."""
        stream = unit_year_stream(unit, self.span.fiscal_year)
        return list(self._postings(self.reader.rows_of(stream, self.upto)))

    def perhaps_later(self, unit: str) -> Sequence[Posting]:
        """Return those of a unit's own postings that a statement of the column may take, and perhaps more."""
        return self._later.get(unit, ())

    @cached_property
    def _sums(self) -> list[Sum]:
        if self.span.starts_year and (self.span.ends_month or self.upto >= self.known_end):
            if self.upto >= self.known_end:
                return [*self._of_months("segment = ?", PRESENT), *self._of_days()]
            whole = self.upto // SEGMENT
            again = self.reader.rows(whole * SEGMENT, self.upto)
            return [*self._of_months("segment >= 0 AND segment < ?", whole), *self._summed(again)]
        return list(self._summed(self.reader.rows(0, self.upto)))

    def _of_months(self, where: str, segment: int) -> list[Sum]:
        """Return the sums up to the end of the last whole month."""
        months = self.span.whole_months
        amount = f"c{months}" if segment == PRESENT else f"CAST(sum(c{months}) AS BIGINT)"
        group = "" if segment == PRESENT else " GROUP BY detail, unit, line"
        rows: list[Sum] = self.reader.connection.execute(
            f"SELECT detail, unit, line, {amount} FROM rm_totals "  # noqa: S608 - conditions of ours
            f"WHERE {where} AND measure = ? AND fiscal_year = ? AND first_month <= ?{group}",
            (segment, self.span.measure, self.span.fiscal_year, months),
        ).fetchall()
        return rows

    def _of_days(self) -> list[Sum]:
        """Return the sums of the days after the last whole month, for a span that ends within one."""
        if self.span.ends_month:
            return []
        rows: list[Sum] = self.reader.connection.execute(
            "SELECT detail, unit, line, CAST(sum(cents) AS BIGINT) FROM rm_days WHERE measure = ? AND fiscal_year = ? "
            "AND last_day >= ? AND last_day <= ? GROUP BY detail, unit, line",
            (self.span.measure, self.span.fiscal_year, f"{self.span.last_day[:8]}01", self.span.last_day),
        ).fetchall()
        return rows

    def _summed(self, rows: Iterable[Row]) -> Iterator[Sum]:
        """Return the sums of a stretch of the log."""
        topics = POSTING_TOPICS[self.span.measure]
        sums: dict[tuple[int, str, str], int] = {}
        for _position, _stream, _version, topic, state in rows:
            if topic not in topics:
                continue
            body = upcast(topic, orjson.loads(state))
            if self.span.holds(topic, body):
                key = (1 if body.get("detail") else 0, body["unit"], body["line"])
                sums[key] = sums.get(key, 0) + body["amount_cents"]
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
                "" if self.span.measure == "budget" else self.span.first_day,
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

    def _postings(self, rows: Iterable[Row]) -> Iterator[Posting]:
        for position, _stream, _version, topic, state in rows:
            body = upcast(topic, orjson.loads(state))
            if self.span.holds(topic, body):
                day = date.fromisoformat(body["effective"].partition("/")[2])
                detail = bool(body.get("detail"))
                yield Posting(position, body["unit"], body["line"], body["amount_cents"], day, detail)


def cut_postings(rows: Iterable[Row], spans: set[str]) -> Iterator[dict[str, Any]]:
    """Yield the actual postings about exactly one of the given periods (ISO intervals), in the form of the snapshot."""
    for position, _stream, _version, topic, state in rows:
        if topic in POSTING_TOPICS["actual"]:
            body = upcast(topic, orjson.loads(state))
            if body["effective"] in spans:
                start, _, end = body["effective"].partition("/")
                where = {"position": position, "unit": body["unit"], "line": body["line"]}
                yield where | {"start": start, "end": end, "cents": body["amount_cents"]}
