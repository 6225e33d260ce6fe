"""Texts that are older than their figures are told, with the unit, the figure and by how much; nothing else is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

SETTING_UP = (
    "record goal 410 410-1 2020 --binding-goal Parempi",
    "record actual 4160 personnel 1-3/2020 -20 000",
    "record actual 4160 personnel 4-6/2020 -27 000",
    "record complete 2020Q1",
    "record complete 2020Q2",
)
TEXTS = {
    "narrative": "record narrative 4160 2020Q2 talous 'Menot pysyivät arviossa.'",
    "goal-status": "record goal-status 410 410-1 2020Q2 in_progress 'Menot pysyivät arviossa.'",
    "outlook": "record outlook 4160 2020Q2 'Menot pysyvät arviossa.'",
    "forecast": "record forecast 4160 personnel 2020Q2 -95 000",
}
LATER = "record correction 4160 personnel 4-6/2020 -1 500 --reason virhe"


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store, on either database, with the figures of half a year."""
    terminal = Terminal(store.location)
    for line in SETTING_UP:
        terminal.done(line)
    return terminal


def stale(terminal: Terminal, line: str = "snapshot 2020Q2") -> dict[str, tuple[str, int, int, int]]:
    """Return, by unit, the line, what it was, what it is in cents, and how many texts are older."""
    taken: dict[str, Any] = json.loads(terminal.done(f"{line} --format json"))
    found = [one for one in taken["findings"] if one["kind"] == "stale"]
    assert {one["code"] for one in found} <= {"text_stale"}
    return {one["unit"]: (one["line"], one["stated"], one["computed"], one["parameters"]["texts"]) for one in found}


@pytest.mark.parametrize("kind", TEXTS)
def test_a_text_is_older_than_a_figure_of_its_unit(terminal: Terminal, kind: str) -> None:
    """Of the unit itself or of one below it; recorded anew, it is not."""
    terminal.done(TEXTS[kind])
    assert stale(terminal) == {}
    terminal.done(LATER)
    unit = TEXTS[kind].split()[2]
    (line, before, now, texts) = stale(terminal)[unit]
    assert stale(terminal).keys() == {unit}
    assert (now - before, texts) == (-1_500_00, 1)
    assert line in {"personnel", "expenses", "net", "operating_expenses"}
    terminal.done(TEXTS[kind].replace("arviossa", "lähes arviossa").replace("95 000", "96 000"))
    assert stale(terminal) == {}


def test_what_was_known_then_is_what_counts(terminal: Terminal) -> None:
    """As known before the correction there is nothing; undone, there is nothing any more."""
    terminal.done(TEXTS["narrative"])
    terminal.done(LATER)
    at = len(terminal.events())
    assert stale(terminal).keys() == {"4160"}
    terminal.done(f"undo '#{at}' --reason väärin")
    assert stale(terminal) == {}


def test_several_texts_and_changes(terminal: Terminal) -> None:
    """Those that are older are counted, and the change is told since the oldest of them."""
    terminal.done(TEXTS["narrative"])
    terminal.done(LATER)
    terminal.done(TEXTS["outlook"])
    assert stale(terminal)["4160"][1:] == (-47_000_00, -48_500_00, 1)
    terminal.done("record correction 4160 personnel 4-6/2020 -500 --reason virhe")
    assert stale(terminal)["4160"][1:] == (-47_000_00, -49_000_00, 2)


@pytest.mark.parametrize(
    "line",
    [
        "record actual 4160 personnel 7-9/2020 -30 000",
        "record correction 4100 personnel 4-6/2020 -500 --reason virhe",
        "record actual 4160 personnel 1-6/2019 -40 000",
        "record budget 4160 personnel 2021 -100 000 --on 1.12.2020",
        "record indicator 4160 2020Q2 Opiskelijoita 300",
    ],
)
def test_what_does_not_touch_its_figures_makes_no_text_older(terminal: Terminal, line: str) -> None:
    """Months after the period, other units, other years, what is no figure."""
    terminal.done(TEXTS["narrative"])
    terminal.done(line)
    assert "4160" not in stale(terminal)


def test_what_was_not_known_has_not_changed(store: EventLog) -> None:
    """A text that was there before anything was known of a figure is not older than that figure."""
    terminal = Terminal(store.location)
    terminal.done(TEXTS["narrative"])
    for line in SETTING_UP:
        terminal.done(line)
    assert stale(terminal) == {}
    terminal.done(LATER)
    assert stale(terminal) == {}


def test_the_budget_is_a_figure_too(terminal: Terminal) -> None:
    """An amendment by the end of the period that was recorded later changes what a text was written about."""
    terminal.done("record budget 4160 personnel 2020 -100 000 --on 1.1.2020")
    terminal.done("record complete 2020 --measure budget")
    terminal.done(TEXTS["narrative"])
    terminal.done("record amendment 4160 personnel 2020 -5 000 --on 15.7.2020")
    assert stale(terminal) == {}
    terminal.done("record amendment 4160 personnel 2020 -2 000 --on 15.5.2020")
    assert stale(terminal)["4160"][1:] == (-100_000_00, -102_000_00, 1)


def test_handing_in_vouches_for_what_was_written(terminal: Terminal) -> None:
    """Whoever hands in the part after the change has seen it; sent back, nobody has."""
    terminal.done("round open 2020Q2 --due 31.12.2030 --unit 4160")
    terminal.done(TEXTS["narrative"])
    terminal.done(LATER)
    assert "lukuja vanhempia tekstejä" in " ".join(terminal.done("round status").split())
    board = json.loads(terminal.done("round status --format json"))
    (row,) = board if isinstance(board, list) else board["rows"]
    told = row["stale_texts"], row["figure_then_cents"], row["figure_now_cents"]
    assert told == (1, -47_000_00, -48_500_00)
    terminal.done("round submit 4160")
    assert stale(terminal) == {}
    terminal.done("round return 4160 --reason kesken")
    assert stale(terminal).keys() == {"4160"}


@pytest.mark.parametrize(("language", "words"), [("fi", "Lukuja vanhemmat"), ("sv", "äldre än"), ("en", "older than")])
def test_the_report_says_so(terminal: Terminal, tmp_path: Path, language: str, words: str) -> None:
    """In its notes, with the unit and both amounts; before the change it says nothing."""
    terminal.done(TEXTS["narrative"])
    page = tmp_path / "report.md"
    asked = f"report 2020Q2 --lang {language} --format md -o {page}"
    assert terminal.run(asked).exit_code == 0
    assert words not in page.read_text("utf-8")
    terminal.done(LATER)
    assert terminal.run(asked).exit_code == 0
    text = page.read_text("utf-8").replace("\N{NO-BREAK SPACE}", " ").replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert words in text
    assert "48" in text[text.index(words) :]


def test_everything_of_one_command_is_one_moment(terminal: Terminal, tmp_path: Path) -> None:
    """Facts in bulk: a text that stands before other texts in the same file is not older than its figures."""
    facts = tmp_path / "facts.toml"
    facts.write_text(
        '[[narrative]]\nunit = "4160"\nperiod = "2020Q2"\nsection = "talous"\ntext = "Ennallaan."\n'
        '[[outlook]]\nunit = "4160"\nperiod = "2020Q2"\ntext = "Ennallaan."\n',
        "utf-8",
    )
    terminal.done(LATER)
    terminal.run(f"import facts {facts}")
    assert stale(terminal) == {}
