"""Numbers, dates and periods as a Finnish report writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from projections.presenting.finnish import amount, day, euros, percent, plain_number, scale_of, span
from projections.report.language.numerals import number
from tests.projections.presenting.small import THOUSAND, Cell, cell


@pytest.mark.parametrize(
    ("cells", "scale"),
    [
        ([], "euros"),
        ([None], "euros"),
        ([cell("712", THOUSAND), None], "thousands"),
        ([cell("712", THOUSAND), cell("712 000")], "euros"),
        ([cell("712,50"), cell("1")], "cents"),
        ([{"cents": 71_250_000, "precision_cents": 1_000_000}], "thousands"),
    ],
)
def test_a_column_is_shown_as_exactly_as_it_is_known(cells: list[Cell], scale: str) -> None:
    """Thousands only where every known cell is that coarse; cents only where there are any."""
    assert scale_of(cells) == scale


def test_thousands_are_rounded_half_up() -> None:
    """712 500 euros are 713 thousand, and as much below zero."""
    assert amount({"cents": 71_250_000, "precision_cents": THOUSAND}, "thousands") == "713"
    assert amount({"cents": -71_250_000, "precision_cents": THOUSAND}, "thousands") == "−713"


def test_what_rounds_to_nothing_has_no_minus() -> None:
    """There is no negative zero."""
    assert number(Decimal("-0.4"), 0) == "0"


@pytest.mark.parametrize(
    ("cents", "text"),
    [
        (0, "0"),
        (-5, "−0,05"),
        (123_450, "1\u00a0234,50"),
        (-2_901_920_000, "−29\u00a0019\u00a0200"),
        (10**17, "1\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000"),
    ],
)
def test_an_amount_that_stands_alone(cents: int, text: str) -> None:
    """Cents are shown where there are any; no amount is too large to be exact."""
    assert euros(cents) == text


@pytest.mark.parametrize(
    ("stored", "text"), [("63.34", "63,34"), ("-0.5", "−0,50"), ("1234.5", "1\u00a0234,50"), (None, "–")]
)
def test_a_percentage_has_two_decimals(stored: str | None, text: str) -> None:
    """As the report prints it: a comma, two decimals."""
    assert percent(stored) == text


@pytest.mark.parametrize(
    ("stored", "text"),
    [
        ("1224", "1\u00a0224"),
        ("3.37", "3,37"),
        ("29.20", "29,20"),
        ("-0.5", "−0,5"),
        ("1" + "0" * 39, "1" + "\u00a0000" * 13),
        ("n. 30", "n. 30"),
        ("3.", "3."),
        ("", ""),
    ],
)
def test_an_observed_number_keeps_its_decimals(stored: str, text: str) -> None:
    """A number keeps the decimals that it was observed with; what is no number is left as it is."""
    assert plain_number(stored) == text


def test_days_and_spans() -> None:
    """Dates without leading zeros; a span within one year names the year once."""
    assert day("2020-06-30") == "30.6.2020"
    assert day(None) == ""
    assert span("2020-04-01", "2020-06-30") == "1.4.–30.6.2020"
