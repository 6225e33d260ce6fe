"""Whether a store on PostgreSQL is, to the last trigger and grant, what its format is made of.

One query tells all that there is in the log's schema and on its tables, line by line. What a store must have is told in
the same lines; whatever is missing, changed or added is named. Nothing is compared by a pattern.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from heinola_es.store.kinds import FIRST_BYTES, FIRST_KINDS, INDEX, SHOWN_BYTES
from heinola_es.store.postgres_schema import KEPT, SCHEMAS, SIGNED_SCHEMA
from heinola_es.store.schema import FIRST_FORMAT, FORMAT, SECOND_FORMAT, SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heinola_es.store.postgres_connection import ReadingConnection
    from heinola_es.store.postgres_schema import Function, Schema

Line = tuple[str, str, str]
"""What kind of thing it is, what it is called, and how it is made."""

# Texts that PostgreSQL writes itself name the log's schema wherever it is not in the search path, which it never is.
_LINES = """
WITH log AS (
    SELECT n.*, quote_ident(nspname) || '.' AS dot, coalesce(relowner, nspowner) AS owner
    FROM pg_namespace n LEFT JOIN pg_class c ON c.relnamespace = n.oid AND relname = 'stored_events'
    WHERE nspname = {schema}
), ours AS (
    SELECT c.*, log.owner, log.dot FROM pg_class c JOIN log ON c.relnamespace = log.oid
    WHERE relname IN ('stored_events', 'tree_head', 'store_settings', 'command_keys', 'kept_reports', 'kept_names',
        'head_signature')
        AND relkind NOT IN ('i', 'I')
), grants AS (
    SELECT 'schema' AS on_what, nspowner AS holder, owner, g.* FROM log, aclexplode(nspacl) AS g
    UNION ALL
    SELECT 'table ' || relname, relowner, owner, g.* FROM ours, aclexplode(relacl) AS g
    UNION ALL
    SELECT 'column ' || relname || '.' || attname, relowner, owner, g.*
    FROM ours JOIN pg_attribute ON attrelid = ours.oid, aclexplode(attacl) AS g WHERE NOT attisdropped
    UNION ALL
    SELECT 'function ' || proname, proowner, owner, g.*
    FROM log JOIN pg_proc ON pronamespace = log.oid, aclexplode(proacl) AS g
)
SELECT i.type, replace(i.identity, dot, ''), '' FROM log
    JOIN pg_depend d ON d.refclassid = 'pg_namespace'::regclass AND d.refobjid = log.oid,
    pg_identify_object(d.classid, d.objid, d.objsubid) AS i
    WHERE NOT (d.classid = 'pg_default_acl'::regclass
        AND (SELECT defaclrole <> owner FROM pg_default_acl a WHERE a.oid = d.objid))
UNION ALL
SELECT 'form of table', relname, concat_ws(' ', relkind, relpersistence, am.amname,
        CASE WHEN relowner <> ours.owner THEN 'owner ' || relowner::regrole END,
        CASE WHEN relrowsecurity OR relforcerowsecurity THEN 'row security' END,
        CASE WHEN relispartition THEN 'partition' END, array_to_string(reloptions, ' '))
    FROM ours LEFT JOIN pg_am am ON am.oid = relam
UNION ALL
SELECT 'column', relname || '.' || attname, concat_ws(' ', format_type(atttypid, atttypmod),
        CASE WHEN attcollation NOT IN (0, 100) THEN 'COLLATE ' || attcollation::regcollation END,
        CASE WHEN attnotnull THEN 'NOT NULL' END, pg_get_expr(adbin, adrelid), nullif(attidentity, ''),
        nullif(attgenerated, ''), CASE WHEN attinhcount > 0 THEN 'inherited' END)
    FROM ours JOIN pg_attribute ON attrelid = ours.oid AND attnum > 0 AND NOT attisdropped
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
UNION ALL
SELECT 'index', i.relname, replace(pg_get_indexdef(i.oid), dot, '')
        || CASE WHEN indisvalid AND indisready AND indislive THEN '' ELSE ' unusable' END
    FROM ours JOIN pg_index ON indrelid = ours.oid JOIN pg_class i ON i.oid = indexrelid
UNION ALL
SELECT 'constraint', ours.relname || '.' || conname, pg_get_constraintdef(c.oid)
        || CASE WHEN convalidated THEN '' ELSE ' unchecked' END
    FROM ours JOIN pg_constraint c ON ours.oid IN (conrelid, confrelid) AND contype <> 'n'
UNION ALL
SELECT 'trigger', tgname, replace(pg_get_triggerdef(t.oid), dot, '')
    FROM ours JOIN pg_trigger t ON tgrelid = ours.oid AND NOT tgisinternal
UNION ALL
SELECT 'firing of trigger', tgname, tgenabled::text
    FROM ours JOIN pg_trigger t ON tgrelid = ours.oid AND NOT tgisinternal
UNION ALL
SELECT 'body of function', proname, concat_ws(' ', lanname, prokind, provolatile, prorettype::regtype,
        CASE WHEN prosecdef THEN 'SECURITY DEFINER' END, CASE WHEN proisstrict THEN 'STRICT' END,
        CASE WHEN proleakproof THEN 'LEAKPROOF' END, CASE WHEN procost <> 100 THEN 'COST ' || procost END,
        CASE WHEN proparallel <> 'u' THEN 'PARALLEL' END, CASE WHEN prosupport <> 0 THEN 'SUPPORT' END,
        array_to_string(proconfig, ' '),
        CASE WHEN proowner <> owner THEN 'owner ' || proowner::regrole END, prosrc)
    FROM log JOIN pg_proc ON pronamespace = log.oid JOIN pg_language l ON l.oid = prolang
UNION ALL
SELECT 'rule', rulename, ours.relname FROM ours JOIN pg_rewrite ON ev_class = ours.oid
UNION ALL
SELECT 'policy', polname, ours.relname FROM ours JOIN pg_policy ON polrelid = ours.oid
UNION ALL
SELECT 'inheritance', inhrelid::regclass::text, inhparent::regclass::text FROM pg_inherits
    WHERE inhrelid IN (SELECT oid FROM ours) OR inhparent IN (SELECT oid FROM ours)
UNION ALL
SELECT 'statistics', stxname, ours.relname FROM ours JOIN pg_statistic_ext ON stxrelid = ours.oid
UNION ALL
SELECT 'event trigger', evtname, '' FROM pg_event_trigger e WHERE evtenabled <> 'D' AND NOT EXISTS (
    SELECT FROM pg_depend WHERE classid = 'pg_event_trigger'::regclass AND objid = e.oid AND deptype = 'e')
UNION ALL
SELECT 'grant', privilege_type || ' on ' || on_what, concat_ws(' ',
        CASE grantee WHEN 0 THEN 'everybody' ELSE grantee::regrole::text END,
        CASE WHEN is_grantable THEN 'WITH GRANT OPTION' END)
    FROM grants WHERE grantee NOT IN (holder, owner)
UNION ALL
SELECT 'owner of schema', nspname, CASE WHEN nspowner <> owner THEN nspowner::regrole::text ELSE '' END FROM log
UNION ALL
SELECT 'right', privilege_type || ' on ' || relname || ' of its owner', '' FROM (
    SELECT relname, d.privilege_type FROM ours, aclexplode(acldefault('r', relowner)) AS d WHERE relacl IS NOT NULL
    EXCEPT
    SELECT relname, h.privilege_type FROM ours, aclexplode(relacl) AS h WHERE h.grantee = relowner) AS lacking
"""


_COLUMNS = {
    "stored_events": (
        "position bigint",
        "originator_id uuid",
        "originator_version bigint",
        'topic text COLLATE "C"',
        "state bytea",
        "leaf_hash bytea",
    ),
    "tree_head": ("only_row bigint", "size bigint", "root bytea", "frontier bytea", 'recorded text COLLATE "C"'),
    "store_settings": ('name text COLLATE "C"', "value text"),
    "command_keys": ('key text COLLATE "C"', "digest text", "first bigint", "last bigint"),
    "kept_reports": ('digest text COLLATE "C"', "packed bytea"),
    "kept_names": ('digest text COLLATE "C"', "salt bytea", "name bytea"),
    SIGNATURE: ("only_row bigint", 'note text COLLATE "C"'),
}
_CONSTRAINTS = {
    "stored_events": {
        "stored_events_pkey": 'PRIMARY KEY ("position")',
        "stored_events_once": "UNIQUE (originator_id, originator_version)",
        "stored_events_leaf_hash_check": "CHECK ((length(leaf_hash) = 32))",
    },
    "tree_head": {"tree_head_pkey": "PRIMARY KEY (only_row)", "tree_head_only_row_check": "CHECK ((only_row = 1))"},
    "store_settings": {"store_settings_pkey": "PRIMARY KEY (name)"},
    "command_keys": {"command_keys_pkey": "PRIMARY KEY (key)"},
    "kept_reports": {
        "kept_reports_pkey": "PRIMARY KEY (digest)",
        "kept_reports_digest_check": "CHECK ((length(digest) = 64))",
    },
    "kept_names": {
        "kept_names_pkey": "PRIMARY KEY (digest)",
        "kept_names_check": "CHECK ((digest = encode(sha256((salt || name)), 'hex'::text)))",
        "kept_names_salt_check": "CHECK ((length(salt) = 32))",
    },
    SIGNATURE: {
        "head_signature_pkey": "PRIMARY KEY (only_row)",
        "head_signature_only_row_check": "CHECK ((only_row = 1))",
    },
}
_INDEXES = {
    "stored_events": {
        "established_units": """("position") WHERE (topic = 'UnitEstablished'::text)""",
        "launched_projects": """("position") WHERE (topic = 'ProjectLaunched'::text)""",
        "published_reports": """("position") WHERE (topic = 'ReportPublished'::text)""",
    }
}
_AMONG = ", ".join(f"'{topic}'::text" for topic in FIRST_KINDS)
_LATER_KINDS: Line = (
    "index",
    INDEX,
    (
        f"CREATE INDEX {INDEX} ON stored_events USING btree "
        f"((((topic || ' '::text) || encode(substr(state, 1, {SHOWN_BYTES}), 'hex'::text)))) "
        f"WHERE (NOT ((encode(substr(state, 1, {len(FIRST_BYTES)}), 'hex'::text) = '{FIRST_BYTES.hex()}'::text) "
        f"AND (topic = ANY (ARRAY[{_AMONG}]))))"
    ),
)
"""Some stores of the second format have it, and some have not."""
_FIRING = "firing of trigger"
_OF_OTHERS = ("form of table", "body of function", _FIRING)
"""What comes and goes with something else that is told of."""
_FORMS = dict.fromkeys(("tree_head", SIGNATURE), "r p heap fillfactor=10")
_PLAIN_FORM = "r p heap"
_GRANTS = {
    "USAGE on schema",
    "SELECT on table stored_events",
    "INSERT on table stored_events",
    "SELECT on table tree_head",
    "SELECT on table store_settings",
}
_SECOND_GRANTS = _GRANTS | {"UPDATE on column tree_head.only_row"}
GRANTED = {
    FORMAT: _SECOND_GRANTS
    | {f"{may} on table {table}" for may in ("SELECT", "INSERT") for table in KEPT}
    | {f"SELECT on table {SIGNATURE}", f"UPDATE on column {SIGNATURE}.note"},
    SECOND_FORMAT: _SECOND_GRANTS,
    FIRST_FORMAT: _GRANTS
    | {"CREATE on schema", "SELECT on table command_keys", "INSERT on table command_keys"}
    | {f"UPDATE on column tree_head.{column}" for column in ("size", "root", "frontier", "recorded")},
}
"""What the owner may have granted to others, as `examples/postgres-roles.sql` does, by the format of the store."""


def lines_query(schema: str) -> str:
    """Return the statement that tells what there is in the log's schema, as lines."""
    return _LINES.format(schema=f"'{schema}'")


def structure_flaws(connection: ReadingConnection) -> Iterator[str]:
    """Yield, in words, what differs from what a store of its format is made of."""
    found = [(kind, name, made) for kind, name, made in connection.execute(lines_query(connection.log_schema))]
    yield from flaws(found)
    if ("table", "store_settings", "") in found:
        rows = connection.execute("SELECT value FROM store_settings WHERE name = 'format'").fetchall()
        if [said for (said,) in rows if said in SCHEMAS] not in ([], [format_of(found)]):
            yield f"it is made like a store of format {format_of(found)}, and says that it is of another"


def format_of(found: Iterable[Line]) -> str:
    """Return the format of the store that these lines tell of, by what only stores of that format have.

    The first had a table for the keys of commands, the second nothing for reports that are kept.
    """
    names = {name for kind, name, _made in found if kind in {"table", "function", "index"}}
    if "command_keys" in names:
        return FIRST_FORMAT
    return FORMAT if names & {*KEPT, "log_keeps()", "published_reports"} else SECOND_FORMAT


def is_signed(found: Iterable[Line]) -> bool:
    """Return whether the store that these lines tell of has room for a signature of its head."""
    return ("table", SIGNATURE, "") in found


def flaws(found: list[Line]) -> Iterator[str]:
    """Yield, in words, how the lines differ from those of a store of their format."""
    made = format_of(found)
    expected = _expected(made, signed=made == FORMAT and is_signed(found))
    there = {line for line in found if not _is_left_alone(line, made)}
    names = {line[:2] for line in expected - there} & {line[:2] for line in there - expected}
    for kind, name in sorted(names):
        yield f"the trigger {name} was set off" if kind == _FIRING else f"the {kind} {name} was changed"
    for kind, name, _made in sorted(expected - there):
        if (kind, name) not in names and kind not in _OF_OTHERS:
            yield f"the {kind} {name} was dropped"
    for line in sorted(there - expected):
        if line[:2] not in names and line[0] not in _OF_OTHERS:
            yield _added(*line)


def _is_left_alone(line: Line, made: str) -> bool:
    """Return whether a line tells of what may be there or not: grants to roles, and some things of earlier formats."""
    kind, name, how = line
    if kind == "grant":
        return name in GRANTED[made] and how != "everybody" and not how.endswith(" WITH GRANT OPTION")
    if made == FIRST_FORMAT:
        return kind == "owner of schema" or (kind == "table" and name.startswith("rm_"))
    if made == SECOND_FORMAT and line == _LATER_KINDS:
        return True
    return kind == "owner of schema" and not how


def _added(kind: str, name: str, how: str) -> str:
    if kind == "grant":
        return f"{name} was granted to {how}"
    if kind == "right":
        return f"{name} was taken away"
    if kind == "owner of schema":
        return f"the schema {name} belongs to {how}, not to the owner of the log"
    article = "an" if kind[0] in "aeiou" else "a"
    return f"{article} {kind} {name} was added that is none of ours"


@lru_cache(maxsize=4)
def _expected(made: str, *, signed: bool) -> frozenset[Line]:
    """Return the lines of a store of a format, whoever owns it; with `signed`, of one whose head is signed."""
    lines = _lines_of(SCHEMAS[made]) + (_lines_of(SIGNED_SCHEMA) if signed else [])
    lines += [_LATER_KINDS] if made == FORMAT else []
    return frozenset(lines)


def _lines_of(schema: Schema) -> list[Line]:
    lines = [line for table, statements in schema.tables.items() for line in _lines_of_table(table, statements)]
    lines += [("function", f"{name}()", "") for name in schema.functions]
    lines += [("body of function", name, _made(function)) for name, function in schema.functions.items()]
    lines += [("trigger", name, trigger.definition(name)) for name, trigger in schema.triggers.items()]
    return lines + [(_FIRING, name, "A") for name in schema.triggers]


def _lines_of_table(table: str, statements: Iterable[str]) -> Iterator[Line]:
    yield "table", table, ""
    yield "form of table", table, _FORMS.get(table, _PLAIN_FORM)
    for column in _COLUMNS[table]:
        name, _space, made = column.partition(" ")
        yield "column", f"{table}.{name}", f"{made} NOT NULL"
    for name, made in _CONSTRAINTS[table].items():
        yield "constraint", f"{table}.{name}", made
        if not made.startswith("CHECK"):
            columns = made[made.index("(") :]
            yield "index", name, f"CREATE UNIQUE INDEX {name} ON {table} USING btree {columns}"
    for name, made in _INDEXES.get(table, {}).items():
        if any(statement.startswith(f"CREATE INDEX {name} ") for statement in statements):
            yield "index", name, f"CREATE INDEX {name} ON {table} USING btree {made}"


def _made(function: Function) -> str:
    rights = " SECURITY DEFINER" if function.definer else ""
    path = f" search_path={function.search_path}" if function.search_path else ""
    return f"plpgsql f v trigger{rights}{path} {function.body}"
