"""What a workbook may be: its parts, their sizes and the cells of its sheets, measured before it is parsed.

A workbook is a zip of XML. Some hundred kilobytes can expand to gigabytes, and a single cell at the far corner of a
sheet makes a reader reserve room for everything before it. So every part is expanded here once, as a stream that is
looked through and thrown away.
"""

from __future__ import annotations

import re
import zlib
from contextlib import contextmanager
from copy import copy
from typing import IO, TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from attrs import frozen

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.problems import grouped
from heinola_es.importing.ledger.reading.sheet_scan import SheetScan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

EXPANDED_BYTES = 100_000_000
RATIO = 100
RATIO_FROM_BYTES = 5_000_000
PARTS = 2_000
SMALL_PART_BYTES = 10_000_000
STRINGS = 2_000_000
COUNTED = 20_000_000

_CHUNK = 1 << 20
_COUNT = re.compile(rb"""[cC]ount\s*=\s*["']([^"']{1,40})""")
_LONGEST_COUNT = 200
_DIRECTORY_BYTES = 1_000_000
_END = b"PK\x05\x06"
_END_BYTES = 22
_END_64 = b"PK\x06\x07"
_LONGEST_COMMENT = 65_535
_SHEETS = "xl/worksheets/"
_STRINGS = "xl/sharedstrings.xml"
_BOM = b"\xef\xbb\xbf"


@frozen(slots=True)
class WorkbookFacts:
    """A workbook that is safe to parse.

    Attributes:
        sheets: what was found in each sheet, by the lower-case name of its part.
        packed, expanded: bytes.
    """

    sheets: dict[str, SheetScan]
    packed: int
    expanded: int


def look_through(path: Path, tell: Callable[[int], None]) -> WorkbookFacts:
    """Return what is in a workbook, if it is one that is safe to parse; `tell` is told how many bytes were looked at.

    Raises:
        BadInput: the sentence says which limit it is beyond, or what it holds that is never read.
    """
    with opened(path) as (package, parts):
        _require_parts(path, parts)
        sheets = {part.filename.lower(): _looked_at(path, package, part, tell) for part in parts if _is_read(part)}
    return WorkbookFacts(
        {name: scan for name, scan in sheets.items() if name.startswith(_SHEETS)},
        path.stat().st_size,
        sum(part.file_size for part in parts),
    )


@contextmanager
def opened(path: Path) -> Iterator[tuple[ZipFile, list[ZipInfo]]]:
    """Give a zip that is small enough to be expanded, with its parts.

    Raises:
        BadInput: it is beyond a limit or damaged; or what is done with it finds it so.
    """
    _require_small_directory(path)
    try:
        with ZipFile(path) as package:
            parts = package.infolist()
            _require_packing(path, parts)
            _require_sizes(path, parts)
            yield package, parts
    except (BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"{path} is damaged and cannot be unpacked ({error}); export it again") from None


def expanded(path: Path, package: ZipFile, part: ZipInfo, limit: int) -> Iterator[bytes]:
    """Yield the content of a part of XML, piece by piece.

    Raises:
        BadInput: it is no XML, larger than the limit or than it says, or has entities of its own.
    """
    whole = copy(part)
    whole.file_size = limit + 1  # read to the true end, whatever the table of contents says
    with package.open(whole) as stream:
        yield from _checked(path, part, stream)


def _require_small_directory(path: Path) -> None:
    """Refuse a zip whose table of contents alone would fill the memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LONGEST_COMMENT - _END_BYTES))
        tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_BYTES:
        raise BadInput(f"{path} is damaged: it breaks off before its end; copy or export it again")
    directory = int.from_bytes(tail[at + 12 : at + 16], "little")
    if _END_64 in tail[max(0, at - 20) : at] or directory > _DIRECTORY_BYTES:
        raise BadInput(f"{path} has more parts than a workbook needs; save it anew, or save the sheet as CSV")


def _require_parts(path: Path, parts: list[ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if "xl/workbook.xml" not in names:
        kind = "a workbook in binary form (.xlsb)" if "xl/workbook.bin" in names else "a zip file and no workbook"
        raise BadInput(f"{path} is {kind}; save it as .xlsx or CSV")
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise BadInput(f"{path} has macros; nothing in it is run or recorded: save it as .xlsx, without macros")
    if any(name.startswith("xl/externallinks/") or name == "xl/connections.xml" for name in names):
        raise BadInput(
            f"{path} takes values from elsewhere (links to other workbooks or data connections), which may be old; "
            f"break the links (Data, Edit Links) or paste the values, and save it"
        )


def _require_packing(path: Path, parts: list[ZipInfo]) -> None:
    names = [part.filename.lower() for part in parts]
    if len(names) > PARTS or len(set(names)) < len(names):
        raise BadInput(
            f"{path} has more than {grouped(PARTS)} parts, or two of one name; save it anew, or save it as CSV"
        )
    for part in parts:
        if part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} or part.flag_bits & 1:
            raise BadInput(f"{path} is packed in an unusual way or has a password; save it as a plain .xlsx")


def _require_sizes(path: Path, parts: list[ZipInfo]) -> None:
    """Refuse what the table of contents itself says is too large; what it hides is found while expanding."""
    expanded = sum(part.file_size for part in parts)
    packed = max(1, path.stat().st_size)
    if expanded > EXPANDED_BYTES:
        raise BadInput(f"{path} expands to {_megabytes(expanded)}, beyond {_megabytes(EXPANDED_BYTES)}; save it as CSV")
    if expanded > RATIO_FROM_BYTES and expanded > RATIO * packed:
        raise BadInput(
            f"{path} expands to {expanded // packed} times its size, as a zip bomb does and no ledger; check the file"
        )
    for part in parts:
        if _is_read(part) and _limit_of(part) < part.file_size:
            raise BadInput(f"{path} has {_megabytes(part.file_size)} in {part.filename}; save the sheet as CSV")


def _is_read(part: ZipInfo) -> bool:
    return part.filename.lower().endswith((".xml", ".rels"))


def _limit_of(part: ZipInfo) -> int:
    name = part.filename.lower()
    return EXPANDED_BYTES if name.startswith(_SHEETS) or name == _STRINGS else SMALL_PART_BYTES


def _looked_at(path: Path, package: ZipFile, part: ZipInfo, tell: Callable[[int], None]) -> SheetScan:
    """Expand one part and look through it; only sheets have cells, the others are looked at for what they count."""
    is_sheet = part.filename.lower().startswith(_SHEETS)
    scan, texts, end = SheetScan(str(path)), 0, b""
    for chunk in expanded(path, package, part, _limit_of(part)):
        tell(len(chunk))
        if is_sheet:
            scan.feed(chunk)
            continue
        texts += chunk.count(b"<si")
        if _counts_too_many(end + chunk):
            raise BadInput(f"{path} says that it has more of something than a workbook holds; check it, save it anew")
        if texts > STRINGS:
            raise BadInput(f"{path} has more than {grouped(STRINGS)} texts; save the sheet as CSV")
        end = chunk[-_LONGEST_COUNT:]
    return scan.close()


def _counts_too_many(data: bytes) -> bool:
    """Return whether XML says that it has more of something than it may: a reader may reserve room for as many."""
    return any(not number.isdigit() or int(number) > COUNTED for number in _COUNT.findall(data))


def _checked(path: Path, part: ZipInfo, stream: IO[bytes]) -> Iterator[bytes]:
    size, end = 0, b""
    while chunk := stream.read(_CHUNK):
        if not size and not chunk.removeprefix(_BOM).startswith(b"<"):
            raise BadInput(f"{path} is damaged: {part.filename} is no plain XML; export it again")
        size += len(chunk)
        if size > part.file_size:
            raise BadInput(f"{path} is larger inside than it says, as a zip bomb is; check where it comes from")
        if b"<!DOCTYPE" in end + chunk or b"<!ENTITY" in end + chunk:
            raise BadInput(f"{path} defines entities of its own, which no ledger needs; check where it comes from")
        end = chunk[-16:]
        yield chunk
    if size != part.file_size:
        raise BadInput(f"{path} is damaged: {part.filename} breaks off; export it again")


def _megabytes(size: int) -> str:
    return f"{grouped(size // 1_000_000)} MB"
