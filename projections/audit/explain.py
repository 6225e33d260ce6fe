"""Where a figure comes from: a tree from a cell of the report down to the events under it.

At every node the parts add up to the amount shown; each leaf is an event of the log.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from heinola_es.value import Column
from projections.audit.entries import Entry, entries_at
from projections.moment import answered
from projections.snapshot.columns import column_named
from projections.snapshot.first_format import note_sentence
from projections.snapshot.notes import notes_on
from projections.snapshot.taking import View, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from heinola_es.value import Posting
    from projections.snapshot.taking import SnapshotQuery

MAX_DEPTH = 1_000
"""Deeper than any tree of units and lines."""

_SAID = {
    "statement": "stated, with what was recorded after it",
    "units": "the sum of the units below",
    "components": "the sum of its component lines",
    "postings": "the sum of its postings",
}


@frozen(slots=True)
class Node:
    """An amount and what it is the sum of.

    Attributes:
        unit, line: the cell, or the cell that the event is about.
        title: in words, what it is.
        cents: the amount; None where it is unknown.
        how: how the amount follows from the parts; why it is unknown; empty for an event.
        entry: the event, for a leaf.
        parts: what adds up to the amount; empty for an event, for the unknown, and where the tree was cut.
        cut: how many parts were left out because they lie deeper than was asked for.
    """

    unit: str
    line: str
    title: str
    cents: int | None
    how: str
    entry: Entry | None
    parts: tuple[Node, ...] = ()
    cut: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the tree as JSON values."""
        told: dict[str, Any] = {"unit": self.unit, "line": self.line, "title": self.title, "cents": self.cents}
        if self.how:
            told["how"] = self.how
        if self.entry:
            told["event"] = self.entry.as_json()
        if self.cut:
            told["cut"] = self.cut
        if self.parts:
            told["parts"] = [part.as_json() for part in self.parts]
        return told

    def leaves(self) -> Iterator[Node]:
        """Yield the nodes without parts."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def explain(view: View, query: SnapshotQuery, unit: str, line: str, column: str, *, depth: int | None = None) -> Node:
    """Return the tree of a cell of the report: `column` is one of the four amount columns of the snapshot.

    It is worked out from the log itself, up to the view's position, and each event tells its own amount. With `depth`
    no part lies deeper than so many steps under the cell; a node says how many were cut from it.

    Raises:
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    reader, asked = view.reader, evolve(query, position=view.upto)
    return answered(reader, lambda: _explain(look(reader, asked), query, unit, line, column, depth), from_log=True)


def _explain(view: View, query: SnapshotQuery, unit: str, line: str, column: str, depth: int | None) -> Node:
    of_report = column_named(column)
    chosen = view.figures.of(of_report, query.period)
    explaining = _Explaining(view, chosen, {})
    if chosen.value(unit, line) is not None:
        return explaining.cell(unit, line, MAX_DEPTH if depth is None else depth)
    note = notes_on(view.figures, query.period, {of_report: chosen})[column].of(unit, line)
    how = "" if note is None else note_sentence(note)
    return Node(unit, line, explaining.title(unit, line), None, how, None)


@frozen(slots=False)
class _Explaining:
    view: View
    column: Column
    entries: dict[int, Entry]

    def title(self, unit: str, line: str) -> str:
        name = self.view.organisation.units[unit].name
        return f"{unit} {name}: {self.view.chart.lines[line].labels['fi']}"

    def cell(self, unit: str, line: str, depth: int) -> Node:
        value = self.column.value(unit, line)
        if value is None:
            raise ValueError(f"{unit} {line} is not known, so it has no parts")
        parts = {
            "statement": self._from_statement,
            "units": self._from_units,
            "components": self._from_components,
            "postings": self._from_postings,
        }[value.route](unit, line, depth - 1)
        title, how = self.title(unit, line), _SAID[value.route]
        if depth == 0:
            return Node(unit, line, title, value.cents, how, None, cut=sum(1 for _part in parts))
        return Node(unit, line, title, value.cents, how, None, tuple(make() for make in parts))

    def _from_statement(self, unit: str, line: str, _depth: int) -> Iterator[Callable[[], Node]]:
        statement = self.column.statements[unit, line]
        yield partial(self._event, unit, line, statement.position)
        yield from self._postings(self.column.added_to(statement))

    def _from_units(self, unit: str, line: str, depth: int) -> Iterator[Callable[[], Node]]:
        for child in self.column.units_below(unit, line):
            yield partial(self.cell, child, line, depth)
        yield from self._postings(self.column.own(unit, self.view.chart.at_or_below(line)))

    def _from_components(self, unit: str, line: str, depth: int) -> Iterator[Callable[[], Node]]:
        for component in self.column.components(unit, line):
            yield partial(self.cell, unit, component, depth)
        yield from self._postings(self.column.own(unit, [line]))

    def _from_postings(self, unit: str, line: str, _depth: int) -> Iterator[Callable[[], Node]]:
        yield from self._postings(self.column.own(unit, [line]))

    def _postings(self, postings: Iterable[Posting]) -> Iterator[Callable[[], Node]]:
        for posting in postings:
            yield partial(self._event, posting.unit, posting.line, posting.position)

    def _event(self, unit: str, line: str, position: int) -> Node:
        if position not in self.entries:
            self.entries.update(entries_at(self.view.reader, [position]))
        entry = self.entries[position]
        return Node(
            unit, line, f"#{position} {entry.topic} {entry.effective.label}", entry.said["amount_cents"], "", entry
        )
