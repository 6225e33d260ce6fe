"""The figures as CSV."""

from __future__ import annotations

import csv
import re
from io import StringIO

import pytest

from projections.writers.figures_csv import figures_csv
from tests.projections.writers.terminal.small import a_unit, cell, row, small_snapshot


def read_back(content: bytes) -> list[dict[str, str]]:
    """Return the rows as Python's own reader has them."""
    return list(csv.DictReader(StringIO(content.decode(), newline="")))


def test_every_figure_comes_back_exactly() -> None:
    """A row per unit and line; euros with a point and both decimals, the precision beside; unknown is empty."""
    rows = read_back(figures_csv(small_snapshot()))
    assert len(rows) == 7 + 3 + 3
    assert rows[3] == {
        "unit": "HYV",
        "name": "Hyvinvointilautakunnan toimiala",
        "kind": "sector",
        "line": "rents_paid",
        "label": "Vuokrat",
        "final_accounts_eur": "-3552000.00",
        "final_accounts_precision_eur": "1000.00",
        "final_accounts_complete": "true",
        "final_accounts_through": "",
        "final_accounts_known_eur": "",
        "prior_actual_eur": "-1884000.00",
        "prior_actual_precision_eur": "1000.00",
        "prior_actual_complete": "true",
        "prior_actual_through": "",
        "prior_actual_known_eur": "",
        "budget_eur": "-3778600.00",
        "budget_precision_eur": "1.00",
        "budget_complete": "true",
        "budget_through": "",
        "budget_known_eur": "",
        "actual_eur": "-1909397.00",
        "actual_precision_eur": "1.00",
        "actual_complete": "true",
        "actual_through": "",
        "actual_known_eur": "",
        "percent": "50.53",
    }
    assert (rows[-1]["budget_eur"], rows[-1]["budget_precision_eur"], rows[-1]["percent"]) == ("", "", "")
    assert rows[-1]["actual_eur"] == "-33240.50"


def test_lines_end_as_the_standard_has_it() -> None:
    """RFC 4180: CR LF after every record, the last too; the bytes are UTF-8 without a mark."""
    content = figures_csv(small_snapshot())
    assert content.count(b"\r\n") == content.count(b"\n") == 1 + 13
    assert content.startswith(b"unit,name,kind,line,label,final_accounts_eur,")
    assert content.endswith(b"\r\n")


def test_names_with_commas_quotes_and_line_breaks_come_back_whole() -> None:
    """What would break a row is quoted."""
    name = 'Kirjasto, "uusi"\nja vanha'
    rows = read_back(figures_csv(small_snapshot(units=[a_unit("4300", name, "unit", [row("income", "1|1|1|1|–")])])))
    assert rows[0]["name"] == name


def test_prior_years_have_columns_of_their_own() -> None:
    """With more years, two more amounts a year, the latest first; what a year does not know is empty."""
    prior = {"year": 2018, "final_accounts": cell("-700"), "prior_actual": None}
    oldest = {"year": 2017, "final_accounts": None, "prior_actual": cell("3")}
    figures = [row("income", "1|1|1|1|–", prior_years=[prior, oldest])]
    (read,) = read_back(figures_csv(small_snapshot(units=[a_unit("4300", "Kirjasto", "unit", figures)])))
    assert [name for name in read if re.search(r"_20\d\d_eur$", name)] == [
        "final_accounts_2018_eur",
        "prior_actual_2018_eur",
        "final_accounts_2017_eur",
        "prior_actual_2017_eur",
    ]
    assert read["final_accounts_2018_eur"] == "-700.00"
    assert read["final_accounts_2017_eur"] == ""
    assert read["prior_actual_2017_precision_eur"] == "1.00"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_a_text_that_a_spreadsheet_would_run_is_written_as_text(start: str) -> None:
    """A name that begins as a formula gets an apostrophe in front, in any column of text."""
    evil = f"{start}HYPERLINK(0)"
    figures = [row("income", "-1|1|1|1|–") | {"label": evil}]
    (read,) = read_back(figures_csv(small_snapshot(units=[a_unit(evil, evil, "unit", figures)])))
    assert (read["unit"], read["name"], read["label"]) == (f"'{evil}",) * 3


def test_negative_numbers_stay_numbers() -> None:
    """The guard is for texts alone: an amount below zero is no formula."""
    rows = read_back(figures_csv(small_snapshot()))
    assert sum(float(read["actual_eur"]) < 0 for read in rows) == 9
