"""Amounts as a report writes them: as exactly as they are known, and no more."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from projections.report.language.languages import LANGUAGES
from projections.report.language.numbers import LOCALES, Numbers
from projections.report.language.numerals import number
from projections.report.language.scale import scale_of
from projections.snapshot.model import Cell

FI = Numbers("fi")
EURO, THOUSAND = 100, 100_000


@pytest.mark.parametrize(
    ("cells", "scale"),
    [
        ([], "euros"),
        ([None], "euros"),
        ([Cell(71_200_000, THOUSAND), None], "thousands"),
        ([Cell(71_200_000, THOUSAND), Cell(71_200_000, EURO)], "euros"),
        ([Cell(71_250, EURO), Cell(100, EURO)], "cents"),
        ([Cell(71_250_000, 1_000_000)], "thousands"),
    ],
)
def test_a_column_is_shown_as_exactly_as_it_is_known(cells: list[Cell | None], scale: str) -> None:
    """Thousands only where every known cell is that coarse; cents only where there are any."""
    assert scale_of(cells) == scale


def test_thousands_are_rounded_half_up() -> None:
    """712 500 euros are 713 thousand, and as much below zero."""
    assert FI.amount(Decimal(712_500), "thousands") == "713"
    assert FI.amount(Decimal(-712_500), "thousands") == "−713"


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
    assert FI.exact(cents) == text


@pytest.mark.parametrize(
    ("stored", "text"), [("63.34", "63,34"), ("-0.5", "−0,50"), ("1234.5", "1\u00a0234,50"), (None, "–")]
)
def test_a_percentage_has_two_decimals(stored: str | None, text: str) -> None:
    """As the report prints it: a comma, two decimals."""
    assert FI.hundredths(None if stored is None else Decimal(stored)) == text


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
    assert FI.as_recorded(stored) == text


@given(st.decimals(-(10**15), 10**15, allow_nan=False, places=4), st.integers(0, 2), st.sampled_from(LANGUAGES))
def test_numbers_are_written_as_the_unicode_consortium_has_them(value: Decimal, decimals: int, language: str) -> None:
    """Groups and decimals of every language are those that Babel writes; the minus is always U+2212."""
    pattern = ("#,##0", "#,##0.0", "#,##0.00")[decimals]
    rounded = value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    digits = format_decimal(abs(rounded), format=pattern, locale=LOCALES[language])
    assert number(value, decimals, language) == f"{'−' if rounded < 0 else ''}{digits}"
