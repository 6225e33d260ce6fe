"""An event stands in the stream that its content names: one that is put elsewhere is not recorded, whoever puts it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import orjson
import pytest
from attrs import evolve
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.codec import decode_event, encode_body, format_recorded
from events.language import EVENT_TYPES
from events.store import StoreInitialised, StoreUpgraded
from heinola_es.store import appending
from heinola_es.store.appending import Body, Misplaced, appended
from heinola_es.store.head import EMPTY_HEAD
from heinola_es.store.log import EventLog, Request, StoreNotSound
from tests.specification import NOW, events_in, numbered
from tests.strategies import events_of

if TYPE_CHECKING:
    from events.base import Event

SAMPLES = sorted((Path(__file__).resolve().parents[2] / "stored_events").iterdir())
ASKED = Request("controller", clock_is_right=True)
ELSEWHERE = UUID("0b3f4f0c-7d0e-5b1c-9b6a-4e1f3a2d5c71")


def sample(path: Path) -> tuple[str, str, bytes]:
    """Return topic, stream and body of a stored sample."""
    told = json.loads(path.read_text(encoding="utf-8"))
    return told["topic"], told["stream"], told["body"].encode()


STREAMS = {sample(path)[1] for path in SAMPLES}


def put(topic: str, stream: str, body: bytes) -> None:
    """Put one event at the beginning of a log."""
    appended(EMPTY_HEAD, [Body(stream, 1, topic, body)], "2020-01-01T00:00:00.000000Z")  # type: ignore[list-item]


def event_of(path: Path) -> Event:
    """Return the event of a sample, recorded when these tests record."""
    topic, stream, body = sample(path)
    return evolve(decode_event(topic, UUID(stream), 1, orjson.loads(body)), recorded=NOW)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_an_event_belongs_in_one_stream_alone(path: Path) -> None:
    """Every kind and version of event stands in its own stream, and in none of the others."""
    topic, stream, body = sample(path)
    put(topic, stream, body)
    for other in (*STREAMS - {stream}, ELSEWHERE.hex, "0" * 32, stream.upper(), str(UUID(stream)), stream[:-1], ""):
        with pytest.raises(Misplaced, match=f"the {topic} belongs in the stream {stream}, not in"):
            put(topic, other, body)


@pytest.mark.parametrize("event_type", EVENT_TYPES, ids=lambda event_type: event_type.TOPIC)
@settings(max_examples=25)
@for_all(data=st.data())
def test_an_event_of_any_content_is_refused_elsewhere(data: st.DataObject, event_type: type[Event]) -> None:
    """Whatever an event says, some stream that it has nothing to do with does not take it."""
    event = data.draw(events_of(event_type))
    with pytest.raises(Misplaced):
        put(event.TOPIC, ELSEWHERE.hex, orjson.dumps(encode_body(event)))


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("UnitDreamt", b"{}"),
        ("", b"{}"),
        ("ActualPosted", b"{}"),
        ("ActualPosted", b'{"unit":"4100"}'),
        ("ActualPosted", b'{"unit":"4100","effective":null}'),
        ("ActualPosted", b'{"unit":"4100","effective":7}'),
        ("UnitClosed", b"[]"),
        ("UnitClosed", b"null"),
        ("UnitClosed", b""),
        ("UnitClosed", b"\xff"),
        ("CommandKeyed", b"7"),
    ],
)
def test_one_that_does_not_say_is_refused(topic: str, body: bytes) -> None:
    """An event of which nobody can tell where it belongs stands nowhere."""
    with pytest.raises(Misplaced, match=f"the {topic} does not say which stream it belongs in"):
        put(topic, ELSEWHERE.hex, body)


def test_a_store_takes_none_of_them(store: EventLog) -> None:
    """Events of every kind, put into a stream of somebody's own, are refused in a sentence; nothing is recorded."""
    before = store.head()
    for path in SAMPLES:
        event = evolve(event_of(path), originator_id=ELSEWHERE)
        with pytest.raises(StoreNotSound, match=f"the {event.TOPIC} belongs in the stream"):
            append(store, event)
        with pytest.raises(StoreNotSound, match=f"the {event.TOPIC} belongs in the stream"):
            append_body(store, event)
    assert store.head() == before


def test_a_command_is_refused_whole(store: EventLog) -> None:
    """One of its events in the wrong stream is enough, wherever it stands among the others."""
    before = store.head()
    good = [event_of(path) for path in SAMPLES if path.stem.startswith(("Project", "File"))]
    wrong = evolve(good[0], originator_id=ELSEWHERE)
    for at in (0, 2, len(good)):
        with pytest.raises(StoreNotSound, match="nothing was recorded"):
            append(store, *numbered([*good[:at], wrong, *good[at:]]))
    assert store.head() == before


def test_in_their_own_streams_it_takes_them(store: EventLog) -> None:
    """What is refused elsewhere is recorded where it belongs; a publication that names bytes needs them beside it."""
    before = events_in(store)
    told = [event_of(path) for path in SAMPLES if not path.stem.startswith("ReportPublished.v2")]
    facts = numbered([event for event in told if not isinstance(event, StoreInitialised | StoreUpgraded)], before)
    append(store, *facts)
    assert events_in(store) == [*before, *facts]


def test_control_without_the_check_it_would_be_recorded(store: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing else keeps an event out of a stream that is not its own."""
    monkeypatch.setattr(appending, "_require_own_stream", lambda *_args: None)
    (path,) = (path for path in SAMPLES if path.stem == "ActualPosted.v1")
    append(store, evolve(event_of(path), originator_id=ELSEWHERE))
    assert len(store.events_of(ELSEWHERE)) == 1


def append(log: EventLog, *events: Event) -> None:
    """Append events as they are, past the rules."""
    with log.command(NOW, ASKED) as command:
        command.append(events)


def append_body(log: EventLog, event: Event) -> None:
    """Append an event that is encoded already, as large imports do."""
    body = orjson.dumps(encode_body(event))
    with log.command(NOW, ASKED) as command:
        assert format_recorded(command.recorded) == orjson.loads(body)["recorded"]
        command.append_bodies([Body(event.originator_id.hex, 1, event.TOPIC, body)])
