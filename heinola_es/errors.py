"""What can be said no to: bad input (usage) and commands that a rule refuses.

Every error carries the one sentence that the user sees: what is wrong, where, and what to do about it.
The command line maps them to exit codes: `Refused` to 1, `BadInput` to 2, `Unfinished` to 4.
"""

from __future__ import annotations

from os.path import commonprefix
from typing import TYPE_CHECKING

from heinola_es.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


_CLASS = pattern(r"<class '([\w.]+)'>")
_ABOUT = 0.15  # of difflib's likeness, which runs from 0 to 1


class HeinolaError(Exception):
    """Base of all errors that are meant for the user; `str(error)` is the sentence to show.

    What has several things to say is made with a sentence for each; `lines` has them one by one.
    """

    def __str__(self) -> str:
        return "\n".join(self.lines)

    @property
    def lines(self) -> tuple[str, ...]:
        """The sentences; a line end inside one is part of what was given, and never begins another."""
        return tuple(map(str, self.args))


class BadInput(HeinolaError):
    """What was given cannot be read: an amount, a period, a file. Nothing was recorded."""


class Refused(HeinolaError):
    """A rule of the domain refuses the command. Nothing was recorded."""


class Unfinished(HeinolaError):
    """What was asked is recorded, but something that follows from it could not be done; the sentence says how to."""


def flaw_in_words(error: BaseException) -> str:
    """Return what is wrong with data that something could not read, without the words of the program's insides."""
    if isinstance(error, KeyError):
        return f"it lacks {error.args[0]!r}" if error.args else "it lacks something"
    said = str(error.args[0]) if error.args else type(error).__name__
    return _CLASS.sub(r"\1", said.splitlines()[0][:200]) if said else type(error).__name__


def nearest_unit(wanted: str, names: Mapping[str, str]) -> str:
    """Return which unit is called so, `"; did you mean X?"`, or an empty string.

    Args:
        wanted: what somebody took for a code.
        names: of the units, by code.
    """
    called = [code for code, name in names.items() if name.casefold() == wanted.strip().casefold()]
    if not called:
        return nearest(wanted, names)
    return f"; {' and '.join(called)} {'is' if len(called) == 1 else 'are'} called so, and a unit is told by its code"


def nearest(wanted: str, known: Iterable[str]) -> str:
    """Return `"; did you mean X?"` for the known name closest to `wanted`, or an empty string.

    Of names about as close the one of the same length is meant: a wrong digit is likelier than one too many. Of names
    that differ in case alone, the first.
    """
    from difflib import SequenceMatcher, get_close_matches  # noqa: PLC0415 - for what was mistyped alone

    by_folded: dict[str, str] = {}
    for name in known:
        by_folded.setdefault(name.casefold(), name)
    folded = wanted.casefold()
    close = get_close_matches(folded, by_folded, n=5, cutoff=0.5)
    likeness = {name: SequenceMatcher(None, folded, name).ratio() for name in close}
    about_as_close = [name for name in close if likeness[name] > likeness[close[0]] - _ABOUT]
    # Stable: of those left, the one that begins as the wanted one does comes first.
    about_as_close.sort(key=lambda name: -len(commonprefix([name, folded])))  # noqa: RUF071 - characters are meant
    best = min(about_as_close, key=lambda name: abs(len(name) - len(folded)), default=None)
    return "" if best is None else f"; did you mean {by_folded[best]}?"
