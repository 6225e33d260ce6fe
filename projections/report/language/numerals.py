"""Numbers as a language writes them: digits in groups, a decimal sign, a proper minus."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache

from babel.numbers import format_decimal, get_minus_sign_symbol

MINUS = get_minus_sign_symbol("fi")  # U+2212, as wide as a digit; format_decimal itself writes a hyphen
_PRECISION = 28  # digits, as decimals have them by themselves
_PATTERNS = {0: "#,##0", 1: "#,##0.0", 2: "#,##0.00"}


@cache
def number(value: Decimal, decimals: int, locale: str = "fi") -> str:
    """Return a number rounded half up to 0, 1 or 2 decimals, in groups as `locale` has them, U+2212 for a minus."""
    with localcontext(prec=max(_PRECISION, value.adjusted() + _PRECISION)):  # what was recorded may have any length
        rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
        digits = format_decimal(abs(rounded), format=_PATTERNS[decimals], locale=locale)
    return f"{MINUS}{digits}" if rounded < 0 else str(digits)
