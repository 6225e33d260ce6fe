"""From the account or line in a cell to the line of the chart that it feeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from heinola_es.domain.chart import Chart
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.mapping.mapping import Mapping
from heinola_es.importing.ledger.placing.ledger import Account
from heinola_es.importing.ledger.reading.cells import code_and_name, folded, text_of
from heinola_es.importing.ledger.reading.problems import Cause, grouped

if TYPE_CHECKING:
    from heinola_es.domain.chart import Line
    from heinola_es.importing.ledger.mapping.mapping_tables import AccountColumn, LineColumn

ACCOUNTS = 20_000

_CHART_DIGITS = 4
_FINANCIAL_EXPENSES = ("6200", "6399")  # JHS 192: interest and other financial expenses; 60–61 are financial income


class Ignored(Exception):
    """The mapping says that amounts on this account are left out."""


class NoAccount(Exception):
    """The cell is empty."""


class FeedsNoLine(BadInput):
    """No line is fed by the account; `cause` and `item` are what it has in common with others, and its code."""

    def __init__(self, sentence: str, cause: Cause, item: str) -> None:
        super().__init__(sentence)
        self.cause, self.item = cause, item


@define(slots=True)
class Accounts:
    """The accounts met so far.

    Attributes:
        chart: the lines of the store.
        mapping: what it says of accounts and lines.
        statements: whether all amounts are statements, which may be made on any line.
        accounts: in the order they are met.
    """

    chart: Chart
    mapping: Mapping
    statements: bool
    accounts: list[Account]
    _index: dict[tuple[str, str, bool], int] = field(factory=dict)

    def place(self, cell: Any, kind: str, *, internal: bool = False) -> int:  # noqa: ANN401 - whatever a reader gives
        """Return the index of the account or line in a cell, for a unit of a kind; `internal`: the row says that it is.

        Raises:
            NoAccount, Ignored.
            BadInput: no line is fed by it.
        """
        said = self.mapping.account
        account = self._by_account(cell, kind, said) if said else self._by_line(cell, kind)
        said_internal = self.mapping.internal.accounts if self.mapping.internal else ()
        if internal or any(_within(account.code, first, last) for first, last in said_internal):
            account = evolve(account, internal=True)
        key = (account.code, account.line, account.internal)
        if key not in self._index:
            if len(self.accounts) >= ACCOUNTS:
                raise BadInput(f"there are more than {grouped(ACCOUNTS)} accounts; check which column it is")
            self._index[key] = len(self.accounts)
            self.accounts.append(account)
        return self._index[key]

    def _by_account(self, cell: Any, kind: str, said: AccountColumn) -> Account:  # noqa: ANN401
        code, _name = code_and_name(cell, said.strip, split=said.split)
        if not code:
            raise NoAccount
        if any(_within(code, first, last) for first, last in self.mapping.skip.accounts):
            raise Ignored
        if not code.isdecimal():
            raise BadInput(f"{code!r} is no account; accounts are numbers: say strip or split in the mapping")
        name = next((r.line for r in said.ranges if _within(code, r.first, r.last)), None)
        line = self._line(name, kind) if name else self._fed_by(code)
        return Account(code, line.code, line.sign, line.sign < 0 or _within(code, *_FINANCIAL_EXPENSES))

    def _fed_by(self, code: str) -> Line:
        number = int(code[:_CHART_DIGITS]) if len(code) >= _CHART_DIGITS else -1
        for line in self.chart.lines.values():
            if any(first <= number <= last for first, last in line.accounts):
                return line
        raise FeedsNoLine(
            f"account {code} feeds no line of the chart {self.chart.id}; say which under [[account.ranges]], or leave "
            f'it out with accounts = ["{code}"] under [skip]',
            Cause(
                f"accounts feed no line of the chart {self.chart.id}",
                "say which under [[account.ranges]], or leave them out with accounts under [skip]",
            ),
            code,
        )

    def _by_line(self, cell: Any, kind: str) -> Account:  # noqa: ANN401
        said: LineColumn = self.mapping.line  # type: ignore[assignment]  # one of the two is there
        if not text_of(cell):
            raise NoAccount
        names = {folded(name): line for name, line in said.names.items()}
        line = self._line(names.get(folded(cell), text_of(cell)), kind)
        return Account("", line.code, line.sign, self._is_expense(line, said))

    def _is_expense(self, line: Line, said: LineColumn) -> bool:
        """Return whether a positive amount is an expense where expenses are positive: of both signs, unless told."""
        income = {self.chart.line(name).code for name in said.income}
        return line.sign < 0 or (line.sign == 0 and line.additive and line.code not in income)

    def _line(self, name: str, kind: str) -> Line:
        if self.statements or (self.mapping.sums == "check" and self.chart.is_result(self.chart.line(name).code)):
            return self.chart.line(name)
        return self.chart.postable(name, kind)


def _within(code: str, first: str, last: str) -> bool:
    """Compare by as many digits as the range is written with: 400010 is within 4000-4099."""
    return len(code) >= len(first) and first <= code[: len(first)] <= last
