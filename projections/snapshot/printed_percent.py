"""The per cent that a document prints, beside the one that its own figures give."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from heinola_es.domain.value_rule.facts import Statement

_STEP = Decimal("0.01")


def kind_of_difference(
    actual: Statement, budget: Statement, computed: str | None
) -> Literal["rounding", "mismatch"] | None:
    """Return how the per cent printed beside `actual` differs from the computed one; None where it does not.

    It is `rounding` where figures within the stated precisions may have given what is printed.
    """
    printed = Decimal(actual.percent or 0)
    if computed is not None and printed == Decimal(computed):
        return None
    possible = _possible(actual, budget)
    return "rounding" if possible and possible[0] <= printed <= possible[1] else "mismatch"


def _possible(actual: Statement, budget: Statement) -> tuple[Decimal, Decimal] | None:
    """Return the least and greatest per cent that the unrounded figures may have had, widened by its own rounding."""
    actual_ends = [Decimal(actual.cents + sign * actual.precision_cents // 2) for sign in (-1, 1)]
    budget_ends = [Decimal(budget.cents + sign * budget.precision_cents // 2) for sign in (-1, 1)]
    if budget_ends[0] <= 0 <= budget_ends[1]:
        return None
    shares = [a * 100 / b for a in actual_ends for b in budget_ends]
    return min(shares) - _STEP / 2, max(shares) + _STEP / 2
