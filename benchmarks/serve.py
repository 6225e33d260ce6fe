"""The served pages of a large city: how long they take while others read and somebody records.

    python benchmarks/serve.py [--units 500] [--accounts 80] [--readers 20] [--seconds 60] [--store FILE]

A store of `units` × `accounts` × 24 postings is served on this machine; readers ask for pages of random units, one
after the other, and a writer records all the while. The limits are those that the project has set itself for 960 000
postings: a page in 60 ms (median) and 150 ms (19 of 20), 300 MB of memory, a start in 0.7 s. All of it on this machine.
With `--seconds 1800` it is a soak: the memory that the server has at the end of each quarter of the time is told, which
must not go on growing.
"""

from __future__ import annotations

import argparse
import http.client
import random
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import define, field

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bulk_city import build_city
from benchmarks.timing import heinola
from heinola_es.store.reading import LogReader

if TYPE_CHECKING:
    from collections.abc import Callable

PAGES = {
    "report": "/?period=2020Q2&unit={unit}",
    "explanation": "/explain?period=2020Q2&unit={unit}&line=expenses&column=actual",
    "log": "/log?period=2020Q2&unit={unit}",
    "publications": "/published?period=2020Q2",
    "help": "/help",
}
LIMITS = {"median": 60.0, "p95": 150.0, "megabytes": 300.0, "start": 0.7}
SECONDS = 120


@define
class Measured:
    """What was measured: milliseconds of each page by its name, failures, what was recorded, memory by quarter."""

    took: dict[str, list[float]] = field(factory=lambda: defaultdict(list))
    failed: int = 0
    recorded: int = 0
    resident: list[float] = field(factory=list)


def main() -> None:
    """Measure, and print a line for each page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--accounts", type=int, default=80)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--seconds", type=int, default=60)
    parser.add_argument("--store", type=Path, help="one that was made before; it is recorded in")
    asked = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = asked.store or Path(folder) / "city.db"
        if not store.exists():
            build_city(store, units=asked.units, accounts=asked.accounts)
        measure(store, asked.readers, asked.seconds)


def measure(store: Path, readers: int, seconds: int) -> None:
    """Serve a store, let readers and a writer at it, and print what was measured."""
    with LogReader.open(str(store)) as reader:
        units = list(reader.unit_names())
    began = time.perf_counter()
    command = heinola("--store", str(store), "--actor", "benchmark", "serve", "--port", "0")
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as served:
        line = served.stdout.readline() if served.stdout else ""
        opened = urlsplit(line.removeprefix("open ").strip())
        print(f"started in {time.perf_counter() - began:.2f} s (limit {LIMITS['start']} s)")
        try:
            address = opened.port or 0, f"{opened.path}?{opened.query}"
            measured = _asked(*address, units, store, readers, seconds, lambda: _megabytes(served.pid, "VmRSS:"))
            _tell(measured, _megabytes(served.pid, "VmHWM:"))
        finally:
            served.send_signal(signal.SIGINT)


def _asked(
    port: int, path: str, units: list[str], store: Path, readers: int, seconds: int, resident: Callable[[], float]
) -> Measured:
    cookie = _get(port, path, "")[1].partition(";")[0]
    for page in PAGES.values():  # what is loaded once
        _get(port, page.format(unit=units[0]), cookie)
    measured, until = Measured(), time.monotonic() + seconds

    def read(number: int) -> None:
        chosen = random.Random(number)
        while time.monotonic() < until:
            name = chosen.choice(list(PAGES))
            began = time.perf_counter()
            status, _cookie = _get(port, PAGES[name].format(unit=chosen.choice(units)), cookie)
            measured.took[name].append((time.perf_counter() - began) * 1000)
            measured.failed += status != http.client.OK

    def write() -> None:
        while time.monotonic() < until:
            unit = random.Random(measured.recorded).choice(units)
            words = ("record", "indicator", unit, "2020Q2", "Asiakkaita", str(measured.recorded), "--clock-is-right")
            command = heinola("--store", str(store), "--actor", "benchmark", *words)
            done = subprocess.run(command, capture_output=True, check=False)
            measured.recorded += done.returncode == 0

    def watch() -> None:
        for _quarter in range(4):
            time.sleep(seconds / 4)
            measured.resident.append(resident())

    threads = [threading.Thread(target=read, args=(number,)) for number in range(readers)]
    threads += [threading.Thread(target=write), threading.Thread(target=watch)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return measured


def _get(port: int, path: str, cookie: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        answer.read()
        return answer.status, answer.getheader("set-cookie") or ""
    finally:
        connection.close()


def _megabytes(pid: int, which: str) -> float:
    told = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(told.partition(which)[2].split()[0]) / 1024


def _tell(measured: Measured, megabytes: float) -> None:
    every = [one for took in measured.took.values() for one in took]
    for name, took in {**measured.took, "all": every}.items():
        median, p95 = statistics.median(took), statistics.quantiles(took, n=20)[-1]
        print(f"{name:13} {len(took):6} pages, median {median:7.1f} ms, 19 of 20 in {p95:7.1f} ms")
    print(f"limits: {LIMITS['median']:.0f} and {LIMITS['p95']:.0f} ms")
    print(f"memory {megabytes:.0f} MB (limit {LIMITS['megabytes']:.0f})")
    print(f"memory by quarters of the time {' '.join(f'{one:.0f}' for one in measured.resident)} MB")
    print(f"recorded meanwhile: {measured.recorded}; failed: {measured.failed}")


if __name__ == "__main__":
    main()
