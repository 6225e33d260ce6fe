"""Amounts of money as people write them, read into whole cents.

What could mean two things is refused, not guessed: `1,234` may be one thousand or one euro.

Limits. One amount is at most `LARGEST_CENTS`, and what a unit's fiscal year has of one measure, whatever the signs,
comes to at most `LARGEST_TOTAL_CENTS`. So any sum over the 10 000 units of a city, of any lines and months, stays
within 10**18, and a database counts to 9.2 * 10**18.
"""

from __future__ import annotations

import re

from heinola_es.errors import BadInput, Refused
from heinola_es.patterns import pattern

_MINUS = str.maketrans(dict.fromkeys("\u2212\u2013\u2010\u2011", "-"))  # the minus signs and dashes of word processors
_SPACES = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\t", " "))  # no-break, narrow and thin spaces
_PLAIN = pattern(r"\d+(?:[.,]\d{1,2})?")
# A group of thousands never begins with a zero: 0.123 is a fraction of a cent, not 123 euros.
_SPACED = pattern(r"[1-9]\d{0,2}(?: \d{3})+(?:[.,]\d{1,2})?")
_POINTS = pattern(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d{1,2})?")
_COMMAS = pattern(r"[1-9]\d{0,2}(?:(?:,\d{3}){2,}(?:\.\d{1,2})?|,\d{3}\.\d{1,2})")
PRECISIONS = {"exact": 1, "euro": 100, "thousand": 100_000}
"""What a document may round its figures to, in cents."""
LARGEST_CENTS = 10**13
"""The largest amount, either way: a hundred thousand million euros."""
LARGEST_TOTAL_CENTS = 10**14
"""The most that a unit's fiscal year may have of one measure: the sum of its amounts without their signs."""
READABLE_CENTS = 10**17
"""Below it a reader takes an amount that an older log holds; from it on no sum of them could be relied on."""
SUMMABLE_CENTS = 2**62 - 1
"""A sum beyond it is told as unknown: a database that adds two of them still counts right."""
_LONGEST = 100  # characters; an amount with its spaces has thirty
_NUMBER = pattern(r"-?\d{1,15}(?:\.\d{1,15})?", re.ASCII)


class AmountTooLarge(Refused):
    """The amount is beyond what an amount may be, or what a unit's year may have of them."""


class BeyondLimit(BadInput):
    """What was given is an amount, beyond what an amount may be."""


def parse_amount(text: str) -> int:
    """Return the amount in whole cents.

    Args:
        text: euros, e.g. `-1 234,50`, `12.500 €`, `1234.50`; U+00A0 and U+202F count as spaces, U+2212 as minus.
            Points group thousands when three digits follow (Finnish practice); a single comma and three
            digits (`1,234`) is ambiguous.

    Raises:
        BadInput: no amount, an ambiguous one, or one with more than two decimals.
        BeyondLimit: it is too large.
    """
    if len(text) > _LONGEST:
        msg = f"{text[:_LONGEST]!r} … is not an amount; write euros such as -1 234,50 or 12.500 €"
        raise BadInput(msg)
    cleaned = text.translate(_MINUS).translate(_SPACES).strip()
    cleaned = re.sub(r"\s*(?:€|eur|euroa)\s*$", "", cleaned, flags=re.IGNORECASE)
    sign, digits = _sign(cleaned)
    if not re.fullmatch(r"[\d .,]+", digits, flags=re.ASCII):
        msg = f"{text!r} is not an amount; write euros such as -1 234,50 or 12.500 €"
        raise BadInput(msg)
    cents = _cents(digits, text)
    if not is_amount(cents):
        raise BeyondLimit(too_large(text))
    return sign * cents


def is_amount(cents: object) -> bool:
    """Return whether something is whole cents within the limit; what an older log holds may be anything."""
    return cents.__class__ is int and -LARGEST_CENTS <= cents <= LARGEST_CENTS


def is_readable(cents: object) -> bool:
    """Return whether an amount that a log holds, which may be anything, can be counted."""
    return cents.__class__ is int and -READABLE_CENTS < cents < READABLE_CENTS


def require_amount(cents: int) -> None:
    """Refuse an amount beyond the limit.

    Raises:
        AmountTooLarge.
    """
    if not is_amount(cents):
        raise AmountTooLarge(too_large(f"{format_cents(cents)} €"))


def too_large(said: object) -> str:
    """Return the sentence for an amount beyond the limit."""
    return f"{said!r} is too large to be an amount in euros; check the figure"


def _sign(cleaned: str) -> tuple[int, str]:
    if cleaned.startswith(("-", "+")):
        return (-1 if cleaned[0] == "-" else 1), cleaned[1:].strip()
    return 1, cleaned


def _cents(digits: str, text: str) -> int:
    if _POINTS.fullmatch(digits):
        return _to_cents(digits.replace(".", "").replace(",", "."))
    if _COMMAS.fullmatch(digits):
        return _to_cents(digits.replace(",", ""))
    if _SPACED.fullmatch(digits) or _PLAIN.fullmatch(digits):
        return _to_cents(digits.replace(" ", "").replace(",", "."))
    if re.fullmatch(r"\d{1,3},\d{3}", digits):
        msg = f"{text!r} is ambiguous: thousands or decimals? Write 1 234 for thousands or 1,23 for decimals"
        raise BadInput(msg)
    if re.fullmatch(r"[\d ]+[.,]\d{3,}", digits):
        msg = f"{text!r} has more than two decimals; amounts are whole cents"
        raise BadInput(msg)
    msg = f"{text!r} is not an amount; write euros such as -1 234,50 or 12.500 €"
    raise BadInput(msg)


def _to_cents(number: str) -> int:
    euros, _, decimals = number.partition(".")
    return int(euros) * 100 + int(decimals.ljust(2, "0") or 0)


def format_cents(cents: int) -> str:
    """Return cents as euros for messages: `-1 234,50`, and `12 500` when there are no cents. No locale needed."""
    euros, rest = divmod(abs(cents), 100)
    sign = "-" if cents < 0 else ""
    decimals = f",{rest:02}" if rest else ""
    return f"{sign}{euros:,}".replace(",", " ") + decimals


def plain_euros(cents: int) -> str:
    """Return cents as euros for programs: `-1234.50`, exactly, with a point and both decimals."""
    euros, rest = divmod(abs(cents), 100)
    return f"{'-' if cents < 0 else ''}{euros}.{rest:02}"


def decimal_text(text: str) -> str:
    """Return a number as people write it (`29,2 %`, `1 224`, `-0.5`) as plain decimal text: `29.2`, `1224`, `-0.5`.

    Raises:
        BadInput: it is no number, or has more than fifteen digits before or after its decimal mark.
    """
    if len(text) > _LONGEST:
        raise BadInput(f"{text[:_LONGEST]!r} … is not a number; write it such as 29,2 or 1 224")
    cleaned = text.translate(_MINUS).translate(_SPACES).strip().removesuffix("%").replace(" ", "").replace(",", ".")
    if not re.fullmatch(r"-?\d+(?:\.\d+)?", cleaned, flags=re.ASCII):
        raise BadInput(f"{text!r} is not a number; write it such as 29,2 or 1 224")
    require_number(cleaned)
    return cleaned


def number_or_none(text: str | None) -> str | None:
    """Return decimal text as a reader takes it: nothing, where it is no number or of too many digits."""
    return text if text is not None and _NUMBER.fullmatch(text) else None


def require_number(number: str) -> None:
    """Refuse decimal text that is no number, or has more than fifteen digits before or after its point.

    Raises:
        BadInput.
    """
    if not _NUMBER.fullmatch(number):
        raise BadInput(f"{number[:_LONGEST]!r} is too long for a number; round it, or check the figure")
