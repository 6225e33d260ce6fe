"""Round numbers for axes."""

from __future__ import annotations

from math import ceil, floor, log10

_FEW = 5


def steps_to(low: float, high: float, *, whole: bool = False) -> list[float]:
    """Return round numbers from at or below `low` to at or above `high`, about five of them; `whole` ones if asked."""
    step = _step((high - low) / _FEW)
    if whole:
        step = max(1.0, step)
    return [round(number * step, 10) for number in range(floor(low / step), ceil(high / step) + 1)]


def _step(least: float) -> float:
    """Return the smallest of 1, 2, 5, 10, 20 … (or tenths of them) that is at least so much."""
    power = 10.0 ** floor(log10(least)) if least > 0 else 1.0
    return next(power * step for step in (1, 2, 5, 10) if power * step >= least * 0.999)
