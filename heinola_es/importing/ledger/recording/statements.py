"""Statements: totals that a ledger states, of a unit with everything below it. Accounts add up to their line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import HeinolaError
from heinola_es.handlers.figures import kept_under, state_figure
from heinola_es.importing.ledger.placing.ledger import BUDGET

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.period import Period
    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.importing.ledger.placing.ledger import Ledger, Source
    from heinola_es.importing.ledger.recording.writing import Writing

_Key = tuple[str, "Period", int]


def record_statements(writing: Writing, year: UnitYear, indexes: Sequence[int]) -> None:
    """Record the totals stated of a unit's year; with an update, those that differ from what is stated."""
    ledger, amounts = writing.ledger, writing.ledger.amounts
    totals: dict[_Key, list[int]] = {}
    for index in indexes:
        line = ledger.accounts[amounts.account[index]].line
        key = line, ledger.periods[amounts.period[index]], amounts.source[index]
        totals.setdefault(key, []).append(index)
    dividing = divides(ledger)
    for key, parts in totals.items():
        _state(writing, year, key, parts)
        if dividing:
            internal = [index for index in parts if ledger.accounts[amounts.account[index]].internal]
            _state(writing, year, key, internal or parts, internal=internal)


def divides(ledger: Ledger) -> bool:
    """Return whether a file tells internal items from others, so that totals have an internal part, if only of 0."""
    return any(account.internal for account in ledger.accounts)


def measure_of(source: Source) -> str:
    """Return what the amounts of a source measure."""
    return "budget" if source.measure == BUDGET else "actual"


def _state(
    writing: Writing, year: UnitYear, key: _Key, indexes: list[int], *, internal: list[int] | None = None
) -> None:
    """State the total of some amounts; with `internal`, of the internal part of it, which these are."""
    line, period, at = key
    source = writing.ledger.sources[at]
    measure = measure_of(source)
    if internal is not None:
        measure = f"internal_{measure}"
    cents = sum(writing.ledger.amounts.cents[index] for index in (indexes if internal is None else internal))
    if (writing.wishes.update or writing.again) and _stated(year, line, period, measure) == cents:
        writing.unchanged += 1
        return
    session = writing.session
    session.stamp = writing.at(writing.source_of(indexes))
    precision = source.column.precision_cents
    try:
        state_figure(session, year.unit, line, period, measure, cents, precision_cents=precision)
    except HeinolaError as error:
        writing.refuse(error, indexes[0])


def _stated(year: UnitYear, line: str, period: Period, measure: str) -> int | None:
    """Return what is stated last of a cell, or None."""
    wanted = line, kept_under(period, measure), measure
    stated = [total for total in year.statements if (total.line, total.effective, total.measure) == wanted]
    return stated[-1].amount_cents if stated else None
