"""Filling in forms, as a person would in another program: with openpyxl, and in LibreOffice by its own conversion."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import openpyxl

if TYPE_CHECKING:
    from pathlib import Path

HIDDEN = "heinola"


def places(path: Path) -> dict[tuple[str, ...], tuple[str, str]]:
    """Return the sheet and the cell of every field of a form, by unit and key."""
    rows = openpyxl.load_workbook(path)[HIDDEN].iter_rows(min_row=2, values_only=True)
    return {
        tuple(json.loads(str(said))): (str(sheet), str(cell)) for kind, sheet, cell, said in rows if kind == "entry"
    }


def fill(path: Path, target: Path, values: dict[tuple[str, ...], Any]) -> Path:
    """Write values into the fields of a form, None to empty one, save it under another name, and return that."""
    book = openpyxl.load_workbook(path)
    at = places(path)
    for key, value in values.items():
        sheet, cell = at[key]
        book[sheet][cell] = value
        if isinstance(value, str):
            book[sheet][cell].data_type = "s"  # as what is typed into a cell for text
    book.save(target)
    return target


def spoil(path: Path, target: Path, sheet: str, cell: str, value: Any) -> Path:  # noqa: ANN401 - any value
    """Write a value into any cell of a form, whatever locks it, and return the file."""
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(target)
    return target
