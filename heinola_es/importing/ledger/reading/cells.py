"""Cells as the readers give them, and what their text is."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from unicodedata import normalize

Cell = str | int | float | bool | date | datetime | time | timedelta | None
Row = tuple[int, list[Any]]
"""A row's number in the file, from 1, and its cells."""


def text_of(cell: Any) -> str:  # noqa: ANN401 - whatever a reader gives
    """Return a cell as text: blanks of every kind single, a whole number without its decimals (`4100.0` is `4100`)."""
    if isinstance(cell, str):
        return " ".join(normalize("NFC", cell).split())
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def folded(cell: Any) -> str:  # noqa: ANN401 - whatever a reader gives
    """Return a cell's text for comparing: in one case, without blanks or line breaks at its ends."""
    return text_of(cell).casefold()


def is_empty(cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
    """Return whether there is nothing in the cell but blanks."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def code_and_name(cell: Any, strip: tuple[str, ...], *, split: bool) -> tuple[str, str]:  # noqa: ANN401
    """Return the code in a cell, without its prefix, and the name beside it, if they share the cell."""
    text = text_of(cell)
    for prefix in strip:
        if len(text) > len(prefix) and text.casefold().startswith(prefix.casefold()):
            text = text[len(prefix) :].lstrip(" -:.")
            break
    if not split:
        return text, ""
    code, _, name = text.partition(" ")
    return code.rstrip(":,-"), name.lstrip("-–: ")
