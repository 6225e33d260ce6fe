"""Whole processes timed against a reference, in turn, so that a machine that slows down slows both."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Sequence

PYTHON = sys.executable


@frozen
class Timing:
    """Wall seconds of a command and how many times longer than its reference it took: medians of the runs."""

    seconds: float
    reference_seconds: float
    ratio: float
    peak_megabytes: float


def timed(command: Sequence[str], reference: Sequence[str], *, runs: int = 11) -> Timing:
    """Run the two commands in turn, after one run of each that is not counted, and return the medians.

    Raises:
        subprocess.CalledProcessError: one of them failed.
    """
    pairs = [(once(reference), once(command)) for _ in range(runs + 1)][1:]
    return Timing(
        seconds=statistics.median(taken[0] for _reference, taken in pairs),
        reference_seconds=statistics.median(reference[0] for reference, _taken in pairs),
        ratio=statistics.median(taken[0] / reference[0] for reference, taken in pairs),
        peak_megabytes=max(taken[1] for _reference, taken in pairs),
    )


def heinola(*arguments: str) -> list[str]:
    """Return the command line of the tool, run by this Python."""
    return [PYTHON, "-c", "import cli; cli.main()", *arguments]


def bare_python() -> list[str]:
    """Return a Python that does nothing, the floor of any command written in it."""
    return [PYTHON, "-c", "pass"]


def once(command: Sequence[str]) -> tuple[float, float]:
    """Return wall seconds and peak megabytes of one run."""
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - started
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return seconds, usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
