"""What a cold snapshot costs as the log grows and the answer does not: seconds, beside a bare Python and a bare scan.

    python benchmarks/curve.py [--sizes 10000 30000 100000 300000 1000000 3000000]

Every log is of the same units and lines, with more and more postings to a month. The bare scan is a Python that lets
SQLite count the rows of the log without an index. Every actual of the snapshot is compared with a sum kept aside.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import orjson

from benchmarks.timing import PYTHON, bare_python, heinola, timed
from events.figures import ActualPosted, BudgetAdopted
from events.organisation import UnitEstablished
from events.period import Period
from events.streams import unit_stream, unit_year_stream
from heinola_es.domain.chart import load_chart
from heinola_es.store.log import EventLog, Request

if TYPE_CHECKING:
    from collections.abc import Iterator
    from uuid import UUID

    from events.base import Event

SIZES = (10_000, 30_000, 100_000, 300_000, 1_000_000, 3_000_000)
UNITS = 30
MONTHS = [(year, month) for year in (2019, 2020) for month in range(1, 13)]
BATCH = 10_000
FOUNDED = datetime(2020, 7, 1, tzinfo=UTC)
COUNT = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('SELECT count(*) FROM stored_events NOT INDEXED')"


class City:
    """A city of so many postings, and what its actuals of January–June 2020 must come to."""

    def __init__(self, postings: int) -> None:
        self.postings = postings
        self.random = random.Random(postings)
        self.versions: dict[UUID, int] = {}
        self.codes = [str(1000 + number) for number in range(UNITS)]
        self.lines = [line for line in load_chart().lines.values() if line.accounts and line.sign]
        self.expected: dict[tuple[str, str], int] = {}

    def events(self) -> Iterator[Event]:
        """Yield the units, their budgets, and month by month the postings, over units and lines by turns."""
        since = Period.of_day(date(2018, 1, 1))
        for code in self.codes:
            name = f"Yksikkö {code}"
            envelope = self._envelope(unit_stream(code), since)
            yield UnitEstablished(**envelope, code=code, name=name, kind="unit", parent=None)
        for code in self.codes:
            for line in self.lines:
                envelope = self._envelope(unit_year_stream(code, 2020), Period.of_day(date(2019, 12, 10)))
                cents = line.sign * self.random.randrange(10_000_000)
                yield BudgetAdopted(**envelope, unit=code, line=line.code, fiscal_year=2020, amount_cents=cents)
        for at in range(self.postings):
            yield self._posting(at)

    def _posting(self, at: int) -> ActualPosted:
        year, month = MONTHS[at * len(MONTHS) // self.postings]
        code, line = self.codes[at % UNITS], self.lines[at // UNITS % len(self.lines)]
        cents = line.sign * self.random.randrange(1, 1_000_000)
        if (year, month) in MONTHS[12:18]:
            self.expected[code, line.code] = self.expected.get((code, line.code), 0) + cents
        envelope = self._envelope(unit_year_stream(code, year), Period.of_month(year, month))
        return ActualPosted(**envelope, unit=code, line=line.code, amount_cents=cents)

    def _envelope(self, stream: UUID, effective: Period) -> dict[str, Any]:
        self.versions[stream] = version = self.versions.get(stream, 0) + 1
        return {
            "originator_id": stream,
            "originator_version": version,
            "recorded": FOUNDED,
            "recorded_by": "benchmark",
            "effective": effective,
            "source": "ledger.csv",
        }


def build(store: Path, city: City) -> None:
    """Append the events of a city as they are, past the rules, which are not what is measured here."""
    with EventLog.create(str(store), "Heinola", now=FOUNDED, by="benchmark") as log:
        waiting: list[Event] = []
        for event in city.events():
            waiting.append(event)
            if len(waiting) == BATCH:
                _append(log, waiting)
                waiting = []
        _append(log, waiting)


def _append(log: EventLog, events: list[Event]) -> None:
    with log.command(FOUNDED + timedelta(days=1), Request("benchmark")) as command:
        command.append(events)


def measure(store: Path, city: City) -> str:
    """Return the row of a city: its first snapshot, which catches up, and then those that find everything ready."""
    snapshot = heinola("--store", str(store), "snapshot", "2020Q2", "--format", "json", "--lines", "all")
    begun = time.perf_counter()
    printed = subprocess.run(snapshot, check=True, stdout=subprocess.PIPE).stdout
    first = time.perf_counter() - begun
    _check(orjson.loads(printed), city)
    whole = timed(snapshot, bare_python())
    unit = timed([*snapshot, "--unit", city.codes[7]], bare_python())
    scan = timed(snapshot, [PYTHON, "-c", COUNT, str(store)])
    return (
        f"{city.postings:>9}{store.stat().st_size / 1e6:>7.0f}{first:>8.2f}"
        f"{whole.seconds:>9.3f}{whole.ratio:>6.1f}{unit.seconds:>10.3f}{unit.ratio:>6.1f}"
        f"{scan.reference_seconds:>9.3f}{scan.ratio:>6.1f}"
    )


def _check(snapshot: dict[str, Any], city: City) -> None:
    actuals = {
        (unit["code"], row["line"]): row["actual"]["cents"] for unit in snapshot["units"] for row in unit["figures"]
    }
    wrong = [key for key, cents in city.expected.items() if actuals.get(key) != cents]
    if wrong or not city.expected:
        raise SystemExit(f"the snapshot of {city.postings} postings is wrong at {wrong[:5]}")


def main() -> None:
    """Build, measure and print one size after another; only one store is kept at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    given = parser.parse_args()
    print(f"{'':>9}{'log':>7}{'first':>8}{'city':>9}{'':>6}{'one unit':>10}{'':>6}{'scan':>9}")
    print(f"{'postings':>9}{'MB':>7}{'s':>8}{'s':>9}{'×':>6}{'s':>10}{'×':>6}{'s':>9}{'×':>6}")
    for size in given.sizes:
        with TemporaryDirectory() as folder:
            os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "compiled")  # as an installed tool is
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            store, city = Path(folder) / "heinola.db", City(size)
            build(store, city)
            print(measure(store, city), flush=True)


if __name__ == "__main__":
    main()
