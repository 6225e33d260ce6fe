"""Workbooks: the stored values of one sheet, read by a fast library once the file is known to be harmless."""

from __future__ import annotations

import os
from contextlib import contextmanager
from io import BytesIO
from posixpath import normpath
from typing import TYPE_CHECKING, Any, Literal
from xml.etree import ElementTree as ET
from zipfile import ZipFile

from heinola_es.errors import BadInput, nearest
from heinola_es.importing.files import utf8_name
from heinola_es.importing.ledger.reading.cell_formats import money_of_columns
from heinola_es.importing.ledger.reading.cells import is_empty
from heinola_es.importing.ledger.reading.ods_scan import ods_sheets
from heinola_es.importing.ledger.reading.problems import counted, rows_in_words
from heinola_es.importing.ledger.reading.sheet_scan import SheetScan, column_number
from heinola_es.importing.ledger.reading.table import LedgerTable
from heinola_es.importing.ledger.reading.workbook_limits import look_through
from heinola_es.importing.ledger.reading.xls_scan import xls_sheets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from python_calamine import CalamineSheet, CalamineWorkbook

    from heinola_es.importing.ledger.mapping.mapping import FileForm
    from heinola_es.importing.ledger.reading.cells import Row

WorkbookKind = Literal["xlsx", "ods", "xls"]

_MOST_SHEETS = 1_000
_SHOWN = 20
_STANDARD_ERROR = 2
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def open_workbook(path: Path, kind: WorkbookKind, form: FileForm, tell: Callable[[int], None]) -> LedgerTable:
    """Return the table of a workbook's sheet: the one that the mapping names, or the only one with anything in it.

    Raises:
        BadInput: the workbook is not safe to read or damaged, or it is not clear which sheet is meant.
    """
    scans = _scans(path, kind, tell)
    chosen = _chosen(path, form, scans)
    sheet = _sheet(path, chosen)
    scan = scans[chosen] or SheetScan(str(path))
    return LedgerTable(
        name=utf8_name(path.name),
        kind=kind,
        described=f"workbook, sheet {chosen}",
        count=scan.rows,
        rows=lambda: _rows(sheet),
        unreadable=scan.unreadable,
        notes=_notes(scan),
        money=_money(path, chosen) if kind == "xlsx" else {},
    )


def sheets_of(path: Path, kind: WorkbookKind) -> dict[str, int]:
    """Return the sheets of a workbook that have cells, with how many rows each reaches over: those that are shown.

    Raises:
        BadInput: the workbook is not safe to read or damaged, or there is nothing in it.
    """
    scans = _scans(path, kind, lambda _bytes: None)
    filled = {name: scan.rows for name, scan in scans.items() if scan is not None and scan.rows}
    if not filled:
        raise BadInput(f"{path} has nothing in any sheet; export it again")
    hidden = _hidden_sheets(path) if kind == "xlsx" else set()
    return {name: rows for name, rows in filled.items() if name not in hidden} or filled


def _scans(path: Path, kind: WorkbookKind, tell: Callable[[int], None]) -> dict[str, SheetScan | None]:
    """Return what was found in each sheet, in the order of the tabs; None of one without cells of its own."""
    if kind == "ods":
        return dict(ods_sheets(path, tell))
    if kind == "xls":
        return dict(xls_sheets(path, tell))
    facts = look_through(path, tell)
    return {name: facts.sheets.get(part.lower()) for name, part in _sheet_parts(path).items()}


def _notes(scan: SheetScan) -> tuple[str, ...]:
    notes = []
    if scan.formulas:
        notes.append(
            f"the sheet has {counted(scan.formulas, 'formula')}; the values stored with them are read, none is run"
        )
    if scan.hidden:
        notes.append(f"hidden rows of the sheet are read like the others: {rows_in_words(scan.hidden)}")
    return tuple(notes)


def _money(path: Path, sheet: str) -> dict[int, str]:
    """Return by column the unit that its cells are formatted as."""
    part = _sheet_parts(path)[sheet]
    with ZipFile(path) as package:
        names = {name.lower(): name for name in package.namelist()}
        try:
            found = money_of_columns(package, names[part.lower()])
        except (ValueError, ET.ParseError) as error:
            raise BadInput(f"{path} is damaged: its formats cannot be read ({error}); save it anew") from None
    return {column_number(letters.encode()) - 1: unit for letters, unit in found.items()}


def _sheet_parts(path: Path) -> dict[str, str]:
    """Return the part that each sheet is in, by the sheet's name, in the order of the tabs.

    Raises:
        BadInput: the workbook's own list of them is damaged.
    """
    sheets, targets = _sheet_list(path)
    try:
        return {str(sheet.get("name")): _part(targets[sheet.get(_RELATION)]) for sheet in sheets}
    except LookupError as error:
        raise _damaged(path, error) from None


def _hidden_sheets(path: Path) -> set[str]:
    return {str(sheet.get("name")) for sheet in _sheet_list(path)[0] if sheet.get("state", "visible") != "visible"}


def _sheet_list(path: Path) -> tuple[list[ET.Element], dict[str | None, str]]:
    """Return the sheets as the workbook lists them, and where each of its relations leads.

    Raises:
        BadInput: the list is damaged.
    """
    try:
        with ZipFile(path) as package:
            # These parts were looked through before: small, and without entities of their own.
            book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
            relations = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314
    except (LookupError, ValueError, ET.ParseError) as error:
        raise _damaged(path, error) from None
    sheets = [node for node in book.iter() if node.tag.rpartition("}")[2] == "sheet"]
    if len(sheets) > _MOST_SHEETS:
        raise BadInput(f"{path} has more than {_MOST_SHEETS} sheets; save the one that is meant by itself")
    return sheets, {relation.get("Id"): str(relation.get("Target")) for relation in relations}


def _damaged(path: Path, error: Exception) -> BadInput:
    return BadInput(f"{path} is damaged: its list of sheets cannot be read ({error}); save it anew")


def _part(target: str) -> str:
    return normpath(target.lstrip("/") if target.startswith("/") else f"xl/{target}")


def _chosen(path: Path, form: FileForm, scans: dict[str, SheetScan | None]) -> str:
    known = _names(scans)
    if form.sheet is not None:
        if scans.get(form.sheet) is None:
            hint = nearest(form.sheet, scans)
            raise BadInput(f"{path} has no sheet {form.sheet!r}{hint}; its sheets are {known}")
        return form.sheet
    filled = [name for name, scan in scans.items() if scan is not None and scan.rows]
    if not filled:
        raise BadInput(f"{path} has nothing in any sheet ({known}); export it again")
    if len(filled) > 1:
        raise BadInput(
            f"{path} has {len(filled)} sheets with cells ({_names(filled)}); say which in the mapping: "
            f'sheet = "{filled[0]}" under [file]'
        )
    return filled[0]


def _names(sheets: Iterable[str]) -> str:
    """Return the names of sheets, the first of many."""
    names = list(sheets)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _sheet(path: Path, name: str) -> CalamineSheet:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - only a workbook needs it

    try:
        with path.open("rb") as file, _no_word_from_the_library():
            # By its content: a path would have it read as what its name says.
            book: CalamineWorkbook = CalamineWorkbook.from_filelike(BytesIO(file.read()))
            return book.get_sheet_by_name(name)
    except BaseException as error:
        if isinstance(error, CalamineError | OSError) or type(error).__name__ == "PanicException":
            raise BadInput(f"{path} is damaged and cannot be read ({error}); save it anew") from None
        raise


@contextmanager
def _no_word_from_the_library() -> Iterator[None]:
    """Keep what the library says on the standard error, where it gives up on a damaged file, from the terminal."""
    try:
        kept = os.dup(_STANDARD_ERROR)
    except OSError:  # there is none to keep it from
        yield
        return
    try:
        with open(os.devnull, "wb") as nowhere:  # noqa: PTH123 - a descriptor is wanted
            os.dup2(nowhere.fileno(), _STANDARD_ERROR)
        yield
    finally:
        os.dup2(kept, _STANDARD_ERROR)
        os.close(kept)


def _rows(sheet: CalamineSheet) -> Iterator[Row]:
    """Yield the rows with their numbers; the library leaves out the empty columns at the left."""
    if sheet.start is None:
        return
    left: list[Any] = [""] * sheet.start[1]
    for number, cells in enumerate(sheet.iter_rows(), 1):
        if not all(is_empty(cell) for cell in cells):
            yield number, left + cells
