"""The decisions on a budget: their fields, and the part of a report that tells of them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zipfile import ZipFile

import openpyxl
import orjson
import pikepdf
import pytest

from events.figures import BudgetAmended
from events.proposals import AmendmentProposed
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

AMEND = "record amendment 4160 personnel 2020 -5 000"
POSITION = 17
"""Where the first event of a test stands in the log."""


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store, on either database, with a budget of two lines."""
    terminal = Terminal(store.location)
    for line in (
        "record budget 4160 personnel 2020 -100 000 --on 1.1.2020",
        "record budget 4160 services 2020 -20 000 --on 1.1.2020",
    ):
        terminal.done(line)
    return terminal


def section_of(page: str) -> str:
    """Return the part of a report that tells of decisions, or nothing."""
    return page.partition("# Talousarvion muutokset")[2].partition("\n# ")[0]


def test_a_decision_is_told_in_fields(terminal: Terminal) -> None:
    """The organ, the section of its minutes with or without its sign, and the address; in lists and in the log."""
    where = "https://kunta.example/poytakirjat/41"
    event = terminal.recorded(f"{AMEND} --on 15.6.2020 --organ kaupunginvaltuusto --section '§ 41' --address {where}")
    assert isinstance(event, BudgetAmended)
    assert (event.organ, event.minutes_section, event.address) == ("kaupunginvaltuusto", "41", where)
    (row,) = orjson.loads(terminal.done("list amendments --format json"))
    assert (row["organ"], row["minutes_section"], row["address"]) == ("kaupunginvaltuusto", "41", where)
    shown = terminal.done("audit show 17").splitlines()
    assert [line.split() for line in shown if line.startswith("Toimielin")] == [["Toimielin", "kaupunginvaltuusto"]]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("--section 41", "a section is of the minutes of an organ; say whose with --organ"),
        ("--organ valtuusto --section 'pykälä neljä'", "'pykälä neljä' is no section of minutes"),
        ("--address kunta.example", "'kunta.example' is no web address"),
        ("--address 'javascript:alert(1)'", "is no web address"),
        ("--address 'https://a b'", "is no web address"),
        ("--address http://[x", "is no web address"),
    ],
)
def test_what_is_no_decision_is_refused(terminal: Terminal, wrong: str, sentence: str) -> None:
    """Nothing is recorded of it."""
    assert sentence in terminal.refused(f"{AMEND} --on 15.6.2020 {wrong}", code=2)


def test_a_report_tells_each_decision(terminal: Terminal) -> None:
    """By its day, with the lines that it changed and what they come to; those after the period in a later report."""
    assert not section_of(terminal.done("report 2020Q2 --format md -o -"))
    decided = "--on 15.6.2020 --organ kaupunginvaltuusto --section 41"
    terminal.done(f"{AMEND} {decided}")
    terminal.done(f"record amendment 4160 services 2020 -1 000 {decided}")
    terminal.done("record amendment 4160 services 2020 -2 000 --on 1.9.2020 --organ sivistyslautakunta")
    told = section_of(terminal.done("report 2020Q2 --format md -o -"))
    assert "kaupunginvaltuusto 15.6.2020 § 41" in told
    assert "−6 000" in told.replace("\u00a0", " ")
    assert "sivistyslautakunta" not in told
    later = section_of(terminal.done("report 2020Q3 --format md -o -"))
    assert later.index("kaupunginvaltuusto") < later.index("sivistyslautakunta")
    assert "Changes of the budget 2020" in terminal.done("report 2020 --lang en --format html -o -")
    assert not section_of(terminal.done("report 2020Q3 --unit 4030 --format md -o -"))


def test_what_was_undone_is_no_decision(terminal: Terminal) -> None:
    """It is in no report."""
    said = terminal.done(f"{AMEND} --on 15.6.2020 --organ kaupunginvaltuusto")
    terminal.done(f"undo '{said.split()[0]}' --reason väärä")
    assert not section_of(terminal.done("report 2020Q2 --format md -o -"))


PROPOSE = f"{AMEND} --on 25.5.2020 --organ kaupunginhallitus --section 112 --proposed"


def cells(terminal: Terminal, period: str = "2020Q2") -> str:
    """Return every figure of a report, in every column that has to do with a budget."""
    columns = "original_budget,amendments,budget,percent,deviation,forecast"
    return terminal.done(f"snapshot {period} --columns {columns} --format csv --lines all")


def changes(terminal: Terminal, period: str = "2020Q2") -> list[tuple[str, int]]:
    """Return what the snapshot tells of changes of the budget."""
    told = orjson.loads(terminal.done(f"snapshot {period} --format json")).get("budget_changes", [])
    return [(change["kind"], change["cents"]) for change in told]


def test_a_proposal_changes_no_cell(terminal: Terminal) -> None:
    """It stands beside, in the snapshot and in the report, until it is decided; then the budget changes."""
    before, whole = cells(terminal), cells(terminal, "2020")
    event = terminal.recorded(PROPOSE)
    assert isinstance(event, AmendmentProposed)
    assert (cells(terminal), cells(terminal, "2020")) == (before, whole)
    assert changes(terminal) == [("proposal", -500_000)]
    told = section_of(terminal.done("report 2020Q2 --format md -o -"))
    assert "Muutosesitykset 2020" in told
    assert "kaupunginhallitus 25.5.2020 § 112" in told
    assert "Muutokset yhteensä" not in told
    assert not section_of(terminal.done("report 2020Q1 --format md -o -"))

    decided = terminal.recorded(f"record decision {POSITION} --on 15.6.2020 --organ kaupunginvaltuusto --section 41")
    assert isinstance(decided, BudgetAmended)
    assert (decided.amount_cents, decided.proposal, decided.minutes_section) == (-500_000, POSITION, "41")
    assert cells(terminal) != before
    assert changes(terminal) == [("decision", -500_000)]
    assert "Muutosesitykset" not in section_of(terminal.done("report 2020Q2 --format md -o -"))


def test_a_proposal_waits_until_the_day_of_its_decision(terminal: Terminal) -> None:
    """The report of a period has what waited at its end; that of the year has every decision."""
    terminal.done(PROPOSE)
    terminal.done(f"record decision {POSITION} --on 15.8.2020 --organ kaupunginvaltuusto --amount -4 000")
    assert changes(terminal) == [("proposal", -500_000)]
    assert changes(terminal, "2020Q3") == changes(terminal, "2020") == [("decision", -400_000)]
    (row,) = orjson.loads(terminal.done("list proposals --format json"))
    assert (row["position"], row["outcome"]) == (POSITION, "decided")


@pytest.mark.parametrize("outcome", ["rejected", "withdrawn"])
def test_a_proposal_that_comes_to_nothing_changes_nothing(terminal: Terminal, outcome: str) -> None:
    """It is told no more; undone, it waits again."""
    before = cells(terminal)
    terminal.done(PROPOSE)
    said = terminal.done(f"record decision {POSITION} --on 15.6.2020 --organ kaupunginvaltuusto --{outcome}")
    assert said == f"#{POSITION + 1} AmendmentDropped 4160 2020 as proposed in #{POSITION} 15.6.2020 {outcome}"
    assert (changes(terminal), cells(terminal)) == ([], before)
    again = f"record decision {POSITION} --on 16.6.2020"
    assert f"#{POSITION} is {outcome} already" in terminal.refused(again)
    terminal.done(f"undo {POSITION + 1} --reason väärin")
    assert changes(terminal) == [("proposal", -500_000)]
    terminal.done(again)


def test_what_rests_on_a_proposal(terminal: Terminal) -> None:
    """It is not undone while its decision stands; with it, both are."""
    terminal.done(PROPOSE)
    terminal.done(f"record decision {POSITION} --on 15.6.2020")
    result = terminal.run(f"undo {POSITION} --reason väärin")
    assert (result.exit_code, "1 later event rests on" in result.stderr) == (1, True)
    terminal.done(f"undo {POSITION} --reason väärin --with-what-rests-on-it")
    assert changes(terminal) == []


@pytest.mark.parametrize(
    ("line", "sentence", "code"),
    [
        (f"{PROPOSE}", f"was proposed on 25.5.2020 already (#{POSITION})", 1),
        (f"{PROPOSE} --detail", "a proposal changes no figure; leave out --detail and --correcting", 2),
        ("record amendment 4160 services 2020 0 --on 25.5.2020 --proposed", "a proposal of 0 changes nothing", 2),
        ("record decision 3 --on 15.6.2020", "#3 is no proposed amendment; `heinola list proposals`", 2),
        ("record decision 999999 --on 15.6.2020", "#999999 is no proposed amendment", 2),
        (f"record decision {POSITION} --on 24.5.2020", "it was proposed on 25.5.2020", 2),
        (f"record decision {POSITION} --on 15.6.2020 --rejected --withdrawn", "cannot be both", 2),
        (f"record decision {POSITION} --on 15.6.2020 --rejected --amount -1", "leave out the amount", 2),
        (f"record decision {POSITION} --on 15.6.2020 --section 41", "say whose with --organ", 2),
    ],
)
def test_what_is_no_proposal_is_refused(terminal: Terminal, line: str, sentence: str, code: int) -> None:
    """Each with what to do, and nothing is recorded."""
    terminal.done(PROPOSE)
    assert sentence in terminal.refused(line, code=code)


def test_a_dry_run_tells_what_would_come_of_a_proposal(terminal: Terminal) -> None:
    """And records nothing."""
    terminal.done(PROPOSE)
    said = terminal.done(f"record decision {POSITION} --on 15.6.2020 --dry-run")
    assert said.startswith("would record BudgetAmended 4160 personnel 2020")
    assert changes(terminal) == [("proposal", -500_000)]


def test_what_a_ledger_has_otherwise_is_no_decision(terminal: Terminal, tmp_path: Path) -> None:
    """What a newer file changes of a budget is told by its file, and adds up with the decisions to the budget."""
    ledger, mapping = tmp_path / "talousarvio.csv", tmp_path / "m.toml"
    mapping.write_text(
        'version = 1\n[[units]]\nkind = "unit"\ncolumn = "Yksikkö"\n[line]\ncolumn = "Rivi"\n'
        '[[amounts]]\ncolumn = "TA 2021"\nis = "budget"\nperiod = "2021"\n'
    )
    for amount, how in (("-1000,00", ""), ("-1200,00", " --update")):
        ledger.write_text(f"Yksikkö;Rivi;TA 2021\n4160;personnel;{amount}\n4160;services;{amount}\n")
        assert terminal.run(f"import figures {ledger} --mapping {mapping}{how}").exit_code == 0
    terminal.done("record amendment 4160 personnel 2021 -50 --on 15.6.2021 --organ kaupunginvaltuusto")
    assert changes(terminal, "2021Q2") == [("ledger", -20_000), ("ledger", -20_000), ("decision", -5_000)]
    told = section_of(terminal.done("report 2021Q2 --format md -o -")).replace("\u00a0", " ")
    assert "| **Kirjanpidosta · talousarvio.csv** |" in told
    assert told.index("kaupunginvaltuusto") < told.index("Kirjanpidosta")
    assert "| **Muutokset yhteensä** |  | **−450** |" in told
    assert "mihin päätökseen se perustuu" in told


def test_an_address_leads_to_the_decision(terminal: Terminal) -> None:
    """On a page, in Word and in Markdown; and the text says it, too. A PDF and a workbook have the part as well."""
    where = "https://kunta.example/poytakirjat/(41)"
    terminal.done(f"{AMEND} --on 15.6.2020 --organ kaupunginvaltuusto --section 41 --address {where}")
    page = terminal.done("report 2020Q2 --format html -o -")
    assert f'<a href="{where}" rel="noreferrer">kaupunginvaltuusto' in page
    assert "](https://kunta.example/poytakirjat/%2841%29)" in terminal.done("report 2020Q2 --format md -o -")


@pytest.mark.in_a_file
def test_every_format_has_the_part(terminal: Terminal, tmp_path: Path) -> None:
    """Word and PDF as a table with a link, a workbook as sheets."""
    where = "https://kunta.example/poytakirjat/41"
    terminal.done(f"{AMEND} --on 15.6.2020 --organ kaupunginvaltuusto --section 41 --address {where}")
    terminal.done(PROPOSE)
    for form in ("docx", "xlsx", "pdf"):
        assert terminal.run(f"report 2020Q2 -o {tmp_path}/r.{form}").exit_code == 0
    with ZipFile(tmp_path / "r.docx") as word:
        text = word.read("word/document.xml").decode()
    assert f'HYPERLINK "{where}"' in text.replace("&quot;", '"')
    assert "Muutosesitykset 2020" in text
    book = openpyxl.load_workbook(tmp_path / "r.xlsx")
    assert {"Talousarvion muutokset", "Muutosesitykset"} <= set(book.sheetnames)
    assert [cell.value for cell in book["Muutosesitykset"][2]][-1] == -5_000
    with pikepdf.open(tmp_path / "r.pdf") as pdf:
        notes = [note for page in pdf.pages for note in page.get("/Annots", ())]
        links = [str(note.A.URI) for note in notes if "/A" in note and "/URI" in note.A]
    assert set(links) == {where}


def test_a_published_report_keeps_its_decisions(terminal: Terminal, tmp_path: Path) -> None:
    """They are in what is sealed: what is recorded later is not in the report that was published."""
    terminal.run(f"keys init --key {tmp_path}/k")
    terminal.done(f"{AMEND} --on 15.6.2020 --organ kaupunginvaltuusto")
    terminal.done(f"publish 2020Q2 --incomplete --key {tmp_path}/k -o {tmp_path}/1.seal")
    terminal.done(f"undo {POSITION} --reason väärä")
    assert changes(terminal) == []
    assert changes(terminal, "2020Q2 --published") == [("decision", -500_000)]
    assert "kaupunginvaltuusto" in section_of(terminal.done("report 2020Q2 --published --format md -o -"))
    assert terminal.run("audit verify").exit_code == 0


def test_no_unit_drops_out(terminal: Terminal) -> None:
    """One that ended, and one that moved, are told where their budgets are: in the city, and where they stand."""
    terminal.done(f"{AMEND} --on 15.3.2020 --organ kaupunginvaltuusto")
    terminal.done("record unit 900 Uusi --kind sector --on 1.1.2020")
    terminal.done("record move 4160 900 --on 1.5.2020")
    terminal.done("record unit-end 4160 --on 31.5.2020")
    told = [("decision", -500_000)]
    assert changes(terminal) == changes(terminal, "2020Q2 --unit 900") == told
    assert changes(terminal, "2020Q2 --unit 900 --structure 1.1.2020") == []
    assert changes(terminal, "2020Q2 --structure 1.1.2020") == told
    assert "Lukio" in section_of(terminal.done("report 2020Q2 --unit 900 --format md -o -"))


def changed(terminal: Terminal, since: str) -> list[tuple[str, str | None, int | None, int | None, list[int]]]:
    """Return what `audit diff` tells of decisions: kind, position, old and new cents, and the events that did it."""
    told = orjson.loads(terminal.done(f"audit diff 2020Q2 --from {since} --to now --format json"))["changes"]
    return [
        (one["kind"], one["of"][2], *(value and value["cents"] for value in (one["old"], one["new"])), one["positions"])
        for one in told
        if one["kind"] in {"decision", "proposal"}
    ]


def test_a_comparison_names_proposals_and_decisions(terminal: Terminal) -> None:
    """A proposal is in no figure, so that nothing else could tell it; each comes with the event that did it, alone."""
    terminal.done(PROPOSE)
    terminal.done(f"{AMEND} --on 15.6.2020 --organ kaupunginvaltuusto")
    terminal.done(f"{AMEND} --on 16.6.2020 --organ kaupunginvaltuusto --also")
    assert changed(terminal, "16") == [
        ("proposal", "17", None, -500_000, [17]),
        ("decision", "18", None, -500_000, [18]),
        ("decision", "19", None, -500_000, [19]),
    ]
    terminal.done("record decision 17 --rejected --on 20.6.2020 --organ kaupunginvaltuusto")
    assert changed(terminal, "19") == [("proposal", "17", -500_000, None, [20])]
    terminal.done("undo 20 --reason väärä")
    assert changed(terminal, "19") == []
    terminal.done("undo 18 --reason väärä")
    assert changed(terminal, "21") == [("decision", "18", -500_000, None, [22])]


def test_a_revision_says_what_was_proposed(terminal: Terminal, tmp_path: Path) -> None:
    """And not that only notes changed."""
    terminal.run(f"keys init --key {tmp_path}/k")
    terminal.done(f"publish 2020Q2 --incomplete --key {tmp_path}/k -o {tmp_path}/1.seal")
    terminal.done(PROPOSE)
    said = terminal.run(f"publish 2020Q2 --incomplete --key {tmp_path}/k -o {tmp_path}/2.seal")
    assert said.exit_code == 0
    told = " ".join(said.output.split()).replace("\u00a0", " ")
    assert "4160 Henkilöstökulut · muutosesitys #18 · 25.5.2020 – → −5 000 € #18 muutosesitys" in told
