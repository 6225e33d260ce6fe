"""Units that a file brings in exist from the earliest fact about them, whichever file tells it first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from events.organisation import UnitFirstDayCorrected
from tests.heinola_es.importing.ledger.ledgers import PLAIN, rows, written
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

BUDGET = PLAIN.replace('is = "actual"', 'is = "budget"')


@pytest.fixture
def terminal(store: EventLog, tmp_path: Path) -> Terminal:
    """Give a terminal in front of the small city's store, and mappings beside it."""
    written(tmp_path, PLAIN, "plain.toml")
    written(tmp_path, BUDGET, "budget.toml")
    return Terminal(store.location)


def imported(terminal: Terminal, folder: Path, text: str, *options: str, mapping: str = "plain", code: int = 0) -> str:
    """Import a ledger, and return what was said."""
    file = written(folder, text, f"{len(terminal.events())}.csv")
    line = " ".join(["import figures", str(file), "--mapping", str(folder / f"{mapping}.toml"), *options])
    result = terminal.run(line)
    assert result.exit_code == code, result.output
    return result.output


def first_days(terminal: Terminal) -> dict[str, str]:
    """Return the first day of every unit that was corrected."""
    corrected = (event for event in terminal.events() if isinstance(event, UnitFirstDayCorrected))
    return {event.code: str(event.effective.start) for event in corrected}


def test_the_ledger_of_the_year_before_moves_the_first_days(terminal: Terminal, tmp_path: Path) -> None:
    """Units met first in the budget of 2021 are there in 2020, where the ledger of 2020 has them; the dry run tells."""
    imported(terminal, tmp_path, rows("HYV;420;4200;Kirjasto;4000;2021;-5"), mapping="budget")
    ledger = rows("HYV;420;4200;Kirjasto;4000;6/2020;-1", "HYV;420;4210;Museo;4000;6/2020;-1")
    told = imported(terminal, tmp_path, ledger, "--dry-run")
    assert "units that begin earlier:" in told
    assert "  420 on 1.1.2020, not on 1.1.2021" in told
    assert "  4200 on 1.1.2020, not on 1.1.2021 (row 2)" in told
    assert "2 first days" in told
    assert first_days(terminal) == {}
    imported(terminal, tmp_path, ledger)
    assert first_days(terminal) == {"420": "2020-01-01", "4200": "2020-01-01"}
    corrected = [event for event in terminal.events() if isinstance(event, UnitFirstDayCorrected)]
    assert all("tells of 2020" in event.reason for event in corrected)
    assert "4200" in terminal.done("list units --on 1.2.2020 --format csv")


def test_a_new_unit_below_moves_the_one_above(terminal: Terminal, tmp_path: Path) -> None:
    """An area that has no amounts of its own is there before what stands under it."""
    imported(terminal, tmp_path, rows("HYV;420;4200;Kirjasto;4000;2021;-5"), mapping="budget")
    imported(terminal, tmp_path, rows("HYV;420;4210;Museo;4000;6/2019;-1"))
    assert first_days(terminal) == {"420": "2019-01-01"}


def test_a_unit_is_there_from_the_day_that_is_said(terminal: Terminal, tmp_path: Path) -> None:
    """--units-since is of new units; one that is there from an earlier day on needs no correction."""
    first = rows("HYV;420;4200;Kirjasto;4000;2021;-5")
    imported(terminal, tmp_path, first, "--units-since 1.1.2019", mapping="budget")
    imported(terminal, tmp_path, rows("HYV;420;4200;Kirjasto;4000;6/2020;-1"))
    assert first_days(terminal) == {}


def test_a_first_day_that_somebody_said_holds(terminal: Terminal, tmp_path: Path) -> None:
    """What was recorded by hand is no conclusion: the rows are refused, and a person has to look."""
    terminal.done("record unit 4200 Kirjasto --parent 410 --on 1.1.2021")
    told = imported(terminal, tmp_path, rows("HYV;410;4200;Kirjasto;4000;6/2020;-1"), code=1)
    assert "unit 4200 exists only from 1.1.2021" in told
    assert first_days(terminal) == {}
    terminal.done("record unit 4200 --on 1.1.2020 --correcting --reason 'perustettu 2020'")
    imported(terminal, tmp_path, rows("HYV;410;4200;Kirjasto;4000;6/2020;-1"))


def test_what_a_unit_was_called_and_stood_under_holds_from_the_earlier_day(terminal: Terminal, tmp_path: Path) -> None:
    """Nothing else about the unit changes."""
    imported(terminal, tmp_path, rows("HYV;420;4200;Kirjasto;4000;2021;-5"), mapping="budget")
    terminal.done("record rename 4200 Kaupunginkirjasto --on 1.1.2022")
    imported(terminal, tmp_path, rows("HYV;420;4200;Kirjasto;4000;6/2019;-1"))
    (line,) = [line for line in terminal.done("list units --on 1.2.2020 --format csv").splitlines() if "4200" in line]
    assert line.startswith("4200,Kirjasto,unit,420")
