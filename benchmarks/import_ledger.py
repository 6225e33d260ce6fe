"""From a ledger in CSV to committed events, against raw `executemany` of the same bodies in the same run.

python benchmarks/import_ledger.py [--units 500] [--accounts 80] [--runs 3]     (960 000 postings)

The reference is what SQLite itself takes for the rows that the import stored: one statement, one transaction, the
library's table with its unique index, write-ahead logging and full syncs. It reads no CSV, checks no rule, encodes no
body and hashes no leaf.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from attrs import frozen

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.generate_ledger import generate
from benchmarks.timing import heinola

if TYPE_CHECKING:
    from benchmarks.generate_ledger import Files

LIMIT_RATIO = 5.0
LIMIT_MEGABYTES = 600
TABLE = """CREATE TABLE stored_events (
    originator_id TEXT, originator_version INTEGER, topic TEXT, state BLOB,
    PRIMARY KEY (originator_id, originator_version)
)"""


@frozen(slots=True)
class Run:
    """One import beside its reference: wall seconds, processor seconds of each, and the import's peak memory."""

    seconds: float
    processor: float
    megabytes: float
    raw_seconds: float
    raw_processor: float

    @property
    def ratio(self) -> float:
        """How many times longer the import took."""
        return self.seconds / self.raw_seconds


def run_once(files: Files, folder: Path) -> Run:
    """Import into a new store, then insert its rows into a bare table."""
    store = folder / "heinola.db"
    environment = {**os.environ, "HEINOLA_STORE": str(store), "HEINOLA_ACTOR": "benchmark"}
    subprocess.run(heinola("init"), env=environment, check=True, stdout=subprocess.DEVNULL)
    command = heinola("import", "figures", str(files.actuals), "--mapping", str(files.actuals_mapping))
    begun = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - begun
    if process.returncode:
        raise SystemExit(f"the import failed with {process.returncode}")
    raw = subprocess.run(
        [sys.executable, __file__, "--raw", str(store)], check=True, capture_output=True, text=True
    ).stdout.split()
    processor = usage.ru_utime + usage.ru_stime
    return Run(seconds, processor, usage.ru_maxrss / 1024, float(raw[0]), float(raw[1]))


def insert_raw(store: Path) -> None:
    """Insert a store's rows into a bare table beside it, and print wall and processor seconds."""
    source = sqlite3.connect(store)
    rows = source.execute(
        "SELECT originator_id, originator_version, topic, state FROM stored_events ORDER BY position"
    ).fetchall()
    source.close()
    raw = sqlite3.connect(store.with_name("raw.db"))
    raw.execute("PRAGMA journal_mode = WAL")
    raw.execute("PRAGMA synchronous = FULL")
    raw.execute(TABLE)
    begun, processor = time.perf_counter(), time.process_time()
    with raw:
        raw.executemany("INSERT INTO stored_events VALUES (?, ?, ?, ?)", rows)
    print(time.perf_counter() - begun, time.process_time() - processor)
    raw.close()


def main() -> None:
    """Measure, print, and fail where a limit is not kept."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--accounts", type=int, default=80)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--raw", type=Path, help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.raw:
        insert_raw(wanted.raw)
        return
    with TemporaryDirectory() as folder:
        files = generate(Path(folder), units=wanted.units, accounts=wanted.accounts)
        runs = []
        for at in range(wanted.runs):
            place = Path(folder) / str(at)
            place.mkdir()
            runs.append(run_once(files, place))
            for left in place.iterdir():
                left.unlink()
    ratio = statistics.median(run.ratio for run in runs)
    processor = statistics.median(run.processor / run.raw_processor for run in runs)
    peak = max(run.megabytes for run in runs)
    print(f"{wanted.units * wanted.accounts * 24} postings, medians of {wanted.runs} runs")
    print(f"import   {statistics.median(run.seconds for run in runs):6.1f} s, peak {peak:.0f} MB")
    print(f"raw      {statistics.median(run.raw_seconds for run in runs):6.1f} s")
    print(f"ratio    {ratio:6.2f} (limit {LIMIT_RATIO:.0f}); of processor time {processor:.2f}")
    if ratio > LIMIT_RATIO or peak > LIMIT_MEGABYTES:
        raise SystemExit("beyond a limit")


if __name__ == "__main__":
    main()
