"""What a document is made of: paragraphs and rows of tables, each with the place it stands at."""

from __future__ import annotations

import re
from functools import cached_property

from attrs import frozen

MOST_PIECES = 20_000  # a report of a whole city has some thousands
LONGEST_PIECE = 20_000  # characters
MOST_CELLS = 100
RAISED = str.maketrans("0123456789)", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207e")
"""What is raised above its line keeps apart from the number that it stands behind: 234¹ is no 2341."""
_LINE = re.compile(r"\bline ([0-9]{1,9})\b")


@frozen(slots=False, kw_only=True)
class Piece:
    """A paragraph or a row of a table.

    Attributes:
        number: ascending through the document; of a text the number of its line.
        cells: what stands in it: one cell of a paragraph, one for each column of a row.
        spread: the same with the text of a merged cell in every column and row that it covers.
        place: where it stands, in words: `table 3, row 2`, `paragraph 12`, `line 40`.
        heading: the level of a heading by its style, 1 the highest; 0 where it is none.
        style: the name of its style, in small letters, or empty.
        table: the number of the table it is a row of; 0 where it is no row.
        page: that it stands on, and
        columns: from where to where the columns of its table reach there; of a PDF alone.
    """

    number: int
    cells: tuple[str, ...]
    spread: tuple[str, ...] = ()
    place: str
    heading: int = 0
    style: str = ""
    table: int = 0
    page: int = 0
    columns: tuple[tuple[float, float], ...] = ()

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The cells that are not empty."""
        return tuple(cell for cell in self.cells if cell)

    @property
    def over_all(self) -> tuple[str, ...]:
        """The cells, those that are merged in every column they cover."""
        return self.spread or self.cells

    @property
    def text(self) -> str:
        """All that stands in it, on one line."""
        return "\t".join(self.cells)


@frozen(slots=False, kw_only=True)
class Source:
    """A document that was read.

    Attributes:
        name: of the file, without its folder.
        sha256: hex digest of its bytes.
        kind: `text`, `docx` or `pdf`.
        text: the whole as text, a line for each piece, the cells of a row between tabs.
        pieces: what it is made of, in order.
    """

    name: str
    sha256: str
    kind: str
    text: str
    pieces: tuple[Piece, ...]

    @cached_property
    def places(self) -> dict[int, str]:
        """Where each piece stands, by its number; none of a text, whose lines are told by their numbers."""
        return {} if self.kind == "text" else {piece.number: piece.place for piece in self.pieces}

    def placed(self, sentence: str) -> str:
        """Return a sentence with the places of the lines that it tells by their numbers."""
        return _LINE.sub(lambda found: self.places.get(int(found[1]), found[0]), sentence)


def as_text(pieces: tuple[Piece, ...]) -> str:
    """Return pieces as the lines of a text, each on the line of its number."""
    lines: list[str] = []
    for piece in pieces:
        lines += [""] * (piece.number - 1 - len(lines))
        lines.append(piece.text)
    return "\n".join(lines)
