"""A first mapping from the file itself: what the columns seem to be, and in comments what is not sure."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, get_args

from attrs import frozen

from events.period import Period
from heinola_es.domain.chart import Chart
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.mapping.mapping import TOTAL_WORDS, FileForm
from heinola_es.importing.ledger.mapping.mapping_tables import Measure
from heinola_es.importing.ledger.placing.reading import open_table
from heinola_es.importing.ledger.reading.amount_cells import amount_reader, decimal_mark
from heinola_es.importing.ledger.reading.cells import Row, code_and_name, text_of
from heinola_es.importing.ledger.reading.limits import look_at
from heinola_es.importing.ledger.reading.money_marks import money_above, money_in
from heinola_es.importing.ledger.reading.period_cells import beyond_the_year, period_in_words
from heinola_es.importing.ledger.reading.reading_xlsx import sheets_of
from heinola_es.importing.ledger.reading.rows import TotalWords
from heinola_es.importing.ledger.reading.table_rows import TableRows
from heinola_es.importing.ledger.suggesting.guessing import (
    BESIDE,
    Column,
    guess_columns,
    guess_header,
    is_cumulative,
    is_running_total,
    measure_of,
    numbers_vouchers,
    says_sides,
    speaks_of_any,
    speaks_of_budget,
)
from heinola_es.importing.ledger.suggesting.guessing_decisions import KEYS
from heinola_es.importing.ledger.suggesting.guessing_kinds import kinds_of
from heinola_es.importing.ledger.suggesting.guessing_periods import as_months, is_to_date, period_in
from heinola_es.importing.ledger.suggesting.known import Known
from heinola_es.inert import inert_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path


SAMPLE_ROWS = 2_000
DECIMAL_ROWS = 500
SAMPLE_CHARACTERS = 5_000_000
LEVELS = ("sector", "service_area", "unit")
_YEAR = re.compile(r"(?:19|20)\d\d")
_INTERNAL = re.compile(r"s\b|sis|i\b|int", re.IGNORECASE)
_SHOWN = 5
_NEVER_STATED = frozenset({"amended_budget", "amendment", "forecast"})
_OF_A_YEAR = frozenset({"budget", "amendment", "amended_budget", "final_accounts"})
_A_YEAR = 2000
_YEAR_ALONE = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def suggested_mapping(path: Path, delimiter: str | None = None, known: Known = Known()) -> str:  # noqa: B008 - frozen
    """Return a mapping for a file as TOML, with what is unsure in comments.

    Args:
        path: the file.
        delimiter: what stands between the cells of a CSV file, where somebody said it; else it is found out.
        known: what the store knows: a column of its units' codes is one of units, whatever its header says.

    Raises:
        BadInput: the file cannot be read.
    """
    kind = look_at(path).kind
    sheets = {} if kind == "csv" else sheets_of(path, kind)
    sheet = max(sheets, key=lambda name: sheets[name]) if sheets else None
    table = open_table(path, FileForm(sheet=sheet, delimiter=delimiter))
    sample = list(_sample(table.rows()))
    header = guess_header(sample)
    below = [row for row in sample if row[0] > header[-1]]
    totals = TotalWords(TOTAL_WORDS)
    names = TableRows(table, FileForm(header=header)).header()
    kept = [cells for _number, cells in below if totals.label(cells) is None and not names.repeats(cells)]
    columns = guess_columns(names, kept, known)
    above = [cells for number, cells in sample if number <= header[-1]]
    year = _year_said(path.name, above, known)
    titles = [cells for number, cells in sample if number < header[0]]
    found = header, columns, below, year, money_above(titles), table.money, known.chart
    suggestion = _Suggestion(inert_line(path.name), tuple(sheets), sheet, delimiter, *found)
    return "\n".join(suggestion.lines(table.described)) + "\n"


def _sample(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the first rows, fewer where their cells are long."""
    left = SAMPLE_CHARACTERS
    for row in islice(rows, SAMPLE_ROWS):
        yield row
        left -= sum(len(cell) for cell in row[1] if isinstance(cell, str))
        if left < 0:
            return


def _year_said(name: str, above: Sequence[Sequence[Any]], known: Known) -> tuple[int, str] | None:
    """Return the year that months without one seem to be of, and who says so; None where nothing does.

    Args:
        name: of the file.
        above: the rows of titles and headers.
        known: what the store knows.
    """
    titles = " ".join(text_of(cell) for cells in above for cell in cells)
    for text, who in ((titles, "the title or another header says it"), (name, "the name of the file says it")):
        years = {int(found) for found in _YEAR_ALONE.findall(text)}
        if len(years) == 1:
            return years.pop(), who
    return None if known.year is None else (known.year, "the latest in the store")


@frozen(slots=True)
class _Suggestion:
    name: str
    sheets: tuple[str, ...]
    sheet: str | None
    delimiter: str | None
    header: tuple[int, ...]
    columns: list[Column]
    below: list[Row]
    year: tuple[int, str] | None
    money: tuple[str, str] | None
    formats: dict[int, str]
    chart: Chart

    def lines(self, described: str) -> Iterator[str]:
        yield f"# A first mapping for {self.name} ({described}), made from the file itself."
        yield "# Look it over: what is marked UNSURE is a guess. Then try it with --dry-run."
        for column in self._of(BESIDE)[:1]:
            yield f"# UNSURE: from column {column.at + 1} ({inert_line(column.name)}) on, another table stands beside"
            yield "# this one, with units or accounts of its own: it is left out; give it a mapping of its own"
        yield "version = 1"
        yield from self._sign()
        if self._has_sums():
            yield 'sums = "check"  # rows of sums are compared with the rows of their parts, and not recorded'
        if self._amendments_alone():
            yield "complete = false  # a list of amendments is not the whole budget"
        if any(numbers_vouchers(column) for column in self.columns):
            yield 'duplicates = "add"  # each row is a voucher: those of one account and month add up'
        elif self._closing():
            yield 'duplicates = "add"  # entries of the closing of books add to those of December'
        yield from self._file()
        yield from self._units()
        yield from self._account()
        yield from self._period()
        yield from self._amounts()
        yield from self._skip()
        yield from self._internal()

    def _of(self, *roles: str) -> list[Column]:
        return [column for column in self.columns if column.role in roles]

    def _amendments_alone(self) -> bool:
        """Return whether all amounts are amendments."""
        amounts = self._of("amount")
        return bool(amounts) and all(measure_of(column.name)[0] == "amendment" for column in amounts)

    def _has_sums(self) -> bool:
        """Return whether rows of a line stand beside rows of the lines that it is the sum of."""
        chart, lines = self.chart, set[str]()
        for column in self._of("line")[:1]:
            for text in {text_of(cell) for cell in column.filled}:
                with suppress(BadInput):
                    lines.add(chart.line(text).code)
        return any((chart.at_or_below(line) & lines) - {line} for line in lines)

    def _sign(self) -> Iterator[str]:
        for column in self.columns:
            if sides := says_sides(column):
                first, second = map(_text, sides)
                yield f"# UNSURE: {inert_line(column.name)} says debit or credit of each row; have two [[amounts]]"
                yield "# of the same column, one for the debits, which are expenses, and one for the credits:"
                yield f'# sign = "reversed", where = [{{ column = {self._ref(column)}, is = [{first}] }}]'
                yield f'# sign = "expenses_negative", where = [{{ column = {self._ref(column)}, is = [{second}] }}]'
        income, expenses = self._signs("3"), self._signs("4")
        if not income and not expenses:
            yield "# UNSURE: how are expenses written? expenses_negative, expenses_positive, or reversed"
            yield 'sign = "expenses_negative"'
        elif expenses >= 0 and (income > 0 or expenses > 0):
            yield f'sign = "{"reversed" if income < 0 else "expenses_positive"}"  # expenses stand there as positive'
        else:
            yield 'sign = "expenses_negative"'

    def _signs(self, first: str) -> int:
        """Return whether amounts on accounts that begin so are mostly positive (above 0) or negative (below)."""
        balance = 0
        reader = amount_reader(self._decimal() or ",", 100)
        for account in self._of("account"):
            prefixes = _prefixes(account)
            concerned = [code_and_name(code, prefixes, split=True)[0].startswith(first) for code in account.cells]
            # More or less of a budget, up or down: the sign of an amendment says nothing of how expenses are written.
            columns = [column for column in self._of("amount") if measure_of(column.name)[0] != "amendment"]
            for column in columns:
                for begins, cell in zip(concerned, column.cells, strict=True):
                    if begins:
                        balance += _sign_of(reader, cell)
        return balance

    def _decimal(self) -> str | None:
        amounts = self._of("amount", "debit", "credit")
        return decimal_mark(cell for column in amounts for cell in column.cells[:DECIMAL_ROWS])

    def _file(self) -> Iterator[str]:
        yield ""
        yield "[file]"
        if self.sheet is not None:
            others = [name for name in self.sheets if name != self.sheet]
            yield f"sheet = {_text(self.sheet)}" + (
                f"  # UNSURE: there is also {inert_line(', '.join(others))}" if others else ""
            )
        if self.delimiter is not None:
            yield f"delimiter = {_text(self.delimiter)}"
        yield f"header = {list(self.header) if len(self.header) > 1 else self.header[0]}"
        decimal = self._decimal()
        if decimal:
            yield f"decimal = {_text(decimal)}"

    def _units(self) -> Iterator[str]:
        found = [self._of(level)[0] for level in LEVELS if self._of(level)]
        if not found:
            yield from ("", "# UNSURE: no column reads like a unit; name it here", "[[units]]", 'kind = "unit"')
            yield f"column = {_text(self.columns[0].name)}"
            return
        for column in found:
            yield from ("", "[[units]]", f'kind = "{column.role}"')
            yield from self._place(column)
            name = self._name_beside(column)
            if name is not None:
                yield f"name_column = {_text(name.name)}"
        if found[0].role != "sector":
            yield "# What these stand under is not in the file: add the levels above, or establish them first"

    def _name_beside(self, column: Column) -> Column | None:
        """Return the column of names right after a column of codes."""
        after = self.columns[column.at + 1 : column.at + 2]
        return after[0] if after and after[0].role == "name" else None

    def _place(self, column: Column) -> Iterator[str]:
        yield f"column = {self._ref(column)}" + ("" if column.sure else "  # UNSURE: by its cells alone")
        prefix = column.prefix()
        if prefix and column.role in {"unit", "account"}:
            yield f"strip = [{_text(prefix)}]"
        if column.split:
            yield "split = true  # code and name share the cell"
        if column.often_empty:
            yield "fill = true  # an empty cell repeats the one above"

    def _ref(self, column: Column) -> str:
        """Return how a mapping names a column: by its header, or by its number where several read so."""
        same = [other for other in self.columns if other.name.casefold() == column.name.casefold()]
        return _text(column.name) if len(same) == 1 else str(column.at + 1)

    def _account(self) -> Iterator[str]:
        found = self._of("account", "line")
        yield ""
        if not found:
            yield from ("# UNSURE: no column reads like accounts or lines; name it here", "[account]", "column = 1")
            return
        yield f"[{found[0].role}]"
        yield from self._place(found[0])

    def _period(self) -> Iterator[str]:
        if self._months():
            return
        yield ""
        periods, years = self._of("period"), self._of("year")
        if periods and years and periods[0].share(lambda cell: len(str(cell)) <= len("12")) > 0:
            yield from ("[period]", f"year_column = {self._ref(years[0])}", f"month_column = {self._ref(periods[0])}")
            yield from self._beyond_the_year()
        elif periods or years:
            yield from ("[period]", f"column = {self._ref((periods or years)[0])}")
            yield from self._beyond_the_year()
        elif self._of("decided_day") and self._amendments_alone():
            return
        elif not all(period_in(column.name) for column in self._of("amount")) or not self._of("amount"):
            yield "# UNSURE: no column says the period; which is it? Say it here, or with period under [[amounts]]"
            yield from ("# [period]", '# fixed = "1-6/2020"')

    def _beyond_the_year(self) -> Iterator[str]:
        if closing := self._closing():
            yield f"closing = {closing}  # UNSURE: entries of the closing of books, which are December's?"

    def _closing(self) -> list[int]:
        """Return the months after the twelfth that rows tell."""
        cells = {text_of(cell) for column in self._of("period") for cell in column.filled}
        beyond = {beyond_the_year(cell, _A_YEAR) for cell in cells}
        return sorted(month for month in beyond if month)

    def _months(self) -> dict[str, list[Column]]:
        """Return by measure the columns of amounts whose header names a month, where there are several."""
        months: dict[str, list[Column]] = {}
        for column in self._of("amount"):
            if _month_of(column.name) is not None and not is_cumulative(column.name):
                months.setdefault(measure_of(column.name)[0], []).append(column)
        return {
            measure: columns
            for measure, columns in months.items()
            if len({_month_of(column.name) for column in columns}) > 1  # June of several years are no months of a year
        }

    def _amounts(self) -> Iterator[str]:
        months = self._months()
        for measure, columns in months.items():
            names = ", ".join(self._ref(column) for column in columns)
            yield from ("", "[[amounts]]", f'is = "{measure}"' + self._unless_said(columns))
            yield from (() if measure in _NEVER_STATED else ('as = "posting"',))
            yield f"columns = [{names}]"
            yield from self._counted_in(columns)
            years = {found[0] for column in columns if (found := _YEAR.search(column.name))}
            if len(years) < 2:  # noqa: PLR2004 - of two years, each header says its own
                yield from (f"year = {next(iter(years))}",) if years else self._year_of_months()
        for column in self._of("amount"):
            if not any(column in columns for columns in months.values()):
                yield from self._amount(column)
        yield from self._sides()
        for column in self._of("ratio"):
            yield f"# left out: {inert_line(column.name)}"
        if not self._of("amount", "debit"):
            yield from ("", "# UNSURE: no column reads like amounts", "[[amounts]]", 'is = "actual"', "column = 1")

    def _unless_said(self, columns: Sequence[Column]) -> str:
        """Return a mark where headers of several months do not say of what."""
        said = all(measure_of(column.name)[1] or _is_month_alone(column.name) for column in columns)
        return "" if said else f"  # UNSURE: one of {', '.join(get_args(Measure))}?"

    def _year_of_months(self) -> Iterator[str]:
        """Yield the year of months whose headers say none."""
        if self.year is not None:
            year, who = self.year
            yield f"year = {year}  # UNSURE: the headers name months without a year; {who}"
            return
        yield "# UNSURE: the headers name months without a year; which is it? Say it as in the next line"
        yield "# year = 2020"

    def _amount(self, column: Column) -> Iterator[str]:
        kinds = self._of("kind")
        if kinds and speaks_of_any(column.name):
            yield from self._by_kind(column, kinds[0])
            return
        measure, said = measure_of(column.name)
        if measure == "forecast" and self._of_another_year(column):
            yield from ("", f"# left out: {inert_line(column.name)}, a forecast of a year that the actuals are not of")
            return
        if measure in {"budget", "amended_budget"} and is_running_total(column.name):
            yield from ("", f"# left out: {inert_line(column.name)}, a part of the year's budget")
            return
        if measure == "amendment" and not self._speaks_of_budget(column):
            said = False
        yield from ("", "[[amounts]]")
        yield f'is = "{measure}"' + ("" if said else f"  # UNSURE: one of {', '.join(get_args(Measure))}?")
        if measure not in _NEVER_STATED:
            yield 'as = "posting"  # or "statement": a total that holds as it is'
        yield f"column = {self._ref(column)}"
        yield from self._counted_in([column])
        yield from self._as_seen(column) if measure == "forecast" else self._when(column, measure)
        if measure == "amendment":
            yield from self._decision()

    def _by_kind(self, column: Column, kind: Column) -> Iterator[str]:
        """Yield a column of amounts for each kind of row that another column tells apart."""
        kinds = kinds_of(kind, measure_of)
        if kinds is None:
            return
        for measure, cells in kinds.cells.items():
            said = ", ".join(map(_text, cells))
            yield from ("", "[[amounts]]")
            yield f'is = "{measure}"' + ("" if kinds.sure else f"  # UNSURE: is that what {said} says?")
            yield from (() if measure in _NEVER_STATED else ('as = "posting"',))
            yield from (f"column = {self._ref(column)}", f"where = [{{ column = {self._ref(kind)}, is = [{said}] }}]")
            yield from self._counted_in([column])
            yield from self._as_seen(column) if measure == "forecast" else self._when(column, measure)
        if kinds.unknown:
            unknown = inert_line(", ".join(kinds.unknown))
            yield f"# UNSURE: rows of which {self._ref(kind)} says {unknown} are left out; what are they?"

    def _speaks_of_budget(self, column: Column) -> bool:
        """Return whether a column of changes is one of amendments: it, another column or a decision says so."""
        budgets = {"budget", "amended_budget"}
        others = any(measure_of(other.name)[0] in budgets for other in self._of("amount"))
        return others or speaks_of_budget(column.name) or any(map(self._of, map(_decided, KEYS)))

    def _decision(self) -> Iterator[str]:
        """Yield the columns that say by which decision an amendment was made."""
        found = {key: columns[0] for key in KEYS if (columns := self._of(_decided(key)))}
        if found:
            said = ", ".join(f"{key} = {self._ref(column)}" for key, column in found.items())
            yield f"decision = {{ {said} }}"

    def _actuals(self) -> list[tuple[str, Period]]:
        """Return the periods up to which headers name actuals: parts of a year, from 1 January."""
        columns = [column for column in self._of("amount") if measure_of(column.name)[0] == "actual"]
        named = [
            _to_date(found) if is_cumulative(column.name) else found
            for column in columns
            if (found := self._period_of(column))
        ]
        return [(text, period) for text, period in named if _is_part_of_year(period)]

    def _of_another_year(self, column: Column) -> bool:
        columns = [other for other in self._of("amount") if measure_of(other.name)[0] == "actual"]
        years = {found[1].year for other in columns if (found := period_in(other.name))}
        named = period_in(column.name)
        return named is not None and bool(years) and named[1].year not in years

    def _period_of(self, column: Column) -> tuple[str, Period] | None:
        """Return the period that a header names, its year where it has none being that of the others."""
        if (named := period_in(column.name)) or self.year is None or self._of("period", "year"):
            return named
        period = period_in_words(column.name, self.year[0])
        if period is None and measure_of(column.name)[0] in _OF_A_YEAR and not any(map(self._of, map(_decided, KEYS))):
            period = Period.of_year(self.year[0])
        return (as_months(period), period) if period else None

    def _as_seen(self, column: Column) -> Iterator[str]:
        """Yield at the end of which period a forecast was made: that of the actuals beside it."""
        named = period_in(column.name)
        actuals = [(text, period) for text, period in self._actuals() if not named or period.year == named[1].year]
        text = max(actuals, key=lambda one: one[1].end)[0] if actuals else ""
        if named and _is_part_of_year(named[1]):
            yield f'period = "{named[0]}"  # UNSURE: is what the year ends at, as seen at the end of this?'
        elif text:
            yield f'period = "{text}"  # what the year ends at, as seen at the end of this'
        elif self._of("period", "year"):
            yield "# UNSURE: is each what the year ends at, as seen at the end of the row's period? Else say it:"
            yield '# period = "1-6/2020"'
        else:
            yield "# UNSURE: at the end of which period was this seen? Say it as in the next line"
            yield '# period = "1-6/2020"'

    def _when(self, column: Column, measure: str) -> Iterator[str]:
        """Yield the period of a column of amounts, and whether they are totals from 1 January."""
        named, by_row = self._period_of(column), bool(self._of("period", "year"))
        cumulative = measure == "actual" and is_cumulative(column.name)
        if named and (not by_row or measure in {"budget", "amended_budget", "final_accounts"}):
            text, period = named
            year = period == Period.of_year(period.year)
            unsure = "  # UNSURE: the whole year, or up to which month?" if measure == "actual" and year else ""
            if measure == "actual" and not cumulative and not self._is_alone(period):
                unsure = "  # UNSURE: this alone, or the total from 1 January to its end?"
            if not unsure and self.year is not None and not period_in(column.name):
                unsure = f"  # UNSURE: the header names no year; {self.year[1]}"
            yield f'period = "{text}"{unsure}'
            cumulative = cumulative or (measure == "actual" and is_to_date(period))
        elif measure == "actual" and not self._of("period") and self._of("year"):
            yield "# UNSURE: of each row's whole year, or up to which month of it?"
        elif measure == "budget" and self._of("period"):
            yield "# UNSURE: of each row's month, all of which add up to the year's, or the year's in each row?"
        elif measure == "amendment" and not by_row and (decided := self._year_of_decisions()):
            yield f'period = "{decided}"  # UNSURE: the budget of which year? The decisions are of this'
        elif self._months() and not by_row:
            yield "# UNSURE: which year or period is it? Say it as in the next line"
            yield '# period = "1-6/2020"'
        if cumulative:
            yield "cumulative = true  # totals from 1 January"
        if measure == "amended_budget":
            yield f'decided = "{self._last_day(named)}"  # UNSURE: the day up to which amendments are in it'

    def _is_alone(self, period: Period) -> bool:
        """Return whether a period that a header names is no total from 1 January to its end.

        The first of a year is both. A month is one where the total stands beside it; else it is asked about.
        """
        if period.start.month == 1:
            return True
        beside = (found[1] for column in self._of("amount") if (found := period_in(column.name)))
        return any(other == period.year_to_date() for other in beside)

    def _year_of_decisions(self) -> str:
        """Return the year that all decisions are of, or nothing."""
        cells = [text_of(cell) for column in self._of("decided_day") for cell in column.filled]
        years = {found for cell in cells for found in _YEAR_ALONE.findall(cell)}
        return years.pop() if len(years) == 1 else ""

    def _last_day(self, named: tuple[str, Period] | None) -> str:
        """Return the last day of the actuals of the year of a budget, or of that year."""
        actuals = [column for column in self._of("amount") if measure_of(column.name)[0] == "actual"]
        periods = [found[1] for column in actuals if (found := self._period_of(column))]
        year = named[1].year if named else max((period.year for period in periods), default=2020)
        last = max((period.end for period in periods if period.year == year), default=Period.of_year(year).end)
        return f"{last.day}.{last.month}.{last.year}"

    def _sides(self) -> Iterator[str]:
        """Yield a debit with its credit."""
        debit, credit = self._of("debit"), self._of("credit")
        if debit and credit:
            yield from ("", "[[amounts]]", 'is = "actual"', 'as = "posting"')
            yield from (f"debit = {self._ref(debit[0])}", f"credit = {self._ref(credit[0])}")
            yield from self._counted_in(debit[:1])

    def _counted_in(self, columns: Sequence[Column]) -> Iterator[str]:
        """Yield what amounts are in, where their headers or a title say another unit than euros."""
        said = {money_in(column.name) or self.formats.get(column.at) for column in columns} - {None}
        if len(said) == 1:
            yield f'in = "{said.pop()}"'
        elif self.money is not None:
            yield f'in = "{self.money[0]}"  # UNSURE: {inert_line(self.money[1])}'

    def _skip(self) -> Iterator[str]:
        totals = TotalWords(TOTAL_WORDS)
        rows = [(number, label) for number, cells in self.below if (label := totals.label(cells)) is not None]
        yield ""
        if rows:
            named = ", ".join(f"row {number} {label}" for number, label in rows[:5])
            yield f"# Totals are known by words such as yhteensä, summa, total, and are compared: {named}"
        yield "# [skip]"
        yield "# rows = [57]"

    def _internal(self) -> Iterator[str]:
        """Yield, as a hint, how rows are told that are internal items, where a column seems to tell them."""
        told, others = self._of("internal")[:1], self._of("counterparty")[:1]
        if not told and not others:
            return
        yield ""
        yield "# Internal items (sisäiset erät) seem to be told apart here: look which are, and take the # away"
        yield "# [internal]"
        for column in others:
            yield f"# counterparty = {self._ref(column)}"
            yield '# codes = ["1000-1999"]  # UNSURE: those of the city itself'
        for column in told:
            values = sorted({text_of(cell) for cell in column.filled})
            own = [value for value in values if _INTERNAL.match(value)] or values[:1]
            said = ", ".join(map(_text, own[:_SHOWN]))
            yield f"# where = [{{ column = {self._ref(column)}, is = [{said}] }}]  # UNSURE: which cells say internal?"


def _is_part_of_year(period: Period) -> bool:
    whole = Period.of_year(period.year)
    return period.start == whole.start and period.end < whole.end


def _to_date(named: tuple[str, Period]) -> tuple[str, Period]:
    """Return a period that a header names as the year up to its end."""
    until = named[1].year_to_date()
    return (as_months(until), until) if until != named[1] else named


def _decided(key: str) -> str:
    return f"decided_{key}"


def _is_month_alone(name: str) -> bool:
    """Return whether a header names a month and nothing else, but for its year."""
    return not re.sub(r"[^\W\d_]+", "", name.casefold(), count=1).strip(" .,/-0123456789")


def _prefixes(column: Column) -> tuple[str, ...]:
    return (prefix,) if (prefix := column.prefix()) else ()


def _sign_of(reader: object, cell: object) -> int:
    try:
        cents = reader(cell)  # type: ignore[operator]
    except BadInput:
        return 0
    return (cents > 0) - (cents < 0) if cents else 0


def _month_of(name: str) -> int | None:
    """Return the month that a header names, where it is one."""
    period = period_in_words(name, _A_YEAR)
    return period.start.month if period and period.start.month == period.end.month else None


def _text(text: str) -> str:
    """Return a text as TOML writes it, which for one line is as JSON writes it."""
    return json.dumps(text, ensure_ascii=False)
