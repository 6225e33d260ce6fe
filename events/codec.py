"""Events to plain bodies and back: dicts of JSON values, upcast from older versions on the way in.

The stream id and version are columns of the log, not part of the body. Fields at their default are left out,
so a body says only what was said.
"""

from __future__ import annotations

import typing
from datetime import UTC, date, datetime
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from attrs import fields

from events.period import Period
from events.streams import TOPICS, module_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from events.base import Event

VERSION_KEY = "v"
NEWEST = {
    **dict.fromkeys(TOPICS, 1),
    "ActualCorrected": 2,
    "FileImported": 2,
    "ProjectRevised": 2,
    "ReportPublished": 2,
}
"""The version that each event has come to, by topic; so that a reader of bodies need not load any class.

A test holds it against the classes, which have the upcasts beside them.
"""
AMOUNTS = frozenset({"ActualPosted", "ActualCorrected", "BudgetAdopted", "BudgetAmended"})
"""The many of a log: the topics of amounts, whose classes are called as they are."""
_COLUMNS = ("originator_id", "originator_version")


def format_recorded(instant: datetime) -> str:
    """Return a UTC instant in the one fixed-width form that is stored, so that text order is time order."""
    return f"{instant:%Y-%m-%dT%H:%M:%S.%f}Z"


def parse_recorded(text: str) -> datetime:
    """Return the UTC instant that `format_recorded` wrote."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def encode_body(event: Event) -> dict[str, Any]:
    """Return the event's body as JSON values, with its version under `"v"`."""
    body: dict[str, Any] = {VERSION_KEY: event.VERSION}
    for name, default, write, _read in _plan(type(event)):
        value = getattr(event, name)
        if value != default:
            body[name] = write(value) if write and value is not None else value
    return body


def decode_event(topic: str, originator_id: UUID, originator_version: int, body: dict[str, Any]) -> Event:
    """Return the event that a stored body of any version describes.

    Raises:
        UnknownTopicError: no such event is known.
        ValueError, TypeError: the body does not fit the event; the log was damaged.
    """
    return decode_as(class_of(topic), originator_id, originator_version, body)


def decode_as(event_type: type[Event], originator_id: UUID, originator_version: int, body: dict[str, Any]) -> Event:
    """Return the event of a known class that a stored body of any version describes.

    Raises:
        ValueError, TypeError: the body does not fit the event; the log was damaged.
    """
    body = upcast(event_type.TOPIC, body)
    values = {
        name: read(body[name]) if read and body[name] is not None else body[name]
        for name, _default, _write, read in _plan(event_type)
        if name in body
    }
    unknown = body.keys() - values.keys() - {VERSION_KEY}
    if unknown:
        raise ValueError(f"{event_type.TOPIC} has no field {', '.join(sorted(unknown))}")
    return event_type(originator_id=originator_id, originator_version=originator_version, **values)


def upcast(topic: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return the body in the newest version of its event; works on dicts so that fast folds share it."""
    version, newest = body.get(VERSION_KEY, 1), NEWEST.get(topic)
    if version == newest:
        return body
    if newest is None or not isinstance(version, int) or version < 1:
        raise ValueError(f"{topic} in version {version!r} is no event")
    if version > newest:
        raise ValueError(f"{topic} is stored in version {version}, newer than this program's; upgrade the program")
    upcasts = class_of(topic).UPCASTS
    while version < newest:
        body = upcasts[version](body)
        version += 1
    return body


@cache
def class_of(topic: str) -> type[Event]:
    """Return the class of an event, without loading the classes of other families.

    Raises:
        UnknownTopicError: no such event is known.
    """
    module = module_of(topic)
    if module is None:
        from events.language import event_type_of  # noqa: PLC0415 - where all classes are loaded

        return event_type_of(topic)
    found: type[Event] = getattr(import_module(module), topic)
    return found


_Plan = tuple[str, Any, "Callable[[Any], Any] | None", "Callable[[Any], Any] | None"]


_plans: dict[type[Event], tuple[_Plan, ...]] = {}


def _plan(event_type: type[Event]) -> tuple[_Plan, ...]:
    """Return how to write and read each field; worked out once per class, as the fold of a log asks a million times."""
    plan = _plans.get(event_type)
    if plan is None:
        plan = _plans[event_type] = _make_plan(event_type)
    return plan


def _make_plan(event_type: type[Event]) -> tuple[_Plan, ...]:
    hints = typing.get_type_hints(event_type)
    return tuple(
        (attribute.name, attribute.default, *_converters(hints[attribute.name]))
        for attribute in fields(event_type)
        if attribute.name not in _COLUMNS
    )


def _converters(hint: Any) -> tuple[Callable[[Any], Any] | None, Callable[[Any], Any] | None]:  # noqa: ANN401 - a type hint
    kinds = {kind for kind in typing.get_args(hint) or (hint,) if kind is not type(None)}
    if Period in kinds:
        return str, Period.from_iso
    if datetime in kinds:
        return format_recorded, parse_recorded
    if date in kinds:
        return date.isoformat, date.fromisoformat
    if any(typing.get_origin(kind) is tuple for kind in kinds) or typing.get_origin(hint) is tuple:
        return list, _tuples
    return None, None


def _tuples(value: list[Any]) -> tuple[Any, ...]:
    return tuple(tuple(item) if isinstance(item, list) else item for item in value)
