"""The one form of JSON that the product writes: equal values give equal bytes, so that a digest can stand for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def canonical_json(values: Mapping[str, Any] | Sequence[Any]) -> bytes:
    """Return values as UTF-8 JSON: keys sorted, two spaces of indentation, one newline at the end."""
    try:
        return orjson.dumps(values, option=orjson.OPT_SORT_KEYS | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except orjson.JSONEncodeError:  # a sum beyond the numbers of 64 bits
        import json  # noqa: PLC0415 - no city has so much money

        return f"{json.dumps(values, sort_keys=True, indent=2, ensure_ascii=False, allow_nan=False)}\n".encode()
