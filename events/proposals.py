"""Proposals: amendments of a budget that wait for a decision. In the unit's stream of the fiscal year.

None of them is in any figure: what the organ decides is a `BudgetAmended`, which names the proposal that it settles.
"""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import in_, instance_of

from events.base import Event, cents, required

DROPPED = ("rejected", "withdrawn")
"""How a proposal comes to nothing."""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class AmendmentProposed(Event):
    """It is proposed to change the budget of a line; `effective` is the day of the proposal.

    Attributes:
        unit, fiscal_year, line, amount_cents, internal: as in `BudgetAmended`.
        organ, minutes_section, address: who proposes it, in which section of its minutes, and where that is read.
    """

    TOPIC: ClassVar[str] = "AmendmentProposed"

    unit: str = field(validator=required)
    fiscal_year: int = field(validator=instance_of(int))
    line: str = field(validator=required)
    amount_cents: int = field(validator=cents)
    internal: bool = False
    organ: str = ""
    minutes_section: str = ""
    address: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class AmendmentDropped(Event):
    """A proposed amendment waits no more, and changes nothing; `effective` is the day that it was decided so.

    Attributes:
        unit, fiscal_year: as in the proposal.
        proposal: position of the proposal in the log.
        outcome: `rejected`, or `withdrawn` by who proposed it.
        organ, minutes_section, address: of the decision, as in `BudgetAmended`.
    """

    TOPIC: ClassVar[str] = "AmendmentDropped"

    unit: str = field(validator=required)
    fiscal_year: int = field(validator=instance_of(int))
    proposal: int = field(validator=instance_of(int))
    outcome: str = field(validator=in_(DROPPED))
    organ: str = ""
    minutes_section: str = ""
    address: str = ""


ProposalsEvent = AmendmentProposed | AmendmentDropped
