"""How far the sheets of an OpenDocument workbook reach, and which cells hold no readable value, before it is parsed.

A cell and a row may say that they repeat, a thousand million times in a few bytes; so they are counted here first.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from attrs import define, field

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.sheet_scan import SheetScan
from heinola_es.importing.ledger.reading.workbook_limits import EXPANDED_BYTES, SMALL_PART_BYTES, expanded, opened

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

_CONTENT, _MANIFEST = "content.xml", "META-INF/manifest.xml"
_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_ERROR_TYPES = frozenset({"error"})
_ERROR_TEXT = re.compile(r"#[A-Z0-9/!?]+[!?]?|Err:\d+")
_ELSEWHERE = ("table-source", "cell-range-source", "dde-link")
_FAR = re.compile(r"\[?'(?:file|https?|ftp):", re.IGNORECASE)
_PIECES = 20  # of the text of a cell, which is looked at for what errors are written as
_MOST_REPEATED = 10_000_000


def ods_sheets(path: Path, tell: Callable[[int], None]) -> dict[str, SheetScan]:
    """Return what was found in each sheet of an OpenDocument workbook, if it is one that is safe to parse.

    Raises:
        BadInput: the sentence says which limit it is beyond, or what it holds that is never read.
    """
    with opened(path) as (package, parts):
        by_name = {part.filename: part for part in parts}
        if _CONTENT not in by_name:
            raise BadInput(f"{path} is damaged: its content is not in it; save it anew")
        if any(name.lower().startswith(("basic/", "scripts/")) and not name.endswith("/") for name in by_name):
            raise BadInput(f"{path} has macros; nothing in it is run or recorded: save it as .xlsx, without macros")
        _require_no_password(path, package, by_name.get(_MANIFEST))
        content = _Content(str(path))
        for chunk in expanded(path, package, by_name[_CONTENT], EXPANDED_BYTES):
            tell(len(chunk))
            content.feed(chunk)
    return content.close()


def _require_no_password(path: Path, package: ZipFile, manifest: ZipInfo | None) -> None:
    if manifest is None:
        return
    if any(b"encryption-data" in chunk for chunk in expanded(path, package, manifest, SMALL_PART_BYTES)):
        raise BadInput(f"{path} has a password; save it without one, or as CSV")


@define(slots=True)
class _Content:
    """The content of a workbook, followed from tag to tag.

    Attributes:
        file: what to call the workbook.
        sheets: what was found so far, by the sheet's name.
    """

    file: str
    sheets: dict[str, SheetScan] = field(factory=dict)
    _parser: expat.XMLParserType = field(init=False)
    _sheet: SheetScan | None = None
    _row: int = 0
    _rows: int = 1
    _column: int = 0
    _filled: int = 0
    _hidden: bool = False
    _cell: dict[str, str] | None = None
    _cells: int = 1
    _text: list[str] = field(factory=list)

    def __attrs_post_init__(self) -> None:
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._data

    def feed(self, chunk: bytes) -> None:
        self._parse(chunk, last=False)

    def close(self) -> dict[str, SheetScan]:
        self._parse(b"", last=True)
        return self.sheets

    def _parse(self, chunk: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(chunk, last)
        except expat.ExpatError as error:
            raise BadInput(f"{self.file} is damaged and cannot be read ({error}); save it anew") from None

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.removeprefix(_TABLE)
        if name == tag:
            return
        if name in _ELSEWHERE:
            raise self._from_elsewhere()
        if name == "table":
            self._begin_sheet(attributes.get(_TABLE + "name", ""))
        elif name == "table-row":
            self._rows, self._column, self._filled = self._repeated(attributes, "number-rows-repeated"), 0, 0
            self._hidden = attributes.get(_TABLE + "visibility", "visible") != "visible"
        elif name in {"table-cell", "covered-table-cell"}:
            self._cell, self._text = attributes, []
            self._cells = self._repeated(attributes, "number-columns-repeated")

    def _end(self, tag: str) -> None:
        name = tag.removeprefix(_TABLE)
        if name == "table":
            self._sheet = None
        elif name == "table-row" and self._sheet is not None:
            if self._filled:
                self._sheet.rows, self._sheet.columns = self._row + self._rows, max(self._sheet.columns, self._filled)
                self._sheet.require_reach()
                if self._hidden:
                    self._sheet.hidden.extend(range(self._row + 1, self._row + self._rows + 1))
            self._row += self._rows
        elif name in {"table-cell", "covered-table-cell"} and self._cell is not None and self._sheet is not None:
            self._end_cell(self._sheet, self._cell)

    def _data(self, text: str) -> None:
        if self._cell is not None and len(self._text) < _PIECES:
            self._text.append(text)

    def _begin_sheet(self, name: str) -> None:
        if self._sheet is not None or name in self.sheets:
            raise BadInput(
                f"{self.file} has a table inside a table, or two sheets of one name; save it as .xlsx or CSV"
            )
        self._sheet = self.sheets[name] = SheetScan(self.file)
        self._row = 0

    def _end_cell(self, sheet: SheetScan, said: dict[str, str]) -> None:
        text, formula = "".join(self._text).strip(), said.get(_TABLE + "formula")
        kind = said.get(_OFFICE + "value-type")
        if formula is not None:
            self._take_formula(sheet, formula, text, kind)
        if kind or text or formula is not None:
            self._filled = self._column + self._cells
        if any(key.endswith(" value-type") and value in _ERROR_TYPES for key, value in said.items()):
            self._cannot_read(sheet, "an error (such as #DIV/0!)")
        self._column += self._cells
        self._cell = None

    def _take_formula(self, sheet: SheetScan, formula: str, text: str, kind: str | None) -> None:
        if _FAR.search(formula):
            raise self._from_elsewhere()
        sheet.formulas += self._cells * self._rows
        if _ERROR_TEXT.fullmatch(text):
            self._cannot_read(sheet, "an error (such as #DIV/0!)")
        elif not kind and not text:
            self._cannot_read(sheet, "a formula whose value was never stored")

    def _cannot_read(self, sheet: SheetScan, why: str) -> None:
        for row in range(self._row + 1, self._row + self._rows + 1):
            for column in range(self._column + 1, self._column + self._cells + 1):
                sheet.cannot_read(row, column, why)

    def _repeated(self, attributes: dict[str, str], key: str) -> int:
        said = attributes.get(_TABLE + key, "1")
        if not (said.isascii() and said.isdigit() and len(said) < len(str(_MOST_REPEATED)) and int(said)):
            raise BadInput(f"{self.file} repeats a cell or row {said[:20]!r} times; save it as .xlsx or CSV")
        return int(said)

    def _from_elsewhere(self) -> BadInput:
        return BadInput(
            f"{self.file} takes values from elsewhere (links to other files), which may be old; break the links (Edit, "
            f"Links) or paste the values, and save it"
        )
