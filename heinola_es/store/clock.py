"""Whether the clock of whoever records can be right: one that is wrong would stamp all later events, unseen."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

BACK = timedelta(hours=1)
"""How far clocks of several machines may be apart."""
LONGER = timedelta(days=31)
"""By how much a pause may be longer than any before it."""


class ClockInDoubt(Refused):
    """The clock stands far from the end of the log."""


def require_right_clock(now: datetime, last: datetime, recorded: Callable[[], Iterable[datetime]]) -> None:
    """Refuse an instant that is well before the last event of the log, or after a pause longer than any before.

    Args:
        now: what the clock says (UTC).
        last: when the last event of the log was recorded (UTC).
        recorded: returns when each event was recorded, in order; asked only after a pause of more than a month.

    Raises:
        ClockInDoubt.
    """
    if now < last - BACK:
        raise _in_doubt(now, f"before the last event of the log, which was recorded {_written(last)}")
    if now <= last + LONGER:
        return
    longest = max((after - before for before, after in pairwise(recorded())), default=timedelta())
    if now > last + longest + LONGER:
        raise _in_doubt(now, f"{(now - last).days} days after the last event, longer than ever nothing was recorded")


def _in_doubt(now: datetime, where: str) -> ClockInDoubt:
    return ClockInDoubt(
        f"the clock says {_written(now)}, {where}; nothing was recorded; set the clock right, or say that it is with "
        "--clock-is-right"
    )


def _written(instant: datetime) -> str:
    return f"{instant.day}.{instant.month}.{instant.year} {instant:%H:%M} UTC"
