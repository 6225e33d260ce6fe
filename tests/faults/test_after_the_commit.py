"""Something breaks right after the commit, on either database: what is recorded is told as recorded, and is there.

The commit has come back, and the next thing fails. The judge of interrupted commands says what must hold; a program
that does not ask the store afterwards is the control.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.commands.aftermath import Aftermath
from heinola_es.store import opening, sqlite
from tests.faults.oracle import faults
from tests.faults.series import SERIES, run_here
from tests.faults.test_interrupted import known
from tests.faults.test_places import MAKING
from tests.faults.whole import TRIED, WHOLE, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.faults.series import Ended, Series
    from tests.faults.stage import Copy, Stage

RECORDING = tuple(name for name, series in SERIES.items() if not series.reads)
TRIED_HERE = RECORDING if WHOLE else ("init", "record", "publish")


def connection_lost(stage: Stage) -> Exception:
    """Return what a database says that took a commit and can say no more."""
    if not stage.server:
        return sqlite3.OperationalError("disk I/O error")
    from eventsourcing.persistence import OperationalError

    return OperationalError("server closed the connection unexpectedly")


BREAKS: dict[str, Callable[[Stage], BaseException]] = {
    "interrupt": lambda _stage: KeyboardInterrupt(),
    "a disk without room": lambda _stage: OSError(28, "No space left on device"),
    "a defect": lambda _stage: ZeroDivisionError("x"),
    "a connection lost": connection_lost,
}


@contextmanager
def breaking(stage: Stage, name: str, error: BaseException, patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Let the first commit of events be followed by an error; gives a list, which says afterwards that it was."""
    done: list[str] = []
    recorder: Any = sqlite.LogRecorder
    if stage.server:
        from heinola_es.store import postgres

        recorder = postgres.LogRecorder
    if name in MAKING and not stage.server:  # a file is there once it has its name
        with patch.context() as meanwhile:
            meanwhile.setattr(opening, "made_whole", _then(opening.made_whole, error, done, ["a file"]))
            yield done
        return
    written: list[str] = []
    real_insert, real_transaction = recorder.insert_events, recorder._transaction

    def insert_events(self: Any, *args: Any, **values: Any) -> Any:  # noqa: ANN401 - the library's own
        written.append("events")
        return real_insert(self, *args, **values)

    with patch.context() as meanwhile:
        meanwhile.setattr(recorder, "insert_events", insert_events)
        meanwhile.setattr(recorder, "_transaction", _then(real_transaction, error, done, written))
        yield done


def _then(real: Callable[..., Any], error: BaseException, done: list[str], written: list[str]) -> Any:  # noqa: ANN401
    """Return a context that does as the real one and then breaks, once, where something was written in it."""

    @contextmanager
    def broken(*args: Any, **values: Any) -> Iterator[Any]:  # noqa: ANN401 - whatever it takes
        with real(*args, **values) as given:
            yield given
        if written and not done:
            done.append("broke")
            raise error

    return broken


def ended_after(stage: Stage, name: str, copy: Copy, how: str, patch: pytest.MonkeyPatch) -> Ended:
    """Run a command that breaks right after its commit."""
    series: Series = SERIES[name]
    with breaking(stage, name, BREAKS[how](stage), patch) as done:
        ended = run_here(series, copy)
    assert done, f"{name} committed nothing"
    return ended


@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize("name", TRIED_HERE)
def test_what_was_committed_is_told(stage: Stage, name: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is there and is told as recorded, whatever follows; what else is to be told may be missing, and is said to."""
    _course, expected = known(stage, name)
    with stage.copied(city=SERIES[name].city) as copy:
        ended = ended_after(stage, name, copy, how, monkeypatch)
        found = faults(SERIES[name], copy, ended, expected)
        TRIED["errors right after a commit"] += 1
        if ended.code not in {0, 4}:
            found.append(f"it ended with {ended.code}: {ended.stderr!r}")
    assert not found, told([f"{name}, {how}: {what}" for what in found])


@pytest.mark.parametrize("how", ["a disk without room", "a connection lost"])
def test_a_program_that_does_not_ask_denies_it(stage: Stage, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where the store is not asked what it has, what was recorded is denied."""
    _course, expected = known(stage, "record")
    with stage.copied() as copy, monkeypatch.context() as patch:
        patch.setattr(Aftermath, "_asked", lambda *_args: None)
        ended = ended_after(stage, "record", copy, how, monkeypatch)
        found = faults(SERIES["record"], copy, ended, expected)
    assert any("denied" in what or "not told" in what for what in found), (ended, found)
