"""Organisation: units come to be, change name, place and person in charge, and end. One stream per unit."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import in_

from events.base import Event, required

CITY = "city"
"""The kind of the unit above the sectors, whose own figures are taxes, state grants and financing."""
UNIT_KINDS = (
    CITY,
    "sector",
    "service_area",
    "unit",
    "investment_programme",
    "investment_area",
    "investment_item",
)
"""What a unit can be: kaupunki, toimiala, palvelualue, tulosyksikkö; and investointiohjelma, -alue, -kohde."""


def is_investment(kind: str) -> bool:
    """Return whether units of this kind hold investments and not operations."""
    return kind.startswith("investment_")


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitEstablished(Event):
    """A unit exists from `effective.start` on.

    Attributes:
        code: the unit's code, e.g. `4100`; unique in the city for ever.
        name: e.g. `Perusopetus`.
        kind: one of `UNIT_KINDS`; it decides the layout of the unit's table.
        parent: code of the unit above, or None at the top.
    """

    TOPIC: ClassVar[str] = "UnitEstablished"

    code: str = field(validator=required)
    name: str = field(validator=required)
    kind: str = field(validator=in_(UNIT_KINDS))
    parent: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitRenamed(Event):
    """The unit is called `name` from `effective.start` on."""

    TOPIC: ClassVar[str] = "UnitRenamed"

    code: str = field(validator=required)
    name: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitMoved(Event):
    """The unit stands under `parent` (a code, or None for the top) from `effective.start` on."""

    TOPIC: ClassVar[str] = "UnitMoved"

    code: str = field(validator=required)
    parent: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitMerged(Event):
    """The unit ends on `effective.start` and what it did is carried on by the unit `into` (a code)."""

    TOPIC: ClassVar[str] = "UnitMerged"

    code: str = field(validator=required)
    into: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitClosed(Event):
    """The unit ends; `effective.start` is its last day."""

    TOPIC: ClassVar[str] = "UnitClosed"

    code: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ResponsibleAssigned(Event):
    """The holder of the role `responsible` answers for the unit (*vastuuhenkilö*) from `effective.start` on."""

    TOPIC: ClassVar[str] = "ResponsibleAssigned"

    code: str = field(validator=required)
    responsible: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitFirstDayCorrected(Event):
    """The unit exists from `effective.start` on, and not from the day that was recorded; `reason` says why.

    What it was called and stood under on its first day holds from the corrected one.
    """

    TOPIC: ClassVar[str] = "UnitFirstDayCorrected"

    code: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitNameCorrected(Event):
    """The name that the unit has from `effective.start` on was recorded wrong: it was `name` all the time.

    Attributes:
        code: the unit's code.
        name: what it is called for as long as it was taken to be called otherwise; `effective.start` is a day on which
            that name begins.
    """

    TOPIC: ClassVar[str] = "UnitNameCorrected"

    code: str = field(validator=required)
    name: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitTextTranslated(Event):
    """What was recorded of the unit in the words `original` reads, in another language, `text`.

    It is about these words alone, wherever they were recorded of the unit: its name, a goal, a narrative. Where they
    were put right since, it tells nothing of the words that took their place. `effective` is the day it was said.

    Attributes:
        code: the unit's code.
        original: the recorded words, as they were recorded.
        language: that of `text`: `fi`, `sv` or `en`.
        text: what they read in the language.
    """

    TOPIC: ClassVar[str] = "UnitTextTranslated"

    code: str = field(validator=required)
    original: str = field(validator=required)
    language: str = field(validator=required)
    text: str = field(validator=required)


OrganisationEvent = (
    UnitEstablished
    | UnitRenamed
    | UnitMoved
    | UnitMerged
    | UnitClosed
    | ResponsibleAssigned
    | UnitFirstDayCorrected
    | UnitNameCorrected
    | UnitTextTranslated
)
