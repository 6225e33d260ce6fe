"""Accounts whose amounts are the sums of others': `4000` beside `4001` and `4002`, which it is the heading of."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from heinola_es.importing.ledger.placing.ledger import Ledger

_LOOKED_AT = 20_000
_MOST = 200
_NAMED = 5
_FEWEST = 2
"""Parts of a sum; one alone may be the same amount by chance."""


def note_group_accounts(ledger: Ledger) -> None:
    """Note the accounts that are, wherever accounts beginning alike stand beside them, the sum of these.

    They count as others do. The first amounts of a long file are looked at.
    """
    parts = _parts(ledger)
    if not parts:
        return
    held, broken = set[int](), set[int]()
    for cell in _cells(ledger).values():
        for group in parts.keys() & cell.keys() - broken:
            sums = [amounts for of in parts[group] if len(amounts := [cell[at] for at in of if at in cell]) >= _FEWEST]
            if sums and cell[group]:
                held.add(group)
                if cell[group] not in map(sum, sums):
                    broken.add(group)
    found = sorted(ledger.accounts[at].code for at in held - broken)
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        ledger.notes.append(
            f"accounts that are always the sum of those that begin alike, and so may count twice: "
            f"{', '.join(found[:_NAMED])}{more}; where they are headings, leave them out by accounts under [skip]"
        )


def _parts(ledger: Ledger) -> dict[int, list[Collection[int]]]:
    """Return of each account that ends in zeros which others begin as it does without one or more of these."""
    begins: dict[tuple[str, bool], list[int]] = {}
    for at, account in enumerate(ledger.accounts):
        for length in range(1, len(account.code) + 1):
            begins.setdefault((account.code[:length], account.internal), []).append(at)
    found: dict[int, list[Collection[int]]] = {}
    for at, account in enumerate(ledger.accounts):
        for length in range(max(len(account.code.rstrip("0")), 1), len(account.code)):
            alike = begins[account.code[:length], account.internal]
            if _FEWEST < len(alike) <= _MOST:
                found.setdefault(at, []).append([other for other in alike if other != at])
    return found


def _cells(ledger: Ledger) -> Mapping[tuple[int, int, int], dict[int, int]]:
    """Return the cents of each account, by unit, period and column of amounts."""
    of, cells = ledger.amounts, dict[tuple[int, int, int], dict[int, int]]()
    placed = zip(of.unit, of.period, of.source, of.account, of.cents, strict=True)
    for number, (unit, period, source, account, cents) in enumerate(placed):
        if number >= _LOOKED_AT:  # of this unit, some of the accounts may be left
            return {key: cell for key, cell in cells.items() if key[0] != unit}
        cell = cells.setdefault((unit, period, source), {})
        cell[account] = cell.get(account, 0) + cents
    return cells
