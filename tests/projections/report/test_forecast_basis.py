"""What a report says of forecasts: in a workbook how each was come by, in the summary what was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import openpyxl
import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog
    from tests.projections.conftest import ImportedReport

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


def summary_of(page: str) -> str:
    """Return the summary of a report, up to its first table, with plain blanks."""
    told = page.replace("\u00a0", " ").partition("## Tiivistelmä\n")[2]
    return told.partition("| Yksikkö")[0]


def test_the_summary_speaks_of_every_forecast_that_was_given(sample: ImportedReport) -> None:
    """Of the net of a part where what was given is in it; else of what its units gave, and how many more there are."""
    terminal = Terminal(sample.path)
    assert "ennuste" not in summary_of(terminal.done("report 2020Q2 --format md -o -"))
    terminal.done("record forecast 4160 expenses 2020Q2 -1 950 000")
    told = summary_of(terminal.done("report 2020Q2 --format md -o -"))
    assert "Lukio: vuoden 2020 ennuste (menot) on −1 950 000 €, 36 700 € talousarviota huonompi." in told
    for unit in ("4000", "4030", "4100", "4200", "4240", "4600"):
        terminal.done(f"record forecast {unit} expenses 2020Q2 -1 000")
    told = summary_of(terminal.done("report 2020Q2 --format md -o -"))
    assert "Lisäksi on annettu 2 ennustetta; ne ovat taulukoissa." in told


def test_each_way_of_forecasting_is_told_once_of_a_unit(sample: ImportedReport) -> None:
    """The lines that were forecast alike stand in one sentence; what ± means is said once, and not of every unit."""
    terminal = Terminal(sample.path)
    terminal.done("record forecast 410 expenses 2020Q2 -16 950 000 --text Sijaiset")
    page = terminal.done("report 2020Q2 --format md -o -").replace("\u00a0", " ")
    assert "Menot: yksikön antama: Sijaiset" in page
    lists = [told.split("\n**", 1)[0] for told in page.split("**Mihin ennusteet perustuvat**")[1:]]
    assert lists
    for told in lists:
        ways = [line.partition(":")[0] for line in told.splitlines() if line.startswith("- ")]
        assert len(ways) == len(set(ways))
    assert page.count("± kertoo") <= 1


def test_the_progress_of_a_project_is_one_number_everywhere(sample: ImportedReport) -> None:
    """29.2 per cent is no 29 in the table and no 29.20 in the picture, and 18 per cent no 18.0."""
    terminal = Terminal(sample.path)
    page = terminal.done("report 2020Q2 --format md -o -").replace("\u00a0", " ")
    assert "| 29,2 | 83 |" in page
    assert "**Edennyt** 29,2 %" in page
    drawn = terminal.done("report 2020Q2 --format html -o -").replace("\u00a0", " ")
    assert ">29,2 %</text>" in drawn
    assert ">18 %</text>" in drawn
    assert ">18,0 %</text>" not in drawn


def columns_of(path: Path) -> list[list[object]]:
    """Return what stands below the header of every column of that name."""
    book = openpyxl.load_workbook(path)
    columns = [[cell.value for cell in column] for sheet in book.worksheets for column in sheet.columns]
    return [column[1:] for column in columns if column[0] == HEADER]
