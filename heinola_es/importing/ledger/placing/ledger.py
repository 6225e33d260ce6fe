"""A ledger file that was read: its units, accounts and placed amounts, compact enough for a million rows."""

from __future__ import annotations

from array import array
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from attrs import define, field, frozen

from events.period import Period
from heinola_es.domain.decision import Decision  # noqa: TC001 - a field of what is made here
from heinola_es.importing.ledger.mapping.mapping import AmountColumn
from heinola_es.importing.ledger.reading.amount_cells import Rounding
from heinola_es.importing.ledger.reading.cells import text_of
from heinola_es.importing.ledger.reading.headers import Header
from heinola_es.importing.ledger.reading.problems import Problems, counted

if TYPE_CHECKING:
    from collections.abc import Sequence

ACTUAL, BUDGET, AMENDMENT, LEVEL, FORECAST = range(5)
"""What a column measures, once final accounts are the actuals of their year; a level is a budget as amended."""

_PASSED, _LABEL = 5, 40
"""So many rows that were passed over are named, with so many characters."""


@frozen(slots=True)
class LedgerUnit:
    """A unit as the file has it.

    Attributes:
        code, name, kind: the name is empty where the file has none.
        parent: code of the unit above, or None at the top of what the file tells.
        row: where it is first met.
    """

    code: str
    name: str
    kind: str
    parent: str | None
    row: int


@frozen(slots=True)
class UnitChange:
    """What a unit of the file became from 1 January of a year on.

    Attributes:
        code, year, row: of the unit; when; the row of the file that first has it so.
        before, after: codes of the units it stands under, or its names.
        moved: it is the unit above that changed; else its name.
    """

    code: str
    year: int
    row: int
    before: str | None
    after: str | None
    moved: bool


@frozen(slots=True)
class Account:
    """What an amount is for.

    Attributes:
        code: the account's, or empty where the file tells lines.
        line: the line it feeds.
        sign: of the line: 1 income, -1 expenses, 0 either.
        expense: whether it is an expense, for files that write expenses positive.
        internal: whether its amounts are internal items; the others of the same account stand beside them.
    """

    code: str
    line: str
    sign: int
    expense: bool
    internal: bool = False


@frozen(slots=True)
class Source:
    """One column of amounts in the file.

    Attributes:
        index: where it is, from 0.
        name: its header.
        column: what the mapping says of it.
        period: of every amount in it, or None where each row says it.
        measure: ACTUAL, BUDGET, AMENDMENT, LEVEL or FORECAST.
    """

    index: int
    name: str
    column: AmountColumn
    period: Period | None
    measure: int


@define(slots=True)
class Amounts:
    """All placed amounts, column by column: the n-th entry of each belongs together.

    Attributes:
        unit, account, period, source: indexes into the ledger's lists.
        cents: as recorded, expenses negative.
        row: in the file.
    """

    unit: array[int] = field(factory=lambda: array("H"))
    account: array[int] = field(factory=lambda: array("H"))
    period: array[int] = field(factory=lambda: array("H"))
    source: array[int] = field(factory=lambda: array("B"))
    cents: array[int] = field(factory=lambda: array("q"))
    row: array[int] = field(factory=lambda: array("I"))

    def __len__(self) -> int:
        return len(self.cents)


@frozen(slots=True)
class TotalsRow:
    """A row of totals in the file, which is no posting: its label and raw cents by source.

    Attributes:
        row: in the file.
        label: its text.
        cents: as the file writes them, by index of the source.
        placed: how many amounts were placed before it.
    """

    row: int
    label: str
    cents: dict[int, int]
    placed: int


@frozen(slots=True, kw_only=True)
class SumCheck:
    """A sum in the file beside the sum of its parts, which are recorded and it is not.

    Attributes:
        row: in the file.
        unit, line: codes.
        source: index of the column of amounts.
        period: of the amounts.
        stated, summed: cents, as they are recorded.
    """

    row: int
    unit: str
    line: str
    source: int
    period: Period
    stated: int
    summed: int

    @property
    def fits(self) -> bool:
        """Whether they are equal."""
        return self.stated == self.summed


@frozen(slots=True)
class UnitBegins:
    """A unit exists from an earlier day on than the store had it.

    Attributes:
        code: the unit's.
        row: the row that tells of it; 0 where those below it do.
        before, day: its first day, as it was and as it is.
    """

    code: str
    row: int
    before: date
    day: date


class Decided(NamedTuple):
    """The decision that a row tells, and its day, or None where it tells none."""

    day: date | None
    decision: Decision


@define(slots=True, kw_only=True)
class Ledger:
    """What a ledger file says.

    Attributes:
        name, sha256: of the file.
        described: how it is written.
        header: its columns.
        sources: its columns of amounts.
        units, accounts, periods: what amounts refer to, in the order they are met.
        changes: what became of the units from one year to the next, in the order of the years of each.
        amounts: what was placed.
        totals: the file's own totals rows.
        sums: its own sums of lines that stand beside their parts.
        originals: of budgets as amended that became differences, the cents of the original, by index of the amount.
        decisions: of amendments whose rows say it, by which decision and on which day, by index of the amount.
        counts: of rows by what became of them.
        problems: what could not be placed.
        notes: what a reader of the dry run should know.
        contra: amounts against the sign of their line are meant.
        rounding: amounts that were rounded to the cent.
        complete, complete_lines: whether it has everything of its units and months; on which lines, empty for all.
        scope: the units whose books it has, with those of all below them; empty for those that its rows are about.
    """

    name: str
    sha256: str
    described: str
    header: Header
    sources: list[Source]
    units: list[LedgerUnit] = field(factory=list)
    changes: list[UnitChange] = field(factory=list)
    accounts: list[Account] = field(factory=list)
    periods: list[Period] = field(factory=list)
    amounts: Amounts = field(factory=Amounts)
    totals: list[TotalsRow] = field(factory=list)
    sums: list[SumCheck] = field(factory=list)
    originals: dict[int, int] = field(factory=dict)
    decisions: dict[int, Decided] = field(factory=dict)
    counts: Counter[str] = field(factory=Counter)
    problems: Problems = field(factory=Problems)
    notes: list[str] = field(factory=list)
    contra: bool = False
    rounding: Rounding = field(factory=Rounding)
    complete: bool = True
    complete_lines: tuple[str, ...] = ()
    scope: tuple[str, ...] = ()
    _passed: list[str] = field(factory=list)
    _streams: dict[tuple[str, int], array[int]] | None = None

    def passed_over(self, row: int, cells: Sequence[object]) -> None:
        """Take note of a row that names what no other row is about, and carries no amount."""
        self.counts["passed over"] += 1
        if len(self._passed) < _PASSED:
            label = next((text for cell in cells if (text := text_of(cell))), "")
            self._passed.append(f"row {row} {label[:_LABEL]!r}")

    def note_what_was_left(self, others: str) -> None:
        """Note the rows that were passed over, those of `others`, and what was rounded away, once all are placed."""
        if others:
            self.notes.append(others)
        if self.rounding.number:
            self.notes.append(self.rounding.told())
        number = self.counts.pop("passed over", 0)
        if number:
            more = f" and {number - len(self._passed)} more" if number > len(self._passed) else ""
            rows = counted(number, "row")
            self.notes.append(f"{rows} without amounts, and of no unit, passed over: {', '.join(self._passed)}{more}")

    def period_number(self, period: Period) -> int:
        """Return the index of a period, adding one that the file itself does not say."""
        if period not in self.periods:
            self.periods.append(period)
        return self.periods.index(period)

    def first_year(self) -> int:
        """Return the earliest year in the file."""
        return min(period.start.year for period in self.periods)

    def span(self) -> Period:
        """Return the period from the first to the last day that the file is about."""
        return Period(min(p.start for p in self.periods), max(p.end for p in self.periods))

    def factor(self, account: Account, source: Source) -> int:
        """Return what turns an amount as the file writes it into one as it is recorded: 1 or -1."""
        if source.column.sign == "expenses_positive":
            return -1 if account.expense else 1
        return -1 if source.column.sign == "reversed" else 1

    def by_stream(self) -> dict[tuple[str, int], array[int]]:
        """Return the indexes of the amounts by unit and fiscal year, in the order they are first met.

        Asked for once all rows are placed; worked out once.
        """
        if self._streams is None:
            self._streams = self._sorted_by_stream()
        return self._streams

    def _sorted_by_stream(self) -> dict[tuple[str, int], array[int]]:
        years = [period.year for period in self.periods]
        streams: dict[tuple[int, int], array[int]] = {}
        for index, (unit, period) in enumerate(zip(self.amounts.unit, self.amounts.period, strict=True)):
            key = (unit, years[period])
            if key not in streams:
                streams[key] = array("I")
            streams[key].append(index)
        return {(self.units[unit].code, year): indexes for (unit, year), indexes in streams.items()}
