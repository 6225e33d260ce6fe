"""What was ever stored loads for ever: one sample of every version of every event, exactly as the log keeps it.

A sample is never edited. A new version of an event adds a sample beside the old ones; so does a field with a default,
which needs no new version: the name of its sample ends in what it shows (`ActualPosted.v1.internal.json`).
"""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from attrs import fields

from events.base import Event
from events.codec import VERSION_KEY, decode_event, encode_body
from events.figures import BudgetAmended
from events.language import EVENT_TYPES, event_type_of
from events.streams import stream_named
from heinola_es.store.merkle import leaf_hash

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "stored_events").iterdir())


def read(path: Path) -> tuple[str, str, int, bytes, str]:
    """Return topic, stream, version, stored body and leaf hash of a sample."""
    sample = json.loads(path.read_text(encoding="utf-8"))
    return sample["topic"], sample["stream"], sample["version"], sample["body"].encode(), sample["leaf_hash"]


def event_in(path: Path) -> Event:
    """Return the event that a sample holds."""
    topic, stream, version, body, _leaf = read(path)
    return decode_event(topic, UUID(stream), version, orjson.loads(body))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_stored_event_loads(path: Path) -> None:
    """Every body ever stored makes an event of today's class; the newest version is written back byte for byte."""
    topic, _stream, _version, body, _leaf = read(path)
    event = event_in(path)
    assert type(event) is event_type_of(topic)
    if orjson.loads(body)[VERSION_KEY] == event.VERSION:
        assert orjson.dumps(encode_body(event)) == body


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_stored_event_keeps_its_leaf_hash(path: Path) -> None:
    """The hash that a published root rests on can be worked out again, whatever has changed since."""
    topic, stream, version, body, leaf = read(path)
    assert leaf_hash(stream, version, topic, body).hex() == leaf


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_stored_event_stands_in_the_stream_that_it_names(path: Path) -> None:
    """The stream follows from the body, whatever version it is of."""
    topic, stream, _version, body, _leaf = read(path)
    assert stream_named(topic, orjson.loads(body)) == stream


def test_every_version_of_every_event_has_its_sample() -> None:
    """An event, or a new version of one, without a sample fails here; so does a sample of what never was."""
    wanted = {f"{t.TOPIC}.v{version}.json" for t in EVENT_TYPES for version in range(1, t.VERSION + 1)}
    assert {_without_what_it_shows(path) for path in SAMPLES} == wanted


def _without_what_it_shows(path: Path) -> str:
    """Return the name that the first sample of the same version has."""
    topic, version, *_what = path.stem.split(".")
    return f"{topic}.{version}.json"


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_sample_is_what_its_name_says(path: Path) -> None:
    """The file's name is the topic and the version it holds."""
    topic, _stream, _version, body, _leaf = read(path)
    assert _without_what_it_shows(path) == f"{topic}.v{orjson.loads(body)[VERSION_KEY]}.json"


@pytest.mark.parametrize("event_type", EVENT_TYPES, ids=lambda event_type: event_type.TOPIC)
def test_the_samples_show_every_field(event_type: type[Event]) -> None:
    """Each field of a class stands in one of its samples, so that a change of its form shows."""
    shown = {
        name
        for path in SAMPLES
        if path.name.startswith(f"{event_type.TOPIC}.v")
        for name in orjson.loads(read(path)[3])
    }
    own = {a.name for a in fields(event_type)} - {a.name for a in fields(Event)}
    assert own - shown == ({"detail"} if event_type is BudgetAmended else set())  # it corrects, or it is a detail
