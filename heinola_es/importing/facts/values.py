"""The values of facts: how each is read from a text or a number, and what a JSON Schema says of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from attrs import frozen

from events.goals import GOAL_STATUSES
from events.organisation import UNIT_KINDS
from heinola_es.domain.amounts import PRECISIONS, decimal_text, parse_amount
from heinola_es.domain.called import KINDS, STATUSES, word_of
from heinola_es.domain.codes import LONGEST_CODE, require_code
from heinola_es.domain.periods import parse_date, parse_period
from heinola_es.errors import BadInput
from heinola_es.languages import LANGUAGES

_SHOWN = 40  # characters of what cannot be read
_YEARS = range(1900, 2200)
_YES, _NO = frozenset({"true", "yes", "1", "x"}), frozenset({"false", "no", "0"})


@frozen(slots=True)
class Value:
    """A type of values.

    Attributes:
        read: returns the value as a decision takes it; raises BadInput.
        schema: what a JSON Schema says of it, in JSON Lines.
        words: how it is written, for people.
    """

    read: Callable[[Any], Any]
    schema: Mapping[str, Any]
    words: str


def told(value: object) -> str:
    """Return a value as it would be typed; numbers have a decimal comma, so that no point is taken for a group's."""
    if isinstance(value, Decimal):
        return f"{value:f}".replace(".", ",")
    return str(value)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise BadInput(f"{told(value)[:_SHOWN]!r} is no text; put it between quotation marks")
    text = normalize("NFC", value.replace("\r\n", "\n").replace("\r", "\n")).strip("\n")
    if not text.strip():
        raise BadInput("it is empty; leave it out, or give a text")
    return text


def _name(value: object) -> str:
    return _text(told(value) if isinstance(value, int) and not isinstance(value, bool) else value).strip()


def _new_code(value: object) -> str:
    code = _name(value)
    require_code(code, "the code", LONGEST_CODE + 10)
    if " " in code:
        whole = code.replace(" ", "-")
        raise BadInput(f"{code!r} has a blank in it, at which a command line is cut; write {whole}")
    return code


def _day(value: object) -> date:
    return value if type(value) is date else parse_date(told(value))


def _period(value: object) -> Any:  # noqa: ANN401 - a Period
    return parse_period(told(value))


def _year(value: object) -> int:
    text = told(value).strip()
    if not (text.isascii() and text.isdigit() and int(text[:9]) in _YEARS):
        raise BadInput(f"{text[:_SHOWN]!r} is not a fiscal year; write it as 2020")
    return int(text)


def _years(value: object) -> tuple[int, ...]:
    parts = value if isinstance(value, list) else told(value).replace(",", " ").split()
    return tuple(_year(part) for part in parts)


def _place(value: object) -> int:
    text = told(value).strip()
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise BadInput(f"{text[:_SHOWN]!r} is no number of a list; number from 1")
    return int(text[:9])


def _number(value: object) -> str:
    if isinstance(value, bool):
        raise BadInput(f"{value!r} is no number; write it such as 29,2 or 1 224")
    return decimal_text(told(value))


def _amount(value: object) -> int:
    if isinstance(value, bool):
        raise BadInput(f"{value!r} is no amount; write euros such as 42 000 or 1234,50")
    return parse_amount(told(value))


def _flag(value: object) -> bool:
    word = told(value).strip().casefold()
    if word not in _YES | _NO:
        raise BadInput(f"{word[:_SHOWN]!r} is neither true nor false; write one of them")
    return word in _YES


_STRING = {"type": "string", "minLength": 1}
_NUMBERS = {"type": ["number", "string"]}

TEXT = Value(_text, _STRING, "a text, which may have paragraphs")
NAME = Value(_name, {"type": ["string", "integer"], "minLength": 1}, "a name")
CODE = Value(_name, {"type": ["string", "integer"], "minLength": 1}, "the code of a unit or a goal")
NEW_CODE = Value(_new_code, {"type": ["string", "integer"], "minLength": 1}, "a code, without blanks")
DAY = Value(_day, _STRING, "a date, such as 30.6.2020 or 2020-06-30")
PERIOD = Value(_period, {"type": ["string", "integer"]}, "a period, such as 2020Q2, 6/2020 or 1.4.–30.6.2020")
YEAR = Value(_year, {"type": ["integer", "string"]}, "a fiscal year")
YEARS = Value(_years, {"type": "array", "items": {"type": "integer"}}, "years; in CSV with blanks between them")
PLACE = Value(_place, {"type": ["integer", "string"]}, "a number from 1 on")
NUMBER = Value(_number, _NUMBERS, "a number, such as 29,2 or 1 224")
AMOUNT = Value(_amount, _NUMBERS, "euros, such as 42 000 or 1234,50")
FLAG = Value(_flag, {"type": "boolean"}, "true or false")
STATUS = Value(
    lambda value: word_of(told(value), "status", GOAL_STATUSES, STATUSES),
    _STRING,
    f"one of {', '.join(GOAL_STATUSES)}, or what reports call it",
)
PRECISION = Value(
    lambda value: PRECISIONS[word_of(told(value), "precision", tuple(PRECISIONS), {})],
    _STRING,
    f"one of {', '.join(PRECISIONS)}",
)
KIND = Value(
    lambda value: word_of(told(value), "kind", UNIT_KINDS, KINDS),
    _STRING,
    f"one of {', '.join(UNIT_KINDS)}, or what people call it",
)
LANGUAGE = Value(
    lambda value: word_of(told(value), "language", LANGUAGES, {}),
    _STRING,
    f"one of {', '.join(LANGUAGES)}",
)
