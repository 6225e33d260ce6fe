"""What the shell completes, asked as a shell asks: through the completion protocol, and in Bash itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.terminal import ROOT, environment, started

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal import Terminal

ASKED = "import sys, cli\ntry:\n    cli.main(sys.argv[1:])\nfinally:\n    print(*sys.modules, file=sys.stderr)"


def completed(store: Path, *words: str) -> dict[str, str]:
    """Return what the last of the words can go on as, each with its help, as Zsh is told."""
    told = started(
        _HEINOLA_COMPLETE="zsh_complete",
        COMP_WORDS=" ".join(("heinola", *words)),
        COMP_CWORD=str(len(words)),
        HEINOLA_STORE=str(store),
    )
    assert told.stderr == ""
    lines = told.stdout.splitlines()
    return dict(zip(lines[1::3], lines[2::3], strict=True))


def test_verbs_complete_with_what_they_do(terminal: Terminal) -> None:
    """The verbs complete with their help lines, options of the door too."""
    assert completed(terminal.store, "rec") == {"record": "Record a fact: a figure, a goal, a unit, a project …"}
    assert {"goal", "goal-status", "goal-withdrawal"} == completed(terminal.store, "record", "goal").keys()
    assert "--store" in completed(terminal.store, "--s")


def test_units_complete_with_their_names(terminal: Terminal) -> None:
    """A unit completes from the store, as an argument and as the value of an option."""
    found = {"410": "Koulutuspalvelut", "4100": "Perusopetus", "4160": "Lukio"}
    assert completed(terminal.store, "record", "actual", "41") == found
    assert completed(terminal.store, "record", "close", "2020Q2", "--unit", "41") == found


def test_lines_complete_with_their_labels(terminal: Terminal) -> None:
    """A line completes from the store's chart; where only postings are taken, only lines that take them."""
    assert completed(terminal.store, "record", "actual", "4100", "operating") == {
        "operating_income": "Toimintatuotot",
        "operating_expenses": "Toimintakulut",
    }
    assert "operating_margin" in completed(terminal.store, "record", "statement", "4100", "operating")


def test_periods_of_the_year_that_is_typed_complete(terminal: Terminal) -> None:
    """A year that was typed completes to its parts, with their days."""
    found = completed(terminal.store, "record", "actual", "4100", "fees", "2020Q")
    assert found == {
        "2020Q1": "1.1.–31.3.2020",
        "2020Q2": "1.4.–30.6.2020",
        "2020Q3": "1.7.–30.9.2020",
        "2020Q4": "1.10.–31.12.2020",
    }
    assert completed(terminal.store, "record", "actual", "4100", "fees", "--period", "2020H2").keys() == {"2020H2"}


def test_periods_of_the_year_last_recorded_about_complete(terminal: Terminal) -> None:
    """Before anything is typed, the parts of the year that the last event is about are suggested."""
    terminal.done("record actual 4100 fees 6/2020 5")
    assert {"2020", "2020Q2", "2020H1", "2020T3"} <= completed(terminal.store, "record", "close", "").keys()
    assert completed(terminal.store, "record", "budget", "4100", "fees", "").keys() == {"2020", "2021"}


def test_words_of_the_language_complete(terminal: Terminal) -> None:
    """Statuses, kinds and measures complete."""
    assert completed(terminal.store, "record", "goal-status", "410", "410-1", "2020Q2", "not").keys() == {
        "not_started",
        "not_achieved",
    }
    assert "investment_item" in completed(terminal.store, "record", "unit", "5", "Uusi", "--kind", "inv")
    assert completed(terminal.store, "record", "statement", "--measure", "").keys() == {"actual", "budget"}


def test_goals_and_projects_complete(terminal: Terminal) -> None:
    """The goals of the unit that was typed complete with the goal itself, projects with their unit."""
    terminal.done("record project Tutoropettajat 4100 2020")
    terminal.done("record goal 410 410-1 2020 --binding-goal 'Hyvinvointi paranee'")
    assert completed(terminal.store, "record", "goal-status", "410", "4") == {"410-1": "Hyvinvointi paranee"}
    assert completed(terminal.store, "record", "goal-status", "4100", "4") == {}
    assert completed(terminal.store, "record", "progress", "Tu") == {"Tutoropettajat": "4100"}


@pytest.mark.parametrize(
    "words",
    [
        ("record", "actual", "4"),
        ("record", "actual", "4100", "fe"),
        ("record", "close", ""),
        ("record", "budget", "4100", "fees", ""),
        ("record", "goal-status", "410", ""),
        ("record", "progress", ""),
    ],
)
def test_without_a_store_completion_is_silent(tmp_path: Path, words: tuple[str, ...]) -> None:
    """Where there is no store, or a file that is none, nothing is suggested and nothing is said."""
    assert completed(tmp_path / "none.db", *words) == {}
    (tmp_path / "letter.db").write_text("Hyvä lautakunta!" * 100, encoding="utf-8")
    assert completed(tmp_path / "letter.db", *words) == {}


def test_completion_does_not_load_the_persistence_library(terminal: Terminal) -> None:
    """Between two key strokes there is no time to load what records."""
    variables = {
        "_HEINOLA_COMPLETE": "bash_complete",
        "COMP_WORDS": "heinola record actual 41",
        "COMP_CWORD": "3",
        "HEINOLA_STORE": str(terminal.store),
    }
    told = subprocess.run(
        [sys.executable, "-c", ASKED],
        cwd=ROOT,
        env=environment(**variables),
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.splitlines() == ["plain,410", "plain,4100", "plain,4160"]
    assert not {"eventsourcing", "rich", "babel"} & set(told.stderr.split())


@pytest.mark.parametrize(
    ("typed", "reply"),
    [("41", "410|4100|4160"), ("Tutorit", "Tutorit\\ ja\\ \\$muut"), ('"Tutorit', "Tutorit ja $muut")],
)
def test_bash_completes(terminal: Terminal, tmp_path: Path, typed: str, reply: str) -> None:
    """Bash, with the program's own script, completes codes, and names with blanks outside quotes and inside."""
    bash = shutil.which("bash")
    assert bash, "the tests need Bash"
    terminal.done("record project 'Tutorit ja $muut' 4100 2020")
    program = tmp_path / "heinola"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m cli "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    verb = "actual" if typed == "41" else "progress"
    script = f"""
        eval "$(_HEINOLA_COMPLETE=bash_source {program})"
        COMP_WORDS=({program} record {verb} '{typed}') COMP_CWORD=3
        _heinola_completion {program}
        IFS='|'; echo "${{COMPREPLY[*]}}"
    """
    told = subprocess.run(
        [bash, "-c", script],
        cwd=ROOT,
        env=environment(HEINOLA_STORE=str(terminal.store)),
        capture_output=True,
        text=True,
        check=True,
    )
    assert (told.stdout, told.stderr) == (f"{reply}\n", "")
