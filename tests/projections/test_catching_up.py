"""Read models: every event counts exactly once, however the reading is cut up; and nothing in them is needed."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier, Thread
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import close_period, post_actual, state_figure
from heinola_es.store.log import EventLog
from heinola_es.store.reading import LogReader
from heinola_es.store.transfer import exported, import_into
from projections.read_models import catching_up
from projections.read_models.catching_up import ModelStatus, ReadModel, catch_up, rebuild, status
from projections.read_models.models import ALL, ORGANISATION, STATEMENTS, WORDS
from tests.city import MADE, RESPONSIBLE, UNITS
from tests.projections.asking import canonical, cents, record, snapshot_of
from tests.projections.histories import HISTORIES, Given, live_through, living_city, segments_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from heinola_es.store.connection import Connection
    from tests.projections.conftest import ImportedReport

Tables = dict[str, list[tuple[Any, ...]]]


class CutShortError(Exception):
    """Stands for whatever ends a run: a signal, a full disk, a lost connection."""


@pytest.fixture
def reader(sample: ImportedReport) -> Iterator[LogReader]:
    """Give the store with the sample report to read; nobody has read it yet."""
    with LogReader.open(str(sample.path)) as opened:
        yield opened


# ---------------------------------------------------------------- exactly once


@pytest.mark.parametrize("batch", [1, 7, 100, 531, 532, 533])
def test_batches_of_any_size_equal_a_rebuild(reader: LogReader, batch: int) -> None:
    """Row for row, whatever the size of a batch: one event, the whole log, or a number that does not divide it."""
    _start_empty(reader)
    with patch.object(catching_up, "BATCH", batch):
        assert catch_up(reader, ALL) == reader.size()
    caught_up = _tables(reader)

    rebuild(reader, ALL)

    assert caught_up == _tables(reader)
    assert sum(len(rows) for rows in caught_up.values()) > 500


@settings(max_examples=25)
@given(
    steps=st.lists(
        st.tuples(
            HISTORIES, st.integers(1, 9), st.lists(st.sampled_from(ALL), min_size=1, unique_by=lambda model: model.name)
        ),
        min_size=1,
        max_size=4,
    ),
    segment=st.sampled_from([1, 4, 50_000]),
)
def test_catching_up_in_any_steps_equals_a_rebuild(
    founded: Path, steps: list[tuple[list[Given], int, list[ReadModel]]], segment: int
) -> None:
    """However the log grows, in whatever batches and for whichever models it is read: the rows are a rebuild's."""
    with segments_of(segment), living_city(founded) as log, LogReader.open(str(log.path)) as opened:
        for history, batch, models in steps:
            live_through(log, history)
            with patch.object(catching_up, "BATCH", batch):
                catch_up(opened, models)
        with patch.object(catching_up, "BATCH", 2):
            catch_up(opened, ALL)
        caught_up = _tables(opened)

        rebuild(opened, ALL)

        assert caught_up == _tables(opened)


def test_a_run_cut_short_between_batches_goes_on_where_it_was(reader: LogReader) -> None:
    """What was taken in stays taken in, and the next read takes in the rest: nothing twice, nothing lost."""
    _start_empty(reader)

    with patch.object(catching_up, "BATCH", 100), pytest.raises(CutShortError):
        catch_up(reader, ALL, _cut_short_after(200))

    assert {state.position for state in status(reader, ALL)} == {200}
    assert _tables(reader) == _tables_of_the_first(200, reader)
    _assert_next_read_completes(reader)


def test_a_run_cut_short_inside_a_batch_takes_in_none_of_it(reader: LogReader) -> None:
    """Half of a batch's rows are written when the disk is full: they go again, and the next read takes in all of it."""
    _start_empty(reader)
    insert_rows = catching_up.insert_rows

    def insert_until_full(connection: Connection, table: str, rows: Sequence[tuple[Any, ...]]) -> None:
        insert_rows(connection, table, rows)
        if table == "rm_words" and rows and rows[-1][0] >= 450:
            raise CutShortError

    with (
        patch.object(catching_up, "BATCH", 100),
        patch.object(catching_up, "insert_rows", insert_until_full),
        pytest.raises(CutShortError),
    ):
        catch_up(reader, ALL)

    assert {state.position for state in status(reader, ALL)} == {400}
    assert _tables(reader) == _tables_of_the_first(400, reader)
    _assert_next_read_completes(reader)


def test_a_rebuild_cut_short_leaves_the_old_tables(reader: LogReader) -> None:
    """Until the new tables are whole the old ones serve."""
    catch_up(reader, ALL)
    before = _tables(reader), status(reader, ALL)

    with patch.object(catching_up, "BATCH", 100), pytest.raises(CutShortError):
        rebuild(reader, ALL, _cut_short_after(300))

    assert (_tables(reader), status(reader, ALL)) == before


@pytest.mark.parametrize("where", ["between batches", "inside a batch", "inside a rebuild"])
def test_a_killed_reader_doubles_and_loses_nothing(sample: ImportedReport, where: str) -> None:
    """A process that vanishes, between two batches or in the middle of one, leaves the models sound."""
    killed = subprocess.run(
        [sys.executable, "-c", _VANISHING_READER, str(sample.path), where],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert killed.returncode == 9, killed.stderr

    with LogReader.open(str(sample.path)) as reader:
        assert {state.position for state in status(reader, ALL)} == ({0} if where == "inside a rebuild" else {200})
        _assert_next_read_completes(reader)


_VANISHING_READER = """
import os, sys
from unittest.mock import patch
from heinola_es.store.reading import LogReader
from projections.read_models import catching_up
from projections.read_models.models import ALL

path, where = sys.argv[1:]

def vanish(*_):
    os._exit(9)

def vanish_after_200(done, _end):
    if done >= 200:
        vanish()

with LogReader.open(path) as reader:
    with patch.object(LogReader, "size", return_value=0):
        catching_up.rebuild(reader, ALL)
    catching_up.BATCH = 100
    if where == "inside a rebuild":
        catching_up.rebuild(reader, ALL, vanish_after_200)
    if where == "inside a batch":
        insert_rows = catching_up.insert_rows

        def insert_and_vanish(connection, table, rows):
            insert_rows(connection, table, rows)
            if table == "rm_statements" and rows and rows[-1][0] >= 250:
                vanish()

        catching_up.insert_rows = insert_and_vanish
    catching_up.catch_up(reader, ALL, vanish_after_200 if where == "between batches" else None)
"""


def test_a_second_reader_in_between_doubles_nothing(sample: ImportedReport, reader: LogReader) -> None:
    """While one reader is between two batches another brings the models up to the end: each event counts once."""
    _start_empty(reader)

    def let_the_other_go_first(_done: int, _end: int) -> None:
        with LogReader.open(str(sample.path)) as other, patch.object(catching_up, "BATCH", 70):
            catch_up(other, ALL)

    with patch.object(catching_up, "BATCH", 100):
        assert catch_up(reader, ALL, let_the_other_go_first) == reader.size()

    _assert_next_read_completes(reader)


def test_readers_at_the_same_time_count_every_event_once(sample: ImportedReport) -> None:
    """Four readers that catch up at once, with the first build among them, end with the rows of one."""
    together = Barrier(4)
    ends: list[int] = []

    def read() -> None:
        with LogReader.open(str(sample.path)) as opened:
            together.wait()
            ends.append(catch_up(opened, ALL))

    with patch.object(catching_up, "BATCH", 20):
        _at_the_same_time([read] * 4)

    with LogReader.open(str(sample.path)) as reader:
        assert ends == [reader.size()] * 4
        _assert_next_read_completes(reader)


def test_readers_beside_a_writer_count_every_event_once(store: EventLog) -> None:
    """Readers catch up again and again while someone records: what they end with is the log, once."""
    done: list[int] = []

    def read() -> None:
        with LogReader.open(store.location) as opened:
            while len(done) < 10:
                catch_up(opened, ALL)

    def write() -> None:
        with EventLog.open(store.location) as log:
            for month in range(1, 11):
                record(log, post_actual, "4100", "sales", parse_period(f"{month}/2020"), month)
                done.append(month)

    with patch.object(catching_up, "BATCH", 3):
        _at_the_same_time([read, read, write])

    with LogReader.open(store.location) as reader:
        catch_up(reader, ALL)
        assert cents(snapshot_of(store, "1-10/2020"), "4100", "income") == sum(range(1, 11))
        _assert_next_read_completes(reader)


# ---------------------------------------------------------------- versions


def test_a_model_of_an_older_version_is_built_anew_by_the_next_read(reader: LogReader) -> None:
    """The new program finds the table that an old one left, and replaces it, columns and all."""
    catch_up(reader, ALL)
    for statement in (
        "DROP TABLE rm_words",
        "CREATE TABLE rm_words (position INTEGER PRIMARY KEY, text TEXT)",
        "INSERT INTO rm_words VALUES (1, 'old')",
        "UPDATE rm_positions SET version = version - 1 WHERE model = 'words'",
    ):
        reader.connection.execute(statement)

    catch_up(reader, ALL)

    assert {state.version for state in status(reader, [WORDS])} == {WORDS.version}
    _assert_next_read_completes(reader)


def test_models_at_different_positions_each_take_in_their_own_rest(reader: LogReader) -> None:
    """A model that was just built is at the end of the log while the others are far behind: both end up right."""
    _start_empty(reader)
    rebuild(reader, [WORDS])
    assert [state.position for state in status(reader, [WORDS, STATEMENTS])] == [reader.size(), 0]

    with patch.object(catching_up, "BATCH", 50):
        catch_up(reader, ALL)

    _assert_next_read_completes(reader)


def test_an_event_that_no_model_keeps_is_read_past(store: EventLog) -> None:
    """Closing the books moves no row, but it is taken in: the models are not behind."""
    record(store, close_period, parse_period("1/2020"), None)

    with LogReader.open(store.location) as reader:
        catch_up(reader, ALL)

        assert {state.behind for state in status(reader, ALL)} == {0}


# ---------------------------------------------------------------- disposable


def test_dropping_all_read_models_loses_nothing(sample: ImportedReport, reader: LogReader) -> None:
    """The log is the only truth: without any table of ours the next snapshot is the same, byte for byte."""
    before = canonical(snapshot_of(sample.path, "2020Q2"))

    for name in _table_names(reader):
        reader.connection.execute(f"DROP TABLE {name}")
    assert not _table_names(reader)

    assert canonical(snapshot_of(sample.path, "2020Q2")) == before


def test_dropping_one_table_loses_nothing(sample: ImportedReport, reader: LogReader) -> None:
    """Each is disposable by itself, too."""
    before = canonical(snapshot_of(sample.path, "2020Q2"))

    for name in _table_names(reader):
        reader.connection.execute(f"DROP TABLE {name}")
        assert canonical(snapshot_of(sample.path, "2020Q2")) == before, name


def test_a_rebuild_puts_right_what_was_tampered_with(sample: ImportedReport, reader: LogReader) -> None:
    """Rows that someone changed by hand are replaced by what the log says."""
    before = canonical(snapshot_of(sample.path, "2020Q2"))
    reader.connection.execute("UPDATE rm_statements SET cents = cents + 1")

    rebuild(reader, ALL)

    assert canonical(snapshot_of(sample.path, "2020Q2")) == before
    assert {state.behind for state in status(reader, ALL)} == {0}


def test_others_read_on_during_a_rebuild(sample: ImportedReport, reader: LogReader) -> None:
    """Until the swap everyone else sees the old tables, whole."""
    before = canonical(snapshot_of(sample.path, "2020Q2"))
    seen: list[bytes] = []

    rebuild(reader, ALL, lambda _done, _end: seen.append(canonical(snapshot_of(sample.path, "2020Q2"))))

    assert seen == [before]


# ---------------------------------------------------------------- what it says of itself


def test_status_of_a_store_that_nobody_read(reader: LogReader) -> None:
    """Everything is yet to be taken in, and asking changes nothing."""
    assert status(reader, ALL) == [ModelStatus(model.name, 0, 0, reader.size(), 0) for model in ALL]
    assert not _table_names(reader)


def test_status_counts_rows_and_what_is_yet_to_come(store: EventLog) -> None:
    """After a read a model is at the end; two events later it is two behind."""
    with LogReader.open(store.location) as reader:
        founded = catch_up(reader, ALL)
        assert status(reader, [ORGANISATION, STATEMENTS]) == [
            ModelStatus("organisation", ORGANISATION.version, founded, 0, len(UNITS) + len(RESPONSIBLE)),
            ModelStatus("statements", STATEMENTS.version, founded, 0, 0),
        ]

        for month in ("1/2020", "2/2020"):
            record(store, state_figure, "4100", "sales", parse_period(month), "actual", 1)
        assert [(state.position, state.behind) for state in status(reader, ALL)] == [(founded, 2)] * len(ALL)

        catch_up(reader, ALL)
        assert status(reader, [STATEMENTS]) == [ModelStatus("statements", STATEMENTS.version, founded + 2, 0, 2)]


def test_progress_is_told_up_to_the_end(reader: LogReader) -> None:
    """Whoever waits is told how many events are done, and of how many."""
    _start_empty(reader)
    told: list[tuple[int, int]] = []

    with patch.object(catching_up, "BATCH", 200):
        catch_up(reader, ALL, lambda done, end: told.append((done, end)))
        rebuild(reader, ALL, lambda done, end: told.append((done, end)))

    end = reader.size()
    assert told == [(200, end), (400, end), (end, end)] * 2


@pytest.mark.in_a_file
def test_a_read_with_nothing_new_writes_nothing(reader: LogReader) -> None:
    """Looking again costs a comparison, no transaction."""
    catch_up(reader, ALL)
    assert isinstance(reader.connection, sqlite3.Connection)
    written = reader.connection.total_changes

    with patch.object(catching_up, "_take_batch", side_effect=AssertionError("nothing to take")):
        catch_up(reader, ALL)

    assert reader.connection.total_changes == written


# ---------------------------------------------------------------- helpers


def _start_empty(reader: LogReader) -> None:
    """Let the models be as they are after a read of the empty log: there, with nothing in them."""
    with patch.object(LogReader, "size", return_value=0):
        rebuild(reader, ALL)


def _assert_next_read_completes(reader: LogReader) -> None:
    """Demand that one more read leaves exactly the rows and positions of a rebuild."""
    catch_up(reader, ALL)
    caught_up = _tables(reader), status(reader, ALL)
    rebuild(reader, ALL)
    assert caught_up == (_tables(reader), status(reader, ALL))
    assert {state.position for state in caught_up[1]} == {reader.size()}


def _tables(reader: LogReader) -> Tables:
    """Return the rows of every table of the read models, in an order of their own; not the positions."""
    names = [name for name in _table_names(reader) if name != "rm_positions"]
    return {name: sorted(reader.connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def _tables_of_the_first(events: int, reader: LogReader) -> Tables:
    """Return the rows that a rebuild gives of a log that ends after so many events."""
    with TemporaryDirectory() as folder:
        lines = list(exported(reader))
        import_into(f"{folder}/copy.db", lambda: lines, now=MADE, by="controller")
        with LogReader.open(f"{folder}/copy.db") as copy, patch.object(LogReader, "size", return_value=events):
            rebuild(copy, ALL)
            return _tables(copy)


def _table_names(reader: LogReader) -> list[str]:
    return sorted(name for name in reader.tables() if name.startswith("rm_"))


def _cut_short_after(position: int) -> catching_up.Progress:
    def progress(done: int, _end: int) -> None:
        if done >= position:
            raise CutShortError

    return progress


def _at_the_same_time(tasks: Sequence[Callable[[], None]]) -> None:
    """Run tasks in threads of their own, and raise what any of them raised."""
    errors: list[BaseException] = []

    def guarded(task: Callable[[], None]) -> None:
        try:
            task()
        except BaseException as error:  # noqa: BLE001 - handed on below
            errors.append(error)

    threads = [Thread(target=guarded, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not errors, errors
