"""The figures of many cities written as Parquet, CSV or JSON.

What the columns hold is told in `projections.tables.figures`. Unknown is empty, never 0.
"""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import TYPE_CHECKING, Any

from projections.writers.spreadsheets import safe_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projections.country.table import CountryTable
    from projections.tables.table import Table


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


def as_json(table: CountryTable, asked: Mapping[str, Any]) -> bytes:
    """Return a table as JSON, with what was asked and which cities could not answer."""
    import orjson  # noqa: PLC0415 - one of three ways

    told = {
        "schema": "heinola/country/1",
        **asked,
        "rows": [{name: value for name, value in row.items() if value is not None} for row in table.cells],
        "errors": [{"city": code, "error": error} for code, error in table.errors.items()],
    }
    return orjson.dumps(told, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def as_parquet(table: Table) -> bytes:
    """Return a table as Parquet.

    Raises:
        Refused: what that needs is not installed.
    """
    from heinola_es.lake.columns import arrow  # noqa: PLC0415 - heavy

    buffer = BytesIO()
    arrow().parquet.write_table(table.arrow(), buffer, compression="zstd")
    return buffer.getvalue()
