"""Events of the log as a table: a row each, with what is looked for most; the rest stands in `said`, as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from events.codec import parse_recorded
from projections.tables.table import Cells, Table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.audit.entries import Entry

TYPES = {
    "position": "int64",
    "type": "text",
    "recorded": "instant",
    "recorded_by": "text",
    "source": "text",
    "reason": "text",
    "first_day": "date",
    "last_day": "date",
    "unit": "text",
    "line": "text",
    "amount_cents": "int64",
    "undone_by": "int64",
    "said": "text",
}
_INT64 = 1 << 63


def events_of(entries: Iterable[Entry]) -> Table:
    """Return entries of the audit trail as a table, in their order; days are inclusive."""
    return Table(TYPES, [_cells(entry) for entry in entries])


def _cells(entry: Entry) -> Cells:
    said, amount = entry.said, entry.said.get("amount_cents")
    return {
        "position": entry.position,
        "type": entry.topic,
        "recorded": parse_recorded(entry.recorded),
        "recorded_by": entry.recorded_by,
        "source": entry.source,
        "reason": entry.reason,
        "first_day": entry.effective.start,
        "last_day": entry.effective.end,
        "unit": said.get("unit", said.get("code")),
        "line": said.get("line"),
        "amount_cents": amount if isinstance(amount, int) and -_INT64 <= amount < _INT64 else None,
        "undone_by": entry.undone_by,
        "said": orjson.dumps(said).decode(),
    }
