"""Where a figure comes from: a tree from a cell of the report down to the events under it.

At every node the parts add up to the amount shown; each leaf is an event of the log, or a unit that stands elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from attrs import evolve, frozen

from events.period import Period
from heinola_es.domain.value_rule.column import Column
from heinola_es.domain.value_rule.standing import gaps
from projections.audit.entries import Entry, entries_at
from projections.read_models.moment import answered
from projections.report.language.sentences import note_sentence as note_in_words
from projections.report.language.words import msgid, words_in
from projections.snapshot.columns import FORECAST, ReportColumn, Sum, column_named
from projections.snapshot.first_format import note_sentence
from projections.snapshot.model import Note
from projections.snapshot.notes import ColumnNotes, notes_on
from projections.snapshot.taking import View, look

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.domain.value_rule.facts import Posting
    from heinola_es.domain.value_rule.rule import ValueRule
    from heinola_es.domain.value_rule.value import Route, Value
    from projections.snapshot.forecasts import ForecastColumn
    from projections.snapshot.taking import SnapshotQuery

MAX_DEPTH = 1_000
"""Deeper than any tree of units and lines."""

_SAID: dict[Route, str] = {
    "stated": msgid("stated, with what was recorded after it"),
    "tiled": msgid("the sum of the parts of its period"),
    "components": msgid("the sum of its component lines"),
    "units": msgid("the sum of the units below"),
    "posted": msgid("the sum of its postings, where the books are complete"),
}
_MOVED = {-1: msgid("stands elsewhere now"), 1: msgid("stood elsewhere then")}
_NOT_WHOLE = msgid("not whole")
_NOTHING_TOLD = msgid("nothing is told of it")
_BESIDE = msgid("what is computed beside these")
_LEFT = "left the city, and earlier years are shown without it"


@frozen(slots=True)
class Node:
    """An amount and what it is the sum of.

    Attributes:
        unit, line: the cell, or the cell that the event is about.
        title: in words, what it is.
        cents: the amount; None where it is unknown or not whole.
        how: how the amount follows from the parts; why it is unknown or what is missing; empty for an event.
        entry: the event, for a leaf.
        parts: what adds up to the amount, or is known of it; empty for an event, the unknown, and where it was cut.
        known_cents: what is known of an amount that is not whole.
        cut: how many parts were left out because they lie deeper than was asked for.
        name: of the unit; empty for an event.
        period: what the amount covers, where that is a part of what the cell covers.
        note: what `how` says, where it is a note of the report.
        column: which amount of the row it is, where the cell is worked out from several of them.
        left_out: of a cell of comparable years, what left the city and would have been part of it, by unit.
    """

    unit: str
    line: str
    title: str
    cents: int | None
    how: str
    entry: Entry | None
    parts: tuple[Node, ...] = ()
    known_cents: int | None = None
    cut: int = 0
    name: str = ""
    period: Period | None = None
    note: Note | None = None
    column: str = ""
    left_out: tuple[Node, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the tree as JSON values."""
        told: dict[str, Any] = {"unit": self.unit, "line": self.line, "title": self.title, "cents": self.cents}
        if self.how:
            told["how"] = self.how
        if self.entry:
            told["event"] = self.entry.as_json()
        if self.known_cents is not None:
            told["known_cents"] = self.known_cents
        if self.cut:
            told["cut"] = self.cut
        if self.parts:
            told["parts"] = [part.as_json() for part in self.parts]
        if self.left_out:
            told["left_out"] = [one.as_json() for one in self.left_out]
        return told

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Node]]:
        """Yield this node and all below it, each with how deep it lies, this one at `depth`."""
        yield depth, self
        for part in self.parts:
            yield from part.walk(depth + 1)

    def leaves(self) -> Iterator[Node]:
        """Yield the nodes without parts."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


def explain(
    view: View,
    query: SnapshotQuery,
    unit: str,
    line: str,
    column: str,
    *,
    depth: int | None = None,
    from_log: bool = True,
) -> Node:
    """Return the tree of a cell of the report: `column` names an amount of the snapshot.

    It is worked out from the log itself, up to the view's position, and each event tells its own amount. With `depth`
    no part lies deeper than so many steps under the cell; a node says how many were cut from it. Not `from_log`, it is
    worked out from the store's read models, as the report itself is, which takes no longer than the report.

    Raises:
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    reader, asked = view.reader, evolve(query, position=view.upto)
    return answered(reader, lambda: _explain(look(reader, asked), query, unit, line, column, depth), from_log=from_log)


def _explain(view: View, query: SnapshotQuery, unit: str, line: str, column: str, depth: int | None) -> Node:
    of_report = column_named(column)
    if isinstance(of_report.source, Sum):
        return _computed(view, query, (unit, line), of_report, depth)
    chosen = view.figures.of(of_report, query.period)
    if of_report is FORECAST:
        return _forecast(view, cast("ForecastColumn", chosen), (unit, line), MAX_DEPTH if depth is None else depth)
    notes = notes_on(view.figures, query.period, {of_report: chosen})[column]
    own = chosen.named(line)
    if own is None:
        note = notes.of(unit, line)
        name = view.organisation.units[unit].name
        return Node(unit, line, _title(view, unit, line), None, note_sentence(note), None, name=name, note=note)
    kept = chosen.as_kept
    left_out = tuple(_left_out(view, kept, unit, own)) if of_report.years_back else ()
    if any(one.unit == unit for one in left_out):
        last_day, name = view.organisation.units[unit].last_day, view.organisation.units[unit].name
        note = Note("left_the_city", {"day": last_day})
        title = _title(view, unit, line)
        return Node(unit, line, title, None, _LEFT, None, name=name, note=note, left_out=left_out)
    view, notes = evolve(view, chart=kept.chart), evolve(notes, column=kept)
    explaining = _Explaining(view, kept, notes, {})
    return evolve(explaining.cell(unit, own, MAX_DEPTH if depth is None else depth), left_out=left_out)


def _forecast(view: View, column: ForecastColumn, cell: tuple[str, str], depth: int) -> Node:
    """Return the tree of a forecast: what was given is an event, what was computed tells by which method."""
    unit, line = cell
    found, note, said = column.forecast(unit, line), column.note(unit, line), column.given.get(cell)
    how = _NOT_WHOLE if found is None else _NOTHING_TOLD if note is None else note_in_words(words_in("en"), note, str)
    name = view.organisation.units[unit].name
    node = Node(
        unit, line, _title(view, unit, line), None if found is None else found.cents, how, None, name=name, note=note
    )
    if found is None:
        return node
    known = [one for one in column.made_of(unit, line) if column.note(*one) is not None]
    if depth == 0:
        return evolve(node, cut=len(known) + (said is not None))
    parts = [_forecast(view, column, one, depth - 1) for one in known]
    if said is not None:
        entry = entries_at(view.reader, [said.position])[said.position]
        title = f"#{said.position} {entry.topic} {entry.effective.label}"
        parts.append(Node(unit, line, title, entry.said["amount_cents"], "", entry))
    beside = found.cents - sum(part.cents or 0 for part in parts)
    if parts and beside:
        parts.append(Node(unit, line, _title(view, unit, line), beside, _BESIDE, None, name=name))
    return evolve(node, parts=tuple(parts))


def _left_out(view: View, column: Column, unit: str, line: str) -> Iterator[Node]:
    """Yield what a cell of comparable years is without: each unit that left, with what left under it."""
    left, organisation = view.figures.left, view.organisation
    for code in sorted(left & organisation.units.keys()):
        then = organisation.units[code]
        if unit not in organisation.at_or_above(code) or (code != unit and then.parent in left):
            continue
        cell = column.cell(code, line)
        note = Note("left_the_city", {"day": then.last_day})
        cents, title = None if cell is None else cell[0], f"{code} {then.name}"
        if cell is None or cell[0]:
            yield Node(code, line, title, cents, _LEFT, None, name=then.name, note=note)


def _computed(view: View, query: SnapshotQuery, cell: tuple[str, str], column: ReportColumn, depth: int | None) -> Node:
    """Return the tree of a cell that is worked out from others of its row, each of which has a tree of its own."""
    unit, line = cell
    terms = column.source.terms if isinstance(column.source, Sum) else {}
    there = {name: times for name, times in terms.items() if not column_named(name).covers_nothing(query.period)}
    known = {name: _explain(view, query, unit, line, name, depth) for name in there}
    cents = [None if one.cents is None else one.cents * there[name] for name, one in known.items()]
    whole = None if None in cents else sum(one for one in cents if one is not None)
    name = view.organisation.units[unit].name
    title = f"{_title(view, unit, line)}, {column.name}"
    said = " ".join(f"{'+' if times > 0 else '-'} {one}" for one, times in there.items()).removeprefix("+ ")
    parts = tuple(evolve(one, title=f"{one.title}, {called}", column=called) for called, one in known.items())
    left_out = tuple(one for part in known.values() for one in part.left_out)
    return Node(unit, line, title, whole, said, None, parts, name=name, left_out=left_out)


def _title(view: View, unit: str, line: str) -> str:
    return f"{unit} {view.organisation.units[unit].name}: {view.chart.lines[line].labels['fi']}"


Parts = Iterator[Callable[[], Node]]


@frozen(slots=False)
class _Explaining:
    """Explains cells of a column, over its period or a part of it."""

    view: View
    column: Column
    notes: ColumnNotes
    entries: dict[int, Entry]

    @property
    def rule(self) -> ValueRule:
        return self.column.rule

    def title(self, unit: str, line: str, period: Period) -> str:
        of = "" if period == self.column.period else f", {period.label}"
        return f"{_title(self.view, unit, line)}{of}"

    def _named(self, node: Node, period: Period) -> Node:
        """Return a node with what it is called, apart from its title."""
        name = self.view.organisation.units[node.unit].name
        return evolve(node, name=name, period=None if period == self.column.period else period)

    def cell(self, unit: str, line: str, depth: int, period: Period | None = None) -> Node:
        """Return the node of a cell over the column's period, or a part of it."""
        period = period or self.column.period
        value = self.rule.value(unit, line, period)
        if value is None:
            return self._in_part(unit, line, period, depth)
        return self._whole(unit, line, period, value, depth)

    def _whole(self, unit: str, line: str, period: Period, value: Value, depth: int) -> Node:
        parts = {
            "stated": self._from_statement,
            "tiled": self._from_parts,
            "components": self._from_components,
            "units": self._from_units,
            "posted": self._from_postings,
        }[value.route](unit, line, period, depth - 1)
        title, how = self.title(unit, line, period), _SAID[value.route]
        node = self._named(Node(unit, line, title, value.cents, how, None), period)
        if depth == 0:
            return evolve(node, cut=sum(1 for _part in parts))
        return evolve(node, parts=tuple(make() for make in parts))

    def _in_part(self, unit: str, line: str, period: Period, depth: int) -> Node:
        """Return the node of a cell that is not whole: why, and what is known of its parts."""
        title, known = self.title(unit, line, period), self.column.parts.cents(unit, line, period)
        note = self.notes.of(unit, line) if period == self.column.period else None
        node = self._named(Node(unit, line, title, None, note_sentence(note) if note else _NOT_WHOLE, None), period)
        node = evolve(node, known_cents=known, note=note)
        if known is None:
            return node
        parts = self._known_parts(unit, line, period, depth - 1)
        if depth == 0:
            return evolve(node, cut=sum(1 for _part in parts))
        return evolve(node, parts=tuple(make() for make in parts))

    def _known_parts(self, unit: str, line: str, period: Period, depth: int) -> Parts:
        """Yield the parts of what is known: of the period, where some of it is stated, of the line, or of the units."""
        known, lines = self.column.parts, self.view.chart.at_or_below(line)
        stated = known.stated_inside(unit, line, period)
        if stated:
            for part in sorted([*stated, *gaps(period, stated)]):
                if known.cents(unit, line, part) is not None:
                    yield partial(self.cell, unit, line, depth, part)
        elif known.is_of_components(unit, line, period):
            for component in self.rule.parts_of(unit, line, period):
                if known.cents(unit, component, period) is not None:
                    yield partial(self.cell, unit, component, depth, period)
            yield from self._own(sorted(self.rule.standing.with_below(unit)), frozenset((line,)), period)
        else:
            for child in self.rule.standing.below(unit, period):
                if known.cents(child, line, period) is not None:
                    yield partial(self.cell, child, line, depth, period)
            yield from self._own([unit], lines, period)

    def _from_statement(self, unit: str, line: str, period: Period, depth: int) -> Parts:
        statement = self.rule.stated.statement(unit, line, period)
        if statement is None:
            raise ValueError(f"{unit} {line} is not stated")
        yield partial(self._event, unit, line, statement.position)
        yield from self._postings(self.rule.stated.added_to(statement, period))
        for sign, units in zip((-1, 1), self.rule.stated.changes(statement), strict=True):
            for code, value in (self.rule.shares(units, (unit, line, period)) or {}).items():
                yield partial(self._moved, code, line, period, value, sign, depth)

    def _moved(self, unit: str, line: str, period: Period, value: Value, sign: int, depth: int) -> Node:
        """Return what is taken off a stated total, or added to it, because a unit stands elsewhere."""
        title, how = self.title(unit, line, period), _MOVED[sign]
        node = self._named(Node(unit, line, title, sign * value.cents, how, None), period)
        if depth <= 0:
            return evolve(node, cut=1)
        return evolve(node, parts=(self.cell(unit, line, depth, period),) if sign > 0 else ())

    def _from_parts(self, unit: str, line: str, period: Period, depth: int) -> Parts:
        for part, value in (self.rule.parts(unit, line, period) or {}).items():
            yield partial(self._whole, unit, line, part, value, depth)

    def _from_components(self, unit: str, line: str, period: Period, depth: int) -> Parts:
        for component in self.rule.parts_of(unit, line, period):
            yield partial(self.cell, unit, component, depth, period)
        yield from self._own(sorted(self.rule.standing.with_below(unit)), frozenset((line,)), period)

    def _from_units(self, unit: str, line: str, period: Period, depth: int) -> Parts:
        for child in self.rule.standing.below(unit, period):
            if not self.rule.is_foreign(child, line, period):
                yield partial(self.cell, child, line, depth, period)
        yield from self._own([unit], self.view.chart.at_or_below(line), period)

    def _from_postings(self, unit: str, line: str, period: Period, _depth: int) -> Parts:
        yield from self._own([unit], self.view.chart.at_or_below(line), period)

    def _own(self, units: Iterable[str], lines: frozenset[str], period: Period) -> Parts:
        """Yield what units posted themselves on some lines."""
        totals = self.rule.posted.totals(period)
        for unit in units:
            if not lines.isdisjoint(totals.get(unit, ())):
                yield from self._postings(p for p in self.rule.facts.of(unit, period) if p.line in lines)

    def _postings(self, postings: Iterable[Posting]) -> Parts:
        for posting in postings:
            yield partial(self._event, posting.unit, posting.line, posting.position)

    def _event(self, unit: str, line: str, position: int) -> Node:
        if position not in self.entries:
            self.entries.update(entries_at(self.view.reader, [position]))
        entry = self.entries[position]
        return Node(
            unit, line, f"#{position} {entry.topic} {entry.effective.label}", entry.said["amount_cents"], "", entry
        )
