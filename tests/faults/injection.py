"""Faults at the boundary to the system: what strace does to the n-th call of a kind that a command makes."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from attrs import frozen

from tests.faults.series import Ended, run
from tests.programs import strace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.series import Series
    from tests.faults.stage import Copy

WRITING = (
    "write",
    "pwrite64",
    "writev",
    "fsync",
    "fdatasync",
    "ftruncate",
    "fallocate",
    "openat",
    "mkdir",
    "chmod",
    "fchmod",
)
NAMING = ("rename", "renameat", "renameat2", "link", "linkat", "unlink", "unlinkat")
ON_THE_WIRE = ("connect", "sendto", "recvfrom")
CALLS = (*WRITING, *NAMING, *ON_THE_WIRE)
_CALL = re.compile(r"^(\d+) +(\w+)\((.*)$")
_HERE = re.compile(r"AT_FDCWD<[^>]*>, ")
_RELATIVE = re.compile(r'^"[^/]')


@frozen
class Point:
    """A call of the system: the `number`-th of its kind, and what was asked."""

    call: str
    number: int
    asked: str

    def __str__(self) -> str:
        return f"{self.call} {self.number}: {self.asked[:90]}"


@frozen
class Course:
    """How a command goes when nothing happens to it, and every call at which something could."""

    ended: Ended
    points: tuple[Point, ...]


def course(series: Series, copy: Copy) -> Course:
    """Run a command undisturbed and return its course."""
    trace = copy.folder.parent / f"{copy.folder.name}.trace"
    ended = run(series, copy, under=[strace(), "-f", "-y", "-qq", "-o", str(trace), "-e", f"trace={','.join(CALLS)}"])
    return Course(ended, tuple(_points(trace, str(copy.folder))))


def _points(trace: Path, folder: str) -> Iterator[Point]:
    """Yield the calls of the first thread that are about the folder or a server."""
    numbers: Counter[str] = Counter()
    first = ""
    for line in trace.read_text(encoding="utf-8", errors="replace").splitlines():
        found = _CALL.match(line)
        if not found or (first and found[1] != first):
            continue
        first, call, asked = found.groups()
        asked = _HERE.sub("", asked)
        numbers[call] += 1
        if f"{folder}/" in asked or _RELATIVE.match(asked) or (call in ON_THE_WIRE and "EAGAIN" not in asked):
            yield Point(call, numbers[call], asked.replace(folder, "."))


def disturbed(
    series: Series, copy: Copy, point: Point, fault: str, *, lasting: bool = False, control: str = ""
) -> Ended:
    """Run a command to which something happens at a point: `signal=KILL`, or `error=…`, once or from then on."""
    when = f"{point.number}+" if lasting else str(point.number)
    under = [strace(), "-f", "-qq", "-o", "/dev/null", "-e", f"trace={point.call}"]
    return run(series, copy, under=[*under, "-e", f"inject={point.call}:{fault}:when={when}"], control=control)
