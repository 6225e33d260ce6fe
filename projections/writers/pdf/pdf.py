"""The report as PDF: tagged for who does not see it (PDF/UA-1), to be kept (PDF/A-3a), and always the same bytes.

Typst sets the pages, in this process: `typeset.data` tells it what is said, as data, and `typeset/report.typ` how it
looks. It is given nothing to read but our typefaces, and refuses to write what is not accessible.
"""

from __future__ import annotations

import re
from datetime import UTC
from functools import cache
from importlib.resources import as_file, files
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, cast

import orjson
import typst
from attrs import evolve

from heinola_es.errors import BadInput, HeinolaError, Refused
from projections.writers.page.glyphs import drawable
from projections.writers.pdf.data import data_of
from projections.writers.pdf.tags import completed

if TYPE_CHECKING:
    from datetime import datetime

    from projections.report.content.document import Document
    from projections.report.theme.theme import Theme

_STANDARDS: list[typst.PDFStandard] = ["ua-1", "a-3a"]
_OUTSIDE = re.compile(r"failed to load linked image (?P<what>.{1,100}).* in SVG \(", re.DOTALL)


def pdf(document: Document, theme: Theme) -> bytes:
    """Return the document as PDF/UA-1 and PDF/A-3a in the looks of `theme`.

    Nothing is read or fetched: all that is drawn is in the document and the theme. The file says that it was made when
    `document.written` says, and its identifier is `document.identity`.

    Raises:
        Refused: the theme's logo draws on something outside itself.
        BadInput: it cannot be drawn.
    """
    told = orjson.dumps(data_of(drawable(document), theme)).decode()
    try:
        file = _pages(told, document.written)
    except typst.TypstError as error:
        if theme.logo is None:
            raise
        pdf(document, evolve(theme, logo=None))  # if that fails, too, the logo is not to blame
        raise _of_the_logo(error.message) from None
    return completed(file, document.identity)


def _of_the_logo(complaint: str) -> HeinolaError:
    outside = _OUTSIDE.match(complaint)
    if outside:
        return Refused(
            f"The logo draws on {outside['what']}, and a report fetches nothing: put it into the logo itself"
        )
    return BadInput(
        "the mark of the theme cannot be drawn; save it as PNG, or as plain SVG whose texts are turned into shapes"
    )


def _pages(told: str, written: datetime) -> bytes:
    """Return the pages for what is told, as JSON: while they are laid out, nothing else is kept of it."""
    with TemporaryDirectory(prefix="heinola-") as nothing:
        typesetter = typst.Compiler(
            _template(),
            root=nothing,
            package_path=nothing,
            package_cache_path=nothing,
            font_paths=_typefaces(),
        )
        file: object = typesetter.compile(
            sys_inputs={"report": told},
            pdf_standards=_STANDARDS,
            timestamp=written.astimezone(UTC).replace(microsecond=0),
            format="pdf",
        )
    return cast("bytes", file)


@cache
def _template() -> bytes:
    return (files("projections.writers.pdf") / "report.typ").read_bytes()


@cache
def _typefaces() -> typst.Fonts:
    with as_file(files("projections.writers.page") / "fonts") as folder:
        return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])
