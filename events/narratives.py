"""Narratives, outlooks and indicators of a period. In the unit's stream of that year."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from events.base import Event, required


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class NarrativeReported(Event):
    """The unit reports on `effective` in words.

    A later report of the same unit, section, programme, part and period takes the place of this one.

    Attributes:
        unit: code of the unit.
        section: the heading it stands under.
        programme: the strategy programme it is about, or None.
        text: paragraphs separated by a blank line, word for word.
        part: 1, 2 … where one section comes in several parts of the same programme, in order.
    """

    TOPIC: ClassVar[str] = "NarrativeReported"

    unit: str = field(validator=required)
    section: str = field(validator=required)
    text: str = field(validator=required)
    programme: str | None = None
    part: int = 1


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class OutlookGiven(Event):
    """The unit's estimate, given for `effective`, of how the year's budget will hold (*arvio toteutumisesta*)."""

    TOPIC: ClassVar[str] = "OutlookGiven"

    unit: str = field(validator=required)
    text: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class IndicatorObserved(Event):
    """A statistic of the unit over `effective`.

    Attributes:
        unit: code of the unit.
        name: what was counted.
        value: a decimal number as text, with a point: `"1224"`, `"3.37"`.
        measured_in: the unit of measure, e.g. `kertaa`, `%`.
    """

    TOPIC: ClassVar[str] = "IndicatorObserved"

    unit: str = field(validator=required)
    name: str = field(validator=required)
    value: str = field(validator=required)
    measured_in: str = ""


NarrativesEvent = NarrativeReported | OutlookGiven | IndicatorObserved
