"""Small ledgers after real ones that went wrong: each in a fresh store, with what must come out of it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.heinola_es.importing.ledger.ledgers import written
from tests.projections.asking import snapshot_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from click.testing import Result

    from heinola_es.store.log import EventLog

CASES = Path(__file__).with_name("cases")


@pytest.fixture
def terminal(new_store: EventLog) -> Terminal:
    """Give a terminal in front of an empty store, on either database."""
    return Terminal(new_store.location)


def importing(terminal: Terminal, file: str | Path, mapping: str | Path, *options: str) -> Result:
    """Import a case's file by a case's mapping."""
    words = ["import figures", str(CASES / file), "--mapping", str(CASES / mapping), *options]
    return terminal.run(" ".join(words))


def taken(terminal: Terminal, file: str | Path, mapping: str | Path, *options: str) -> str:
    """Import a case's file, which must be taken, and return all that was said."""
    result = importing(terminal, file, mapping, *options)
    assert result.exit_code == 0, result.stderr
    return result.output


def refused(terminal: Terminal, file: str | Path, mapping: str | Path, *options: str, code: int = 1) -> str:
    """Import a case's file, which must be refused with nothing recorded, and return all that was said."""
    before = terminal.events()
    result = importing(terminal, file, mapping, *options)
    assert result.exit_code == code, result.output
    assert terminal.events() == before
    return result.output


def figures(terminal: Terminal, unit: str, period: str, column: str = "actual") -> dict[str, int | None]:
    """Return the cents of a unit's lines that are known for a period."""
    (found,) = [one for one in snapshot_of(terminal.location, period)["units"] if one["code"] == unit]
    cells: dict[str, Any] = {row["line"]: row[column] for row in found["figures"]}
    return {line: cell["cents"] for line, cell in cells.items() if cell}


def corrected(folder: Path, mapping: str, old: str, new: str) -> Path:
    """Return a copy of a case's mapping with a change."""
    text = (CASES / mapping).read_text("utf-8")
    assert old in text
    return written(folder, text.replace(old, new), "corrected.toml")


# ---------------------------------------------------------------- what swallows or invents


def test_a_stray_quotation_mark_is_asked_about(terminal: Terminal, tmp_path: Path) -> None:
    """The cell that begins in row 2 and the rows that it swallows are named; either answer is taken."""
    said = refused(terminal, "stray-quote.csv", "stray-quote.toml", code=2)
    assert "row 2: the cell that begins with the quotation mark before 'Palkat' goes on through rows 3–8" in said
    mapping = corrected(tmp_path, "stray-quote.toml", "version = 1", 'version = 1\n[file]\nquotes = "none"')
    taken(terminal, "stray-quote.csv", mapping)
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -8000


def test_a_cell_may_hold_lines_where_that_is_meant(terminal: Terminal, tmp_path: Path) -> None:
    """With quotes = "lines" a cell that reads like rows is a cell."""
    mapping = corrected(tmp_path, "stray-quote.toml", "version = 1", 'version = 1\n[file]\nquotes = "lines"')
    taken(terminal, "stray-quote.csv", mapping)
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -2000


def test_the_foot_of_a_page_is_no_unit(terminal: Terminal) -> None:
    """Page numbers between rows are passed over and told; only units with amounts are established."""
    said = taken(terminal, "page-footer.csv", "page-footer.toml")
    assert "2 rows without amounts, and of no unit, passed over: row 3 'sivu 1 / 2', row 5 'sivu 2 / 2'" in said
    assert "2 units found, 2 new" in said
    assert figures(terminal, "4000", "1-6/2020")["personnel"] == -100_000
    assert figures(terminal, "4010", "1-6/2020")["personnel"] == -50_000


def test_a_bar_inside_a_text_is_no_delimiter(terminal: Terminal) -> None:
    """Commas stand between the cells, though every row has a bar in its text."""
    taken(terminal, "pipe-in-text.csv", "w.toml")
    assert figures(terminal, "400", "1-6/2020")["personnel"] == -12_050


def test_a_workbook_is_what_its_content_says(terminal: Terminal) -> None:
    """A workbook of today's kind under the old name is read as under its own."""
    assert "2 rows read: 2 with amounts" in taken(terminal, "xlsx-named.xls", "w.toml")
    found = figures(terminal, "400", "1-6/2020")
    assert (found["sales"], found["personnel"]) == (2000, -10_050)


@pytest.mark.parametrize("file", ["old-workbook.xls", "open-document.ods"])
def test_workbooks_of_other_kinds_are_read(terminal: Terminal, tmp_path: Path, file: str) -> None:
    """An old workbook and an OpenDocument one: dates, numbers, merged cells; an error is told, and is no zero."""
    text = (CASES / "w.toml").read_text("utf-8")
    text = text.replace('"Tot 1-6/2020"\nperiod = "1-6/2020"', '"Tot"').replace('"Toimiala"', '"Toimiala"\nfill = true')
    mapping = written(tmp_path, text + '[period]\ncolumn = "Kausi"\n', "kausi.toml")
    advice = "open the file in a spreadsheet program, mend the cell and save"
    said = refused(terminal, file, mapping, code=2)
    assert f"row 3, column Tot: the cell holds an error (such as #DIV/0!); {advice}" in said
    mapping.write_text(f"{mapping.read_text()}[skip]\nrows = [3, 4]\n")
    taken(terminal, file, mapping)
    assert "personnel" not in figures(terminal, "400", "1-3/2020")  # nothing is left of February
    terminal.done("record complete 2/2020")
    found = figures(terminal, "400", "1-3/2020")
    assert (found["personnel"], found["services"]) == (-123_450, -1125)
