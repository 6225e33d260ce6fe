"""What this version does not know, or what is no event, stops every read with one sentence; so does a wrong head."""

from __future__ import annotations

from time import process_time
from typing import TYPE_CHECKING, Any

import pytest

from events.codec import NEWEST
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import post_actual
from heinola_es.store.location import is_on_server
from heinola_es.store.reading import LogReader
from tests.faults.whole import WHOLE
from tests.projections.asking import record
from tests.projections.forging import Forger
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.log import EventLog

READS = (
    "snapshot 2020Q2",
    "snapshot 2020Q2 --check",
    "snapshot 2020Q2 --known-at 2030-01-01",
    "report 2020Q2 --format md -o -",
    "report 2020Q2 --format md -o - --check",
    "publish 2020Q2 --key {key}",
    "export datapackage 2020Q2 -o -",
    "export events -o {out}",
    "audit log",
    "audit log --unit HYV --format csv",
    "audit show {last}",
    "audit explain HYV net 2020Q2",
    "audit diff 2020Q2 --from 0",
    "audit actors",
    "projections rebuild",
)
TOLD_OF_ONE = ("audit show {last}",)
BODY = (
    '{"v":1,"recorded":"2020-09-01T09:00:00.000000Z","recorded_by":"controller",'
    '"effective":"2020-05-01/2020-05-31","unit":"4100","line":"sales","amount_cents":100}'
)
BAD_BODIES = {
    "no JSON": "{",
    "not UTF-8": None,
    "no object": "[1]",
    "a number": "5",
    "nothing at all": "",
    "no amount": BODY.replace(',"amount_cents":100', ""),
    "no instant": BODY.replace('"recorded":"2020-09-01T09:00:00.000000Z",', ""),
    "an odd instant": BODY.replace("2020-09-01T09", "2020-09-01 09"),
    "an amount without end": BODY.replace("100}", "1e400}"),
    "a list for a unit": BODY.replace('"4100"', '["4100"]'),
    "an object for a source": BODY.replace('"v":1,', '"v":1,"source":{},'),
    "a number for who": BODY.replace('"controller"', "7"),
    "a day that is none": BODY.replace("2020-05-31", "2020-02-31"),
    "days in no order": BODY.replace("2020-05-31", "2020-04-30"),
    "a field of no such event": BODY.replace('"v":1,', '"v":1,"odd":1,'),
    "a version that is none": BODY.replace('"v":1', '"v":"one"'),
    "a version below one": BODY.replace('"v":1', '"v":0'),
    "half a letter": BODY.replace('"4100"', '"\\ud800"'),
}


@pytest.fixture
def forger(store: EventLog) -> Forger:
    """Give somebody who can write whatever to a store that was read before."""
    record(store, post_actual, "4160", "sales", parse_period("3/2020"), 5)
    terminal = Terminal(store.location)
    assert terminal.run("snapshot 2020Q2").exit_code == 0
    return Forger(store.location)


def _each_read(forger: Forger, folder: Any, last: int, turn: int = 0) -> Iterator[tuple[str, str]]:  # noqa: ANN401
    """Yield each way to read with the one sentence that it was refused with.

    On a server every third of them, beginning with another one at each turn: they read the log by the same functions.
    """
    terminal = Terminal(forger.location)
    key = folder / "seal.key"
    if not key.exists():
        assert terminal.run(f"keys init --key {key} --name heinola-es/test").exit_code == 0
    for line in READS if WHOLE or not is_on_server(forger.location) else READS[turn % 3 :: 3]:
        command = line.format(key=key, out=folder / "out.jsonl", last=last)
        result = terminal.run(command)
        assert (result.exit_code, result.stdout) == (1, ""), (command, result.output, result.exception)
        (sentence,) = result.stderr.splitlines()
        if not command.startswith("publish"):  # which looks at the store as one who records does, and says what is odd
            yield command, sentence


def test_an_event_of_an_unknown_kind_stops_every_read(forger: Forger, tmp_path: Any) -> None:  # noqa: ANN401 - a path
    """A kind that only a newer version knows is named with its position; no read passes over it."""
    last = forger.append("GoalSplit", BODY.encode())
    for command, sentence in _each_read(forger, tmp_path, last):
        assert f"event {last} is a GoalSplit, which this version does not know; upgrade heinola-es" in sentence, command


def test_a_later_version_of_a_known_event_stops_every_read(forger: Forger, tmp_path: Any) -> None:  # noqa: ANN401
    """An event in a version that only a newer program knows is named with its position, and is no traceback."""
    last = forger.append("ActualPosted", BODY.replace('"v":1', '"v":9').encode())
    for command, sentence in _each_read(forger, tmp_path, last):
        assert f"event {last} is a ActualPosted of a later version" in sentence, command


@pytest.mark.parametrize("what", BAD_BODIES)
def test_a_body_that_is_none_stops_every_read(forger: Forger, tmp_path: Any, what: str) -> None:  # noqa: ANN401
    """Whatever an event says in place of what its kind says: one sentence with its position, in each of the reads."""
    body = BAD_BODIES[what]
    last = forger.append("ActualPosted", b"\xff{}" if body is None else body.encode())
    for command, sentence in _each_read(forger, tmp_path, last, list(BAD_BODIES).index(what)):
        if command.startswith(("export events", "projections rebuild")):
            continue  # told below by the words of each
        assert f"event {last} cannot be read" in sentence, command
        assert "heinola audit verify" in sentence, command


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            "UPDATE store_settings SET value = '4' WHERE name = 'format'",
            "the store is of format '4', and this version knows",
        ),
        ("UPDATE store_settings SET value = '' WHERE name = 'format'", "the store is of format ''"),
        ("DELETE FROM store_settings WHERE name = 'format'", "the store is of format None"),
    ],
)
def test_an_unknown_format_stops_every_read(forger: Forger, tmp_path: Any, change: str, words: str) -> None:  # noqa: ANN401
    """A store that says that it is of another kind, or no longer says of which, is not read."""
    forger.execute(change)
    for command, sentence in _each_read(forger, tmp_path, 1):
        assert words in sentence, command


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("UPDATE tree_head SET size = 1000000000000", "the head of the log counts 1 000 000 000 000 events, the log"),
        ("UPDATE tree_head SET size = 3", "the head of the log counts 3 events, the log ends at"),
        ("UPDATE tree_head SET size = -4", "the head of the log counts -4 events, the log ends at"),
        ("DELETE FROM tree_head", "the head of the log is lost"),
    ],
)
def test_a_head_that_counts_otherwise_stops_every_read(forger: Forger, tmp_path: Any, change: str, words: str) -> None:  # noqa: ANN401
    """Nothing is counted through: what the head says and what there is are told at once."""
    forger.execute(change)
    for command, sentence in _each_read(forger, tmp_path, 1):
        if not command.startswith("audit show"):  # an event is there, whatever is counted
            assert words in sentence, command


def test_a_gap_of_a_million_million_positions_is_no_journey(forger: Forger) -> None:
    """An event that stands far from the one before is reached in one step, backwards and forwards."""
    at, begun = 1_000_000_000_000, process_time()
    forger.append("ActualPosted", BODY.encode(), at)
    terminal = Terminal(forger.location)
    for line in ("snapshot 2020Q2 --format json", "snapshot 2020Q2 --known-at 2020-08-15 --format json", "audit log"):
        assert terminal.run(line).exit_code == 0, line
    assert terminal.run("projections rebuild").exit_code == 0
    assert f'"position": {at}' in terminal.run("snapshot 2020Q2 --format json").stdout
    assert terminal.run(f"audit show {at}").exit_code == 0
    assert terminal.run("audit show 999999999999").exit_code == 2
    assert terminal.run("audit show 1000000000000000000000").exit_code == 2
    assert process_time() - begun < 5


def test_numbers_that_a_body_holds_are_not_counted_through(forger: Forger) -> None:
    """Publications of a revision, or on a position, far beyond the log are read without counting up to them."""
    body = (
        '{"v":1,"recorded":"2020-09-01T09:00:00.000000Z","recorded_by":"controller","effective":"2020-04-01/2020-06-30",'
        '"scope":"*","revision":1000000000000,"snapshot_sha256":"00","position":1000000000000,"root_sha256":"00"}'
    )
    forger.append("ReportPublished", body.encode())
    terminal = Terminal(forger.location)
    assert terminal.run("report 2020Q2 --format md -o -").exit_code == 0
    assert terminal.run("snapshot 2020Q2 --published").exit_code == 1


def test_every_kind_that_is_known_is_read(store: EventLog) -> None:
    """The reader's own list of kinds is that of the language, so that no event of ours is refused."""
    with LogReader.open(store.location) as reader:
        assert {row[3] for row in reader.rows(0, reader.size())} <= set(NEWEST)
        reader.require_known_kinds()
