"""A first mapping from a file: seconds for ledgers of more and more rows, which should hardly differ.

python benchmarks/suggest.py [--rows 2000 20000 200000]
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path.insert(0, str(Path(__file__).parents[1]))

from heinola_es.importing.ledger.suggesting.suggest import suggested_mapping

LIMIT_SECONDS, LIMIT_ROWS = 1.0, 20_000
MONTHS = 12


def write(path: Path, rows: int) -> None:
    """Write a ledger with a sector, a unit, an account, a budget and the months of a year in each row."""
    months = [f"{month}/2020" for month in range(1, MONTHS + 1)]
    with path.open("w", encoding="utf-8") as file:
        file.write(";".join(["Toimiala", "Kustannuspaikka", "Nimi", "Tili", "TA 2020", *months]) + "\n")
        for number in range(rows):
            amounts = [f"-{number * month % 99_991},{number % 100:02}" for month in range(1, MONTHS + 2)]
            unit = f"KP{4000 + number % 50};Yksikkö {number % 50}"
            file.write(";".join(["HYV Hyvinvointi", unit, str(4000 + number % 300), *amounts]) + "\n")


def main() -> int:
    """Time the suggestion for each number of rows; 1 where it takes too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[2_000, 20_000, 200_000])
    slow = False
    with TemporaryDirectory() as folder:
        for rows in parser.parse_args().rows:
            path = Path(folder) / f"{rows}.csv"
            write(path, rows)
            begun = time.perf_counter()
            suggested_mapping(path)
            seconds = time.perf_counter() - begun
            print(f"{rows:>9} rows  {seconds:6.2f} s")
            slow = slow or (rows <= LIMIT_ROWS and seconds > LIMIT_SECONDS)
    return int(slow)


if __name__ == "__main__":
    sys.exit(main())
