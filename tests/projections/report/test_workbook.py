"""The report as a workbook: what a controller finds in it, read back by openpyxl."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal
from zipfile import ZipFile

import pytest

from projections.report.content.document import Cell, Column, Picture, Row, Table
from projections.writers.xlsx.workbook import workbook
from tests.projections.report.opened import MAIN, document_with, opened, parsed, parts, table_of, values
from tests.projections.report.samples import DANGEROUS, LONG_NAME, sample_document

if TYPE_CHECKING:
    from projections.report.content.document import Document

RowKind = Literal["normal", "total", "part", "group"]

LANGUAGES = ("fi", "sv", "en")
WRITE_IT = """
import sys
from projections.writers.xlsx.workbook import workbook
from tests.projections.report.samples import sample_document
sys.stdout.buffer.write(workbook(sample_document("fi")))
"""


@pytest.fixture(scope="module", params=LANGUAGES)
def document(request: pytest.FixtureRequest) -> Document:
    """Return the sample report in each language."""
    return sample_document(request.param)


@pytest.fixture(scope="module")
def content(document: Document) -> bytes:
    """Return it as a workbook."""
    return workbook(document)


@pytest.fixture(scope="module")
def finnish() -> Any:  # noqa: ANN401 - openpyxl has no types
    """Return the Finnish workbook as openpyxl has it."""
    return opened(workbook(sample_document("fi")))


# ---------------------------------------------------------------- what stands in it


def test_every_cell_of_every_table_is_there_as_what_it_is(document: Document, content: bytes) -> None:
    """Amounts to the cent in euros, per cents as fractions, dates as dates, unknown as nothing, texts as texts."""
    book = opened(content)
    read = [row for sheet in book.worksheets[1:] for row in values(sheet)]
    told = [row for table in tables_of(document) for row in table.rows if row.kind != "group"]
    assert len(told) == 4 + 2 * 7 + 2 * 3 + 2 + len(DANGEROUS)
    for row in told:
        expected = [as_read(cell) for cell in row.cells]
        width = len(expected)
        assert any(len(found) >= width and same(expected, cells) for found in read for cells in windows(found, width))


def tables_of(document: Document) -> list[Table]:
    """Return the tables that belong to a sheet."""
    blocks = [block.table if isinstance(block, Picture) else block for block in document.blocks()]
    return [block for block in blocks if isinstance(block, Table) and block.sheet is not None]


def windows(found: list[Any], width: int) -> list[list[Any]]:
    """Return a row without the columns that may stand in front of it."""
    return [found[start : start + width] for start in range(len(found) - width + 1)]


def as_read(cell: Cell) -> Decimal | date | str | None:
    """Return what a reader finds where a cell stands."""
    if isinstance(cell.value, date):
        return cell.value
    if cell.value is not None:
        return Decimal(cell.value) / (100 if cell.form == "percent" else 1)
    return None if cell.text == "–" else cell.text


def same(expected: list[Any], found: list[Any]) -> bool:
    """Return whether cells are the same: numbers exactly to four decimals, so to the cent and to 0,01 %."""
    return all(
        round(Decimal(repr(is_)), 4) == should
        if isinstance(should, Decimal) and isinstance(is_, int | float)
        else (is_.date() if isinstance(is_, datetime) else is_) == should
        for should, is_ in zip(expected, found, strict=True)
    )


def test_the_sheets_stand_in_the_order_of_the_report(finnish: Any) -> None:  # noqa: ANN401
    """The summary, then a sheet for every name, those of a picture too; what a name cannot have is left out."""
    assert finnish.sheetnames == [
        "Tiivistelmä",
        "Käyttö",
        "Luvut",
        "Tavoitteet",
        "Hankkeet",
        "Solut kaikki muut",
        "Texts",
    ]


def test_tables_of_a_sheet_are_one_list_with_the_unit_in_front(finnish: Any) -> None:  # noqa: ANN401
    """Each row says by itself which unit it is about; headers are on one line; money is in euros, and says so."""
    header, *rows = values(finnish["Luvut"])
    assert header == ["Yksikön koodi", "Yksikkö", "Tili", "TA 2020, €", "TOT 2020 6 kk, €", "TOT-20 %"]
    assert rows[0] == ["410", "Varhaiskasvatus", "TULOT", 802000, 948252.35, 1.1824]
    assert rows[2] == ["410", "Varhaiskasvatus", "Maksutuotot", None, 308252.35, None]
    assert rows[7] == ["0410", LONG_NAME, "TULOT", 296740, 350853.37, 1.1824]
    assert [row[0] for row in rows] == ["410"] * 7 + ["0410"] * 7 + [None, "Tieto puuttuu: –"]


def test_headings_inside_a_table_become_columns(finnish: Any) -> None:  # noqa: ANN401
    """Rows can be filtered by what they stood under, on two levels; what the header says is not said again."""
    header, *rows = values(finnish["Tavoitteet"])
    assert header[:5] == ["Yksikön koodi", "Yksikkö", "Tavoiteohjelma", "Tavoite", "Sitova tavoite"]
    assert [row[2:5] for row in rows] == [
        ["Elinvoimainen kaupunki", "Kaikki oppivat", "Hakijat"],
        ["Elinvoimainen kaupunki", "Kaikki oppivat", "Palaute"],
        ["Hyvinvoiva kuntalainen", "Kaikki liikkuvat", "Terveet päivät"],
    ] * 2


def test_a_heading_is_of_what_it_heads_and_of_nothing_more() -> None:
    """A total is of no heading, another unit begins without one, and a heading that names the unit adds nothing."""
    school, library = ("4100", "Perusopetus"), ("4300", "Kirjasto")
    rows = (
        a_row("4100 Perusopetus", school, "group"),
        a_row("Toimintakulut", school, "group"),
        a_row("Palkat", school, "part"),
        a_row("Toimintakate", school, "total"),
        a_row("Kirjasto", library, "group"),
        a_row("NETTO", library),
        a_row("Muut", None, "group"),
        a_row("Avustukset", None),
    )
    columns = (Column(title="Erä"),)
    table = Table(key="t", caption="Luvut", columns=columns, rows=rows, sheet="Luvut", place=("HYV", "Toimiala"))
    assert values(opened(workbook(document_with(table)))["Luvut"]) == [
        ["Yksikön koodi", "Yksikkö", "(Erä)", "Erä"],
        ["4100", "Perusopetus", "Toimintakulut", "Palkat"],
        ["4100", "Perusopetus", None, "Toimintakate"],
        ["4300", "Kirjasto", None, "NETTO"],
        ["HYV", "Toimiala", "Muut", "Avustukset"],
    ]


def a_row(text: str, place: tuple[str, str] | None, kind: RowKind = "normal") -> Row:
    """Return a row of one cell."""
    return Row(cells=(Cell(text=text),), kind=kind, place=place)


def test_the_summary_says_what_the_first_page_says(finnish: Any) -> None:  # noqa: ANN401
    """Title, facts, summary with its callouts, and which sheets follow."""
    rows = [tuple(row) for row in values(finnish["Tiivistelmä"])]
    for expected in (
        ("Osavuosikatsaus 1.4.–30.6.2020", None),
        ("Mallikylä · Hyvinvointitoimiala · 1.4.–30.6.2020", None),
        ("Vastuuhenkilö", "hyvinvointijohtaja"),
        ("Tunniste", "5f" * 32),
        (None, "Menoista on käytetty 48,90 %, tasainen kertymä on 50 %."),
        ("Huomattavaa", "Kaksi yksikköä ylittää."),
        (None, "• Esiopetus: 61,20 %"),
        ("Hyvin menee", "Viisi tavoitetta kuudesta on saavutettu."),
        ("Sisällys", None),
        ("Luvut", None),
    ):
        assert expected in rows
    links = {cell.value: cell.hyperlink.location for cell in finnish["Tiivistelmä"]["A"] if cell.hyperlink}
    assert links == {name: f"'{name}'!A1" for name in finnish.sheetnames[1:]}


def test_numbers_are_shown_as_what_they_are(finnish: Any) -> None:  # noqa: ANN401
    """A number format for every form; a plain number has none, so that a year is no amount."""
    formats = [cell.number_format for cell in finnish["Solut kaikki muut"]["B"][1:]]
    assert formats[:11] == [
        *("#,##0", "#,##0.00", "#,##0.00", "#,##0", "#,##0", "0.00%", "0.00%", "General", "General", "d.m.yyyy"),
        "#,##0",
    ]


def test_where_the_header_says_thousands_thousands_are_shown() -> None:
    """A column without a header of its own for workbooks keeps its word; the value behind is in euros all the same."""
    cell = Cell(text="1 235", value=Decimal("1234567.89"), form="thousands")
    says = Column(title="TP 2019\n1 000 €", numeric=True)
    silent = Column(title="TP 2019", numeric=True)
    own = Column(title="TP 2019\n1 000 €", numeric=True, sheet_title="TP 2019, €")
    table = table_of((Cell(text="MENOT"), cell, cell, cell), columns=(Column(title="Rivi"), says, silent, own))
    sheet = opened(workbook(document_with(table))).worksheets[1]
    assert [cell.value for cell in sheet[1]] == ["Rivi", "TP 2019 1 000 €", "TP 2019", "TP 2019, €"]
    assert [cell.value for cell in sheet[2]] == ["MENOT", *[1234567.89] * 3]
    assert [cell.number_format for cell in sheet[2]][1:] == ["#,##0,", "#,##0", "#,##0"]


def test_totals_and_what_is_meant_by_a_colour_stand_out(finnish: Any) -> None:  # noqa: ANN401
    """A total is bold, a part of it indented, and a tone is a colour; the text says it too."""
    total, part = finnish["Luvut"]["C2"], finnish["Luvut"]["C3"]
    assert (total.font.bold, part.font.bold, part.alignment.indent) == (True, False, 1)
    assert {cell.value: cell.font.color.rgb for cell in finnish["Tavoitteet"]["G"][1:3]} == {
        "saavutettu": "FF1E6B34",
        "myöhässä": "FFA4161A",
    }


# ---------------------------------------------------------------- how it can be used


def test_every_list_can_be_filtered_and_printed(finnish: Any) -> None:  # noqa: ANN401
    """Header and first columns stay in sight; every column has a filter; on paper the header is repeated."""
    for sheet in finnish.worksheets[1:]:
        notes = {None, "Tieto puuttuu: –"}
        lines = [row for row in values(sheet) if any(cell is not None for cell in row[1:]) or row[0] not in notes]
        assert sheet.auto_filter.ref == f"A1:{sheet.cell(len(lines), sheet.max_column).coordinate}"
        assert sheet.freeze_panes[1:] == "2"
        assert sheet.print_title_rows == "$1:$1"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert (sheet.sheet_properties.pageSetUpPr.fitToPage, sheet.page_setup.fitToHeight) == (True, 0)
        assert sheet.oddFooter.left.text == "Mallikylä – Osavuosikatsaus 1.4.–30.6.2020"
        assert sheet.oddFooter.right.text == "Sivu &P / &N"
        widths = [column.width for column in sheet.column_dimensions.values()]
        assert all(8 <= width < 66 for width in widths)
    assert finnish["Käyttö"].freeze_panes == "B2"
    assert finnish["Luvut"].freeze_panes == "D2"


def test_the_file_says_what_it_is_and_when_it_was_written(finnish: Any) -> None:  # noqa: ANN401
    """Title, author and the instant of the report; no clock."""
    said = finnish.properties
    assert (said.title, said.creator) == ("Osavuosikatsaus 1.4.–30.6.2020", "Mallikylä")
    assert said.created == said.modified == datetime(2020, 8, 15, 9, 30, 12, tzinfo=UTC).replace(tzinfo=None)


def test_tables_with_other_columns_have_a_sheet_with_a_number() -> None:
    """A list has one header: what does not fit under it stands on a sheet of its own, beside the first."""
    one, two = table_of((Cell(text="a"), Cell(text="b"))), table_of((Cell(text="c"),))
    other = table_of((Cell(text="d"),), sheet="Muu")
    book = opened(workbook(document_with(one, other, two, one, table_of((Cell(text="e"),), sheet=None))))
    assert book.sheetnames == ["Tiivistelmä", "Taulukko", "Taulukko 2", "Muu"]
    assert values(book["Taulukko"])[1:] == [["a", "b"], ["a", "b"]]
    assert values(book["Taulukko 2"])[1:] == [["c"]]
    assert values(book["Muu"])[1:] == [["d"]]


def test_a_report_without_tables_is_a_workbook_too() -> None:
    """It has its summary."""
    assert opened(workbook(document_with())).sheetnames == ["Tiivistelmä"]


# ---------------------------------------------------------------- what is not in it


def test_there_is_no_formula_macro_or_link_out_of_the_file(content: bytes) -> None:
    """Nothing in the file is run or fetched when it is opened; its names are those of filters and print titles."""
    files = parts(content)
    assert not [name for name in files if "vba" in name.casefold() or "external" in name.casefold()]
    for name, part in files.items():
        root = parsed(part)
        assert not list(root.iter(f"{MAIN}f")), name
        assert not [each for each in root.iter() if each.get("TargetMode") == "External"], name
    names = parsed(files["xl/workbook.xml"]).iter(f"{MAIN}definedName")
    assert {each.get("name") for each in names} == {"_xlnm._FilterDatabase", "_xlnm.Print_Titles"}


def test_dangerous_texts_are_texts_and_stay_so_when_they_are_edited(finnish: Any) -> None:  # noqa: ANN401
    """Each is a string cell; one that begins as a formula is quoted, so that editing it does not run it."""
    cells = finnish["Solut kaikki muut"]["A"][1:]
    assert [cell.value for cell in cells] == list(DANGEROUS)
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells if cell.quotePrefix] == [*DANGEROUS[:5], "\uff1d1+1"]


def test_a_text_that_looks_like_xml_of_the_library_is_a_text() -> None:
    """XlsxWriter would write `<r>…</r>` as it stands: what somebody records must not become a part of the file."""
    texts = ("<r><t>x</t></r>", "<r></si><si><t>y</t></r>", "<r>&amp;</r>", f"<r>{'&' * 20_000}</r>")
    table = table_of(*((Cell(text=text),) for text in texts))
    found = [row[0] for row in values(opened(workbook(document_with(table))).worksheets[1])[1:]]
    assert found[:3] == list(texts[:3])
    assert found[3] == f"<r>{'&' * 5457}…"


def test_a_text_is_cut_where_no_cell_can_hold_more() -> None:
    """32 767 UTF-16 units are what a cell holds; an ellipsis tells that there was more. A pair is never parted."""
    table = table_of((Cell(text="ä" * 32_767),), (Cell(text="ä" * 32_768),), (Cell(text="🏫" * 20_000),))
    found = [row[0] for row in values(opened(workbook(document_with(table))).worksheets[1])[1:]]
    assert found == ["ä" * 32_767, "ä" * 32_766 + "…", "🏫" * 16_383 + "…"]


# ---------------------------------------------------------------- the same bytes


def test_the_same_report_gives_the_same_bytes_anywhere_and_at_any_time() -> None:
    """Neither clock, time zone, locale nor the order of a set is in the file; the files inside are of no date."""
    written = [written_elsewhere(TZ="Pacific/Auckland", PYTHONHASHSEED="1"), written_elsewhere(TZ="UTC", LC_ALL="C")]
    assert written[0] == written[1] == workbook(sample_document("fi"))
    with ZipFile(BytesIO(written[0])) as file:
        assert {entry.date_time for entry in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def written_elsewhere(**environment: str) -> bytes:
    """Return the workbook as another process writes it."""
    done = subprocess.run(
        [sys.executable, "-c", WRITE_IT], capture_output=True, check=True, env=os.environ | environment
    )
    return done.stdout
