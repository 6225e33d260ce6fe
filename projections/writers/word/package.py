"""The file of a Word document: the template that it begins as, and the package that it ends as, always the same."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import docx
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.opc.phys_pkg import PhysPkgWriter
from docx.opc.pkgwriter import PackageWriter

from projections.report.content.carried import NAMESPACE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docx.document import Document as WordDocument

TEMPLATE = Path(__file__).parent / "template"
TEMPLATE_ACCENT = "1B4F72"
TEMPLATE_TINT = "E8EDF1"
"""The colours that the template is written in, where a city's own are put: its accent, and a tint of it."""
TINT_PER_CENT = 10
TEXT_WIDTH = 9638
"""Between the template's margins, in twentieths of a point: 17 cm."""
PROOF = "/customXml/item1.xml"
FIRST = "[Content_Types].xml"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
"""The earliest time that a ZIP archive knows."""
_UNIX = 3
_READABLE = 0o600 << 16


def opened(accent: str) -> WordDocument:
    """Return an empty document with our styles, in a city's colour.

    Args:
        accent: `#rrggbb`.
    """
    colours = {TEMPLATE_ACCENT: accent[1:].upper(), TEMPLATE_TINT: tint(accent)}
    parts = ((path.relative_to(TEMPLATE).as_posix(), path.read_text("utf-8")) for path in _template())
    return docx.Document(io.BytesIO(_zipped((name, _coloured(text, colours).encode()) for name, text in parts)))


def put_in(document: WordDocument, proof: str) -> None:
    """Put a proof, if there is one, into a part of the package: custom XML, which Word keeps when it saves."""
    if proof:
        xml = f'<?xml version="1.0" encoding="UTF-8"?>\n<proof xmlns="{NAMESPACE}">{proof}</proof>'
        part = Part(PackURI(PROOF), CONTENT_TYPE.XML, xml.encode(), document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_XML)


def sealed(document: WordDocument) -> bytes:
    """Return the file of a document, the same for the same document: its parts in order, without times."""
    written = _Parts()
    package = document.part.package
    for part in package.parts:
        part.before_marshal()
    writer: Any = PackageWriter  # by its steps: `write` would make an archive, which would be packed twice
    writer._write_content_types_stream(written, package.parts)  # noqa: SLF001 - see above
    writer._write_pkg_rels(written, package.rels)  # noqa: SLF001
    writer._write_parts(written, package.parts)  # noqa: SLF001
    return _zipped(written.parts)


class _Parts(PhysPkgWriter):
    """Takes the parts of a package as they are written, in place of a file."""

    def __new__(cls, *_file: object) -> Self:
        """Return a writer; python-docx's own chooses one by the file that it is given."""
        return object.__new__(cls)

    def __init__(self) -> None:
        self.parts: list[tuple[str, bytes]] = []

    def write(self, pack_uri: PackURI, blob: bytes) -> None:
        self.parts.append((pack_uri.membername, blob))


def tint(accent: str) -> str:
    """Return a pale shade of a colour, `#rrggbb`, for the ground behind text: `RRGGBB`."""
    parts = (int(accent[start : start + 2], 16) for start in (1, 3, 5))
    return "".join(f"{255 - (255 - part) * TINT_PER_CENT // 100:02X}" for part in parts)


def _template() -> Iterator[Path]:
    """Yield the files of the template, and nothing that a file manager left there."""
    yield from (path for path in TEMPLATE.rglob("*") if path.name.endswith((".xml", ".rels")))


def _coloured(text: str, colours: dict[str, str]) -> str:
    for template, own in colours.items():
        text = text.replace(f'"{template}"', f'"{own}"')
    return text


def _zipped(parts: Iterable[tuple[str, bytes]]) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in sorted(parts, key=lambda part: (part[0] != FIRST, part[0])):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, _UNIX, _READABLE
            package.writestr(entry, content)
    return archive.getvalue()
