"""What the pass over the log found, told as problems; and the head of the tree held against it."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

from attrs import frozen

from heinola_es.store.command_keys import KeysNotSound, keys_taken_in
from heinola_es.store.merkle import HASH_BYTES, root_of, unpack_frontier
from heinola_es.store.schema import SCHEMAS, SECOND_FORMAT
from projections.verifying.problems import Problem, Resting, events, number, runs, were

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from projections.verifying.log_pass import LogPass

_PLANTED = "it was planted; what it says must not be relied on"
_NO_HEAD = "the head of the log's tree is missing, is none or has another beside it: nothing can be recorded any more"


@frozen(slots=True)
class Head:
    """The head of the tree as the file has it."""

    size: int
    root: bytes
    frontier: bytes
    recorded: str

    def subtrees(self) -> dict[int, bytes]:
        """Return the roots of the log at the sizes at which one of its complete subtrees ends; empty if damaged."""
        stored = unpack_frontier(self.frontier)
        heights = [height for height in reversed(range(self.size.bit_length())) if self.size >> height & 1]
        if len(stored) != len(heights):
            return {}
        sizes = accumulate(1 << height for height in heights)
        return {size: root_of(stored[:count]) for count, size in enumerate(sizes, 1)}


def read_head(connection: sqlite3.Connection) -> Head | None:
    """Return the head of the tree; None where there is none, or not one of the right types."""
    rows = connection.execute("SELECT size, root, frontier, recorded FROM store.tree_head").fetchall()
    if len(rows) != 1:
        return None
    size, root, frontier, recorded = rows[0]
    types_fit = isinstance(size, int) and size >= 0 and isinstance(root, bytes) and isinstance(frontier, bytes)
    return Head(size, root, frontier, recorded) if types_fit and isinstance(recorded, str) else None


def event_problems(found: LogPass, resting: Resting) -> Iterator[Problem]:
    """Yield what is wrong with single events: changed, lost, out of place, unreadable."""
    for first, last in runs(found.changed):
        message = f"{events(first, last)} {were(first, last)} changed"
        yield Problem("event", first, last, message, resting.on(first, last))
    yield from _misplaced(found, resting)
    changed = set(found.changed)
    for position in found.unordered:
        if position not in changed:
            message = f"event {number(position)} does not continue its stream: one was inserted, lost or moved"
            yield Problem("order", position, position, message, resting.on(position))
    for first, last in runs(position for position in found.backdated if position not in changed):
        message = f"{events(first, last)} {were(first, last)} recorded before what stands before: moved or inserted"
        yield Problem("order", first, last, message, resting.on(first, last))
    for position in found.estranged:
        if position not in changed:
            message = (
                f"event {number(position)} stands in a stream that is not the one it names: it was planted or moved"
            )
            yield Problem("order", position, position, message, resting.on(position))
    for position, flaw in found.unreadable.items():
        if position not in changed:
            message = f"event {number(position)} cannot be read ({flaw})"
            yield Problem("event", position, position, message, resting.on(position))


def own_problems(found: LogPass) -> Iterator[Problem]:
    """Yield what is wrong with the events about the store itself and with the keys of commands."""
    before = ""
    for position, (topic, body) in found.own.items():
        flaw = _flaw_of_own(topic, body, position, before)
        if flaw:
            yield Problem("order", position, position, f"event {number(position)} ({topic}) {flaw}", _PLANTED)
        before = before if topic == "CommandKeyed" and before else str(body.get("format", SECOND_FORMAT))


def _flaw_of_own(topic: str, body: dict[str, Any], position: int, before: str) -> str:
    """Return what is wrong with an event about the store; `before` is the format that it had, empty for the first."""
    if topic == "CommandKeyed":
        sound = 0 < body["first"] <= body["last"] == position - 1
        return "" if sound else "keeps a key for events that it does not follow"
    if topic == "StoreInitialised":
        return "" if position == 1 else "says that the store was initialised, and events stand before it"
    formats = list(SCHEMAS)
    known = before in {"", *formats} and body["format"] in formats
    needed = known and (not before or formats.index(before) < formats.index(body["format"]))
    if not needed:
        return "says that the store was upgraded, and it had no need to be"
    try:
        keys_taken_in(body.get("keys", ()), position - 1)
    except KeysNotSound:
        return "took in command keys for events that cannot be"
    return ""


def protected_from(found: LogPass) -> int:
    """Return the position from which the log itself keeps the settings and command keys; 0 where it does not."""
    return min((at for at, (topic, _body) in found.own.items() if topic != "CommandKeyed"), default=0)


def _misplaced(found: LogPass, resting: Resting) -> Iterator[Problem]:
    for before, position in found.misplaced:
        if position > before + 1:
            first, last = before + 1, position - 1
            yield Problem(
                "order", first, last, f"{events(first, last)} {were(first, last)} deleted", resting.on(first, last)
            )
        else:
            yield Problem("order", position, position, f"event {position} is before the first", resting.on(position))


def head_problems(
    head: Head | None, found: LogPass, resting: Resting, located: list[Problem], agreed: int
) -> Iterator[Problem]:
    """Yield where the head of the tree and the log differ.

    What `located` names already is not told again. Up to `agreed`, the log has a root that was published or sealed.
    """
    if head is None:
        yield Problem("head", 0, 0, _NO_HEAD)
        return
    if found.size == head.size:
        yield from _same_size(head, found, resting, located)
    elif found.size > head.size:
        yield _longer(head, found, resting, agreed)
    elif found.last >= head.size:
        if not found.misplaced:
            yield Problem("head", 0, 0, f"the head counts {number(head.size)} events, the log has {number(found.size)}")
    elif not found.misplaced:
        yield _shorter(head, found, resting, agreed)


def _longer(head: Head, found: LogPass, resting: Resting, agreed: int) -> Problem:
    if found.roots.get(head.size) == head.root:
        first, last = head.size + 1, found.last
        message = f"{events(first, last)} {were(first, last)} added behind the log's back: its head ends before"
        return Problem("order", first, last, message, resting.on(first, last))
    first, last = agreed + 1, found.last
    extra = number(found.size - head.size)
    message = f"{extra} more than the {number(head.size)} events of the head: inserted among {events(first, last)}"
    return Problem("order", first, last, message, resting.on(first, last))


def _shorter(head: Head, found: LogPass, resting: Resting, agreed: int) -> Problem:
    first, last = agreed + 1, head.size
    missing = number(head.size - found.size)
    message = f"{missing} of {number(head.size)} events were cut off the end or taken out among {events(first, last)}"
    return Problem("order", first, last, message, resting.on(first, last))


def _same_size(head: Head, found: LogPass, resting: Resting, located: list[Problem]) -> Iterator[Problem]:
    root, frontier = found.roots[found.size], found.frontier
    if head.root != root and head.frontier == b"".join(frontier):
        yield Problem("head", 0, 0, "the root in the head of the tree was changed")
    elif head.root == root and head.frontier != b"".join(frontier):
        yield Problem("head", 0, 0, "the frontier in the head of the tree was changed, so the next root would be wrong")
    elif head.root != root:
        yield from _moved(head, found, resting, located)
    if head.recorded != found.recorded and not located:
        yield Problem("head", 0, 0, "the instant in the head of the tree is not that of the last event")


def _moved(head: Head, found: LogPass, resting: Resting, located: list[Problem]) -> Iterator[Problem]:
    """Yield the parts of the log whose hashes are not those that were counted when they were recorded."""
    stored, frontier = unpack_frontier(head.frontier), found.frontier
    if len(stored) != len(frontier) or len(head.frontier) % HASH_BYTES:
        yield Problem("head", 1, found.size, "the head of the tree was changed", resting.on(1, found.size))
        return
    last = 0
    heights = [bit for bit in reversed(range(found.size.bit_length())) if found.size >> bit & 1]
    for height, theirs, ours in zip(heights, stored, frontier, strict=True):
        first, last = last + 1, last + (1 << height)
        if theirs != ours and not any(first <= problem.first <= last for problem in located):
            message = f"among events {number(first)}–{number(last)}, some were exchanged or replaced"
            yield Problem("order", first, last, message, resting.on(first, last))
    if all(theirs == ours for theirs, ours in zip(stored, frontier, strict=True)):
        yield Problem("head", 0, 0, "the root in the head of the tree was changed")
