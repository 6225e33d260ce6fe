"""The question of benchmarks/peers.py put to the CSV with the standard library alone.

python stdlib_csv.py FOLDER
"""

import csv
import sys
from pathlib import Path

HALF = {f"{month}/" for month in range(1, 7)}
FINAL, PRIOR, BUDGET, ACTUAL = range(4)


def main() -> None:
    """Print cents by unit and line: of 2019, of January–June 2019, the budget of 2020, and January–June 2020."""
    folder = Path(sys.argv[1])
    with (folder / "lines.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        next(rows)
        lines = dict(rows)
    found: dict[tuple[str, str], list[int]] = {}
    with (folder / "ledger.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        next(rows)
        for _sector, _area, unit, _name, account, _title, month, euros in rows:
            half = month[:2] in HALF
            if month.endswith("2019"):
                cents = int(euros.replace(",", ""))
                cells = found.setdefault((unit, lines[account]), [0, 0, 0, 0])
                cells[FINAL] += cents
                if half:
                    cells[PRIOR] += cents
            elif half:
                cells = found.setdefault((unit, lines[account]), [0, 0, 0, 0])
                cells[ACTUAL] += int(euros.replace(",", ""))
    with (folder / "budget.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter=";")
        next(rows)
        for _sector, _area, unit, _name, account, _title, year, euros in rows:
            if year == "2020":
                cells = found.setdefault((unit, lines[account]), [0, 0, 0, 0])
                cells[BUDGET] += int(euros.replace(",", ""))
    answer = csv.writer(sys.stdout, delimiter=";")
    answer.writerows((*key, *cells) for key, cells in found.items())


if __name__ == "__main__":
    main()
