"""A city with a chart of its own, from the first event to the last report: nothing asks for a line that it lacks."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from openpyxl import load_workbook

from events.charts import ChartAdopted
from heinola_es.domain.chart_file import read_chart
from tests.heinola_es.importing.report.reports import report as finnish_report
from tests.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from pathlib import Path

CHART = ROOT / "tests" / "charts" / "kommun.toml"
LEDGER = """Sektor;Enhet;Konto;Januari;Februari;Mars
1 Skolor;101 Grundskola;3100;1000,00;1000,00;1000,00
1 Skolor;101 Grundskola;3600;500,00;0,00;0,00
1 Skolor;101 Grundskola;5000;-8000,00;-8000,00;-8000,00
1 Skolor;101 Grundskola;5210;-2000,00;-2000,00;-2000,00
1 Skolor;101 Grundskola;4010;-700,00;-700,00;-700,00
1 Skolor;102 Gymnasium;5400;-3000,00;-3000,00;-3000,00
"""
MAPPING = """version = 1
sign = "expenses_negative"

[[units]]
kind = "sector"
column = "Sektor"
split = true

[[units]]
kind = "unit"
column = "Enhet"
split = true

[account]
column = "Konto"

[[amounts]]
is = "actual"
columns = ["Januari", "Februari", "Mars"]
year = 2020
"""
STATEMENT = """
→TP 2020 1000e→TOT 2020 9 kk/1000e→TA 2021 +muutokset→TOT 2021 9 kk→TOT-21 %
Tuotot kaikkiaan→2→1→1 000→500→50,00
Kulut kaikkiaan→-4→-3→-3 000→-1 500→50,00
EROTUS→-2→-2→-2 000→-1 000→50,00
"""
TABLE = """
→TP 2020 1000e→TOT 2020 9 kk/1000e→TA 2021 +muutokset→TOT 2021 9 kk→TOT-21 %
RAHA SISÄÄN→2→1→1 000→500→50,00
RAHA ULOS→-4→-3→-3 000→-1 500→50,00
NETTO→-2→-2→-2 000→-1 000→50,00
"""
AREA = f"""
50 KUNNALLISTEKNIIKKA

Vastuuhenkilö: kaupungininsinööri
{TABLE}
501 Kadut ja viheralueet

Vastuuhenkilö: katumestari
{TABLE}
"""


@pytest.fixture
def kommun(tmp_path: Path) -> Terminal:
    """Give a terminal at the store of a municipality whose chart was read from a file that is gone."""
    own = tmp_path / "chart.toml"
    own.write_bytes(CHART.read_bytes())
    terminal = Terminal(tmp_path / "kommun.db")
    terminal.done(f"init --city Exempelstad --chart {own}")
    own.unlink()
    return terminal


@pytest.fixture
def schools(kommun: Terminal, tmp_path: Path) -> Terminal:
    """Give it with a quarter of a ledger, and a budget."""
    ledger, mapping = tmp_path / "bok.csv", tmp_path / "bok.toml"
    ledger.write_text(LEDGER, encoding="utf-8")
    mapping.write_text(MAPPING, encoding="utf-8")
    result = kommun.run(f"import figures {ledger} --mapping {mapping}")
    assert result.exit_code == 0, result.stderr
    kommun.done('record budget 101 "Raha ulos" 2020 "-44 000" --large')
    return kommun


def rows(terminal: Terminal, unit: str, line: str = "snapshot 2020Q1") -> dict[str, Any]:
    """Return the cents of a unit's actuals by line, in the order of its rows."""
    taken = json.loads(terminal.done(f"{line} --format json"))
    (found,) = (each for each in taken["units"] if each["code"] == unit)
    return {row["line"]: row["actual"] and row["actual"]["cents"] for row in found["figures"]}


def test_the_chart_is_in_the_log(kommun: Terminal) -> None:
    """Its content is an event right after the first, under the head, and what the file said, whole."""
    (adopted,) = kommun.events()
    assert isinstance(adopted, ChartAdopted)
    assert (adopted.chart, adopted.content) == ("kommun-2020", read_chart(CHART).content)
    assert kommun.done("audit verify") == "all is as it was recorded: 2 events, 0 published reports, 0 seals"
    assert "ChartAdopted" in kommun.done("audit show 2")


def test_init_says_which_chart(tmp_path: Path) -> None:
    """By its id; a chart with a flaw makes no store."""
    terminal = Terminal(tmp_path / "one.db")
    assert terminal.done(f"init --chart {CHART}") == f"created {terminal.store} for Heinola, with the chart kommun-2020"
    bad = tmp_path / "bad.toml"
    bad.write_text(CHART.read_text(encoding="utf-8").replace('net = ["outcome"]', ""), encoding="utf-8")
    result = Terminal(tmp_path / "other.db").run(f"init --chart {bad}")
    assert (result.exit_code, (tmp_path / "other.db").exists()) == (2, False)
    assert f"{bad}: roles.net is missing; name the lines" in result.stderr


def test_lines_are_those_of_the_chart(kommun: Terminal) -> None:
    """They are listed and recorded by their own codes and labels; the lines of another chart are unknown."""
    kommun.done("record unit 101 Grundskola --on 1.1.2020")
    assert kommun.recorded('record actual 101 "Taxor och avgifter" 1/2020 100').line == "charges"  # type: ignore[attr-defined]
    assert kommun.recorded("record actual 101 outflow 1/2020 -50").line == "costs"  # type: ignore[attr-defined]
    refused = kommun.run("record actual 101 personnel 1/2020 -50").stderr
    assert "unknown line 'personnel'; did you mean Personal?; the lines are " in refused
    assert "Nettokostnad" in kommun.done("list lines")


def test_a_ledger_feeds_its_lines(schools: Terminal) -> None:
    """By its ranges of accounts, into the layouts of its kinds; details add up to their line, and all to the result."""
    assert rows(schools, "101") == {"inflow": 3_500_00, "outflow": -32_100_00, "outcome": -28_600_00}
    assert list(rows(schools, "1").items()) == list(
        {
            "charges": 3_000_00,
            "subsidies": 500_00,
            "revenue": 3_500_00,
            "staff": -39_000_00,
            "pay": -24_000_00,
            "social": -6_000_00,
            "purchases": -2_100_00,
            "costs": -41_100_00,
            "outcome": -37_600_00,
        }.items()
    )


def test_every_line_can_be_asked_for(schools: Terminal) -> None:
    """Those that the layout does not print come after its rows, in the order of the chart."""
    assert rows(schools, "102", "snapshot 2020Q1 --lines all") == {
        "inflow": 0,
        "outflow": -9_000_00,
        "outcome": -9_000_00,
        "staff": -9_000_00,
        "costs": -9_000_00,
    }


def test_a_report_is_imported_by_its_labels(kommun: Terminal, tmp_path: Path) -> None:
    """As the city prints them; a table in the words of another chart is none."""
    text = finnish_report(statement=STATEMENT, area=AREA)
    file = tmp_path / "katsaus.txt"
    file.write_text(text, encoding="utf-8")
    result = kommun.run(f"import report {file}")
    assert result.exit_code == 0, result.stderr
    assert rows(kommun, "501", "snapshot 2021Q3") == {"inflow": 500_00, "outflow": -1_500_00, "outcome": -1_000_00}
    other = tmp_path / "toinen.txt"
    other.write_text(finnish_report(), encoding="utf-8")
    assert "ends without the row Erotus" in kommun.run(f"import report {other}").stderr


def test_sums_are_checked_by_its_layouts(kommun: Terminal, tmp_path: Path) -> None:
    """What the units below add up to is held against the row of the sector that is made of the same."""
    file = tmp_path / "katsaus.txt"
    statement = STATEMENT.replace("→-1 500→", "→-1 700→").replace("→-1 000→50", "→-1 200→50")
    file.write_text(finnish_report(statement=statement, area=AREA), encoding="utf-8")
    told = kommun.run(f"import report {file} --findings").stderr
    assert "do not add up to it: Kulut kaikkiaan, actual: -1 500 € against -1 700 €" in told


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_it_is_reported_in_every_format(schools: Terminal, tmp_path: Path, language: str) -> None:
    """With its labels, in a language that has none in the first there is; nothing is lost for another chart's sake."""
    labels = {"fi": "Raha ulos", "sv": "Utgifter", "en": "Raha ulos"}
    for form in ("html", "md", "docx", "xlsx", "pdf"):
        result = schools.run(f"report 2020Q1 --lang {language} -o {tmp_path}/r.{form}")
        assert result.exit_code == 0, result.stderr
    assert labels[language] in (tmp_path / "r.md").read_text(encoding="utf-8")
    book = load_workbook(BytesIO((tmp_path / "r.xlsx").read_bytes()))
    cells = {str(cell.value) for sheet in book for line in sheet.iter_rows() for cell in line}
    assert labels[language] in cells
    assert "Personal" in cells if language == "sv" else "Väki" in cells


def test_tables_and_publications_have_its_lines(schools: Terminal, tmp_path: Path) -> None:
    """On a terminal, as CSV, in what is published and taken again, in the package of open data."""
    table = schools.done("snapshot 2020Q1")
    assert table.index("EROTUS") > table.index("Kulut kaikkiaan") > table.index("Väki")
    assert "101,Grundskola,unit,outflow,Raha ulos" in schools.done("snapshot 2020Q1 --format csv")
    schools.run("publish 2020Q1 --incomplete --reason koe")
    assert schools.run("audit verify").exit_code == 0
    assert schools.run(f"export datapackage 2020Q1 -o {tmp_path}/avoin.zip").exit_code == 0


def test_the_chart_goes_where_the_log_goes(schools: Terminal, tmp_path: Path) -> None:
    """An exported log makes a store with the same chart; without the event that holds it, it has no lines."""
    exported = tmp_path / "log.jsonl"
    assert schools.run(f"export events -o {exported}").exit_code == 0
    copy = Terminal(tmp_path / "copy.db")
    assert copy.run(f"import events {exported}").exit_code == 0
    assert rows(copy, "1") == rows(schools, "1")
    lines = exported.read_text(encoding="utf-8").replace('"chart":"kommun-2020","size"', '"chart":"kommun-2021","size"')
    exported.write_text(lines, encoding="utf-8")
    result = Terminal(tmp_path / "third.db").run(f"import events {exported}")
    assert result.exit_code != 0
    assert "event 6 is about a line that is not in the chart of the log" in result.stderr
