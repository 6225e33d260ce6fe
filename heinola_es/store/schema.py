"""The tables, indexes and triggers of a store, by themselves: a check compares them without the persistence library."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.store.kinds import IN_A_FILE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMAT = "3"
"""The format of the stores that are made now."""
SECOND_FORMAT = "2"
"""The format of stores that kept nothing of a report but its digest."""
FIRST_FORMAT = "1"
"""The format of stores whose settings and command keys stood beside the log."""

_STORED_EVENTS = """CREATE TABLE stored_events (
        position INTEGER PRIMARY KEY,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
        UNIQUE (originator_id, originator_version)
    )"""
# Few of many events establish a unit or launch a project; the indexes stay small however long the log grows.
_INDEXES = (
    "CREATE INDEX established_units ON stored_events (position) WHERE topic = 'UnitEstablished'",
    "CREATE INDEX launched_projects ON stored_events (position) WHERE topic = 'ProjectLaunched'",
)
_PUBLISHED = "CREATE INDEX published_reports ON stored_events (position) WHERE topic = 'ReportPublished'"
_KEPT_REPORTS = """CREATE TABLE kept_reports (
        digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
        packed BLOB NOT NULL
    ) WITHOUT ROWID"""
_KEPT_NAMES = """CREATE TABLE kept_names (
        digest TEXT PRIMARY KEY CHECK (length(digest) = 64),
        salt BLOB NOT NULL,
        name BLOB NOT NULL
    ) WITHOUT ROWID"""
_TREE_HEAD = """CREATE TABLE tree_head (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        size INTEGER NOT NULL,
        root BLOB NOT NULL,
        frontier BLOB NOT NULL,
        recorded TEXT NOT NULL
    )"""
_COMMAND_KEYS = (
    "CREATE TABLE command_keys (key TEXT PRIMARY KEY, digest TEXT NOT NULL, first INTEGER, last INTEGER) WITHOUT ROWID"
)
_STORE_SETTINGS = "CREATE TABLE store_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID"
_NEXT = """CREATE TRIGGER stored_events_next BEFORE INSERT ON stored_events
        WHEN NEW.position <> 1 + ifnull((SELECT max(position) FROM stored_events), 0)
            OR NEW.position <= (SELECT size FROM tree_head)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: positions follow one another'); END"""
# INSERT OR REPLACE would delete the old row without waking a DELETE trigger.
_ONCE = """CREATE TRIGGER stored_events_once BEFORE INSERT ON stored_events
        WHEN EXISTS (SELECT 1 FROM stored_events
                     WHERE originator_id = NEW.originator_id AND originator_version = NEW.originator_version)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: the event is there already'); END"""
_CONTINUES = """CREATE TRIGGER stored_events_continues BEFORE INSERT ON stored_events
        WHEN NEW.originator_version <> 1 + ifnull((SELECT max(originator_version) FROM stored_events
                                                   WHERE originator_id = NEW.originator_id), 0)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: versions of a stream follow one another'); END"""
_FOR_A_PUBLICATION = """CREATE TRIGGER kept_reports_published BEFORE INSERT ON kept_reports
        WHEN NOT EXISTS (SELECT 1 FROM stored_events
                         WHERE topic = 'ReportPublished' AND instr(CAST(state AS TEXT), NEW.digest))
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: a report is kept for its publication'); END"""
_HEAD_STAYS = """CREATE TRIGGER tree_head_delete BEFORE DELETE ON tree_head
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: no DELETE on tree_head'); END"""
_HEAD_GROWS = """CREATE TRIGGER tree_head_grows BEFORE UPDATE ON tree_head
        WHEN NEW.size < OLD.size OR NEW.recorded < OLD.recorded OR NEW.only_row <> OLD.only_row
            OR NEW.size = OLD.size AND (NEW.root, NEW.frontier, NEW.recorded) <> (OLD.root, OLD.frontier, OLD.recorded)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: the tree only grows'); END"""


def _fixed(*tables: str) -> Iterator[str]:
    """Yield the triggers that refuse to change or to delete rows."""
    return (_refused(action, table) for table in tables for action in ("UPDATE", "DELETE"))


def _refused(action: str, table: str) -> str:
    return f"""CREATE TRIGGER {table}_{action} BEFORE {action} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: no {action} on {table}'); END"""


def _unreplaced(**keys: str) -> Iterator[str]:
    """Yield the triggers that refuse to replace the row with the same key."""
    return (
        f"""CREATE TRIGGER {table}_once BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: no REPLACE in {table}'); END"""  # noqa: S608 - names of ours
        for table, key in keys.items()
    )


_SECOND_SCHEMA = (
    _STORED_EVENTS,
    *_INDEXES,
    _TREE_HEAD,
    _STORE_SETTINGS,
    _NEXT,
    _CONTINUES,
    *_fixed("stored_events", "store_settings"),
    _HEAD_STAYS,
    _HEAD_GROWS,
    *_unreplaced(tree_head="only_row", store_settings="name"),
)
_KEEPING = (
    _PUBLISHED,
    _KEPT_REPORTS,
    _KEPT_NAMES,
    _FOR_A_PUBLICATION,
    *_fixed("kept_reports"),
    _refused("UPDATE", "kept_names"),  # and none for DELETE: a name may be erased
    *_unreplaced(kept_reports="digest", kept_names="digest"),
)

_LATER_KINDS = f"CREATE INDEX {IN_A_FILE.made}"
SCHEMA = (*_SECOND_SCHEMA, _LATER_KINDS, *_KEEPING)
"""The statements that make an empty store."""

FIRST_SCHEMA = (
    _STORED_EVENTS,
    *_INDEXES,
    _TREE_HEAD,
    _COMMAND_KEYS,
    _STORE_SETTINGS,
    _NEXT,
    _ONCE,
    *_fixed("stored_events", "command_keys", "store_settings"),
    _HEAD_STAYS,
    _HEAD_GROWS,
    *_unreplaced(tree_head="only_row", command_keys="key", store_settings="name"),
)
"""Those that made one of the first format."""

SCHEMAS = {FIRST_FORMAT: FIRST_SCHEMA, SECOND_FORMAT: _SECOND_SCHEMA, FORMAT: SCHEMA}
"""The statements that make a store of each format."""

_MAYBE = {SECOND_FORMAT: (_LATER_KINDS,)}
"""What some stores of a format have, and some have not."""

SIGNATURE = "head_signature"
"""The table of the signed note of the head; stores whose log requires keys have it, and no others."""
_LONGEST_NOTE = 1 << 16
_NOTE_BYTES = f"CASE typeof(note) WHEN 'text' THEN CAST(substr(note, 1, {_LONGEST_NOTE}) AS BLOB) END"
NOTES = f"SELECT {_NOTE_BYTES} AS note FROM {SIGNATURE} LIMIT 2"  # noqa: S608
"""Reads the notes in it as bytes: whoever changed one need not have left UTF-8, nor few of them."""
NOTES_ON_SERVER = f"SELECT left(note, {_LONGEST_NOTE}) AS note FROM {SIGNATURE} LIMIT 2"  # noqa: S608
SIGNED_SCHEMA = (
    f"""CREATE TABLE {SIGNATURE} (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        note TEXT NOT NULL
    )""",
    _refused("DELETE", SIGNATURE),
    *_unreplaced(head_signature="only_row"),
)
"""The statements that make a store of this format one whose head is signed."""

_SAID = (
    "DROP TRIGGER store_settings_UPDATE",
    f"UPDATE store_settings SET value = '{FORMAT}' WHERE name = 'format'",  # noqa: S608 - a format of ours
    _refused("UPDATE", "store_settings"),
)
UPGRADES = {
    FIRST_FORMAT: (
        "DROP TABLE command_keys",
        "DROP TRIGGER stored_events_once",
        _CONTINUES,
        _LATER_KINDS,
        *_KEEPING,
        *_SAID,
    ),
    SECOND_FORMAT: (f"CREATE INDEX IF NOT EXISTS {IN_A_FILE.made}", *_KEEPING, *_SAID),
}
"""The statements that bring a store of an earlier format to this one; its log stays as it is."""

Found = tuple[str, str, str, str | None]
"""Type, name, table and text of something in a database, as `sqlite_master` has it."""

_AUTOMATIC = ("index", "sqlite_autoindex_stored_events_1", "stored_events")
"""The index that SQLite makes by itself for what is unique."""
_STATISTICS = {"sqlite_stat1", "sqlite_stat4"}
"""Tables that ANALYZE makes; their names are reserved, so nothing else can bear them."""


def schema_flaws(found: Iterable[Found], store_format: str) -> Iterator[str]:
    """Yield, in words, how what is in a database differs from a store of a format; read models are not looked at.

    Everything is compared by its exact name and text, so that nothing can hide behind a name that is like ours.
    """
    found = list(found)
    signed = SIGNED_SCHEMA if store_format == FORMAT and ("table", SIGNATURE) in {one[:2] for one in found} else ()
    maybe = {_name_of(statement): statement for statement in _MAYBE.get(store_format, ())}
    expected = {_name_of(statement): statement for statement in (*SCHEMAS[store_format], *signed)} | maybe
    left = dict(expected)
    for kind, name, table, text in found:
        if (kind, name, table, text) == (*_AUTOMATIC, None) or _of_read_models(kind, name, table):
            continue
        if kind == "table" and name in _STATISTICS and name == table:
            continue
        if (kind, name) not in expected:
            yield f"{_article(kind)} {kind} {name} was added that is none of ours"
        elif left.pop((kind, name)) != text:
            yield f"the {kind} {name} was changed"
    yield from (f"the {kind} {name} was dropped" for kind, name in left if (kind, name) not in maybe)


def _of_read_models(kind: str, name: str, table: str) -> bool:
    """Return whether a table or index belongs to the read models, which can be thrown away."""
    plain = kind in {"table", "index"} and table.startswith("rm_")
    return plain and name.removeprefix("sqlite_autoindex_").startswith("rm_")


def _name_of(statement: str) -> tuple[str, str]:
    _create, kind, name = statement.split(None, 3)[:3]
    return kind.lower(), name


def _article(kind: str) -> str:
    return "an" if kind == "index" else "a"
