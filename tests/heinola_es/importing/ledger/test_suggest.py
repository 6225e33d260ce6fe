"""A first mapping from the file itself: it reads the file it was made from, and says what it is not sure of."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from benchmarks.generate_ledger import generate
from heinola_es.importing.ledger.mapping.mapping_file import mapping_from
from heinola_es.importing.ledger.suggesting.guessing import measure_of
from heinola_es.importing.ledger.suggesting.suggest import suggested_mapping
from tests.conftest import ROOT
from tests.heinola_es.importing.ledger.ledgers import lined, placed, read_file, rows, told, written
from tests.heinola_es.importing.ledger.messy import MAPPING, messy_workbook
from tests.heinola_es.importing.ledger.test_mapping_file import SCHEMA

if TYPE_CHECKING:
    from heinola_es.importing.ledger.placing.ledger import Ledger


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
    assert (
        'is = "actual"  # UNSURE: one of actual, budget, amendment, amended_budget, final_accounts, forecast?' in text
    )
    assert "period" not in tomllib.loads(text)


MONTHS = "Yksikkö;Tili;Tammi;Helmi\n4100;4000;-1,50;-2\n"


@pytest.mark.parametrize(
    ("name", "text", "year"),
    [
        ("a.csv", MONTHS, None),
        ("a.csv", f"Pääkirja 2021\n\n{MONTHS}", 2021),
        ("a.csv", f"Pääkirja 2021 (vertailu 2020)\n\n{MONTHS}", None),
        ("toteuma-2022.csv", MONTHS, 2022),
        ("20220131.csv", MONTHS, None),
    ],
)
def test_no_year_is_invented(tmp_path: Path, name: str, text: str, year: int | None) -> None:
    """Months without a year are of that which the title or the file's name says, marked; else it is asked for."""
    suggestion = suggested_mapping(written(tmp_path, text, name))
    (months,) = tomllib.loads(suggestion)["amounts"]
    assert months.get("year") == year
    assert "# UNSURE: the headers name months without a year" in suggestion


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


CASES = Path(__file__).with_name("cases")


def amounts_of(text: str) -> dict[str, dict[str, object]]:
    """Return the columns of amounts of a suggested mapping, by their header."""
    return {str(amount["column"]): amount for amount in tomllib.loads(text)["amounts"]}


def test_numbers_in_headers_are_codes(tmp_path: Path) -> None:
    """A "Yksikkönumero" is a unit and no ratio, "Määräraha" a budget, "Tot 1-6/2020" an actual of that period."""
    text, ledger = suggested(tmp_path, CASES / "numero.csv")
    said = tomllib.loads(text)
    assert (said["units"][0]["column"], said["account"]["column"]) == ("Yksikkönumero", "Tilinumero")
    amounts = amounts_of(text)
    assert (amounts["Määräraha 2020"]["is"], amounts["Määräraha 2020"]["period"]) == ("budget", "2020")
    actual = amounts["Tot 1-6/2020"]
    assert (actual["is"], actual["period"], actual["cumulative"]) == ("actual", "1-6/2020", True)
    assert "UNSURE" not in text.replace("# Look it over: what is marked UNSURE is a guess.", "")
    assert told(ledger) == []


def test_a_budget_as_amended_is_suggested_as_a_level(tmp_path: Path) -> None:
    """Under any of its names; amendments are amendments."""
    text, _ledger = suggested(tmp_path, CASES / "ta-muutokset.csv")
    assert amounts_of(text)["TA 2020 + muutokset"]["is"] == "amended_budget"
    for name in ("Amended budget", "Budget efter ändringar", "Muutettu talousarvio 2020", "Revidert budsjett 2020"):
        assert measure_of(name) == ("amended_budget", True)
    for name in ("TA-muutokset 2020", "Budgetändring", "Budget amendments"):
        assert measure_of(name) == ("amendment", True)


@pytest.mark.parametrize("name", ["Kertymä", "Toteuma kumulatiivinen", "YTD", "Tot 1-6/2020", "Utfall 1-9/2020"])
def test_totals_from_january_are_suggested_as_such(tmp_path: Path, name: str) -> None:
    """By their words, or by a period of several months from January."""
    text = suggested_mapping(written(tmp_path, f"Yksikkö;Tili;{name}\n400;4000;-1,50\n", "ytd.csv"))
    assert amounts_of(text)[name]["cumulative"] is True


def test_sums_and_sides_are_seen(tmp_path: Path) -> None:
    """Sum lines beside their parts are checks; debit and credit are two columns of one amount."""
    text, ledger = suggested(tmp_path, CASES / "subtotals.csv")
    assert tomllib.loads(text)["sums"] == "check"
    assert told(ledger) == []
    file = written(tmp_path, "Toimiala;Tili;Kausi;Debet;Kredit\n400;4000;1/2020;5,00;1,00\n", "journal.csv")
    text, ledger = suggested(tmp_path, file)
    assert [(amount["debit"], amount["credit"]) for amount in tomllib.loads(text)["amounts"]] == [("Debet", "Kredit")]
    assert sum(ledger.amounts.cents) == -400


def test_numbers_that_are_no_amounts_are_left_out(tmp_path: Path) -> None:
    """Numbers of vouchers, codes without a header, years: none is an amount, and a year column is a period."""
    header = "Kust.paikka;Tili;Tositenro;X;Vuosi;Summa"
    file = written(tmp_path, f"{header}\n410;4000;10001;700100;2020;-1,50\n410;4100;10002;700200;2020;-2\n", "a.csv")
    said = tomllib.loads(suggested_mapping(file))
    assert [amount["column"] for amount in said["amounts"]] == ["Summa"]
    assert (said["units"][0]["column"], said["period"]["column"]) == ("Kust.paikka", "Vuosi")


def test_the_header_is_found_above_rows_without_amounts(tmp_path: Path) -> None:
    """Headings of units stand between the header and the first row with figures."""
    text = "Raportti;;\nToimiala;Tili;Summa\nHYV;Hyvinvointi;\nHYV;Liikunta;\nHYV;4000;-1,50\nHYV;4100;-2,50\n"
    assert tomllib.loads(suggested_mapping(written(tmp_path, text, "a.csv")))["file"]["header"] == 2


# ---------------------------------------------------------------- what would be wrong without a word


def mapping_of(folder: Path, text: str) -> str:
    """Return the mapping that is suggested for a file."""
    return suggested_mapping(written(folder, text, "ledger.csv"))


@pytest.mark.parametrize("sides", [("D", "K"), ("Debet", "Kredit"), ("DR", "CR"), ("S", "H")])
def test_a_side_in_a_column_of_its_own_is_told(tmp_path: Path, sides: tuple[str, str]) -> None:
    """Without its sign, what was paid back would add to the expenses."""
    debit, credit = sides
    rows = f"3100;4000;1/2020;10,00;{debit}\n3100;4000;2/2020;2,00;{credit}\n3100;3000;1/2020;5,00;{credit}\n"
    mapping = mapping_of(tmp_path, f"Yksikkö;Tili;Kausi;Summa;Puoli\n{rows}")
    assert "UNSURE: Puoli says debit or credit of each row" in mapping
    assert f'# sign = "reversed", where = [{{ column = "Puoli", is = ["{debit}"] }}]' in mapping


@pytest.mark.parametrize(
    ("header", "left"),
    [
        ("Määrä kpl", True),
        ("Antal", True),
        ("Quantity", True),
        ("Toteuma ed. vuosi", True),
        ("Utfall föregående år", True),
        ("Muutos ed. vuoteen", True),
        ("Förändring", True),
        ("Ennuste/TA", True),
        ("Toteuma", False),
        ("Utfall", False),
    ],
)
def test_what_is_no_amount_of_the_year_is_left_out(tmp_path: Path, header: str, left: bool) -> None:  # noqa: FBT001
    """Pieces, the year before, changes and differences would be added to the actuals."""
    mapping = mapping_of(
        tmp_path, f"Yksikkö;Tili;Kausi;{header};Summa\n3100;4000;1/2020;3;-10,00\n3100;4000;2/2020;2;-9,00\n"
    )
    assert (f"# left out: {header}" in mapping) == left


def test_months_are_of_what_their_headers_say(tmp_path: Path) -> None:
    """The months of a budget beside those of the actuals are no actuals."""
    header = "Yksikkö;Tili;TA 1/2020;TA 2/2020;Tot 1/2020;Tot 2/2020"
    amounts = tomllib.loads(mapping_of(tmp_path, f"{header}\n3100;4000;-10,00;-11,00;-12,00;-13,00\n"))["amounts"]
    assert [(one["is"], one["columns"]) for one in amounts] == [
        ("budget", ["TA 1/2020", "TA 2/2020"]),
        ("actual", ["Tot 1/2020", "Tot 2/2020"]),
    ]


@pytest.mark.parametrize("header", ["Tot Q2 2020", "Utfall Q2/2020", "Actual 2020Q2"])
def test_a_quarter_is_one_and_may_be_a_total(tmp_path: Path, header: str) -> None:
    """An interim report may call the half-year its second quarter; the year alone is never what is taken of it."""
    mapping = mapping_of(tmp_path, f"Yksikkö;Tili;{header}\n3100;4000;-10,00\n3100;3000;10,00\n")
    assert 'period = "2020Q2"  # UNSURE: this alone, or the total from 1 January to its end?' in mapping


def test_actuals_of_a_year_may_end_in_any_month(tmp_path: Path) -> None:
    """A column of years does not say that the year is over."""
    mapping = mapping_of(tmp_path, "Yksikkö;Tili;Vuosi;Toteuma\n3100;4000;2020;-10,00\n3100;3000;2020;10,00\n")
    assert "# UNSURE: of each row's whole year, or up to which month of it?" in mapping


def test_a_change_without_a_budget_is_unsure(tmp_path: Path) -> None:
    """`Muutos` beside actuals alone may be anything."""
    mapping = mapping_of(tmp_path, "Yksikkö;Tili;Tot 1-6/2020;Muutos\n3100;4000;-10,00;-11,00\n3100;3000;10,00;1,00\n")
    assert 'is = "amendment"  # UNSURE' in mapping


def test_the_sign_of_amendments_says_nothing_of_expenses(tmp_path: Path) -> None:
    """5 000 more or less to spend: whether a list writes it with or without a minus, it does not show."""
    mapping = mapping_of(tmp_path, "Yksikkö;Tili;Talousarviomuutos 2020\n3100;4000;5000,00\n3100;4300;2500,00\n")
    assert "# UNSURE: how are expenses written?" in mapping


@pytest.mark.parametrize(
    ("header", "period"),
    [
        ("Tot 30.6.2020", "1-6/2020"),
        ("Actual as of 2020-06-30", "1-6/2020"),
        ("Toteuma 1.1.-30.6.2020", "1.1.-30.6.2020"),
        ("Utfall t.o.m. juni 2020", "6/2020"),
        ("Toteuma kesäkuu 2020 asti", "6/2020"),
        ("Actual through June 2020", "6/2020"),
        ("Regnskap per juni 2020", "6/2020"),
        ("I neljännes 2020", "2020Q1"),
    ],
)
def test_what_is_up_to_a_day_or_month_is_a_total(tmp_path: Path, header: str, period: str) -> None:
    """A last day, or a month with a word for `up to`, names what has come together since 1 January, and no month."""
    text = mapping_of(tmp_path, f"Yksikkö;Tili;{header}\n3100;4000;-10,00\n3100;3000;10,00\n")
    amount = tomllib.loads(text)["amounts"][0]
    assert (amount["period"], amount["cumulative"]) == (period, True)


def test_one_month_alone_may_be_a_total(tmp_path: Path) -> None:
    """`Tot 6/2020` is June, or January to June; where the total stands beside it, it is June."""
    rows_of = "\n3100;4000;-10,00;-2,00\n3100;3000;10,00;2,00\n"
    both = mapping_of(tmp_path, f"Yksikkö;Tili;Tot 6/2019;Tot 6/2020{rows_of}")
    assert both.count("# UNSURE: this alone, or the total from 1 January to its end?") == 2
    assert (
        "# UNSURE"
        not in mapping_of(tmp_path, f"Yksikkö;Tili;Tot 1-6/2020;Tot 6/2020{rows_of}").partition("[account]")[2]
    )


def test_running_totals_of_months_are_no_months(tmp_path: Path) -> None:
    """Three totals from 1 January, side by side, are each a total."""
    header = "Yksikkö;Tili;Kertymä 1/2020;Kertymä 2/2020;YTD Budget 2/2020"
    amounts = tomllib.loads(mapping_of(tmp_path, f"{header}\n3100;4000;-10,00;-11,00;-9,00\n"))["amounts"]
    assert [(one["column"], one["cumulative"]) for one in amounts] == [
        ("Kertymä 1/2020", True),
        ("Kertymä 2/2020", True),
    ]


@pytest.mark.parametrize(
    ("cells", "kinds", "sure"),
    [
        (("Toteuma", "Talousarvio"), {"actual": ["Toteuma"], "budget": ["Talousarvio"]}, True),
        (("ACT", "BUD"), {"actual": ["ACT"], "budget": ["BUD"]}, False),
        (("Prognos", "Utfall"), {"forecast": ["Prognos"], "actual": ["Utfall"]}, True),
        (("Talousarvio", "Talousarvio"), {"budget": ["Talousarvio"]}, True),
    ],
)
def test_what_a_row_is_of_is_told_by_its_cell(
    tmp_path: Path,
    cells: tuple[str, str],
    kinds: dict[str, list[str]],
    sure: bool,  # noqa: FBT001
) -> None:
    """A budget among the rows of a long table is never taken for an actual."""
    lines = f"3100;4000;202001;{cells[0]};-10,00\n3100;4300;202001;{cells[1]};-20,00\n"
    text = mapping_of(tmp_path, f"Yksikkö;Tili;Kausi;Laji;Määrä\n{lines}")
    amounts = tomllib.loads(text)["amounts"]
    assert {one["is"]: one["where"][0]["is"] for one in amounts} == kinds
    assert ("UNSURE: is that what" not in text) is sure


def test_letters_that_are_no_kinds_choose_no_rows(tmp_path: Path) -> None:
    """Classes A and B are nothing that the amounts are of, and a kind that nobody knows is asked about."""
    lines = "\n3100;4000;202001;A;-10,00\n3100;3000;202001;B;20,00\n"
    assert "where" not in mapping_of(tmp_path, f"Yksikkö;Tili;Kausi;Luokka;Määrä{lines}")
    lines = lines.replace(";A;", ";Toteuma;").replace(";B;", ";Talousarvio;") + "3100;3000;202001;Suunnitelma;1,00\n"
    assert '# UNSURE: rows of which "Laji" says Suunnitelma are left out' in mapping_of(
        tmp_path, f"Yksikkö;Tili;Kausi;Laji;Määrä{lines}"
    )


def test_months_after_the_twelfth_are_asked_about(tmp_path: Path) -> None:
    """Month 13 is taken for December's, marked as a guess, and added to it."""
    text = mapping_of(tmp_path, "Yksikkö;Tili;Kausi;Määrä\n3100;4000;202012;-10,00\n3100;4000;202013;-1,00\n")
    mapping = tomllib.loads(text)
    assert (mapping["period"]["closing"], mapping["duplicates"]) == ([13], "add")
    assert "closing = [13]  # UNSURE" in text
