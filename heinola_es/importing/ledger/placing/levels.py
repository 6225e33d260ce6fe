"""A budget told as amended: its difference to the original beside it is what was amended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.domain.amounts import format_cents
from heinola_es.importing.ledger.placing.ledger import BUDGET, LEVEL

if TYPE_CHECKING:
    from heinola_es.importing.ledger.placing.ledger import Ledger


def has_original(ledger: Ledger) -> bool:
    """Return whether the file has the original budget beside the budget as amended."""
    return any(source.measure == BUDGET and not source.column.statement for source in ledger.sources)


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
