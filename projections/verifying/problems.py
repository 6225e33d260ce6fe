"""What a verification finds: values, told together, each with its place in the log and what rests on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from projections.published.publications import report_label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heinola_es.sealing.seals import Seal
    from projections.published.publications import Published

LOST = "it can no longer be shown as it was published"
"""The consequence of what is wrong with a published report."""
_MOST_NAMED = 12


@frozen(slots=True)
class Problem:
    """One thing that is not as it was recorded.

    Attributes:
        kind: `event`, `order`, `head`, `structure`, `report`, `read_model`, `seal`, `actor` or `file`.
        first, last: positions of the events concerned; both 0 where it is about none.
        message: what is wrong, and where.
        consequence: what can no longer be relied on.
    """

    kind: str
    first: int
    last: int
    message: str
    consequence: str = ""

    def __str__(self) -> str:
        return f"{self.message}; {self.consequence}" if self.consequence else self.message

    def covers(self, position: int) -> bool:
        """Return whether the problem is about the event at a position, among others or alone."""
        return self.first <= position <= self.last


@frozen(slots=True)
class Resting:
    """The published reports, asked which of them rest on an event.

    Attributes:
        reports: position that the report rests on, and its label, in the order of the log.
    """

    reports: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, published: Iterable[Published], seals: Iterable[Seal]) -> Resting:
        """Return the reports that the log knows as published, and those that only a seal knows of."""
        known = {report_label(seal.period, seal.scope, seal.revision): seal.position for seal in seals}
        for one in published:
            known[one.label] = max(one.position, known.get(one.label, 0))
        return cls(tuple(sorted((position, label) for label, position in known.items())))

    def on(self, first: int, last: int | None = None) -> str:
        """Return the consequence of a change to the events from `first` to `last` (one, where None)."""
        them = "it" if last in {None, first} else "them"
        labels = [label for position, label in self.reports if position >= first]
        if not labels:
            return f"no published report rests on {them}"
        verb = "report {} rests" if len(labels) == 1 else "reports {} rest"
        return f"{verb.format(listed(labels))} on {them}"


def number(value: int) -> str:
    """Return a position as it is told: `1 042`."""
    return f"{value:,}".replace(",", " ")


def named(one: Published) -> str:
    """Return a publication in words: its report, and where it stands."""
    return f"the report {one.label} (event {number(one.at)})"


def events(first: int, last: int) -> str:
    """Return one event or several in words: `event 1 042`, `events 7–9`."""
    return f"event {number(first)}" if first == last else f"events {number(first)}–{number(last)}"


def were(first: int, last: int) -> str:
    """Return the verb that goes with `events`."""
    return "was" if first == last else "were"


def listed(names: Sequence[str]) -> str:
    """Return names as people list them: `a, b and c`; of very many, the first and how many more."""
    if len(names) > _MOST_NAMED:
        return f"{', '.join(names[:_MOST_NAMED])} and {number(len(names) - _MOST_NAMED)} more"
    return " and ".join(part for part in (", ".join(names[:-1]), names[-1]) if part)


def runs(positions: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of every run of positions that follow one another."""
    first = last = None
    for position in positions:
        if first is None or last is None:
            first = position
        elif position != last + 1:
            yield first, last
            first = position
        last = position
    if first is not None and last is not None:
        yield first, last
