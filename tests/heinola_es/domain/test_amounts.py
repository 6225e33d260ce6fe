"""Amounts as people write them become whole cents; what could mean two things is refused."""

from __future__ import annotations

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from heinola_es.domain.amounts import LARGEST_CENTS, decimal_text, format_cents, parse_amount
from heinola_es.errors import BadInput, HeinolaError

WRITTEN = {
    "-1 234,50": -1_234_50,
    "12.500 €": 12_500_00,
    "1234.50": 1_234_50,
    "1\u00a0234,50": 1_234_50,
    "1\u202f234\u202f567": 1_234_567_00,
    "1\u2009234": 1_234_00,
    "\u2212416": -416_00,
    "\u2013416": -416_00,
    "\u2212 1\u00a0234,50 €": -1_234_50,
    "+12": 12_00,
    "0": 0,
    "-0": 0,
    "0,5": 50,
    "0.05": 5,
    "0,00": 0,
    "1,2": 1_20,
    "1.2": 1_20,
    "12345678": 12_345_678_00,
    "1.234": 1_234_00,
    "1.234.567,8": 1_234_567_80,
    "1,234.50": 1_234_50,
    "1,234,567": 1_234_567_00,
    "1,234,567.89": 1_234_567_89,
    "1 234.50": 1_234_50,
    "-13 645 400": -13_645_400_00,
    " 12 ": 12_00,
    "12€": 12_00,
    "12 eur": 12_00,
    "12 EUR": 12_00,
    "12 euroa": 12_00,
}
NOT_AMOUNTS = [
    *("", " ", "-", "€", ",", ".", "abc", "12x", "x12", "1-2", "5-", "--5", "- -5", "(5)", "1e3", "0x10", "nan", "inf"),
    *("1 23", "12 34", "1  234", "1234 567", "12 345 6", ".5", ",5", "5,", "5.", "1..2", "1,,2"),
    *("1.23.456", "1,23,456", "1 234 567.890,12", "1.234,567.89", "€ 5", "5 dollars", "5 € €", "٣", "\uff11\uff12"),
    *("0.123,50", "0,123.50", "012.345.678", "0 123"),
]


@pytest.mark.parametrize(("text", "cents"), WRITTEN.items())
def test_an_amount_is_read(text: str, cents: int) -> None:
    """Spaces of every width, both minus signs, points and commas as Finnish writing has them, the euro sign."""
    assert parse_amount(text) == cents


@pytest.mark.parametrize("text", ["1,234", "12,345", "123,456", "-1,234", "1,234 €"])
def test_what_could_mean_two_things_is_refused(text: str) -> None:
    """A comma and three digits: thousands or decimals? The sentence shows how to write either."""
    with pytest.raises(BadInput) as refusal:
        parse_amount(text)
    assert str(refusal.value) == (
        f"{text!r} is ambiguous: thousands or decimals? Write 1 234 for thousands or 1,23 for decimals"
    )


@pytest.mark.parametrize("text", ["1234,567", "1 234,567", "0.123", "0.1234", "1234.567", "12,3456"])
def test_parts_of_a_cent_are_refused(text: str) -> None:
    """Amounts are whole cents: nothing is rounded in silence."""
    with pytest.raises(BadInput, match=r"has more than two decimals; amounts are whole cents|is ambiguous"):
        parse_amount(text)


@pytest.mark.parametrize("text", NOT_AMOUNTS)
def test_what_is_no_amount_is_refused(text: str) -> None:
    """No number, digits in wrong groups, other signs: the sentence shows the forms."""
    with pytest.raises(BadInput) as refusal:
        parse_amount(text)
    assert repr(text) in str(refusal.value)


@pytest.mark.parametrize("text", ["100000000000,01", "99999999999999999999", "-1 000 000 000 000 000,00", "9" * 90])
def test_what_is_too_large_is_refused(text: str) -> None:
    """Beyond a hundred thousand million euros something is wrong."""
    with pytest.raises(BadInput, match="is too large to be an amount in euros; check the figure"):
        parse_amount(text)
    assert parse_amount("100000000000") == LARGEST_CENTS == 10**13


@for_all(st.integers(-LARGEST_CENTS, LARGEST_CENTS))
def test_what_is_shown_can_be_read(cents: int) -> None:
    """An amount in a message can be copied into the next command, with no-break spaces and a true minus as well."""
    shown = format_cents(cents)
    assert parse_amount(shown) == cents
    assert parse_amount(shown.replace(" ", "\u00a0").replace("-", "\u2212") + " €") == cents
    euros, point, decimals = shown.replace(" ", ".").partition(",")
    if abs(cents) >= 1000_00:
        assert parse_amount(euros + point + decimals) == cents


@pytest.mark.parametrize(
    ("cents", "shown"),
    [(-1_234_50, "-1 234,50"), (12_500_00, "12 500"), (5, "0,05"), (-5, "-0,05"), (0, "0"), (1_00, "1")],
)
def test_an_amount_is_shown_as_people_write_it(cents: int, shown: str) -> None:
    """Thousands apart, cents only where there are any."""
    assert format_cents(cents) == shown


@for_all(st.text(max_size=12) | st.text("0123456789 .,-−€\u00a0", max_size=12))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    """Whatever is typed, the answer is an amount or one sentence: never another error."""
    for read in (parse_amount, decimal_text):
        try:
            read(text)
        except HeinolaError as refusal:
            assert repr(text) in str(refusal)  # noqa: PT017 - any other error fails the test


@for_all(st.from_regex(r"[1-9]\d{0,2}([ .,]\d{1,4}){0,3}", fullmatch=True))
def test_no_digit_is_dropped(text: str) -> None:
    """An amount that is read has the digits that were written: none lost, none made up but the zeros of its cents."""
    try:
        cents = parse_amount(text)
    except BadInput:
        return
    digits = "".join(filter(str.isdigit, text))
    assert str(cents) in {digits, digits + "0", digits + "00"}


@pytest.mark.parametrize(
    ("text", "number"),
    [("29,2 %", "29.2"), ("1 224", "1224"), ("-0.5", "-0.5"), ("\u22123,37%", "-3.37"), ("0", "0"), ("007", "007")],
)
def test_a_number_is_plain_decimal_text(text: str, number: str) -> None:
    """Statistics and per cents keep their digits as they were written."""
    assert decimal_text(text) == number


@pytest.mark.parametrize("text", ["", "%", "monta", "1,2,3", "1.2.3", "--1", "1e3", "5 kpl", "٣"])
def test_what_is_no_number_is_refused(text: str) -> None:
    """The sentence shows how to write one."""
    with pytest.raises(BadInput, match="is not a number; write it such as 29,2 or 1 224"):
        decimal_text(text)
