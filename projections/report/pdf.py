"""The report as PDF: pages of A4, tagged for readers who do not see them (PDF/UA-1); the same report, the same bytes.

WeasyPrint lays out and tags the page that `projections.report.page.html.paper` writes; `pdf_tags` adds what its tags
leave out. WeasyPrint needs libraries that pip cannot bring: without them this module refuses to be imported.
"""

from __future__ import annotations

from contextlib import redirect_stdout
from datetime import UTC
from io import StringIO
from typing import TYPE_CHECKING, cast

from heinola_es.errors import Refused
from projections.report.page.glyphs import drawable
from projections.report.page.html import paper

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from projections.report.document import Document
    from projections.report.theme import Theme

MISSING = (
    "A report as PDF is laid out by Pango, which is not on this machine: install it (on Debian and Ubuntu: apt install"
    " libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0), or ask for --format html or docx, which need nothing"
)

try:
    with redirect_stdout(StringIO()):  # where WeasyPrint tells, on several lines, what it misses
        import pydyf  # type: ignore[import-untyped]
        import weasyprint  # type: ignore[import-untyped]
        from weasyprint.text.ffi import harfbuzz_subset  # type: ignore[import-untyped]
        from weasyprint.urls import URLFetcher, URLFetcherResponse  # type: ignore[import-untyped]

        from projections.report.pdf_tags import Tagging
except OSError as error:
    raise Refused(MISSING) from error
if harfbuzz_subset is None:  # it would do with less, and write other bytes
    raise Refused(MISSING)


class _NothingOutside(URLFetcher):  # type: ignore[misc]
    """Reads what is inside the page (`data:`), and fetches nothing.

    Attributes:
        refused: the addresses that were asked for, and not fetched.
    """

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",))
        self.refused: list[str] = []

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if not url.startswith("data:"):
            self.refused.append(url)
        return super().fetch(url, headers)


class _Packed(pydyf.Object):  # type: ignore[misc]
    """A stream in its compressed form: WeasyPrint would compress it twice, for the file and for a checksum."""

    compressible = False  # once more

    def __init__(self, stream: pydyf.Stream) -> None:
        super().__init__()
        self.number, self._data = stream.number, stream.data

    @property
    def data(self) -> bytes:
        return cast("bytes", self._data)


def pdf(document: Document, theme: Theme) -> bytes:
    """Return the document as PDF/UA-1 in the looks of `theme`.

    Nothing is fetched: all that is drawn is in the document and the theme. The file says that it was made when
    `document.written` says, and its identifier is `document.identity`.

    Raises:
        Refused: the theme's logo draws on something outside itself.
    """
    fetcher = _NothingOutside()
    page = weasyprint.HTML(string=paper(drawable(document), theme), url_fetcher=fetcher)
    _let_tables_share_styles(page.etree_element)
    laid_out = page.render()
    written = document.written.astimezone(UTC).isoformat(timespec="seconds")
    laid_out.metadata.created = laid_out.metadata.modified = written
    tagging = Tagging(page.etree_element, laid_out)

    def finish(laid_out: weasyprint.Document, file: pydyf.PDF) -> None:
        tagging.complete(laid_out, file)
        file.objects[:] = [_Packed(it) if isinstance(it, pydyf.Stream) else it for it in file.objects]

    identifier = bytes.fromhex(document.identity)
    file = laid_out.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier, finisher=finish)
    if fetcher.refused:
        raise Refused(
            f"The logo draws on {fetcher.refused[0]}, and a report fetches nothing: put it into the logo itself"
        )
    return cast("bytes", file)


def _let_tables_share_styles(root: Element) -> None:
    """Move a table's anchor to its caption, and drop its style, which is for screens.

    WeasyPrint works out the styles of like elements once, but anew below one that has either of them: with hundreds of
    tables an eighth of the time, and 200 MB.
    """
    for table in root.iter("table"):
        table.attrib.pop("style", None)
        caption = table.find("caption")
        if caption is not None and "id" in table.attrib:
            caption.set("id", table.attrib.pop("id"))
