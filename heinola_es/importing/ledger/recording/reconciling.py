"""What a file says of actuals beside what is there: nothing is counted twice, or changed without being asked to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from events.period import Period
from heinola_es.domain.aggregates.unit_year import UnitYear
from heinola_es.domain.amounts import format_cents
from heinola_es.domain.value_rule.coverage import months_of
from heinola_es.errors import Refused
from heinola_es.importing.ledger.recording.deriving import Cells, Change, Crossing, Repeated
from heinola_es.importing.ledger.recording.earlier import TOTALS_REASON, ActualCell, Earlier, earlier_actuals, is_row
from heinola_es.importing.ledger.recording.group import Group
from heinola_es.importing.ledger.recording.overlaps import (
    Overlap,
    Said,
    insides_of,
    overlaps_of,
    refuse_between_columns,
    refuse_overlaps,
    refuse_total,
)
from heinola_es.importing.ledger.recording.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.domain.aggregates.booked import BookedCell

NO_ROW = "0 [no row]"
"""The source of a correction of what a newer file no longer has."""

_NEWER = "newer export"

_Entry = tuple[int, int, int]
_Key = tuple[str, str, bool]
"""Line, account, and whether internal; the account is empty where the file tells lines."""


@frozen(slots=True)
class Covered:
    """The periods whose actuals a file tells, even where it has none: of amounts that add, and of totals."""

    plain: frozenset[Period]
    totals: frozenset[Period]

    def of_year(self, year: int) -> Covered:
        """Return those that end in a year."""
        plain, totals = (frozenset(one for one in some if one.year == year) for some in (self.plain, self.totals))
        return Covered(plain, totals)


def reconcile(writing: Writing, year: UnitYear, indexes: Sequence[int], covered: Covered) -> list[Group]:
    """Return what is to be posted of a unit's year, and record corrections of what earlier imports posted.

    Where anything of it would be counted twice and that is not wished for, it is refused, and nothing is returned.
    """
    sources, of = writing.ledger.sources, writing.ledger.amounts.source
    plain, totals = indexes, list[int]()
    if any(source.column.cumulative for source in sources):
        plain = [index for index in indexes if not sources[of[index]].column.cumulative]
        totals = [index for index in indexes if sources[of[index]].column.cumulative]
    elif not year.postings:
        return [Group.of(writing, year, indexes)] if indexes else []
    work = _Reconciling(writing, year, covered, plain, _said(writing, plain), _said(writing, totals))
    return [] if work.is_refused() else work.groups()


def _said(writing: Writing, indexes: Sequence[int]) -> list[Said]:
    """Return what the file says of each account and period."""
    ledger = writing.ledger
    cells: dict[ActualCell, list[int]] = {}
    for index in indexes:
        account = ledger.accounts[ledger.amounts.account[index]]
        key = account.line, account.code, account.internal, ledger.periods[ledger.amounts.period[index]]
        cells.setdefault(key, []).append(index)
    of = ledger.amounts.cents
    return [Said(*key, tuple(indexes), sum(of[index] for index in indexes)) for key, indexes in cells.items()]


def _key_of(one: Said) -> _Key:
    return one.line, one.account, one.internal


def _by_key(said: Sequence[Said]) -> dict[_Key, dict[Period, Said]]:
    by_key: dict[_Key, dict[Period, Said]] = {}
    for one in said:
        by_key.setdefault(_key_of(one), {})[one.period] = one
    return by_key


@define(slots=True)
class _Reconciling:
    """What a file says of a unit's year, and what is there.

    Attributes:
        plain_indexes, plain: amounts that add, as they are placed and by account and period.
        totals: totals from 1 January.
        earlier: cells that imports left.
        cells: the same by account.
        refused: periods that no correction may be made into.
        ends: the days up to which totals were imported.
    """

    writing: Writing
    year: UnitYear
    covered: Covered
    plain_indexes: Sequence[int]
    plain: list[Said]
    totals: list[Said]
    earlier: dict[ActualCell, Earlier] = field(init=False)
    cells: dict[_Key, Cells] = field(factory=dict)
    refused: set[Period] = field(factory=set)
    ends: set[date] = field(factory=set)

    def __attrs_post_init__(self) -> None:
        self.earlier = {}
        if not self.totals and not self.writing.wishes.update:
            return  # nothing is compared with what imports left
        self.earlier = {key: cell for key, cell in earlier_actuals(self.year).items() if cell.cents}
        for (line, account, internal, period), cell in self.earlier.items():
            cells = self._cells((line, account, internal))
            cells.cents[period] = cell.cents
            if cell.chained:
                cells.chained.add(period)
                self.ends.add(period.end)

    def _cells(self, key: _Key) -> Cells:
        return self.cells.setdefault(key, Cells())

    def is_refused(self) -> bool:
        """Refuse what would be counted twice, and return whether there is anything such."""
        wishes, booked = self.writing.wishes, self.year.booked
        if wishes.also:
            return False
        said = [*self.plain, *self.totals]
        if not booked.may_be_over(one.period for one in said):
            return False
        by_hand = [one for one in overlaps_of(said, booked) if not is_row(one.cell.source) and not self._is_newer(one)]
        if by_hand:
            refuse_overlaps(self.writing, self.year, by_hand, by_hand=True)
            return True
        if wishes.update:
            return False
        found = overlaps_of(self.plain, booked) or insides_of(said, booked, self.writing.session.chart)
        if found:
            refuse_overlaps(self.writing, self.year, found)
        return bool(found)

    def _is_newer(self, overlap: Overlap) -> bool:
        """Return whether what the file says is compared with what was imported, beside which somebody posted more."""
        said = overlap.said
        return self.writing.wishes.update and (*_key_of(said), said.period) in self.earlier

    def groups(self) -> list[Group]:
        """Return what is to be posted, and record corrections."""
        groups = [self._updated() if self.writing.wishes.update else self._as_said()]
        if self.totals or (self.writing.wishes.update and self.covered.totals):
            groups.append(self._derived())
        return [group for group in groups if group.indexes]

    # ------------------------------------------------------------------ amounts that add

    def _as_said(self) -> Group:
        if self.totals:
            for one in self.plain:
                self._cells(_key_of(one)).add(one.period, one.cents)
        return Group.of(self.writing, self.year, self.plain_indexes)

    def _updated(self) -> Group:
        entries: list[_Entry] = []
        by_key = _by_key(self.plain)
        for key in dict.fromkeys([*by_key, *self.cells]):
            said, cells = by_key.get(key, {}), self._cells(key)
            try:
                changes = cells.gone(self.covered.plain, said)
                changes += cells.update({period: one.cents for period, one in said.items()})
            except Crossing as crossing:
                self._refuse_crossing(key, said, crossing)
                continue
            self.writing.unchanged += len(said.keys() - {change.said for change in changes})
            entries.extend(self._taken(key, changes, said, _NEWER))
        return Group.of_entries(self.writing, self.year, entries)

    # ------------------------------------------------------------------ totals from 1 January

    def _derived(self) -> Group:
        entries: list[_Entry] = []
        by_key, update = _by_key(self.totals), self.writing.wishes.update
        absent = [key for key in self.cells if key not in by_key and self._has_total(key)]
        if update:
            by_key |= {key: {} for key in absent}
        else:
            self.writing.absent += len(absent)
        for key, said in by_key.items():
            try:
                changes = self._changes_of_totals(key, said, again=update)
            except Crossing as crossing:
                self._refuse_crossing(key, said, crossing)
                continue
            self.writing.unchanged += len(said.keys() - {change.said for change in changes})
            taken = list(self._taken(key, changes, said, TOTALS_REASON))
            self.writing.derived += len(taken)
            entries.extend(taken)
        return Group.of_entries(self.writing, self.year, entries, TOTALS_REASON)

    def _has_total(self, key: _Key) -> bool:
        return any(total.contains(held) for total in self.covered.totals for held in self.cells[key].cents)

    def _through(self, line: str) -> date | None:
        """Return the day up to which an account without an amount is known to have none, by this file or others."""
        months = self.writing.imported_months(self.year, line)
        for period in self.covered.plain:
            months |= months_of(period)
        last = next(month for month in range(13) if not months >> month & 1)
        return Period.of_month(self.year.fiscal_year, last).end if last else None

    def _changes_of_totals(self, key: _Key, said: dict[Period, Said], *, again: bool) -> list[Change]:
        levels = {period: one.cents for period, one in said.items()} or dict.fromkeys(self.covered.totals, 0)
        parts = [one for one in self.plain if _key_of(one) == key]
        try:
            how = again and not parts
            return self._cells(key).totals(levels, again=how, through=self._through(key[0]), ends=self.ends)
        except Repeated as repeated:
            total, _cents, there = repeated.args
            inside = [one for one in parts if total.contains(one.period)]
            cell = self._over(key, total)
            if inside:
                refuse_between_columns(self.writing, said[total], inside, there)
            elif cell is not None:
                refuse_overlaps(self.writing, self.year, [Overlap(said[total], cell)])
            else:
                refuse_total(self.writing, self.year, said[total])
            return []

    # ------------------------------------------------------------------ what comes of it

    def _taken(self, key: _Key, changes: list[Change], said: dict[Period, Said], why: str) -> Iterator[_Entry]:
        """Record corrections, and yield what is to be posted."""
        ledger = self.writing.ledger
        for change in changes:
            one = said.get(change.said)
            if not change.posted or one is None:
                self._correct(key, change, one, why)
            elif change.period == one.period and change.cents == one.cents:
                yield from ((index, ledger.amounts.period[index], ledger.amounts.cents[index]) for index in one.indexes)
            else:
                yield one.indexes[0], ledger.period_number(change.period), change.cents

    def _correct(self, key: _Key, change: Change, one: Said | None, why: str) -> None:
        """Record one difference; a period that no correction may be made into is told once."""
        if change.period in self.refused:
            return
        writing, (line, account, internal) = self.writing, key
        before = self.earlier.get((*key, change.period))
        source = writing.source_of(one.indexes) if one else f"{writing.ledger.name}:{NO_ROW}"
        stamp, row = writing.at(source, f"{why}: {_was(change, before)}"), writing.session.chart.lines[line]
        place, year = Group.of(writing, self.year, ()).place(change.period), self.year
        try:
            if before is not None and before.detail:
                meant = {"detail": True, "contra": True, "also": True, "internal": internal}
                year.post_actual(stamp, change.period, place, row, change.cents, account=account, **meant)
            else:
                of = change.period, place, row, change.cents
                year.correct_actual(stamp, *of, account=account, internal=internal)
        except Refused as error:
            self.refused.add(change.period)
            writing.refuse(error, one.indexes[0] if one else None)

    def _over(self, key: _Key, period: Period) -> BookedCell | None:
        line, account, internal = key
        return self.year.booked.over(line, account, period, internal=internal)

    def _refuse_crossing(self, key: _Key, said: dict[Period, Said], crossing: Crossing) -> None:
        period, held = crossing.args
        cell = self._over(key, held)
        if cell is not None and period in said:
            refuse_overlaps(self.writing, self.year, [Overlap(said[period], cell)], crossing=True)


def _was(change: Change, before: Earlier | None) -> str:
    if before is not None and change.said == change.period:
        return f"was {format_cents(before.cents)} in {before.source}, is {format_cents(change.now_cents)}"
    return f"{change.said.label} is {format_cents(change.now_cents)}"
