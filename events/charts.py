"""Charts: the lines that a city's reports are made of, in its own words, kept in the log."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from events.base import Event, required


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ChartAdopted(Event):
    """The city took a chart of its own into use.

    Attributes:
        chart: its id; never that of a shipped chart.
        content: all of it, as JSON (see `docs/chart.schema.json`); so the store depends on no file.
    """

    TOPIC: ClassVar[str] = "ChartAdopted"

    chart: str = field(validator=required)
    content: str = field(validator=required)
