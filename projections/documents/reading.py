"""A report's file, read whatever its format is: it is known by what it begins with, not by its name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import BadInput
from heinola_es.files.input_files import read_bounded
from heinola_es.importing.ledger.reading.workbook_limits import opened
from projections.documents.markdown_file import carries, read_markdown
from projections.documents.printed import LIMIT_BYTES, WHAT, NoProof, Unreadable
from projections.report.content.carried import ELEMENT, NAMESPACE

if TYPE_CHECKING:
    from pathlib import Path
    from zipfile import ZipFile, ZipInfo

    from projections.documents.printed import PrintedReport

_ZIP, _PDF = b"PK\x03\x04", b"%PDF-"
_PAGE = b"<!doctype html"

_PAGE_PROOF = f'id="{ELEMENT}"'.encode()
_EMBEDDED = b"/EmbeddedFile"  # the beginning of a file in the file, which stands in clear in any PDF that has one
_BEGINNING = 4_000
_SMALL = 1_000_000


def may_carry(path: Path) -> bool:
    """Return whether a file is a report that carries its own data, by a look that costs next to nothing.

    Of a file that cannot be read it is not told here what is wrong with it.
    """
    try:
        content = read_bounded(path, LIMIT_BYTES, WHAT)
        if content.startswith(_ZIP):
            return _zip_may_carry(path)
    except (OSError, BadInput):
        return False
    if content.startswith(_PDF):
        return _EMBEDDED in content and _pdf_carries(content)
    if content[:200].lstrip().lower().startswith(_PAGE):
        return _PAGE_PROOF in content
    return carries(content)


def _pdf_carries(content: bytes) -> bool:
    from projections.documents.pdf_file import carries_proof  # noqa: PLC0415 - takes its time to load

    return carries_proof(content)


def _zip_may_carry(path: Path) -> bool:
    with opened(path) as (package, parts):
        for part in parts:
            if part.filename == "xl/workbook.xml" and part.file_size <= _SMALL:
                return ELEMENT.encode() in _begun(package, part, _SMALL)
            if part.filename.startswith("customXml/item") and NAMESPACE.encode() in _begun(package, part, _BEGINNING):
                return True
    return False


def _begun(package: ZipFile, part: ZipInfo, size: int) -> bytes:
    with package.open(part) as stream:
        return stream.read(size)


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
    if carries(content):
        return read_markdown(content, path.name)
    raise Unreadable(
        f"{path.name} is no report as PDF, page (.html), Word document (.docx), workbook (.xlsx) or Markdown (.md); "
        "those are what `heinola report` writes a proof into"
    )
