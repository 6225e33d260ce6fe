"""The figures of a snapshot as CSV (RFC 4180, UTF-8), for spreadsheets and programs.

One row per unit and line. Columns: `unit`, `name`, `kind`, `line`, `label`; then for each of `final_accounts`,
`prior_actual`, `budget` and `actual` the amount (`…_eur`) and what it was rounded to (`…_precision_eur`); `percent`;
and, where more prior years were asked for, the first two columns again with their year (`final_accounts_2018_eur`).
Amounts are exact to the cent, with a point and no thousand separators: `-18163000.00`. Unknown is empty, never 0.

What a spreadsheet would run as a formula is preceded by an apostrophe: see `projections.presenting.spreadsheets`.
Numbers are never touched: a negative amount stays a number. Goals, texts and projects are in the JSON alone.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

from heinola_es.amounts import plain_euros
from projections.presenting.spreadsheets import safe_text
from projections.snapshot.columns import default_amounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PRIOR_COLUMNS = ("final_accounts", "prior_actual")


def figures_csv(snapshot: Mapping[str, Any]) -> bytes:
    """Return the figures as CSV with a header row; lines end in CR LF."""
    years = _prior_years(snapshot)
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(_header(years))
    writer.writerows(_rows(snapshot, years))
    return file.getvalue().encode()


def _header(years: list[int]) -> list[str]:
    amounts = [*default_amounts(), "percent", *(f"{column}_{year}" for year in years for column in PRIOR_COLUMNS)]
    header = ["unit", "name", "kind", "line", "label"]
    for name in amounts:
        header += [name] if name == "percent" else [f"{name}_eur", f"{name}_precision_eur"]
    return header


def _rows(snapshot: Mapping[str, Any], years: list[int]) -> Iterator[list[str]]:
    for unit in snapshot["units"]:
        of_unit = [unit["code"], unit["name"], unit["kind"]]
        for row in unit["figures"]:
            texts = [safe_text(text) for text in (*of_unit, row["line"], row["label"])]
            yield [*texts, *_amounts(row, default_amounts()), row["percent"] or "", *_prior_amounts(row, years)]


def _prior_amounts(row: Mapping[str, Any], years: list[int]) -> list[str]:
    by_year = {prior["year"]: prior for prior in row.get("prior_years", ())}
    return [text for year in years for text in _amounts(by_year.get(year, {}), PRIOR_COLUMNS)]


def _amounts(cells: Mapping[str, Any], columns: tuple[str, ...]) -> list[str]:
    return [text for column in columns for text in _amount(cells.get(column))]


def _amount(cell: Mapping[str, int] | None) -> tuple[str, str]:
    return ("", "") if cell is None else (plain_euros(cell["cents"]), plain_euros(cell["precision_cents"]))


def _prior_years(snapshot: Mapping[str, Any]) -> list[int]:
    rows = (row for unit in snapshot["units"] for row in unit["figures"])
    return sorted({prior["year"] for row in rows for prior in row.get("prior_years", ())}, reverse=True)
