"""Workbooks for these tests: honest ones, and ones that mean harm."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

import xlsxwriter

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from random import Random

SHEET = "xl/worksheets/sheet1.xml"
HEADER = ["sector", "area", "unit", "name", "account", "month", "actual"]
ROW = ["HYV", "410", "4100", "Perusopetus", 4000, "1/2020", -1234.5]


def workbook(path: Path, rows: Sequence[Sequence[Any]] = (HEADER, ROW), cells: Mapping[str, Any] | None = None) -> Path:
    """Write a workbook of one sheet with these rows, and single cells by their place (`XFD1048576`)."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Pääkirja")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    for place, value in (cells or {}).items():
        sheet.write(place, value)
    book.close()
    return path


def open_document(path: Path, rows: Sequence[Sequence[Any]] = (HEADER, ROW), more: bytes = b"") -> Path:
    """Write an OpenDocument workbook of one sheet with these rows, and more XML at the end of the sheet."""
    names = ["office", "table", "text"]
    uris = ["opendocument:xmlns:office", "opendocument:xmlns:table", "opendocument:xmlns:text"]
    spaces = [f'xmlns:{name}="urn:oasis:names:tc:{uri}:1.0"' for name, uri in zip(names, uris, strict=True)]
    cells = b"".join(
        b"<table:table-row>" + b"".join(map(_open_cell, row)) + b'<table:table-cell table:number-columns-repeated="9"/>'
        b"</table:table-row>"
        for row in rows
    )
    beginning = f"<office:document-content {' '.join(spaces)}><office:body><office:spreadsheet>"
    sheet = b'<table:table table:name="P\xc3\xa4\xc3\xa4kirja">' + cells + more + b"</table:table>"
    with ZipFile(path, "w", ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", ZIP_STORED)
        end = b"</office:spreadsheet></office:body></office:document-content>"
        package.writestr("content.xml", beginning.encode() + sheet + end)
        package.writestr("META-INF/manifest.xml", "<manifest/>")
    return path


def _open_cell(value: object) -> bytes:
    if isinstance(value, int | float):
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'.encode()
    return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'.encode()


def repacked(path: Path, parts: Mapping[str, bytes | Callable[[bytes], bytes]], name: str = "hostile.xlsx") -> Path:
    """Return a copy of a workbook with parts added, or changed by a function of what they were."""
    copy = path.with_name(name)
    with ZipFile(path) as old, ZipFile(copy, "w", ZIP_DEFLATED) as new:
        for part in old.namelist():
            change = parts.get(part)
            if change is None:
                new.writestr(part, old.read(part))
            elif callable(change):
                new.writestr(part, change(old.read(part)))
        for part, content in parts.items():
            if isinstance(content, bytes):
                new.writestr(part, content)
    return copy


def with_cells(xml: bytes) -> Callable[[bytes], bytes]:
    """Return a change of a sheet that puts some XML before the end of its data."""
    return lambda sheet: sheet.replace(b"</sheetData>", xml + b"</sheetData>")


def sized(path: Path, beginning: bytes, size: int) -> Path:
    """Write a file that takes no room on the disk but is as large as it says."""
    with path.open("wb") as file:
        file.write(beginning)
        file.truncate(size)
    return path


def lying(path: Path, content: bytes, said: int) -> Path:
    """Return a copy of a workbook whose sheet is larger than its zip says."""
    copy = repacked(path, {SHEET: lambda _sheet: content})
    data = bytearray(copy.read_bytes())
    real = struct.pack("<I", len(content))
    at = data.find(real)
    while at >= 0:
        data[at : at + 4] = struct.pack("<I", said)
        at = data.find(real, at + 4)
    copy.write_bytes(data)
    return copy


PIECES = (
    *(b"<", b">", b'"', b"&", b"999999999999", b"-1", b"\0", b"&#x0;", b"<!--", b"-->", b"<c>", b"<row>", b"<x:c>"),
    *(b'<c r="A0"><v>1</v></c>', b'<c r="XFD1048576"><v>1</v></c>', b'<row r="4294967295">', b'r="ZZZZZZ9999999999"'),
)
"""What breaks a reader of XML, or sends one far out."""


def mutated(xml: bytes, random: Random) -> bytes:
    """Return a part with a few bytes changed, gone, or put in where they do harm."""
    broken = bytearray(xml)
    for _ in range(random.randrange(1, 6)):
        at, way = random.randrange(len(broken)), random.randrange(4)
        if way == 0:
            broken[at] = random.randrange(256)
        elif way == 1:
            del broken[at : at + random.randrange(1, 40)]
        elif way == 2:
            broken[at:at] = random.choice(PIECES)
        else:
            other = random.randrange(len(broken))
            broken[at : at + 10] = broken[other : other + 10]
    return bytes(broken)
