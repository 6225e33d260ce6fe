"""What may be the code of a unit, the id of a goal, or a name that tells things apart: asked when one is new.

What stands for something else is nobody's code: `*` is the whole city, `-` the standard input, `#12` a position, and
`= + @` begin formulas. So no code begins with a sign, and none has blanks at its ends or characters that do not show.
"""

from __future__ import annotations

from unicodedata import category, is_normalized

from heinola_es.errors import BadInput
from heinola_es.languages import LANGUAGES

LONGEST_CODE, LONGEST_NAME = 64, 300
_INSIDE = "-_./&+,:()"
"""The signs that a code may have after its first character."""
_CODE_CATEGORIES = frozenset({"Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Nd"})
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})
_TURNS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that change the order in which others are shown."""


class NoCode(BadInput):
    """A text cannot be a code, or a name that tells things apart."""


class NoTranslation(BadInput):
    """A text cannot be what recorded words read in another language."""


def require_translation(text: str, language: str) -> None:
    """Refuse an empty text, and a language that reports are not told in.

    Raises:
        NoTranslation.
    """
    if language not in LANGUAGES:
        raise NoTranslation(f"{language!r} is no language of reports; choose one of {', '.join(LANGUAGES)}")
    if not text.strip():
        raise NoTranslation("the translation is empty; give the words, or take an earlier one back with `heinola undo`")


def require_code(text: str, what: str = "the unit's code", longest: int = LONGEST_CODE) -> None:
    """Refuse a text that cannot be a code: letters, digits and `- _ . / & + , : ( )`, beginning with one of the first.

    Args:
        text: the code.
        what: what it is the code of, as the sentence names it.
        longest: how many characters it may have.

    Raises:
        NoCode.
    """
    _require_length(text, what, longest)
    wrong = next((sign for place, sign in enumerate(text) if not _fits(sign, place)), None)
    if wrong is not None:
        raise NoCode(f"{what} {text!r} has {_shown(wrong)}; a code is letters, digits and {' '.join(_INSIDE)} inside")
    if "  " in text or text != text.strip() or not is_normalized("NFC", text):
        raise NoCode(f"{what} {text!r} has blanks at its ends or two together, or signs taken apart; write it anew")


def require_name(text: str, what: str) -> None:
    """Refuse a text that cannot be a name: empty, too long, or with line breaks and other characters that control.

    Raises:
        NoCode.
    """
    _require_length(text, what, LONGEST_NAME)
    wrong = next((sign for sign in text if category(sign) in _BREAKS or sign in _TURNS), None)
    if wrong is not None:
        raise NoCode(f"{what} {text!r} has {_shown(wrong)}, which belongs to no name; leave it out")


def _require_length(text: str, what: str, longest: int) -> None:
    if not text.strip():
        raise NoCode(f"{what} is empty; give one")
    if len(text) > longest:
        raise NoCode(f"{what} {text[:longest]!r} … is longer than {longest} characters; shorten it")


def _fits(sign: str, place: int) -> bool:
    return category(sign) in _CODE_CATEGORIES or (place > 0 and (sign == " " or sign in _INSIDE))


def _shown(sign: str) -> str:
    seen = category(sign) not in _UNSEEN
    return f"{sign!r} in a place where it cannot be" if seen else f"the character U+{ord(sign):04X}"
