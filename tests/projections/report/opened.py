"""Workbooks that the product wrote, opened for the tests by openpyxl and, where that is not exact, as XML."""

from __future__ import annotations

import re
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from attrs import evolve
from openpyxl import load_workbook

from projections.report.content.document import Cell, Column, Row, Table
from tests.projections.report.samples import sample_document

if TYPE_CHECKING:
    from projections.report.content.document import Document

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ESCAPE = re.compile("_x([0-9A-Fa-f]{4})_")


def opened(content: bytes) -> Any:  # noqa: ANN401 - openpyxl has no types
    """Return the workbook as openpyxl has it."""
    return load_workbook(BytesIO(content))


def values(sheet: Any) -> list[list[Any]]:  # noqa: ANN401
    """Return the values of a sheet, row by row."""
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def parts(content: bytes) -> dict[str, bytes]:
    """Return the files that a workbook is made of."""
    with ZipFile(BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}


def parsed(part: bytes) -> ET.Element:
    """Return one of these files as XML."""
    return ET.fromstring(part)  # noqa: S314 - of our own making


def shared_strings(content: bytes) -> list[str]:
    """Return the texts as the standard reads them (ECMA-376, ST_Xstring): `_x0041_` is an A."""
    root = parsed(parts(content)["xl/sharedStrings.xml"])
    texts = ("".join(each.text or "" for each in item.iter(f"{MAIN}t")) for item in root.iter(f"{MAIN}si"))
    return [_ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) for text in texts]


def document_with(*tables: Table, language: str = "fi") -> Document:
    """Return a report whose only blocks are these tables."""
    return evolve(sample_document(language), summary=tables, sections=())


def table_of(*rows: tuple[Cell, ...], sheet: str | None = "Taulukko", **more: Any) -> Table:  # noqa: ANN401
    """Return a table of rows that all are normal; its columns are numeric but for the first."""
    columns = more.pop("columns", None) or tuple(
        Column(title=f"Sarake {number}", numeric=number > 1) for number in range(1, len(rows[0]) + 1)
    )
    made = tuple(Row(cells=cells) for cells in rows)
    return Table(**{"key": "taulukko", "caption": "Taulukko"} | more, columns=columns, rows=made, sheet=sheet)
