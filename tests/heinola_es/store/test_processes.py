"""Several processes, and processes that are killed: nothing is lost, nothing is torn, nothing is recorded twice."""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from events.figures import ActualPosted
from events.store import CommandKeyed
from heinola_es.handlers.session import run
from heinola_es.store.location import is_on_server
from heinola_es.store.merkle import append_leaves, root_of
from heinola_es.store.reading import LogReader
from tests.faults.whole import WHOLE
from tests.heinola_es.store.writer import KEYED, three_postings
from tests.specification import NOW, events_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.log import EventLog

ROOT = Path(__file__).resolve().parents[3]
CITY_SIZE = 14
KEY = 1
"""How many events keep the key of a command."""
WRITERS, COMMANDS = 4, 50 if WHOLE else 20


@contextmanager
def writer(log: EventLog, *what: str) -> Iterator[subprocess.Popen[str]]:
    """Start a process that records in the store; at the end kill -9 it, whatever it is doing."""
    arguments = [sys.executable, "-m", "tests.heinola_es.store.writer", log.location, *what]
    with subprocess.Popen(
        arguments, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def heard(process: subprocess.Popen[str]) -> str:
    """Wait for the next word of a process."""
    assert process.stdout
    return process.stdout.readline().strip()


def require_sound(log: EventLog) -> int:
    """Demand positions without gaps, a head that is over exactly the rows, and instants in order; return the size."""
    with LogReader.open(log.location) as reader:
        rows = reader.connection.execute("SELECT position, leaf_hash FROM stored_events ORDER BY position").fetchall()
        size, root = reader.connection.execute("SELECT size, root FROM tree_head").fetchone()
        if not is_on_server(log.location):
            assert reader.connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    frontier: list[bytes] = []
    assert [position for position, _leaf in rows] == [*range(1, size + 1)]
    assert append_leaves(0, frontier, (leaf for _position, leaf in rows)) == size
    assert root_of(frontier) == root
    recorded = [event.recorded for event in events_in(log)]
    assert recorded == sorted(recorded)
    return int(size)


def test_writers_at_once_lose_nothing(store: EventLog) -> None:
    """Four processes record many commands each, in one and the same stream: all are there, in one order."""
    starts = [writer(store, "many", f"writer-{number}", str(COMMANDS)) for number in range(WRITERS)]
    with starts[0] as a, starts[1] as b, starts[2] as c, starts[3] as d:
        processes = [a, b, c, d]
        assert [heard(process) for process in processes] == ["ready"] * WRITERS
        for process in processes:  # only now, when all are there, do they begin
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [heard(process) for process in processes] == ["done"] * WRITERS
        assert [process.wait(10) for process in processes] == [0] * WRITERS
    assert require_sound(store) == CITY_SIZE + 2 * WRITERS * COMMANDS  # each with the event that keeps its key
    by_writer = Counter((event.recorded_by, type(event)) for event in events_in(store)[CITY_SIZE:])
    names = [f"writer-{number}" for number in range(WRITERS)]
    assert by_writer == {(name, kind): COMMANDS for name in names for kind in (ActualPosted, CommandKeyed)}


def test_a_writer_killed_before_its_commit_leaves_nothing(store: EventLog) -> None:
    """The events were written but not committed when it died: none is there, and the same key records them once."""
    with writer(store, "hang before commit") as process:
        assert heard(process) == f"appended up to {CITY_SIZE + 3}"
        process.kill()
        process.wait()
    assert require_sound(store) == CITY_SIZE
    assert not run(store, NOW, KEYED, three_postings).repeated
    assert run(store, NOW, KEYED, three_postings).repeated
    assert require_sound(store) == CITY_SIZE + 3 + KEY


def test_a_writer_killed_after_its_commit_has_recorded(store: EventLog) -> None:
    """Nobody was told, but it is there: a retry with the same key finds it and records nothing more."""
    with writer(store, "hang after commit") as process:
        assert heard(process) == "committed"
        process.kill()
        process.wait()
    assert require_sound(store) == CITY_SIZE + 3 + KEY
    receipt = run(store, NOW, evolve(KEYED, clock_is_right=True), three_postings)
    assert (receipt.repeated, receipt.first, receipt.last) == (True, CITY_SIZE + 1, CITY_SIZE + 3)
    assert require_sound(store) == CITY_SIZE + 3 + KEY


@pytest.mark.parametrize("milliseconds", [3, 17, 31, 64])
def test_a_writer_killed_at_any_moment_leaves_whole_commands(store: EventLog, milliseconds: int) -> None:
    """Three events belong together: however it dies, their number stays a multiple of three."""
    with writer(store, "until killed") as process:
        assert heard(process) == "ready"
        time.sleep(milliseconds / 1000)
        process.kill()
        process.wait()
    assert (require_sound(store) - CITY_SIZE) % 3 == 0
    again = run(store, NOW, evolve(KEYED, clock_is_right=True), three_postings)
    assert again.last + KEY == require_sound(store)
