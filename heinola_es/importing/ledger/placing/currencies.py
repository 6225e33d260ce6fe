"""Amounts in several currencies are no sum: a column that says which is looked at, though no mapping names it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import define, field

from heinola_es.importing.ledger.reading.cells import text_of
from heinola_es.importing.ledger.reading.problems import rows_in_words

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.importing.ledger.mapping.mapping import Mapping
    from heinola_es.importing.ledger.placing.ledger import Ledger
    from heinola_es.importing.ledger.reading.cells import Row

_HEADER = re.compile(r"valuutta(?:koodi|laji)?|val\.?|valuta(?:kod|kode)?|currency(?: code| key)?|curr\.?|ccy|waers")
_SAYS_ITS_OWN = re.compile(r"€|\beur|\bsek\b|\bnok\b|\bdkk\b|\bisk\b|\bkr\b")
_CODE = re.compile(r"[A-Z]{3}|[€$£]")


@define(slots=True)
class Currencies:
    """The currencies that rows with amounts say, by the rows of each.

    Attributes:
        at: the column that says it; None where there is none to look at.
    """

    at: int | None
    _rows: dict[str, list[int]] = field(factory=dict)

    @classmethod
    def of(cls, ledger: Ledger, mapping: Mapping) -> Currencies:
        """Return them with their column; without one where rows are chosen by it, or headers of amounts say theirs."""
        header = ledger.header
        columns = [at for at in range(header.width) if _HEADER.fullmatch(header.name(at).casefold().strip())]
        chosen = {header.index(rule.column) for amount in mapping.amounts for rule in amount.where}
        theirs = all(_SAYS_ITS_OWN.search(source.name.casefold()) for source in ledger.sources)
        return cls(next((at for at in columns if at not in chosen and not theirs), None))

    def look(self, rows: Iterable[Row], placed: Iterable[int]) -> None:
        """Take the currencies of some rows.

        Args:
            rows: as they were read.
            placed: the numbers of those that have an amount.
        """
        if self.at is None:
            return
        having = set(placed)
        for number, cells in rows:
            if number in having and self.at < len(cells):
                code = text_of(cells[self.at]).upper()
                if _CODE.fullmatch(code):
                    self._rows.setdefault(code, []).append(number)

    def tell(self, ledger: Ledger) -> None:
        """Add the problem that amounts are in several."""
        if self.at is None or len(self._rows) < 2:  # noqa: PLR2004 - one currency is no problem
            return
        name = ledger.header.name(self.at)
        said = ", ".join(f"{code} ({rows_in_words(rows)})" for code, rows in sorted(self._rows.items()))
        ledger.problems.add(
            f'amounts are in several currencies: {said}; say which rows count by where = [{{ column = "{name}", '
            "is = […] }] under [[amounts]], or name the column that has all amounts in one",
            column=name,
        )
