"""Round numbers for axes."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEW = 5
_LARGE = 100
_APART = 1.6


def steps_to(low: float, high: float, *, few: int = _FEW, least: float = 0.1) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`.

    Args:
        low: the smallest value that the axis has to show.
        high: the largest.
        few: how many steps there are between them, at most.
        least: the smallest step; the default can be told with one decimal.
    """
    step = max(least, _step((high - low) / few))
    return [round(number * step, 10) for number in range(floor(low / step), ceil(high / step) + 1)]


def steps_within(low: float, high: float, pixels: float, widest: float, least: float = 0.1) -> list[float]:
    """Return the round numbers of an axis so long, whose numbers are so wide, that lie inside it."""
    few = max(1, min(_FEW, int(pixels / (widest * _APART))))
    return [step for step in steps_to(low, high, few=few, least=least) if low <= step <= high]


def ends(values: Iterable[float]) -> tuple[float, float]:
    """Return from where to where an axis runs that begins or ends at 0 or has it inside; 0 to 1 where all are 0."""
    known = [0.0, *values]
    low, high = min(known), max(known)
    return (low, high) if low < high else (0.0, 1.0)


def decimals_of(values: Iterable[Decimal | float]) -> int:
    """Return with how many decimals figures are told: one where they are small and not whole, else none."""
    known = [Decimal(str(value)) for value in values]
    small = max(map(abs, known), default=Decimal(0)) < _LARGE
    return int(small and any(value % 1 for value in known))


def _step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20 … (or tenths of them) that is at least so much."""
    power = 10.0 ** floor(log10(least)) if least > 0 else 1.0
    return next(power * step for step in (1, 2, 5, 10) if power * step >= least * 0.999)
