"""A store of an earlier format on PostgreSQL: it is read as it is, and its owner brings it to this one."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.errors import Refused
from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store.appending import Body
from heinola_es.store.location import server_store
from heinola_es.store.log import EventLog, Request
from heinola_es.store.postgres import LogRecorder
from heinola_es.store.postgres_connection import ReadingConnection
from heinola_es.store.postgres_schema import read_schema
from heinola_es.store.postgres_structure import structure_flaws
from heinola_es.store.reading import LogReader
from heinola_es.store.schema import FORMAT
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

FIRST, SECOND = "1", "2"
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
# And as it made them for those of the second.
SECOND_ROLES = """
CREATE ROLE {s}_reader; CREATE ROLE {s}_recorder; CREATE ROLE {s}_controller IN ROLE {s}_recorder;
GRANT USAGE ON SCHEMA {s} TO {s}_reader, {s}_recorder;
GRANT SELECT ON stored_events, tree_head, store_settings TO {s}_reader, {s}_recorder;
GRANT INSERT ON stored_events TO {s}_recorder;
GRANT UPDATE (only_row) ON tree_head TO {s}_recorder;
GRANT {s}_controller TO CURRENT_USER;
ALTER SCHEMA {s}_read OWNER TO {s}_controller;
GRANT USAGE ON SCHEMA {s}_read TO {s}_reader, {s}_recorder;
ALTER DEFAULT PRIVILEGES FOR ROLE {s}_controller IN SCHEMA {s}_read GRANT SELECT ON TABLES TO {s}_reader, {s}_recorder;
CREATE ROLE {s}_liisa_login LOGIN IN ROLE {s}_controller; CREATE ROLE {s}_reader_login LOGIN IN ROLE {s}_reader
"""


@pytest.fixture
def first(tmp_path: Path, postgres_address: str) -> str:
    """Give a store of the first format with the small city, its roles of then, and a key; read by a controller."""
    location = made(tmp_path, postgres_address, FIRST)
    with closing(connected(location)) as owner:
        owner.execute(f"INSERT INTO command_keys VALUES ('{KEY}', 'd', 1, 2)")
        owner.execute(ROLES.format(s=server_store(location).schema))
    Terminal(of(location, "liisa")).done("snapshot 2020Q2 --format json")
    return location


@pytest.fixture
def second(tmp_path: Path, postgres_address: str) -> str:
    """Give such a store of the second format."""
    location = made(tmp_path, postgres_address, SECOND)
    with closing(connected(location)) as owner:
        owner.execute(SECOND_ROLES.format(s=server_store(location).schema))
    Terminal(of(location, "liisa")).done("snapshot 2020Q2 --format json")
    return location


@pytest.fixture(params=[FIRST, SECOND])
def old(request: pytest.FixtureRequest) -> str:
    """Give a store of each earlier format."""
    return str(request.getfixturevalue("first" if request.param == FIRST else "second"))


def made(folder: Path, address: str, form: str) -> str:
    """Make a store of an earlier format with the small city, and return its location."""
    location = Database(folder, address).new("old")
    with EventLog.create(str(folder / "x.db"), CITY, now=MADE, by="controller") as log:
        found_city(log)
    with LogReader.open(str(folder / "x.db")) as reader:
        rows = list(reader.rows(form == FIRST, reader.size()))
        chart, recorded = reader.setting("chart"), reader.head().recorded
    with (
        closing(LogRecorder.open(server_store(location), 10)) as recorder,
        recorder.founding({"format": form, "city": CITY, "chart": chart}),
    ):
        bodies: Any = [Body(*row[1:-1], row[-1].replace(b'"format":"3"', b'"format":"2"')) for row in rows]
        recorder.insert_events(bodies, recorded=recorded)
    return location


def flaws(location: str) -> list[str]:
    """Return what a store's structure lacks."""
    with closing(ReadingConnection(server_store(location), 10)) as connection:
        return list(structure_flaws(connection))


def test_it_is_read_as_it_is(old: str) -> None:
    """Its read models stay where they were, for all its roles; nothing is found wrong with it."""
    owner, liisa, reader = Terminal(old), Terminal(of(old, "liisa")), Terminal(of(old, "reader"))
    shown = owner.done("snapshot 2020Q2 --format json")
    assert shown == liisa.done("snapshot 2020Q2 --format json") == reader.done("snapshot 2020Q2 --format json")
    assert liisa.run("projections rebuild").exit_code == 0
    assert flaws(old) == []
    assert reader.run("audit verify").exit_code == 0


def test_only_its_owner_upgrades_it(old: str) -> None:
    """Whoever else records is told so, and nothing is changed."""
    sentence = Terminal(of(old, "liisa")).refused(POST)
    assert "this store was made by an earlier version; let its owner run `heinola store upgrade`" in sentence
    assert flaws(old) == []


def upgrade(log: EventLog) -> None:
    """Bring a store to this format, by itself."""
    assert log.upgrade(NOW, OWNER) == log.head().size


def record(log: EventLog) -> None:
    """Record something in it."""
    receipt = run(log, NOW, OWNER, lambda session: rename_unit(session, "4100", FOUNDED, "Koulut"))
    assert receipt.upgraded == receipt.first - 1


@pytest.mark.parametrize("command", [upgrade, record])
def test_its_owner_upgrades_it(old: str, command: Callable[[EventLog], None]) -> None:
    """By itself or with the next command: the guards are new, the roles record on, and once granted anew, read on."""
    with LogReader.open(old) as reader:
        before, was = reader.head(), reader.setting("format")
        rows = list(reader.rows(0, before.size))
    with EventLog.open(old) as log:
        command(log)
    assert flaws(old) == []
    with LogReader.open(old) as reader:
        assert list(reader.rows(0, before.size)) == rows
        assert reader.setting("format") == FORMAT
        assert "command_keys" not in reader.tables()
        assert {"kept_reports", "kept_names"} <= reader.tables()
        assert any(name.startswith("rm_") for name in reader.tables()) is (was == SECOND)
    with EventLog.open(of(old, "liisa")) as log:
        receipt = run(log, NOW, OWNER, lambda session: rename_unit(session, "4160", FOUNDED, "Lukiot"))
    assert receipt.events[0].login == login_of(old, "liisa")
    grant(old)
    for login in ("liisa", "reader"):
        assert Terminal(of(old, login)).run("snapshot 2020Q2 --format json").exit_code == 0
    assert Terminal(of(old, "reader")).run("audit verify").exit_code == 0
    assert flaws(old) == []


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
