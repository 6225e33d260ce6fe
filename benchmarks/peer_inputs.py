"""The same ledger as each peer reads it: a journal for ledger and hledger, a file for beancount, the CSV with a map.

    python benchmarks/peer_inputs.py FOLDER --units 500 --accounts 80

Each is written as suits the peer best: the line of an account stands in its name already, so that no peer has to map
accounts, a month of a unit is one transaction, and the budgets are postings on accounts of their own, which is faster
than the periodic transactions that ledger and hledger have for them.
"""

from __future__ import annotations

import argparse
import csv
import sys
from calendar import monthrange
from collections import defaultdict
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.generate_ledger import generate
from heinola_es.domain.chart import load_chart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.generate_ledger import Files

Transaction = tuple[str, str, list[tuple[str, int]]]
"""A day, a unit, and amounts in cents by account, which is named `LINE:NUMBER`."""


def write_inputs(files: Files, folder: Path) -> None:
    """Write `city.journal`, `city.beancount`, and `lines.csv`, which says what line an account is of."""
    lines = {
        number: line.code
        for line in load_chart().lines.values()
        for first, last in line.accounts
        for number in range(first, last + 1)
    }
    with (folder / "lines.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";").writerows([("account", "line"), *lines.items()])
    journal_path, bean_path = folder / "city.journal", folder / "city.beancount"
    with journal_path.open("w", encoding="utf-8") as journal, bean_path.open("w", encoding="utf-8") as bean:
        bean.write('option "operating_currency" "EUR"\n2018-01-01 open Equity:Balance EUR\n')
        for day, unit, amounts in _transactions(files.actuals, lines):
            journal.write(_journal(day, unit, amounts, ""))
            if day == "2019-01-31":
                bean.write(_opened(unit, amounts, ""))
            bean.write(_beancount(day, unit, amounts, ""))
        for day, unit, amounts in _transactions(files.budget, lines):
            journal.write(_journal(day, unit, amounts, "Budget-"))
            if day == "2019-12-31":
                bean.write(_opened(unit, amounts, "Budget-"))
            bean.write(_beancount(day, unit, amounts, "Budget-"))


def _transactions(path: Path, lines: dict[int, str]) -> Iterator[Transaction]:
    """Yield the amounts of each unit and period together; only those of one unit are held at a time."""
    with path.open(encoding="utf-8", newline="") as file:
        for unit, rows in groupby(csv.DictReader(file, delimiter=";"), lambda row: row["unit code"]):
            amounts: dict[str, list[tuple[str, int]]] = defaultdict(list)
            for row in rows:
                euros = row.get("actual") or row["budget"]
                day = _last_day(row.get("month") or f"12/{row['year']}")
                account = f"{lines[int(row['account'])]}:{row['account']}"
                amounts[day].append((account, int(euros.replace(",", ""))))
            for day, booked in amounts.items():
                yield day, unit, booked


def _last_day(month_of_year: str) -> str:
    month, year = map(int, month_of_year.split("/"))
    return f"{year}-{month:02}-{monthrange(year, month)[1]}"


def _journal(day: str, unit: str, amounts: list[tuple[str, int]], prefix: str) -> str:
    postings = "".join(f"  {prefix}{unit}:{account}  {_euros(cents)}\n" for account, cents in amounts)
    return f"{day} {unit}\n{postings}  Balance  {_euros(-sum(cents for _account, cents in amounts))}\n\n"


def _opened(unit: str, amounts: list[tuple[str, int]], prefix: str) -> str:
    return "".join(f"2018-01-01 open {_bean_account(prefix, unit, account)} EUR\n" for account, _cents in amounts)


def _beancount(day: str, unit: str, amounts: list[tuple[str, int]], prefix: str) -> str:
    postings = "".join(f"  {_bean_account(prefix, unit, account)}  {_euros(cents)} EUR\n" for account, cents in amounts)
    return f'{day} * "{unit}"\n{postings}  Equity:Balance  {_euros(-sum(cents for _account, cents in amounts))} EUR\n\n'


def _bean_account(prefix: str, unit: str, account: str) -> str:
    """Return the account as beancount wants it: under one of five roots, no underscores, a capital in front."""
    return f"Income:{prefix}{unit}:{account.replace('_', '-').title()}"


def _euros(cents: int) -> str:
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros}.{rest:02}"


def main() -> None:
    """Generate the ledger and write every input."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--accounts", type=int, default=20)
    given = parser.parse_args()
    write_inputs(generate(given.folder, units=given.units, accounts=given.accounts), given.folder)


if __name__ == "__main__":
    main()
