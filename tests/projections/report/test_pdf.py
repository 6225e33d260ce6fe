"""The report as PDF: what a reader gets, on paper and read aloud."""

from __future__ import annotations

import re
import subprocess
import sys
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread
from typing import TYPE_CHECKING

import attrs
import page as validator
import pikepdf
import pytest

from heinola_es.errors import Refused
from projections.report.content.document import Cell, Column, Fact, Facts, Paragraph, Picture, Row, Run, Section, Table
from projections.report.theme.theme import Theme
from projections.writers.pdf.pdf import pdf
from tests.pdf_structure import bookmarks, complaints, elements, heading_levels
from tests.programs import pdftotext
from tests.projections.report.samples import sample_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.report.content.document import Document

LANGUAGES = ("fi", "sv", "en")
PAGE_WIDTH, SIDE = 595.28, 56.69  # points: A4, and the margin of 20 mm


@cache
def written(language: str) -> bytes:
    """Return the sample report as PDF."""
    return pdf(sample_document(language), Theme())


@cache
def long_document() -> Document:
    """Return a report with a table of six wide columns that goes on over pages, and a unit's name that is long."""
    cells = (Cell(text="Hyvinvointi- ja terveydenedistämispalvelut"), *(Cell(text="−99 999 999,99") for _ in range(6)))
    columns = (Column(title="Tili", share=3), *(Column(title=f"TOT 2020\n{n} kk", numeric=True) for n in range(1, 7)))
    table = Table(
        key="pitka", caption="Pitkä taulukko, €", columns=columns, rows=tuple(Row(cells=cells) for _ in "x" * 90)
    )
    return attrs.evolve(sample_document(), sections=(Section(key="pitka-osa", title="Pitkä osa", blocks=(table,)),))


def on_paper(file: bytes, *options: str) -> str:
    """Return the text of a PDF as poppler reads it."""
    return subprocess.run(
        [pdftotext(), *options, "-", "-"], input=file, capture_output=True, check=True, timeout=60
    ).stdout.decode()


# ---------------------------------------------------------------- for who does not see it


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_pdf_ua(language: str) -> None:
    """A validator finds nothing against PDF/UA-1 in any language, and neither do our own checks of the structure."""
    report = validator.validate_pdf_bytes(written(language), profile="ua1")
    assert [(failure.rule_id, failure.message) for failure in report.failures] == []
    assert report.is_compliant
    assert complaints(written(language)) == []


def test_a_table_over_pages_is_one_table() -> None:
    """A table that goes on over pages shows its header on each of them, and is read aloud as one, with one header."""
    file = pdf(long_document(), Theme())
    pages = [page for page in on_paper(file, "-layout").split("\f") if "−99 999 999,99" in page]
    assert len(pages) > 1
    assert all(page.count("Tili") == 1 for page in pages)
    with pikepdf.open(BytesIO(file)) as opened:
        (table,) = (element for element in elements(opened) if element.kind == "/Table")
    assert sum(element.kind == "/TR" for element in table.walk()) == 1 + 90
    assert complaints(file) == []
    assert validator.is_pdf_compliant_bytes(file, profile="ua1")


def test_texts_in_other_languages_say_so() -> None:
    """What is in another language than the report is tagged with it, and nothing else is."""
    with pikepdf.open(BytesIO(written("fi"))) as opened:
        assert opened.Root.Lang == "fi"
        languages = [str(element.object.Lang) for element in elements(opened) if "/Lang" in element.object]
    assert languages == ["sv", "en"]


def test_pictures_say_what_they_show() -> None:
    """Every picture has the document's alternative text, and the city's mark the theme's."""
    logo = (
        b'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"><path d="M0 0h90v30z" fill="#1b4f72"/></svg>'
    )
    file = pdf(sample_document("sv"), Theme(logo=(logo, "image/svg+xml"), logo_alternative="Mallikyläs vapen"))
    told = [block.alternative for block in sample_document("sv").blocks() if isinstance(block, Picture)]
    with pikepdf.open(BytesIO(file)) as opened:
        figures = [str(each.object.Alt) for each in elements(opened) if each.kind == "/Figure"]
    assert figures == ["Mallikyläs vapen", *told]
    assert complaints(file) == []
    assert validator.is_pdf_compliant_bytes(file, profile="ua1")


def test_links_say_what_is_read_in_them() -> None:
    """An entry of the contents is one link, whose description is its text and page."""
    document = sample_document()
    with pikepdf.open(BytesIO(written("fi"))) as opened:
        described = [str(link.Contents).strip() for link in opened.pages[1].Annots]
    listed = [section.title for _level, section in document.walk() if section.listed]
    assert [re.sub(r" sivu \d+$", "", it) for it in described] == [
        f"”{title}”" for title in (document.interface.summary, *listed)
    ]


def test_rows_lead_to_their_units() -> None:
    """The first row about another unit than its table's is a link to the part about that unit; no other row is one."""
    columns = (Column(title="Yksikkö"), Column(title="€", numeric=True))

    def table(key: str, *places: tuple[str, str]) -> Table:
        rows = tuple(Row(cells=(Cell(text=f"rivi {place[0]}"), Cell(text="1")), place=place) for place in places)
        return Table(key=key, caption=key, columns=columns, rows=rows, place=places[0])

    area, unit, unknown = ("410", "Opetus"), ("4160", "Lukio"), ("9999", "Toinen")
    sections = (
        Section(key="ala", title="Ala", blocks=(table("a", area, area, unit, unit, unknown),)),
        Section(key="lukio", title="Lukio", new_page=True, blocks=(table("b", unit),)),
    )
    file = pdf(attrs.evolve(sample_document(), summary=(), sections=sections), Theme())
    with pikepdf.open(BytesIO(file)) as opened:
        links = [each for each in elements(opened) if each.kind == "/Link"]
        beyond = [each for each in links if "/TOCI" not in _kinds_above(each.object)]
    assert len(beyond) == 1
    assert complaints(file) == []


def _kinds_above(element: pikepdf.Object) -> set[str]:
    """Return the kinds of all elements above one."""
    found = set()
    while "/S" in (element := element.P):
        found.add(str(element.S))
    return found


def test_running_headers_are_told_apart() -> None:
    """Headers and footers are artifacts of pagination, so that they are not read into the text."""
    with pikepdf.open(BytesIO(written("fi"))) as opened:
        kinds = [
            str(each.operands[1].Subtype)
            for each in pikepdf.parse_content_stream(opened.pages[3])
            if str(each.operator) == "BDC" and each.operands[0] == "/Artifact"
        ]
    assert set(kinds) == {"/Header", "/Footer"}


# ---------------------------------------------------------------- on paper


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_tell_where_one_is(language: str) -> None:
    """Every page but the first has the city, the title and its number of all pages, in the report's language."""
    document = sample_document(language)
    first, *others = on_paper(written(language), "-layout").removesuffix("\f").split("\f")
    words = document.interface
    assert words.page not in first
    assert document.title in first
    for number, text in enumerate(others, 2):
        assert f"{words.page} {number} {words.page_of} {len(others) + 1}" in text
        assert re.search(rf"^\s*{document.city}\s+·\s+{document.title}", text)


def test_contents_lead_to_the_right_pages() -> None:
    """Each entry of the contents has the number of the page that has its heading, and its link leads there."""
    document = sample_document()
    pages = on_paper(written("fi"), "-layout").split("\f")
    entries = re.findall(r"^ *(\S.*?)(?: \.)+ +\u2060?(\d+)$", pages[1], flags=re.MULTILINE)
    titles = [document.interface.summary, *(section.title for _level, section in document.walk() if section.listed)]
    assert [title for title, _page in entries] == titles
    for title, page in entries:
        assert re.search(rf"^ *{title}$", pages[int(page) - 1], flags=re.MULTILINE), title


def test_bookmarks_are_the_headings() -> None:
    """The bookmarks are the report's headings at their levels; notices are headings, too, but no bookmarks."""
    document = sample_document()
    with pikepdf.open(BytesIO(written("fi"))) as opened:
        found = bookmarks(opened)
        assert len(heading_levels(opened)) > len(found)
    parts = [(level + 1, section.title) for level, section in document.walk()]
    assert found == [(1, document.title), (2, document.interface.contents), (2, document.interface.summary), *parts]


@pytest.mark.parametrize("document", [sample_document, long_document])
def test_nothing_is_cut_off(document: object) -> None:
    """No word of any page runs over the margins, be the columns many and the names long."""
    assert callable(document)
    words = re.findall(r'<word xMin="([\d.]+)".*? xMax="([\d.]+)"', on_paper(pdf(document(), Theme()), "-bbox"))
    assert len(words) > 100
    assert min(float(left) for left, _right in words) >= SIDE - 0.1
    assert max(float(right) for _left, right in words) <= PAGE_WIDTH - SIDE + 0.1


def test_characters_without_a_shape_are_written_with_others() -> None:
    """A character that our typefaces lack is written as those it stands for; none is shown as an empty box."""
    text = "\uff1d \ufb01 \u2460 \uff1cb\uff1e"
    paragraph = Paragraph(runs=(Run(text),))
    document = attrs.evolve(sample_document(), sections=(Section(key="a", title="A", blocks=(paragraph,)),))
    file = pdf(document, Theme())
    assert "= fi 1 <b>" in on_paper(file)
    assert validator.is_pdf_compliant_bytes(file, profile="ua1")


def test_typefaces_are_our_own() -> None:
    """All typefaces are embedded, and none is the machine's: another machine writes the same."""
    with pikepdf.open(BytesIO(written("fi"))) as opened:
        names = {str(it.BaseFont) for it in opened.objects if isinstance(it, pikepdf.Dictionary) and "/BaseFont" in it}
    assert {name.partition("+")[2] for name in names} == {f"ReportSans-{it}" for it in ("Regular", "SemiBold", "Bold")}


# ---------------------------------------------------------------- the file


def test_what_the_file_says_about_itself() -> None:
    """Title, dates and identifier are the document's, not the clock's."""
    document = sample_document()
    with pikepdf.open(BytesIO(written("fi"))) as opened:
        assert str(opened.docinfo.Title) == f"{document.title} – {document.subject} – {document.city}"
        assert str(opened.docinfo.CreationDate) == str(opened.docinfo.ModDate) == "D:20200815093012Z"
        assert bytes(opened.trailer.ID[0]) == bytes.fromhex(document.identity)


WRITE = """
import sys, time
ahead = float(sys.argv[1])
now = time.time
time.time = lambda: now() + ahead
from projections.writers.pdf.pdf import pdf
from projections.report.theme.theme import Theme
from tests.projections.report.samples import sample_document
sys.stdout.buffer.write(pdf(sample_document(), Theme()))
"""


def test_the_same_report_is_the_same_file(pytestconfig: pytest.Config) -> None:
    """Another process, ten years later, elsewhere, with other settings, writes the same bytes."""
    settings = {"TZ": "Pacific/Auckland", "PYTHONHASHSEED": "77", "LANG": "C", "SOURCE_DATE_EPOCH": "86400"}
    again = subprocess.run(
        [sys.executable, "-c", WRITE, "315576000"],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(pytestconfig.rootpath), **settings},
        cwd="/",
        capture_output=True,
        check=True,
        timeout=120,
    )
    assert again.stdout == written("fi")


# ---------------------------------------------------------------- what it refuses


@pytest.fixture
def visits() -> Iterator[tuple[str, list[str]]]:
    """Yield the address of a web server on this machine, and what was asked of it."""
    asked: list[str] = []

    class _Visited(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), _Visited)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_text_cannot_fetch_anything(visits: tuple[str, list[str]]) -> None:
    """Markup that somebody recorded as text is text: nothing it names is fetched."""
    address, asked = visits
    text = f'<img src="{address}/a.png"><style>@import url({address}/b.css);</style> url({address}/c.png)'
    document = attrs.evolve(
        sample_document(),
        title=text,
        city=text,
        sections=(Section(key="a", title=text, blocks=(Paragraph(runs=(Run(text),), language='fi"><img src="x'),)),),
    )
    assert f"{address}/a.png" in on_paper(pdf(document, Theme()))
    assert asked == []


def test_a_logo_cannot_fetch_anything(visits: tuple[str, list[str]], tmp_path: Path) -> None:
    """A logo that draws on a file or an address outside itself is refused, and neither is read."""
    address, asked = visits
    secret = tmp_path / "secret.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg"><text>secret</text></svg>', encoding="utf-8")
    for outside in (f"{address}/logo.png", secret.as_uri()):
        logo = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="{outside}" width="9"/></svg>'
        with pytest.raises(Refused, match="a report fetches nothing"):
            pdf(sample_document(), Theme(logo=(logo.encode(), "image/svg+xml"), logo_alternative="Mallikylä"))
    assert asked == []


# ---------------------------------------------------------------- tables and pages


def test_a_row_that_fills_pages_goes_on() -> None:
    """A row that no page has room for begins right below its caption and header, and loses nothing."""
    cells = (Cell(text="Käynnit"), Cell(text="1 224"), Cell(text="W" * 300), Cell(text="1.4.–30.6.2020"))
    titles = (("Tunnusluku", 6), ("Arvo", 1), ("Mittayksikkö", 1), ("Jakso", 2))
    columns = tuple(Column(title=title, share=share) for title, share in titles)
    table = Table(key="tilastot", caption="Tilastot", columns=columns, rows=(Row(cells=cells),))
    section = Section(key="osa", title="Osa", blocks=(table,))
    file = pdf(attrs.evolve(sample_document(), summary=(), sections=(section,)), Theme())
    pages = on_paper(file).split("\f")
    (caption,) = [number for number, text in enumerate(pages) if "Taulukko 1. Tilastot" in text]
    assert "Käynnit" in pages[caption]
    assert sum(page.count("W") for page in pages) == 300
    with pikepdf.open(BytesIO(file)) as opened:
        (kinds,) = [[it.kind for it in table.below()] for table in elements(opened) if table.kind == "/Table"]
    assert kinds == ["/Caption", "/THead", "/TBody"]
    assert complaints(file) == []


def test_no_part_leaves_a_page_all_but_empty() -> None:
    """Short parts follow each other on a page; one begins a page of its own where less than three fifths are left."""
    short = Paragraph(runs=(Run("Lyhyt."),))
    filling = tuple(Paragraph(runs=(Run(f"Rivi {number}."),)) for number in range(30))
    parts = [
        Section(key=f"osa-{number}", title=f"Osa {number}", new_page=True, blocks=filling if number == 8 else (short,))
        for number in range(1, 11)
    ]
    file = pdf(attrs.evolve(sample_document(), summary=(short,), sections=tuple(parts)), Theme())
    pages = on_paper(file, "-layout").removesuffix("\f").split("\f")[2:]
    opened = [re.findall(r"^ *(Osa \d+)$", text, flags=re.MULTILINE) for text in pages]
    assert opened[-1][0] == "Osa 9"
    assert all(len(page) > 1 for page in opened)
    assert sum(map(len, opened)) >= 8


def test_what_leads_to_a_table_stands_on_its_page() -> None:
    """Neither the heading and facts of a unit nor the sentence above a table end a page whose next has the table."""
    columns = (Column(title="Erä"), Column(title="€", numeric=True))
    rows = tuple(Row(cells=(Cell(text=f"Rivi {number}"), Cell(text="1"))) for number in range(5))
    sections = [
        Section(
            key=f"osa-{number}",
            title=f"Osa {number}",
            blocks=(
                Facts(facts=(Fact(name="Yksikkö", value=f"koodi {number}"),)),
                Table(key=f"t{number}", caption=f"Luvut {number}", columns=columns, rows=rows),
                Paragraph(runs=(Run(f"Johdanto {number}."),)),
                Table(key=f"u{number}", caption=f"Muutokset {number}", columns=columns, rows=rows),
            ),
        )
        for number in range(12)
    ]
    file = pdf(attrs.evolve(sample_document(), summary=(), sections=tuple(sections)), Theme())
    pages = on_paper(file, "-layout").removesuffix("\f").split("\f")
    for number in range(12):
        for first, then in (("koodi", "Luvut"), ("Johdanto", "Muutokset")):
            (page,) = [text for text in pages if re.search(rf"\b{first} {number}\b", text)]
            assert re.search(rf"\b{then} {number}\b", page), (first, number)
