"""From rows to placed amounts: each has its unit, account, period and measure, or is a problem with its row and column.

What a cell means is worked out once for each text that occurs; a million rows then cost a few look-ups each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from heinola_es.domain.aggregates.unit_year import require_sign
from heinola_es.errors import BadInput, HeinolaError
from heinola_es.importing.ledger.placing.accounts import Accounts, FeedsNoLine, Ignored, NoAccount
from heinola_es.importing.ledger.placing.decisions import DecisionCells
from heinola_es.importing.ledger.placing.ledger import ACTUAL, FORECAST, LEVEL, Ledger, TotalsRow
from heinola_es.importing.ledger.placing.periods_of_rows import Periods, RowPeriod
from heinola_es.importing.ledger.placing.plain import place_plain
from heinola_es.importing.ledger.placing.units import NoUnit, UnitTree, UnitUnclear
from heinola_es.importing.ledger.reading.amount_cells import AmountReader
from heinola_es.importing.ledger.reading.cells import is_empty, text_of
from heinola_es.importing.ledger.reading.rows import FillDown, Rule, Spans, TotalWords, is_footer

if TYPE_CHECKING:
    from heinola_es.importing.ledger.placing.ledger import Source
    from heinola_es.importing.ledger.reading.cells import Row

_LETTER = re.compile("[A-Za-z]")
_SKIP = "skip the row by its number, or by where, under [skip]"
_TOTAL, _NONE, _IGNORED, _UNCLEAR, _HEADER, _BARE = -1, -2, -3, -4, -5, -6
"""What a unit, account or period can be instead of an index."""


_SAID_BY_0 = frozenset({LEVEL, FORECAST})
"""Of these an amount of 0 says something."""

TakeCells = Callable[[Sequence[Any]], Any]


@frozen(slots=True, kw_only=True)
class Places:
    """What the columns of a table are, and how their cells are read.

    Attributes:
        width: how many columns the table has.
        tree, unit_at: units, and the columns of their codes from the top down.
        units_at: the columns that say anything of them.
        accounts, account_at: accounts or lines, and their column.
        periods, row_period, fixed: periods; where a row says its own, None where none does; and that of each source.
        fills: columns whose empty cells repeat the one above.
        totals, rules, skipped: which rows are no postings.
        internal: where one of them holds, a row is of internal items.
        chosen: of each source, what must hold of a row for it to have an amount of that kind.
        decisions: of each source, what reads the decision that a row tells; None where rows do not.
        readers, total_readers: of each source's amounts, and of totals, which are rounded without a word.
        unreadable: cells without a value, and why.
        decimal: the decimal mark of amounts written as text.
        record_zeros, drop_extra_cells: as the mapping has it.
        delimiter: what stands between the cells of a CSV file, where quotation marks may hold it; else empty.
    """

    width: int
    tree: UnitTree
    unit_at: list[int]
    units_at: list[int]
    accounts: Accounts
    account_at: int
    periods: Periods
    row_period: RowPeriod | None
    fixed: list[int | None]
    fills: list[FillDown]
    totals: TotalWords
    rules: list[Rule]
    internal: list[Rule | Spans]
    chosen: list[list[Rule]]
    decisions: list[DecisionCells | None]
    skipped: frozenset[int]
    readers: list[AmountReader]
    total_readers: list[AmountReader]
    unreadable: dict[tuple[int, int], str]
    decimal: str | None
    record_zeros: bool
    drop_extra_cells: bool
    delimiter: str
    unit_key: TakeCells = field(init=False)
    period_key: TakeCells = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Prepare what takes the cells of a row that say its unit, and its period."""
        object.__setattr__(self, "unit_key", _taking(self.units_at))
        object.__setattr__(self, "period_key", _taking(self.row_period.columns if self.row_period else []))


def _taking(columns: list[int]) -> TakeCells:
    return itemgetter(*columns) if columns else lambda _cells: ()


@define(slots=True)
class Placer:
    """Places the rows of one table into its ledger.

    Attributes:
        ledger, places: what is filled, and what the columns are.
        units, accounts, periods: what the cells that were met mean: an index, or one of the words below 0.
        factors: by source and account, what turns the file's sign into ours.
    """

    ledger: Ledger
    places: Places
    units: dict[Any, int] = field(factory=dict)
    accounts: dict[Any, int] = field(factory=dict)
    periods: dict[Any, int] = field(factory=dict)
    factors: list[list[int]] = field(init=False)
    _totals: dict[int, int] = field(factory=dict)
    _why: dict[tuple[str, Any], tuple[HeinolaError | str, int | None]] = field(factory=dict)

    def __attrs_post_init__(self) -> None:
        """Make room for each source's factors."""
        self.factors = [[] for _source in self.ledger.sources]

    def place(self, rows: list[Row]) -> None:
        """Place some rows."""
        if not place_plain(self, rows):
            self._place_each(rows)

    def _place_each(self, rows: list[Row]) -> None:
        places, units, accounts = self.places, self.units, self.accounts
        unit_of = places.unit_key
        for number, row in rows:
            cells = row if len(row) == places.width else row[: places.width] + [""] * (places.width - len(row))
            if number in places.skipped or (places.rules and any(rule.holds(cells) for rule in places.rules)):
                self.ledger.counts["skipped"] += 1
                continue
            if len(row) != places.width and not self._fits(number, row):
                self.ledger.counts["unplaced"] += 1
                continue
            for fill in places.fills:
                fill.fill(cells)
            key = unit_of(cells)
            unit = units.get(key)
            if unit is None:
                unit = self.unit(key, number, cells)
                if unit != _BARE:  # a later row may carry an amount of the same unit
                    units[key] = unit
            account_key = cells[places.account_at]
            if places.tree.mixed:
                account_key = account_key, places.tree.kind(unit)
            if places.internal:
                account_key = account_key, any(one.holds(cells) for one in places.internal)
            account = accounts.get(account_key)
            if account is None:
                account = accounts[account_key] = self.account(account_key)
            if unit >= 0 and account >= 0:
                self._amounts(number, cells, unit, account)
            else:
                self._other(number, cells, (unit, key), (account, account_key))

    def _fits(self, number: int, row: list[Any]) -> bool:
        """Return whether a row that is not as wide as the table is one of it all the same; if not, it is told."""
        width, delimiter = self.places.width, self.places.delimiter
        if any(not is_empty(cell) for cell in row[width:]):
            return self._may_be_cut(number, len(row))
        held = (
            sum(cell.count(delimiter) for cell in row if not cell.isascii() or _LETTER.search(cell)) if delimiter else 0
        )
        if not held or len(row) + held != width:
            return True
        self.ledger.problems.add(
            f"the row has {len(row)} cells, the header {width}, and a cell between quotation marks holds what stands "
            f'between cells; mend the marks, or say quotes = "none" under [file] where they are part of the text',
            number,
        )
        return False

    def _may_be_cut(self, number: int, cells: int) -> bool:
        """Return whether what stands beyond the header, which belongs to no column, may be dropped."""
        if self.places.drop_extra_cells:
            self.ledger.counts["cut"] += 1
            return True
        self.ledger.problems.add(
            f"the row has {cells} cells and the header {self.places.width}; put a text that has the delimiter in it "
            f"between quotation marks, check header and delimiter under [file], or say there "
            f'extra_cells = "drop" where what stands beyond the header is nothing',
            number,
        )
        return False

    # ------------------------------------------------------------------ what a cell means, once per text

    def unit(self, key: Any, number: int, cells: Sequence[Any]) -> int:  # noqa: ANN401 - a cell or several
        """Return the number of the chain of units in a row, or what the row is instead."""
        if self.places.totals.label(cells[at] for at in self.places.unit_at):
            return _TOTAL
        if self.ledger.header.repeats(cells):
            return _HEADER
        if self.bare(number, cells):
            return _BARE
        try:
            self._require_no_foot(cells)
            return self.places.tree.place(number, cells)
        except NoUnit:
            return _NONE
        except UnitUnclear as unclear:
            self._why["unit", key] = unclear.args[0], unclear.args[1]
            return _UNCLEAR

    def _require_no_foot(self, cells: Sequence[Any]) -> None:
        foot = next((at for at in self.places.unit_at if is_footer(cells[at])), None)
        if foot is not None:
            raise UnitUnclear(f"{text_of(cells[foot])!r} reads like the foot of a page and is no unit; {_SKIP}", foot)

    def bare(self, number: int, cells: Sequence[Any]) -> bool:
        """Return whether a row carries no amount; such a row is passed over, and no unit is known by it."""
        unreadable = self.places.unreadable
        return all(
            is_empty(cells[source.index]) and (number, source.index + 1) not in unreadable
            for source in self.ledger.sources
        )

    def account(self, key: Any) -> int:  # noqa: ANN401 - whatever a reader gives
        """Return the index of an account, or what the cell is instead.

        Where kinds of units differ, it stands beside the kind; where rows say so, beside whether it is internal.
        """
        said, internal = key if self.places.internal else (key, False)
        cell, kind = said if self.places.tree.mixed else (said, self.places.tree.kind(_NONE))
        if self.places.totals.has(cell):
            return _TOTAL
        try:
            index = self.places.accounts.place(cell, kind, internal=internal)
        except NoAccount:
            return _NONE
        except Ignored:
            return _IGNORED
        except HeinolaError as error:
            self._why["account", key] = error, self.places.account_at
            return _UNCLEAR
        for source, factors in zip(self.ledger.sources, self.factors, strict=True):
            known = self.ledger.accounts[len(factors) :]
            factors.extend(self.ledger.factor(account, source) for account in known)
        return index

    def period(self, key: Any) -> int:  # noqa: ANN401 - a cell or several
        """Return the index of the period that the cells of a row say; _UNCLEAR where they say none."""
        said = self.places.row_period
        if said is None:
            return _NONE
        try:
            return self.places.periods.place(said.read(key))
        except BadInput as error:
            self._why["period", key] = str(error), next(iter(said.columns), None)
            return _UNCLEAR

    def _period(self, cells: Sequence[Any]) -> int:
        key = self.places.period_key(cells)
        index = self.periods.get(key)
        if index is None:
            index = self.periods[key] = self.period(key)
        return index

    def _to_date(self, period: int) -> int:
        """Return the period from 1 January up to the end of one that rows say."""
        if period < 0:
            return period
        if period not in self._totals:
            self._totals[period] = self.places.periods.place(self.ledger.periods[period].year_to_date())
        return self._totals[period]

    # ------------------------------------------------------------------ the amounts of a row

    def _amounts(self, number: int, cells: list[Any], unit: int, account: int) -> None:
        ledger, places, found = self.ledger, self.places, False
        own = self._period(cells)
        for at, source in enumerate(ledger.sources):
            if places.chosen[at] and not all(rule.holds(cells) for rule in places.chosen[at]):
                continue
            cents = self._read(at, source, number, cells)
            if cents is None:
                continue
            found = True
            fixed = places.fixed[at]
            period = fixed if fixed is not None else self._to_date(own) if source.column.cumulative else own
            if not cents and not (source.column.statement or source.measure in _SAID_BY_0 or places.record_zeros):
                ledger.counts["zeros"] += 1
            elif period >= 0:
                self._keep(number, unit, account, period, at, cents * self.factors[at][account])
                self._decide(at, number, cells)
        if found and own == _UNCLEAR and None in places.fixed and places.row_period is not None:
            self._complain("period", places.period_key(cells), number)
        other = not found and any(places.chosen) and not self.bare(number, cells)
        ledger.counts["placed" if found else "other" if other else "empty"] += 1

    def _decide(self, at: int, number: int, cells: list[Any]) -> None:
        """Keep the decision that a row tells of the amount that was placed last."""
        reader = self.places.decisions[at]
        if reader is None:
            return
        try:
            self.ledger.decisions[len(self.ledger.amounts) - 1] = reader.read(cells)
        except BadInput as error:
            self.ledger.problems.add(str(error), number)

    def _read(self, at: int, source: Source, number: int, cells: list[Any]) -> int | None:
        if self.places.unreadable:
            why = self.places.unreadable.get((number, source.index + 1))
            if why:
                self.ledger.problems.add(
                    f"the cell holds {why}; open the file in a spreadsheet program, mend the cell and save",
                    number,
                    source.name,
                )
                return None
        cell = cells[source.index]
        if cell == "":
            return None
        try:
            return self.places.readers[at](cell)
        except BadInput as error:
            self.ledger.problems.add(str(error), number, source.name)
            return None

    def _keep(self, number: int, unit: int, account: int, period: int, at: int, cents: int) -> None:
        ledger, amounts = self.ledger, self.ledger.amounts
        source = ledger.sources[at]
        what = ledger.accounts[account]
        if what.sign * cents < 0 and source.measure == ACTUAL:
            self._check_sign(number, source, what.line, cents)
        amounts.unit.append(unit)
        amounts.account.append(account)
        amounts.period.append(period)
        amounts.source.append(at)
        amounts.cents.append(cents)
        amounts.row.append(number)

    # ------------------------------------------------------------------ rows that are no postings, and complaints

    def _other(self, number: int, cells: list[Any], unit: tuple[int, Any], account: tuple[int, Any]) -> None:
        """See what a row is whose unit or account is none: totals, a heading, left out, or a problem."""
        ledger = self.ledger
        label = self.places.totals.label(cells)
        if label is not None:
            self._total(number, label, cells)
        elif unit[0] == _HEADER:
            ledger.counts["repeated headers"] += 1
        elif unit[0] == _BARE or self.bare(number, cells):
            ledger.counts["empty"] += 1
            if unit[0] == _BARE:
                ledger.passed_over(number, cells)
        elif account[0] == _IGNORED:
            ledger.counts["left out"] += 1
        else:
            ledger.counts["unplaced"] += 1
            self._complain_of_row(number, unit, account)

    def _total(self, number: int, label: str, cells: list[Any]) -> None:
        cents: dict[int, int] = {}
        for at, source in enumerate(self.ledger.sources):
            try:
                read = self.places.total_readers[at](cells[source.index])
            except BadInput:
                read = None  # a total that is no number says nothing about the sum
            if read is not None:
                cents[at] = read
        self.ledger.counts["totals"] += 1
        self.ledger.totals.append(TotalsRow(number, label, cents, len(self.ledger.amounts)))

    def _complain_of_row(self, number: int, unit: tuple[int, Any], account: tuple[int, Any]) -> None:
        """Tell what keeps a row from being placed: of unit and account the first, since one sentence is enough."""
        if unit[0] == _NONE:
            self._complain_of_empty("the unit's cell is empty, so nobody knows whose the amounts are", number, "unit")
        elif unit[0] == _UNCLEAR:
            self._complain("unit", unit[1], number)
        elif account[0] == _NONE:
            self._complain_of_empty("the cell is empty, so nobody knows what the amounts are for", number, "account")
        elif account[0] == _UNCLEAR:
            self._complain("account", account[1], number)

    def _complain_of_empty(self, message: str, number: int, what: str) -> None:
        at = self.places.unit_at[-1] if what == "unit" else self.places.account_at
        self.ledger.problems.add(f"{message}; fill it in, or skip the row", number, self.ledger.header.name(at))

    def _complain(self, what: str, key: Any, number: int) -> None:  # noqa: ANN401 - a cell or several
        why, at = self._why[what, key]
        column = "" if at is None else self.ledger.header.name(at)
        if isinstance(why, FeedsNoLine):
            self.ledger.problems.add(str(why), number, column, cause=why.cause, item=why.item)
        else:
            self.ledger.problems.add(str(why), number, column)

    def _check_sign(self, number: int, source: Source, line: str, cents: int) -> None:
        if source.column.statement or source.column.side:  # a debit says by its column that it is one
            return
        try:
            require_sign(self.places.accounts.chart.lines[line], cents, contra=self.ledger.contra)
        except HeinolaError as error:
            self.ledger.problems.refused(error, number, source.name)
