"""The unit of money that a column of a report is stated in: known marks are understood, others refused."""

from __future__ import annotations

import pytest

from heinola_es.errors import BadInput
from heinola_es.importing.report.money_units import EUROS, MILLIONS, THOUSANDS, is_mark, unit_of

THOUSAND_MARKS = ("1000e", "1000 €", "1 000 €", "1.000 €", "t€", "teur", "tuhatta euroa", "tuh. €", "1 000 euroa")
MILLION_MARKS = ("M€", "milj. €", "MEUR", "miljoonaa euroa", "milj. euroa")


@pytest.mark.parametrize("title", ["TP 2019{}", "TOT 2019 6 kk{}", "TA 2020 + muutokset{}", "TOT 2020 6 kk/{}"])
@pytest.mark.parametrize(
    ("unit", "marks"), [(THOUSANDS, THOUSAND_MARKS), (MILLIONS, MILLION_MARKS), (EUROS, ("", "€", "euroa", "e"))]
)
def test_known_marks_are_understood(title: str, unit: int, marks: tuple[str, ...]) -> None:
    """In every kind of column, however they are written."""
    for mark in marks:
        for form in (f" {mark}", f" ({mark})"):
            assert unit_of(title.format(form), 1) == unit, (title, mark)


@pytest.mark.parametrize("mark", ["tuhansia", "kr", "tkr", "x", "teuroja", "100 €"])
def test_a_mark_that_is_not_known_is_refused(mark: str) -> None:
    """It is never read as euros: a thousand times too small looks right."""
    with pytest.raises(BadInput, match=r"line 7: .* is no unit of money that is known; write €, 1 000 €"):
        unit_of(f"TP 2019 {mark}", 7)


def test_figures_are_no_marks() -> None:
    """A row below a header is not a part of it."""
    assert not any(map(is_mark, ("25", "1 030", "", "-25,5")))
    assert all(map(is_mark, (*THOUSAND_MARKS, *MILLION_MARKS, "outo mitta")))
