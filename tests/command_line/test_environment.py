"""Where the program finds itself: encodings, widths, homes and folders that are not there, names that are not UTF-8."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.projections.audit.tampering import unguarded
from tests.terminal import ROOT, Terminal, environment

if TYPE_CHECKING:
    from pathlib import Path

REFUSED, USAGE = 1, 2
NOT_UTF8 = b"\xff\xfe"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with a store whose texts take more than ASCII."""
    city = Terminal(tmp_path / "heinola.db")
    city.done("init --city Hämeenlinna")
    city.done("record unit 1 'Ääkköset – 学 😀' --kind sector --on 1.1.2020")
    return tmp_path


def run(folder: Path, *words: str | bytes, **variables: str | bytes | int | None) -> tuple[int, bytes]:
    """Run the program in a folder, with variables of the environment set, or unset by None; return code and output.

    The variable `stdin` is a descriptor, the standard input.
    """
    stdin = variables.pop("stdin", subprocess.DEVNULL)
    assert isinstance(stdin, int)
    given: dict[str, object] = {**environment(HEINOLA_ACTOR="controller"), **variables}
    ended = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=folder,
        env={name: value for name, value in given.items() if isinstance(value, str | bytes)},
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        check=False,
        timeout=60,
    )
    assert b"Traceback" not in ended.stdout
    return ended.returncode, ended.stdout


@pytest.mark.parametrize(
    "variables",
    [
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"LC_ALL": "C"},
        {"LC_ALL": "xx_YY", "LANG": "nowhere"},
        {"COLUMNS": "0"},
        {"COLUMNS": "abc"},
        {"COLUMNS": "1"},
        {"COLUMNS": "9" * 30},
        {"TERM": "weird", "TZ": "xx/yy"},
        {"HEINOLA_STORE": ""},
    ],
    ids=str,
)
@pytest.mark.parametrize("words", ["snapshot 2020Q2", "record actual 1 fees 6/2020 5 --source §ä", "nää"])
def test_no_encoding_and_no_width_is_an_error(folder: Path, variables: dict[str, str], words: str) -> None:
    """What a stream cannot write is written out; a width that is none is not used."""
    assert run(folder, *words.split(), **variables)[0] == (USAGE if words == "nää" else 0)


def test_machine_output_is_utf8_whatever_the_stream_is(folder: Path) -> None:
    """JSON and CSV are for programs: their encoding is not that of a terminal."""
    for form in ("json", "csv"):
        code, said = run(folder, "audit", "log", "--format", form, PYTHONIOENCODING="ascii")
        assert (code, "Ääkköset – 学 😀" in said.decode("utf-8")) == (0, True)


def test_a_home_and_a_folder_for_temporary_files_are_not_needed(folder: Path) -> None:
    """Reading and recording ask for neither."""
    for words in (("snapshot", "2020Q2"), ("record", "actual", "1", "fees", "6/2020", "5")):
        assert run(folder, *words, HOME=None, XDG_CONFIG_HOME=None, TMPDIR="/nowhere")[0] == 0
    assert run(folder, "keys", "show", HOME="/nowhere", XDG_CONFIG_HOME=None)[0] == USAGE


def test_a_folder_that_is_gone_is_told(folder: Path) -> None:
    """In a folder that was deleted, there is no store, and none can be made."""
    for words in ("snapshot 2020Q2", "init", "--store file:x init"):
        line = f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m cli {words}"
        ended = subprocess.run(
            ["sh", "-c", line],
            cwd=folder,
            env=environment(HEINOLA_ACTOR="x"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode in {REFUSED, USAGE}
        assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [("snapshot", "2020Q2", "--unit"), ("record", "rename", "1", "--on", "1.2.2020"), ("audit", "log", "--actor")],
)
def test_a_text_that_is_not_utf8_is_refused(folder: Path, words: tuple[str, ...]) -> None:
    """In one sentence: it could be neither recorded nor compared."""
    code, said = run(folder, *words, NOT_UTF8)
    assert code == USAGE
    assert b"is not UTF-8 text" in said
    assert len(said.splitlines()) == 1


def test_who_records_is_utf8(folder: Path) -> None:
    """By the option, by the environment or by the login name."""
    post = ("record", "actual", "1", "fees", "6/2020", "5")
    for code, said in (
        run(folder, "--actor", NOT_UTF8, *post),
        run(folder, *post, HEINOLA_ACTOR=NOT_UTF8),
        run(folder, *post, HEINOLA_ACTOR=None, LOGNAME=NOT_UTF8),
    ):
        assert (code, b"is not UTF-8 text" in said) == (USAGE, True)


def test_a_file_may_have_any_name(folder: Path) -> None:
    """A path is bytes: a store, an output and an input whose names are no UTF-8 are what they are."""
    store = NOT_UTF8 + b".db"
    assert run(folder, "--store", store, "init") == (
        0,
        b"created \\udcff\\udcfe.db for Heinola, with the chart jhs192-2026\n",
    )
    assert run(folder, "snapshot", "2020Q2", HEINOLA_STORE=store)[0] == 0
    assert run(folder, "snapshot", "2020Q2", "-o", NOT_UTF8 + b".json") == (0, b"wrote \\udcff\\udcfe.json\n")
    shutil.copyfile(ROOT / "examples" / "hyvinvointi-2020-q2.txt", os.fsencode(folder) + b"/" + NOT_UTF8)
    code, said = run(folder, "--store", store, "import", "report", NOT_UTF8)
    assert (code, "\ufffd\ufffd: Hyvinvointilautakunnan" in said.decode()) == (0, True)
    copied = run(folder, "store", "copy", store, b"copy-" + store)
    assert copied == (0, b"copied 532 events from \\udcff\\udcfe.db to copy-\\udcff\\udcfe.db\n")


@pytest.mark.parametrize(
    ("editor", "told"),
    [
        ("/nowhere/vi", "Editing failed"),
        ("false", "Editing failed"),
        ("true", "the outlook is empty; nothing was recorded"),
        ('"', "there is no such editor"),
        ("./latin1.sh", "what was written of the outlook is not UTF-8 text"),
    ],
)
def test_an_editor_that_fails_is_told(folder: Path, editor: str, told: str) -> None:
    """There is none, it fails, writes nothing or something else: a sentence, and nothing was recorded."""
    script = folder / "latin1.sh"
    script.write_text('#!/bin/sh\nprintf "\\377\\376" > "$1"\n', encoding="utf-8")
    script.chmod(0o755)
    ours, theirs = os.openpty()
    try:
        code, said = run(folder, "record", "outlook", "1", "2020Q2", stdin=theirs, EDITOR=editor, VISUAL=None)
    finally:
        os.close(ours)
        os.close(theirs)
    assert (code, told in said.decode()) == (USAGE, True)


@pytest.mark.parametrize(
    "words", ["record outlook 1 2020Q2 -", "record outlook 1 2020Q2", "--store new.db import events -"]
)
def test_a_closed_standard_input_is_told(folder: Path, words: str) -> None:
    """What would be read from it is asked for otherwise."""
    line = f"{sys.executable} -m cli {words} <&-"
    ended = subprocess.run(
        ["sh", "-c", line], cwd=folder, env=environment(HEINOLA_ACTOR="x"), capture_output=True, text=True, check=False
    )
    assert ended.returncode == USAGE
    assert len(ended.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    "variables",
    [
        {},
        {"COMP_WORDS": "heinola snapshot 2020Q2 --unit ", "COMP_CWORD": "x"},
        {"COMP_WORDS": "heinola --store postgresql://[::1/x snapshot 2020Q2 --unit ", "COMP_CWORD": "5"},
        {"COMP_WORDS": 'heinola "', "COMP_CWORD": "1"},
    ],
    ids=str,
)
def test_completion_is_silent_about_what_goes_wrong(folder: Path, variables: dict[str, str]) -> None:
    """Between two key strokes, nothing is told but what can be typed."""
    assert run(folder, _HEINOLA_COMPLETE="bash_complete", **variables)[0] in {0, 1}


def test_completion_is_inert(folder: Path) -> None:
    """What would drive the terminal is neither suggested nor shown beside what is."""
    terminal = Terminal(folder / "heinola.db")
    terminal.done("record unit 12 OLD --parent 1 --on 1.1.2020")
    terminal.done("record unit 13OLD Name --parent 1 --on 1.1.2020")
    with unguarded(terminal.store) as connection:  # recorded before names were checked
        connection.execute("UPDATE stored_events SET state = CAST(replace(state, 'OLD', '\\u001b[2J') AS BLOB)")
    words = {"COMP_WORDS": "heinola snapshot 2020Q2 --unit 1", "COMP_CWORD": "4"}
    code, said = run(folder, _HEINOLA_COMPLETE="zsh_complete", **words)
    assert (code, b"\x1b" in said, b"12" in said, b"13" in said) == (0, False, True, False)
