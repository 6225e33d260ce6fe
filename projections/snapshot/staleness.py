"""What was said of figures that have changed since: texts, explanations of goals, outlooks and forecasts.

Each belongs to the figures that were known when it was recorded: the actual through the end of what it is about, and
the budget as of then. Where one of them was whole then and is another amount now, it is stale, and says by how much.
Figures that were not known then, or that came with it in the same command, make nothing stale.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson
from attrs import evolve, field, frozen

from events.period import Period
from projections.snapshot.columns import column_named
from projections.snapshot.figures import Figures
from projections.snapshot.model import Finding
from projections.snapshot.rows import always_shown
from projections.snapshot.told_by_units import words_of_year

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.read_models.blocks import Row
    from projections.snapshot.codes import Parameter
    from projections.snapshot.taking import View

STALE = {
    "NarrativeReported": "stale_narrative",
    "GoalStatusUpdated": "stale_status",
    "OutlookGiven": "stale_outlook",
    "ForecastGiven": "stale_forecast",
}
"""The codes of the findings, by the kind of event that is stale."""
_ABOUT = {"NarrativeReported": "section", "GoalStatusUpdated": "goal"}
_LATEST_HOLDS = frozenset({"GoalStatusUpdated", "OutlookGiven"})
_CHANGING = ("ActualPosted", "ActualCorrected", "BudgetAdopted", "BudgetAmended", "FigureStated")
_TAKING_BACK = ("StatementWithdrawn", "FactsUndone")
_COLUMNS = ("actual", "budget")


@frozen(slots=True)
class Said:
    """What was said last of one thing.

    Attributes:
        position: of its event.
        topic: the kind of event.
        about: the period that it tells of.
        body: what the event says.
    """

    position: int
    topic: str
    about: Period
    body: Mapping[str, Any]


@frozen(slots=True)
class _Change:
    """How far a figure has moved: its line and column, the cents then and now."""

    line: str
    column: str
    then: int
    now: int

    @property
    def size(self) -> int:
        return abs(self.now - self.then)


def stale_findings(view: View, period: Period, codes: Iterable[str]) -> Iterator[Finding]:
    """Yield what was said of a period by units whose figures have changed since, in the order of the units."""
    rows = [row for row in words_of_year(view.reader, period.year, view.upto) if _is_of(row, period)]
    if not rows or not _changed_after(view, rows[0][0]):
        return
    codes = list(codes)
    said = _said(row for row in rows if row[2] in frozenset(codes))
    stale = _Staleness(view.figures, _known_when(view, sorted({one.position for of in said.values() for one in of})))
    for code in codes:
        for one in said.get(code, ()):
            change = stale.largest_change(code, one)
            if change is not None:
                yield _finding(code, one, change)


def _finding(code: str, one: Said, change: _Change) -> Finding:
    told: dict[str, Parameter] = {
        "position": one.position,
        "recorded": _recorded(one).date(),
        "change_cents": change.now - change.then,
    }
    if one.topic in _ABOUT:
        told[_ABOUT[one.topic]] = str(one.body[_ABOUT[one.topic]])
    return Finding(
        kind="stale",
        code=STALE[one.topic],
        unit=code,
        line=change.line,
        column=change.column,
        stated=change.then,
        computed=change.now,
        parameters=told,
    )


def _is_of(row: Row, period: Period) -> bool:
    """Return whether a row is of what may become stale, inside a period; a forecast as seen at its end."""
    _position, topic, _unit, first, last, _body = row
    start, end = period.start.isoformat(), period.end.isoformat()
    return topic in STALE and start <= first and (last == end if topic == "ForecastGiven" else last <= end)


def _said(rows: Iterable[Row]) -> dict[str, list[Said]]:
    """Return what each unit said and still holds, in the order of the log."""
    held: dict[str, dict[tuple[Any, ...], Said]] = {}
    for position, topic, unit, first, last, body in rows:
        one = Said(position, topic, Period.from_iso(f"{first}/{last}"), orjson.loads(body))
        of_unit, key = held.setdefault(unit, {}), _key(one)
        if key not in of_unit or of_unit[key].about.end <= one.about.end:
            of_unit[key] = one
    return {unit: [one for one in of.values() if _says(one)] for unit, of in held.items()}


def _key(one: Said) -> tuple[Any, ...]:
    """Return what a later event of the same replaces."""
    names = ("goal", "section", "programme", "part", "line")
    return one.topic, *(one.body.get(name) for name in names), None if one.topic in _LATEST_HOLDS else one.about


def _says(one: Said) -> bool:
    """Return whether there is anything to become stale: a status without an explanation is none."""
    return one.topic != "GoalStatusUpdated" or bool(one.body.get("text"))


def _recorded(one: Said) -> datetime:
    return datetime.fromisoformat(one.body["recorded"])


def _changed_after(view: View, after: int, upto: int | None = None) -> bool:
    return view.reader.has_any((*_CHANGING, *_TAKING_BACK), after, view.upto if upto is None else upto)


def _known_when(view: View, positions: list[int]) -> dict[int, int]:
    """Return up to where the log was known when each event was recorded: the end of its command.

    Where no figure was recorded between two of them, the earlier stands for both, so that what was known is looked up
    once for a whole round; 0 stands for those after which no figure was recorded.
    """
    known: dict[int, int] = {}
    before = 0
    for position in positions:
        if before and position <= before:  # of the same command
            known[position] = before
            continue
        row = view.reader.row_at(position)
        instant = orjson.loads(row[4])["recorded"] if row else ""
        end = min(view.reader.position_at(datetime.fromisoformat(instant)), view.upto) if instant else position
        before = before if before and not _changed_after(view, before, end) else max(end, position)
        known[position] = before
    return {position: end if _changed_after(view, end) else 0 for position, end in known.items()}


@frozen(slots=True, eq=False)
class _Staleness:
    """What figures are, and what they were.

    Attributes:
        figures: of now.
        known: up to where the log was known when each event was recorded; 0 where no figure was recorded since.
    """

    figures: Figures
    known: Mapping[int, int]
    _columns: dict[tuple[int, str, date], Any] = field(init=False, factory=dict)

    def largest_change(self, code: str, one: Said) -> _Change | None:
        """Return the figure of a unit that moved most since something was said; None where none did."""
        upto = self.known[one.position]
        if not upto:
            return None
        changes = [change for change in self._changes(code, one, upto) if change is not None]
        return max(changes, key=lambda change: change.size, default=None)

    def _changes(self, code: str, one: Said, upto: int) -> Iterator[_Change | None]:
        unit = self.figures.organisation.units[code]
        lines = [one.body["line"]] if one.topic == "ForecastGiven" else always_shown(self.figures.chart, unit)
        for name in _COLUMNS:
            then, now = (self._column(position, name, one.about) for position in (upto, self.figures.upto))
            yield from (_change(name, line, then.cell(code, line), now.cell(code, line)) for line in lines)

    def _column(self, upto: int, name: str, about: Period) -> Any:  # noqa: ANN401 - a column of figures
        key = upto, name, about.end
        if key not in self._columns:
            figures = self.figures if upto == self.figures.upto else evolve(self.figures, upto=upto)
            self._columns[key] = figures.of(column_named(name), about)
        return self._columns[key]


def _change(column: str, line: str, then: tuple[int, int] | None, now: tuple[int, int] | None) -> _Change | None:
    """Return how far a cell has moved; None where by no more than was rounded, or where it was or is not whole."""
    if then is None or now is None:
        return None
    change = _Change(line, column, then[0], now[0])
    return change if change.size > max(then[1], now[1]) // 2 else None
