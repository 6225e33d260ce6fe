"""How far the units are that report on a period, out of the read model of rounds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import orjson
from attrs import frozen

from events.value_object import ValueObject
from projections.read_models.checked import rows_of
from projections.read_models.models import ROUNDS

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.store.reading import LogReader

UNREPORTED = frozenset({"not_reported", "not_accepted"})
"""Codes of the findings that name whose part of a report is not accepted."""
PartState = Literal["open", "submitted", "returned", "accepted"]
_STATES: Mapping[str, PartState] = {
    "PartSubmitted": "submitted",
    "PartReturned": "returned",
    "PartAccepted": "accepted",
}


@frozen(slots=True, eq=False, repr=False)
class RoundPart(ValueObject):
    """How far a unit has come.

    Attributes:
        state: `open` where it was never handed in.
        by, at: who brought it there, and when; None where nobody did.
        submitted_at: when it was handed in last; None where it never was.
        reason: why it was sent back, where it was.
    """

    state: PartState = "open"
    by: str | None = None
    at: datetime | None = None
    submitted_at: datetime | None = None
    reason: str = ""


@frozen(slots=True, eq=False, repr=False)
class RoundThen(ValueObject):
    """A round as known at a position.

    Attributes:
        due: the last day on which a unit is in time.
        units: codes of those that report, in the order of a report.
        is_open: whether anybody is still waited for.
        four_eyes: whether nobody accepts what they recorded themselves.
        parts: how far they have come; those that did nothing yet are left out.
    """

    due: date
    units: tuple[str, ...]
    is_open: bool
    four_eyes: bool
    parts: Mapping[str, RoundPart]

    def part(self, unit: str) -> RoundPart:
        """Return how far a unit has come."""
        return self.parts.get(unit, RoundPart())

    def not_accepted(self) -> tuple[str, ...]:
        """Return the units whose part is not accepted."""
        return tuple(unit for unit in self.units if self.part(unit).state != "accepted")


def round_of(reader: LogReader, period: Period, upto: int) -> RoundThen | None:
    """Return the round of exactly this period as known at a position; None where none was opened."""
    rows = rows_of(reader, ROUNDS, upto, str(period), "key = ?", (str(period),))
    opened: dict[str, Any] | None = None
    is_open, parts = False, dict[str, RoundPart]()
    for _position, topic, _key, _first, _last, stored in rows:
        body = orjson.loads(stored)
        if topic == "RoundOpened":
            opened, is_open = body, True
        elif topic == "RoundClosed":
            is_open = False
        else:
            parts[body["unit"]] = _moved(parts.get(body["unit"]), _STATES[topic], body)
    if opened is None:
        return None
    due, units = date.fromisoformat(opened["due"]), tuple(opened["units"])
    return RoundThen(due, units, is_open, bool(opened.get("four_eyes")), parts)


def _moved(before: RoundPart | None, state: PartState, body: dict[str, Any]) -> RoundPart:
    at = datetime.fromisoformat(body["recorded"])
    submitted = at if state == "submitted" else before.submitted_at if before else None
    return RoundPart(state, body["recorded_by"], at, submitted, body.get("reason", "") if state == "returned" else "")
