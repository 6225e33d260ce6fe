"""What is drawn on a page of a PDF, piece by piece, as text."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pikepdf
from attrs import define, field

Node = Any
Unpack = Callable[[Node], bytes]

_PAIR = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]*)>")
_RANGE = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>\s*<([0-9A-Fa-f]{4})>")
_PAIRS = re.compile(rb"beginbfchar(.*?)endbfchar", re.DOTALL)
_RANGES = re.compile(rb"beginbfrange(.*?)endbfrange", re.DOTALL)
_TOLD = re.compile(r"[\d\u2212]")
_NOT_TOLD = "\ufffd"
_DRAWN = ["BDC", "BMC", "EMC", "Tf", "Tj", "TJ", "'", '"', "Do"]


@define(slots=True)
class Pieces:
    """Reads pages, and knows typefaces that it has met.

    Attributes:
        unpack: returns what a stream holds.
    """

    unpack: Unpack
    _faces: dict[tuple[int, int], dict[int, str]] = field(factory=dict)
    _desk: pikepdf.Pdf = field(factory=pikepdf.new)
    """Where what is read is laid down: a stream lives no longer than its file."""

    def of(self, page: Node) -> dict[int, str]:
        """Return what is drawn in each numbered piece of a page.

        A piece that says what it stands for (ActualText) is taken at its word, unless a figure is drawn in it.

        Raises:
            ValueError, TypeError, KeyError, pikepdf.PdfError: the page is damaged.
        """
        faces = page.get("/Resources", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
        found: dict[int, list[str]] = {}
        opened: list[tuple[int | None, str | None, list[str]]] = []
        face: dict[int, str] = {}
        drawn_here: Node = pikepdf.parse_content_stream(self._stream(page), " ".join(_DRAWN))
        for operands, operator in drawn_here:
            match str(operator):
                case "BDC" | "BMC":
                    opened.append(_opening(operands))
                case "EMC" if opened:
                    number, instead, drawn = opened.pop()
                    text = "".join(drawn)
                    if instead is not None and not _TOLD.search(text):
                        text = instead
                    if number is not None:
                        found.setdefault(number, []).append(text)
                    elif opened:
                        opened[-1][2].append(text)
                case "Tf":
                    face = self._face(faces[str(operands[0])])
                case "Tj" | "TJ" | "'" | '"' if opened:
                    opened[-1][2].append(_text(operands[-1], face))
        return {number: "".join(texts) for number, texts in found.items()}

    def _stream(self, page: Node) -> Node:
        contents = page.Contents
        parts = list(contents) if isinstance(contents, pikepdf.Array) else [contents]
        content = b"\n".join(map(self.unpack, parts))
        return pikepdf.Stream(self._desk, content)

    def _face(self, font: Node) -> dict[int, str]:
        """Return what each shape of a typeface stands for."""
        key = font.objgen
        if key not in self._faces:
            self._faces[key] = _meanings(self.unpack(font.ToUnicode))
        return self._faces[key]


def _opening(operands: Node) -> tuple[int | None, str | None, list[str]]:
    told = operands[1] if len(operands) > 1 else None
    if not isinstance(told, pikepdf.Dictionary):
        return None, None, []
    number, instead = told.get("/MCID"), told.get("/ActualText")
    return (None if number is None else int(number)), (None if instead is None else str(instead)), []


def _text(shown: Node, face: dict[int, str]) -> str:
    """Return what a string of shapes, or an array of such strings, stands for."""
    strings = shown if isinstance(shown, pikepdf.Array) else [shown]
    codes = b"".join(bytes(each) for each in strings if isinstance(each, pikepdf.String))
    pairs = zip(codes[::2], codes[1::2], strict=False)
    return "".join(face.get(high << 8 | low, _NOT_TOLD) for high, low in pairs)


def _meanings(told: bytes) -> dict[int, str]:
    """Return what a map of characters (CMap) says."""
    found: dict[int, str] = {}
    for block in _RANGES.findall(told):
        for first, last, meaning in _RANGE.findall(block):
            start, begin = int(first, 16), int(meaning, 16)
            found |= {code: chr(begin + code - start) for code in range(start, int(last, 16) + 1)}
    for block in _PAIRS.findall(told):
        for code, meaning in _PAIR.findall(block):
            found[int(code, 16)] = bytes.fromhex(meaning.decode()).decode("utf-16-be", "replace")
    return found
