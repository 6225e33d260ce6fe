"""Pictures with what they show in words: drawn as vectors (SVG), with points (PNG) for programs that know no others."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from attrs import frozen
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml.parser import parse_xml
from docx.shared import Emu
from lxml.etree import tostring  # type: ignore[import-untyped]

from projections.writers.word.elements import element, in_one_line, paragraph
from projections.writers.word.package import TEXT_WIDTH

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from projections.writers.word.draft import Draft
    from projections.writers.word.elements import Element

SVG = "image/svg+xml"
EMU_OF_A_PIXEL = 9525
EMU_OF_A_TWIP = 635
WIDEST = TEXT_WIDTH * EMU_OF_A_TWIP
TALLEST = Emu(8_200_000)
"""What fits on a page with its caption: 22.8 cm."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?")

_INLINE = """
<wp:inline distT="0" distB="0" distL="0" distR="0"
    xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
    xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"
    xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">
  <wp:extent cx="{width}" cy="{height}"/>
  <wp:docPr id="{number}" name={name} descr={alternative}/>
  <wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>
  <a:graphic>
    <a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture">
      <pic:pic>
        <pic:nvPicPr><pic:cNvPr id="{number}" name={name} descr={alternative}/><pic:cNvPicPr/></pic:nvPicPr>
        <pic:blipFill><a:blip r:embed="{points}">{vectors}</a:blip><a:stretch><a:fillRect/></a:stretch></pic:blipFill>
        <pic:spPr>
          <a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>
          <a:prstGeom prst="rect"><a:avLst/></a:prstGeom>
        </pic:spPr>
      </pic:pic>
    </a:graphicData>
  </a:graphic>
</wp:inline>
"""
_VECTORS = """
<a:extLst>
  <a:ext uri="{{96DAC541-7B7A-43D3-8B79-37D633B846F1}}">
    <asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" r:embed="{vectors}"/>
  </a:ext>
</a:extLst>
"""


@frozen(slots=True, kw_only=True)
class Image:
    """What is shown.

    Attributes:
        name: what Word calls it in its list of objects.
        alternative: what it says, for who does not see it.
        points: as PNG.
        vectors: the same as SVG, or None.
        widest, tallest: within which it keeps its proportions, in EMU (360 000 to the centimetre).
    """

    name: str
    alternative: str
    points: bytes
    vectors: str | None = None
    widest: int = WIDEST
    tallest: int = TALLEST


def picture(image: Image, draft: Draft, *, style: str = "Picture") -> Element:
    """Return a paragraph with an image, as large as it was made, or as may be."""
    number = draft.next("picture")
    points, width, height = _points(image, draft.document)
    drawing = _INLINE.format(
        number=number,
        name=quoteattr(in_one_line(image.name)),
        alternative=quoteattr(in_one_line(image.alternative)),
        points=points,
        vectors=_VECTORS.format(vectors=_vectors(image.vectors, draft.document, number)) if image.vectors else "",
        width=width,
        height=height,
    )
    return paragraph(style, [element("w:r", None, element("w:drawing", None, parse_xml(drawing)))])


def _points(image: Image, document: WordDocument) -> tuple[str, int, int]:
    """Return the relationship to the PNG, and its width and height on the page in EMU."""
    relationship, part = document.part.get_or_add_image(io.BytesIO(image.points))
    width, height = size_of(image.vectors) if image.vectors else (part.px_width, part.px_height)
    scale = min(EMU_OF_A_PIXEL, image.widest / width, image.tallest / height)
    return relationship, round(width * scale), round(height * scale)


def as_one_element(svg: bytes) -> str:
    """Return a drawing as its one element alone, whatever it is encoded in and says before."""
    if svg.startswith(b"<svg"):
        return svg.decode()
    return str(tostring(parse_xml(svg), encoding="unicode"))


def size_of(svg: str) -> tuple[float, float]:
    """Return the width and height of a drawing in its own pixels: as it says, else those of what it shows."""
    root = parse_xml(svg.encode())
    said = [_NUMBER.match(root.get(name, "")) for name in ("width", "height")]
    numbers = _NUMBER.findall(root.get("viewBox", "0 0 1 1"))[-2:]
    sides = [float(found.group()) if found else float(number) for found, number in zip(said, numbers, strict=True)]
    return sides[0], sides[1]


def _vectors(svg: str, document: WordDocument, number: int) -> str:
    name = PackURI(f"/word/media/drawing{number}.svg")
    return document.part.relate_to(Part(name, SVG, svg.encode(), document.part.package), RELATIONSHIP_TYPE.IMAGE)
