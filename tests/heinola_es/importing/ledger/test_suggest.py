"""A first mapping from the file itself: it reads the file it was made from, and says what it is not sure of."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from benchmarks.generate_ledger import generate
from heinola_es.importing.ledger.mapping_file import mapping_from
from heinola_es.importing.ledger.suggest import suggested_mapping
from tests.conftest import ROOT
from tests.heinola_es.importing.ledger.ledgers import lined, placed, read_file, rows, told, written
from tests.heinola_es.importing.ledger.messy import MAPPING, messy_workbook
from tests.heinola_es.importing.ledger.test_mapping_file import SCHEMA

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.importing.ledger.ledger import Ledger


def suggested(folder: Path, file: Path) -> tuple[str, Ledger]:
    """Return the mapping suggested for a file, and the file as that reads it."""
    text = suggested_mapping(file)
    Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(tomllib.loads(text), default=str)))
    return text, read_file(file, written(folder, text, "suggested.toml"))


def test_a_plain_ledger_needs_nothing_more(tmp_path: Path) -> None:
    """Where headers say what columns are, the suggestion reads the file as the mapping written by hand does."""
    files = generate(tmp_path, units=3, accounts=10)
    for file, mapping in ((files.actuals, files.actuals_mapping), (files.budget, files.budget_mapping)):
        text, ledger = suggested(tmp_path, file)
        assert "# UNSURE" not in text
        assert told(ledger) == []
        assert placed(ledger) == placed(read_file(file, mapping))


def test_the_example_is_suggested_as_it_is_shipped(tmp_path: Path) -> None:
    """Two header rows, prefixes, shared cells, months, expenses without a minus, totals: all are seen."""
    file = ROOT / "examples" / "paakirja-2020-q2.csv"
    text, ledger = suggested(tmp_path, file)
    shipped = read_file(file, file.with_suffix(".toml"))
    assert 'sign = "expenses_positive"' in text
    assert "are compared: row 22 Yhteensä" in text
    assert sorted(placed(ledger)) == sorted(placed(shipped))
    assert ledger.units == shipped.units


def test_of_the_messy_workbook_most_is_seen(tmp_path: Path) -> None:
    """The sheet, the header rows, merged cells, codes with names: what is left to do is little."""
    text, _ledger = suggested(tmp_path, messy_workbook(tmp_path / "messy.xlsx"))
    guess, by_hand = tomllib.loads(text), tomllib.loads(MAPPING)
    assert guess["file"]["sheet"] == "Toteuma"
    assert guess["file"]["header"] == by_hand["file"]["header"]
    assert guess["sign"] == by_hand["sign"]
    assert [(level["kind"], level["split"], level["fill"]) for level in guess["units"]] == [
        (level["kind"], level["split"], level["fill"]) for level in by_hand["units"]
    ]
    assert {amount["is"] for amount in guess["amounts"]} == {amount["is"] for amount in by_hand["amounts"]}
    assert "UNSURE: there is also Ohje" in text


def test_what_is_not_known_is_marked(tmp_path: Path) -> None:
    """Accounts are known by their numbers, too; where nothing tells unit and period, comments say so."""
    text = suggested_mapping(written(tmp_path, "a;b;c\n4000;x;-1,50\n4100;y;-2,50\n", "dark.csv"))
    mapping_from(tomllib.loads(text), "dark.toml")
    assert "# UNSURE: no column reads like a unit; name it here" in text
    assert 'column = "a"  # UNSURE: by its cells alone' in text
    assert "# UNSURE: no column says the period; which is it?" in text
    assert 'is = "actual"  # UNSURE: actual, budget, amendment or final_accounts?' in text


@pytest.mark.parametrize(
    ("lines", "sign"),
    [
        (["3000 1/2020 5,00", "4000 1/2020 -5,00"], "expenses_negative"),
        (["3000 1/2020 5,00", "4000 1/2020 5,00"], "expenses_positive"),
        (["3000 1/2020 -5,00", "4000 1/2020 5,00"], "reversed"),
    ],
)
def test_the_sign_is_what_income_and_expenses_show(tmp_path: Path, lines: list[str], sign: str) -> None:
    """Accounts of income and expenses tell how the file writes them."""
    text = suggested_mapping(written(tmp_path, lined(*lines), "ledger.csv"))
    assert tomllib.loads(text)["sign"] == sign


def test_nothing_but_a_header_is_suggested_from(tmp_path: Path) -> None:
    """A file without rows gives a mapping to fill in, and no error."""
    text = suggested_mapping(written(tmp_path, rows(), "empty.csv"))
    assert tomllib.loads(text)["account"]["column"] == "account"
