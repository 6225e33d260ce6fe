"""From a TOML file to a mapping: every key is checked, and all that is wrong is told at once."""

from __future__ import annotations

from codecs import lookup
from contextlib import suppress
from typing import TYPE_CHECKING, Any, cast

from attrs import define, evolve, field

from events.organisation import UNIT_KINDS
from heinola_es.domain.amounts import PRECISIONS
from heinola_es.domain.periods import parse_date, parse_period
from heinola_es.errors import BadInput, HeinolaError, nearest
from heinola_es.files.input_files import read_bounded
from heinola_es.files.toml_tables import LIMIT_BYTES, TomlTable, read_toml
from heinola_es.importing.ledger.mapping.mapping import (
    AccountColumn,
    AccountRange,
    AmountColumn,
    Condition,
    Counterparty,
    DecisionColumns,
    FileForm,
    InternalRows,
    KindWhere,
    LineColumn,
    Mapping,
    PeriodColumn,
    Skip,
    UnitLevel,
)
from heinola_es.importing.ledger.mapping.patterns import compile_pattern

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from events.period import Period
    from heinola_es.importing.ledger.mapping.mapping import ColumnRef, Quotes, Sums

SIGNS = ("expenses_negative", "expenses_positive", "reversed")
MEASURES = ("actual", "budget", "amendment", "amended_budget", "final_accounts", "forecast")
ROUNDINGS = ("refuse", "cent")
SUMS = ("refuse", "check", "add")
QUOTES = ("cells", "none", "lines")
KINDS = ("posting", "statement")
_ENCODINGS = frozenset(
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "ascii",
        "cp1252",
        "cp1257",
        "iso8859-1",
        "iso8859-4",
        "iso8859-10",
        "iso8859-13",
        "iso8859-15",
        "cp437",
        "cp850",
        "cp865",
        "mac-roman",
    ]
)
"""Those that ledgers come in, and that are decoded in time that grows with the file alone."""
_FACTORS = {"euro": 100, "thousand": 100_000, "cent": 1}
_KIND = "a mapping"
_YEARS = range(1900, 2200)
_MONTHS = 12


class MappingUnfit(BadInput):
    """The mapping says something that is none of its words; the sentence has a line for each."""


def read_mapping(path: Path) -> Mapping:
    """Return what a mapping file says.

    Raises:
        BadInput: it cannot be read or is no TOML.
        MappingUnfit: a key or value is wrong; all of them are told.
    """
    try:
        said = read_toml(path, kind=_KIND, check="; check --mapping")
    except BadInput:
        if _is_a_table(path):
            raise BadInput(
                f"{path} reads like a ledger and not like a mapping; `heinola import figures {path} --suggest` writes "
                f"a first mapping of it"
            ) from None
        raise
    return mapping_from(said, str(path))


def _is_a_table(path: Path) -> bool:
    """Return whether the first line of a file has several cells, and says nothing of a key."""
    with suppress(OSError, BadInput):
        line = read_bounded(path, LIMIT_BYTES, _KIND).partition(b"\n")[0]
        return b"=" not in line and not line.startswith(b"[") and max(map(line.count, (b";", b",", b"\t", b"|"))) > 1
    return False


def mapping_from(said: dict[str, Any], name: str) -> Mapping:
    """Return the mapping that the tables of a TOML document describe.

    Raises:
        MappingUnfit.
    """
    reading = _Reading()
    mapping = reading.mapping(said)
    if reading.wrong:
        raise MappingUnfit(*(f"{name}: {wrong}" for wrong in reading.wrong))
    return mapping


def delimiter_said(mark: str) -> str:
    """Return what stands between cells, from what people write for it: a character, or `tab`.

    Raises:
        BadInput: it is none; the sentence goes on after the name of the key.
    """
    said = {"tab": "\t", "\\t": "\t"}.get(mark, mark)
    if len(said) != 1 or said in '"\r\n':
        raise BadInput(f'is {said!r}; it should be one character, such as ";", or "tab"')
    return said


@define(slots=True)
class _Table(TomlTable):
    """A table of a mapping."""

    def one_of(self, key: str, words: tuple[str, ...], default: str) -> str:
        """Return one of the words."""
        value = self.take(key, str, f"one of {', '.join(words)}", default)
        if value not in words:
            self.complain(key, f"is {value!r}{nearest(value, words)}; it is one of {', '.join(words)}")
            return default
        return str(value)

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a single text stands for a list of one."""
        value = self.take(key, (str, list), "a text or a list of texts", [])
        values = [value] if isinstance(value, str) else value
        if not all(isinstance(item, str) and item for item in values):
            self.complain(key, f"is {value!r}; it should be a list of texts")
            return ()
        return tuple(values)

    def flag(self, key: str) -> bool:
        """Return true or false."""
        return bool(self.take(key, bool, "true or false", default=False))

    def column(self, key: str) -> ColumnRef | None:
        """Return a column, or None."""
        value = self.take(key, (str, int), "the header of a column or its number from 1")
        if value is not None and (value == "" or (isinstance(value, int) and value < 1)):
            self.complain(key, f"is {value!r}; it should be the header of a column or its number from 1")
            return None
        return cast("ColumnRef | None", value)

    def row(self, key: str) -> int | None:
        """Return the number of a row, or None."""
        value = self.take(key, int, "the number of a row, from 1")
        if value is not None and value < 1:
            self.complain(key, f"is {value}; rows are counted from 1")
        return cast("int | None", value)

    def read(self, key: str, how: Callable[[str], Any]) -> Any:  # noqa: ANN401 - what the function returns
        """Return what a function makes of a text, a date or a number, or None."""
        self.taken.add(key)
        if key not in self.said:
            return None
        try:
            return how(str(self.said[key]))
        except HeinolaError as error:
            self.complain(key, str(error))
            return None


@define(slots=True)
class _Reading:
    """A mapping on its way; `wrong` gathers the complaints."""

    wrong: list[str] = field(factory=list)

    def mapping(self, said: dict[str, Any]) -> Mapping:
        top = _Table("", said, self.wrong, _KIND)
        if top.take("version", int, "1") != 1:
            top.complain("version", "should be 1; write version = 1")
        sign = top.one_of("sign", SIGNS, SIGNS[0])
        rounding = top.one_of("round", ROUNDINGS, ROUNDINGS[0])
        account, line = top.table("account"), top.table("line")
        period = self._period(top.table("period"))
        mapping = Mapping(
            form=self._form(top.table("file")),
            units=tuple(self._unit(table) for table in top.tables("units")),
            account=self._account(account) if account else None,
            line=self._line(line) if line else None,
            period=period,
            amounts=tuple(
                amount
                for table in top.tables("amounts")
                for amount in self._amounts(table, sign, rounding, rows_say=period is not None)
            ),
            skip=self._skip(top.table("skip")),
            internal=self._internal(top.table("internal")),
            sums=cast("Sums", top.one_of("sums", SUMS, SUMS[0])),
            add_duplicates=top.one_of("duplicates", ("refuse", "add"), "refuse") == "add",
            record_zeros=top.one_of("zeros", ("skip", "record"), "skip") == "record",
            complete=self._complete(top),
            scope=top.texts("scope"),
        )
        self._require_whole(top, mapping)
        top.close()
        return mapping

    def _complete(self, top: _Table) -> bool | tuple[str, ...]:
        """Return what the file is complete for: everything, nothing, or some lines."""
        if isinstance(top.said.get("complete"), list):
            return top.texts("complete")
        return bool(top.take("complete", bool, "true, false or a list of lines", default=True))

    def _require_whole(self, top: _Table, mapping: Mapping) -> None:
        if not mapping.units:
            top.complain("units", "is missing; say where the units stand with [[units]]")
        if (mapping.account is None) == (mapping.line is None):
            top.complain("account", "or line: say exactly one of [account] and [line]")
        if not mapping.amounts:
            top.complain("amounts", "is missing; say which columns are amounts with [[amounts]]")

    def _form(self, table: _Table | None) -> FileForm:
        if table is None:
            return FileForm()
        header = table.take("header", (int, list), "the number of a row, or a list of them or of cells", 1)
        rows = tuple(header) if isinstance(header, list) else (header,) if header else ()
        cells = rows if rows and all(isinstance(cell, str) and cell.strip() for cell in rows) else ()
        if cells:
            rows = (1,)
        elif not all(isinstance(row, int) and row > 0 for row in rows) or list(rows) != sorted(set(rows)):
            table.complain(
                "header", f"is {header!r}; it should be row numbers from 1, in order, 0 for none, or cells of it"
            )
            rows = (1,)
        form = FileForm(
            sheet=table.text("sheet"),
            encoding=self._encoding(table),
            delimiter=self._delimiter(table),
            decimal=table.one_of("decimal", (",", "."), ",") if "decimal" in table.said else None,
            header=rows,
            header_cells=cells,
            first_row=table.row("first_row"),
            last_row=table.row("last_row"),
            quotes=cast("Quotes", table.one_of("quotes", QUOTES, QUOTES[0])),
            drop_extra_cells=table.one_of("extra_cells", ("refuse", "drop"), "refuse") == "drop",
        )
        table.close()
        return form

    def _encoding(self, table: _Table) -> str | None:
        name = table.text("encoding")
        if name is None:
            return None
        try:
            known = lookup(name).name in _ENCODINGS
        except (LookupError, ValueError):  # ValueError: of a name with a NUL character in it, and of texts
            known = False
        if not known:
            table.complain("encoding", f"is {name!r}; write utf-8, cp1252, iso-8859-15, cp850 or utf-16")
        return name if known else None

    def _delimiter(self, table: _Table) -> str | None:
        mark = table.text("delimiter")
        try:
            return delimiter_said(mark) if mark else None
        except BadInput as error:
            table.complain("delimiter", str(error))
            return None

    def _unit(self, table: _Table) -> UnitLevel:
        parts, kinds = self._parts(table), tuple(self._kind(entry) for entry in table.tables("kinds"))
        level = UnitLevel(
            kind="" if kinds and "kind" not in table.said else table.one_of("kind", UNIT_KINDS, "unit"),
            kinds=kinds,
            column=table.column("column") or (parts[-1] if parts else None),
            parts=parts,
            name_column=table.column("name_column"),
            code=None if parts else table.text("code"),
            name=table.text("name"),
            strip=table.texts("strip"),
            split=table.flag("split"),
            fill=table.flag("fill"),
        )
        if "kind" not in table.said and not kinds:
            table.complain("kind", f"is missing; it is one of {', '.join(UNIT_KINDS)}")
        if parts and "column" in table.said:
            table.complain("column", "is part of code; remove it")
        if (level.column is None) == (level.code is None):
            table.complain("column", "or code: say either in which column the unit's code stands, or the code itself")
        table.close()
        return level

    def _kind(self, table: _Table) -> KindWhere:
        """Return the kind of the units of some rows."""
        said = KindWhere(
            kind=table.one_of("kind", UNIT_KINDS, "unit"),
            where=tuple(self._condition(entry) for entry in table.tables("where")),
        )
        if "kind" not in table.said:
            table.complain("kind", f"is missing; it is one of {', '.join(UNIT_KINDS)}")
        if not said.where:
            table.complain("where", "is missing; say of which rows the units are of this kind")
        table.close()
        return said

    def _parts(self, table: _Table) -> tuple[ColumnRef, ...]:
        """Return the columns that a code is composed of; none where it is not."""
        if not isinstance(table.said.get("code"), list):
            return ()
        parts = table.take("code", list, "a code, or the columns that make it up", [])
        if len(parts) < 2 or not all(isinstance(part, str | int) and part for part in parts):  # noqa: PLR2004
            table.complain("code", 'is a list of the columns that make it up, such as ["Piiri", "Ohjelma"]')
            return ()
        return tuple(parts)

    def _account(self, table: _Table) -> AccountColumn:
        account = AccountColumn(
            column=self._required_column(table),
            strip=table.texts("strip"),
            split=table.flag("split"),
            fill=table.flag("fill"),
            ranges=tuple(self._range(entry) for entry in table.tables("ranges")),
        )
        table.close()
        return account

    def _range(self, table: _Table) -> AccountRange:
        first, last = (str(table.take(key, (str, int), "an account", "0")) for key in ("first", "last"))
        line = table.text("line") or ""
        if not line:
            table.complain("line", "is missing; name the line that these accounts feed")
        if not (first.isdigit() and last.isdigit() and len(first) == len(last) and first <= last):
            table.complain("first", f"and last are {first} and {last}; write two accounts of the same length, in order")
        table.close()
        return AccountRange(first=first, last=last, line=line)

    def _line(self, table: _Table) -> LineColumn:
        names = table.take("names", dict, "a table of the file's names and our lines", {})
        if not all(isinstance(line, str) for line in names.values()):
            table.complain("names", 'should give a line for each name, as in "Palkat" = "personnel"')
            names = {}
        column, fill = self._required_column(table), table.flag("fill")
        line = LineColumn(column=column, fill=fill, names=names, income=table.texts("income"))
        table.close()
        return line

    def _required_column(self, table: _Table) -> ColumnRef:
        column = table.column("column")
        if column is None and "column" not in table.said:
            table.complain("column", "is missing; name the column")
        return column or 1

    def _period(self, table: _Table | None) -> PeriodColumn | None:
        if table is None:
            return None
        period = PeriodColumn(
            column=table.column("column"),
            year_column=table.column("year_column"),
            month_column=table.column("month_column"),
            year=self._year(table),
            fixed=table.read("fixed", parse_period),
            fill=table.flag("fill"),
            first_month=self._first_month(table),
        )
        ways = [period.column, period.month_column or period.year_column, period.fixed]
        if sum(way is not None for way in ways) != 1:
            table.complain("column", "or year_column and month_column, or fixed: say the period in one way")
        if period.month_column is not None and period.year_column is None and period.year is None:
            table.complain("year_column", "is missing beside month_column; name it, or say the year")
        table.close()
        return period

    def _first_month(self, table: _Table) -> int:
        month = table.take("first_month", int, "a month from 1 to 12", 1)
        if month not in range(1, _MONTHS + 1):
            table.complain("first_month", f"is {month}; it should be a month from 1 to 12")
            return 1
        if month != 1 and "month_column" not in table.said:
            table.complain("first_month", "is for months in a month_column; remove it")
        return int(month)

    def _year(self, table: _Table) -> int | None:
        year = table.take("year", int, "a year, such as 2020")
        if year is not None and year not in _YEARS:
            table.complain("year", f"is {year}; it should be a year, such as 2020")
            return None
        return cast("int | None", year)

    def _amounts(self, table: _Table, sign: str, rounding: str, *, rows_say: bool) -> tuple[AmountColumn, ...]:
        """Return what a table of amounts describes: one, or a debit and its credit."""
        sides = table.column("debit"), table.column("credit")
        if sides == (None, None):
            return (self._amount(table, sign, rounding, rows_say=rows_say),)
        for word in ("column", "columns", "sign"):
            if word in table.said:
                table.complain(word, "is for amounts in one column; remove it, or debit and credit")
        debit, credit = sides
        if debit is None or credit is None:
            table.complain("debit", "and credit go together; name both columns")
            return ()
        amount = self._amount(table, SIGNS[0], rounding, rows_say=rows_say, columns=(debit,))
        return (
            evolve(amount, sign="reversed", side="debit"),
            evolve(amount, columns=(credit,), side="credit"),
        )

    def _amount(
        self, table: _Table, sign: str, rounding: str, *, rows_say: bool, columns: tuple[ColumnRef, ...] = ()
    ) -> AmountColumn:
        measure = table.one_of("is", MEASURES, MEASURES[0])
        statement = table.one_of("as", KINDS, KINDS[0]) == "statement"
        columns = columns or self._columns(table)
        amount = AmountColumn(
            measure=cast("Any", measure),
            statement=statement,
            columns=columns,
            periods=self._periods(table, columns, rows_say=rows_say),
            year=self._year(table),
            decided=self._decided(table, measure),
            sign=cast("Any", table.one_of("sign", SIGNS, sign)),
            precision_cents=PRECISIONS[table.one_of("precision", tuple(PRECISIONS), "exact")],
            factor=_FACTORS[table.one_of("in", tuple(_FACTORS), "euro")],
            rounded=table.one_of("round", ROUNDINGS, rounding) == "cent",
            cumulative=table.flag("cumulative"),
            where=tuple(self._condition(entry) for entry in table.tables("where")),
            decision=self._decision(table.table("decision")),
        )
        if amount.decision is not None and measure != "amendment":
            table.complain("decision", "is for amendments that a file lists; remove it")
        if measure == "forecast" and statement:
            table.complain("as", "is of a forecast, which is neither posted nor stated; remove it")
        if amount.cumulative and measure not in {"actual", "final_accounts"}:
            table.complain("cumulative", "is for actuals; remove it")
        if measure == "amendment" and statement:
            table.complain("as", "is a statement of amendments; state the budget with its amendments instead")
        if measure == "amended_budget" and statement:
            table.complain("as", 'is a statement of a budget as amended; say is = "budget" with its period instead')
        if "is" not in table.said:
            table.complain("is", f"is missing; it is one of {', '.join(MEASURES)}")
        table.close()
        return amount

    def _decision(self, table: _Table | None) -> DecisionColumns | None:
        if table is None:
            return None
        columns = {name: table.column(name) for name in ("day", "organ", "section", "address")}
        if not any(columns.values()):
            table.complain("organ", "or day, section or address: name the columns that say the decision")
        if columns["section"] is not None and columns["organ"] is None:
            table.complain("organ", "is missing beside section: name the column that says whose minutes it is of")
        table.close()
        return DecisionColumns(**columns)

    def _columns(self, table: _Table) -> tuple[ColumnRef, ...]:
        single = table.column("column")
        several = table.take("columns", list, "a list of columns", [])
        if not all(isinstance(column, str | int) and not isinstance(column, bool) and column for column in several):
            table.complain("columns", "should be a list of headers or numbers from 1")
            return ()
        if (single is None) == (not several):
            table.complain("column", "or columns: name one column, or a list of them for the months")
        return tuple(several) or (() if single is None else (single,))

    def _periods(self, table: _Table, columns: tuple[ColumnRef, ...], *, rows_say: bool) -> tuple[Period | None, ...]:
        """Return the period of each column; empty where the rows say it."""
        one = table.read("period", parse_period)
        year = table.said.get("year")
        listed = table.texts("periods")
        if one is not None:
            return (one,) * len(columns)
        if listed:
            return self._listed(table, columns, listed)
        if year is not None and len(columns) > _MONTHS:
            table.complain("columns", f"has {len(columns)} columns, and a year has 12 months")
            return ()
        if year is not None or len(columns) > 1 or not rows_say:
            return (None,) * len(columns)  # the headers say it
        return ()

    def _listed(
        self, table: _Table, columns: tuple[ColumnRef, ...], listed: tuple[str, ...]
    ) -> tuple[Period | None, ...]:
        if len(listed) != len(columns):
            table.complain("periods", f"are {len(listed)} for {len(columns)} columns; give one for each")
            return ()
        try:
            return tuple(parse_period(text) for text in listed)
        except BadInput as error:
            table.complain("periods", str(error))
            return ()

    def _decided(self, table: _Table, measure: str) -> date | None:
        day = table.read("decided", parse_date)
        if day is not None and measure not in {"budget", "amendment", "amended_budget"}:
            table.complain("decided", "is for a budget or an amendment; remove it")
        return cast("date | None", day)

    def _skip(self, table: _Table | None) -> Skip:
        if table is None:
            return Skip()
        rows = table.take("rows", list, "a list of row numbers", [])
        if not all(isinstance(row, int) and row > 0 for row in rows):
            table.complain("rows", "should be a list of row numbers from 1")
            rows = []
        skip = Skip(
            rows=frozenset(rows),
            totals=table.texts("totals") if "totals" in table.said else Skip().totals,
            accounts=tuple(self._span(table, text) for text in table.texts("accounts")),
            where=tuple(self._condition(entry) for entry in table.tables("where")),
        )
        table.close()
        return skip

    def _internal(self, table: _Table | None) -> InternalRows | None:
        if table is None:
            return None
        other, codes = table.column("counterparty"), table.texts("codes")
        if (other is None) != (not codes):
            table.complain("codes", "and counterparty belong together: a column, and its codes that are of the city")
        internal = InternalRows(
            accounts=tuple(self._span(table, text) for text in table.texts("accounts")),
            counterparty=Counterparty(column=other, codes=tuple(self._span(table, text, "codes") for text in codes))
            if other is not None and codes
            else None,
            where=tuple(self._condition(entry) for entry in table.tables("where")),
        )
        if not table.said:
            table.complain("accounts", "or counterparty or where: say which rows are internal items")
        table.close()
        return internal

    def _span(self, table: _Table, text: str, key: str = "accounts") -> tuple[str, str]:
        first, _, last = text.replace("–", "-").replace(" ", "").partition("-")
        last = last or first
        if not (first.isdigit() and last.isdigit() and len(first) == len(last) and first <= last):
            what = "an account" if key == "accounts" else "a code"
            table.complain(key, f'has {text!r}; write {what} or a range such as "9000-9999"')
        return first, last

    def _condition(self, table: _Table) -> Condition:
        condition = Condition(
            column=self._required_column(table), values=table.texts("is"), matches=table.text("matches")
        )
        if not condition.values and not condition.matches:
            table.complain("is", "or matches: say which cells make a row one to leave out")
        try:
            if condition.matches:
                compile_pattern(condition.matches)
        except BadInput as error:
            table.complain("matches", str(error))
        table.close()
        return condition
