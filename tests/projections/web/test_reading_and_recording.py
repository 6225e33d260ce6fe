"""Pages are asked for while others record in the same store: both go on, and the log stays whole."""

from __future__ import annotations

import shutil
import threading
from typing import TYPE_CHECKING

from tests.projections.web.served import Visitor, served
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

READERS, RECORDED = 4, 8
PAGES = ("/?period=2020Q2&unit=410", "/explain?period=2020Q2&unit=410&line=net", "/log", "/search?q=lukio", "/help")


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
