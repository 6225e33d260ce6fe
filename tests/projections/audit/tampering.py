"""Ways to tamper with a store, made directly in its database file with the guards sent away and put back.

Each way returns the positions that a verification must name; empty where it is about no event.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any

import orjson
from attrs import evolve

from events.streams import project_stream
from heinola_es.store.kept import references_in
from heinola_es.store.merkle import append_leaves, leaf_hash, pack_frontier, root_of
from heinola_es.store.reading import LogReader
from heinola_es.store.schema import SCHEMA
from projections.published.kept_reports import sealed
from projections.published.publications import all_published
from projections.read_models.catching_up import rebuild
from projections.read_models.models import ALL
from projections.snapshot.taking import take_snapshot
from tests.specification import SALT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from random import Random

    from heinola_es.store.kept import Kept
    from projections.published.publications import Published

    Tampering = Callable[[Path, Random, int], set[int]]
    """Given the store, chance, and the last position to tamper with: the positions tampered with."""

COLUMNS = ("originator_id", "originator_version", "topic", "state", "leaf_hash")
ALL_COLUMNS = ", ".join(("position", *COLUMNS))


@contextmanager
def unguarded(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection to a store without its triggers; they are put back at the end, and the file is whole."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug on a test
        connection.execute("BEGIN")
        triggers = [statement for statement in SCHEMA if statement.startswith("CREATE TRIGGER")]
        for name in [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            connection.execute(f"DROP TRIGGER {name}")
        yield connection
        for statement in triggers:
            connection.execute(statement)
        connection.execute("COMMIT")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def changed_value(value: Any, chance: Random) -> Any:  # noqa: ANN401 - whatever SQLite stores
    """Return a value of the same type that differs by a byte, or by a number."""
    if isinstance(value, int):
        return value + chance.choice((-1, 1, 2, 1000))
    if value is None:
        return "x"
    if isinstance(value, str):
        at = chance.randrange(len(value)) if value else 0
        return value[:at] + chr(ord(value[at]) ^ 1 if value else 65) + value[at + 1 :]
    at = chance.randrange(len(value))
    return bytes([*value[:at], value[at] ^ (1 << chance.randrange(8)), *value[at + 1 :]])


def byte_of(column: str) -> Tampering:
    """Return a tampering with one byte of a column of one event."""

    def tamper(path: Path, chance: Random, last: int) -> set[int]:
        position = chance.randint(1, last)
        with unguarded(path) as connection:
            (value,) = connection.execute(
                f"SELECT {column} FROM stored_events WHERE position = ?", (position,)
            ).fetchone()
            changed = changed_value(value, chance)
            while isinstance(changed, int) and changed in versions_beside(connection, position):
                changed += 1
            connection.execute(f"UPDATE stored_events SET {column} = ? WHERE position = ?", (changed, position))
        return {position}

    return tamper


def versions_beside(connection: sqlite3.Connection, position: int) -> set[int]:
    """Return the versions of the stream of an event, which no other event of it can take."""
    query = (
        "SELECT originator_version FROM stored_events WHERE originator_id = "
        "(SELECT originator_id FROM stored_events WHERE position = ?)"
    )
    return {version for (version,) in connection.execute(query, (position,))}


def byte_of_the_file(path: Path, chance: Random, last: int) -> set[int]:
    """Flip a bit in the file where the body of an event stands, without SQLite."""
    with closing(sqlite3.connect(path)) as connection:
        bodies = dict(connection.execute("SELECT position, state FROM stored_events WHERE position <= ?", (last,)))
    content = bytearray(path.read_bytes())
    while True:
        position = chance.randint(1, last)
        start = content.find(bodies[position])
        if start >= 0:  # longer ones are spread over pages
            content[start + chance.randrange(len(bodies[position]))] ^= 1 << chance.randrange(8)
            path.write_bytes(content)
            return {position}


def type_of_the_body(path: Path, chance: Random, last: int) -> set[int]:
    """Store the body as a text, with the same bytes."""
    position = chance.randint(1, last)
    with unguarded(path) as connection:
        connection.execute("UPDATE stored_events SET state = CAST(state AS TEXT) WHERE position = ?", (position,))
    return {position}


def body_with_its_hash(path: Path, chance: Random, last: int) -> set[int]:
    """Change an amount or a text so that the event still reads, and recompute its leaf hash."""
    with unguarded(path) as connection:
        position = change_sensibly(connection, chance, last)
        rehash(connection)
    return {position}


def deleted(path: Path, chance: Random, last: int) -> set[int]:
    """Delete an event and leave the gap."""
    position = chance.randint(1, last)
    with unguarded(path) as connection:
        connection.execute("DELETE FROM stored_events WHERE position = ?", (position,))
    return {position}


def deleted_and_closed(path: Path, chance: Random, last: int) -> set[int]:
    """Delete an event and move all later ones up."""
    position = chance.randint(1, last)
    with unguarded(path) as connection:
        connection.execute("DELETE FROM stored_events WHERE position = ?", (position,))
        shift(connection, position, -1)
    return {position}


def inserted(path: Path, chance: Random, last: int) -> set[int]:
    """Insert an event that nobody recorded, moving all later ones down; its hash is right."""
    position = chance.randint(1, last)
    with unguarded(path) as connection:
        shift(connection, position, +1)
        insert(connection, position, chance)
    return {position}


def added(path: Path, chance: Random, last: int) -> set[int]:
    """Add an event at the end that nobody recorded."""
    with unguarded(path) as connection:
        (size,) = connection.execute("SELECT max(position) FROM stored_events").fetchone()
        insert(connection, size + 1, chance)
    return {size + 1}


def reordered(path: Path, chance: Random, last: int) -> set[int]:
    """Let two events exchange their places."""
    one, other = chance.sample(range(1, last + 1), 2)
    with unguarded(path) as connection:
        for old, new in ((one, -1), (other, one), (-1, other)):
            connection.execute("UPDATE stored_events SET position = ? WHERE position = ?", (new, old))
    return {one, other}


def rotated(path: Path, chance: Random, last: int) -> set[int]:
    """Move an event to another place, and those between by one."""
    one, other = sorted(chance.sample(range(1, last + 1), 2))
    with unguarded(path) as connection:
        connection.execute("UPDATE stored_events SET position = -1 WHERE position = ?", (one,))
        for position in range(one + 1, other + 1):
            connection.execute("UPDATE stored_events SET position = ? WHERE position = ?", (position - 1, position))
        connection.execute("UPDATE stored_events SET position = ? WHERE position = -1", (other,))
    return {one, other}


def swapped(path: Path, chance: Random, last: int) -> set[int]:
    """Let two events exchange what they say, each keeping its place, stream and hash."""
    with unguarded(path) as connection:
        one, other, bodies = pick_two(connection, chance, last)
        for position, (topic, state, _leaf) in ((one, bodies[1]), (other, bodies[0])):
            connection.execute(
                "UPDATE stored_events SET topic = ?, state = ? WHERE position = ?", (topic, state, position)
            )
    return {one, other}


def swapped_with_hashes(path: Path, chance: Random, last: int) -> set[int]:
    """Let two events exchange what they say, and make their hashes fit."""
    with unguarded(path) as connection:
        one, other, bodies = pick_two(connection, chance, last)
        for position, (topic, state, _leaf) in ((one, bodies[1]), (other, bodies[0])):
            connection.execute(
                "UPDATE stored_events SET topic = ?, state = ? WHERE position = ?", (topic, state, position)
            )
        rehash(connection)
    return {one, other}


def rewritten(path: Path, chance: Random, last: int) -> set[int]:
    """Change an event and recompute all that follows from it: hashes, head, publications and read models."""
    with unguarded(path) as connection:
        position = change_sensibly(connection, chance, last)
    rewrite(path)
    return {position}


def rewritten_without_an_event(path: Path, chance: Random, last: int) -> set[int]:
    """Take an event out, close the gap in the log and in its stream, and recompute all that follows from it."""
    with unguarded(path) as connection:
        stream = "SELECT originator_id FROM stored_events GROUP BY 1 HAVING count(*) > 1"
        positions = [
            at
            for (at,) in connection.execute(
                "SELECT position FROM stored_events WHERE topic IN ('ActualPosted', 'NarrativeReported', "
                f"'FigureStated') AND position <= ? AND originator_id IN ({stream})",
                (last,),
            )
        ]
        position = chance.choice(positions)
        (key, version) = connection.execute(
            "SELECT originator_id, originator_version FROM stored_events WHERE position = ?", (position,)
        ).fetchone()
        connection.execute("DELETE FROM stored_events WHERE position = ?", (position,))
        shift(connection, position, -1)
        for old in sorted(
            row[0]
            for row in connection.execute(
                "SELECT originator_version FROM stored_events WHERE originator_id = ? AND originator_version > ?",
                (key, version),
            )
        ):
            connection.execute(
                "UPDATE stored_events SET originator_version = ? WHERE originator_id = ? AND originator_version = ?",
                (old - 1, key, old),
            )
    rewrite(path)
    return {position}


def cut(path: Path, chance: Random, last: int) -> set[int]:
    """Cut events off the end, and nothing else."""
    with unguarded(path) as connection:
        end = chance.randint(1, last)
        (size,) = connection.execute("SELECT max(position) FROM stored_events").fetchone()
        connection.execute("DELETE FROM stored_events WHERE position >= ?", (end,))
    return set(range(end, size + 1))


def cut_cleanly(path: Path, chance: Random, last: int) -> set[int]:
    """Cut events off the end, with the head and the read models as if they had never been."""
    end = chance.randint(last - 40, last)
    with unguarded(path) as connection:
        connection.execute("DELETE FROM stored_events WHERE position >= ?", (end,))
    rewrite(path)
    return set(range(end, last + 1))


def shift(connection: sqlite3.Connection, position: int, by: int) -> None:
    """Move all events from a position on by one place."""
    connection.execute("UPDATE stored_events SET position = -position WHERE position >= ?", (position,))
    connection.execute("UPDATE stored_events SET position = ? - position WHERE position < 0", (by,))


def insert(connection: sqlite3.Connection, position: int, chance: Random) -> None:
    """Insert an event that fits in every way but one: nobody recorded it."""
    (state,) = connection.execute(
        "SELECT state FROM stored_events WHERE topic = 'ProjectLaunched' ORDER BY position LIMIT 1"
    ).fetchone()
    (neighbour,) = connection.execute(
        "SELECT state FROM stored_events WHERE position <> ? ORDER BY abs(position - ?) LIMIT 1", (position, position)
    ).fetchone()
    name = f"Uusi {chance.random()}"
    body = orjson.loads(state) | {"recorded": orjson.loads(neighbour)["recorded"], "project": name}
    stream, new = project_stream(name).hex, orjson.dumps(body)
    leaf = leaf_hash(stream, 1, "ProjectLaunched", new)
    connection.execute(
        f"INSERT INTO stored_events ({ALL_COLUMNS}) VALUES (?, ?, 1, 'ProjectLaunched', ?, ?)",
        (position, stream, new, leaf),
    )


def pick_two(connection: sqlite3.Connection, chance: Random, last: int) -> tuple[int, int, list[tuple[Any, ...]]]:
    """Return two events that say different things."""
    query = "SELECT topic, state, leaf_hash FROM stored_events WHERE position = ?"
    while True:
        one, other = chance.sample(range(1, last + 1), 2)
        bodies = [connection.execute(query, (position,)).fetchone() for position in (one, other)]
        if bodies[0][:2] != bodies[1][:2]:
            return one, other, bodies


def change_sensibly(connection: sqlite3.Connection, chance: Random, last: int) -> int:
    """Change an amount or a text of an event, so that it reads like any other."""
    rows = connection.execute(
        "SELECT position, state FROM stored_events WHERE position <= ? AND topic IN "
        "('FigureStated', 'ActualPosted', 'ActualCorrected', 'BudgetAmended', 'NarrativeReported', 'OutlookGiven')",
        (last,),
    ).fetchall()
    position, state = chance.choice(rows)
    body = orjson.loads(state)
    if "amount_cents" in body:
        body["amount_cents"] += chance.choice((-100_000, 100_000))
    else:
        body["text"] += " Lisätty."
    connection.execute("UPDATE stored_events SET state = ? WHERE position = ?", (orjson.dumps(body), position))
    return int(position)


def rehash(connection: sqlite3.Connection) -> None:
    """Make every leaf hash fit its event."""
    rows = connection.execute(f"SELECT {ALL_COLUMNS} FROM stored_events").fetchall()
    connection.executemany(
        "UPDATE stored_events SET leaf_hash = ? WHERE position = ?",
        [(leaf_hash(*row[1:5]), row[0]) for row in rows if leaf_hash(*row[1:5]) != row[5]],
    )


def rewrite(path: Path) -> None:
    """Recompute hashes, publications with what is kept of them, head and read models: the store agrees with itself."""
    with unguarded(path) as connection:
        rehash(connection)
        set_head(connection)
    with LogReader(path) as reader:
        reader.connection.execute("PRAGMA synchronous = OFF")
        rebuild(reader, ALL)
        published = [evolve(one, position=one.at - 1) for one in all_published(reader)]
        kept = {one.at: sealed(take_snapshot(reader, one.query()), salts_of(reader, one)) for one in published}
    with unguarded(path) as connection:
        connection.execute("DELETE FROM kept_reports")
        connection.execute("DELETE FROM kept_names")
        for at, (report, names) in kept.items():
            rows: tuple[Kept, ...] = (report, *names)
            for one in rows:
                connection.execute(one.KEEP, one.row())
            (state,) = connection.execute("SELECT state FROM stored_events WHERE position = ?", (at,)).fetchone()
            rehash(connection)
            leaves = [
                leaf
                for (leaf,) in connection.execute(
                    "SELECT leaf_hash FROM stored_events WHERE position < ? ORDER BY position", (at,)
                )
            ]
            frontier: list[bytes] = []
            append_leaves(0, frontier, leaves)
            body = orjson.loads(state) | {
                "snapshot_sha256": report.digest,
                "root_sha256": root_of(frontier).hex(),
                "position": at - 1,
            }
            connection.execute("UPDATE stored_events SET state = ? WHERE position = ?", (orjson.dumps(body), at))
        rehash(connection)
        set_head(connection)
    with LogReader(path) as reader:
        reader.connection.execute("PRAGMA synchronous = OFF")
        rebuild(reader, ALL)


def salts_of(reader: LogReader, one: Published) -> Callable[[], bytes]:
    """Return what gives the salts of a publication again, so that a report that is the same has the same bytes."""
    report = reader.kept_report(one.snapshot_sha256)
    referred = references_in(report.content()) if report else []
    names = reader.kept_names(referred)
    salts = iter([names[reference].salt for reference in referred])
    return lambda: next(salts, None) or SALT()


def set_head(connection: sqlite3.Connection) -> None:
    """Make the head of the tree fit the stored leaf hashes."""
    rows = connection.execute("SELECT leaf_hash, state FROM stored_events ORDER BY position").fetchall()
    frontier: list[bytes] = []
    size = append_leaves(0, frontier, (leaf for leaf, _state in rows))
    recorded = orjson.loads(rows[-1][1])["recorded"]
    connection.execute(
        "UPDATE tree_head SET size = ?, root = ?, frontier = ?, recorded = ?",
        (size, root_of(frontier), pack_frontier(frontier), recorded),
    )
