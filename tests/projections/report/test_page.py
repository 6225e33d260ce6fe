"""The page: the whole report, as text that nothing in it can break out of, and nothing else."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
import tinyhtml5  # type: ignore[import-untyped]
from attrs import evolve
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from projections.report.content.document import Cell, Column, Facts, Paragraph, Picture, Row, Run, Section, Table
from projections.report.theme.theme import Theme
from projections.writers.page.html import page
from projections.writers.page.tables import bodies
from tests.conftest import ROOT
from tests.projections.report.samples import DANGEROUS, sample_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from projections.report.content.document import Document

LANGUAGES = ("fi", "sv", "en")
SVG = "{http://www.w3.org/2000/svg}"
FONTS = files("projections.writers.page") / "fonts"
FONT_NAMES = ("report-regular.ttf", "report-semibold.ttf", "report-bold.ttf")
FONT_BYTES = 41 << 10
LETTERS = "aäåöšžõæøđŋčAÄÅÖŠŽ0123456789–—−…·•€%§½≤≥×↑→↓✓▲◆\u00a0\u202f”’"


@cache
def on_screen(language: str = "fi") -> Element:
    """Return the page of the sample report, as a browser reads it."""
    return parsed(page(sample_document(language), Theme()).decode())


def parsed(html: str) -> Element:
    """Return the root of an HTML document, read by the rules of HTML5."""
    root: Element = tinyhtml5.parse(html, namespace_html_elements=False)
    return root


def text(element: Element) -> str:
    """Return what is read in an element, a space for every run of white space but those that do not break."""
    return re.sub(r"[ \n\t]+", " ", "".join(element.itertext())).strip()


def by_id(root: Element, key: str) -> Element:
    """Return the one element with this id."""
    (found,) = (it for it in root.iter() if it.get("id") == key)
    return found


def after(root: Element, key: str) -> Element:
    """Return what comes after the element with this id, beside it."""
    (siblings,) = ([*it] for it in root.iter() if any(below.get("id") == key for below in it))
    at = [it.get("id") for it in siblings].index(key)
    following: Element = siblings[at + 1]
    return following


def tables(document: Document) -> Iterator[Table]:
    """Yield every table, those of pictures too."""
    for block in document.blocks():
        if isinstance(block, Table):
            yield block
        elif isinstance(block, Picture) and block.table:
            yield block.table


def with_blocks(*blocks: Paragraph | Table | Facts) -> Document:
    """Return a report of one section."""
    return evolve(sample_document(), sections=(Section(key="osa", title="Osa", blocks=blocks),))


# ---------------------------------------------------------------- the file


def test_the_same_report_is_the_same_bytes() -> None:
    """Another process, with another seed of hashes, in another place, writes the same bytes."""
    program = (
        "import sys\n"
        "from projections.writers.page.html import page\n"
        "from projections.report.theme.theme import Theme\n"
        "from tests.projections.report.samples import sample_document\n"
        "sys.stdout.buffer.write(page(sample_document('sv'), Theme()))"
    )
    written = {
        subprocess.run(
            [sys.executable, "-c", program],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": "C", "PYTHONPATH": str(ROOT)},
            capture_output=True,
            check=True,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert len(written) == 1
    assert len(written.pop()) > 50_000


def test_nothing_is_run_or_fetched() -> None:
    """No script, no handler, and every reference leads into the file itself; its proof is data, which nothing runs."""
    whole = on_screen()
    assert {it.get("type") for it in whole.iter("script")} <= {"application/json"}
    assert not {"iframe", "object", "embed", "link", "base", "form"} & {it.tag for it in whole.iter()}
    for element in whole.iter():
        assert not [name for name in element.attrib if name.startswith("on")]
        for name in ("src", "href", "{http://www.w3.org/1999/xlink}href", "srcset", "action", "data"):
            assert element.get(name, "#").startswith(("#", "data:")), element.attrib
    styles = "".join(it.text or "" for it in whole.iter("style"))
    assert "@import" not in styles
    assert set(re.findall(r"url\(\"?(\w+:)", styles)) == {"data:"}


def test_the_page_says_what_it_is() -> None:
    """It has a title, the document's language, a width, and is UTF-8."""
    root = on_screen("sv")
    assert root.get("lang") == "sv"
    assert root.findtext("head/title") == "Delårsrapport 1.4.–30.6.2020 – Hyvinvointitoimiala – Mallikylä"
    metas = {key: value for it in root.iter("meta") for key, value in [(it.get("name", "charset"), it)]}
    assert metas["charset"].get("charset") == "utf-8"
    assert metas["viewport"].get("content") == "width=device-width, initial-scale=1"
    assert page(sample_document("sv"), Theme()).startswith(b"<!DOCTYPE html>")


# ---------------------------------------------------------------- texts


def test_what_people_wrote_stays_text() -> None:
    """Texts that mean something to a browser or a template are read as they were written."""
    dangerous = [it.replace("\t", " ").strip() for it in DANGEROUS]
    items = [text(it) for it in on_screen().iter("li")]
    assert [it.replace("\n", " ") for it in dangerous] == items[-len(dangerous) :]
    cells = [text(it) for it in by_id(on_screen(), "table_solut-taulukko").iter("th")][2:]
    assert cells == [it.replace("\n", "") for it in dangerous]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_cell_is_there(language: str) -> None:
    """Each row of each table has its cells, in order, with their spaces that do not break and their minus signs."""
    root = on_screen(language)
    for table in tables(sample_document(language)):
        found = [
            [re.sub(r"^[✓▲◆]\n", "", "\n".join(cell.itertext())) for cell in row if cell.get("colspan") is None]
            for row in by_id(root, f"table_{table.key}").findall("tbody/tr")
        ]
        expected = [[cell.text for cell in row.cells] for row in table.rows if row.kind != "group"]
        assert [it for it in found if it] == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_is_there(language: str) -> None:
    """Each paragraph and each fact is read, and says its language where it is another one."""
    root, document = on_screen(language), sample_document(language)
    paragraphs = [(text(it), it.get("lang")) for it in root.iter("p")]
    facts = [(text(it.find("dt")), text(it.find("dd")), it.find("dd").get("lang")) for it in root.findall(".//dl/div")]  # type: ignore[arg-type, union-attr]
    for block in document.blocks():
        if isinstance(block, Paragraph):
            assert ("".join(run.text for run in block.runs), block.language) in paragraphs
        elif isinstance(block, Facts):
            for fact in block.facts:
                assert (fact.name, fact.value, fact.language) in facts


def test_what_stands_out_does() -> None:
    """Strong pieces of a paragraph are strong."""
    assert [text(it) for it in on_screen("sv").findall(".//p[@class='lead']/strong")] == ["48,90 %"]


def test_a_line_break_is_one() -> None:
    """Line breaks in headers and cells break lines."""
    root = on_screen()
    header = by_id(root, "table_luvut-410").findall("thead/tr/th")[1]
    assert (header.text, [(it.tag, it.tail) for it in header]) == ("TA 2020", [("br", "1\u00a0000\u00a0€")])


# ---------------------------------------------------------------- structure


def test_sections_are_headings_and_anchors() -> None:
    """Each section has a heading one level below that of the section around it, with its key, title and language."""
    root = on_screen("en")
    for level, section in sample_document("en").walk():
        heading = by_id(root, section.key)
        assert (heading.tag, text(heading), heading.get("lang")) == (f"h{level + 1}", section.title, section.language)


def test_deep_sections_end_at_the_sixth_level() -> None:
    """HTML has six levels of headings; what lies deeper stays at the sixth."""
    section = Section(key="taso-8", title="8")
    for level in range(7, 0, -1):
        section = Section(key=f"taso-{level}", title=str(level), sections=(section,))
    root = parsed(page(evolve(sample_document(), sections=(section,)), Theme()).decode())
    assert [by_id(root, f"taso-{level}").tag for level in range(1, 9)] == ["h2", "h3", "h4", "h5", *["h6"] * 4]


def test_contents_lead_to_what_is_listed() -> None:
    """The contents are a nested list of links to the summary and to every section that is listed, and no other."""
    root = on_screen()
    links = [it.get("href") for it in root.findall(".//nav//a")]
    assert links == ["#_summary", *(f"#{it.key}" for _level, it in sample_document().walk() if it.listed)]
    assert "#yksikko-4100-tekstit" not in links
    nested = [it.get("href") for it in root.findall(".//nav//ol/li/ol/li/a")]
    assert nested == ["#yksikko-4100"]


def test_landmarks_hold_everything() -> None:
    """The page is a link past the contents, then header, contents, main part and footer."""
    body = on_screen().find("body")
    assert body is not None
    assert [it.tag for it in body] == ["a", "header", "div", "footer"]
    assert [it.tag for it in body[2]] == ["nav", "main"]
    assert (body[0].get("href"), body[2][1].get("id")) == ("#_content", "_content")


def test_ids_are_unique() -> None:
    """No two elements share an id, even where a section, a table and a picture have the same key."""
    same = Table(key="osa", caption="Sama", columns=(Column(title="A"),), rows=(Row(cells=(Cell(text="a"),)),))
    for root in (on_screen(), parsed(page(with_blocks(same), Theme()).decode())):
        ids = [it.get("id") for it in root.iter() if it.get("id")]
        assert len(ids) == len(set(ids))


# ---------------------------------------------------------------- tables


def test_tables_name_what_they_hold() -> None:
    """A caption, a header for every column and row, and numbers to the right."""
    table = by_id(on_screen(), "table_luvut-410")
    assert text(table.find("caption")) == "Taulukko\u00a01. Luvut, 1\u00a0000\u00a0€"  # type: ignore[arg-type]
    assert [(it.tag, it.get("scope"), it.get("class")) for it in table.find("thead/tr") or ()] == [
        ("th", "col", None),
        *[("th", "col", "n")] * 3,
    ]
    first = table.findall("tbody/tr")[0]
    assert [(it.tag, it.get("scope")) for it in first] == [("th", "row"), *[("td", None)] * 3]
    assert {it.get("class") for it in first[1:]} == {"n"}
    assert [row.get("class") for row in table.iter("tr")][1:] == [
        *("total", "part", "part", "total", "part", "part", "total")
    ]


def test_a_heading_inside_a_table_heads_its_rows() -> None:
    """Rows below a heading stand in a body of their own, whose first header is for all of them."""
    (table,) = (it for it in tables(sample_document()) if it.key == "tavoitteet-410")
    headings = [row.cells[0].text for row in table.rows if row.kind == "group"]
    found = by_id(on_screen(), "table_tavoitteet-410")
    groups = [row for body in found.findall("tbody") for row in body if row.get("class", "").startswith("group")]
    assert [text(it) for it in groups] == headings
    assert {(it[0].tag, it[0].get("scope"), it[0].get("colspan")) for it in groups} == {("th", "rowgroup", "4")}
    assert all(body[0] in groups for body in found.findall("tbody"))


def test_headings_of_two_levels_stay_with_their_rows() -> None:
    """A heading of level 2 stands below its heading of level 1; rows before any heading have none."""

    def row(name: str, level: int = 0) -> Row:
        return Row(kind="group" if level else "normal", level=2 if level == 2 else 1, cells=(Cell(text=name),))

    rows = (row("a"), row("A", 1), row("B", 2), row("b"), row("C", 2), row("c"), row("D", 1), row("E", 1), row("e"))
    table = Table(key="t", caption="t", columns=(Column(title="x"),), rows=rows)
    told = [tuple([it.cells[0].text for it in part] for part in (body.headings, body.rows)) for body in bodies(table)]
    assert told == [([], ["a"]), (["A", "B"], ["b"]), (["C"], ["c"]), (["D"], []), (["E"], ["e"])]


def test_an_empty_header_is_none() -> None:
    """A column or row without a name has no header cell, which would be read as an empty one."""
    table = Table(
        key="t",
        caption="t",
        columns=(Column(title=""), Column(title="x")),
        rows=(Row(cells=(Cell(text=""), Cell(text="1"))),),
    )
    found = by_id(parsed(page(with_blocks(table), Theme()).decode()), "table_t")
    assert [it.tag for row in found.iter("tr") for it in row] == ["td", "th", "td", "td"]


def test_a_tone_is_seen_without_colour() -> None:
    """A mark stands before what is good or bad, and is not read aloud, because the text says it too."""
    cells = {text(it): it for it in by_id(on_screen(), "table_tavoitteet-410").iter("td")}
    for told, tone, sign in (("✓saavutettu", "good", "✓"), ("◆myöhässä", "bad", "◆")):
        assert cells[told].get("class") == tone
        assert [(it.text, it.get("aria-hidden")) for it in cells[told]] == [(sign, "true")]


def test_a_folded_table_is_unfolded_by_hand() -> None:
    """A page folds up what is only to be looked up, and does not count it."""
    folded = Table(
        key="pitka", caption="Kaikki", columns=(Column(title="x"),), rows=(Row(cells=(Cell(text="1"),)),), folded=True
    )
    document = with_blocks(folded, evolve(folded, key="lyhyt", folded=False))
    root = parsed(page(document, Theme()).decode())
    (details,) = root.findall(".//main//details")
    assert (text(details[0]), by_id(details, "table_pitka").findtext("caption")) == ("Kaikki", "Kaikki")
    assert text(by_id(root, "lyhyt_caption")) == "Taulukko\u00a01. Kaikki"


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_says_what_it_shows(language: str) -> None:
    """Each picture has a caption, a name, and a description."""
    for block in sample_document(language).blocks():
        if isinstance(block, Picture):
            figure = by_id(on_screen(language), f"picture_{block.key}")
            assert text(figure.find("figcaption")).endswith(f". {block.caption}")  # type: ignore[arg-type]
            for drawn in figure.iter(f"{SVG}svg"):
                assert drawn.get("role") == "img"
                named = [by_id(figure, it).text for it in drawn.get("aria-labelledby", "").split()]
                assert named == [block.caption, block.alternative]


def test_a_picture_has_its_figures_beside_it() -> None:
    """They unfold below it, or a link leads to the table that has them."""
    details = after(on_screen(), "picture_kuva-kaytto")
    assert (details.tag, text(details[0])) == ("details", "Näytä taulukkona: Talousarvion käyttö")
    assert by_id(details, "table_kaytto").findtext("caption") == "Talousarvion käyttö, %"
    (link,) = after(on_screen(), "picture_kuva-kuukausittain")
    assert (link.get("href"), text(link)) == ("#table_luvut-0410", "Taulukko\u00a02. Luvut, 1\u00a0000\u00a0€")


def test_tables_and_pictures_are_counted() -> None:
    """Tables and pictures are counted from 1, in the order of reading."""
    numbered = [text(it) for it in on_screen().iter("span") if it.get("class") == "number"]
    for word, how_many in (("Kuva", 5), ("Taulukko", 6)):
        told = [it for it in numbered if it.startswith(word)]
        assert told == [f"{word}\u00a0{number}." for number in range(1, how_many + 1)]


# ---------------------------------------------------------------- looks


def test_a_city_has_its_own_looks() -> None:
    """Its colours decide those of headings and of what pictures are about; its mark stands in front."""
    theme = Theme(
        accent="#00563f", accent_on_dark="#7fd1ae", logo=(b"<svg/>", "image/svg+xml"), logo_alternative="Mallikylä & co"
    )
    root = parsed(page(sample_document(), theme).decode())
    (style,) = root.iter("style")
    light = (style.text or "").partition(":root{")[2].partition("}")[0].split(";")
    assert {"--accent:#00563f", "--chart-1:#00563f"} <= set(light)
    (logo,) = root.findall(".//header//img")
    assert logo.attrib == {"class": "logo", "src": "data:image/svg+xml;base64,PHN2Zy8+", "alt": "Mallikylä & co"}
    assert not on_screen().findall(".//header//img")
    assert text(on_screen().findall(".//header/p")[0]) == "Mallikylä"


def test_printed_parts_begin_pages_where_they_are_told() -> None:
    """A section that begins on a page of its own says so."""
    told = {it[0].get("id"): "new-page" in it.get("class", "") for it in on_screen().findall(".//main/section")}
    expected = {it.key: it.new_page for it in sample_document().sections}
    assert told == {"_summary": False, **expected}
    assert {True, False} == set(expected.values())


@pytest.mark.parametrize("name", FONT_NAMES)
def test_a_typeface_has_what_reports_are_written_with(name: str) -> None:
    """It is small, has the letters of our languages, figures of one width, and another name than what it is made of."""
    content = (FONTS / name).read_bytes()
    assert len(content) <= FONT_BYTES
    font = TTFont(BytesIO(content))
    letters = font.getBestCmap()
    assert [it for it in LETTERS if ord(it) not in letters] == []
    assert len({font["hmtx"][letters[ord(it)]][0] for it in "0123456789−"}) == 1
    assert font["name"].getBestFamilyName() == "Report Sans"
    assert "Reserved Font Name" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_all_typefaces_are_known() -> None:
    """No typeface lies there that no test looked at."""
    assert {it.name for it in FONTS.iterdir() if it.name.endswith(".ttf")} == set(FONT_NAMES)


def test_runs_stand_side_by_side() -> None:
    """No white space creeps in between the pieces of a paragraph."""
    document = with_blocks(Paragraph(runs=(Run("yksi"), Run("kaksi", strong=True), Run("."))))
    assert "yksikaksi." in [text(it) for it in parsed(page(document, Theme()).decode()).iter("p")]


def test_a_name_in_a_sentence_says_its_language() -> None:
    """A run in another language than its paragraph is marked, strong or not; the text around it is not."""
    runs = (Run("Kirjasto", language="fi"), Run(": ökade "), Run("Museo", strong=True, language="fi"))
    root = parsed(page(with_blocks(Paragraph(runs=runs)), Theme()).decode())
    (sentence,) = (it for it in root.iter("p") if text(it) == "Kirjasto: ökade Museo")
    assert [(it.tag, it.get("lang"), text(it)) for it in sentence] == [
        ("span", "fi", "Kirjasto"),
        ("strong", "fi", "Museo"),
    ]


def test_codes_and_endings_do_not_break() -> None:
    """`ja -kulut`, `HYV-1`: nothing is put between hyphen and letters; other words with a hyphen break as they may."""
    texts = ("Rahoitustuotot ja -kulut", "HYV-1", "Opetus- ja kulttuuritoimi <-b>", "1.4.–30.6.2020")
    columns = (Column(title="Erä"), Column(title="€", numeric=True))
    rows = tuple(Row(cells=(Cell(text=text), Cell(text="1"))) for text in texts)
    table = Table(key="t", caption="Luvut", columns=columns, rows=rows)
    document = with_blocks(table)
    written = page(document, Theme()).decode()
    assert re.findall('<span class="whole">(.*?)</span>', written) == ["-kulut", "HYV-1"]
    assert "Rahoitustuotot ja <span" in written
    assert "Opetus- ja kulttuuritoimi &lt;-b&gt;" in written
    assert ".whole { white-space: nowrap; }" in written
