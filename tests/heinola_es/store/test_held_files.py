"""A process that opens a store again while it has it open keeps its locks: nobody takes its commits away under it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heinola_es.store import reading_file, trouble
from heinola_es.store.held_files import Hold, is_held
from heinola_es.store.log import EventLog
from heinola_es.store.reading import LogReader
from tests.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

OPENERS: dict[str, Callable[[str], EventLog | LogReader]] = {"read": LogReader.open, "written": EventLog.open}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Give the file of a store with a unit, which nobody has open."""
    terminal = Terminal(tmp_path / "koe.db")
    terminal.done("init --city Koe")
    terminal.done("record unit SIV Sivistys --kind sector --on 1.1.2020")
    return terminal.store


def another_records(path: Path) -> None:
    """Let another process record something in the store, and end."""
    command = ["--store", str(path), "--actor", "x", "record", "actual", "SIV", "fees", "1/2020", "5"]
    line = [sys.executable, "-c", "from cli import main; main()", *command]
    subprocess.run(line, cwd=ROOT, check=True, capture_output=True)


@pytest.mark.parametrize("holds", [True, False])
@pytest.mark.parametrize("first", OPENERS)
@pytest.mark.parametrize("second", OPENERS)
def test_a_store_is_opened_again(
    path: Path, first: str, second: str, monkeypatch: pytest.MonkeyPatch, *, holds: bool
) -> None:
    """Given a store that this process reads or writes, and opens again, when another one records and ends.

    Then what was committed beside the file is still there, since it is in use. The control: without holds it is taken
    away from under whoever has it open.
    """
    if not holds:
        for module in (reading_file, trouble):
            monkeypatch.setattr(module, "is_held", lambda _path: False)
    with closing(OPENERS[first](str(path))) as opened:
        assert opened.setting("city") == "Koe"
        OPENERS[second](str(path)).close()
        another_records(path)
        assert Path(f"{path}-wal").exists() is holds


@pytest.mark.parametrize("opener", OPENERS)
def test_a_file_is_held_while_it_is_open(path: Path, opener: str) -> None:
    """And no longer, however often it is opened: by another name of it as well."""
    assert not is_held(path)
    with closing(OPENERS[opener](str(path))):
        with closing(LogReader.open(str(path))):
            assert is_held(path)
        os.link(path, path.with_name("other.db"))
        assert is_held(path.with_name("other.db"))
    assert not is_held(path)


def test_a_hold_is_let_go_of_once(path: Path) -> None:
    """Two holds are two, however often one of them is released."""
    one, other = Hold(path), Hold(path)
    one.release()
    one.release()
    assert is_held(path)
    other.release()
    assert not is_held(path)
    assert not is_held(path.with_name("nowhere.db"))
