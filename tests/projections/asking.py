"""How these tests record, read and ask: one command each, and the snapshot as plain data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson

from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.handlers.coverage import complete_books
from heinola_es.handlers.session import run
from heinola_es.importing.recorder import ReportFile, record_report
from heinola_es.importing.report.reader import read_report
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from projections.snapshot.first_format import as_first_format
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from tests.city import CITY
from tests.specification import events_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from events.base import Event
    from heinola_es.store.log import Receipt
    from projections.snapshot import model

IMPORTED_AT = datetime(2020, 8, 10, 9, 0, tzinfo=UTC)
"""When the report of the second quarter of 2020 was imported."""

LATER = datetime(2020, 9, 1, 9, 0, tzinfo=UTC)
"""When a command is given that the test does not date."""

COLUMNS = ("final_accounts", "prior_actual", "budget", "actual")

Snapshot = dict[str, Any]


def record(
    log: EventLog,
    handler: Callable[..., None],
    *args: object,
    now: datetime = LATER,
    reason: str = "",
    source: str = "",
    **options: object,
) -> Receipt:
    """Give one command to a store, by a clock that is right whatever it says."""
    request = Request("controller", source, reason, clock_is_right=True)
    return run(log, now, request, lambda session: handler(session, *args, **options))


def complete(log: EventLog, *periods: str, unit: str | None = None, measure: str = "actual") -> None:
    """Say that the books of a unit and all below it, or of the whole city, are complete for periods."""
    for period in periods:
        record(log, complete_books, parse_period(period), unit, measure=measure)


def import_text(
    log: EventLog, text: str, name: str = "report.txt", *, now: datetime = IMPORTED_AT, dry_run: bool = False
) -> Receipt:
    """Import a report into a store, by a clock that is right whatever it says."""
    file, request = report_file(text, name), Request("controller", clock_is_right=True)
    return run(log, now, request, lambda session: record_report(session, file), dry_run=dry_run)


def report_file(text: str, name: str = "report.txt") -> ReportFile:
    """Return a report as the recorder takes it."""
    return ReportFile(name, sha256(text.encode()).hexdigest(), read_report(text))


def snapshot_of(store: EventLog | Path | str, period: str, **query: Any) -> Snapshot:  # noqa: ANN401 - fields of the query
    """Return the snapshot of a period, written as people write it, as plain data."""
    return as_first_format(snapshot_taken(store, period, **query))


def snapshot_taken(store: EventLog | Path | str, period: str, **query: Any) -> model.Snapshot:  # noqa: ANN401 - likewise
    """Return the snapshot of a period, written as people write it."""
    location = store.location if isinstance(store, EventLog) else str(store)
    with LogReader.open(location) as reader:
        return take_snapshot(reader, SnapshotQuery(period=parse_reporting_period(period), **query))


def canonical(snapshot: Snapshot) -> bytes:
    """Return the snapshot as bytes, keys sorted."""
    return orjson.dumps(snapshot, option=orjson.OPT_SORT_KEYS)


def unit_of(snapshot: Snapshot, code: str) -> dict[str, Any]:
    """Return one unit of a snapshot."""
    return next(unit for unit in snapshot["units"] if unit["code"] == code)


def row_of(snapshot: Snapshot, code: str, line: str) -> dict[str, Any]:
    """Return one row of figures."""
    return next(row for row in unit_of(snapshot, code)["figures"] if row["line"] == line)


def cents(snapshot: Snapshot, code: str, line: str, column: str = "actual") -> int | None:
    """Return the amount of one cell, or None where it is unknown."""
    cell = row_of(snapshot, code, line)[column]
    return None if cell is None else int(cell["cents"])


def partial_of(
    store: EventLog | Path | str,
    period: str,
    unit: str,
    line: str,
    column: str = "actual",
    **query: Any,  # noqa: ANN401
) -> tuple[int, date | None, tuple[str, ...], tuple[int, ...]] | None:
    """Return what is known of a cell that is not whole: cents, through which day, missing units, what cuts it."""
    location = store.location if isinstance(store, EventLog) else str(store)
    with LogReader.open(location) as reader:
        taken = take_snapshot(reader, SnapshotQuery(period=parse_reporting_period(period), **query))
    rows = next(of.figures for of in taken.units if of.code == unit)
    row = next(row for row in rows if row.line == line)
    assert row.cells[column] is None
    known = row.partial.get(column)
    return None if known is None else (known.cents, known.through, known.missing_units, known.cut)


def cells(snapshot: Snapshot) -> dict[tuple[str, str, str], int | None]:
    """Return the amounts of all cells by unit, line and column."""
    return {
        (unit["code"], row["line"], column): None if row[column] is None else row[column]["cents"]
        for unit in snapshot["units"]
        for row in unit["figures"]
        for column in COLUMNS
    }


def changes(before: Snapshot, after: Snapshot) -> dict[tuple[str, str, str], int]:
    """Return by how much each cell differs between two snapshots, for those that do; unknown counts as nothing."""
    was, now = cells(before), cells(after)
    assert was.keys() == now.keys()
    return {key: (now[key] or 0) - (was[key] or 0) for key in was if was[key] != now[key]}


def findings(snapshot: Snapshot, *kinds: str) -> list[dict[str, Any]]:
    """Return the findings of these kinds; of any but `inferred` and `unparsed` where none is named."""
    wanted = kinds or ("rounding", "mismatch")
    return [finding for finding in snapshot["findings"] if finding["kind"] in wanted]


def places(found: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Return kind and place of findings, sorted."""
    return sorted((f["kind"], f["unit"], f["line"] or "", f["column"]) for f in found)


def copy_of_log(events: Sequence[Event], path: Path) -> Path:
    """Replay a log into a new store, word for word, from the making of the store on, and return its file."""
    made = events[0]
    with EventLog.create(str(path), CITY, now=made.recorded, by=made.recorded_by) as log:
        assert events_in(log) == [made]
        for instant, batch in _by_instant(events[1:]):
            with log.command(instant, Request("nobody", clock_is_right=True)) as command:
                command.append(batch)
    return path


def _by_instant(events: Sequence[Event]) -> Iterator[tuple[datetime, list[Event]]]:
    if events:
        yield events[-1].recorded, list(events)
