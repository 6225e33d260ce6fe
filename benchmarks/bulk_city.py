"""A large city in a store: units, budgets and monthly postings of 2019 and 2020, appended in bulk, always the same."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from events.codec import format_recorded
from events.coverage import BooksCompleted
from events.figures import ActualPosted, BudgetAdopted
from events.narratives import IndicatorObserved
from events.period import Period
from events.streams import unit_year_stream
from heinola_es.domain.chart import load_chart
from heinola_es.handlers.organisation import establish_unit
from heinola_es.handlers.session import Session, run
from heinola_es.store.log import EventLog, Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from events.base import Event

YEARS = (2019, 2020)
MADE = datetime(2000, 1, 3, 8, 0, tzinfo=UTC)
"""When the store is said to have been made: so long ago that no pause after it is longer."""
FOUNDED = datetime(2020, 7, 1, tzinfo=UTC)
WHO = "benchmark"
_AREA_OF = 20  # units to an area


@frozen(slots=True)
class CityUnit:
    """The unit that is the city itself, with how many people live there: an indicator of the city, for every year."""

    code: str
    name: str
    inhabitants: int


def build_city(store: Path, *, units: int, accounts: int, seed: int = 1, itself: CityUnit | None = None) -> str:
    """Make a store of a city with `units` × `accounts` × 24 postings; return the instant half of them were recorded.

    Each month of a year is one command, as if imported month by month. Without `itself` no unit is the city.
    """
    city = _City(random.Random(seed), units, _accounts(accounts), itself)
    with EventLog.create(str(store), itself.name if itself else "Suurkaupunki", now=MADE, by=WHO) as log:
        run(log, FOUNDED, Request(WHO, clock_is_right=True), city.found)
        recorded = FOUNDED
        for number, events in enumerate(city.commands()):
            recorded = FOUNDED + timedelta(days=number + 1)
            with log.command(recorded, Request(WHO)) as command:
                command.append(events(recorded))
    return format_recorded(FOUNDED + timedelta(days=len(YEARS) * 13 // 2))


@define(slots=True)
class _City:
    random: random.Random
    units: int
    accounts: list[tuple[str, str, int]]
    itself: CityUnit | None = None
    versions: dict[tuple[str, int], int] = field(factory=dict)

    def found(self, session: Session) -> None:
        since = date(2018, 1, 1)
        if self.itself:
            establish_unit(session, self.itself.code, since, name=self.itself.name, kind="city", parent=None)
        establish_unit(session, "S", since, name="Toimiala", kind="sector", parent=None)
        areas = max(1, self.units // _AREA_OF)
        for area in range(areas):
            establish_unit(session, f"A{area}", since, name=f"Alue {area}", kind="service_area", parent="S")
        for unit in range(self.units):
            establish_unit(session, f"U{unit}", since, name=f"Yksikkö {unit}", kind="unit", parent=f"A{unit % areas}")

    def commands(self) -> Iterator[Any]:
        for year in YEARS:
            if self.itself:
                yield lambda recorded, year=year: self._of_the_city(year, recorded)
            yield lambda recorded, year=year: self._budgets(year, recorded)
            for month in range(1, 13):
                yield lambda recorded, year=year, month=month: self._postings(year, month, recorded)

    def _of_the_city(self, year: int, recorded: datetime) -> list[Event]:
        """Return how many live there, and that all books of the year are complete."""
        assert self.itself is not None
        code, whole = self.itself.code, Period.of_year(year)
        return [
            IndicatorObserved(
                **self._envelope(code, year, recorded, whole),
                name="Asukasluku",
                value=str(self.itself.inhabitants),
                measured_in="asukasta",
            ),
            BooksCompleted(**self._envelope(code, year, recorded, whole), measure="actual"),
            BooksCompleted(**self._envelope(code, year, recorded, whole), measure="budget"),
        ]

    def _budgets(self, year: int, recorded: datetime) -> list[Event]:
        decided = Period.of_day(date(year - 1, 12, 10))
        lines = sorted({(line, sign) for _account, line, sign in self.accounts})
        return [
            BudgetAdopted(
                **self._envelope(f"U{unit}", year, recorded, decided),
                fiscal_year=year,
                line=line,
                amount_cents=self._amount(sign) * 12,
            )
            for unit in range(self.units)
            for line, sign in lines
        ]

    def _postings(self, year: int, month: int, recorded: datetime) -> list[Event]:
        period = Period.of_month(year, month)
        return [
            ActualPosted(
                **self._envelope(f"U{unit}", year, recorded, period),
                line=line,
                amount_cents=self._amount(sign),
                account=account,
            )
            for unit in range(self.units)
            for account, line, sign in self.accounts
        ]

    def _envelope(self, unit: str, year: int, recorded: datetime, effective: Period) -> dict[str, Any]:
        version = self.versions[unit, year] = self.versions.get((unit, year), 0) + 1
        return {
            "originator_id": unit_year_stream(unit, year),
            "originator_version": version,
            "recorded": recorded,
            "recorded_by": WHO,
            "effective": effective,
            "source": "ledger.csv",
            "unit": unit,
        }

    def _amount(self, sign: int) -> int:
        return self.random.randrange(100, 1_000_000) * (sign or 1)


def _accounts(number: int) -> list[tuple[str, str, int]]:
    """Return accounts with their lines and signs, spread over the ranges of the chart."""
    ranges = [(first, line) for line in load_chart().lines.values() for first, _last in line.accounts]
    return [
        (
            str(ranges[i % len(ranges)][0] + i // len(ranges)),
            ranges[i % len(ranges)][1].code,
            ranges[i % len(ranges)][1].sign,
        )
        for i in range(number)
    ]
