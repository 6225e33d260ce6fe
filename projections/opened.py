"""The product from Python: a store that is opened, asked, and recorded in; and a lake of many cities that is asked.

What is public here keeps its name and its meaning: what `PUBLIC` names, and what its methods take and return. The
commands that read ask through it as well.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar

from attrs import field, frozen

from events.period import Period
from heinola_es.domain.periods import parse_reporting_period
from heinola_es.errors import BadInput
from heinola_es.store.reading import LogReader
from projections.read_models.moment import answered
from projections.snapshot.taking import SnapshotQuery, look, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from typing import Unpack

    from heinola_es.handlers.session import Session
    from heinola_es.store.log import Receipt
    from projections.audit.diff import Difference
    from projections.audit.entries import Entry
    from projections.audit.explain import Node
    from projections.audit.trail import Wanted
    from projections.country.cities import Question
    from projections.country.table import CountryTable
    from projections.read_models.catching_up import Progress
    from projections.snapshot.model import Snapshot
    from projections.tables.table import Table

Answer = TypeVar("Answer")

PUBLIC = ("OpenLake", "OpenStore", "open_lake", "open_store")
"""The names of this module that stay."""


def open_store(location: str, *, actor: str = "", key: Path | None = None) -> OpenStore:
    """Return the store at a location: a path, `sqlite:///PATH` or `postgresql://…`, as for `--store`.

    Args:
        location: of a store that was initialised.
        actor: who records in it: a login or a role; nobody may record without.
        key: the file of the key that signs what is recorded, for a store that requires it.

    Raises:
        NoStoreHere: none was initialised there.
        StoreTrouble, UnknownFormat: it cannot be read, or a newer version of the program made it.
    """
    with LogReader.open(location):
        return OpenStore(location, actor, key=key)


def open_lake(folder: str | Path) -> OpenLake:
    """Return the lake in a folder, that `heinola lake write` wrote.

    Raises:
        BadInput: it is none.
    """
    lake = OpenLake(Path(folder))
    lake.folders()
    return lake


class Asked(TypedDict, total=False):
    """What a snapshot is asked for besides its period; see `OpenStore.snapshot`."""

    unit: str | None
    known_at: datetime | None
    structure: date | None
    years: int
    columns: Sequence[str]
    all_lines: bool
    comparable: bool


def _now() -> datetime:
    return datetime.now(UTC)


def _quietly(_sentence: str) -> None:
    """Tell nobody."""


@frozen(slots=True, eq=False, repr=False)
class OpenStore:
    """A store of a city. Every answer is of one moment, and holds whatever is recorded meanwhile.

    Periods are text as people write them (`1.4.–30.6.2020`, `2020Q2`, `6/2020`), or a `Period`.

    Attributes:
        location: where it is.
        actor: who records in it.
        clock: gives the present instant, in UTC.
        tell: told what is to be known besides an answer, in a sentence.
        lasting: what one question leaves for the next, where many are asked; None where nothing is kept.
        key: the file of the key that signs what is recorded, for a store that requires it.
    """

    location: str
    actor: str = ""
    clock: Callable[[], datetime] = _now
    tell: Callable[[str], None] = field(default=_quietly)
    lasting: dict[Any, Any] | None = None
    key: Path | None = None

    # ------------------------------------------------------------------ asking

    def snapshot(
        self,
        period: str | Period,
        *,
        unit: str | None = None,
        known_at: datetime | None = None,
        structure: date | None = None,
        years: int = 1,
        columns: Sequence[str] = (),
        all_lines: bool = False,
        comparable: bool = False,
    ) -> Snapshot:
        """Return the report of a period as data; amounts are cents, days inclusive, unknown is None.

        Args:
            period: inside one fiscal year; figures are cumulative from 1 January to its end.
            unit: only this unit and what stands under it; None for the whole city.
            known_at: as it was known at this instant; None for now.
            structure: in the organisation of this day; None for the period's end.
            years: how many prior years the figures are shown beside.
            columns: names of columns that a report does not have by itself, such as `deviation`.
            all_lines: every line of a unit that is known, or those of its layout alone.
            comparable: earlier years without what left the city before the report's year.

        Raises:
            BadInput: the period crosses years, or there is no such unit.
        """
        query = SnapshotQuery(
            period=_period(period),
            unit=unit,
            known_at=known_at,
            structure=structure,
            years=years,
            columns=_besides(columns, period),
            all_lines=all_lines,
            comparable=comparable,
        )
        return self.ask(lambda reader: take_snapshot(reader, query))

    def figures(self, period: str | Period, **asked: Unpack[Asked]) -> Table:
        """Return the figures of the report of a period as a table, a row per unit and line; see `snapshot`.

        It gives its rows, its columns, or, where pyarrow is installed, what pandas, polars, DuckDB and pyarrow read by
        Arrow's PyCapsule interface.
        """
        from projections.tables.figures import figures_of

        return figures_of(self.snapshot(period, **asked))

    def published(self, period: str | Period, *, unit: str | None = None, revision: int | None = None) -> Snapshot:
        """Return a report as it was published last, or in a revision.

        Raises:
            NotPublished: it was not.
            PublishedDiffers: what is kept of it is not what was published.
        """
        from projections.published.publications import last_published, published_snapshot

        wanted = _period(period)
        return self.ask(lambda reader: published_snapshot(reader, last_published(reader, wanted, unit, revision)))

    def explain(
        self,
        unit: str,
        line: str,
        period: str | Period,
        *,
        column: str = "actual",
        known_at: datetime | None = None,
        depth: int | None = None,
    ) -> Node:
        """Return what a cell is the sum of, as a tree down to the events under it, from the log itself.

        Args:
            unit: of the cell.
            line: of the cell, by code or label.
            period: of the report.
            column: `actual`, `budget`, `final_accounts` or `prior_actual`.
            known_at: as it was known at this instant; None for now.
            depth: so many steps down; None for all.

        Raises:
            BadInput: there is no such unit, line or column.
        """
        from projections.audit.explain import explain

        query = SnapshotQuery(period=_period(period), unit=unit, known_at=known_at)

        def question(reader: LogReader) -> Node:
            view = look(reader, query)
            return explain(view, query, unit, view.chart.line(line).code, column, depth=depth)

        return self.ask(question, from_log=True)

    def log(self, **wanted: Unpack[Wanted]) -> list[Entry]:
        """Return the entries of the audit trail, in the order of the log; `wanted` are the fields of `TrailFilter`."""
        from projections.audit.trail import TrailFilter, trail

        return self.ask(lambda reader: list(trail(reader, TrailFilter(**wanted))))

    def entries(self, **wanted: Unpack[Wanted]) -> Iterator[Entry]:
        """Yield the entries of the audit trail as they are read, all of one moment; see `log`, which returns a list.

        The store is held open until the last was taken, or the iterator is closed.
        """
        from projections.audit.trail import TrailFilter, trail

        with LogReader.open(self.location) as reader:
            reader.tell, reader.lasting = self.tell, self.lasting
            yield from trail(reader, TrailFilter(**wanted))

    def events(self, **wanted: Unpack[Wanted]) -> Table:
        """Return the entries of the audit trail as a table, a row each; see `log`."""
        from projections.tables.events import events_of

        return events_of(self.log(**wanted))

    def difference(self, period: str | Period, older: int, newer: int, *, unit: str | None = None) -> Difference:
        """Return what differs in a report between two positions of the log, and the events that did it.

        Raises:
            BadInput: the period crosses years, or there is no such unit.
        """
        from projections.audit.diff import difference

        query = SnapshotQuery(period=_period(period), unit=unit)
        return self.ask(lambda reader: difference(reader, query, older, newer))

    def ask(
        self, question: Callable[[LogReader], Answer], *, from_log: bool = False, progress: Progress | None = None
    ) -> Answer:
        """Return the answer to any question, all of it of one moment; it may be asked more than once.

        Args:
            question: asks the reader.
            from_log: answer from the log itself, and hold the read models against it.
            progress: told how much of the log is read, where it must be.

        Raises:
            UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
        """
        with LogReader.open(self.location) as reader:
            reader.tell, reader.lasting = self.tell, self.lasting
            return answered(reader, lambda: question(reader), progress, from_log=from_log)

    # ------------------------------------------------------------------ recording

    def record(
        self,
        work: Callable[[Session], None],
        *,
        source: str = "",
        reason: str = "",
        once: str | None = None,
        dry_run: bool = False,
    ) -> Receipt:
        """Record what a piece of work decides, all of it or nothing, and return what was recorded.

        Args:
            work: calls decisions of `heinola_es.handlers` with the session that it is given.
            source: the document that it rests on.
            reason: why; corrections need one.
            once: a key by which a retry is known, so that it is recorded once.
            dry_run: return what would be recorded, and record nothing.

        Raises:
            Refused, BadInput: as the decisions are; nothing was recorded.
        """
        from heinola_es.handlers.session import run
        from heinola_es.sealing.at_hand import KeyAtHand
        from heinola_es.store.log import EventLog, Request

        if not self.actor.strip():
            raise BadInput("nobody knows who records; open the store with an actor")
        request = Request(self.actor, source, reason, once)
        with EventLog.open(self.location, None if self.key is None else KeyAtHand(self.key)) as log:
            return run(log, self.clock, request, work, dry_run=dry_run)


def _period(period: str | Period) -> Period:
    return period if isinstance(period, Period) else parse_reporting_period(period)


def _besides(columns: Sequence[str], period: str | Period) -> tuple[str, ...]:
    """Return the columns that a report does not have by itself.

    Raises:
        BadInput: there is no such column.
    """
    if not columns:
        return ()
    from projections.snapshot.columns import besides_default, chosen

    return besides_default(chosen(tuple(columns), None, _period(period)))


@frozen(slots=True, eq=False, repr=False)
class OpenLake:
    """A lake: the logs of many cities.

    Attributes:
        folder: where it is.
    """

    folder: Path

    def folders(self) -> list[Path]:
        """Return the folders of its cities, in the order of their codes.

        Raises:
            BadInput: it is no lake.
        """
        from heinola_es.lake.manifest import folders_in

        return folders_in(self.folder)

    def figures(
        self,
        period: str | Period,
        *,
        by: Literal["city", "sector", "unit"] = "city",
        known_at: datetime | None = None,
        columns: Sequence[str] = (),
        all_lines: bool = False,
        processes: int | None = 1,
    ) -> CountryTable:
        """Return the figures of every city as one table, each cell that of the city's own snapshot.

        Args:
            period: inside one fiscal year; figures are cumulative from 1 January to its end.
            by: the rows of the cities themselves, of their sectors too, or of every unit.
            known_at: as it was known at this instant; None for now.
            columns: names of columns that a report does not have by itself.
            all_lines: every line of a unit that is known, or those of its layout alone.
            processes: how many cities at once; None for one a core. With more than one, a script keeps what it does
                below `if __name__ == "__main__":`, as `multiprocessing` asks.

        Cities that cannot be computed stand in the table's `errors`, by their code.
        """
        from projections.country.cities import Question

        query = SnapshotQuery(
            period=_period(period), known_at=known_at, columns=_besides(columns, period), all_lines=all_lines
        )
        return self.figures_asked(Question(query, by), processes=processes)

    def figures_asked(self, question: Question, *, processes: int | None) -> CountryTable:
        """Return what every city answers to a question as one table."""
        from projections.country.cities import table_of

        return table_of(self.folders(), question, processes)
