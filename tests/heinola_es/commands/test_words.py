"""Longer texts: on the command line, from a file, from the standard input, or written in an editor at a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from events.goals import GoalStatusUpdated
from events.narratives import OutlookGiven
from tests.terminal import at_a_terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal import Terminal

OUTLOOK = "record outlook 4100 2020Q2"


def outlook(terminal: Terminal) -> str:
    """Return the text of the last event."""
    event = terminal.events()[-1]
    assert isinstance(event, OutlookGiven)
    return event.text


def test_a_text_comes_from_a_file(terminal: Terminal, tmp_path: Path) -> None:
    """--text-file is read word for word, but for a byte order mark, Windows line ends and empty lines at both ends."""
    file = tmp_path / "arvio.txt"
    file.write_bytes("\ufeff\r\nTalousarvio pitää.\r\n\r\nPalkat nousevat.\r\n".encode())
    terminal.done(f"{OUTLOOK} --text-file '{file}'")
    assert outlook(terminal) == "Talousarvio pitää.\n\nPalkat nousevat."


@pytest.mark.parametrize("how", ["-", "--text-file -"])
def test_a_text_comes_from_the_standard_input(terminal: Terminal, how: str) -> None:
    """A single dash reads the standard input."""
    terminal.done(f"{OUTLOOK} {how}", stdin="Talousarvio pitää.\n")
    assert outlook(terminal) == "Talousarvio pitää."


@pytest.mark.parametrize(
    ("how", "stdin", "sentence"),
    [
        ("", "", "heinola: the outlook is missing; give it as TEXT, with --text-file FILE, or - to read it"),
        ("' '", "", "heinola: the outlook is empty; nothing was recorded"),
        ("-", " \n", "heinola: the outlook is empty; nothing was recorded"),
        (
            "Pitää. --text-file -",
            "Pitää.",
            "heinola: the outlook is given twice; give it as TEXT or with --text-file",
        ),
        (
            "--text-file /nowhere/at.all",
            "",
            "heinola: cannot read /nowhere/at.all: No such file or directory; check --text-file",
        ),
    ],
)
def test_a_text_that_is_not_there_is_asked_for(terminal: Terminal, how: str, stdin: str, sentence: str) -> None:
    """A text that is missing, empty, given twice or not readable is refused, and nobody waits for an editor."""
    assert terminal.refused(f"{OUTLOOK} {how}", stdin, code=2) == sentence


def test_a_file_in_another_encoding_is_refused(terminal: Terminal, tmp_path: Path) -> None:
    """A file that is not UTF-8 is not guessed at."""
    file = tmp_path / "vanha.txt"
    file.write_bytes("pitää".encode("latin-1"))
    sentence = terminal.refused(f"{OUTLOOK} --text-file '{file}'", code=2)
    assert sentence == f"heinola: {file} is not UTF-8 text; save it as UTF-8"


def script(path: Path, body: str) -> str:
    """Write an editor: a shell script that is given the file to edit."""
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_a_text_is_written_in_an_editor(terminal: Terminal, tmp_path: Path) -> None:
    """At a terminal, a text that is needed and not given is written in $EDITOR, above the mark that it shows."""
    editor = script(
        tmp_path / "editor", """printf 'Talousarvio pitää.\\n' | cat - "$1" > "$1.new" && mv "$1.new" "$1" """
    )
    code, said = at_a_terminal(terminal, "record", "outlook", "4100", "2020Q2", editor=editor)
    assert (code, said) == (0, "#15 OutlookGiven 4100 1.4.–30.6.2020\n")
    assert outlook(terminal) == "Talousarvio pitää."


def test_an_editor_left_without_a_text_records_nothing(terminal: Terminal, tmp_path: Path) -> None:
    """Leaving the editor without a text is no text."""
    code, said = at_a_terminal(
        terminal, "record", "outlook", "4100", "2020Q2", editor=script(tmp_path / "editor", "true")
    )
    assert (code, said) == (2, "heinola: the outlook is empty; nothing was recorded\n")


def test_what_a_rule_refuses_is_refused_before_the_editor_opens(terminal: Terminal, tmp_path: Path) -> None:
    """Nobody writes a page that is then refused for its unit."""
    editor = script(tmp_path / "editor", f"touch '{tmp_path}/opened'")
    code, said = at_a_terminal(terminal, "record", "outlook", "4161", "2020Q2", editor=editor)
    assert (code, said) == (2, "heinola: unknown unit '4161'; did you mean 4160?\n")
    assert not (tmp_path / "opened").exists()


def test_the_editor_opens_with_the_last_version(terminal: Terminal, tmp_path: Path) -> None:
    """Of this unit and period, not of another: what was recorded last stands there, to be changed."""
    terminal.done('record outlook 4100 2020Q1 "Alkuvuosi pitää."')
    terminal.done('record outlook 4100 2020Q2 "Talousarvio ylittyy."')
    terminal.done('record outlook 4100 2020Q2 "Talousarvio pitää."')
    terminal.done('record outlook 4160 2020Q2 "Lukio pitää."')
    editor = script(tmp_path / "editor", f"""cp "$1" '{tmp_path}/seen'; sed -i 's/pitää/alittuu/' "$1" """)
    code, _said = at_a_terminal(terminal, "record", "outlook", "4100", "2020Q2", editor=editor)
    assert (tmp_path / "seen").read_text("utf-8").startswith("Talousarvio pitää.\n#")
    assert (code, outlook(terminal)) == (0, "Talousarvio alittuu.")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("true", "heinola: the outlook was left as it is; nothing was recorded\n"),
        ("touch -d '+1 hour' \"$1\"", "heinola: the outlook was left as it is; nothing was recorded\n"),
        ("sed -i '1d' \"$1\"", "heinola: the outlook is empty; nothing was recorded\n"),
        (': > "$1"', "heinola: the outlook is empty; nothing was recorded\n"),
    ],
)
def test_a_last_version_left_or_emptied_records_nothing(
    terminal: Terminal, tmp_path: Path, change: str, sentence: str
) -> None:
    """Whether the file was saved or not: the same text again is no news, and no text is none."""
    terminal.done('record outlook 4100 2020Q2 "Talousarvio pitää."')
    before = terminal.events()
    editor = script(tmp_path / "editor", change)
    assert at_a_terminal(terminal, "record", "outlook", "4100", "2020Q2", editor=editor) == (2, sentence)
    assert terminal.events() == before


def test_a_narrative_is_told_apart_by_section_programme_and_part(terminal: Terminal, tmp_path: Path) -> None:
    """The last version is that of the same heading, programme and part."""
    terminal.done('record narrative 4100 2020Q2 Talous "Ensimmäinen osa."')
    terminal.done('record narrative 4100 2020Q2 Talous "Toinen osa." --part 2')
    terminal.done('record narrative 4100 2020Q2 Talous "Ohjelmasta." --programme Hyvinvointi')
    terminal.done('record narrative 4100 2020Q2 Muuta "Muuta."')
    editor = script(tmp_path / "editor", f"""cp "$1" '{tmp_path}/seen'; echo Uusi. > "$1" """)
    for more, seen in (((), "Ensimmäinen osa."), (("--part", "2"), "Toinen osa."), (("--part", "3"), "")):
        words = ("record", "narrative", "4100", "2020Q2", "Talous", *more)
        assert at_a_terminal(terminal, *words, editor=editor)[0] == 0
        assert (tmp_path / "seen").read_text("utf-8").partition("\n#")[0] == seen


def test_the_explanation_of_a_status_is_edited_where_that_is_asked_for(terminal: Terminal, tmp_path: Path) -> None:
    """A status by itself waits for no editor; with --edit, the explanation of before stands in it."""
    terminal.done("record goal 4100 G1 2020 --binding-goal Tavoite")
    terminal.done('record goal-status 4100 G1 2020Q2 in_progress "Etenee."')
    editor = script(tmp_path / "editor", """sed -i 's/Etenee/Valmis/' "$1" """)
    words = ("record", "goal-status", "4100", "G1", "2020Q2", "achieved")
    assert at_a_terminal(terminal, *words, "--edit", editor=editor)[0] == 0
    told = terminal.events()[-1]
    assert isinstance(told, GoalStatusUpdated)
    assert (told.status, told.text) == ("achieved", "Valmis.")
    assert at_a_terminal(terminal, *words, editor="/nowhere")[0] == 0
