"""Stored events as readers take them: of a known kind and version and in the form of it, or told by position."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints
from uuid import UUID

import orjson

from events.codec import AMOUNTS, NEWEST, VERSION_KEY, class_of, decode_event, upcast
from events.period import Period
from heinola_es.domain.amounts import is_readable
from heinola_es.errors import Refused, flaw_in_words
from heinola_es.patterns import pattern

if TYPE_CHECKING:
    from heinola_es.store.reading import Row

INT64 = (1 << 63) - 1
"""The largest number that a column of either database holds."""

_UNDOING = "FactsUndone"
_OF_UNIT_YEAR = "unit-year/"
_UNIT_YEAR = pattern(r"unit-year/.+/[1-9]\d{0,3}", re.ASCII)
INSTANT = r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{6}Z"
"""How an instant is written; whether its day is one, `is_day` tells."""
_RECORDED = pattern(INSTANT, re.ASCII)
_NO_STREAM = UUID(int=0)
WRITTEN_VERSION = re.compile(rb'\{"v":(\d{1,9})[,}]')
"""How a body begins as it is written; another is parsed to see its version."""
_FIRST = b'{"v":1,'
_WRONG = (ValueError, TypeError, KeyError, AttributeError, ArithmeticError)
_sound: set[tuple[Any, ...]] = set()
_spans: set[str] = set()
_days: set[str] = set()


class UnknownEvent(Refused):
    """The log holds an event of a kind or a version that this program does not know: a newer one recorded it."""


class UnreadableEvent(Refused):
    """What is stored of an event is not what an event of its kind says; the log was damaged."""

    @classmethod
    def at(cls, position: int, flaw: object) -> UnreadableEvent:
        """Return the error, with what is wrong with the event at a position."""
        said = flaw_in_words(flaw) if isinstance(flaw, BaseException) else str(flaw)
        return cls(f"event {position} cannot be read ({said}); see `heinola audit verify`, and restore a copy")


def require_known(row: tuple[Any, ...]) -> Row:
    """Return a row of the log, unless its kind or version is not known here, or a column holds what it cannot.

    Raises:
        UnknownEvent, UnreadableEvent.
    """
    position, stream, version, topic, state = row
    if not (type(stream) is str and type(topic) is str and type(state) is bytes):
        raise UnreadableEvent.at(position, "a column holds what it cannot")
    if type(version) is not int or not 0 < version <= INT64:
        raise UnreadableEvent.at(position, "its version in the stream is none")
    newest = NEWEST.get(topic)
    if newest is None:
        raise _unknown(position, topic)
    if state[: len(_FIRST)] == _FIRST:  # as nearly all are
        return position, stream, version, topic, state
    written = WRITTEN_VERSION.match(state)
    if (int(written[1]) if written else _version_in(position, state)) > newest:
        raise _unknown(position, f"{topic} of a later version")
    return position, stream, version, topic, state


def body_of(row: Row) -> dict[str, Any]:
    """Return the body that a row of the log, of a known kind, holds: in the newest version and the form of its event.

    Raises:
        UnreadableEvent.
    """
    position, _stream, _version, topic, state = row
    try:
        body = upcast(topic, _object(state))
        require_as_read(position, topic, body)
        if topic not in AMOUNTS:
            decode_event(topic, _NO_STREAM, 1, _countable(body))
    except _WRONG as error:
        raise UnreadableEvent.at(position, error) from error
    return body


def require_as_read(position: int, topic: str, body: dict[str, Any]) -> None:
    """Refuse a body in the newest version that readers refuse, beyond what making its event refuses.

    It lacks a field, has one of another type, or says what cannot be. Bodies with the same fields of the same types are
    looked at once; the values of amounts by themselves. An amount that cannot be counted, whatever stands in its place,
    is told where it would be counted, and is none of this.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, ArithmeticError: what is wrong with it.
    """
    if topic in AMOUNTS:  # they are many: what can be wrong with their values is found without making the event
        _require_amount(topic, body)
        return
    _require_shape(topic, _countable(body))
    _require_numbers(body)
    if topic == _UNDOING:
        _require_undoing(position, body)


def _countable(body: dict[str, Any]) -> dict[str, Any]:
    """Return a body, with another amount in place of one that cannot be counted."""
    if all(is_readable(value) for name, value in body.items() if name.endswith("_cents")):
        return body
    return {name: 1 if name.endswith("_cents") else value for name, value in body.items()}


def _unknown(position: int, what: str) -> UnknownEvent:
    return UnknownEvent(
        f"event {position} is a {what[:80]!s}, which this version does not know; upgrade heinola-es to read this store"
    )


def _version_in(position: int, state: bytes) -> int:
    try:
        version = _object(state).get(VERSION_KEY, 1)
    except ValueError as error:
        raise UnreadableEvent.at(position, error) from error
    if not isinstance(version, int):
        raise UnreadableEvent.at(position, "its version is no number")
    return version


def _object(state: bytes) -> dict[str, Any]:
    body = orjson.loads(state)
    if not isinstance(body, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - what is stored is wrong, not how we are called
    return body


def _require_undoing(position: int, body: dict[str, Any]) -> None:
    """Refuse what undoes events that do not stand before it, so that nothing counts up to what it says."""
    if any(last >= position for _first, last in body["positions"]):
        raise ValueError("it undoes what does not stand before it")
    if body["stream"].startswith(_OF_UNIT_YEAR) and not _UNIT_YEAR.fullmatch(body["stream"]):
        raise ValueError("the fiscal year of its stream is none")


def _require_amount(topic: str, body: dict[str, Any]) -> None:
    _require_shape(topic, body if is_readable(body["amount_cents"]) else body | {"amount_cents": 1})
    effective, recorded = body["effective"], body["recorded"]
    if effective not in _spans:
        Period.from_iso(effective)
        _spans.add(effective)
    if not is_instant(recorded):
        raise ValueError("the instant at which it was recorded is none")
    if not 0 < body.get("fiscal_year", 1) <= date.max.year:
        raise ValueError("its fiscal year is none")


def _require_shape(topic: str, body: dict[str, Any]) -> None:
    shape = (topic, *body, *map(type, body.values()))
    if shape not in _sound:
        _require_types(topic, body)
        decode_event(topic, _NO_STREAM, 1, body)
        _sound.add(shape)


def is_instant(told: str) -> bool:
    """Return whether a text is an instant as events have it."""
    return _RECORDED.fullmatch(told) is not None and is_day(told[:10])


def is_day(told: str) -> bool:
    """Return whether a text is a day, and neither the first of the calendar nor its last: clocks have zones."""
    if told not in _days:
        try:
            if not date.min < date.fromisoformat(told) < date.max:
                return False
        except ValueError:
            return False
        _days.add(told)
    return True


def _require_numbers(body: dict[str, Any]) -> None:
    if not is_instant(body["recorded"]):
        raise ValueError("the instant at which it was recorded is none")
    for name in ("position", "revision", "number"):
        if not 0 <= body.get(name, 1) <= INT64:
            raise ValueError(f"its {name} is none")
    if any(len(finding) != len(("kind", "unit", "line", "message")) for finding in body.get("findings", ())):
        raise ValueError("a finding of it is none")


def _require_types(topic: str, body: dict[str, Any]) -> None:
    hints = get_type_hints(class_of(topic))
    for name, value in body.items():
        allowed = {int} if name == VERSION_KEY else _json_types(hints[name]) if name in hints else {type(value)}
        if type(value) not in allowed:
            raise TypeError(f"its {name} is a {type(value).__name__}")


def _json_types(hint: Any) -> set[type]:  # noqa: ANN401 - a type hint
    """Return the types of JSON values that a field may have in a body."""
    kinds = (hint,) if get_origin(hint) is tuple else get_args(hint) or (hint,)
    in_json: dict[Any, type] = {Period: str, datetime: str, date: str}
    return {list if get_origin(kind) is tuple else in_json.get(kind, kind) for kind in kinds}
