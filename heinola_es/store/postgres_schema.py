"""The tables, indexes, functions and triggers of a store on PostgreSQL: the log in a schema of its own.

The same guarantees as in the embedded store, against whoever may record: positions and versions follow one another,
leaf hashes are what they say, the head of the tree moves with the log alone, and nothing is updated, deleted, replaced
or truncated. The triggers fire always, for replication and restores too.

A function runs with the rights and the search path of whoever wakes it, unless it says otherwise: every one of these
finds its tables by the schema of its trigger, and everything else in `pg_catalog`. Read models have a schema of their
own, so that whoever keeps them may create nothing beside the log.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.store.kinds import ON_A_SERVER
from heinola_es.store.schema import FIRST_FORMAT, FORMAT, SECOND_FORMAT, SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterator

APPEND_ONLY = "the log is append-only"
ONCE = "stored_events_once"
KEPT = ("kept_reports", "kept_names")
"""The tables of what is kept of published reports."""
SEARCH_PATH = "pg_catalog, pg_temp"
"""Where names without a schema are looked for; where temporary objects are named last, they stand in for nothing."""
NAME_BYTES = 63
"""The length that PostgreSQL cuts names to."""
_READ = "_read"
_DIGEST = 8


def read_schema(schema: str) -> str:
    """Return the name of the schema with the read models of the store in a schema."""
    if len(schema) + len(_READ) <= NAME_BYTES:
        return f"{schema}{_READ}"
    digest = sha256(schema.encode()).hexdigest()[:_DIGEST]
    return f"{schema[: NAME_BYTES - len(_READ) - 1 - _DIGEST]}_{digest}{_READ}"


@frozen(slots=True)
class Function:
    """A trigger function.

    Attributes:
        body: in PL/pgSQL.
        definer: it runs with the rights of the owner of the log, not of whoever wakes it.
        search_path: that it sets, or empty for that of whoever wakes it.
    """

    body: str
    definer: bool = False
    search_path: str = SEARCH_PATH

    def created(self, name: str) -> str:
        """Return the statement that makes it."""
        rights = " SECURITY DEFINER" if self.definer else ""
        path = f" SET search_path = {self.search_path}" if self.search_path else ""
        return f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql{rights}{path} AS $body${self.body}$body$"


@frozen(slots=True)
class Trigger:
    """When and how a trigger of a table calls which function, in the words of PostgreSQL and in its order."""

    table: str
    moment: str
    manner: str
    function: str

    def definition(self, name: str) -> str:
        """Return the statement that makes it, as PostgreSQL tells it again."""
        return f"CREATE TRIGGER {name} {self.moment} ON {self.table} {self.manner} EXECUTE FUNCTION {self.function}()"

    def created(self, name: str) -> Iterator[str]:
        """Yield the statements that make it."""
        yield self.definition(name)
        yield f"ALTER TABLE {self.table} ENABLE ALWAYS TRIGGER {name}"


@frozen(slots=True)
class Schema:
    """What a store of a format is made of.

    Attributes:
        tables: the statements that make each table with its indexes.
        functions, triggers: by name.
    """

    tables: Mapping[str, tuple[str, ...]]
    functions: Mapping[str, Function]
    triggers: Mapping[str, Trigger]

    def statements(self) -> Iterator[str]:
        """Yield the statements that make it, in the schema that comes first in the search path."""
        for made in self.tables.values():
            yield from made
        yield from self.guards()

    def guards(self) -> Iterator[str]:
        """Yield those that make functions and triggers."""
        for name, function in self.functions.items():
            yield function.created(name)
        for name, trigger in self.triggers.items():
            yield from trigger.created(name)


def _refused(what: str) -> str:
    return f"RAISE EXCEPTION '{APPEND_ONLY}: {what}' USING ERRCODE = 'integrity_constraint_violation';"


_REFUSING = f"""
BEGIN
    RAISE EXCEPTION '{APPEND_ONLY}: no % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END
"""
# `added` has the rows of one statement. Names of tables come with the schema of the trigger, whichever that is.
_POSITIONS_FOLLOW = f"""
    EXECUTE format('SELECT size, frontier, recorded FROM %I.tree_head FOR UPDATE', TG_TABLE_SCHEMA)
        INTO size, frontier, recorded;
    EXECUTE format('SELECT coalesce(max(position), 0) = $1 AND (SELECT max(position) = $3 FROM %1$I.stored_events)
            FROM %1$I.stored_events WHERE position < $2', TG_TABLE_SCHEMA)
        INTO sound USING size, first, last;
    IF size IS NULL OR NOT sound OR first <> size + 1 OR last - first + 1 <> number THEN
        {_refused("positions follow one another")}
    END IF;
"""  # noqa: S608 - SQL of ours
_VERSIONS_FOLLOW = f"""
    EXECUTE format('SELECT bool_and(low = high AND low = (
                SELECT coalesce(max(e.originator_version), 0) FROM %1$I.stored_events AS e
                WHERE e.originator_id = stream AND e.originator_version <= low))
            FROM (SELECT stream, min(before) AS low, max(before) AS high
                FROM (SELECT originator_id AS stream, originator_version
                        - row_number() OVER (PARTITION BY originator_id ORDER BY position) AS before
                    FROM added) AS numbered
                GROUP BY stream) AS streams', TG_TABLE_SCHEMA)
        INTO sound;
    IF NOT sound THEN
        {_refused("versions of a stream follow one another")}
    END IF;
"""  # noqa: S608 - SQL of ours
_HASHES_ARE_TRUE = f"""
    SELECT bool_and(leaf_hash = sha256('\\x00'::bytea || convert_to(replace(originator_id::text, '-', ''), 'UTF8')
        || '\\x00'::bytea || convert_to(originator_version::text, 'UTF8')
        || '\\x00'::bytea || convert_to(topic, 'UTF8') || '\\x00'::bytea || state)) INTO sound FROM added;
    IF NOT sound THEN
        {_refused("a leaf hash is that of its event")}
    END IF;
"""  # noqa: S608 - SQL of ours
# Whoever may do anything to the log may copy one word for word, with the logins of others. A character that PostgreSQL
# has no text for may stand in a body all the same: with another in its place, the rest is read as it is.
_BODY = "replace(convert_from(state, $text$UTF8$text$), $text$\\u0000$text$, $text$\\u0001$text$)::json"
_RECORDED_IN_OWN_NAME = f"""
    IF NOT pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER') THEN
        SELECT bool_and(coalesce({_BODY} ->> 'login', '') = session_user) INTO sound FROM added;
        IF NOT sound THEN
            {_refused("an event names the login that recorded it")}
        END IF;
        IF EXISTS (SELECT FROM added WHERE topic IN ('StoreInitialised', 'StoreUpgraded')) THEN
            {_refused("only its owner records what the store is")}
        END IF;
        EXECUTE format($query$SELECT bool_and(till = at - 1 AND since <= till
                    AND (SELECT count(*) = till - since + 1 AND bool_and(e.xmin = pg_current_xact_id()::xid)
                        FROM %I.stored_events AS e WHERE e.position BETWEEN since AND till))
                FROM (SELECT position AS at, ({_BODY} ->> 'first')::bigint AS since,
                        ({_BODY} ->> 'last')::bigint AS till
                    FROM added WHERE topic = 'CommandKeyed') AS keys$query$, TG_TABLE_SCHEMA)
            INTO sound;
        IF NOT sound THEN
            {_refused("a key stands for the command that it ends")}
        END IF;
    END IF;
"""  # noqa: S608 - SQL of ours
_TIME_FOLLOWS = f"""
    SELECT {_BODY} ->> 'recorded' INTO instant FROM added WHERE position = last;
    IF instant IS NULL OR instant !~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}T[0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}[.][0-9]{{6}}Z$'
        OR instant < recorded THEN
        {_refused("an event is not recorded before the last")}
    END IF;
"""  # noqa: S608 - SQL of ours
# As in `merkle.py`: two complete subtrees of one height become one of the next.
_HEAD_MOVES = """
    FOR leaf IN SELECT leaf_hash FROM added ORDER BY position LOOP
        node := leaf;
        rest := size;
        WHILE rest & 1 = 1 LOOP
            node := sha256('\\x01'::bytea || substr(frontier, length(frontier) - 31) || node);
            frontier := substr(frontier, 1, length(frontier) - 32);
            rest := rest >> 1;
        END LOOP;
        frontier := frontier || node;
        size := size + 1;
    END LOOP;
    node := substr(frontier, length(frontier) - 31);
    FOR at IN REVERSE length(frontier) / 32 - 2 .. 0 LOOP
        node := sha256('\\x01'::bytea || substr(frontier, at * 32 + 1, 32) || node);
    END LOOP;
    EXECUTE format('UPDATE %I.tree_head SET size = $1, root = $2, frontier = $3, recorded = $4', TG_TABLE_SCHEMA)
        USING size, node, frontier, instant;
"""
_APPENDING = f"""
DECLARE
    first bigint; last bigint; number bigint; sound boolean; instant text;
    size bigint; frontier bytea; recorded text; leaf bytea; node bytea; rest bigint;
BEGIN
    SELECT min(position), max(position), count(*) INTO first, last, number FROM added;
    IF number = 0 THEN
        RETURN NULL;
    END IF;
    {_POSITIONS_FOLLOW}{_VERSIONS_FOLLOW}{_HASHES_ARE_TRUE}{_RECORDED_IN_OWN_NAME}{_TIME_FOLLOWS}{_HEAD_MOVES}
    RETURN NULL;
END
"""  # noqa: S608 - SQL of ours
_MOVING = f"""
BEGIN
    IF pg_trigger_depth() < 2 OR NEW.size <= OLD.size OR NEW.recorded < OLD.recorded OR NEW.only_row <> OLD.only_row
    THEN
        {_refused("the tree only grows, with the log")}
    END IF;
    RETURN NEW;
END
"""
# Whoever may keep a report may do so for what was published, and for nothing else.
_KEEPING = f"""
DECLARE
    sound boolean;
BEGIN
    EXECUTE format('SELECT NOT EXISTS (SELECT FROM added WHERE NOT EXISTS (SELECT FROM %I.stored_events AS e
            WHERE e.topic = $topic$ReportPublished$topic$
                AND position(convert_to(added.digest, $text$UTF8$text$) IN e.state) > 0))', TG_TABLE_SCHEMA)
        INTO sound;
    IF NOT sound THEN
        {_refused("a report is kept for its publication")}
    END IF;
    RETURN NULL;
END
"""  # noqa: S608 - SQL of ours

_FIRST_FOLLOWING = f"""
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
_FIRST_GROWING = f"""
BEGIN
    IF NEW.size < OLD.size OR NEW.recorded < OLD.recorded OR NEW.only_row <> OLD.only_row
        OR NEW.size = OLD.size AND (NEW.root, NEW.frontier, NEW.recorded) <> (OLD.root, OLD.frontier, OLD.recorded)
    THEN
        RAISE EXCEPTION '{APPEND_ONLY}: the tree only grows' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END
"""

_STORED_EVENTS = (
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
)
_LATER_KINDS = f"CREATE INDEX IF NOT EXISTS {ON_A_SERVER.made}"
"""Some stores of the second format have it, and some have not."""
_PUBLISHED = "CREATE INDEX published_reports ON stored_events (position) WHERE topic = 'ReportPublished'"
_KEPT_REPORTS = (
    """CREATE TABLE kept_reports (
        digest text COLLATE "C" PRIMARY KEY CHECK (length(digest) = 64),
        packed bytea NOT NULL
    )""",
)
_KEPT_NAMES = (
    """CREATE TABLE kept_names (
        digest text COLLATE "C" PRIMARY KEY CHECK (digest = encode(sha256(salt || name), 'hex')),
        salt bytea NOT NULL CHECK (length(salt) = 32),
        name bytea NOT NULL
    )""",
)
_TREE_HEAD = (
    # The one row that moves with every append: room on its page, so that no move touches an index.
    """CREATE TABLE tree_head (
        only_row bigint PRIMARY KEY CHECK (only_row = 1),
        size bigint NOT NULL,
        root bytea NOT NULL,
        frontier bytea NOT NULL,
        recorded text COLLATE "C" NOT NULL
    ) WITH (fillfactor = 10)""",
)
_COMMAND_KEYS = (
    """CREATE TABLE command_keys (
        key text COLLATE "C" PRIMARY KEY, digest text NOT NULL, first bigint NOT NULL, last bigint NOT NULL
    )""",
)
_STORE_SETTINGS = ('CREATE TABLE store_settings (name text COLLATE "C" PRIMARY KEY, value text NOT NULL)',)


def _fixed(table: str) -> Trigger:
    return Trigger(table, "BEFORE DELETE OR UPDATE OR TRUNCATE", "FOR EACH STATEMENT", "log_refuses")


_INSERTED = ("AFTER INSERT", "REFERENCING NEW TABLE AS added FOR EACH STATEMENT")
_ADDED = ("stored_events", *_INSERTED)
_HEAD_STAYS = Trigger("tree_head", "BEFORE DELETE OR TRUNCATE", "FOR EACH STATEMENT", "log_refuses")
_FUNCTIONS = {
    "log_refuses": Function(_REFUSING),
    "log_appends": Function(_APPENDING, definer=True),
    "log_moves": Function(_MOVING),
}
_TRIGGERS = {
    **{f"{table}_fixed": _fixed(table) for table in ("stored_events", "store_settings")},
    "tree_head_stays": _HEAD_STAYS,
    "tree_head_moves": Trigger("tree_head", "BEFORE UPDATE", "FOR EACH ROW", "log_moves"),
    "stored_events_next": Trigger(*_ADDED, "log_appends"),
}

SIGNED_SCHEMA = Schema(
    {
        SIGNATURE: (
            """CREATE TABLE head_signature (
        only_row bigint PRIMARY KEY CHECK (only_row = 1),
        note text COLLATE "C" NOT NULL
    ) WITH (fillfactor = 10)""",
        )
    },
    {},
    {"head_signature_stays": Trigger(SIGNATURE, "BEFORE DELETE OR TRUNCATE", "FOR EACH STATEMENT", "log_refuses")},
)
"""What a store of this format has besides, where its log requires keys."""

SCHEMAS = {
    FIRST_FORMAT: Schema(
        {
            "stored_events": _STORED_EVENTS,
            "tree_head": _TREE_HEAD,
            "command_keys": _COMMAND_KEYS,
            "store_settings": _STORE_SETTINGS,
        },
        {
            "log_refuses": Function(_REFUSING, search_path=""),
            "log_follows": Function(_FIRST_FOLLOWING, search_path=""),
            "log_grows": Function(_FIRST_GROWING, search_path=""),
        },
        {
            **{f"{table}_fixed": _fixed(table) for table in ("stored_events", "command_keys", "store_settings")},
            "tree_head_stays": _HEAD_STAYS,
            "tree_head_grows": Trigger("tree_head", "BEFORE UPDATE", "FOR EACH ROW", "log_grows"),
            "stored_events_next": Trigger(*_ADDED, "log_follows"),
        },
    ),
    SECOND_FORMAT: Schema(
        {"stored_events": _STORED_EVENTS, "tree_head": _TREE_HEAD, "store_settings": _STORE_SETTINGS},
        _FUNCTIONS,
        _TRIGGERS,
    ),
    FORMAT: Schema(
        {
            "stored_events": (*_STORED_EVENTS, _LATER_KINDS, _PUBLISHED),
            "tree_head": _TREE_HEAD,
            "store_settings": _STORE_SETTINGS,
            "kept_reports": _KEPT_REPORTS,
            "kept_names": _KEPT_NAMES,
        },
        {**_FUNCTIONS, "log_keeps": Function(_KEEPING)},
        {
            **_TRIGGERS,
            "kept_reports_fixed": _fixed("kept_reports"),
            "kept_reports_published": Trigger("kept_reports", *_INSERTED, "log_keeps"),
            # And none for DELETE: its owner may erase a name.
            "kept_names_fixed": Trigger("kept_names", "BEFORE UPDATE OR TRUNCATE", "FOR EACH STATEMENT", "log_refuses"),
        },
    ),
}
"""What a store is made of, by its format."""
