"""What the database or its file suffers, told in a sentence that says what to do; and a log that was tampered with."""

from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from events.streams import unit_stream
from heinola_es.store.trouble import trouble, trouble_with
from tests.terminal import Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

SECOND_OF_4160 = "topic = 'ResponsibleAssigned' AND json_extract(state, '$.code') = '4160'"
FIRST_OF_4160 = "topic = 'UnitEstablished' AND json_extract(state, '$.code') = '4160'"


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("database or disk is full", "the disk is full; make room and try again"),
        (
            "attempt to write a readonly database",
            "the store may not be written; ask for the right to write its file and its folder",
        ),
        (
            "unable to open database file",
            "the store, or a file beside it, cannot be opened; check its folder and its disk, and try again",
        ),
        ("database disk image is malformed", "the store is damaged; restore a copy"),
        ("disk I/O error", "the disk could not be read or written (I/O error); check the disk, and try again"),
        ("something new", "the store could not be used (something new)"),
    ],
)
def test_what_the_database_says_is_told_with_what_to_do(said: str, sentence: str) -> None:
    """Each error of the database that a user can meet has its sentence; another is told as it is."""
    assert trouble(sqlite3.OperationalError(said)) == sentence


LAST_IS_NONE = "the store is not as it must be (event 14 cannot be read"


@pytest.mark.parametrize(
    ("tampering", "what"),
    [
        (
            f"DELETE FROM stored_events WHERE {FIRST_OF_4160}",
            f"the log is damaged: an event of stream {unit_stream('4160')} is missing",
        ),
        (f"UPDATE stored_events SET state = '{{\"v\":1}}' WHERE {SECOND_OF_4160}", LAST_IS_NONE),
        (f"UPDATE stored_events SET state = 'x' WHERE {SECOND_OF_4160}", LAST_IS_NONE),
    ],
)
def test_nothing_is_decided_on_a_log_that_was_tampered_with(store: EventLog, tampering: str, what: str) -> None:
    """An event that is missing or cannot be read is met with a refusal that names the check, not with a traceback."""
    connection = sqlite3.connect(store.path)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(tampering)
    connection.commit()
    connection.close()
    result = Terminal(store.path).run("record rename 4160 'Heinolan lukio' --on 1.8.2020")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"heinola: {what}")
    assert "; see `heinola audit verify`" in result.stderr


STATED = "topic = 'FigureStated' AND originator_version = 1"


@pytest.mark.parametrize(
    ("tampering", "command"),
    [
        (f'UPDATE stored_events SET state = replace(state, \'"v":1\', \'"v":["a"]\') WHERE {STATED}', "complete 2020"),
        (f"UPDATE stored_events SET state = replace(state, '\"unit\"', '\"odd\"') WHERE {STATED}", "complete 2020"),
        (f"UPDATE stored_events SET state = 'x' WHERE {STATED}", "complete 2020"),
        (f"UPDATE stored_events SET state = '[]' WHERE {FIRST_OF_4160}", "complete 2020"),
        (f"UPDATE stored_events SET state = '{{\"code\":5}}' WHERE {FIRST_OF_4160}", "actual 999 fees 1/2020 5"),
    ],
)
def test_a_command_that_looks_through_a_kind_names_the_event_that_is_none(
    store: EventLog, tampering: str, command: str
) -> None:
    """What is asked about all events of a kind is no traceback either, whatever one of them says."""
    terminal = Terminal(store.path)
    for line in ("1-3/2020", "1-6/2020"):
        terminal.done(f"record statement 4160 fees {line} 500 --clock-is-right")
    connection = sqlite3.connect(store.path)
    for (trigger,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    assert connection.execute(tampering).rowcount == 1
    connection.commit()
    connection.close()
    result = terminal.run(f"record {command}")
    assert (result.exit_code, result.stdout) == (1, "")
    assert " cannot be read (" in result.stderr


@pytest.mark.parametrize("end", ["", "-wal", "-shm"])
@pytest.mark.parametrize(
    ("why", "said"),
    [
        (errno.EIO, "(Input/output error); check the disk that it is on"),
        (errno.EACCES, "(Permission denied); see that you may write it"),
    ],
)
def test_what_cannot_be_opened_is_told_as_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str, why: int, said: str
) -> None:
    """A database says only that it cannot be opened; which of its files, and why, is looked up."""
    path = tmp_path / "store.db"
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").touch()
    real = os.open

    def opened(file: Path, *args: int) -> int:
        if str(file) == f"{path}{end}":
            raise OSError(why, os.strerror(why))
        return real(file, *args)

    error = sqlite3.OperationalError("unable to open database file")
    assert trouble_with(path, error) == trouble(error)
    monkeypatch.setattr(os, "open", opened)
    assert trouble_with(path, error) == f"{path}{end} cannot be opened {said}"
