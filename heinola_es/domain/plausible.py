"""Amounts far beyond what the store has ever seen: as a rule the number of an invoice, or euros read as cents.

They are asked about before they are recorded. Most commands cost nothing: their amounts are below the floor. Else the
log is read from its end backwards, as far as the first amount that makes the new one plausible.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heinola_es.domain.amounts import format_cents, is_amount
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.base import Event

FLOOR_CENTS = 10**9
"""Up to ten million euros no amount is asked about."""
FIRST_CENTS = 10**11
"""Up to a thousand million euros none is asked about in a store that has no amounts yet."""
TIMES = 100
"""How many times the largest amount so far is far beyond it."""

AMOUNTS = ("amount_cents", "income_cents", "expense_cents", "city_share_cents")
"""The fields of events that are amounts."""


class FarBeyond(Refused):
    """An amount is far beyond what the store has ever seen."""


def largest_amount(events: Iterable[Event]) -> tuple[int, str]:
    """Return the largest amount of events, without its sign, in cents, and its source; 0 where there are none."""
    amounts = ((getattr(event, name, None), event.source) for event in events for name in AMOUNTS)
    return max(((abs(cents), source) for cents, source in amounts if cents), default=(0, ""))


def require_plausible(cents: int, bodies: Iterable[dict[str, Any]], *, large: bool, source: str = "") -> None:
    """Refuse an amount far beyond those of a log, unless it is meant.

    Args:
        cents: the amount, without its sign.
        bodies: of the log's events, the newest first; read as far as needed.
        large: it is meant.
        source: where it is from, or empty.

    Raises:
        FarBeyond: the sentence says how to record it all the same.
    """
    if large or cents <= FLOOR_CENTS:
        return
    largest = 0
    for amount in _amounts(bodies):
        largest = max(largest, amount)
        if largest * TIMES >= cents:
            return
    if not largest and cents <= FIRST_CENTS:
        return
    seen = f"the largest so far is {format_cents(largest)} €" if largest else "the store has no amounts yet"
    where = f"{source}: " if source else ""
    raise FarBeyond(
        f"{where}{format_cents(cents)} € is far beyond what the store has seen ({seen}); check the figure, "
        "or add --large if it is meant"
    )


def _amounts(bodies: Iterable[dict[str, Any]]) -> Iterator[int]:
    """Yield the amounts of bodies without their signs; what is beyond the limit of an amount is none."""
    for body in bodies:
        for name in AMOUNTS:
            cents = body.get(name)
            if cents is not None and is_amount(cents):
                yield abs(cents)
