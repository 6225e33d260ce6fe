"""Forecasts of how a year will end. In the unit's stream of that year."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import instance_of, optional

from events.base import Event, cents, required


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ForecastGiven(Event):
    """The unit says what a line of the year will end at, as seen at the end of `effective`.

    It holds for the unit with everything below it. A later one of the same unit and line that is seen from the same day
    takes its place.

    Attributes:
        unit, line: codes; any line of the chart can be forecast.
        amount_cents: what the year will end at.
        deviation_cents: how far that is from the budget with its amendments, where it was told by that, or None.
        precision_cents: the unit it was told in: 100 to the euro, 100_000 to a thousand euros, 1 exactly.
        text: why, word for word, or empty.
    """

    TOPIC: ClassVar[str] = "ForecastGiven"

    unit: str = field(validator=required)
    line: str = field(validator=required)
    amount_cents: int = field(validator=cents)
    deviation_cents: int | None = field(default=None, validator=optional(instance_of(int)))
    precision_cents: int = field(default=1, validator=instance_of(int))
    text: str = ""
