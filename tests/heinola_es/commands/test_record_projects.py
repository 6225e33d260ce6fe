"""Projects from the command line: launched, revised, reported on, ended."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from events.period import Period
from events.projects import ProjectEnded, ProjectLaunched, ProjectProgressReported, ProjectRevised

if TYPE_CHECKING:
    from tests.terminal import Terminal

LAUNCH = "record project Tutoropettajat 4100 1.8.2019-31.7.2020"


def test_a_project_is_launched(terminal: Terminal) -> None:
    """`record project` launches a project of a unit with what is known of it."""
    event = terminal.recorded(
        f"{LAUNCH} --description 'Digituki' --responsible 'rehtori' --phase käynnissä --funder OPH "
        "--income 42 000 --expenses 60 000 --city-share '18 000 €' --budget-year 2019 --budget-year 2020"
    )
    assert isinstance(event, ProjectLaunched)
    assert (event.project, event.unit, event.description, event.phase) == (
        "Tutoropettajat",
        "4100",
        "Digituki",
        "käynnissä",
    )
    assert (event.start, event.end, event.budget_years) == (date(2019, 8, 1), date(2020, 7, 31), (2019, 2020))
    assert (event.income_cents, event.expense_cents, event.city_share_cents) == (4_200_000, 6_000_000, 1_800_000)
    assert event.effective == Period(date(2019, 8, 1), date(2020, 7, 31))


def test_a_project_without_an_end_starts_on_a_day(terminal: Terminal) -> None:
    """A single day is the start of a project whose end is not planned yet."""
    event = terminal.recorded("record project Tutoropettajat 4100 --on 1.8.2019")
    assert isinstance(event, ProjectLaunched)
    assert (event.start, event.end) == (date(2019, 8, 1), None)


def test_a_project_is_revised(terminal: Terminal) -> None:
    """`record project-revision` changes what is given and leaves the rest."""
    terminal.done(LAUNCH)
    event = terminal.recorded("record project-revision Tutoropettajat --on 1.6.2020 --end 31.12.2020 --unit 4160")
    assert isinstance(event, ProjectRevised)
    assert (event.end, event.unit, event.phase, event.budget_years) == (date(2020, 12, 31), "4160", None, None)


def test_the_progress_of_a_project_is_reported(terminal: Terminal) -> None:
    """`record progress` reports a share, a text, or both."""
    terminal.done(LAUNCH)
    assert terminal.done("record progress Tutoropettajat 2020Q2 --percent 29,2") == (
        "#16 ProjectProgressReported Tutoropettajat 1.4.–30.6.2020 29,2 %"
    )
    event = terminal.recorded("record progress Tutoropettajat 2020Q2 'Etäyhteyksin.'")
    assert isinstance(event, ProjectProgressReported)
    assert (event.percent, event.text) == (None, "Etäyhteyksin.")


def test_a_project_ends(terminal: Terminal) -> None:
    """`record project-end` ends a project on its last day, with a word on how."""
    terminal.done(LAUNCH)
    event = terminal.recorded("record project-end Tutoropettajat 'Loppuraportti annettu.' --on 31.7.2020")
    assert isinstance(event, ProjectEnded)
    assert (event.effective, event.text) == (Period.of_day(date(2020, 7, 31)), "Loppuraportti annettu.")


@pytest.mark.parametrize(
    ("before", "line", "sentence"),
    [
        (LAUNCH, LAUNCH, "heinola: project 'Tutoropettajat' exists already; revise it or report its progress"),
        (
            LAUNCH,
            "record progress Tutoropettajat 2020Q2 --percent 120",
            "heinola: progress of 120 % is outside 0–100 %; give the share that is done",
        ),
        (
            LAUNCH,
            "record progress Tutoropettajat 2020Q2 --percent -5",
            "heinola: progress of -5 % is outside 0–100 %; give the share that is done",
        ),
        (
            LAUNCH,
            "record project-end Tutorit --on 31.7.2020",
            (
                "heinola: unknown project 'Tutorit'; did you mean Tutoropettajat?; launch a new one with "
                "`heinola record project`"
            ),
        ),
        (
            None,
            "record project-revision Tutoropettajat --on 31.7.2020 --phase päättyy",
            "heinola: unknown project 'Tutoropettajat'; launch a new one with `heinola record project`",
        ),
    ],
)
def test_what_a_rule_refuses_is_refused(terminal: Terminal, before: str | None, line: str, sentence: str) -> None:
    """A refused word on a project exits with 1 and records nothing."""
    if before:
        terminal.done(before)
    assert terminal.refused(line) == sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "record project-revision Tutoropettajat --on 1.6.2020",
            "heinola: nothing about project 'Tutoropettajat' changes; give what does, such as --end or --phase",
        ),
        ("record project Tutoropettajat 4161 2020", "heinola: unknown unit '4161'; did you mean 4160?"),
        (
            "record progress Tutoropettajat 2020Q2",
            "heinola: the progress is missing; give it as TEXT, with --text-file FILE, or - to read it",
        ),
    ],
)
def test_what_cannot_be_read_is_usage(terminal: Terminal, line: str, sentence: str) -> None:
    """What cannot be read exits with 2 and records nothing."""
    assert terminal.refused(line, code=2) == sentence
