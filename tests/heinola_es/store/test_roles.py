"""The roles of a city's store on PostgreSQL: each can do what it is for, and nothing else."""

from __future__ import annotations

import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import uuid4

import orjson
import pytest

from events.streams import command_stream, store_stream
from heinola_es.store.kept import KeptReport
from heinola_es.store.location import server_store
from heinola_es.store.log import EventLog
from heinola_es.store.merkle import EMPTY_ROOT, leaf_hash, root_of, unpack_frontier
from heinola_es.store.postgres_schema import SCHEMAS, read_schema
from heinola_es.store.schema import FIRST_FORMAT
from tests.city import CITY, MADE, found_city
from tests.databases import Database
from tests.servers import programs
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.postgres

SCRIPT = Path(__file__).resolve().parents[3] / "examples" / "postgres-roles.sql"
POST = "record actual 4100 personnel 3/2020 -100 --also"
LOGINS = {"reader": "reader", "transfer": "recorder", "liisa": "controller"}
HUGE = 10**12
ZEROS = bytes(32)
FORBIDDEN = (
    "UPDATE stored_events SET topic = topic",
    "DELETE FROM stored_events",
    "TRUNCATE stored_events",
    "COPY tree_head FROM STDIN",
    "INSERT INTO tree_head VALUES (2, 0, '', '', '')",
    f"UPDATE tree_head SET size = {HUGE}",
    "UPDATE tree_head SET root = frontier, frontier = root",
    "UPDATE tree_head SET recorded = '2099-01-01T00:00:00.000000Z'",
    "DELETE FROM tree_head",
    "INSERT INTO store_settings VALUES ('odd', '1')",
    "UPDATE kept_reports SET packed = packed",
    "DELETE FROM kept_reports",
    "TRUNCATE kept_reports",
    "UPDATE kept_names SET name = name",
    "DELETE FROM kept_names",
    "TRUNCATE kept_names",
    "ALTER TABLE kept_reports DISABLE TRIGGER ALL",
    "ALTER TABLE kept_names DROP CONSTRAINT kept_names_check",
    "UPDATE store_settings SET value = 'x'",
    "ALTER TABLE stored_events DISABLE TRIGGER ALL",
    "ALTER TABLE stored_events SET UNLOGGED",
    "ALTER TABLE stored_events ENABLE ROW LEVEL SECURITY",
    "DROP TRIGGER stored_events_fixed ON stored_events",
    "CREATE TRIGGER odd BEFORE INSERT ON stored_events FOR EACH STATEMENT EXECUTE FUNCTION log_refuses()",
    "CREATE UNIQUE INDEX odd ON stored_events (topic)",
    "CREATE POLICY odd ON stored_events USING (false)",
    "CREATE STATISTICS odd ON position, topic FROM stored_events",
    "DROP TABLE stored_events",
    "ALTER TABLE stored_events ADD COLUMN odd text",
    "CREATE OR REPLACE FUNCTION log_refuses() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
    "ALTER FUNCTION log_appends() SECURITY INVOKER",
    "ALTER FUNCTION log_appends() SET search_path = public",
    "CREATE RULE odd AS ON INSERT TO stored_events DO INSTEAD NOTHING",
    "CREATE TABLE child () INHERITS (stored_events)",
    "CREATE TABLE odd (n int)",
    "CREATE VIEW odd AS SELECT 1",
    "CREATE FUNCTION format(text, name) RETURNS text LANGUAGE sql AS 'SELECT $1'",
    "CREATE TYPE odd AS (n int)",
    "CREATE DOMAIN odd AS text",
    "CREATE SEQUENCE odd",
    "SET session_replication_role = replica",
    "SET ROLE heinola",
    "SET SESSION AUTHORIZATION heinola",
)
CANNOT = (psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidObjectDefinition)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, postgres_address: str) -> str:
    """Give a store with the small city, read once, and a login for each role; `…_liisa_login` is a controller."""
    return with_roles(Database(tmp_path_factory.mktemp("roles"), postgres_address))


@pytest.fixture
def own(tmp_path: Path, postgres_address: str) -> str:
    """Give such a store of one's own."""
    return with_roles(Database(tmp_path, postgres_address))


def with_roles(server: Database) -> str:
    """Make a store with the small city, its roles and their logins, and return its location."""
    location = server.new("city")
    make_with_roles(location)
    return location


def make_with_roles(location: str) -> None:
    """Make a store with the small city, its roles and their logins."""
    with EventLog.create(location, CITY, now=MADE, by="controller") as log:
        found_city(log)
    Terminal(location).done("snapshot 2020Q2 --format json")
    grant(location)
    store = server_store(location)
    with closing(psycopg.connect(store.url, autocommit=True)) as connection:
        for login, role in LOGINS.items():
            connection.execute(f"CREATE ROLE {login_of(location, login)} LOGIN IN ROLE {store.schema}_{role}")


def grant(location: str) -> None:
    """Make the roles of a store, or bring them up to date."""
    store = server_store(location)
    psql = [f"{programs()}/psql", "-q", store.url, "-v", f"schema={store.schema}", "-f", str(SCRIPT)]
    subprocess.run(psql, check=True, capture_output=True)


def login_of(city: str, login: str) -> str:
    """Return the name that somebody logs in with."""
    return f"{server_store(city).schema}_{login}_login"


def of(city: str, login: str) -> str:
    """Return the location of the store for somebody who logs in."""
    return city.replace("heinola@", f"{login_of(city, login)}@")


def connected(location: str) -> Any:  # noqa: ANN401 - a connection of psycopg
    """Return a connection for whoever a location names, in which the tables of both schemas are found."""
    store = server_store(location)
    connection = psycopg.connect(store.url, autocommit=True)
    connection.execute(f"SET search_path = {store.schema}, {read_schema(store.schema)}")
    return connection


def is_superuser(city: str, login: str) -> bool:
    """Return whether somebody has become one who may do everything."""
    with closing(connected(city)) as owner:
        query = "SELECT rolsuper FROM pg_roles WHERE rolname = %s"
        return bool(owner.execute(query, (login_of(city, login),)).fetchone()[0])


@pytest.fixture(params=LOGINS)
def logged_in(request: pytest.FixtureRequest, city: str) -> Iterator[tuple[str, Any]]:
    """Give a connection for each login."""
    with closing(connected(of(city, request.param))) as connection:
        yield request.param, connection


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_nobody_changes_the_log(logged_in: tuple[str, Any], statement: str) -> None:
    """Whatever the role: nothing of the log is changed, nothing made beside it, and no trigger is set off."""
    _login, connection = logged_in
    with pytest.raises(CANNOT):
        connection.execute(statement)


def test_the_head_is_locked_and_not_moved(city: str) -> None:
    """Of the head's row, a recorder may write nothing but what is there, and the guard refuses even that."""
    with closing(connected(of(city, "transfer"))) as connection:
        connection.execute("SELECT * FROM tree_head FOR UPDATE")
        for value in (1, 2):
            with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="the tree only grows, with the log"):
                connection.execute(f"UPDATE tree_head SET only_row = {value}")


def test_readers_write_nothing(city: str) -> None:
    """Whoever reads can neither record nor make tables, and whoever transfers can make no tables either."""
    row = "INSERT INTO stored_events SELECT * FROM stored_events WHERE false"
    read = read_schema(server_store(city).schema)
    for login, statements in (
        ("reader", (row, "SELECT * FROM tree_head FOR UPDATE", f"CREATE TABLE {read}.odd (n int)")),
        ("transfer", (f"CREATE TABLE {read}.odd (n int)", f"DROP TABLE {read}.rm_words")),
    ):
        with closing(connected(of(city, login))) as connection:
            for statement in statements:
                with pytest.raises(psycopg.errors.InsufficientPrivilege):
                    connection.execute(statement)


def test_each_does_what_it_is_for(own: str) -> None:
    """A transfer records; a reader sees what the controllers have read; they see, record, rebuild and verify it all."""
    transfer, reader, liisa = (Terminal(of(own, login)) for login in ("transfer", "reader", "liisa"))
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
        assert terminal.done("export events").count("\n") + 1 >= len(liisa.events())


def test_a_recorder_publishes_and_a_reader_sees_it(own: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who records keeps reports, who reads is shown them, and neither keeps what nobody published."""
    monkeypatch.chdir(tmp_path)
    transfer, reader = Terminal(of(own, "transfer")), Terminal(of(own, "reader"))
    transfer.run(f"keys init --key {tmp_path}/k --name heinola-es/heinola")
    assert "published 1.4.–30.6.2020" in transfer.done(f"publish 2020Q2 --key {tmp_path}/k -o {tmp_path}/1.seal")
    Terminal(of(own, "liisa")).done("snapshot 2020Q2 --format json")  # readers see as far as controllers have read
    shown = reader.done("snapshot 2020Q2 --published --format json")
    assert "hyvinvointijohtaja" in shown
    assert reader.run("audit verify").exit_code == 0
    with closing(connected(of(own, "transfer"))) as connection:
        odd = (KeptReport.of(b"{}"), psycopg.errors.IntegrityConstraintViolation)
        with pytest.raises(odd[1], match="a report is kept for its publication"):
            connection.execute("INSERT INTO kept_reports VALUES (%s, %s)", odd[0].row())
        with pytest.raises(psycopg.errors.CheckViolation):
            connection.execute("INSERT INTO kept_names VALUES (%s, %s, %s)", ("0" * 64, bytes(32), b"x"))
    with closing(connected(own)) as owner:
        owner.execute("DELETE FROM kept_names WHERE name = 'hyvinvointijohtaja'")
    assert reader.done("snapshot 2020Q2 --published --format json") == shown.replace(
        "hyvinvointijohtaja", "(nimi poistettu)"
    )


def test_read_models_belong_to_all_who_keep_them(own: str) -> None:
    """Whoever builds them, the owner or a controller, the others can go on with them."""
    owner, liisa = Terminal(own), Terminal(of(own, "liisa"))
    for terminal in (owner, liisa, owner):
        assert terminal.run("projections rebuild").exit_code == 0
    liisa.done(POST)
    assert liisa.done("snapshot 2020Q2 --format json") == owner.done("snapshot 2020Q2 --format json")


def test_the_login_stands_on_what_is_recorded(own: str) -> None:
    """Whoever is logged in is told by the event, beside the name that they gave, and whatever role they took on."""
    with closing(connected(own)) as owner:
        owner.execute(f"ALTER ROLE {login_of(own, 'liisa')} SET role = '{server_store(own).schema}_controller'")
    for login in ("transfer", "liisa"):
        event = Terminal(of(own, login)).recorded(POST)
        assert (event.recorded_by, event.login) == ("controller", login_of(own, login))


def test_one_login_is_not_two_pairs_of_eyes(own: str) -> None:
    """Where four eyes are asked for, nobody accepts under another name what they handed in with the same login.

    Somebody with another login does, and so does whoever was given a role by that very login, which is thereby shared.
    """
    owner, liisa = Terminal(own), Terminal(of(own, "liisa"))
    owner.done("round open 2020Q2 --due 31.12.2030 --unit 4160 --unit 4030 --unit 4100 --four-eyes")
    for unit in ("4160", "4030"):
        liisa.done(f"--actor anna round submit {unit}")
    liisa.done("--actor anna record outlook 4100 2020Q2 Toteutuu.")
    liisa.done("--actor anna record forecast 4030 sales 2020Q2 2000 --text Arvio")
    owner.done("round submit 4100")
    for unit in ("4160", "4100", "4030"):
        refused = liisa.refused(f"--actor bertta round accept {unit}")
        assert f"anna recorded or handed in some of the part of unit {unit} with the same login" in refused
    owner.done("--actor bertta round accept 4160")
    for actor, option in (("controller", ""), ("anna", ""), ("bertta", f" --login {login_of(own, 'liisa')}")):
        owner.done(f"record role {actor} controller{option}")
    liisa.done("--actor bertta round accept 4100")
    assert "anna recorded" in liisa.refused("--actor anna round accept 4030")


def test_an_owner_need_not_be_a_superuser(tmp_path: Path, postgres_address: str) -> None:
    """Whoever may make schemas and roles makes a store, records in it, reads it, and gives it to others."""
    server = Database(tmp_path, postgres_address)
    location = server.new("plain")
    owner, database = f"{server_store(location).schema}_owner", urlsplit(location).path[1:]
    with closing(psycopg.connect(server_store(location).url, autocommit=True)) as superuser:
        superuser.execute(f"CREATE ROLE {owner} LOGIN CREATEROLE; GRANT CREATE ON DATABASE {database} TO {owner}")
    plain = location.replace("heinola@", f"{owner}@")
    with EventLog.create(plain, CITY, now=MADE, by="controller") as log:
        found_city(log)
    grant(plain)
    with closing(connected(plain)) as connection:
        for login in ("liisa", "reader"):
            connection.execute(f"CREATE ROLE {login_of(plain, login)} LOGIN IN ROLE {owner[:-6]}_{LOGINS[login]}")
    terminals = [
        Terminal(plain),
        *(Terminal(location.replace("heinola@", f"{login_of(plain, login)}@")) for login in ("liisa", "reader")),
    ]
    assert terminals[0].recorded(POST).login == owner
    assert terminals[1].recorded(POST).login == login_of(plain, "liisa")
    for terminal in (*terminals, Terminal(location)):
        assert terminal.run("snapshot 2020Q2 --format json").exit_code == 0
        assert terminal.run("audit verify").exit_code == 0
    assert terminals[0].run("projections rebuild").exit_code == 0
    assert terminals[1].run("projections rebuild").exit_code == 0
    # A superuser, who is not the owner, may do as the owner.
    assert Terminal(location).recorded(POST).login == "heinola"


def test_who_records_signs_the_head(own: str, tmp_path: Path) -> None:
    """The owner asks for it; from then on recorders sign, each with a key of their own, and readers write nothing."""
    keys = {name: tmp_path / f"{name}.key" for name in ("owner", "transfer", "liisa")}
    for name, key in keys.items():
        assert Terminal(own).run(f"keys init --key {key} --name {name}").exit_code == 0
    transfer, liisa = Terminal(of(own, "transfer")), Terminal(of(own, "liisa"))
    said = transfer.refused(f"keys require --key {keys['transfer']} --clock-is-right")
    assert "by the owner of the store; let them do it" in said
    Terminal(own).done(f"keys require {keys['transfer']} --key {keys['owner']} --clock-is-right")
    transfer.done(f"keys require {keys['liisa']} --key {keys['transfer']} --clock-is-right")
    liisa.done(f"keys require --without {keys['owner']} --key {keys['liisa']} --clock-is-right")
    for terminal, name in ((transfer, "transfer"), (liisa, "liisa")):
        assert terminal.run(f"{POST} --clock-is-right", HEINOLA_KEY=str(keys[name])).exit_code == 0
    assert (
        "the log requires the signature of transfer" in Terminal(own).run(POST, HEINOLA_KEY=str(keys["owner"])).stderr
    )
    with closing(connected(of(own, "reader"))) as reader:
        assert "liisa" in reader.execute("SELECT note FROM head_signature").fetchone()[0]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            reader.execute("UPDATE head_signature SET note = ''")
    with closing(connected(of(own, "transfer"))) as recorder:
        for statement in ("DELETE FROM head_signature", "TRUNCATE head_signature", "DROP TABLE head_signature"):
            with pytest.raises(CANNOT):
                recorder.execute(statement)
    grant(own)
    for login in LOGINS:
        assert Terminal(of(own, login)).run(f"audit verify --key {keys['liisa']}").exit_code == 0


def test_roles_are_brought_up_to_date(own: str) -> None:
    """The script can be run again, and changes nothing that it made."""
    grant(own)
    test_each_does_what_it_is_for(own)


def test_a_reader_is_told_that_it_may_not_record(city: str) -> None:
    """The refusal is one sentence, and says whom to ask."""
    sentence = Terminal(of(city, "reader")).refused(POST)
    assert "the user may not do this in the store (permission denied for table" in sentence


def test_a_reader_without_read_models_reads_the_log(own: str) -> None:
    """After an upgrade, say: the reader's are made from the log, and gone afterwards, until somebody builds them."""
    liisa, reader = Terminal(of(own, "liisa")), Terminal(of(own, "reader"))
    with closing(connected(of(own, "liisa"))) as connection:
        connection.execute("DROP TABLE rm_words")
    read = reader.done("snapshot 2020Q2 --format json")
    with closing(connected(of(own, "liisa"))) as connection:
        assert connection.execute("SELECT to_regclass('rm_words')").fetchone() == (None,)
    assert liisa.run("projections rebuild").exit_code == 0
    assert read == reader.done("snapshot 2020Q2 --format json") == liisa.done("snapshot 2020Q2 --format json")


class TestWhatARecorderWrites:
    """Somebody who may record, and does so with SQL of their own."""

    @pytest.fixture
    def transfer(self, city: str) -> Iterator[Any]:
        """Give a connection of a recorder, whose transaction is undone."""
        with closing(connected(of(city, "transfer"))) as connection, connection.transaction(force_rollback=True):
            yield connection

    def test_an_event_in_ones_own_name_is_taken(self, city: str, transfer: Any) -> None:  # noqa: ANN401
        """The head moves with it, as it must: so the refusals below are for what they name."""
        before = transfer.execute("SELECT size, root, frontier FROM tree_head").fetchone()
        row = forged(city, transfer)
        insert(transfer, row)
        size, root, frontier, recorded = transfer.execute(
            "SELECT size, root, frontier, recorded FROM tree_head"
        ).fetchone()
        assert (size, recorded) == (before[0] + 1, orjson.loads(row["state"])["recorded"])
        assert root == root_of(unpack_frontier(frontier)) != before[1]
        assert len(frontier) == 32 * size.bit_count()

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"leaf_hash": ZEROS}, "a leaf hash is that of its event"),
            ({"login": "liisa"}, "an event names the login that recorded it"),
            ({"login": None}, "an event names the login that recorded it"),
            ({"originator_version": 2}, "versions of a stream follow one another"),
            ({"position": 2}, "duplicate key value"),
            ({"position": HUGE}, "positions follow one another"),
            ({"recorded": "2001-01-01T00:00:00.000000Z"}, "an event is not recorded before the last"),
            ({"recorded": "~"}, "an event is not recorded before the last"),
            ({"topic": "StoreUpgraded"}, "only its owner records what the store is"),
            ({"topic": "CommandKeyed", "first": 2, "last": 3}, "a key stands for the command that it ends"),
            ({"topic": "CommandKeyed", "first": -HUGE, "last": HUGE}, "a key stands for the command that it ends"),
        ],
    )
    def test_what_is_not_as_it_must_be_is_refused(
        self,
        city: str,
        transfer: Any,  # noqa: ANN401
        change: dict[str, Any],
        words: str,
    ) -> None:
        """Zero hashes, the names of others, gaps, times gone by, planted keys and settings: none gets into the log."""
        with pytest.raises(psycopg.IntegrityError, match=words):
            insert(transfer, forged(city, transfer, **change))

    @pytest.mark.parametrize(
        "login",
        [
            *("{own}\0", "{own} ", " {own}", "{OWN}", "heinola", "{other}", ""),
            *(5, True, ["{own}"], {"login": "{own}"}),
        ],
    )
    def test_no_other_login_passes_for_ones_own(self, city: str, transfer: Any, login: Any) -> None:  # noqa: ANN401
        """In another spelling, as another value, or of somebody who may do more: none is the one that is logged in."""
        own, other = login_of(city, "transfer"), login_of(city, "liisa")
        said = orjson.loads(
            orjson.dumps(login)
            .replace(b"{own}", own.encode())
            .replace(b"{OWN}", own.upper().encode())
            .replace(b"{other}", other.encode())
        )
        with pytest.raises(psycopg.IntegrityError, match="an event names the login that recorded it"):
            insert(transfer, forged(city, transfer, login=said))

    @pytest.mark.parametrize(
        "body",
        [
            '{"login":"<own>",<rest>,"login":"<other>"}',
            '{"login":"<own>",<rest>,"log\\u0069n":"<other>"}',
            '{<rest>,"login\\u0000":"<own>","login":"<other>"}',
            '{<rest>,"inner":{"login":"<own>"},"login":"<other>"}',
            '{<rest>,"inner":{"login":"<own>"}}',
            '[{"login":"<own>"}]',
        ],
    )
    def test_a_login_is_read_as_readers_read_it(self, city: str, transfer: Any, body: str) -> None:  # noqa: ANN401
        """Said twice, spelt with escapes or inside something else: what the guard takes is what is told afterwards."""
        row = forged(city, transfer)
        names = {"<own>": login_of(city, "transfer"), "<other>": login_of(city, "liisa")}
        text = body.replace("<rest>", '"recorded":"2098-01-01T00:00:00.000000Z"')
        for name, login in names.items():
            text = text.replace(name, login)
        row["state"] = text.encode()
        row["leaf_hash"] = leaf_hash(row["originator_id"].hex, row["originator_version"], row["topic"], row["state"])
        with pytest.raises(psycopg.IntegrityError, match="an event names the login that recorded it"):
            insert(transfer, row)

    @pytest.mark.parametrize("become", ["SET ROLE {role}", "SET SESSION AUTHORIZATION {own}", "SET LOCAL ROLE {role}"])
    def test_a_role_that_is_taken_on_is_no_login(self, city: str, transfer: Any, become: str) -> None:  # noqa: ANN401
        """Whatever role somebody takes on, as a pool of connections may: the login stays the one that is told."""
        own, role = login_of(city, "transfer"), f"{server_store(city).schema}_recorder"
        transfer.execute(become.format(role=role, own=own))
        with (
            pytest.raises(psycopg.IntegrityError, match="an event names the login that recorded it"),
            transfer.transaction(),
        ):
            insert(transfer, forged(city, transfer, login=role))
        insert(transfer, forged(city, transfer, login=own))

    def test_a_key_of_ones_own_command_is_taken(self, city: str, transfer: Any) -> None:  # noqa: ANN401
        """A key that ends what was recorded in the same transaction stands."""
        row = forged(city, transfer)
        insert(transfer, row)
        insert(transfer, forged(city, transfer, topic="CommandKeyed", first=row["position"], last=row["position"]))

    def test_in_one_statement_versions_follow_their_positions(self, city: str, transfer: Any) -> None:  # noqa: ANN401
        """A stream may grow by several events at once, in their order alone."""
        stream = uuid4()
        rows = [
            forged(city, transfer, stream=stream, originator_version=version, ahead=2 - version) for version in (2, 1)
        ]
        with pytest.raises(
            psycopg.errors.IntegrityConstraintViolation, match="versions of a stream follow one another"
        ):
            insert(transfer, *rows)

    def test_without_these_guards_it_was_taken(self, city: str) -> None:
        """In a store of the first format, a recorder forges the head, plants a key, and blocks all recording."""
        schema, recorder = f"{server_store(city).schema}_first", login_of(city, "transfer")
        with closing(connected(city)) as owner:
            first_format(owner, schema)
            owner.execute(
                f"GRANT USAGE ON SCHEMA {schema} TO {recorder}; GRANT SELECT, INSERT ON stored_events TO {recorder}"
            )
            owner.execute(
                f"GRANT INSERT ON command_keys TO {recorder}; GRANT SELECT, UPDATE ON tree_head TO {recorder}"
            )
        with closing(connected(of(city, "transfer"))) as transfer:
            transfer.execute(f"SET search_path = {schema}")
            transfer.execute("INSERT INTO command_keys VALUES ('import-1', 'd', 1, 1)")
            insert(transfer, forged(city, transfer, leaf_hash=ZEROS, login=None, originator_version=7))
            transfer.execute(f"UPDATE tree_head SET size = {HUGE}, root = '\\x00'")
            assert transfer.execute("SELECT size FROM tree_head").fetchone() == (HUGE,)
        with closing(connected(city)) as owner:
            owner.execute(f"DROP SCHEMA {schema} CASCADE")


def forged(city: str, connection: Any, *, ahead: int = 0, **change: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a row for the end of the log, sound but for what is changed in it."""
    (size,) = connection.execute("SELECT coalesce(max(position), 0) FROM stored_events").fetchone()
    told: dict[str, Any] = {"recorded": "2098-01-01T00:00:00.000000Z", "login": login_of(city, "transfer"), "odd": "\0"}
    told |= {name: change.pop(name) for name in ("recorded", "login", "first", "last") if name in change}
    topic = change.get("topic", "ActualPosted")
    streams = {"StoreUpgraded": store_stream(), "CommandKeyed": command_stream("import-1")}
    stream = change.pop("stream", streams.get(topic, uuid4()))
    row = {"position": size + 1 + ahead, "originator_id": stream, "originator_version": 1, "topic": topic}
    if topic == "StoreUpgraded":
        row["originator_version"] = 2
    row["state"] = orjson.dumps({name: value for name, value in told.items() if value is not None})
    row |= change
    return {"leaf_hash": leaf_hash(stream.hex, row["originator_version"], topic, row["state"])} | row


def insert(connection: Any, *rows: dict[str, Any]) -> None:  # noqa: ANN401 - a connection of psycopg
    """Insert rows into the log, in one statement."""
    names = list(rows[0])
    places = ", ".join(f"({', '.join(['%s'] * len(names))})" for _row in rows)
    values = [row[name] for row in rows for name in names]
    connection.execute(f"INSERT INTO stored_events ({', '.join(names)}) VALUES {places}", values)


def first_format(owner: Any, schema: str) -> None:  # noqa: ANN401 - a connection of psycopg
    """Make the tables and guards of a store of the first format, empty."""
    owner.execute(f"CREATE SCHEMA {schema}; SET search_path = {schema}")
    owner.execute(";\n".join(SCHEMAS[FIRST_FORMAT].statements()))
    owner.execute("INSERT INTO tree_head VALUES (1, 0, %s, '', '')", (EMPTY_ROOT,))


def test_whatever_records_does_so_with_the_login(own: str, tmp_path: Path) -> None:
    """Commands, imports, forms that name who filled them in, rounds, undoings, keys and publications alike."""
    liisa, facts, form, key = Terminal(of(own, "liisa")), tmp_path / "f.csv", tmp_path / "l.json", tmp_path / "k"
    facts.write_text("fact;unit;period;text\noutlook;4160;2020Q2;Toteutuu.\n", encoding="utf-8")
    before = len(liisa.events())
    for line in (
        f"{POST} --once rivi-1",
        "record budget 4160 expenses 2020 -500",
        "record amendment 4160 expenses 2020 -5 --on 1.3.2020 --proposed",
        "record narrative 4160 2020Q2 Tapahtumat Koulu.",
        f"import facts {facts}",
        "round open 2020Q2 --due 31.12.2030 --unit 4160",
        "round submit 4160",
        "round accept --all",
        "round close",
    ):
        do(liisa, line)
    proposed, told = (
        orjson.loads(liisa.done(f"audit log --type {topic} --format json"))[0]["position"]
        for topic in ("AmendmentProposed", "NarrativeReported")
    )
    do(liisa, f"record decision {proposed} --on 1.4.2020")
    do(liisa, f"undo {told} --reason virhe")
    do(liisa, f"form 2020Q2 --unit 4160 --format json -o {form}")
    form.write_text(form.read_text(encoding="utf-8").replace("Toteutuu.", "Ylittyy."), encoding="utf-8")
    do(liisa, f"--actor Rehtori import form {form}")
    do(liisa, f"keys init --key {key} --name heinola-es/heinola")
    do(liisa, f"publish 2020Q2 --key {key} -o {tmp_path}/1.seal --incomplete")
    recorded = liisa.events()[before:]
    assert {event.login for event in recorded} == {login_of(own, "liisa")}
    assert {event.TOPIC for event in recorded} >= {
        *("CommandKeyed", "AmendmentProposed", "BudgetAmended", "FactsUndone", "FileImported", "ReportPublished"),
        *("RoundOpened", "PartSubmitted", "PartAccepted", "RoundClosed"),
    }


def do(terminal: Terminal, line: str) -> None:
    """Run a command, which may have something to tell beside its answer."""
    result = terminal.run(line)
    assert result.exit_code == 0, f"{line}: {result.stderr}"
