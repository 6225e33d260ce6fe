"""Changes of a store's schema, by whoever may make them: on purpose, by mistake, or by another program.

Each is some statements and the words of which one must stand in what a verification says of it; where there are none,
the change does no harm and nobody needs to tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.faults.stage import Raw

LOG = ("stored_events", "tree_head", "store_settings", "kept_reports", "kept_names")
LIKE_OURS = ("sqlitexstat1", "sqlitexautoindex_stored_events_1", "rm_odd", "stored_events_next2", "Stored_Events_Next ")


@frozen
class Change:
    """A change of the schema.

    Attributes:
        statements: what makes it.
        words: what a verification says of it, of which one must be there; empty where there is nothing to say.
    """

    statements: tuple[str, ...]
    words: tuple[str, ...] = ()

    def make(self, raw: Raw) -> None:
        """Change the schema."""
        for statement in self.statements:
            raw(statement)


def in_a_file() -> Iterator[tuple[str, Change]]:
    """Yield the changes of an embedded store, by name."""
    yield from _triggers()
    yield from _indexes("stored_events")
    yield from _views("CREATE VIEW {0} AS SELECT * FROM hidden")
    yield from _texts()
    for trigger in _GUARDS:
        yield f"{trigger} dropped", Change((f"DROP TRIGGER {trigger}",), (trigger,))
        yield (
            f"{trigger} weakened",
            Change(_edited(trigger, "BEGIN SELECT RAISE(ABORT,", "BEGIN SELECT (1,"), (trigger,)),
        )
    yield "a table added", Change(("CREATE TABLE odd (a)",), ("odd",))
    yield "a view added", Change(("CREATE VIEW rm_odd AS SELECT 1 AS a",), ("rm_odd",))
    yield "a column added", Change(("ALTER TABLE stored_events ADD COLUMN odd TEXT DEFAULT 'x'",), ("stored_events",))
    yield (
        "a column computed",
        Change(
            ("ALTER TABLE stored_events ADD COLUMN odd AS (length(state) / (position - position))",), ("stored_events",)
        ),
    )
    yield "without row ids", Change(_remade(" WITHOUT ROWID"), ("tree_head",))
    yield "strict", Change(_remade(" STRICT"), ("tree_head",))
    for pragma in ("user_version = 7", "application_id = 7", "journal_mode = DELETE", "journal_mode = TRUNCATE"):
        yield f"PRAGMA {pragma}", Change((f"PRAGMA {pragma}",))


_GUARDS = (
    "stored_events_next",
    "stored_events_UPDATE",
    "stored_events_DELETE",
    "tree_head_grows",
    "store_settings_once",
    "kept_reports_published",
    "kept_reports_UPDATE",
    "kept_names_once",
)


def _triggers() -> Iterator[tuple[str, Change]]:
    unfixed = ("DROP TRIGGER stored_events_UPDATE", "DROP TRIGGER stored_events_DELETE")
    bodies = {
        "swallow": ("BEFORE INSERT ON stored_events BEGIN SELECT RAISE(IGNORE); END", ()),
        "delete": (
            "AFTER INSERT ON stored_events BEGIN DELETE FROM stored_events WHERE position = NEW.position; END",
            unfixed,
        ),
        "alter": ("AFTER INSERT ON stored_events BEGIN UPDATE stored_events SET state = x'7b7d'; END", unfixed),
        "alter earlier ones": (
            "AFTER INSERT ON stored_events BEGIN UPDATE stored_events SET topic = 'x' WHERE position = 3; END",
            unfixed,
        ),
        "swallow reports": ("BEFORE INSERT ON kept_reports BEGIN SELECT RAISE(IGNORE); END", ()),
        "hold the head": ("BEFORE UPDATE OF root ON tree_head BEGIN SELECT RAISE(IGNORE); END", ()),
        "empty a read model": ("AFTER INSERT ON rm_totals BEGIN DELETE FROM rm_totals; END", ()),
    }
    for number, (what, (body, before)) in enumerate(bodies.items()):
        name = LIKE_OURS[number % len(LIKE_OURS)]
        yield f"a trigger to {what}", Change((*before, f'CREATE TRIGGER "{name}" {body}'), (name,))
    reserved = (
        "UPDATE sqlite_master SET name = 'sqlite_stat9', sql = replace(sql, 'odd', 'sqlite_stat9') WHERE name = 'odd'"
    )
    swallow = f"CREATE TRIGGER odd {bodies['swallow'][0]}"
    yield "a trigger with a reserved name", Change((swallow, *_written(reserved)), ("sqlite_stat9",))


def _indexes(table: str) -> Iterator[tuple[str, Change]]:
    unique = f"CREATE UNIQUE INDEX odd ON {table} (topic) WHERE position > 249"
    yield "an index that blocks", Change((unique,), ("odd",))
    yield "an index that fails", Change((f"CREATE INDEX odd ON {table} ((1 / (position - 251)))",), ("odd",))
    yield "an index dropped", Change(("DROP INDEX established_units",), ("established_units",))
    yield "an index added", Change((f"CREATE INDEX odd ON {table} (topic)",), ("odd",))


def _views(view: str) -> Iterator[tuple[str, Change]]:
    for table in (*LOG, "rm_totals", "rm_positions"):
        statements = (f"ALTER TABLE {table} RENAME TO hidden", view.format(table))
        yield f"a view in place of {table}", Change(statements, (table, "hidden"))


def _texts() -> Iterator[tuple[str, Change]]:
    """Yield tables of which the text in the schema was edited."""
    edits = {
        "a column may be null": ("stored_events", "topic TEXT NOT NULL", "topic TEXT"),
        "a check dropped": ("stored_events", " CHECK (length(leaf_hash) = 32)", ""),
        "a check added": ("stored_events", "topic TEXT NOT NULL", "topic TEXT NOT NULL CHECK (topic > 'B')"),
        "a default": ("stored_events", "topic TEXT NOT NULL", "topic TEXT NOT NULL DEFAULT 'x'"),
        "another type": ("stored_events", "originator_version INTEGER", "originator_version TEXT"),
        "another collation": ("stored_events", "topic TEXT", "topic TEXT COLLATE NOCASE"),
        "what is replaced": ("tree_head", "PRIMARY KEY", "PRIMARY KEY ON CONFLICT REPLACE"),
        "what is ignored": ("stored_events", "INTEGER PRIMARY KEY", "INTEGER PRIMARY KEY ON CONFLICT IGNORE"),
    }
    for what, (table, old, new) in edits.items():
        yield f"{what}, in {table}", Change(_edited(table, old, new), (table,))


def _edited(name: str, old: str, new: str) -> tuple[str, ...]:
    old, new = old.replace("'", "''"), new.replace("'", "''")
    return _written(f"UPDATE sqlite_master SET sql = replace(sql, '{old}', '{new}') WHERE name = '{name}'")


def _written(statement: str) -> tuple[str, ...]:
    return "PRAGMA writable_schema = ON", statement, "PRAGMA writable_schema = RESET"


def _remade(ending: str) -> tuple[str, ...]:
    """Return what makes the head's table anew, with its rows and another ending."""
    columns = "size INTEGER NOT NULL, root BLOB NOT NULL, frontier BLOB NOT NULL, recorded TEXT NOT NULL"
    return (
        "ALTER TABLE tree_head RENAME TO old",
        f"CREATE TABLE tree_head (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), {columns}){ending}",
        "INSERT INTO tree_head SELECT * FROM old",
        "DROP TABLE old",
    )


def on_a_server() -> Iterator[tuple[str, Change]]:
    """Yield the changes of a store on PostgreSQL, by name."""
    yield from _functions()
    yield from _rights()
    yield from _server_triggers()
    yield from _server_tables()
    yield from _indexes("stored_events")
    yield from _views("CREATE VIEW {0} AS SELECT * FROM hidden")


def _functions() -> Iterator[tuple[str, Change]]:
    for name in ("log_refuses", "log_appends", "log_moves", "log_keeps"):
        replaced = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
        yield f"the function {name} replaced", Change((replaced,), (name, "trigger"))
    for change in (
        "SECURITY DEFINER",
        "OWNER TO faults_other",
        "SET search_path = heinola",
        "SET role = 'none'",
        "COST 9",
    ):
        yield f"a function: {change}", Change((_ROLE, f"ALTER FUNCTION log_refuses() {change}"), ("log_refuses",))
    for name, arguments in (("format", "text, name"), ("coalesce", "bigint, int"), ("min", "bigint"), ("odd", "")):
        body = f"CREATE FUNCTION \"{name}\"({arguments}) RETURNS text LANGUAGE sql AS $$SELECT 'x'$$"
        yield f"a function {name} added", Change((body,), (name,))
    swallow = "CREATE FUNCTION {}() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'"
    told = "CREATE EVENT TRIGGER odd ON ddl_command_end EXECUTE FUNCTION odd_event()"
    yield "an event trigger", Change((swallow.format("odd_event"), told), ("odd",))


_ROLE = "DO $$BEGIN CREATE ROLE faults_other; EXCEPTION WHEN duplicate_object THEN NULL; END$$"


def _rights() -> Iterator[tuple[str, Change]]:
    for table in LOG:
        yield f"everybody may change {table}", Change((f"GRANT ALL ON {table} TO PUBLIC",), (table, "PUBLIC"))
        yield f"another owns {table}", Change((_ROLE, f"ALTER TABLE {table} OWNER TO faults_other"), (table, "owner"))
        yield f"rows of {table} hidden", Change((f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",), (table,))
        yield f"{table} unlogged", Change((f"ALTER TABLE {table} SET UNLOGGED",), (table,))
    column = "GRANT UPDATE (state) ON stored_events TO PUBLIC"
    yield "everybody may change a column", Change((column,), ("stored_events", "PUBLIC"))
    yield "everybody may create", Change(("GRANT CREATE ON SCHEMA heinola TO PUBLIC",), ("schema", "CREATE"))
    yield "another owns the schema", Change((_ROLE, "ALTER SCHEMA heinola OWNER TO faults_other"), ("schema", "owner"))
    yield "a policy", Change(("CREATE POLICY odd ON stored_events USING (true)",), ("odd", "stored_events"))
    forced = "ALTER TABLE stored_events FORCE ROW LEVEL SECURITY"
    yield "a forced policy", Change((forced, "ALTER TABLE stored_events ENABLE ROW LEVEL SECURITY"), ("stored_events",))


def _server_triggers() -> Iterator[tuple[str, Change]]:
    nothing = "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    changed = "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN NEW.state := '{}'; RETURN NEW; END$$"
    swallow = "CREATE TRIGGER odd BEFORE INSERT ON stored_events FOR EACH ROW EXECUTE FUNCTION odd()"
    yield "a trigger to swallow", Change((nothing, swallow), ("odd",))
    yield "a trigger to alter", Change((changed, swallow), ("odd",))
    hold = "CREATE TRIGGER odd BEFORE UPDATE ON tree_head FOR EACH ROW EXECUTE FUNCTION odd()"
    yield "a trigger to hold the head", Change((nothing, hold), ("odd",))
    deleting = (
        "CREATE FUNCTION odd() RETURNS trigger LANGUAGE plpgsql AS "
        "$$BEGIN DELETE FROM heinola.stored_events WHERE position = NEW.position; RETURN NULL; END$$"
    )
    after = "CREATE CONSTRAINT TRIGGER odd AFTER INSERT ON stored_events {} FOR EACH ROW EXECUTE FUNCTION odd()"
    free = "ALTER TABLE stored_events DISABLE TRIGGER stored_events_fixed"
    yield "a trigger to delete", Change((free, deleting, after.format("")), ("odd",))
    late = after.format("DEFERRABLE INITIALLY DEFERRED")
    yield "a trigger to delete at the end", Change((free, deleting, late), ("odd",))
    for how in ("DISABLE", "ENABLE REPLICA", "ENABLE"):
        off = f"ALTER TABLE stored_events {how} TRIGGER stored_events_fixed"
        yield f"a trigger: {how}", Change((off,), ("stored_events_fixed",))
    yield "a trigger dropped", Change(("DROP TRIGGER tree_head_moves ON tree_head",), ("tree_head_moves",))
    yield "a rule instead", Change(("CREATE RULE odd AS ON INSERT TO stored_events DO INSTEAD NOTHING",), ("odd",))
    also = "CREATE RULE odd AS ON UPDATE TO tree_head DO ALSO DELETE FROM stored_events WHERE position = NEW.size"
    yield "a rule besides", Change((free, also), ("odd",))
    replica = "DO $$BEGIN EXECUTE 'ALTER DATABASE ' || current_database() || ' SET {}'; END$$"
    yield "a session as a replica", Change((replica.format("session_replication_role = replica"),))


def _server_tables() -> Iterator[tuple[str, Change]]:
    events = {
        "a column added": "ADD COLUMN odd text",
        "a column with a default": "ADD COLUMN odd text DEFAULT 'x'",
        "a column computed": "ADD COLUMN odd bigint GENERATED ALWAYS AS (position / 1) STORED",
        "a default": "ALTER topic SET DEFAULT 'x'",
        "an identity": "ALTER position ADD GENERATED BY DEFAULT AS IDENTITY",
        "a column may be null": "ALTER topic DROP NOT NULL",
        "another type": "ALTER topic TYPE varchar",
        "another collation": 'ALTER topic TYPE text COLLATE "POSIX"',
        "a check dropped": "DROP CONSTRAINT stored_events_leaf_hash_check",
        "a key dropped": "DROP CONSTRAINT stored_events_once",
        "a check added": "ADD CONSTRAINT odd CHECK (position < 251) NOT VALID",
        "a reference added": "ADD CONSTRAINT odd FOREIGN KEY (position) REFERENCES stored_events (position)",
    }
    for what, change in events.items():
        yield what, Change((f"ALTER TABLE stored_events {change}",), ("stored_events", "odd"))
    yield "a table that inherits", Change(("CREATE TABLE odd () INHERITS (stored_events)",), ("odd", "stored_events"))
    yield "a table added", Change(("CREATE TABLE odd (a bigint)",), ("odd",))
    parts = (
        "ALTER TABLE store_settings RENAME TO hidden",
        "CREATE TABLE store_settings (LIKE hidden INCLUDING ALL) PARTITION BY LIST (name)",
        "CREATE TABLE odd PARTITION OF store_settings DEFAULT",
        "INSERT INTO store_settings SELECT * FROM hidden",
    )
    yield "a table in parts", Change(parts, ("store_settings", "odd", "hidden"))


IN_A_FILE, ON_A_SERVER = dict(in_a_file()), dict(on_a_server())
