"""How exactly a column of amounts is shown: as exactly as it is known, and no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.snapshot.model import Cell

Scale = Literal["thousands", "euros", "cents"]

UNKNOWN = "–"
"""What stands where nothing is known."""
THOUSAND_EUROS_CENTS = 100_000


def scale_of(cells: Iterable[Cell | None]) -> Scale:
    """Return how a column is shown: in thousands where nothing is known more exactly, else to the euro or the cent.

    A nought is the same in all of them, and decides only where there is nothing else.
    """
    there = [cell for cell in cells if cell is not None]
    known = [cell for cell in there if cell.cents] or there
    if known and all(cell.precision_cents >= THOUSAND_EUROS_CENTS for cell in known):
        return "thousands"
    return "cents" if any(cell.cents % 100 for cell in known) else "euros"


def in_part(amount: str) -> str:
    """Return an amount as it is shown where it is a part of a figure that is not whole: `[−1 050]`."""
    return f"[{amount}]"
