"""Words that fit: where a word is wider than its line and has no place to break, such places are put into it."""

from __future__ import annotations

import re

from projections.report.pictures.lettering import text_width

_JOINED = "\u2060"
_FULL_LINE = 470.0
_SIZE = 9.5
_ORDINARY = 40
"""Letters: a longer word is no word of a language, and is not hyphenated as one."""
_WORDS = re.compile(r"[^\s\u200b]{8,}")
_LETTERS = re.compile(r"[^\W\d_]+")
BREAK = "\u200b"


def breakable(text: str, *, width: float = _FULL_LINE, size: float = _SIZE) -> str:
    """Return a text in which no word needs more room than there is: `width` for letters of `size`, in points.

    A word of letters is left to hyphenation, unless it is longer than words are.
    """
    text = text.replace("\u2212€", f"\u2212{_JOINED}€")  # a line may else break between the two (UAX #14: PR ÷ PR)
    return _WORDS.sub(lambda found: _word(found[0], width, size), text)


def _word(word: str, width: float, size: float) -> str:
    if len(word) * size < width or text_width(word, size) <= width:
        return word
    if len(word) <= _ORDINARY and _LETTERS.fullmatch(word.strip(".,;:!?()”\"'–-")):
        return word
    pieces, piece, room = list[str](), "", 0.0
    for character in word:
        wide = text_width(character, size)
        if piece and room + wide > width:
            pieces.append(piece)
            piece, room = "", 0.0
        piece += character
        room += wide
    return BREAK.join([*pieces, piece])
