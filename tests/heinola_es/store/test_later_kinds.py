"""A log that holds kinds or versions of events that only a newer program knows, wherever they stand in it."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from events import streams
from events.streams import TOPICS, unit_year_stream
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import post_actual
from heinola_es.store.appending import Body
from heinola_es.store.kinds import FIRST_KINDS, IN_A_FILE, INDEX
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from tests.projections.asking import LATER, record
from tests.projections.forging import Forger
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

BODY = (
    b'{"v":%d,"recorded":"2020-09-01T09:00:00.000000Z","recorded_by":"controller",%s'
    b'"effective":"2020-05-01/2020-05-31","unit":"410","line":"sales","amount_cents":100}'
)
CHECK = "heinola_es.store.kinds.LaterKinds.require_known"
POST = "record actual 4160 fees 1/2021 100"
READS = (
    "audit show 1",
    "audit explain 4160 net 2020Q2",
    "audit prove 1 -o none.proof",
    "projections status",
    "snapshot 2020Q2",
)


@pytest.fixture
def newer(store: EventLog, monkeypatch: pytest.MonkeyPatch) -> Iterator[EventLog]:
    """Give the store to a newer program, which knows one kind more."""
    monkeypatch.setitem(streams._KEYS, "GoalSplit", lambda body: f"unit-year/{body['unit']}/2020")
    yield store
    monkeypatch.undo()


def append(log: EventLog, topic: str, version: int, upto: int) -> int:
    """Record such an event as a newer program would, and many that are known after it, in another stream."""
    login = b'"login":"heinola",' if "://" in log.location else b""
    with log.command(LATER, Request("controller", clock_is_right=True)) as command:
        command.append_bodies([Body(unit_year_stream("410", 2020).hex, 1, topic, BODY % (version, login))])
    position = log.head().size
    for month in range(1, upto + 1):
        now = LATER + timedelta(minutes=month)
        record(log, post_actual, "4160", "fees", parse_period(f"{month % 12 + 1}/{2021 + month // 12}"), 5, now=now)
    return position


@pytest.mark.parametrize(("topic", "version"), [("GoalSplit", 1), ("ActualPosted", 2), ("ActualPosted", 1000)])
def test_what_is_not_known_stops_recording_wherever_it_stands(
    newer: EventLog, monkeypatch: pytest.MonkeyPatch, topic: str, version: int
) -> None:
    """An event in a stream that nobody asks for, a hundred events back, stops every command; nothing is recorded."""
    monkeypatch.setattr(CHECK, lambda *_args: None)
    position = append(newer, topic, version, 100)
    monkeypatch.undo()
    size = newer.head().size
    terminal = Terminal(newer.location)
    for line in (POST, f"{POST} --dry-run", "store upgrade", *READS):
        result = terminal.run(line)
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"event {position} is a {topic}" in result.stderr
    assert newer.head().size == size


def test_without_the_check_it_is_passed_over(newer: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the check taken out, a command records after what it does not know: the control."""
    monkeypatch.setattr(CHECK, lambda *_args: None)
    append(newer, "GoalSplit", 1, 30)
    assert Terminal(newer.location).run(POST).exit_code == 0


def test_a_damaged_event_holds_up_its_own_stream_alone(store: EventLog) -> None:
    """A body that is none is no newer version; whoever records elsewhere goes on."""
    for line in ("fees", "sales"):
        record(store, post_actual, "4160", line, parse_period("1/2021"), 5)
    position = store.head().size - 1
    Forger(store.location).execute("UPDATE stored_events SET state = ? WHERE position = ?", (b"\xff{}", position))
    record(store, post_actual, "4100", "sales", parse_period("1/2021"), 5)


def test_a_store_without_the_index_is_not_as_it_was_made(store: EventLog) -> None:
    """A verification says that it was dropped, and nothing is recorded until it is there again."""
    Forger(store.location).execute(f"DROP INDEX {INDEX}")
    terminal = Terminal(store.location)
    assert f"the index {INDEX} was dropped" in terminal.run("audit verify").stdout
    assert f"the index {INDEX} was dropped" in terminal.refused(POST)


def test_the_first_kinds_are_known_for_ever() -> None:
    """None of them ever leaves the language."""
    assert set(FIRST_KINDS) <= TOPICS


@pytest.mark.parametrize(
    "topics", [("FactsUndone",), ("RoundClosed", "FactsUndone", "RoundOpened"), ("RoundReminded",)]
)
def test_later_kinds_are_found_as_in_the_log(store: EventLog, topics: tuple[str, ...]) -> None:
    """What the index finds of some kinds is what the log has of them, in its order, up to where the reader knows it."""
    terminal = Terminal(store.location)
    for line in ("round open 2020Q2 --due 2020-08-01 --unit 410", POST, "round close 2020Q2 --reason x"):
        terminal.run(line)
    for _time in range(2):
        terminal.run(POST.replace("100", "7"))
        terminal.run(f"undo {store.head().size} --reason väärin")
    terminal.run("round open 2020Q3 --due 2020-11-01 --unit 410")
    with LogReader.open(store.location) as reader, closing(reader.connection):
        for end in (store.head().size, store.head().size - 2):
            reader.moment = end
            wanted = [row for row in reader.rows(0, end) if row[3] in topics]
            assert list(reader.rows_about(*topics)) == wanted
            assert len(wanted) >= (0 if topics == ("RoundReminded",) else 1)


@pytest.mark.in_a_file
def test_the_events_of_a_later_kind_are_found_by_the_index(store: EventLog) -> None:
    """No plan reads the log, however few of its events were undone."""
    with LogReader.open(store.location) as reader, closing(reader.connection):
        plan = reader.connection.execute(
            f"EXPLAIN QUERY PLAN {IN_A_FILE.rows_of('FactsUndone', 'position')} ORDER BY position", (1,)
        ).fetchall()
    assert plan[0][3] == f"SEARCH stored_events USING INDEX {INDEX} (<expr>>? AND <expr><?)"


@pytest.mark.in_a_file
def test_the_index_answers_by_itself(store: EventLog) -> None:
    """Each kind is looked up in it, however many events there are: no plan reads the log."""
    with LogReader.open(store.location) as reader, closing(reader.connection):
        plan = reader.connection.execute(f"EXPLAIN QUERY PLAN {IN_A_FILE._next}", ("",)).fetchall()
    assert [row[3] for row in plan] == [f"SEARCH stored_events USING INDEX {INDEX} (<expr>>?)"]
