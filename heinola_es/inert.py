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

# The characters of format (Cf), and those that are ignorable by default without being one (DerivedCoreProperties.txt),
# but for the two selectors that say whether a sign is drawn as text or as an emoji (U+FE0E, U+FE0F).
_UNSEEN = (
    "\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufe00-\ufe0d\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_IN_A_LINE = re.compile(f"[\x00-\x1f{_UNSEEN}]")
_ON_A_PAGE = re.compile(f"[\x00-\x08\x0b-\x1f{_UNSEEN}]")
_MARKS = 4
"""How many combining marks one letter may carry; Vietnamese and the names of the Bible take up to three."""
_TO_BE_SEEN_AS_PLAIN = 0x2FF


def inert_line(text: object) -> str:
    r"""Return a text as one line that is safe on a terminal: line ends and tabs in it are written out (`\n`, `\t`)."""
    return _with_few_marks(_IN_A_LINE.sub(_written_out, str(text)))


def inert_page(text: object) -> str:
    """Return a text that is safe on a terminal, with its lines and tabs as they are."""
    return _with_few_marks(_ON_A_PAGE.sub(_written_out, str(text)))


def is_utf8(text: str) -> bool:
    """Return whether a text can be written as UTF-8: one from a command line or a file's name may not be."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def inert_toml(text: str) -> str:
    """Return a TOML text that is safe on a terminal and means the same: its strings have escapes of their own."""
    return _ON_A_PAGE.sub(
        lambda found: f"\\u{ord(found[0]):04x}" if found[0] <= "\uffff" else _written_out(found), text
    )


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")


def _with_few_marks(text: str) -> str:
    """Return a text without towers of combining marks."""
    if text.isascii() or max(text) <= chr(_TO_BE_SEEN_AS_PLAIN):
        return text
    from unicodedata import category  # noqa: PLC0415 - most texts have no mark to ask about

    kept: list[str] = []
    marks = 0
    for char in text:
        marks = marks + 1 if category(char) in {"Mn", "Me"} else 0
        kept.append(char if marks <= _MARKS else char.encode("unicode_escape").decode("ascii"))
    return "".join(kept)
