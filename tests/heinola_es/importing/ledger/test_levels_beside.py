"""A file of service areas after one of their units, or the other way round: what would count twice is told."""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING

import pytest

from tests.heinola_es.importing.ledger.ledgers import PLAIN, rows, written
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

UNITS = rows("HYV;410;4100;;4000;1/2020;-10,00", "HYV;410;4160;;4000;1/2020;-5,00")
AREAS = rows("HYV;410;;;4000;1/2020;-15,00")
LATER = rows("HYV;410;;;4000;2/2020;-15,00", "HYV;410;;;3000;1/2020;15,00")
BUDGETS = UNITS.replace("1/2020", "2020")
BUDGET = 'is = "actual"', 'is = "budget"'
OF_AREAS = PLAIN.replace('[[units]]\nkind = "unit"\ncolumn = "unit"\nname_column = "name"\n', "")
TOLD = "with actuals or budgets of days of which a unit above or below has some of the same line, imported before"


def notes(terminal: Terminal, folder: Path, text: str, *options: str, name: str) -> list[str]:
    """Import a file, and return what is noted of levels."""
    mapping_text = PLAIN if text in (UNITS, BUDGETS) else OF_AREAS
    said = mapping_text if "/2020" in text else mapping_text.replace(*BUDGET)
    file, mapping = written(folder, text, name), written(folder, said, "m.toml")
    result = terminal.run(f"import figures {file} --mapping {mapping} {' '.join(options)}")
    assert result.exit_code == 0, result.output
    return [line.strip() for line in result.output.splitlines() if TOLD in line]


@pytest.mark.parametrize("order", list(permutations(["units", "areas"])))
def test_figures_of_two_levels_are_told(store: EventLog, tmp_path: Path, order: tuple[str, str]) -> None:
    """Whichever comes first; each unit of the second file is named beside what it is added to."""
    terminal, text = Terminal(store.path), {"units": UNITS, "areas": AREAS}
    assert notes(terminal, tmp_path, text[order[0]], name="first.csv") == []
    (note,) = notes(terminal, tmp_path, text[order[1]], name="second.csv")
    named = (
        {"areas": "1 unit with", "units": "2 units with"},
        {"areas": "410 beside 4100;", "units": "4160 beside 410;"},
    )
    assert all(words[order[1]] in note for words in named)


def test_other_days_and_other_lines_are_no_second_count(store: EventLog, tmp_path: Path) -> None:
    """Nor is anything told where both are meant."""
    terminal = Terminal(store.path)
    assert notes(terminal, tmp_path, UNITS, name="units.csv") == []
    assert notes(terminal, tmp_path, LATER, name="later.csv") == []
    assert notes(terminal, tmp_path, AREAS, "--also", name="areas.csv") == []


def test_budgets_of_two_levels_are_told(store: EventLog, tmp_path: Path) -> None:
    """They add up as actuals do; actuals beside budgets are no second count."""
    terminal = Terminal(store.path)
    assert notes(terminal, tmp_path, BUDGETS, name="units.csv") == []
    assert notes(terminal, tmp_path, AREAS, name="actuals.csv") == []
    (note,) = notes(terminal, tmp_path, AREAS.replace("1/2020", "2020"), name="areas.csv")
    assert "410 beside 4100;" in note
