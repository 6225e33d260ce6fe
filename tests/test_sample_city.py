"""The sample city of `make demo CITY=1`: its snapshots are what an independent fold makes of its files.

The fold knows the files as a spreadsheet would: rows of accounts, groups of accounts by their first digits, sums.
"""

from __future__ import annotations

import csv
import json
import shlex
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from tests.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from pathlib import Path

FOLDER = ROOT / "examples" / "kaupunki"
CITY = "ESI"
GROUPS = {
    "30": "sales",
    "32": "fees",
    "33": "grants_received",
    "34": "rents_received",
    "43": "services",
    "45": "materials",
    "47": "grants_given",
    "48": "rents_paid",
    "49": "other_expenses",
    "71": "depreciation",
    "400": "wages",
    "410": "pensions",
    "415": "other_personnel",
    "55": "state_grants",
    "500": "municipal_tax",
    "501": "property_tax",
    "502": "corporate_tax",
    "60": "interest_income",
    "61": "other_financial_income",
    "62": "interest_expenses",
    "63": "other_financial_expenses",
}
INTERNAL = ("309", "349", "439", "489")
"""How the accounts begin of what units sell to each other."""
INCOME = ("sales", "fees", "grants_received", "rents_received")
PERSONNEL = ("wages", "pensions", "other_personnel")
EXPENSES = (*PERSONNEL, "services", "materials", "grants_given", "rents_paid", "other_expenses")
TAXES = ("municipal_tax", "property_tax", "corporate_tax")
FINANCIAL = ("interest_income", "other_financial_income", "interest_expenses", "other_financial_expenses")
MARGIN = (*INCOME, *EXPENSES)
ANNUAL = (*MARGIN, *TAXES, "state_grants", *FINANCIAL)
SUMS = {
    "operating_income": INCOME,
    "personnel": PERSONNEL,
    "operating_expenses": EXPENSES,
    "operating_margin": MARGIN,
    "tax_revenue": TAXES,
    "financial_items": FINANCIAL,
    "annual_margin": ANNUAL,
    "result": (*ANNUAL, "depreciation"),
    "surplus": (*ANNUAL, "depreciation"),
}


def commands() -> list[str]:
    """Return the commands by which the city is made, without their `heinola`."""
    lines = (FOLDER / "tee.sh").read_text(encoding="utf-8").splitlines()
    return [line.removeprefix("heinola ") for line in lines if line.startswith("heinola ")]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Give a terminal at the store of the sample city."""
    terminal = Terminal(tmp_path_factory.mktemp("city") / "kaupunki.db")
    for command in commands():
        said = [str(FOLDER / word) if (FOLDER / word).is_file() else word for word in shlex.split(command)]
        result = terminal.run(shlex.join(said))
        assert result.exit_code == 0, f"{command}: {result.stderr}"
    return terminal


@pytest.fixture(scope="module")
def booked() -> dict[tuple[str, str], dict[str, int]]:
    """Give the euros of every cell of the files by unit and line: months, budgets and amendments by their headers."""
    return cells_of(())


@pytest.fixture(scope="module")
def external() -> dict[tuple[str, str], dict[str, int]]:
    """Give the same without what units sell to each other."""
    return cells_of(INTERNAL)


def cells_of(without: tuple[str, ...]) -> dict[tuple[str, str], dict[str, int]]:
    """Return the euros of the files by unit, line and header, without some accounts."""
    cells: dict[tuple[str, str], dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for name in ("paakirja.csv", "verot.csv"):
        with (FOLDER / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter=";"):
                if row["Tili"].startswith(without):
                    continue
                line = next(GROUPS[row["Tili"][:digits]] for digits in (3, 2) if row["Tili"][:digits] in GROUPS)
                sector = row.get("Toimiala", "").partition(" ")[0]
                for unit in {row.get("Kustannuspaikka", CITY), sector or CITY, CITY}:
                    for header, cell in row.items():
                        if "20" in header and cell:
                            cells[unit, line][header] += int(cell)
    return cells


def folded(booked: dict[tuple[str, str], dict[str, int]], unit: str, line: str, headers: list[str]) -> int:
    """Return what a unit comes to on a line, or on the lines that it is the sum of, under some headers."""
    return sum(booked[unit, part][header] for part in SUMS.get(line, (line,)) for header in headers)


def months(year: int, last: int) -> list[str]:
    """Return the headers of the months of a year from January on."""
    return [f"{month}/{year}" for month in range(1, last + 1)]


def figures(terminal: Terminal, period: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Return the cells of a snapshot in euros, by unit, line and column."""
    taken = json.loads(terminal.done(f"snapshot {period} --format json"))
    columns = ("final_accounts", "prior_actual", "budget", "actual")
    return {
        unit["code"]: {
            row["line"]: {name: row[name] and row[name]["cents"] / 100 for name in columns} for row in unit["figures"]
        }
        for unit in taken["units"]
    }


@pytest.mark.parametrize(("period", "last"), [("2025Q1", 3), ("2025H1", 6), ("2025Q3", 9), ("2025", 12)])
def test_city_and_sectors_are_what_the_files_add_up_to(
    city: Terminal, booked: dict[tuple[str, str], dict[str, int]], period: str, last: int
) -> None:
    """Every row of their income statements, in every column; an amendment counts from the day it was decided on."""
    budget = ["TA 2025", "Muutos 2025"] if last >= 6 else ["TA 2025"]
    headers = {
        "final_accounts": months(2024, 12),
        "prior_actual": months(2024, last),
        "budget": budget,
        "actual": months(2025, last),
    }
    found = figures(city, period)
    compared = 0
    for unit in (CITY, "HAL", "SIV", "TEK"):
        for line, cells in found[unit].items():
            if line not in {*SUMS, *GROUPS.values()}:
                continue
            for column, cents in cells.items():
                assert cents == folded(booked, unit, line, headers[column]), (unit, line, column)
                compared += 1
    assert compared >= 4 * (30 + 3 * 15)


def test_the_citys_own_statement_is_external(
    city: Terminal, booked: dict[tuple[str, str], dict[str, int]], external: dict[tuple[str, str], dict[str, int]]
) -> None:
    """What is external of its lines is what the files add up to without what units sell to each other, which meets."""
    taken = json.loads(city.done("snapshot 2025H1 --format json"))
    (rows,) = (unit["figures"] for unit in taken["units"] if unit["code"] == CITY)
    headers = {"final_accounts": months(2024, 12), "budget": ["TA 2025", "Muutos 2025"], "actual": months(2025, 6)}
    told = {row["line"]: row["external"] for row in rows if row["line"] in {*SUMS, *GROUPS.values()}}
    for line, cells in told.items():
        for column, of in headers.items():
            assert cells[column]["cents"] / 100 == folded(external, CITY, line, of), (line, column)
    differing = [
        line for line in told if folded(booked, CITY, line, months(2025, 6)) != told[line]["actual"]["cents"] / 100
    ]
    assert differing == ["sales", "rents_received", "operating_income", "services", "rents_paid", "operating_expenses"]
    assert city.done("snapshot 2025H1").count("Ulkoiset erät: ilman sitä") == 1


def test_the_official_form_folds_rents_into_other_lines(
    city: Terminal, external: dict[tuple[str, str], dict[str, int]], tmp_path: Path
) -> None:
    """Of the city's own statement alone; nothing else moves, and a layout that is none is told with those that are."""
    usual, official = (
        json.loads(city.done(f"snapshot 2025H1 --format json {layout}")) for layout in ("", "--layout official")
    )
    rows = [{row["line"]: row for row in taken["units"][0]["figures"]} for taken in (usual, official)]
    folded_rows = {"all_other_income", "all_other_expenses"}
    assert rows[0].keys() - rows[1].keys() == {"rents_received", "other_income", "rents_paid", "other_expenses"}
    assert rows[1].keys() - rows[0].keys() == folded_rows
    assert all(rows[0][line] == rows[1][line] for line in rows[1].keys() - folded_rows)
    assert usual["units"][1:] == official["units"][1:]
    of = ("rents_paid", "other_expenses")
    cents = sum(folded(external, CITY, line, months(2025, 6)) for line in of) * 100
    assert rows[1]["all_other_expenses"]["external"]["actual"]["cents"] == cents
    assert city.run(f"report 2025H1 --layout official -o {tmp_path}/o.md").exit_code == 0
    rows_of_tables = (tmp_path / "o.md").read_text(encoding="utf-8").splitlines()
    assert sum(row.startswith("| Muut toimintatuotot vuokrineen |") for row in rows_of_tables) == 1
    assert "did you mean official?" in city.run("snapshot 2025H1 --layout oficial").stderr


def test_units_are_what_the_files_add_up_to(city: Terminal, booked: dict[tuple[str, str], dict[str, int]]) -> None:
    """Income, expenses and net of all ten."""
    found = figures(city, "2025H1")
    units = {unit for unit, _line in booked} - {CITY, "HAL", "SIV", "TEK"}
    assert len(units) == 10
    for unit in units:
        income, expenses = (
            sum(folded(booked, unit, line, months(2025, 6)) for line in lines) for lines in (INCOME, EXPENSES)
        )
        rows = {line: cells["actual"] for line, cells in found[unit].items()}
        assert rows == {"income": income, "expenses": expenses, "net": income + expenses}


def test_the_city_is_whole_and_agrees_with_itself(city: Terminal) -> None:
    """Nothing is found to differ or to be missing from its reports of two years."""
    for period in ("2025H1", "2025"):
        assert json.loads(city.done(f"snapshot {period} --format json"))["findings"] == []


def test_the_cash_flow_adds_up(city: Terminal) -> None:
    """From the annual margin to the cash at the end; what the city invests is what its investments spend."""
    rows = {line: cells["actual"] for line, cells in figures(city, "2025H1")[CITY].items()}
    invested = figures(city, "2025H1")["INV"]["expenses"]["actual"]
    assert rows["investment_expenditure"] == invested == -1_358_000
    assert rows["cash_change"] == rows["annual_margin"] - 1_358_000 + 120_000 + 900_000
    assert rows["cash_end"] == rows["cash_start"] + rows["cash_change"]
    year = figures(city, "2025")
    assert year[CITY]["investment_expenditure"]["actual"] == year["INV"]["expenses"]["actual"] == -2_445_000


def test_the_cash_flow_has_a_budget(city: Terminal) -> None:
    """Of each line that has an actual, so that no per cent is one of a budget that has none of it."""
    rows = {line: cells for line, cells in figures(city, "2025")[CITY].items() if "cash" in line or "invest" in line}
    assert {line for line, cells in rows.items() if cells["actual"] and not cells["budget"]} == set()
    assert rows["investment_expenditure"]["budget"] == figures(city, "2025")["INV"]["expenses"]["budget"] == -2_550_000


def test_its_report_is_written(city: Terminal, tmp_path: Path) -> None:
    """The city first; sectors and investments with their totals."""
    assert city.run(f"report 2025H1 -o {tmp_path}/r.md").exit_code == 0
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert text.index("## Esimerkkilä") < text.index("Toimialat: Toimintakate") < text.index("## Hallinto ja elinvoima")
    assert "Rahoituslaskelma: Esimerkkilä" in text


@pytest.mark.parametrize(("period", "quarter"), [("2024H1", "2024Q2"), ("2025Q3", "2025Q3")])
def test_its_forecast_is_what_the_sectors_gave(city: Terminal, period: str, quarter: str) -> None:
    """The city's operating margin at the year's end is the sum of what the sectors said; theirs is as in the file."""
    with (FOLDER / "ennusteet.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["period"] == quarter]
    given = {row["unit"]: int(row["amount"]) for row in rows if row["line"] == "operating_margin"}
    assert len(given) == 3
    taken = json.loads(city.done(f"snapshot {period} --format json"))
    shown = {
        unit["code"]: next(row["forecast"] for row in unit["figures"] if row["line"] == "operating_margin")
        for unit in taken["units"]
        if unit["code"] in {*given, CITY}
    }
    assert {code: cell["cents"] / 100 for code, cell in shown.items()} == given | {CITY: sum(given.values())}


def nearest(of: dict[str, int]) -> int:
    """Return what the year 2025 ends at, seen in June, by what would have been nearer in 2024: the budget, or evenly.

    In the files no earlier year tells what came by June, so no other method could be tried.
    """
    evenly = {year: 2 * sum(of[month] for month in months(year, 6)) for year in (2024, 2025)}
    ended, budget = sum(of[month] for month in months(2024, 12)), of["TA 2024"] + of["Muutos 2024"]
    if abs(evenly[2024] - ended) < abs(budget - ended):
        return evenly[2025]
    return of["TA 2025"] + of["Muutos 2025"]


def test_its_computed_forecast_is_external(
    city: Terminal, booked: dict[tuple[str, str], dict[str, int]], external: dict[tuple[str, str], dict[str, int]]
) -> None:
    """What is computed of each unit, added up, without what is computed of the internal items of the city."""
    taken = json.loads(city.done("snapshot 2025H1 --format json"))
    (rows,) = ({row["line"]: row for row in unit["figures"]} for unit in taken["units"] if unit["code"] == CITY)
    units = {unit for unit, _line in booked} - {CITY, "HAL", "SIV", "TEK"}
    expected = {}
    for line in MARGIN:
        internal = {header: euros - external[CITY, line][header] for header, euros in booked[CITY, line].items()}
        of_units = sum(nearest(defaultdict(int, booked[unit, line])) for unit in units if (unit, line) in booked)
        expected[line] = of_units - nearest(defaultdict(int, internal))
    expected["operating_income"] = sum(expected[line] for line in INCOME)
    expected["operating_expenses"] = sum(expected[line] for line in EXPENSES)
    told = {line: rows[line]["external"]["forecast"]["cents"] / 100 for line in expected}
    assert told == expected
    assert told["sales"] != rows["sales"]["forecast"]["cents"] / 100
    printed = city.done("report 2025H1 --format md -o -").replace("\u00a0", " ")
    worse = next(line for line in printed.splitlines() if line.startswith("- Talousarviota huonompi: "))
    assert ("Palvelujen ostot" in worse) == (expected["services"] < folded(external, CITY, "services", ["TA 2025"]))


def test_the_terminal_tells_what_its_forecasts_rest_on_below_each_table(city: Terminal) -> None:
    """One sentence for each way of forecasting, and what a unit said of its own, in place of a note on every cell."""
    printed = " ".join(city.done("snapshot 2025H1 --unit HAL").split())
    figures, heading, grounds = printed.partition("Mihin ennusteet perustuvat")
    assert heading
    assert not set(figures) & set("⁰¹²³⁴⁵⁶⁷⁸⁹")
    assert "yksikön antama: " in grounds
    assert "Laskettu talousarvion mukaisesti: " in grounds


def test_its_amendments_name_their_decisions(city: Terminal) -> None:
    """Each of the files' amendments is told with the organ and the section that decided it, in the year it is of."""
    for year, section in (("2024", "62"), ("2025", "71")):
        report = city.done(f"report {year} --format md -o -")
        assert "Kaupunginvaltuusto" in report
        assert section in report.partition("Talousarvion muutokset")[2]
