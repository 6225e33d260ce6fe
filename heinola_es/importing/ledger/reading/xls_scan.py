"""Workbooks of the old kind (.xls): how far each sheet reaches, and which cells hold no value, before one is parsed.

The file is a small file system (a compound file) with one stream of records in it. Both are followed here with every
number held against the file's size, and only as far as that takes; the values are read by the library.
"""

from __future__ import annotations

import struct
from struct import unpack_from
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.sheet_scan import SheetScan

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_SECTOR_SHIFTS = {9, 12}
_ENDS = 0xFFFFFFFA  # from here on a sector's number is a sign
_ENTRY = 128
_MINI_CUTOFF = 4096
_HEADER_FATS = 109
_NAME, _TYPE, _START, _SIZE = 64, 66, 116, 120
_ROOT, _STREAM = 5, 2
_BOF, _EOF, _BOUNDSHEET, _SST, _FILEPASS, _SUPBOOK, _DCONN = 0x0809, 0x0A, 0x85, 0xFC, 0x2F, 0x1AE, 0x876
_FORMULA, _BOOLERR, _DIMENSIONS = 0x06, 0x205, 0x200
_DIMENSIONS_BEFORE = 10  # bytes of the record before 1997
_ONE_CELL = frozenset({0x201, 0x203, 0x204, 0x205, 0x27E, 0xFD, 0xD6, _FORMULA})  # blank, number, label, …, formula
_SEVERAL_CELLS = frozenset({0xBD, 0xBE})  # numbers and blanks side by side
_OWN_BOOK = b"\x01\x04"
_MACRO_SHEET, _WORKSHEET = 1, 0


def xls_sheets(path: Path, tell: Callable[[int], None]) -> dict[str, SheetScan]:
    """Return what was found in each sheet of an old workbook, if it is one that is safe to parse.

    Raises:
        BadInput: it is damaged, has a password, macros or links, or reaches further than any ledger does.
    """
    data = path.read_bytes()
    tell(len(data))
    try:
        return _Book(str(path), _stream(path, data)).sheets()
    except (struct.error, IndexError, ValueError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} is damaged and cannot be read ({error}); save it anew, as .xlsx") from None


def _stream(path: Path, data: bytes) -> bytes:
    """Return the stream of the workbook's records."""
    files = _CompoundFile(data)
    names = {entry.name.lower(): entry for entry in files.entries() if entry.kind == _STREAM}
    folders = {entry.name.lower() for entry in files.entries()}
    if "encryptedpackage" in names:
        raise BadInput(f"{path} has a password; save it without one, or as CSV")
    if any(name.startswith(("_vba_project", "vba")) for name in folders):
        raise _macros(path)
    found = names.get("workbook") or names.get("book")
    if found is None:
        raise BadInput(f"{path} is an Office file and no workbook; save the ledger as .xlsx or CSV")
    return files.content(found)


@frozen(slots=True)
class _Entry:
    """A stream or folder of a compound file."""

    name: str
    kind: int
    start: int
    size: int


@define(slots=True)
class _CompoundFile:
    """A compound file, whose sectors follow one another by a table."""

    data: bytes
    sector: int = field(init=False)
    _next: list[int] = field(init=False)
    _entries: list[_Entry] = field(init=False)

    def __attrs_post_init__(self) -> None:
        (shift,) = unpack_from("<H", self.data, 30)
        if shift not in _SECTOR_SHIFTS:
            raise ValueError("its sectors are of no known size")
        self.sector = 1 << shift
        self._next = list(self._table())
        (directory,) = unpack_from("<I", self.data, 48)
        said = b"".join(self._sectors(directory))
        if any(self._ends(number) > len(self.data) for number in _chain(directory, self._next)):
            raise ValueError("its directory breaks off")
        self._entries = [entry for at in range(0, len(said) - _ENTRY + 1, _ENTRY) if (entry := _entry(said, at))]

    def entries(self) -> list[_Entry]:
        return self._entries

    def content(self, entry: _Entry) -> bytes:
        if entry.size >= _MINI_CUTOFF:
            return b"".join(self._sectors(entry.start))[: entry.size]
        (start,) = unpack_from("<I", self.data, 60)
        table = b"".join(self._sectors(start))
        following = unpack_from(f"<{len(table) // 4}I", table)
        root = next((one for one in self._entries if one.kind == _ROOT), None)
        if root is None:
            raise ValueError("it has no root")
        small = b"".join(self._sectors(root.start))
        return b"".join(small[at * 64 : at * 64 + 64] for at in _chain(entry.start, following))[: entry.size]

    def _table(self) -> Iterator[int]:
        """Yield which sector follows each: the table stands in sectors that the header, and then others, list."""
        most = len(self.data) // self.sector
        count, further, more = unpack_from("<I", self.data, 44)[0], *unpack_from("<2I", self.data, 68)
        if count > most or more > most:
            raise ValueError("it lists more sectors than it has")
        places = list(unpack_from(f"<{_HEADER_FATS}I", self.data, 76))
        for _ in range(more):
            if further >= _ENDS:
                break
            listed = unpack_from(f"<{self.sector // 4}I", self._at(further))
            places.extend(listed[:-1])
            further = listed[-1]
        for place in places[:count]:
            yield from unpack_from(f"<{self.sector // 4}I", self._at(place))

    def _sectors(self, start: int) -> Iterator[bytes]:
        return map(self._at, _chain(start, self._next))

    def _ends(self, number: int) -> int:
        return (number + 2) * self.sector

    def _at(self, number: int) -> bytes:
        found = self.data[self._ends(number) - self.sector : self._ends(number)]
        if not found:
            raise ValueError("it breaks off")
        return found.ljust(self.sector, b"\0")


def _chain(start: int, following: list[int] | tuple[int, ...]) -> Iterator[int]:
    steps = 0
    while start < _ENDS:
        yield start
        start = following[start]
        steps += 1
        if steps > len(following):
            raise ValueError("its sectors go round in a circle")


def _entry(said: bytes, at: int) -> _Entry | None:
    (length,) = unpack_from("<H", said, at + _NAME)
    kind = said[at + _TYPE]
    if not kind or length < len("\0\0") or length > _NAME:
        return None
    name = said[at : at + length - 2].decode("utf-16-le")
    start, size = unpack_from("<2I", said, at + _START)
    return _Entry(name, kind, start, size)


@define(slots=True)
class _Book:
    """The records of a workbook: first what it is, then those of each sheet.

    Attributes:
        file: what to call it.
        data: the stream.
    """

    file: str
    data: bytes

    def sheets(self) -> dict[str, SheetScan]:
        found: dict[str, SheetScan] = {}
        for kind, body in self._records(0):
            if kind == _FILEPASS:
                raise BadInput(f"{self.file} has a password; save it without one, or as CSV")
            if kind == _DCONN or (kind == _SUPBOOK and body[2:4] not in (_OWN_BOOK, b"\x01\x3a")):
                raise BadInput(
                    f"{self.file} takes values from elsewhere (links to other workbooks or data connections), which "
                    f"may be old; break the links (Data, Edit Links) or paste the values, and save it"
                )
            if kind == _SST and unpack_from("<I", body, 4)[0] > len(self.data):
                raise ValueError("it says that it has more texts than fit into it")
            if kind == _BOUNDSHEET:
                self._sheet(found, body)
        return found

    def _sheet(self, found: dict[str, SheetScan], body: bytes) -> None:
        (start, _state, kind), name = unpack_from("<IBB", body), _name(body)
        if kind == _MACRO_SHEET:
            raise BadInput(
                f"{self.file} has macros; nothing in it is run or recorded: save it as .xlsx, without macros"
            )
        if name in found:
            raise ValueError("two sheets have one name")
        found[name] = self._scan(start) if kind == _WORKSHEET else SheetScan(self.file)

    def _scan(self, start: int) -> SheetScan:
        scan = SheetScan(self.file)
        for kind, body in self._records(start):
            if kind == _DIMENSIONS:
                self._require_room(body)
            elif kind in _ONE_CELL:
                row, column = unpack_from("<2H", body)
                _reach(scan, row, column)
                self._value(scan, kind, body)
            elif kind in _SEVERAL_CELLS:
                (row,), (column,) = unpack_from("<H", body), unpack_from("<H", body, len(body) - 2)
                _reach(scan, row, column)
        scan.require_reach()
        return scan

    def _require_room(self, body: bytes) -> None:
        """Refuse a sheet that says it reaches too far: the library reserves room for all that it says."""
        form = "<2I2H" if len(body) > _DIMENSIONS_BEFORE else "<4H"
        first_row, rows, first_column, columns = unpack_from(form, body)
        if first_row > rows or first_column > columns:
            raise ValueError("a sheet ends before it begins")
        SheetScan(self.file, rows=rows, columns=columns if rows else 0).require_reach()

    def _value(self, scan: SheetScan, kind: int, body: bytes) -> None:
        row, column = unpack_from("<2H", body)
        if kind == _FORMULA:
            scan.formulas += 1
            if body[12:14] == b"\xff\xff" and body[6] == len(_OWN_BOOK):
                scan.cannot_read(row + 1, column + 1, "an error (such as #DIV/0!)")
        elif kind == _BOOLERR and body[7]:
            scan.cannot_read(row + 1, column + 1, "an error (such as #DIV/0!)")

    def _records(self, at: int) -> Iterator[tuple[int, bytes]]:
        """Yield the records from one that begins a part of the stream up to the one that ends it."""
        depth = 0
        while True:
            kind, length = unpack_from("<2H", self.data, at)
            body = self.data[at + 4 : at + 4 + length]
            if len(body) < length or (not depth and kind != _BOF):
                raise ValueError("its records break off")
            depth += (kind == _BOF) - (kind == _EOF)
            if not depth:
                return
            if depth == 1:
                yield kind, body
            at += 4 + length


def _macros(file: Path | str) -> BadInput:
    return BadInput(f"{file} has macros; nothing in it is run or recorded: save it as .xlsx, without macros")


def _reach(scan: SheetScan, row: int, column: int) -> None:
    scan.rows, scan.columns = max(scan.rows, row + 1), max(scan.columns, column + 1)


def _name(body: bytes) -> str:
    """Return a sheet's name: sixteen or eight bits to a letter."""
    length, wide = body[6], body[7]
    if wide & 1:
        return body[8 : 8 + 2 * length].decode("utf-16-le")
    return body[8 : 8 + length].decode("latin-1")
