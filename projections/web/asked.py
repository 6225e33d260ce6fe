"""What a page is asked about, as its address says it: the period, the unit, the moment, the structure, the columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from attrs import evolve, frozen

from events.period import Period
from heinola_es.domain.periods import parse_date, parse_instant, parse_reporting_period
from heinola_es.errors import BadInput
from heinola_es.languages import LANGUAGES
from projections.snapshot.columns import chosen
from projections.snapshot.taking import SnapshotQuery

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader
    from projections.web.visit import Site, Visit

KEPT = ("period", "unit", "known-at", "structure", "columns", "lang")
"""What an address says on every page, in this order."""
_PUBLISHED = re.compile(r"published(?::([1-9][0-9]{0,8}))?")
_TELLING = frozenset({"FigureStated", "ActualPosted", "FileImported", "GoalStatusUpdated", "NarrativeReported"})
_LOOKED_AT = 2_000
"""So many of the last events are looked at to find the period that people work on."""


@frozen(slots=True, kw_only=True)
class Asked:
    """What a page is asked about.

    Attributes:
        period: of the report, inside one year.
        unit: code; None for the whole city.
        known_at: as it was known at this instant; None for now, or for what was published.
        published: the revision that was published, 0 for the last; None for the report as it stands.
        structure: in the organisation of this day; None for the period's end.
        columns: the names of columns of figures; none for those of every report.
        language: of the page.
        said: the same as it stands in an address, by name, without what is not said.
    """

    period: Period
    unit: str | None
    known_at: datetime | None
    published: int | None
    structure: date | None
    columns: tuple[str, ...]
    language: str
    said: Mapping[str, str]

    def address(self, path: str = "/", **changed: str) -> str:
        """Return the address of a page that is asked about the same, but for what is changed; empty leaves out.

        A name that is no word of Python's is given with `_` for its hyphen.
        """
        said = {**self.said, **{name.replace("_", "-"): value for name, value in changed.items()}}
        query = urlencode({name: value for name, value in said.items() if value})
        return f"{path}?{query}" if query else path

    def query(self) -> SnapshotQuery:
        """Return the query that takes the snapshot; what was published is not asked for by it."""
        return SnapshotQuery(
            period=self.period, unit=self.unit, known_at=self.known_at, structure=self.structure, columns=()
        )


def language_of(visit: Visit, otherwise: str) -> str:
    """Return the language that is asked for; another where that is none of ours."""
    wanted = visit.query.get("lang", "")
    return wanted if wanted in LANGUAGES else otherwise


def asked_of(site: Site, visit: Visit) -> Asked:
    """Return what a page is asked about.

    Raises:
        BadInput: one of the values cannot be read; says which.
    """
    said = {name: text for name in KEPT if (text := visit.query.get(name, "").strip())}
    period = parse_reporting_period(said["period"]) if "period" in said else site.ask(usual_period)
    if period.start.year != period.end.year:
        raise BadInput(
            f"{period.label} crosses the turn of a year; a report covers one fiscal year, ask for each by itself"
        )
    known = said.get("known-at", "")
    revision = _PUBLISHED.fullmatch(known)
    return Asked(
        period=period,
        unit=said.get("unit"),
        known_at=parse_instant(known) if known and not revision else None,
        published=int(revision[1] or 0) if revision else None,
        structure=parse_date(said["structure"]) if "structure" in said else None,
        columns=_columns(said.get("columns", ""), site),
        language=language_of(visit, site.language),
        said={**said, "period": said.get("period", short(period))},
    )


def _columns(text: str, site: Site) -> tuple[str, ...]:
    names = [name for part in text.split(",") if (name := part.strip())]
    return chosen(names, site.theme.columns) if names else ()


def usual_period(reader: LogReader) -> Period:
    """Return the period that people work on: the one of a year's part that was last told of, else the year."""
    end = reader.size()
    last: Period | None = None
    for row in reader.rows(max(0, end - _LOOKED_AT), end):
        if row[3] in _TELLING or row[3] == "RoundOpened":
            about = Period.from_iso(reader.body_of(row)["effective"])
            if about.start.year == about.end.year and (last is None or about.end >= last.end):
                last = about
    if last is None:
        body = reader.last_body()
        return Period.of_year(int(body["recorded"][:4]) if body else date.min.year)
    if last.start == last.end:
        return Period.of_year(last.year)
    quarter = (last.end.month - 1) // 3
    return Period.of_months(last.year, quarter * 3 + 1, quarter * 3 + 3)


def short(period: Period) -> str:
    """Return a period as it stands in an address: `2020Q2`, `2020H1`, `2020T2`, `2020-06`, `2020`, else both days."""
    year = period.year
    for letter, months in (("", 12), ("H", 6), ("T", 4), ("Q", 3)):
        for number in range(1, 12 // months + 1):
            if period == Period.of_months(year, (number - 1) * months + 1, number * months):
                return f"{year}{letter}{number}" if letter else str(year)
    first = period.start.month
    if period == Period.of_months(year, first, first):
        return f"{year}-{first:02}"
    return f"{period.start}..{period.end}"


def parts_of_year(year: int) -> tuple[Period, ...]:
    """Return the periods of a year that reports are mostly asked for: its quarters, and all of it."""
    quarters = tuple(Period.of_months(year, first, first + 2) for first in (1, 4, 7, 10))
    return (*quarters, Period.of_year(year))


def of_year(asked: Asked, year: int) -> Asked:
    """Return the same, asked of another year."""
    return evolve(asked, period=asked.period.years_before(asked.period.year - year))
