"""Codes that stand for something else: refused when they are new; a store that has one of before still opens."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson
import pytest

from events.streams import unit_stream
from heinola_es.sealing.keys import create_key
from heinola_es.store.appending import Body
from heinola_es.store.log import EventLog, Request
from tests.heinola_es.importing.ledger.ledgers import PLAIN, lined, written
from tests.projections.asking import snapshot_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

BAD = ["*", "?", "#4", "-", "@x", "=1", "+4", '"4"', "4\u202e1", "4\x1b1", "4\n1", "x" * 80]
AT = datetime(2019, 2, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store."""
    return Terminal(store.location)


@pytest.fixture
def of_before(store: EventLog) -> Terminal:
    """Give a terminal in front of a store that holds units with codes that are none."""
    with store.command(AT, Request("controller")) as command:
        command.append_bodies(_established(code) for code in ("*", "#4", "-", " x"))
    return Terminal(store.location)


def _established(code: str) -> Body:
    body = {
        "v": 1,
        "recorded": "2019-02-01T09:00:00.000000Z",
        "recorded_by": "controller",
        "effective": "2019-01-01/2019-01-01",
        "code": code,
        "name": f"Yksikkö {code}",
        "kind": "unit",
        "parent": "400",
    }
    return Body(unit_stream(code).hex, 1, "UnitEstablished", orjson.dumps(body))


@pytest.mark.parametrize("code", BAD)
def test_a_unit_bears_no_such_code(terminal: Terminal, code: str) -> None:
    """One sentence, nothing recorded."""
    line = f"record unit --on 1.1.2020 --parent 400 -- {shlex.quote(code)} Nimi"
    assert terminal.refused(line, code=2).startswith("heinola: the ")


@pytest.mark.parametrize("goal", BAD)
def test_a_goal_bears_no_such_id(terminal: Terminal, goal: str) -> None:
    """The ids of goals are codes."""
    assert terminal.refused(f"record goal --binding-goal x -- 4160 {shlex.quote(goal)} 2020", code=2)


@pytest.mark.parametrize("name", ["a\nb", "a\x1bb", "x" * 400])
def test_a_project_bears_no_such_name(terminal: Terminal, name: str) -> None:
    """The names of projects are free, but for characters that control and names without end."""
    assert terminal.refused(f"record project {shlex.quote(name)} 4160 2020", code=2)


def test_a_ledger_with_such_codes_is_refused_by_row(terminal: Terminal, tmp_path: Path) -> None:
    """Each unit whose code is none is told with its row."""
    text = lined("4000 1/2020 -1,00", "4000 2/2020 -1,00").replace(
        ";4100;Perusopetus;4000;2/", ";#4;Perusopetus;4000;2/"
    )
    command = f"import figures {written(tmp_path, text, 'l.csv')} --mapping {written(tmp_path, PLAIN, 'plain.toml')}"
    before = terminal.events()
    result = terminal.run(command)
    assert (result.exit_code, result.stdout) != (0, "")
    assert "row 3: the unit's code '#4' has '#'" in result.stderr
    assert terminal.events() == before


def test_a_store_of_before_is_read(of_before: Terminal) -> None:
    """Units that bear such codes are shown, and recorded on, as before."""
    codes = [unit["code"] for unit in snapshot_of(of_before.location, "2020Q2")["units"]]
    assert {"*", "#4", "-", " x"} < set(codes)
    of_before.done("record actual '#4' fees 6/2020 100")
    of_before.done("record rename '#4' Uusi --on 1.3.2020")
    report = "report 2020Q2 --format md -o -"
    for line in ("snapshot 2020Q2", "snapshot 2020Q2 --unit '*'", report, "audit log --unit '*'"):
        assert of_before.run(line).exit_code == 0, line


def test_the_report_of_a_unit_is_never_taken_for_the_citys(of_before: Terminal, tmp_path: Path) -> None:
    """The city's report is published; that of a unit whose code stands for the city is refused in a sentence."""
    key = tmp_path / "key"
    create_key(key, "Heinola")
    of_before.done(f"publish 2020Q2 --key {key} -o {tmp_path}/city.seal")
    for line in (
        f"publish 2020Q2 --unit '*' --key {key} -o {tmp_path}/unit.seal",
        f"publish 2020Q2 --unit '*' --seal-again 1 --key {key} -o {tmp_path}/unit.seal",
        "report 2020Q2 --unit '*' --format md -o -",
        "audit diff 2020Q2 --unit '*' --from published",
    ):
        sentence = of_before.refused(line, code=2)
        assert sentence.startswith("heinola: * stands for the whole city"), line
    assert not (tmp_path / "unit.seal").exists()
    assert of_before.done("audit verify").startswith("all is as it was recorded")
