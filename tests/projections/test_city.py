"""A city as a unit above its sectors: its own figures, the sums of its sectors, and what is not known of either."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

NBSP = "\N{NO-BREAK SPACE}"
SECTORS = (
    'record unit SIV "Sivistystoimiala" --kind sector --on 1.1.2020',
    "record unit 100 Koulut --parent SIV --on 1.1.2020",
    'record unit TEK "Tekninen toimiala" --kind sector --on 1.1.2020',
    "record unit TEK-INV Investoinnit --kind investment_programme --parent TEK --on 1.1.2020",
)
OWN = (
    "record budget KOE tax_revenue 2020 1 500 000",
    "record actual KOE municipal_tax 1-3/2020 300 000",
    "record actual KOE property_tax 1-3/2020 60 000",
    "record actual KOE state_grants 1-3/2020 99 000",
    "record actual KOE interest_expenses 1-3/2020 -900",
)
OF_SECTORS = (
    "record budget 100 personnel 2020 -1 000 000",
    "record budget TEK services 2020 -400 000",
    "record actual 100 personnel 1-3/2020 -240 000",
    "record actual 100 fees 1-3/2020 27 000",
    "record actual TEK services 1-3/2020 -90 000",
)


@pytest.fixture
def city(tmp_path: Path) -> Terminal:
    """Give a terminal at the store of a city that is a unit, with two sectors and no figures."""
    terminal = Terminal(tmp_path / "koe.db")
    terminal.done("init --city Koeseutu --city-unit KOE")
    _all(terminal, SECTORS)
    return terminal


def _all(terminal: Terminal, lines: tuple[str, ...]) -> None:
    for line in lines:
        terminal.done(line)


def rows(
    terminal: Terminal, unit: str = "KOE", line: str = "snapshot 2020Q1", column: str = "actual"
) -> dict[str, Any]:
    """Return the whole euros of a unit's rows in a column; None where it is not whole."""
    taken = json.loads(terminal.done(f"{line} --format json"))
    (found,) = (each for each in taken["units"] if each["code"] == unit)
    return {row["line"]: row["actual"] and row["actual"]["cents"] // 100 for row in found["figures"]}


class TestTheUnit:
    """How a city comes to be a unit, and what stands under it."""

    def test_init_makes_it(self, tmp_path: Path) -> None:
        """With the code that is given and the city's name, as an event after the first; only when asked for."""
        terminal = Terminal(tmp_path / "one.db")
        terminal.done("init --city Kouvola --city-unit KOU")
        (made,) = terminal.events()
        assert (made.code, made.name, made.kind, made.parent) == ("KOU", "Kouvola", "city", None)  # type: ignore[attr-defined]
        other = Terminal(tmp_path / "two.db")
        other.done("init --city Kouvola")
        assert other.events() == []

    def test_units_at_the_top_stand_under_it(self, city: Terminal) -> None:
        """Without being told so, sectors and whatever else has nothing above it."""
        listed = json.loads(city.done("list units --on 1.6.2020 --format json"))
        assert {row["unit"]: row["parent"] for row in listed} == {
            "KOE": None,
            "SIV": "KOE",
            "100": "SIV",
            "TEK": "KOE",
            "TEK-INV": "TEK",
        }

    def test_an_existing_store_gets_it_by_one_command(self, tmp_path: Path) -> None:
        """What stands at the top moves under it from its first day on; so does what comes later, whenever it begins."""
        terminal = Terminal(tmp_path / "old.db")
        terminal.done("init --city Koeseutu")
        _all(terminal, SECTORS)
        told = terminal.done("record unit KOE Koeseutu --kind city --on 1.1.2021")
        assert told.splitlines() == [
            "#6 UnitEstablished KOE Koeseutu city 1.1.2021",
            "#7 UnitMoved SIV under KOE 1.1.2021",
            "#8 UnitMoved TEK under KOE 1.1.2021",
        ]
        terminal.done('record unit KH "Kaupunginhallitus" --kind sector --on 1.1.2020')
        for day, parent in (("31.12.2020", None), ("1.1.2021", "KOE")):
            listed = json.loads(terminal.done(f"list units --on {day} --format json"))
            parents = {row["unit"]: row["parent"] for row in listed}
            assert {parents[code] for code in ("SIV", "TEK", "KH")} == {parent}

    def test_there_is_one_city_and_nothing_above_it(self, city: Terminal) -> None:
        """A second one is refused, and so is a unit above it."""
        assert city.refused("record unit K2 Toinen --kind city --on 1.1.2020") == (
            "heinola: the city is unit KOE already; there is one city in a store"
        )
        assert city.refused("record unit K2 Toinen --kind city --parent SIV --on 1.1.2020") == (
            "heinola: a city stands under nothing; leave out the unit SIV above it"
        )


class TestItsStatement:
    """The income statement of JHS 192, appendix 1."""

    def test_it_is_its_sectors_and_its_own(self, city: Terminal) -> None:
        """Taxes, grants and financing of its own, operations of its sectors; details where they are known."""
        _all(city, OWN + OF_SECTORS)
        known = rows(city)
        assert {line: euros for line, euros in known.items() if euros} == {
            "fees": 27_000,
            "operating_income": 27_000,
            "personnel": -240_000,
            "services": -90_000,
            "operating_expenses": -330_000,
            "operating_margin": -303_000,
            "tax_revenue": 360_000,
            "municipal_tax": 300_000,
            "property_tax": 60_000,
            "state_grants": 99_000,
            "financial_items": -900,
            "interest_expenses": -900,
            "annual_margin": 155_100,
            "result": 155_100,
            "surplus": 155_100,
        }
        assert "corporate_tax" not in known

    def test_a_sector_has_no_taxes(self, city: Terminal) -> None:
        """No tax is missing from a sector: its annual margin is whole, and its rows are as they were."""
        _all(city, OWN + OF_SECTORS)
        assert rows(city, "SIV") == rows(city, "SIV") | {"annual_margin": -213_000, "result": -213_000}
        assert "tax_revenue" not in rows(city, "SIV", "snapshot 2020Q1 --lines all")

    def test_without_its_own_figures_it_is_not_whole(self, city: Terminal) -> None:
        """Nobody said anything of taxes: what has none of them is whole, what has them is not, and they are no 0."""
        _all(city, OF_SECTORS)
        known = rows(city)
        assert (known["operating_margin"], known["financial_items"]) == (-303_000, 0)
        for line in ("tax_revenue", "state_grants", "annual_margin", "result", "surplus"):
            assert known[line] is None, line
        table = city.done("snapshot 2020Q1 --unit KOE")
        assert "Verotulot                                    –" in table

    def test_a_sector_that_is_stated_has_no_taxes_either(self, city: Terminal) -> None:
        """Totals of a committee's report say nothing of taxes; those of the city are known all the same."""
        _all(city, OWN)
        for unit in ("SIV", "TEK"):
            for line, euros in (("operating_margin", -1_000), ("financial_items", 0), ("depreciation", -50)):
                city.done(f"record statement {unit} {line} 1-3/2020 {euros}")
        known = rows(city)
        assert (known["tax_revenue"], known["operating_margin"]) == (360_000, -2_000)
        assert known["financial_items"] == -900
        assert known["annual_margin"] == 360_000 + 99_000 - 2_000 - 900
        assert rows(city, "SIV")["annual_margin"] == -1_000

    def test_taxes_on_a_sector_are_in_the_city_once(self, city: Terminal) -> None:
        """A city may keep its taxes on a unit below; they are part of that unit's annual margin and of the city's."""
        _all(city, OF_SECTORS)
        city.done("record actual TEK tax_revenue 1-3/2020 1 000")
        city.done("record complete 1-3/2020 --unit KOE")
        assert rows(city, "TEK")["annual_margin"] == -89_000
        assert (rows(city)["tax_revenue"], rows(city)["annual_margin"]) == (1_000, -302_000)

    def test_the_cash_flow_follows_where_it_is_known(self, city: Terminal) -> None:
        """From the annual margin and its own lines; where none of these is recorded, no row of it stands there."""
        _all(city, OWN + OF_SECTORS)
        assert "operations_cash" not in rows(city)
        city.done("record actual KOE investment_expenditure 1-3/2020 -80 000")
        city.done("record actual KOE loans_long 1-3/2020 20 000")
        city.done("record actual KOE cash_start 1/2020 5 000")
        known = rows(city)
        assert list(known)[-8:] == [
            *("operations_cash", "investment_expenditure", "investing_cash", "loans_long", "financing_cash"),
            *("cash_change", "cash_start", "cash_end"),
        ]
        assert known["cash_end"] == 155_100 - 80_000 + 20_000 + 5_000


class TestItsReport:
    """A report of the whole city begins with it."""

    @pytest.fixture
    def told(self, city: Terminal, tmp_path: Path) -> str:
        """Give the report of the first quarter as Markdown."""
        _all(city, OWN + OF_SECTORS)
        _all(
            city,
            (
                "record budget TEK-INV expenses 2020 -500 000",
                "record actual TEK-INV expenses 2/2020 -90 000",
                "record actual KOE investment_expenditure 1-3/2020 -90 000",
                "record complete 1-3/2020",
            ),
        )
        assert city.run(f"report 2020Q1 -o {tmp_path}/r.md").exit_code == 0
        return (tmp_path / "r.md").read_text(encoding="utf-8").replace(NBSP, " ")

    def test_the_city_comes_first(self, told: str) -> None:
        """Its name on the cover, its totals in the summary, its part before those of the sectors."""
        assert "**Koeseutu · Koko kaupunki**" in told
        parts = [line for line in told.splitlines() if line.startswith("## ")]
        assert parts[1:4] == ["## Koeseutu", "## Sivistystoimiala", "## Tekninen toimiala"]
        assert "Verotulot: 360 000 €, 24,0 % talousarviosta. Valtionosuudet: 99 000 €. Vuosikate: " in told

    def test_sectors_add_up_in_a_table(self, told: str) -> None:
        """A row for each, and a total row, which is the city's own."""
        table = told.split("Toimialat: Toimintakate")[1].split("**Taulukko", maxsplit=1)[0]
        cells = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in table.splitlines() if "|" in line][2:]
        assert [(row[0], row[-2]) for row in cells] == [
            ("Sivistystoimiala", "−213 000"),
            ("Tekninen toimiala", "−90 000"),
            ("Koko kaupunki", "−303 000"),
        ]

    def test_investments_add_up_in_a_table(self, told: str) -> None:
        """With a total row, per cent included."""
        table = told.split(". Investoinnit**")[1].split("**Taulukko", maxsplit=1)[0]
        cells = [[cell.strip(" *") for cell in line.split("|")[1:-1]] for line in table.splitlines() if "|" in line][2:]
        assert [(row[0], *row[-3:]) for row in cells] == [
            ("Investoinnit", "−500 000", "−90 000", "18,00"),
            ("Yhteensä", "−500 000", "−90 000", "18,00"),
        ]

    def test_the_cash_flow_is_a_table_of_its_own(self, told: str) -> None:
        """From the annual margin to the change in cash; the income statement ends with the surplus."""
        statement = told.split("Luvut: Koeseutu")[1].split("**Taulukko", maxsplit=1)[0]
        flow = told.split("Rahoituslaskelma: Koeseutu")[1].split("**Taulukko", maxsplit=1)[0]
        assert "Tilikauden ylijäämä" in statement
        assert "rahavirta" not in statement
        assert flow.index("Vuosikate") < flow.index("Toiminnan rahavirta") < flow.index("Rahavarojen muutos")

    @pytest.mark.parametrize("form", ["html", "docx", "xlsx", "pdf"])
    def test_it_is_written_in_every_form(self, city: Terminal, tmp_path: Path, form: str) -> None:
        """In Swedish, too."""
        _all(city, OWN + OF_SECTORS)
        result = city.run(f"report 2020Q1 --lang sv -o {tmp_path}/r.{form}")
        assert result.exit_code == 0, result.stderr


def test_a_report_that_is_imported_stands_under_the_city(city: Terminal) -> None:
    """The sector of a committee's report is no second top, and a later report does not move it there."""
    result = city.run("import report examples/hyvinvointi-2020-q2.txt")
    assert result.exit_code == 0, result.stderr
    listed = json.loads(city.done("list units --on 1.6.2020 --format json"))
    assert next(row["parent"] for row in listed if row["unit"] == "HYV") == "KOE"
