"""A Word document as pieces: its paragraphs and tables, as they read with every tracked change accepted.

Only the two parts of the package that hold text and styles are expanded, each within a limit, and looked through as a
stream: no link or embedded object is followed, no entity is known, and no picture, macro or field is looked at.
"""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from heinola_es.errors import BadInput
from heinola_es.importing.documents.docx_body import Body
from heinola_es.importing.documents.docx_styles import styles_in
from heinola_es.importing.documents.pieces import LONGEST_PIECE, MOST_CELLS, MOST_PIECES, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heinola_es.importing.documents.docx_body import Block, Paragraph, Row, Table
    from heinola_es.importing.documents.docx_styles import Style

BODY_BYTES = 20_000_000
"""The text of a thousand pages, with what a word processor puts around it."""
STYLES_BYTES = 5_000_000
_BODY = "word/document.xml"
_STYLES = "word/styles.xml"
_WORKBOOK = "xl/workbook.xml"
_END = b"PK\x05\x06"
_END_BYTES = 22
_LONGEST_COMMENT = 65_535
_DIRECTORY_BYTES = 1_000_000
_CONTENTS = "toc "  # how the styles of a table of contents begin, which says again what stands below


def pieces_of_docx(path: Path, data: bytes) -> Iterator[Piece]:
    """Yield the paragraphs and rows of a Word document.

    Raises:
        BadInput: it is no Word document, damaged, or beyond a limit.
    """
    body, styles = _parts(path, data)
    blocks = Body(str(path), styles_in(str(path), styles)).read(body)
    yield from _Numbering(path).pieces(blocks)


def _parts(path: Path, data: bytes) -> tuple[bytes, bytes]:
    """Return the text of a document and its styles, as XML."""
    end = data.rfind(_END, max(0, len(data) - _LONGEST_COMMENT - _END_BYTES))
    if end < 0 or int.from_bytes(data[end + 12 : end + 16], "little") > _DIRECTORY_BYTES:
        raise BadInput(f"{path} is damaged, or has more parts than a document needs; save it anew as .docx")
    try:
        with ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if _BODY not in names:
                raise BadInput(_no_document(path, names))
            styles = _part(path, package, _STYLES, STYLES_BYTES) if _STYLES in names else b""
            return _part(path, package, _BODY, BODY_BYTES), styles
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"{path} is damaged and cannot be unpacked ({error}); save it anew as .docx") from None


def _part(path: Path, package: ZipFile, name: str, limit: int) -> bytes:
    with package.open(name) as stream:
        content = stream.read(limit + 1)
    if len(content) > limit:
        raise BadInput(f"{path} has more than {limit // 1_000_000} MB in {name}, as no report has; import it in parts")
    return content


def _no_document(path: Path, names: set[str]) -> str:
    if _WORKBOOK in names:
        return f"{path} is a workbook; `heinola import figures {path.name} --suggest` reads its tables"
    return f"{path} is a zip file and no Word document; save the report as .docx, PDF or plain text"


class _Numbering:
    """Gives every paragraph and row its number and place; what is apart in the document stays apart by a gap."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.number = self.paragraphs = self.tables = self.count = 0
        self.was_row = False

    def pieces(self, blocks: Iterator[Block]) -> Iterator[Piece]:
        """Yield the pieces of the blocks."""
        for block in blocks:
            yield from self._rows(block) if block.is_table else self._paragraph(block)

    def _rows(self, table: Table) -> Iterator[Piece]:
        self.tables += 1
        self.number += 1
        for place, row in enumerate(table.rows, start=1):
            if any(row.cells):
                yield self._row(row, place)
        self.was_row = False

    def _row(self, row: Row, place: int) -> Piece:
        words = f"table {self.tables}, row {place}"
        return self._numbered(row.cells, words, spread=row.spread, table=self.tables)

    def _paragraph(self, paragraph: Paragraph) -> Iterator[Piece]:
        self.paragraphs += 1
        if paragraph.style.name.startswith(_CONTENTS):
            return
        lines = [line for line in paragraph.text.split("\n") if line.strip()]
        for at, line in enumerate(lines):
            cells = tuple(cell.strip() for cell in line.split("\t"))
            is_row = len([cell for cell in cells if cell]) > 1 or (len(cells) > 1 and not cells[0])
            if at == 0 and not (is_row and self.was_row):
                self.number += 1
                self.tables += is_row
            self.was_row = is_row
            style: Style = paragraph.style
            yield self._numbered(
                cells if is_row else (line.strip(),),
                f"paragraph {self.paragraphs}",
                heading=style.level,
                style=style.name,
                table=self.tables if is_row else 0,
            )

    def _numbered(
        self,
        cells: tuple[str, ...],
        place: str,
        *,
        spread: tuple[str, ...] = (),
        heading: int = 0,
        style: str = "",
        table: int = 0,
    ) -> Piece:
        self.number += 1
        self.count += 1
        if self.count > MOST_PIECES:
            raise BadInput(f"{self.path} has more than {MOST_PIECES} paragraphs and rows; import it in parts")
        if len(cells) > MOST_CELLS or sum(map(len, cells)) > LONGEST_PIECE:
            raise BadInput(f"{self.path}, {place}: longer or wider than anything in a report; check the file")
        return Piece(
            number=self.number, cells=cells, spread=spread, place=place, heading=heading, style=style, table=table
        )
