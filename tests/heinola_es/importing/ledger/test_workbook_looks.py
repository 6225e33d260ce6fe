"""What a workbook shows, and hides, of its cells: thousands by their format alone, rows and sheets that nobody sees."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest
import xlsxwriter

from heinola_es.importing.ledger.suggesting.suggest import suggested_mapping
from tests.heinola_es.importing.ledger.ledgers import PLAIN, placed, read_file, told, written
from tests.heinola_es.importing.ledger.workbooks import HEADER, ROW, open_document, repacked

if TYPE_CHECKING:
    from pathlib import Path

LINES = [[*ROW[:4], 4000 + at, "1/2020", -10 * (at + 1)] for at in range(3)]
NOTE = "hidden rows of the sheet are read like the others: row 3"


def workbook(path: Path, form: str = "General", hidden: int | None = None, old: str = "visible") -> Path:
    """Write a ledger whose amounts are shown in a format, and an older sheet of more rows."""
    book = xlsxwriter.Workbook(path / "ledger.xlsx")
    sheet, style = book.add_worksheet("Pääkirja"), book.add_format({"num_format": form})
    for number, row in enumerate([HEADER, *LINES]):
        sheet.write_row(number, 0, row)
    for number, row in enumerate(LINES, 1):
        sheet.write(number, len(row) - 1, row[-1], style)
    if hidden is not None:
        sheet.set_row(hidden - 1, options={"hidden": True})
    if old != "none":
        before = book.add_worksheet("vanha")
        for number, row in enumerate([HEADER, *LINES, *LINES]):
            before.write_row(number, 0, row)
        if old == "hidden":
            before.hide()
    book.close()
    return path / "ledger.xlsx"


@pytest.mark.parametrize(
    ("form", "unit"),
    [
        ('# ##0 "t€"', "thousand"),
        ('#,##0\\ "1 000 €"', "thousand"),
        ('#,##0.0 "milj. €"', "million"),
        ("#,##0 [$tkr]", "thousand"),
        ('#,##0," t€"', None),
        ('#,##0.00 "€"', None),
        ("General", None),
        ("0.00E+00", None),
    ],
)
def test_what_the_format_of_amounts_says_is_asked_about(tmp_path: Path, form: str, unit: str | None) -> None:
    """Cells shown as `10 t€` are no euros until the mapping says so; one that is only shown scaled holds euros."""
    file = workbook(tmp_path, form, old="none")
    asked = (
        f"the format of the cells of 'actual' says that amounts are {unit}s; say in = \"{unit}\" under [[amounts]], "
    )
    asked += 'or in = "euro" where they are euros'
    assert told(read_file(file, written(tmp_path, PLAIN, "ledger.toml"))) == ([asked] if unit else [])
    assert tomllib.loads(suggested_mapping(file))["amounts"][0].get("in") == unit
    said = written(tmp_path, f'{PLAIN}in = "euro"\n', "said.toml")
    assert [cents for *_what, cents in placed(read_file(file, said))] == [-1000, -2000, -3000]


def test_hidden_rows_are_told(tmp_path: Path) -> None:
    """Rows that a filter hides are rows of the ledger; whoever sees two of three is told that there are three."""
    mapping = written(tmp_path, PLAIN, "ledger.toml")
    ledger = read_file(workbook(tmp_path, hidden=3, old="none"), mapping)
    assert (len(placed(ledger)), list(ledger.notes)) == (3, [NOTE])

    def hide(content: bytes) -> bytes:
        rows = content.split(b"<table:table-row>")
        return (
            b"<table:table-row>".join(rows[:3])
            + b'<table:table-row table:visibility="filter">'
            + rows[3]
            + b"".join(b"<table:table-row>" + row for row in rows[4:])
        )

    document = open_document(tmp_path / "ledger.ods", [HEADER, *LINES])
    assert list(read_file(document, mapping).notes) == []
    ledger = read_file(repacked(document, {"content.xml": hide}, "filtered.ods"), mapping)
    assert (len(placed(ledger)), list(ledger.notes)) == (3, [NOTE])


@pytest.mark.parametrize(("old", "suggested"), [("hidden", "Pääkirja"), ("visible", "vanha")])
def test_a_hidden_sheet_is_not_suggested(tmp_path: Path, old: str, suggested: str) -> None:
    """An old sheet with more rows, put out of sight, is not the one that is meant."""
    assert tomllib.loads(suggested_mapping(workbook(tmp_path, old=old)))["file"]["sheet"] == suggested
