"""Amendments that wait for a decision: they are proposed, and then decided, rejected or withdrawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from events.proposals import AmendmentDropped, AmendmentProposed
from heinola_es.domain.decision import UNTOLD, Decision
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import amend_budget
from heinola_es.handlers.unit_years import ASKED_AGAIN

if TYPE_CHECKING:
    from datetime import date

    from heinola_es.handlers.session import Session


class NoProposal(BadInput):
    """No proposed amendment stands at a position of the log."""


def propose_amendment(
    session: Session,
    unit: str,
    line: str,
    fiscal_year: int,
    amount_cents: int,
    *,
    day: date,
    also: bool = False,
    internal: bool = False,
    decided: Decision = UNTOLD,
) -> None:
    """Propose to change the budget of a line by an amount, on `day`; it changes no figure until it is decided.

    `decided`: who proposes it, in which section of its minutes, and where that is read.

    Raises:
        UnknownUnit, UnknownLine, LineNotPostable, ProposedTwice, AmountTooLarge, BadInput for an amount of 0,
        BeforeUnitExisted, UnitHasEnded.
    """
    place = session.placement(unit, fiscal_year, day)
    row = place.chart.postable(line, place.unit.kind or "unit")
    year = session.unit_year(unit, fiscal_year)
    how = {"also": also, "internal": internal}
    year.propose_amendment(session.stamp, day, place, row, amount_cents, decided=decided, **how)


def decide_amendment(
    session: Session,
    position: int,
    *,
    day: date,
    amount_cents: int | None = None,
    detail: bool = False,
    correcting: bool = False,
    decided: Decision = UNTOLD,
) -> None:
    """Amend a budget as it was proposed at a position of the log, or by `amount_cents`, by the decision of `day`.

    Raises:
        NoProposal, ProposalSettled; and as `amend_budget`.
    """
    proposed = _proposed_at(session, position)
    cents = proposed.amount_cents if amount_cents is None else amount_cents
    of = proposed.unit, proposed.line, proposed.fiscal_year, cents
    how: dict[str, Any] = {"detail": detail, "correcting": correcting, "internal": proposed.internal}
    _require_not_before(proposed, day)
    amend_budget(session, *of, day=day, also=True, decided=decided, proposal=position, **how)


def drop_amendment(session: Session, position: int, *, day: date, outcome: str, decided: Decision = UNTOLD) -> None:
    """Let an amendment that was proposed at a position of the log come to nothing: `rejected` or `withdrawn`.

    Raises:
        NoProposal, ProposalSettled.
    """
    proposed = _proposed_at(session, position)
    _require_not_before(proposed, day)
    year = session.unit_year(proposed.unit, proposed.fiscal_year)
    year.drop_amendment(session.stamp, day, position, session.position_of, outcome=outcome, decided=decided)


def _proposed_at(session: Session, position: int) -> AmendmentProposed:
    found = [one.event for one in session.log.logged(position - 1, position)] if position > 0 else []
    if not found or not isinstance(found[0], AmendmentProposed):
        raise NoProposal(f"#{position} is no proposed amendment; `heinola list proposals` lists those that wait")
    return found[0]


def _require_not_before(proposed: AmendmentProposed, day: date) -> None:
    if day < proposed.effective.end:
        raise BadInput(
            f"it was proposed on {proposed.effective.label}, so it cannot have been decided on an earlier day; "
            f"check --on"
        )


def _asked_of_proposal(session: Session, event: AmendmentProposed) -> None:
    of = event.unit, event.line, event.fiscal_year, event.amount_cents
    propose_amendment(session, *of, day=event.effective.end, also=True, internal=event.internal)


def _asked_of_dropping(session: Session, event: AmendmentDropped) -> None:
    session.unit(event.unit)
    year = session.unit_year(event.unit, event.fiscal_year)
    year.drop_amendment(session.stamp, event.effective.end, event.proposal, session.position_of, outcome=event.outcome)


ASKED_AGAIN[AmendmentProposed] = _asked_of_proposal
ASKED_AGAIN[AmendmentDropped] = _asked_of_dropping
