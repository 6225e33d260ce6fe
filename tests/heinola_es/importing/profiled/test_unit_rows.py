"""Tables with a unit in each row, and tables that go on over pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.domain.chart import load_chart
from heinola_es.importing.documents.opening import open_document
from heinola_es.importing.profiled.suggesting import suggested_profile
from tests.heinola_es.importing.documents.pdfs import heading, table, typeset
from tests.heinola_es.importing.profiled.reports_of_cities import UNIT_ROWS, UNIT_ROWS_PROFILE
from tests.heinola_es.importing.profiled.test_shapes import figures, read, told

if TYPE_CHECKING:
    from pathlib import Path

JUNE = "2024-01-01/2024-06-30"


def test_each_row_is_a_unit(tmp_path: Path) -> None:
    """The line is that of the heading above the table, or of the column; the sum below the units is nobody's."""
    document = read(tmp_path, UNIT_ROWS, UNIT_ROWS_PROFILE)
    assert [(unit.code, unit.name, unit.parent) for unit in document.units] == [
        ("SIV", "Sivistystoimiala", None),
        ("41", "Varhaiskasvatus", "SIV"),
        ("42", "Perusopetus", "SIV"),
        ("43", "Lukio", "SIV"),
    ]
    said = figures(document)
    assert said["41", "operating_margin", "actual", "2023-01-01/2023-12-31"] == -249_000_000
    assert said["42", "operating_margin", "budget", JUNE] == -510_000_000
    assert said["41", "operating_income", "actual", JUNE] == 19_000_000
    assert said["43", "operating_expenses", "budget", JUNE] == -90_000_000
    assert [(one.unit, one.line, one.amount.cents) for one in document.forecasts] == [
        ("41", "operating_margin", -265_000_000),
        ("42", "operating_margin", -510_000_000),
    ]
    assert [(text.unit, text.text) for text in document.narratives] == [("42", "Koulu avattiin.")]


def test_what_is_no_unit_and_no_number_is_told(tmp_path: Path) -> None:
    """The sum of the units, and an amount with a minus and brackets, which says nothing for sure."""
    left = told(read(tmp_path, UNIT_ROWS, UNIT_ROWS_PROFILE))
    assert left[0].startswith("unparsed: This row names no unit that is known: Yhteensä | −7 500")
    assert left[1].startswith("unparsed: column Kulut 1-6/2024: '−(430)' was left out")


def test_a_column_of_no_line_is_told(tmp_path: Path) -> None:
    """Without the heading's line, nobody knows of what the figures of the units are."""
    profile = UNIT_ROWS_PROFILE.replace(
        '{ header = "TP 2023", is =', '{ header = "TP 2023", line = "operating_margin", is ='
    )
    document = read(tmp_path, UNIT_ROWS, profile.replace('heading = "Toimintakate"', 'heading = "Muu"'))
    assert {key[1:3] for key in figures(document) if key[0] == "41"} >= {("operating_margin", "actual")}
    assert ("41", "operating_margin", "budget", JUNE) not in figures(document)
    assert "The profile does not say of which line 'TA 2024' is in this table of units; left out" in told(document)[0]


def test_a_table_of_units_is_suggested(tmp_path: Path) -> None:
    """Rows with codes before their names are units; the line is taken from the heading and marked as a guess."""
    (tmp_path / "katsaus").write_bytes(UNIT_ROWS)
    suggested = suggested_profile(open_document(tmp_path / "katsaus"), load_chart())
    assert 'heading = "Toimintakate tulosalueittain"\nline = "operating_margin"  # UNSURE' in suggested


CONTINUED = """
version = 1
period = "1-6/2024"
unit = { code = "SIV", name = "Sivistys" }
[figures]
columns = [{ header = "TA 2024", is = "budget" }, { header = "TOT 1-6/2024", is = "actual" }]
"""
HEADER = ["Rivi", "TA 2024", "TOT 1–6/2024"]


def continued(*second: list[str]) -> bytes:
    """Return a PDF whose table goes on, without its header, at the top of the second page."""
    first = table(HEADER, ["Myyntituotot", "90 000", "41 000"], ["Maksutuotot", "20 000", "11 000"])
    return typeset(heading("Sivistys"), first, "#pagebreak()", table(*second))


def test_a_table_goes_on_over_a_page(tmp_path: Path) -> None:
    """Rows at the top of the next page, in the same columns, stand under the header of the page before."""
    pdf = continued(["Tuet ja avustukset", "30 000", "16 000"], ["Henkilöstökulut", "-80 000", "-39 000"])
    document = read(tmp_path, pdf, CONTINUED)
    assert figures(document)["SIV", "personnel", "actual", JUNE] == -3_900_000
    assert figures(document)["SIV", "grants_received", "budget", JUNE] == 3_000_000
    assert [found.message for found in document.findings if found.kind == "inferred"] == [
        "This table goes on from the page before, under its header"
    ]


def test_other_columns_on_the_next_page_are_no_continuation(tmp_path: Path) -> None:
    """A table of another width is told, and none of its figures is taken."""
    document = read(tmp_path, continued(["Henkilöstökulut", "-80 000"], ["Vuokrat", "-8 000"]), CONTINUED)
    assert ("SIV", "personnel", "budget", JUNE) not in figures(document)
    assert told(document)[0].startswith("unparsed: This row is of a table that the profile does not know: Henkil")
