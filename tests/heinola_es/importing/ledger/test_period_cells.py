"""Periods as ledgers write them, in cells and in headers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.period_cells import month_number, period_in_words, period_of


@pytest.mark.parametrize(
    ("cell", "period"),
    [
        ("1/2020", "1/2020"),
        ("01/2020", "1/2020"),
        ("2020-01", "1/2020"),
        ("2020/1", "1/2020"),
        ("202001", "1/2020"),
        (202001.0, "1/2020"),
        ("01.2020", "1/2020"),
        ("2020M03", "3/2020"),
        ("tammikuu 2020", "1/2020"),
        ("Tammi 2020", "1/2020"),
        ("maalis-20", "3/2020"),
        ("mars 2020", "3/2020"),
        ("May 2020", "5/2020"),
        ("31.1.2020", "1/2020"),
        (date(2020, 2, 29), "2/2020"),
        (datetime(2020, 2, 1), "2/2020"),  # noqa: DTZ001 - as a workbook has it
        ("1-6/2020", "1-6/2020"),
        ("2020Q2", "2020Q2"),
        ("2020", "2020"),
    ],
)
def test_a_period_is_read_as_ledgers_write_it(cell: Any, period: str) -> None:  # noqa: ANN401 - any cell
    """Numbers in either order, names in three languages, dates as their month, and all that people write elsewhere."""
    assert period_of(cell) == parse_period(period)


@pytest.mark.parametrize(("cell", "month"), [("1", 1), (12.0, 12), ("Tammi", 1), ("joulukuu", 12), ("okt", 10)])
def test_a_month_alone_is_read_where_the_year_is_known(cell: Any, month: int) -> None:  # noqa: ANN401 - any cell
    """With a year from elsewhere a number or a name is a month."""
    assert period_of(cell, 2020) == parse_period(f"{month}/2020")
    assert month_number(cell) == month


@pytest.mark.parametrize("cell", ["", "13/2020", "Perusopetus", "mar 2020", "4100", "0", "13"])
def test_what_names_no_period_is_refused(cell: str) -> None:
    """Neither a month that is none nor a word, nor a name that is March in one language and November in another."""
    with pytest.raises(BadInput):
        period_of(cell, 2020)


def test_a_month_without_a_year_says_what_to_do() -> None:
    """Where the year is not known the sentence says where to say it."""
    with pytest.raises(BadInput, match="say year in the mapping"):
        period_of("tammi")


@pytest.mark.parametrize(
    ("header", "period"),
    [
        ("Tot 03/2020", "3/2020"),
        ("Toteuma 2020 maalis", "3/2020"),
        ("Maaliskuun toteuma 2020", "3/2020"),
        ("2020 Utfall april SEK", "4/2020"),
        ("Toteutuma tammi-kesäkuu", "1-6/2019"),
        ("Tot 1-6", "1-6/2019"),
        ("Kausi 12", "12/2019"),
        ("12 kk toteuma", None),
        ("Toteuma 2020", None),
        ("Toteuma tammi ja helmi", None),
        ("Määrä", None),
    ],
)
def test_a_header_names_its_months_beside_other_words(header: str, period: str | None) -> None:
    """The months anywhere in a header, of its own year or else of that which is known; none, where it names several."""
    assert period_in_words(header, 2019) == (parse_period(period) if period else None)


@pytest.mark.parametrize(("cell", "year"), [("202013", None), ("13/2020", None), ("13", 2020)])
def test_a_month_of_the_closing_of_books_is_december_where_it_is_said(cell: str, year: int | None) -> None:
    """Month 13 is none, and the sentence says the way on; where the mapping says what it is, it is December."""
    with pytest.raises(BadInput, match=r"say closing = \[13\] under \[period\]"):
        period_of(cell, year)
    with pytest.raises(BadInput, match="no month of a year"):
        period_of(cell, year, {14})
    assert period_of(cell, year, {13}) == parse_period("12/2020")
    assert month_number("13", {13}) == 12


def test_opening_balances_are_of_no_month() -> None:
    """Month 0 is never taken for one."""
    with pytest.raises(BadInput, match="month 0 is of opening balances"):
        period_of("202000", None, {13})
