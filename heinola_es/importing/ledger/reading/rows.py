"""Which rows are the table's: what to skip, which are totals, and what an empty merged cell repeats."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from heinola_es.importing.ledger.mapping.patterns import Pattern, compile_pattern
from heinola_es.importing.ledger.reading.cells import folded, is_empty, text_of
from heinola_es.importing.ledger.reading.headers import Header

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heinola_es.importing.ledger.mapping.mapping_tables import Condition

_ENDS = " .:,-"
_FOOTER = re.compile(
    r"(?:sivu|sida|sidan|side|page|pg\.?|s\.)\s*:?\s*\d+(?:\s*(?:/|\(|av|of|from)\s*\d+\)?)?"
    r"|\d+\s*\(\s*\d+\s*\)"
    r"|(?:\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d\d|(?:19|20)\d\d-\d\d-\d\d)(?:\s+(?:klo\s+)?\d{1,2}[.:]\d\d(?:[.:]\d\d)?)?",
    re.IGNORECASE,
)


@define(slots=True)
class TotalWords:
    """The words by which a label is known to be that of a totals row."""

    words: tuple[str, ...]
    _known: dict[str, bool] = field(factory=dict)
    _plain: tuple[str, ...] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Prepare the words once."""
        self._plain = tuple(word.casefold().strip(_ENDS) for word in self.words)

    def has(self, cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
        """Return whether a cell is such a label: `Yhteensä`, `Perusopetus yhteensä`, `SUMMA:`."""
        if not isinstance(cell, str):
            return False
        if cell not in self._known:
            label = f" {folded(cell).strip(_ENDS)} "
            self._known[cell] = any(
                label.startswith(f" {word} ") or label.endswith(f" {word} ") for word in self._plain
            )
        return self._known[cell]

    def label(self, cells: Iterable[Any]) -> str | None:
        """Return the first label of totals among the cells, or None."""
        return next((text_of(cell) for cell in cells if self.has(cell)), None)


def is_footer(cell: Any) -> bool:  # noqa: ANN401 - whatever a reader gives
    """Return whether a cell is a page number (`sivu 1 / 2`, `2 (5)`) or a day alone, as no code of a unit is."""
    return isinstance(cell, date) or (isinstance(cell, str) and _FOOTER.fullmatch(cell.strip()) is not None)


@frozen(slots=True)
class Rule:
    """A condition on a column."""

    at: int
    values: frozenset[str]
    pattern: Pattern | None

    def holds(self, cells: Sequence[Any]) -> bool:
        """Return whether the row is one of those meant."""
        text = text_of(cells[self.at])
        return text.casefold() in self.values or (self.pattern is not None and self.pattern.search(text) is not None)


@frozen(slots=True)
class Spans:
    """Codes in a column, each alone or from one to another, compared by their first digits."""

    at: int
    codes: tuple[tuple[str, str], ...]

    def holds(self, cells: Sequence[Any]) -> bool:
        """Return whether the row has one of them."""
        code = text_of(cells[self.at])
        return any(len(code) >= len(first) and first <= code[: len(first)] <= last for first, last in self.codes)


def rules_of(where: Iterable[Condition], header: Header) -> list[Rule]:
    """Return the conditions of a mapping, with the places of their columns.

    Raises:
        BadInput: a column is not there.
    """
    return [
        Rule(
            header.index(condition.column),
            frozenset(folded(value) for value in condition.values),
            compile_pattern(condition.matches) if condition.matches else None,
        )
        for condition in where
    ]


@define(slots=True)
class FillDown:
    """Columns whose empty cells repeat the one above; a new value at a higher level clears those below it.

    Attributes:
        columns: their places, from the top level down.
        totals: a label of totals repeats nowhere, nor does the foot of a page.
        header: nor does the header, where it stands once more.
    """

    columns: list[int]
    totals: TotalWords
    header: Header
    _last: dict[int, Any] = field(factory=dict)

    def fill(self, cells: list[Any]) -> None:
        """Fill the row's empty cells, in place."""
        if cells[self.columns[0]] and self.header.repeats(cells):
            return
        for order, at in enumerate(self.columns):
            cell = cells[at]
            if is_empty(cell):
                cells[at] = self._last.get(at, "")
            elif not self.totals.has(cell) and not is_footer(cell):
                if cell != self._last.get(at):
                    for below in self.columns[order + 1 :]:
                        self._last.pop(below, None)
                self._last[at] = cell
