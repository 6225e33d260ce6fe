"""Amounts in ledger cells: as text in any of the ways exports write them, or as numbers of a workbook.

The file's decimal mark is known, so that a point or comma never means two things in one file.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from attrs import define

from heinola_es.domain.amounts import LARGEST_CENTS, is_amount, parse_amount, too_large
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.problems import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

AmountReader = Callable[[Any], int | None]
"""From a cell to whole cents; None where it is empty."""

_LONGEST = 100  # characters of an amount, blanks included
_BLANKS = str.maketrans(dict.fromkeys("\u00a0\u202f\u2009\u2007\t'’", " "))
_MINUS = str.maketrans(dict.fromkeys("\u2212\u2013\u2014\u2010\u2011", "-"))
_CURRENCY = re.compile(r"^(?:€|eur)\s*|\s*(?:€|eur|euroa)$", re.IGNORECASE)
_EVIDENCE = re.compile(r"\d([.,])\d{1,2}\)?-?$|\d[.,]\d{3}([.,])\d+\)?-?$", re.ASCII)
_GROUPS = re.compile(r"\d([.,])\d{3}(?:\1\d{3})+\)?-?$", re.ASCII)
_MAY_BE_THOUSANDS = re.compile(r"\d{1,3}[.,]\d{3}", re.ASCII)
_FORMS = {
    mark: re.compile(rf"(\d+|\d{{1,3}}(?: \d{{3}})+|\d{{1,3}}(?:\{other}\d{{3}})+|)(?:\{mark}(\d+))?", re.ASCII)
    for mark, other in ((",", "."), (".", ","))
}
_ALL_PLAIN = {
    mark: re.compile(rf"-?\d{{1,11}}\{mark}\d\d(?:\n-?\d{{1,11}}\{mark}\d\d)*+", re.ASCII) for mark in (",", ".")
}
_SURELY_WITHIN = 13
"""Cents of so many digits are within the limit of an amount."""
_NO_DIGIT = re.compile(r"\D", re.ASCII)
_MOST_DIGITS = 30
"""Digits; what has more is no amount, and is not counted out."""
_NOISE, _RELATIVE_NOISE = 1e-4, 1e-14
"""How far from a whole cent a binary fraction may lie, in cents and in parts of the amount."""


def decimal_mark(cells: Iterable[Any]) -> str | None:
    """Return the decimal mark that the cells agree on, or None where none shows one or they differ."""
    marks = set()
    for cell in cells:
        if not isinstance(cell, str) or len(cell) > _LONGEST:
            continue
        plain = _plain(cell)
        if groups := _GROUPS.search(plain):
            marks.add("," if groups[1] == "." else ".")
        elif found := _EVIDENCE.search(plain):
            marks.add(found[1] or found[2])
    return marks.pop() if len(marks) == 1 else None


@define(slots=True)
class Rounding:
    """Amounts that were rounded to whole cents.

    Attributes:
        number: how many.
        away_cents: what they were more than what was kept, in all; below zero where they were less.
    """

    number: int = 0
    away_cents: Decimal = Decimal()

    def round(self, exact_cents: Decimal) -> int:
        """Return whole cents, half a cent going away from zero, and take note of the rest."""
        cents = exact_cents.quantize(Decimal(1), ROUND_HALF_UP)
        self.number += 1
        self.away_cents += exact_cents - cents
        return int(cents)

    def told(self) -> str:
        """Return how many amounts were rounded, and what was rounded away, in euros."""
        euros = f"{self.away_cents / 100:f}".rstrip("0").rstrip(".").replace(".", ",")
        return f"{counted(self.number, 'amount')} rounded to the cent; rounded away in all: {euros or '0'} €"


def amount_reader(decimal: str | None, factor: int, rounding: Rounding | None = None) -> AmountReader:
    """Return a function from a cell to whole cents, or to None where the cell is empty.

    The function raises BadInput where the cell holds no amount, or more decimals than there are cents and no rounding.

    Args:
        decimal: the decimal mark of amounts written as text; None where the file shows none.
        factor: what one in a cell counts in cents: 100 for euros.
        rounding: takes note of amounts with more decimals, which are then rounded.
    """
    places = len(str(factor)) - 1
    mark = decimal or ","

    def read(cell: Any) -> int | None:  # noqa: ANN401 - whatever a reader gives
        if cell.__class__ is str:
            if cell[-3:-2] == mark and places == 2 and decimal:  # noqa: PLR2004 - cents: by far the commonest form
                digits = cell[:-3] + cell[-2:]
                if digits.isascii() and digits.removeprefix("-").isdigit() and len(digits) <= _SURELY_WITHIN:
                    return int(digits)
            return _from_text(cell, decimal, places, rounding)
        return _from_number(cell, places, rounding)

    return read


def plain_amounts(cells: list[Any], decimal: str | None) -> list[int] | None:
    """Return the cents of amounts of euros that are all written `-1234,50`; None where any is not."""
    if decimal is None or not all(cell.__class__ is str for cell in cells):
        return None
    joined = "\n".join(cells)
    if not _ALL_PLAIN[decimal].fullmatch(joined):
        return None
    return [int(digits) for digits in joined.replace(decimal, "").split("\n")]


def _plain(text: str) -> str:
    return _CURRENCY.sub("", text.translate(_BLANKS).translate(_MINUS).strip()).strip()


def _from_text(text: str, decimal: str | None, places: int, rounding: Rounding | None) -> int | None:
    if len(text) > _LONGEST and len(text := text.strip()) > _LONGEST:
        raise BadInput(f"{text[:_LONGEST]!r}… is not an amount; write euros such as -1234,50")
    plain = _plain(text)
    if not plain or plain.strip("-") == "":
        return None  # an empty cell, or the dash that stands for nothing
    sign, digits = _sign(plain, text)
    if decimal is None:
        return _ambiguous(sign, digits, places)
    found = _FORMS[decimal].fullmatch(digits)
    if not found or digits == "":
        raise BadInput(f"{text!r} is not an amount; write euros such as -1234{decimal}50")
    whole, decimals = found[1], found[2] or ""
    if len(decimals) > places:
        exact = Decimal(f"{re.sub(_NO_DIGIT, '', whole) or 0}.{decimals}")
        return _rounded(sign * exact, text, places, rounding)
    written = re.sub(r"\D", "", whole) + decimals.ljust(places, "0")
    if len(written) > _MOST_DIGITS:
        raise BadInput(too_large(text[:_LONGEST] + " …"))
    return sign * _within(int(written), text)


def _sign(plain: str, text: str) -> tuple[int, str]:
    """Return the sign and the digits; the minus may stand before, behind, or be a pair of parentheses."""
    minus = plus = 0
    if plain.startswith("(") and plain.endswith(")"):
        minus, plain = 1, plain[1:-1].strip()
    if plain[:1] in {"-", "+"}:
        minus, plus, plain = minus + (plain[0] == "-"), plus + (plain[0] == "+"), plain[1:].strip()
    if plain[-1:] in {"-", "+"}:
        minus, plus, plain = minus + (plain[-1] == "-"), plus + (plain[-1] == "+"), plain[:-1].strip()
    if minus + plus > 1:
        raise BadInput(f"{text!r} has two signs; write one")
    return (-1 if minus else 1), _CURRENCY.sub("", plain).strip()


def _ambiguous(sign: int, digits: str, places: int) -> int:
    """Read an amount in a file that never shows its decimal mark; what may mean two things is refused."""
    if _MAY_BE_THOUSANDS.fullmatch(digits):
        raise BadInput(
            f"{'-' if sign < 0 else ''}{digits} is ambiguous: thousands or decimals? No amount of the file shows; say "
            f'decimal = "," or "." under [file]'
        )
    cents = parse_amount(digits)
    if places == 2:  # noqa: PLR2004 - cents
        return sign * cents
    if cents % 100:
        raise BadInput(f"{digits!r}: say the decimal mark in the mapping with decimal under [file]")
    return int(sign * cents // 100 * 10**places)


def _rounded(amount: Decimal, said: object, places: int, rounding: Rounding | None) -> int:
    """Return the whole cents of an amount that has parts of a cent.

    Raises:
        BadInput: it is not to be rounded.
    """
    if rounding is None:
        raise BadInput(_too_fine(said, places))
    exact = amount.scaleb(places)
    return rounding.round(exact) if abs(exact) < 2 * LARGEST_CENTS else _within(int(exact), said)


def _from_number(cell: Any, places: int, rounding: Rounding | None) -> int | None:  # noqa: ANN401 - whatever a reader gives
    if cell is None:
        return None
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        raise BadInput(f"{cell!s} is not an amount; write a number")
    if not math.isfinite(cell):
        raise BadInput(f"{cell} is not a number; mend the cell")
    scaled: float = cell * 10**places
    whole: int = round(scaled)
    if abs(scaled - whole) > _NOISE + abs(scaled) * _RELATIVE_NOISE:
        return _within(_rounded(Decimal(repr(cell)), cell, places, rounding), cell)
    return _within(whole, cell)


def _within(cents: int, said: object) -> int:
    if not is_amount(cents):
        raise BadInput(too_large(said))
    return cents


def _too_fine(said: object, places: int) -> str:
    decimals = {0: "no", 2: "two"}.get(places, str(places))
    return (
        f"{said!r} has more than {decimals} decimals; amounts are whole cents: round it in the ledger, or say "
        f'round = "cent" in the mapping'
    )
