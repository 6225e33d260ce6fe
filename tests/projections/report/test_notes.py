"""Notes to the reader: what the figures leave open, from the fields of findings and cells, in each language."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from events.period import Period
from heinola_es.handlers.figures import adopt_budget, post_actual, state_figure
from heinola_es.handlers.organisation import establish_unit
from heinola_es.handlers.projects import launch_project
from heinola_es.store.log import EventLog
from projections.report.language.languages import LANGUAGES
from tests.city import FOUNDED, MADE
from tests.projections.asking import record, snapshot_of
from tests.projections.report.built import below_label, plain_text, report_of, section_of, sentences, table_of, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.projections.conftest import ImportedReport

in_each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def village(tmp_path: Path) -> Iterator[EventLog]:
    """Give a city of one sector and one unit below it."""
    with EventLog.create(str(tmp_path / "village.db"), "Pikkukylä", now=MADE, by="controller") as log:
        record(log, establish_unit, "YMP", FOUNDED, name="Toimiala", kind="sector", parent=None)
        record(log, establish_unit, "10", FOUNDED, name="Kylänraitti", kind="unit", parent="YMP")
        yield log


def notes_of(store: EventLog | Path | str, language: str = "en", unit: str | None = None) -> list[str]:
    """Return the texts of the notes."""
    section = section_of(report_of(store, language=language, unit=unit), "notes")
    return [sentences(text) for text in texts_in(section.blocks)]


# ---------------------------------------------------------------- findings


@in_each_language
def test_every_mismatch_is_told(report_2020: ImportedReport, language: str) -> None:
    """Each has a row with its unit, and with what was stated and computed as the snapshot has it."""
    table = table_of(report_of(report_2020.path, language=language), "mismatches")
    found = [f for f in snapshot_of(report_2020.path, "2020Q2")["findings"] if f["kind"] == "mismatch"]
    assert [row.place[0] for row in table.rows if row.place] == [finding["unit"] for finding in found]
    for row, finding in zip(table.rows, found, strict=True):
        divisor = 100 if isinstance(finding["stated"], int) else 1
        expected = [
            None if finding[name] is None else Decimal(finding[name]) / divisor for name in ("stated", "computed")
        ]
        assert [cell.value for cell in row.cells[2:4]] == expected


def test_a_mismatch_names_its_line_and_column(sample: ImportedReport) -> None:
    """Unit, line and column are named as in the tables; amounts, differences and per cents as they are read."""
    rows = plain_text(table_of(report_of(sample.path), "mismatches").rows)
    assert ["420 VARHAISKASVATUS", "Menot · TOT-20 %", "45,18 %", "45,17 %", "−0,01 %-yks."] in rows
    assert ["847 Virikkeellinen elämä", "Menot · TP 2019", "−46 000 €", "0 €", "46 000 €"] in rows


def test_a_mismatch_of_a_project_names_it(village: EventLog) -> None:
    """A project whose income and share do not make up its expenses is found again by its unit and its amounts."""
    time = Period.of_year(2020)
    for name, share in (("Siltatyö", 30_000), ("Katutyö", 40_000)):
        record(
            village,
            launch_project,
            name,
            time,
            "10",
            income_cents=50_000,
            expense_cents=100_000,
            city_share_cents=share,
        )
    rows = plain_text(table_of(report_of(village, language="sv"), "mismatches").rows)
    assert rows == [
        ["10 Kylänraitti", "Projekt: Siltatyö", "1 000 €", "800 €", "−200 €"],
        ["10 Kylänraitti", "Projekt: Katutyö", "1 000 €", "900 €", "−100 €"],
    ]


@in_each_language
def test_roundings_are_counted_and_listed_for_the_workbook(report_2020: ImportedReport, language: str) -> None:
    """One sentence counts them and tells the largest; the table that lists them is folded, and on the same sheet."""
    document = report_of(report_2020.path, language=language)
    found = [f for f in snapshot_of(report_2020.path, "2020Q2")["findings"] if f["kind"] == "rounding"]
    mismatches, roundings = (table_of(document, key) for key in ("mismatches", "roundings"))
    assert (len(roundings.rows), roundings.folded, mismatches.folded) == (len(found), True, False)
    assert (roundings.sheet, roundings.columns) == (mismatches.sheet, mismatches.columns)
    assert any(text.startswith(f"{len(found)} ") for text in texts_in(section_of(document, "notes").blocks))


def test_the_largest_rounding_is_told(sample: ImportedReport) -> None:
    """The largest difference among amounts is a figure of the snapshot."""
    found = [f for f in snapshot_of(sample.path, "2020Q2")["findings"] if f["kind"] == "rounding"]
    most = max(abs(f["computed"] - f["stated"]) for f in found if isinstance(f["stated"], int))
    (text,) = below_label(section_of(report_of(sample.path, language="en"), "notes").blocks, "Rounding")
    assert text.endswith(f"The largest difference is €{most // 100:,}.")


@in_each_language
def test_no_english_message_is_in_a_report_of_another_language(report_2020: ImportedReport, language: str) -> None:
    """The notes are made of fields: the messages of findings, which are English, stand in none of them."""
    document = report_of(report_2020.path, language=language)
    said = " ".join(
        cell.text for key in ("mismatches", "roundings") for r in table_of(document, key).rows for cell in r.cells
    )
    said += " ".join(texts_in(section_of(document, "notes").blocks))
    assert not any(finding["message"] in said for finding in snapshot_of(report_2020.path, "2020Q2")["findings"])
    assert "add up to" not in said


def test_what_was_inferred_is_counted_with_the_command_that_lists_it(sample: ImportedReport) -> None:
    """The number is the snapshot's, and the command asks for the same period and unit."""
    kinds = Counter(finding["kind"] for finding in snapshot_of(sample.path, "2020Q2", unit="410")["findings"])
    texts = notes_of(sample.path, unit="410")
    assert texts[-1] == (
        f"When documents were read in, things concluded without being printed: {kinds['inferred']}. "
        f"Things that could not be placed: {kinds['unparsed']}. "
        "They are listed by heinola snapshot 2020-04-01..2020-06-30 --unit 410 --findings all"
    )


# ---------------------------------------------------------------- cells


@in_each_language
def test_unknown_figures_are_told_once_by_column(village: EventLog, language: str) -> None:
    """The units that lack a figure are named with the columns that lack it, all columns of the same units together."""
    record(village, adopt_budget, "10", "personnel", 2020, -100_000, day=date(2020, 1, 1))
    texts = notes_of(village, language)
    by_column = [text for text in texts if text.endswith(("Toimiala", "Toimiala, 10 Kylänraitti"))]
    assert len(by_column) == 1
    assert "10 Kylänraitti" in by_column[0]


AS_OF_JUNE = Period.of_day(date(2020, 6, 30))


def test_columns_that_different_units_lack_are_told_apart(village: EventLog) -> None:
    """Where the unit's budget is whole and the sector's income statement is not, each column names its own."""
    for line, cents in (("income", 100), ("expenses", -100_000)):
        record(village, state_figure, "10", line, AS_OF_JUNE, "budget", cents)
    assert [text for text in notes_of(village) if text.endswith(("Toimiala", "Kylänraitti"))] == [
        "Accounts 2019, Actual 2019 6 months, Actual 2020 6 months: Toimiala, 10 Kylänraitti",
        "Budget 2020 + changes: Toimiala",
    ]


def test_every_unknown_figure_is_listed(village: EventLog) -> None:
    """As many as are counted: by unit, which leads to its part, the lines and the columns in which nothing is known."""
    for line, cents in (("income", 100), ("expenses", -100_000)):
        record(village, state_figure, "10", line, AS_OF_JUNE, "budget", cents)
    document = report_of(village, language="en")
    (counted,) = [text for text in texts_in(section_of(document, "notes").blocks) if "figures are unknown" in text]
    table = table_of(document, "unknown")
    rows = plain_text(table.rows)
    assert ["10 Kylänraitti", "Income; Expenses; Net", "Accounts 2019; Actual 2019 6 months; Actual 2020 6 months"] in [
        [unit, lines, columns.removesuffix("; TOT-20 %")] for unit, lines, columns in rows
    ]
    assert sum(len(lines.split("; ")) * len(columns.split("; ")) for _unit, lines, columns in rows) == int(
        counted.split()[0]
    )
    assert {row.place for row in table.rows} == {("YMP", "Toimiala"), ("10", "Kylänraitti")}
    assert (table.sheet, table.folded) == ("Unknown figures", False)


def test_many_units_that_lack_a_figure_are_counted(tmp_path: Path) -> None:
    """Of many units the first are named."""
    with EventLog.create(str(tmp_path / "many.db"), "Suurkylä", now=MADE, by="controller") as log:
        for number in range(14):
            record(log, establish_unit, f"{10 + number}", FOUNDED, name="Yksikkö", kind="unit", parent=None)
        assert notes_of(log)[-1].endswith("21 Yksikkö, and 2 other units")


def test_a_part_is_no_sum_and_says_what_is_missing(village: EventLog) -> None:
    """January posted and a total stated for the second quarter make no half year: March is missing between them."""
    record(village, post_actual, "10", "personnel", Period.of_month(2020, 1), -50_000)
    record(
        village, state_figure, "10", "personnel", Period.of_months(2020, 4, 6), "actual", -70_000, precision_cents=100
    )
    document = report_of(village, language="en")
    (_whole, missing) = (sentences(text) for text in texts_in(document.summary)[1:3])
    assert sentences(texts_in(document.summary)[0]) == "This report is not whole."
    assert missing == "Actual 2020 6 months: known through 31 January 2020: 10 Kylänraitti"
    (row,) = (
        row for row in table_of(document, "figures-ymp").rows if sentences(row.cells[0].text) == "Personnel expenses"
    )
    assert (sentences(row.cells[4].text), row.cells[4].value) == ("[−1,200]", None)


def test_postings_that_the_period_cuts_are_told(village: EventLog) -> None:
    """A posting that goes on after the period's end is in no figure, and is listed with its event."""
    record(village, post_actual, "10", "personnel", Period.of_months(2020, 6, 7), -50_050)
    document = report_of(village)
    assert plain_text(table_of(document, "unplaced").rows) == [
        [str(village.head().size), "10 Kylänraitti", "Henkilöstökulut", "1.6.–31.7.2020", "−500,50"]
    ]
    assert "Kirjauksia, joiden jakson näytettyjen kuukausien loppu katkaisee: 1." in " ".join(notes_of(village, "fi"))


def test_where_there_is_nothing_to_note_the_notes_say_so(tmp_path: Path) -> None:
    """An empty store leaves nothing open."""
    with EventLog.create(str(tmp_path / "empty.db"), "Tyhjä", now=MADE, by="controller") as log:
        assert notes_of(log, "sv") == ["Det finns inget att anmärka om siffrorna."]
