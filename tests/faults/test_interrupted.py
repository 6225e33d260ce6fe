"""Commands that are killed, or whose calls of the system fail, at any moment: a promise is kept or was never made.

A case is a command, a call of the system that it makes, and what happens to it there; `tests/faults/oracle.py` says
what must hold afterwards. Programs with a promise broken on purpose (`tests/faults/program.py`) are the control.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.faults.injection import NAMING, course, disturbed
from tests.faults.oracle import KILLED, Expected, faults
from tests.faults.series import SERIES
from tests.faults.stage import settled
from tests.faults.whole import TRIED, WHOLE, some, told

if TYPE_CHECKING:
    from tests.faults.injection import Course, Point
    from tests.faults.series import Series
    from tests.faults.stage import Stage

KILLS, ERRORS = (1, 40), (1, 30)
TRIED_HERE = tuple(SERIES) if WHOLE else ("init", "import events into a new store", "record", "publish")
KILL = "signal=KILL"
_DISK = ("ENOSPC", "EIO", "EROFS", "EACCES")
ERRNOS = {
    **dict.fromkeys(("write", "pwrite64", "writev", "ftruncate", "fallocate"), ("ENOSPC", "EIO", "EINTR")),
    **dict.fromkeys(("fsync", "fdatasync"), ("EIO", "ENOSPC")),
    **dict.fromkeys(NAMING, _DISK),
    **dict.fromkeys(("openat", "mkdir", "chmod", "fchmod"), (*_DISK, "EMFILE")),
    "connect": ("ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH"),
    "recvfrom": ("ECONNRESET", "ETIMEDOUT"),
}
"""What can go wrong with a call. Where only sending failed, the client would wait for the server to say why."""
ONCE_ONLY = {"openat", "write", "EINTR"}
"""What must not last: the interpreter itself would starve, nobody could be told, or it would try for ever."""
_COURSES: dict[tuple[str, str], tuple[Course, Expected]] = {}


def known(stage: Stage, name: str) -> tuple[Course, Expected]:
    """Return how a command goes on a stage when nothing happens to it; it must go well."""
    key = stage.city, name
    if key not in _COURSES:
        series = SERIES[name]
        with stage.copied(city=series.city) as copy:
            before = copy.said()
            gone = course(series, copy)
            settled(copy)
            assert gone.ended.code == 0, gone.ended
            _COURSES[key] = gone, Expected(before, copy.said(), gone.ended.stdout)
    return _COURSES[key]


def broken(stage: Stage, name: str, point: Point, fault: str, *, lasting: bool = False, control: str = "") -> list[str]:
    """Interrupt a command and return every promise that was broken."""
    series: Series = SERIES[name]
    _course, expected = known(stage, name)
    with stage.copied(city=series.city) as copy:
        ended = disturbed(series, copy, point, fault, lasting=lasting, control=control)
        if fault == KILL and ended.code != KILLED and not stage.server:  # modules are not always compiled anew
            TRIED[f"kills of `{name}` that came too late"] += 1
        where = f"{name}: {fault}{' from' if lasting else ' at'} {point}"
        return [f"{where}: {what}" for what in faults(series, copy, ended, expected)]


@pytest.mark.parametrize("name", TRIED_HERE)
def test_a_command_killed_at_any_call_keeps_what_it_said(stage: Stage, name: str) -> None:
    """What was acknowledged is there, nothing is there by half, and given again it is there once."""
    gone, _expected = known(stage, name)
    found = []
    points, late = some(gone.points, *KILLS, f"kill/{name}"), f"kills of `{name}` that came too late"
    before = TRIED[late]
    for point in points:
        found += broken(stage, name, point, KILL)
        TRIED[f"kills of `{name}`"] += 1
    assert not found, told(found)
    assert TRIED[late] - before <= len(points) // 10


@pytest.mark.parametrize("name", TRIED_HERE)
def test_a_command_whose_call_fails_tells_the_truth(stage: Stage, name: str) -> None:
    """It succeeds and it is so, or it is refused in one sentence and nothing is recorded; and the store is sound."""
    gone, _expected = known(stage, name)
    chance, found = Random(f"errors/{name}"), []
    points = [point for point in gone.points if point.call in ERRNOS]
    for point in some(points, *ERRORS, f"errors/{name}"):
        error = chance.choice(ERRNOS[point.call])
        lasting = not {point.call, error} & ONCE_ONLY and chance.random() < 0.5
        found += broken(stage, name, point, f"error={error}", lasting=lasting)
        TRIED[f"failing calls of `{name}`"] += 1
    assert not found, told(found)


class TestControls:
    """The same faults and the same judge, with programs that break their word: they are found out."""

    def test_a_program_that_tells_too_soon(self, stage: Stage) -> None:
        """One that acknowledges before it records is found wherever it dies before its commit."""
        point = next(one for one in known(stage, "record")[0].points if one.call in {"pwrite64", "sendto"})
        found = broken(stage, "record", point, KILL, control="told_too_soon")
        assert any("acknowledged" in what for what in found)

    @pytest.mark.in_a_file
    def test_a_program_that_commits_in_two_halves(self, stage: Stage) -> None:
        """One that commits events and head apart is found between the two commits."""
        points = [one for one in known(stage, "record")[0].points if one.call in {"pwrite64", "fdatasync"}]
        found = (what for one in points[-8::-1] for what in broken(stage, "record", one, KILL, control="in_two_halves"))
        assert any("verify finds" in what for what in found)

    @pytest.mark.in_a_file
    def test_a_program_that_does_not_listen(self, stage: Stage) -> None:
        """One that takes no notice of a failed commit acknowledges what is not there."""
        point = next(
            one for one in known(stage, "record")[0].points if "db-wal" in one.asked and one.call == "pwrite64"
        )
        found = broken(stage, "record", point, "error=ENOSPC", lasting=True, control="deaf")
        assert any("acknowledged" in what for what in found)
