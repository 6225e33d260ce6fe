"""Any text, number and date in a cell of a workbook, and any name of a sheet."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from projections.report.content.document import Cell, NumberForm
from projections.writers.spreadsheets import reads_as_formula
from projections.writers.xlsx.sheet_cells import MOST_UNITS, exact_number
from projections.writers.xlsx.sheets import MOST_LETTERS, free_name, sheets
from projections.writers.xlsx.workbook import workbook
from tests.projections.report.opened import document_with, opened, shared_strings, table_of

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
LIKE_SYNTAX = st.lists(
    st.sampled_from(
        [
            *(*"=+-@\t\r\n '\"<>&;|/", "_x000D_", "_x005F_", "x005F_", "_x0041", "<r>", "<t>", "</t>", "</r>", "\x00"),
            *("\ufffe", "\ud800", "\uff1d", "http://a.invalid", "internal:A1", "{=1}", "1", "TRUE", "#N/A"),
        ]
    )
).map("".join)
TEXTS = st.lists(ANY_TEXT | LIKE_SYNTAX, min_size=1, max_size=10)
CENTS = st.integers(-(10**14), 10**14).map(lambda cents: Decimal(cents) / 100)
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def first_column(content: bytes) -> list[Any]:
    """Return the cells below the header of the only list of a workbook."""
    return [row[0] for row in opened(content).worksheets[1].iter_rows(min_row=2)]


def a_workbook_of(cells: list[Cell]) -> bytes:
    """Return a workbook whose only list has these cells below each other."""
    return workbook(document_with(table_of(*((cell,) for cell in cells))))


@given(TEXTS)
@example(["_x000D_x000D_x000D_", "<r>_x0041_</r>", "_x005F_x0041_"])
def test_any_text_is_read_back_as_it_was_and_never_as_a_formula(texts: list[str]) -> None:
    """But for line ends, which are LF, what XML cannot hold, which is U+FFFD, and the dash for what is not known."""
    content = a_workbook_of([Cell(text=text) for text in texts])
    expected = [NOT_IN_XML.sub("\ufffd", re.sub("\r\n?", "\n", text)) for text in texts]
    found = first_column(content)
    assert {cell.data_type for cell in found} <= {"s", "n"}
    assert [cell.quotePrefix for cell in found] == [reads_as_formula(text) for text in texts]
    strings = set(shared_strings(content))
    for text, cell in zip(expected, found, strict=True):
        if text.strip() == "–" or not text:
            assert cell.value is None
            continue
        assert text in strings
        assert cell.data_type == "s"
        # openpyxl drops "x005F_" wherever it stands, and reads no escape.
        if "x005F_" not in text:
            assert cell.value == text


@given(st.lists(st.tuples(CENTS, st.sampled_from(["euros", "cents", "thousands", "plain"])), min_size=1, max_size=20))
def test_any_amount_up_to_a_thousand_billion_is_read_back_to_the_cent(
    amounts: list[tuple[Decimal, NumberForm]],
) -> None:
    """A cell holds euros and cents whatever the page shows: 10^12 with two decimals, and 0 is no -0."""
    found = first_column(a_workbook_of([Cell(text="?", value=value, form=form) for value, form in amounts]))
    assert [Decimal(repr(cell.value)) for cell in found] == [value for value, _form in amounts]


@given(st.lists(st.integers(-(10**8), 10**8).map(lambda hundredths: Decimal(hundredths) / 100), min_size=1))
def test_per_cents_are_fractions_exactly(percents: list[Decimal]) -> None:
    """63,34 % is 0.6334, so that a spreadsheet that counts with it counts right."""
    found = first_column(a_workbook_of([Cell(text="?", value=value, form="percent") for value in percents]))
    assert [Decimal(repr(cell.value)) for cell in found] == [value / 100 for value in percents]
    assert {cell.number_format for cell in found} == {"0.00%"}


@given(st.lists(st.dates(date(1800, 1, 1), date(9999, 12, 31)), min_size=1))
@example([date(1900, 2, 28), date(1900, 3, 1)])
def test_dates_are_dates_and_those_before_excels_calendar_texts(days: list[date]) -> None:
    """Excel counts a 29 February 1900 that never was: before it a date is written as it is read."""
    found = first_column(a_workbook_of([Cell(text=f"{day:%d.%m.}{day.year}", value=day, form="date") for day in days]))
    for day, cell in zip(days, found, strict=True):
        if day >= date(1900, 3, 1):
            assert (cell.value, cell.number_format) == (datetime(day.year, day.month, day.day), "d.m.yyyy")  # noqa: DTZ001
        else:
            assert cell.value == f"{day:%d.%m.}{day.year}"


@pytest.mark.parametrize("value", ["12345678901234567.89", "0.1e400", "NaN", "Infinity", "-Infinity"], ids=str)
def test_a_number_that_a_cell_cannot_hold_is_a_text(value: str) -> None:
    """Excel holds 15 digits: rather than another number, the cell has what the page has."""
    assert exact_number(Decimal(value), "cents") is None
    (cell,) = first_column(a_workbook_of([Cell(text="paljon", value=Decimal(value), form="cents")]))
    assert (cell.value, cell.data_type) == ("paljon", "s")


def test_what_is_more_exact_than_a_cent_is_rounded_to_what_a_cell_holds() -> None:
    """A third of a per cent has no last digit; 15 are kept."""
    assert exact_number(Decimal(100) / 3, "percent") == 0.333333333333333
    assert exact_number(Decimal("0.125"), "cents") == 0.125


@given(st.lists(ANY_TEXT | st.sampled_from(["History", "'a'", "Luvut", "LUVUT", "luvut ", "a/b", "ß", "ss", "x" * 40])))
def test_any_name_becomes_one_that_a_sheet_can_have(names: list[str]) -> None:
    """Excel's rules; and no two names of a workbook differ in their case alone."""
    taken: list[str] = []
    for name in names:
        taken.append(free_name(name, taken))
    for name in taken:
        assert 1 <= len(name.encode("utf-16-le")) // 2 <= MOST_LETTERS
        assert not set(name) & set("[]:*?/\\")
        assert name.strip("'") == name
        assert name.casefold() != "history"
        assert not NOT_IN_XML.search(name)
    assert len({name.casefold() for name in taken}) == len(names)
    tables = [
        table_of((Cell(text="a"),), sheet=name, key=f"t{number}") for number, name in enumerate(dict.fromkeys(names))
    ]
    assert len(opened(workbook(document_with(*tables))).sheetnames) == 1 + len(tables)


def test_a_list_longer_than_a_sheet_goes_on_on_the_next() -> None:
    """No row is lost: the header stands above each piece."""
    document = document_with(table_of(*((Cell(text=f"{number}"),) for number in range(7)), note="Huom."))
    pieces = list(sheets(document, taken=["Tiivistelmä"], most_rows=3))
    assert [piece.name for piece in pieces] == ["Taulukko", "Taulukko 2", "Taulukko 3"]
    assert [row.cells[0].text for piece in pieces for row in piece.rows] == list("0123456")
    assert {piece.notes for piece in pieces} == {("Huom.",)}


def test_a_cell_holds_as_much_as_excel_lets_it() -> None:
    """The limit is Excel's, in UTF-16 units."""
    assert MOST_UNITS == 32_767
