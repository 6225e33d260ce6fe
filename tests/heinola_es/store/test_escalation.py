"""No way from a role of a city's store on PostgreSQL to its owner: nobody runs what others made.

What is planted gives its maker all rights, if somebody who has them ever runs it.
"""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.store.location import server_store
from heinola_es.store.postgres_connection import ReadingConnection
from heinola_es.store.postgres_schema import read_schema
from heinola_es.store.reading import LogReader
from projections.read_models import catching_up
from tests.databases import Database
from tests.heinola_es.store.test_roles import (
    LOGINS,
    POST,
    connected,
    first_format,
    is_superuser,
    login_of,
    make_with_roles,
    of,
)
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.postgres

# By name and type what the log's functions and the program's statements call.
FUNCTIONS = {
    "format(text, name)": "text",
    "format(text, text)": "text",
    "sha256(bytea)": "bytea",
    "length(bytea)": "integer",
    "replace(text, text, text)": "text",
    "convert_to(text, name)": "bytea",
    "pg_has_role(name, oid, text)": "boolean",
    "current_setting(text)": "text",
    "session_user_name()": "text",
    "encode(bytea, text)": "text",
    "uuid_send(uuid)": "bytea",
    "hashtextextended(text, bigint)": "bigint",
    "has_schema_privilege(oid, text)": "boolean",
    "set_config(text, text, boolean)": "text",
    "pg_identify_object(oid, oid, integer)": "record",
}
OPERATORS = ("=", "<", "<>", "||", "+")


@pytest.fixture
def city(tmp_path: Path, postgres_address: str) -> Iterator[str]:
    """Give a store with the small city, and a login for each of its roles."""
    server = Database(tmp_path, postgres_address)
    city = server.copy_of("with roles", make_with_roles)
    yield city
    server.close()
    with closing(psycopg.connect(postgres_address, autocommit=True)) as owner:
        for login in LOGINS:  # which another copy has, too
            owner.execute(f"ALTER ROLE {login_of(city, login)} NOSUPERUSER")


@pytest.fixture(params=LOGINS)
def attacker(request: pytest.FixtureRequest, city: str) -> Iterator[tuple[str, Any]]:
    """Give the location for somebody who logs in with one of the roles, and a connection."""
    location = of(city, request.param)
    with closing(connected(location)) as connection:
        yield location, connection


def trojan(login: str) -> str:
    """Return the body of a function that gives a login all rights, if whoever runs it has them."""
    return f"""
    BEGIN
        IF (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) THEN
            EXECUTE 'ALTER ROLE {login} SUPERUSER';
        END IF;
        {{}}
    END"""


def plant(connection: Any, schema: str) -> int:  # noqa: ANN401 - a connection of psycopg
    """Plant functions and operators in a schema under the names of built-in ones; return how many could be."""
    (login,) = connection.execute("SELECT session_user").fetchone()
    planted = 0
    body = trojan(login).format("RETURN NULL;")
    statements = [
        f"CREATE FUNCTION {schema}.{name} RETURNS {kind} LANGUAGE plpgsql AS $t${body}$t$"
        for name, kind in FUNCTIONS.items()
    ]
    for kind in ("bigint", "text", "name", "bytea", "uuid"):
        body = trojan(login).format("RETURN true;")
        statements += [
            f"CREATE FUNCTION {schema}.planted({kind}, {kind}) RETURNS boolean LANGUAGE plpgsql AS $t${body}$t$",
            *(
                f"CREATE OPERATOR {schema}.{sign} (LEFTARG = {kind}, RIGHTARG = {kind}, FUNCTION = {schema}.planted)"
                for sign in OPERATORS
            ),
        ]
    for statement in statements:
        try:
            connection.execute(statement)
            planted += 1
        except psycopg.errors.InsufficientPrivilege:
            pass
    return planted


def everything_is_done(city: str) -> None:
    """Let the owner, who may do anything on the server, do all that one does in a store."""
    owner = Terminal(city)
    assert "ActualPosted" in owner.done(POST)
    owner.done("snapshot 2020Q2 --format json")
    owner.done("audit log")
    assert owner.run("audit verify").exit_code == 0
    assert owner.run("projections rebuild").exit_code == 0


def test_what_is_planted_is_run_where_nothing_is_guarded(city: str) -> None:
    """In a store of the first format, a controller's `format` is run by whoever records with the city's search path."""
    schema, liisa = f"{server_store(city).schema}_first", login_of(city, "liisa")
    with closing(connected(city)) as owner:
        first_format(owner, schema)
        owner.execute(f"GRANT USAGE, CREATE ON SCHEMA {schema} TO {liisa}")
        with closing(connected(of(city, "liisa"))) as connection:
            assert plant(connection, schema) > len(FUNCTIONS)
        row = "1, gen_random_uuid(), 1, 'UnitClosed', '{}', decode(repeat('00', 32), 'hex')"
        with pytest.raises(psycopg.Error):
            owner.execute(f"INSERT INTO stored_events SELECT {row}")
        # The trojan's own work is undone with the statement that it broke, so let it break nothing.
        owner.execute(f"ALTER FUNCTION {schema}.format(text, name) RENAME TO quietly")
        with closing(connected(of(city, "liisa"))) as connection:
            body = trojan(liisa).format("RETURN pg_catalog.format($1, $2);")
            connection.execute(
                f"CREATE FUNCTION {schema}.format(text, name) RETURNS text LANGUAGE plpgsql AS $t${body}$t$"
            )
        owner.execute(f"INSERT INTO stored_events SELECT {row}")
    assert is_superuser(city, "liisa")
    with closing(connected(city)) as owner:
        owner.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.mark.parametrize("where", ["log", "read models", "public", "own"])
def test_functions_and_operators_of_others_are_not_run(city: str, attacker: tuple[str, Any], where: str) -> None:
    """Wherever a role can plant them, beside the read models, in `public`, in a schema of its own: nobody comes by."""
    location, connection = attacker
    store = server_store(city)
    schemas = {
        "log": store.schema,
        "read models": read_schema(store.schema),
        "public": "public",
        "own": f"{store.schema}_own",
    }
    login = login_of(city, next(name for name in LOGINS if of(city, name) == location))
    with closing(connected(city)) as owner:
        if where == "own":
            owner.execute(f"CREATE SCHEMA {schemas[where]} AUTHORIZATION {login}")
            owner.execute(f"GRANT USAGE ON SCHEMA {schemas[where]} TO PUBLIC")
        if where == "public":  # as it was before PostgreSQL 15
            owner.execute("GRANT CREATE ON SCHEMA public TO PUBLIC")
    try:
        planted = plant(connection, schemas[where])
        assert bool(planted) == (where in {"public", "own"} or (where == "read models" and "liisa" in login))
        everything_is_done(f"{city}&options=-csearch_path%3D{schemas[where]},pg_catalog")
        assert not is_superuser(city, next(name for name in LOGINS if login_of(city, name) == login))
    finally:
        with closing(connected(city)) as owner:
            if where == "public":
                owner.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
            owner.execute(f"DROP OWNED BY {login} CASCADE")


# What a controller may do to a read model that it owns; {t} is a function that gives it all rights, {read} the schema.
POISONS = {
    "a view": "ALTER TABLE {read}.rm_organisation RENAME TO units; "
    "CREATE VIEW {read}.rm_organisation AS SELECT * FROM {read}.units WHERE {read}.t()",
    "a materialised view": "ALTER TABLE {read}.rm_words RENAME TO words; "
    "CREATE MATERIALIZED VIEW {read}.rm_words AS SELECT * FROM {read}.words",
    "a policy": "ALTER TABLE {read}.rm_organisation ENABLE ROW LEVEL SECURITY; "
    "CREATE POLICY p ON {read}.rm_organisation USING ({read}.t()); "
    "ALTER TABLE {read}.rm_organisation FORCE ROW LEVEL SECURITY",
    "a rule": "CREATE RULE r AS ON INSERT TO {read}.rm_words DO ALSO SELECT {read}.t()",
    "a rule on the positions": "CREATE RULE r AS ON UPDATE TO {read}.rm_positions DO ALSO SELECT {read}.t()",
    "a trigger": "CREATE TRIGGER r BEFORE INSERT ON {read}.rm_postings FOR EACH ROW EXECUTE FUNCTION {read}.tt()",
    "a trigger on the positions": "CREATE TRIGGER r BEFORE INSERT OR UPDATE ON {read}.rm_positions "
    "FOR EACH ROW EXECUTE FUNCTION {read}.tt()",
    "an index on an expression": "CREATE INDEX r ON {read}.rm_words (({read}.i(1)))",
    "a partial index": "CREATE INDEX r ON {read}.rm_words (position) WHERE {read}.i(1)",
    "a default": "ALTER TABLE {read}.rm_postings ALTER cents SET DEFAULT {read}.n()",
    "a generated column": "ALTER TABLE {read}.rm_postings ADD odd boolean GENERATED ALWAYS AS ({read}.i(1)) STORED",
    "a check": "ALTER TABLE {read}.rm_postings ADD CHECK ({read}.i(position))",
    "a domain": "CREATE DOMAIN {read}.cents AS bigint CHECK ({read}.i(value)); "
    "ALTER TABLE {read}.rm_postings ALTER cents TYPE {read}.cents",
    "statistics": "CREATE STATISTICS {read}.r ON ({read}.i(position)), position FROM {read}.rm_words",
    "a child": "CREATE TABLE {read}.child () INHERITS ({read}.rm_words); "
    "CREATE INDEX r ON {read}.child (({read}.i(1)))",
    "a partition": "ALTER TABLE {read}.rm_words RENAME TO words; CREATE TABLE {read}.rm_words (LIKE {read}.words) "
    "PARTITION BY LIST (position); CREATE TABLE {read}.part PARTITION OF {read}.rm_words DEFAULT",
    "a sequence": "ALTER TABLE {read}.rm_words RENAME TO words; CREATE SEQUENCE {read}.rm_words",
    "a table that a crash empties": "ALTER TABLE {read}.rm_words SET UNLOGGED",
    "a table of the log": "CREATE VIEW {read}.stored_events AS SELECT 1 WHERE {read}.t(); "
    "CREATE VIEW {read}.tree_head AS SELECT {huge} AS size WHERE {read}.t()",
}


def poisoned(city: str, poison: str) -> None:
    """Let a controller do something to the read models, with functions that give all rights to the login."""
    liisa, read = login_of(city, "liisa"), read_schema(server_store(city).schema)
    with closing(connected(of(city, "liisa"))) as connection:
        connection.execute(f"SET ROLE {server_store(city).schema}_controller")
        for name, kind, answer, volatile in (
            ("t()", "boolean", "true", "VOLATILE"),
            ("n()", "bigint", "1", "VOLATILE"),
            ("tt()", "trigger", "NEW", "VOLATILE"),
            ("i(bigint)", "boolean", "true", "IMMUTABLE"),
        ):
            body = trojan(liisa).format(f"RETURN {answer};")
            if volatile == "IMMUTABLE":  # which is let to do nothing itself, but not asked what it calls
                body = f"BEGIN RETURN {read}.t(); END"
            connection.execute(
                f"CREATE FUNCTION {read}.{name} RETURNS {kind} LANGUAGE plpgsql {volatile} AS $t${body}$t$"
            )
        connection.execute(poison.format(read=read, huge=10**12))


@pytest.mark.parametrize(
    ("poison", "use"),
    [
        ("a view", "SELECT * FROM {read}.rm_organisation"),
        ("an index on an expression", "SELECT * FROM {read}.rm_words"),
        ("a rule on the positions", "UPDATE {read}.rm_positions SET position = position"),
        ("a trigger", "INSERT INTO {read}.rm_postings (position) VALUES (1)"),
        ("a check", "INSERT INTO {read}.rm_postings (position) VALUES (1)"),
    ],
)
def test_whoever_uses_them_as_they_are_runs_what_is_in_them(city: str, poison: str, use: str) -> None:
    """One statement of somebody who may do everything, and the controller may, too."""
    poisoned(city, POISONS[poison])
    assert not is_superuser(city, "liisa")
    with closing(connected(city)) as owner:
        owner.execute(use.format(read=read_schema(server_store(city).schema)))
    assert is_superuser(city, "liisa")


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
def test_read_models_of_others_run_nothing(city: str, poison: str) -> None:
    """A read model that is no plain table is built anew, not used: the same is shown, and nobody got any further."""
    owner = Terminal(city)
    expected = owner.done("snapshot 2020Q2 --format json")
    poisoned(city, poison)
    assert owner.run("audit verify").exit_code in {0, 3}
    assert not is_superuser(city, "liisa")
    shown = owner.run("snapshot 2020Q2 --format json")
    assert (shown.exit_code, shown.stdout.removesuffix("\n")) == (0, expected)
    everything_is_done(city)
    assert not is_superuser(city, "liisa")


def test_a_poisoned_read_model_is_told(city: str) -> None:
    """A verification names it without reading it; a reader who cannot build another is answered from the log."""
    read = read_schema(server_store(city).schema)
    expected = Terminal(city).done("snapshot 2020Q2 --format json")
    with closing(connected(city)) as owner:
        owner.execute(f"ALTER TABLE {read}.rm_words RENAME TO words")
        owner.execute(f"CREATE VIEW {read}.rm_words AS SELECT * FROM {read}.words")
    result = Terminal(city).run("audit verify")
    assert result.exit_code == 3
    assert "rm_words of the read model words has another form" in result.stdout
    shown = Terminal(of(city, "reader")).run("snapshot 2020Q2 --format json")
    assert (shown.exit_code, shown.stdout.removesuffix("\n")) == (0, expected)
    assert Terminal(city).run("projections rebuild").exit_code == 0
    assert Terminal(city).run("audit verify").exit_code == 0


@pytest.mark.parametrize("name", ["stored_events", "tree_head", "store_settings", "rm_words", "rm_positions"])
def test_temporary_tables_stand_in_for_nothing(city: str, name: str) -> None:
    """Nor does a temporary table, which PostgreSQL would look up before all others."""
    with LogReader.open(city) as reader:
        before = reader.size()
        reader.connection.execute("CREATE TEMPORARY TABLE pretended (size INTEGER)")
        reader.connection.execute(f"ALTER TABLE pretended RENAME TO {name}")
        assert reader.size() == before
        assert name in reader.tables()
        assert reader.setting("city") == "Heinola"
        assert reader.connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] > 0 or name == "rm_words"


@pytest.mark.parametrize("held", ["held", ""])
def test_nobody_builds_on_read_models_that_are_looked_at(city: str, held: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A controller who adds an index between look and use waits until both are over; without the hold, it is run."""
    read = read_schema(server_store(city).schema)
    poisoned(city, "SELECT 1")
    real, built = catching_up.standing, []

    def looked_at(*args: Any) -> Any:  # noqa: ANN401 - as the real one
        found = real(*args)
        with closing(connected(of(city, "liisa"))) as connection:
            connection.execute("SET lock_timeout = '200ms'")
            with suppress(psycopg.errors.LockNotAvailable):
                connection.execute(f"CREATE INDEX IF NOT EXISTS odd ON {read}.rm_words (({read}.i(1)))")
                built.append("odd")
        return found

    if not held:
        monkeypatch.setattr(
            ReadingConnection, "guarded", property(lambda _self: False, lambda _self, _value: None), raising=False
        )
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("projections.read_models.moment.standing", looked_at)
        shown = Terminal(city).run("snapshot 2020Q2 --format json")
    assert shown.exit_code == 0
    assert bool(built) == (not held)
    assert is_superuser(city, "liisa") == (not held)
