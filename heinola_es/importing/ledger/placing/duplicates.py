"""Two amounts of the same days in one file: for one cell, or for periods of which one is part of the other."""

from __future__ import annotations

from collections.abc import Hashable
from typing import TYPE_CHECKING

from heinola_es.importing.ledger.placing.ledger import FORECAST
from heinola_es.importing.ledger.reading.problems import Cause

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.importing.ledger.placing.ledger import Ledger, Source

_PARTS_AND_SUM = 3
_NAMED = 5


def find_duplicates(ledger: Ledger) -> None:
    """Add a problem to the ledger for every amount whose cell has one already, in an earlier row or column.

    A row of which something was told already is not told once more.
    """
    said = [_kind(source) for source in ledger.sources]
    kinds = [sorted(set(said)).index(kind) for kind in said]
    amounts = ledger.amounts
    account, period, source, row = amounts.account, amounts.period, amounts.source, amounts.row
    wrong = ledger.problems.rows()
    for indexes in ledger.by_stream().values():
        cells: list[Hashable] = [(account[at] << 16 | period[at]) << 8 | kinds[source[at]] for at in indexes]
        if ledger.decisions:  # of two decisions are two amendments
            cells = [(cell, ledger.decisions.get(at)) for at, cell in zip(indexes, cells, strict=True)]
        if len(set(cells)) < len(cells):
            pairs = zip(indexes, cells, strict=True)
            _complain(ledger, [(index, cell) for index, cell in pairs if row[index] not in wrong])


def find_sums_of_vouchers(ledger: Ledger) -> None:
    """Add a problem to the ledger where rows that add up are followed, or led, by their own sum.

    In a list of vouchers with a row of the sum of each account, that row would count them twice. Where most accounts
    of three rows or more look so, and not all, it may be chance: that is noted.
    """
    having, found = 0, list[tuple[int, str]]()
    for indexes in ledger.by_stream().values():
        cells: dict[Hashable, list[int]] = {}
        for at in indexes:
            of, source = ledger.amounts, ledger.sources[ledger.amounts.source[at]]
            cells.setdefault((of.account[at], of.period[at], _kind(source)), []).append(at)
        for rows in (rows for rows in cells.values() if len(rows) >= _PARTS_AND_SUM):
            having += 1
            if (sums := _sum_among(ledger, rows)) is not None:
                account = ledger.accounts[ledger.amounts.account[sums]]
                unit = ledger.units[ledger.amounts.unit[sums]].code
                found.append((ledger.amounts.row[sums], f"{unit} {account.code or account.line}"))
    what = "where rows add up, the amount of one is the sum of the others, which would count twice"
    hint = 'skip such rows by where, under [skip], or say sums = "add" in the mapping if all count'
    if len(found) > 1 and len(found) == having:
        for row, item in found:
            ledger.problems.add(f"{item}: {what}; {hint}", row)
    elif len(found) * 2 > having:
        named = ", ".join(f"{item} (row {row})" for row, item in found[:_NAMED])
        ledger.notes.append(f"{what}: {len(found)} of {having} accounts, {named}; {hint}")


def _sum_among(ledger: Ledger, indexes: Sequence[int]) -> int | None:
    """Return which amount, the last or the first of some, is the sum of the others; None where neither is."""
    cents = [ledger.amounts.cents[at] for at in indexes]
    whole = sum(cents)
    return next((indexes[end] for end in (-1, 0) if whole and cents[end] * 2 == whole), None)


def _kind(source: Source) -> tuple[int, bool, bool, str]:
    """Return what makes an amount of a cell another than the one beside it: a credit stands beside its debit."""
    return source.measure, source.column.statement, source.column.cumulative, source.column.side


def find_overlaps(ledger: Ledger) -> None:
    """Add a problem to the ledger for every amount of days that its account has an amount of in another period.

    Totals from 1 January are no such amounts, nor are statements and forecasts.
    """
    kinds = [None if _is_total(source) else source.measure for source in ledger.sources]
    met = {(kinds[at], period) for at, period in set(zip(ledger.amounts.source, ledger.amounts.period, strict=True))}
    beside = _overlapping(ledger, met)
    if not beside:
        return
    account, period, source = ledger.amounts.account, ledger.amounts.period, ledger.amounts.source
    for indexes in ledger.by_stream().values():
        first: dict[tuple[int, int | None, int], int] = {}
        for index in indexes:
            kind = kinds[source[index]]
            for other in beside.get((kind, period[index]), ()):
                earlier = first.get((account[index], kind, other))
                if earlier is not None:
                    _complain_of_overlap(ledger, index, earlier)
            first.setdefault((account[index], kind, period[index]), index)


def _is_total(source: Source) -> bool:
    return source.column.statement or source.column.cumulative or source.measure == FORECAST


def _overlapping(ledger: Ledger, met: set[tuple[int | None, int]]) -> dict[tuple[int | None, int], list[int]]:
    """Return which periods share days with each, of the same kind."""
    beside: dict[tuple[int | None, int], list[int]] = {}
    by_kind: dict[int | None, list[int]] = {}
    for kind, period in met:
        by_kind.setdefault(kind, []).append(period)
    by_kind.pop(None, None)
    for kind, numbers in by_kind.items():
        ordered = sorted(numbers, key=lambda number: ledger.periods[number].start)
        for at, number in enumerate(ordered):
            for other in ordered[at + 1 :]:
                if ledger.periods[other].start > ledger.periods[number].end:
                    break
                beside.setdefault((kind, number), []).append(other)
                beside.setdefault((kind, other), []).append(number)
    return beside


def _complain_of_overlap(ledger: Ledger, index: int, earlier: int) -> None:
    amounts = ledger.amounts
    unit, account = ledger.units[amounts.unit[index]], ledger.accounts[amounts.account[index]]
    period, other = ledger.periods[amounts.period[index]], ledger.periods[amounts.period[earlier]]
    there = f"row {amounts.row[earlier]}, column {ledger.sources[amounts.source[earlier]].name}"
    hint = (
        "leave one of them out; where one is the total from 1 January, say cumulative = true; where both count, add "
        "--also"
    )
    what = f"{unit.code} {account.code or account.line}"
    ledger.problems.add(
        f"{what} has an amount of {period.label} and one of {other.label} ({there}), whose days would be counted "
        f"twice; {hint}",
        amounts.row[index],
        ledger.sources[amounts.source[index]].name,
        cause=Cause(f"accounts have amounts of {period.label} and of {other.label}, which share days", hint),
        item=what,
    )


def _complain(ledger: Ledger, cells: Sequence[tuple[int, Hashable]]) -> None:
    amounts, first = ledger.amounts, dict[Hashable, int]()
    for index, cell in cells:
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
