"""Amendments that a file lists with their decisions, and forecasts that it tells."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from events.figures import BudgetAmended
from events.forecasts import ForecastGiven
from events.period import Period
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

MAPPING = """version = 1
complete = false
[[units]]
kind = "unit"
column = "Yksikkö"
[line]
column = "Rivi"
[[amounts]]
is = "amendment"
column = "Muutos"
period = "2020"
decision = { day = "Päivä", organ = "Toimielin", section = "§", address = "Linkki" }
"""
FORECASTS = (
    MAPPING.partition("[[amounts]]")[0] + '[[amounts]]\nis = "forecast"\ncolumn = "Ennuste"\nperiod = "{period}"\n'
)
HEADER = "Yksikkö;Rivi;Muutos;Päivä;Toimielin;§;Linkki"
FIRST = "4160;personnel;-50,00;15.6.2020;valtuusto;§ 41;https://kunta.example/41"
SECOND = "4160;personnel;-50,00;15.6.2020;lautakunta;7;"


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store, on either database, with a budget of one line."""
    terminal = Terminal(store.location)
    terminal.done("record budget 4160 personnel 2020 -100 000 --on 1.1.2020")
    return terminal


@pytest.fixture
def imports(terminal: Terminal, tmp_path: Path) -> Importer:
    """Give what imports some rows by a mapping."""
    return Importer(terminal, tmp_path)


class Importer:
    """Imports rows, each time as a newer file."""

    def __init__(self, terminal: Terminal, folder: Path) -> None:
        self.terminal, self.folder = terminal, folder

    def __call__(self, *rows: str, mapping: str = MAPPING, how: str = "") -> tuple[int, str]:
        """Return the exit code, and what was said."""
        (self.folder / "m.toml").write_text(mapping, "utf-8")
        (self.folder / "muutokset.csv").write_text("\n".join(rows) + "\n", "utf-8")
        files = f"{self.folder}/muutokset.csv --mapping {self.folder}/m.toml"
        result = self.terminal.run(f"import figures {files} {how}")
        return result.exit_code, result.stdout + result.stderr


def amended(terminal: Terminal) -> list[tuple[int, str, str, str]]:
    """Return the amendments of the log: cents, organ, section, address."""
    events = [event for event in terminal.events() if isinstance(event, BudgetAmended)]
    return [(event.amount_cents, event.organ, event.minutes_section, event.address) for event in events]


def test_a_file_lists_amendments_with_their_decisions(terminal: Terminal, imports: Importer) -> None:
    """Of one line, day and amount two decisions are two amendments; each has its organ, section and address."""
    code, said = imports(HEADER, FIRST, SECOND)
    assert (code, "recorded 3 events (2 amendments)" in said) == (0, True), said
    assert amended(terminal) == [
        (-5_000, "valtuusto", "41", "https://kunta.example/41"),
        (-5_000, "lautakunta", "7", ""),
    ]
    days = {event.effective for event in terminal.events() if isinstance(event, BudgetAmended)}
    assert [period.label for period in days] == ["15.6.2020"]
    told = terminal.done("report 2020Q2 --format md -o -")
    assert told.index("lautakunta 15.6.2020 § 7") < told.index("valtuusto 15.6.2020 § 41")
    assert "Kirjanpidosta" not in told


def test_a_newer_list_is_compared_decision_by_decision(terminal: Terminal, imports: Importer) -> None:
    """What differs is recorded by the same decision; what is gone is taken back by it; the rest is as it was."""
    imports(HEADER, FIRST, SECOND)
    code, said = imports(HEADER, FIRST.replace("-50,00", "-60,00"), how="--update")
    assert (code, "2 amendments" in said) == (0, True), said
    assert amended(terminal)[2:] == [
        (-1_000, "valtuusto", "41", "https://kunta.example/41"),
        (5_000, "lautakunta", "7", ""),
    ]
    before = len(terminal.events())
    assert imports(HEADER, FIRST.replace("-50,00", "-60,00"), how="--update --reason uudestaan")[0] == 0
    assert [event.TOPIC for event in terminal.events()[before:]] == ["FileImported"]


def test_the_same_list_again_is_refused(imports: Importer) -> None:
    """Nothing is counted twice."""
    imports(HEADER, FIRST)
    code, said = imports(HEADER, FIRST, how="--reason toistamiseen")
    assert (code, "was amended by -50 with the decision of 15.6.2020 already" in said) == (1, True), said


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("4160;personnel;-50,00;15.6.2020;;41;", "the decision has a section ('41') and no organ"),
        ("4160;personnel;-50,00;kesä;valtuusto;41;", "kesä"),
        ("4160;personnel;-50,00;15.6.2020;valtuusto;neljäs;", "'neljäs' is no section of minutes"),
        ("4160;personnel;-50,00;15.6.2020;valtuusto;41;javascript:x", "is no web address"),
    ],
)
def test_what_is_no_decision_is_told_with_its_row(
    terminal: Terminal, imports: Importer, row: str, sentence: str
) -> None:
    """And nothing is recorded."""
    code, said = imports(HEADER, FIRST, row)
    assert code == 2, said
    assert sentence in said
    assert "row 3" in said
    assert amended(terminal) == []


@pytest.mark.parametrize(
    ("mapping", "sentence"),
    [
        (
            MAPPING.replace('"amendment"', '"budget"'),
            "decision is for amendments that a file lists; remove it",
        ),
        (MAPPING.replace('organ = "Toimielin", ', ""), "organ is missing beside section"),
        (MAPPING.replace('day = "Päivä", organ', 'dya = "Päivä", organ'), "did you mean day?"),
        (MAPPING.partition("decision")[0] + "decision = {}\n", "name the columns that say the decision"),
        (FORECASTS.format(period="1-6/2020").replace('"forecast"', '"forecast"\nas = "statement"'), "remove it"),
    ],
)
def test_a_mapping_that_tells_no_decision_is_refused(imports: Importer, mapping: str, sentence: str) -> None:
    """One sentence says what to do."""
    code, said = imports(HEADER, FIRST, mapping=mapping)
    assert (code, sentence in said) == (2, True), said


def forecasts(terminal: Terminal) -> list[tuple[str, int, Period]]:
    """Return the forecasts of the log."""
    events = [event for event in terminal.events() if isinstance(event, ForecastGiven)]
    return [(event.line, event.amount_cents, event.effective) for event in events]


def test_a_column_of_forecasts_is_given(terminal: Terminal, imports: Importer) -> None:
    """As seen at the end of its period; 0 says something; a newer one takes its place with --update alone."""
    mapping, rows = (
        FORECASTS.format(period="1-6/2020"),
        ("Yksikkö;Rivi;Ennuste", "4160;personnel;-110 000,00", "4160;fees;0"),
    )
    assert imports(*rows, mapping=mapping)[0] == 0
    half = Period.of_months(2020, 1, 6)
    assert forecasts(terminal) == [("personnel", -11_000_000, half), ("fees", 0, half)]
    newer = (*rows[:1], "4160;personnel;-120 000,00", rows[2])
    code, said = imports(*newer, mapping=mapping)
    assert (code, "was given already; add --update" in said) == (1, True), said
    assert imports(*newer, mapping=mapping, how="--update")[0] == 0
    assert forecasts(terminal)[2:] == [("personnel", -12_000_000, half)]


def test_a_forecast_at_the_end_of_the_year_is_none(terminal: Terminal, imports: Importer) -> None:
    """When it was seen is asked for, and never guessed."""
    rows = ("Yksikkö;Rivi;Ennuste", "4160;personnel;-110 000,00")
    code, said = imports(*rows, mapping=FORECASTS.format(period="2020"))
    assert (code, 'such as period = "1-6/2020"' in said) == (1, True), said
    assert forecasts(terminal) == []


def test_a_row_may_say_that_its_amount_is_a_forecast(terminal: Terminal, imports: Importer) -> None:
    """A long table, in which a column says what an amount is and another of which period."""
    mapping = FORECASTS.replace('period = "{period}"\n', 'where = [{ column = "Laji", is = ["ennuste"] }]\n')
    mapping += '[period]\ncolumn = "Jakso"\n'
    rows = ("Yksikkö;Rivi;Laji;Jakso;Ennuste", "4160;personnel;ennuste;1-6/2020;-11", "4160;personnel;muu;1-6/2020;-5")
    code, said = imports(*rows, mapping=mapping)
    assert code == 0, said
    assert forecasts(terminal) == [("personnel", -1_100, Period.of_months(2020, 1, 6))]


def test_the_figures_of_a_report_give_their_forecasts_back(terminal: Terminal, imports: Importer) -> None:
    """What was given is given again, in a store that has the units; what is a sum or computed is not."""
    terminal.done("record forecast 4160 personnel 2020Q2 -110 000 --text Sijaiset")
    figures = terminal.done("snapshot 2020Q2 --lines all --format csv")
    rows = list(csv.DictReader(figures.splitlines()))
    given = {(row["unit"], row["line"]): row["forecast_eur"] for row in rows if row["forecast_basis"] == "given"}
    assert given == {("4160", "personnel"): "-110000.00"}
    (said,) = [row["forecast_text"] for row in rows if row["forecast_basis"] == "given"]
    assert said == "Sijaiset"
    assert {row["forecast_basis"] for row in rows} >= {"given", "sum"}
    mapping = (
        'version = 1\ncomplete = false\n[[units]]\nkind = "unit"\ncolumn = "unit"\n[line]\ncolumn = "line"\n'
        '[[amounts]]\nis = "forecast"\ncolumn = "forecast_eur"\nperiod = "4-6/2020"\n'
        'where = [{ column = "forecast_basis", is = ["given"] }]\n'
    )
    terminal.done(f"undo {len(terminal.events()) + 1} --reason uudestaan")
    code, told = imports(*figures.splitlines(), mapping=mapping)
    assert code == 0, told
    quarter = Period.of_months(2020, 4, 6)
    assert forecasts(terminal)[1:] == [("personnel", -11_000_000, quarter)]
