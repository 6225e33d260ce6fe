"""Damaged documents: refused with one sentence that says what is wrong, where, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.errors import BadInput
from heinola_es.importing.files import read_text_file
from heinola_es.importing.report.reader import read_report
from tests.heinola_es.importing.report.reports import SAMPLE, SMALL, TABLE, refusal, report, unparsed

if TYPE_CHECKING:
    from pathlib import Path

UNIT = f"502 Mittaus\n\nVastuuhenkilö: kaavoittaja\n{TABLE}"


def damaged(before: str, after: str) -> str:
    """Return a report with a unit whose table was changed."""
    return report(UNIT.replace(before, after))


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        (
            "TULOT→2→1→1 000→500→50,00",
            "TULOT→2→1→1 000→500",
            "'TULOT' has 4 cells of figures where the table has 5 columns",
        ),
        ("TULOT→2→1→1 000→500→50,00", "TULOT→2→1→1 000→500→50,00→7", "'TULOT' has 6 cells of figures"),
        ("1 000→500", "1 000→5OO", "column TOT 2021 9 kk: '5OO' in the row 'TULOT' is not a number; correct the cell"),
        ("1 000→500", "1 00→500", "column TA 2021 +muutokset: '1 00' in the row 'TULOT' is not a number"),
        ("500→50,00", "500→50;00", "column TOT-21 %: '50;00' in the row 'TULOT' is not a number"),
        ("NETTO→-2→-2→-2 000→-1 000→50,00", "", "the figure table of 502 Mittaus ends without the row NETTO"),
        ("NETTO→", "TULOT→", "the row 'TULOT' of 502 Mittaus stands already at line"),
        ("→TA 2021 +muutokset", "", "expected TP, TOT and TA with their years, TOT of this year and TOT %"),
        ("502 Mittaus", "501 Mittaus", "the code 501 stands in the document already"),
    ],
)
def test_a_damaged_figure_table_is_refused(before: str, after: str, says: str) -> None:
    """Wrong cells, rows or columns: the sentence names the line, the column, and what to do."""
    message = refusal(damaged(before, after))
    assert says in message
    assert message.startswith("line ")
    assert "\n" not in message


def test_the_line_named_is_the_line_damaged() -> None:
    """The number in the sentence is the number of the line in the file."""
    text = damaged("1 000→500", "1 000→5OO")
    number = next(number for number, line in enumerate(text.split("\n"), start=1) if "5OO" in line)
    assert refusal(text).startswith(f"line {number}, column ")


def test_an_unknown_label_is_unparsed() -> None:
    """A row of numbers that the chart does not know is left to a person; its figures are not put anywhere else."""
    document = read_report(damaged("MENOT→", "LAHJOITUKSET→9→9→9→9→9,00\nMENOT→"))
    assert len(unparsed(document)) == 1
    assert [row.line for row in document.figures if row.unit == "502"] == ["income", "expenses", "net"]


def test_a_stray_line_in_a_table_is_unparsed() -> None:
    """A line of prose between two rows does not end the table."""
    document = read_report(damaged("MENOT→", "Sivu 3\nMENOT→"))
    assert len(unparsed(document)) == 1
    assert [row.line for row in document.figures if row.unit == "502"] == ["income", "expenses", "net"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the document is empty"),
        (" \n\t\n", "the document is empty"),
        ("Hei!\n", "this is no interim report: it has no figure table"),
        (TABLE.replace("→", "\t"), "this is no interim report: no heading names the sector"),
        ("PK\x03\x04\x00\x00", "line 1, column 3: the character U+0003 belongs to no text"),
    ],
)
def test_what_is_no_report_is_refused(text: str, says: str) -> None:
    """An empty file, a letter, a table without a heading and a binary file are no reports."""
    assert says in refusal(text)


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are refused with the line they stand on; a byte order mark is put up with."""
    file = tmp_path / "report.txt"
    file.write_bytes("\ufeffä".encode())
    assert read_text_file(file).text == "ä"
    file.write_bytes(b"a\n\xe4\n")
    with pytest.raises(BadInput, match=r"report\.txt, line 2: not UTF-8 text; save the document"):
        read_text_file(file)


@pytest.mark.parametrize("rest", [1, 2, 3, 5, 8])
def test_a_table_cut_short_is_refused(rest: int) -> None:
    """A document that ends in the middle of a row, or before the last one, is refused."""
    whole = report(UNIT).rstrip()
    assert refusal(whole[: whole.index("502") + 130 + rest]).startswith("line ")


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("Hankkeen nimi→Puurakentamisen opas\n", "", "restore the row 'Hankkeen nimi' that begins the next project"),
        ("12.500 €\nBrutto", "12.5x0 €\nBrutto", "Bruttotulot koko hankeajalta of the project 'Valoisat väylät'"),
        ("1.1. – 31.12.2021", "1.1. – 31.11.2021", "Toteutusaika / hankevaihe of the project 'Valoisat väylät'"),
        ("Kaupungin rahoitusosuus→8.000 €\n", "", "the project 'Puurakentamisen opas' lacks kaupunginrahoitus"),
    ],
)
def test_a_damaged_project_is_refused(before: str, after: str, says: str) -> None:
    """Rows that are lost, amounts and dates that are none: the sentence names the line and the project."""
    text = SMALL.read_text(encoding="utf-8")
    damage = text.replace(before.replace("→", "\t"), after)
    assert damage != text
    message = refusal(damage)
    assert says in message
    assert message.startswith("line ")


def test_a_truncated_report_never_passes_unnoticed_in_its_figures() -> None:
    """Cut anywhere before its projects, the sample is refused or says that sums or whole tables are missing."""
    text = SAMPLE.read_text(encoding="utf-8")
    end = text.index("430 VIRIKKEELLINEN")
    whole = set(messages(text))
    unnoticed = [cut for cut in range(0, end, 97) if not (set(messages(text[:cut])) - whole)]
    assert unnoticed == []


def messages(text: str) -> list[str]:
    """Return the sentence a document is refused with, or what its findings say."""
    try:
        return [finding.message for finding in read_report(text).findings]
    except BadInput as error:
        return [str(error)]
