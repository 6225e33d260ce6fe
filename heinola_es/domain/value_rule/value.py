"""What is known of a cell: a whole value, or a part of it with what is missing."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from events.value_object import ValueObject

if TYPE_CHECKING:
    from collections.abc import Iterable

Route = Literal["stated", "tiled", "components", "units", "posted"]
"""The ways to a value, in the order of the rule."""


@frozen(slots=True, eq=False, repr=False)
class Value(ValueObject):
    """The whole of a cell.

    Attributes:
        cents: the amount.
        precision_cents: the coarsest rounding among the totals it rests on; 1 where there is none.
        slack_cents: how far rounding alone may have moved it, either way.
        route: how it was reached.
        stated: whether a statement is among what it rests on.
    """

    cents: int
    precision_cents: int
    slack_cents: int
    route: Route
    stated: bool


@frozen(slots=True, eq=False, repr=False)
class Partial(ValueObject):
    """The known part of a cell that is not whole; never a total.

    Attributes:
        cents: what is known adds up to this.
        through: the last day up to which, from the period's beginning, the cell is whole; None where there is none.
        missing_units: the units, lowest down, that are not whole, in report order; the cell's own among them.
        missing_lines: the component lines that are not whole, where others are.
        cut: positions of postings that a statement's end cuts in two.
    """

    cents: int
    through: date | None
    missing_units: tuple[str, ...]
    missing_lines: tuple[str, ...] = ()
    cut: tuple[int, ...] = ()


def add_up(parts: Iterable[Value], more_cents: int, route: Route) -> Value:
    """Return the sum of values, and of postings beside them."""
    parts = list(parts)
    return Value(
        cents=sum(part.cents for part in parts) + more_cents,
        precision_cents=max((part.precision_cents for part in parts), default=1),
        slack_cents=sum(part.slack_cents for part in parts),
        route=route,
        stated=any(part.stated for part in parts),
    )
