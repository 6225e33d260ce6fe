"""Computed forecasts: each method, and which of them is used, against a slow reference that shares nothing with it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.snapshot.forecast_methods import METHODS, Computed, by_method, computed

if TYPE_CHECKING:
    from projections.snapshot.forecast_methods import Amount, Kind

YEAR = 2020
Figures = dict[tuple[str, int], int | None]


def known_in(figures: Figures) -> object:
    """Return what tells the figures, to the euro."""

    def known(kind: Kind, year: int) -> Amount | None:
        cents = figures.get((kind, year))
        return None if cents is None else (cents, 100)

    return known


def reference(figures: Figures, year: int, twelfths: int) -> dict[str, int]:
    """Return the forecast of a year by each method that has figures, worked out with decimals of great precision."""
    exact = Context(prec=200)

    def cents(value: Decimal) -> int:
        return int(value.quantize(Decimal(1), rounding=ROUND_HALF_UP, context=exact))

    made = {}
    now = figures.get(("to_date", year))
    if (budget := figures.get(("budget", year))) is not None:
        made["budget"] = budget
    if now is None:
        return made
    made["evenly"] = cents(exact.divide(Decimal(now * 12), Decimal(twelfths)))
    before = figures.get(("to_date", year - 1)), figures.get(("year", year - 1))
    if before[0] is not None and before[1] is not None:
        made["last_year"] = now - before[0] + before[1]
    then, ends, back = 0, 0, year - 1
    while back >= year - 5:
        one, end = figures.get(("to_date", back)), figures.get(("year", back))
        if one is None or end is None:
            break
        then, ends, back = then + one, ends + end, back - 1
    if (then > 0 and ends > 0) or (then < 0 and ends < 0):
        made["share"] = cents(exact.divide(Decimal(now * ends), Decimal(then)))
    return made


def nearest(figures: Figures, twelfths: int) -> tuple[int, str, int | None, int] | None:
    """Return the forecast by the method that was least wrong: cents, method, error on average, years tried."""
    candidates = []
    for method, cents in reference(figures, YEAR, twelfths).items():
        wrong, back = [], YEAR - 1
        while back >= YEAR - 5 and (end := figures.get(("year", back))) is not None:
            then = reference(figures, back, twelfths).get(method)
            if then is not None:
                wrong.append(abs(then - end))
            back -= 1
        mean = Fraction(sum(wrong), len(wrong)) if wrong else None
        candidates.append((mean is None, mean or Fraction(0), METHODS.index(method), method, cents, len(wrong)))
    if not candidates:
        return None
    untried, mean, _order, method, cents, years = min(candidates)
    return cents, method, None if untried else int(mean + Fraction(1, 2)), years


_AMOUNTS = st.one_of(st.none(), st.integers(-(10**9), 10**9), st.integers(-20, 20))
_KEYS = [(kind, year) for kind in ("to_date", "year", "budget") for year in range(YEAR - 9, YEAR + 1)]
_FIGURES = st.fixed_dictionaries(dict.fromkeys(_KEYS, _AMOUNTS))


@given(figures=_FIGURES, twelfths=st.integers(1, 11))
def test_the_nearest_method_is_that_of_the_reference(figures: Figures, twelfths: int) -> None:
    """Whatever is whole and whatever is not, figure, method, error and number of years are the same."""
    found = computed(known_in(figures), YEAR, Fraction(twelfths, 12))  # type: ignore[arg-type]
    told = None if found is None else (found.cents, found.method, found.error_cents, found.years)
    assert told == nearest(figures, twelfths)


@given(figures=_FIGURES, twelfths=st.integers(1, 11), method=st.sampled_from(METHODS))
def test_a_chosen_method_is_used_alone(figures: Figures, twelfths: int, method: str) -> None:
    """`--forecast-method` computes by one method, though another was nearer; without its figures there is none."""
    found = computed(known_in(figures), YEAR, Fraction(twelfths, 12), (method,))  # type: ignore[arg-type]
    assert (None if found is None else found.cents) == reference(figures, YEAR, twelfths).get(method)


SEASONAL: Figures = {
    ("to_date", 2018): -30_00,
    ("year", 2018): -100_00,
    ("to_date", 2019): -33_00,
    ("year", 2019): -110_00,
    ("to_date", 2020): -36_00,
    ("budget", 2019): -100_00,
    ("budget", 2020): -110_00,
}


@pytest.mark.parametrize(
    ("method", "cents"), [("budget", -110_00), ("share", -120_00), ("last_year", -113_00), ("evenly", -72_00)]
)
def test_each_method_by_hand(method: str, cents: int) -> None:
    """Three tenths of a year's costs come by June: 36 ÷ 0,3; 36 + 77; 36 × 2."""
    found = by_method(method, known_in(SEASONAL), YEAR, Fraction(1, 2))  # type: ignore[arg-type]
    assert found == (cents, 100)


def test_what_was_nearest_is_used() -> None:
    """By the share 2019 would have been foreseen to the cent; the error is that of the one year that could try it."""
    found = computed(known_in(SEASONAL), YEAR, Fraction(1, 2))  # type: ignore[arg-type]
    assert found == Computed(-120_00, 100, "share", 0, 1)


def test_a_year_that_has_ended_is_its_actual() -> None:
    """Nothing is computed then, and an actual that is not whole is no forecast."""
    at_end: Figures = {("to_date", 2020): -99_00, ("budget", 2020): -110_00}
    assert computed(known_in(at_end), YEAR, Fraction(1)) == Computed(-99_00, 100, "actual", None, 0)  # type: ignore[arg-type]
    assert computed(known_in({("budget", 2020): -110_00}), YEAR, Fraction(1)) is None  # type: ignore[arg-type]
