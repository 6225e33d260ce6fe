"""Thousands and millions: what a header or a title says of them is asked about, and never read over."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from heinola_es.importing.ledger.reading.money_marks import money_in
from heinola_es.importing.ledger.suggesting.suggest import suggested_mapping
from tests.heinola_es.importing.ledger.ledgers import written
from tests.heinola_es.importing.ledger.test_cases import figures, importing, refused, terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal import Terminal

__all__ = ["terminal"]

MAPPING = """version = 1
[file]
header = {header}
[[units]]
kind = "sector"
column = "Toimiala"
[line]
column = "Rivi"
[[amounts]]
is = "actual"
column = {amount}
period = "2020Q1"
"""


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("TA 2020 (1000 €)", "thousand"),
        ("Tot 1-6/2020 1 000 e", "thousand"),
        ("Budget 2020 tkr", "thousand"),
        ("Utfall (tusen euro)", "thousand"),
        ("Actual £'000", "thousand"),
        ("Luvut tuhansina euroina", "thousand"),
        ("Toteuma, t€", "thousand"),
        ("TA 2021 milj. €", "million"),
        ("Budsjett mill. kr", "million"),
        ("Belopp i mkr", "million"),
        ("TP 2019", None),
        ("Tilit 1000-1999", None),
        ("1000", None),
        ("Miljönämnden 2020", None),
        ("TE-palvelut 2020", None),
        ("Toteuma 10 000 asukasta kohti", None),
        ("Toteuma €", None),
    ],
)
def test_a_mark_is_known_by_its_words(text: str, unit: str | None) -> None:
    """In four languages and in signs; numbers and names that look like one are none."""
    assert money_in(text) == unit


@pytest.mark.parametrize(
    ("text", "header", "amount"),
    [
        ("Toimiala;Rivi;Tot 1-3/2020 (1000 €)\nHYV;personnel;-12,5\n", 1, "3"),
        ("Talousarvion toteutuma, 1 000 €;;\nToimiala;Rivi;Toteuma\nHYV;personnel;-12,5\n", 2, '"Toteuma"'),
    ],
)
def test_thousands_are_asked_about(terminal: Terminal, tmp_path: Path, text: str, header: int, amount: str) -> None:
    """12,5 under `1000 €` is 12 500 euros: refused where the mapping does not say what it is, and taken as it says."""
    file = written(tmp_path, text, "tuhansina.csv")
    plain = MAPPING.format(header=header, amount=amount)
    told = refused(terminal, file, written(tmp_path, plain, "plain.toml"), code=2)
    assert 'says that amounts are thousands; say in = "thousand" under [[amounts]], or in = "euro" where' in told
    said = written(tmp_path, plain + 'in = "thousand"\n', "said.toml")
    assert importing(terminal, file, said).exit_code == 0
    assert figures(terminal, "HYV", "2020Q1")["personnel"] == -1_250_000


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("Yksikkö;Tili;TA 2020 (1000 €)\n3100;4000;-100\n3100;3000;10\n", "thousand"),
        ("Talousarvio (milj. €);;\nYksikkö;Tili;TA 2020\n3100;4000;-1,25\n3100;3000;10,50\n", "million"),
    ],
)
def test_thousands_are_suggested(tmp_path: Path, text: str, suggested: str) -> None:
    """A header says it; a title may speak of something else, and is marked."""
    mapping = suggested_mapping(written(tmp_path, text, "tuhansina.csv"))
    (amount,) = tomllib.loads(mapping)["amounts"]
    assert amount["in"] == suggested
    assert ("UNSURE: Talousarvio (milj. €)" in mapping) == text.startswith("Talousarvio")
