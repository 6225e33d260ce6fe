"""The store on a server: what PostgreSQL itself refuses, what is refused of it, and how cities share one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.errors import BadInput, HeinolaError, Refused
from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store import log as log_module
from heinola_es.store import reading
from heinola_es.store.durability import NotDurable
from heinola_es.store.location import NoStoreHere, server_store
from heinola_es.store.log import EventLog, Request, StoreBusy
from heinola_es.store.reading import LogReader
from heinola_es.store.trouble import is_busy, trouble
from tests.city import CITY, FOUNDED, MADE, found_city
from tests.databases import Database
from tests.servers import postgres_server
from tests.specification import NOW, events_in
from tests.terminal import Terminal, started

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.connection import Connection

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.postgres

KEYED = Request("controller", key="import-1", digest="d")
COLUMNS = "(position, originator_id, originator_version, topic, state, leaf_hash)"
ZEROS = "'\\x" + "00" * 32 + "'"
NEW = f"'{'a' * 32}', 1, 'UnitClosed', '{{}}', {ZEROS}"
LAST = "(SELECT max(position) FROM stored_events)"
FORBIDDEN = {
    "change a body": "UPDATE stored_events SET state = '{}' WHERE position = 3",
    "change nothing": "UPDATE stored_events SET topic = topic WHERE false",
    "delete the last": f"DELETE FROM stored_events WHERE position = {LAST}",
    "delete all": "DELETE FROM stored_events",
    "truncate": "TRUNCATE stored_events",
    "truncate all": "TRUNCATE stored_events, tree_head, store_settings",
    "rewrite on conflict": f"INSERT INTO stored_events {COLUMNS} SELECT * FROM stored_events WHERE position = 3 "
    "ON CONFLICT (position) DO UPDATE SET state = '{}'",
    "merge": "MERGE INTO stored_events AS o USING (SELECT 3 AS at) AS n ON o.position = n.at "
    "WHEN MATCHED THEN UPDATE SET state = '{}'",
    "merge away": "MERGE INTO stored_events AS o USING (SELECT 3 AS at) AS n ON o.position = n.at "
    "WHEN MATCHED THEN DELETE",
    "leave a gap": f"INSERT INTO stored_events {COLUMNS} VALUES ({LAST} + 2, {NEW})",
    "leave a gap between": f"INSERT INTO stored_events {COLUMNS} VALUES ({LAST} + 1, {NEW}), "
    f"({LAST} + 3, '{'b' * 32}', 1, '-', '{{}}', {ZEROS})",
    "go before the first": f"INSERT INTO stored_events {COLUMNS} VALUES (0, {NEW})",
    "shrink the tree": "UPDATE tree_head SET size = 12",
    "let the tree grow by itself": f"UPDATE tree_head SET size = 1000000000000, root = {ZEROS}",
    "change the root": f"UPDATE tree_head SET root = {ZEROS}",
    "change the last instant": "UPDATE tree_head SET recorded = '2019-01-01T00:00:00.000000Z'",
    "change nothing of the head": "UPDATE tree_head SET size = size",
    "delete the head": "DELETE FROM tree_head",
    "change the chart": "UPDATE store_settings SET value = 'other' WHERE name = 'chart'",
    "forget the city": "DELETE FROM store_settings WHERE name = 'city'",
}
TAKEN = {
    "a position": f"INSERT INTO stored_events {COLUMNS} VALUES (3, {NEW})",
    "a stream's version": f"INSERT INTO stored_events {COLUMNS} "
    f"SELECT {LAST} + 1, originator_id, originator_version, topic, state, leaf_hash FROM stored_events "
    "WHERE position = 3",
    "the only head": f"INSERT INTO tree_head VALUES (1, 0, {ZEROS}, '', '')",
    "a setting": "INSERT INTO store_settings VALUES ('chart', 'other')",
}


@pytest.fixture
def city(server: Database) -> Iterator[EventLog]:
    """Give a store with the small city and one command that had a key."""
    with EventLog.create(server.new("city"), CITY, now=MADE, by="controller") as log:
        found_city(log)
        run(log, NOW, KEYED, lambda session: rename_unit(session, "4160", FOUNDED, "Heinolan lukio"))
        yield log


@pytest.fixture
def database(city: EventLog) -> Iterator[Any]:
    """Give a connection of our own to the city's schema, as its owner."""
    store = server_store(city.location)
    with closing(psycopg.connect(store.url, autocommit=True)) as connection:
        connection.execute(f"SET search_path = {store.schema}")
        yield connection


def content(database: Any) -> list[list[tuple[object, ...]]]:  # noqa: ANN401 - a connection of psycopg
    """Return everything that the tables of the log hold."""
    tables = ("stored_events", "tree_head", "store_settings")
    return [database.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall() for table in tables]


class TestAppendOnly:
    """The database itself refuses everything but appending, whatever program asks."""

    @pytest.mark.parametrize("replicating", [False, True], ids=["", "as a replica"])
    @pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
    def test_nothing_is_changed_or_deleted(self, database: Any, statement: str, *, replicating: bool) -> None:  # noqa: ANN401
        """No UPDATE, DELETE, TRUNCATE, MERGE or gap gets past it, and it says why; not where triggers are set off."""
        if replicating:
            database.execute("SET session_replication_role = replica")
        before = content(database)
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="the log is append-only"):
            database.execute(statement)
        assert content(database) == before

    @pytest.mark.parametrize("statement", TAKEN.values(), ids=TAKEN)
    def test_what_is_there_is_not_added_again(self, database: Any, statement: str) -> None:  # noqa: ANN401
        """Positions, versions of a stream, the head, keys and settings are unique."""
        before = content(database)
        with pytest.raises(psycopg.errors.UniqueViolation):
            database.execute(statement)
        assert content(database) == before

    def test_a_position_is_never_used_again(self, database: Any) -> None:  # noqa: ANN401
        """Even where somebody dropped a trigger and deleted the last event, its position takes no other."""
        database.execute("ALTER TABLE stored_events DISABLE TRIGGER stored_events_fixed")
        last = database.execute(f"DELETE FROM stored_events WHERE position = {LAST} RETURNING *").fetchone()
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="positions follow one another"):
            database.execute("INSERT INTO stored_events VALUES (%s, %s, %s, %s, %s, %s)", last)

    def test_recording_after_a_deletion_is_refused(self, city: EventLog, database: Any) -> None:  # noqa: ANN401
        """A log whose tail was cut off does not grow over the gap."""
        database.execute("ALTER TABLE stored_events DISABLE TRIGGER stored_events_fixed")
        database.execute(f"DELETE FROM stored_events WHERE position = {LAST}")
        database.execute("ALTER TABLE stored_events ENABLE ALWAYS TRIGGER stored_events_fixed")
        before = content(database)
        with pytest.raises(Refused, match=r"the head of the log counts .* so nothing was recorded"):
            run(city, NOW, Request("controller"), lambda session: rename_unit(session, "4100", FOUNDED, "Koulut"))
        assert content(database) == before

    def test_a_version_is_recorded_once(self, city: EventLog) -> None:
        """Two writers that decided on the same state of a stream: the second is refused, as a conflict."""
        last = events_in(city)[-1]
        with (
            pytest.raises(Refused, match=r"the store refused the event .*the event is there already"),
            city.command(NOW, Request("controller")) as command,
        ):
            command.append([last])


class TestDurability:
    """A server that may lose what it has acknowledged is refused."""

    @pytest.mark.usefixtures("postgres_address")  # which skips where there is no PostgreSQL
    def test_without_fsync_no_store_is_made(self, tmp_path: Path) -> None:
        """A server that runs with `fsync` off is refused when a store is to be made in it, and keeps nothing of it."""
        with postgres_server(fsync="off") as address:
            location = Database(tmp_path, address).new("city")
            with pytest.raises(NotDurable, match=r"\(fsync is off\); refusing to record"):
                EventLog.create(location, CITY, now=MADE, by="controller")
            with pytest.raises(NoStoreHere):
                EventLog.open(location)

    def test_without_synchronous_commit_nothing_is_recorded(self, city: EventLog) -> None:
        """Nor is anything where commits are acknowledged before they are on disk, for this user or this connection."""
        before = city.head()
        with EventLog.open(f"{city.location}&options=-csynchronous_commit%3Doff") as log:
            with pytest.raises(NotDurable, match=r"\(synchronous_commit is off\); refusing to record"):
                run(log, NOW, Request("c"), lambda session: rename_unit(session, "4100", FOUNDED, "Koulut"))
            assert log.head() == before


class TestBusy:
    """Others are at work."""

    def test_a_command_waits_and_then_gives_up(self, city: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
        """While another holds the head, a command waits; after the time-out it says so, and records nothing."""
        monkeypatch.setattr(log_module, "BUSY_SECONDS", 1)
        before = city.head()
        with EventLog.open(city.location) as impatient, city.command(NOW, Request("other")):
            began = time.monotonic()
            with pytest.raises(StoreBusy, match="others were recording for more than 1 seconds; nothing was recorded"):
                run(impatient, NOW, Request("controller"), lambda _session: None)
            assert 0.9 <= time.monotonic() - began < 5
        assert city.head() == before

    def test_readers_hold_nobody_up(self, city: EventLog) -> None:
        """A command is recorded while another reads, and the reader goes on seeing what it saw."""
        with LogReader.open(city.location) as reader:
            reader.connection.execute("BEGIN")
            before = reader.size()
            run(city, NOW, Request("c"), lambda session: rename_unit(session, "4100", FOUNDED, "Koulut"))
            assert reader.size() == before
            reader.connection.execute("COMMIT")
            assert reader.size() == before + 1

    def test_those_who_write_read_models_take_turns(self, city: EventLog) -> None:
        """BEGIN IMMEDIATE is granted to one after the other, in each schema by itself, and holds up no recording."""
        with LogReader.open(city.location) as one, LogReader.open(city.location) as other:
            one.connection.execute("BEGIN IMMEDIATE")
            other.connection.execute("SET lock_timeout = '50ms'")
            with pytest.raises(Refused, match="others keep the store busy; try again"):
                other.connection.execute("BEGIN IMMEDIATE")
            run(city, NOW, Request("c"), lambda session: rename_unit(session, "4100", FOUNDED, "Koulut"))
            one.connection.execute("COMMIT")
            other.connection.execute("BEGIN IMMEDIATE")


def test_a_log_is_read_page_by_page_over_any_gap(
    city: EventLog,
    database: Any,  # noqa: ANN401 - a connection of psycopg
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Pages end where they end, and where somebody deleted more than a page, reading goes on after it."""
    monkeypatch.setattr(reading, "PAGE", 3)
    with LogReader.open(city.location) as reader:
        size = reader.size()
        assert [row[0] for row in reader.rows(0, 10**12)] == [*range(1, size + 1)]
        database.execute("ALTER TABLE stored_events DISABLE TRIGGER stored_events_fixed")
        database.execute("DELETE FROM stored_events WHERE position BETWEEN 2 AND 12")
        assert [row[0] for row in reader.rows(0, 10**12)] == [1, *range(13, size + 1)]
        assert [row[0] for row in reader.rows(1, 13)] == [13]


def test_cities_share_a_database(server: Database) -> None:
    """Each city has a schema of its own, and sees nothing of the others."""
    kouvola, lahti = server.new("kouvola"), server.new("lahti")
    with (
        EventLog.create(kouvola, "Kouvola", now=MADE, by="controller") as log,
        EventLog.create(lahti, "Lahti", now=MADE, by="controller") as other,
    ):
        found_city(log)
        assert (log.setting("city"), other.setting("city")) == ("Kouvola", "Lahti")
        assert (len(log.unit_codes()), other.unit_codes()) == (10, [])


class TestWords:
    """What goes wrong with a server is told in a sentence."""

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ((re.compile(r"/\w+\?"), "/nowhere?"), 'there is no store here .*"nowhere" does not exist'),
            ((re.compile("heinola@"), "nobody:secret@"), "there is no store here .*nobody"),
            ((re.compile("127.0.0.1:"), "127.0.0.1:1"), "the port in the address of the store is none"),
        ],
    )
    def test_a_server_that_lets_nobody_in(
        self, server: Database, change: tuple[re.Pattern[str], str], words: str
    ) -> None:
        """Whether to record or to read; no password is shown, and nobody waits for it."""
        wanted, instead = change
        location = wanted.sub(instead, server.new("x"))
        for door in (EventLog.open, LogReader.open):
            with pytest.raises(HeinolaError, match=words) as refusal:
                door(location)
            assert "secret" not in str(refusal.value)
            assert "\n" not in str(refusal.value)

    def test_a_schema_without_a_store(self, server: Database) -> None:
        """Neither reading nor recording makes a store; `heinola init` does."""
        for door in (EventLog.open, LogReader.open):
            with pytest.raises(NoStoreHere, match="run `heinola init`"):
                door(server.new("x"))

    @pytest.mark.parametrize("schema", ["Kouvola", "pg_x", "a%20b", "x;drop", "", "ä"])
    def test_a_schema_is_named_plainly(self, server: Database, schema: str) -> None:
        """A schema's name goes into statements as it is, so it is held to letters, digits and underscores."""
        with pytest.raises(BadInput, match="cannot be the schema of a store; take lower-case letters"):
            EventLog.create(f"{server.server}?schema={schema}", CITY, now=MADE, by="controller")

    def test_texts_are_whole_whatever_encoding_is_asked_for(
        self, server: Database, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The address and the environment may ask for another one; every sign is recorded and told all the same."""
        monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
        store = server.new("x")
        for location in (store, f"{store}&client_encoding=LATIN9"):
            if location == store:
                EventLog.create(location, CITY, now=MADE, by="controller").close()
                Terminal(location).done("record unit A 'Lukio – €' --kind sector --on 1.1.2020 --clock-is-right")
            assert "Lukio – €" in Terminal(location).done("list units")
            assert "Lukio – €" in Terminal(location).done("audit log")

    def test_a_database_without_all_signs_gets_no_store(self, server: Database) -> None:
        """What could not be recorded there later is told before a store is made."""
        name = f"test_{os.getpid()}_latin"
        with closing(psycopg.connect(server.server, autocommit=True)) as connection:
            connection.execute(f"CREATE DATABASE {name} ENCODING LATIN1 LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0")
            try:
                location = server.server.replace("/postgres", f"/{name}")
                with pytest.raises(Refused, match=r"keeps texts in LATIN1, .*; make one with ENCODING 'UTF8'"):
                    EventLog.create(location, CITY, now=MADE, by="controller")
            finally:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")

    @pytest.mark.parametrize(
        ("error", "sentence"),
        [
            (psycopg.errors.LockNotAvailable("låset släpptes inte i tid"), "others keep the store busy; try again"),
            (psycopg.errors.QueryCanceled("avbryter"), "the server breaks off what takes longer than it allows"),
            (psycopg.errors.DiskFull("skivan är full"), "the disk of the server is full; make room and try again"),
            (psycopg.errors.InsufficientPrivilege("får inte"), "the user may not do this in the store (får inte)"),
        ],
    )
    def test_a_server_that_speaks_another_language(self, error: Exception, sentence: str) -> None:
        """What is wrong is known by its code, also where the library tells it in an error of its own."""
        from eventsourcing.persistence import OperationalError

        wrapped = OperationalError(str(error))
        wrapped.__cause__ = error
        for told in (error, wrapped):
            assert trouble(told).startswith(sentence)
            assert is_busy(told) == isinstance(error, psycopg.errors.LockNotAvailable)

    def test_without_the_driver_it_is_said_what_to_install(self) -> None:
        """The program runs without psycopg, and names the extra where a store needs it."""
        source = "import sys; sys.modules['psycopg'] = None; import cli; cli.main(sys.argv[1:])"
        for verb in (["audit", "log"], ["init"]):
            words = ["--store", "postgresql://127.0.0.1/x", "--actor", "c", *verb]
            ended = subprocess.run(
                [sys.executable, "-c", source, *words],
                cwd=Path(__file__).resolve().parents[3],
                capture_output=True,
                text=True,
                check=False,
            )
            assert (ended.returncode, ended.stdout) == (1, "")
            assert ended.stderr == (
                "heinola: this store is on PostgreSQL, which needs more to be installed: "
                "pip install 'heinola-es[postgres]'\n"
            )

    def test_a_store_in_a_file_loads_nothing_of_it(self, tmp_path: Path) -> None:
        """No command on a file imports psycopg."""
        assert started("--store", str(tmp_path / "x.db"), "--actor", "c", "init").returncode == 0
        source = (
            "import sys, cli\ntry: cli.main(sys.argv[1:])\n"
            "finally: print([m for m in sys.modules if m.startswith('psycopg')])"
        )
        for verb in (["snapshot", "2020Q2"], ["record", "unit", "A", "A", "--on", "1.1.2020", "--kind", "sector"]):
            ended = subprocess.run(
                [sys.executable, "-c", source, "--store", str(tmp_path / "x.db"), "--actor", "c", *verb],
                cwd=Path(__file__).resolve().parents[3],
                capture_output=True,
                text=True,
                check=True,
            )
            assert ended.stdout.endswith("[]\n")


class TestTheCommonConnection:
    """Statements are written once, for either database."""

    @pytest.fixture
    def connection(self, city: EventLog) -> Iterator[Connection]:
        """Give a reader's connection."""
        with LogReader.open(city.location) as reader:
            yield reader.connection

    def test_values_go_in_and_come_out_as_from_a_file(self, connection: Connection) -> None:
        """Flags are 0 and 1, sums are whole, bytes are bytes, streams are hexadecimal, and a text is not a pattern."""
        connection.execute("CREATE TABLE rm_kinds (n INTEGER PRIMARY KEY, t TEXT, b BLOB)")
        connection.executemany(
            "INSERT INTO rm_kinds VALUES (?, ?, ?)", [(True, "100 % ?", b"\0\xff"), (False, None, None)]
        )
        connection.execute("INSERT INTO rm_kinds VALUES (?, ?, ?)", (2**40, "Ä\t\n\\", b""))
        rows = connection.execute("SELECT n, t, b FROM rm_kinds ORDER BY n").fetchall()
        assert rows == [(0, None, None), (1, "100 % ?", b"\0\xff"), (2**40, "Ä\t\n\\", b"")]
        assert connection.execute("SELECT sum(n), count(*) FROM rm_kinds WHERE t <> '?%'").fetchone() == (2**40 + 1, 2)
        (stream,) = connection.execute("SELECT originator_id FROM stored_events WHERE position = ?", (1,)).fetchone()
        assert len(stream) == 32
        assert type(connection.execute("SELECT sum(n) FROM rm_kinds").fetchone()[0]) is int

    def test_texts_are_ordered_by_their_code_points(self, connection: Connection) -> None:
        """The same order on every machine, whatever language the server was set up in."""
        connection.execute("CREATE TABLE rm_words (word TEXT)")
        connection.executemany("INSERT INTO rm_words VALUES (?)", [("b",), ("Ä",), ("A",), ("a",), ("-",)])
        rows = connection.execute("SELECT word FROM rm_words ORDER BY word").fetchall()
        assert rows == [("-",), ("A",), ("a",), ("b",), ("Ä",)]

    def test_the_current_schema_is_that_of_the_read_models(self, connection: Connection) -> None:
        """Whoever looks for a read model in the catalog finds it, and no table of the log."""
        connection.execute("CREATE TABLE rm_words (word TEXT)")
        connection.execute("CREATE INDEX rm_words_1 ON rm_words (word)")
        query = "SELECT count(*) FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = ?"
        found = [connection.execute(query, (name,)).fetchone()[0] for name in ("rm_words", "rm_words_1", "tree_head")]
        assert found == [1, 1, 0]
        connection.execute("ALTER TABLE rm_words RENAME TO rm_other")
        connection.execute("DROP TABLE rm_other")

    def test_what_is_rolled_back_was_never_there(self, connection: Connection) -> None:
        """A transaction is all or nothing, tables and all."""
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("CREATE TABLE rm_passing (n INTEGER)")
        connection.executemany("INSERT INTO rm_passing VALUES (?)", [(1,), (2,)])
        connection.execute("ROLLBACK")
        with pytest.raises(Refused, match="rm_passing"):
            connection.execute("SELECT * FROM rm_passing")

    def test_a_statement_that_fails_is_told(self, connection: Connection) -> None:
        """What the database says becomes a refusal, in one line."""
        with pytest.raises(Refused, match="the store could not be used") as refusal:
            connection.execute("SELEC 1")
        assert "\n" not in str(refusal.value)
