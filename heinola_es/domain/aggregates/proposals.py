"""The amendments of a unit's year that are proposed, and which of them still wait for a decision."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from attrs import Factory, define

from events.base import Event
from events.proposals import AmendmentDropped, AmendmentProposed
from heinola_es.domain.amounts import format_cents
from heinola_es.errors import BadInput, Refused

if TYPE_CHECKING:
    from events.figures import BudgetAmended
    from events.period import Period
    from events.proposals import ProposalsEvent

Position = Callable[[Event], int]
"""Tells where in the log an event stands, or will."""


class NothingProposed(BadInput):
    """The proposal is of nothing."""


class ProposedTwice(Refused):
    """The same amendment waits for a decision already."""


class ProposalSettled(Refused):
    """The proposal was decided, rejected or withdrawn before."""


@define(slots=True)
class Proposals:
    """The proposals of a unit's year.

    Attributes:
        proposed: all of them, oldest first.
        settled: how those were settled that wait no more, by their position in the log.
    """

    proposed: list[AmendmentProposed] = Factory(list)
    settled: dict[int, str] = Factory(dict)

    def take(self, event: ProposalsEvent | BudgetAmended) -> None:
        """Take in a proposal, or what settles one."""
        if isinstance(event, AmendmentProposed):
            self.proposed.append(event)
        elif isinstance(event, AmendmentDropped):
            self.settled[event.proposal] = event.outcome
        elif event.proposal:
            self.settled[event.proposal] = "decided"

    def require_waiting(self, proposal: int, position: Position) -> None:
        """Refuse to settle what does not wait.

        Raises:
            ProposalSettled; BadInput where no proposal of the unit's year stands there.
        """
        if all(position(one) != proposal for one in self.proposed):
            raise BadInput(f"#{proposal} is no proposed amendment, or was undone; see `heinola list proposals`")
        if proposal in self.settled:
            raise ProposalSettled(
                f"the amendment that was proposed as #{proposal} is {self.settled[proposal]} already; "
                f"undo that first where it was recorded by mistake"
            )

    def require_new(self, day: Period, line: str, amount_cents: int, position: Position, *, internal: bool) -> None:
        """Refuse a proposal that waits already: of the same day, line and amount.

        Raises:
            ProposedTwice.
        """
        for one in self.proposed:
            same = (one.effective, one.line, one.amount_cents, one.internal) == (day, line, amount_cents, internal)
            if same and position(one) not in self.settled:
                raise ProposedTwice(
                    f"an amendment of {one.unit} {line} by {format_cents(amount_cents)} was proposed on {day.label} "
                    f"already (#{position(one)}); add --also where it is another one"
                )
