"""Events that undo others without end, as only a forger writes them, hold nothing up; on either database."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING

import orjson
import pytest

from events.codec import format_recorded
from events.streams import unit_year_stream
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import post_actual
from heinola_es.store.appending import Body
from heinola_es.store.log import Request
from tests.projections.asking import IMPORTED_AT, LATER, cents, complete, record, snapshot_of
from tests.projections.forging import Forger
from tests.terminal import Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

JUNE = parse_period("6/2020")
STREAM = unit_year_stream("4160", 2020)
SECONDS = 20
"""Of processor time, on a busy machine; each command takes one or two."""


@pytest.fixture
def city(store: EventLog) -> EventLog:
    """Give the small city with a posting of a unit, the first event of its stream."""
    record(store, post_actual, "4160", "fees", JUNE, 1_000_00, now=IMPORTED_AT)
    complete(store, "2020")
    return store


def forge(log: EventLog, runs: list[tuple[list[int], list[int]]]) -> None:
    """Append events that undo, each a run of versions at a run of positions, in one command."""
    version = len(log.positions_of(STREAM))
    fields = {"effective": "2020-06-01/2020-06-30", "stream": "unit-year/4160/2020", "reason": "forged"}
    with log.command(LATER, Request("controller")) as command:
        said = {"v": 1, "recorded": format_recorded(command.recorded), "recorded_by": "controller", **fields}
        states = [orjson.dumps({**said, "undoes": [undoes], "positions": [at]}) for undoes, at in runs]
        command.append_bodies(
            [Body(STREAM.hex, version + n, "FactsUndone", state) for n, state in enumerate(states, 1)]
        )


def answers(log: EventLog, *lines: str) -> list[int]:
    """Return the exit codes of commands, which end soon."""
    codes = []
    for line in lines:
        begun = process_time()
        codes.append(Terminal(log.location).run(line).exit_code)
        assert process_time() - begun < SECONDS, line
    return codes


@pytest.mark.parametrize("deep", [2000, 2001])
def test_an_undoing_of_an_undoing_of_an_undoing(city: EventLog, deep: int) -> None:
    """A chain as deep as one likes is followed: an even number of undoings leaves the fact as it was."""
    size = city.head().size
    (posted,) = city.positions_of(STREAM).values()
    chain = [([1, 1], [posted, posted])]
    chain += [([n, n], [size + n - 1, size + n - 1]) for n in range(2, deep + 1)]
    forge(city, chain)
    assert answers(city, "snapshot 2020Q2", "audit verify", "audit explain 4160 fees 2020Q2") == [0, 0, 0]
    assert cents(snapshot_of(city, "2020Q2"), "4160", "income") == (0 if deep % 2 else 1_000_00)


def test_each_undoes_everything_before_it(city: EventLog) -> None:
    """Two thousand events that each name all before them: figures are told, a verification says what is planted."""
    size = city.head().size
    (posted,) = city.positions_of(STREAM).values()
    chain = [([1, 1], [posted, posted])]
    chain += [([2, n], [size + 1, size + n - 1]) for n in range(2, 2001)]
    forge(city, chain)
    assert answers(city, "snapshot 2020Q2", "audit verify") == [0, 3]


@pytest.mark.parametrize("last", [10**12, 2**63 - 1])
def test_one_undoes_more_than_there_is(city: EventLog, last: int) -> None:
    """What names a million million events is refused by readers with one sentence, and named by a verification."""
    (posted,) = city.positions_of(STREAM).values()
    forge(city, [([1, last], [posted, last])])
    assert answers(city, "snapshot 2020Q2", "audit verify") == [1, 3]


@pytest.mark.parametrize("last", [10**12, 2**63 - 1])
def test_its_versions_alone_are_more_than_there_are(city: EventLog, last: int) -> None:
    """The positions are those of the fact, the versions beyond all measure: a verification tells."""
    (posted,) = city.positions_of(STREAM).values()
    forge(city, [([1, last], [posted, posted])])
    assert answers(city, "snapshot 2020Q2", "audit verify") == [0, 3]
    assert Terminal(city.location).run("record actual 4160 fees 7/2020 5").exit_code in {0, 1}


@pytest.mark.parametrize("line", ["snapshot 2020Q2", "audit log", "audit show 2000000"])
def test_an_undoing_at_a_far_position_undoes_no_more_than_there_is(city: EventLog, line: str) -> None:
    """Given one at a position that no log of this size has, nobody counts up to what it says; it is named."""
    far = 2_000_000
    said = {"effective": "2020-06-01/2020-06-30", "stream": "unit-year/4160/2020", "reason": "forged"}
    body = said | {"v": 1, "recorded": format_recorded(LATER), "recorded_by": "controller", "undoes": [[1, 1]]}
    Forger(city.location).append("FactsUndone", orjson.dumps(body | {"positions": [[5, far - 1]]}), far)
    result = Terminal(city.location).run(line)
    assert result.exit_code == 1
    assert "event 2000000 cannot be read (it undoes more than there is)" in result.stderr


def test_a_log_of_more_events_than_any_has_is_refused(city: EventLog) -> None:
    """Given a last event and a head at the end of all numbers, a reader says so and counts no further."""
    forger = Forger(city.location)
    forger.execute("UPDATE tree_head SET size = ?", (2**63 - 1,))
    forger.execute("UPDATE stored_events SET position = ? WHERE topic = 'BooksCompleted'", (2**63 - 1,))
    for line in ("snapshot 2020Q2", "audit log", "list units"):
        result = Terminal(city.location).run(line)
        assert (result.exit_code, "events, which no log has" in result.stderr) == (1, True)
