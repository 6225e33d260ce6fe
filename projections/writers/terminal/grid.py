"""Columns of text beside each other, for lists. Rich's own tables give the same page at several times the cost."""

from __future__ import annotations

import re
from io import StringIO
from typing import TYPE_CHECKING

from attrs import frozen
from rich.text import Text

from heinola_es.commands.printing import console
from projections.writers.terminal.printable import cut, left, right, width_of, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Cell = str | tuple[str, str]
"""A text, or a text and its style; it may have several lines."""

GAP = 2
_BLANKS = re.compile("[ \\n]+")  # where a line may break
DEFAULT_WIDTH = 100
"""Of a page where nobody says how wide the terminal is."""


@frozen(slots=True, kw_only=True)
class GridColumn:
    """A column of a grid.

    Attributes:
        heading: above it, or empty.
        share: of the room that the other columns leave; 0 for a column as wide as its widest line.
        right: whether its texts stand at its right edge.
        bottom: whether its texts stand beside the last line of their row, not the first.
        cut: whether a text that is too long is cut off, not wrapped.
    """

    heading: str = ""
    share: int = 0
    right: bool = False
    bottom: bool = False
    cut: bool = False


def grid(columns: Sequence[GridColumn], rows: Sequence[Sequence[Cell]], width: int, indent: int = 2) -> Text:
    """Return rows under their headings, no line longer than `width`.

    An empty row is an empty line, a row of one cell where there are more columns goes across them all, and a column
    that nothing stands in takes no room.
    """
    columns, rows = _with_content(columns, rows)
    headings = [column.heading for column in columns]
    widths = _widths(columns, [headings, *(row for row in rows if len(row) == len(columns))], width - indent)
    lines: list[Text] = []
    if any(headings):
        height = max(heading.count("\n") for heading in headings)
        titles = ["\n" * (height - heading.count("\n")) + heading for heading in headings]
        lines += _lines([(title, "dim") for title in titles], columns, widths, indent)
    for row in rows:
        if len(row) == len(columns):
            lines += _lines(row, columns, widths, indent)
        else:
            lines += [paragraph(_text(row[0]), width, _style(row[0]), indent)] if row else [Text()]
    return Text("\n").join(lines)


def styled(text: Text, width: int, *, colour: bool) -> str:
    """Return a page as it is printed: with ANSI styles, in the colours that a terminal's own theme decides, or plain.

    Its lines are laid out already, and are not wrapped again.
    """
    plain = text.plain
    if colour:
        file = StringIO()
        console(file, width=width, colour=True).print(text, soft_wrap=True)
        plain = file.getvalue()
    return "".join(f"{line.rstrip()}\n" for line in plain.splitlines())


def paragraph(text: str, width: int, style: str = "", indent: int = 0) -> Text:
    """Return a text on as many lines as it takes."""
    lines = [f"{' ' * indent}{line}" for line in wrapped(text, max(1, width - indent))]
    return Text("\n".join(lines), style=style)


def _with_content(
    columns: Sequence[GridColumn], rows: Sequence[Sequence[Cell]]
) -> tuple[list[GridColumn], list[list[Cell]]]:
    whole = [row for row in rows if len(row) == len(columns)]
    kept = [
        number for number, column in enumerate(columns) if column.heading or any(_text(row[number]) for row in whole)
    ]
    return [columns[number] for number in kept], [
        [row[number] for number in kept] if len(row) == len(columns) else list(row) for row in rows
    ]


def _widths(columns: Sequence[GridColumn], rows: Sequence[Sequence[Cell]], width: int) -> list[int]:
    natural = [max((_widest_line(row[number]) for row in rows), default=0) for number in range(len(columns))]
    sharing = {number: column.share for number, column in enumerate(columns) if column.share}
    taken = sum(wide for number, wide in enumerate(natural) if number not in sharing)
    room = width - taken - GAP * (len(columns) - 1)
    least = {at: 1 if columns[at].cut else longest_word(_text(row[at]) for row in rows) for at in sharing}
    shared = _shared(sharing, natural, least if sum(least.values()) <= room else {}, room)
    return [shared.get(number, wide) for number, wide in enumerate(natural)]


def _shared(sharing: dict[int, int], natural: Sequence[int], least: dict[int, int], room: int) -> dict[int, int]:
    """Share room among columns; what one does not need goes to the others, and its longest word has room where it can.

    Args:
        sharing: the share of each column.
        natural: how wide each would be.
        least: how wide each is at least; empty where there is no room for that.
        room: to be shared.
    """
    shares = sum(sharing.values())
    fair = {at: max(1, room * share // shares) for at, share in sharing.items()}
    settled = {at: natural[at] for at in sharing if natural[at] <= fair[at]}
    settled = settled or {at: least[at] for at in sharing if least.get(at, 1) > fair[at]}
    if len(settled) in {0, len(sharing)}:
        return fair | settled
    others = {at: share for at, share in sharing.items() if at not in settled}
    return settled | _shared(others, natural, least, room - sum(settled.values()))


def longest_word(texts: Iterable[str]) -> int:
    """Return the width of the longest word of texts: a column that is narrower breaks it."""
    return max((width_of(word) for text in texts for word in _BLANKS.split(text)), default=1)


def _widest_line(cell: Cell) -> int:
    return max((width_of(line) for line in _text(cell).split("\n")), default=0)


def _lines(row: Sequence[Cell], columns: Sequence[GridColumn], widths: Sequence[int], indent: int) -> Iterator[Text]:
    parts = [_fitted(_text(cell), column, width) for cell, column, width in zip(row, columns, widths, strict=True)]
    height = max(map(len, parts))
    for number, part in enumerate(parts):
        padding = [""] * (height - len(part))
        parts[number] = padding + part if columns[number].bottom else part + padding
    for number in range(height):
        line = Text(" " * indent)
        for at, (cell, column, width) in enumerate(zip(row, columns, widths, strict=True)):
            text = parts[at][number]
            line.append(" " * GAP if at else "")
            line.append(right(text, width) if column.right else left(text, width), style=_style(cell))
        yield line


def _fitted(text: str, column: GridColumn, width: int) -> list[str]:
    if column.cut:
        return [cut(text, width)]
    return [part for line in text.split("\n") for part in wrapped(line, width)]


def _text(cell: Cell) -> str:
    return cell if isinstance(cell, str) else cell[0]


def _style(cell: Cell) -> str:
    return "" if isinstance(cell, str) else cell[1]
