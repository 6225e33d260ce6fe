"""Several tables in a sheet: by the cells of their header, or by their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.errors import BadInput
from tests.heinola_es.importing.ledger.ledgers import PLAIN, read_file, written
from tests.heinola_es.importing.ledger.workbooks import workbook

if TYPE_CHECKING:
    from pathlib import Path

HEAD: list[object] = ["sector", "area", "unit", "name", "account", "month", "actual"]
OTHER: list[object] = ["Hanke", "Arvio", "Tila"]
SHEET: list[list[object]] = [
    ["Taloustaulukot"],
    [],
    OTHER,
    ["Koulu", 5, "kesken"],
    [],
    HEAD,
    ["HYV", "410", "4100", "Koulu", 4000, "1/2020", -1],
    ["HYV", "410", "4160", "Päiväkoti", 4000, "1/2020", -2],
    [],
    ["Taulukko 2"],
    OTHER,
    ["Tie", 7, "valmis"],
    [],
    HEAD,
    ["HYV", "420", "4200", "Kirjasto", 4000, "1/2020", -4],
]
FIRST, SECOND = [("4100", -100, 7), ("4160", -200, 8)], [("4200", -400, 15)]
BY_HEADER = PLAIN.replace("version = 1", 'version = 1\n[file]\nheader = ["Account", "actual"]')


def written_as(folder: Path, kind: str) -> Path:
    """Write the sheet, as a workbook or as text."""
    if kind == "xlsx":
        return workbook(folder / "a.xlsx", SHEET)
    return written(folder, "".join(";".join(map(str, row)) + "\n" for row in SHEET), "a.csv")


def found(file: Path, mapping: str) -> tuple[list[tuple[str, int, int]], list[str]]:
    """Return the amounts of a file, with their unit and row, and the notes; nothing is wrong with it."""
    ledger = read_file(file, written(file.parent, mapping, "a.toml"))
    assert not ledger.problems
    of = ledger.amounts
    cells = zip(of.unit, of.cents, of.row, strict=True)
    return [(ledger.units[unit].code, cents, row) for unit, cents, row in cells], ledger.notes


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_table_is_found_by_cells_of_its_header(tmp_path: Path, kind: str) -> None:
    """Both tables of that header are read, each up to a blank row; what is another table's is told and not read."""
    cells, notes = found(written_as(tmp_path, kind), BY_HEADER)
    assert cells == FIRST + SECOND
    assert notes == ["3 rows of other tables left, behind a blank row and under no such header: rows 10, 11 and 12"]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("said", "cells"), [("first_row = 10", SECOND), ("last_row = 9", FIRST)])
def test_a_table_is_told_by_its_header_and_its_rows(
    tmp_path: Path, kind: str, said: str, cells: list[tuple[str, int, int]]
) -> None:
    """Of two tables of the same header the one that begins at a row is read, or the one that ends at one."""
    assert found(written_as(tmp_path, kind), BY_HEADER.replace("[file]", f"[file]\n{said}"))[0] == cells


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(("said", "cells"), [("header = 14", SECOND), ("header = 6\nlast_row = 9", FIRST)])
def test_a_table_is_told_by_its_rows_alone(
    tmp_path: Path, kind: str, said: str, cells: list[tuple[str, int, int]]
) -> None:
    """By the number of the row of its header, and of its last."""
    mapping = PLAIN.replace("version = 1", f"version = 1\n[file]\n{said}")
    assert found(written_as(tmp_path, kind), mapping)[0] == cells


def test_a_cell_of_several_lines_is_no_blank_row(tmp_path: Path) -> None:
    """In text a cell between quotation marks may hold lines; the row below it is the next one of the same table."""
    text = (
        ";".join(map(str, HEAD)) + '\nHYV;410;4100;"Koulu\nja piha";4000;1/2020;-1\nHYV;410;4160;Muu;4000;1/2020;-2\n'
    )
    assert found(written(tmp_path, text, "a.csv"), BY_HEADER)[0] == [("4100", -100, 2), ("4160", -200, 4)]


def test_a_header_that_is_not_there_is_told(tmp_path: Path) -> None:
    """By its cells."""
    with pytest.raises(BadInput, match="has no row with the cells Account, summa; check header under"):
        found(written_as(tmp_path, "csv"), BY_HEADER.replace('"actual"]', '"summa"]'))
