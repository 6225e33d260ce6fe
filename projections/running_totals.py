"""The read model of postings: totals up to each month's end, so that a figure is read at the cost of the answer.

- `rm_totals`: a row per measure, fiscal year, unit and line, with what it amounts to up to the end of each month (`c1`
  to `c12`; `c0` is what was decided before the year began). The row of segment -1 tells the present; one for each
  segment of the log (a fixed number of positions) tells what that segment added, so that any past moment is the sum of
  the segments before it and a short stretch of the log. Details are kept in rows of their own (`detail` = 1).
- `rm_days`: what was posted for days that end no month, for reports up to such a day.
- `rm_spans`: which periods postings are about, so that it is known whether a report cuts any in two.
- `rm_postings`: single postings, where a statement may have to be told apart from what came after it: all budget
  decisions, and actuals of a fiscal year for which something was stated before.

- `rm_unread`: postings whose amount cannot be counted; they are in none of the others. So is no sum that a database
  could not count to: it is NULL, which stands for the unknown.

A unit's own postings one by one are not kept here: they are in the unit's stream of the year.
"""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import define, field, frozen

from heinola_es.amounts import SUMMABLE_CENTS, is_readable
from heinola_es.store.connection import Connection
from projections.catching_up import insert_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

MONTHS = 12
SEGMENT = 50_000
"""Positions to a segment: a past moment costs at most so many events to read again."""
PRESENT = -1
"""The segment number of the rows that tell the present."""

_SUMS = tuple(f"c{month}" for month in range(MONTHS + 1))
_TABLES = {
    "rm_totals": (
        "segment INTEGER, measure TEXT, fiscal_year INTEGER, detail INTEGER, unit TEXT, line TEXT, "
        "first_month INTEGER, "
        + ", ".join(f"{name} BIGINT" for name in _SUMS)
        + ", PRIMARY KEY (segment, measure, fiscal_year, detail, unit, line)"
    ),
    "rm_days": (
        "measure TEXT, fiscal_year INTEGER, detail INTEGER, unit TEXT, line TEXT, last_day TEXT, cents BIGINT, "
        "PRIMARY KEY (measure, fiscal_year, last_day, detail, unit, line)"
    ),
    "rm_spans": (
        "measure TEXT, fiscal_year INTEGER, first_day TEXT, last_day TEXT, "
        "PRIMARY KEY (measure, fiscal_year, first_day, last_day)"
    ),
    "rm_postings": (
        "position INTEGER PRIMARY KEY, measure TEXT, fiscal_year INTEGER, unit TEXT, line TEXT, first_day TEXT, "
        "last_day TEXT, cents BIGINT, detail INTEGER"
    ),
    "rm_unread": (
        "position INTEGER PRIMARY KEY, measure TEXT, fiscal_year INTEGER, unit TEXT, line TEXT, first_day TEXT, "
        "last_day TEXT, detail INTEGER"
    ),
}
_SUM = (
    f"CASE WHEN {{table}}.{{name}} BETWEEN -{SUMMABLE_CENTS} AND {SUMMABLE_CENTS} "
    f"AND excluded.{{name}} BETWEEN -{SUMMABLE_CENTS} AND {SUMMABLE_CENTS} "
    f"THEN {{table}}.{{name}} + excluded.{{name}} END"
)
"""Two sums added up, or NULL where that would be more than a database counts to; a NULL stays one."""


class Spanned(NamedTuple):
    """What the period of a posting means for the totals; worked out once per period.

    Attributes:
        fiscal_year: the year of an actual; the year that a budget decision is taken in.
        first_day, last_day: as ISO text.
        month: the month by whose end it has ended.
        ends_month: whether its last day is the last of a month.
    """

    fiscal_year: int
    first_day: str
    last_day: str
    month: int
    ends_month: bool


Key = tuple[str, int, int, str, str]
"""Measure, fiscal year, detail, unit and line."""


@frozen(slots=True, eq=False, repr=False)
class RunningTotals:
    """The read model; see the module."""

    name: str = "totals"
    version: int = 2
    tables: tuple[str, ...] = tuple(_TABLES)
    topics: frozenset[str] = frozenset(
        {"BudgetAdopted", "BudgetAmended", "ActualPosted", "ActualCorrected", "FigureStated"}
    )

    def create(self, connection: Connection, suffix: str) -> None:
        """Create the tables, empty."""
        for table, columns in _TABLES.items():
            connection.execute(f"CREATE TABLE {table}{suffix} ({columns})")

    def index(self, connection: Connection) -> None:
        """Create the indexes."""
        connection.execute("CREATE INDEX rm_postings_1 ON rm_postings (measure, fiscal_year, unit)")

    def taking(self, connection: Connection, suffix: str) -> Summing:
        """Return a taking into the tables."""
        if suffix:
            return Summing(connection, suffix)
        stated = connection.execute("SELECT fiscal_year FROM rm_spans WHERE measure = 'stated'").fetchall()
        return Summing(connection, suffix, stated_years={year for (year,) in stated})


@define(slots=True, eq=False, repr=False)
class Summing:
    """Postings on their way into the tables.

    Attributes:
        connection, suffix: where to.
        stated_years: fiscal years for which an actual was stated so far.
        sums: what the current segment adds, by key and month.
        present: what all of it adds.
        segment: the current one; None before the first posting.
    """

    connection: Connection
    suffix: str
    stated_years: set[int] = field(factory=set)
    sums: dict[Key, list[int | None]] = field(factory=dict)
    present: dict[Key, list[int | None]] = field(factory=dict)
    segment: int | None = None
    _spanned: dict[str, Spanned] = field(factory=dict)
    _spans: set[tuple[str, int, str, str]] = field(factory=set)
    _days: dict[tuple[Any, ...], int] = field(factory=dict)
    _rows: list[tuple[Any, ...]] = field(factory=list)
    _unread: list[tuple[Any, ...]] = field(factory=list)

    def take(self, position: int, topic: str, body: dict[str, Any]) -> None:
        """Take in a posting, or learn that something was stated."""
        effective = body["effective"]
        spanned = self._spanned.get(effective) or self._span(effective)
        if topic == "FigureStated":
            if body["measure"] == "actual":
                self.stated_years.add(spanned.fiscal_year)
                self._spans.add(("stated", spanned.fiscal_year, "", ""))
            return
        segment = (position - 1) // SEGMENT
        if segment != self.segment:
            self._close_segment()
            self.segment = segment
        detail = 1 if body.get("detail") else 0
        year, month, measure = spanned.fiscal_year, spanned.month, "actual"
        if topic[0] == "B":
            measure, year = "budget", body["fiscal_year"]
            month = 0 if spanned.fiscal_year < year else month if spanned.fiscal_year == year else MONTHS + 1
        unit, line, cents = body["unit"], body["line"], body["amount_cents"]
        if not is_readable(cents):
            days = (spanned.first_day, spanned.last_day)
            self._unread.append((position, measure, year, unit, line, *days, detail))
            return
        key = (measure, year, detail, unit, line)
        months = self.sums.get(key)
        if months is None:
            months = self.sums[key] = [None] * (MONTHS + 2)
        months[month] = (months[month] or 0) + cents
        if measure == "budget" or year in self.stated_years:
            days = (spanned.first_day, spanned.last_day)
            self._rows.append((position, measure, year, unit, line, *days, cents, detail))
        if not spanned.ends_month or measure == "budget":
            day = (measure, year, spanned.last_day, detail, unit, line)
            self._days[day] = self._days.get(day, 0) + cents

    def flush(self) -> None:
        """Write the single postings; totals are written when a segment ends."""
        insert_rows(self.connection, f"rm_postings{self.suffix}", self._rows)
        insert_rows(self.connection, f"rm_unread{self.suffix}", self._unread)
        self._rows.clear()
        self._unread.clear()

    def finish(self) -> None:
        """Write the totals."""
        self._close_segment()
        self._add_totals(PRESENT, self.present)
        self._spans |= {
            ("actual", s.fiscal_year, s.first_day, s.last_day) for s in self._spanned.values() if s.first_day
        }
        self._upsert("rm_spans", sorted(self._spans), "measure, fiscal_year, first_day, last_day", "")
        self._upsert(
            "rm_days",
            [(m, y, d, u, li, day, summable(cents)) for (m, y, day, d, u, li), cents in self._days.items()],
            "measure, fiscal_year, last_day, detail, unit, line",
            "cents = " + _SUM.replace("{name}", "cents"),
        )
        self.present.clear()
        self._days.clear()
        self._spans.clear()

    def _span(self, effective: str) -> Spanned:
        first_day, _, last_day = effective.partition("/")
        year, month, day = (int(part) for part in last_day.split("-"))
        ends_month = day == monthrange(year, month)[1]
        spanned = self._spanned[effective] = Spanned(year, first_day, last_day, month, ends_month)
        return spanned

    def _close_segment(self) -> None:
        if self.segment is not None and self.sums:
            self._add_totals(self.segment, self.sums)
            for key, months in self.sums.items():
                known = self.present.get(key)
                self.present[key] = months if known is None else _added(known, months)
            self.sums = {}

    def _add_totals(self, segment: int, sums: dict[Key, list[int | None]]) -> None:
        changes = ", ".join(f"{name} = {_SUM.replace('{name}', name)}" for name in _SUMS)
        earliest = "first_month = CASE WHEN excluded.first_month < {table}.first_month THEN excluded.first_month "
        earliest += "ELSE {table}.first_month END"
        self._upsert(
            "rm_totals",
            [(segment, *key, *_cumulated(months)) for key, months in sorted(sums.items(), key=lambda item: item[0])],
            "segment, measure, fiscal_year, detail, unit, line",
            f"{earliest}, {changes}",
        )

    def _upsert(self, table: str, rows: list[tuple[Any, ...]], key: str, changes: str) -> None:
        if not rows:
            return
        name = f"{table}{self.suffix}"
        places = ", ".join("?" * len(rows[0]))
        update = f"DO UPDATE SET {changes.format(table=name)}" if changes else "DO NOTHING"
        self.connection.executemany(f"INSERT INTO {name} VALUES ({places}) ON CONFLICT ({key}) {update}", rows)  # noqa: S608 - names of ours


def summable(cents: int) -> int | None:
    """Return a sum, or None where it is more than a database counts to."""
    return cents if -SUMMABLE_CENTS <= cents <= SUMMABLE_CENTS else None


def _cumulated(months: list[int | None]) -> Iterator[int | None]:
    """Yield the first month with a posting, then the sum up to the end of each month, from before the year to December.

    What a budget decision taken after the year adds (the last entry) is in no month of it.
    """
    yield next(month for month, cents in enumerate(months) if cents is not None)
    total = 0
    for cents in months[: MONTHS + 1]:
        total += cents or 0
        yield summable(total)


def _added(known: list[int | None], more: list[int | None]) -> list[int | None]:
    return [a if b is None else b if a is None else a + b for a, b in zip(known, more, strict=True)]
