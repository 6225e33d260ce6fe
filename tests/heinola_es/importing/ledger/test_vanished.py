"""What an earlier export brought and a newer one has no longer, or has as nought, does not stay standing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from events.figures import BudgetAmended, FigureStated, StatementWithdrawn
from tests.heinola_es.importing.ledger.ledgers import PLAIN, lined, written
from tests.heinola_es.importing.ledger.test_recording import imported
from tests.projections.asking import cells, snapshot_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

STATEMENT = 'is = "actual"\nas = "statement"'
TAKEN = {"budget": 'is = "budget"', "amendment": 'is = "amendment"', "statement": STATEMENT}
GONE = {"vanished": (), "nought": ("4300 2020 0,00",)}


@pytest.fixture(params=TAKEN)
def taken(request: pytest.FixtureRequest) -> str:
    """Give what the column of amounts is."""
    return str(request.param)


@pytest.fixture
def terminal(store: EventLog, tmp_path: Path, taken: str) -> Terminal:
    """Give a terminal in front of the small city's store, with the mapping of a column of that kind."""
    written(tmp_path, PLAIN.replace('is = "actual"', TAKEN[taken]), "plain.toml")
    terminal = Terminal(store.path)
    if taken == "amendment":
        terminal.done("record budget 4100 fees 2020 1 --on 1.1.2020")
    return terminal


@pytest.mark.parametrize("gone", GONE)
def test_what_a_newer_file_has_no_longer_is_taken_back(terminal: Terminal, taken: str, gone: str) -> None:
    """A budget or an amendment goes back to 0; a total is withdrawn, or stated as 0 where the file says so.

    What is the same stays as it was.
    """
    column = "actual" if taken == "statement" else "budget"
    imported(terminal, lined("4000 2020 -15,00", "4300 2020 -10,00"))
    assert told(terminal)["4100", "services", column] == -10_00

    (event,) = imported(terminal, lined("4000 2020 -15,00", *GONE[gone]), "--update", name="b.csv")

    restated = FigureStated if gone == "nought" else StatementWithdrawn
    assert isinstance(event, restated if taken == "statement" else BudgetAmended)
    after = told(terminal)
    assert after["4100", "personnel", column] == -15_00
    assert after.get(("4100", "services", column)) == (None if event.TOPIC == "StatementWithdrawn" else 0)


@pytest.mark.parametrize("gone", GONE)
def test_what_people_recorded_stays(terminal: Terminal, taken: str, gone: str) -> None:
    """What was entered by hand on the same line is no business of a file."""
    imported(terminal, lined("4000 2020 -15,00", "4300 2020 -10,00"))
    if taken == "statement":
        terminal.done("record statement 4100 sales 2020 7")
    else:
        terminal.done("record budget 4100 sales 2020 7 --on 1.1.2020")
    imported(terminal, lined("4000 2020 -15,00", *GONE[gone]), "--update", name="b.csv")
    column = "actual" if taken == "statement" else "budget"
    assert told(terminal)["4100", "sales", column] == 7_00


def told(terminal: Terminal) -> dict[tuple[str, str, str], int | None]:
    """Return the cells of the year's report."""
    return cells(snapshot_of(terminal.store, "2020", all_lines=True))
