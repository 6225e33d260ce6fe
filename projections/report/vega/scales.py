"""Round numbers for axes."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor, log10
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_FEW = 5
_LARGE = 100


def steps_to(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`, about five of them; `whole` ones if asked."""
    step = _step((high - low) / _FEW)
    if whole:
        step = max(1.0, step)
    return [round(number * step, 10) for number in range(floor(low / step), ceil(high / step) + 1)]


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
