"""Why a value of a report changed: exactly the events without which it would not have.

A set of events is the cause of a change where the log without them gives the old value, and does not where any one of
them is kept in it. The log without some events is read by the same program, so what is found here is what taking them
out would show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from heinola_es.domain.coverage import ALL_MONTHS, months_of
from heinola_es.domain.facts import counts_in
from heinola_es.errors import BadInput
from heinola_es.store.bodies import body_of
from heinola_es.store.reading import LogReader
from projections.audit.values import Key, values_of_projects, values_of_unit
from projections.running_totals import ORDINARY
from projections.snapshot.columns import column_named
from projections.snapshot.taking import SnapshotQuery, Taking, View, look
from projections.stored_postings import LogPosting, log_postings
from projections.without import LeftOut, without

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from heinola_es.store.reading import Row

Atom = frozenset[int]
"""Positions that are taken out together."""

_UNIT = frozenset({"UnitEstablished", "UnitRenamed", "UnitMoved", "UnitMerged", "UnitClosed", "ResponsibleAssigned"})
_ANYWHERE = frozenset(
    {*_UNIT - {"UnitRenamed", "ResponsibleAssigned"}, "BooksCompleted", "CompletionWithdrawn", "FileImported"}
)
"""Kinds of events that can bear on the figures of any unit: on where it stands, and on whether its books are
complete.
"""
_FIGURES = frozenset({"FigureStated", "StatementWithdrawn", "PeriodClosed", "PeriodReopened"})
_GOALS = frozenset({"GoalSet", "GoalStatusUpdated", "GoalWithdrawn"})
_OF_KIND = {
    "unit": _UNIT,
    "goal": _GOALS,
    "priority": frozenset({"PrioritySet", "PriorityReported"}),
    "narrative": frozenset({"NarrativeReported"}),
    "indicator": frozenset({"IndicatorObserved"}),
    "outlook": frozenset({"OutlookGiven"}),
    "project": frozenset({"ProjectLaunched", "ProjectProgressReported", "ProjectRevised", "ProjectEnded"}),
}
"""The kinds of events that can bear on each kind of value; figures are a matter of their own."""
MOST_WORLDS = 200
"""How many reports without some events are kept, since other values may ask for the same."""


@frozen(slots=True)
class Happened:
    """An event between the two moments, as far as it tells what it can bear on.

    Attributes:
        position, topic: of it.
        subject: the unit or the project that it is about; empty for a file.
        posting: what it posts; None where it is no posting, or one that cannot be counted.
    """

    position: int
    topic: str
    subject: str
    posting: LogPosting | None


@define(slots=True)
class World:
    """The report as the log without some events gives it, asked for its values.

    Attributes:
        taking: takes it; None where the unit that is asked for would not be there.
    """

    taking: Taking | None
    _units: dict[str, dict[Key, Any]] = field(factory=dict)
    _projects: dict[Key, Any] | None = None

    @classmethod
    def of(cls, reader: LogReader, query: SnapshotQuery) -> World:
        """Return the world of what a reader leaves out."""
        try:
            return cls(Taking(look(reader, query), query))
        except BadInput:
            return cls(None)

    def value(self, key: Key) -> Any:  # noqa: ANN401 - a value of a report
        """Return a value by its key; None where there is none."""
        if self.taking is None:
            return None
        if key[0] == "project":
            if self._projects is None:
                self._projects = values_of_projects(self.taking.projects())
            return self._projects.get(key)
        unit = key[1]
        if unit not in self._units:
            shown = unit in self.taking.codes
            self._units[unit] = values_of_unit(self.taking.unit(unit)) if shown else {}
        return self._units[unit].get(key)


@define(slots=True, eq=False)
class Causes:
    """Asked for the causes of changes between two moments.

    Attributes:
        reader, query: of the newer report.
        happened: the events between the moments, in the order of the log.
    """

    reader: LogReader
    query: SnapshotQuery
    happened: Sequence[Happened]
    _worlds: dict[frozenset[int], World] = field(factory=dict)
    _by_position: dict[int, Happened] = field(init=False)
    _view: View | None = None
    _above: dict[str, set[str]] | None = None

    def __attrs_post_init__(self) -> None:
        """Put the events by their positions."""
        self._by_position = {event.position: event for event in self.happened}

    @classmethod
    def between(cls, reader: LogReader, query: SnapshotQuery, older: int, newer: int) -> Causes:
        """Return what tells the causes of changes between two positions."""
        return cls(reader, query, [_happened(row) for row in reader.rows(older, newer)])

    def of(self, key: Key, old: Any) -> list[int]:  # noqa: ANN401 - a value of a report
        """Return the positions of the events without which a value would be what it was, in the order of the log.

        None are returned where no events did it: the older report was worked out by another program.
        """
        candidates = self._candidates(key)
        if not self._restores(key, old, candidates):
            candidates = frozenset(self._by_position)
            if not self._restores(key, old, candidates):
                return []
        atoms = self._plain_atoms(key, candidates) or self._atoms(candidates)
        fewest = _fewest(atoms, lambda left: self._restores(key, old, left))
        return sorted(self._each_needed(key, old, fewest))

    # ------------------------------------------------------------------ what may have done it

    def _candidates(self, key: Key) -> frozenset[int]:
        """Return the events that can bear on a value, by their kinds."""
        kind, subject = key[0], key[1]
        if kind == "figure":
            return self._on_figure(subject, key[2], key[3])
        topics = _OF_KIND[kind] | _UNIT
        return frozenset(
            event.position
            for event in self.happened
            if event.topic in topics and (event.subject == subject or event.topic in _UNIT - {"ResponsibleAssigned"})
        )

    def _on_figure(self, unit: str, _line: str, column: str) -> frozenset[int]:
        """Return the events that can bear on a cell: postings and statements of its units, and their coverage."""
        view = self._newest()
        units = {unit, *(code for code, above in self._ever_above(view).items() if unit in above)}
        year = column_named(column).covers(self.query.period).year
        return frozenset(
            event.position
            for event in self.happened
            if event.topic in _ANYWHERE
            or (event.subject in units and (event.posting is None or event.posting.fiscal_year == year))
        )

    def _ever_above(self, view: View) -> dict[str, set[str]]:
        """Return every unit that a unit ever stood under."""
        if self._above is None:
            self._above = view.structures.ever_above()
        return self._above

    def _newest(self) -> View:
        if self._view is None:
            self._view = look(self.reader, self.query)
        return self._view

    def _atoms(self, positions: Iterable[int]) -> list[Atom]:
        """Return events to be taken out together: postings of a unit, line, period and kind with nothing between.

        All others are taken out one by one.
        """
        together: dict[tuple[object, ...], set[int]] = defaultdict(set)
        marks = 0
        for position in sorted(positions):
            posting = self._by_position[position].posting
            if posting is None:
                marks += 1
                together[position,].add(position)
                continue
            of = posting.unit, posting.line, posting.first_day, posting.last_day, posting.mark
            together[(marks, posting.measure, posting.fiscal_year, *of)].add(position)
        return [frozenset(atom) for atom in together.values()]

    def _plain_atoms(self, key: Key, positions: frozenset[int]) -> list[Atom]:
        """Return the events that can bear on a cell that rests on postings alone, these taken out together.

        Of a city whose ledger came in between, there are many; where nothing is stated and nobody moved, each that
        is in the cell is needed, or none is. Empty where that is not so.
        """
        others = [at for at in sorted(positions) if self._by_position[at].posting is None]
        if key[0] != "figure" or any(self._by_position[at].topic in _UNIT for at in others):
            return []
        view, (_kind, unit, line, name) = self._newest(), key
        column = view.figures.of(column_named(name), self.query.period)
        if unit not in view.organisation.units or not column.is_plain(unit):
            return []
        units, lines = column.rule.standing.with_below(unit), view.chart.at_or_below(line)
        inside = (
            posting.position
            for at in positions
            if (posting := self._by_position[at].posting) is not None
            and posting.unit in units
            and posting.line in lines
            and counts_in(column.rule.facts.measure, column.period, posting.posting().period)
        )
        atoms = [*(frozenset((at,)) for at in others), frozenset(inside), self._booking(key, positions, units)]
        return [atom for atom in atoms if atom]

    def _booking(self, key: Key, positions: frozenset[int], units: frozenset[str]) -> Atom:
        """Return the ordinary postings, on any line, for months not covered without them."""
        taking = self._world(positions).taking
        if taking is None:
            return frozenset()
        column = taking.view.figures.of(column_named(key[3]), self.query.period)
        facts, standing, found = column.rule.facts, column.rule.standing, set[int]()
        for position in positions:
            posting = self._by_position[position].posting
            if (
                posting is None
                or posting.unit not in units
                or posting.mark != ORDINARY
                or posting.measure != facts.measure
            ):
                continue
            covered = facts.coverage.whole_months(posting.unit, column.period.end)
            months = ALL_MONTHS if column.rule.is_budget else months_of(posting.posting().period)
            if months & standing.needed_months(posting.unit, column.period) & ~covered:
                found.add(position)
        return frozenset(found)

    # ------------------------------------------------------------------ what did it

    def _each_needed(self, key: Key, old: Any, positions: frozenset[int]) -> frozenset[int]:  # noqa: ANN401
        """Return the events of those taken out together that are needed one by one.

        A posting of an amount changes what it is counted in; one of zero does where its month has no other.
        """
        needed = positions
        for position in sorted(positions):
            posting = self._by_position[position].posting
            if posting is not None and not posting.cents and self._restores(key, old, needed - {position}):
                needed -= {position}
        return needed

    def _restores(self, key: Key, old: Any, positions: frozenset[int]) -> bool:  # noqa: ANN401
        """Return whether a value is what it was, in the log without some events."""
        return bool(self._value(key, positions) == old)

    def _value(self, key: Key, positions: frozenset[int]) -> Any:  # noqa: ANN401 - a value of a report
        world = self._world(positions)
        with without(self.reader, self._left_out(positions)):
            return world.value(key)

    def _world(self, positions: frozenset[int]) -> World:
        """Return the report without some events; it is taken as it is asked, with these left out."""
        world = self._worlds.get(positions)
        if world is None:
            with without(self.reader, self._left_out(positions)):
                world = World.of(self.reader, self.query)
            if len(self._worlds) >= MOST_WORLDS:
                self._worlds.clear()
            self._worlds[positions] = world
        return world

    def _left_out(self, positions: frozenset[int]) -> LeftOut:
        units: dict[tuple[str, int], set[str]] = defaultdict(set)
        for position in positions:
            posting = self._by_position[position].posting
            if posting is not None:
                units[posting.measure, posting.fiscal_year].add(posting.unit)
        return LeftOut(positions, {key: frozenset(found) for key, found in units.items()})


def _happened(row: Row) -> Happened:
    position, topic = row[0], row[3]
    body = body_of(row)
    subject = body.get("project") or body.get("code") or body.get("unit") or ""
    posting = next(log_postings([row]), None)
    return Happened(position, topic, str(subject), posting)


def _fewest(atoms: Sequence[Atom], restores: Callable[[frozenset[int]], bool]) -> frozenset[int]:
    """Return the fewest of some events that restore a value, as far as they cannot be made fewer one by one.

    All together do. What can be left in the log is, the earliest first, halves before single ones.
    """
    kept = list(atoms)
    while True:
        left = list(_pass(kept, restores))
        if len(left) == len(kept):
            return frozenset().union(*left)
        kept = left


def _pass(atoms: Sequence[Atom], restores: Callable[[frozenset[int]], bool]) -> Iterator[Atom]:
    """Yield the atoms that cannot be left in the log, trying large stretches of them first."""
    needed = list(atoms)

    def thin(first: int, last: int) -> None:
        """Leave what can be left of a stretch of the atoms."""
        if first >= last:
            return
        rest = [atom for at, atom in enumerate(needed) if not first <= at < last and atom]
        if restores(frozenset().union(*rest)):
            needed[first:last] = [frozenset()] * (last - first)
            return
        if last - first > 1:
            middle = (first + last) // 2
            thin(first, middle)
            thin(middle, last)

    thin(0, len(needed))
    return (atom for atom in needed if atom)
