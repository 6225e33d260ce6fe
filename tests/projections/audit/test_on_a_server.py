"""Publishing, proving and verifying a store on PostgreSQL: the same words as for a file, and its own guards beside."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.store.location import server_store
from heinola_es.store.postgres_schema import read_schema
from heinola_es.store.reading import LogReader
from heinola_es.store.transfer import exported, import_into
from projections.read_models.catching_up import catch_up
from projections.read_models.models import ALL
from projections.verifying.likeness import examined
from projections.verifying.verification import verify
from tests.city import MADE
from tests.databases import Database
from tests.projections.audit import tampering
from tests.projections.audit.conftest import copied
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.verifying.verification import Verdict
    from tests.projections.audit.conftest import PublishedStore
    from tests.projections.audit.tampering import Tampering

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.postgres

TRIES = 2
TAMPERINGS: dict[str, Tampering] = {
    "a byte of the body": tampering.byte_of("state"),
    "a byte of the topic": tampering.byte_of("topic"),
    "the version": tampering.byte_of("originator_version"),
    "a byte of the leaf hash": tampering.byte_of("leaf_hash"),
    "a body and its hash": tampering.body_with_its_hash,
    "deleted": tampering.deleted,
    "deleted, the gap closed": tampering.deleted_and_closed,
    "inserted": tampering.inserted,
    "added at the end": tampering.added,
    "reordered": tampering.reordered,
    "moved": tampering.rotated,
    "swapped": tampering.swapped,
    "swapped with their hashes": tampering.swapped_with_hashes,
    "cut off": tampering.cut,
    "cut off cleanly": tampering.cut_cleanly,
    "rewritten, all hashes recomputed": tampering.rewritten,
}
GROWS = (
    "DROP TRIGGER tree_head_moves ON tree_head; "
    "CREATE TRIGGER tree_head_moves BEFORE {} ON tree_head FOR EACH ROW {} EXECUTE FUNCTION log_moves(); "
    "ALTER TABLE tree_head ENABLE ALWAYS TRIGGER tree_head_moves"
)
GUARDS = {
    "a trigger set off": (
        "ALTER TABLE stored_events DISABLE TRIGGER stored_events_fixed",
        "trigger stored_events_fixed was set off",
    ),
    "a trigger for replicas alone": (
        "ALTER TABLE tree_head ENABLE REPLICA TRIGGER tree_head_moves",
        "tree_head_moves was set off",
    ),
    "a trigger that replicas pass by": (
        "ALTER TABLE tree_head ENABLE TRIGGER tree_head_moves",
        "tree_head_moves was set off",
    ),
    "a trigger dropped": (
        "DROP TRIGGER stored_events_next ON stored_events",
        "the trigger stored_events_next was dropped",
    ),
    "a function changed": (
        "CREATE OR REPLACE FUNCTION log_refuses() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "the body of function log_refuses was changed",
    ),
    "a trigger with a condition": (GROWS.format("UPDATE", "WHEN (false)"), "the trigger tree_head_moves was changed"),
    "a trigger for one column": (GROWS.format("UPDATE OF only_row", ""), "the trigger tree_head_moves was changed"),
    "a trigger added": (
        "CREATE TRIGGER odd BEFORE INSERT ON store_settings FOR EACH STATEMENT EXECUTE FUNCTION log_refuses()",
        "a trigger odd was added that is none of ours",
    ),
    "a rule added": (
        "CREATE RULE odd AS ON INSERT TO store_settings DO INSTEAD NOTHING",
        "a rule odd was added that is none of ours",
    ),
    "rows hidden": (
        "ALTER TABLE stored_events ENABLE ROW LEVEL SECURITY",
        "the form of table stored_events was changed",
    ),
    "a constraint dropped": (
        "ALTER TABLE stored_events DROP CONSTRAINT stored_events_once",
        "the constraint stored_events.stored_events_once was dropped",
    ),
    "a column added": (
        "ALTER TABLE store_settings ADD COLUMN odd text",
        "a column store_settings.odd was added that is none of ours",
    ),
    "a column of another type": (
        "ALTER TABLE store_settings ALTER value TYPE varchar",
        "the column store_settings.value was changed",
    ),
}


def unguarded(location: str) -> Any:  # noqa: ANN401 - a connection of psycopg
    """Return a connection to a store's schema, as its owner."""
    store = server_store(location)
    connection = psycopg.connect(store.url, autocommit=True)
    connection.execute(f"SET search_path = {store.schema}, {read_schema(store.schema)}")
    return connection


def verified(location: str, store: PublishedStore) -> Verdict:
    """Verify a store on a server with the seals of a published one."""
    with examined(location) as what:
        return verify(what, store.seals, store.verifier)


def of_the_log(verdict: Verdict) -> list[str]:
    """Return what was found about the log itself; what the read models know of it is another matter."""
    return [str(problem) for problem in verdict.problems if problem.kind != "read_model"]


def moved(path: Path, server: Database) -> str:
    """Move a store's log to the server, read it there, and return its location."""
    location = server.new("published")
    with LogReader.open(str(path)) as reader:
        lines = list(exported(reader))
    import_into(location, lambda: lines, now=MADE, by="controller")
    with LogReader.open(location) as reader:
        catch_up(reader, ALL)
    return location


def impress(path: Path, location: str) -> None:
    """Make the log of a store on a server what a file has, whatever that is, with the guards sent away and put back."""
    tables = {"stored_events": 6, "tree_head": 5, "kept_reports": 2, "kept_names": 3}
    with closing(sqlite3.connect(path)) as file, closing(unguarded(location)) as connection:
        for table, columns in tables.items():
            connection.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            connection.execute(f"DELETE FROM {table}")
            rows = file.execute(f"SELECT * FROM {table}").fetchall()
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {table} VALUES ({', '.join(['%s'] * columns)})", rows)
        for trigger, table in connection.execute(
            "SELECT tgname, relname FROM pg_trigger g JOIN pg_class t ON t.oid = tgrelid "
            "WHERE relnamespace = current_schema()::regnamespace AND NOT tgisinternal"
        ).fetchall():
            connection.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, postgres_address: str) -> Database:
    """Give the server for the tests."""
    return Database(tmp_path_factory.mktemp("server"), postgres_address)


@pytest.fixture(scope="module")
def location(published_once: PublishedStore, server: Database) -> str:
    """Give a store on the server with three publications; what is done to it is undone by the next `impress`."""
    return moved(published_once.path, server)


@pytest.fixture
def guarded(published_once: PublishedStore, server: Database) -> Iterator[Any]:
    """Give a connection to a store of its own with three publications, and its location."""
    location = moved(published_once.path, server)
    with closing(unguarded(location)) as connection:
        yield connection, location


def test_a_store_that_was_moved_is_whole(published_once: PublishedStore, location: str) -> None:
    """Every published report comes out as it was sealed before the log was moved; nothing is found."""
    impress(published_once.path, location)
    verdict = verified(location, published_once)
    assert [str(problem) for problem in verdict.problems] == []
    assert (verdict.size, verdict.reports, verdict.seals) == (published_once.size, 3, 3)


@pytest.mark.parametrize("what", TAMPERINGS)
def test_a_tampering_is_told_in_the_same_words(
    published_once: PublishedStore, tmp_path: Path, location: str, what: str
) -> None:
    """What is found in a file is found on a server, each with its place and what rests on it."""
    for seed in range(TRIES):
        store = copied(published_once, tmp_path)
        TAMPERINGS[what](store.path, Random(f"server/{what}/{seed}"), store.sizes[-1])
        impress(store.path, location)
        in_file = of_the_log(verify(store.path, store.seals, store.verifier))
        assert in_file
        assert of_the_log(verified(location, store)) == in_file


@pytest.mark.parametrize(("change", "words"), GUARDS.values(), ids=GUARDS)
def test_a_guard_that_was_sent_away_is_missed(guarded: tuple[Any, str], change: str, words: str) -> None:
    """The triggers, functions, constraints and columns of the log are those it was made with, or it is told."""
    connection, location = guarded
    connection.execute(change)
    result = Terminal(location).run("audit verify")
    assert result.exit_code == 3
    assert words in result.stdout
    assert "the log can be changed without a trace in the database" in result.stdout


def test_a_row_of_a_read_model_that_was_changed_is_found(guarded: tuple[Any, str]) -> None:
    """Read models are held row by row against those that the log gives."""
    connection, location = guarded
    connection.execute("UPDATE rm_statements SET cents = cents + 1 WHERE position = 127")
    result = Terminal(location).run("audit verify")
    assert result.exit_code == 3
    assert "the read model statements differs from the log at event" in result.stdout
    assert Terminal(location).run("projections rebuild").exit_code == 0
    assert Terminal(location).run("audit verify").exit_code == 0


def test_a_read_model_of_another_form_is_found(guarded: tuple[Any, str]) -> None:
    """A column that is none of ours is told."""
    connection, location = guarded
    connection.execute("ALTER TABLE rm_statements ADD COLUMN odd text")
    result = Terminal(location).run("audit verify")
    assert result.exit_code == 3
    assert "rm_statements of the read model statements has another form" in result.stdout


def test_a_report_is_published_sealed_and_proved(guarded: tuple[Any, str], tmp_path: Path) -> None:
    """From the command line: a key, a publication with its seal, a check with it, and a proof of one event."""
    _connection, location = guarded
    terminal, key, seal = Terminal(location), tmp_path / "seal.key", tmp_path / "q2.seal"
    assert terminal.run(f"keys init --key {key}").exit_code == 0
    assert terminal.run(f"publish 2020Q2 --incomplete --key {key} -o {seal}").exit_code == 0
    checked = terminal.run(f"audit verify --seal {seal} --key {key}")
    assert (checked.exit_code, "4 published reports, 1 seal" in checked.stdout) == (0, True)
    proof = tmp_path / "proof"
    assert terminal.run(f"audit prove 14 --seal {seal} -o {proof} --key {key}").exit_code == 0
    assert terminal.run(f"audit check-proof {proof} --seal {seal} --key {key}").exit_code == 0
