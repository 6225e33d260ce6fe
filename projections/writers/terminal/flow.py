"""Pieces of text in styles, one after the other on lines of a width: what is wrapped, and where amounts never break.

A line breaks at blanks alone: an amount has no-break spaces between its digits, and stays whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from projections.writers.terminal.printable import parts_of, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Piece = tuple[str, str]
"""A text without line ends, and its style."""
GAP = "  "
"""Between pieces."""


def flow(pieces: Iterable[Piece], width: int, first: str = "", then: str = "  ", gap: str = GAP) -> Text:
    """Return pieces on as many lines as they take.

    Args:
        pieces: those that are empty are left out.
        width: of a line in cells, what stands in front of it included.
        first: what stands in front of the first line.
        then: what stands in front of the others.
        gap: between pieces.
    """
    lines = [Text(first, style="dim")]
    room, begun = width - width_of(first), False
    widest = max(1, width - width_of(then))
    for word, style, space in _words(pieces, gap):
        for number, part in enumerate(parts_of(word, widest)):
            before = "" if number or not begun else space
            if width_of(before + part) > room and (begun or len(lines) == 1):
                lines.append(Text(then, style="dim"))
                room, before = width - width_of(then), ""
            lines[-1].append(before).append(part, style=style)
            room, begun = room - width_of(before + part), True
    return Text("\n").join(lines)


def _words(pieces: Iterable[Piece], gap: str) -> Iterator[tuple[str, str, str]]:
    """Yield words with their styles and what stands in front of each."""
    for text, style in pieces:
        for number, word in enumerate(word for word in text.split(" ") if word):
            yield word, style, " " if number else gap
