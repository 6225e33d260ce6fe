"""Amounts in every way that exports write them, and what is no amount."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heinola_es.domain.amounts import LARGEST_CENTS
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.amount_cells import Rounding, amount_reader, decimal_mark, plain_amounts

if TYPE_CHECKING:
    from decimal import Decimal

BLANKS = st.sampled_from(["", " ", "\u00a0", "\u202f", "\u2009"])
MINUS = st.sampled_from(["-", "\u2212", "–"])
TOO_FINE = 'amounts are whole cents: round it in the ledger, or say round = "cent" in the mapping'
CENTS = st.integers(-LARGEST_CENTS, LARGEST_CENTS)


@st.composite
def written(draw: st.DrawFn) -> tuple[int, str, str]:
    """Give an amount in cents, the decimal mark, and the amount as some export writes it."""
    cents, mark = draw(CENTS), draw(st.sampled_from([",", "."]))
    other = "." if mark == "," else ","
    group = draw(BLANKS | st.just(other))
    digits = f"{abs(cents) // 100:,}".replace(",", group) + f"{mark}{abs(cents) % 100:02}"
    digits += draw(st.sampled_from(["", " €", "€", " EUR", "\u00a0€"]))
    if cents < 0:
        minus = draw(MINUS)
        digits = draw(st.sampled_from([f"{minus}{digits}", f"{minus} {digits}", f"({digits})", f"{digits}{minus}"]))
    return cents, mark, draw(BLANKS) + digits + draw(BLANKS)


@given(written())
def test_an_amount_is_read_however_it_is_written(amount: tuple[int, str, str]) -> None:
    """Thousands by a blank or the other mark, a minus before or behind, parentheses, a currency: the same cents."""
    cents, mark, text = amount
    assert amount_reader(mark, 100)(text) == cents


@given(CENTS.filter(lambda cents: abs(cents) < 10**13))
def test_a_number_of_a_workbook_is_read_to_the_cent(cents: int) -> None:
    """A binary fraction stands for the cents it was made from."""
    assert amount_reader(None, 100)(cents / 100) == cents


@pytest.mark.parametrize("cell", ["", " ", "\u00a0", "-", "–", None])
def test_an_empty_cell_is_no_amount(cell: Any) -> None:  # noqa: ANN401 - any cell
    """An empty cell, and the dash that stands for nothing, are no amount, and no zero either."""
    assert amount_reader(",", 100)(cell) is None


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("abc", "'abc' is not an amount; write euros such as -1234,50"),
        ("NaN", "'NaN' is not an amount; write euros such as -1234,50"),
        ("1,2E+05", "'1,2E+05' is not an amount; write euros such as -1234,50"),
        ("#ARVO!", "'#ARVO!' is not an amount; write euros such as -1234,50"),
        ("12.34", "'12.34' is not an amount; write euros such as -1234,50"),
        ("1 23,00", "'1 23,00' is not an amount; write euros such as -1234,50"),
        ("12,345", f"'12,345' has more than two decimals; {TOO_FINE}"),
        ("-5,00-", "'-5,00-' has two signs; write one"),
        ("(-5,00)", "'(-5,00)' has two signs; write one"),
        ("1000000000000000,00", "'1000000000000000,00' is too large to be an amount in euros; check the figure"),
        (float("nan"), "nan is not a number; mend the cell"),
        (float("inf"), "inf is not a number; mend the cell"),
        (12.345, f"12.345 has more than two decimals; {TOO_FINE}"),
        ("100000000000,01", "'100000000000,01' is too large to be an amount in euros; check the figure"),
        (1e20, "1e+20 is too large to be an amount in euros; check the figure"),
        (True, "True is not an amount; write a number"),
    ],
)
def test_what_is_no_amount_is_refused_in_a_sentence(cell: Any, sentence: str) -> None:  # noqa: ANN401 - any cell
    """Text, NaN, a third decimal, two signs, a number beyond all measure: each has its sentence."""
    with pytest.raises(BadInput) as refused:
        amount_reader(",", 100)(cell)
    assert str(refused.value) == sentence


def test_thousands_of_euros_keep_what_stands_behind_the_mark() -> None:
    """In thousands, five decimals reach down to the cent; in cents there are none."""
    assert amount_reader(",", 100_000)("1,23456") == 123456
    assert amount_reader(",", 100_000)(-12.5) == -1250000
    assert amount_reader(",", 1)("1 250") == 1250


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1,50", "2 000"], ","),
        (["1.234,50"], ","),
        (["1,234.50"], "."),
        (["1.50"], "."),
        (["1 234", "500"], None),
        (["1,234"], None),
        (["1,50", "1.50"], None),
        (["1.234.567", "14.550"], ","),
        (["1,234,567"], "."),
        ([12.5, None], None),
    ],
)
def test_the_decimal_mark_is_what_the_cells_agree_on(cells: list[Any], mark: str | None) -> None:
    """One or two digits behind a mark make it the decimal mark; three, or two cells that differ, tell nothing."""
    assert decimal_mark(cells) == mark


def test_without_a_known_mark_what_may_mean_two_things_is_refused() -> None:
    """Where no cell shows the mark, 1,234 is not guessed at."""
    for text in ("1,234", "-14.550"):
        with pytest.raises(
            BadInput, match=rf"{text} is ambiguous: thousands or decimals\? No amount of the file shows"
        ):
            amount_reader(None, 100)(text)
    assert amount_reader(None, 100)("-1 234") == -123400


def test_parts_of_a_cent_are_rounded_where_that_is_wished_for() -> None:
    """Half a cent goes away from zero; how many amounts were rounded, and what is gone in all, is told."""
    rounding = Rounding()
    read = amount_reader(",", 100, rounding)
    assert [read(cell) for cell in (12.345, -12.345, "-1.000,0049", 1.5, "2,50")] == [1235, -1235, -100_000, 150, 250]
    assert rounding.told() == "3 amounts rounded to the cent; rounded away in all: -0,0049 €"
    with pytest.raises(BadInput, match="too large"):
        read(1e20 + 0.001)


@given(st.lists(st.decimals(-(10**6), 10**6, places=5), min_size=1, max_size=20))
def test_what_was_rounded_away_is_the_difference_of_the_sums(amounts: list[Decimal]) -> None:
    """What is told is what the sum of the amounts is more than the sum of what is recorded."""
    rounding = Rounding()
    read = amount_reader(".", 100, rounding)
    cents = [read(f"{amount:f}") or 0 for amount in amounts]
    assert sum(amounts) * 100 - sum(cents) == rounding.away_cents


@given(st.lists(written(), min_size=1))
def test_the_fast_way_reads_as_the_careful_way_or_not_at_all(amounts: list[tuple[int, str, str]]) -> None:
    """Where all cells of a column are plain the fast way gives the same cents; else it gives nothing."""
    texts = [text for _cents, mark, text in amounts if mark == ","] or ["1,00"]
    fast = plain_amounts(texts, ",")
    assert fast in (None, [amount_reader(",", 100)(text) for text in texts])


def test_the_fast_way_takes_what_is_plain() -> None:
    """The commonest form is taken; one cell of another form sends the whole column to the careful way."""
    assert plain_amounts(["-1234,50", "0,05"], ",") == [-123450, 5]
    assert plain_amounts(["-1234,50", ""], ",") is None
    assert plain_amounts(["1,00\n2,00"], ",") in (None, [100, 200])
    assert plain_amounts(["1,00", 2.0], ",") is None
