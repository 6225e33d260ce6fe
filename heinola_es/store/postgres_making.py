"""How a store on PostgreSQL is made, and how one of the first format is upgraded: each in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import Refused
from heinola_es.store.kinds import INDEX
from heinola_es.store.location import StoreExists
from heinola_es.store.postgres_schema import LATER_KINDS, SCHEMAS, SEARCH_PATH, read_schema
from heinola_es.store.schema import FIRST_FORMAT, FORMAT

if TYPE_CHECKING:
    from psycopg import Cursor
    from psycopg.rows import DictRow

    from heinola_es.store.location import ServerStore

_ALONE = "SELECT pg_advisory_xact_lock(hashtextextended('heinola init of ' || %s, 0))"
_SCHEMA = """
SELECT nspowner::regrole::text AS owner, nspowner = current_user::regrole AS own, (
    SELECT min(i.type || ' ' || i.identity) FROM pg_depend d, pg_identify_object(d.classid, d.objid, d.objsubid) AS i
    WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = n.oid AND d.classid <> 'pg_default_acl'::regclass
) AS holds, EXISTS (SELECT FROM pg_class WHERE relnamespace = n.oid AND relname = 'tree_head') AS is_store
FROM pg_namespace n WHERE nspname = %s
"""
# Those who may record go on recording, and nobody but the owner makes anything beside the log any more.
_GRANTED = """
SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(grantee::regrole::text) END AS grantee
FROM pg_namespace, aclexplode(nspacl) WHERE nspname = %s AND privilege_type = 'CREATE' AND grantee <> nspowner
"""
_RECORDING = """
SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee
FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid, aclexplode(attacl)
WHERE pg_class.oid = (%s || '.tree_head')::regclass AND grantee <> relowner
"""
_LACKING = """
SELECT quote_ident(rolname) AS owner FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace JOIN pg_roles r
    ON r.oid = relowner
WHERE nspname = %(schema)s AND relname = 'stored_events' AND pg_has_role(relowner, 'MEMBER') AND NOT EXISTS (
    SELECT FROM pg_class WHERE relnamespace = n.oid AND relname IN (%(index)s, 'command_keys'))
"""
_READ_MODELS = "SELECT tablename::text FROM pg_tables WHERE schemaname = %s AND starts_with(tablename, 'rm_')"


def make_store(cursor: Cursor[DictRow], store: ServerStore, made: str) -> None:
    """Make the schemas, tables and guards of a store of a format.

    Raises:
        StoreExists: there is one already, or somebody else makes it at this moment.
        Refused: the schema belongs to somebody else, or holds something already.
    """
    cursor.execute(_ALONE, (store.schema,))
    _take_schema(cursor, store, store.schema)
    if made != FIRST_FORMAT:
        _take_schema(cursor, store, read_schema(store.schema))
    _run(cursor, store.schema, ";\n".join(SCHEMAS[made].statements()))


def upgrade_store(cursor: Cursor[DictRow], store: ServerStore, owner: str) -> None:
    """Bring a store of the first format, which nobody else writes to now, to this one, in the name of its owner."""
    cursor.execute(f"SET LOCAL ROLE {owner}".encode())
    _take_rights(cursor, store.schema)
    for row in cursor.execute(_READ_MODELS, (store.schema,)).fetchall():
        cursor.execute(f'DROP TABLE "{store.schema}"."{row["tablename"]}"'.encode())
    first, now = SCHEMAS[FIRST_FORMAT], SCHEMAS[FORMAT]
    statements = [
        *(f"DROP TRIGGER {name} ON {trigger.table}" for name, trigger in first.triggers.items()),
        *(f"DROP FUNCTION {name}()" for name in first.functions),
        "DROP TABLE command_keys",
        f"UPDATE store_settings SET value = '{FORMAT}' WHERE name = 'format'",  # noqa: S608 - of ours
        LATER_KINDS,
        *now.guards(),
    ]
    _run(cursor, store.schema, ";\n".join(statements))
    _take_schema(cursor, store, read_schema(store.schema))
    cursor.execute("RESET ROLE")


def complete_store(cursor: Cursor[DictRow], store: ServerStore) -> None:
    """Add to a store of this format what it was made without, where its owner asks.

    It waits for whoever is recording, and nobody waits for it who holds what it waits for.
    """
    row = cursor.execute(_LACKING, {"schema": store.schema, "index": INDEX}).fetchone()
    if row is not None:
        cursor.execute(f"SET LOCAL ROLE {row['owner']}".encode())
        _run(cursor, store.schema, LATER_KINDS)
        cursor.execute("RESET ROLE")


def _take_schema(cursor: Cursor[DictRow], store: ServerStore, name: str) -> None:
    """Make a schema, or take one that was made for us and is empty."""
    row = cursor.execute(_SCHEMA, (name,)).fetchone()
    if row is None:
        cursor.execute(f'CREATE SCHEMA "{name}"'.encode())
    elif row["is_store"]:
        raise StoreExists(f"{store.shown} is initialised already; choose another place with --store")
    elif not row["own"]:
        raise Refused(
            f"the schema {name} belongs to {row['owner']}; let them do it, or choose another one with --store"
        )
    elif row["holds"] is not None:
        raise Refused(f"the schema {name} is not empty ({row['holds']}); choose another one with --store")


def _take_rights(cursor: Cursor[DictRow], schema: str) -> None:
    for row in cursor.execute(_GRANTED, (schema,)).fetchall():
        cursor.execute(f'REVOKE CREATE ON SCHEMA "{schema}" FROM {row["grantee"]}'.encode())
    for row in cursor.execute(_RECORDING, (schema,)).fetchall():
        columns = "size, root, frontier, recorded"
        cursor.execute(f'REVOKE UPDATE ({columns}) ON "{schema}".tree_head FROM {row["grantee"]}'.encode())
        cursor.execute(f'GRANT UPDATE (only_row) ON "{schema}".tree_head TO {row["grantee"]}'.encode())


def _run(cursor: Cursor[DictRow], schema: str, statements: str) -> None:
    """Execute statements that name the tables of a schema without it."""
    cursor.execute(f'SET LOCAL search_path = "{schema}"; {statements}; SET LOCAL search_path = {SEARCH_PATH}'.encode())
