"""Backups as docs/operations.md describes them: what comes back is whole, guarded, and takes new commands."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from contextlib import closing
from functools import partial
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.session import run
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from heinola_es.store.transfer import exported, import_into
from tests.city import CITY, MADE, found_city
from tests.servers import as_somebody, postgres_server, programs, started_server, unprivileged_folder
from tests.specification import NOW
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

psycopg: Any = pytest.importorskip("psycopg")

MARCH = parse_period("3/2020")


def post(log: EventLog) -> int:
    """Record one posting and return its position."""
    work = partial(post_actual, unit="4100", line="personnel", period=MARCH, amount_cents=-100, also=True)
    return run(log, NOW, Request("c"), work).last


def require_whole(location: str, size: int) -> None:
    """Demand that a store is verified from end to end, guards and all, has so many events, and takes one more."""
    said = Terminal(location).done("audit verify")
    assert said == f"all is as it was recorded: {size} events, 0 published reports, 0 seals"
    with EventLog.open(location) as log:
        assert post(log) == size + 1


class TestAFile:
    """SQLite: a copy of the file is made by SQLite, never by copying a file that is written to."""

    @pytest.fixture
    def busy_store(self, store: EventLog) -> Iterator[EventLog]:
        """Give a store that is recorded in all the while."""
        enough = Event()

        def record() -> None:
            with EventLog.open(store.location) as log:
                while not enough.is_set():
                    post(log)

        recording = Thread(target=record)
        recording.start()
        yield store
        enough.set()
        recording.join()

    def test_vacuum_into(self, busy_store: EventLog, tmp_path: Path) -> None:
        """`VACUUM INTO` while others record gives a whole store as of one moment."""
        with closing(sqlite3.connect(busy_store.path)) as connection:
            connection.execute("VACUUM INTO ?", (str(tmp_path / "backup.db"),))
        with LogReader.open(str(tmp_path / "backup.db")) as reader:
            size = reader.size()
        require_whole(str(tmp_path / "backup.db"), size)

    def test_the_online_backup(self, busy_store: EventLog, tmp_path: Path) -> None:
        """So does SQLite's online backup, page by page."""
        with (
            closing(sqlite3.connect(busy_store.path)) as source,
            closing(sqlite3.connect(tmp_path / "backup.db")) as target,
        ):
            source.backup(target)
        with LogReader.open(str(tmp_path / "backup.db")) as reader:
            size = reader.size()
        require_whole(str(tmp_path / "backup.db"), size)

    def test_an_export(self, busy_store: EventLog, tmp_path: Path) -> None:
        """And so does an export, which is checked as it is written and as it is read."""
        with LogReader.open(busy_store.location) as reader:
            lines = list(exported(reader))
        size = import_into(str(tmp_path / "backup.db"), lambda: lines, now=MADE, by="controller")
        require_whole(str(tmp_path / "backup.db"), size)


@pytest.mark.postgres
@pytest.mark.usefixtures("postgres_address")  # which skips where there is no PostgreSQL
class TestAServer:
    """PostgreSQL: its own dump, and a base backup with the log of what came after."""

    def test_a_dump_of_one_city_is_restored(self, tmp_path: Path) -> None:
        """`pg_dump` of a city's schema, restored into another database: triggers, constraints and all."""
        with postgres_server() as address:
            location = f"{address}?schema=kouvola"
            with EventLog.create(location, CITY, now=MADE, by="controller") as log:
                found_city(log)
            Terminal(location).done("snapshot 2020Q2 --format json")
            dump, other = tmp_path / "kouvola.dump", address.replace("/postgres", "/restored")
            tool("pg_dump", "-Fc", "-n", "kouvola", "-f", str(dump), address)
            tool("createdb", "--maintenance-db", address, "restored")
            tool("pg_restore", "--exit-on-error", "-d", other, str(dump))
            require_whole(f"{other}?schema=kouvola", 14)

    def test_a_city_is_taken_back_to_a_point_in_time(self) -> None:
        """A base backup and the archived log of the server: the store is as it was right before a named point."""
        with unprivileged_folder() as folder:
            (folder / "archive").mkdir()
            (folder / "archive").chmod(0o777)
            keep = f"cp %p {folder}/archive/%f.part && mv {folder}/archive/%f.part {folder}/archive/%f"
            with postgres_server(archive_mode="on", archive_command=keep, wal_level="replica") as address:
                location = f"{address}?schema=kouvola"
                with EventLog.create(location, CITY, now=MADE, by="controller") as log:
                    found_city(log)
                    tool("pg_basebackup", "-d", address, "-D", f"{folder}/backup", "-X", "none", privileged=False)
                    assert post(log) == 15
                    point("before_the_mistake", address, folder / "archive")
                    assert post(log) == 16
                    point("after_it", address, folder / "archive")
            (folder / "backup" / "recovery.signal").touch()
            settings = {
                "restore_command": f"cp {folder}/archive/%f %p",
                "recovery_target_name": "before_the_mistake",
                "recovery_target_action": "promote",
                "archive_mode": "off",
            }
            with started_server(folder / "backup", **settings) as address:
                require_whole(f"{address}?schema=kouvola", 15)

    def test_a_replica_answers_and_refuses_to_record(self) -> None:
        """A hot standby shows what the primary shows, as far as it was read there; recording on it is refused."""
        with unprivileged_folder() as folder, postgres_server() as primary:
            location = f"{primary}?schema=kouvola"
            with EventLog.create(location, CITY, now=MADE, by="controller") as log:
                found_city(log)
                first = Terminal(location).done("snapshot 2020Q2 --format json")
                tool("pg_basebackup", "-d", primary, "-D", f"{folder}/standby", "-R", privileged=False)
                with started_server(folder / "standby") as standby:
                    replica = Terminal(f"{standby}?schema=kouvola")
                    post(log)
                    wait_for(primary, standby)
                    assert len(replica.events()) == 14
                    assert replica.done("snapshot 2020Q2 --format json") == first
                    second = Terminal(location).done("snapshot 2020Q2 --format json")
                    wait_for(primary, standby)
                    assert replica.done("snapshot 2020Q2 --format json") == second != first
                    assert replica.done("audit verify").startswith("all is as it was recorded: 15 events")
                    refusal = replica.refused("record actual 4100 personnel 3/2020 -100")
                    assert "this server may only be read (a replica?)" in refusal


def wait_for(primary: str, standby: str) -> None:
    """Wait until a replica has come as far as the primary is now."""
    with (
        closing(psycopg.connect(primary, autocommit=True)) as ahead,
        closing(psycopg.connect(standby, autocommit=True)) as behind,
    ):
        (here,) = ahead.execute("SELECT pg_current_wal_lsn()").fetchone()
        until = time.monotonic() + 60
        while not behind.execute("SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn", (here,)).fetchone()[0]:
            assert time.monotonic() < until, "the replica does not follow"
            time.sleep(0.05)


def point(name: str, address: str, archive: Path) -> None:
    """Name a point in the server's log, and wait until it is archived."""
    with closing(psycopg.connect(address, autocommit=True)) as connection:
        (file,) = connection.execute("SELECT pg_walfile_name(pg_create_restore_point(%s))", (name,)).fetchone()
        connection.execute("SELECT pg_switch_wal()")
    until = time.monotonic() + 60
    while not (archive / file).exists():
        assert time.monotonic() < until, "the server does not archive its log"
        time.sleep(0.05)


def tool(name: str, *words: str, privileged: bool = True) -> None:
    """Run a program of PostgreSQL."""
    before = [] if privileged else as_somebody()
    done = subprocess.run([*before, f"{programs()}/{name}", *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
