"""An event as a row of a Parquet file: all that its leaf hash covers, and what figures are looked for by.

`position`, `stream`, `version`, `topic` and `body` are the event as the log has it. The other columns repeat what the
body says, for whoever asks a lake without this program; they are made from it, and verified against it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import orjson

from events.codec import parse_recorded
from heinola_es.errors import Refused
from heinola_es.store.merkle import HASH_BYTES, leaf_hash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pyarrow as pa

    from heinola_es.store.reading import Row

INSTALL = "a lake needs more to be installed: pip install 'heinola-es[lake]'"
_INT64 = 1 << 63


def arrow() -> Any:  # noqa: ANN401 - a module
    """Return the module that reads and writes Parquet.

    Raises:
        Refused: it is not installed.
    """
    try:
        import pyarrow  # noqa: PLC0415, ICN001 - heavy, and an extra
        import pyarrow.parquet  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise Refused(INSTALL) from error
    return pyarrow


def schema() -> pa.Schema:
    """Return the columns of a lake's files, in their order; amounts are cents, days inclusive."""
    pa = arrow()
    return pa.schema(
        [
            pa.field("position", pa.int64(), nullable=False),
            pa.field("stream", pa.string(), nullable=False),
            pa.field("version", pa.int64(), nullable=False),
            pa.field("topic", pa.string(), nullable=False),
            pa.field("recorded", pa.timestamp("us", "UTC"), nullable=False),
            pa.field("recorded_by", pa.string()),
            pa.field("unit", pa.string()),
            pa.field("line", pa.string()),
            pa.field("amount_cents", pa.int64()),
            pa.field("first_day", pa.date32()),
            pa.field("last_day", pa.date32()),
            pa.field("body", pa.binary(), nullable=False),
            pa.field("leaf_hash", pa.binary(HASH_BYTES), nullable=False),
        ]
    )


def year_of(body: dict[str, Any]) -> int:
    """Return the fiscal year whose file an event stands in: the one it names, or that of the day it ends on."""
    year = body.get("fiscal_year")
    return year if isinstance(year, int) else int(body["effective"][-10:-6])


def table_of(rows: Sequence[Row], bodies: Iterable[dict[str, Any]], leaves: Iterable[bytes]) -> pa.Table:
    """Return events as a table, each row with the leaf hash of its event."""
    columns: dict[str, list[Any]] = {name: [] for name in schema().names}
    for row, body, leaf in zip(rows, bodies, leaves, strict=True):
        for name, value in (_told(row, body) | {"leaf_hash": leaf}).items():
            columns[name].append(value)
    return arrow().table(columns, schema=schema())


def leaves_of(rows: Iterable[Row]) -> list[bytes]:
    """Return the leaf hashes of events."""
    return [leaf_hash(*row[1:]) for row in rows]


def bodies_of(rows: Iterable[Row]) -> list[dict[str, Any]]:
    """Return what the bodies of events say."""
    return [orjson.loads(row[-1]) for row in rows]


def _told(row: Row, body: dict[str, Any]) -> dict[str, Any]:
    position, stream, version, topic, state = row
    first, _, last = body["effective"].partition("/")
    amount = body.get("amount_cents")
    return {
        "position": position,
        "stream": stream,
        "version": version,
        "topic": topic,
        "recorded": parse_recorded(body["recorded"]),
        "recorded_by": _text(body.get("recorded_by")),
        "unit": _text(body.get("unit", body.get("code"))),
        "line": _text(body.get("line")),
        "amount_cents": amount if isinstance(amount, int) and -_INT64 <= amount < _INT64 else None,
        "first_day": date.fromisoformat(first),
        "last_day": date.fromisoformat(last),
        "body": state,
    }


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
