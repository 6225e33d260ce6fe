"""The lines of an exported log: JSON objects of bounded length, and what is said of a line that is none."""

from __future__ import annotations

from typing import Any

import orjson

from heinola_es.errors import BadInput

LINE_BYTES = 9_000_000


class NotThatLog(BadInput):
    """The file is no exported log, or not as it was exported."""


def line_of(told: dict[str, Any]) -> bytes:
    """Return an object as a line."""
    return orjson.dumps(told, option=orjson.OPT_APPEND_NEWLINE)


def object_in(line: bytes, number: int) -> dict[str, Any]:
    """Return the object in a line.

    Raises:
        NotThatLog: there is none; says in which line.
    """
    if len(line) > LINE_BYTES:
        raise NotThatLog(f"line {number} has more than {LINE_BYTES // 1_000_000} MB, as no event has; export it again")
    try:
        told = orjson.loads(line)
    except ValueError as error:
        raise NotThatLog(f"line {number} is no JSON ({error})") from error
    if not isinstance(told, dict):
        raise NotThatLog(f"line {number} is no JSON object")
    return told
