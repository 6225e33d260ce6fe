"""A report as a Word document says what the report says, in styles, with what a screen reader needs."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from docx.enum.section import WD_ORIENTATION
from docx.oxml.ns import qn
from docx.shared import Twips

from projections.report.content.document import Bullets
from projections.report.content.prose import shown
from projections.report.theme.theme import Theme
from projections.writers.word.word import word
from tests.projections.report.samples import sample_document
from tests.projections.report.word_files import (
    all_of,
    pictures_of,
    read_back,
    tables_of,
    text_of,
    texts_of,
    value_of,
)

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from projections.report.content.document import Document, Picture, Table

LANGUAGES = ("fi", "sv", "en")
CAPTION = "Caption"
NO_TEXT_OF_THE_REPORT = {CAPTION, "SeeTable", "TOCHeading"}


@pytest.fixture(scope="module", params=LANGUAGES)
def document(request: pytest.FixtureRequest) -> Document:
    """Give the report in each language."""
    return sample_document(request.param)


@pytest.fixture(scope="module")
def file(document: Document) -> WordDocument:
    """Give it written as a Word document, and read back."""
    return read_back(word(document, Theme()))


def test_every_text_stands_there_in_order(document: Document, file: WordDocument) -> None:
    """The paragraphs are the report's, and no other: cover, summary, sections, lists, facts, callouts and notes."""
    outside = [line for line in file.element.body if line.tag == qn("w:p")]
    found = [text_of(line) for line in outside if value_of(line, "w:pStyle") not in NO_TEXT_OF_THE_REPORT | {"Picture"}]
    assert found == texts_of(document)


def test_every_cell_stands_there_in_order(document: Document, file: WordDocument) -> None:
    """Each table has the header and the cells of the report's, where a group's heading spans the columns."""
    for table, made in zip(tables_of(document), all_of(file, "w:tbl"), strict=True):
        header, *rows = [[text_of(cell) for cell in row.iter(qn("w:tc"))] for row in made.iter(qn("w:tr"))]
        assert header == [column.title for column in table.columns]
        assert rows == [
            [shown(cell.text) for cell in (row.cells[:1] if row.kind == "group" else row.cells)] for row in table.rows
        ]


def test_headings_are_headings_without_gaps(document: Document, file: WordDocument) -> None:
    """A section's title is a heading of its level, below the summary's, and levels never leave one out."""
    levels = [
        (int(style[-1]), text_of(line))
        for line in all_of(file, "w:p")
        if "Heading" in (style := value_of(line, "w:pStyle") or "") and style[-1].isdigit()
    ]
    assert levels == [
        (1, document.interface.summary),
        *((level, section.title) for level, section in document.walk()),
    ]
    assert all(after <= before + 1 for (before, _), (after, _) in pairwise(levels))
    outline = {style.style_id: value_of(style.element, "w:outlineLvl") for style in file.styles}
    assert [outline[f"Heading{level}"] for level in range(1, 6)] == ["0", "1", "2", "3", "4"]


def test_contents_lead_to_the_listed_headings(document: Document, file: WordDocument) -> None:
    """The contents are a field of Word's that is filled already; every entry leads to its heading."""
    (contents,) = all_of(file, "w:sdt")
    assert next(contents.iter(qn("w:instrText"))).text == ' TOC \\o "1-2" \\h \\z '
    headings = {mark.get(qn("w:name")): text_of(mark.getparent()) for mark in all_of(file, "w:bookmarkStart")}
    entries = [(text_of(link).rstrip("\t"), link.get(qn("w:anchor"))) for link in contents.iter(qn("w:hyperlink"))]
    listed = [section.title for _, section in document.walk() if section.listed]
    assert [title for title, _ in entries] == [document.interface.summary, *listed]
    assert [headings[anchor] for _, anchor in entries] == [title for title, _ in entries]
    assert value_of(contents, "w:docPartGallery") == "Table of Contents"


def test_word_asks_nothing_on_opening(file: WordDocument) -> None:
    """No field is to be worked out on opening, where Word would ask about "other files"; all begin and end."""
    assert value_of(file.settings.element, "w:updateFields") is None
    kinds = [mark.get(qn("w:fldCharType")) for mark in all_of(file, "w:fldChar")]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") > 0
    assert not [mark for mark in all_of(file, "w:fldChar") if mark.get(qn("w:dirty"))]


def test_tables_serve_who_does_not_see_them(document: Document, file: WordDocument) -> None:
    """A table has a title, its columns for a description, a header row on every page, and rows that stay whole."""
    for table, made in zip(tables_of(document), all_of(file, "w:tbl"), strict=True):
        rows = list(made.iter(qn("w:tr")))
        assert [bool(list(row.iter(qn("w:tblHeader")))) for row in rows] == [True, *(False for _ in table.rows)]
        assert all(list(row.iter(qn("w:cantSplit"))) for row in rows)
        assert value_of(made, "w:tblCaption") == table.caption
        assert value_of(made, "w:tblDescription") == "; ".join(
            column.title.replace("\n", " ") for column in table.columns
        )


def test_tables_have_a_style_of_our_own(document: Document, file: WordDocument) -> None:
    """Numbers stand to the right, totals are bold, and the rest is the table style's, which a city can change."""
    for table, made in zip(tables_of(document), all_of(file, "w:tbl"), strict=True):
        assert value_of(made, "w:tblStyle") == "ReportTable"
        header, *rows = made.iter(qn("w:tr"))
        right = [value_of(cell, "w:pStyle") == "TableHeadingNumber" for cell in header.iter(qn("w:tc"))]
        assert right == [column.numeric for column in table.columns]
        for row, made_row in zip(table.rows, rows, strict=True):
            cells = list(made_row.iter(qn("w:tc")))
            assert {bool(list(cell.iter(qn("w:b")))) for cell in cells} == {row.kind == "total"}
            if row.kind != "group":
                right = [value_of(cell, "w:pStyle") == "TableNumber" for cell in cells]
                assert right == [column.numeric for column in table.columns]
    for style in ("Table Number", "Table Heading Number"):
        assert value_of(file.styles[style].element, "w:jc") == "right"


def test_tables_fit_the_page(file: WordDocument) -> None:
    """Columns sum up to what stands between the margins, to the twentieth of a point; cells are as wide as they are."""
    section = file.sections[0]
    margins = (section.left_margin or 0) + (section.right_margin or 0)
    room = round(((section.page_width or 0) - margins) / Twips(1))
    for made in all_of(file, "w:tbl"):
        widths = [int(column.get(qn("w:w"))) for column in made.iter(qn("w:gridCol"))]
        assert (sum(widths), value_of(made, "w:tblW", "w:w")) == (room, str(room))
        for row in made.iter(qn("w:tr")):
            assert sum(int(width.get(qn("w:w"))) for width in row.iter(qn("w:tcW"))) == room


def test_captions_are_numbered_by_word(document: Document, file: WordDocument) -> None:
    """`Taulukko 1`, `Kuva 1` are sequences of Word's, each counted from 1, and say what the report's captions say."""
    words = document.interface
    found: dict[str, list[str]] = {words.table: [], words.picture: []}
    for line in all_of(file, "w:p"):
        sequence = re.match(r" SEQ (\w+) ", next((code.text for code in line.iter(qn("w:instrText"))), ""))
        if value_of(line, "w:pStyle") == CAPTION and sequence:
            found[sequence[1]].append(text_of(line))
    beside_pictures = [picture.table for picture in pictures_of(document)]
    wanted = {
        words.table: [table.caption for table in tables_of(document) if table not in beside_pictures],
        words.picture: [picture.caption for picture in pictures_of(document)],
    }
    assert found == {
        word: [f"{word}\u00a0{at}. {caption}" for at, caption in enumerate(captions, 1)]
        for word, captions in wanted.items()
    }


def test_pictures_lead_to_their_figures(document: Document, file: WordDocument) -> None:
    """Where a table further off has a picture's figures, its number is a reference that Word keeps up to date."""
    marks = {mark.get(qn("w:name")): mark.getparent() for mark in all_of(file, "w:bookmarkStart")}
    lines = [line for line in all_of(file, "w:p") if value_of(line, "w:pStyle") == "SeeTable"]
    wanted = [
        table.caption
        for picture in pictures_of(document)
        for table in tables_of(document)
        if table.key == picture.table_key and not _stand_together(picture, table, document)
    ]
    assert [text_of(line).partition(". ")[2] for line in lines] == wanted
    assert len(wanted) in range(1, len(pictures_of(document)))
    for line in lines:
        anchor = value_of(line, "w:hyperlink", "w:anchor")
        assert next(line.iter(qn("w:instrText"))).text == f" REF {anchor} \\h "
        assert text_of(marks[anchor]) == text_of(line)


def _stand_together(picture: Picture, table: Table, document: Document) -> bool:
    pairs = [pair for _level, section in document.walk() for pair in pairwise(section.blocks)]
    return (picture, table) in pairs or (table, picture) in pairs


def test_bookmarks_and_drawings_are_told_apart(file: WordDocument) -> None:
    """No two bookmarks share an id or a name, no two drawings an id; names are no longer than Word allows."""
    marks = all_of(file, "w:bookmarkStart")
    for ids in (
        [mark.get(qn("w:id")) for mark in marks],
        [mark.get(qn("w:name")) for mark in marks],
        [drawing.get("id") for drawing in all_of(file, "wp:docPr")],
    ):
        assert len(ids) == len(set(ids)) > 0
    assert all(re.fullmatch(r"[A-Za-z_]\w{0,39}", mark.get(qn("w:name"))) for mark in marks)


def test_captions_and_headings_stay_with_what_follows(file: WordDocument) -> None:
    """No page ends with a heading, a label, a picture without its caption, or a caption without its table."""
    for name in ("heading 1", "heading 2", "heading 3", "heading 4", "heading 5", "Label", "Picture", "Table Heading"):
        assert list(file.styles[name.replace("heading", "Heading")].element.iter(qn("w:keepNext"))), name
    lines = list(file.element.body)
    before_tables = [lines[at - 1] for at, line in enumerate(lines) if line.tag == qn("w:tbl")]
    assert before_tables
    assert all(value_of(line, "w:pStyle") == CAPTION and list(line.iter(qn("w:keepNext"))) for line in before_tables)


def test_numbered_lists_begin_at_one(document: Document, file: WordDocument) -> None:
    """Each numbered list is one of its own, so that Word does not go on counting from the list before."""
    numbered = [block for block in document.blocks() if isinstance(block, Bullets) and block.numbered]
    lines = [line for line in all_of(file, "w:p") if value_of(line, "w:pStyle") == "ListNumber"]
    assert len(lines) == sum(len(block.items) for block in numbered)
    lists = {value_of(line, "w:numId") for line in lines}
    assert len(lists) == len(numbered) > 0
    made = {num.get(qn("w:numId")): num for num in file.part.numbering_part.element.iter(qn("w:num"))}
    assert {value_of(made[number], "w:startOverride") for number in lists if number} == {"1"}


def test_looks_come_from_styles(file: WordDocument) -> None:
    """No run has a font, a size or a colour of its own: who changes a style changes the whole document."""
    assert not [tag for tag in ("w:rFonts", "w:sz", "w:color", "w:i", "w:u") if all_of(file, tag)]
    defined = {style.style_id for style in file.styles}
    tags = ("w:pStyle", "w:rStyle", "w:tblStyle")
    assert {one.get(qn("w:val")) for tag in tags for one in all_of(file, tag)} <= defined


def test_pages_are_a4_with_header_and_footer(document: Document, file: WordDocument) -> None:
    """Every page but the first says whose report it is, and its number of how many."""
    section = file.sections[0]
    assert (section.page_width, section.page_height) == (Twips(11906), Twips(16838))
    assert section.orientation == WD_ORIENTATION.PORTRAIT
    assert section.different_first_page_header_footer
    assert section.header.paragraphs[0].text == f"{document.city}\t{document.title}"
    footer = section.footer.paragraphs[0]
    assert [code.text for code in footer._p.iter(qn("w:instrText"))] == [" PAGE ", " NUMPAGES "]
    assert footer.text.startswith(f"\t{document.interface.page} ")
    assert f" {document.interface.page_of} " in footer.text
    assert [paragraph.text for paragraph in section.first_page_header.paragraphs] == [""]
