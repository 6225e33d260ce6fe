"""What a ledger file may be: its kind and size, looked at before anything is parsed."""

from __future__ import annotations

import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.problems import grouped
from heinola_es.input_files import open_regular

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
_REFUSED = {
    _OLD_OFFICE: "is an old workbook (.xls) or one with a password; save it as .xlsx without a password, or as CSV",
    b"%PDF": "is a PDF; export the ledger as .xlsx or CSV",
    b"\x1f\x8b": "is compressed; unpack it first",
    b"Rar!": "is compressed; unpack it first",
    b"7z\xbc\xaf": "is compressed; unpack it first",
    b"SQLite format 3": "is a database, not a ledger export",
}


@frozen(slots=True)
class FileFacts:
    """A file as it lies there.

    Attributes:
        path: where it is.
        kind: `csv` or `xlsx`, by its content.
        size: in bytes.
    """

    path: Path
    kind: Literal["csv", "xlsx"]
    size: int


def look_at(path: Path) -> FileFacts:
    """Return what kind of file it is, if it is one that can be read.

    Raises:
        BadInput: it is not there, empty, too large, or of another kind.
    """
    try:
        with open_regular(path) as file:
            size = os.fstat(file.fileno()).st_size
            beginning = file.read(16)
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}; check the path") from None
    if not beginning:
        raise BadInput(f"{path} is empty; export it again")
    for mark, sentence in _REFUSED.items():
        if beginning.startswith(mark):
            raise BadInput(f"{path} {sentence}")
    kind: Literal["csv", "xlsx"] = "xlsx" if beginning.startswith(_ZIP) else "csv"
    limit = WORKBOOK_BYTES if kind == "xlsx" else CSV_BYTES
    if size > limit:
        raise BadInput(
            f"{path} has {grouped(size // _MEGABYTE)} MB and the limit is {grouped(limit // _MEGABYTE)} MB; "
            + ("save the sheet as CSV" if kind == "xlsx" else "split it by year or by unit")
        )
    return FileFacts(path, kind, size)


def digest_of(path: Path, tell: Callable[[int], None] = lambda _bytes: None) -> str:
    """Return the hex SHA-256 of a file's bytes."""
    digest = sha256()
    with open_regular(path) as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            tell(len(chunk))
    return digest.hexdigest()
