"""Whether a store on PostgreSQL still has the tables and guards it was made with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heinola_es.store.postgres_schema import FUNCTIONS, TRIGGERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.connection import Connection

TABLES = ("stored_events", "tree_head", "store_settings")
_HERE = "relnamespace = current_schema()::regnamespace"
_OURS = "relname IN ({}) AND {}".format(", ".join(f"'{table}'" for table in TABLES), _HERE)
# Names in these definitions come without a schema, as it is the only one in the search path.
_CONSTRAINTS = (
    "SELECT relname || ': ' || pg_get_constraintdef(c.oid) FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid "  # noqa: S608 - names of ours
    f"WHERE {_OURS}"
)
_COLUMNS = (
    "SELECT relname || ': ' || attname || ' ' || format_type(atttypid, atttypmod) "  # noqa: S608 - names of ours
    "|| CASE WHEN attnotnull THEN ' NOT NULL' ELSE '' END "
    f"FROM pg_attribute a JOIN pg_class t ON t.oid = a.attrelid WHERE {_OURS} AND attnum > 0 AND NOT attisdropped"
)
_TRIGGERS = (
    "SELECT tgname, relname, tgtype::int, tgenabled, proname, prosrc, tgqual IS NOT NULL OR tgnargs > 0, "  # noqa: S608 - names of ours
    "cardinality(tgattr::int2[]) "
    "FROM pg_trigger g JOIN pg_class t ON t.oid = g.tgrelid JOIN pg_proc p ON p.oid = g.tgfoid "
    f"WHERE NOT tgisinternal AND {_OURS}"
)
_RULES = f"SELECT rulename FROM pg_rewrite r JOIN pg_class t ON t.oid = r.ev_class WHERE {_OURS}"  # noqa: S608
_HIDDEN = f"SELECT relname FROM pg_class WHERE relrowsecurity AND {_OURS}"  # noqa: S608 - names of ours
_ALWAYS = "A"

CONSTRAINTS = frozenset(
    {
        'stored_events: PRIMARY KEY ("position")',
        "stored_events: UNIQUE (originator_id, originator_version)",
        "stored_events: CHECK ((length(leaf_hash) = 32))",
        "tree_head: PRIMARY KEY (only_row)",
        "tree_head: CHECK ((only_row = 1))",
        "store_settings: PRIMARY KEY (name)",
    }
)
COLUMNS = frozenset(
    f"{table}: {column} NOT NULL"
    for table, columns in {
        "stored_events": (
            "position bigint",
            "originator_id uuid",
            "originator_version bigint",
            "topic text",
            "state bytea",
            "leaf_hash bytea",
        ),
        "tree_head": ("only_row bigint", "size bigint", "root bytea", "frontier bytea", "recorded text"),
        "store_settings": ("name text", "value text"),
    }.items()
    for column in columns
)


def structure_flaws(connection: Connection) -> Iterator[str]:
    """Yield, in words, what differs from the schema of a store: a guard that is missing, changed or set off."""
    yield from _differing("column", COLUMNS, {name for (name,) in connection.execute(_COLUMNS)})
    yield from _differing("constraint", CONSTRAINTS, {name for (name,) in connection.execute(_CONSTRAINTS)})
    found = {row[0]: row[1:] for row in connection.execute(_TRIGGERS).fetchall()}
    for name, (table, moment, manner, function) in TRIGGERS.items():
        if name not in found:
            yield f"the trigger {name} was dropped"
            continue
        on, kind, enabled, calls, body, conditional, columns = found[name]
        if enabled not in {_ALWAYS, _ALWAYS.encode()}:
            yield f"the trigger {name} was set off"
        sound = (on, kind, calls, body) == (table, _kind(moment, manner), function, FUNCTIONS[function])
        if not sound or conditional or columns:
            yield f"the trigger {name} was changed"
    for name in sorted(found.keys() - TRIGGERS.keys()):
        yield f"a trigger {name} was added that is none of ours"
    for (name,) in connection.execute(_RULES).fetchall():
        yield f"a rule {name} was added that is none of ours"
    for (name,) in connection.execute(_HIDDEN).fetchall():
        yield f"rows of {name} are hidden from some"


def _differing(kind: str, expected: frozenset[str], found: set[str]) -> Iterator[str]:
    for name in sorted(expected - found):
        yield f"the {kind} {name} was dropped or changed"
    for name in sorted(found - expected):
        yield f"a {kind} {name} was added that is none of ours"


def _kind(moment: str, manner: str) -> int:
    """Return how PostgreSQL writes down when and how a trigger fires."""
    bits = {"ROW": 1, "BEFORE": 2, "INSERT": 4, "DELETE": 8, "UPDATE": 16, "TRUNCATE": 32}
    words = set(re.findall(r"\w+", moment)) | ({"ROW"} if manner.endswith("ROW") else set())
    return sum(bit for word, bit in bits.items() if word in words)
