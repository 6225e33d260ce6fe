"""What the tags of a PDF say beyond what Typst writes: which cell names its row.

Typst tells the headers of columns, and says of every other cell which of them it stands under. Here the first cell of
a row becomes the header of that row, and each header says what it heads (its scope), from which a reader works out the
rest. The file is a list of numbered objects with a table of where each begins; those that describe its structure stand
there as they are, so they can be written anew: packed, a third of the size. Pages, fonts and pictures are left alone.
"""

from __future__ import annotations

import re
from itertools import islice
from struct import pack
from typing import TYPE_CHECKING
from zlib import compress

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

_ELEMENT = re.compile(rb"\d+ 0 obj\n<</Type/StructElem/S/(\w+)")
_KIDS = re.compile(rb"/K\[([^\]]*)\]")
_CELL = re.compile(rb"(/S/)(TH|TD)(?=/P )(.*)/A\[(.*?)\](?=/K\[|/Pg |/Lang|/T\(|>>\nendobj|/Alt)", re.DOTALL)
_IDENTIFIER = re.compile(rb"/ID\(U[^)]*\)")
_SPAN = re.compile(rb"/(?:Col|Row)Span \d+")
_ALL_IDENTIFIERS = re.compile(rb"/IDTree<<.*?>>(?=/ParentTreeNextKey)", re.DOTALL)
_SIZE = re.compile(rb"/Size \d+")
_PACKED_TOGETHER = 200
"""Objects: enough to be packed well, and few enough to be read alone."""
_TRAILER = re.compile(rb"/ID\[\([^)]*\)\([^)]*\)\]")


def completed(file: bytes, identity: str) -> bytes:
    """Return a file that Typst wrote, with the headers of rows, and `identity` (hex) as its identifier.

    Raises:
        ValueError: it is not built as Typst builds files.
    """
    objects = _Objects.of(file)
    parts = dict(objects.parts)
    for row in _rows(parts):
        kids = _references(parts[row])
        for at, cell in enumerate(kids):
            parts[cell] = _as_cell(parts[cell], heads_row=at == 0)
    for number, part in objects.parts.items():
        kind = _kind(part)
        if kind == b"TFoot":  # the last rows, which Typst keeps together
            parts[number] = part.replace(b"/S/TFoot", b"/S/TBody", 1)
        elif kind is None and b"/Type/StructTreeRoot" in part[:60]:
            parts[number] = _ALL_IDENTIFIERS.sub(b"", part)
    trailer, replaced = _TRAILER.subn(b"/ID[<%b><%b>]" % (2 * (identity.encode(),)), objects.trailer)
    if not replaced:
        raise ValueError("the file has no identifier")
    return objects.written(parts, trailer)


def _rows(parts: dict[int, bytes]) -> Iterator[int]:
    return (number for number, part in parts.items() if _kind(part) == b"TR")


def _kind(part: bytes) -> bytes | None:
    found = _ELEMENT.match(part)
    return found[1] if found else None


def _references(part: bytes) -> list[int]:
    found = _KIDS.search(part)
    return [int(number) for number in found[1].split()[::3]] if found else []


def _as_cell(part: bytes, *, heads_row: bool) -> bytes:
    """Return a cell that says what it heads, and not what heads it; one that shows nothing heads nothing."""
    found = _CELL.search(part)
    if found is None:
        raise ValueError("a cell of the file is not as cells are written")
    heads_column = found[2] == b"TH" and b"ColSpan" not in found[4]
    shows = _KIDS.search(part) is not None
    scope = b""
    if shows and (heads_column or heads_row):
        scope = b"/Scope/Column" if heads_column else b"/Scope/Row"
    told = scope + b"".join(_SPAN.findall(found[4]))
    attributes = b"/A<</O/Table%b>>" % told if told else b""
    kind = b"TH" if scope else b"TD"
    before = _IDENTIFIER.sub(b"", found[3])
    return b"".join((part[: found.start(2)], kind, before, attributes, part[found.end() :]))


@frozen(slots=True)
class _Objects:
    """The parts of a file.

    Attributes:
        head: what stands before the first object.
        parts: the objects by their numbers, in the order of the file, each from its number to the next object.
        trailer: the dictionary after the table.
    """

    head: bytes
    parts: dict[int, bytes]
    trailer: bytes

    @classmethod
    def of(cls, file: bytes) -> _Objects:
        """Take a file apart.

        Raises:
            ValueError: its table is not one of lines of 20 bytes, or does not lead to objects.
        """
        table = int(file[file.rindex(b"startxref") + 9 :].split()[0])
        title, numbers, rest = file[table:].split(b"\n", 2)
        zero, size = numbers.split()
        if title != b"xref" or zero != b"0":
            raise ValueError("the file has no table of objects")
        lines = [rest[at : at + 20] for at in range(0, 20 * int(size), 20)]
        begins = sorted((int(line[:10]), number) for number, line in enumerate(lines) if line[17:18] == b"n")
        ends = [begin for begin, _number in begins[1:]] + [table]
        parts = {number: file[begin:end] for (begin, number), end in zip(begins, ends, strict=True)}
        if not all(part.startswith(b"%d 0 obj\n" % number) for number, part in parts.items()):
            raise ValueError("the file's table does not lead to its objects")
        after = rest[20 * int(size) :]
        trailer = after[after.index(b"trailer") : after.index(b"startxref")]
        return cls(file[: begins[0][0]], parts, trailer)

    def written(self, parts: dict[int, bytes], trailer: bytes) -> bytes:
        """Return the file with these parts, those that are no streams packed together, and the table of all."""
        loose = {number: part for number, part in parts.items() if part.endswith(b"endstream\nendobj\n")}
        packed = {number: part for number, part in parts.items() if number not in loose}
        places: dict[int, bytes] = {0: _place(0, 0, 65535)}
        written, at = [self.head], len(self.head)
        numbers = iter(range(max(parts) + 1, max(parts) + 2 + len(packed)))
        for group in _groups(packed):
            number = next(numbers)
            places |= {each: _place(2, number, index) for index, (each, _part) in enumerate(group)}
            loose[number] = _pack(number, group)
        for number, part in loose.items():
            places[number] = _place(1, at, 0)
            written.append(part)
            at += len(part)
        last = next(numbers)
        places[last] = _place(1, at, 0)
        told = trailer[trailer.index(b"<<") + 2 : trailer.rindex(b">>")]
        table = b"".join(places.get(number, _place(0, 0, 0)) for number in range(last + 1))
        about = _SIZE.sub(b"", told) + b"/Type/XRef/Size %d/W[1 4 2]" % (last + 1)
        written.append(_stream(last, about, table) + b"startxref\n%d\n%%%%EOF" % at)
        return b"".join(written)


def _place(kind: int, where: int, which: int) -> bytes:
    """Return a line of the table: free, at a byte of the file, or in a pack at an index."""
    return pack(">BIH", kind, where, which)


def _groups(parts: dict[int, bytes]) -> Iterator[list[tuple[int, bytes]]]:
    each = iter(parts.items())
    while group := list(islice(each, _PACKED_TOGETHER)):
        yield group


def _pack(number: int, group: list[tuple[int, bytes]]) -> bytes:
    """Return a stream of objects, after their numbers and where each begins."""
    heads, bodies, at = list[bytes](), list[bytes](), 0
    for each, part in group:
        body = part[part.index(b"\n") + 1 : part.rindex(b"endobj")]
        heads.append(b"%d %d " % (each, at))
        bodies.append(body)
        at += len(body)
    head = b"".join(heads)
    return _stream(number, b"/Type/ObjStm/N %d/First %d" % (len(group), len(head)), head + b"".join(bodies))


def _stream(number: int, about: bytes, content: bytes) -> bytes:
    packed = compress(content, 9)
    return b"%d 0 obj\n<<%b/Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream\nendobj\n" % (
        number,
        about,
        len(packed),
        packed,
    )
