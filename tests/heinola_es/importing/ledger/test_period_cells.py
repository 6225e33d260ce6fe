"""Periods as ledgers write them, in cells and in headers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.reading.period_cells import month_number, period_of


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
