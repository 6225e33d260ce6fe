"""What was acknowledged is on the disk: full sync or no recording; a busy store or a full disk records nothing."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from events.narratives import NarrativeReported
from events.period import Period
from heinola_es.errors import Refused
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.goals import report_narrative
from heinola_es.handlers.session import run
from heinola_es.store import log as log_module
from heinola_es.store.durability import NotDurable
from heinola_es.store.log import EventLog, Request, StoreBusy
from heinola_es.store.reading import LogReader
from heinola_es.store.sqlite import FullSyncPool, LogRecorder, require_full_sync
from tests.specification import NOW, events_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eventsourcing.sqlite import SQLiteConnection

    from heinola_es.handlers.session import Session

CITY_SIZE = 14
MARCH = Period.of_month(2020, 3)
WHO = Request("controller")


def post(session: Session) -> None:
    """Post an expense."""
    post_actual(session, "4100", "personnel", MARCH, -100)


class TestFullSync:
    """Every commit waits for the disk."""

    @pytest.mark.parametrize("level", ["OFF", "NORMAL"])
    def test_a_connection_below_full_is_refused(self, tmp_path: Path, level: str) -> None:
        """A power cut could take back what was acknowledged: such a connection does not record."""
        with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
            connection.execute(f"PRAGMA synchronous = {level}")
            with pytest.raises(NotDurable, match=r"synchronous is below FULL\); refusing to record"):
                require_full_sync(connection)

    @pytest.mark.parametrize("level", ["FULL", "EXTRA"])
    def test_a_connection_at_full_or_above_is_taken(self, tmp_path: Path, level: str) -> None:
        """FULL is enough, EXTRA is more."""
        with closing(sqlite3.connect(tmp_path / "x.db")) as connection:
            connection.execute(f"PRAGMA synchronous = {level}")
            require_full_sync(connection)

    def test_every_connection_of_a_store_syncs_and_logs_ahead(self, store: EventLog) -> None:
        """Connections for reading and for writing are opened at FULL, in WAL mode, whatever the library's defaults."""
        for commit in (True, False):
            assert isinstance(store._recorder, LogRecorder)
            with store._recorder.datastore.transaction(commit=commit) as cursor:
                for name, wanted in PRAGMAS.items():
                    cursor.execute(f"PRAGMA {name}")
                    assert cursor.fetchone()[0] == wanted


PRAGMAS = {"synchronous": 2, "journal_mode": "wal", "fullfsync": 1}


@pytest.fixture
def impatient_store(store: EventLog, monkeypatch: pytest.MonkeyPatch) -> Iterator[EventLog]:
    """Give the same store opened so that it waits one second for others, not ten."""
    monkeypatch.setattr(log_module, "BUSY_SECONDS", 1)
    with EventLog.open(str(store.path)) as log:
        yield log


class TestBusy:
    """Others are recording."""

    def test_a_command_waits_and_then_gives_up(self, impatient_store: EventLog) -> None:
        """While another holds the write lock, a command waits; after the time-out it says so, and records nothing."""
        with closing(sqlite3.connect(impatient_store.path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            with pytest.raises(StoreBusy) as refusal:
                run(impatient_store, NOW, WHO, post)
            waited = time.monotonic() - began
            other.execute("ROLLBACK")
        assert str(refusal.value) == ("others were recording for more than 1 seconds; nothing was recorded, try again")
        assert waited >= 0.9
        assert len(events_in(impatient_store)) == CITY_SIZE
        assert run(impatient_store, NOW, WHO, post).last == CITY_SIZE + 1

    def test_readers_hold_nobody_up(self, store: EventLog) -> None:
        """A command is recorded while another reads, and the reader goes on seeing what it saw."""
        with LogReader(store.path) as reader:
            reader.connection.execute("BEGIN")
            assert reader.size() == CITY_SIZE
            run(store, NOW, WHO, post)
            assert reader.size() == CITY_SIZE
            reader.connection.execute("COMMIT")
            assert reader.size() == CITY_SIZE + 1


class TestFullDisk:
    """The disk has no room for what is to be recorded."""

    @pytest.fixture
    def cramped_store(self, store: EventLog, monkeypatch: pytest.MonkeyPatch) -> Iterator[EventLog]:
        """Give the same store on a database that may grow by a few pages only."""
        with LogReader(store.path) as reader:
            (pages,) = reader.connection.execute("PRAGMA page_count").fetchone()
        make_connection = FullSyncPool._create_connection

        def make_cramped(pool: FullSyncPool) -> SQLiteConnection:
            connection = make_connection(pool)
            connection._sqlite_conn.execute(f"PRAGMA max_page_count = {pages + 3}")
            return connection

        monkeypatch.setattr(FullSyncPool, "_create_connection", make_cramped)
        with EventLog.open(str(store.path)) as log:
            yield log

    def test_nothing_is_recorded_and_the_store_goes_on(self, cramped_store: EventLog) -> None:
        """The command is refused in a sentence; what fits is still recorded afterwards."""
        report = "Poikkeustila näkyi vahvasti. " * 5000
        with pytest.raises(Refused, match="the disk is full; make room and try again; nothing was recorded"):
            run(cramped_store, NOW, WHO, lambda session: report_narrative(session, "4100", MARCH, "Hankkeet", report))
        assert len(events_in(cramped_store)) == CITY_SIZE
        assert run(cramped_store, NOW, WHO, post).last == CITY_SIZE + 1
        with pytest.raises(Refused, match="nothing was recorded"):
            run(cramped_store, NOW, WHO, lambda session: report_narrative(session, "4100", MARCH, "Hankkeet", report))
        assert len(events_in(cramped_store)) == CITY_SIZE + 1

    def test_with_room_the_same_command_is_recorded(self, store: EventLog) -> None:
        """The size of the text was no obstacle in itself."""
        report = "Poikkeustila näkyi vahvasti. " * 5000
        run(store, NOW, WHO, lambda session: report_narrative(session, "4100", MARCH, "Hankkeet", report))
        last = events_in(store)[-1]
        assert isinstance(last, NarrativeReported)
        assert last.text == report
