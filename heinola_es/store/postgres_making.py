"""How a store on PostgreSQL is made, and how one of an earlier format is upgraded: each in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import Refused
from heinola_es.store.location import StoreExists
from heinola_es.store.postgres_schema import KEPT, SCHEMAS, SEARCH_PATH, SIGNED_SCHEMA, read_schema
from heinola_es.store.schema import FIRST_FORMAT, FORMAT, SIGNATURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from psycopg import Cursor
    from psycopg.rows import DictRow

    from heinola_es.store.location import ServerStore
    from heinola_es.store.postgres_schema import Schema

_ENCODING = "SELECT current_setting('server_encoding') AS name"
_WITH_ALL_SIGNS = frozenset({"UTF8", "SQL_ASCII"})  # the latter keeps bytes as they come
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
_HOLDING = """
SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END AS grantee, privilege_type AS may
FROM pg_class, aclexplode(relacl)
WHERE pg_class.oid = (%s || '.stored_events')::regclass AND grantee <> relowner
    AND privilege_type IN ('SELECT', 'INSERT')
"""
_READ_MODELS = "SELECT tablename::text FROM pg_tables WHERE schemaname = %s AND starts_with(tablename, 'rm_')"


def make_store(cursor: Cursor[DictRow], store: ServerStore, made: str) -> None:
    """Make the schemas, tables and guards of a store of a format.

    Raises:
        StoreExists: there is one already, or somebody else makes it at this moment.
        Refused: the schema belongs to somebody else, or holds something already; or not every text has room there.
    """
    encoding = cursor.execute(_ENCODING).fetchone()
    if encoding is not None and encoding["name"] not in _WITH_ALL_SIGNS:
        raise Refused(
            f"the database keeps texts in {encoding['name']}, which lacks letters and signs; make one with "
            "ENCODING 'UTF8', and name it with --store"
        )
    cursor.execute(_ALONE, (store.schema,))
    _take_schema(cursor, store, store.schema)
    if made != FIRST_FORMAT:
        _take_schema(cursor, store, read_schema(store.schema))
    _run(cursor, store.schema, ";\n".join(SCHEMAS[made].statements()))


def upgrade_store(cursor: Cursor[DictRow], store: ServerStore, was: str, owner: str) -> None:
    """Bring a store of an earlier format, which nobody else writes to now, to this one, in the name of its owner."""
    cursor.execute(f"SET LOCAL ROLE {owner}".encode())
    if was == FIRST_FORMAT:
        _take_rights(cursor, store.schema)
        for row in cursor.execute(_READ_MODELS, (store.schema,)).fetchall():
            cursor.execute(f'DROP TABLE "{store.schema}"."{row["tablename"]}"'.encode())
    _run(cursor, store.schema, ";\n".join(_upgrading(SCHEMAS[was], SCHEMAS[FORMAT])))
    _give_rights(cursor, store.schema)
    if was == FIRST_FORMAT:
        _take_schema(cursor, store, read_schema(store.schema))
    cursor.execute("RESET ROLE")


def make_room_for_signature(cursor: Cursor[DictRow], store: ServerStore, owner: str) -> None:
    """Make the table of the signed note of the head, which those who record may change and others read."""
    cursor.execute(f"SET LOCAL ROLE {owner}".encode())
    cursor.execute(f'DROP TABLE IF EXISTS "{store.schema}".{SIGNATURE}'.encode())
    _run(cursor, store.schema, ";\n".join(SIGNED_SCHEMA.statements()))
    for row in cursor.execute(_HOLDING, (store.schema,)).fetchall():
        may = "SELECT" if row["may"] == "SELECT" else "UPDATE (note)"
        cursor.execute(f'GRANT {may} ON "{store.schema}".{SIGNATURE} TO {row["grantee"]}'.encode())
    cursor.execute(f"INSERT INTO \"{store.schema}\".{SIGNATURE} VALUES (1, '')".encode())  # noqa: S608 - a schema's name
    cursor.execute("RESET ROLE")


def _upgrading(before: Schema, now: Schema) -> Iterator[str]:
    """Yield the statements that make a store of one format one of another; its log stays as it is."""
    yield from (f"DROP TRIGGER {name} ON {trigger.table}" for name, trigger in before.triggers.items())
    yield from (f"DROP FUNCTION {name}()" for name in before.functions)
    yield from (f"DROP TABLE {table}" for table in before.tables if table not in now.tables)
    for table, made in now.tables.items():
        yield from (statement for statement in made if statement not in before.tables.get(table, ()))
    yield f"UPDATE store_settings SET value = '{FORMAT}' WHERE name = 'format'"  # noqa: S608 - of ours
    yield from now.guards()


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


def _give_rights(cursor: Cursor[DictRow], schema: str) -> None:
    """Let those who may read the log read what is kept beside it, and those who may record keep it."""
    for row in cursor.execute(_HOLDING, (schema,)).fetchall():
        tables = ", ".join(f'"{schema}".{table}' for table in KEPT)
        cursor.execute(f"GRANT {row['may']} ON {tables} TO {row['grantee']}".encode())


def _run(cursor: Cursor[DictRow], schema: str, statements: str) -> None:
    """Execute statements that name the tables of a schema without it."""
    cursor.execute(f'SET LOCAL search_path = "{schema}"; {statements}; SET LOCAL search_path = {SEARCH_PATH}'.encode())
