"""The roles of a city's store on PostgreSQL: each can do what it is for, and nothing else."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.store.location import server_store
from heinola_es.store.log import EventLog
from tests.city import CITY, MADE, found_city
from tests.databases import Database
from tests.servers import programs
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.postgres

SCRIPT = Path(__file__).resolve().parents[3] / "examples" / "postgres-roles.sql"
POST = "record actual 4100 personnel 3/2020 -100"
FORBIDDEN = (
    "UPDATE stored_events SET topic = topic",
    "DELETE FROM stored_events",
    "TRUNCATE stored_events",
    "UPDATE command_keys SET digest = digest",
    "DELETE FROM tree_head",
    "UPDATE tree_head SET only_row = 1",
    "INSERT INTO store_settings VALUES ('odd', '1')",
    "UPDATE store_settings SET value = 'x'",
    "ALTER TABLE stored_events DISABLE TRIGGER ALL",
    "DROP TRIGGER stored_events_fixed ON stored_events",
    "DROP TABLE stored_events",
    "ALTER TABLE stored_events ADD COLUMN odd text",
    "CREATE OR REPLACE FUNCTION log_refuses() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "CREATE RULE odd AS ON INSERT TO command_keys DO INSTEAD NOTHING",
    "SET session_replication_role = replica",
)
ONLY_RECORDERS = ("INSERT INTO command_keys VALUES ('k', 'd', 1, 1)", "UPDATE tree_head SET size = size")
ONLY_CONTROLLERS = ("CREATE TABLE odd (n int)",)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, postgres_address: str) -> str:
    """Give a store with the small city, read once, and a login for each role: `<schema>_liisa` is a controller."""
    location = Database(tmp_path_factory.mktemp("roles"), postgres_address).new("city")
    with EventLog.create(location, CITY, now=MADE, by="controller") as log:
        found_city(log)
    Terminal(location).done("snapshot 2020Q2 --format json")
    store = server_store(location)
    psql = [f"{programs()}/psql", "-q", store.url, "-v", f"schema={store.schema}", "-f", str(SCRIPT)]
    subprocess.run(psql, check=True, capture_output=True)
    with closing(psycopg.connect(store.url, autocommit=True)) as connection:
        for login, role in (("reader", "reader"), ("transfer", "recorder"), ("liisa", "controller")):
            connection.execute(f"CREATE ROLE {store.schema}_{login}_login LOGIN IN ROLE {store.schema}_{role}")
        connection.execute(f"ALTER ROLE {store.schema}_liisa_login SET role = '{store.schema}_controller'")
    return location


def of(city: str, login: str) -> str:
    """Return the location of the store for somebody who logs in."""
    return city.replace("heinola@", f"{server_store(city).schema}_{login}_login@")


@pytest.fixture(params=["reader", "transfer", "liisa"])
def logged_in(request: pytest.FixtureRequest, city: str) -> Iterator[tuple[str, Any]]:
    """Give a connection for each login."""
    store = server_store(of(city, request.param))
    with closing(psycopg.connect(store.url, autocommit=True)) as connection:
        connection.execute(f"SET search_path = {store.schema}")
        yield request.param, connection


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_nobody_changes_the_log(logged_in: tuple[str, Any], statement: str) -> None:
    """Whatever the role: no rows, tables, triggers or functions of the log are changed, and no trigger is set off."""
    _login, connection = logged_in
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute(statement)


@pytest.mark.parametrize("statement", [*ONLY_RECORDERS, *ONLY_CONTROLLERS])
def test_readers_write_nothing(city: str, statement: str) -> None:
    """Whoever reads can neither record nor make tables; whoever transfers cannot make tables either."""
    for login, statements in (("reader", ONLY_RECORDERS + ONLY_CONTROLLERS), ("transfer", ONLY_CONTROLLERS)):
        store = server_store(of(city, login))
        if statement in statements:
            with closing(psycopg.connect(store.url, autocommit=True)) as connection:
                connection.execute(f"SET search_path = {store.schema}")
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)


def test_each_does_what_it_is_for(city: str) -> None:
    """A transfer records; a reader sees what the controllers have read; they see, record, rebuild and verify it all."""
    transfer, reader, liisa = (Terminal(of(city, login)) for login in ("transfer", "reader", "liisa"))
    before = reader.done("snapshot 2020Q2 --format json")
    assert "ActualPosted" in transfer.done(POST)
    assert reader.done("snapshot 2020Q2 --format json") == before
    after = liisa.done("snapshot 2020Q2 --format json")
    assert after != before
    assert reader.done("snapshot 2020Q2 --format json") == after
    assert "ActualPosted" in liisa.done(POST)
    assert liisa.run("projections rebuild").exit_code == 0
    for terminal in (reader, transfer, liisa):
        assert terminal.run("audit verify").exit_code == 0
        assert terminal.done("export events").count("\n") == len(liisa.events())


def test_a_reader_is_told_that_it_may_not_record(city: str) -> None:
    """The refusal is one sentence, and says whom to ask."""
    sentence = Terminal(of(city, "reader")).refused(POST)
    assert "the user may not do this in the store (permission denied for table" in sentence


def test_a_reader_without_read_models_is_told_who_makes_them(city: str) -> None:
    """After an upgrade, say: somebody who records builds them; then the reader sees the report again."""
    liisa, reader = Terminal(of(city, "liisa")), Terminal(of(city, "reader"))
    store = server_store(of(city, "liisa"))
    with closing(psycopg.connect(store.url, autocommit=True)) as connection:
        connection.execute(f"DROP TABLE {store.schema}.rm_words")
    assert "run `heinola projections rebuild`" in reader.refused("snapshot 2020Q2 --format json")
    assert liisa.run("projections rebuild").exit_code == 0
    assert reader.done("snapshot 2020Q2 --format json") == liisa.done("snapshot 2020Q2 --format json")
