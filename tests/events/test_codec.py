"""Every event goes to its stored body and back unchanged; older versions are upcast, what is unknown is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import orjson
import pytest
from attrs import field, fields, frozen
from attrs.validators import instance_of
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.base import Event, required
from events.codec import (
    AMOUNTS,
    NEWEST,
    VERSION_KEY,
    class_of,
    decode_event,
    encode_body,
    format_recorded,
    parse_recorded,
    upcast,
)
from events.figures import ActualPosted
from events.language import BY_TOPIC, EVENT_TYPES, UnknownTopicError, event_type_of
from events.period import Period
from events.streams import unit_year_stream
from tests.specification import fact
from tests.strategies import INSTANTS, events_of

STREAM = unit_year_stream("4100", 2020)
POSTED = fact(ActualPosted, "3/2020", unit="4100", line="personnel", amount_cents=-1_050_230_45)


def restored(event: Event) -> Event:
    """Write an event as the store does and read it back."""
    body = orjson.loads(orjson.dumps(encode_body(event)))
    return decode_event(event.TOPIC, event.originator_id, event.originator_version, body)


@pytest.mark.parametrize("event_type", EVENT_TYPES, ids=lambda event_type: event_type.TOPIC)
@settings(max_examples=25)
@for_all(data=st.data())
def test_an_event_comes_back_as_it_was(data: st.DataObject, event_type: type[Event]) -> None:
    """Whatever an event says, its stored body says it too, and nothing else."""
    event = data.draw(events_of(event_type))
    assert restored(event) == event


def test_topics_are_told_apart() -> None:
    """Every class of the language has a topic of its own, which finds it."""
    assert len(BY_TOPIC) == len(EVENT_TYPES)
    assert [event_type_of(event_type.TOPIC) for event_type in EVENT_TYPES] == list(EVENT_TYPES)


def test_every_older_version_has_its_upcast() -> None:
    """An event of version 3 knows the way from 1 and from 2; no more, no less."""
    assert {t.TOPIC: sorted(t.UPCASTS) for t in EVENT_TYPES} == {t.TOPIC: [*range(1, t.VERSION)] for t in EVENT_TYPES}


def test_what_readers_of_bodies_know_of_versions_is_what_the_classes_say() -> None:
    """The newest version of every event with more than one is told without its class, and told right."""
    assert {t.TOPIC: t.VERSION for t in EVENT_TYPES} == NEWEST


def test_every_class_is_found_by_its_topic_amounts_among_them() -> None:
    """The classes of amounts, found without loading all others, are those that the language has."""
    assert {t.TOPIC for t in EVENT_TYPES} > AMOUNTS
    assert all(class_of(t.TOPIC) is t for t in EVENT_TYPES)


def test_a_body_says_only_what_was_said() -> None:
    """Fields at their default are left out; the stream and its version are columns of the log, not of the body."""
    assert encode_body(POSTED) == {
        "v": 1,
        "recorded": "2020-01-01T09:00:00.000000Z",
        "recorded_by": "controller",
        "effective": "2020-03-01/2020-03-31",
        "unit": "4100",
        "line": "personnel",
        "amount_cents": -1_050_230_45,
    }


def test_an_unknown_topic_is_refused() -> None:
    """A newer version wrote it: the sentence says so, and what to do."""
    with pytest.raises(UnknownTopicError) as refusal:
        decode_event("BudgetForecast", STREAM, 1, encode_body(POSTED))
    assert str(refusal.value) == (
        "the log holds an event 'BudgetForecast' that this version does not know; upgrade the program"
    )


def test_an_unknown_field_is_refused() -> None:
    """A field that the class does not have is never dropped in silence."""
    with pytest.raises(ValueError, match="ActualPosted has no field colour, shape"):
        decode_event("ActualPosted", STREAM, 1, encode_body(POSTED) | {"shape": "round", "colour": "red"})


def test_a_newer_version_is_refused() -> None:
    """A body of a version yet to come is not guessed at."""
    with pytest.raises(ValueError, match="ActualPosted is stored in version 2, newer than this program's; upgrade"):
        decode_event("ActualPosted", STREAM, 1, encode_body(POSTED) | {VERSION_KEY: 2})


@pytest.mark.parametrize(
    "damage",
    [
        {"amount_cents": "many"},
        {"amount_cents": 12.5},
        {"unit": "  "},
        {"recorded_by": ""},
        {"effective": "2020-03-31/2020-03-01"},
        {"effective": "maaliskuu"},
        {"recorded": "yesterday"},
    ],
    ids=str,
)
def test_a_damaged_body_is_refused(damage: dict[str, Any]) -> None:
    """What the class would not let be made cannot be read either: validators hold on the way in."""
    with pytest.raises((ValueError, TypeError)):
        decode_event("ActualPosted", STREAM, 1, encode_body(POSTED) | damage)


@pytest.mark.parametrize("name", [a.name for a in fields(ActualPosted) if a.name in encode_body(POSTED)])
def test_a_missing_field_is_refused(name: str) -> None:
    """A body without one of the required fields is damaged."""
    body = encode_body(POSTED)
    del body[name]
    with pytest.raises(TypeError, match=name):
        decode_event("ActualPosted", STREAM, 1, body)


def test_the_recorded_instant_is_utc() -> None:
    """A local time in the log would make its order a matter of opinion."""
    with pytest.raises(ValueError, match="recorded must be in UTC"):
        fact_at(datetime(2020, 7, 1, 12, 0))  # noqa: DTZ001 - the mistake under test


def fact_at(recorded: datetime) -> Event:
    """Return a posting recorded at an instant."""
    return ActualPosted(
        originator_id=STREAM,
        originator_version=1,
        recorded=recorded,
        recorded_by="controller",
        effective=Period.of_month(2020, 3),
        unit="4100",
        line="personnel",
        amount_cents=-1,
    )


@for_all(st.tuples(INSTANTS, INSTANTS))
def test_the_order_of_stored_instants_is_the_order_of_time(instants: tuple[datetime, datetime]) -> None:
    """Recorded instants are stored in one width, so that text sorts as time does; and they come back exactly."""
    one, other = instants
    assert (format_recorded(one) < format_recorded(other)) is (one < other)
    assert parse_recorded(format_recorded(one)) == one
    assert parse_recorded(format_recorded(one)).tzinfo is UTC


# ---------------------------------------------------------------- upcasting, on an event that only these tests know


def _split_name(body: dict[str, Any]) -> dict[str, Any]:
    """Version 1 kept number and title in one text."""
    number, _, title = body.pop("heading").partition(" ")
    return body | {"number": number, "title": title}


def _whole_number(body: dict[str, Any]) -> dict[str, Any]:
    """Version 2 kept the number as text."""
    return body | {"number": int(body["number"])}


@frozen(slots=True, kw_only=True)
class RoomNumbered(Event):
    """A room got a number: an event with two older versions."""

    TOPIC: ClassVar[str] = "RoomNumbered"
    VERSION: ClassVar[int] = 3
    UPCASTS: ClassVar[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {1: _split_name, 2: _whole_number}

    number: int = field(validator=instance_of(int))
    title: str = field(validator=required)


BASE = {"recorded": "2020-01-01T09:00:00.000000Z", "recorded_by": "controller", "effective": "2020-03-01/2020-03-01"}


@pytest.fixture
def with_rooms(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the language know the event for the length of a test."""
    monkeypatch.setitem(BY_TOPIC, RoomNumbered.TOPIC, RoomNumbered)
    monkeypatch.setitem(NEWEST, RoomNumbered.TOPIC, RoomNumbered.VERSION)


@pytest.mark.parametrize(
    "stored",
    [
        {"v": 1, "heading": "12 Kirjasto ja musiikki"},
        {"v": 2, "number": "12", "title": "Kirjasto ja musiikki"},
        {"v": 3, "number": 12, "title": "Kirjasto ja musiikki"},
    ],
    ids=lambda body: f"v{body['v']}",
)
def test_every_version_is_read_as_the_newest(with_rooms: None, stored: dict[str, Any]) -> None:
    """Each upcast takes a body one version on, from whichever it was stored in; written again it is the newest."""
    event = decode_event("RoomNumbered", STREAM, 1, BASE | stored)
    assert isinstance(event, RoomNumbered)
    assert (event.number, event.title) == (12, "Kirjasto ja musiikki")
    assert encode_body(event) == {**BASE, "v": 3, "number": 12, "title": "Kirjasto ja musiikki"}


def test_a_fold_over_bodies_shares_the_upcasts(with_rooms: None) -> None:
    """Bodies are upcast before any event is made, so that a fast fold over dicts sees the newest version too."""
    body = upcast("RoomNumbered", BASE | {"v": 1, "heading": "12 Kirjasto"})
    assert (body["number"], body["title"]) == (12, "Kirjasto")
    assert upcast("RoomNumbered", body | {"v": 3}) == body | {"v": 3}


def test_a_body_without_a_version_is_of_the_first(with_rooms: None) -> None:
    """What says nothing about its version is version 1."""
    assert upcast("RoomNumbered", BASE | {"heading": "12 Kirjasto"})["number"] == 12


def test_a_version_after_the_newest_is_refused(with_rooms: None) -> None:
    """There is no way back from a version this program does not know."""
    with pytest.raises(ValueError, match="RoomNumbered is stored in version 4, newer than this program's"):
        decode_event("RoomNumbered", STREAM, 1, BASE | {"v": 4, "number": 12, "title": "Kirjasto"})
