"""Read models: tables in the store's own database, fed from the log, disposable.

A read model records how far it has come in the same transaction as its rows, so that every event counts exactly once
however often a run is cut short. A read catches up first; `rebuild` makes the tables anew beside the old and swaps.
With its position a model records how many rows each block of its tables has and the sum of their marks.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import orjson
from attrs import field, frozen

from events.codec import NEWEST
from events.value_object import ValueObject
from heinola_es.errors import Refused
from heinola_es.store.bodies import UnreadableEvent
from heinola_es.store.connection import Connection
from projections.read_models.forms import Table, ready_to_rename, rename, unfit
from projections.read_models.marks import Checks, ModelsDiffer, count, differing, is_marked, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heinola_es.store.reading import LogReader

Fold = Callable[[int, dict[str, Any]], tuple[Any, ...]]
"""From an event's position and body to a row of the table."""

Event = tuple[int, str, dict[str, Any]]
"""Position, topic, and body in its newest version."""

Take = Callable[[int, str, dict[str, Any]], None]
"""Takes in an event."""

Progress = Callable[[int, int], None]
"""Told how many events are done, and of how many."""

BATCH = 20_000
SHADOW = "_new"
"""What the name of a table ends in while it is built beside the old one."""
TRIES = 5
LANGUAGE = mark_of(sorted(NEWEST.items()))
"""Stands for the events that this version knows; read models that another fed may have passed over some."""
POSITIONS = Table(
    "rm_positions",
    "model TEXT PRIMARY KEY, version INTEGER, position INTEGER, language INTEGER, checks TEXT, mark INTEGER",
    "model",
)
_UNFOLDED = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)


class NotBuilt(Refused):
    """The read models are not there, and cannot be made here."""


class Taking(Protocol):
    """A model in the middle of taking in events, in the order of the log."""

    def take(self, position: int, topic: str, body: dict[str, Any]) -> None:
        """Take in one event."""

    def flush(self) -> None:
        """Write what was taken in so far, as far as it can be written by now."""

    def finish(self) -> None:
        """Write the rest, once all events are taken in."""


class ReadModel(Protocol):
    """Tables and how they follow from events.

    A version goes up when the tables or what is kept in them change, which makes the next read build them anew.
    """

    @property
    def name(self) -> str:
        """The model's name, which is also that of its first table, without the prefix."""

    @property
    def version(self) -> int:
        """The version of its tables."""

    @property
    def made_of(self) -> tuple[Table, ...]:
        """Its tables."""

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables."""

    @property
    def topics(self) -> frozenset[str]:
        """The kinds of event that it takes in."""

    def create(self, connection: Connection, suffix: str) -> None:
        """Create the tables, empty, with a suffix to their names."""

    def index(self, connection: Connection) -> None:
        """Create the indexes, once the tables are filled and bear their own names."""

    def taking(self, connection: Connection, suffix: str, checks: Checks) -> Taking:
        """Return a taking into the tables with this suffix, which are empty where there is one; it keeps the checks."""


@frozen(slots=True, eq=False, repr=False)
class RowModel:
    """One table with a row for each event, each with its mark.

    Attributes:
        name: of the table, without its prefix.
        version: of the table.
        columns: as in CREATE TABLE.
        indexes: column lists to index.
        folds: by topic; each event of the topic gives one row.
        block_of: what rows are read together, from a row; all of them where nothing is said.
    """

    name: str
    version: int
    columns: str
    indexes: tuple[str, ...]
    folds: Mapping[str, Fold]
    block_of: Callable[[tuple[Any, ...]], str] = lambda _row: ""

    @property
    def table(self) -> str:
        """The table's name."""
        return f"rm_{self.name}"

    @property
    def made_of(self) -> tuple[Table, ...]:
        """Its table."""
        return (Table(self.table, f"{self.columns}, mark INTEGER", "position", self.indexes),)

    @property
    def tables(self) -> tuple[str, ...]:
        """The names of its tables."""
        return (self.table,)

    @property
    def topics(self) -> frozenset[str]:
        """The kinds of event that it takes in."""
        return frozenset(self.folds)

    def create(self, connection: Connection, suffix: str) -> None:
        """Create the table, empty."""
        self.made_of[0].create(connection, suffix)

    def index(self, connection: Connection) -> None:
        """Create the indexes."""
        self.made_of[0].add_indexes(connection)

    def taking(self, connection: Connection, suffix: str, checks: Checks) -> RowTaking:
        """Return a taking into the table."""
        return RowTaking(connection, self, f"{self.table}{suffix}", checks)


@frozen(slots=True, eq=False, repr=False)
class RowTaking:
    """Rows on their way into a table."""

    connection: Connection
    model: RowModel
    table: str
    checks: Checks
    rows: list[tuple[Any, ...]] = field(factory=list)

    def take(self, position: int, topic: str, body: dict[str, Any]) -> None:
        """Take in one event."""
        row = self.model.folds[topic](position, body)
        mark = mark_of(row)
        self.rows.append((*row, mark))
        count(self.checks, f"{self.model.table} {self.model.block_of(row)}", [mark])

    def flush(self) -> None:
        """Write the rows."""
        insert_rows(self.connection, self.table, self.rows)
        self.rows.clear()

    def finish(self) -> None:
        """Nothing is left to write."""


@frozen(slots=True, eq=False, repr=False)
class ModelStatus(ValueObject):
    """How far a read model has come.

    Attributes:
        name, version: of the model; version 0 where it was never built.
        position: of the last event it has taken in.
        behind: how many events of the log it has yet to take in.
        rows: in its table.
    """

    name: str
    version: int
    position: int
    behind: int
    rows: int


class Kept(NamedTuple):
    """A read model that is there as this version needs it.

    Attributes:
        position: of the last event it has taken in.
        checks: what its tables must hold.
    """

    position: int
    checks: Checks


class Standing(NamedTuple):
    """What there is of the read models.

    Attributes:
        kept: by name, those that are there as this version needs them.
        odd: the names of tables that are there, and not as they were made.
        end: of the log.
    """

    kept: Mapping[str, Kept]
    odd: tuple[str, ...]
    end: int

    def agreed(self, models: Sequence[ReadModel]) -> int | None:
        """Return the position that all the models have come to; None where they have not come to one."""
        positions = {self.kept[model.name].position for model in models if model.name in self.kept}
        whole = not self.odd and len(positions) == 1 and all(model.name in self.kept for model in models)
        return positions.pop() if whole else None


def catch_up(reader: LogReader, models: Sequence[ReadModel], progress: Progress | None = None) -> int:
    """Bring the models up to the end of the log and return its position.

    Costs one comparison where there is nothing new. A model of another version is built anew; so are all where a table
    of theirs is not as it was made. Where they may not be written, or have no room, they are made in a private copy of
    a file; on a server it is the position that they have come to.

    Raises:
        NotBuilt: they may not be written here, and are not there as this version needs them.
        UnknownEvent, UnreadableEvent: an event that is yet to be taken in is not one that this version knows.
        HeadDiffers: the head of the log says otherwise than its events.
    """
    for _try in range(TRIES):
        try:
            return _caught_up(reader, models, progress)
        except ModelsDiffer as found:
            mend(reader, models, (found.table,), progress)
        except sqlite3.Error as error:
            if reader.apart is not None or not reader.gets_round(error):
                raise
    raise Refused("the read models cannot be brought up to the log: others change them all the time; try again")


def mend(reader: LogReader, models: Sequence[ReadModel], odd: Iterable[str], progress: Progress | None = None) -> None:
    """Build the models anew, and say that some of their tables were not as the log says."""
    ready_to_rename(reader.models)
    with in_turn(reader.models):
        _build(reader, models, progress, afresh=True)
    reader.tell(f"the read models were not as the log says ({', '.join(sorted(set(odd)))}) and were rebuilt")


def rebuild(reader: LogReader, models: Sequence[ReadModel], progress: Progress | None = None) -> None:
    """Build the models anew from the whole log, beside the old tables, and swap them in one transaction.

    Raises:
        NotBuilt: they may not be written here.
    """
    if reader.source is not None and not reader.may_write() and reader.source.folder is None:
        raise NotBuilt(f"you may read {reader.name}, but not write read models in it; ask for the right to")
    ready_to_rename(reader.models)
    with in_turn(reader.models):
        _build(reader, models, progress)


def standing(reader: LogReader, models: Sequence[ReadModel]) -> Standing:
    """Return what there is of the models; changes nothing."""
    absent, odd = unfit(reader.models, [POSITIONS, *(table for model in models for table in model.made_of)])
    if POSITIONS.name in absent | odd:
        return Standing({}, (), reader.size())
    try:
        rows = reader.models.execute(f"SELECT * FROM {POSITIONS.name}").fetchall()  # noqa: S608 - a name of ours
    except sqlite3.OperationalError:  # a text that is none
        rows = [("", None)]
    names = {model.name for model in models}
    said = {row[0]: row for row in rows if row[0] in {"", *names}}
    if not all(is_marked(row) for row in said.values()):
        odd.add(POSITIONS.name)
        said = {}
    kept = {
        model.name: Kept(said[model.name][2], orjson.loads(said[model.name][4]))
        for model in models
        if not (absent | odd).intersection(model.tables)
        and said.get(model.name, ("", 0, 0, 0))[1:4:2] == (model.version, LANGUAGE)
    }
    end = reader.size()
    if any(one.position > end for one in kept.values()):
        return Standing({}, (POSITIONS.name,), end)
    return Standing(kept, tuple(sorted(odd)), end)


def advance(reader: LogReader, models: Sequence[ReadModel], upto: int) -> int:
    """Take in the events up to a position, inside a transaction, and return how far the models have come by then.

    Raises:
        ModelsDiffer: the models are not there as they were made.
    """
    kept = standing(reader, models).kept
    if any(model.name not in kept for model in models):
        raise ModelsDiffer(POSITIONS.name)
    behind = {model.name: kept[model.name].position for model in models}
    checks = {model.name: kept[model.name].checks for model in models}
    start = min(behind.values())
    if start < upto:
        takings = {model.name: model.taking(reader.models, "", checks[model.name]) for model in models}
        _take(_events(reader, start, upto), models, takings, behind)
        for taking in takings.values():
            taking.finish()
        _record_positions(reader.models, models, {name: max(upto, at) for name, at in behind.items()}, checks)
    return max(start, upto)


@contextmanager
def in_turn(connection: Connection) -> Iterator[None]:
    """Hold a transaction that no other that writes read models runs beside; an error undoes it."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        undo(connection)
        raise


def undo(connection: Connection) -> None:
    """Roll a transaction back; where the database did so by itself, what went wrong is what is told."""
    with suppress(sqlite3.Error, Refused):
        connection.execute("ROLLBACK")


def status(reader: LogReader, models: Sequence[ReadModel]) -> list[ModelStatus]:
    """Return how far each model has come; changes nothing."""
    known = standing(reader, models)
    return [_status_of(reader.models, model, known.kept.get(model.name), known.end) for model in models]


def insert_rows(connection: Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows into a table of ours."""
    if rows:
        places = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} VALUES ({places})", rows)  # noqa: S608 - a name of ours


def _status_of(connection: Connection, model: ReadModel, kept: Kept | None, end: int) -> ModelStatus:
    if kept is None:
        return ModelStatus(model.name, 0, 0, end, 0)
    (rows,) = connection.execute(f"SELECT count(*) FROM {model.tables[0]}").fetchone()  # noqa: S608 - a name of ours
    return ModelStatus(model.name, model.version, kept.position, end - kept.position, rows)


def _caught_up(reader: LogReader, models: Sequence[ReadModel], progress: Progress | None) -> int:
    known = _looked_at(reader, models)
    end = known.end
    if known.agreed(models) == end:
        return end
    if not _may_build(reader):
        return _as_they_are(known, models)
    if known.odd:
        mend(reader, models, known.odd, progress)
        known = standing(reader, models)
    if absent := [model for model in models if model.name not in known.kept]:
        rebuild(reader, absent, progress)
        known = standing(reader, models)
    start = min((kept.position for kept in known.kept.values()), default=0)
    while start < end:
        start = _take_batch(reader, models, _page_end(reader, start, end))
        if progress:
            progress(start, end)
    return end


def _looked_at(reader: LogReader, models: Sequence[ReadModel]) -> Standing:
    """Return what there is of the models; where they are guarded, while nobody builds on them."""
    if getattr(reader.models, "guarded", False):
        with in_turn(reader.models):
            return standing(reader, models)
    return standing(reader, models)


def _may_build(reader: LogReader) -> bool:
    return reader.may_write() or reader.read_privately()


def _as_they_are(known: Standing, models: Sequence[ReadModel]) -> int:
    position = known.agreed(models)
    if position is None:
        raise NotBuilt(
            "the read models are not there as this version needs them, and you may not write them here; "
            "let somebody who records run `heinola projections rebuild` on the store that is written to"
        )
    return position


def _page_end(reader: LogReader, start: int, end: int) -> int:
    """Return the position up to which events are taken in together: past any gap, so that none is counted through."""
    return min(max(start + BATCH, reader.before_the_next(start, end)), end)


def _take_batch(reader: LogReader, models: Sequence[ReadModel], upto: int) -> int:
    """Take in the events up to a position, in one transaction; another reader may have been there before."""
    with differing(models[0].tables[0]), in_turn(reader.models):
        return advance(reader, models, upto)


def _build(reader: LogReader, models: Sequence[ReadModel], progress: Progress | None, *, afresh: bool = False) -> None:
    """Fold the whole log into new tables and swap them in, all in one transaction: readers see the old or the new."""
    start, end = 0, reader.size()
    building = Building(reader.models, models)
    while start < end:
        upto = _page_end(reader, start, end)
        building.take(_events(reader, start, upto))
        start = upto
        if progress:
            progress(upto, end)
    building.finish(end, afresh=afresh)


class Building:
    """Models on their way from nothing, beside what is there, inside a transaction."""

    def __init__(self, connection: Connection, models: Sequence[ReadModel]) -> None:
        """Create the tables, empty."""
        self._connection, self._models = connection, models
        self._checks: dict[str, Checks] = {model.name: {} for model in models}
        for model in models:
            model.create(connection, SHADOW)
        self._takings = {model.name: model.taking(connection, SHADOW, self._checks[model.name]) for model in models}
        self._takers = _takers(models, self._takings, {})

    def take(self, events: Iterable[Event]) -> None:
        """Take in the next events of the log, in their newest versions, and write what can be written by then.

        Raises:
            UnreadableEvent: what one of them says cannot be kept.
        """
        takers = self._takers
        for position, topic, body in events:
            try:
                for take, _taken in takers.get(topic, ()):
                    take(position, topic, body)
            except _UNFOLDED as error:
                raise UnreadableEvent.at(position, error) from error
        for taking in self._takings.values():
            taking.flush()

    def finish(self, end: int, *, afresh: bool = False) -> None:
        """Swap the tables in, with all events up to a position; `afresh`, with nothing kept of other models."""
        connection = self._connection
        for model in self._models:
            self._takings[model.name].finish()
            for table in model.tables:
                rename(connection, f"{table}{SHADOW}", table)
            model.index(connection)
        absent, odd = unfit(connection, [POSITIONS])
        if absent or odd or afresh:
            POSITIONS.create(connection, "")
        _record_positions(connection, self._models, {model.name: end for model in self._models}, self._checks)


def _record_positions(
    connection: Connection, models: Sequence[ReadModel], positions: Mapping[str, int], checks: Mapping[str, Checks]
) -> None:
    rows = []
    for model in models:
        told = orjson.dumps(checks[model.name], option=orjson.OPT_SORT_KEYS).decode()
        row = (model.name, model.version, positions[model.name], LANGUAGE, told)
        rows.append((*row, mark_of(row)))
        connection.execute(f"DELETE FROM {POSITIONS.name} WHERE model = ?", (model.name,))  # noqa: S608 - a name of ours
    insert_rows(connection, POSITIONS.name, rows)


def _events(reader: LogReader, after: int, upto: int) -> Iterator[Event]:
    """Yield the events of a stretch of the log."""
    body_of = reader.body_of
    for row in reader.rows(after, upto):
        yield row[0], row[3], body_of(row)


def _takers(
    models: Sequence[ReadModel], takings: Mapping[str, Taking], behind: Mapping[str, int]
) -> dict[str, list[tuple[Take, int]]]:
    """Return, by topic, what takes its events in, and the position up to which it has them."""
    takers: dict[str, list[tuple[Take, int]]] = {}
    for model in models:
        for topic in model.topics:
            takers.setdefault(topic, []).append((takings[model.name].take, behind.get(model.name, 0)))
    return takers


def _take(
    events: Iterable[Event], models: Sequence[ReadModel], takings: Mapping[str, Taking], behind: Mapping[str, int]
) -> None:
    """Let each event be taken in by the models of its topic that have yet to do so; then the rows are written."""
    takers = _takers(models, takings, behind)
    for position, topic, body in events:
        try:
            for take, taken in takers.get(topic, ()):
                if position > taken:
                    take(position, topic, body)
        except _UNFOLDED as error:
            raise UnreadableEvent.at(position, error) from error
    for taking in takings.values():
        taking.flush()
