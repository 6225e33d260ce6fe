"""PDFs for tests: typeset ones, and ones put together by hand that do harm."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import typst

if TYPE_CHECKING:
    from collections.abc import Sequence


def typeset(*parts: str) -> bytes:
    """Return a PDF of these parts of Typst's markup, on pages of A4."""
    source = "\n\n".join(['#set page("a4")', '#set text(size: 10pt, font: "Libertinus Serif")', *parts])
    return bytes(typst.compile(source.encode(), format="pdf", ignore_system_fonts=True))


def heading(text: str, level: int = 1) -> str:
    """Return a heading."""
    return f"{'=' * level} {text}"


def table(*rows: Sequence[str]) -> str:
    """Return a table without lines, its numbers at the right; a cell is the same where its text is empty."""
    cells = ", ".join(f"[{text}]" for row in rows for text in row)
    columns = ", ".join(["left"] + ["right"] * (len(rows[0]) - 1))
    return f"#table(columns: {len(rows[0])}, stroke: none, align: ({columns}), column-gutter: 12pt, {cells})"


def by_hand(content: bytes, *, compressed: bool = False) -> bytes:
    """Return a PDF of one page whose content is this."""
    stream = zlib.compress(content, 9) if compressed else content
    filtered = b"/Filter /FlateDecode " if compressed else b""
    fonts = b"<< /Font << /F 5 0 R >> >>"
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources " + fonts + b" >>",
        b"<< " + filtered + b"/Length %d >>\nstream\n" % len(stream) + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, said in enumerate(objects, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n" % number + said + b"\nendobj\n"
    table_at = len(made)
    made += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    made += b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table_at)
