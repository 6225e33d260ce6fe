"""One event in full: where it stands, what came before and after it, and which cells of the year's reports it moved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, field, frozen

from events.period import Period
from heinola_es.errors import BadInput
from projections.audit.entries import UNDOING, Entry, bears_on, entry_of
from projections.read_models.moment import answered, log_moment
from projections.snapshot.columns import column_named, default_amounts
from projections.snapshot.taking import SnapshotQuery, look

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader
    from projections.snapshot.taking import View

FIGURES = frozenset(
    {
        "BudgetAdopted",
        "BudgetAmended",
        "ActualPosted",
        "ActualCorrected",
        "FigureStated",
        "StatementWithdrawn",
        "UnitMoved",
        "UnitMerged",
        UNDOING,
    }
)


@frozen(slots=True)
class Moved:
    """A cell of a report that an event changed; None where it was, or became, unknown.

    Attributes:
        period: what the report's figures cover, as it is written.
        unit, line, column: of the cell.
        before_cents, after_cents: what stood in it, and what stands in it.
        cumulative: what the report's figures cover.
    """

    period: str
    unit: str
    line: str
    column: str
    before_cents: int | None
    after_cents: int | None
    cumulative: Period | None = field(default=None, eq=False)

    def as_json(self) -> dict[str, Any]:
        """Return the cell as JSON values."""
        return {
            "period": self.period,
            "unit": self.unit,
            "line": self.line,
            "column": self.column,
            "before_cents": self.before_cents,
            "after_cents": self.after_cents,
        }


@frozen(slots=True)
class Shown:
    """An event with what surrounds it.

    Attributes:
        entry: the event.
        leaf_hash: hex leaf hash, as stored.
        before, after: its neighbours in the stream, or None at an end.
        moved: the cells it moved in the quarterly reports of its year, as the log stood right after it.
    """

    entry: Entry
    leaf_hash: str
    before: Entry | None
    after: Entry | None
    moved: tuple[Moved, ...]

    def as_json(self) -> dict[str, Any]:
        """Return all of it as JSON values."""
        return {
            **self.entry.as_json(),
            "leaf_hash": self.leaf_hash,
            "stream_before": self.before.as_json() if self.before else None,
            "stream_after": self.after.as_json() if self.after else None,
            "moved": [cell.as_json() for cell in self.moved],
        }


def show(reader: LogReader, position: int, *, from_log: bool = True) -> Shown:
    """Return the event at a position; which cells it moved is worked out from the log itself, or from the read models.

    Raises:
        BadInput: the log has no such position.
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    row = reader.row_at(position)
    if row is not None and row[3] in FIGURES:
        return answered(reader, lambda: _shown(reader, position), from_log=from_log)
    with log_moment(reader):
        return _shown(reader, position)


def _shown(reader: LogReader, position: int) -> Shown:
    row = reader.row_at(position)
    if row is None or position > reader.size():
        raise BadInput(f"there is no event #{position}; the log has #1 to #{reader.size()}")
    entry = evolve(entry_of(row), undone_by=reader.undone_positions().get(position))
    moved = tuple(_moved(reader, entry)) if entry.topic in FIGURES else ()
    return Shown(
        entry,
        reader.leaf_hash(position).hex(),
        _neighbour(reader, entry, -1),
        _neighbour(reader, entry, 1),
        moved,
    )


def _neighbour(reader: LogReader, entry: Entry, step: int) -> Entry | None:
    row = reader.row_of(entry.stream, entry.version + step)
    return entry_of(row) if row else None


def _moved(reader: LogReader, entry: Entry) -> list[Moved]:
    """Return the cells that differ across the event in the reports of its year or, if there are none, of the next."""
    own = int(entry.said.get("fiscal_year", _year_undone(entry) or entry.effective.year))
    for year in (own, own + 1):
        periods = [Period.of_months(year, 1, last) for last in (3, 6, 9, 12)]
        if moved := [cell for period in periods for cell in _moved_in(reader, entry, period)]:
            return moved
    return []


def _year_undone(entry: Entry) -> int:
    """Return the fiscal year whose facts an event undoes; 0 where it undoes none, or others."""
    kind, _, rest = str(entry.said.get("stream", "")).partition("/") if entry.is_undoing else ("", "", "")
    return int(rest.rpartition("/")[2]) if kind == "unit-year" else 0


def _moved_in(reader: LogReader, entry: Entry, cumulative: Period) -> list[Moved]:
    after, before = (
        _cells(look(reader, SnapshotQuery(period=cumulative, position=at)), cumulative, entry)
        for at in (entry.position, entry.position - 1)
    )
    return [
        Moved(cumulative.label, *key, before.get(key), after.get(key), cumulative)
        for key in {**before, **after}
        if before.get(key) != after.get(key)
    ]


def _cells(view: View, cumulative: Period, entry: Entry) -> dict[tuple[str, str, str], int | None]:
    """Return the cells of a report that the event may bear on: all, where it moves units, else those at or above it."""
    organisation, unit = view.organisation, entry.said.get("unit")
    codes = organisation.at_or_above(str(unit)) if unit in organisation.units else list(organisation.units)
    columns = {
        name: view.figures.of(column_named(name), cumulative)
        for name in default_amounts()
        if bears_on(entry, name, cumulative)
    }
    cells: dict[tuple[str, str, str], int | None] = {}
    for code in codes:
        for line in view.chart.layout_of(organisation.units[code].kind).rows:
            for name, column in columns.items():
                cell = column.cell(code, line)
                cells[code, line, name] = None if cell is None else cell[0]
    return cells
