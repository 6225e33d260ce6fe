"""The read models of the store, held row by row against those that the log gives now."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

from attrs import frozen

from projections.read_models.catching_up import SHADOW, Building, ReadModel, catch_up, in_turn, rebuild
from projections.read_models.models import ALL
from projections.verifying.problems import Problem, listed, number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from projections.read_models.catching_up import Event
    from projections.verifying.workbench import Workbench

_REMEDY = "what is shown from it may be wrong; build it anew with `heinola projections rebuild`"
_NAMED = 5


@frozen(slots=True)
class Kept:
    """A read model that the store keeps, as of a position."""

    model: ReadModel
    position: int


def kept_models(connection: sqlite3.Connection, size: int) -> tuple[list[Kept], list[Problem]]:
    """Return the read models that a reader would use as they are, and those whose position cannot be.

    One that was never built, or is of another version, the next read makes anew.
    """
    if not connection.execute("SELECT 1 FROM store.sqlite_master WHERE name = 'rm_positions'").fetchone():
        return [], []
    rows = connection.execute("SELECT model, version, position FROM store.rm_positions")
    known = {name: (version, position) for name, version, position in rows}
    tables = {name for (name,) in connection.execute("SELECT name FROM store.sqlite_master WHERE type = 'table'")}
    kept: list[Kept] = []
    ahead: list[str] = []
    for model in ALL:
        version, position = known.get(model.name, (0, 0))
        if version != model.version or model.tables[0] not in tables:
            continue
        if isinstance(position, int) and 0 <= position <= size:
            kept.append(Kept(model, position))
        else:
            ahead.append(f"{model.name} (event {position})")
    if not ahead:
        return kept, []
    message = f"read models claim to know more than the log, which ends at {number(size)}: {listed(ahead)}"
    return kept, [Problem("read_model", 0, 0, message, _REMEDY)]


class Underway:
    """The read models, built while the log is passed over, so that what is read and decoded for the one serves both.

    Attributes:
        position: up to which they are built.
    """

    def __init__(self, bench: Workbench) -> None:
        """Begin, inside a transaction; where the store's own cannot even be looked at, nothing is built on the way."""
        self.position = self._until = 0
        self._bench = bench
        self._building: Building | None = None
        try:
            end = bench.end()
            kept, _problems = kept_models(bench.connection, end)
        except sqlite3.Error:
            return
        self._until = min((one.position for one in kept), default=end)
        _hide(bench)
        self._building = Building(bench.connection, ALL)

    def take(self, events: Sequence[Event]) -> None:
        """Take in the next events of the log, up to where the store's read models are compared first."""
        if events[-1][0] > self._until:
            events = [event for event in events if event[0] <= self._until]
        if self._building is None or not events:
            return
        try:
            self._building.take(events)
        except Exception:  # noqa: BLE001 - whatever it is, it is met again where they are built by themselves, and told
            self._building = None
        else:
            self.position = events[-1][0]

    def finished(self) -> bool:
        """Finish what was built; return whether anything was."""
        if self._building is None or self.position == 0:
            return False
        with in_turn(self._bench.connection):
            self._building.finish(self.position)
        return True


def build_and_compare(
    bench: Workbench, upto: int, told: Callable[[int, int], None], underway: Underway
) -> Iterator[Problem]:
    """Build the read models from the log up to a position, and yield where the store's differ on the way there.

    The store's may lag behind the log, each by itself: they are compared when those built anew have come as far.
    """
    kept, problems = kept_models(bench.connection, bench.end())
    yield from problems
    stops = sorted({min(one.position, upto) for one in kept} | {upto})
    bench.upto = stops[0]
    if underway.position > bench.upto or not underway.finished():
        _hide(bench)
        rebuild(bench, ALL, told)
    for stop in stops:
        bench.upto = stop
        catch_up(bench, ALL, told)
        yield from _differing_at(bench, stop)


def _hide(bench: Workbench) -> None:
    tables = [table for model in ALL for table in model.tables]
    bench.hide([*tables, *(f"{table}{SHADOW}" for table in tables)])


def _differing_at(bench: Workbench, position: int) -> list[Problem]:
    """Return where the store's read models of a position differ; one that was caught up meanwhile is left alone."""
    connection = bench.connection
    connection.execute("BEGIN")  # so that position and rows are of one moment
    kept, _ahead = kept_models(connection, bench.end())
    models = [one.model for one in kept if one.position == position]
    problems = [problem for model in models for problem in _differing(connection, model)]
    connection.execute("COMMIT")
    return problems


def _differing(connection: sqlite3.Connection, model: ReadModel) -> Iterator[Problem]:
    for table in model.tables:
        if _form(connection, "main", table) != _form(connection, "store", table):
            message = f"the table {table} of the read model {model.name} has another form than it is made with"
            yield Problem("read_model", 0, 0, message, _REMEDY)
            continue
        names, keys = _columns(connection, table)
        if "position" in names:
            yield from _differing_events(connection, model, table, names, keys)
        elif rows := len(_compare(connection, table, names, keys, keys[0])):
            message = f"the read model {model.name} differs from the log in {number(rows)} rows of its table {table}"
            yield Problem("read_model", 0, 0, message, _REMEDY)


def _differing_events(
    connection: sqlite3.Connection, model: ReadModel, table: str, names: list[str], keys: list[str]
) -> Iterator[Problem]:
    positions = sorted(set(_compare(connection, table, names, keys, "position")))
    if not positions:
        return
    named = [number(at) for at in positions[:_NAMED]]
    if len(positions) > _NAMED:
        named.append(f"{number(len(positions) - _NAMED)} more")
    what = "event" if len(positions) == 1 else "events"
    message = f"the read model {model.name} differs from the log at {what} {listed(named)}"
    yield Problem("read_model", positions[0], positions[min(len(positions), _NAMED) - 1], message, _REMEDY)


def _compare(connection: sqlite3.Connection, table: str, names: list[str], keys: list[str], wanted: str) -> list[int]:
    """Return a column of the rows that one of the two tables lacks or has otherwise."""
    ours, theirs = (", ".join(f"{side}.{name}" for name in names) for side in ("ours", "theirs"))
    using = ", ".join(keys)
    here, there = f"main.{table} AS ours", f"store.{table} AS theirs"
    lacking = f"SELECT ours.{wanted} FROM {here} LEFT JOIN {there} USING ({using}) WHERE ({ours}) IS NOT ({theirs})"  # noqa: S608 - names of ours
    extra = f"SELECT theirs.{wanted} FROM {there} LEFT JOIN {here} USING ({using}) WHERE ours.{keys[0]} IS NULL"  # noqa: S608 - names of ours
    return [value for (value,) in (*connection.execute(lacking), *connection.execute(extra))]


def _columns(connection: sqlite3.Connection, table: str) -> tuple[list[str], list[str]]:
    """Return the names of a table's columns, and of those that its rows are told apart by."""
    described = list(connection.execute(f"PRAGMA main.table_info({table})"))
    return [row[1] for row in described], [row[1] for row in described if row[5]]


def _form(connection: sqlite3.Connection, schema: str, table: str) -> list[tuple[str, str, str]]:
    query = f"SELECT type, name, sql FROM {schema}.sqlite_master WHERE tbl_name = ? ORDER BY name"  # noqa: S608 - ours
    return list(connection.execute(query, (table,)))
