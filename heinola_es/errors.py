"""What can be said no to: bad input (usage) and commands that a rule refuses.

Every error carries the one sentence that the user sees: what is wrong, where, and what to do about it.
The command line maps them to exit codes: `Refused` to 1, `BadInput` to 2.
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class HeinolaError(Exception):
    """Base of all errors that are meant for the user; `str(error)` is the sentence to show."""


class BadInput(HeinolaError):
    """What was given cannot be read: an amount, a period, a file. Nothing was recorded."""


class Refused(HeinolaError):
    """A rule of the domain refuses the command. Nothing was recorded."""


def nearest(wanted: str, known: Iterable[str]) -> str:
    """Return `"; did you mean X?"` for the known name closest to `wanted`, or an empty string."""
    by_folded = {name.casefold(): name for name in known}
    close = get_close_matches(wanted.casefold(), by_folded, n=1, cutoff=0.5)
    return f"; did you mean {by_folded[close[0]]}?" if close else ""
