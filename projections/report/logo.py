"""A city's mark: an SVG or PNG that stands in every report, and so must hold all that it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from attrs import define, field

from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

LIMIT_BYTES = 500_000
_PNG = b"\x89PNG\r\n\x1a\n"
_ROOT = "http://www.w3.org/2000/svg svg"
_RUN = re.compile(r"script|foreignobject|iframe|handler|listener|set|animate.*", re.IGNORECASE)
_ADDRESS = re.compile(r"url\(\s*[\"']?\s*(?P<address>[^\"')\s]*)|@import", re.IGNORECASE)
_INSIDE = re.compile(r"#|data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)
_NO_PICTURE = "is neither SVG nor PNG; save it as one of them"


def read_logo(path: Path) -> tuple[bytes, str]:
    """Return the mark in a file and its media type, which its content decides.

    Raises:
        BadInput: it cannot be read, is too large, is neither SVG nor PNG, or runs, moves or fetches something; the
            sentence goes on after the name of the key.
    """
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise BadInput(f"is {path}, which has more than {LIMIT_BYTES // 1000} kB; make it smaller")
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"is {path}, which cannot be read: {error.strerror}") from None
    if content.startswith(_PNG):
        return content, "image/png"
    complaint = _complaint(content)
    if complaint:
        raise BadInput(f"is {path}, which {complaint}")
    return content, "image/svg+xml"


def _complaint(content: bytes) -> str:
    """Return what is wrong with a picture that should be SVG, or an empty text."""
    reading = _Reading()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.EntityDeclHandler = reading.entity
    parser.ProcessingInstructionHandler = reading.instruction
    parser.StartElementHandler = reading.element
    parser.EndElementHandler = reading.end
    parser.CharacterDataHandler = reading.text
    try:
        parser.Parse(content, True)  # noqa: FBT003 - that there is no more of it
    except (expat.ExpatError, LookupError, ValueError):
        return reading.wrong or _NO_PICTURE
    reading.refer(*_referred("".join(reading.styles)))
    return reading.wrong


@define(slots=True)
class _Reading:
    """A picture on its way, and the first thing that is wrong with it."""

    wrong: str = ""
    styles: list[str] = field(factory=list)
    _depth: int = 0
    _in_style: bool = False

    def entity(self, *_told: object) -> None:
        self._complain("declares entities; save it as plain SVG")

    def instruction(self, target: str, _content: str) -> None:
        if target == "xml-stylesheet":
            self._complain("fetches a style sheet; put what it says into the file")

    def element(self, name: str, attributes: dict[str, str]) -> None:
        if self._depth == 0 and name != _ROOT:
            self._complain(_NO_PICTURE)
        self._depth += 1
        local = _local(name)
        self._in_style = local.casefold() == "style"
        if _RUN.fullmatch(local) or any(_local(key).casefold().startswith("on") for key in attributes):
            self._complain(f"runs or moves something in <{local}>; save it as plain SVG")
        for key, value in attributes.items():
            if _local(key).casefold() in {"href", "src"}:
                self.refer(value.strip())
            self.refer(*_referred(value))

    def end(self, _name: str) -> None:
        self._in_style = False

    def text(self, text: str) -> None:
        if self._in_style:
            self.styles.append(text)

    def refer(self, *addresses: str) -> None:
        """Take note of what is referred to."""
        for address in addresses:
            if not _INSIDE.match(address):
                self._complain(f"fetches {address!r}; put what it shows into the file")

    def _complain(self, sentence: str) -> None:
        self.wrong = self.wrong or sentence


def _referred(style: str) -> list[str]:
    return [found["address"] or found[0] for found in _ADDRESS.finditer(style)]


def _local(name: str) -> str:
    return name.rpartition(" ")[2]
