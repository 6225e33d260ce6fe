"""What a mapping file may say: a class for each table, a field for each key.

`docs/ledger-mapping.schema.json` is made of them: python -m heinola_es.importing.ledger.mapping.mapping_tables > …
"""

from __future__ import annotations

from codecs import lookup
from collections.abc import Iterator  # noqa: TC003 - msgspec reads the annotations
from typing import Annotated, ClassVar, Literal

from msgspec import Meta, field

from events.organisation import UNIT_KINDS
from heinola_es.domain.periods import parse_date, parse_period
from heinola_es.errors import BadInput
from heinola_es.files.toml_forms import (
    FirstVersion,
    Table,
    Text,
    Texts,
    about,
    asked,
    number_too,
    one_of,
    read_by,
    schema_text,
)
from heinola_es.importing.ledger.mapping.patterns import compile_pattern

Measure = Literal["actual", "budget", "amendment", "amended_budget", "final_accounts", "forecast"]
Quotes = Literal["cells", "none", "lines"]
Sums = Literal["refuse", "check", "add"]
Sign = Literal["expenses_negative", "expenses_positive", "reversed"]
ColumnRef = str | int
"""A column, by its header or its number from 1 (or its letter, `"C"`, where no header reads so)."""

MONTHS = 12
CLOSING = range(13, 17)
"""The months after the twelfth in which ledgers have entries of the closing of books."""
_UNICODE = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32")
_ISO = ("iso8859-1", "iso8859-4", "iso8859-10", "iso8859-13", "iso8859-15")
_ENCODINGS = (*_UNICODE, *_ISO, "ascii", "cp1252", "cp1257", "cp437", "cp850", "cp865", "mac-roman")
"""Those that ledgers come in, and that are decoded in time that grows with the file alone."""


def delimiter_said(mark: str) -> str:
    """Return what stands between cells, from what people write for it: a character, or `tab`.

    Raises:
        BadInput: it is none; the sentence goes on after the name of the key.
    """
    said = {"tab": "\t", "\\t": "\t"}.get(mark, mark)
    if len(said) != 1 or said in '"\r\n':
        raise BadInput(f'is {said!r}; it should be one character, such as ";", or "tab"')
    return said


def _encoding(name: str) -> None:
    try:
        known = lookup(name).name in _ENCODINGS
    except (LookupError, ValueError):  # ValueError: of a name with a NUL character in it, and of texts
        known = False
    if not known:
        raise BadInput(f"is {name!r}; write utf-8, cp1252, iso-8859-15, cp850 or utf-16")


def span_of(text: str) -> tuple[str, str]:
    """Return the first and the last account or code of a range, `"9000-9999"`; of one alone, it twice.

    Raises:
        BadInput: it is none; the sentence goes on after the name of the key.
    """
    first, _, last = text.replace("–", "-").replace(" ", "").partition("-")
    last = last or first
    if not _in_order(first, last):
        raise BadInput(f'has {text!r}; write a number or a range such as "9000-9999"')
    return first, last


def _in_order(first: str, last: str) -> bool:
    return first.isdigit() and last.isdigit() and len(first) == len(last) and first <= last


Column = Annotated[
    Annotated[str, Meta(min_length=1)] | Annotated[int, Meta(ge=1)],
    Meta(title="the header of a column or its number from 1"),
    about("A column: its header (header rows joined by a blank), its number from 1, or its letter."),
]
NamedColumn = Annotated[Column, asked("name the column")]
Number = Annotated[int, Meta(ge=1, title="the number of a row, from 1")]
Year = Annotated[int, Meta(ge=1900, le=2199, title="a year, such as 2020")]
Account = Annotated[Text, number_too("an account"), Meta(pattern="^[0-9]+$")]
Period = Annotated[
    Text,
    number_too("a period, such as 1-6/2020"),
    about("A period: 1/2020, 2020Q2, 1-6/2020, 2020 …"),
    read_by(parse_period),
]
Kind = Annotated[str, one_of(UNIT_KINDS)]
Accounts = Annotated[Texts, read_by(span_of), about("Accounts or ranges of them: 9000-9999.")]
Strip = Annotated[Texts, about("What the file puts before codes.")]
Split = Annotated[bool, about("Code and name share the cell: 4100 Perusopetus.")]
Fill = Annotated[bool, about("An empty cell repeats the one above, as where cells are merged.")]
Round = Annotated[
    Literal["refuse", "cent"], about("Amounts with more than two decimals: refused, or rounded to the cent and told.")
]
Signs = Annotated[Sign, about("How the file writes expenses.")]


class Condition(Table, frozen=True, kw_only=True):
    """Rows whose cell in a column is one of some texts, or matches the expression."""

    SCHEMA: ClassVar = {"anyOf": [{"required": ["is"]}, {"required": ["matches"]}]}

    column: NamedColumn
    values: Texts = field(name="is", default=())
    matches: Annotated[Text, Meta(extra_json_schema={"format": "regex"}), read_by(compile_pattern)] | None = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield it where neither is said."""
        if not self.values and not self.matches:
            yield "is", "or matches: say which cells make a row one that is meant"


Where = Annotated[tuple[Condition, ...], about("Rows for which all of these hold.")]


class FileTable(Table, frozen=True, kw_only=True):
    """How the file is written; what is left out is found out from the file."""

    sheet: Annotated[Text, about("The sheet of a workbook.")] | None = None
    encoding: Annotated[Text, about("Of a CSV file: utf-8, cp1252, cp850 …"), read_by(_encoding)] | None = None
    delimiter: Annotated[Text, about("Of a CSV file: one character, or tab."), read_by(delimiter_said)] | None = None
    decimal: Annotated[Literal[",", "."], about("The decimal mark of amounts written as text.")] | None = None
    header: Annotated[
        Annotated[int, Meta(ge=0)] | tuple[str | int, ...],
        Meta(title="the number of a row, or a list of them or of cells"),
        about("The row of the header, from 1; several where it takes several; 0 for none; or cells that it has."),
        Meta(
            extra_json_schema={
                "instead": {
                    "anyOf": [
                        {"type": "integer", "minimum": 0},
                        *(
                            {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}
                            for item in ({"type": "integer", "minimum": 1}, {"type": "string", "minLength": 1})
                        ),
                    ]
                }
            }
        ),
    ] = 1
    first_row: Number | None = None
    last_row: Number | None = None
    quotes: Annotated[
        Quotes,
        about("Quotation marks of a CSV file: around cells; part of the text; or around cells of several lines."),
    ] = "cells"
    extra_cells: Annotated[
        Literal["refuse", "drop"], about("What stands in a row beyond the last column of the header.")
    ] = "refuse"

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield a header that is neither rows in order nor cells."""
        said = self.header if isinstance(self.header, tuple) else ()
        rows = [row for row in said if isinstance(row, int) and row > 0]
        if not self.header_cells() and not (len(rows) == len(said) and rows == sorted(set(rows))):
            yield (
                "header",
                f"is {list(said)!r}; it should be row numbers from 1, in order, 0 for none, or cells of it",
            )

    def header_cells(self) -> tuple[str, ...]:
        """Return the cells by which the header is found; none where its rows are said."""
        said = self.header if isinstance(self.header, tuple) else ()
        texts = tuple(cell for cell in said if isinstance(cell, str) and cell.strip())
        return texts if len(texts) == len(said) else ()


class KindWhere(Table, frozen=True, kw_only=True):
    """Units of a kind that is not that of their level: those of rows for which all conditions hold."""

    kind: Kind
    where: Annotated[Where, Meta(min_length=1), asked("say of which rows the units are of this kind")]


class UnitTable(Table, frozen=True, kw_only=True):
    """A level of the tree of units."""

    SCHEMA: ClassVar = {
        "oneOf": [{"required": ["column"]}, {"required": ["code"]}],
        "anyOf": [{"required": ["kind"]}, {"required": ["kinds"]}],
    }

    kind: Kind | None = None
    kinds: Annotated[
        tuple[KindWhere, ...],
        Meta(min_length=1),
        about("Units of another kind, by a cell of their rows; the first that holds."),
    ] = ()
    column: Column | None = None
    name_column: Column | None = None
    code: (
        Annotated[
            Annotated[str, Meta(min_length=1)] | Annotated[tuple[Column, ...], Meta(min_length=2)],
            Meta(title='a code, or a list of the columns that make it up, such as ["Piiri", "Ohjelma"]'),
            about("The one unit of the level; or the columns of the code, where one is unique within the unit above."),
        ]
        | None
    ) = None
    name: Text | None = None
    strip: Strip = ()
    split: Split = False
    fill: Fill = False

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield what is missing of kind and code, or said twice."""
        if self.kind is None and not self.kinds:
            yield "kind", f"is missing; it is one of {', '.join(UNIT_KINDS)}"
        if isinstance(self.code, tuple) and self.column is not None:
            yield "column", "is part of code; remove it"
        elif (self.column is None) == (self.code is None):
            yield "column", "or code: say either in which column the unit's code stands, or the code itself"


class AccountRange(Table, frozen=True, kw_only=True):
    """Accounts that feed another line than the chart has them feed; numbers are compared by their first digits."""

    first: Account
    last: Account
    line: Annotated[Text, asked("name the line that these accounts feed")]

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield two that are no range."""
        if self.first and self.last and not _in_order(self.first, self.last):
            yield "first", f"and last are {self.first} and {self.last}; write two accounts of the same length, in order"


class AccountColumn(Table, frozen=True, kw_only=True):
    """Where the account stands."""

    column: NamedColumn
    strip: Strip = ()
    split: Split = False
    fill: Fill = False
    ranges: Annotated[
        tuple[AccountRange, ...], about("Accounts that feed another line than the chart has them feed.")
    ] = ()


class LineColumn(Table, frozen=True, kw_only=True):
    """Where the line stands, by its code or label."""

    column: NamedColumn
    fill: Fill = False
    names: Annotated[
        dict[str, Text],
        Meta(title='a table with a line for each of the file\'s names, as in "Palkat" = "personnel"'),
        about("The file's names for lines, and ours."),
    ] = field(default_factory=dict)
    income: Annotated[
        Texts, about("Lines without a sign of their own whose positive amounts are income, though expenses are, too.")
    ] = ()


class PeriodTable(Table, frozen=True, kw_only=True):
    """Where each row says its period: in one column, in one of years and one of months, or the same for all."""

    column: Column | None = None
    year_column: Column | None = None
    month_column: Column | None = None
    year: Year | None = None
    fixed: Period | None = None
    fill: Fill = False
    first_month: Annotated[
        int,
        Meta(ge=1, le=MONTHS, title="a month from 1 to 12"),
        about("The calendar month that the file counts as month 1 of its fiscal year, named by the year it ends in."),
    ] = 1
    closing: Annotated[
        tuple[Annotated[int, Meta(ge=CLOSING[0], le=CLOSING[-1])], ...],
        Meta(title="a list of months such as [13]"),
        about("Months after the twelfth, of entries of the closing of books: they are of the last month."),
    ] = ()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield a period that is said in no way, or in several."""
        ways = [self.column, self.month_column or self.year_column, self.fixed]
        if sum(way is not None for way in ways) != 1:
            yield "column", "or year_column and month_column, or fixed: say the period in one way"
        if self.month_column is not None and self.year_column is None and self.year is None:
            yield "year_column", "is missing beside month_column; name it, or say the year"
        if self.first_month != 1 and self.month_column is None:
            yield "first_month", "is for months in a month_column; remove it"
        if self.closing and self.fixed is not None:
            yield "closing", "is for months that rows say; remove it, or fixed"


class DecisionColumns(Table, frozen=True, kw_only=True):
    """Where each row of amendments says by which decision it was made: its day, organ, section of minutes, address."""

    SCHEMA: ClassVar = {"minProperties": 1, "dependentRequired": {"section": ["organ"]}}

    day: Column | None = None
    organ: Column | None = None
    section: Column | None = None
    address: Column | None = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield a decision that no column says, and a section of nobody's minutes."""
        if (self.day, self.organ, self.section, self.address) == (None,) * 4:
            yield "organ", "or day, section or address: name the columns that say the decision"
        elif self.section is not None and self.organ is None:
            yield "organ", "is missing beside section: name the column that says whose minutes it is of"


class AmountTable(Table, frozen=True, kw_only=True):
    """A column of amounts, or the months of a year side by side."""

    SCHEMA: ClassVar = {
        "oneOf": [{"required": ["column"]}, {"required": ["columns"]}, {"required": ["debit", "credit"]}]
    }

    measure: Measure = field(name="is")
    kind: Annotated[
        Literal["posting", "statement"],
        about("A posting adds; a statement asserts a total of the unit with everything below it."),
    ] = field(name="as", default="posting")
    column: Column | None = None
    columns: Annotated[tuple[Column, ...], Meta(min_length=1, title="a list of headers or numbers from 1")] = ()
    debit: Annotated[Column, about("Expenses, or less income; its counterpart is credit.")] | None = None
    credit: Annotated[Column, about("Income, or less expenses; its counterpart is debit.")] | None = None
    period: Period | None = None
    periods: Annotated[Texts, read_by(parse_period), about("The period of each of the columns.")] = ()
    year: Year | None = None
    decided: (
        Annotated[Text, read_by(parse_date), about("The day of the decision: 11.11.2019, or a TOML date.")] | None
    ) = None
    cumulative: Annotated[bool, about("The amounts are totals from 1 January up to the end of their period.")] = False
    sign: Signs | None = None
    rounding: Round | None = field(name="round", default=None)
    precision: Annotated[Literal["exact", "euro", "thousand"], about("What a statement is rounded to.")] = "exact"
    counted_in: (
        Annotated[Literal["cent", "euro", "thousand", "million"], about("What one in a cell stands for; else a euro.")]
        | None
    ) = field(name="in", default=None)
    where: Annotated[Where, about("A row has an amount of this kind where all of these hold, as in long tables.")] = ()
    decision: (
        Annotated[DecisionColumns, about("Of amendments that a file lists: the columns that say the decision.")] | None
    ) = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield keys that do not go with what the amount is, or with its columns."""
        yield from self._of_the_measure()
        sides = (self.debit, self.credit)
        if sides != (None, None):
            said = {"column": self.column, "columns": self.columns or None, "sign": self.sign}
            for key in (key for key, value in said.items() if value is not None):
                yield key, "is for amounts in one column; remove it, or debit and credit"
            if None in sides:
                yield "debit", "and credit go together; name both columns"
        elif (self.column is None) == (not self.columns):
            yield "column", "or columns: name one column, or a list of them for the months"
        count = len(self.columns) or 1
        if self.period is None and self.periods and len(self.periods) != count:
            yield "periods", f"are {len(self.periods)} for {count} columns; give one for each"
        if self.period is None and not self.periods and self.year is not None and count > MONTHS:
            yield "columns", f"has {count} columns, and a year has {MONTHS} months"

    def _of_the_measure(self) -> Iterator[tuple[str, str]]:
        stated = self.kind == "statement"
        if self.decision is not None and self.measure != "amendment":
            yield "decision", "is for amendments that a file lists; remove it"
        if self.decided is not None and self.measure not in {"budget", "amendment", "amended_budget"}:
            yield "decided", "is for a budget or an amendment; remove it"
        if self.measure == "forecast" and stated:
            yield "as", "is of a forecast, which is neither posted nor stated; remove it"
        if self.cumulative and self.measure not in {"actual", "final_accounts"}:
            yield "cumulative", "is for actuals; remove it"
        if self.measure == "amendment" and stated:
            yield "as", "is a statement of amendments; state the budget with its amendments instead"
        if self.measure == "amended_budget" and stated:
            yield "as", 'is a statement of a budget as amended; say is = "budget" with its period instead'


class SkipTable(Table, frozen=True, kw_only=True):
    """What is no part of the table."""

    rows: Annotated[tuple[Annotated[int, Meta(ge=1)], ...], Meta(title="a list of row numbers from 1")] = ()
    totals: Annotated[Texts, about("Words that the label of a totals row begins or ends with.")] | None = None
    accounts: Accounts = ()
    where: Where = ()


class InternalTable(Table, frozen=True, kw_only=True):
    """Which rows are internal items (sisäiset erät): those for which any of these says so."""

    SCHEMA: ClassVar = {
        "minProperties": 1,
        "dependentRequired": {"counterparty": ["codes"], "codes": ["counterparty"]},
    }

    accounts: Accounts = ()
    counterparty: Column | None = None
    codes: Annotated[
        Texts, read_by(span_of), about("Codes or ranges of the counterparties that are units of the city: 1000-1999.")
    ] = ()
    where: Where = ()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield a counterparty without its codes, and internal items that nothing says."""
        if (self.counterparty is None) != (not self.codes):
            yield "codes", "and counterparty belong together: a column, and its codes that are of the city"
        elif not (self.accounts or self.codes or self.where):
            yield "accounts", "or counterparty or where: say which rows are internal items"


class MappingTable(Table, frozen=True, kw_only=True):
    """Which column of a ledger is what."""

    SCHEMA: ClassVar = {"oneOf": [{"required": ["account"]}, {"required": ["line"]}]}

    version: FirstVersion
    sign: Signs = "expenses_negative"
    rounding: Round = field(name="round", default="refuse")
    sums: Annotated[
        Sums,
        about("Rows of a sum line beside rows of its parts: refused, compared and not recorded, or counted."),
    ] = "refuse"
    duplicates: Annotated[
        Literal["refuse", "add"], about("Two rows for one unit, account and period: a mistake, or both count.")
    ] = "refuse"
    zeros: Annotated[Literal["skip", "record"], about("Amounts written as zero.")] = "skip"
    complete: Annotated[
        bool | Annotated[tuple[Text, ...], Meta(min_length=1)],
        Meta(title="true, false or a list of lines"),
        about("Whether the file has everything of its units and months; or the lines that it has everything of."),
    ] = True
    scope: Annotated[
        Texts,
        about("The units whose books, with those of all below them, the file has; else those that appear in it."),
    ] = ()
    file: FileTable = FileTable()
    units: Annotated[
        tuple[UnitTable, ...],
        Meta(min_length=1),
        asked("say where the units stand with [[units]]"),
        about("The levels of the tree of units, from the top down."),
    ]
    account: AccountColumn | None = None
    line: LineColumn | None = None
    period: PeriodTable | None = None
    amounts: Annotated[
        tuple[AmountTable, ...],
        Meta(min_length=1),
        asked("say which columns are amounts with [[amounts]]"),
        about("The columns of amounts."),
    ]
    skip: SkipTable = SkipTable()
    internal: InternalTable | None = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield rows that say both account and line, or neither, and totals from another day than 1 January."""
        if (self.account is None) == (self.line is None):
            yield "account", "or line: say exactly one of [account] and [line]"
        cumulative = any(one.cumulative for one in self.amounts)
        if self.period is not None and self.period.closing and cumulative:
            yield "period", "has closing, and a total from 1 January has the months before it in it; skip those rows"
        if self.period is not None and self.period.first_month != 1 and cumulative:
            hint = "export what each month has by itself, and remove cumulative"
            yield (
                "period",
                f"has first_month, and the totals of such a fiscal year are not those from 1 January; {hint}",
            )


def schema_file() -> str:
    """Return `docs/ledger-mapping.schema.json`."""
    return schema_text(MappingTable, "ledger-mapping/1", "Mapping of a ledger file for `heinola import figures`")
