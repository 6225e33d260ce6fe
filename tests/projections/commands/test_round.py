"""`heinola round`: the board tells who has answered and what is missing, and a report says whose part is not there."""

from __future__ import annotations

from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import orjson
import pytest

from projections.commands import round_status
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

OPEN = "round open 2020Q3 --due 15.10.2020"


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store, on either database, where two units have things to tell."""
    terminal = Terminal(store.location)
    for line in (
        "record goal 4160 4160-1 2020 --binding-goal Läpäisy",
        "record goal 4160 4160-2 2020 --binding-goal Hyvinvointi",
        "record priority 4100 1 2020 --title Laitteet",
        "record narrative 4100 2020Q2 Tapahtumat 'Koulu alkoi.'",
        "record outlook 4100 2020Q2 'Talousarvio pitää.'",
        "record project Kasvu 4160 1.1.2020",
    ):
        terminal.done(line)
    return terminal


def board(terminal: Terminal, more: str = "") -> dict[str, Any]:
    """Return the rows of the board by their unit."""
    rows = orjson.loads(terminal.done(f"round status --format json {more}"))
    return {row["unit"]: row for row in rows}


def test_units_report_that_a_form_is_made_for(terminal: Terminal, tmp_path: Path) -> None:
    """Without --unit those are asked that get a form; with it, those that are named."""
    terminal.done(OPEN)
    terminal.run(f"form 2020Q3 --format json -o {tmp_path / 'forms'}")
    with_form = {path.stem.rpartition("-")[2] for path in (tmp_path / "forms").iterdir()}
    assert board(terminal).keys() == with_form
    assert {"4100", "4160"} <= with_form
    terminal.done(f"{OPEN} --unit 4030")
    assert list(board(terminal)) == ["4030"]


def test_the_board_tells_what_is_missing(terminal: Terminal) -> None:
    """Each goal, priority and project is asked for, and what was written in the period before; told, it is no more."""
    terminal.done(OPEN)
    rows = board(terminal)
    assert rows["4160"]["missing"] == ["figures", "goals", "projects", "submission"]
    assert (rows["4160"]["goals"], rows["4160"]["projects"]) == ("0/2", "0/1")
    assert rows["4100"]["missing"] == ["figures", "priorities", "texts", "outlook", "submission"]
    assert rows["4100"]["sections"] == ["Tapahtumat"]
    for line in (
        "record goal-status 4160 4160-1 2020Q3 achieved",
        "record goal-status 4160 4160-2 2020Q3 in_progress",
        "record progress Kasvu 2020Q3 --percent 40",
        "record priority 4100 1 2020Q3 'Laitteet hankittu.'",
        "record narrative 4100 2020Q3 Tapahtumat 'Koulu jatkuu.'",
        "record outlook 4100 2020Q3 'Talousarvio pitää.'",
        "round submit 4160",
    ):
        terminal.done(line)
    rows = board(terminal)
    assert rows["4160"]["missing"] == ["figures", "acceptance"]
    assert rows["4100"]["missing"] == ["figures", "submission"]
    terminal.done("round accept --all")
    assert board(terminal)["4160"]["missing"] is None


def test_what_was_undone_is_not_told(terminal: Terminal) -> None:
    """A status that was undone is missing again."""
    terminal.done(OPEN)
    told = terminal.done("record goal-status 4160 4160-1 2020Q3 achieved")
    assert board(terminal)["4160"]["goals"] == "1/2"
    terminal.done(f"undo '{told.split()[0]}' --reason väärä")
    assert board(terminal)["4160"]["goals"] == "0/2"


def test_strict_ends_with_three_while_anything_is_missing(terminal: Terminal) -> None:
    """A script can wait for it."""
    terminal.done(f"{OPEN} --unit 4030")
    assert terminal.run("round status --strict").exit_code == 3
    for line in ("round submit 4030", "round accept 4030"):
        terminal.done(line)
    assert terminal.run("round status --strict").exit_code == 0


def test_days_late_are_counted_from_the_day_that_was_due(terminal: Terminal) -> None:
    """Handed in by the day, a unit is in time; later, and not at all, it is late by so many days."""
    terminal.done(f"{OPEN} --unit 4030")
    assert board(terminal)["4030"]["days_late"] > 2_000  # by the clock of today
    terminal.done("round open 2020Q3 --due 31.12.2099 --unit 4030")
    assert board(terminal)["4030"]["days_late"] is None


def test_a_report_names_whose_part_is_not_accepted(terminal: Terminal) -> None:
    """As a finding of the snapshot, in the notes of the report, and in the way of its publication."""
    before = orjson.loads(terminal.done("snapshot 2020Q3 --format json"))["findings"]
    terminal.done(f"{OPEN} --unit 4030 --unit 4160")
    terminal.done("round submit 4160")
    found = orjson.loads(terminal.done("snapshot 2020Q3 --format json"))["findings"]
    waiting = [one for one in found if one not in before]
    assert [(one["kind"], one["code"], one["unit"]) for one in waiting] == [
        ("incomplete", "not_reported", "4030"),
        ("incomplete", "not_accepted", "4160"),
    ]
    assert orjson.loads(terminal.done("snapshot 2020Q2 --format json"))["findings"] == before
    report = terminal.done("report 2020Q3 --format md -o -")
    assert "ei ole jättänyt osuuttaan katsauksesta" in report
    assert "sitä ei ole vielä hyväksytty" in report


def test_several_open_rounds_are_told_apart(terminal: Terminal) -> None:
    """Without --period the only open round is meant; where there are two, or none, it is asked."""
    assert "no round is open; open one with `heinola round open" in terminal.refused("round submit 4160")
    terminal.done(OPEN)
    terminal.done("round open 2020Q2 --due 15.8.2020")
    said = terminal.refused("round submit 4160", code=2)
    assert "several rounds are open: 1.7.–30.9.2020, 1.4.–30.6.2020; say which with --period" in said
    terminal.done("round submit 4160 --period 2020Q2")
    terminal.done("round close --period 2020Q2")
    terminal.done("round submit 4160")


def test_all_or_some_are_accepted(terminal: Terminal) -> None:
    """Either the units are named, or all that are handed in are meant."""
    terminal.done(OPEN)
    for wrong in ("round accept", "round accept 4160 --all"):
        assert "name the units whose parts are accepted, or --all" in terminal.refused(wrong, code=2)


@pytest.mark.parametrize("wide", [60, 100, 140])
@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_the_board_fits_its_page(terminal: Terminal, wide: int, language: str) -> None:
    """No line is longer than the terminal is wide, and who sent a part back says why."""
    for line in (OPEN, "round submit 4160", "round return 4160 --reason 'Tavoitteen selite puuttuu'"):
        terminal.done(line)
    page = terminal.run(f"round status --lang {language}", COLUMNS=str(wide)).stdout
    assert max(map(len, page.splitlines())) <= wide
    assert "Tavoitteen" in page
    assert round_status.status.help


def test_a_round_that_was_never_opened_has_no_board(terminal: Terminal) -> None:
    """Neither of a period nor of the last one."""
    assert "no round was ever opened" in terminal.refused("round status")
    terminal.done(OPEN)
    assert "the round 1.4.–30.6.2020 was never opened" in terminal.refused("round status 2020Q2")


def test_a_step_of_a_round_is_put_right_by_the_next(terminal: Terminal) -> None:
    """`undo` says which step that is."""
    told = terminal.done(OPEN)
    said = terminal.refused(f"undo '{told.split()[0]}' --reason väärä")
    assert (
        "is a step of a round, which the next step puts right: `heinola round return`, `open` again or `close`" in said
    )


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_who_has_not_answered_is_reminded(terminal: Terminal, tmp_path: Path, language: str) -> None:
    """An e-mail file each, a draft in the reader's language: what is missing, why it was sent back, and the form."""
    for line in (
        f"{OPEN} --unit 4030 --unit 4100 --unit 4160",
        "round submit 4030 4160",
        "round return 4160 --reason 'Selite puuttuu'",
    ):
        terminal.done(line)
    said = terminal.run(f"round remind -o {tmp_path / 'mail'} --lang {language}").stderr
    assert said == f"wrote 2 reminders to {tmp_path / 'mail'}\n"
    assert sorted(path.name for path in (tmp_path / "mail").iterdir()) == ["2020Q3-4100.eml", "2020Q3-4160.eml"]
    message = message_from_bytes((tmp_path / "mail" / "2020Q3-4160.eml").read_bytes(), policy=default)
    assert "Lukio" in message["Subject"]
    assert (message["X-Unsent"], message["To"]) == ("1", None)
    text = message.get_body(("plain",))
    assert text is not None
    assert "Selite puuttuu" in text.get_content()
    (form,) = message.iter_attachments()
    assert form.get_filename() == "2020Q3-4160.xlsx"
    path = tmp_path / "form.xlsx"
    path.write_bytes(form.get_content())
    before = len(terminal.events())
    terminal.done(f"import form {path}")
    assert len(terminal.events()) == before


@pytest.mark.parametrize(
    ("language", "said"), [("fi", "palautettu"), ("sv", "återsänd"), ("en", "sent back")], ids=["fi", "sv", "en"]
)
def test_the_board_as_a_page(terminal: Terminal, language: str, said: str) -> None:
    """One page that fetches nothing: every unit, how far it is, why it was sent back, and what it owes; no markup."""
    for line in (OPEN, "round submit 4160", "round return 4160 --reason '<b>Selite</b> puuttuu'"):
        terminal.done(line)
    page = terminal.done(f"round status --format html --lang {language}")
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{language}">')
    assert said in page
    assert "&lt;b&gt;Selite&lt;/b&gt; puuttuu" in page
    assert all(f'<span class="code">{unit}</span>' in page for unit in board(terminal))
    assert not any(fetching in page for fetching in ("http", "src=", "<script", "url("))


def test_the_page_tells_texts_that_are_older_than_the_figures(terminal: Terminal) -> None:
    """With how far the figure has moved that moved most."""
    for line in (
        "record actual 4100 personnel 1-9/2020 -40 000",
        "record complete 1-9/2020 --unit 4100",
        "record narrative 4100 2020Q3 Tapahtumat 'Koulu jatkuu.'",
        f"{OPEN} --unit 4100",
    ):
        terminal.done(line)
    assert '<li class="stale">' not in terminal.done("round status --format html")
    terminal.done("record correction 4100 personnel 1-9/2020 -2 500 --reason lasku")
    page = " ".join(terminal.done("round status --format html").split())
    assert '<li class="stale">▲ lukuja vanhempia tekstejä (−2 500 €)</li>' in page


@pytest.mark.parametrize("form", ["html", "docx", "xlsx", "md"])
def test_a_report_of_any_format_names_who_has_not_reported(terminal: Terminal, tmp_path: Path, form: str) -> None:
    """In the notes: of a document as text, of a workbook on its sheet of notes."""
    terminal.done(f"{OPEN} --unit 4030")
    path = tmp_path / f"report.{form}"
    assert terminal.run(f"report 2020Q3 -o {path}").exit_code == 0
    told = path.read_bytes()
    if form in {"docx", "xlsx"}:
        with ZipFile(path) as package:
            told = b"".join(package.read(name) for name in package.namelist() if name.endswith(".xml"))
    assert "ei ole jättänyt osuuttaan katsauksesta" in told.decode("utf-8")
