"""A log on its way between stores: every byte of it arrives, on either database, or nothing does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
import pytest
from attrs import evolve

from events.streams import unit_year_stream
from heinola_es.errors import HeinolaError, Refused
from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store.location import NoStoreHere, StoreExists
from heinola_es.store.log import EventLog, Request
from heinola_es.store.merkle import leaf_hash
from heinola_es.store.reading import LogReader
from heinola_es.store.transfer import exported, import_into
from heinola_es.store.transfer_lines import NotThatLog
from tests.city import CITY, FOUNDED, MADE
from tests.databases import POSTGRES, SQLITE, Database
from tests.specification import NOW, events_in, login_at

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KEYED = Request("controller", key="nimi-1", digest="d")
CITY_SIZE = 14

Told = list[dict[str, Any]]


def rename(log: EventLog, request: Request = KEYED, name: str = "Heinolan lukio") -> None:
    """Record one more event, under a key."""
    run(log, NOW, request, lambda session: rename_unit(session, "4160", FOUNDED, name))


def lines_of(location: str) -> list[bytes]:
    """Return a store's log as it is exported."""
    with LogReader.open(location) as reader:
        return list(exported(reader))


@pytest.fixture
def told(store: EventLog) -> Told:
    """Give the lines of a log with a command key, as what they say: the header and 16 events, the last one a key."""
    rename(store)
    return [orjson.loads(line) for line in lines_of(store.location)]


@pytest.fixture(params=[SQLITE, pytest.param(POSTGRES, marks=pytest.mark.postgres)])
def elsewhere(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the location of a store that is not there yet, on either database."""
    server = request.getfixturevalue("postgres_address") if request.param == POSTGRES else ""
    return Database(tmp_path, server).new("elsewhere")


def test_a_log_arrives_word_for_word(store: EventLog, elsewhere: str) -> None:
    """Positions, streams, versions, bodies, hashes, the root and the command keys: the copy exports the same bytes."""
    rename(store)
    lines = lines_of(store.location)
    assert import_into(elsewhere, lambda: lines, now=MADE, by="controller") == CITY_SIZE + 2
    assert lines_of(elsewhere) == lines
    with EventLog.open(elsewhere) as copy:
        assert copy.head() == store.head()
        assert events_in(copy) == events_in(store)
        assert (copy.setting("city"), copy.setting("chart")) == (CITY, "jhs192-2026")


def test_a_copy_goes_on(store: EventLog, elsewhere: str) -> None:
    """The copy takes new commands, knows the keys of the old ones, and grows the same tree as the original does.

    But where only one of the two asks for a login, which then stands on what is recorded there.
    """
    rename(store)
    lines = lines_of(store.location)
    import_into(elsewhere, lambda: lines, now=MADE, by="controller")
    with EventLog.open(elsewhere) as copy:
        assert run(copy, NOW, KEYED, lambda _session: None).repeated
        for log in (copy, store):
            rename(log, Request("controller"), "Lukio ja lukiolaiset")
        assert [evolve(event, login="") for event in events_in(copy)[-1:]] == [
            evolve(event, login="") for event in events_in(store)[-1:]
        ]
        same_login = login_at(elsewhere) == login_at(store.location)
        assert (copy.head() == store.head()) is same_login


def test_an_empty_log_can_be_moved(empty_store: EventLog, elsewhere: str) -> None:
    """What was chosen at the start is moved, with nothing after it."""
    lines = lines_of(empty_store.location)
    assert import_into(elsewhere, lambda: lines, now=MADE, by="controller") == 1
    assert lines_of(elsewhere) == lines


@pytest.mark.parametrize("city", [CITY, "Hollola"])
def test_a_log_is_not_taken_into_a_store_that_is_there(store: EventLog, elsewhere: str, city: str) -> None:
    """A log makes a store of its own: one that was initialised takes none, not even that of its own city."""
    EventLog.create(elsewhere, city, now=MADE, by="controller").close()
    before, lines = lines_of(elsewhere), lines_of(store.location)
    with pytest.raises(StoreExists, match=r"is initialised already.*; choose another place with --store"):
        import_into(elsewhere, lambda: lines, now=MADE, by="controller")
    assert lines_of(elsewhere) == before


def test_a_store_with_events_takes_none(store: EventLog, empty_store: EventLog) -> None:
    """Two logs are never mixed, and a log is not taken in twice."""
    before, nothing = lines_of(store.location), lines_of(empty_store.location)
    for lines in (before, nothing):
        with pytest.raises(StoreExists, match=r"is initialised already.*; choose another place with --store"):
            import_into(store.location, lines.copy, now=MADE, by="controller")
    assert lines_of(store.location) == before


def _set(line: int, **values: object) -> Callable[[Told], None]:
    return lambda told: told[line].update(values)


def _swap(told: Told) -> None:
    told[4], told[5] = told[5], told[4]


def _rehashed(told: Told, at: int = 5, **values: object) -> None:
    """Change an event and put its hash right, as somebody would who knows how it is made."""
    event = told[at]
    event.update(values)
    leaf = leaf_hash(event["stream"], event["version"], event["topic"], event["body"].encode())
    event["leaf_hash"] = leaf.hex()


def _made_again(told: Told) -> None:
    """Let the store be made a second time, at the end of the log."""
    last = orjson.loads(told[16]["body"])["recorded"]
    made = orjson.loads(told[1]["body"]) | {"recorded": last}
    told.append({**told[1], "position": 17, "version": 2})
    _rehashed(told, 17, body=orjson.dumps(made).decode())
    told[0]["size"] = 17


def _upgraded(*keys: list[str]) -> Callable[[Told], None]:
    """Let the log be of an earlier format, with an event at its end that took these command keys in."""

    def change(told: Told) -> None:
        last = orjson.loads(told[16]["body"])["recorded"]
        made = orjson.loads(told[1]["body"]) | {"recorded": last, "keys": keys}
        told.append({**told[1], "position": 17, "version": 2, "topic": "StoreUpgraded"})
        _rehashed(told, 17, body=orjson.dumps(made).decode())
        told[0]["size"] = 17

    return change


def _posted(told: Told, **values: object) -> None:
    """Let a posting stand at the end of the log."""
    body = {
        "v": 1,
        "recorded": orjson.loads(told[16]["body"])["recorded"],
        "recorded_by": "controller",
        "effective": "2020-06-01/2020-06-30",
        "unit": "4160",
        "line": "fees",
        "amount_cents": 100,
    }
    stream = unit_year_stream("4160", 2020).hex
    told.append({"position": 17, "stream": stream, "version": 1, "topic": "ActualPosted"})
    _rehashed(told, 17, body=orjson.dumps(body | values).decode())
    told[0]["size"] = 17


def _key_beside(told: Told) -> None:
    """Let a command key stand after the events, as it did after those of earlier stores."""
    told[0]["format"] = "heinola/events/1"
    told.append({"key": "nimi-2", "digest": "d", "first": 15, "last": 15})


LIES: dict[str, tuple[Callable[[Told], object], str]] = {
    "another body": (lambda told: told[5].update(body=told[5]["body"].replace("unit", "Unit")), "event 5 was changed"),
    "another topic": (_set(5, topic="UnitClosed"), "event 5 was changed"),
    "another stream": (_set(5, stream="0" * 32), "event 5 was changed"),
    "another hash": (_set(5, leaf_hash="00" * 32), "event 5 was changed"),
    "another version": (_set(5, version=2), "event 5 was changed"),
    "another position": (_set(5, position=6), "position 6 does not follow 4"),
    "two exchanged": (_swap, "position 5 does not follow 3"),
    "one left out": (lambda told: told.pop(5), "position 6 does not follow 4"),
    "the last left out": (lambda told: told.pop(16), "there are 15 events, and the first line tells of 16"),
    "one added": (lambda told: told.append(told[16]), "line 18 is not what is kept of a report"),
    "a body rewritten with its hash": (
        lambda told: _rehashed(told, body=told[5]["body"].replace("Opp", "Op")),
        "the root over them is another",
    ),
    "a body that is no JSON": (lambda told: _rehashed(told, body="{"), "event 5 cannot be read"),
    "a body that lacks a field": (lambda told: _rehashed(told, body="{}"), "event 5 cannot be read"),
    "a topic of the future": (lambda told: _rehashed(told, topic="UnitDreamt"), "event 5 cannot be read"),
    "a stream written otherwise": (
        lambda told: _rehashed(told, stream=told[5]["stream"].upper()),
        "the stream or the instant of event 5 is not written as they are",
    ),
    "a version that skips": (lambda told: _rehashed(told, version=2), "event 5 does not continue its stream"),
    "an instant before the last": (
        lambda told: _rehashed(told, body=told[5]["body"].replace('"recorded":"2019', '"recorded":"2018')),
        "event 5 was recorded before the one it follows",
    ),
    "a hash that is none": (_set(5, leaf_hash="zz"), "line 6 is not an event as it is exported"),
    "a number for a body": (_set(5, body=7), "line 6 is not an event as it is exported"),
    "another root": (_set(0, root="00" * 32), "the root over them is another"),
    "another last instant": (_set(0, recorded="2018-01-01T00:00:00.000000Z"), "the root over them is another"),
    "another size": (_set(0, size=15), "the root over them is another"),
    "another format": (_set(0, format="heinola/events/3"), "its first line does not say 'heinola/events/2'"),
    "no root": (lambda told: told[0].pop("root"), "line 1 is not as an exported log begins"),
    "another chart": (_set(0, chart="jhs192-1999"), "unknown chart"),
    "a key for other events": (
        lambda told: _rehashed(told, 16, body=told[16]["body"].replace('"last":15', '"last":14')),
        "line 17: the command key 'nimi-1' stands for events that it does not follow",
    ),
    "a key in the stream of another": (
        lambda told: _rehashed(told, 16, body=told[16]["body"].replace("nimi-1", "nimi-2")),
        "event 16 does not stand in the stream that it belongs in",
    ),
    "an event in the stream of another": (
        lambda told: _rehashed(told, body=told[5]["body"].replace('"4030"', '"4031"')),
        "event 5 does not stand in the stream that it belongs in",
    ),
    "a store that is made twice": (_made_again, "line 18: the store was initialised, and events stand before that"),
    "keys of three texts": (_upgraded(["k", "d", "1"]), "line 18: the command keys that this event took in cannot be"),
    "keys of no numbers": (_upgraded(["k", "d", "1", "²"]), "line 18: the command keys that this event took in"),
    "keys for events to come": (_upgraded(["k", "d", "1", "17"]), "line 18: the command keys that this event took in"),
    "keys of one event twice": (
        _upgraded(["a", "d", "1", "3"], ["b", "d", "3", "4"]),
        "line 18: the command keys that this event took in",
    ),
    "keys of numbers without an end": (_upgraded(["k", "d", "1", "9" * 5_000]), "line 18: the command keys that this"),
    "a figure on no line of the chart": (
        lambda told: _posted(told, line="odd"),
        "line 18: event 17 is about a line that is not in the chart of the log",
    ),
    "another city": (_set(0, city="Hollola"), "the first line tells of another city or chart than the events"),
    "a key beside the log": (
        _key_beside,
        "line 18: the command key 'nimi-2' stands beside a log that keeps its keys itself",
    ),
}


@pytest.mark.parametrize(("lie", "words"), LIES.values(), ids=LIES)
def test_what_is_not_as_it_was_exported_is_refused(
    told: Told, tmp_path: Path, lie: Callable[[Told], object], words: str
) -> None:
    """Whatever was changed on the way, the line is named and no store is made."""
    lie(told)
    lines = [orjson.dumps(one) for one in told]
    with pytest.raises(HeinolaError, match=words):
        import_into(str(tmp_path / "new.db"), lambda: lines, now=MADE, by="controller")
    with pytest.raises(NoStoreHere):
        EventLog.open(str(tmp_path / "new.db"))


@pytest.mark.parametrize("lines", [[], [b""], [b"{"], [b"[]"], [b"kunta;luku\n"], [b'{"a": 1}']])
def test_another_file_is_no_log(tmp_path: Path, lines: list[bytes]) -> None:
    """A file of another kind is told apart by its first line."""
    with pytest.raises(NotThatLog, match=r"line 1 is no JSON|no exported log"):
        import_into(str(tmp_path / "new.db"), lambda: lines, now=MADE, by="controller")


def test_a_log_that_changes_between_two_readings_is_not_recorded(store: EventLog, tmp_path: Path) -> None:
    """What was checked is what is recorded: the root is held against the first reading before the commit."""
    lines = lines_of(store.location)
    other = [line.replace(b"Oppilas", b"Oppil") for line in lines]
    assert other != lines
    readings = iter([lines, lines, other])
    with pytest.raises(Refused, match="the log changed while it was read; nothing was recorded, try again"):
        import_into(str(tmp_path / "new.db"), lambda: next(readings), now=MADE, by="controller")
    with pytest.raises(NoStoreHere):
        EventLog.open(str(tmp_path / "new.db"))
    import_into(str(tmp_path / "new.db"), lambda: lines, now=MADE, by="controller")


def test_a_log_is_exported_up_to_the_head_that_was_read(store: EventLog) -> None:
    """What is recorded meanwhile waits for the next export."""
    lines = lines_of(store.location)
    with LogReader.open(store.location) as reader:
        beginning = exported(reader)
        first = next(beginning)
        rename(store)
        assert [first, *beginning] == lines
