"""Texts that a spreadsheet may take for formulas."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.writers.spreadsheets import reads_as_formula, safe_text

STARTS = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""What opens a formula; the last four are full-width."""
UNSEEN = ("", " ", "\u00a0", "\u202f", "\u3000", "\u200b", "\ufeff", "\x00", "\x1b", "  \u2060 ")
LIKE_FORMULAS = st.lists(st.sampled_from([*STARTS, *UNSEEN, *";,\t\r\n|'\"", "1", "A1", "cmd"])).map("".join)


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("unseen", UNSEEN)
def test_a_formula_is_seen_behind_what_nobody_sees(unseen: str, start: str) -> None:
    """A spreadsheet may drop blanks and unseen characters in front, so they hide nothing."""
    text = f"{unseen}{start}1+1"
    assert reads_as_formula(text)
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("start", ["\t", "\r", "\n"])
def test_a_text_that_begins_with_tab_or_line_end_is_guarded_whatever_follows(start: str) -> None:
    """OWASP names them as starts by themselves: what is behind them may become the cell's first character."""
    assert reads_as_formula(f"{start}Kirjasto")
    assert safe_text(f"{start}Kirjasto") == f"'{start}Kirjasto"


@pytest.mark.parametrize("separator", [";", "\t", "\r", "\n", "\r\n"])
def test_a_formula_behind_a_separator_is_guarded_too(separator: str) -> None:
    """With Finnish settings a double click parts a file at semicolons: what was inside a text begins a cell there."""
    assert safe_text(f"Koulu{separator}=cmd|' /c calc'!A1") == f"Koulu{separator}'=cmd|' /c calc'!A1"
    assert safe_text(f'Koulu{separator}"=1') == f"Koulu{separator}'\"=1"
    assert safe_text(f"Koulu{separator} +1{separator}@x") == f"Koulu{separator}' +1{separator}'@x"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Lapset = tulevaisuus",
        "a; b",
        "1.4.–30.6.2020",
        "−5",
        "'=1",
        "Kirjasto,\nuusi ja vanha",
        "Esi- ja perusopetus",
    ],
)
def test_an_ordinary_text_is_left_alone(text: str) -> None:
    """What no spreadsheet runs is written as it is: a minus sign (U+2212) is none that opens a formula."""
    assert not reads_as_formula(text)
    assert safe_text(text) == text


@given(LIKE_FORMULAS)
def test_no_cell_of_a_guarded_file_is_a_formula_wherever_it_is_parted(text: str) -> None:
    """Read with commas as written, or parted at semicolons, tabs and line ends: no piece is run."""
    file = StringIO(newline="")
    csv.writer(file).writerow(["4100", safe_text(text), "unit"])
    (read,) = csv.reader(StringIO(file.getvalue(), newline=""))
    assert not any(map(reads_as_formula, read))
    for separator in ";\t\r\n":
        assert not any(
            piece.lstrip('" \u00a0\u202f\u3000\u200b\ufeff\x00\x1b\u2060').startswith(STARTS)
            for piece in file.getvalue().strip("\r\n").split(separator)
        )


@given(st.text())
def test_what_is_taken_for_a_formula_is_guarded_and_loses_nothing(text: str) -> None:
    """A guard adds apostrophes and takes nothing away."""
    guarded = safe_text(text)
    assert not reads_as_formula(guarded)
    assert guarded.replace("'", "") == text.replace("'", "")
