"""Two amounts for one cell: the same unit, account, period and measure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.importing.ledger.ledger import Ledger


def find_duplicates(ledger: Ledger) -> None:
    """Add a problem to the ledger for every amount whose cell has one already, in an earlier row or column."""
    kinds = [source.measure << 1 | source.column.statement for source in ledger.sources]
    account, period, source = ledger.amounts.account, ledger.amounts.period, ledger.amounts.source
    for indexes in ledger.by_stream().values():
        cells = [(account[at] << 16 | period[at]) << 3 | kinds[source[at]] for at in indexes]
        if len(set(cells)) < len(cells):
            _complain(ledger, indexes, cells)


def _complain(ledger: Ledger, indexes: Sequence[int], cells: Sequence[int]) -> None:
    amounts, first = ledger.amounts, dict[int, int]()
    for index, cell in zip(indexes, cells, strict=True):
        earlier = first.setdefault(cell, index)
        if earlier == index:
            continue
        unit, account = ledger.units[amounts.unit[index]], ledger.accounts[amounts.account[index]]
        what = f"{unit.code} {account.code or account.line} {ledger.periods[amounts.period[index]].label}"
        same = amounts.row[earlier] == amounts.row[index]
        where = "the same row" if same else f"row {amounts.row[earlier]}"
        ledger.problems.add(
            f"{what} has an amount in "
            f'{where} already; remove one, or say duplicates = "add" in the mapping if both count',
            amounts.row[index],
            ledger.sources[amounts.source[index]].name,
        )
