"""Texts that are older than their figures: what a unit said of a period, and what its figures came to afterwards.

A narrative, an explanation of a goal or a priority, an outlook or a forecast belongs to the figures of its unit as
they were known when it was recorded, or when the unit handed in its part of the round after that. Everything of one
command counts as one moment. Where nothing was known of a figure then, nothing has changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import orjson
from attrs import define, evolve, field

from events.period import Period
from events.streams import topics_of
from heinola_es.domain.value_rule.column import Column
from projections.read_models.models import ORGANISATION_TOPICS
from projections.snapshot.columns import ACTUAL, BUDGET, column_named
from projections.snapshot.figures import Figures
from projections.snapshot.model import Cell, Finding
from projections.snapshot.round_parts import round_of
from projections.snapshot.told_by_units import TEXTS, words_of_year

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.snapshot.model import UnitReport

_ABOUT = ("goal", "number", "section", "programme", "part", "line")
"""What a text of a kind is about, besides its unit."""
_FIGURES = frozenset(topics_of("figures"))
_ANYWHERE = frozenset({*ORGANISATION_TOPICS, "FactsUndone", "ChartAdopted"})
"""Kinds of events that may move the figures of any unit."""
_COMPARED = (ACTUAL, BUDGET)


FiguresAt = Callable[[int], Figures]
"""What tells the figures as they were known at a position of the log."""


def findings_on_texts(
    figures: Figures, period: Period, units: Sequence[UnitReport], figures_at: FiguresAt
) -> Iterator[Finding]:
    """Yield the units of a report whose figures changed after what they said of them, each with the largest change.

    `stated` is what the figure was, `computed` what it is. A log without texts of the period costs a look at them.
    """
    texts = _texts(figures, period)
    if not texts:
        return
    codes = {unit.code for unit in units}
    oldest = min((at for unit, known in texts.items() if unit in codes for at in known), default=figures.upto)
    if oldest >= figures.upto:
        return
    changes, then = _Changes.since(figures, period, oldest), _Then(period, figures_at)
    for unit in units:
        if unit.code in texts and (found := _stale(unit, texts[unit.code], changes, then)) is not None:
            yield found


def _texts(figures: Figures, period: Period) -> dict[str, list[int]]:
    """Return, by unit, the position up to which the log was known when each text of the period was last vouched for."""
    latest: dict[tuple[object, ...], tuple[str, str, str]] = {}
    first, last = period.start.isoformat(), period.end.isoformat()
    for _position, topic, unit, start, end, stored in words_of_year(figures.reader, period.year, figures.upto):
        if topic not in TEXTS or start < first or end > last:
            continue
        body = orjson.loads(stored)
        key = (topic, unit, *(body.get(name) for name in _ABOUT))
        if key not in latest or latest[key][0] <= end:
            latest[key] = end, body["recorded"], body.get("text", "")
    moments: dict[str, list[str]] = defaultdict(list)
    for (topic, unit, *_about), (_end, recorded, text) in latest.items():
        if text or topic == "ForecastGiven":
            moments[str(unit)].append(recorded)
    return _positions(figures, period, moments)


def _positions(figures: Figures, period: Period, moments: Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    if not moments or min(map(min, moments.values())) >= figures.reader.recorded_at(figures.upto):
        return {}  # all that is known was known by then
    then, known = round_of(figures.reader, period, figures.upto), dict[datetime, int]()

    def position_at(instant: datetime) -> int:
        if instant not in known:
            known[instant] = figures.reader.position_at(instant)
        return known[instant]

    found = {}
    for unit, recorded in moments.items():
        part = None if then is None else then.part(unit)
        handed_in = part.submitted_at if part and part.state in {"submitted", "accepted"} else None
        instants = [datetime.fromisoformat(one) for one in recorded]
        found[unit] = [position_at(max(one, handed_in or one)) for one in instants]
    return found


@define(slots=True)
class _Changes:
    """Where in the log something stands that may have moved figures of a period.

    Attributes:
        figures: those that are asked about.
        of_units: the positions by unit, ascending.
        anywhere: those that may have moved any.
    """

    figures: Figures
    of_units: dict[str, list[int]] = field(factory=lambda: defaultdict(list))
    anywhere: list[int] = field(factory=list)

    @classmethod
    def since(cls, figures: Figures, period: Period, after: int) -> _Changes:
        """Return those after a position."""
        changes, last = cls(figures), period.end.isoformat()
        for row in figures.reader.rows(after, figures.upto):
            position, topic = row[0], row[3]
            if topic in _ANYWHERE:
                changes.anywhere.append(position)
            elif topic in _FIGURES:
                body = figures.reader.body_of(row)
                if body["effective"].partition("/")[2] <= last:
                    changes.of_units[body["unit"]].append(position)
        return changes

    def above(self, unit: str) -> list[int]:
        """Return the positions that may have moved the figures of a unit, which has what is below it, ascending."""
        below = self.figures.organisation.with_all_below(unit)
        return sorted({*self.anywhere, *(at for code in below for at in self.of_units.get(code, ()))})


@define(slots=True)
class _Then:
    """The figures of the report as they were known at positions of the log."""

    period: Period
    figures_at: FiguresAt
    _figures: dict[int, Figures] = field(init=False, factory=dict)
    _columns: dict[tuple[int, str], Column] = field(init=False, factory=dict)

    def cell(self, position: int, unit: str, line: str, name: str) -> Cell | None:
        """Return what was known of an amount, in part at least; None where nothing was."""
        if position not in self._figures:
            self._figures[position] = self.figures_at(position)
        figures, key = self._figures[position], (position, name)
        if unit not in figures.organisation.units or line not in figures.chart.lines:
            return None
        if key not in self._columns:
            self._columns[key] = figures.of(column_named(name), self.period)
        known = self._columns[key].cell(unit, line)
        if known is not None:
            return Cell(*known)
        part = self._columns[key].partial(unit, line)
        return None if part is None else Cell(part.cents, 1)


def _stale(unit: UnitReport, texts: list[int], changes: _Changes, then: _Then) -> Finding | None:
    """Return that figures of a unit changed after some of its texts, with the largest change since the oldest."""
    moved = changes.above(unit.code)
    at_risk = sorted({at for at in texts if bisect_right(moved, at) < len(moved)})
    if not at_risk:
        return None
    largest: Finding | None = None
    stale: set[int] = set()
    same: dict[int, Finding | None] = {}  # by how many changes came later: what lies between them is one state
    for at in at_risk:
        later = bisect_right(moved, at)
        if later not in same:
            same[later] = _largest_change(unit, at, then)
        if same[later] is not None:
            stale.add(at)
            largest = largest or same[later]
    if largest is None:
        return None
    return evolve(largest, parameters={"texts": sum(at in stale for at in texts)})


def _largest_change(unit: UnitReport, position: int, then: _Then) -> Finding | None:
    """Return the largest change of a figure since a position, of the first column in which there is any."""
    for column in _COMPARED:
        found: list[tuple[int, Finding]] = []
        for row in unit.figures:
            part = row.partial.get(column.name)
            now = row.cells.get(column.name) or (None if part is None else Cell(part.cents, 1))
            before = then.cell(position, unit.code, row.line, column.name) if now is not None else None
            if now is None or before is None or not _differ(before, now):
                continue
            told = Finding(
                kind="stale",
                code="text_stale",
                unit=unit.code,
                line=row.line,
                column=column.name,
                stated=before.cents,
                computed=now.cents,
            )
            found.append((abs(now.cents - before.cents), told))
        if found:
            return max(found, key=lambda one: one[0])[1]
    return None


def _differ(before: Cell, now: Cell) -> bool:
    """Return whether two amounts differ by more than their roundings, where these are not the same."""
    slack = 0 if before.precision_cents == now.precision_cents else (before.precision_cents + now.precision_cents) // 2
    return abs(before.cents - now.cents) > slack
