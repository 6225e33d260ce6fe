"""What must hold of a store and of what was said, however a command was interrupted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from tests.faults.series import Ended, run_here, words_of
from tests.faults.stage import settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.series import Series
    from tests.faults.stage import Copy

KILLED = -9
REFUSED = {1, 2}
UNFINISHED = 4
SAID_CODES = {0, 3, *REFUSED, UNFINISHED}
_TELLS = re.compile(r"#\d|recorded|created|copied|sealed")
State = list[tuple[str, str]] | None


@frozen
class Expected:
    """The log before and after a command that nothing happens to, and what it then says."""

    before: State
    after: State
    stdout: str


def faults(series: Series, copy: Copy, ended: Ended, expected: Expected) -> list[str]:
    """Return, in words, every promise that was broken; empty where all were kept."""
    settled(copy)
    try:
        state = copy.said()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the store is told
        return [f"the store cannot be read afterwards: {error!r}"]
    found = [*_of_state(series, ended, expected, state), *_of_words(ended, expected, state)]
    if state is not None:
        found += [f"verify finds: {problem}" for problem in copy.problems()]
    return found + list(_of_retry(series, copy, expected, state))


def _of_state(series: Series, ended: Ended, expected: Expected, state: State) -> Iterator[str]:
    """Yield where the log is neither as before nor as after, or not as acknowledged."""
    nothing = expected.before is None and state in (None, [])
    if not nothing and state not in (expected.before, expected.after):
        yield f"half of it is there: {len(state or [])} events"
    if ended.code == 0 and not _says(ended, expected.stdout, reads=series.reads):
        yield f"it ended well and said something else: {ended.stdout[:300]!r}, {ended.stderr[:300]!r}"
    if not series.reads and ended.acknowledged and state != expected.after:
        yield f"acknowledged ({ended.code}, {ended.stdout.strip()[:80]!r}) and not there"


def _says(ended: Ended, expected: str, *, reads: bool) -> bool:
    """Return whether it is what was to be said.

    What was recorded may be told elsewhere, line by line; what else it tells may be left out, where that is said.
    """
    if reads or not ended.stderr:
        return _without_paths(ended.stdout) == _without_paths(expected)
    heard = [_without_paths(line) for line in f"{ended.stdout}{ended.stderr}".splitlines()]
    return all(_without_paths(line) in heard for line in expected.splitlines() if _TELLS.match(line))


def _without_paths(said: str) -> list[str]:
    """Return the words of what was said; where a store is differs from copy to copy."""
    return [word for word in said.split() if "/" not in word]


def _of_words(ended: Ended, expected: Expected, state: State) -> Iterator[str]:
    """Yield what was said that is not true, or not said in a sentence."""
    if ended.code == KILLED:
        return
    if ended.code not in SAID_CODES or "Traceback" in ended.stderr:
        yield f"it ended with {ended.code}: {ended.stderr.strip()[-200:]!r}"
        return
    sentences = [line for line in ended.stderr.splitlines() if line.startswith("heinola:")]
    if ended.code in {*REFUSED, UNFINISHED} and len(sentences) != 1:
        yield f"refused in {len(sentences)} sentences: {ended.stderr!r}"
    recorded = state == expected.after != expected.before
    if ended.code == UNFINISHED and not recorded:
        yield f"told as recorded, and not there: {ended.stderr!r}"
    if recorded and "nothing was recorded" in ended.stderr:
        yield f"it was recorded, and denied: {ended.stderr!r}"
    if recorded and ended.code and not re.search(r"recorded|published|created|copied|#\d", ended.stderr):
        yield f"it was recorded ({ended.code}), and not told: {ended.stderr!r}"


def _of_retry(series: Series, copy: Copy, expected: Expected, state: State) -> Iterator[str]:
    """Yield where the command, given once more, does not end with everything recorded once."""
    again = run_here(series, copy)
    done = not series.reads and state == expected.after
    settled(copy)
    if again.code not in ({0, 1, 2} if done else {0}):
        yield f"given again it ends with {again.code}: {again.stderr.strip()[-200:]!r}"
    elif series.reads and again.stdout != expected.stdout:
        yield f"given again it says something else: {again.stdout[:80]!r}"
    try:
        left = copy.said()
    except Exception as error:  # noqa: BLE001 - whatever is wrong with the store is told
        yield f"given again it leaves no store: {error!r}"
        return
    if left != expected.after:
        there, due = len(left or []), len(expected.after or [])
        yield f"given again it leaves {there} events, not {due}: {again.stderr.strip()!r}"
    elif problems := copy.problems():
        yield f"given again, verify finds: {problems[:2]}"
    if series.then:
        yield from _of_what_is_missing(series, copy)


def _of_what_is_missing(series: Series, copy: Copy) -> Iterator[str]:
    """Yield where what a command leaves to be done cannot be done."""
    result = run_here(series, copy, series.then)
    if result.code:
        yield f"{' '.join(words_of(series, copy, series.then)[4:])} ends with {result.code}: {result.stderr.strip()!r}"
    elif problems := copy.problems(sealed=True):
        yield f"with the seals, verify finds: {problems[:2]}"
