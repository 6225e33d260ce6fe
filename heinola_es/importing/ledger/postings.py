"""Actuals of a unit's year: guarded by line and period, compared with earlier imports, recorded in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import define, field

from events.period import Period
from heinola_es.aggregates.unit_year import Placement, UnitYear
from heinola_es.amounts import format_cents
from heinola_es.errors import Refused
from heinola_es.importing.ledger.bodies import Postings
from heinola_es.importing.ledger.earlier import earlier_actuals
from heinola_es.importing.ledger.writing import BATCH, Writing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heinola_es.importing.ledger.bodies import Said
    from heinola_es.importing.ledger.earlier import ActualCell, Earlier

NO_ROW = "0 [no row]"
"""The source of a correction of what a newer file no longer has."""


@define(slots=True)
class Group:
    """The postings of one unit and fiscal year.

    Attributes:
        writing: the transaction.
        year: the unit's year.
        indexes: of the placed amounts.
    """

    writing: Writing
    year: UnitYear
    indexes: Sequence[int]
    _changes: list[date] | None = None
    _places: dict[date | None, Placement] = field(factory=dict)

    def place(self, period: Period) -> Placement:
        """Return where the unit stands at the end of a period; it is looked up again where anything moved meanwhile."""
        session, code = self.writing.session, self.year.unit
        if self._changes is None:
            units = [session.unit(code), *session.ever_above(code)]
            self._changes = sorted(day for unit in units for day in unit.days_of_change())
        since = max((day for day in self._changes if day <= period.end), default=None)
        if since not in self._places:
            self._places[since] = session.placement(code, self.year.fiscal_year, period.end)
        return self._places[since]


def record_postings(writing: Writing, year: UnitYear, indexes: Sequence[int], covered: Iterable[Period]) -> None:
    """Record the actuals of a unit's year; `covered` are the periods that the file tells of, even where it is empty."""
    earlier = earlier_actuals(year)
    group = Group(writing, year, indexes)
    if earlier and writing.wishes.update:
        group.indexes = _record_differences(group, earlier, set(covered))
    elif earlier and _complain_of_repeats(group, earlier):
        return
    details = _guard(group) if group.indexes and _countable(group) else None
    if details is not None:
        _write(group, details)


def _write(group: Group, details: set[tuple[int, int]]) -> None:
    ledger = group.writing.ledger
    first = ledger.periods[ledger.amounts.period[group.indexes[0]]]
    postings = Postings.of(group.year, group.writing.stamp, first)
    for at in range(0, len(group.indexes), BATCH):
        group.writing.bodies.extend(postings.bodies(_said(group, group.indexes[at : at + BATCH], details)))
        group.writing.flush(whole=False)
    group.year.version = postings.version
    group.year.turnover["actual"] = group.year.turnover.get("actual", 0) + _turnover(group)


def _said(group: Group, indexes: Sequence[int], details: set[tuple[int, int]]) -> Iterator[Said]:
    """Yield what each posting says of its own."""
    writing, amounts, ledger = group.writing, group.writing.ledger.amounts, group.writing.ledger
    lines, codes = [account.line for account in ledger.accounts], [account.code for account in ledger.accounts]
    periods, columns, name = [str(period) for period in ledger.periods], writing.columns(), ledger.name
    for index in indexes:
        account, period = amounts.account[index], amounts.period[index]
        source = f"{name}:{amounts.row[index]}{columns[amounts.source[index]]}"
        detail = (account, period) in details if details else False
        yield periods[period], source, lines[account], amounts.cents[index], codes[account], detail


# ---------------------------------------------------------------- rules, asked once per period and once per line


def _countable(group: Group) -> bool:
    """Return whether the year's sums can take the amounts; each was held against its own limit when it was read."""
    largest = max(group.indexes, key=lambda index: abs(group.writing.ledger.amounts.cents[index]))
    cents = group.writing.ledger.amounts.cents[largest]
    try:
        group.year.require_countable("actual", cents, more_cents=_turnover(group) - abs(cents))
    except Refused as error:
        group.writing.refuse(error, largest, len(group.indexes) - 1)
        return False
    return True


def _turnover(group: Group) -> int:
    return sum(map(abs, map(group.writing.ledger.amounts.cents.__getitem__, group.indexes)))


def _guard(group: Group) -> set[tuple[int, int]] | None:
    """Return which accounts and periods are details of a stated total; None where a rule refuses any."""
    refused = _refused_periods(group)
    details = _details(group, refused)
    return None if refused or details is None else details


def _refused_periods(group: Group) -> set[int]:
    """Return the periods that no posting may be made into, each told once."""
    of, refused = group.writing.ledger.amounts.period, set[int]()
    backwards = group.indexes[::-1]
    for number, first in dict(zip(map(of.__getitem__, backwards), backwards, strict=True)).items():
        period = group.writing.ledger.periods[number]
        try:
            group.year.require_postable(period, group.place(period))
        except Refused as error:
            group.writing.refuse(error, first, sum(of[index] == number for index in group.indexes) - 1)
            refused.add(number)
    return refused


def _details(group: Group, refused: set[int]) -> set[tuple[int, int]] | None:
    """Return what lies inside a stated total; None where that was not wished for, each line told once."""
    amounts, accounts = group.writing.ledger.amounts, group.writing.ledger.accounts
    details: set[tuple[int, int]] = set()
    allowed = True
    for line in dict.fromkeys(
        accounts[at].line for at in dict.fromkeys(map(amounts.account.__getitem__, group.indexes))
    ):
        totals = _totals_over(group, line)
        if not totals:
            continue
        inside = [
            index
            for index in group.indexes
            if accounts[amounts.account[index]].line == line
            and amounts.period[index] not in refused
            and any(total.contains(group.writing.ledger.periods[amounts.period[index]]) for total in totals)
        ]
        details.update((amounts.account[index], amounts.period[index]) for index in inside)
        if inside and not group.writing.wishes.detail:
            allowed = False
            _refuse_stated(group, line, inside)
    return details if allowed else None


def _totals_over(group: Group, line: str) -> list[Period]:
    """Return the periods over which a total is stated that a posting on the line would be part of."""
    ledger = group.writing.ledger
    place = group.place(ledger.periods[ledger.amounts.period[group.indexes[0]]])
    return [total.effective for total in place.totals_over("actual", line)]


def _refuse_stated(group: Group, line: str, indexes: list[int]) -> None:
    amounts, ledger = group.writing.ledger.amounts, group.writing.ledger
    index = indexes[0]
    period = ledger.periods[amounts.period[index]]
    try:
        row = group.writing.session.chart.lines[line]
        group.year.require_not_stated(period, group.place(period), row, amounts.cents[index])
    except Refused as error:
        group.writing.refuse(error, index, len(indexes) - 1)


# ---------------------------------------------------------------- what was imported earlier


def _cells(group: Group) -> dict[ActualCell, list[int]]:
    """Return the indexes of the file's amounts by line, account and period."""
    ledger, cells = group.writing.ledger, dict[tuple[str, str, Period], list[int]]()
    for index in group.indexes:
        account = ledger.accounts[ledger.amounts.account[index]]
        key = account.line, account.code, ledger.periods[ledger.amounts.period[index]]
        cells.setdefault(key, []).append(index)
    return cells


def _complain_of_repeats(group: Group, earlier: dict[ActualCell, Earlier]) -> bool:
    """Take note of cells that were imported before, once for the unit's year; return whether there are any."""
    repeated = [(key, indexes) for key, indexes in _cells(group).items() if key in earlier]
    if not repeated:
        return False
    key, indexes = repeated[0]
    line, account, period = key
    group.writing.refuse(
        Refused(
            f"the actual of {group.year.unit} {account or line} {period.label} was imported before from "
            f"{earlier[key].source}; where this file is a newer export, add --update to record the differences"
        ),
        indexes[0],
        len(repeated) - 1,
    )
    return True


def _record_differences(group: Group, earlier: dict[ActualCell, Earlier], covered: set[Period]) -> list[int]:
    """Record how cells differ from earlier imports, and return the amounts of cells that are new."""
    writing, new, refused = group.writing, list[int](), set[Period]()
    cells = _cells(group)
    gone = {key: list[int]() for key in earlier if key not in cells and key[2] in covered}
    for key, indexes in (cells | gone).items():
        before = earlier.get(key)
        if before is None:
            new.extend(indexes)
            continue
        now = sum(writing.ledger.amounts.cents[index] for index in indexes)
        if now == before.cents:
            writing.unchanged += 1
        elif key[2] not in refused:
            _correct(group, key, before, now, indexes, refused)
    return new


def _correct(
    group: Group, key: ActualCell, before: Earlier, now: int, indexes: list[int], refused: set[Period]
) -> None:
    """Record one difference; a period that no correction may be made into is told once."""
    writing, (line, account, period) = group.writing, key
    source = writing.rows(indexes) if len(indexes) > 1 else ""
    source = source or (writing.source(indexes[0]) if indexes else f"{writing.ledger.name}:{NO_ROW}")
    was = f"was {format_cents(before.cents)} in {before.source}, is {format_cents(now)}"
    stamp, row = writing.at(source, f"newer export: {was}"), writing.session.chart.lines[line]
    delta, place = now - before.cents, group.place(period)
    try:
        if before.detail:
            group.year.post_actual(stamp, period, place, row, delta, account=account, detail=True, contra=True)
        else:
            group.year.correct_actual(stamp, period, place, row, delta, account=account)
    except Refused as error:
        refused.add(period)
        if indexes:
            writing.refuse(error, indexes[0])
        else:
            writing.ledger.problems.refused(error)
