"""A report as PDF, read back: the tables that its tags tell of, and the files in it.

A tagged PDF says which pieces of which page make up a cell; what stands in a piece is read off what is drawn there, by
what the typefaces of the file say that their shapes stand for. No link in it is followed and nothing in it is run.
"""

from __future__ import annotations

import io
import logging
import subprocess
import sys
import zlib
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

import pikepdf
from attrs import define, field

from projections.documents.pdf_pieces import Pieces
from projections.documents.printed import LIMIT_BYTES, MOST_CELLS, PrintedReport, PrintedTable, Unreadable, no_proof
from projections.report.content.carried import NAME, SEAL, SNAPSHOT

if TYPE_CHECKING:
    from collections.abc import Iterator

Node = Any
"""An object of a PDF, which says what it is only when it is looked at."""
_MOST_NODES = 10_000_000
_DEEPEST = 60
_MOST_FILES = 1_000
_MEMORY_BYTES, _SECONDS = 280_000_000, 3
_CARRIES = 10  # the exit code of a look at a PDF that has a proof
_ROWS, _CELLS = "/TR", ("/TH", "/TD")
_DAMAGED = (pikepdf.PdfError, pikepdf.ForeignObjectError, ValueError, TypeError, KeyError, AttributeError, IndexError)


def read_pdf(content: bytes, name: str) -> PrintedReport:
    """Return what stands in a PDF.

    Raises:
        NoProof, Unreadable.
    """
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)  # what it mends by itself is not told
    try:
        with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as file:
            return _Reading(file, name).report()
    except pikepdf.PasswordError:
        raise Unreadable(f"{name} has a password, which no report has; ask for the file as it was published") from None
    except (*_DAMAGED, RecursionError, OverflowError, zlib.error) as error:
        told = str(error).splitlines()[0][:100] if str(error) else type(error).__name__
        raise Unreadable(f"{name} is damaged and cannot be read as a PDF ({told}); copy the file again") from None


def carries_proof(content: bytes) -> bool:
    """Return whether a PDF has a proof among the files in it; of a damaged one it has none that could be read.

    A process of its own looks, which a hostile file can neither fill nor hold.
    """
    command = [sys.executable, "-c", "from projections.documents.pdf_file import look; look()"]
    try:
        looked = subprocess.run(command, input=content, capture_output=True, timeout=60, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        return False
    return looked.returncode == _CARRIES


def look() -> None:
    """Exit with `_CARRIES` where the PDF on the standard input has a proof in it."""
    content = sys.stdin.buffer.read()
    with suppress(ImportError):
        import resource  # noqa: PLC0415 - not everywhere

        resource.setrlimit(resource.RLIMIT_DATA, (_MEMORY_BYTES, _MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    logging.getLogger("pikepdf").setLevel(logging.CRITICAL)
    with pikepdf.open(io.BytesIO(content), suppress_warnings=True) as file:
        if any(_name_of(told) == NAME for told in islice(file.Root.get("/AF", []), _MOST_FILES)):
            sys.exit(_CARRIES)


def _name_of(told: Node) -> str:
    return str(told.get("/UF", told.get("/F")))


def stream_content(stream: Node, limit: int = LIMIT_BYTES) -> bytes:
    """Return what a stream holds, of at most `limit` bytes; only the packing that our files have is undone.

    Raises:
        ValueError: it holds more, or is packed otherwise.
    """
    raw: bytes = stream.read_raw_bytes()
    packing = stream.get("/Filter")
    if isinstance(packing, pikepdf.Array) and len(packing) == 1:
        packing = packing[0]
    if packing is None:
        return raw
    if packing != pikepdf.Name.FlateDecode or stream.get("/DecodeParms") is not None:
        raise ValueError("a part of it is packed in a way that reports are not")
    unpacked = zlib.decompressobj().decompress(raw, limit + 1)
    if len(unpacked) > limit:
        raise ValueError("a part of it is larger than any report")
    return unpacked


@define(slots=True)
class _Reading:
    """A file that is being read."""

    file: pikepdf.Pdf
    name: str
    _pages: dict[tuple[int, int], dict[int, str]] = field(factory=dict)
    _nodes: int = 0
    _pieces: Pieces = field(factory=lambda: Pieces(stream_content))

    def report(self) -> PrintedReport:
        """Return what stands in it."""
        files = {wanted: self._file(wanted) for wanted in (NAME, SNAPSHOT, SEAL)}
        if not files[NAME] or not files[SNAPSHOT]:
            raise no_proof(self.name)
        told = {"proof": files[NAME], "snapshot": files[SNAPSHOT], "seal": files[SEAL]}
        return PrintedReport(**told, tables=tuple(self._tables()), text=self._said(self._root()))

    def _file(self, wanted: str) -> str:
        """Return the text of a file in the file, or an empty one where it is not there."""
        for told in self.file.Root.get("/AF", []):
            if _name_of(told) == wanted:
                return stream_content(told.EF.F).decode()
        return ""

    def _root(self) -> Node:
        root = self.file.Root.get("/StructTreeRoot")
        if root is None:
            raise ValueError("its tags, which tell what is a table, were taken out")
        return root

    def _tables(self) -> Iterator[PrintedTable]:
        cells, before = 0, ""
        for table in self._found(self._root(), ("/Table", "/Caption")):
            if str(table["/S"]) == "/Caption":  # of the table that follows, where it is not in it
                before = self._said(table)
                continue
            caption = " ".join(self._said(each) for each in self._found(table, ("/Caption",))) or before
            before = ""
            rows = tuple(tuple(map(self._said, self._found(row, _CELLS))) for row in self._found(table, (_ROWS,)))
            cells += sum(map(len, rows))
            if cells > MOST_CELLS:
                raise ValueError("it has more cells than any report")
            yield PrintedTable(caption, rows)

    def _found(self, node: Node, kinds: tuple[str, ...], depth: int = 0) -> Iterator[Node]:
        """Yield the nearest elements of these kinds below a node, in their order."""
        for kid in self._kids(node, depth):
            if isinstance(kid, pikepdf.Dictionary):
                if str(kid.get("/S")) in kinds:
                    yield kid
                elif "/K" in kid:
                    yield from self._found(kid, kinds, depth + 1)

    def _kids(self, node: Node, depth: int) -> list[Node]:
        kids = node.get("/K")
        found = [] if kids is None else list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        self._nodes += len(found) + 1
        if self._nodes > _MOST_NODES or depth > _DEEPEST:
            raise ValueError("its tags are more, or stand deeper in each other, than those of any report")
        return found

    def _said(self, node: Node, page: Node = None, depth: int = 0) -> str:
        """Return the text of an element: of the pieces of pages that it is made of, in their order."""
        page = node.get("/Pg", page)
        said = ""
        for kid in self._kids(node, depth):
            if isinstance(kid, int):
                said += self._on(page).get(kid, "")
            elif isinstance(kid, pikepdf.Dictionary):
                if "/MCID" in kid:
                    said += self._on(kid.get("/Pg", page)).get(int(kid["/MCID"]), "")
                elif "/S" in kid:
                    said += self._said(kid, page, depth + 1)
        return said

    def _on(self, page: Node) -> dict[int, str]:
        """Return the pieces of a page by their numbers."""
        key = page.objgen
        if key not in self._pages:
            self._pages[key] = self._pieces.of(page)
        return self._pages[key]
