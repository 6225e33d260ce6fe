"""The question of benchmarks/peers.py put to DuckDB: over the CSV, or over a file of its own that was loaded before.

python duckdb_csv.py FOLDER
python duckdb_csv.py FOLDER --load | --loaded
"""

import sys
from importlib import import_module

ACTUALS = """
    SELECT "unit code" AS unit, line, CAST(split_part(month, '/', 1) AS INTEGER) AS month,
        CAST(split_part(month, '/', 2) AS INTEGER) AS year, CAST(replace(actual, ',', '') AS BIGINT) AS cents
    FROM read_csv('{folder}/ledger.csv', delim = ';', header = true, all_varchar = true)
    JOIN read_csv('{folder}/lines.csv', delim = ';', header = true, all_varchar = true) USING (account)
"""
BUDGETS = """
    SELECT "unit code" AS unit, line, CAST(year AS INTEGER) AS year, CAST(replace(budget, ',', '') AS BIGINT) AS cents
    FROM read_csv('{folder}/budget.csv', delim = ';', header = true, all_varchar = true)
    JOIN read_csv('{folder}/lines.csv', delim = ';', header = true, all_varchar = true) USING (account)
"""
QUESTION = """
    COPY (
        SELECT unit, line, a.final, a.prior, b.budget, a.actual
        FROM (
            SELECT unit, line, sum(cents) FILTER (year = 2019) AS final,
                sum(cents) FILTER (year = 2019 AND month <= 6) AS prior,
                sum(cents) FILTER (year = 2020 AND month <= 6) AS actual
            FROM {actuals} GROUP BY unit, line
        ) a
        FULL JOIN (SELECT unit, line, sum(cents) AS budget FROM {budgets} WHERE year = 2020 GROUP BY unit, line) b
        USING (unit, line)
    ) TO '/dev/stdout' (FORMAT csv, DELIMITER ';', HEADER false)
"""


def main() -> None:
    """Answer, or load."""
    folder, how = sys.argv[1], sys.argv[2:]
    duckdb = import_module("duckdb")
    actuals, budgets = ACTUALS.format(folder=folder), BUDGETS.format(folder=folder)
    if how == ["--load"]:
        with duckdb.connect(f"{folder}/city.duckdb") as connection:
            connection.execute(f"CREATE TABLE actuals AS {actuals}")
            connection.execute(f"CREATE TABLE budgets AS {budgets}")
    elif how == ["--loaded"]:
        with duckdb.connect(f"{folder}/city.duckdb", read_only=True) as connection:
            connection.execute(QUESTION.format(actuals="actuals", budgets="budgets"))
    else:
        duckdb.execute(QUESTION.format(actuals=f"({actuals})", budgets=f"({budgets})"))


if __name__ == "__main__":
    main()
