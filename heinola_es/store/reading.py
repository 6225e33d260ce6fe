"""The log as readers use it: rows in the order of their positions, without the persistence library.

A command that only reads opens the database itself, which saves the time that the library takes to import.
"""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Self, cast

from events.codec import format_recorded
from events.ranges import together, undone_by
from events.streams import chart_stream, store_stream
from heinola_es.domain.chart import charts_in, known_of_charts
from heinola_es.errors import Refused
from heinola_es.store.bodies import INT64, UnreadableEvent, body_of, require_known
from heinola_es.store.command_keys import CommandKey
from heinola_es.store.kinds import IN_A_FILE, ON_A_SERVER, is_among_later
from heinola_es.store.location import (
    INSTALL,
    NoStoreHere,
    OpenStore,
    StoreIncomplete,
    is_on_server,
    server_store,
    store_path,
)
from heinola_es.store.reading_file import BUSY_SECONDS, Source, is_lack_of_room, opened, private_copy_of, require_ours
from heinola_es.store.schema import FIRST_FORMAT, NOTES, NOTES_ON_SERVER, SECOND_FORMAT, SIGNATURE
from heinola_es.store.settings import require_known_format, require_same_settings, settings_in
from heinola_es.store.signing import note_in
from heinola_es.store.trouble import StoreTrouble

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from heinola_es.domain.chart import Chart, Charts
    from heinola_es.store.connection import Connection
    from heinola_es.store.head import TreeHead
    from heinola_es.store.kept import KeptName, KeptReport
    from heinola_es.store.postgres_connection import ReadingConnection

Row = tuple[int, str, int, str, bytes]
"""Position, stream (hex), version, topic and stored body of an event."""

PAGE = 5_000
_UNASKED = 100_000
"""So many events may be undone without a look at how many there are."""
MOST_POSITIONS = 10**15
"""A log that tells of more has none of its own making; no number that is counted with here grows beyond a column."""
"""How many events are read at a time."""
_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
_NAMES = 500
"""How many names are asked for at a time."""
_COLUMNS = "position, originator_id, originator_version, topic, state"


class HeadDiffers(Refused):
    """The head of the log's tree does not count the events that are there."""


def connected(location: str) -> Connection:
    """Return a connection to the database of the store at a location on a server, which need not be there.

    Raises:
        Refused: what that needs is not installed; or the server does not let us in.
    """
    try:
        from heinola_es.store.postgres_connection import ReadingConnection  # noqa: PLC0415 - only where it is asked for
    except ModuleNotFoundError as error:
        raise Refused(INSTALL) from error
    return ReadingConnection(server_store(location), BUSY_SECONDS)


def require_writable(reader: LogReader) -> None:
    """Refuse a store whose read models may not be written, or that is read through a private copy.

    Raises:
        StoreTrouble, NoStoreHere: says what is in the way.
    """
    if reader.source is not None and not reader.may_write():
        require_ours(store_path(reader.location))
        raise StoreTrouble(
            f"{reader.name} can be read from a private copy alone just now, so nothing is built; try again"
        )


def _unheard(_sentence: str) -> None:
    """Tell nobody."""


class LogReader(OpenStore):
    """An initialised store, open for reading. Read models may be kept in the same database, through `models`.

    `kept` is a place for what its users read once and need again in the same moment.

    Attributes:
        connection: to the store.
        moment: while one is held, the position of the last event that is known; the log is read up to it.
        apart: a database of its own for read models that are made from the log for this reader alone, or None.
        spare: one that is kept for the next time, or None.
        lasting: what read models keep for later readers of the same store, or None where nobody comes back.
        tell: is told, in a sentence, what is to be known besides the answer.
        known, body_of: take a row of the log and its body for what they say, or refuse them.
    """

    connection: Connection
    moment: int | None = None
    apart: Connection | None = None
    spare: Connection | None = None
    lasting: dict[Any, Any] | None = None
    tell: Callable[[str], None] = staticmethod(_unheard)
    known: Callable[[tuple[Any, ...]], Row] = staticmethod(require_known)
    body_of: Callable[[Row], dict[str, Any]] = staticmethod(body_of)

    def __init__(self, location: Path | str) -> None:
        """Open the store at a location.

        Raises:
            NoStoreHere: there is none.
            StoreTrouble: it may not be read, is locked, or the disk does not give it.
        """
        self.location = str(location)
        self.kept: dict[str, Any] = {}
        self.source: Source | None = None
        self.connection: Connection
        if is_on_server(self.location):
            self.connection = connected(self.location)
        else:
            self.connection, self.source = opened(store_path(self.location))

    @classmethod
    def open(cls, location: str, *, of_any_format: bool = False) -> Self:
        """Open the store at a location; one of a format that is not known, only where that is asked for.

        Raises:
            NoStoreHere: none was initialised there.
            StoreIncomplete: a table of it is lost.
            StoreTrouble: it may not be read, is locked, or the disk does not give it.
            UnknownFormat: a newer version made it.
            SettingsChanged: what stands beside the log is not what the log says.
        """
        reader = cls(location)
        try:
            there = reader.tables()
            if "tree_head" not in there and "stored_events" in there:
                raise StoreIncomplete.of(reader.name, "tree_head")  # noqa: TRY301
            if "tree_head" not in there:
                raise NoStoreHere(f"{reader.name} is not a store of ours; run `heinola init` or check --store")  # noqa: TRY301 - closed in one place
            if not of_any_format and reader.setting("format") != FIRST_FORMAT:  # which has no index of them
                reader.require_known_kinds()
        except BaseException:
            reader.close()
            raise
        return reader

    def close(self) -> None:
        """Close the connections, and remove a private copy."""
        for apart in (self.apart, self.spare):
            if apart is not None:
                apart.close()
        self.connection.close()
        if self.source is not None:
            self.source.close()

    @property
    def models(self) -> Connection:
        """The connection to the read models: those of the store, or those that were made apart."""
        return self.connection if self.apart is None else self.apart

    @property
    def known_end(self) -> int:
        """The position up to which events are known: that of the moment, or beyond any."""
        return INT64 if self.moment is None else self.moment

    def tables(self) -> set[str]:
        """Return the names of the tables in the store's database, those of read models among them."""
        if is_on_server(self.location):
            return cast("ReadingConnection", self.connection).tables()
        return {name for (name,) in self.connection.execute(_TABLES)}

    def may_write(self) -> bool:
        """Return whether read models may be kept in the store: not on a replica, nor by a user who only reads.

        Those that are made apart may always be written.
        """
        if self.apart is not None:
            return True
        if self.source is not None:
            return self.source.may_write
        return cast("ReadingConnection", self.connection).may_write()

    def read_privately(self) -> bool:
        """Let read models be made in a private copy from now on, which is gone when the reader is closed.

        Returns whether they may be; a store on a server is not copied.

        Raises:
            StoreTrouble: no copy can be made.
        """
        if self.source is None or not isinstance(self.connection, sqlite3.Connection):
            return False
        if self.source.folder is None:
            copy = private_copy_of(self.connection, store_path(self.location))
            self.connection.close()
            self.connection, self.source = copy.connected(), copy
        return True

    def renew(self) -> None:
        """See what was recorded since, where a private copy was read, which stays as it was made.

        Raises:
            NoStoreHere, StoreTrouble: the store cannot be read any more.
        """
        if self.source is None or self.source.folder is None:
            return
        connection, source = opened(store_path(self.location))
        self.connection.close()
        self.source.close()
        self.connection, self.source = connection, source

    def gets_round(self, error: sqlite3.Error) -> bool:
        """Return whether what failed for want of room or rights can be done again, in a private copy now."""
        own = self.source is not None and self.source.folder is None
        return own and is_lack_of_room(error) and self.read_privately()

    def setting(self, name: str) -> str:
        """Return what was chosen when the store was initialised: `city`, `chart` or `format`.

        The log says it. In a store of the first format it stands beside the log alone.

        Raises:
            UnknownFormat: the store is of a format that this version does not know.
            SettingsChanged: what stands beside the log is not what the log says.
        """
        beside = dict(self.connection.execute("SELECT name, value FROM store_settings").fetchall())
        require_known_format(beside.get("format"))
        found = self.connection.execute(
            "SELECT state FROM stored_events WHERE originator_id = ? ORDER BY originator_version DESC LIMIT 1",
            (store_stream().hex,),
        ).fetchone()
        require_same_settings(beside, settings_in(found[0]) if found else None)
        return str(beside[name])

    def chart(self) -> Chart:
        """Return the lines that figures can be on in any year: of the newest chart, and others that earlier ones have.

        Raises:
            ChartDamaged: they are not there, or cannot be read; and as `setting`.
        """
        return self.charts().joined

    def charts(self, upto: int = INT64, absent: Container[int] = ()) -> Charts:
        """Return the charts of the store's fiscal years, as known at a position of the log.

        Args:
            upto: what was recorded after it is not known; the chart that the store was made with always is.
            absent: positions of events that are left out.

        Raises:
            ChartDamaged: one is not there, or cannot be read; and as `setting`.
        """
        rows = self.connection.execute(
            "SELECT position, topic, state FROM stored_events WHERE originator_id = ? ORDER BY originator_version",
            (chart_stream().hex,),
        ).fetchall()
        told = ((at, topic, bytes(state)) for at, topic, state in rows)
        return charts_in(self.setting("chart"), known_of_charts(told, upto, absent))

    def head(self) -> TreeHead:
        """Return the head of the log's tree.

        Raises:
            HeadDiffers: there is none.
        """
        from heinola_es.store.head import TreeHead  # noqa: PLC0415 - readers of figures hash nothing
        from heinola_es.store.merkle import unpack_frontier  # noqa: PLC0415

        row = self.connection.execute("SELECT size, root, frontier, recorded FROM tree_head").fetchone()
        if row is None or not isinstance(row[0], int) or not (isinstance(row[1], bytes) and isinstance(row[2], bytes)):
            raise HeadDiffers("the head of the log is lost or damaged; see `heinola audit verify`, and restore a copy")
        return TreeHead(row[0], row[1], unpack_frontier(row[2]), row[3])

    def signature(self) -> str | None:
        """Return the signed note of the log's head; None where the log requires none."""
        if SIGNATURE not in self.tables():
            return None
        notes = NOTES_ON_SERVER if is_on_server(self.location) else NOTES
        return note_in([row[0] for row in self.connection.execute(notes).fetchall()])

    def command_keys(self, upto: int) -> list[CommandKey]:
        """Return the command keys beside the log that stand for events up to a position, in the order of the log.

        Only a store of the first format has any there.
        """
        if self.setting("format") != FIRST_FORMAT:
            return []
        rows = self.connection.execute(
            "SELECT key, digest, first, last FROM command_keys WHERE last <= ? ORDER BY first, key", (upto,)
        )
        return [CommandKey(*row) for row in rows]

    def kept_report(self, digest: str) -> KeptReport | None:
        """Return the bytes of a published report that are kept under their digest; None where there are none."""
        from heinola_es.store.kept import KeptReport  # noqa: PLC0415 - readers of figures hash nothing

        row = self.connection.execute(KeptReport.FIND, (digest,)).fetchone() if self.keeps_reports() else None
        return None if row is None else KeptReport(*row)

    def kept_names(self, digests: Sequence[str]) -> dict[str, KeptName]:
        """Return the names that are kept under some digests, by these; those that are gone are not there."""
        from heinola_es.store.kept import KeptName  # noqa: PLC0415 - readers of figures hash nothing

        found: dict[str, KeptName] = {}
        for start in range(0, len(digests) if self.keeps_reports() else 0, _NAMES):
            asked = digests[start : start + _NAMES]
            rows = self.connection.execute(
                f"SELECT digest, salt, name FROM kept_names WHERE digest IN ({', '.join('?' * len(asked))})",  # noqa: S608
                tuple(asked),
            )
            found |= {digest: KeptName(digest, salt, name) for digest, salt, name in rows}
        return found

    def keeps_reports(self) -> bool:
        """Return whether the store has a place for the bytes of published reports; those of earlier formats have none.

        Raises:
            as `setting`.
        """
        return self.setting("format") not in {FIRST_FORMAT, SECOND_FORMAT}

    def size(self) -> int:
        """Return how many events there are, which is the position of the last; of a moment, those that it knows.

        Raises:
            HeadDiffers: the head of the log says otherwise than its events.
        """
        if self.moment is not None:
            return self.moment
        found = self.connection.execute("SELECT size, (SELECT max(position) FROM stored_events) FROM tree_head")
        (size, last) = found.fetchone() or (None, None)
        if size is None:
            raise HeadDiffers("the head of the log is lost; see `heinola audit verify`, and restore a copy")
        if isinstance(size, int) and size > MOST_POSITIONS:
            raise HeadDiffers(
                f"the head of the log counts {_grouped(size)} events, which no log has; see `heinola audit verify`, "
                "and restore a copy"
            )
        if size != (last or 0) or not isinstance(size, int):
            counted = f"counts {_grouped(size)} events" if isinstance(size, int) else "is lost"
            raise HeadDiffers(
                f"the head of the log {counted}, the log ends at {_grouped(last or 0)}; see `heinola audit verify`"
            )
        return size

    def rows(self, after: int, upto: int) -> Iterator[Row]:
        """Yield the events at positions from `after` + 1 to `upto`, in order, however far apart they are.

        Raises:
            UnknownEvent, UnreadableEvent: this version does not know what one of them is.
        """
        upto = min(upto, INT64)
        while after < upto:
            end = min(after + PAGE, upto)
            # Bounded on both sides, so that no plan sorts the rest of the log for a page of it.
            page = self.connection.execute(
                f"SELECT {_COLUMNS} FROM stored_events WHERE position > ? AND position <= ? ORDER BY position",  # noqa: S608
                (after, end),
            ).fetchall()
            yield from map(self.known, page)
            after = end if page else self.before_the_next(after, upto)

    def before_the_next(self, after: int, upto: int) -> int:
        """Return the position before the next event after a position; `upto` where there is none up to it."""
        (first,) = self.connection.execute(
            "SELECT min(position) FROM stored_events WHERE position > ? AND position <= ?", (after, upto)
        ).fetchone()
        return upto if first is None else int(first) - 1

    def rows_of(self, stream: UUID, upto: int) -> Iterator[Row]:
        """Yield a stream's events up to a position of the log, in order.

        Raises:
            UnknownEvent, UnreadableEvent: this version does not know what one of them is.
        """
        rows = self.connection.execute(
            f"SELECT {_COLUMNS} FROM stored_events WHERE originator_id = ? AND position <= ? "  # noqa: S608
            "ORDER BY originator_version",
            (stream.hex, min(upto, INT64)),
        )
        yield from map(require_known, rows)

    def rows_about(self, *topics: str) -> Iterator[Row]:
        """Yield the events of some kinds, in the order of the log."""
        if is_among_later(topics):  # nearly nothing of a log, and an index tells where
            kinds = ON_A_SERVER if is_on_server(self.location) else IN_A_FILE
            statement = " UNION ALL ".join(kinds.rows_of(topic, _COLUMNS) for topic in topics)
        else:  # the topic in the statement, so that the index of a kind is used
            wanted = " OR ".join(f"topic = '{topic}'" for topic in topics)
            statement = f"SELECT {_COLUMNS} FROM stored_events WHERE ({wanted}) AND position <= ?"  # noqa: S608
        rows = self.connection.execute(f"{statement} ORDER BY position", [self.known_end] * statement.count("?"))
        yield from map(require_known, rows)

    def require_known_kinds(self) -> None:
        """Refuse a log that holds an event of a kind or version that is not known here, before any of it is told.

        Raises:
            UnknownEvent.
        """
        kinds = ON_A_SERVER if is_on_server(self.location) else IN_A_FILE
        kinds.require_known(self.connection.execute)

    def position_at(self, instant: datetime) -> int:
        """Return the position of the last event recorded at or before `instant`; 0 where there is none.

        Recorded instants never decrease along the log, so a search by halves finds it.
        """
        wanted = format_recorded(instant)
        low, high, found = 0, self.size(), 0
        while low < high:
            middle = (low + high + 1) // 2
            at = self._last_up_to(middle)
            if at > low and self.recorded_at(at) > wanted:
                high = at - 1
            else:
                low, found = middle, max(found, at)
        return found

    def _last_up_to(self, position: int) -> int:
        """Return the position of the last event up to one, where none need stand; 0 where there is none."""
        (last,) = self.connection.execute(
            "SELECT max(position) FROM stored_events WHERE position <= ? AND position > 0", (position,)
        ).fetchone()
        return int(last or 0)

    def position_before(self, instant: datetime) -> int:
        """Return the position of the last event recorded before `instant`; 0 where there is none."""
        return self.position_at(instant - timedelta(microseconds=1))

    def row_at(self, position: int) -> Row | None:
        """Return the event at a position, or None."""
        return next(self.rows(position - 1, position), None)

    def row_of(self, stream: str, version: int) -> Row | None:
        """Return the event of a stream (hex) at a version, or None."""
        found = self.connection.execute(
            f"SELECT {_COLUMNS} FROM stored_events "  # noqa: S608 - columns of ours
            "WHERE originator_id = ? AND originator_version = ? AND position <= ?",
            (stream, min(version, INT64), self.known_end),
        ).fetchone()
        return None if found is None else require_known(found)

    def leaf_hash(self, position: int) -> bytes:
        """Return the stored leaf hash of the event at a position."""
        (leaf,) = self.connection.execute(
            "SELECT leaf_hash FROM stored_events WHERE position = ?", (position,)
        ).fetchone()
        return bytes(leaf)

    def unit_names(self) -> dict[str, str]:
        """Return the name each unit was established with, by code, in the order of the log; undone ones are none."""
        bodies = self._bodies_about("UnitEstablished")
        return {body["code"]: body["name"] for body in bodies}

    def project_owners(self) -> dict[str, str]:
        """Return the code of the unit each project was launched by, by the project's name, in the order of the log."""
        bodies = self._bodies_about("ProjectLaunched")
        return {body["project"]: body["unit"] for body in bodies}

    def bodies_of(self, stream: UUID, topic: str) -> list[dict[str, Any]]:
        """Return the bodies of a stream's events of one topic that were not undone, in order."""
        undone = self.undone_positions()
        rows = (row for row in self.rows_of(stream, self.known_end) if row[0] not in undone)
        return [body_of(row) for row in rows if row[3] == topic]

    def undone_positions(self) -> dict[int, int]:
        """Return the positions of the events that were undone, each with that of the event that undid it."""
        told = [(row[0], body_of(row)["positions"]) for row in self.rows_about("FactsUndone")]
        self.require_there(told)
        return undone_by(told)

    def require_there(self, undoings: Iterable[tuple[int, Iterable[Iterable[int]]]]) -> None:
        """Refuse undoings, with their positions, that name more events than there are; forged positions allow for it.

        Raises:
            UnreadableEvent.
        """
        named = [(first, min(last, by - 1), by) for by, ranges in undoings for first, last in ranges if first < by]
        number = sum(last - first + 1 for first, last in together(one[:2] for one in named))
        if number <= _UNASKED:
            return
        ((there,),) = self.connection.execute("SELECT count(*) FROM stored_events").fetchall()
        if number > there:
            _first, _last, by = max(named, key=lambda one: one[1] - one[0])
            raise UnreadableEvent.at(by, "it undoes more than there is")

    def _bodies_about(self, topic: str) -> Iterator[dict[str, Any]]:
        """Yield the bodies of the events of a kind that were not undone, in the order of the log."""
        undone = self.undone_positions()
        return (body_of(row) for row in self.rows_about(topic) if row[0] not in undone)

    def last_body(self) -> dict[str, Any] | None:
        """Return the body of the last event; None where there are none."""
        found = self.row_at(self.size())
        return None if found is None else body_of(found)

    def recorded_at(self, position: int) -> str:
        """Return the instant at which the event at a position was recorded, as stored text.

        Raises:
            HeadDiffers: there is no such event.
        """
        found = self.row_at(position)
        if found is None:
            raise HeadDiffers(f"event {position} is not in the log; see `heinola audit verify`, and restore a copy")
        return str(body_of(found)["recorded"])


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", " ")
