"""The header of a table, which may take several rows, and the columns that a mapping names by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import frozen

from heinola_es.errors import BadInput, nearest
from heinola_es.importing.ledger.reading.cells import folded, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heinola_es.importing.ledger.mapping.mapping_tables import ColumnRef

_LETTER = re.compile(r"[A-Z]{1,2}")


@frozen(slots=True)
class Header:
    """The columns of a table.

    Attributes:
        texts: of each column, all header rows joined: `Toteuma Tammi`.
        last: of each column, the last header row alone: `Tammi`.
        cells: of each column, the last row's cell as it was read (it may be a date).
    """

    texts: tuple[str, ...]
    last: tuple[str, ...]
    cells: tuple[Any, ...]

    @property
    def width(self) -> int:
        """How many columns the header has."""
        return len(self.texts)

    def index(self, column: ColumnRef) -> int:
        """Return where a column is, from 0.

        Raises:
            BadInput: there is no such column, or there are several.
        """
        if isinstance(column, int):
            return column - 1
        wanted = folded(column)
        for texts in (self.texts, self.last):
            found = [at for at, text in enumerate(texts) if text.casefold() == wanted]
            if len(found) == 1:
                return found[0]
            if found:
                numbers = ", ".join(str(at + 1) for at in found)
                raise BadInput(
                    f"there are {len(found)} columns {column!r}; name the one meant by its number: {numbers}"
                )
        if _LETTER.fullmatch(column):
            return column_number(column) - 1
        known = [text for text in self.texts if text]
        has = f"the columns are {', '.join(known)}" if known else "the header row is empty; check header under [file]"
        raise BadInput(f"there is no column {column!r}{nearest(column, known)}; {has}")

    def name(self, at: int) -> str:
        """Return what to call a column: its header, or its letter where it has none."""
        return (self.texts[at] if at < self.width else "") or column_letters(at + 1)

    def repeats(self, cells: Sequence[Any]) -> bool:
        """Return whether a row is the header once more, as at the top of a printed page."""
        here = [folded(cell) for cell in cells[: self.width]]
        return any(here) and here == [text.casefold() for text in self.last]


def header_of(rows: Iterable[Sequence[Any]]) -> Header:
    """Return the header that these rows make; above the last, an empty cell repeats the one at its left."""
    lines = [list(row) for row in rows]
    width = max((len(line) for line in lines), default=0)
    padded = [line + [""] * (width - len(line)) for line in lines]
    texts = [[text_of(cell) for cell in line] for line in padded]
    for line in texts[:-1]:
        for at in range(1, width):
            line[at] = line[at] or line[at - 1]
    joined = tuple(" ".join(dict.fromkeys(part for part in parts if part)) for parts in zip(*texts, strict=True))
    return Header(joined, tuple(texts[-1]) if texts else (), tuple(padded[-1]) if padded else ())


def column_letters(number: int) -> str:
    """Return the letters of a column, counted from 1, as a spreadsheet shows them."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """Return the number of a column, from 1, from its letters."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
