"""Reading the log as if some of its events were not in it: what they made a report say is what it then does not say."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.reading import LogReader

_KEY = "left out"


@frozen(slots=True)
class LeftOut:
    """Events that are left out.

    Attributes:
        positions: of all of them.
        units: those with postings among them, by measure and fiscal year.
    """

    positions: frozenset[int] = frozenset()
    units: dict[tuple[str, int], frozenset[str]] = field(factory=dict)


NOTHING = LeftOut()


@contextmanager
def without(reader: LogReader, events: LeftOut) -> Iterator[None]:
    """Let everything that is asked in the moment be answered as if some events were not in the log."""
    before = left_out(reader)
    reader.kept[_KEY] = events
    try:
        yield
    finally:
        reader.kept[_KEY] = before


def left_out(reader: LogReader) -> LeftOut:
    """Return the events that are left out of what is read."""
    events: LeftOut = reader.kept.get(_KEY, NOTHING)
    return events
