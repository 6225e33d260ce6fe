"""A table as CSV: RFC 4180, UTF-8 without a byte order mark, lines ending in CR LF, unknown as nothing.

Texts follow the rule of every CSV that we write: what a spreadsheet might run as a formula is preceded by an apostrophe
(`projections.writers.spreadsheets`). Numbers and dates are never touched.
"""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING, Any

from projections.writers.spreadsheets import safe_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.writers.datapackage.rows import Row
    from projections.writers.datapackage.tables import Table

DIALECT: dict[str, Any] = {
    "delimiter": ",",
    "lineTerminator": "\r\n",
    "quoteChar": '"',
    "doubleQuote": True,
    "skipInitialSpace": False,
    "header": True,
}
"""The same as Table Dialect has it."""


def csv_bytes(table: Table, rows: Iterable[Row]) -> bytes:
    """Return a table as CSV with a header row."""
    file = StringIO(newline="")
    writer = csv.writer(file, delimiter=DIALECT["delimiter"], lineterminator=DIALECT["lineTerminator"])
    writer.writerow([field.name for field in table.fields])
    texts = [(field.name, field.type == "string") for field in table.fields]
    for row in rows:
        writer.writerow([_cell(row[name], is_text=is_text) for name, is_text in texts])
    return file.getvalue().encode()


def _cell(value: str | int | None, *, is_text: bool) -> str:
    if value is None:
        return ""
    return safe_text(str(value)) if is_text else str(value)
