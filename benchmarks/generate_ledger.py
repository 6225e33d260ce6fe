"""Writes a ledger of any size, the same for the same seed: actuals by unit, account and month, budgets, and mappings.

python benchmarks/generate_ledger.py FOLDER --units 500 --accounts 80     (960 000 postings)
"""

from __future__ import annotations

import argparse
import csv
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

YEARS = (2019, 2020)
MONTHS = 12
UNITS_IN_AREA, AREAS_IN_SECTOR = 10, 5

_INCOME = range(3000, 3700)
_EXPENSES = range(4000, 5000)
_HEADER = ("sector", "area", "unit code", "unit name", "account", "account name")
_UNITS = """
[[units]]
kind = "sector"
column = "sector"

[[units]]
kind = "service_area"
column = "area"

[[units]]
kind = "unit"
column = "unit code"
name_column = "unit name"

[account]
column = "account"
"""
ACTUALS_MAPPING = f"""version = 1
{_UNITS}
[period]
column = "month"

[[amounts]]
is = "actual"
column = "actual"
"""
BUDGET_MAPPING = f"""version = 1
{_UNITS}
[period]
column = "year"

[[amounts]]
is = "budget"
column = "budget"
"""


@frozen(slots=True)
class Files:
    """What was written: the ledger of actuals and the budgets, each with its mapping."""

    actuals: Path
    actuals_mapping: Path
    budget: Path
    budget_mapping: Path


def generate(folder: Path, *, units: int, accounts: int, seed: int = 1) -> Files:
    """Write the files for so many units, accounts and 24 months into a folder."""
    files = Files(*(folder / name for name in ("ledger.csv", "ledger.toml", "budget.csv", "budget.toml")))
    files.actuals_mapping.write_text(ACTUALS_MAPPING, encoding="utf-8")
    files.budget_mapping.write_text(BUDGET_MAPPING, encoding="utf-8")
    numbers = _accounts(accounts)
    _write(files.actuals, (*_HEADER, "month", "actual"), _actuals(units, numbers, Random(seed)))
    _write(files.budget, (*_HEADER, "year", "budget"), _budgets(units, numbers, Random(seed + 1)))
    return files


def _accounts(number: int) -> list[int]:
    """Return accounts evenly over those of income and expenses."""
    every = [*_INCOME, *_EXPENSES]
    return [every[at * len(every) // number] for at in range(number)]


def _actuals(units: int, accounts: list[int], random: Random) -> Iterator[tuple[str, ...]]:
    for place in _units(units):
        for account in accounts:
            for year in YEARS:
                for month in range(1, MONTHS + 1):
                    cents = _signed(account, random.randrange(1, 5_000_000))
                    yield *place, str(account), f"tili {account}", f"{month}/{year}", _euros(cents)


def _budgets(units: int, accounts: list[int], random: Random) -> Iterator[tuple[str, ...]]:
    for place in _units(units):
        for account in accounts:
            for year in YEARS:
                cents = _signed(account, random.randrange(1, 600_000) * 100)
                yield *place, str(account), f"tili {account}", str(year), _euros(cents)


def _units(number: int) -> Iterator[tuple[str, str, str, str]]:
    for at in range(number):
        area = at // UNITS_IN_AREA
        sector = area // AREAS_IN_SECTOR
        yield f"S{sector + 1}", f"A{area + 1}", str(10_000 + at), f"Yksikkö {at + 1}"


def _signed(account: int, cents: int) -> int:
    return cents if account in _INCOME else -cents


def _euros(cents: int) -> str:
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros},{rest:02}"


def _write(path: Path, header: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(header)
        writer.writerows(rows)


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    files = generate(wanted.folder, units=wanted.units, accounts=wanted.accounts, seed=wanted.seed)
    postings = wanted.units * wanted.accounts * MONTHS * len(YEARS)
    print(f"{postings} postings in {files.actuals}, budgets in {files.budget}")


if __name__ == "__main__":
    main()
