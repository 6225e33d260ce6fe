"""A process that makes stores, and dies or runs out of room: `python -m tests.heinola_es.store.maker WHAT …`.

It makes each store in a child of its own, so that what is imported is imported once.
"""

from __future__ import annotations

import os
import resource
import signal
import sqlite3
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any

from heinola_es.errors import Refused
from heinola_es.store.log import EventLog
from heinola_es.store.transfer import import_into
from tests.city import CITY, MADE

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

MOST = 400
"""Stores are made in fewer steps than this."""
PAGE_BYTES = 4096
DONE, REFUSED, UNFORESEEN = 0, 1, 70
_OF_FILES = {"open", "close", "link", "fsync", "unlink", "replace", "mkdir"}


def make(location: str, log: str) -> None:
    """Initialise a store, or make one of an exported log where one is named."""
    if log:
        lines = Path(log).read_bytes().splitlines()
        import_into(location, lambda: lines, now=MADE, by="controller")
    else:
        EventLog.create(location, CITY, now=MADE, by="controller").close()


def is_step(event: str, frame: FrameType, called: Any) -> bool:  # noqa: ANN401 - whatever was called
    """Return whether a call does something to a database or to files."""
    if event == "call":
        return frame.f_code.co_name == "execute" and "psycopg" in frame.f_code.co_filename
    if event != "c_call":
        return False
    if isinstance(getattr(called, "__self__", None), sqlite3.Connection | sqlite3.Cursor):
        return True
    return called.__module__ == "posix" and called.__name__ in _OF_FILES


def killed_before(step: int) -> Callable[[FrameType, str, Any], None]:
    """Return what watches a process and kills it before it takes a step, counted from 1."""
    taken = 0

    def watch(frame: FrameType, event: str, called: Any) -> None:  # noqa: ANN401
        nonlocal taken
        if is_step(event, frame, called):
            taken += 1
            if taken == step:
                os.kill(os.getpid(), signal.SIGKILL)

    return watch


def in_a_child(work: Callable[[], None]) -> int:
    """Do work in a process of its own and return how it ended: 0, the code of a refusal, or minus a signal."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    try:
        work()
    except Refused as refusal:
        say(f"refused: {refusal}")
        os._exit(REFUSED)
    except BaseException:  # noqa: BLE001 - told, and met with a code that no test expects
        traceback.print_exc()
        os._exit(UNFORESEEN)
    os._exit(DONE)


def killed(location: str, log: str) -> None:
    """Make stores `location` with a number in the place of {}, each killed one step later, until one is done."""

    def work() -> None:
        sys.setprofile(killed_before(step))
        make(location.format(step), log)
        sys.setprofile(None)

    for step in range(1, MOST):
        if (code := in_a_child(work)) != -signal.SIGKILL:
            say(f"{step} ended with {code}")
            return


def cramped(location: str, log: str) -> None:
    """Make stores where no file may have more than so many pages, one more each time, until one is done."""

    def work() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (pages * PAGE_BYTES, pages * PAGE_BYTES))
        make(location.format(pages), log)

    for pages in range(MOST):
        if (code := in_a_child(work)) != REFUSED:
            say(f"{pages} ended with {code}")
            return


def race() -> None:
    """Make the store that each line names, as soon as it comes, and say what came of it."""
    say("ready")
    for line in sys.stdin:
        try:
            make(line.rstrip("\n"), "")
            say("made")
        except Refused as refusal:
            say(str(refusal))


def say(words: str) -> None:
    """Tell the test what came of it."""
    print(words, flush=True)  # noqa: T201 - how two processes meet


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["killed", where, log_file]:
            killed(where, log_file)
        case ["cramped", where, log_file]:
            cramped(where, log_file)
        case _:
            race()
