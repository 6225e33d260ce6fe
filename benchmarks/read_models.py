"""Read models at speed: catching up and rebuilding beside a bare scan, and cold snapshots of a whole city.

    python benchmarks/read_models.py [--units 500] [--accounts 80]

A bare scan reads every event in order and parses its body with orjson: nothing that looks at all of them can do less.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bulk_city import build_city
from benchmarks.timing import bare_python, heinola, timed
from heinola_es.store.reading import LogReader
from projections.read_models.catching_up import catch_up, rebuild
from projections.read_models.models import ALL

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 3


def main() -> None:
    """Build a city, print the ratios of the read models, then the cold commands."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--accounts", type=int, default=80)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = Path(folder) / "city.db"
        middle = build_city(store, units=given.units, accounts=given.accounts)
        with LogReader.open(str(store)) as reader:
            print(f"{reader.size()} events, {given.units} units, {given.accounts} accounts, 24 months")
            _read_models(reader)
        _cold_commands(str(store), middle)


def _read_models(reader: LogReader) -> None:
    scans, catches, builds = [], [], []
    for _run in range(RUNS):
        scans.append(_seconds(lambda: _scan(reader)))
        for (table,) in reader.connection.execute("SELECT name FROM sqlite_master WHERE name LIKE 'rm_%'").fetchall():
            reader.connection.execute(f"DROP TABLE IF EXISTS {table}")
        catches.append(_seconds(lambda: catch_up(reader, ALL)))
        builds.append(_seconds(lambda: rebuild(reader, ALL)))
    _print_ratio("bare scan with orjson.loads", scans, scans)
    _print_ratio("catch-up from nothing", catches, scans)
    _print_ratio("rebuild", builds, scans)


def _cold_commands(store: str, middle: str) -> None:
    snapshot = ("--store", store, "snapshot", "2020Q2", "--format", "json")
    commands = {
        "snapshot, whole city": (*snapshot,),
        "snapshot, whole city, every line": (*snapshot, "--lines", "all"),
        "snapshot, one unit": (*snapshot, "--unit", "U7"),
        "snapshot, every line, known at the middle": (*snapshot, "--lines", "all", "--known-at", middle),
        "record actual": ("--store", store, "record", "actual", "U7", "sales", "6/2020", "100", "--dry-run"),
        "--help": ("--help",),
    }
    print(f"\n{'cold command':<44}{'seconds':>9}{'bare Python':>13}{'ratio':>7}{'MB':>6}")
    for name, arguments in commands.items():
        timing = timed(heinola(*arguments), bare_python())
        figures = (
            f"{timing.seconds:>9.3f}{timing.reference_seconds:>13.3f}{timing.ratio:>7.1f}{timing.peak_megabytes:>6.0f}"
        )
        print(f"{name:<44}{figures}")


def _scan(reader: LogReader) -> None:
    for row in reader.rows(0, reader.size()):
        orjson.loads(row[4])


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _print_ratio(name: str, taken: list[float], reference: list[float]) -> None:
    ratio = statistics.median(t / r for t, r in zip(taken, reference, strict=True))
    print(f"{name:<44}{statistics.median(taken):>9.2f} s{ratio:>7.2f}×")


if __name__ == "__main__":
    main()
