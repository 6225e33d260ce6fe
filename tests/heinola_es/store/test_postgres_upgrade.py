"""A store of the first format on PostgreSQL: it is read as it is, and its owner brings it to this one."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.errors import Refused
from heinola_es.handlers.organisation import rename_unit
from heinola_es.session import run
from heinola_es.store.location import server_store
from heinola_es.store.log import Body, EventLog, Request
from heinola_es.store.postgres import LogRecorder
from heinola_es.store.postgres_connection import ReadingConnection
from heinola_es.store.postgres_schema import read_schema
from heinola_es.store.postgres_structure import structure_flaws
from heinola_es.store.reading import LogReader
from tests.city import CITY, FOUNDED, MADE, found_city
from tests.databases import Database
from tests.heinola_es.store.test_roles import POST, connected, grant, login_of, of
from tests.specification import NOW
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.postgres

KEY = "import-1"
OWNER = Request("controller", clock_is_right=True)
# As the script made the roles of stores of the first format.
ROLES = """
CREATE ROLE {s}_reader; CREATE ROLE {s}_recorder; CREATE ROLE {s}_controller IN ROLE {s}_recorder;
GRANT USAGE ON SCHEMA {s} TO {s}_reader, {s}_recorder;
GRANT SELECT ON stored_events, tree_head, command_keys, store_settings TO {s}_reader, {s}_recorder;
GRANT INSERT ON stored_events, command_keys TO {s}_recorder;
GRANT UPDATE (size, root, frontier, recorded) ON tree_head TO {s}_recorder;
GRANT CREATE ON SCHEMA {s} TO {s}_controller;
GRANT {s}_controller TO CURRENT_USER;
ALTER DEFAULT PRIVILEGES FOR ROLE {s}_controller IN SCHEMA {s} GRANT SELECT ON TABLES TO {s}_reader, {s}_recorder;
CREATE ROLE {s}_liisa_login LOGIN IN ROLE {s}_controller; CREATE ROLE {s}_reader_login LOGIN IN ROLE {s}_reader;
ALTER ROLE {s}_liisa_login SET role = '{s}_controller'
"""


@pytest.fixture
def first(tmp_path: Path, postgres_address: str) -> str:
    """Give a store of the first format with the small city, its roles of then, and a key; read by a controller."""
    server = Database(tmp_path, postgres_address)
    location = server.new("first")
    with EventLog.create(str(tmp_path / "x.db"), CITY, now=MADE, by="controller") as log:
        found_city(log)
    with LogReader.open(str(tmp_path / "x.db")) as reader:
        rows = list(reader.rows(1, reader.size()))
        chart, recorded = reader.setting("chart"), reader.head().recorded
    with (
        closing(LogRecorder.open(server_store(location), 10)) as recorder,
        recorder.founding({"format": "1", "city": CITY, "chart": chart}),
    ):
        bodies: Any = [Body(*row[1:]) for row in rows]
        recorder.insert_events(bodies, recorded=recorded)
    with closing(connected(location)) as owner:
        owner.execute(f"INSERT INTO command_keys VALUES ('{KEY}', 'd', 1, 2)")
        owner.execute(ROLES.format(s=server_store(location).schema))
    Terminal(of(location, "liisa")).done("snapshot 2020Q2 --format json")
    return location


def flaws(location: str) -> list[str]:
    """Return what a store's structure lacks."""
    with closing(ReadingConnection(server_store(location), 10)) as connection:
        return list(structure_flaws(connection))


def test_it_is_read_as_it_is(first: str) -> None:
    """Its read models stay where they were, for all its roles; nothing is found wrong with it."""
    owner, liisa, reader = Terminal(first), Terminal(of(first, "liisa")), Terminal(of(first, "reader"))
    shown = owner.done("snapshot 2020Q2 --format json")
    assert shown == liisa.done("snapshot 2020Q2 --format json") == reader.done("snapshot 2020Q2 --format json")
    assert liisa.run("projections rebuild").exit_code == 0
    assert flaws(first) == []
    assert reader.run("audit verify").exit_code == 0


def test_only_its_owner_upgrades_it(first: str) -> None:
    """Whoever else records is told so, and nothing is changed."""
    sentence = Terminal(of(first, "liisa")).refused(POST)
    assert "this store was made by an earlier version; let its owner run `heinola store upgrade`" in sentence
    assert flaws(first) == []


def upgrade(log: EventLog) -> None:
    """Bring a store to this format, by itself."""
    assert log.upgrade(NOW, OWNER) == log.head().size


def record(log: EventLog) -> None:
    """Record something in it."""
    receipt = run(log, NOW, OWNER, lambda session: rename_unit(session, "4100", FOUNDED, "Koulut"))
    assert receipt.upgraded == receipt.first - 1


@pytest.mark.parametrize("command", [upgrade, record])
def test_its_owner_upgrades_it(first: str, command: Callable[[EventLog], None]) -> None:
    """By itself or with the next command: the guards are new, the roles record on, and once granted anew, read on."""
    with LogReader.open(first) as reader:
        before = reader.head()
        rows = list(reader.rows(0, before.size))
    with EventLog.open(first) as log:
        command(log)
    assert flaws(first) == []
    with LogReader.open(first) as reader:
        assert list(reader.rows(0, before.size)) == rows
        assert reader.setting("format") == "2"
        assert not {name for name in reader.tables() if name.startswith("rm_")}
    with EventLog.open(of(first, "liisa")) as log:
        receipt = run(log, NOW, OWNER, lambda session: rename_unit(session, "4160", FOUNDED, "Lukiot"))
    assert receipt.events[0].login == login_of(first, "liisa")
    grant(first)
    for login in ("liisa", "reader"):
        assert Terminal(of(first, login)).run("snapshot 2020Q2 --format json").exit_code == 0
    assert Terminal(of(first, "reader")).run("audit verify").exit_code == 0
    assert flaws(first) == []


def test_what_a_controller_planted_in_it_stands_in_the_way(first: str) -> None:
    """A function beside the log, which the guards of then would call: it is named, and nothing is recorded."""
    with closing(connected(of(first, "liisa"))) as liisa:
        liisa.execute("CREATE FUNCTION format(text, name) RETURNS text LANGUAGE sql AS $$SELECT 'x'$$")
    sentence = Terminal(first).refused(POST)
    assert "a function format(pg_catalog.text,pg_catalog.name) was added that is none of ours" in sentence


def test_an_upgrade_that_fails_leaves_it_as_it_was(first: str) -> None:
    """All of it, or nothing: here where the schema for the read models is somebody else's."""
    read = read_schema(server_store(first).schema)
    with closing(connected(first)) as owner:
        owner.execute(f"CREATE SCHEMA {read}; CREATE TABLE {read}.other (n int)")
    with EventLog.open(first) as log, pytest.raises(Refused, match=f"the schema {read} is not empty"):
        upgrade(log)
    assert flaws(first) == []
    with LogReader.open(first) as reader:
        assert reader.setting("format") == "1"
        assert [key.key for key in reader.command_keys(reader.size())] == [KEY]
