"""Acknowledged means read back: a database that swallows, alters or adds on the way has nothing acknowledged.

Each attack comes with its control: with the defence taken away the command is acknowledged. So that each defence shows
by itself, what changes rows is tried with the comparison of the schema taken away, too.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from heinola_es.errors import Refused
from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store import sqlite
from heinola_es.store.appending import Written
from heinola_es.store.log import EventLog, Request, StoreNotSound
from heinola_es.store.schema import SCHEMA
from tests.city import FOUNDED
from tests.publishing import KEPT, NAME, publish_something
from tests.specification import NOW

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.handlers.session import Session
    from heinola_es.store.log import Receipt

COLUMNS = "position, originator_id, originator_version, topic, state, leaf_hash"
OTHER_STATE = "CAST(replace(NEW.state, 'Lukiot', 'Lukkot') AS BLOB)"
OTHER_ROW = f"NEW.position, NEW.originator_id, NEW.originator_version, NEW.topic, {OTHER_STATE}, NEW.leaf_hash"
OTHER_IN_ITS_PLACE = f"INSERT INTO stored_events ({COLUMNS}) VALUES ({OTHER_ROW})"
FURTHER_ROW = "NEW.position + 1, 'aa', 1, NEW.topic, NEW.state, NEW.leaf_hash"
GROWN = "WHEN NEW.size > OLD.size"
NEVER = "WHEN 0 BEGIN SELECT RAISE(ABORT, 'never'); END"


def swallowing(name: str, table: str = "stored_events", action: str = "INSERT") -> tuple[str, ...]:
    """Return the trigger that lets an action on a table succeed and come to nothing."""
    when = GROWN if table == "tree_head" else ""
    return (f'CREATE TRIGGER "{name}" BEFORE {action} ON {table} {when} BEGIN SELECT RAISE(IGNORE); END',)


def afterwards(body: str) -> tuple[str, ...]:
    """Return a trigger that does something after an event was stored."""
    return (f"CREATE TRIGGER sqlitexstat1 AFTER INSERT ON stored_events BEGIN {body}; END",)


def unguarded(table: str, guard: str, action: str = "") -> tuple[str, ...]:
    """Return what puts a trigger that never refuses in the place of one that does, under its name."""
    name = f"{table}_{guard}"
    return (f"DROP TRIGGER {name}", f"CREATE TRIGGER {name} BEFORE {action or guard} ON {table} {NEVER}")


ALTERING: dict[str, tuple[str, ...]] = {
    **{
        f"a trigger {name!r} swallows events": swallowing(name)
        for name in (
            "sqlitexstat1",
            "sqliteXautoindex_stored_events_1",
            "stored_events_nexT2",
            "stored_events_UPDATE ",
            "stored events next",
            "rm_statements",
            "rm_",
            "tree_head",
            "%",
            "Ä",
        )
    },
    "a trigger swallows the head": swallowing("tree_head_grows2", "tree_head", "UPDATE"),
    "the next one swallows, under its own name": (
        "DROP TRIGGER stored_events_next",
        *swallowing("stored_events_next"),
    ),
    "another event in its place": (
        f"CREATE TRIGGER instead BEFORE INSERT ON stored_events BEGIN {OTHER_IN_ITS_PLACE}; SELECT RAISE(IGNORE); END",
    ),
    "an event is deleted": (
        *unguarded("stored_events", "DELETE"),
        *afterwards("DELETE FROM stored_events WHERE position = NEW.position"),
    ),
    "an event is altered": (
        *unguarded("stored_events", "UPDATE"),
        *afterwards(f"UPDATE stored_events SET state = {OTHER_STATE} WHERE position = NEW.position"),
    ),
    "an event is altered to a text": (
        *unguarded("stored_events", "UPDATE"),
        *afterwards("UPDATE stored_events SET state = CAST(state AS TEXT) WHERE position = NEW.position"),
    ),
    "an event is altered to a number": (
        *unguarded("stored_events", "UPDATE"),
        *afterwards("UPDATE stored_events SET state = 7, originator_id = x'00' WHERE position = NEW.position"),
    ),
    "an event gets another topic": (
        *unguarded("stored_events", "UPDATE"),
        *afterwards("UPDATE stored_events SET topic = 'UnitClosed' WHERE position = NEW.position"),
    ),
    "an event gets another hash": (
        *unguarded("stored_events", "UPDATE"),
        *afterwards("UPDATE stored_events SET leaf_hash = zeroblob(32) WHERE position = NEW.position"),
    ),
    "an event goes further up": (
        *unguarded("stored_events", "UPDATE"),
        *afterwards("UPDATE stored_events SET position = 99 WHERE position = NEW.position"),
    ),
    "an event is added": afterwards(f"INSERT INTO stored_events ({COLUMNS}) VALUES ({FURTHER_ROW})"),
    "the head counts one more": (
        f"CREATE TRIGGER more AFTER UPDATE ON tree_head {GROWN} BEGIN UPDATE tree_head SET size = size + 1; END",
    ),
    "the head gets another root": (
        *unguarded("tree_head", "grows", "UPDATE"),
        f"CREATE TRIGGER other AFTER UPDATE ON tree_head {GROWN} BEGIN UPDATE tree_head SET root = zeroblob(32); END",
    ),
    "the head gets another instant": (
        *unguarded("tree_head", "grows", "UPDATE"),
        f"CREATE TRIGGER later AFTER UPDATE ON tree_head {GROWN} BEGIN UPDATE tree_head SET recorded = '2099'; END",
    ),
    "a view in the place of the events": (
        "ALTER TABLE stored_events RENAME TO hidden",
        "CREATE VIEW stored_events AS SELECT * FROM hidden",
        "CREATE TRIGGER sqlitexstat1 INSTEAD OF INSERT ON stored_events BEGIN SELECT 1; END",
    ),
    "a view in the place of the head": (
        "ALTER TABLE tree_head RENAME TO hidden",
        "CREATE VIEW tree_head AS SELECT * FROM hidden",
        "CREATE TRIGGER sqlitexstat1 INSTEAD OF UPDATE ON tree_head BEGIN SELECT 1; END",
    ),
}
"""What makes a database hold something else than it was given."""

CHANGED: dict[str, tuple[str, ...]] = {
    "a unique index": ("CREATE UNIQUE INDEX sqlitexautoindex ON stored_events (topic, originator_id, position)",),
    "an index like that of SQLite": ("CREATE INDEX sqliteXautoindex_stored_events_1 ON stored_events (topic)",),
    "an index for read models": ("CREATE UNIQUE INDEX rm_events ON stored_events (leaf_hash)",),
    "a dropped index": ("DROP INDEX established_units",),
    "another index under its name": (
        "DROP INDEX launched_projects",
        "CREATE INDEX launched_projects ON stored_events (position) WHERE topic = 'ProjectEnded'",
    ),
    "a dropped trigger": ("DROP TRIGGER stored_events_DELETE",),
    "another trigger under its name": unguarded("stored_events", "UPDATE"),
    "a trigger of the same text but for a space": (
        "DROP TRIGGER store_settings_DELETE",
        next(text.replace("BEGIN", " BEGIN") for text in SCHEMA if "TRIGGER store_settings_DELETE" in text),
    ),
    "a table like that of statistics": ("CREATE TABLE sqlitexstat1 (tbl, idx, stat)",),
    "a table": ("CREATE TABLE notes (text)",),
    "a table of keys, as there was": ("CREATE TABLE command_keys (key TEXT PRIMARY KEY, digest, first, last)",),
    "a view": ("CREATE VIEW rm_view AS SELECT * FROM stored_events",),
    "a trigger on read models": (
        "CREATE TABLE rm_statements (x)",
        "CREATE TRIGGER rm_trigger AFTER INSERT ON rm_statements BEGIN SELECT 1; END",
    ),
    "a column": ("ALTER TABLE stored_events ADD COLUMN note TEXT",),
    "a column of the head": ("ALTER TABLE tree_head ADD COLUMN note TEXT",),
    "a view in the place of the settings": (
        "ALTER TABLE store_settings RENAME TO hidden",
        "CREATE VIEW store_settings AS SELECT * FROM hidden",
    ),
    "a trigger that does nothing": ("CREATE TRIGGER sqlitexstat1 AFTER INSERT ON stored_events BEGIN SELECT 1; END",),
}
"""What makes a store another than it was made, though what it is given is there."""


REPORTS_ALTERED: dict[str, tuple[str, ...]] = {
    "a report is swallowed": swallowing("a", "kept_reports"),
    "a name is swallowed": swallowing("a", "kept_names"),
    "a report is deleted": (
        *unguarded("kept_reports", "DELETE"),
        "CREATE TRIGGER a AFTER INSERT ON kept_reports BEGIN DELETE FROM kept_reports; END",
    ),
    "a report is altered": (
        *unguarded("kept_reports", "UPDATE"),
        "CREATE TRIGGER a AFTER INSERT ON kept_reports BEGIN UPDATE kept_reports SET packed = x'00'; END",
    ),
    "a report is altered to a text": (
        *unguarded("kept_reports", "UPDATE"),
        "CREATE TRIGGER a AFTER INSERT ON kept_reports BEGIN UPDATE kept_reports SET packed = 'x'; END",
    ),
    "a name is altered": (
        *unguarded("kept_names", "UPDATE"),
        "CREATE TRIGGER a AFTER INSERT ON kept_names BEGIN UPDATE kept_names SET name = x'00'; END",
    ),
    "a view in the place of the reports": (
        "ALTER TABLE kept_reports RENAME TO hidden",
        "CREATE VIEW kept_reports AS SELECT * FROM hidden",
        "CREATE TRIGGER a INSTEAD OF INSERT ON kept_reports BEGIN SELECT 1; END",
    ),
}
"""What makes a database keep something else of a report than it was given."""


def attack(path: Path, statements: tuple[str, ...]) -> None:
    """Change a store as somebody would who may write its file."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def rename(log: EventLog) -> Receipt:
    """Give a command of one event."""
    return run(log, NOW, Request("controller"), lambda session: rename_unit(session, "4160", FOUNDED, "Lukiot"))


def rename_two(session: Session) -> None:
    """Do the work of a command of two events of one kind."""
    for code in ("4160", "4100"):
        rename_unit(session, code, FOUNDED, "Lukiot")


def stored(path: Path) -> list[list[tuple[object, ...]]]:
    """Return all that the tables of a store hold, whatever they are called by now."""
    with closing(sqlite3.connect(path)) as connection:
        named = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        tables = [name for (name,) in connection.execute(named)]
        return [connection.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables]


def require_refused(store: EventLog, statements: tuple[str, ...], error: type[Refused]) -> None:
    """Demand that an attacked store acknowledges nothing, and holds what it did."""
    attack(store.path, statements)
    before = stored(store.path)
    with pytest.raises(error, match="nothing was recorded"):
        rename(store)
    assert stored(store.path) == before


def no_schema(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the comparison of the schema away."""
    monkeypatch.setattr(sqlite, "_require_schema", lambda *_args: None)


def no_reading_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the reading back away."""
    monkeypatch.setattr(Written, "require_stored", lambda *_args: None)


@pytest.mark.parametrize("statements", [*ALTERING.values(), *CHANGED.values()], ids=[*ALTERING, *CHANGED])
def test_nothing_is_acknowledged(store: EventLog, statements: tuple[str, ...]) -> None:
    """The command is refused in a sentence, and the store holds what it did."""
    require_refused(store, statements, StoreNotSound)


@pytest.mark.parametrize("statements", ALTERING.values(), ids=ALTERING)
def test_what_is_not_there_is_seen_whatever_the_schema_says(
    store: EventLog, statements: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows and the head are read back: by itself, that tells what was swallowed, altered or added."""
    no_schema(monkeypatch)
    require_refused(store, statements, StoreNotSound)


@pytest.mark.parametrize("statements", ALTERING.values(), ids=ALTERING)
def test_control_without_both_it_would_be_acknowledged(
    store: EventLog, statements: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack works: without the defence the command is told its position, and the log does not say so."""
    no_schema(monkeypatch)
    no_reading_back(monkeypatch)
    attack(store.path, statements)
    before = store.head().size
    assert rename(store).last == before + 1
    with closing(sqlite3.connect(store.path)) as connection:
        said = (
            "SELECT count(*) FROM stored_events WHERE position = ? AND topic = 'UnitRenamed' AND state LIKE '%Lukiot%' "
            "AND typeof(state) = 'blob'"
        )
        (events,) = connection.execute(said, (before + 1,)).fetchone()
        (leaf_holds,) = connection.execute(
            "SELECT count(*) FROM stored_events WHERE leaf_hash = zeroblob(32)"
        ).fetchone()
        head = connection.execute("SELECT size, recorded FROM tree_head WHERE root <> zeroblob(32)").fetchone()
        (last,) = connection.execute("SELECT max(position) FROM stored_events").fetchone()
    assert (events, leaf_holds, head, last) != (1, 0, (before + 1, "2020-07-01T09:00:00.000000Z"), before + 1)


@pytest.mark.parametrize("statements", CHANGED.values(), ids=CHANGED)
def test_control_without_the_schema_it_would_be_acknowledged(
    store: EventLog, statements: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading back alone does not see what the schema was changed for; the comparison does."""
    no_schema(monkeypatch)
    attack(store.path, statements)
    assert rename(store).last == store.head().size


@pytest.mark.parametrize("statements", REPORTS_ALTERED.values(), ids=REPORTS_ALTERED)
@pytest.mark.parametrize("compared", [True, False])
def test_no_publication_is_acknowledged_that_is_not_kept(
    store: EventLog, statements: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, *, compared: bool
) -> None:
    """Whether the schema is compared or not: what is kept is read back, and the command is refused in a sentence."""
    if not compared:
        no_schema(monkeypatch)
    attack(store.path, statements)
    before = stored(store.path)
    with pytest.raises(StoreNotSound, match="nothing was recorded"):
        publish_something(store)
    assert stored(store.path) == before


@pytest.mark.parametrize("statements", REPORTS_ALTERED.values(), ids=REPORTS_ALTERED)
def test_control_without_both_it_would_be_published(
    store: EventLog, statements: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The attack works: without the defence the publication is acknowledged, and what was published is not there."""
    no_schema(monkeypatch)
    monkeypatch.setattr(Written, "require_kept", lambda *_args: None)
    attack(store.path, statements)
    assert publish_something(store).first == store.head().size
    with closing(sqlite3.connect(store.path)) as connection:
        reports = connection.execute("SELECT digest, packed FROM kept_reports").fetchall()
        names = connection.execute("SELECT digest, salt, name FROM kept_names").fetchall()
    assert (reports, names) != ([KEPT.row()], [NAME.row()])


def test_a_name_that_is_reserved_hides_nothing(store: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A trigger under a name that SQLite keeps for itself, written past it, is seen as any other."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        (trigger,) = swallowing("sqlite_x")
        connection.execute(
            "INSERT INTO sqlite_schema VALUES ('trigger', 'sqlite_x', 'stored_events', 0, ?)", (trigger,)
        )
    before = store.head()
    with EventLog.open(store.location) as again, pytest.raises(StoreNotSound, match="holds 14 events of 15"):
        rename(again)
    no_reading_back(monkeypatch)
    with EventLog.open(store.location) as again, pytest.raises(StoreNotSound, match="a trigger sqlite_x was added"):
        rename(again)
    assert store.head() == before


def test_an_index_that_blocks_recording_is_told(store: EventLog) -> None:
    """A unique index over what recurs lets no second event of a kind in: the refusal is told, and nothing recorded."""
    attack(store.path, ("CREATE UNIQUE INDEX once ON stored_events (topic) WHERE topic = 'UnitRenamed'",))
    before = stored(store.path)
    with pytest.raises(Refused, match=r"nothing was recorded"):
        run(store, NOW, Request("controller"), rename_two)
    assert stored(store.path) == before


@pytest.mark.parametrize(
    "statements",
    [
        ("ANALYZE",),
        ("CREATE TABLE rm_statements (x PRIMARY KEY)", "CREATE INDEX rm_statements_x ON rm_statements (x)"),
    ],
    ids=["statistics", "read models"],
)
def test_what_belongs_beside_the_log_holds_nobody_up(store: EventLog, statements: tuple[str, ...]) -> None:
    """Statistics of SQLite's own, and read models, may come and go."""
    attack(store.path, statements)
    assert rename(store).last == store.head().size


@pytest.mark.parametrize(
    "change",
    [
        *("size = 99", "size = 0", "size = 'x'", "size = x'00'", "size = -14", "size = 1000000000000"),
        *("root = zeroblob(32)", "root = 'x'", "root = 7"),
        *("frontier = zeroblob(96)", "frontier = x''", "frontier = x'00'", "frontier = 'x'", "frontier = 7"),
        *("recorded = 'x'", "recorded = ''", "recorded = 7", "recorded = x'00'"),
    ],
)
def test_a_head_that_is_none_takes_nothing(store: EventLog, change: str) -> None:
    """A head that does not count the events, or is not over its own subtrees, is not built on."""
    (guard,) = (text for text in SCHEMA if "TRIGGER tree_head_grows" in text)
    attack(store.path, ("DROP TRIGGER tree_head_grows", f"UPDATE tree_head SET {change}", guard))
    before = stored(store.path)
    with pytest.raises(Refused, match="nothing was recorded"):
        rename(store)
    assert stored(store.path) == before
