"""A document by its content, whatever it is called: a text, a Word document or a PDF."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from heinola_es.errors import BadInput
from heinola_es.files.input_files import open_regular, read_bounded
from heinola_es.importing.documents.pieces import Source, as_text
from heinola_es.importing.documents.text import pieces_of_text
from heinola_es.importing.files import read_text_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from heinola_es.importing.documents.pieces import Piece

DOCUMENT_BYTES = 50_000_000
"""A document with its pictures; what is read of it is much less."""

_ZIP = b"PK\x03\x04"
_PDF = b"%PDF-"
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_BEGINNING = 8


def open_document(path: Path) -> Source:
    """Return what is in a report's file, read by its content.

    Raises:
        BadInput: it cannot be read, is beyond a limit, or is a document of a kind that is not read; the sentence says
            what to do.
    """
    beginning = _beginning(path)
    if beginning.startswith(_ZIP):
        from heinola_es.importing.documents.docx import pieces_of_docx  # noqa: PLC0415 - for Word alone

        return _source(path, "docx", pieces_of_docx)
    if beginning.startswith(_OLD_OFFICE):
        raise BadInput(f"{path} is an old Word document or workbook; open it and save it as .docx")
    return read_text(path)


def read_text(path: Path) -> Source:
    """Return a plain text.

    Raises:
        BadInput: as `read_text_file`, and as `pieces_of_text`.
    """
    read = read_text_file(path)
    return Source(
        name=read.name, sha256=read.sha256, kind="text", text=read.text, pieces=tuple(pieces_of_text(read.text))
    )


def _source(path: Path, kind: str, reader: Callable[[Path, bytes], Iterator[Piece]]) -> Source:
    try:
        data = read_bounded(path, DOCUMENT_BYTES, "a report is smaller; take its pictures out, or import it in parts")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    pieces = tuple(reader(path, data))
    if not pieces:
        raise BadInput(f"{path} has no text; check the file")
    return Source(name=path.name, sha256=sha256(data).hexdigest(), kind=kind, text=as_text(pieces), pieces=pieces)


def _beginning(path: Path) -> bytes:
    try:
        with open_regular(path) as file:
            return file.read(_BEGINNING)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
