"""The question of benchmarks/peers.py put to Polars over the CSV.

python polars_csv.py FOLDER
"""

import sys
from importlib import import_module
from typing import Any


def main() -> None:
    """Print cents by unit and line: of 2019, of January–June 2019, the budget of 2020, and January–June 2020."""
    folder = sys.argv[1]
    pl = import_module("polars")
    lines = scan(pl, folder, "lines.csv")
    cents = pl.col("amount").str.replace(",", "", literal=True).cast(pl.Int64)
    year = pl.col("month").str.slice(-4)
    half = pl.col("month").str.head(2).is_in([f"{month}/" for month in range(1, 7)])
    of_line = ["unit code", "line"]
    actuals = (
        scan(pl, folder, "ledger.csv")
        .rename({"actual": "amount"})
        .select("unit code", "account", cents.alias("cents"), year.alias("year"), half.alias("half"))
        .join(lines, on="account")
        .group_by(of_line)
        .agg(
            pl.col("cents").filter(pl.col("year") == "2019").sum().alias("final"),
            pl.col("cents").filter((pl.col("year") == "2019") & pl.col("half")).sum().alias("prior"),
            pl.col("cents").filter((pl.col("year") == "2020") & pl.col("half")).sum().alias("actual"),
        )
    )
    budgets = (
        scan(pl, folder, "budget.csv")
        .filter(pl.col("year") == "2020")
        .rename({"budget": "amount"})
        .select("unit code", "account", cents.alias("cents"))
        .join(lines, on="account")
        .group_by(of_line)
        .agg(pl.col("cents").sum().alias("budget"))
    )
    answer = actuals.join(budgets, on=of_line, how="full", coalesce=True)
    answer = answer.select(*of_line, "final", "prior", "budget", "actual").collect()
    sys.stdout.write(answer.write_csv(separator=";", include_header=False))


def scan(pl: Any, folder: str, name: str) -> Any:  # noqa: ANN401 - the peer is not installed where types are checked
    """Return a CSV as a lazy frame of text."""
    return pl.scan_csv(f"{folder}/{name}", separator=";", infer_schema=False)


if __name__ == "__main__":
    main()
