"""Heinola ES beside ledger, hledger, beancount, DuckDB, Polars and a plain script: the same data, the same question.

    python benchmarks/peers.py --peers-venv .peers                            (96 000 postings)
    python benchmarks/peers.py --peers-venv .peers --units 500 --accounts 80  (960 000 postings)

The question: for each unit and line the actuals of January–June 2020 beside those of January–June 2019, all of 2019 and
the budget of 2020. Every peer is a whole process, from its input to its printed answer, timed in turn with ours; every
cell of every answer is compared with ours, and the exit code is 1 where one differs. A peer that is not installed is
told as absent. To have them all, on Debian:

    apt-get install ledger hledger
    python3 -m venv .peers && .peers/bin/pip install -r benchmarks/requirements-peers.txt

This process stays small, and leaves the making of inputs and the comparing to others: the peak memory that the system
tells of a process is never less than that of the one that started it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from attrs import frozen

from benchmarks.timing import PYTHON, bare_python, heinola, timed

HERE = Path(__file__).parent
MONTHS = 24
NOWHERE = Path(os.devnull)
BY_LINE_AND_QUARTER = (
    "SELECT root(account, 3) AS line, year, quarter(date) AS of_year, sum(number) AS total GROUP BY line, year, of_year"
)
REGISTER = '%(format_date(date, "%Y-%m-%d"));%(account);%(quantity(amount))\n'
HALVES = "every 6 months from 2019-01-01 to 2021-01-01"
UNCACHED = "BEANCOUNT_DISABLE_LOAD_CACHE=1"


@frozen(slots=True)
class Peer:
    """Another tool that is asked.

    Attributes:
        name: as the table has it.
        version: a command that prints its version, and fails where it is absent.
        form: in which it answers, one of those that `peer_answers.py` knows.
        command: what answers, on standard output.
        before: what is run once before, as loading.
    """

    name: str
    version: list[str]
    form: str
    command: list[str]
    before: list[str] | None = None

    def found(self) -> str | None:
        """Return its version, or None where it is not installed."""
        if shutil.which(self.version[0]) is None:
            return None
        told = subprocess.run(self.version, capture_output=True, text=True, check=False)
        words = told.stdout.replace(",", " ").split()
        return None if told.returncode else next(word for word in words if word[0].isdigit())


def peers(folder: Path, venv: Path) -> list[Peer]:
    """Return every peer with its question."""
    python = str(venv / "bin" / "python")
    ledger = ["ledger", "--args-only", "-f", str(folder / "city.journal"), "register"]
    hledger = ["hledger", "-f", str(folder / "city.journal"), "balance", "--flat", "-N", "-O", "csv"]
    bean_query = [str(venv / "bin" / "bean-query"), "-f", "csv", "-q", str(folder / "city.beancount")]
    bean_query.append(BY_LINE_AND_QUARTER)

    def of_package(name: str) -> list[str]:
        return [python, "-c", f"from importlib.metadata import version; print(version({name!r}))"]

    def script(name: str, *options: str, by: str = python) -> list[str]:
        return [by, str(HERE / "peer_scripts" / name), str(folder), *options]

    return [
        Peer(
            "ledger",
            ["ledger", "--version"],
            "ledger",
            [*ledger, "--depth", "2", "--period", "every 6 months", "-F", REGISTER],
        ),
        Peer("hledger", ["hledger", "--version"], "hledger", [*hledger, "--depth", "2", "-p", HALVES]),
        Peer("bean-query", of_package("beancount"), "beancount", ["env", UNCACHED, *bean_query]),
        Peer("bean-query, cached", of_package("beancount"), "beancount", bean_query, before=bean_query),
        Peer("DuckDB over CSV", of_package("duckdb"), "script", script("duckdb_csv.py")),
        Peer(
            "DuckDB, loaded before",
            of_package("duckdb"),
            "script",
            script("duckdb_csv.py", "--loaded"),
            before=script("duckdb_csv.py", "--load"),
        ),
        Peer("Polars over CSV", of_package("polars"), "script", script("polars_csv.py")),
        Peer("plain Python script", [PYTHON, "--version"], "script", script("stdlib_csv.py", by=PYTHON)),
    ]


def prepare(folder: Path, units: int, accounts: int) -> list[str]:
    """Write every input, import it into a store, print what that and a first reading take; return our command."""
    size = ["--units", str(units), "--accounts", str(accounts)]
    _seconds([PYTHON, str(HERE / "peer_inputs.py"), str(folder), *size])
    tool = heinola("--store", str(folder / "heinola.db"), "--actor", "benchmark")
    ours = [*tool, "snapshot", "2020Q2", "--format", "json", "--lines", "all"]
    _seconds([*tool, "init"])
    actuals, budget = (
        _seconds([*tool, "import", "figures", str(folder / f"{name}.csv"), "--mapping", str(folder / f"{name}.toml")])
        for name in ("ledger", "budget")
    )
    first = _seconds(ours, folder / "heinola.json")
    print(f"{units * accounts * MONTHS} postings of {units} units")
    print(f"imported in {actuals:.1f} s, the budgets in {budget:.1f} s; first snapshot after that {first:.1f} s\n")
    return ours


def ask(peer: Peer, ours: list[str], folder: Path, limit: float) -> bool:
    """Time a peer in turn with ours, compare its answer, print its row; return whether every cell is the same."""
    version = peer.found()
    if version is None:
        print(f"{peer.name:<22}{'absent':>8}", flush=True)
        return True
    if peer.before:
        _seconds(peer.before)
    try:
        once = _seconds(peer.command, folder / "answer", limit)
    except subprocess.TimeoutExpired:
        print(f"{peer.name:<22}{version.split('-')[0]:>8}   more than {limit:.0f} s", flush=True)
        return True
    timing = timed(peer.command, ours, runs=9 if once < 3 else 3 if once < 15 else 1)
    compared = subprocess.run(
        [PYTHON, str(HERE / "peer_answers.py"), peer.form, str(folder)],
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    print(
        f"{peer.name:<22}{version.split('-')[0]:>8}{timing.seconds:>9.3f}{timing.reference_seconds:>8.3f}"
        f"{timing.ratio:>8.2f}{timing.peak_megabytes:>7.0f}  {compared.stdout.rstrip()}",
        flush=True,
    )
    return not compared.returncode


def _seconds(command: list[str], output: Path = NOWHERE, limit: float | None = None) -> float:
    """Return the seconds that a command takes, run once."""
    begun = time.perf_counter()
    with output.open("wb") as file:
        subprocess.run(command, stdout=file, check=True, timeout=limit)
    return time.perf_counter() - begun


def main() -> None:
    """Write the inputs, ask everyone, print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--peers-venv", type=Path, default=Path(".peers"))
    parser.add_argument("--limit", type=float, default=600, help="seconds that a peer may take")
    given = parser.parse_args()
    with TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["PYTHONPYCACHEPREFIX"] = str(folder / "compiled")  # an installed tool is compiled, and so is a peer
        os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
        ours = prepare(folder, given.units, given.accounts)
        print(f"{'':<22}{'version':>8}{'seconds':>9}{'ours':>8}{'ratio':>8}{'MB':>7}  cells")
        exact = [ask(peer, ours, folder, given.limit) for peer in peers(folder, given.peers_venv.absolute())]
        timing = timed(ours, bare_python())
        print(f"{'Heinola ES':<22}{'':>8}{timing.seconds:>9.3f}{'':>8}{'':>8}{timing.peak_megabytes:>7.0f}")
    sys.exit(0 if all(exact) else 1)


if __name__ == "__main__":
    main()
