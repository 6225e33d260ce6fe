"""Longer texts: on the command line, from a file, from the standard input, or written in an editor at a terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from events.narratives import OutlookGiven
from tests.terminal import ROOT, environment

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


def at_a_terminal(terminal: Terminal, *words: str, editor: str) -> tuple[int, str]:
    """Run the program with a terminal for its standard input; return the exit code and what it said."""
    master, slave = pty.openpty()
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "cli", "--store", str(terminal.store), *words],
            cwd=ROOT,
            env=environment(EDITOR=editor, VISUAL=editor, HEINOLA_ACTOR="controller"),
            stdin=slave,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    finally:
        os.close(master)
        os.close(slave)
    return ended.returncode, ended.stdout + ended.stderr


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
