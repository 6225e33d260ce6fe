"""Whether a report that carries its own data tells of figures that a store knows otherwise already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.domain.amounts import format_cents
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from heinola_es.handlers.session import Session
    from heinola_es.importing.report.document import ReportDocument


class KnownOtherwise(Refused):
    """The store has postings, or other totals, where the report would state its own."""


def require_not_known_otherwise(session: Session, document: ReportDocument) -> None:
    """Refuse a report whose totals would be laid over what makes them up, or over other ones, as an old report would.

    Raises:
        KnownOtherwise: the sentence names the first unit, line and period.
    """
    for figure in document.stated:
        known = session.unit_or_new(figure.unit)
        if known.kind is None:
            continue
        year = session.unit_year(figure.unit, figure.period.year)
        if year.postings:
            raise KnownOtherwise(
                f"{figure.unit} has postings of {figure.period.year} in this store already, and the report would state "
                "their sums as they were when it was made; import it into an empty store, made with `heinola init`"
            )
        same = (figure.line, figure.measure, figure.period)
        before = [one for one in year.statements if (one.line, one.measure, one.effective) == same][-1:]
        if before and before[0].amount_cents != figure.amount.cents:
            here, there = (format_cents(cents) for cents in (before[0].amount_cents, figure.amount.cents))
            raise KnownOtherwise(
                f"{figure.unit} {figure.label} {figure.measure} of {figure.period.label} is {here} € in this store and "
                f"{there} € in the report; take the one back that is wrong with `heinola undo`, or record the "
                "difference with `heinola record correction`"
            )
