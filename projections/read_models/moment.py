"""One moment: everything that a read tells is of one position of the log, whatever is recorded or rebuilt meanwhile.

The read models are caught up, then one transaction is opened in which nothing moves any more; the moment is the
position that they have come to. Where the store's read models cannot be used, or are not to be believed, they are made
from the log in a database of the reader's own.
"""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager, suppress
from itertools import zip_longest
from typing import TYPE_CHECKING, TypeVar, cast

from heinola_es.errors import Refused
from heinola_es.store.location import is_on_server
from projections.read_models.catching_up import (
    POSITIONS,
    TRIES,
    NotBuilt,
    Progress,
    Standing,
    advance,
    catch_up,
    mend,
    standing,
    undo,
)
from projections.read_models.marks import ModelsDiffer
from projections.read_models.models import ALL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from heinola_es.store.connection import Connection
    from heinola_es.store.postgres_connection import ReadingConnection
    from heinola_es.store.reading import LogReader

Answer = TypeVar("Answer")

_TABLES = [table for model in ALL for table in model.made_of]
_TO_MEND = "the read models are not as the log says ({}); build them anew with `heinola projections rebuild`"
_NOT_OURS_TO_MEND = (
    "the read models are not as the log says ({}), and you may not rebuild them: this was made from the log; "
    "let somebody who records run `heinola projections rebuild`"
)


def answered(
    reader: LogReader, question: Callable[[], Answer], progress: Progress | None = None, *, from_log: bool = False
) -> Answer:
    """Return the answer to a question, all of it of one moment; inside a moment, of that one.

    Where a table of the read models turns out not to hold what was written to it, they are rebuilt, which the reader is
    told, and the question is asked again.

    Args:
        reader: of the store.
        question: asks the reader, and may be asked more than once.
        progress: told how much of the log is read, where it must be.
        from_log: make the read models from the log for this answer, hold those of the store against them, and mend
            them where they differ.

    Raises:
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    if reader.moment is not None and (reader.apart is not None or not from_log):
        return question()
    told = False
    for _try in range(TRIES):
        try:
            answer, odd = _answered_once(reader, question, progress, from_log=from_log)
        except ModelsDiffer as found:
            told = not _mended(reader, {found.table}, progress)
            from_log = from_log or told
        else:
            if odd and not told:
                _mended(reader, odd, progress)
            return answer
    raise Refused("the read models do not stay as they are made; see `heinola audit verify`")


@contextmanager
def one_moment(reader: LogReader, progress: Progress | None = None) -> Iterator[int]:
    """Hold one moment, and give its position, up to which the log and the read models are known; re-entrant.

    Raises:
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    if reader.moment is not None:
        yield reader.moment
        return
    if _hold(reader, progress):
        with _held(reader):
            yield _end_of(reader)
    else:
        with _held(reader), models_apart(reader, progress):
            yield _end_of(reader)


@contextmanager
def log_moment(reader: LogReader) -> Iterator[int]:
    """Hold one moment of the log alone, and give the position of its last event.

    Raises:
        HeadDiffers: the head of the log says otherwise than its events.
    """
    if reader.moment is not None:
        yield reader.moment
        return
    reader.connection.execute("BEGIN")
    with _held(reader):
        reader.moment = reader.size()
        yield reader.moment


@contextmanager
def models_apart(reader: LogReader, progress: Progress | None = None) -> Iterator[None]:
    """Read from read models that are made from the log, in a database of the reader's own, inside a moment."""
    kept = dict(reader.kept)
    reader.kept.clear()
    reader.apart = reader.spare or sqlite3.connect("", isolation_level=None)
    try:
        catch_up(reader, ALL, progress)
        _remember(reader, standing(reader, ALL))
        yield
    finally:
        if reader.apart is not reader.spare:
            reader.apart.close()
        reader.apart = None
        reader.kept.clear()
        reader.kept.update(kept)


@contextmanager
def spare_models(reader: LogReader) -> Iterator[None]:
    """Keep what is made apart for the next moments, which then read only what was recorded since."""
    reader.spare = sqlite3.connect("", isolation_level=None)
    try:
        yield
    finally:
        reader.spare.close()
        reader.spare = None


def _answered_once(
    reader: LogReader, question: Callable[[], Answer], progress: Progress | None, *, from_log: bool
) -> tuple[Answer, set[str]]:
    """Return the answer, and the tables of the store that are yet to be mended."""
    nested = reader.moment is not None
    with one_moment(reader, progress):
        if not from_log or reader.apart is not None:  # or there are no others to hold them against
            return question(), set()
        held = "checks" in reader.kept
        with models_apart(reader, progress):
            odd = set(_differing(reader)) if held else set()
            answer = question()
    if odd and nested:
        reader.tell(_TO_MEND.format(", ".join(sorted(odd))))
    return answer, set() if nested else odd


def _mended(reader: LogReader, odd: set[str], progress: Progress | None) -> bool:
    """Return whether the read models could be rebuilt; either way the reader is told."""
    if reader.may_write():
        try:
            mend(reader, ALL, odd, progress)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_READONLY:
                raise
        else:
            return True
    reader.tell(_NOT_OURS_TO_MEND.format(", ".join(sorted(odd))))
    return False


def _hold(reader: LogReader, progress: Progress | None) -> bool:
    """Open the transaction of a moment; return whether the store's read models can be used in it."""
    for _try in range(TRIES):
        try:
            wanted = catch_up(reader, ALL, progress)
        except NotBuilt:
            return _hold_the_log(reader)
        if _begun(reader, wanted):
            return True
    return _hold_in_turn(reader)


def hold_tables(connection: Connection, tables: Iterable[str]) -> None:
    """Keep tables on a server from being swapped, in a transaction that has seen nothing yet.

    One that was swapped after a transaction's first look would be seen empty.
    """
    cast("ReadingConnection", connection).hold(tables)


def _begun(reader: LogReader, wanted: int) -> bool:
    """Begin a transaction; return whether it sees all read models at one position, and that not before the wanted."""
    connection = reader.connection
    connection.execute("BEGIN")
    try:
        if is_on_server(reader.location):
            hold_tables(connection, [POSITIONS.name, *(table.name for table in _TABLES)])
        found = standing(reader, ALL)
        position = found.agreed(ALL)
    except BaseException:
        undo(connection)
        raise
    if position is None or position < wanted:
        undo(connection)
        return False
    reader.moment = position
    _remember(reader, found)
    return True


def _hold_in_turn(reader: LogReader) -> bool:
    """Begin a transaction that nobody writes read models beside, and bring them up to the log's end in it."""
    connection = reader.connection
    connection.execute("BEGIN IMMEDIATE")
    try:
        end = reader.size()
        advance(reader, ALL, end)
        found = standing(reader, ALL)
    except ModelsDiffer as error:
        undo(connection)
        raise Refused("the read models do not stay as they are made; try again") from error
    except BaseException:
        undo(connection)
        raise
    reader.moment = end
    _remember(reader, found)
    return True


def _hold_the_log(reader: LogReader) -> bool:
    reader.connection.execute("BEGIN")
    try:
        reader.moment = reader.size()
    except BaseException:
        undo(reader.connection)
        raise
    return False


@contextmanager
def _held(reader: LogReader) -> Iterator[None]:
    """Let go of the moment in the end."""
    try:
        yield
    except BaseException:
        undo(reader.connection)
        raise
    else:
        with suppress(sqlite3.Error):
            reader.connection.execute("COMMIT")
    finally:
        reader.moment = None
        reader.kept.clear()


def _end_of(reader: LogReader) -> int:
    return reader.size()


def _remember(reader: LogReader, found: Standing) -> None:
    """Keep what the tables must hold for those that read them."""
    reader.kept.clear()
    reader.kept["checks"] = {name: kept.checks for name, kept in found.kept.items()}


def _differing(reader: LogReader) -> Iterator[str]:
    """Yield the store's tables that are not those that were made from the log."""
    for table in _TABLES:
        rows = f"SELECT * FROM {table.name} ORDER BY {table.key}"  # noqa: S608 - names of ours
        try:
            same = all(a == b for a, b in zip_longest(reader.models.execute(rows), reader.connection.execute(rows)))
        except sqlite3.Error:
            same = False
        if not same:
            yield table.name
