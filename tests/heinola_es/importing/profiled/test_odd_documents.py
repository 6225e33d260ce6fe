"""Documents as cities' programs leave them: a figure is read right, or it is told, and never read as another one."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest

from tests.heinola_es.importing.documents.pdfs import heading, typeset
from tests.heinola_es.importing.documents.pdfs import table as printed
from tests.heinola_es.importing.documents.word import cell, docx, paragraph, row, table
from tests.heinola_es.importing.profiled.test_shapes import figures, read, told

if TYPE_CHECKING:
    from pathlib import Path

PROFILE = """
version = 1
period = "1-6/2024"
unit = { code = "SIV", name = "Sivistys" }
[figures]
columns = [{ header = "TA 2024", is = "budget" }, { header = "TOT 1-6/2024", is = "actual" }]
"""
HEADER = ["", "TA 2024", "TOT 1–6/2024"]
ROWS = (HEADER, ["Myyntituotot", "90 234", "41 000"], ["Henkilöstökulut", "-20 000", "-11 000"])
WANTED = {("sales", "budget"): 9_023_400, ("sales", "actual"): 4_100_000}
WANTED |= {("personnel", "budget"): -2_000_000, ("personnel", "actual"): -1_100_000}


def said(folder: Path, content: bytes) -> dict[tuple[str, str], int]:
    """Return the figures that are read, in cents."""
    return {key[1:3]: cents for key, cents in figures(read(folder, content, PROFILE)).items()}


def run(text: str, formatting: str = "") -> str:
    """Return a run of text in Word."""
    return f'<w:r><w:rPr>{formatting}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def of_runs(*runs: str) -> str:
    """Return a cell made of runs."""
    return f"<w:tc><w:p>{''.join(runs)}</w:p></w:tc>"


RAISED = '<w:vertAlign w:val="superscript"/>'
CELLS = {
    "the mark of a note": (of_runs(run("234"), run("1", RAISED)), 23_400),
    "two marks and a bracket": (of_runs(run("234"), run("12)", RAISED)), 23_400),
    "a footnote of Word": (of_runs(run("234"), '<w:r><w:footnoteReference w:id="2"/></w:r>'), 23_400),
    "what is struck out": (of_runs(run("234", "<w:strike/>"), run("235")), 23_500),
    "struck out twice": (of_runs(run("234", "<w:dstrike/>"), run("235")), 23_500),
    "not struck out": (of_runs(run("234", '<w:strike w:val="0"/>')), 23_400),
    "brackets": (cell("(1 234)"), -123_400),
    "a minus behind": (cell("1 234-"), -123_400),
    "a true minus behind": (cell("1 234\N{MINUS SIGN}"), -123_400),
    "thin spaces": (cell("1\N{THIN SPACE}234\N{NARROW NO-BREAK SPACE}000"), 123_400_000),
    "a figure space": (cell("1\N{FIGURE SPACE}234"), 123_400),
    "a minus apart": (cell("\N{MINUS SIGN} 1 234"), -123_400),
    "a minus and brackets": (cell("-(1 234)"), None),
    "a soft hyphen": (cell("1\N{SOFT HYPHEN}234"), None),
    "a star": (cell("1 234 *"), None),
    "a mark in line": (cell("1 234 1)"), None),
    "two amounts": (cell("1 234 / 1 300"), None),
    "a comma that parts thousands": (cell("1,234"), None),
    "another unit": (cell("1 234 t€"), None),
}


@pytest.mark.parametrize("what", CELLS)
def test_a_cell_is_read_right_or_told(tmp_path: Path, what: str) -> None:
    """What is no amount for sure is left out, with the cell as it stands."""
    made, cents = CELLS[what]
    content = docx(table(HEADER, row("Myyntituotot", made, "2")))
    assert said(tmp_path, content).get(("sales", "budget")) == cents
    left = told(read(tmp_path, content, PROFILE))
    assert [sentence.startswith("unparsed: column TA 2024: ") for sentence in left] == ([True] if cents is None else [])


def test_a_mark_behind_a_label_is_no_part_of_it(tmp_path: Path) -> None:
    """Nor is one behind a header."""
    label = of_runs(run("Myyntituotot"), run("2", RAISED))
    head = of_runs(run("TA 2024"), run("1)", RAISED))
    content = docx(table(row("", head, "TOT 1–6/2024"), row(label, "234", "5")))
    assert said(tmp_path, content) == {("sales", "budget"): 23_400, ("sales", "actual"): 500}


UNITS = {
    "a paragraph above": (paragraph("Tuloslaskelma (1 000 €)"), table(*ROWS)),
    "a row above": (table(row(cell("Tuloslaskelma, 1 000 €", span=3)), *ROWS),),
    "the corner": (table(["(1 000 €)", *HEADER[1:]], *ROWS[1:]),),
}


@pytest.mark.parametrize("where", UNITS)
def test_thousands_are_taken_from_above_the_table(tmp_path: Path, where: str) -> None:
    """Though the profile says nothing of it: that the table is in thousands is told."""
    content = docx(*UNITS[where])
    assert said(tmp_path, content) == {key: 1000 * cents for key, cents in WANTED.items()}
    inferred = [found.message for found in read(tmp_path, content, PROFILE).findings if found.kind == "inferred"]
    assert inferred == [f"This table is in 1 000 €, as stands above {'its labels' if where == 'the corner' else 'it'}"]


def turned(content: bytes, degrees: int) -> bytes:
    """Return a PDF whose pages are shown turned."""
    with pikepdf.open(io.BytesIO(content)) as file:
        for page in file.pages:
            page.Rotate = degrees
        kept = io.BytesIO()
        file.save(kept)
    return kept.getvalue()


PLAIN = typeset(heading("Sivistys"), printed(*ROWS))
TURNED = typeset(f"#rotate(90deg, reflow: true)[{printed(*ROWS)}]")
PAGES = {
    "wide": typeset("#set page(flipped: true)", heading("Sivistys"), printed(*ROWS)),
    "turned and not turned back": turned(PLAIN, 90),
    "turned the other way": turned(PLAIN, 270),
    "turned and turned back": turned(TURNED, 270),
    "turned text": TURNED,
    "turned text to the left": typeset(f"#rotate(-90deg, reflow: true)[{printed(*ROWS)}]"),
    "turned text below a heading": typeset(heading("Sivistys"), f"#rotate(90deg, reflow: true)[{printed(*ROWS)}]"),
}


@pytest.mark.parametrize("page", PAGES)
def test_pages_may_be_turned(tmp_path: Path, page: str) -> None:
    """The table is read as who turns the paper reads it."""
    assert said(tmp_path, PAGES[page]) == WANTED


def test_a_raised_mark_in_a_pdf_is_no_digit(tmp_path: Path) -> None:
    """Where it is smaller and stands higher than the number before it."""
    rows = [["Myyntituotot", "234#super[1]", "41 000"], ["Henkilöstökulut", "-20 000", "-11 000#super[2)]"]]
    content = typeset("#set super(typographic: false)", heading("Sivistys"), printed(HEADER, *rows))
    assert said(tmp_path, content) == WANTED | {("sales", "budget"): 23_400}


def test_a_table_beside_another_is_told(tmp_path: Path) -> None:
    """Of two columns of a page the figures of one have no header of their own: they are not lost in silence."""
    beside = printed(HEADER, ["Vuokrat", "-7", "-3"], ["Maksutuotot", "8", "4"], ["Poistot", "-9", "-1"])
    content = typeset("#set page(columns: 2)", printed(*ROWS), "#colbreak()", beside)
    assert said(tmp_path, content) == WANTED
    left = told(read(tmp_path, content, PROFILE))
    assert left[0].startswith("unparsed: Figures stand in no column that the header names, here and perhaps in other")


def test_a_column_without_a_title_is_told(tmp_path: Path) -> None:
    """Its figures are of nobody knows what."""
    content = docx(table([*HEADER, ""], ["Myyntituotot", "90 234", "41 000", "7"]))
    assert told(read(tmp_path, content, PROFILE))[0].startswith("unparsed: Figures stand in no column that the header")


def test_words_torn_at_the_end_of_a_line_are_whole_again(tmp_path: Path) -> None:
    """Soft hyphens go, and letters that are one sign are letters again."""
    text = "Henkilöstökulujen toteutuminen ja kehittämissuunnitelma valmistuvat. " * 5
    content = typeset('#set text(hyphenate: true, lang: "fi")', heading("Tapahtumat"), f"\ufb01 {text}", printed(*ROWS))
    document = read(tmp_path, content, PROFILE + '\n[[texts]]\nheading = "Tapahtumat"\n')
    assert document.narratives[0].text == f"fi {text}".strip()
