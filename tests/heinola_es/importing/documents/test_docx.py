"""Word documents as pieces: what stands in them, where, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.errors import BadInput
from heinola_es.importing.documents.opening import open_document
from heinola_es.importing.report.reader import read_report
from tests.heinola_es.importing.documents.word import body, cell, docx, docx_of_text, paragraph, row, table
from tests.heinola_es.importing.report.reports import SMALL

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.importing.documents.pieces import Piece, Source


def opened(folder: Path, content: bytes) -> Source:
    """Read a document of this content."""
    path = folder / "katsaus.docx"
    path.write_bytes(content)
    return open_document(path)


def read(folder: Path, *parts: str) -> tuple[Piece, ...]:
    """Return the pieces of a Word document of these paragraphs and tables."""
    return opened(folder, docx(*parts)).pieces


def texts(pieces: tuple[Piece, ...]) -> list[tuple[str, ...]]:
    """Return what stands in pieces."""
    return [piece.cells for piece in pieces]


def test_headings_paragraphs_and_tables_come_in_order_with_their_places(tmp_path: Path) -> None:
    """A heading is known by its style, and by the style it is based on; each piece says where it stands."""
    pieces = read(
        tmp_path,
        paragraph("Sisällys 2", "Sisllys1"),
        paragraph("Sivistys", "Otsikko1"),
        paragraph("Tilanne", "Omat"),
        paragraph("Hyvin menee."),
        table(["", "TA 2024"], ["Tuotot", "1"]),
    )
    assert [(piece.cells, piece.heading, piece.style, piece.place) for piece in pieces] == [
        (("Sivistys",), 1, "heading 1", "paragraph 2"),
        (("Tilanne",), 2, "kaupungin otsikko", "paragraph 3"),
        (("Hyvin menee.",), 0, "", "paragraph 4"),
        (("", "TA 2024"), 0, "", "table 1, row 1"),
        (("Tuotot", "1"), 0, "", "table 1, row 2"),
    ]
    assert [piece.table for piece in pieces] == [0, 0, 0, 1, 1]


def test_a_merged_cell_stands_once_and_is_told_of_all_it_covers(tmp_path: Path) -> None:
    """What merges cells is not lost: a heading over two columns is that of both, a label over two rows that of both."""
    pieces = read(
        tmp_path,
        table(
            row(cell("Tuhatta euroa", follows=False), cell("Talousarvio", span=2)),
            row(cell("", follows=True), "2023", "2024"),
        ),
    )
    assert texts(pieces) == [("Tuhatta euroa", "Talousarvio", ""), ("", "2023", "2024")]
    assert [piece.over_all for piece in pieces] == [
        ("Tuhatta euroa", "Talousarvio", "Talousarvio"),
        ("Tuhatta euroa", "2023", "2024"),
    ]


def test_tracked_changes_read_as_accepted(tmp_path: Path) -> None:
    """What was inserted counts, what was removed or moved away does not: words, rows and ends of paragraphs."""
    removed_row = '<w:tr><w:trPr><w:del w:id="1"/></w:trPr><w:tc><w:p><w:r><w:t>pois</w:t></w:r></w:p></w:tc></w:tr>'
    pieces = read(
        tmp_path,
        "<w:p><w:r><w:t>Tulot </w:t></w:r><w:del><w:r><w:delText>laskivat</w:delText><w:tab/></w:r></w:del>"
        "<w:ins><w:r><w:t>nousivat</w:t></w:r></w:ins></w:p>",
        "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t>Alku ja </w:t></w:r></w:p>",
        paragraph("loppu"),
        "<w:p><w:moveFrom><w:r><w:t>vanha paikka</w:t></w:r></w:moveFrom></w:p>",
        "<w:p><w:moveTo><w:r><w:t>uusi paikka</w:t></w:r></w:moveTo></w:p>",
        table(row("a", "1"), removed_row),
        "<w:p><w:r><w:rPr><w:vanish/></w:rPr><w:t>piilossa</w:t></w:r><w:r><w:t>näkyvissä</w:t></w:r></w:p>",
    )
    assert texts(pieces) == [
        ("Tulot nousivat",),
        ("Alku ja loppu",),
        ("uusi paikka",),
        ("a", "1"),
        ("näkyvissä",),
    ]


def test_a_text_box_and_a_table_within_a_table_are_read_once(tmp_path: Path) -> None:
    """A text box is kept twice, for older programs too; it is read once, after the paragraph it hangs on."""
    box = "<w:txbxContent>" + paragraph("Laatikossa") + "</w:txbxContent>"
    pieces = read(
        tmp_path,
        f"<w:p><w:r><w:t>Ennen</w:t><mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>",
        f"<w:tbl><w:tr><w:tc>{paragraph('kehys')}{table(['sisällä', '2'])}</w:tc></w:tr></w:tbl>",
    )
    assert texts(pieces) == [("Ennen",), ("Laatikossa",), ("kehys",), ("sisällä", "2")]


def test_a_report_in_word_says_what_its_text_says(tmp_path: Path) -> None:
    """The report that is read as text is read from Word alike; its lines are told by their tables and paragraphs."""
    source = opened(tmp_path, docx_of_text(SMALL.read_text("utf-8").splitlines()))
    text, word = read_report(SMALL.read_text("utf-8")), read_report(source.text)
    assert [(row.unit, row.line, row.actual, row.budget) for row in word.figures] == [
        (row.unit, row.line, row.actual, row.budget) for row in text.figures
    ]
    assert [(unit.code, unit.name, unit.responsible) for unit in word.units] == [
        (unit.code, unit.name, unit.responsible) for unit in text.units
    ]
    assert [goal.binding_goal for goal in word.goals] == [goal.binding_goal for goal in text.goals]
    assert source.places[word.figures[0].lines[0]].startswith("table 1, row ")
    assert source.placed(f"line {word.figures[0].lines[0]}: odd") == f"{source.places[word.figures[0].lines[0]]}: odd"


REFUSED = {
    "no document": (docx(xml=body(), more={"x": b""})[:-30], "damaged"),
    "nothing in it": (docx(), "has no text"),
    "entities": (docx(xml='<!DOCTYPE x [<!ENTITY a "b">]>' + body(paragraph("a"))[38:]), "entities of its own"),
    "no XML": (docx(xml="<w:p>"), "no XML"),
    "too deep": (docx("<w:sdt>" * 300 + "</w:sdt>" * 300), "nests deeper"),
    "too much": (docx("<w:sdt/>" * 400_001), "has more"),
    "a bomb": (docx(xml=body(" " * 21_000_000)), "more than 20 MB"),
    "a cell in no table": (docx("<w:tc>" + paragraph("a") + "</w:tc>"), "its tables are broken"),
    "wide": (docx(table(row(*["1"] * 101))), "table 1, row 1: longer or wider"),
    "an old document": (bytes.fromhex("d0cf11e0a1b11ae1") + b"x" * 100, "save it as .docx"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_is_no_report_in_word_is_refused(tmp_path: Path, kind: str) -> None:
    """One sentence says what is wrong with the file and what to do."""
    content, words = REFUSED[kind]
    with pytest.raises(BadInput, match=words):
        opened(tmp_path, content)
