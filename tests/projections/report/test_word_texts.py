"""Whatever people recorded, the Word document opens, and says it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from projections.report.content.document import (
    Bullets,
    Callout,
    Cell,
    Column,
    Fact,
    Facts,
    Paragraph,
    Row,
    Run,
    Section,
    Table,
)
from projections.report.content.prose import shown
from projections.report.theme.theme import Theme
from projections.writers.word.word import word
from tests.projections.report.samples import sample_document
from tests.projections.report.word_files import all_of, read_back, text_of

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from projections.report.content.document import Document

ANYTHING = st.text(st.characters(), max_size=40)
"""Also what has no place in XML: control characters, halves of surrogate pairs, U+FFFE."""


@given(ANYTHING)
@example("\x00\x1b[31m\ud800\ufffe\uffff\x85")
@example("  two spaces, and\n\na line break at the end\n")
@example("]]> <w:p/> &amp; ' \" { PAGE } \\* MERGEFORMAT")
@example("\u202eabc \U0001f600 \u0301")
@settings(max_examples=60, deadline=None)
def test_any_text_is_read_back(text: str) -> None:
    """A text stands in the document as it was recorded; what may not stand in XML is shown as a mark."""
    file = read_back(word(_saying(text), Theme()))
    expected = _allowed(text)
    paragraphs = [paragraph.text for paragraph in file.paragraphs]
    assert paragraphs.count(expected) >= (8 if expected else 0)  # title to callout
    assert f"{expected}\t{expected}" in paragraphs
    (table,) = file.tables
    assert [[cell.text for cell in row.cells] for row in table.rows] == [[expected] * 2, [expected] * 2]
    (linked, *_others) = all_of(file, "w:hyperlink")
    assert text_of(linked) == f"{expected}\t"
    for told in (file.core_properties.title, file.core_properties.subject, _descriptions(file)[0]):
        assert told == expected.replace("\n", " ")


def _allowed(text: str) -> str:
    has_no_place = {*range(0xD800, 0xE000), 0xFFFE, 0xFFFF}
    return "".join("�" if ord(sign) in has_no_place else sign for sign in shown(text))


def _descriptions(file: WordDocument) -> list[str]:
    return [caption.get(qn("w:val")) for caption in all_of(file, "w:tblCaption")]


def _saying(text: str) -> Document:
    """Return a report in which everything is one text."""
    runs = (Run(text),)
    column = Column(title=text)
    table = Table(
        key="taulukko",
        caption=text,
        columns=(column, column),
        rows=(Row(cells=(Cell(text=text), Cell(text=text))),),
    )
    blocks = (
        Paragraph(runs=runs),
        Paragraph(runs=(Run(text, strong=True),), style="note", language="sv"),
        Bullets(items=(runs,)),
        Facts(facts=(Fact(name=text, value=text),)),
        Callout(title=text, tone="bad", blocks=(Paragraph(runs=runs), Bullets(items=(runs,), numbered=True))),
        table,
    )
    section = Section(key="osa", title=text, blocks=blocks)
    return evolve(sample_document("fi"), title=text, subject=text, city=text, summary=(), sections=(section,))


def test_a_title_longer_than_a_property_may_be_is_cut_there_alone() -> None:
    """A file's properties hold 255 characters; the text holds all of them."""
    long = "Osavuosikatsaus " * 40
    file = read_back(word(evolve(sample_document("fi"), title=long), Theme()))
    assert file.core_properties.title == long[:255]
    assert long in [paragraph.text for paragraph in file.paragraphs]


def test_a_name_in_a_sentence_says_its_language() -> None:
    """A run in another language than its paragraph is marked, and nothing around it."""
    runs = (Run("Kirjasto", language="fi"), Run(": ökade"))
    section = Section(key="osa", title="Osa", blocks=(Paragraph(runs=runs),))
    file = read_back(word(evolve(sample_document("sv"), summary=(), sections=(section,)), Theme()))
    (sentence,) = (it for it in file.paragraphs if it.text == "Kirjasto: ökade")
    marks = [[mark.get(qn("w:val")) for mark in run._r.iter(qn("w:lang"))] for run in sentence.runs]
    assert marks == [["fi-FI"], []]


def test_a_report_of_nothing_is_a_document() -> None:
    """Without a summary, sections or facts there are no contents, and a first page all the same."""
    empty = evolve(sample_document("fi"), summary=(), sections=(), cover=Facts(facts=()))
    file = read_back(word(empty, Theme()))
    title = empty.title.replace(" " + empty.period, "\n" + empty.period)
    assert [paragraph.text for paragraph in file.paragraphs] == [empty.city, title, empty.subject]
    assert not all_of(file, "w:sdt")


def test_a_deep_section_keeps_its_level() -> None:
    """What lies deeper than headings have styles looks like the deepest, and is known to be deeper."""
    section = Section(key="s7", title="7")
    for level in range(6, 0, -1):
        section = Section(key=f"s{level}", title=str(level), sections=(section,))
    file = read_back(word(evolve(sample_document("fi"), summary=(), sections=(section,)), Theme()))
    headings = {one.text: one for one in file.paragraphs if one.style and one.style.name.startswith("Heading")}
    assert [one.style and one.style.name for one in headings.values()] == [
        f"Heading {n}" for n in (1, 2, 3, 4, 5, 5, 5)
    ]
    outline = [[level.get(qn("w:val")) for level in headings[n]._p.iter(qn("w:outlineLvl"))] for n in ("5", "6", "7")]
    assert outline == [[], ["5"], ["6"]]
