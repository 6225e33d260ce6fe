"""What a year will end at, computed: four methods, and which of them was nearest at the same point of earlier years.

    budget      the budget as it stands
    share       actual to date ÷ the share of the year that earlier years had by then
    last_year   actual to date + what the year before had in its remaining months
    evenly      actual to date, as if the rest of the year went on alike

Each is tried on the earlier years that are whole, as of the same day of them; the one that was least wrong on average
is used. Where two were equally wrong, the first in this order is. What no earlier year could try stands behind what
was tried. No method takes a figure that is not whole.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Literal

from attrs import frozen

Kind = Literal["to_date", "year", "budget"]
"""A figure of a year: its actual up to the day, its actual at the end, its budget as it stood on the day."""
Amount = tuple[int, int]
"""Cents, and the cents to which they are rounded."""
Known = Callable[[Kind, int], Amount | None]
"""What tells a figure of a cell in a year; None where it is not whole."""

METHODS = ("budget", "share", "last_year", "evenly")
ENDED = "actual"
"""What stands in the place of a method where the year has ended: there is nothing left to compute."""
MOST_YEARS = 5
"""How many earlier years are looked at."""


@frozen(slots=True)
class Computed:
    """A computed forecast.

    Attributes:
        cents: what the year will end at.
        precision_cents: the coarsest rounding among the figures it rests on.
        method: one of `METHODS`, or `ENDED`.
        error_cents: how wrong the method was in earlier years on average, without sign; None where none could try it.
        years: how many earlier years tried it.
    """

    cents: int
    precision_cents: int
    method: str
    error_cents: int | None
    years: int


def computed(known: Known, year: int, elapsed: Fraction, methods: tuple[str, ...] = METHODS) -> Computed | None:
    """Return the forecast of a year by that of some methods which was nearest in earlier years.

    Args:
        known: the figures of the cell.
        year: which is forecast.
        elapsed: the part of the year that is over, 0 < elapsed <= 1.
        methods: those to choose from.

    Returns:
        None where no method has whole figures to compute from.
    """
    known = _once(known)
    if elapsed == 1:
        actual = known("to_date", year)
        return None if actual is None else Computed(*actual, ENDED, None, 0)
    found = {name: made for name in methods if (made := by_method(name, known, year, elapsed)) is not None}
    if not found:
        return None
    tried = {name: errors(name, known, year, elapsed) for name in found}
    best = min(found, key=lambda name: (not tried[name], _mean(tried[name]), METHODS.index(name)))
    wrong = tried[best]
    return Computed(*found[best], best, _divided(sum(wrong), len(wrong)) if wrong else None, len(wrong))


def errors(method: str, known: Known, year: int, elapsed: Fraction) -> list[int]:
    """Return how wrong a method would have been in each earlier year that it can be tried on, without signs."""
    found = []
    for earlier in _earlier(year):
        end = known("year", earlier)
        if end is None:
            break
        made = by_method(method, known, earlier, elapsed)
        if made is not None:
            found.append(abs(made[0] - end[0]))
    return found


def by_method(method: str, known: Known, year: int, elapsed: Fraction) -> Amount | None:
    """Return the forecast of a year by one method, with its precision; None where a figure it needs is not whole."""
    if method == "budget":
        return known("budget", year)
    actual = known("to_date", year)
    if actual is None:
        return None
    if method == "evenly":
        return _divided(actual[0] * elapsed.denominator, elapsed.numerator), actual[1]
    if method == "last_year":
        to_date, end = known("to_date", year - 1), known("year", year - 1)
        if to_date is None or end is None:
            return None
        return actual[0] + end[0] - to_date[0], max(actual[1], to_date[1], end[1])
    return _by_share(known, year, actual)


def _by_share(known: Known, year: int, actual: Amount) -> Amount | None:
    by_then, in_all, precision = 0, 0, actual[1]
    for earlier in _earlier(year):
        to_date, end = known("to_date", earlier), known("year", earlier)
        if to_date is None or end is None:
            break
        by_then, in_all, precision = by_then + to_date[0], in_all + end[0], max(precision, to_date[1], end[1])
    if by_then * in_all <= 0:  # no share that could go on: nothing by then, or of the other sign
        return None
    return _divided(actual[0] * in_all, by_then), precision


def _earlier(year: int) -> range:
    return range(year - 1, max(year - 1 - MOST_YEARS, 0), -1)


def _once(known: Known) -> Known:
    """Return what tells the same figures, and asks for each once: the methods have most of them in common."""
    told: dict[tuple[Kind, int], Amount | None] = {}

    def once(kind: Kind, year: int) -> Amount | None:
        key = kind, year
        if key not in told:
            told[key] = known(kind, year)
        return told[key]

    return once


def _mean(amounts: list[int]) -> Fraction | int:
    if len(amounts) <= 1:
        return sum(amounts)
    return Fraction(sum(amounts), len(amounts))


def _divided(cents: int, by: int) -> int:
    """Return the nearest cent of a quotient; a half is rounded away from zero, as a ledger rounds it."""
    quotient = (2 * abs(cents) + abs(by)) // (2 * abs(by))
    return -quotient if (cents < 0) != (by < 0) else quotient
