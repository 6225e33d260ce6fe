"""The report of a whole year is titled and built as one: no column twice, and nothing of even use of what is used."""

from __future__ import annotations

import re
from csv import DictReader
from datetime import date
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from openpyxl import load_workbook

from events.period import Period
from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_reporting_period
from heinola_es.handlers.figures import adopt_budget, post_actual, state_figure
from heinola_es.handlers.organisation import establish_unit
from heinola_es.store.log import EventLog
from heinola_es.store.reading import LogReader
from projections.report.content.document import Paragraph, Picture, Table
from projections.report.content.picture_data import IncomeAndExpenses, UseOfBudget
from projections.report.content.query import ReportQuery
from projections.report.language.languages import LANGUAGES
from projections.report.theme.theme import Theme, Thresholds
from projections.snapshot.columns import COLUMNS, SETS, chosen, column_named, once_each
from projections.snapshot.encoding import encoded
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from projections.writers.figures_csv import figures_csv
from projections.writers.formats.written import file_name
from projections.writers.markdown import markdown
from projections.writers.terminal.table import snapshot_table
from projections.writers.xlsx.workbook import workbook
from tests.city import FOUNDED, MADE
from tests.projections.asking import complete, record
from tests.projections.report.built import below_label, report_of, sentences, tables_in, texts_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.report.content.document import Document
    from projections.snapshot.columns import ReportColumn
    from projections.snapshot.model import FigureRow, Snapshot

EVEN = {
    "fi": re.compile(r"tasai|samaan aikaan|koko vuo", re.IGNORECASE),
    "sv": re.compile(r"jämn|samma tid|hela året", re.IGNORECASE),
    "en": re.compile(r"\beven\b|same time|whole year", re.IGNORECASE),
}
"""What is said of a part of a year alone."""
ALL = Theme(thresholds=Thresholds(points=Decimal(0), euros=Decimal(0), largest=20))
WHOLE_YEAR, LAST_QUARTER, HALF = "2020", "2020Q4", "1-6/2020"
in_each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[EventLog]:
    """Give a sector of two schools, with budgets, and books of every month of two years."""
    with EventLog.create(str(tmp_path / "town.db"), "Koulukylä", now=MADE, by="controller") as log:
        record(log, establish_unit, "SIV", FOUNDED, name="SIVISTYS", kind="sector", parent=None)
        record(log, establish_unit, "41", FOUNDED, name="Opetus", kind="service_area", parent="SIV")
        for unit, name, monthly in (("410", "Peruskoulu", 10_000_00), ("411", "Lukio", 4_000_00)):
            record(log, establish_unit, unit, FOUNDED, name=name, kind="unit", parent="41")
            for year in (2019, 2020):
                record(log, adopt_budget, unit, "personnel", year, -125_000_00, day=date(year - 1, 11, 9))
                record(log, adopt_budget, unit, "fees", year, 10_000_00, day=date(year - 1, 11, 9))
                for month in range(1, 13):
                    spent = -monthly - (year - 2019) * 1_000_00
                    record(log, post_actual, unit, "personnel", Period.of_month(year, month), spent)
                    record(log, post_actual, unit, "fees", Period.of_month(year, month), 900_00)
        complete(log, "2019", "2020")
        yield log


def taken(log: EventLog, period: str, **query: Any) -> Snapshot:  # noqa: ANN401 - fields of the query
    """Return the snapshot of a period, written as people write it."""
    with LogReader.open(log.location) as reader:
        return take_snapshot(reader, SnapshotQuery(period=parse_reporting_period(period), **query))


def said(document: Document) -> Iterator[str]:
    """Yield all that a document says but for its tables: paragraphs, lists, and what its pictures say."""
    for block in document.blocks():
        if isinstance(block, Picture):
            yield sentences(block.alternative)
        elif not isinstance(block, Table):
            yield from map(sentences, texts_in([block]))


# ---------------------------------------------------------------- its title


@pytest.mark.parametrize(
    ("period", "language", "title", "name"),
    [
        ("2020", "fi", "Vuosiraportti 2020", "vuosiraportti-kylä-2020.md"),
        ("2020", "sv", "Årsrapport 2020", "vuosiraportti-kylä-2020-sv.md"),
        ("1.1.–31.12.2020", "en", "Annual report 2020", "vuosiraportti-kylä-2020-en.md"),
        ("2020Q4", "fi", "Osavuosikatsaus 1.10.–31.12.2020", "osavuosikatsaus-kylä-2020-10-01_2020-12-31.md"),
        ("1-6/2020", "fi", "Osavuosikatsaus 1.1.–30.6.2020", "osavuosikatsaus-kylä-2020-01-01_2020-06-30.md"),
    ],
)
def test_a_report_is_titled_for_what_it_covers(
    town: EventLog, period: str, language: str, title: str, name: str
) -> None:
    """Of a whole year it is the annual report, on the page, on the terminal and as a file; else an interim one."""
    document = report_of(town, period, language=language)
    assert sentences(document.title) == title
    page = snapshot_table(taken(town, period), load_chart(), language=language)
    assert sentences(page.splitlines()[0]) == f"Koulukylä · {title}"
    query = ReportQuery(period=parse_reporting_period(period), language=language)
    assert file_name("Kylä", query, "md") == name


# ---------------------------------------------------------------- its columns


@pytest.mark.parametrize(("period", "twice"), [(WHOLE_YEAR, True), (LAST_QUARTER, True), (HALF, False)])
def test_the_same_months_of_a_whole_year_are_shown_once(town: EventLog, period: str, *, twice: bool) -> None:
    """In tables, CSV, workbook, Markdown and on the terminal; the data has every cell, as its schema says."""
    snapshot, document = taken(town, period, years=2), report_of(town, period, years=2)
    headings = [column.title for table in tables_in(document) if table.key == "figures-41" for column in table.columns]
    assert sum("TP" in heading for heading in headings) == 2
    assert sum("TOT\u00a02019" in heading or "TOT\u00a02018" in heading for heading in headings) == (0 if twice else 2)
    csv = next(iter(DictReader(figures_csv(snapshot).decode().splitlines())))
    assert ("prior_actual_eur" in csv, "prior_actual_2018_eur" in csv) == (not twice, not twice)
    assert {"final_accounts_eur", "final_accounts_2018_eur", "actual_eur"} <= csv.keys()
    page = snapshot_table(snapshot, load_chart())
    assert ("TOT 2019" in page) is not twice
    assert "TP 2019" in page
    assert (b"TOT 2019" in markdown(document).replace("\u00a0".encode(), b" ")) is not twice
    sheet = load_workbook(BytesIO(workbook(document)), read_only=True)["Luvut"]
    first = [str(cell) for cell in next(iter(sheet.iter_rows(values_only=True)))]
    assert any("TOT 2019" in title for title in first) is not twice
    row = snapshot.units[0].figures[0]
    assert {"final_accounts", "prior_actual", "budget", "actual"} == row.cells.keys()


def test_a_column_that_is_named_is_shown_though_it_tells_again(town: EventLog) -> None:
    """Somebody who names it wants it: in the tables and in CSV; of a set what tells again is left out."""
    year, half = parse_reporting_period(WHOLE_YEAR), parse_reporting_period("7-12/2020")
    assert chosen(("default",), period=year) == ("final_accounts", "budget", "actual", "percent")
    assert chosen(("prior_actual", "default"), period=year) == ("prior_actual", "budget", "actual", "percent")
    assert chosen(("final_accounts", "prior_actual"), period=year) == ("final_accounts", "prior_actual")
    assert chosen(("compared",), period=year) == ("actual", "prior_actual", "change", "change_percent")
    assert chosen(("compared",), period=half) == SETS["compared"]
    document = report_of(town, WHOLE_YEAR, columns=("final_accounts", "prior_actual"))
    (table,) = [table for table in tables_in(document) if table.key == "figures-410"] or [tables_in(document)[0]]
    assert [sentences(column.title).partition("\n")[0] for column in table.columns[1:]] == ["TP 2019", "TOT 2019"]


@pytest.mark.parametrize("period", ["2020", "2020Q1", "2020Q4", "5/2020", "1-6/2020", "15.8.2020"])
def test_columns_that_tell_the_same_have_the_same_in_every_cell(town: EventLog, period: str) -> None:
    """What is left out as told again is told by one that is kept, cell by cell; nothing else is left out."""
    asked = tuple(column.name for column in COLUMNS if not column.by_default)
    rows = [row for unit in taken(town, period, columns=asked).units for row in unit.figures]
    covered = parse_reporting_period(period)
    kept = once_each(COLUMNS, covered)
    for column in COLUMNS:
        (one,) = [one for one in kept if one.tells(covered) == column.tells(covered)]
        assert [_told(row, column) for row in rows] == [_told(row, one) for row in rows]
    assert {column.name for column in COLUMNS} - {column.name for column in kept} == _told_again(covered)


def _told(row: FigureRow, column: ReportColumn) -> object:
    return row.cell(column.name) if column.is_amount else row.percents[column.name]


def _told_again(period: Period) -> set[str]:
    """Return the columns that repeat another: those of the same months at a year's end, the period at its beginning."""
    found = {"prior_actual", "prior_actual_external", "prior_actual_internal"} if period.end.month == 12 else set()
    return found | ({"quarter"} if period.start == date(period.year, 1, 1) else set())


def test_what_differs_is_noted_once(town: EventLog) -> None:
    """Final accounts that contradict the books are one note in the report of the whole year, and on the terminal."""
    whole = Period.of_year(2019)
    record(town, state_figure, "41", "expenses", whole, "actual", -170_000_00)
    snapshot = taken(town, WHOLE_YEAR)
    found = [finding for finding in snapshot.findings if finding.kind == "mismatch" and finding.line == "expenses"]
    assert {finding.column for finding in found} == {"final_accounts", "prior_actual"}
    (table,) = [table for table in tables_in(report_of(town, WHOLE_YEAR)) if table.key == "mismatches"]
    assert {sentences(row.cells[1].text).rpartition(" · ")[2] for row in table.rows} == {"TP 2019"}
    page = sentences(snapshot_table(snapshot, load_chart(), all_findings=True))
    assert "TP 2019" in page.upper().partition("HAVAINNOT")[2]
    assert "TOT 2019" not in page


# ---------------------------------------------------------------- what it says


@in_each_language
@pytest.mark.parametrize("period", [WHOLE_YEAR, LAST_QUARTER])
def test_nothing_is_said_of_even_use_of_a_year_that_is_over(town: EventLog, period: str, language: str) -> None:
    """No sentence, picture or list of the report says even, last year at the same time or the whole year's budget."""
    document = report_of(town, period, theme=ALL, language=language)
    assert [text for text in said(document) if EVEN[language].search(text)] == []
    assert any(EVEN[language].search(text) for text in said(report_of(town, HALF, theme=ALL, language=language)))


def test_a_whole_year_is_told_beside_its_budget_and_the_year_before(town: EventLog) -> None:
    """The net beside the budget, better or worse; the year before; each unit beside its own budget."""
    summary = report_of(town, WHOLE_YEAR, theme=ALL, language="en").summary
    lead = sentences(next(texts_in([block])[0] for block in summary if isinstance(block, Paragraph)))
    # 2 schools: fees 21,600; personnel 12 x 11,000 + 12 x 5,000 = 192,000; budgets 20,000 and 250,000.
    assert lead == (
        "SIVISTYS: operating margin −€170,400, which is 74.1% of the budget (−€230,000). "
        "That is €59,600 better than the budget. The accounts of 2019 came to −€146,400."
    )
    assert [sentences(text) for text in below_label(summary, "Expenses compared with the budget")] == [
        "411 Lukio: used 48.0% of the budget, 52.0 percentage points under, €65,000.",
        "410 Peruskoulu: used 105.6% of the budget, 5.6 percentage points over, €7,000.",
    ]
    assert [sentences(text) for text in below_label(summary, "Income compared with the budget")] == [
        "410 Peruskoulu: received 108.0% of the budget, 8.0 percentage points over, €800.",
        "411 Lukio: received 108.0% of the budget, 8.0 percentage points over, €800.",
    ]


def test_its_pictures_compare_with_the_budget_and_the_final_accounts(town: EventLog) -> None:
    """No mark at last year's 100 %, the line is the budget; lines stand beside the final accounts."""
    pictures: dict[type, Any] = {}
    for block in report_of(town, WHOLE_YEAR, language="en").blocks():
        if isinstance(block, Picture):
            pictures.setdefault(type(block.chart), block)
    used = pictures[UseOfBudget]
    assert (used.chart.expected, sentences(used.chart.expected_label)) == (Decimal(100), "The budget 100%")
    assert {mark for _name, _used, mark in used.chart.bars} == {None}
    assert [sentences(column.title).partition("\n")[0] for column in used.table.columns] == [
        "Unit",
        "Used of the budget",
        "Difference from the budget",
        "Difference from the budget",
    ]
    assert all(len(row.cells) == len(used.table.columns) for row in used.table.rows)
    lines = pictures[IncomeAndExpenses].chart
    assert (lines.budget_label, sentences(lines.last_year_label)) == ("Budget 2020", "Accounts 2019")


def test_the_data_of_a_whole_year_keeps_its_schema(town: EventLog) -> None:
    """What programs read has the same months of the year before, equal to the final accounts."""
    for unit in orjson.loads(encoded(taken(town, WHOLE_YEAR)))["units"]:
        assert all(row["prior_actual"] == row["final_accounts"] is not None for row in unit["figures"])


def test_columns_of_the_same_name_are_known() -> None:
    """A column worked out from one other alone tells what that tells; from two, something of its own."""
    year = parse_reporting_period(WHOLE_YEAR)
    assert column_named("quarter").tells(year) == column_named("actual").tells(year)
    assert column_named("change").tells(year) != column_named("actual").tells(year)


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("period", ["2020Q2", WHOLE_YEAR])
def test_no_number_stands_right_after_a_year(town: EventLog, period: str, language: str) -> None:
    """`Toteuma 2020 299 272 €` would read as one number: the amount comes first, or words between; in pictures too."""
    document = report_of(town, period, theme=ALL, language=language)
    pictures = [block.alternative for block in document.blocks() if isinstance(block, Picture)]
    texts = [*texts_in(list(document.blocks())), *pictures]
    assert any(re.search(r"\b2020\b", text) for text in texts)
    assert any(re.search(r"\b2019\b", text) for text in pictures)
    assert [text for text in texts if re.search(r"\b(?:19|20)\d\d:?[\s\u00a0]+[−€]*\d", text)] == []
