"""The use of the budget in per cent: half up, two decimals, null where there is no budget to use."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import adopt_budget, post_actual
from projections.snapshot.percent import percent_text
from tests.projections.asking import record, row_of, snapshot_of

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

DECISION = date(2019, 12, 1)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (1, 1, "100.00"),
        (0, 5, "0.00"),
        (1, 3, "33.33"),
        (2, 3, "66.67"),
        (12345, 1_000_000, "1.23"),
        (1_005, 100_000, "1.01"),  # 1,005: half up, where a binary float or half-even gives 1.00
        (1_235, 100_000, "1.24"),  # 1,235: half up, where half-even gives 1.24 too
        (1_245, 100_000, "1.25"),  # 1,245: half-even gives 1.24
        (-500, -1_000, "50.00"),
        (-500, 1_000, "-50.00"),
        (-1, 1_000_000, "0.00"),  # never "-0.00"
        (71_300_000, 100_000, "71300.00"),
        (5, 0, None),
        (0, 0, None),
    ],
)
def test_per_cents(part: int, whole: int, expected: str | None) -> None:
    """Part ÷ whole × 100 as the snapshot writes it."""
    assert percent_text(part, whole) == expected


@given(part=st.integers(-(10**13), 10**13), whole=st.integers(1, 10**13), sign=st.sampled_from([1, -1]))
def test_any_per_cent_is_the_nearest_half_up(part: int, whole: int, sign: int) -> None:
    """Worked out in exact fractions: hundredths of a per cent, halves away from zero, the sign of the quotient."""
    exact = Fraction(part * 10_000, whole * sign)
    hundredths = floor(abs(exact) + Fraction(1, 2))
    minus = "-" if exact < 0 and hundredths else ""

    assert percent_text(part, whole * sign) == f"{minus}{hundredths // 100}.{hundredths % 100:02}"


def test_without_a_budget_there_is_no_per_cent(store: EventLog) -> None:
    """Null where the budget is 0, where it is unknown, and where the actual is."""
    record(store, post_actual, "4100", "income", parse_period("6/2020"), 100)
    record(store, post_actual, "4160", "income", parse_period("6/2020"), 100)
    record(store, adopt_budget, "4160", "income", 2020, 0, day=DECISION)
    record(store, adopt_budget, "4000", "income", 2020, 100, day=DECISION)
    record(store, adopt_budget, "4030", "income", 2020, 300, day=DECISION)
    record(store, post_actual, "4030", "income", parse_period("1-6/2020"), 100)

    snapshot = snapshot_of(store, "2020Q2")

    assert {code: row_of(snapshot, code, "income")["percent"] for code in ("4100", "4160", "4000", "4030")} == {
        "4100": None,
        "4160": None,
        "4000": None,
        "4030": "33.33",
    }
