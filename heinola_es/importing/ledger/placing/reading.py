"""A ledger file from its first byte to placed amounts: opened, its columns found, its rows placed."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.domain.chart import Chart
from heinola_es.errors import BadInput, HeinolaError
from heinola_es.importing.ledger.mapping.mapping import Mapping
from heinola_es.importing.ledger.placing.accounts import Accounts
from heinola_es.importing.ledger.placing.covering import take_completeness
from heinola_es.importing.ledger.placing.currencies import Currencies
from heinola_es.importing.ledger.placing.decisions import DecisionCells
from heinola_es.importing.ledger.placing.duplicates import find_duplicates, find_overlaps, find_sums_of_vouchers
from heinola_es.importing.ledger.placing.group_accounts import note_group_accounts
from heinola_es.importing.ledger.placing.ledger import ACTUAL, AMENDMENT, BUDGET, FORECAST, LEVEL, Ledger, Source
from heinola_es.importing.ledger.placing.levels import note_repeated_budgets, require_whole_years, take_levels
from heinola_es.importing.ledger.placing.periods_of_rows import Periods, RowPeriod
from heinola_es.importing.ledger.placing.placing import Placer, Places
from heinola_es.importing.ledger.placing.signs import note_signs
from heinola_es.importing.ledger.placing.sums import take_sums
from heinola_es.importing.ledger.placing.units import UnitTree, levels_of
from heinola_es.importing.ledger.reading.amount_cells import Rounding, amount_reader, decimal_mark
from heinola_es.importing.ledger.reading.limits import look_at
from heinola_es.importing.ledger.reading.money_marks import money_above, money_in
from heinola_es.importing.ledger.reading.period_cells import period_in_words, period_of
from heinola_es.importing.ledger.reading.problems import KEPT, grouped
from heinola_es.importing.ledger.reading.reading_csv import open_csv
from heinola_es.importing.ledger.reading.reading_xlsx import open_workbook
from heinola_es.importing.ledger.reading.rows import FillDown, Spans, TotalWords, rules_of
from heinola_es.importing.ledger.reading.table import LedgerTable
from heinola_es.importing.ledger.reading.table_rows import TableRows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.importing.ledger.mapping.mapping import AmountColumn, FileForm, InternalRows
    from heinola_es.importing.ledger.mapping.mapping_tables import ColumnRef, Condition
    from heinola_es.importing.ledger.mapping.wishes import Wishes
    from heinola_es.importing.ledger.placing.units import Level
    from heinola_es.importing.ledger.reading.rows import Rule

_MEASURES = {
    "actual": ACTUAL,
    "final_accounts": ACTUAL,
    "budget": BUDGET,
    "amendment": AMENDMENT,
    "amended_budget": LEVEL,
    "forecast": FORECAST,
}
_SAMPLE_ROWS = 2_000
_CHUNK_ROWS = 500

Tell = Callable[[int], None]
"""Is told how many more rows, or bytes, were read."""


@frozen(slots=True)
class LedgerFile:
    """A ledger file: where it is, the hex SHA-256 of its bytes, and its table."""

    path: Path
    sha256: str
    table: LedgerTable


def open_table(path: Path, form: FileForm, tell: Tell = lambda _bytes: None) -> LedgerTable:
    """Return the table in a file, once the file is known to be harmless; `tell` is told how many bytes were looked at.

    Raises:
        BadInput: it is beyond a limit, damaged, or of a kind that is not read.
    """
    facts = look_at(path)
    return open_csv(path, form, tell) if facts.kind == "csv" else open_workbook(path, facts.kind, form, tell)


def read_ledger(file: LedgerFile, mapping: Mapping, chart: Chart, *, wishes: Wishes, tell: Tell) -> Ledger:
    """Return what a ledger file says; what is wrong with it is among the ledger's problems.

    Args:
        file: an opened file.
        mapping: what its columns are.
        chart: the lines of the store.
        wishes: how it is to be recorded.
        tell: is told how many rows were read, as they are.

    Raises:
        BadInput: the table cannot be read on.
    """
    table = file.table
    meant = TableRows.of(table, mapping.form)
    ledger = Ledger(
        name=table.name,
        sha256=file.sha256,
        described=table.described,
        header=meant.header(),
        sources=[],
        contra=wishes.contra,
    )
    ledger.notes.extend(table.notes)
    take_completeness(ledger, mapping, chart)
    places = _Finding(ledger, mapping, chart).places(meant)
    if ledger.problems:
        return ledger
    placer, currencies = Placer(ledger, places), Currencies.of(ledger, mapping)
    rows = meant.rows()
    while chunk := list(islice(rows, _CHUNK_ROWS)):
        before = len(ledger.amounts)
        placer.place(chunk)
        currencies.look(chunk, ledger.amounts.row[before:])
        ledger.counts["rows"] += len(chunk)
        tell(len(chunk))
        if ledger.problems.count > KEPT:
            ledger.notes.append(f"with so many problems the rows after {grouped(chunk[-1][0])} were not looked at")
            break
    places.tree.settle(ledger)
    currencies.tell(ledger)
    ledger.note_what_was_left(meant.told())
    note_signs(ledger)
    take_sums(ledger, chart, mapping.sums)
    if not mapping.add_duplicates:
        find_duplicates(ledger)
    elif mapping.sums != "add":
        find_sums_of_vouchers(ledger)
    if mapping.sums != "add":
        note_group_accounts(ledger)
    if not wishes.also:
        find_overlaps(ledger)
    if mapping.period is None or mapping.period.first_month == 1:
        require_whole_years(ledger)
        note_repeated_budgets(ledger)
    take_levels(ledger)
    if not ledger.amounts and not ledger.problems:
        ledger.problems.add("no row has an amount that can be placed; check header and columns in the mapping")
    return ledger


def _codes_of(levels: Sequence[Level]) -> list[int]:
    """Return the columns that say a row's unit, from the top down, each once; that of the lowest level comes last."""
    columns = [at for level in levels for at in (*level.parts_at, level.at) if at is not None]
    return list(dict.fromkeys(columns[::-1]))[::-1]


@frozen(slots=True)
class _Finding:
    """Finds the columns that a mapping names; what is not there is a problem of the ledger."""

    ledger: Ledger
    mapping: Mapping
    chart: Chart

    def places(self, meant: TableRows) -> Places:
        mapping, ledger, table = self.mapping, self.ledger, meant.table
        totals = TotalWords(mapping.skip.totals)
        levels = levels_of(mapping.units, self._find, self._rules)
        account = mapping.account or mapping.line
        account_at = self._find(account.column) if account else 0
        row_period = RowPeriod.of(mapping.period, self._find) if mapping.period else None
        periods = Periods(ledger.periods)
        fixed = self._sources(periods)
        self._require_euros(meant)
        filled = [level.at for level in levels if level.at is not None and level.said.fill]
        fills = [FillDown([*filled, account_at] if account and account.fill else filled, totals, ledger.header)]
        if row_period and row_period.said.fill:
            fills.append(FillDown(row_period.columns, totals, ledger.header))
        decimal = mapping.form.decimal or self._decimal(meant)
        statements = all(source.column.statement or source.measure == FORECAST for source in ledger.sources)
        return Places(
            width=ledger.header.width,
            tree=UnitTree(levels, ledger.units),
            unit_at=_codes_of(levels),
            units_at=list(dict.fromkeys(at for level in levels for at in level.columns())),
            accounts=Accounts(self.chart, mapping, statements, ledger.accounts),
            account_at=account_at,
            periods=periods,
            row_period=row_period,
            fixed=fixed,
            fills=[fill for fill in fills if fill.columns],
            totals=totals,
            rules=self._rules(mapping.skip.where),
            internal=self._internal(mapping.internal),
            chosen=[self._rules(source.column.where) for source in ledger.sources],
            decisions=[DecisionCells.of(source.column.decision, self._find) for source in ledger.sources],
            skipped=mapping.skip.rows,
            readers=[
                amount_reader(decimal, source.column.factor, ledger.rounding if source.column.rounded else None)
                for source in ledger.sources
            ],
            total_readers=[amount_reader(decimal, source.column.factor, Rounding()) for source in ledger.sources],
            decimal=decimal,
            unreadable=table.unreadable,
            record_zeros=mapping.record_zeros,
            drop_extra_cells=mapping.form.drop_extra_cells,
            delimiter=table.delimiter,
        )

    def _internal(self, said: InternalRows | None) -> list[Rule | Spans]:
        """Return what tells by a row that it is of internal items."""
        if said is None:
            return []
        other = said.counterparty
        return [*self._rules(said.where), *([Spans(self._find(other.column), other.codes)] if other else [])]

    def _find(self, column: ColumnRef) -> int:
        try:
            at = self.ledger.header.index(column)
        except BadInput as error:
            self.ledger.problems.add(str(error))
            return 0
        if at >= max(self.ledger.header.width, 1):
            width = self.ledger.header.width
            self.ledger.problems.add(f"there is no column {column}; the table has {width} columns")
            return 0
        return at

    def _sources(self, periods: Periods) -> list[int | None]:
        """Find the columns of amounts, and return the period that each has by itself."""
        fixed: list[int | None] = []
        for column in self.mapping.amounts:
            places = [self._find(ref) for ref in column.columns]
            own = self._own_periods(column, places)
            for at, said in zip(places, own, strict=True):
                period = said.year_to_date() if said and column.cumulative else said
                fixed.append(None if period is None else self._placed(periods, period, at))
                name, measure = self.ledger.header.name(at), _MEASURES[column.measure]
                self.ledger.sources.append(Source(at, name, column, period, measure))
        return fixed

    def _require_euros(self, meant: TableRows) -> None:
        """Ask about amounts that the file says are thousands or millions, where the mapping does not say so."""
        unsaid = [source.name for source in self.ledger.sources if not source.column.factor_said]
        formats = {source.name: unit for source in self.ledger.sources if (unit := meant.table.money.get(source.index))}
        marked = [(unit, f"the header {name!r}") for name in unsaid if (unit := money_in(name))]
        marked += [(formats[name], f"the format of the cells of {name!r}") for name in unsaid if name in formats]
        above = money_above(meant.above()) if unsaid and not marked else None
        unit, where = marked[0] if marked else (above[0], f"{above[1]!r}, above the table,") if above else ("", "")
        if unit:
            hint = f'say in = "{unit}" under [[amounts]], or in = "euro" where they are euros'
            self.ledger.problems.add(f"{where} says that amounts are {unit}s; {hint}")

    def _own_periods(self, column: AmountColumn, places: list[int]) -> list[Period | None]:
        """Return the period of each column; None where rows say it."""
        if not column.periods:
            return [None] * len(places)
        found = [said or self._of_header(at, column.year) for said, at in zip(column.periods, places, strict=True)]
        if column.year is not None and found == [None]:
            return [Period.of_year(column.year)]
        if column.year is not None and not any(found):
            return [Period.of_month(column.year, month) for month in range(1, len(places) + 1)]
        for at, period in zip(places, found, strict=True):
            if period is None:
                name = self.ledger.header.name(at)
                hint = "say it with period, or with year for the months of a year"
                self.ledger.problems.add(f"the header {name!r} names no period; {hint}", column=name)
        return found

    def _of_header(self, at: int, year: int | None) -> Period | None:
        header = self.ledger.header
        if at >= header.width:
            return None
        for said in (header.cells[at], header.texts[at]):
            try:
                return period_of(said, year)
            except BadInput:
                continue
        return period_in_words(header.name(at), year)

    def _placed(self, periods: Periods, period: Period, at: int) -> int | None:
        try:
            return periods.place(period)
        except BadInput as error:
            self.ledger.problems.add(str(error), column=self.ledger.header.name(at))
            return None

    def _rules(self, where: Sequence[Condition]) -> list[Rule]:
        try:
            return rules_of(where, self.ledger.header)
        except HeinolaError as error:
            self.ledger.problems.add(str(error))
            return []

    def _decimal(self, meant: TableRows) -> str | None:
        """Return the decimal mark that the first rows agree on."""
        sample = meant.sample(_SAMPLE_ROWS)
        columns = [source.index for source in self.ledger.sources]
        return decimal_mark(cells[at] for _number, cells in sample for at in columns if at < len(cells))
