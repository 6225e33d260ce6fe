"""Charts: the lines that a city's reports are made of, in its own words, kept in the log."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import instance_of, optional

from events.base import Event, required


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ChartAdopted(Event):
    """The city took a chart into use: with the store, or from a fiscal year on.

    Attributes:
        chart: its id; of a store's first one never that of a shipped chart.
        content: all of it, as JSON (see `docs/chart.schema.json`); so the store depends on no file.
        from_year: the first fiscal year that has it; None where it came with the store.
    """

    TOPIC: ClassVar[str] = "ChartAdopted"

    chart: str = field(validator=required)
    content: str = field(validator=required)
    from_year: int | None = field(default=None, validator=optional(instance_of(int)))


ChartEvent = ChartAdopted
