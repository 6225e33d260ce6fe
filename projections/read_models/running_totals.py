"""The read model of postings: totals up to each month's end, so that a figure is read at the cost of the answer.

- `rm_totals`: a row per measure, fiscal year, unit and line, with what it amounts to up to the end of each month (`c1`
  to `c12`; `c0` is what was decided before the year began), and for which months it has ordinary postings
  (`booked`). The row of segment -1 tells the present; one for each segment of the log (a fixed number of positions)
  tells what that segment added, so that any past moment is the sum of the segments before it and a short stretch of
  the log. Details are kept in rows of their own (`detail` = 1).
- `rm_days`: what was posted for days that end no month, for reports up to such a day.
- `rm_spans`: which periods postings are about, so that it is known whether a report cuts any in two.
- `rm_unread`: postings whose amount cannot be counted; they are in none of the others.
- `rm_large`: single postings of amounts so large that sums of them could outgrow a column; they are in no total.
- `rm_internal`: single postings that are marked internal; they are in the others like any.
- `rm_postings`: single postings, where a statement may have to be told apart from what came after it: all budget
  decisions, and actuals of a fiscal year for which something was stated before.

A unit's own postings one by one are not kept here: they are in the unit's stream of the year.

Rows that are only added to have marks that are added to with them: a row's mark is that of its key, and its sums, each
times a number of its own.
"""

from __future__ import annotations

from calendar import monthrange
from contextlib import contextmanager
from functools import lru_cache
from itertools import accumulate
from operator import mul
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import define, field, frozen

from heinola_es.domain.amounts import is_readable
from heinola_es.store.connection import Connection
from projections.read_models.catching_up import insert_rows
from projections.read_models.forms import Table
from projections.read_models.marks import Checks, ModelsDiffer, count, is_marked, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = 12
SEGMENT = 50_000
"""Positions to a segment: a past moment costs at most so many events to read again."""
PRESENT = -1
"""The segment number of the rows that tell the present."""

ORDINARY, DETAIL, CORRECTION = range(3)
"""What a single posting is, as tables tell it."""

LARGE_CENTS = 10**11
"""An amount beyond this is kept by itself, so that no sum outgrows its column, whatever was recorded."""
SPANS = "rm_spans "
"""The key of the checks of the periods."""

_SUMS = tuple(f"c{month}" for month in range(MONTHS + 1))
_FACTORS = (2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41)
"""What the sum of each month counts for in the mark of a row of totals: no two of them the same."""
_FIRST_FACTOR, _BOOKED_FACTOR = 43, 47
_TOLD_FACTORS = (_FIRST_FACTOR, *_FACTORS, _BOOKED_FACTOR)
"""The same for the values of a row in their order: the first month, the sums, the months that are booked."""
_SEGMENT_FACTOR = 1_000_003
_WEIGHED = " + ".join(f"{factor} * {{0}}.{name}" for factor, name in zip(_FACTORS, _SUMS, strict=True))
RESIDUE = f"mark - ({_FIRST_FACTOR} * first_month + {_BOOKED_FACTOR} * booked + {_WEIGHED.format('rm_totals')})"
"""What is left of the mark of a row of totals without its sums: `row_mark` of its key and segment.

A file may hold bytes in place of a number, and reckons with them as with the number that they spell. Whoever reads one
beside this reads it as `… + 0`, the number that the mark was held against.
"""
DAY_RESIDUE = f"mark - {_FACTORS[0]} * cents"
"""The same of a row of days: `day_mark` of its key and day."""

_ONE_BY_ONE = (
    "position INTEGER PRIMARY KEY, measure TEXT, fiscal_year INTEGER, unit TEXT, line TEXT, first_day TEXT, "
    "last_day TEXT, cents BIGINT, kind INTEGER, mark INTEGER"
)
_TOTALS_KEY = "segment, measure, fiscal_year, detail, unit, line"
_DAYS_KEY = "measure, fiscal_year, last_day, detail, unit, line"
_SPANS_KEY = "measure, fiscal_year, first_day, last_day"
_MADE_OF = (
    Table(
        "rm_totals",
        "segment INTEGER, measure TEXT, fiscal_year INTEGER, detail INTEGER, unit TEXT, line TEXT, "
        "first_month INTEGER, "
        + ", ".join(f"{name} BIGINT" for name in _SUMS)
        + f", booked INTEGER, mark BIGINT, PRIMARY KEY ({_TOTALS_KEY})",
        _TOTALS_KEY,
    ),
    Table(
        "rm_days",
        "measure TEXT, fiscal_year INTEGER, detail INTEGER, unit TEXT, line TEXT, last_day TEXT, cents BIGINT, "
        f"mark BIGINT, PRIMARY KEY ({_DAYS_KEY})",
        _DAYS_KEY,
    ),
    Table(
        "rm_spans",
        f"measure TEXT, fiscal_year INTEGER, first_day TEXT, last_day TEXT, mark INTEGER, PRIMARY KEY ({_SPANS_KEY})",
        _SPANS_KEY,
    ),
    Table("rm_postings", _ONE_BY_ONE, "position", ("measure, fiscal_year",)),
    Table("rm_large", _ONE_BY_ONE, "position", ("measure, fiscal_year",)),
    Table("rm_unread", _ONE_BY_ONE, "position", ("measure, fiscal_year",)),
    Table("rm_internal", _ONE_BY_ONE, "position", ("measure, fiscal_year",)),
)


class Spanned(NamedTuple):
    """What the period of a posting means for the totals; worked out once per period.

    Attributes:
        fiscal_year: the year of an actual; the year that a budget decision is taken in.
        first_day, last_day: as ISO text.
        month: the month by whose end it has ended.
        ends_month: whether its last day is the last of a month.
        months: those that it is of, as bits, that of January the second lowest.
    """

    fiscal_year: int
    first_day: str
    last_day: str
    month: int
    ends_month: bool
    months: int


BUDGET_TOPICS = frozenset({"BudgetAdopted", "BudgetAmended"})


def kind_of(topic: str, body: dict[str, Any]) -> int:
    """Return whether a posting is one of those that books are kept by, a detail, or a correction."""
    if body.get("detail"):
        return DETAIL
    return CORRECTION if topic == "ActualCorrected" or body.get("correcting") else ORDINARY


Block = tuple[str, int, int]
"""Measure, fiscal year, and 1 for details."""
Months = list[int | None]
"""What is added in each month, and after the year; None where nothing is; and the months that are booked, as bits."""
Sums = dict[Block, dict[tuple[str, str], Months]]
"""By block, unit and line."""
_BOOKED = MONTHS + 2
"""Where in `Months` the months are that are booked."""


@frozen(slots=True, eq=False, repr=False)
class RunningTotals:
    """The read model; see the module."""

    name: str = "totals"
    version: int = 5
    made_of: tuple[Table, ...] = _MADE_OF
    tables: tuple[str, ...] = tuple(table.name for table in _MADE_OF)
    topics: frozenset[str] = frozenset(
        {"BudgetAdopted", "BudgetAmended", "ActualPosted", "ActualCorrected", "FigureStated"}
    )

    def create(self, connection: Connection, suffix: str) -> None:
        """Create the tables, empty."""
        for table in self.made_of:
            table.create(connection, suffix)

    def index(self, connection: Connection) -> None:
        """Create the indexes."""
        for table in self.made_of:
            table.add_indexes(connection)

    def taking(self, connection: Connection, suffix: str, checks: Checks) -> Summing:
        """Return a taking into the tables.

        Raises:
            ModelsDiffer: the periods are not those that were written.
        """
        known = set() if suffix else known_spans(connection, checks)
        stated = {year for measure, year, _first, _last in known if measure == "stated"}
        return Summing(connection, suffix, checks, known, stated_years=stated)


def known_spans(connection: Connection, checks: Checks) -> set[tuple[str, int, str, str]]:
    """Return the periods that postings are about, and the years for which something was stated.

    Raises:
        ModelsDiffer: they are not those that were written.
    """
    rows = connection.execute("SELECT * FROM rm_spans").fetchall()
    if not all(map(is_marked, rows)) or [len(rows), sum(row[-1] for row in rows)] != checks.get(SPANS, [0, 0]):
        raise ModelsDiffer("rm_spans")
    return {row[:-1] for row in rows}


@lru_cache(maxsize=1 << 16)
def key_mark(detail: int, unit: str, line: str) -> int:
    """Return what unit and line, and whether of details, count for in the mark of a row."""
    return mark_of((detail, unit, line))


@lru_cache(maxsize=1 << 10)
def block_mark(measure: str, fiscal_year: int) -> int:
    """Return what measure and fiscal year count for in the mark of a row."""
    return mark_of((measure, fiscal_year))


def segments_mark(segments: int) -> int:
    """Return what a segment, or the sum of several, counts for in the marks of rows."""
    return _SEGMENT_FACTOR * segments


def day_mark(last_day: str) -> int:
    """Return what a day counts for in the mark of a row."""
    return mark_of((last_day,))


@define(slots=True, eq=False, repr=False)
class Summing:
    """Postings on their way into the tables.

    Attributes:
        connection, suffix: where to.
        checks: of the tables, kept in step.
        known: the periods that are written already.
        stated_years: fiscal years for which an actual was stated so far.
        sums: what the current segment adds.
        present: what all of it adds.
        segment: the current one; None before the first posting.
    """

    connection: Connection
    suffix: str
    checks: Checks
    known: set[tuple[str, int, str, str]]
    stated_years: set[int] = field(factory=set)
    sums: Sums = field(factory=dict)
    present: Sums = field(factory=dict)
    segment: int | None = None
    _segment_end: int = 0
    _plain: dict[str, tuple[dict[tuple[str, str], Months], int, int]] = field(factory=dict)
    _spanned: dict[str, Spanned] = field(factory=dict)
    _spans: set[tuple[str, int, str, str]] = field(factory=set)
    _days: dict[tuple[Any, ...], int] = field(factory=dict)
    _rows: list[tuple[Any, ...]] = field(factory=list)
    _large: list[tuple[Any, ...]] = field(factory=list)
    _unread: list[tuple[Any, ...]] = field(factory=list)
    _internal: list[tuple[Any, ...]] = field(factory=list)

    def take(self, position: int, topic: str, body: dict[str, Any]) -> None:
        """Take in a posting, or learn that something was stated.

        Nearly all there are are ordinary postings of whole months: where those of a period go is worked out once.
        """
        if (
            topic == "ActualPosted"
            and position <= self._segment_end
            and "detail" not in body
            and "internal" not in body
        ):
            plain, cents = self._plain.get(body["effective"]), body["amount_cents"]
            if plain is not None and type(cents) is int and -LARGE_CENTS <= cents <= LARGE_CENTS:
                sums, month, booked = plain
                key = body["unit"], body["line"]
                months = sums.get(key)
                if months is None:
                    months = sums[key] = [None] * _BOOKED + [0]
                known = months[month]
                months[month] = cents if known is None else known + cents
                months[_BOOKED] |= booked  # type: ignore[operator]  # never None
                return
        self._take_any(position, topic, body)

    def _take_any(self, position: int, topic: str, body: dict[str, Any]) -> None:
        effective = body["effective"]
        spanned = self._spanned.get(effective) or self._span(effective)
        year, first_day, last_day, month, ends_month, months = spanned
        if topic == "FigureStated":
            if body["measure"] == "actual":
                self.stated_years.add(year)
                self._spans.add(("stated", year, "", ""))
                self._plain.clear()  # from now on single postings of the year are kept
            return
        if position > self._segment_end or self.segment is None:
            self._begin_segment(position)
        kind, measure = kind_of(topic, body), "actual"
        if topic in BUDGET_TOPICS:
            decided, measure, year = year, "budget", body["fiscal_year"]
            month = 0 if decided < year else month if decided == year else MONTHS + 1
            months = 1 << month
        unit, line, cents = body["unit"], body["line"], body["amount_cents"]
        large = type(cents) is not int or not -LARGE_CENTS <= cents <= LARGE_CENTS
        readable = not large or is_readable(cents)
        if body.get("internal"):
            said = (position, measure, year, unit, line, first_day, last_day, cents if readable else 0, kind)
            self._internal.append((*said, mark_of(said)))
        if not readable:
            unread = (position, measure, year, unit, line, first_day, last_day, 0, kind)
            self._unread.append((*unread, mark_of(unread)))
            return
        block = measure, year, kind & DETAIL
        is_single = measure == "budget" or year in self.stated_years
        if large or is_single:
            single = (position, measure, year, unit, line, first_day, last_day, cents, kind)
            for rows in [*([self._rows] if is_single else []), *([self._large] if large else [])]:
                rows.append((*single, mark_of(single)))
        self._add(block, (unit, line), month, 0 if large else cents, 0 if kind else months)
        if large:
            return
        if not ends_month or measure == "budget":
            day = (measure, year, last_day, kind & DETAIL, unit, line)
            self._days[day] = self._days.get(day, 0) + cents
        elif topic == "ActualPosted" and not is_single:
            self._plain[effective] = self.sums.setdefault(("actual", year, 0), {}), month, months

    def _add(self, block: Block, key: tuple[str, str], month: int, cents: int, booked: int) -> None:
        """Add an amount, and the months that it books."""
        sums = self.sums.setdefault(block, {})
        months = sums.get(key)
        if months is None:
            months = sums[key] = [None] * _BOOKED + [0]
        months[month] = (months[month] or 0) + cents
        months[_BOOKED] = (months[_BOOKED] or 0) | booked

    def flush(self) -> None:
        """Write the single postings; totals are written when a segment ends."""
        for table, rows in (
            ("rm_postings", self._rows),
            ("rm_large", self._large),
            ("rm_unread", self._unread),
            ("rm_internal", self._internal),
        ):
            insert_rows(self.connection, f"{table}{self.suffix}", rows)
            for row in rows:
                count(self.checks, f"{table} {row[1]} {row[2]}", row[-1:])
            rows.clear()

    def finish(self) -> None:
        """Write the totals."""
        self._close_segment()
        self._add_totals(PRESENT, self.present)
        self._add_spans()
        self._add_days()
        self.present.clear()
        self._days.clear()
        self._spans.clear()

    def _span(self, effective: str) -> Spanned:
        first_day, _, last_day = effective.partition("/")
        year, month, day = (int(part) for part in last_day.split("-"))
        ends_month = day == monthrange(year, month)[1]
        first = int(first_day[5:7]) if first_day[:4] == last_day[:4] else 1
        months = (2 << month) - (1 << first)
        spanned = self._spanned[effective] = Spanned(year, first_day, last_day, month, ends_month, months)
        return spanned

    def _begin_segment(self, position: int) -> None:
        self._close_segment()
        self.segment = (position - 1) // SEGMENT
        self._segment_end = (self.segment + 1) * SEGMENT

    def _close_segment(self) -> None:
        if self.segment is not None and self.sums:
            self._add_totals(self.segment, self.sums)
            for block, sums in self.sums.items():
                present = self.present.setdefault(block, {})
                for key, months in sums.items():
                    known = present.get(key)
                    present[key] = months if known is None else _added(known, months)
        self.sums = {}
        self._plain.clear()

    def _add_spans(self) -> None:
        about = {("actual", s.fiscal_year, s.first_day, s.last_day) for s in self._spanned.values() if s.first_day}
        rows = [(*span, mark_of(span)) for span in sorted((about | self._spans) - self.known)]
        insert_rows(self.connection, f"rm_spans{self.suffix}", rows)
        count(self.checks, SPANS, [row[-1] for row in rows])
        self.known |= {row[:-1] for row in rows}

    def _add_days(self) -> None:
        months: dict[tuple[str, int, str], list[tuple[Any, ...]]] = {}
        for (measure, year, day, detail, unit, line), cents in self._days.items():
            mark = key_mark(detail, unit, line) + block_mark(measure, year) + day_mark(day) + _FACTORS[0] * cents
            rows = months.setdefault((measure, year, day[:7]), [])
            rows.append((measure, year, detail, unit, line, day, cents, mark))
        changes = f"cents = {{table}}.cents + excluded.cents, mark = {{table}}.mark + {_FACTORS[0]} * excluded.cents"
        for (measure, year, month), rows in months.items():
            where = "measure = ? AND fiscal_year = ? AND last_day >= ? AND last_day <= ?"
            with self._counted("rm_days", where, (measure, year, month, f"{month}-31"), f"{measure} {year} {month}"):
                self._upsert("rm_days", rows, _DAYS_KEY, changes)

    def _add_totals(self, segment: int, sums: Sums) -> None:
        blocks: dict[tuple[str, int], list[tuple[Any, ...]]] = {}
        for (measure, year, detail), by_key in sorted(sums.items(), key=lambda item: item[0]):
            mark = block_mark(measure, year) + segments_mark(segment)
            rows = blocks.setdefault((measure, year), [])
            for (unit, line), months in sorted(by_key.items(), key=lambda item: item[0]):
                told = _told(months)
                own = mark + key_mark(detail, unit, line) + sum(map(mul, _TOLD_FACTORS, told))
                rows.append((segment, measure, year, detail, unit, line, *told, own))
        for (measure, year), rows in blocks.items():
            where = "segment = ? AND measure = ? AND fiscal_year = ?"
            with self._counted("rm_totals", where, (segment, measure, year), f"{segment} {measure} {year}"):
                self._upsert("rm_totals", rows, _TOTALS_KEY, _CHANGES)

    @contextmanager
    def _counted(self, table: str, where: str, values: tuple[Any, ...], block: str) -> Iterator[None]:
        """Keep count of the rows of a block that some are added to, of which there must be as many as were counted."""
        counting = f"SELECT count(*) FROM {table}{self.suffix} WHERE {where}"  # noqa: S608 - names of ours
        known = self.checks.setdefault(f"{table} {block}", [0, 0])
        if self.connection.execute(counting, values).fetchone()[0] != known[0]:
            raise ModelsDiffer(table)
        yield
        known[0] = self.connection.execute(counting, values).fetchone()[0]

    def _upsert(self, table: str, rows: list[tuple[Any, ...]], key: str, changes: str) -> None:
        name = f"{table}{self.suffix}"
        places = ", ".join("?" * len(rows[0]))
        update = f"DO UPDATE SET {changes.format(table=name)}"
        self.connection.executemany(f"INSERT INTO {name} VALUES ({places}) ON CONFLICT ({key}) {update}", rows)  # noqa: S608 - names of ours


_EARLIER = "excluded.first_month < {table}.first_month"
_EARLIER_BY = f"CASE WHEN {_EARLIER} THEN excluded.first_month - {{table}}.first_month ELSE 0 END"
_NEWLY_BOOKED = f"{_BOOKED_FACTOR} * (({{table}}.booked | excluded.booked) - {{table}}.booked)"
_CHANGES = ", ".join(
    (
        f"first_month = CASE WHEN {_EARLIER} THEN excluded.first_month ELSE {{table}}.first_month END",
        *(f"{name} = {{table}}.{name} + excluded.{name}" for name in _SUMS),
        "booked = {table}.booked | excluded.booked",
        f"mark = {{table}}.mark + {_WEIGHED.format('excluded')} + {_FIRST_FACTOR} * {_EARLIER_BY} + {_NEWLY_BOOKED}",
    )
)


def _told(months: Months) -> tuple[int, ...]:
    """Return the first month with a posting, the sum up to the end of each month, and the months that are booked.

    What a budget decision taken after the year adds (the last month) is in no month of it.
    """
    first = 0
    while months[first] is None:
        first += 1
    return first, *accumulate([cents or 0 for cents in months[: MONTHS + 1]]), months[_BOOKED] or 0


def _added(known: Months, more: Months) -> Months:
    added = [a if b is None else b if a is None else a + b for a, b in zip(known, more, strict=True)]
    added[_BOOKED] = (known[_BOOKED] or 0) | (more[_BOOKED] or 0)
    return added
