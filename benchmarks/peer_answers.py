"""What each peer printed, read as cells of cents, and compared with every cell of our snapshot.

    python benchmarks/peer_answers.py FORM FOLDER

Of the folder it reads `answer`, in the form of a peer, and `heinola.json`.
"""

from __future__ import annotations

import csv
import sys
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from heinola_es.domain.chart import load_chart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.domain.chart import Chart

COLUMNS = ("final_accounts", "prior_actual", "budget", "actual")
BUDGET = "Budget-"

Row = tuple[int | None, ...]
Answer = dict[tuple[str, str], Row]
"""The columns by unit and line."""
Half = tuple[str, str, str, int]
"""An account's unit (of a budget with its prefix), its line, a half-year as `2019-1`, and cents."""


def of_script(path: Path) -> Answer:
    """Read what the scripts print: unit, line and the columns."""
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (unit, line): tuple(int(cents) if cents else None for cents in columns)
            for unit, line, *columns in csv.reader(file, delimiter=";")
        }


def of_ledger(path: Path) -> Answer:
    """Read the half-yearly register of ledger."""
    return _by_halves(_of_ledger(path))


def _of_ledger(path: Path) -> Iterator[Half]:
    with path.open(encoding="utf-8", newline="") as file:
        for day, account, amount in csv.reader(file, delimiter=";"):
            if ":" in account:
                unit, line = account.split(":")
                yield unit, line, f"{day[:4]}-{1 if day[5:7] <= '06' else 2}", _cents(amount)


def of_hledger(path: Path) -> Answer:
    """Read the half-yearly balance of hledger."""
    return _by_halves(_of_hledger(path))


def _of_hledger(path: Path) -> Iterator[Half]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        halves = [f"{span[:4]}-{1 if span[5:7] == '01' else 2}" for span in next(rows)[1:]]
        for account, *amounts in rows:
            if ":" in account:
                unit, line = account.split(":")
                for half, amount in zip(halves, amounts, strict=True):
                    yield unit, line, half, _cents(amount)


def of_beancount(path: Path) -> Answer:
    """Read the quarters of bean-query."""
    return _by_halves(_of_beancount(path))


def _of_beancount(path: Path) -> Iterator[Half]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for account, year, quarter, amount in rows:
            if account.startswith("Income:"):
                _root, unit, line = account.split(":")
                half = f"{year.strip()}-{1 if quarter[-1] in '12' else 2}"
                yield unit, line.lower().replace("-", "_"), half, _cents(amount)


def _by_halves(halves: Iterator[Half]) -> Answer:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for account, line, half, cents in halves:
        unit = account.removeprefix(BUDGET)
        columns = found.setdefault((unit, line), {})
        for column in _columns_of(half, budget=account != unit):
            columns[column] = columns.get(column, 0) + cents
    return {key: tuple(columns.get(column) for column in COLUMNS) for key, columns in found.items()}


def _columns_of(half: str, *, budget: bool) -> tuple[str, ...]:
    if budget:
        return ("budget",) if half.startswith("2020") else ()
    return {"2019-1": ("final_accounts", "prior_actual"), "2019-2": ("final_accounts",), "2020-1": ("actual",)}.get(
        half, ()
    )


def _cents(amount: str) -> int:
    cents = Decimal(amount.strip() or "0") * 100
    if cents != int(cents):
        raise ValueError(f"{amount} has more than cents")
    return int(cents)


def mismatches(snapshot: Path, theirs: Answer) -> tuple[int, list[str]]:
    """Return how many cells were compared, and a sentence for each that differs.

    The cells of a peer are those of a unit and a line that accounts feed. They are compared with ours, and, summed up
    over the units below and the lines that are components, with every other cell of our snapshot.
    """
    units = orjson.loads(snapshot.read_bytes())["units"]
    ours = {(unit["code"], row["line"]): _row(row) for unit in units for row in unit["figures"]}
    summed = _summed(theirs, {unit["code"]: unit["parent"] for unit in units})
    wrong = [
        f"{unit} {line} {column}: ours {our}, theirs {their}"
        for unit, line in sorted(ours.keys() | summed.keys())
        for column, our, their in zip(
            COLUMNS, ours.get((unit, line), (None,) * 4), summed.get((unit, line), (None,) * 4), strict=True
        )
        if our != their
    ]
    return len(ours) * len(COLUMNS), wrong


def _row(row: dict[str, Any]) -> Row:
    return tuple(row[column] and row[column]["cents"] for column in COLUMNS)


def _summed(theirs: Answer, parents: dict[str, str | None]) -> Answer:
    above = _lines_above(load_chart())
    sums: dict[tuple[str, str], list[int | None]] = {}
    for (unit, leaf), row in theirs.items():
        place: str | None = unit
        while place is not None:
            for line in (leaf, *above[leaf]):
                total = sums.setdefault((place, line), [None] * len(COLUMNS))
                for at, cents in enumerate(row):
                    if cents is not None:
                        total[at] = (total[at] or 0) + cents
            place = parents.get(place)
    return {key: tuple(row) for key, row in sums.items()}


def _lines_above(chart: Chart) -> dict[str, list[str]]:
    """Return for each line all that it is a component of, directly or not."""
    above: dict[str, list[str]] = {}
    for code in chart.lines:
        direct = [line.code for line in chart.lines.values() if code in line.components]
        above[code] = list(direct)
        for line in above[code]:
            above[code] += [
                wider.code
                for wider in chart.lines.values()
                if line in wider.components and wider.code not in above[code]
            ]
    return above


FORMS = {"script": of_script, "ledger": of_ledger, "hledger": of_hledger, "beancount": of_beancount}


def main() -> None:
    """Print how an answer compares, and exit with 1 where a cell differs."""
    form, folder = sys.argv[1], Path(sys.argv[2])
    cells, wrong = mismatches(folder / "heinola.json", FORMS[form](folder / "answer"))
    print(f"{len(wrong)} of {cells} differ: {'; '.join(wrong[:5])}" if wrong else f"all {cells} equal")
    sys.exit(1 if wrong or not cells else 0)


if __name__ == "__main__":
    main()
