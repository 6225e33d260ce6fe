"""A workbook says of every forecast how it was come by, in a column beside it; what is printed does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

HEADER = "Ennusteen peruste"


@pytest.mark.in_a_file
def test_a_workbook_tells_the_basis_of_forecasts(store: EventLog, tmp_path: Path) -> None:
    """Given, and what was said; or computed, by which method. Without a forecast there is no such column."""
    terminal = Terminal(store.location)
    terminal.done("record budget 4160 personnel 2020 -100 000 --on 1.1.2020")
    assert terminal.run(f"report 2020Q2 -o {tmp_path}/without.xlsx").exit_code == 0
    terminal.done("record forecast 4160 expenses 2020Q2 -110 000 --text Sijaiset")
    assert terminal.run(f"report 2020Q2 -o {tmp_path}/with.xlsx").exit_code == 0
    assert HEADER not in terminal.done("report 2020Q2 --format md -o -")
    assert not columns_of(tmp_path / "without.xlsx")
    assert any("yksikön antama: Sijaiset" in told for told in columns_of(tmp_path / "with.xlsx"))


def columns_of(path: Path) -> list[list[object]]:
    """Return what stands below the header of every column of that name."""
    book = openpyxl.load_workbook(path)
    columns = [[cell.value for cell in column] for sheet in book.worksheets for column in sheet.columns]
    return [column[1:] for column in columns if column[0] == HEADER]
