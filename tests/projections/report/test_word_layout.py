"""How a Word document is laid out: the widths of columns, and what a page's end does not tear apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from docx.oxml.ns import qn

from projections.report.content.document import Cell, Column, Fact, Facts, Paragraph, Row, Run, Section, Table
from projections.report.theme.theme import Theme
from projections.writers.word.tables import column_widths
from projections.writers.word.word import word
from tests.projections.report.samples import sample_document
from tests.projections.report.word_files import all_of, read_back, text_of, value_of

if TYPE_CHECKING:
    from docx.document import Document as WordDocument

    from projections.report.content.document import Block

NUMBERS = Column(title="Luku", numeric=True)
TEXT = Column(title="Teksti", share=3)


def _row(text: str, *numbers: str) -> Row:
    return Row(cells=(Cell(text=text), *(Cell(text=number) for number in numbers)))


def test_columns_are_as_wide_as_their_shares() -> None:
    """Where all has room, shares alone decide."""
    assert column_widths((TEXT, NUMBERS), (_row("a", "1"),), 8000) == [6000, 2000]


def test_a_number_has_room() -> None:
    """A column is widened for a number that would break, by what the wider ones have to spare."""
    long = "−99\u00a0999\u00a0999\u00a0999,99 €"
    text, number, other = column_widths((TEXT, NUMBERS, NUMBERS), (_row("a", long, "1"),), 6000)
    assert number == 122 * len(long) + 150
    assert text + number + other == 6000
    assert text < 3600
    assert other < 1200


def test_figures_come_before_headers() -> None:
    """Where a header's long word and a figure cannot both have room, the figure has it."""
    columns = (TEXT, NUMBERS, Column(title="Hallintokustannukset", numeric=True))
    text, number, other = column_widths(columns, (_row("a", "99\u00a0999\u00a0999,99", "1"),), 3500)
    assert number == 122 * 13 + 150
    assert text + number + other == 3500
    assert other < 122 * len("Hallintokustannukset")


def test_what_a_row_is_called_has_room_beside_seven_columns_of_numbers() -> None:
    """In a city's statement with its forecast no letter stands alone: names keep their words, numbers their digits."""
    columns = (TEXT, *(NUMBERS for _ in range(7)))
    figures = ["−99\u00a0999\u00a0999"] * 5 + ["1\u00a0340,24", "−98\u00a0188"]
    name, *numbers = column_widths(columns, (_row("Poistot ja arvonalentumiset", *figures),), 9638)
    letter = 122 * 15 // 18
    assert name >= letter * len("arvonalentumiset")
    assert all(width >= letter * len(figure) for width, figure in zip(numbers, figures, strict=True))


@pytest.mark.parametrize("available", [100, 1000, 9638])
def test_columns_never_leave_the_page(available: int) -> None:
    """What has no room at all is laid out by shares: the page is never left, no column is negative."""
    columns = (TEXT, *(NUMBERS for _ in range(12)))
    widths = column_widths(columns, (_row("a", *("−99\u00a0999\u00a0999" for _ in range(12))),), available)
    assert sum(widths) == available
    assert min(widths) > 0


# ---------------------------------------------------------------- pages


def _document(*blocks: Block) -> WordDocument:
    """Return a document whose only section has these blocks."""
    section = Section(key="osa", title="Osa", blocks=blocks)
    return read_back(word(evolve(sample_document("fi"), summary=(), sections=(section,)), Theme()))


def _kept(file: WordDocument, style: str) -> list[bool]:
    """Tell for each paragraph in a style, but those of the first page, whether it stays with the next by itself."""
    lines = [line for line in all_of(file, "w:p") if value_of(line, "w:pStyle") == style]
    return [bool(list(line.iter(qn("w:keepNext")))) for line in lines]


def _table(rows: int, note: str = "") -> Table:
    return Table(
        key="t",
        caption="Luvut",
        columns=(TEXT, NUMBERS),
        rows=tuple(_row("rivi", str(at)) for at in range(rows)),
        note=note,
    )


def test_a_short_table_stays_on_one_page() -> None:
    """Each row of a short table stays with the next, the last with a note below; a long one may break anywhere."""
    assert _kept(_document(_table(3)), "TableNumber") == [True, True, False]
    assert _kept(_document(_table(3, note="Huom.")), "TableNumber") == [True, True, True]
    assert _kept(_document(_table(30)), "TableNumber") == [False] * 30
    assert _kept(_document(_table(30, note="Huom.")), "TableNumber") == [False] * 29 + [True]


def test_facts_stay_together_and_with_their_table() -> None:
    """A few facts are not torn apart, nor from the paragraph above them or the table that they introduce."""
    facts = Facts(facts=(Fact(name="a", value="1"), Fact(name="b", value="2")))
    cover = len(sample_document("fi").cover.facts)
    assert _kept(_document(facts), "Fact")[cover:] == [True, False]
    assert _kept(_document(facts, _table(1)), "Fact")[cover:] == [True, True]
    many = Facts(facts=tuple(Fact(name="a", value=str(at)) for at in range(20)))
    assert _kept(_document(many), "Fact")[cover:] == [False] * 20
    above = _document(Paragraph(runs=(Run("Yllä"),)), facts).element.body
    (line,) = [line for line in above if text_of(line) == "Yllä"]
    assert list(line.iter(qn("w:keepNext")))


def test_a_paragraph_below_a_table_stands_off() -> None:
    """There is space between a table and what follows, as a table has none of its own."""
    file = _document(_table(1), Paragraph(runs=(Run("Alla"),)), Paragraph(runs=(Run("Ja alla"),)))
    spaces = {text_of(line): value_of(line, "w:spacing", "w:before") for line in all_of(file, "w:p")}
    assert (spaces["Alla"], spaces["Ja alla"]) == ("160", None)


def test_what_is_to_be_looked_up_elsewhere_is_left_out() -> None:
    """A folded table is for a screen and a workbook; others are numbered as if it were not there."""
    folded = evolve(_table(3), key="f", caption="Hakemisto", folded=True)
    file = _document(folded, _table(1))
    assert [text_of(line) for line in all_of(file, "w:p") if value_of(line, "w:pStyle") == "Caption"] == [
        "Taulukko\u00a01. Luvut"
    ]
    assert len(file.tables) == 1


def test_headings_inside_a_table_have_two_levels() -> None:
    """A heading below another stands on white; one whose row has more texts keeps them all."""
    group = Row(kind="group", cells=(Cell(text="Ylempi"), Cell(text="")))
    below = Row(kind="group", level=2, cells=(Cell(text="Alempi"), Cell(text="")))
    full = Row(kind="group", cells=(Cell(text="Rivi"), Cell(text="12")))
    file = _document(evolve(_table(1), rows=(group, below, full)))
    _header, *rows = all_of(file, "w:tr")
    assert [value_of(row, "w:pStyle") for row in rows] == ["TableGroup", "TableGroupBelow", "TableText"]
    assert [value_of(row, "w:gridSpan") for row in rows] == ["2", "2", None]
    assert [bool(list(row.iter(qn("w:shd")))) for row in rows] == [True, False, False]
    assert text_of(rows[2]) == "Rivi12"


def test_a_section_begins_where_it_is_told_to() -> None:
    """The first section, and each that says so, begins on a page of its own, with nothing above its heading."""
    sections = tuple(Section(key=key, title=key, new_page=key == "c") for key in "abc")
    file = read_back(word(evolve(sample_document("fi"), sections=sections), Theme()))
    headings = [line for line in all_of(file, "w:p") if value_of(line, "w:pStyle") == "Heading1"]
    begins = [bool(list(line.iter(qn("w:pageBreakBefore")))) for line in headings]
    assert begins == [True, True, False, True]  # the first is the summary's
    assert [value_of(line, "w:spacing", "w:before") for line in headings] == ["0", "0", None, "0"]
