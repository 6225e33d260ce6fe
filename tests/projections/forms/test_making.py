"""A form shows a unit what it needs to see, in its language, and lets it fill in what it has to say alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import docx
import openpyxl
import pytest
from docx.oxml.ns import qn

from projections.forms.words import INSTRUCTIONS
from projections.report.language.words import words_in
from tests.projections.forms.filling import places
from tests.projections.forms.test_importing import after
from tests.projections.report.word_files import text_of, value_of

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

    from tests.terminal import Terminal

FIELDS = {
    ("4160", "form", "actor"),
    *(("4160", "forecast", line, field) for line in ("income", "expenses") for field in ("amount", "text")),
    ("4160", "goal", "4160-1", "status"),
    ("4160", "goal", "4160-1", "text"),
    ("4160", "priority", "1", "text"),
    ("4160", "narrative", "Oleelliset tapahtumat", "", "1", "text"),
    ("4160", "indicator", "Opiskelijoita", "kpl", "value"),
    ("4160", "project", "Tutorit", "percent"),
    ("4160", "project", "Tutorit", "text"),
    ("4160", "outlook", "text"),
    ("4160", "still", "holds"),
}


def sheet_of(path: Path) -> Worksheet:
    """Return the first sheet of a workbook."""
    return openpyxl.load_workbook(path).worksheets[0]


def test_what_can_be_filled_in_is_unlocked_and_all_else_locked(form: Path) -> None:
    """The sheet is protected, and its unlocked cells are the fields of the form."""
    sheet, at = sheet_of(form), places(form)
    assert set(at) == FIELDS
    assert sheet.protection.sheet
    merged = {cell for area in sheet.merged_cells.ranges for row in area.rows for cell in row[1:]}
    unlocked = {
        cell.coordinate
        for row in sheet.iter_rows()
        for cell in row
        if not cell.protection.locked and (cell.row, cell.column) not in merged
    }
    assert unlocked == {cell for _sheet, cell in at.values()}


def test_no_page_of_a_document_ends_between_what_is_asked_and_its_field(terminal: Terminal, tmp_path: Path) -> None:
    """Heading, what was told last and the field's name stay with the field; amounts are grouped as in the report."""
    assert terminal.run(f"form 2020Q3 --unit 4160 -o {tmp_path}/4160.docx").exit_code == 0
    body = docx.Document(str(tmp_path / "4160.docx")).element.body
    first = next(at for at, part in enumerate(body) if value_of(part, "w:pStyle") == "Heading1")
    for part, after_it in pairwise(body[first:-2]):
        if part.tag == qn("w:p") and value_of(part, "w:pStyle") not in {"Heading1", "Heading2"}:
            assert part.find(f".//{qn('w:keepNext')}") is not None, text_of(part)
            assert after_it.tag in {qn("w:p"), qn("w:tbl")}
    budgets = [text_of(part) for part in body if text_of(part).startswith("TA + muutokset: ")]
    assert budgets == ["TA + muutokset: −100\u00a0000"]


def test_what_was_told_last_stands_beside(form: Path) -> None:
    """What was told of the quarter before is shown, and what is told of this one stands in the fields."""
    sheet, at = sheet_of(form), places(form)

    def beside(*key: str) -> str:
        (row,) = {sheet[at["4160", *key][1]].row}
        return str(sheet.cell(row, 3).value)

    assert beside("goal", "4160-1", "status") == "viivästynyt\nKysely siirtyi."
    assert beside("priority", "1", "text") == "Laitteet tilattu."
    assert beside("narrative", "Oleelliset tapahtumat", "", "1", "text") == "Etäopetus.\n\nYlioppilaskirjoitukset."
    assert beside("indicator", "Opiskelijoita", "kpl", "value") == "392 (1.4.–30.6.2020)"
    assert beside("project", "Tutorit", "percent") == "29,2 %\nKoulutukset pidetty."
    assert beside("outlook", "text") == "Pitää."
    assert beside("forecast", "expenses", "amount") == "-110 000 €\nSijaiset."
    field = at["4160", "narrative", "Oleelliset tapahtumat", "", "1", "text"]
    assert sheet[field[1]].value == "Lähiopetus alkoi."
    assert sheet[at["4160", "outlook", "text"][1]].value is None


def test_a_figure_that_is_not_whole_says_how_far_it_is_known(terminal: Terminal, tmp_path: Path) -> None:
    """Figures are numbers in euros; of one that is not whole the known part is shown, with through when."""
    terminal.done("record actual 4160 personnel 1-8/2020 -66 000,50")
    path = tmp_path / "f.xlsx"
    terminal.run(f"form 2020Q3 --unit 4160 -o {path}")
    rows: dict[str, tuple[Any, ...]] = {}
    for row in sheet_of(path).iter_rows(values_only=True):
        rows.setdefault(str(row[0]), row[1:])
    assert rows["MENOT"][1] == -100_000
    assert str(rows["MENOT"][2]).replace("\u00a0", " ") == "−66 000,50\ntiedossa 31.8.2020 saakka"
    assert after(terminal, f"import form {path}") == []


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_a_form_is_in_the_language_of_its_reader(terminal: Terminal, tmp_path: Path, language: str) -> None:
    """Instructions, headings and the drop-down of statuses are in the language asked for."""
    path = tmp_path / "f.xlsx"
    terminal.run(f"form 2020Q3 --unit 4160 --lang {language} -o {path}")
    sheet, words = sheet_of(path), words_in(language)
    said = {str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value}
    assert not any("Content-Type" in text for text in said)
    assert {f"{at}. {words.say(text)}" for at, text in enumerate(INSTRUCTIONS, 1)} <= said
    choice, answer = sheet.data_validations.dataValidation
    assert answer.formula1 == f'"{words.say("yes")}"'
    assert choice.formula1 == '"' + ",".join(
        words.say(status)
        for status in ("achieved", "in progress", "not started", "delayed", "not achieved", "suspended")
    ) + '"'  # fmt: skip


def test_a_folder_gets_a_form_for_each_unit_that_reports(terminal: Terminal, tmp_path: Path) -> None:
    """Units and service areas report, and investments that have nothing to tell do not."""
    told = terminal.run(f"form 2020Q3 -o {tmp_path / 'forms'}")
    assert told.stderr == f"wrote 6 forms to {tmp_path / 'forms'}\n"
    names = sorted(path.name for path in (tmp_path / "forms").iterdir())
    assert names == [f"2020Q3-{code}.xlsx" for code in ("400", "4000", "4030", "410", "4100", "4160")]


def test_a_file_gets_a_sheet_for_each_unit_of_an_area(terminal: Terminal, tmp_path: Path) -> None:
    """The form of a service area has a sheet for it and for each unit below."""
    path = tmp_path / "410.xlsx"
    terminal.run(f"form 2020Q3 --unit 410 -o {path}")
    assert openpyxl.load_workbook(path).sheetnames == [
        "410 Koulutuspalvelut",
        "4100 Perusopetus",
        "4160 Lukio",
        "heinola",
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("form 2020Q3", "say where the forms go"),
        ("form 2020Q3 -o x.pdf", "a form is written as"),
        ("form 2020Q3 --unit 999 -o x.xlsx", "unknown unit '999'"),
        ("form 1.10.2019-31.3.2020 -o x.xlsx", "crosses the turn of a year"),
    ],
)
def test_what_cannot_be_asked_is_told(terminal: Terminal, line: str, sentence: str) -> None:
    """No place, no such unit, two years, another kind of file: each gets a sentence."""
    result = terminal.run(line)
    assert (result.exit_code, sentence in result.stderr) == (2, True), result.stderr
