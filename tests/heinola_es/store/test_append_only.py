"""The log only ever grows: the database itself refuses everything else, whatever program asks."""

from __future__ import annotations

import sqlite3
from contextlib import closing, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from events.figures import ActualPosted
from events.period import Period
from events.streams import unit_year_stream
from heinola_es.errors import Refused
from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store.log import Request, StoreNotSound
from projections.verifying.verification import verify
from tests.city import FOUNDED
from tests.publishing import publish_something
from tests.specification import NOW, events_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.log import EventLog

COLUMNS = "(position, originator_id, originator_version, topic, state, leaf_hash)"
FORBIDDEN = {
    "change a body": "UPDATE stored_events SET state = '{}' WHERE position = 3",
    "change a position": "UPDATE stored_events SET position = 99 WHERE position = 14",
    "change nothing": "UPDATE stored_events SET topic = topic",
    "replace by update": "UPDATE OR REPLACE stored_events SET position = 1 WHERE position = 2",
    "delete the last": "DELETE FROM stored_events WHERE position = 14",
    "delete all": "DELETE FROM stored_events",
    "replace an event": f"INSERT OR REPLACE INTO stored_events {COLUMNS} "
    "SELECT position, originator_id, originator_version, topic, '{}', leaf_hash FROM stored_events WHERE position = 3",
    "replace at the end": f"REPLACE INTO stored_events {COLUMNS} "
    "SELECT 17, originator_id, originator_version, topic, '{}', leaf_hash FROM stored_events WHERE position = 3",
    "rewrite on conflict": f"INSERT INTO stored_events {COLUMNS} "
    "SELECT position, originator_id, originator_version, topic, state, leaf_hash FROM stored_events WHERE position = 3 "
    "ON CONFLICT (position) DO UPDATE SET state = '{}'",
    "leave a gap": f"INSERT INTO stored_events {COLUMNS} VALUES (18, 'aa', 1, 'UnitClosed', '{{}}', zeroblob(32))",
    "go before the first": f"INSERT INTO stored_events {COLUMNS} VALUES (0, 'aa', 1, '-', '{{}}', zeroblob(32))",
    "give no position": "INSERT INTO stored_events (originator_id, originator_version, topic, state, leaf_hash) "
    "VALUES ('aa', 1, 'UnitClosed', '{}', zeroblob(32))",
    "shrink the tree": "UPDATE tree_head SET size = 12",
    "change the root": "UPDATE tree_head SET root = zeroblob(32)",
    "change the last instant": "UPDATE tree_head SET recorded = '2019-01-01T00:00:00.000000Z'",
    "delete the head": "DELETE FROM tree_head",
    "replace the head": "REPLACE INTO tree_head VALUES (1, 0, zeroblob(32), '', '')",
    "free a key": "DELETE FROM stored_events WHERE topic = 'CommandKeyed'",
    "change a key": "UPDATE stored_events SET state = replace(state, 'import-1', 'x') WHERE topic = 'CommandKeyed'",
    "replace a key": f"REPLACE INTO stored_events {COLUMNS} "
    "SELECT 17, originator_id, 1, topic, '{}', leaf_hash FROM stored_events WHERE topic = 'CommandKeyed'",
    "leave out a version": f"INSERT INTO stored_events {COLUMNS} "
    "SELECT 17, originator_id, 3, topic, state, leaf_hash FROM stored_events WHERE topic = 'CommandKeyed'",
    "begin with the second": f"INSERT INTO stored_events {COLUMNS} VALUES (17, 'aa', 2, '-', '{{}}', zeroblob(32))",
    "change the chart": "UPDATE store_settings SET value = 'other' WHERE name = 'chart'",
    "replace the chart": "REPLACE INTO store_settings VALUES ('chart', 'other')",
    "forget the city": "DELETE FROM store_settings WHERE name = 'city'",
}

BESIDE = {
    "change a report": "UPDATE kept_reports SET packed = x'00'",
    "change what a report is found by": "UPDATE kept_reports SET digest = digest",
    "delete a report": "DELETE FROM kept_reports",
    "replace a report": "REPLACE INTO kept_reports SELECT digest, x'00' FROM kept_reports",
    "rewrite a report on conflict": "INSERT INTO kept_reports SELECT digest, x'00' FROM kept_reports WHERE true "
    "ON CONFLICT (digest) DO UPDATE SET packed = x'00'",
    "keep what nobody published": f"INSERT INTO kept_reports VALUES ('{'0' * 64}', x'00')",
    "change a name": "UPDATE kept_names SET name = x'00'",
    "replace a name": "REPLACE INTO kept_names SELECT digest, salt, x'00' FROM kept_names",
}


def content(connection: sqlite3.Connection) -> list[list[tuple[object, ...]]]:
    """Return everything that the tables of the log hold."""
    tables = ("stored_events", "tree_head", "store_settings", "kept_reports", "kept_names")
    return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]


@pytest.fixture
def database(store: EventLog) -> Iterator[sqlite3.Connection]:
    """Give a connection of our own to a store with the small city and one command that had a key."""
    request = Request(by="controller", key="import-1", digest="d")
    run(store, NOW, request, lambda session: rename_unit(session, "4160", FOUNDED, "Heinolan lukio"))
    with closing(sqlite3.connect(store.path, isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize("statement", BESIDE.values(), ids=BESIDE)
def test_no_published_report_is_changed_or_deleted(
    store: EventLog, database: sqlite3.Connection, statement: str
) -> None:
    """What is kept of a publication stays, as the log does; of its names each may be deleted, and none exchanged."""
    publish_something(store)
    before = content(database)
    with pytest.raises(sqlite3.IntegrityError, match=r"the log is append-only"):
        database.execute(statement)
    assert content(database) == before
    database.execute("DELETE FROM kept_names")
    assert content(database) == [*before[:-1], []]


@pytest.mark.parametrize("statement", FORBIDDEN.values(), ids=FORBIDDEN)
def test_nothing_is_changed_or_deleted(database: sqlite3.Connection, statement: str) -> None:
    """No UPDATE, DELETE, REPLACE or gap gets past the database, and it says why."""
    before = content(database)
    with pytest.raises(sqlite3.IntegrityError, match=r"the log is append-only"):
        database.execute(statement)
    assert content(database) == before


def test_a_position_is_never_used_again(database: sqlite3.Connection) -> None:
    """Even where somebody dropped a trigger and deleted the last event, its position takes no other."""
    database.execute("DROP TRIGGER stored_events_DELETE")
    last = database.execute("SELECT * FROM stored_events ORDER BY position DESC LIMIT 1").fetchone()
    database.execute("DELETE FROM stored_events WHERE position = ?", last[:1])
    with pytest.raises(sqlite3.IntegrityError, match="the log is append-only: positions follow one another"):
        database.execute("INSERT INTO stored_events VALUES (?, ?, ?, ?, ?, ?)", last)


def test_recording_after_a_deletion_is_refused(store: EventLog, database: sqlite3.Connection) -> None:
    """A log whose tail was cut off does not grow over the gap."""
    database.execute("DROP TRIGGER stored_events_DELETE")
    database.execute("DELETE FROM stored_events WHERE position = (SELECT max(position) FROM stored_events)")
    before = content(database)
    with pytest.raises(
        StoreNotSound,
        match=r"counts 16 events, and the last one is 15.*so nothing was recorded; see `heinola audit verify`",
    ):
        run(store, NOW, Request("controller"), lambda session: rename_unit(session, "4100", FOUNDED, "Koulut"))
    assert content(database) == before


def test_a_version_is_recorded_once(store: EventLog) -> None:
    """Two writers that decided on the same state of a stream: the second is refused, as a conflict."""
    last = events_in(store)[-1]
    with (
        pytest.raises(Refused, match=r"the store refused the event .*versions of a stream follow one another"),
        store.command(NOW, Request("controller")) as command,
    ):
        command.append([last])


@pytest.mark.parametrize("odd", [None, 0, 40, 63, 64, 140])
def test_of_many_rows_each_is_held_against_the_rules(store: EventLog, odd: int | None) -> None:
    """Rows that go in together stand in their order; where one leaves out a version, none of them is recorded."""
    before = events_in(store)
    number = {event.originator_id: event.originator_version for event in before}
    wanted = []
    for at in range(141):
        code = ("4100", "4160")[at % 2]
        stream = unit_year_stream(code, 2031)
        number[stream] = number.get(stream, 0) + 1 + (at == odd)
        carried = {"recorded": NOW, "recorded_by": "controller", "effective": Period.of_month(2031, 1 + at % 12)}
        of = {"originator_id": stream, "originator_version": number[stream], "unit": code, "line": "sales"}
        wanted.append(ActualPosted(**carried, **of, amount_cents=at))  # type: ignore[arg-type]
    refusal = pytest.raises(Refused, match="versions of a stream follow one another")
    with nullcontext() if odd is None else refusal, store.command(NOW, Request("controller")) as command:
        command.append(wanted)
    assert events_in(store) == (before if odd is not None else [*before, *wanted])
    assert verify(Path(store.location)).problems == ()
