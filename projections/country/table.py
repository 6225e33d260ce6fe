"""Many cities' cells as one table: a row per city, unit and line; written as Parquet, CSV or JSON.

Each column of the report is an amount in cents (`…_cents`) with what it was rounded to (`…_precision_cents`), whether
it is whole (`…_complete`) and, where not, through which day it is (`…_through`) and how much of it is known
(`…_known_cents`), which is no total; or a per cent. Unknown is empty, never 0; so is an amount that is not whole.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from projections.snapshot.columns import all_columns
from projections.writers.spreadsheets import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from projections.country.cities import CityAnswer
    from projections.snapshot.columns import ReportColumn
    from projections.snapshot.model import FigureRow, UnitReport

Cells = dict[str, Any]
"""A row: values by the name of their column."""

TEXTS = ("city", "city_name", "unit", "name", "kind", "line", "label")
_AMOUNT = {"cents": "int64", "precision_cents": "int64", "complete": "bool", "through": "date", "known_cents": "int64"}


def cells_of(code: str, city: str, columns: Sequence[ReportColumn], units: Iterable[UnitReport]) -> list[Cells]:
    """Return the cells of units of a city.

    Args:
        code: of the city in the lake.
        city: its name.
        columns: that are shown.
        units: whose rows are wanted.
    """
    return [
        dict(zip(TEXTS, (code, city, unit.code, unit.name, unit.kind, row.line, row.label), strict=True))
        | {name: value for column in columns for name, value in _told(row, column)}
        for unit in units
        for row in unit.figures
    ]


def _told(row: FigureRow, column: ReportColumn) -> Iterator[tuple[str, Any]]:
    if not column.is_amount:
        percent = row.percents.get(column.name)
        yield column.name, None if percent is None else str(percent)
        return
    cell, part = row.cell(column.name), row.part(column.name)
    values: tuple[object, ...] = (None,) * len(_AMOUNT)
    if cell is not None:
        values = (cell.cents, cell.precision_cents, True, None, None)
    elif part is not None:
        values = (None, None, False, part.through, part.cents)
    yield from zip((f"{column.name}_{what}" for what in _AMOUNT), values, strict=True)


def types_of(rows: Sequence[Cells]) -> dict[str, str]:
    """Return the columns of a table, in the report's order, and what each holds: `text`, `int64`, `bool` or `date`."""
    there = {name for row in rows for name in row}
    types = dict.fromkeys(TEXTS, "text")
    for column in all_columns():
        if column.is_amount:
            types |= {f"{column.name}_{what}": kind for what, kind in _AMOUNT.items()}
        else:
            types[column.name] = "text"
    return {name: kind for name, kind in types.items() if name in there or name in TEXTS}


def as_csv(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> bytes:
    """Return a table as CSV (RFC 4180, UTF-8) with a header row; lines end in CR LF."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_in_csv(row.get(name)) for name in columns] for row in rows)
    return file.getvalue().encode()


def _in_csv(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return safe_text(value) if isinstance(value, str) else str(value)


def as_json(rows: Sequence[Cells], errors: Sequence[CityAnswer], asked: Mapping[str, Any]) -> bytes:
    """Return a table as JSON, with what was asked and which cities could not answer."""
    import orjson  # noqa: PLC0415 - one of three ways

    told = {
        "schema": "heinola/country/1",
        **asked,
        "rows": [{name: value for name, value in row.items() if value is not None} for row in rows],
        "errors": [{"city": one.folder.removeprefix("city="), "error": one.error} for one in errors],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def as_parquet(rows: Sequence[Cells]) -> bytes:
    """Return a table as Parquet.

    Raises:
        Refused: what that needs is not installed.
    """
    from heinola_es.lake.columns import arrow  # noqa: PLC0415 - heavy

    pa = arrow()
    kinds = {"text": pa.string(), "int64": pa.int64(), "bool": pa.bool_(), "date": pa.date32()}
    types = types_of(rows)
    schema = pa.schema([(name, kinds[kind]) for name, kind in types.items()])
    buffer = BytesIO()
    columns = {name: [row.get(name) for row in rows] for name in types}
    pa.parquet.write_table(pa.table(columns, schema=schema), buffer, compression="zstd")
    return buffer.getvalue()
