"""The backtest at speed: the computed forecast of every unit and line of a city, beside one snapshot without it.

    python benchmarks/forecast.py [--units 500] [--accounts 80]

The snapshot is of the same period, out of the same read models; both are taken with the store open, in turn. Seconds
are those of the processor, which others on the same machine do not change: all of it is one process.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.bulk_city import build_city
from events.period import Period
from heinola_es.store.reading import LogReader
from projections.read_models.moment import one_moment
from projections.snapshot.forecasts import forecast_column
from projections.snapshot.taking import SnapshotQuery, look, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable

RUNS = 5
PERIOD = Period.of_months(2020, 1, 6)


def main() -> None:
    """Build a city and print what forecasts take, in seconds and beside the snapshot."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=500)
    parser.add_argument("--accounts", type=int, default=80)
    given = parser.parse_args()
    with TemporaryDirectory() as folder:
        store = Path(folder) / "city.db"
        build_city(store, units=given.units, accounts=given.accounts)
        with LogReader.open(str(store)) as reader:
            print(f"{reader.size()} events, {given.units} units, {given.accounts} accounts, 24 months")
            _measure(reader)


def _measure(reader: LogReader) -> None:
    plain, backtest, shown = [], [], []
    _seconds(lambda: take_snapshot(reader, SnapshotQuery(period=PERIOD)))  # the read models are caught up
    for _run in range(RUNS):
        plain.append(_seconds(lambda: take_snapshot(reader, SnapshotQuery(period=PERIOD))))
        backtest.append(_seconds(lambda: _backtest(reader)))
        shown.append(_seconds(lambda: take_snapshot(reader, SnapshotQuery(period=PERIOD, forecast_method="nearest"))))
    for name, taken in (
        ("snapshot without forecasts", plain),
        ("forecast and backtest of every cell", backtest),
        ("snapshot with forecasts", shown),
    ):
        ratio = statistics.median(one / beside for one, beside in zip(taken, plain, strict=True))
        print(f"{name:40} {statistics.median(taken):7.2f} s  {ratio:6.2f} × the snapshot without")


def _backtest(reader: LogReader) -> None:
    with one_moment(reader):
        view = look(reader, SnapshotQuery(period=PERIOD))
        column = forecast_column(view.figures, PERIOD)
        for unit in view.organisation.units:
            for line in view.chart.lines:
                column.forecast(unit, line)


def _seconds(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


if __name__ == "__main__":
    main()
