"""How long `heinola audit verify` takes, beside a bare scan with SHA-256 of the same rows.

python benchmarks/verify.py [--events 1000000] [--seed 7]
"""

from __future__ import annotations

import argparse
import os
import random
import sqlite3
import time
from collections import defaultdict
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from events.figures import ActualPosted
from events.organisation import UnitEstablished
from events.period import Period
from events.streams import unit_stream, unit_year_stream
from heinola_es.store.kept import SALT_BYTES
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from projections.publishing import Publisher, publish
from projections.verifying.log_pass import pass_over
from projections.verifying.verification import verify
from projections.verifying.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from uuid import UUID

    from events.base import Event

BATCH = 5_000
UNITS = 200
FIRST_YEAR, LAST_YEAR = 2010, 2020
LINES = ("sales", "fees", "personnel", "services", "materials")
FOUNDED = Period.of_day(date(2010, 1, 1))
BEGUN = datetime(2021, 1, 1, tzinfo=UTC)
ASKED = Request("bench", clock_is_right=True)


def main() -> None:
    """Make a log, publish a report, and time the verification."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        path = Path(folder, "heinola.db")
        make_log(path, given.events, random.Random(given.seed))
        bare = timed(lambda: bare_scan(path))
        print(f"{given.events} events, {path.stat().st_size / 1e6:.0f} MB")
        report("bare scan with SHA-256", bare, bare)
        report("the pass over the log", timed(lambda: the_pass(path)), bare)
        report("all of `audit verify`", timed(lambda: the_whole(path)), bare)


def report(what: str, seconds: float, bare: float) -> None:
    """Print a time and its ratio to the bare scan."""
    print(f"{what:<24}{seconds:8.2f} s {seconds / bare:6.1f} x")


def timed(work: Callable[[], None]) -> float:
    """Return how many seconds the work takes."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def bare_scan(path: Path) -> None:
    """Read every row and hash its body, and do nothing else."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            "SELECT position, originator_id, originator_version, topic, state, leaf_hash "
            "FROM stored_events ORDER BY position"
        )
        for row in rows:
            sha256(row[4]).digest()


def the_pass(path: Path) -> None:
    """Recompute every leaf and the tree."""
    with closing(Workbench(path)) as bench:
        found = pass_over(bench.connection, ())
    assert not found.changed
    assert not found.unreadable


def the_whole(path: Path) -> None:
    """Verify the log, the read models and the published report."""
    verdict = verify(path)
    assert verdict.problems == (), verdict.problems


def make_log(path: Path, size: int, chance: random.Random) -> None:
    """Fill a new store with postings of a large city, in batches, and publish a report in it."""
    with EventLog.create(str(path), "Heinola", now=BEGUN, by="bench") as log:
        waiting: list[Event] = []
        for event in city(size - 2, chance):  # the first event makes the store, the last is the report
            waiting.append(event)
            if len(waiting) == BATCH:
                append(log, waiting)
                waiting = []
        append(log, waiting)
        with LogReader(path) as reader:
            publisher = Publisher(log, reader, BEGUN + timedelta(days=100), ASKED, lambda: os.urandom(SALT_BYTES))
            publish(publisher, Period.of_months(2020, 4, 6), None, incomplete=True)


def append(log: EventLog, events: list[Event]) -> None:
    """Append events as they are, past the rules, which are not what is measured here."""
    with log.command(BEGUN + timedelta(days=1), ASKED) as command:
        command.append(events)


def city(size: int, chance: random.Random) -> Iterator[Event]:
    """Yield the units and then postings on them, each in the stream and the version where it belongs."""
    codes = [str(1000 + number) for number in range(UNITS)]
    for code in codes:
        stream, name = unit_stream(code), f"Yksikkö {code}"
        yield UnitEstablished(**carried(stream, 1, BEGUN, FOUNDED), code=code, name=name, kind="unit", parent=None)
    versions: dict[UUID, int] = defaultdict(int)
    for number in range(size - UNITS):
        code, year = chance.choice(codes), chance.randint(FIRST_YEAR, LAST_YEAR)
        stream = unit_year_stream(code, year)
        versions[stream] += 1
        yield ActualPosted(
            **carried(
                stream,
                versions[stream],
                BEGUN + timedelta(milliseconds=50 * number),
                Period.of_month(year, chance.randint(1, 12)),
                f"pääkirja-{year}.csv:{number}",
            ),
            unit=code,
            line=chance.choice(LINES),
            amount_cents=chance.randint(-900_000, 900_000),
        )


def carried(stream: UUID, version: int, recorded: datetime, effective: Period, source: str = "") -> dict[str, Any]:
    """Return what every event carries."""
    return {
        "originator_id": stream,
        "originator_version": version,
        "recorded": recorded,
        "recorded_by": "talousjohtaja",
        "effective": effective,
        "source": source,
    }


if __name__ == "__main__":
    main()
