"""The figures of a snapshot as CSV (RFC 4180, UTF-8), for spreadsheets and programs.

One row per unit and line. Columns: `unit`, `name`, `kind`, `line`, `label`; then for each column of the report the
amount (`…_eur`) and what it was rounded to (`…_precision_eur`), whether it is whole (`…_complete`) and, where not,
through which day it is (`…_through`) and how much of it is known (`…_known_eur`), which is no total; or the per cent.
Beside a forecast stands how it was come by (`forecast_basis`: `given`, `sum`, the method that it is computed by, or
`actual` where the year has ended), how wrong that was in earlier years (`forecast_error_eur`), and what was said of it.
Where more prior years were asked for, the columns about earlier years come again with their year
(`final_accounts_2018_eur`). One that is without what left the city is called comparable
(`final_accounts_comparable_eur`). Amounts are exact to the cent, with a point and no thousand separators:
`-18163000.00`. Unknown is empty, never 0; so is an amount that is not whole.

What a spreadsheet would run as a formula is preceded by an apostrophe: see `projections.writers.spreadsheets`.
Numbers are never touched: a negative amount stays a number. Goals, texts and projects are in the JSON alone.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

from heinola_es.domain.amounts import plain_euros
from projections.snapshot.columns import FORECAST, amounts, column_named, shown_once
from projections.snapshot.forecasts import basis_in
from projections.writers.spreadsheets import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.snapshot.columns import ReportColumn
    from projections.snapshot.model import FigureRow, Snapshot


def figures_csv(snapshot: Snapshot, shown: Sequence[str] = ()) -> bytes:
    """Return the figures as CSV with a header row; lines end in CR LF.

    `shown` are the names of the columns in their order; where there are none, all of the snapshot but for those that
    tell again what another does.
    """
    columns = tuple(map(column_named, shown)) or shown_once(snapshot.columns, snapshot.period)
    years = sorted({p.year for unit in snapshot.units for row in unit.figures for p in row.prior_years}, reverse=True)
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(_header(columns, years, comparable=bool(snapshot.excluded)))
    writer.writerows(_rows(snapshot, columns, years))
    return file.getvalue().encode()


def _header(columns: Sequence[ReportColumn], years: Sequence[int], *, comparable: bool) -> list[str]:
    header = ["unit", "name", "kind", "line", "label"]
    for column in columns:
        name = f"{column.name}_comparable" if comparable and column.years_back else column.name
        header += _named(name) if column.is_amount else [name]
        if column is FORECAST:
            header += [f"{column.name}_{what}" for what in ("basis", "error_eur", "text")]
    for year in years:
        for column in _prior(columns):
            header += _named(f"{column.name}_{year}_comparable" if comparable else f"{column.name}_{year}")
    return header


def _named(amount: str) -> list[str]:
    return [f"{amount}_{what}" for what in ("eur", "precision_eur", "complete", "through", "known_eur")]


def _prior(columns: Sequence[ReportColumn]) -> list[ReportColumn]:
    """Return the columns that further prior years have."""
    return [column for column in amounts(tuple(columns)) if column.years_back]


def _rows(snapshot: Snapshot, columns: Sequence[ReportColumn], years: Sequence[int]) -> Iterator[list[str]]:
    prior = [column.name for column in _prior(columns)]
    for unit in snapshot.units:
        for row in unit.figures:
            texts = [safe_text(text) for text in (unit.code, unit.name, unit.kind, row.line, row.label)]
            told = [text for column in columns for text in _told(row, column)]
            back = [text for year in years for name in prior for text in _amount(row, name, year)]
            yield [*texts, *told, *back]


def _told(row: FigureRow, column: ReportColumn) -> Sequence[str]:
    if column is FORECAST:
        return *_amount(row, column.name), *_basis(row)
    if column.is_amount:
        return _amount(row, column.name)
    percent = row.percents.get(column.name)
    return ["" if percent is None else str(percent)]


def _basis(row: FigureRow) -> tuple[str, str, str]:
    """Return how a forecast was come by, how wrong that was in earlier years, and what was said of it."""
    note = row.notes.get(FORECAST.name)
    if note is None or row.cell(FORECAST.name) is None:
        return "", "", ""
    error, text = note.parameters.get("error_cents"), note.parameters.get("text")
    return (
        basis_in(note),
        plain_euros(error) if isinstance(error, int) else "",
        safe_text(text) if isinstance(text, str) else "",
    )


def _amount(row: FigureRow, column: str, year: int | None = None) -> Sequence[str]:
    """Return an amount, its precision, whether it is whole, and of one that is not how far and how much is known."""
    cell, part = row.cell(column, year), row.part(column, year)
    if cell is not None:
        return plain_euros(cell.cents), plain_euros(cell.precision_cents), "true", "", ""
    if part is None:
        return "", "", "", "", ""
    return "", "", "false", "" if part.through is None else part.through.isoformat(), plain_euros(part.cents)
