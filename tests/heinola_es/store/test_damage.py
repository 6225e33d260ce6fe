"""A log that was tampered with decides nothing: a stream that cannot be read whole is refused, in a sentence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from events.streams import unit_stream
from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store.log import LogDamaged, Request, StoreNotSound
from tests.city import FOUNDED, FOUNDED_AT
from tests.specification import NOW

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog, Receipt

SOON = FOUNDED_AT + timedelta(days=1)
"""So soon after the last event that nobody asks how long pauses were."""
STREAM = unit_stream("410")
CUT = "substr(state, 1, length(state) - 1)"


def rename(store: EventLog) -> Receipt:
    """Give a command that does not touch the damaged stream."""
    return run(store, SOON, Request("controller"), lambda session: rename_unit(session, "4160", FOUNDED, "Lukiot"))


def rewritten(old: str, new: str) -> str:
    """Return the statement that writes `new` for `old` in the bodies of a stream."""
    return f"UPDATE stored_events SET state = CAST(replace(state, '{old}', '{new}') AS BLOB) WHERE originator_id = ?"


DAMAGE = {
    "half a body": (f"UPDATE stored_events SET state = {CUT} WHERE originator_id = ?", "cannot be read"),
    "a wrong value": (rewritten('"service_area"', '"office"'), "cannot be read"),
    "a field too many": (rewritten('"v":1', '"v":1,"x":1'), "cannot be read"),
    "the first event gone": (
        "DELETE FROM stored_events WHERE originator_version = 1 AND originator_id = ?",
        "is missing",
    ),
    "a version changed": (
        "UPDATE stored_events SET originator_version = 3 WHERE originator_version = 2 AND originator_id = ?",
        "is missing",
    ),
}


@pytest.mark.parametrize(("statement", "words"), DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_stream_is_refused(store: EventLog, statement: str, words: str) -> None:
    """Somebody took the triggers away and changed the rows: the sentence says what is wrong and where to look."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as tampering:
        tampering.execute("DROP TRIGGER stored_events_UPDATE")
        tampering.execute("DROP TRIGGER stored_events_DELETE")
        assert tampering.execute(statement, (STREAM.hex,)).rowcount > 0
    with pytest.raises(LogDamaged) as refusal:
        run(store, SOON, Request("controller"), lambda session: rename_unit(session, "410", FOUNDED, "Koulut"))
    assert str(refusal.value).startswith(f"the log is damaged: an event of stream {STREAM} {words}")
    assert str(refusal.value).endswith("; see `heinola audit verify`, and restore a copy")


def test_other_streams_are_not_held_up(store: EventLog) -> None:
    """What does not touch the damaged stream is recorded as before; the audit finds the damage by itself.

    Whoever did the damage put the trigger back: a store without it takes nothing at all.
    """
    with closing(sqlite3.connect(store.path, isolation_level=None)) as tampering:
        guard = "SELECT sql FROM sqlite_schema WHERE name = 'stored_events_UPDATE'"
        (trigger,) = tampering.execute(guard).fetchone()
        tampering.execute("DROP TRIGGER stored_events_UPDATE")
        tampering.execute(f"UPDATE stored_events SET state = {CUT} WHERE originator_id = ?", (STREAM.hex,))
        with pytest.raises(StoreNotSound, match="the trigger stored_events_UPDATE was dropped"):
            rename(store)
        tampering.execute(trigger)
    assert rename(store).last == store.head().size


@pytest.mark.parametrize("body", ["x", "{}", '{"recorded":7}', '{"recorded":"yesterday"}'])
def test_pauses_are_not_told_by_a_log_that_cannot_be_read(store: EventLog, body: str) -> None:
    """After months without events the whole log is asked for its longest pause; what cannot be read is refused."""
    with closing(sqlite3.connect(store.path, isolation_level=None)) as tampering:
        tampering.execute("DROP TRIGGER stored_events_UPDATE")
        tampering.execute("UPDATE stored_events SET state = ? WHERE position = 5", (body.encode(),))
    with pytest.raises(LogDamaged, match=r"the log is damaged: event 5 cannot be read \("):
        run(store, NOW, Request("controller"), lambda session: rename_unit(session, "4100", FOUNDED, "Koulut"))
