"""What a file says by its signs that its reader should look at: told once for a line, and not for every row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.importing.ledger.placing.ledger import ACTUAL
from heinola_es.importing.ledger.reading.problems import counted

if TYPE_CHECKING:
    from heinola_es.importing.ledger.placing.ledger import Ledger


def note_signs(ledger: Ledger) -> None:
    """Note the lines that are wholly against their sign, where that was meant, and those that have no sign."""
    if ledger.contra:
        _note_reversed(ledger)
    if any(source.column.sign == "expenses_positive" for source in ledger.sources):
        for account in ledger.accounts:
            if account.expense and account.sign == 0 and not account.code:
                ledger.notes.append(
                    f"{account.line}: a positive amount is taken as an expense, as the file's expenses are positive; "
                    f'where it is income, say income = ["{account.line}"] under [line]'
                )


def _note_reversed(ledger: Ledger) -> None:
    of, against, number = ledger.amounts, dict[str, int](), dict[str, int]()
    posted = [source.measure == ACTUAL and not source.column.statement for source in ledger.sources]
    for at, source, cents in zip(of.account, of.source, of.cents, strict=True):
        account = ledger.accounts[at]
        if posted[source] and account.sign and cents:
            number[account.line] = number.get(account.line, 0) + 1
            against[account.line] = against.get(account.line, 0) + (account.sign * cents < 0)
    for line, amounts in number.items():
        if against[line] == amounts:
            ledger.notes.append(
                f"all of {line} is against its line ({counted(amounts, 'amount')}): is the sign reversed? See sign in "
                f"the mapping"
            )
