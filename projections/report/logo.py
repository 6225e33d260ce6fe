"""A city's mark: an SVG or PNG that stands in every report, and so must hold all that it shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMIT_BYTES = 500_000
_PNG = b"\x89PNG\r\n\x1a\n"
_SVG = "{http://www.w3.org/2000/svg}"
_RUN = frozenset(("script", "foreignobject", "iframe", "handler", "listener", "set", "animate"))
_ADDRESS = re.compile(r"url\(\s*[\"']?\s*(?P<address>[^\"')\s]*)|@import", re.IGNORECASE)
_INSIDE = re.compile(r"#|data:image/(?:png|jpeg|gif|webp);base64,", re.IGNORECASE)


def read_logo(path: Path) -> tuple[bytes, str]:
    """Return the mark in a file and its media type, which its content decides.

    Raises:
        BadInput: it cannot be read, is too large, is neither SVG nor PNG, or runs or fetches something; the sentence
            goes on after the name of the key.
    """
    try:
        if path.stat().st_size > LIMIT_BYTES:
            raise BadInput(f"is {path}, which has more than {LIMIT_BYTES // 1000} kB; make it smaller")
        content = path.read_bytes()
    except OSError as error:
        raise BadInput(f"is {path}, which cannot be read: {error.strerror}") from None
    if content.startswith(_PNG):
        return content, "image/png"
    _check(path, _root(path, content))
    return content, "image/svg+xml"


def _root(path: Path, content: bytes) -> ET.Element:
    if b"<!ENTITY" in content.upper():
        raise BadInput(f"is {path}, which declares entities; save it as plain SVG")
    try:
        root = ET.fromstring(content)  # noqa: S314 - without entities of its own
    except (ET.ParseError, LookupError, ValueError):
        root = None
    if root is None or root.tag != f"{_SVG}svg":
        raise BadInput(f"is {path}, which is neither SVG nor PNG; save it as one of them")
    return root


def _check(path: Path, root: ET.Element) -> None:
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        name = element.tag.rpartition("}")[2]
        if name.casefold() in _RUN or any(_local(key).startswith("on") for key in element.attrib):
            raise BadInput(f"is {path}, which runs or moves something in <{name}>; save it as plain SVG")
        for address in _addresses(element):
            if not _INSIDE.match(address):
                raise BadInput(f"is {path}, which fetches {address!r}; put what it shows into the file")


def _addresses(element: ET.Element) -> Iterator[str]:
    """Yield what an element refers to: in links, in properties, and in styles."""
    for key, value in element.attrib.items():
        if _local(key) in {"href", "src"}:
            yield value.strip()
    for text in (*element.attrib.values(), element.text or ""):
        for found in _ADDRESS.finditer(text):
            yield found["address"] or found[0]


def _local(key: str) -> str:
    return key.rpartition("}")[2].casefold()
