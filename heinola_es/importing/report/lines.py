"""The text as numbered lines with cells, and the cursor that walks over them."""

from __future__ import annotations

import re
from functools import cached_property
from io import StringIO
from itertools import islice
from typing import TYPE_CHECKING

from attrs import define, frozen

from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONGEST_DOCUMENT = 20_000  # lines that are not blank; a report of a whole city has some thousands
LONGEST_LINE = 20_000  # characters; the longest paragraph has some thousands
MOST_CELLS = 100
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@frozen(slots=False)
class Line:
    """A line of the document: its 1-based number and its text without the line break."""

    number: int
    text: str

    @cached_property
    def cells(self) -> tuple[str, ...]:
        """The text between tabs, each part without the space around it."""
        return tuple(cell.strip() for cell in self.text.split("\t"))

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that are not empty."""
        return tuple(cell for cell in self.cells if cell)

    @property
    def is_blank(self) -> bool:
        """Whether the line holds nothing but space, tabs included."""
        return not self.filled

    @property
    def is_prose(self) -> bool:
        """Whether all that the line holds stands in its first cell."""
        return len(self.filled) == 1 and bool(self.cells[0])

    @property
    def prose(self) -> str:
        """The first cell: all the text of a line that is prose."""
        return self.cells[0]


@frozen(slots=False)
class Lines:
    """The lines of a document that are not blank, in order; blank ones are but gaps in their numbers."""

    filled: tuple[Line, ...]

    @cached_property
    def _order(self) -> dict[int, int]:
        return {line.number: place for place, line in enumerate(self.filled)}

    def after(self, line: Line, count: int = 1) -> tuple[Line, ...]:
        """Return the next `count` filled lines after a filled line, fewer at the end."""
        place = self._order[line.number]
        return self.filled[place + 1 : place + 1 + count]

    def below(self, line: Line) -> Line | None:
        """Return the next filled line after a filled line, None at the end."""
        return next(iter(self.after(line)), None)

    def stands_above(self, line: Line, is_row: Callable[[Line], bool]) -> bool:
        """Return whether the next filled line is a row of the table that is being read."""
        below = self.below(line)
        return below is not None and is_row(below)

    def follows_blank(self, line: Line) -> bool:
        """Return whether the line above is blank, or there is none."""
        place = self._order[line.number]
        return place == 0 or self.filled[place - 1].number < line.number - 1


@define(slots=True)
class Cursor:
    """A place in the filled lines; it only moves forward."""

    lines: Lines
    place: int = 0

    @property
    def line(self) -> Line | None:
        """The filled line the cursor stands on, None at the end."""
        return self.lines.filled[self.place] if self.place < len(self.lines.filled) else None

    def step(self) -> None:
        """Move to the next filled line."""
        self.place += 1

    def rest(self) -> Iterator[Line]:
        """Yield the line the cursor stands on, again and again while somebody moves it, up to the end."""
        while (line := self.line) is not None:
            yield line


def split_lines(text: str) -> Lines:
    """Return the lines of a document; a byte order mark and any style of line break are put up with.

    Raises:
        BadInput: the document is empty, holds control characters that no text has, or is beyond all measure.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    numbered = enumerate(StringIO(plain), start=1)
    filled = (Line(number, line.removesuffix("\n")) for number, line in numbered if not line.isspace())
    lines = Lines(tuple(islice(filled, LONGEST_DOCUMENT + 1)))
    if not lines.filled:
        raise BadInput("the document is empty; extract the report's text again")
    if len(lines.filled) > LONGEST_DOCUMENT:
        raise BadInput(f"the document has more than {LONGEST_DOCUMENT} lines that say something; import it in parts")
    for line in lines.filled:
        _require_measure(line)
        if found := _CONTROL.search(line.text):
            raise BadInput(
                f"line {line.number}, column {found.start() + 1}: the character U+{ord(found[0]):04X} belongs to no "
                "text; save the report as plain text (UTF-8) and import that"
            )
    return lines


def _require_measure(line: Line) -> None:
    if len(line.text) > LONGEST_LINE:
        raise BadInput(f"line {line.number} has more than {LONGEST_LINE} characters; break it into paragraphs")
    if line.text.count("\t") >= MOST_CELLS:
        raise BadInput(f"line {line.number} has more than {MOST_CELLS} cells; a report's tables have a few, check it")
