"""Pages are asked for while others record in the same store: both go on, and the log stays whole."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from heinola_es.store import held_files
from heinola_es.store.held_files import hold
from heinola_es.store.reading import LogReader
from tests.projections.web.served import Visitor, served
from tests.terminal import ROOT, Terminal

READERS, RECORDED = 4, 8
PAGES = ("/?period=2020Q2&unit=410", "/explain?period=2020Q2&unit=410&line=net", "/log", "/search?q=lukio", "/help")


@pytest.fixture(autouse=True)
def _held_by_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test hold a file for those after it."""
    monkeypatch.setattr(held_files, "_HELD", set())


def test_readers_and_a_writer_do_not_harm_each_other(published: Path, tmp_path: Path) -> None:
    """Given readers at every kind of page, when others record all the while, then all is shown, recorded and whole."""
    at = Terminal(shutil.copyfile(published / "heinola.db", tmp_path / "heinola.db"))
    done = threading.Event()
    failed: list[tuple[str, int]] = []
    with served(at.location, tmp_path) as visitor:
        opened = visitor.opened()

        def read(number: int) -> None:
            reader = Visitor(opened.port, opened.address, opened.cookie)
            while not done.is_set():
                number += 1
                got = reader.get(PAGES[number % len(PAGES)])
                if got.status != 200:
                    failed.append((PAGES[number % len(PAGES)], got.status))

        threads = [threading.Thread(target=read, args=(number,)) for number in range(READERS)]
        for thread in threads:
            thread.start()
        for number in range(RECORDED):
            told = at.run(f"record indicator 4160 2020Q2 Kävijöitä {number} --measured-in kpl")
            assert told.exit_code == 0, told.stderr
        done.set()
        for thread in threads:
            thread.join()
    assert failed == []
    assert at.run("audit verify").exit_code == 0


@pytest.mark.parametrize("held", [True, False])
def test_a_file_that_is_held_keeps_its_locks(published: Path, tmp_path: Path, *, held: bool) -> None:
    """Given a store that is read, and opened again in the same process, when another process records and ends.

    Then what was committed beside the file is still there, since it is in use; not held, it is taken away from under
    whoever reads.
    """
    path = Path(shutil.copyfile(published / "heinola.db", tmp_path / "heinola.db"))
    if held:
        hold(path)
    with closing(sqlite3.connect(path)) as reading:
        reading.execute("SELECT count(*) FROM stored_events").fetchone()
        LogReader.open(str(path)).close()
        command = ["--store", str(path), "--actor", "x", "record", "indicator", "4160", "2020Q2", "Kävijöitä", "1"]
        subprocess.run(
            [sys.executable, "-c", "from cli import main; main()", *command], cwd=ROOT, check=True, capture_output=True
        )
        assert Path(f"{path}-wal").exists() is held
