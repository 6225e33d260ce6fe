"""Shares in per cent, as the snapshot writes them."""

from __future__ import annotations


def percent_text(part_cents: int, whole_cents: int) -> str | None:
    """Return part ÷ whole × 100, half up to two decimals (`"63.34"`); None where the whole is 0.

    A half is rounded away from zero, as a ledger rounds it; zero has no sign.
    """
    if not whole_cents:
        return None
    part, whole = abs(part_cents), abs(whole_cents)
    hundredths = (20_000 * part + whole) // (2 * whole)
    sign = "-" if hundredths and (part_cents < 0) != (whole_cents < 0) else ""
    return f"{sign}{hundredths // 100}.{hundredths % 100:02}"
