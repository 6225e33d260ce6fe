"""Shares in per cent, as the snapshot writes them."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

_HUNDREDTH = Decimal("0.01")


def percent_text(part_cents: int, whole_cents: int) -> str | None:
    """Return part ÷ whole × 100, half up to two decimals (`"63.34"`); None where the whole is 0."""
    if not whole_cents:
        return None
    rounded = (Decimal(part_cents) * 100 / Decimal(whole_cents)).quantize(_HUNDREDTH, rounding=ROUND_HALF_UP)
    return str(rounded or Decimal("0.00"))  # never "-0.00"
