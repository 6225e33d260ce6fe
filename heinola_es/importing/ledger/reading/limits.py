"""What a ledger file may be: its kind and size, looked at before anything is parsed."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from heinola_es.errors import BadInput
from heinola_es.files.input_files import open_regular
from heinola_es.importing.ledger.reading.problems import grouped

if TYPE_CHECKING:
    from collections.abc import Callable

CSV_BYTES = 500_000_000
WORKBOOK_BYTES = 50_000_000
CSV_ROWS = 5_000_000
EMPTY_ROWS = 1_100_000  # a sheet has 1 048 576, and an export may write them all
COLUMNS = 1_000
ROW_BYTES = 1_000_000

_MEGABYTE = 1_000_000
_CHUNK = 1 << 20
_ZIP = b"PK\x03\x04"
_OLD_OFFICE = bytes.fromhex("d0cf11e0a1b11ae1")
_OPEN_DOCUMENT = b"mimetype"
_NAME_AT = 30  # of the first part of a zip
_REFUSED = {
    b"%PDF": "is a PDF; export the ledger as .xlsx or CSV",
    b"\x1f\x8b": "is compressed; unpack it first",
    b"Rar!": "is compressed; unpack it first",
    b"7z\xbc\xaf": "is compressed; unpack it first",
    b"SQLite format 3": "is a database, not a ledger export",
}


Kind = Literal["csv", "xlsx", "ods", "xls"]


@frozen(slots=True)
class FileFacts:
    """A file as it lies there.

    Attributes:
        path: where it is.
        kind: by its content, whatever it is called: `csv`, or a workbook `xlsx`, `ods` or `xls`.
        size: in bytes.
    """

    path: Path
    kind: Kind
    size: int


def look_at(path: Path) -> FileFacts:
    """Return what kind of file it is, if it is one that can be read.

    Raises:
        BadInput: it is not there, empty, too large, or of another kind.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            beginning = file.read(_NAME_AT + len(_OPEN_DOCUMENT))
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}; check the path") from None
    if not beginning:
        raise BadInput(f"{path} is empty; export it again")
    for mark, sentence in _REFUSED.items():
        if beginning.startswith(mark):
            raise BadInput(f"{path} {sentence}")
    kind = _kind_of(beginning)
    limit = CSV_BYTES if kind == "csv" else WORKBOOK_BYTES
    if size > limit:
        raise BadInput(
            f"{path} has {grouped(size // _MEGABYTE)} MB and the limit is {grouped(limit // _MEGABYTE)} MB; "
            + ("split it by year or by unit" if kind == "csv" else "save the sheet as CSV")
        )
    return FileFacts(path, kind, size)


def _kind_of(beginning: bytes) -> Kind:
    if beginning.startswith(_OLD_OFFICE):
        return "xls"
    if not beginning.startswith(_ZIP):
        return "csv"
    return "ods" if beginning[_NAME_AT:].startswith(_OPEN_DOCUMENT) else "xlsx"


def digest_of(path: Path, tell: Callable[[int], None] = lambda _bytes: None) -> str:
    """Return the hex SHA-256 of a file's bytes."""
    digest = sha256()
    with open_regular(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            tell(len(chunk))
    return digest.hexdigest()
