"""The fast way for most of a large ledger: rows with a unit, an account, a period and one amount that is no zero.

Such rows are placed column by column. Where any row of a chunk is of another kind, nothing is done here, and the chunk
is placed row by row; what both give is the same, which a test proves.
"""

from __future__ import annotations

from operator import itemgetter, mul
from typing import TYPE_CHECKING, Any

from heinola_es.importing.ledger.placing.ledger import ACTUAL
from heinola_es.importing.ledger.reading.amount_cells import plain_amounts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heinola_es.importing.ledger.placing.placing import Placer
    from heinola_es.importing.ledger.reading.cells import Row

_CENTS = 100


def place_plain(placer: Placer, rows: list[Row]) -> bool:
    """Place rows that are all plain; do nothing and return False where any is not."""
    cells = [row for _number, row in rows]
    if not _may_be_plain(placer, cells):
        return False
    places, source = placer.places, placer.ledger.sources[0]
    cents = plain_amounts([row[source.index] for row in cells], places.decimal)
    if cents is None or 0 in cents:
        return False
    units = _meanings(rows, list(map(places.unit_key, cells)), placer.units, placer.unit)
    keys = list(map(itemgetter(places.account_at), cells))
    accounts = _meanings(rows, keys, placer.accounts, lambda key, _number, _row: placer.account(key))
    periods = _periods(placer, rows, cells)
    if min(units) < 0 or min(accounts) < 0 or min(periods) < 0:
        return False
    cents = list(map(mul, cents, map(placer.factors[0].__getitem__, accounts)))
    if _against_sign(placer, accounts, cents):
        return False
    _keep(placer, [number for number, _row in rows], (units, accounts, periods), cents)
    return True


def _may_be_plain(placer: Placer, cells: list[list[Any]]) -> bool:
    places, sources = placer.places, placer.ledger.sources
    special = (
        places.tree.mixed
        or places.fills
        or places.rules
        or places.internal
        or any(places.chosen)
        or any(places.decisions)
        or places.skipped
        or places.unreadable
    )
    if special or len(sources) != 1 or sources[0].column.factor != _CENTS or sources[0].column.cumulative:
        return False
    return set(map(len, cells)) == {places.width}


def _meanings(
    rows: list[Row], keys: list[Any], known: dict[Any, int], learn: Callable[[Any, int, Sequence[Any]], int]
) -> list[int]:
    """Return what each key means; what was never met before is learnt from its first row."""
    if not known.keys() >= set(keys):
        for key, (number, row) in zip(keys, rows, strict=True):
            if key not in known:
                known[key] = learn(key, number, row)
    return list(map(known.__getitem__, keys))


def _periods(placer: Placer, rows: list[Row], cells: list[list[Any]]) -> list[int]:
    fixed = placer.places.fixed[0]
    if fixed is not None:
        return [fixed] * len(rows)
    keys = list(map(placer.places.period_key, cells))
    return _meanings(rows, keys, placer.periods, lambda key, _number, _row: placer.period(key))


def _against_sign(placer: Placer, accounts: list[int], amounts: list[int]) -> bool:
    source = placer.ledger.sources[0]
    if source.measure != ACTUAL or source.column.statement:
        return False
    signs = [account.sign for account in placer.ledger.accounts]
    return any(cents < 0 for cents in map(mul, amounts, map(signs.__getitem__, accounts)))


def _keep(placer: Placer, numbers: list[int], found: tuple[list[int], list[int], list[int]], cents: list[int]) -> None:
    amounts = placer.ledger.amounts
    units, accounts, periods = found
    amounts.unit.extend(units)
    amounts.account.extend(accounts)
    amounts.period.extend(periods)
    amounts.source.extend([0] * len(cents))
    amounts.cents.extend(cents)
    amounts.row.extend(numbers)
    placer.ledger.counts["placed"] += len(cents)
