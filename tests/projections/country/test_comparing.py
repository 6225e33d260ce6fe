"""Cities held beside each other: what is compared is the city's own, exact, and whoever is left out is named."""

from __future__ import annotations

import statistics
from fractions import Fraction
from typing import TYPE_CHECKING

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.period import Period
from heinola_es.handlers.organisation import establish_unit
from heinola_es.handlers.session import run
from heinola_es.store.log import EventLog, Request
from projections.country.comparing import BOUNDS, ComparedCity, Comparison, LineFigures, Spread, class_of
from projections.country.inhabitants import Inhabitants
from projections.opened import open_lake, open_store
from projections.report.language.languages import LANGUAGES
from tests.city import FOUNDED, FOUNDED_AT, MADE
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heinola_es.handlers.session import Session

YEAR = Period.of_year(2020)
CENTS = st.integers(-(10**12), 10**12)
LINE = "operating_expenses"


def city(code: str, inhabitants: int | None, cents: int | None) -> ComparedCity:
    """Return a city that knows one line."""
    figures = LineFigures(cents, None, None, None)
    return ComparedCity(
        code, code.title(), None if inhabitants is None else Inhabitants(inhabitants, YEAR), {LINE: figures}
    )


def comparison(cities: Sequence[ComparedCity]) -> Comparison:
    """Return cities beside each other on the one line."""
    return Comparison(cities, [LINE])


# ---------------------------------------------------------------- where values lie


@given(st.lists(CENTS, min_size=4, max_size=60))
def test_quartiles_are_those_of_the_standard_library(values: list[int]) -> None:
    """By its inclusive method, which spreadsheets have as well; only that ours are exact."""
    exact = [Fraction(value) for value in values]
    spread = Spread.of(exact)
    assert spread is not None
    lower, median, upper = statistics.quantiles(exact, n=4, method="inclusive")
    assert (spread.quartiles, spread.median) == ((lower, upper), median)


@given(st.lists(CENTS, min_size=1, max_size=3))
def test_of_few_there_are_no_quartiles(values: list[int]) -> None:
    """A median there is of one already; quartiles and what follows from them only of four."""
    spread = Spread.of([Fraction(value) for value in values])
    assert spread is not None
    assert (spread.median, spread.quartiles, spread.fences) == (statistics.median(map(Fraction, values)), None, None)


def test_every_number_of_inhabitants_has_one_class() -> None:
    """A bound begins its class."""
    assert [class_of(bound or 1) for bound in BOUNDS] == list(range(len(BOUNDS)))
    assert [class_of(bound - 1) for bound in BOUNDS[1:]] == list(range(len(BOUNDS) - 1))


@given(st.lists(st.tuples(st.integers(1, 200_000), CENTS), max_size=25), st.data())
def test_the_order_of_cities_changes_nothing(told: list[tuple[int, int]], data: st.DataObject) -> None:
    """And what lies far out is told of the same cities, each beyond the others of its own size."""
    cities = [city(f"C{number:02}", people, cents) for number, (people, cents) in enumerate(told)]
    shuffled = data.draw(st.permutations(cities))
    one, other = comparison(cities), comparison(shuffled)
    assert [(it.city.code, it.above) for it in one.outliers] == [(it.city.code, it.above) for it in other.outliers]
    for place in one.classes:
        assert one.per_inhabitant(LINE, place) is not None
        inside = [it for it in one.outliers if it.city.size_class == place]
        assert len(inside) <= len(one.of_class(place)) // 2, "at most what lies beyond the quartiles"


def test_far_out_is_beyond_the_fence_and_not_on_it() -> None:
    """Quartiles 100 and 200 of a class: its fences are at -50 and 350, and 350 is still within."""
    within = [city(f"C{number}", 1_000, cents * 1_000) for number, cents in enumerate((100, 100, 200, 200, 350))]
    spread = comparison(within).per_inhabitant(LINE, 0)
    assert spread is not None
    assert spread.fences == (Fraction(-50), Fraction(350))
    assert comparison(within).outliers == []
    (found,) = comparison([*within[:4], city("FAR", 1_000, 351_000)]).outliers
    assert (found.city.code, found.value, found.median, found.above) == ("FAR", Fraction(351), Fraction(200), True)


def test_only_the_whole_and_the_counted_are_compared() -> None:
    """A city without inhabitants, or whose amount is not whole, moves no median: unknown is never 0."""
    known = [city("A", 1_000, -500_000), city("B", 1_000, -700_000)]
    spread = comparison([*known, city("C", None, -900_000), city("D", 1_000, None)]).per_inhabitant(LINE)
    assert spread == comparison(known).per_inhabitant(LINE)
    assert spread is not None
    assert spread.median == -600


# ---------------------------------------------------------------- from the logs to the page


def founded(path: Path, code: str) -> Terminal:
    """Return a terminal in front of a new store of a city that has one unit besides itself."""

    def work(session: Session) -> None:
        establish_unit(session, code, FOUNDED, name=f"Kaupunki {code}", kind="city", parent=None)
        establish_unit(session, "K", FOUNDED, name="Koulu", kind="unit", parent=code)

    with EventLog.create(str(path), f"Kaupunki {code}", now=MADE, by="controller") as log:
        run(log, FOUNDED_AT, Request("controller", clock_is_right=True), work)
        return Terminal(log.location)


def record(terminal: Terminal, line: str) -> None:
    """Record something that must be recorded, whatever is said besides."""
    result = terminal.run(f"record {line}")
    assert result.exit_code == 0, result.stderr


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give four cities of one size: two that count their people, one that does not, and one that counts otherwise."""
    folder = tmp_path_factory.mktemp("country")
    for number, code in enumerate(("AA", "BB", "CC", "DD")):
        terminal = founded(folder / f"{code}.db", code)
        for month in range(1, 7):
            record(terminal, f"actual K personnel {month}/2020 -{number + 1}000,01")
        record(terminal, "complete 1-6/2020")
        if code != "CC":
            name = "Asukkaita 31.12." if code == "DD" else "Väkiluku"
            record(terminal, f"indicator {code} 2019 '{name}' {1000 * (number + 1)}")
        assert terminal.run(f"lake write {folder / 'lake'} --city-code {code}").exit_code == 0
    return folder


def compared(lake: Path, form: str, language: str = "en", rest: str = "") -> tuple[bytes, str]:
    """Write the comparison; return it and what was said."""
    output = lake / f"compared-{language}.{form}"
    line = f"country 2020Q2 --lake {lake / 'lake'} --processes 1 --report {output} --lang {language} {rest}"
    result = Terminal("nowhere.db").run(line)
    assert result.exit_code == 0, result.stderr
    return output.read_bytes(), result.stderr


def test_per_inhabitant_is_the_citys_own_amount(lake: Path) -> None:
    """What its snapshot says, divided by what its indicator says; in the workbook to the cent."""
    _content, said = compared(lake, "xlsx")
    assert "wrote the comparison of 4 cities" in said
    sheets = openpyxl.load_workbook(lake / "compared-en.xlsx")
    header, *rows = ([cell.value for cell in row] for row in sheets["City by city"])
    told = {row[header.index("Code")]: row[header.index("Operating expenses, €")] for row in rows if row[1]}
    for code, people in (("AA", 1_000), ("BB", 2_000)):
        (row,) = [
            row for row in open_store(str(lake / f"{code}.db")).snapshot("2020Q2").units[0].figures if row.line == LINE
        ]
        assert row.actual is not None
        assert told[code] == pytest.approx(-row.actual.cents / 100 / people, abs=0.005)
    assert set(told) == {"AA", "BB"}
    left = [[cell.value for cell in row] for row in sheets["Left out"]][1:]
    assert [(name, code) for name, code, _why in left] == [("Kaupunki CC", "CC"), ("Kaupunki DD", "DD")]


def test_the_indicator_may_be_called_otherwise(lake: Path) -> None:
    """The name that is given is looked for, and no other."""
    page = compared(lake, "html", rest="--inhabitants 'asukkaita 31.12.'")[0].decode()
    assert "1 city of 4,000 inhabitants" in page
    assert "3 cities are left out" in page


def test_where_nobody_is_counted_there_is_nothing_but_that(lake: Path) -> None:
    """No empty table looks like a comparison, and no number stands for what is unknown."""
    page = compared(lake, "html", rest="--inhabitants nobody")[0].decode()
    assert "4 cities are left out" in page
    assert "City by city" not in page
    assert "Far from others" not in page


def test_without_any_city_nothing_is_written(lake: Path) -> None:
    """Not even the table that was asked for beside the comparison."""
    table, page = lake / "before.csv", lake / "before.html"
    line = f"country 2020Q2 --lake {lake / 'lake'} --known-at 2001-01-01 --processes 1 -o {table} --report {page}"
    result = Terminal("nowhere.db").run(line)
    assert (result.exit_code, "no city to compare" in result.stderr) == (1, True)
    assert not table.exists()
    assert not page.exists()


def test_the_latest_count_holds(tmp_path: Path) -> None:
    """Of several counts the one for later days, of the same days the one recorded last; none for days to come."""
    terminal = founded(tmp_path / "E.db", "E")
    record(terminal, "actual E personnel 1-6/2020 -10")
    for days, value in (
        ("2019", "700"),
        ("1-3/2020", "600"),
        ("1-3/2020", "601"),
        ("2018", "800"),
        ("7-9/2020", "500"),
    ):
        record(terminal, f"indicator E {days} Asukasluku {value}")
    record(terminal, "indicator E 2020Q2 Asukasluku 29,5")
    assert terminal.run(f"lake write {tmp_path / 'lake'} --city-code E").exit_code == 0
    counted = {
        period: open_lake(tmp_path / "lake").figures(period).cities[0].inhabitants for period in ("2020Q2", "2020")
    }
    assert counted["2020Q2"] == Inhabitants(601, Period.of_months(2020, 1, 3))
    assert counted["2020"] == Inhabitants(500, Period.of_months(2020, 7, 9))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_the_same_each_time(lake: Path, language: str) -> None:
    """In every language, byte for byte; the heading is in that language."""
    first, _said = compared(lake, "html", language)
    assert first == compared(lake, "html", language)[0]
    title = {"fi": "Kaupunkien vertailu", "sv": "Jämförelse av städer", "en": "Comparison of cities"}
    assert title[language] in first.decode()


def test_both_files_by_one_command(lake: Path) -> None:
    """The table and the comparison, from the same answers; without either there is nothing to write."""
    table = lake / "table.csv"
    _content, said = compared(lake, "html", rest=f"-o {table}")
    assert f"cities to {table}" in said
    assert table.read_bytes().startswith(b"city,city_name")
    refused = Terminal("nowhere.db").run(f"country 2020Q2 --lake {lake / 'lake'}")
    assert (refused.exit_code, "nothing to write" in refused.stderr) == (2, True)
    refused = Terminal("nowhere.db").run(f"country 2020Q2 --lake {lake / 'lake'} --report a.pdf")
    assert (refused.exit_code, "ends in none of .html, .xlsx" in refused.stderr) == (2, True)


def test_cities_are_told_to_python_as_well(lake: Path) -> None:
    """What the comparison is made of stands with the table."""
    cities = {one.code: one for one in open_lake(lake / "lake").figures("2020Q2").cities}
    assert cities["AA"].inhabitants == Inhabitants(1_000, Period.of_year(2019))
    assert cities["CC"].inhabitants is cities["DD"].inhabitants is None
    assert cities["AA"].events == cities["BB"].events > 0
