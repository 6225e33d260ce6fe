"""A store on PostgreSQL is compared whole before anything is recorded in it, and read back after."""

from __future__ import annotations

from contextlib import closing
from threading import Thread
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.domain.aggregates.base import Stamp
from heinola_es.errors import Refused
from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.publications import publish_report
from heinola_es.handlers.session import Session, run
from heinola_es.store import postgres
from heinola_es.store.location import StoreExists, server_store
from heinola_es.store.log import EventLog, Request
from heinola_es.store.postgres_schema import read_schema
from heinola_es.store.reading import LogReader
from tests.city import CITY, FOUNDED, MADE, found_city
from tests.heinola_es.store.test_postgres_upgrade import flaws
from tests.heinola_es.store.test_roles import connected
from tests.publishing import BY, KEPT, NAME, publish_something, report
from tests.specification import NOW
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.databases import Database

psycopg = pytest.importorskip("psycopg")
pytestmark = pytest.mark.postgres

SWALLOWING = "CREATE FUNCTION {other}.swallow() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'; "
SWALLOW = "EXECUTE FUNCTION {other}.swallow()"
ALTERING = (
    "CREATE FUNCTION {other}.alter() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.state := $$x$$; RETURN NEW; END'; "
)
AWAY = (
    "CREATE FUNCTION {other}.away() RETURNS trigger LANGUAGE plpgsql AS "
    "'BEGIN DELETE FROM {schema}.stored_events WHERE position = NEW.position; RETURN NULL; END'; "
)
UNKEPT = (
    "CREATE RULE odd AS ON INSERT TO stored_events DO INSTEAD NOTHING",
    f"{SWALLOWING}CREATE TRIGGER a BEFORE INSERT ON stored_events FOR EACH ROW {SWALLOW}",
    f"{SWALLOWING}CREATE TRIGGER a BEFORE UPDATE ON tree_head FOR EACH ROW {SWALLOW}",
    (
        f"{ALTERING}ALTER TABLE stored_events DISABLE TRIGGER stored_events_next; "
        "CREATE TRIGGER a BEFORE INSERT ON stored_events FOR EACH ROW EXECUTE FUNCTION {other}.alter()"
    ),
    (
        f"{AWAY}ALTER TABLE stored_events DISABLE TRIGGER stored_events_fixed; "
        "CREATE TRIGGER z AFTER INSERT ON stored_events FOR EACH ROW EXECUTE FUNCTION {other}.away()"
    ),
)
CHANGES = {
    "UNLOGGED": ("ALTER TABLE stored_events SET UNLOGGED", "the form of table stored_events was changed"),
    "UNLOGGED settings": ("ALTER TABLE store_settings SET UNLOGGED", "the form of table store_settings was changed"),
    "UNLOGGED head": ("ALTER TABLE tree_head SET UNLOGGED", "the form of table tree_head was changed"),
    "another filling": ("ALTER TABLE tree_head SET (fillfactor = 100)", "the form of table tree_head was changed"),
    "a unique index": (
        "CREATE UNIQUE INDEX odd ON stored_events (topic, originator_version, position)",
        "an index odd was added that is none of ours",
    ),
    "an index by the name of ours": (
        "DROP INDEX launched_projects; CREATE UNIQUE INDEX launched_projects ON stored_events (position)",
        "the index launched_projects was changed",
    ),
    "an index dropped": ("DROP INDEX established_units", "the index established_units was dropped"),
    "a swallowing trigger": (
        f"{SWALLOWING}CREATE TRIGGER sqlitexstat1 BEFORE INSERT ON stored_events FOR EACH ROW {SWALLOW}",
        "a trigger sqlitexstat1 was added that is none of ours",
    ),
    "a trigger that calls another's function": (
        (
            f"{SWALLOWING}DROP TRIGGER stored_events_fixed ON stored_events; "
            "CREATE TRIGGER stored_events_fixed BEFORE DELETE OR UPDATE OR TRUNCATE ON stored_events "
            f"FOR EACH STATEMENT {SWALLOW}; ALTER TABLE stored_events ENABLE ALWAYS TRIGGER stored_events_fixed"
        ),
        "the trigger stored_events_fixed was changed",
    ),
    "a trigger dropped": ("DROP TRIGGER store_settings_fixed ON store_settings", "store_settings_fixed was dropped"),
    "a trigger set off": ("ALTER TABLE tree_head DISABLE TRIGGER tree_head_moves", "tree_head_moves was set off"),
    "all triggers set off": ("ALTER TABLE tree_head DISABLE TRIGGER ALL", "the trigger tree_head_moves was set off"),
    "a body": (
        (
            "CREATE OR REPLACE FUNCTION log_refuses() RETURNS trigger LANGUAGE plpgsql "
            "SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NULL; END'"
        ),
        "the body of function log_refuses was changed",
    ),
    "a search path": (
        "ALTER FUNCTION log_appends() SET search_path = public, pg_catalog",
        "the body of function log_appends was changed",
    ),
    "no search path": ("ALTER FUNCTION log_moves() RESET search_path", "the body of function log_moves was changed"),
    "another setting": ("ALTER FUNCTION log_moves() SET row_security = off", "function log_moves was changed"),
    "the rights of whoever wakes it": (
        "ALTER FUNCTION log_appends() SECURITY INVOKER",
        "the body of function log_appends was changed",
    ),
    "the rights of its owner": ("ALTER FUNCTION log_moves() SECURITY DEFINER", "function log_moves was changed"),
    "a function of another": ("ALTER FUNCTION log_moves() OWNER TO {role}", "function log_moves was changed"),
    "a function renamed": ("ALTER FUNCTION log_moves() RENAME TO moves", "the function log_moves() was dropped"),
    "a function of one's own": (
        "CREATE FUNCTION format(text, name) RETURNS text LANGUAGE sql AS $$SELECT 'x'$$",
        "a function format(pg_catalog.text,pg_catalog.name) was added that is none of ours",
    ),
    "a function beside ours": (
        "CREATE FUNCTION log_moves(int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "a function log_moves(integer) was added that is none of ours",
    ),
    "an operator": (
        "CREATE OPERATOR = (LEFTARG = bytea, RIGHTARG = bytea, FUNCTION = byteaeq)",
        "an operator =(pg_catalog.bytea,pg_catalog.bytea) was added that is none of ours",
    ),
    "an aggregate": ("CREATE AGGREGATE max(bytea) (SFUNC = byteacat, STYPE = bytea)", "an aggregate max("),
    "a table": ("CREATE TABLE rm_words (n int)", "a table rm_words was added that is none of ours"),
    "a table of the first format": (
        "CREATE TABLE command_keys (key text)",
        "a column command_keys.key was added that is none of ours|was dropped",
    ),
    "a view": ("CREATE VIEW odd AS SELECT 1", "a view odd was added that is none of ours"),
    "a view in place of a table": (
        "ALTER TABLE store_settings RENAME TO settings; CREATE VIEW store_settings AS SELECT * FROM settings",
        "store_settings",
    ),
    "a sequence": ("CREATE SEQUENCE odd", "a sequence odd was added that is none of ours"),
    "a type": ("CREATE TYPE odd AS ENUM ('a')", "a type odd was added that is none of ours"),
    "a domain": ("CREATE DOMAIN odd AS text", "a type odd was added that is none of ours"),
    "a collation": ('CREATE COLLATION odd FROM "C"', "a collation odd was added that is none of ours"),
    "a column": ("ALTER TABLE tree_head ADD odd text", "a column tree_head.odd was added that is none of ours"),
    "a default": (
        "ALTER TABLE store_settings ALTER value SET DEFAULT 'x'",
        "the column store_settings.value was changed",
    ),
    "a collation of a column": (
        'ALTER TABLE store_settings ALTER value TYPE text COLLATE "C"',
        "the column store_settings.value was changed",
    ),
    "a column that may be null": (
        "ALTER TABLE stored_events ALTER topic DROP NOT NULL",
        "the column stored_events.topic was changed",
    ),
    "a constraint": (
        "ALTER TABLE stored_events ADD CONSTRAINT odd CHECK (position < 20) NOT VALID",
        "a constraint stored_events.odd was added that is none of ours",
    ),
    "a foreign key": (
        "CREATE TABLE {other}.odd (at bigint REFERENCES stored_events)",
        "a constraint stored_events.odd_at_fkey was added that is none of ours",
    ),
    "a constraint dropped": (
        "ALTER TABLE stored_events DROP CONSTRAINT stored_events_leaf_hash_check",
        "the constraint stored_events.stored_events_leaf_hash_check was dropped",
    ),
    "a rule": (
        "CREATE RULE odd AS ON INSERT TO stored_events DO ALSO NOTHING",
        "a rule odd was added that is none of ours",
    ),
    "a policy": ("CREATE POLICY odd ON stored_events USING (true)", "a policy odd was added that is none of ours"),
    "hidden rows": ("ALTER TABLE stored_events ENABLE ROW LEVEL SECURITY", "table stored_events was changed"),
    "rows hidden from the owner": ("ALTER TABLE tree_head FORCE ROW LEVEL SECURITY", "table tree_head was changed"),
    "a child": ("CREATE TABLE {other}.child () INHERITS (stored_events)", "an inheritance "),
    "a parent": (
        (
            'CREATE TABLE {other}.parent (name text COLLATE "C", value text); '
            "ALTER TABLE store_settings INHERIT {other}.parent"
        ),
        "an inheritance ",
    ),
    "statistics": ("CREATE STATISTICS {other}.odd ON topic, position FROM stored_events", "a statistics odd was added"),
    "another owner": ("ALTER TABLE tree_head OWNER TO {role}", "the form of table tree_head was changed"),
    "another owner of the log": ("ALTER TABLE stored_events OWNER TO {role}", "was changed"),
    "another owner of the schema": ("ALTER SCHEMA {schema} OWNER TO {role}", "belongs to {role}, not to the owner"),
    "a right to create": ("GRANT CREATE ON SCHEMA {schema} TO {role}", "CREATE on schema was granted to {role}"),
    "a right of all": ("GRANT USAGE ON SCHEMA {schema} TO PUBLIC", "USAGE on schema was granted to everybody"),
    "a right to read of all": (
        "GRANT SELECT ON tree_head TO PUBLIC",
        "SELECT on table tree_head was granted to everybody",
    ),
    "a right to change": (
        "GRANT UPDATE ON stored_events TO {role}",
        "UPDATE on table stored_events was granted to {role}",
    ),
    "a right to empty": ("GRANT TRUNCATE ON tree_head TO {role}", "TRUNCATE on table tree_head was granted to {role}"),
    "a right to trigger": ("GRANT TRIGGER ON stored_events TO {role}", "TRIGGER on table stored_events was granted"),
    "a right to a column": (
        "GRANT UPDATE (size) ON tree_head TO {role}",
        "UPDATE on column tree_head.size was granted to {role}",
    ),
    "a right to grant": (
        "GRANT INSERT ON stored_events TO {role} WITH GRANT OPTION",
        "INSERT on table stored_events was granted to {role} WITH GRANT OPTION",
    ),
    "a right taken away": ("REVOKE INSERT ON stored_events FROM CURRENT_USER", "INSERT on stored_events of its owner"),
    "reports UNLOGGED": ("ALTER TABLE kept_reports SET UNLOGGED", "the form of table kept_reports was changed"),
    "a guard of reports dropped": (
        "DROP TRIGGER kept_reports_published ON kept_reports",
        "the trigger kept_reports_published was dropped",
    ),
    "a guard of names set off": (
        "ALTER TABLE kept_names DISABLE TRIGGER kept_names_fixed",
        "the trigger kept_names_fixed was set off",
    ),
    "a name of any digest": (
        "ALTER TABLE kept_names DROP CONSTRAINT kept_names_check",
        "the constraint kept_names.kept_names_check was dropped",
    ),
    "no place for reports": ("DROP TABLE kept_reports", "the table kept_reports was dropped"),
    "no place for names": ("DROP TABLE kept_names", "the table kept_names was dropped"),
    "neither": ("DROP TABLE kept_reports, kept_names", "the table kept_reports was dropped"),
    "all that format 3 has more": (
        "DROP TABLE kept_reports, kept_names; DROP FUNCTION log_keeps; DROP INDEX published_reports",
        "it is made like a store of format 2, and says that it is of another",
    ),
    "a right to delete names": (
        "GRANT DELETE ON kept_names TO {role}",
        "DELETE on table kept_names was granted to {role}",
    ),
    "a right to come": (
        "ALTER DEFAULT PRIVILEGES IN SCHEMA {schema} GRANT ALL ON TABLES TO PUBLIC",
        "a default acl ",
    ),
}
FITTING = {
    "reading": "GRANT USAGE ON SCHEMA {schema} TO {role}; GRANT SELECT ON stored_events, tree_head TO {role}",
    "recording": "GRANT INSERT ON stored_events TO {role}; GRANT UPDATE (only_row) ON tree_head TO {role}",
    "publishing": "GRANT SELECT, INSERT ON kept_reports, kept_names TO {role}",
    "a publication": "CREATE PUBLICATION {role} FOR TABLE stored_events",
    "a comment": "COMMENT ON TABLE stored_events IS 'the log'",
    "a view elsewhere": "CREATE VIEW {other}.v AS SELECT topic FROM stored_events",
    "statistics of the planner": "ANALYZE stored_events",
    "indexes built anew": "REINDEX TABLE stored_events",
}


@pytest.fixture
def city(server: Database) -> Iterator[EventLog]:
    """Give a store with the small city."""
    with EventLog.create(server.new("city"), CITY, now=MADE, by="controller") as log:
        found_city(log)
        yield log


@pytest.fixture
def names(city: EventLog) -> Iterator[dict[str, str]]:
    """Give the names of the store's schema, of another one, and of a role that is none of the store's."""
    schema = server_store(city.location).schema
    names = {"schema": schema, "other": f"{schema}_other", "role": f"{schema}_somebody"}
    with closing(connected(city.location)) as owner:
        owner.execute("CREATE ROLE {role}; CREATE SCHEMA {other}".format(**names))
        yield names
        owner.execute("DROP SCHEMA {other} CASCADE; DROP SCHEMA {schema} CASCADE".format(**names))
        owner.execute("DROP OWNED BY {role} CASCADE; DROP ROLE {role}".format(**names))


def record(log: EventLog) -> None:
    """Record something."""
    run(log, NOW, Request("controller"), lambda session: rename_unit(session, "4100", FOUNDED, "Koulut"))


def size(location: str) -> int:
    """Return how many events there are."""
    with closing(connected(location)) as owner:
        return int(owner.execute("SELECT count(*) FROM stored_events").fetchone()[0])


@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=CHANGES)
def test_whatever_differs_is_named(city: EventLog, names: dict[str, str], change: str, words: str) -> None:
    """Nothing is recorded in a database that is not as it was made, and a verification names the same."""
    before = size(city.location)
    with closing(connected(city.location)) as owner:
        owner.execute(change.format(**names))
    told = flaws(city.location)
    assert any(part.format(**names) in flaw for flaw in told for part in words.split("|")), told
    with pytest.raises(Refused, match="nothing was recorded") as refusal:
        record(city)
    assert str(refusal.value).count("heinola audit verify") == 1 or "place of" in words
    assert size(city.location) == before


@pytest.mark.parametrize("change", FITTING.values(), ids=FITTING)
def test_what_may_differ_is_let_be(city: EventLog, names: dict[str, str], change: str) -> None:
    """Grants as the roles have them, and what changes nothing about the log, stand in nobody's way."""
    with closing(connected(city.location)) as owner:
        owner.execute(change.format(**names))
    assert flaws(city.location) == []
    record(city)
    if "PUBLICATION" in change:
        with closing(connected(city.location)) as owner:
            owner.execute("DROP PUBLICATION {role}".format(**names))


@pytest.mark.parametrize("change", UNKEPT)
def test_what_was_not_kept_is_not_acknowledged(
    city: EventLog, names: dict[str, str], change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even where nobody compares the structure, what was swallowed or altered is found when it is read back."""
    monkeypatch.setattr(postgres, "flaws", lambda _lines: iter(()))
    before = city.head()
    with closing(connected(city.location)) as owner:
        owner.execute(change.format(**names))
    with pytest.raises(Refused, match=r"the store is not as it must be .*so nothing was recorded|refused the event"):
        record(city)
    assert city.head() == before


REPORTS_UNKEPT = (
    "CREATE RULE odd AS ON INSERT TO kept_reports DO INSTEAD NOTHING",
    f"{SWALLOWING}CREATE TRIGGER a BEFORE INSERT ON kept_reports FOR EACH ROW {SWALLOW}",
    f"{SWALLOWING}CREATE TRIGGER a BEFORE INSERT ON kept_names FOR EACH ROW {SWALLOW}",
    (
        "CREATE FUNCTION {other}.alter() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN NEW.packed := NEW.packed || $$x$$; RETURN NEW; END'; "
        "CREATE TRIGGER a BEFORE INSERT ON kept_reports FOR EACH ROW EXECUTE FUNCTION {other}.alter()"
    ),
    (
        "CREATE FUNCTION {other}.away() RETURNS trigger LANGUAGE plpgsql AS "
        "'BEGIN DELETE FROM {schema}.kept_names; RETURN NULL; END'; "
        "CREATE TRIGGER z AFTER INSERT ON kept_names FOR EACH ROW EXECUTE FUNCTION {other}.away()"
    ),
)


@pytest.mark.parametrize("change", REPORTS_UNKEPT)
@pytest.mark.parametrize("compared", [True, False])
def test_a_report_that_was_not_kept_is_not_published(
    city: EventLog, names: dict[str, str], change: str, monkeypatch: pytest.MonkeyPatch, *, compared: bool
) -> None:
    """By the structure, and where nobody compares that, when it is read back: the publication is not acknowledged."""
    if not compared:
        monkeypatch.setattr(postgres, "flaws", lambda _lines: iter(()))
    before = city.head()
    with closing(connected(city.location)) as owner:
        owner.execute(change.format(**names))
    with pytest.raises(Refused, match=r"the store is not as it must be .*so nothing was recorded"):
        publish_something(city)
    assert city.head() == before


def test_nobody_changes_the_guards_while_a_report_is_kept(city: EventLog, names: dict[str, str]) -> None:
    """What was compared stays as it is until the commit: who would change it waits, and is too late."""
    change = f"{SWALLOWING}CREATE TRIGGER a BEFORE INSERT ON kept_reports FOR EACH ROW {SWALLOW}".format(**names)
    with closing(connected(city.location)) as owner, city.command(NOW, BY) as command:
        owner.execute("SET lock_timeout = '300ms'")
        stamp = Stamp(command.recorded, "controller", login=command.login)
        session = Session(log=city, chart=command.chart, stamp=stamp)
        publish_report(session, report(city.head().size))
        command.append(session.pending)
        command.keep(KEPT)
        with pytest.raises(psycopg.errors.LockNotAvailable):
            owner.execute(change)
        command.keep(NAME)
    with LogReader.open(city.location) as reader:
        assert reader.kept_report(KEPT.digest) == KEPT


def test_a_head_that_is_not_that_of_the_log_stops_recording(city: EventLog, names: dict[str, str]) -> None:
    """Whoever could move the head by itself is found out before the next command is acknowledged."""
    with closing(connected(city.location)) as owner:
        for change in ("size = 1000000000000", "root = decode(repeat('00', 32), 'hex')", "frontier = root"):
            with owner.transaction(force_rollback=True):
                owner.execute("ALTER TABLE tree_head DISABLE TRIGGER tree_head_moves")
                owner.execute(f"UPDATE tree_head SET {change}")
                owner.execute("ALTER TABLE tree_head ENABLE ALWAYS TRIGGER tree_head_moves")
                row = owner.execute("SELECT size, root, frontier, recorded FROM tree_head").fetchone()
            owner.execute("ALTER TABLE tree_head DISABLE TRIGGER tree_head_moves")
            kept = owner.execute("SELECT size, root, frontier, recorded FROM tree_head").fetchone()
            moving = "UPDATE tree_head SET size = %s, root = %s, frontier = %s, recorded = %s"
            owner.execute(moving, row)
            owner.execute("ALTER TABLE tree_head ENABLE ALWAYS TRIGGER tree_head_moves")
            with pytest.raises(Refused, match=r"the head of the log counts .*so nothing was recorded"):
                record(city)
            owner.execute("ALTER TABLE tree_head DISABLE TRIGGER tree_head_moves")
            owner.execute(moving, kept)
            owner.execute("ALTER TABLE tree_head ENABLE ALWAYS TRIGGER tree_head_moves")
    record(city)


class TestMaking:
    """`heinola init` makes all of a store, or nothing."""

    def test_of_four_at_once_one_wins(self, server: Database) -> None:
        """The others are told that it is initialised already, in one sentence."""
        location, said = server.new("city"), []

        def make() -> None:
            try:
                EventLog.create(location, CITY, now=MADE, by="controller").close()
                said.append("made")
            except StoreExists as error:
                said.append(str(error))

        makers = [Thread(target=make) for _maker in range(4)]
        for maker in makers:
            maker.start()
        for maker in makers:
            maker.join()
        assert said.count("made") == 1
        assert sum("is initialised already; choose another place with --store" in words for words in said) == 3
        assert flaws(location) == []
        with LogReader.open(location) as reader:
            assert reader.size() == 1

    @pytest.mark.parametrize("after", range(60))
    def test_what_is_cut_short_leaves_nothing(
        self, server: Database, after: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Whichever statement the server does not get to, there is no store, no schema; the next `init` makes one."""
        location = server.new("city")
        execute, left = psycopg.Cursor.execute, [after]

        def cut_short(cursor: Any, *words: Any, **options: Any) -> Any:  # noqa: ANN401 - the library's own signature
            left[0] -= 1
            if left[0] < 0:
                cursor.connection.pgconn.finish()
                raise psycopg.OperationalError("cut short")
            return execute(cursor, *words, **options)

        monkeypatch.setattr(psycopg.Cursor, "execute", cut_short)
        try:
            EventLog.create(location, CITY, now=MADE, by="controller").close()
        except Refused:
            made = False
        else:
            made = True
        monkeypatch.undo()
        store = server_store(location)
        with closing(psycopg.connect(store.url, autocommit=True)) as owner:
            query = "SELECT count(*) FROM pg_namespace WHERE nspname IN (%s, %s)"
            (there,) = owner.execute(query, (store.schema, read_schema(store.schema))).fetchone()
        if there:
            with LogReader.open(location) as reader:
                assert reader.size() == 1
            assert flaws(location) == []
        else:
            assert not made
            EventLog.create(location, CITY, now=MADE, by="controller").close()

    @pytest.mark.parametrize(
        "what", ["TABLE {}.odd (n int)", "FUNCTION {}.odd() RETURNS int LANGUAGE sql AS 'SELECT 1'"]
    )
    @pytest.mark.parametrize("which", ["log", "read models"])
    def test_a_schema_of_others_is_left_alone(self, server: Database, what: str, which: str) -> None:
        """Where one of the two schemas holds something already, no store is made in it."""
        location = server.new("city")
        store = server_store(location)
        schema = store.schema if which == "log" else read_schema(store.schema)
        with closing(psycopg.connect(store.url, autocommit=True)) as owner:
            owner.execute(f"CREATE SCHEMA {schema}; CREATE {what.format(schema)}")
            with pytest.raises(Refused, match=f"the schema {schema} is not empty"):
                EventLog.create(location, CITY, now=MADE, by="controller")
            owner.execute(f"DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}")
        EventLog.create(location, CITY, now=MADE, by="controller").close()
        assert flaws(location) == []

    def test_a_schema_that_belongs_to_another_is_left_to_them(self, server: Database) -> None:
        """Whoever owns a schema may put anything into it, so the store's owner must be its owner."""
        location = server.new("city")
        store = server_store(location)
        with closing(psycopg.connect(store.url, autocommit=True)) as owner:
            owner.execute(
                f"CREATE ROLE {store.schema}_dba; CREATE SCHEMA {store.schema} AUTHORIZATION {store.schema}_dba"
            )
        with pytest.raises(Refused, match=f"the schema {store.schema} belongs to {store.schema}_dba"):
            EventLog.create(location, CITY, now=MADE, by="controller")

    @pytest.mark.parametrize("length", [58, 59, 63])
    def test_the_longest_names_have_room(self, server: Database, length: int) -> None:
        """The schema of the read models has a name that PostgreSQL does not cut, whatever that of the log."""
        schema = ("a" * 62 + "bc")[-length:]
        location = f"{server.server}?schema={schema}"
        with EventLog.create(location, CITY, now=MADE, by="controller") as log:
            found_city(log)
        assert Terminal(location).run("snapshot 2020Q2").exit_code == 0
        assert len(read_schema(schema)) <= 63
        with closing(psycopg.connect(server_store(location).url, autocommit=True)) as owner:
            owner.execute(f"DROP SCHEMA {schema} CASCADE; DROP SCHEMA {read_schema(schema)} CASCADE")
