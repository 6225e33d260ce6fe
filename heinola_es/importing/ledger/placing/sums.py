"""Rows of a sum line beside rows of its parts, in one file: compared with the parts, and never recorded beside them."""

from __future__ import annotations

from array import array
from itertools import accumulate
from typing import TYPE_CHECKING

from attrs import evolve

from heinola_es.domain.amounts import format_cents
from heinola_es.importing.ledger.placing.ledger import Amounts, SumCheck
from heinola_es.importing.ledger.reading.problems import Cause

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

    from heinola_es.domain.chart import Chart
    from heinola_es.importing.ledger.mapping.mapping_tables import Sums
    from heinola_es.importing.ledger.placing.ledger import Ledger

_HINT = (
    'say sums = "check" in the mapping to compare the sums with their parts and record the parts alone, or sums = '
    '"add" where both count'
)

_Where = tuple[int, int, int]
"""Unit, period and source."""


def take_sums(ledger: Ledger, chart: Chart, how: Sums) -> None:
    """Find the sums that stand beside their parts: take them out of the amounts as checks, or refuse them."""
    below = _sum_lines(ledger, chart)
    if how == "add" or not below:
        return
    cents = _by_line(ledger)
    found = dict(_sums(ledger, chart, below, cents))
    if how == "refuse":
        for index, parts in found.items():
            _refuse(ledger, index, parts)
        return
    for index, parts in found.items():
        ledger.sums.append(_check(ledger, index, parts, cents))
    _take_out(ledger, found.keys())


def _sum_lines(ledger: Ledger, chart: Chart) -> dict[str, frozenset[str]]:
    """Return the lines of the file that are sums of others, with those of the file that are below them."""
    used = {account.line for account in ledger.accounts if not account.code}
    parts = {line: (chart.at_or_below(line) & used) - {line} for line in used}
    return {line: of for line, of in parts.items() if of or chart.is_result(line)}


def _by_line(ledger: Ledger) -> dict[_Where, dict[str, int]]:
    """Return the cents of each line, where they add."""
    amounts, sums = ledger.amounts, dict[_Where, dict[str, int]]()
    lines = [account.line for account in ledger.accounts]
    for index, where in enumerate(zip(amounts.unit, amounts.period, amounts.source, strict=True)):
        of_line = sums.setdefault(where, {})
        line = lines[amounts.account[index]]
        of_line[line] = of_line.get(line, 0) + amounts.cents[index]
    return sums


def _sums(
    ledger: Ledger, chart: Chart, below: Mapping[str, frozenset[str]], cents: Mapping[_Where, Mapping[str, int]]
) -> Iterator[tuple[int, frozenset[str]]]:
    """Yield the amounts that are sums, with the lines of their parts that stand beside them."""
    amounts = ledger.amounts
    for index, at in enumerate(amounts.account):
        line = ledger.accounts[at].line
        if line not in below or ledger.sources[amounts.source[index]].column.statement:
            continue
        parts = below[line] & cents[_where(ledger, index)].keys()
        if parts:
            yield index, frozenset(part for part in parts if not chart.at_or_below(part) & parts - {part})
        elif chart.is_result(line):
            ledger.problems.add(
                f"{line} is computed from {' and '.join(chart.lines[line].components)}, and none of them stands beside "
                f"it; leave the row out with where under [skip]",
                amounts.row[index],
            )


def _check(ledger: Ledger, index: int, parts: frozenset[str], cents: Mapping[_Where, Mapping[str, int]]) -> SumCheck:
    of, where = ledger.amounts, _where(ledger, index)
    return SumCheck(
        row=of.row[index],
        unit=ledger.units[of.unit[index]].code,
        line=ledger.accounts[of.account[index]].line,
        source=of.source[index],
        period=ledger.periods[of.period[index]],
        stated=of.cents[index],
        summed=sum(cents[where][part] for part in parts),
    )


def _refuse(ledger: Ledger, index: int, parts: frozenset[str]) -> None:
    of = ledger.amounts
    unit, line = ledger.units[of.unit[index]].code, ledger.accounts[of.account[index]].line
    what = f"{unit} {line}"
    ledger.problems.add(
        f"{what} is {format_cents(of.cents[index])} and the sum of {', '.join(sorted(parts))}, which stand beside it, "
        f"so they would be counted twice; {_HINT}",
        of.row[index],
        cause=Cause("rows are sums of others beside them, which would be counted twice", _HINT),
        item=what,
    )


def _take_out(ledger: Ledger, indexes: AbstractSet[int]) -> None:
    """Leave some amounts out; a totals row stands where it stood among the others."""
    of = ledger.amounts
    kept = [index not in indexes for index in range(len(of))]
    before = [0, *accumulate(kept)]
    ledger.totals[:] = [evolve(total, placed=before[total.placed]) for total in ledger.totals]
    ledger.amounts = Amounts(*(_kept(column, kept) for column in _columns(of)))


def _columns(of: Amounts) -> tuple[array[int], ...]:
    return of.unit, of.account, of.period, of.source, of.cents, of.row


def _kept(column: array[int], kept: list[bool]) -> array[int]:
    return array(column.typecode, (value for value, keep in zip(column, kept, strict=True) if keep))


def _where(ledger: Ledger, index: int) -> _Where:
    of = ledger.amounts
    return of.unit[index], of.period[index], of.source[index]
