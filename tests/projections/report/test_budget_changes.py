"""The decisions on a budget: their fields, and the part of a report that tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from events.figures import BudgetAmended
from tests.terminal import Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

AMEND = "record amendment 4160 personnel 2020 -5 000"


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store, on either database, with a budget of two lines."""
    terminal = Terminal(store.location)
    for line in (
        "record budget 4160 personnel 2020 -100 000 --on 1.1.2020",
        "record budget 4160 services 2020 -20 000 --on 1.1.2020",
    ):
        terminal.done(line)
    return terminal


def section_of(page: str) -> str:
    """Return the part of a report that tells of decisions, or nothing."""
    return page.partition("# Talousarvion muutokset")[2].partition("\n# ")[0]


def test_a_decision_is_told_in_fields(terminal: Terminal) -> None:
    """The organ, the section of its minutes with or without its sign, and the address; in lists and in the log."""
    where = "https://kunta.example/poytakirjat/41"
    event = terminal.recorded(f"{AMEND} --on 15.6.2020 --organ kaupunginvaltuusto --section '§ 41' --address {where}")
    assert isinstance(event, BudgetAmended)
    assert (event.organ, event.minutes_section, event.address) == ("kaupunginvaltuusto", "41", where)
    (row,) = orjson.loads(terminal.done("list amendments --format json"))
    assert (row["organ"], row["minutes_section"], row["address"]) == ("kaupunginvaltuusto", "41", where)
    shown = terminal.done("audit show 17").splitlines()
    assert [line.split() for line in shown if line.startswith("Toimielin")] == [["Toimielin", "kaupunginvaltuusto"]]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("--section 41", "a section is of the minutes of an organ; say whose with --organ"),
        ("--organ valtuusto --section 'pykälä neljä'", "'pykälä neljä' is no section of minutes"),
        ("--address kunta.example", "'kunta.example' is no web address"),
        ("--address 'javascript:alert(1)'", "is no web address"),
        ("--address 'https://a b'", "is no web address"),
        ("--address http://[x", "is no web address"),
    ],
)
def test_what_is_no_decision_is_refused(terminal: Terminal, wrong: str, sentence: str) -> None:
    """Nothing is recorded of it."""
    assert sentence in terminal.refused(f"{AMEND} --on 15.6.2020 {wrong}", code=2)


def test_a_report_tells_each_decision(terminal: Terminal) -> None:
    """By its day, with the lines that it changed and what they come to; those after the period in a later report."""
    assert not section_of(terminal.done("report 2020Q2 --format md -o -"))
    decided = "--on 15.6.2020 --organ kaupunginvaltuusto --section 41"
    terminal.done(f"{AMEND} {decided}")
    terminal.done(f"record amendment 4160 services 2020 -1 000 {decided}")
    terminal.done("record amendment 4160 services 2020 -2 000 --on 1.9.2020 --organ sivistyslautakunta")
    told = section_of(terminal.done("report 2020Q2 --format md -o -"))
    assert "kaupunginvaltuusto 15.6.2020 § 41" in told
    assert "−6 000" in told.replace("\u00a0", " ")
    assert "sivistyslautakunta" not in told
    later = section_of(terminal.done("report 2020Q3 --format md -o -"))
    assert later.index("kaupunginvaltuusto") < later.index("sivistyslautakunta")
    assert "Changes of the budget 2020" in terminal.done("report 2020 --lang en --format html -o -")
    assert not section_of(terminal.done("report 2020Q3 --unit 4030 --format md -o -"))


def test_what_was_undone_is_no_decision(terminal: Terminal) -> None:
    """It is in no report."""
    said = terminal.done(f"{AMEND} --on 15.6.2020 --organ kaupunginvaltuusto")
    terminal.done(f"undo '{said.split()[0]}' --reason väärä")
    assert not section_of(terminal.done("report 2020Q2 --format md -o -"))
