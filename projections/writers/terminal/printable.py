"""Recorded texts on the terminal: inert, on one line where they must be, and as wide as a terminal draws them."""

from __future__ import annotations

import re

from heinola_es.inert import inert_line, inert_page

_BLANKS = re.compile("(?:[^\\S\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]|\r\n)+")  # but for those that are to be seen
_FIRST_OF_ANOTHER_WIDTH = "\u0300"


def one_line(text: object) -> str:
    """Return a text that is safe to print, on one line."""
    return inert_line(_BLANKS.sub(" ", str(text)).strip(" "))


def shown(text: object) -> str:
    """Return a text that is safe to print, in lines of its own; a tab is a blank."""
    return inert_page(str(text).replace("\r\n", "\n").replace("\t", " "))


def width_of(text: str) -> int:
    """Return how many cells of a terminal a line takes: two for an ideograph or an emoji, none for a combining mark."""
    if not text or max(text) < _FIRST_OF_ANOTHER_WIDTH:
        return len(text)
    from rich.cells import cell_len  # noqa: PLC0415 - Finnish needs no table of widths

    return cell_len(text)


def left(text: str, width: int) -> str:
    """Return a line with blanks after it, up to a width in cells."""
    return text + " " * (width - width_of(text))


def right(text: str, width: int) -> str:
    """Return a line with blanks before it, up to a width in cells."""
    return " " * (width - width_of(text)) + text


def cut(text: str, width: int) -> str:
    """Return a line cut off, with an ellipsis, where it is wider than a width in cells."""
    if width_of(text) <= width:
        return text
    kept = parts_of(text, max(1, width - 1))[0].rstrip()
    return f"{kept}…" if width_of(kept) < width else "…"


def wrapped(line: str, width: int) -> list[str]:
    """Return a line in as many as it takes at a width in cells."""
    if width_of(line) <= width:
        return [line]
    if width_of(line) == len(line):
        from textwrap import wrap  # noqa: PLC0415 - most lines fit

        return wrap(line, width, break_on_hyphens=False)
    lines = [""]
    for word in line.split(" "):
        for part in parts_of(word, width):
            longer = f"{lines[-1]} {part}" if lines[-1] else part
            if width_of(longer) <= width:
                lines[-1] = longer
            else:
                lines.append(part)
    return lines


def parts_of(word: str, width: int) -> list[str]:
    """Return a word in parts no wider than a width in cells; of a width of one, a wide character is let through."""
    parts = [""]
    taken = 0
    for char in word:
        wide = width_of(char)
        if parts[-1] and taken + wide > width:
            parts.append("")
            taken = 0
        parts[-1] += char
        taken += wide
    return parts
