"""What a report carries along, so that whoever has the file alone can check it: its proof, as one JSON text.

    {"schema": "heinola/document/1", "language": "fi", "word": "Taulukko",
     "snapshot": "…",           the JSON that the figures are of, exactly as its SHA-256 is worked out
     "seal": "…",               of the publication, or empty
     "tables": [                in the order of the file
       {"caption": "…", "columns": [{"title": "…", "of": ["budget", null, "euros"]}, …],
        "rows": [{"of": ["4160", "income", false], "cells": ["Tulot"]},     the snapshot says its figures
                 {"cells": ["Yhteensä", "1 200"]}]}]}                       worked out, or no figures of the snapshot

Where a row and a column are each of the snapshot, a figure is not said here: it is in the snapshot, which the seal
holds, and is written anew from it by who checks. All of it is ASCII without `<`, `>`, `&` and `_`, so that it can stand
in any format as it is.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from projections.report.content.document import Picture, Table
from projections.report.content.on_paper import on_paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.report.content.document import Column, Document, Row

SCHEMA = "heinola/document/1"
NAME, SNAPSHOT, SEAL = "heinola-proof.json", "snapshot.json", "report.seal"
"""What the proof is called where it is a file in the file, and the parts of it that then stand beside it."""
ELEMENT = "heinola-proof"
"""What it is called where it is a part of a page, or a sheet."""
NAMESPACE = "urn:heinola-es:document"
"""Of the XML that holds it in a Word document."""
_ESCAPED = {character: f"\\u{ord(character):04x}" for character in "<>&_"}


def carried(document: Document, tables: Iterable[Table], *, apart: bool = False) -> str:
    """Return the proof of a document as text, or an empty one where it has none.

    Args:
        document: the report.
        tables: those that it prints, in their order.
        apart: whether the snapshot and the seal stand beside it, as files of their own, and so not in it.
    """
    if document.proof is None:
        return ""
    told: dict[str, Any] = {"schema": SCHEMA, "language": document.language, "word": document.interface.table}
    if not apart:
        told |= {"snapshot": document.proof.snapshot.decode(), "seal": document.proof.seal}
    told["tables"] = [_table(table) for table in tables]
    text = json.dumps(told, separators=(",", ":"))
    for character, escaped in _ESCAPED.items():
        text = text.replace(character, escaped)
    return text


def tables_on_paper(document: Document) -> Iterator[Table]:
    """Yield the tables as they are printed, those of pictures with them."""
    for block in on_paper(document.blocks()):
        yield from _table_of(block)


def tables_on_screen(document: Document) -> Iterator[Table]:
    """Yield the tables as a page has them: also those that are folded up."""
    for block in document.blocks():
        yield from _table_of(block)


def _table_of(block: object) -> Iterator[Table]:
    if isinstance(block, Table):
        yield block
    elif isinstance(block, Picture) and block.table is not None:
        yield block.table


def _table(table: Table) -> dict[str, Any]:
    return {
        "caption": table.caption,
        "columns": [_column(column) for column in table.columns],
        "rows": [_row(row, table.columns) for row in table.rows],
    }


def _column(column: Column) -> dict[str, Any]:
    of = column.of
    return {"title": column.title} | ({} if of is None else {"of": [of.name, of.year, of.form]})


def _row(row: Row, columns: tuple[Column, ...]) -> dict[str, Any]:
    """Return a row: of a heading its text alone, of a row of the snapshot what the snapshot does not say."""
    if row.kind == "group":
        return {"heading": row.cells[0].text}
    cells = [
        None if row.of is not None and column.of is not None else cell.text
        for cell, column in zip(row.cells, columns, strict=True)
    ]
    return {"cells": cells} | ({} if row.of is None else {"of": [row.of.unit, row.of.line, row.of.external]})
