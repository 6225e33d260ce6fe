"""The tables, indexes and triggers of a store, by themselves: a check compares them without the persistence library."""

from __future__ import annotations

SCHEMA = (
    """CREATE TABLE stored_events (
        position INTEGER PRIMARY KEY,
        originator_id TEXT NOT NULL,
        originator_version INTEGER NOT NULL,
        topic TEXT NOT NULL,
        state BLOB NOT NULL,
        leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
        UNIQUE (originator_id, originator_version)
    )""",
    # Few of many events establish a unit or launch a project; the indexes stay small however long the log grows.
    "CREATE INDEX established_units ON stored_events (position) WHERE topic = 'UnitEstablished'",
    "CREATE INDEX launched_projects ON stored_events (position) WHERE topic = 'ProjectLaunched'",
    """CREATE TABLE tree_head (
        only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
        size INTEGER NOT NULL,
        root BLOB NOT NULL,
        frontier BLOB NOT NULL,
        recorded TEXT NOT NULL
    )""",
    "CREATE TABLE command_keys (key TEXT PRIMARY KEY, digest TEXT NOT NULL, first INTEGER, last INTEGER) WITHOUT ROWID",
    "CREATE TABLE store_settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TRIGGER stored_events_next BEFORE INSERT ON stored_events
        WHEN NEW.position <> 1 + ifnull((SELECT max(position) FROM stored_events), 0)
            OR NEW.position <= (SELECT size FROM tree_head)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: positions follow one another'); END""",
    # INSERT OR REPLACE would delete the old row without waking a DELETE trigger.
    """CREATE TRIGGER stored_events_once BEFORE INSERT ON stored_events
        WHEN EXISTS (SELECT 1 FROM stored_events
                     WHERE originator_id = NEW.originator_id AND originator_version = NEW.originator_version)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: the event is there already'); END""",
    *(
        f"""CREATE TRIGGER {table}_{action} BEFORE {action} ON {table}
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: no {action} on {table}'); END"""
        for table in ("stored_events", "command_keys", "store_settings")
        for action in ("UPDATE", "DELETE")
    ),
    """CREATE TRIGGER tree_head_delete BEFORE DELETE ON tree_head
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: no DELETE on tree_head'); END""",
    """CREATE TRIGGER tree_head_grows BEFORE UPDATE ON tree_head
        WHEN NEW.size < OLD.size OR NEW.recorded < OLD.recorded OR NEW.only_row <> OLD.only_row
            OR NEW.size = OLD.size AND (NEW.root, NEW.frontier, NEW.recorded) <> (OLD.root, OLD.frontier, OLD.recorded)
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: the tree only grows'); END""",
    *(
        f"""CREATE TRIGGER {table}_once BEFORE INSERT ON {table}
        WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
        BEGIN SELECT RAISE(ABORT, 'the log is append-only: no REPLACE in {table}'); END"""  # noqa: S608 - names of ours
        for table, key in (("tree_head", "only_row"), ("command_keys", "key"), ("store_settings", "name"))
    ),
)
