"""Workbooks for these tests: honest ones, and ones that mean harm."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

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
