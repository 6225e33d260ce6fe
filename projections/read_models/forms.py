"""The tables of read models: how they are made, and whether what stands under their names is what was made."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING, NamedTuple, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heinola_es.store.connection import Connection
    from heinola_es.store.postgres_connection import ReadingConnection

_IN_A_FILE = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE tbl_name GLOB 'rm_*' AND sql IS NOT NULL"
_ON_A_SERVER = r"""
SELECT CAST(c.relname AS text), CAST(c.relkind AS text) || CAST(c.relpersistence AS text),
    (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
     FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
    (SELECT string_agg(i.relname || CASE WHEN x.indisunique THEN ' unique' ELSE '' END, ', ' ORDER BY i.relname)
     FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid WHERE x.indrelid = c.oid AND NOT x.indisprimary),
    c.relhasrules OR c.relrowsecurity OR c.relhassubclass OR c.relispartition OR c.relchecks > 0
    OR EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relname LIKE 'rm\_%' AND c.relkind NOT IN ('i', 'I')
"""
_KIND_IN_A_FILE = "SELECT type FROM sqlite_master WHERE name = ? AND type <> 'trigger'"
_KIND_ON_A_SERVER = (
    "SELECT CAST(relkind AS text) FROM pg_class WHERE relname = ? AND relnamespace = current_schema()::regnamespace"
)
_KINDS = {"v": "VIEW", "m": "MATERIALIZED VIEW", "f": "FOREIGN TABLE", "S": "SEQUENCE", "c": "TYPE", "i": "INDEX"}
_TYPES = {"INTEGER": "bigint", "BIGINT": "bigint", "TEXT": "text"}


class Table(NamedTuple):
    """A table of a read model.

    Attributes:
        name: with its prefix.
        columns: as in CREATE TABLE.
        key: the columns that its rows are told apart by.
        indexes: column lists to index.
    """

    name: str
    columns: str
    key: str
    indexes: tuple[str, ...] = ()

    def create(self, connection: Connection, suffix: str) -> None:
        """Create the table, empty, in place of whatever bears the name with its suffix."""
        drop(connection, f"{self.name}{suffix}")
        connection.execute(f"CREATE TABLE {self.name}{suffix} ({self.columns})")

    def add_indexes(self, connection: Connection) -> None:
        """Create the indexes, once the table is filled and bears its own name."""
        for name, columns in self._named_indexes():
            drop(connection, name)
            connection.execute(f"CREATE INDEX {name} ON {self.name} ({columns})")

    def _named_indexes(self) -> Iterator[tuple[str, str]]:
        for number, columns in enumerate(self.indexes, 1):
            yield f"{self.name}_{number}", columns

    def form(self, connection: Connection) -> frozenset[tuple[object, ...]]:
        """Return what the database says of the table where it is as it was made."""
        if _is_file(connection):
            indexes = (
                ("index", name, f"CREATE INDEX {name} ON {self.name} ({columns})")
                for name, columns in self._named_indexes()
            )
            return frozenset({("table", self.name, f"CREATE TABLE {self.name} ({self.columns})"), *indexes})
        columns = [column.split()[:2] for column in self.columns.split(", PRIMARY KEY (")[0].split(", ")]
        told = ", ".join(f"{name} {_TYPES[kind]}" for name, kind in columns)
        return frozenset({("rp", told, ", ".join(name for name, _columns in self._named_indexes()) or None, False)})


def unfit(connection: Connection, tables: Sequence[Table]) -> tuple[set[str], set[str]]:
    """Return the names of the tables that are not there, and of those that are otherwise than they were made."""
    forms = _forms(connection)
    absent, odd = set(), set()
    for table in tables:
        if table.name not in forms:
            absent.add(table.name)
        elif forms[table.name] != table.form(connection):
            odd.add(table.name)
    return absent, odd | _poisoned(connection) & {table.name for table in tables}


def _poisoned(connection: Connection) -> set[str]:
    """Return what on a server bears a name of ours and is no plain table of plain columns: reading it may run code."""
    return set() if _is_file(connection) else cast("ReadingConnection", connection).odd_read_models()


def drop(connection: Connection, name: str) -> None:
    """Drop what bears a name, whatever it is; on a server, with what somebody let depend on it."""
    in_a_file = _is_file(connection)
    found = connection.execute(_KIND_IN_A_FILE if in_a_file else _KIND_ON_A_SERVER, (name,)).fetchall()
    for (kind,) in found:
        connection.execute(f"DROP {kind} {name}" if in_a_file else f"DROP {_KINDS.get(kind, 'TABLE')} {name} CASCADE")


def rename(connection: Connection, old: str, new: str) -> None:
    """Give a table another name, whatever bore it before."""
    drop(connection, new)
    connection.execute(f"ALTER TABLE {old} RENAME TO {new}")


def ready_to_rename(connection: Connection) -> None:
    """Let a table be renamed while views of somebody else name one that is not there."""
    if _is_file(connection):
        connection.execute("PRAGMA legacy_alter_table = ON")


def _forms(connection: Connection) -> dict[str, frozenset[tuple[object, ...]]]:
    """Return what the database says of everything that bears a name of ours, by table."""
    if _is_file(connection):
        rows = [
            (table, (kind, name, sql.replace('"', ""))) for kind, name, table, sql in connection.execute(_IN_A_FILE)
        ]
    else:
        rows = [(name, tuple(told)) for name, *told in connection.execute(_ON_A_SERVER)]
    forms: dict[str, set[tuple[object, ...]]] = {}
    for table, told in rows:
        forms.setdefault(table, set()).add(told)
    return {table: frozenset(told) for table, told in forms.items()}


def _is_file(connection: Connection) -> bool:
    return isinstance(connection, sqlite3.Connection)
