"""Why a value of a report changed: exactly the events without which it would not have.

A set of events is the cause of a change where the log without them gives the old value, and does not where any one of
them is kept in it. The log without some events is read by the same program, so what is found here is what taking them
out would show. Where several sets do, the one is told that is nearest to the value: what is recorded of itself, before
what is recorded below it, before where units stand and whose books are complete.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from events.period import Period
from events.ranges import numbers_of, together
from heinola_es.domain.value_rule.coverage import ALL_MONTHS, ActualCoverage, months_of
from heinola_es.domain.value_rule.facts import counts_in
from heinola_es.errors import BadInput
from heinola_es.store.bodies import body_of
from heinola_es.store.reading import LogReader
from projections.audit.entries import UNDOING
from projections.audit.values import (
    CHANGES,
    Key,
    value_of_figure,
    values_of_changes,
    values_of_projects,
    values_of_unit,
)
from projections.read_models.models import ORGANISATION_TOPICS, PROJECT_TOPICS
from projections.read_models.running_totals import ORDINARY
from projections.read_models.stored_postings import LogPosting, log_postings
from projections.read_models.without import LeftOut, Undoing, undone, without
from projections.snapshot.columns import FORECAST, column_named
from projections.snapshot.model import Cell
from projections.snapshot.taking import SnapshotQuery, Taking, View, look

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from heinola_es.domain.value_rule.column import Column
    from heinola_es.store.reading import Row

Atom = frozenset[int]
"""Positions that are taken out together."""

_UNIT = frozenset(ORGANISATION_TOPICS)
_NAMES = frozenset({"UnitRenamed", "UnitNameCorrected", "UnitTextTranslated", "ResponsibleAssigned"})
_ANYWHERE = frozenset({*_UNIT - _NAMES, "BooksCompleted", "CompletionWithdrawn", "FileImported", UNDOING})
"""Kinds of events that can bear on the figures of any unit: on where it stands, on whether its books are complete, and
on what was undone.
"""
_FIGURES = frozenset({"FigureStated", "StatementWithdrawn", "PeriodClosed", "PeriodReopened"})
_GOALS = frozenset({"GoalSet", "GoalRevised", "GoalStatusUpdated", "GoalWithdrawn"})
_DECISIONS = frozenset({"BudgetAmended", "AmendmentProposed", "AmendmentDropped"})
_OF_KIND = {
    "unit": _UNIT,
    "goal": _GOALS,
    "priority": frozenset({"PrioritySet", "PriorityReported"}),
    "narrative": frozenset({"NarrativeReported"}),
    "indicator": frozenset({"IndicatorObserved"}),
    "outlook": frozenset({"OutlookGiven"}),
    "project": frozenset(PROJECT_TOPICS),
    "decision": _DECISIONS,
    "proposal": _DECISIONS,
}
"""The kinds of events that can bear on each kind of value; figures are a matter of their own."""
_NAMING = ("line", "goal", "number", "section", "name")
"""What names a figure, a goal or a text in its unit."""
_FEW = 4
"""So few events are tried one by one, and not by halves."""
MOST_WORLDS = 200
"""How many reports without some events are kept, since other values may ask for the same."""


@frozen(slots=True)
class Happened:
    """An event between the two moments, as far as it tells what it can bear on.

    Attributes:
        position, topic: of it.
        subject: the unit or the project that it is about; empty for a file.
        about: the line, or what names a goal or a text in its unit; empty where there is none.
        figure: the measure and fiscal year of a posting or a statement; None of all others.
        posting: what it posts; None where it is no posting, or one that cannot be counted.
        undoing: what it undoes; None where it undoes nothing. Its subject is then that of what it undoes.
    """

    position: int
    topic: str
    subject: str
    about: str
    figure: tuple[str, int] | None
    posting: LogPosting | None
    undoing: Undoing | None = None


@define(slots=True)
class World:
    """The report as the log without some events gives it, asked for its values one by one.

    Attributes:
        taking: takes it; None where the unit that is asked for would not be there.
    """

    taking: Taking | None
    _words: dict[str, dict[Key, Any]] = field(factory=dict)
    _projects: dict[Key, Any] | None = None
    _changes: dict[Key, Any] | None = None

    @classmethod
    def of(cls, reader: LogReader, query: SnapshotQuery) -> World:
        """Return the world of what a reader leaves out."""
        try:
            return cls(Taking(look(reader, query), query))
        except BadInput:
            return cls(None)

    def is_as_before(self, key: Key, old: Any) -> bool:  # noqa: ANN401 - a value of a report
        """Return whether a value is the old one; None where there was none."""
        if self.taking is None:
            return old is None
        kind, subject, *place = key
        if kind == "project":
            if self._projects is None:
                self._projects = values_of_projects(self.taking.projects())
            return bool(self._projects.get(key) == old)
        if kind in CHANGES:
            if self._changes is None:
                self._changes = values_of_changes(self.taking.budget_changes())
            return bool(self._changes.get(key) == old)
        if subject not in self.taking.codes:
            return old is None
        if kind == "figure":
            return self._is_figure(subject, place[0], place[1], old)
        if subject not in self._words:
            self._words[subject] = values_of_unit(self.taking.words(subject))
        return bool(self._words[subject].get(key) == old)

    def _is_figure(self, unit: str, line: str, name: str, old: Any) -> bool:  # noqa: ANN401
        """Return whether a cell is the old one; what is missing from it is worked out only where that decides."""
        column = self.taking.column_showing(unit, line, name) if self.taking else None
        if column is None:
            return old is None
        cell = column.cell(unit, line)
        if cell is not None:
            return bool(value_of_figure(Cell(*cell), None) == old)
        if old is None or "cents" in old:
            return old is None and column.is_unknown(unit, line)
        partial = column.partial(unit, line)
        return partial is not None and bool(value_of_figure(None, partial) == old)


@define(slots=True, eq=False)
class Causes:
    """Asked for the causes of changes between two moments.

    Attributes:
        reader, query: of the newer report.
        happened: the events between the moments that were not undone by the newer, in the order of the log.
        older: the position of the older moment.
    """

    reader: LogReader
    query: SnapshotQuery
    happened: Sequence[Happened]
    older: int = 0
    _worlds: dict[frozenset[int], World] = field(factory=dict)
    _by_position: dict[int, Happened] = field(init=False)
    _all: frozenset[int] = field(init=False)
    _view: View | None = None
    _above: dict[str, set[str]] | None = None
    _wide: dict[tuple[str, str], tuple[frozenset[int], frozenset[int]]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Put the events by their positions."""
        self._by_position = {event.position: event for event in self.happened}
        self._all = frozenset(self._by_position)

    @classmethod
    def between(cls, reader: LogReader, query: SnapshotQuery, older: int, newer: int) -> Causes:
        """Return what tells the causes of changes between two positions."""
        gone = undone(reader, newer)  # what was undone since the older moment did nothing by the newer
        return cls(reader, query, [_happened(row) for row in reader.rows(older, newer) if row[0] not in gone], older)

    def of(self, key: Key, old: Any) -> list[int]:  # noqa: ANN401 - a value of a report
        """Return the positions of the events without which a value would be what it was, in the order of the log.

        None are returned where no events did it: the older report was worked out by another program.
        """
        if key[0] in CHANGES and old is None and int(key[-1]) in self._by_position:
            return [int(key[-1])]  # a decision, or a proposal, is the event itself
        found = self._of_plain_cell(key, old)
        if found is None:
            tier = next((tier for tier in self._tiers(key) if self._restores(key, old, tier)), frozenset())
            found = _fewest(self._atoms(tier), lambda left: self._restores(key, old, left))
        return sorted(self._each_needed(key, old, found))

    # ------------------------------------------------------------------ what may have done it

    def _tiers(self, key: Key) -> Iterator[frozenset[int]]:
        """Yield events that can bear on a value, those nearest to it first, in the end all there are."""
        before: frozenset[int] = frozenset()
        tiers = self._tiers_of_figure(*key[1:]) if key[0] == "figure" else self._tiers_of_words(key)
        for tier in (*tiers, self._all):
            wider = before | tier
            if wider != before:
                yield wider
            before = wider

    def _tiers_of_words(self, key: Key) -> Iterator[frozenset[int]]:
        """Yield what is recorded of the goal or text itself, then all of its kind that can bear on it."""
        kind, subject, *place = key
        topics = _OF_KIND[kind]
        of_kind = (event for event in self.happened if event.topic in topics or event.undoing)
        own = [event for event in of_kind if event.subject == subject]
        yield _positions(event for event in own if not event.about or event.about == (place or [""])[0])
        yield _positions(own)
        yield _positions(event for event in self.happened if event.topic in _UNIT - {"ResponsibleAssigned"})

    def _tiers_of_figure(self, unit: str, line: str, column: str) -> Iterator[frozenset[int]]:
        """Yield what is stated of the cell itself, then what is recorded below it, then what makes it whole or not."""
        if column == FORECAST.name:
            given = [event for event in self.happened if event.topic == "ForecastGiven"]
            yield _positions(event for event in given if (event.subject, event.about) == (unit, line))
            yield _positions(given)
            return
        of = self._measured(column)
        of_measure = [event for event in self.happened if event.figure == of]
        yield _positions(e for e in of_measure if e.posting is None and (e.subject, e.about) == (unit, line))
        units, lines = self._ever_below(unit), self._lines_of(line, column)
        undoings = (event.position for event in self.happened if event.undoing and event.subject in units)
        yield _positions(e for e in of_measure if e.subject in units and e.about in lines) | frozenset(undoings)
        yield _positions(
            event
            for event in self.happened
            if event.topic in _ANYWHERE or (event.subject in units and (event.figure in {None, of}))
        )

    def _lines_of(self, line: str, column: str) -> frozenset[str]:
        """Return the lines whose figures are in a line of a column, by the chart of its year."""
        of = self._newest().figures.of(column_named(column), self.query.period)
        own = of.named(line)
        return frozenset() if own is None else of.chart.at_or_below(own)

    def _measured(self, column: str) -> tuple[str, int]:
        """Return the measure and fiscal year of what a column shows."""
        of = self._newest().figures.of(column_named(column), self.query.period)
        return of.rule.facts.measure, of.period.year

    def _ever_below(self, unit: str) -> set[str]:
        """Return a unit and every unit that ever stood under it."""
        if self._above is None:
            self._above = self._newest().structures.ever_above()
        return {unit, *(code for code, above in self._above.items() if unit in above)}

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
            event = self._by_position[position]
            posting = event.posting
            if posting is None:
                marks += 1
                together[position,].add(position)
                continue
            of = posting.unit, posting.line, posting.first_day, posting.last_day, posting.mark
            together[(marks, event.figure, *of)].add(position)
        return [frozenset(atom) for atom in together.values()]

    # ------------------------------------------------------------------ cells of postings alone

    def _of_plain_cell(self, key: Key, old: Any) -> frozenset[int] | None:  # noqa: ANN401 - a value of a report
        """Return what changed a cell that rests on postings alone; None where it does not, or they did not do it.

        Of a city whose ledger came in between there are many, in many cells. Where nothing is stated and nobody moved,
        each posting that is in the cell is needed, or none is; and those of other units do not bear on it, so that they
        are left out as well: one world answers for the cells of a line of all units.
        """
        if key[0] != "figure" or key[-1] == FORECAST.name:
            return None
        view, (_kind, unit, line, name) = self._newest(), key
        others = self._whole_or_not(unit)
        if others is None or unit not in view.organisation.units:
            return None
        column = view.figures.of(column_named(name), self.query.period)
        if not column.is_plain(unit):
            return None
        inside, booking = self._wide_of(line, name)
        booking -= inside  # what is in the cell is asked about as that
        atoms = [atom for atom in (*(frozenset((at,)) for at in sorted(others)), inside, booking) if atom]
        everything = frozenset().union(*atoms)
        if not everything or not self._restores(key, old, everything):
            return None
        fewest = _fewest(atoms, lambda left: self._restores(key, old, left))
        units = column.rule.standing.with_below(unit)
        found = fewest & others
        if inside <= fewest:
            found |= {at for at in inside if self._by_position[at].subject in units}
        if booking <= fewest:
            found |= self._booking(column, fewest, units)
        return frozenset(found)

    def _whole_or_not(self, unit: str) -> frozenset[int] | None:
        """Return the events that can make the books of a unit complete; None where units changed in between."""
        units = self._ever_below(unit)
        if any(event.topic in _UNIT for event in self.happened):
            return None
        return _positions(
            event
            for event in self.happened
            if event.posting is None
            and (event.topic in _ANYWHERE or (event.topic in _FIGURES and event.subject in units))
        )

    def _wide_of(self, line: str, name: str) -> tuple[frozenset[int], frozenset[int]]:
        """Return the postings of all units that are in a line's cells of a column, and all that books can rest on."""
        if (line, name) not in self._wide:
            view, of = self._newest(), self._measured(name)
            period = view.figures.of(column_named(name), self.query.period).period
            lines = self._lines_of(line, name)
            posted = [event for event in self.happened if event.posting is not None and event.figure == of]
            self._wide[line, name] = (
                _positions(
                    e for e in posted if e.about in lines and e.posting and counts_in(of[0], period, e.posting.period)
                ),
                _positions(e for e in posted if e.posting and e.posting.mark == ORDINARY),
            )
        return self._wide[line, name]

    def _booking(self, column: Column, left: frozenset[int], units: frozenset[str]) -> frozenset[int]:
        """Return the ordinary postings, on any line, for months that are not covered without them.

        One of any month counts where closed months are covered as soon as there is any.
        """
        taking = self._world(left).taking
        if taking is None:
            return frozenset()
        without_them = taking.view.figures.rule(column.rule.facts.measure, column.period.year)
        coverage, standing, found = without_them.facts.coverage, without_them.standing, set[int]()
        needed = {unit: standing.needed_months(unit, column.period) for unit in units}
        lacking = {unit: needed[unit] & ~coverage.whole_months(unit, column.period.end) for unit in units}
        waits = coverage.waiting_months if isinstance(coverage, ActualCoverage) else lambda _unit: 0
        for position in left:
            posting = self._by_position[position].posting
            if posting is None or posting.mark != ORDINARY or posting.unit not in units:
                continue
            months = months_of(posting.period)
            if column.rule.is_budget:  # decided by the day that the column is of
                months = ALL_MONTHS if counts_in(posting.measure, column.period, posting.period) else 0
            if (months | waits(posting.unit)) & lacking[posting.unit]:
                found.add(position)
        return frozenset(found)

    # ------------------------------------------------------------------ what did it

    def _each_needed(self, key: Key, old: Any, positions: frozenset[int]) -> frozenset[int]:  # noqa: ANN401
        """Return the events of those taken out together that are needed one by one.

        A posting of an amount changes what it is counted in; one of zero does where its month has no other. A decision
        is one event, and so is what settles a proposal, whatever else was decided on the line.
        """
        needed, one_by_one = positions, key[0] in CHANGES
        for position in sorted(positions):
            posting = self._by_position[position].posting
            if (
                posting is not None
                and (one_by_one or not posting.cents)
                and self._restores(key, old, needed - {position})
            ):
                needed -= {position}
        return needed

    def _restores(self, key: Key, old: Any, positions: frozenset[int]) -> bool:  # noqa: ANN401
        """Return whether a value is what it was, in the log without some events."""
        world = self._world(positions)
        with without(self.reader, self._left_out(positions)):
            return world.is_as_before(key, old)

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
        undoings = [undoing for at in positions if (undoing := self._by_position[at].undoing) is not None]
        # Without them, those of the others that were recorded between the moments are left out as well.
        others = numbers_of(together(run for undoing in undoings for run in undoing.positions))
        positions |= {at for at in others if at > self.older}
        for undoing in undoings:
            for key in undoing.postings:
                units[key].add(undoing.subject)
        return LeftOut(positions, {key: frozenset(found) for key, found in units.items()})


def _positions(events: Iterable[Happened]) -> frozenset[int]:
    return frozenset(event.position for event in events)


def _happened(row: Row) -> Happened:
    position, topic = row[0], row[3]
    body = body_of(row)
    if topic == UNDOING:
        undoing = Undoing(position, body["stream"], body["positions"])
        return Happened(position, topic, undoing.subject, "", None, None, undoing)
    subject = body.get("project") or body.get("code") or body.get("unit") or ""
    posting = next(log_postings([row]), None)
    about = "" if topic in _UNIT else next((body[name] for name in _NAMING if name in body), "")
    figure = None
    if posting is not None:
        figure = posting.measure, posting.fiscal_year
    elif topic in {"FigureStated", "StatementWithdrawn"}:
        figure = body["measure"], Period.from_iso(body["effective"]).year
    return Happened(position, topic, str(subject), str(about), figure, posting)


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

    def can_be_left(first: int, last: int) -> bool:
        rest = [atom for at, atom in enumerate(needed) if not first <= at < last and atom]
        return bool(rest) and restores(frozenset().union(*rest))

    def thin(first: int, last: int) -> None:
        """Leave what can be left of a stretch of the atoms."""
        if can_be_left(first, last):
            needed[first:last] = [frozenset()] * (last - first)
        elif last - first > 1:
            step = (last - first) // 2 if last - first > _FEW else 1
            for begin in range(first, last, step):
                thin(begin, min(begin + step, last))

    thin(0, len(needed))
    return (atom for atom in needed if atom)
