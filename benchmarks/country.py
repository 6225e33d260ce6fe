"""What a snapshot of every city of a lake costs, beside a bare scan of its files and beside each city's own snapshot.

    python benchmarks/country.py [--cities 10 30] [--accounts 12] [--peers-venv .peers]
    python benchmarks/country.py --cities 10 30 100 308 --accounts 40          (28 million events at 308)

Cities are made anew, always the same, of as many inhabitants as Finland's have: few large and many small. For each
number of cities: seconds, processor seconds and events a second and core of `heinola country`, by one process and by
two; a bare scan of the same Parquet files that sums amounts by city, unit and line, by pyarrow (and by DuckDB where
`--peers-venv` has it); and `heinola snapshot` of one city after another, each with its read models made before.

Every cell of a sample of the cities is compared with that of the city's own snapshot, and the sum of all postings of a
year with what the scan makes of it; the exit code is 1 where one differs. This process stays small, since the peak
memory that the system tells of a process is never less than that of the one that started it.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import NormalDist, median
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attrs import frozen

from benchmarks.timing import PYTHON, heinola

HERE = Path(__file__).parent
PERIOD = "2020Q2"
SIZES = NormalDist(8.7, 1.4)
"""Of the logarithm of how many people live in a city: half have under 6 000, the largest of 308 some 370 000."""
PEOPLE_TO_A_UNIT = 250
FEWEST_UNITS, MOST_UNITS = 8, 600
MEBIBYTE = 1024 if sys.platform == "linux" else 1024 * 1024

BUILD = """
import sys
from pathlib import Path
from benchmarks.bulk_city import CityUnit, build_city
for told in sys.argv[2:]:
    code, inhabitants, units, accounts = told.split(",")
    itself = CityUnit(code, f"Kaupunki {code}", int(inhabitants))
    build_city(Path(sys.argv[1], f"{code}.db"), units=int(units), accounts=int(accounts), seed=int(code), itself=itself)
"""
PYARROW_SCAN = """
import sys
import pyarrow.compute as pc
import pyarrow.dataset as ds
table = ds.dataset(sys.argv[1], format="parquet", partitioning="hive").to_table(
    columns=["city", "unit", "line", "amount_cents"],
    filter=(ds.field("topic") == "ActualPosted") & (ds.field("year") == 2020))
sums = table.group_by(["city", "unit", "line"]).aggregate([("amount_cents", "sum")])
print(pc.sum(sums["amount_cents_sum"]).as_py())
"""
DUCKDB_SCAN = """
import sys
import duckdb
duckdb.sql("SET threads = 2")
print(duckdb.sql(f'''SELECT sum(cents)::BIGINT FROM (SELECT city, unit, line, sum(amount_cents) AS cents
    FROM read_parquet('{sys.argv[1]}/*/*/*.parquet', hive_partitioning = true)
    WHERE topic = 'ActualPosted' AND year = 2020 GROUP BY city, unit, line)''').fetchall()[0][0])
"""
CHECK = """
import sys
from benchmarks.country_check import differing
print(differing(sys.argv[1], sys.argv[2:]))
"""


@frozen(slots=True)
class Run:
    """What a run took: wall and processor seconds, megabytes of its largest process, and what it printed."""

    seconds: float
    processor: float
    megabytes: float
    printed: str


def run(*command: str) -> Run:
    """Run a command to its end, with all processes that it starts.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    begun = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        printed = process.stdout.read() if process.stdout else ""
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    taken = time.perf_counter() - begun
    return Run(taken, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / MEBIBYTE, printed.strip())


@frozen(slots=True)
class Country:
    """Cities in a folder, each as a store, and all of them as a lake.

    Attributes:
        folder: where.
        codes: of the cities, from the smallest to the largest.
        events: how many all of them have.
    """

    folder: Path
    codes: list[str]
    events: int

    @property
    def lake(self) -> str:
        """Where the lake is."""
        return str(self.folder / "lake")

    def store(self, code: str) -> str:
        """Return where the store of a city is."""
        return str(self.folder / f"{code}.db")

    def table(self, processes: int) -> list[str]:
        """Return the command that writes the table of all cities."""
        output = str(self.folder / "country.parquet")
        asked = ["country", PERIOD, "--lake", self.lake, "--by", "unit", "--lines", "all", "-o", output]
        return heinola(*asked, "--processes", str(processes))

    def own(self, code: str) -> list[str]:
        """Return the command that shows the snapshot of one city."""
        asked = ["snapshot", PERIOD, "--lines", "all", "--format", "json"]
        return heinola("--store", self.store(code), *asked)


def made(folder: Path, cities: int, accounts: int) -> Country:
    """Make cities, each as a store, and write all of them to one lake."""
    told = []
    for number in range(cities):
        inhabitants = round(2.718281828 ** SIZES.inv_cdf((number + 0.5) / cities))
        units = min(MOST_UNITS, max(FEWEST_UNITS, inhabitants // PEOPLE_TO_A_UNIT))
        told.append(f"{number + 1:03},{inhabitants},{units},{accounts}")
    run(PYTHON, "-c", BUILD, str(folder), *told)
    country = Country(folder, [one[:3] for one in told], 0)
    for code in country.codes:
        run(*heinola("--store", country.store(code), "lake", "write", country.lake, "--city-code", code))
        run(*country.own(code))  # makes the read models
    count = "import sys; from benchmarks.country_check import events; print(events(sys.argv[1]))"
    return Country(folder, country.codes, int(run(PYTHON, "-c", count, country.lake).printed))


def measure(country: Country, peers: Path | None, runs: int) -> None:
    """Print what each way takes, in turn, and its events a second and core."""
    scans = {"bare scan, pyarrow": [PYTHON, "-c", PYARROW_SCAN, country.lake]}
    if peers:
        scans["bare scan, DuckDB"] = [str(peers / "bin" / "python"), "-c", DUCKDB_SCAN, country.lake]
    ways = {name: [command] for name, command in scans.items()}
    ways |= {f"country, {n} process{'es' * (n > 1)}": [country.table(n)] for n in (1, 2)}
    ways["snapshots, one by one"] = [country.own(code) for code in country.codes]
    taken: dict[str, list[Run]] = {name: [] for name in ways}
    for _ in range(runs):
        for name, commands in ways.items():
            each = [run(*command) for command in commands]
            total = Run(
                sum(one.seconds for one in each),
                sum(one.processor for one in each),
                max(one.megabytes for one in each),
                each[0].printed if len(each) == 1 else "",
            )
            taken[name].append(total)
    print(f"{len(country.codes)} cities, {country.events} events, median of {runs}")
    print(f"{'':24}{'seconds':>9}{'processor, s':>14}{'events/s of it':>16}{'× scan':>8}{'MB':>6}")
    scan = median(one.processor for one in taken["bare scan, pyarrow"])
    for name, found in taken.items():
        processor = median(one.processor for one in found)
        print(
            f"{name:24}{median(one.seconds for one in found):>9.2f}{processor:>14.2f}"
            f"{country.events / processor:>16.0f}{processor / scan:>8.1f}{max(one.megabytes for one in found):>6.0f}"
        )
    sums = {name: {one.printed for one in taken[name]} for name in scans}
    if len(set().union(*sums.values())) != 1:
        raise SystemExit(f"the scans differ: {sums}")


def compare(country: Country, sample: int) -> None:
    """Compare the cells of a sample of the cities with their own snapshots; end the run where one differs."""
    step = max(1, len(country.codes) // sample)
    stores = [country.store(code) for code in country.codes[::-step][:sample]]
    run(*country.table(2))
    print(run(PYTHON, "-c", CHECK, str(country.folder / "country.parquet"), *stores).printed, flush=True)


def main() -> None:
    """Make, measure and compare one country after another; only one is kept at a time."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cities", type=int, nargs="+", default=[10])
    parser.add_argument("--accounts", type=int, default=12, help="to a unit: its postings a month")
    parser.add_argument("--sample", type=int, default=30, help="cities of which every cell is compared")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peers-venv", type=Path, help="an environment with duckdb in it")
    given = parser.parse_args()
    for cities in given.cities:
        with TemporaryDirectory() as folder:
            os.environ["PYTHONPYCACHEPREFIX"] = str(Path(folder) / "compiled")  # as an installed tool is
            os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
            os.environ["PYTHONPATH"] = str(HERE.parent)
            country = made(Path(folder), cities, given.accounts)
            measure(country, given.peers_venv, given.runs)
            compare(country, given.sample)


if __name__ == "__main__":
    main()
