r"""Text that can do nothing to a terminal: what would drive it, or cannot be seen, is written out (`\x1b`, `\u202e`).

Letters, marks and emoji of any language stay as they are. What is written out:

- control characters (C0, DEL, C1), and so every escape sequence, which begins with one; in a line, its end and tabs
- what turns the direction of text, and all other characters of format: zero-width ones, joiners, tags, soft hyphens
- separators of lines and paragraphs, lone surrogates, and whatever else Unicode lets a program leave out when it draws
- combining marks beyond a few on one letter, which would reach into the lines above and below

A joiner between emoji is written out as well: terminals do not agree on how wide a joined one is.
"""

from __future__ import annotations

import re
from functools import cache

# The characters of format (Cf), and those that are ignorable by default without being one (DerivedCoreProperties.txt),
# but for the two selectors that say whether a sign is drawn as text or as an emoji (U+FE0E, U+FE0F).
_UNSEEN = (
    "\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_MARKS = 4
"""How many combining marks one letter may carry; Vietnamese and the names of the Bible take up to three."""
_PLAIN = 0x2FF  # up to it, no character is ignorable and none combines
_BUT_TABS_AND_ENDS = "\x00-\x08\x0b-\x1f"


def inert_line(text: object) -> str:
    r"""Return a text as one line that is safe on a terminal: line ends and tabs in it are written out (`\n`, `\t`)."""
    line = str(text)
    return line if _is_plain(line) else _with_few_marks(_unseen("\x00-\x1f").sub(_written_out, line))


def inert_page(text: object) -> str:
    """Return a text that is safe on a terminal, with its lines and tabs as they are."""
    page = str(text)
    return page if _is_plain(page) else _with_few_marks(_unseen(_BUT_TABS_AND_ENDS).sub(_written_out, page))


def inert_toml(text: str) -> str:
    """Return a TOML text that is safe on a terminal and means the same: its strings have escapes of their own."""
    written = _unseen(_BUT_TABS_AND_ENDS)
    return written.sub(lambda found: f"\\u{ord(found[0]):04x}" if found[0] <= "\uffff" else _written_out(found), text)


def is_utf8(text: str) -> bool:
    """Return whether a text can be written as UTF-8: one from a command line or a file's name may not be."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _is_plain(text: str) -> bool:
    """Return whether nothing in a text needs a second look, as of most; what sees to the others takes time to make."""
    return text.isprintable() and (text.isascii() or max(text) <= chr(_PLAIN))


@cache
def _unseen(controls: str) -> re.Pattern[str]:
    return re.compile(f"[{controls}{_UNSEEN}]")


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def _with_few_marks(text: str) -> str:
    """Return a text without towers of combining marks."""
    if text.isascii() or max(text) <= chr(_PLAIN):
        return text
    from unicodedata import category  # noqa: PLC0415 - most texts have no mark to ask about

    combining = {char for char in set(text) if char > chr(_PLAIN) and category(char) in {"Mn", "Me"}}
    if not combining:  # as of a text with a dash in it
        return text
    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if char in combining else 0
        kept.append(char if marks <= _MARKS else char.encode("unicode_escape").decode("ascii"))
    return "".join(kept)
