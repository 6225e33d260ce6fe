"""Actuals of a unit's year: compared with what is there, guarded by line and period, recorded in bulk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import Refused
from heinola_es.importing.ledger.recording.bodies import Postings
from heinola_es.importing.ledger.recording.reconciling import reconcile
from heinola_es.importing.ledger.recording.writing import BATCH

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.period import Period
    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.importing.ledger.placing.ledger import Account
    from heinola_es.importing.ledger.recording.bodies import Said
    from heinola_es.importing.ledger.recording.group import Group
    from heinola_es.importing.ledger.recording.reconciling import Covered
    from heinola_es.importing.ledger.recording.writing import Writing


def record_postings(writing: Writing, year: UnitYear, indexes: Sequence[int], covered: Covered) -> None:
    """Record the actuals of a unit's year; `covered` are the periods that the file tells of, even where it is empty."""
    for group in reconcile(writing, year, indexes, covered.of_year(year.fiscal_year)):
        details = _guard(group) if _countable(group) else None
        if details is not None:
            _write(group, details)


def _write(group: Group, details: set[tuple[int, int]]) -> None:
    writing = group.writing
    first = writing.ledger.periods[group.periods[0]]
    postings = Postings.of(group.year, writing.at(writing.stamp.source, group.reason), first)
    for at in range(0, len(group.indexes), BATCH):
        writing.bodies.extend(postings.bodies(_said(group, slice(at, at + BATCH), details)))
        writing.flush(whole=False)
    group.year.version = postings.version
    group.year.turnover["actual"] = group.year.turnover.get("actual", 0) + _turnover(group)


def _said(group: Group, part: slice, details: set[tuple[int, int]]) -> Iterator[Said]:
    """Yield what each posting says of its own."""
    writing, ledger = group.writing, group.writing.ledger
    accounts, rows, sources = ledger.amounts.account, ledger.amounts.row, ledger.amounts.source
    lines, codes = [account.line for account in ledger.accounts], [account.code for account in ledger.accounts]
    internal = [account.internal for account in ledger.accounts]
    periods, columns, name = [str(period) for period in ledger.periods], writing.columns(), ledger.name
    for index, period, cents in zip(group.indexes[part], group.periods[part], group.cents[part], strict=True):
        account = accounts[index]
        source = f"{name}:{rows[index]}{columns[sources[index]]}"
        detail = (account, period) in details if details else False
        yield periods[period], source, lines[account], cents, codes[account], detail, internal[account]


# ---------------------------------------------------------------- rules, asked once per period and once per line


def _countable(group: Group) -> bool:
    """Return whether the year's sums can take the amounts; each was held against its own limit when it was read."""
    cents = max(group.cents, key=abs)
    try:
        group.year.require_countable("actual", cents, more_cents=_turnover(group) - abs(cents))
    except Refused as error:
        group.writing.refuse(error, group.indexes[group.cents.index(cents)], len(group.indexes) - 1)
        return False
    return True


def _turnover(group: Group) -> int:
    return sum(map(abs, group.cents))


def _guard(group: Group) -> set[tuple[int, int]] | None:
    """Return which accounts and periods are details of a stated total; None where a rule refuses any."""
    refused = _refused_periods(group)
    details = _details(group, refused)
    return None if refused or details is None else details


def _refused_periods(group: Group) -> set[int]:
    """Return the periods that no posting may be made into, each told once."""
    refused = set[int]()
    for number, first in dict(zip(group.periods[::-1], group.indexes[::-1], strict=True)).items():
        period = group.writing.ledger.periods[number]
        try:
            group.year.require_postable(period, group.place(period))
        except Refused as error:
            group.writing.refuse(error, first, sum(of == number for of in group.periods) - 1)
            refused.add(number)
    return refused


def _details(group: Group, refused: set[int]) -> set[tuple[int, int]] | None:
    """Return what lies inside a stated total; None where that was not wished for, each line told once."""
    amounts, ledger = group.writing.ledger.amounts, group.writing.ledger
    details: set[tuple[int, int]] = set()
    allowed = True
    for key in dict.fromkeys(
        _line_of(ledger.accounts[at]) for at in dict.fromkeys(map(amounts.account.__getitem__, group.indexes))
    ):
        totals = _totals_over(group, key)
        if not totals:
            continue
        inside = [
            at
            for at, (index, period) in enumerate(zip(group.indexes, group.periods, strict=True))
            if _line_of(ledger.accounts[amounts.account[index]]) == key
            and period not in refused
            and any(total.contains(ledger.periods[period]) for total in totals)
        ]
        details.update((amounts.account[group.indexes[at]], group.periods[at]) for at in inside)
        if inside and not group.writing.wishes.detail:
            allowed = False
            _refuse_stated(group, key, inside)
    return details if allowed else None


def _line_of(account: Account) -> tuple[str, bool]:
    return account.line, account.internal


def _totals_over(group: Group, key: tuple[str, bool]) -> list[Period]:
    """Return the periods over which a total is stated that a posting on the line, internal or not, would be part of."""
    line, internal = key
    place = group.place(group.writing.ledger.periods[group.periods[0]])
    return [total.effective for total in place.totals_over("actual", line, internal=internal)]


def _refuse_stated(group: Group, key: tuple[str, bool], inside: list[int]) -> None:
    at, (line, internal) = inside[0], key
    period = group.writing.ledger.periods[group.periods[at]]
    try:
        row = group.writing.session.chart.lines[line]
        group.year.require_not_stated(period, group.place(period), row, group.cents[at], internal=internal)
    except Refused as error:
        group.writing.refuse(error, group.indexes[at], len(inside) - 1)
