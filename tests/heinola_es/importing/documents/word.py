"""Word documents for tests, put together from XML, so that they have what no library writes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
STYLES = (
    f'<w:styles xmlns:w="{_W}">'
    '<w:style w:type="paragraph" w:styleId="Otsikko1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Otsikko2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Omat"><w:name w:val="Kaupungin otsikko"/>'
    '<w:basedOn w:val="Otsikko2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Sisllys1"><w:name w:val="toc 1"/></w:style>'
    "</w:styles>"
)


def paragraph(text: str, style: str = "") -> str:
    """Return a paragraph in a style, by its id; tabs are tabs."""
    said = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    parts = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\t"))
    return f"<w:p>{said}<w:r>{parts}</w:r></w:p>"


def cell(text: str, *, span: int = 1, follows: bool | None = None) -> str:
    """Return a cell over `span` columns; `follows`: it goes on from the row above, or begins what others go on with."""
    merged = "" if follows is None else "<w:vMerge/>" if follows else '<w:vMerge w:val="restart"/>'
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    return f"<w:tc><w:tcPr>{wide}{merged}</w:tcPr>{paragraph(text)}</w:tc>"


def row(*cells: str) -> str:
    """Return a row of cells, or of texts in cells of their own."""
    return f"<w:tr>{''.join(text if text.startswith('<') else cell(text) for text in cells)}</w:tr>"


def table(*rows: str | Sequence[str]) -> str:
    """Return a table of rows, or of the texts in their cells."""
    return f"<w:tbl>{''.join(made if isinstance(made, str) else row(*made) for made in rows)}</w:tbl>"


def body(*parts: str) -> str:
    """Return the XML of a document's body."""
    head = f'<w:document xmlns:w="{_W}" xmlns:mc="{_MC}">'
    return f'<?xml version="1.0" encoding="UTF-8"?>{head}<w:body>{"".join(parts)}</w:body></w:document>'


def docx(*parts: str, xml: str = "", more: dict[str, bytes] | None = None) -> bytes:
    """Return a Word document with these paragraphs and tables, or with this XML."""
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", xml or body(*parts))
        package.writestr("word/styles.xml", STYLES)
        for name, content in (more or {}).items():
            package.writestr(name, content)
    return kept.getvalue()


def docx_of_text(lines: Iterable[str]) -> bytes:
    """Return a text as a Word document: lines with tabs that follow each other as a table, others as paragraphs."""
    parts: list[str] = []
    rows: list[list[str]] = []
    for line in [*lines, ""]:
        cells = line.split("\t")
        if len(cells) > 1 and any(cells):
            rows.append(cells)
            continue
        if rows:
            parts.append(table(*rows))
            rows = []
        if line.strip():
            parts.append(paragraph(line.strip()))
    return docx(*parts)
