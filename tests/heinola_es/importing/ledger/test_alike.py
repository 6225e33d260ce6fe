"""Codes of which only zeros differ: a spreadsheet makes `410` of `0410`, and a database `410.0`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.importing.ledger.recording.alike import without_zeros
from tests.heinola_es.importing.ledger.ledgers import PLAIN, rows, written
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

LINE = "HYV;410;{};;4000;{}/2020;-1,00"
WAY = "where they are one, write its code alike in the file, as text in a spreadsheet, and import again"


def notes(terminal: Terminal, folder: Path, name: str, *lines: str) -> list[str]:
    """Import units and return what is noted."""
    mapping, file = written(folder, PLAIN, "plain.toml"), written(folder, rows(*lines), name)
    result = terminal.run(f"import figures {file} --mapping {mapping}")
    assert result.exit_code == 0, result.output
    return [line.strip() for line in result.output.splitlines() if "note: " in line]


def test_new_units_whose_codes_differ_by_zeros_are_noted(store: EventLog, tmp_path: Path) -> None:
    """In one file, and beside those of the store; 410 is a service area, and 4190 another number."""
    terminal = Terminal(store.path)
    first = [LINE.format("0410", 1), LINE.format("0420", 1), LINE.format("420.0", 1), LINE.format("4190", 1)]
    assert notes(terminal, tmp_path, "a.csv", *first) == [
        f"note: 1 pair of units of which only zeros differ: 420.0 and 0420 (row 4); {WAY}"
    ]
    assert notes(terminal, tmp_path, "b.csv", LINE.format("00410", 2), LINE.format("0420", 2)) == [
        f"note: 1 pair of units of which only zeros differ: 00410 and 0410 (row 2); {WAY}"
    ]
    assert notes(terminal, tmp_path, "c.csv", LINE.format("0410", 3), LINE.format("4191", 3)) == []


@pytest.mark.parametrize(
    ("code", "number"), [("0410", "410"), ("410.0", "410"), ("00", "0"), ("4100", "4100"), ("1.1", ""), ("KP04", "")]
)
def test_a_code_without_zeros(code: str, number: str) -> None:
    """Zeros before a number and its decimals go; what is no number is none."""
    assert without_zeros(code) == number
