"""The mapping: which column of a ledger file is what, with what its file (see `mapping_tables`) leaves out."""

from __future__ import annotations

from datetime import date

from attrs import frozen

from events.period import Period
from heinola_es.importing.ledger.mapping.mapping_tables import (
    AccountColumn,
    ColumnRef,
    Condition,
    DecisionColumns,
    KindWhere,
    LineColumn,
    Measure,
    Quotes,
    Sign,
    Sums,
)

TOTAL_WORDS = (
    "yhteensä",
    "yht",
    "summa",
    "loppusumma",
    "kaikki yhteensä",
    "total",
    "totalt",
    "summa summarum",
    "sammanlagt",
)
"""A label that begins or ends with one of these is that of a totals row."""


@frozen(slots=True, kw_only=True)
class FileForm:
    """How the file is written; None is found out from the file itself.

    Attributes:
        sheet: name of the sheet of a workbook.
        encoding, delimiter, decimal: of a CSV file; `decimal` also of amounts that a workbook holds as text.
        header: the rows of the header, from 1, the last one last; empty for a file without one.
        header_cells: cells of the header, by which it is found, in place of its number.
        first_row, last_row: the rows of the table; by default from below the header to the end.
        quotes: of a CSV file. `cells`: a cell that holds what stands between cells is between quotation marks; `lines`:
            it may hold lines that read like rows, too; `none`: the marks are part of the text.
        drop_extra_cells: what stands in a row beyond the last column of the header is dropped.
    """

    sheet: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    header: tuple[int, ...] = (1,)
    header_cells: tuple[str, ...] = ()
    first_row: int | None = None
    last_row: int | None = None
    quotes: Quotes = "cells"
    drop_extra_cells: bool = False


@frozen(slots=True, kw_only=True)
class UnitLevel:
    """One level of the tree of units, from the top down.

    Attributes:
        kind: of the units at this level, one of `events.organisation.UNIT_KINDS`; empty where `kinds` alone say it.
        kinds: of those that are of another kind; the first whose conditions hold.
        column, name_column: where the code and the name stand.
        parts: the columns that make up the code, where one alone is unique only within the unit above; the last of
            them is `column`.
        code, name: of the one unit of this level, where the file does not say it.
        strip: prefixes that the file puts before codes.
        split: the column holds both, as `4100 Perusopetus`.
        fill: an empty cell repeats the one above, as where cells are merged.
    """

    kind: str
    kinds: tuple[KindWhere, ...] = ()
    column: ColumnRef | None = None
    parts: tuple[ColumnRef, ...] = ()
    name_column: ColumnRef | None = None
    code: str | None = None
    name: str | None = None
    strip: tuple[str, ...] = ()
    split: bool = False
    fill: bool = False


@frozen(slots=True, kw_only=True)
class PeriodColumn:
    """Where the period stands: in one column, in one of years and one of months, or the same for every row.

    Attributes:
        column, year_column, month_column: where it stands.
        year: of months without one.
        fixed: of every row.
        fill: an empty cell repeats the one above.
        first_month: the calendar month that the file counts as month 1 of its fiscal year, which is named by the year
            that it ends in; 1 where that is the calendar year.
        closing: months after the twelfth, such as 13, of entries of the closing of books: they are of the last month.
    """

    column: ColumnRef | None = None
    year_column: ColumnRef | None = None
    month_column: ColumnRef | None = None
    year: int | None = None
    fixed: Period | None = None
    fill: bool = False
    first_month: int = 1
    closing: frozenset[int] = frozenset()


@frozen(slots=True, kw_only=True)
class AmountColumn:
    """A column of amounts, or the months of a year side by side.

    Attributes:
        measure: what it is; `final_accounts` is the actual of a whole year, `amended_budget` the budget with its
            amendments, `forecast` what the year will end at, as seen at the end of the period.
        statement: it asserts totals, and adds no postings.
        columns: the column, or one for each of `periods`.
        periods: of the columns; empty where each row says its period, None in it where the header does.
        decided: the day a budget or amendment was decided; by default 1 January, or the end of the period.
        sign: how expenses are written.
        year: of the months that the headers name; where they name none, several columns are January, February …, and
            a single one is the whole year.
        precision_cents: what a statement is rounded to.
        factor: what a cell counts in cents: 100 for euros, 100_000 for thousands of euros.
        factor_said: whether the mapping says so; else a file that says thousands is asked about.
        rounded: what has parts of a cent is rounded, and told.
        where: a row has an amount of this kind where all of these hold; empty for every row.
        side: of a pair of columns of which one is the other's counterpart: `debit` (expenses, or less income) or
            `credit`; else empty.
        decision: of amendments that a file lists, where each row says its decision; None where it does not.
        cumulative: the amounts are totals from 1 January up to the end of their period.
    """

    measure: Measure
    statement: bool
    columns: tuple[ColumnRef, ...]
    periods: tuple[Period | None, ...]
    decided: date | None
    sign: Sign
    year: int | None = None
    precision_cents: int = 1
    factor: int = 100
    factor_said: bool = False
    rounded: bool = False
    cumulative: bool = False
    side: str = ""
    where: tuple[Condition, ...] = ()
    decision: DecisionColumns | None = None


@frozen(slots=True, kw_only=True)
class Skip:
    """What is no part of the table: rows by number, totals by the words of their label, rows by a condition."""

    rows: frozenset[int] = frozenset()
    totals: tuple[str, ...] = TOTAL_WORDS
    accounts: tuple[tuple[str, str], ...] = ()
    where: tuple[Condition, ...] = ()


@frozen(slots=True, kw_only=True)
class Counterparty:
    """Where the counterparty stands, and which of them are units of the city; codes are compared by first digits."""

    column: ColumnRef
    codes: tuple[tuple[str, str], ...]


@frozen(slots=True, kw_only=True)
class InternalRows:
    """Which rows are internal items: of these accounts, with one of these counterparties, or one condition holds."""

    accounts: tuple[tuple[str, str], ...] = ()
    counterparty: Counterparty | None = None
    where: tuple[Condition, ...] = ()

    @property
    def by_row(self) -> bool:
        """Whether more than the account says it."""
        return self.counterparty is not None or bool(self.where)


@frozen(slots=True, kw_only=True)
class Mapping:
    """Everything that a mapping file says.

    Attributes:
        form: how the file is written.
        units: the levels of the tree, from the top down.
        account, line: where it says what an amount is for; exactly one of the two.
        period: where it says when; None where every amount column says it.
        amounts: the columns of amounts.
        skip: what is left out.
        internal: which rows are internal items; None where the file does not tell them apart.
        sums: rows of a sum line beside rows of its parts are refused, compared with them and left out, or added.
        add_duplicates: two rows for one cell add up, and are no mistake.
        record_zeros: an amount written as zero is recorded, too.
        complete: whether the books of its units are whole for its months: True, False, or the lines on which they are,
            by code or label.
        scope: codes of the units whose books, with those below them, it has; empty for the units that appear in it.
    """

    form: FileForm
    units: tuple[UnitLevel, ...]
    account: AccountColumn | None
    line: LineColumn | None
    period: PeriodColumn | None
    amounts: tuple[AmountColumn, ...]
    skip: Skip
    internal: InternalRows | None = None
    sums: Sums = "refuse"
    add_duplicates: bool = False
    record_zeros: bool = False
    complete: bool | tuple[str, ...] = True
    scope: tuple[str, ...] = ()
