"""Texts in pictures: how wide they are, and where they break.

Widths are Helvetica's, in thousandths of the font size (Adobe's AFM file for it), because nothing else is the same on
every machine. Source Sans 3 is narrower and Arial as wide, so what fits by these widths fits in all of them.
"""

from __future__ import annotations

import re
from unicodedata import normalize

from babel.numbers import get_decimal_symbol, get_group_symbol

from projections.report.language.numbers import LOCALES
from projections.report.language.numerals import MINUS

LINES = 2
"""A label has at most as many lines."""

_WIDTHS = {
    width: frozenset(letters)
    for width, letters in {
        191: "'",
        222: "ijl’",
        278: " \u00a0.,:;!/\\|[]ftI",
        333: "r()-`",
        355: '"',
        500: "ckvxyzsJ",
        556: "abdeghnopqu0123456789L?_$#–€",
        584: "+<>=~−",
        611: "FTZ",
        667: "ABEKPSVXY&",
        722: "CDHNRUw",
        778: "GOQ",
        833: "mM",
        889: "%",
        944: "W",
    }.items()
}
_LETTERS = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_WIDEST = 1000
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufffe\uffff]"
)


def text_width(text: str, size: float) -> float:
    """Return how wide a text of a font size may be, in pixels."""
    base = normalize("NFD", text)
    return sum(_LETTERS.get(letter, _WIDEST) for letter in base if not "\u0300" <= letter <= "\u036f") * size / 1000


def one_line(text: str) -> str:
    """Return a text on one line, without what cannot be seen or would turn its direction."""
    return " ".join(_HIDDEN.sub("", text).split())


def wrapped(text: str, size: float, width: float, lines: int = LINES) -> list[str]:
    """Return a text on at most as many lines, none wider than `width` pixels; an ellipsis stands for what is cut."""
    words, done = one_line(text).split(" "), list[str]()
    while words and len(done) < lines:
        last = len(done) == lines - 1
        line = words.pop(0)
        while words and (last or text_width(f"{line} {words[0]}", size) <= width):
            line += f" {words.pop(0)}"
        done.append(line)
    return [_cut(line, size, width) for line in done]


def _cut(text: str, size: float, width: float) -> str:
    if text_width(text, size) <= width:
        return text
    while text and text_width(f"{text}…", size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def axis_format(language: str) -> dict[str, object]:
    """Return how Vega writes the numbers of axes: a locale of d3-format."""
    locale = LOCALES[language]
    return {
        "decimal": get_decimal_symbol(locale),
        "thousands": get_group_symbol(locale),
        "grouping": [3],
        "currency": ["", ""],
        "minus": MINUS,
    }
