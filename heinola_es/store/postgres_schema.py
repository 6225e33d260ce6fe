"""The tables, indexes and triggers of a store on PostgreSQL, in a schema of their own.

The same guarantees as in the embedded store: positions follow one another, the tree only grows, and nothing is updated,
deleted, replaced or truncated. The triggers fire always, for replication and restores too.
"""

from __future__ import annotations

APPEND_ONLY = "the log is append-only"
ONCE = "stored_events_once"

_REFUSING = f"""
BEGIN
    RAISE EXCEPTION '{APPEND_ONLY}: no % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
"""
# A trigger finds its own schema, whatever the search path of whoever woke it.
_FOLLOWING = f"""
DECLARE
    first bigint; last bigint; number bigint; before bigint; size bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, number FROM added;
    IF number = 0 THEN
        RETURN NULL;
    END IF;
    EXECUTE format('SELECT coalesce(max(position), 0) FROM %I.stored_events WHERE position < $1', TG_TABLE_SCHEMA)
        INTO before USING first;
    EXECUTE format('SELECT size FROM %I.tree_head', TG_TABLE_SCHEMA) INTO size;
    IF first <> before + 1 OR last - first + 1 <> number OR first <= size THEN
        RAISE EXCEPTION '{APPEND_ONLY}: positions follow one another'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
"""  # noqa: S608 - SQL of ours
_GROWING = f"""
BEGIN
    IF NEW.size < OLD.size OR NEW.recorded < OLD.recorded OR NEW.only_row <> OLD.only_row
        OR NEW.size = OLD.size AND (NEW.root, NEW.frontier, NEW.recorded) <> (OLD.root, OLD.frontier, OLD.recorded)
    THEN
        RAISE EXCEPTION '{APPEND_ONLY}: the tree only grows' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
"""

FUNCTIONS = {
    "log_refuses": _REFUSING,
    "log_follows": _FOLLOWING,
    "log_grows": _GROWING,
}
"""The bodies of the trigger functions, by name."""

TRIGGERS = {
    **{
        f"{table}_fixed": (table, "BEFORE UPDATE OR DELETE OR TRUNCATE", "FOR EACH STATEMENT", "log_refuses")
        for table in ("stored_events", "store_settings")
    },
    "tree_head_stays": ("tree_head", "BEFORE DELETE OR TRUNCATE", "FOR EACH STATEMENT", "log_refuses"),
    "tree_head_grows": ("tree_head", "BEFORE UPDATE", "FOR EACH ROW", "log_grows"),
    "stored_events_next": (
        "stored_events",
        "AFTER INSERT",
        "REFERENCING NEW TABLE AS added FOR EACH STATEMENT",
        "log_follows",
    ),
}
"""Table, moment, manner and function of each trigger, by name."""

TABLES = (
    f"""CREATE TABLE stored_events (
        position bigint PRIMARY KEY,
        originator_id uuid NOT NULL,
        originator_version bigint NOT NULL,
        topic text COLLATE "C" NOT NULL,
        state bytea NOT NULL,
        leaf_hash bytea NOT NULL CHECK (length(leaf_hash) = 32),
        CONSTRAINT {ONCE} UNIQUE (originator_id, originator_version)
    )""",
    # Few of many events establish a unit or launch a project; the indexes stay small however long the log grows.
    "CREATE INDEX established_units ON stored_events (position) WHERE topic = 'UnitEstablished'",
    "CREATE INDEX launched_projects ON stored_events (position) WHERE topic = 'ProjectLaunched'",
    # The one row that moves with every append: room on its page, so that no move touches an index.
    """CREATE TABLE tree_head (
        only_row bigint PRIMARY KEY CHECK (only_row = 1),
        size bigint NOT NULL,
        root bytea NOT NULL,
        frontier bytea NOT NULL,
        recorded text COLLATE "C" NOT NULL
    ) WITH (fillfactor = 10)""",
    'CREATE TABLE store_settings (name text COLLATE "C" PRIMARY KEY, value text NOT NULL)',
)

SCHEMA = (
    *TABLES,
    *(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $body${body}$body$"
        for name, body in FUNCTIONS.items()
    ),
    *(
        statement
        for name, (table, moment, manner, function) in TRIGGERS.items()
        for statement in (
            f"CREATE TRIGGER {name} {moment} ON {table} {manner} EXECUTE FUNCTION {function}()",
            f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
        )
    ),
)
"""The statements that make the tables of an empty store, in the schema that comes first in the search path."""

UPGRADE = (
    "DROP TABLE command_keys",
    "ALTER TABLE store_settings DISABLE TRIGGER store_settings_fixed",
    "UPDATE store_settings SET value = '2' WHERE name = 'format'",
    "ALTER TABLE store_settings ENABLE ALWAYS TRIGGER store_settings_fixed",
)
"""The statements that bring a store of the first format to this one; its log stays as it is."""
