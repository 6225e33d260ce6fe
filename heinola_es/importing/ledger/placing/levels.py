"""Budgets: one is of a whole year; one told as amended is its difference to the original beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.period import Period
from heinola_es.domain.amounts import format_cents
from heinola_es.importing.ledger.placing.ledger import BUDGET, LEVEL

if TYPE_CHECKING:
    from heinola_es.importing.ledger.placing.ledger import Ledger


def has_original(ledger: Ledger) -> bool:
    """Return whether the file has the original budget beside the budget as amended."""
    return any(source.measure == BUDGET and not source.column.statement for source in ledger.sources)


def require_whole_years(ledger: Ledger) -> None:
    """Ask about budgets that a file tells for a part of a year alone: recorded, they would be taken as the year's.

    Months between the first and the last may have nothing; which have, is told by the columns, or by the rows.
    """
    at = {index for index, one in enumerate(ledger.sources) if one.measure == BUDGET and not one.column.statement}
    of, told = ledger.amounts, dict[int, list[Period]]()
    columns = [period for index in sorted(at) if (period := ledger.sources[index].period) is not None]
    rows = {of.period[index] for index, source in enumerate(of.source) if source in at}
    for period in [*columns, *(ledger.periods[index] for index in sorted(rows))]:
        told.setdefault(period.year, []).append(period)
    for year, periods in sorted(told.items()):
        whole = Period.of_year(year)
        begin, end = min(period.start for period in periods), max(period.end for period in periods)
        if (begin, end) != (whole.start, whole.end):
            ledger.problems.add(
                f"the budget of {year} is told for {Period(begin, end).label} alone, and a budget is of a whole year; "
                f'say period = "{year}" under [[amounts]] where it is, or leave the column out'
            )


def note_repeated_budgets(ledger: Ledger) -> None:
    """Tell where rows of months have one and the same budget in each: it may be the year's, written many times."""
    of, told = ledger.amounts, dict[tuple[int, int, int], dict[int, int]]()
    at = {index for index, one in enumerate(ledger.sources) if one.measure == BUDGET and one.period is None}
    for index, source in enumerate(of.source):
        if source in at:
            key = of.unit[index], of.account[index], ledger.periods[of.period[index]].year
            told.setdefault(key, {})[of.period[index]] = of.cents[index]
    repeated = {key: set(by_period.values()) for key, by_period in told.items() if len(by_period) > 1}
    if repeated and all(len(amounts) == 1 for amounts in repeated.values()):
        cents = sum(sum(by_period.values()) for by_period in told.values())
        ledger.notes.append(
            f"the budget is the same in each month, and the months are taken to add up, to {format_cents(cents)}; "
            "where each row has the budget of the whole year, say the year with period under [[amounts]]"
        )


def take_levels(ledger: Ledger) -> None:
    """Turn every budget as amended into its difference to the original of the same unit, account and year.

    An account without an original had none; one without a budget as amended is unchanged. Where the file has no
    original budget at all, the store's is compared with while it is recorded.
    """
    at = {index for index, source in enumerate(ledger.sources) if source.measure == LEVEL}
    if not at or not has_original(ledger):
        return
    of, originals = ledger.amounts, dict[tuple[int, int, int], int]()
    for index, source in enumerate(of.source):
        if ledger.sources[source].measure == BUDGET:
            key = of.unit[index], of.account[index], ledger.periods[of.period[index]].year
            originals[key] = originals.get(key, 0) + of.cents[index]
    for index, source in enumerate(of.source):
        if source in at:
            key = of.unit[index], of.account[index], ledger.periods[of.period[index]].year
            original = originals.pop(key, 0)
            ledger.originals[index] = original
            of.cents[index] -= original
    for source in sorted(at):
        _note(ledger, source)


def _note(ledger: Ledger, source: int) -> None:
    of = ledger.amounts
    changes = [cents for at, cents in zip(of.source, of.cents, strict=True) if at == source and cents]
    ledger.notes.append(
        f"{ledger.sources[source].name}: taken as the difference to the original budget: "
        f"{format_cents(sum(changes))} in all"
    )
