"""A terminal for the tests: command lines go in; what was said, how it ended and what the log then holds come out."""

from __future__ import annotations

import os
import pty
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import orjson
from click.testing import CliRunner

from cli import main
from events.codec import decode_event
from events.store import StoreInitialised
from heinola_es.store.reading import LogReader

if TYPE_CHECKING:
    from click.testing import Result

    from events.base import Event

ROOT = Path(__file__).resolve().parents[1]
ACTOR = "controller"
LANGUAGE = "fi"
"""Of what is shown, whatever the machine's locale is."""


class Terminal:
    """Somebody at a terminal, in front of one store."""

    def __init__(self, store: Path | str) -> None:
        self.location = str(store)

    @property
    def store(self) -> Path:
        """The file of the store, where it is one."""
        return Path(self.location)

    def run(self, line: str, stdin: str = "", **variables: str) -> Result:
        """Run a command line, written as for a shell, without its `heinola`; `variables` are of its environment."""
        words = ["--store", self.location, "--actor", ACTOR, *shlex.split(line)]
        ours: dict[str, str | None] = {"HEINOLA_STORE": None, "HEINOLA_ACTOR": None, "HEINOLA_FILE_MODE": None}
        ours["HEINOLA_LANG"] = LANGUAGE
        return CliRunner(env=ours | variables).invoke(main, words, input=stdin)

    def done(self, line: str, stdin: str = "") -> str:
        """Run a command line that must succeed, and return what it said."""
        result = self.run(line, stdin)
        assert (result.exit_code, result.stderr) == (0, "")
        return result.stdout.removesuffix("\n")

    def recorded(self, line: str, stdin: str = "") -> Event:
        """Run a command line that must record one event, and return that event as the log holds it."""
        before = len(self.events())
        self.done(line, stdin)
        (event,) = self.events()[before:]
        assert event.recorded_by == ACTOR
        return event

    def refused(self, line: str, stdin: str = "", *, code: int = 1) -> str:
        """Run a command line that must be refused with this code, recording nothing, and return the sentence."""
        before = self.events()
        result = self.run(line, stdin)
        assert (result.exit_code, result.stdout) == (code, "")
        assert self.events() == before
        (sentence,) = result.stderr.splitlines()
        return sentence

    def events(self) -> list[Event]:
        """Return all facts of the log: every event but the one that the store was made by."""
        with LogReader.open(self.location) as reader:
            events = [
                decode_event(topic, UUID(stream), version, orjson.loads(body))
                for _position, stream, version, topic, body in reader.rows(0, reader.size())
            ]
        return [event for event in events if not isinstance(event, StoreInitialised)]


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of a process that finds the program, with nothing of ours set but these variables."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEINOLA", "_HEINOLA"))}
    return kept | {"PYTHONPATH": str(ROOT), "HEINOLA_LANG": LANGUAGE} | variables


def started(*words: str, stdin: str = "", cwd: Path = ROOT, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program as a process of its own, and wait for it."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=cwd,
        env=environment(**variables),
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def at_a_terminal(terminal: Terminal, *words: str, editor: str, answers: bytes = b"") -> tuple[int, str]:
    """Run the program with a terminal for its standard input; return the exit code and what it said.

    Args:
        terminal: in front of a store.
        words: the command line.
        editor: the program to edit with.
        answers: what is typed beforehand.
    """
    master, slave = pty.openpty()
    os.write(master, answers)
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "cli", "--store", str(terminal.store), *words],
            cwd=ROOT,
            env=environment(EDITOR=editor, VISUAL=editor, HEINOLA_ACTOR=ACTOR),
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
