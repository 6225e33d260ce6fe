"""A disk that is full while a command is at work, and a standard output that takes nothing.

A small file system in memory holds the store, the seals and what is said; it is filled up to some room that is left.
The room is then given back, and the judge of interrupted commands looks at what there is.
"""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from tests.faults.oracle import faults
from tests.faults.series import SERIES, run
from tests.faults.test_interrupted import known
from tests.faults.whole import TRIED, WHOLE, some, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.faults.stage import Stage

ROOMS = tuple(kilobytes << 10 for kilobytes in (0, 4, 8, 12, 16, 24, 32, 36, 40, 48, 64, 96, 128, 192, 256, 384))
SIZE = 8 << 20
QUICK = ("record", "publish", "snapshot")
CLOSED = ("sh", "-c", 'exec "$@" >&-', "sh")


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """Give a file system of its own, if this machine lets us mount one."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def filled(path: Path, room: int) -> None:
    """Fill the disk but for some room."""
    with path.open("wb", buffering=0) as filler:
        try:
            while filler.write(bytes(1 << 16)):
                pass
        except OSError:
            pass
        filler.truncate(max(filler.tell() - room, 0))


@pytest.mark.in_a_file
@pytest.mark.parametrize("name", SERIES if WHOLE else QUICK)
def test_a_full_disk_takes_nothing_that_was_told(stage: Stage, name: str, tmp_path: Path) -> None:
    """Whatever room is left, a command succeeds and it is so, or is refused and nothing of it is there."""
    series, (_course, expected), found = SERIES[name], known(stage, name), []
    with small_disk(tmp_path / "small") as folder:
        for room in some(ROOMS, 1, 1000, f"room/{name}"):
            with evolve(stage, folder=folder).copied(city=series.city) as copy:
                filled(folder / "filler", room)
                ended = run(series, copy, stdout=str(tmp_path / "said"))
                (folder / "filler").unlink()
                found += [f"{name}, {room} bytes left: {what}" for what in faults(series, copy, ended, expected)]
            TRIED["commands on a full disk"] += 1
    assert not found, told(found)


DEAF = {"full": ((), "/dev/full"), "closed": (CLOSED, "stdout")}


@pytest.mark.parametrize("name", SERIES if WHOLE else QUICK)
@pytest.mark.parametrize("output", DEAF)
def test_what_is_recorded_is_told_even_where_nobody_listens(stage: Stage, name: str, output: str) -> None:
    """With a standard output that is full or closed it is recorded, and told so on the other one; or refused."""
    series, (_course, expected) = SERIES[name], known(stage, name)
    under, stdout = DEAF[output]
    with stage.copied(city=series.city) as copy:
        ended = run(series, copy, under=under, stdout=stdout)
        found = faults(series, copy, ended, expected)
    TRIED["commands that nobody listens to"] += 1
    assert not found, told(found)


@pytest.mark.in_a_file
def test_a_small_disk_is_full(stage: Stage, tmp_path: Path) -> None:
    """The control: without any room a plain write fails, so that a command's does."""
    with small_disk(tmp_path / "small") as folder:
        filled(folder / "filler", 0)
        with pytest.raises(OSError, match="No space"), (folder / "more").open("wb", buffering=0) as more:
            more.write(bytes(1 << 16))
