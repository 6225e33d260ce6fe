"""A report's file, read whatever its format is: it is known by what it begins with, not by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import BadInput
from heinola_es.files.input_files import read_bounded
from projections.documents.printed import LIMIT_BYTES, WHAT, NoProof, Unreadable

if TYPE_CHECKING:
    from pathlib import Path

    from projections.documents.printed import PrintedReport

_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"
_PAGE = b"<!doctype html"


def read_report(path: Path) -> PrintedReport:
    """Return what stands in a report's file.

    Raises:
        NoProof: it carries none.
        Unreadable: it is damaged, or none of the formats.
        BadInput: it cannot be read, or is larger than reports are.
    """
    try:
        content = read_bounded(path, LIMIT_BYTES, WHAT)
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror}; check its name") from error
    try:
        return _read(path, content)
    except (RecursionError, MemoryError):
        raise Unreadable(f"{path.name} is damaged: its parts stand deeper in each other than any report's") from None


def _read(path: Path, content: bytes) -> PrintedReport:
    if content.startswith(_PDF):
        from projections.documents.pdf_file import read_pdf  # noqa: PLC0415 - takes its time to load

        return read_pdf(content, path.name)
    if content.startswith(_ZIP):
        from projections.documents.office_files import read_word, read_workbook  # noqa: PLC0415 - likewise

        try:
            return read_workbook(path) if b"xl/workbook.xml" in content else read_word(path)
        except NoProof:
            raise
        except BadInput as error:
            raise Unreadable(str(error)) from None
    if content[:200].lstrip().lower().startswith(_PAGE):
        from projections.documents.page_file import read_page  # noqa: PLC0415 - likewise

        return read_page(content, path.name)
    raise Unreadable(
        f"{path.name} is no report as PDF, page (.html), Word document (.docx) or workbook (.xlsx); "
        "those are what `heinola report` writes a proof into"
    )
