"""Numbers as a language writes them: digits in groups, a decimal sign, a proper minus.

They are written here and not by Babel, which takes longer to load than a snapshot takes to read; a test holds them
against Babel's.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

MINUS = "\u2212"
"""As wide as a digit; a hyphen is not."""
_PRECISION = 28  # digits, as decimals have them by themselves
_SIGNS = {"fi": ("\u00a0", ","), "sv": ("\u00a0", ","), "en": (",", ".")}
"""Between groups of three digits, and before decimals."""


@cache
def number(value: Decimal, decimals: int, language: str = "fi") -> str:
    """Return a number rounded half up to so many decimals, in groups as `language` has them, U+2212 for a minus."""
    with localcontext(prec=max(_PRECISION, value.adjusted() + _PRECISION)):  # what was recorded may have any length
        rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        whole, _, fraction = f"{abs(rounded):f}".partition(".")
    group, point = _SIGNS[language]
    digits = group.join(whole[max(0, end - 3) : end] for end in range(len(whole) % 3 or 3, len(whole) + 1, 3))
    return f"{MINUS if rounded < 0 else ''}{digits}{point if fraction else ''}{fraction}"
