"""A report as a Word document or a workbook, read back, whatever program saved it: its tables and its proof."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from heinola_es.importing.ledger.reading.workbook_limits import expanded, look_through, opened
from projections.documents.printed import LIMIT_BYTES, MOST_CELLS, PrintedReport, PrintedTable, Unreadable, no_proof
from projections.report.content.carried import ELEMENT, NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from projections.documents.printed import Printed

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_GONE = {f"{_W}del", f"{_W}moveFrom", f"{_W}instrText"}
"""What is no text of the document: what was struck out, and what a field is worked out by."""
_BREAKS = {f"{_W}br", f"{_W}tab", f"{_W}cr"}


def read_word(path: Path) -> PrintedReport:
    """Return what stands in a Word document.

    Raises:
        NoProof, Unreadable; BadInput: it is damaged, or larger than it may be.
    """
    proof, body = "", None
    with opened(path) as (package, parts):
        for part in parts:
            if part.filename != _BODY and not part.filename.startswith("customXml/item"):
                continue
            try:
                root = ET.fromstring(b"".join(expanded(path, package, part, LIMIT_BYTES)))  # noqa: S314 - no entities
            except (ET.ParseError, ValueError):
                raise Unreadable(f"{path.name} is damaged: {part.filename} is no XML; copy the file again") from None
            if part.filename == _BODY:
                body = root
            elif root.tag == f"{{{NAMESPACE}}}proof":
                proof = "".join(root.itertext())
    if body is None:
        raise Unreadable(f"{path.name} is no Word document; name a report of `heinola report`")
    if not proof:
        raise no_proof(path.name)
    return PrintedReport(proof=proof, tables=tuple(_tables(body)), text=_words(body))


def _tables(body: ET.Element) -> Iterator[PrintedTable]:
    """Yield the tables of figures, each with the paragraph above it, which is its caption."""
    caption = ""
    for block in _blocks(body):
        if block.tag == f"{_W}tbl":
            rows = tuple(tuple(map(_words, row.iter(f"{_W}tc"))) for row in block.iter(f"{_W}tr"))
            yield PrintedTable(caption, rows)
        elif block.tag == f"{_W}p" and (said := _words(block)).strip():
            caption = said


def _blocks(body: ET.Element) -> Iterable[ET.Element]:
    return (block for part in body for block in part)


def _words(element: ET.Element) -> str:
    """Return the text of an element as it is seen."""
    if element.tag in _GONE:
        return ""
    if element.tag == f"{_W}t":
        return element.text or ""
    return " " if element.tag in _BREAKS else "".join(map(_words, element))


def read_workbook(path: Path) -> PrintedReport:
    """Return what stands in a workbook: each sheet is a table.

    Raises:
        NoProof, Unreadable; BadInput: it is damaged, or larger than it may be.
    """
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - where a workbook is read alone

    look_through(path, lambda _size: None)
    try:
        with CalamineWorkbook.from_path(path) as book:
            sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError) as error:
        raise Unreadable(f"{path.name} cannot be read as a workbook ({error}); copy the file again") from None
    if sum(len(row) for rows in sheets.values() for row in rows) > MOST_CELLS:
        raise Unreadable(f"{path.name} has more cells than any report; check the file")
    hidden = next((rows for name, rows in reversed(sheets.items()) if name.startswith(ELEMENT)), [])
    proof = "".join(str(row[0]) for row in hidden if row)
    if not proof:
        raise no_proof(path.name)
    tables = tuple(
        PrintedTable(name, tuple(tuple(map(_cell, row)) for row in rows))
        for name, rows in sheets.items()
        if rows is not hidden
    )
    text = "\n".join(cell for table in tables for row in table.rows for cell in row if isinstance(cell, str))
    return PrintedReport(proof=proof, tables=tables, text=text)


def _cell(value: Any) -> Printed:  # noqa: ANN401 - whatever a cell holds
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, datetime):
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date) else str(value)
