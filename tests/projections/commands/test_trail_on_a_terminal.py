"""`audit log` at a terminal: what fits is printed, what does not is shown a screen at a time; in seconds."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.terminal import ROOT, environment

if TYPE_CHECKING:
    from pathlib import Path

PAGED = "PAGED"


@pytest.mark.parametrize(("words", "is_paged"), [("audit log --type FileImported", False), ("audit log", True)])
def test_a_pager_is_for_what_does_not_fit(read_by_all: Path, tmp_path: Path, words: str, *, is_paged: bool) -> None:
    """On a screen of 24 lines one event is printed, and five hundred are not."""
    pager = tmp_path / "pager"
    pager.write_text(f"#!/bin/sh\necho {PAGED}\ncat >/dev/null\n")
    pager.chmod(0o755)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "cli", "--store", str(read_by_all), *words.split()],
        cwd=ROOT,
        env=environment(PAGER=str(pager), TERM="xterm", LINES="24", COLUMNS="120"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        assert process.wait(60) == 0
    said = _all_of(ours)
    assert (PAGED in said) == is_paged


def test_the_log_is_told_in_seconds(read_by_all: Path) -> None:
    """A moment has no parts of a second, and what it was recorded with stands in `audit show`."""
    done = subprocess.run(
        [sys.executable, "-m", "cli", "--store", str(read_by_all), "audit", "log", "--type", "unit"],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.match(r"#\d+ +\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  ", done.stdout)


def _all_of(terminal: int) -> str:
    """Return what was written to a terminal that nobody writes to any more."""
    said = b""
    try:
        while chunk := os.read(terminal, 65_536):
            said += chunk
    except OSError:  # the end of a terminal
        pass
    finally:
        os.close(terminal)
    return said.decode()
