"""What was said of figures that have changed since is told: by the snapshot, by the notes of a report, by the board."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

PERIOD = "2020Q2"


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city, whose upper secondary school has figures and has said four things."""
    terminal = Terminal(store.location)
    for line in (
        "record budget 4160 personnel 2020 -100 000 --on 16.12.2019",
        "record actual 4160 personnel 1-6/2020 -40 000",
        "record complete 1-6/2020 --unit 4160",
        "record goal 4160 4160-1 2020 --binding-goal Läpäisy",
        "record narrative 4160 2020Q2 Tapahtumat 'Hyvin menee.'",
        "record goal-status 4160 4160-1 2020Q2 in_progress 'Etenee.'",
        "record outlook 4160 2020Q2 Pitää.",
        "record forecast 4160 personnel 2020Q2 -90 000",
    ):
        terminal.done(line)
    return terminal


def stale(terminal: Terminal, more: str = "") -> list[dict[str, Any]]:
    """Return the findings on what is stale."""
    found = orjson.loads(terminal.done(f"snapshot {PERIOD} --format json {more}"))["findings"]
    return [one for one in found if one["kind"] == "stale"]


def test_what_was_said_of_other_figures_is_told_with_by_how_much(terminal: Terminal) -> None:
    """A text, an explanation, an outlook and a forecast: each with the figure as it was then and is now."""
    assert stale(terminal) == []
    terminal.done("record correction 4160 personnel 1-6/2020 -2 500 --reason lasku")
    found = stale(terminal)
    assert [one["code"] for one in found] == ["stale_narrative", "stale_status", "stale_outlook", "stale_forecast"]
    assert {(one["unit"], one["column"], one["stated"], one["computed"]) for one in found} == {
        ("4160", "actual", -4_000_000, -4_250_000)
    }
    assert {one["parameters"]["change_cents"] for one in found} == {-250_000}
    assert [one["line"] for one in found] == ["expenses", "expenses", "expenses", "personnel"]


def test_said_anew_it_is_of_the_figures_of_now(terminal: Terminal) -> None:
    """The same text once more says that it holds of the new figures; the others still wait."""
    terminal.done("record correction 4160 personnel 1-6/2020 -2 500 --reason lasku")
    terminal.done("record narrative 4160 2020Q2 Tapahtumat 'Hyvin menee.'")
    assert [one["code"] for one in stale(terminal)] == ["stale_status", "stale_outlook", "stale_forecast"]


def test_a_change_that_was_undone_is_none(terminal: Terminal) -> None:
    """Back at what they were, the figures make nothing stale; and as known before they changed, they did not."""
    told = terminal.done("record correction 4160 personnel 1-6/2020 -2 500 --reason lasku")
    assert stale(terminal)
    terminal.done(f"undo '{told.split()[0]}' --reason väärä")
    assert stale(terminal) == []


@pytest.mark.parametrize(
    "line",
    [
        "record actual 4100 personnel 1-6/2020 -3 000",
        "record actual 4160 personnel 7/2020 -3 000",
        "record narrative 4160 2020Q2 Muuta 'Lisää.'",
        "record budget 4160 personnel 2021 -110 000 --on 16.12.2020",
    ],
    ids=["another unit", "later months", "another text", "another year"],
)
def test_other_figures_make_nothing_stale(terminal: Terminal, line: str) -> None:
    """Only the figures that a text is about count: of its unit, through the end of its period."""
    terminal.done(line)
    assert stale(terminal) == []


def test_a_budget_that_was_amended_is_a_change(terminal: Terminal) -> None:
    """An amendment decided in the period and recorded later moves what the text explains."""
    terminal.done("record amendment 4160 personnel 2020 -10 000 --on 15.6.2020")
    assert {(one["column"], one["parameters"]["change_cents"]) for one in stale(terminal)} == {("budget", -1_000_000)}


def test_figures_that_were_not_known_make_nothing_stale(terminal: Terminal) -> None:
    """A text from before any figure of its unit explains none: figures that come are no change."""
    terminal.done("record narrative 4100 2020Q2 Tapahtumat 'Koulu alkoi.'")
    terminal.done("record actual 4100 personnel 1-6/2020 -3 000")
    assert stale(terminal, "--unit 4100") == []


def test_a_text_of_earlier_months_is_of_their_figures(terminal: Terminal) -> None:
    """What changes after April says nothing about the text on April."""
    terminal.done("record actual 4160 services 4/2020 -100")
    terminal.done("record narrative 4160 4/2020 Huhtikuu 'Etäopetus.'")
    terminal.done("record actual 4160 services 5/2020 -200")
    assert "Huhtikuu" not in {one["parameters"].get("section") for one in stale(terminal)}


@pytest.mark.parametrize(
    ("language", "said", "change"),
    [
        ("fi", "Tekstit ajalta ennen lukujen muutosta", "(−2 500 €)"),
        ("sv", "Texter från tiden innan siffrorna ändrades", "(−2 500 €)"),
        ("en", "Texts from before the figures changed", "(−€2,500)"),
    ],
    ids=["fi", "sv", "en"],
)
def test_the_report_says_so(terminal: Terminal, language: str, said: str, change: str) -> None:
    """In its notes, with the change."""
    terminal.done("record correction 4160 personnel 1-6/2020 -2 500 --reason lasku")
    report = terminal.done(f"report {PERIOD} --format md -o - --lang {language}")
    assert said in report
    assert change in " ".join(report.partition(said)[2].split())


def test_the_board_says_so(terminal: Terminal) -> None:
    """For programs with the figure, for people with the text; accepted or not."""
    terminal.done("round open 2020Q2 --due 31.12.2099 --unit 4160")
    assert orjson.loads(terminal.done("round status --format json"))[0]["stale"] is None
    terminal.done("record correction 4160 personnel 1-6/2020 -2 500 --reason lasku")
    for _step in ("open", "accepted"):
        (row,) = orjson.loads(terminal.done("round status --format json"))
        assert row["stale"] == [
            "narrative Tapahtumat: expenses actual -2500.00",
            "status 4160-1: expenses actual -2500.00",
            "outlook: expenses actual -2500.00",
            "forecast: personnel actual -2500.00",
        ]
        terminal.done("round submit 4160" if _step == "open" else "round status")
        terminal.run("round accept 4160")
    page = terminal.done("round status --format html")
    assert "vanhempi kuin luvut: Tapahtumat (−2" in page
