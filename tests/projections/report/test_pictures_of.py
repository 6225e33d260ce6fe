"""What the report's pictures show: figures of the snapshot, a bar for what is known, and the finding in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

import pytest

from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import adopt_budget, post_actual
from heinola_es.handlers.goals import update_goal_status
from heinola_es.handlers.organisation import establish_unit
from heinola_es.handlers.projects import launch_project, report_progress
from heinola_es.store.log import EventLog
from projections.report.content.document import Picture
from projections.report.content.picture_data import (
    Cumulative,
    GoalsByStatus,
    IncomeAndExpenses,
    ProjectProgress,
    UseOfBudget,
)
from projections.report.content.pictures_of import MOST_BARS
from projections.report.language.languages import LANGUAGES
from tests.city import FOUNDED, MADE
from tests.projections.asking import complete, record, row_of, snapshot_of
from tests.projections.report.built import plain_text, report_of, sentences

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.report.content.document import Document
    from tests.projections.conftest import ImportedReport

QUARTER = parse_period("2020Q2")
MONTHS = 6


def pictures_in(document: Document) -> dict[str, Picture]:
    """Return the pictures by key."""
    return {block.key: block for block in document.blocks() if isinstance(block, Picture)}


@pytest.fixture
def street(tmp_path: Path) -> Iterator[EventLog]:
    """Give a city of a sector with one service area, whose thirty units have larger and larger budgets."""
    with EventLog.create(str(tmp_path / "street.db"), "Pitkäkylä", now=MADE, by="controller") as log:
        record(log, establish_unit, "TEK", FOUNDED, name="Tekninen toimiala", kind="sector", parent=None)
        record(log, establish_unit, "50", FOUNDED, name="Kadut", kind="service_area", parent="TEK")
        for number in range(30):
            code = f"5{number:02}"
            record(log, establish_unit, code, FOUNDED, name=f"Katu {number}", kind="unit", parent="50")
            record(log, adopt_budget, code, "services", 2020, -(number + 1) * 120_000, day=date(2020, 1, 1))
            record(log, post_actual, code, "services", Period.of_month(2020, 1), -60_000)
        complete(log, "1-6/2020")
        yield log


# ---------------------------------------------------------------- use of the budget


def test_the_use_of_the_budget_is_that_of_the_expenses(report_2020: ImportedReport) -> None:
    """A bar for each unit below: its per cent of the expenses budget, and last year's of the final accounts."""
    chart = pictures_in(report_of(report_2020.path))["use-of-budget-410"].chart
    assert isinstance(chart, UseOfBudget)
    snapshot = snapshot_of(report_2020.path, "2020Q2")
    units = [unit for unit in snapshot["units"] if unit["parent"] == "410"]
    assert [label for label, _used, _last in chart.bars] == [unit["name"] for unit in units]
    for (_label, used, last_year), unit in zip(chart.bars, units, strict=True):
        row = row_of(snapshot, unit["code"], "expenses")
        assert used == Decimal(row["percent"])
        whole = Decimal(row["prior_actual"]["cents"] * 100) / row["final_accounts"]["cents"]
        assert last_year == whole.quantize(Decimal("0.01"))
    assert (chart.expected, chart.locale) == (Decimal(50), "fi")


def test_the_service_areas_of_a_sector_have_a_picture(sample: ImportedReport) -> None:
    """The sector's bars are its service areas, not its investments, in the order of the report."""
    chart = pictures_in(report_of(sample.path))["use-of-budget-hyv"].chart
    assert isinstance(chart, UseOfBudget)
    assert [label for label, _used, _last in chart.bars] == [
        "HYVINVOINNIN JA TERVEYDEN EDISTÄMINEN",
        "Opetus- ja koulutuspalvelut",
        "VARHAISKASVATUS",
        "VIRIKKEELLINEN ELÄMÄ",
    ]


def test_a_picture_has_room_for_the_largest_budgets(street: EventLog) -> None:
    """Of more bars than fit those of the largest budgets are drawn, which is said; the table has all of them."""
    picture = pictures_in(report_of(street, language="en"))["use-of-budget-50"]
    assert isinstance(picture.chart, UseOfBudget)
    assert [bar[0] for bar in picture.chart.bars] == [f"Katu {number}" for number in range(30 - MOST_BARS, 30)]
    assert picture.table is not None
    assert len(picture.table.rows) == 30
    assert "Only the 25 largest budgets are shown." in picture.alternative


def test_one_bar_is_no_picture(street: EventLog) -> None:
    """A sector of one service area has nothing to be compared."""
    assert "use-of-budget-tek" not in pictures_in(report_of(street))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Eniten käytetty: Katu 0, 50,0 %. Vähiten käytetty: Katu 29, 1,7 %. Tasainen käyttö olisi 50 %."),
        ("sv", "Mest använt: Katu 0, 50,0 %. Minst använt: Katu 29, 1,7 %. Jämn användning vore 50 %."),
        ("en", "Most used: Katu 0, 50.0%. Least used: Katu 29, 1.7%. Even use would be 50%."),
    ],
)
def test_the_finding_is_told_in_words(street: EventLog, language: str, words: str) -> None:
    """Who used most and least, and what even use would be."""
    picture = pictures_in(report_of(street, language=language))["use-of-budget-50"]
    assert words in sentences(picture.alternative)


# ---------------------------------------------------------------- the course of the year


def test_the_course_of_the_year_is_the_sum_of_the_months(street: EventLog) -> None:
    """Expenses add up from January on, in thousands; even use rises to the even share of the budget."""
    spent = [100_000 * month for month in range(2, MONTHS + 1)]
    for month, cents in enumerate(spent, 2):
        record(street, post_actual, "500", "services", Period.of_month(2020, month), -cents)
    picture = pictures_in(report_of(street))["course-50"]
    assert isinstance(picture.chart, Cumulative)
    ((_this_year, values), (_last_year, before)) = picture.chart.lines
    january = 30 * 60_000
    assert [value for value in values if value is not None] == [
        Decimal(cents) / 100_000 for cents in accumulate([january, *spent])
    ]
    assert before == (None,) * MONTHS
    budget = sum(range(1, 31)) * 120_000
    assert picture.chart.even is not None
    assert picture.chart.even[1] == tuple(Decimal(budget * month) / 12 / 100_000 for month in range(1, MONTHS + 1))
    assert picture.chart.months == ("tammi", "helmi", "maalis", "huhti", "touko", "kesä")


def test_the_course_ends_where_the_books_end(street: EventLog) -> None:
    """With the books complete through June, the picture of January–September has six months, and says so."""
    picture = pictures_in(report_of(street, "2020Q3", language="en"))["course-50"]
    assert isinstance(picture.chart, Cumulative)
    assert len(picture.chart.months) == len(picture.chart.lines[0][1]) == MONTHS
    assert picture.alternative.startswith("Expenses by 30 June 2020 came to €18,000 (Actual 2020); ")
    assert picture.table is not None
    assert len(picture.table.rows) == MONTHS
    assert "use-of-budget-50" not in pictures_in(report_of(street, "2020Q3"))


def test_the_table_of_the_course_has_a_row_for_each_month(street: EventLog) -> None:
    """The same in euros; what is unknown is a dash."""
    table = pictures_in(report_of(street, language="en"))["course-50"].table
    assert table is not None
    assert plain_text(table.rows)[-1] == ["Jun", "18,000", "–", "279,000"]


def test_too_few_months_are_no_course(report_2020: ImportedReport) -> None:
    """A report that states the half-year alone says nothing of its months."""
    assert not [key for key in pictures_in(report_of(report_2020.path)) if key.startswith("course")]


# ---------------------------------------------------------------- lines, goals, projects


def test_lines_are_drawn_beside_their_budgets(report_2020: ImportedReport) -> None:
    """Each line of the income statement, income and expenses alike as positive thousands, from the snapshot."""
    picture = pictures_in(report_of(report_2020.path, language="en"))["income-and-expenses-hyv"]
    assert isinstance(picture.chart, IncomeAndExpenses)
    assert picture.table_key == "figures-hyv"
    snapshot = snapshot_of(report_2020.path, "2020Q2")
    bars = {label: bar for _heading, group in picture.chart.groups for label, *bar in group}
    for label, line in (("Fees", "fees"), ("Personnel expenses", "personnel"), ("Rents paid", "rents_paid")):
        row = row_of(snapshot, "HYV", line)
        assert bars[label] == [
            abs(Decimal(row[name]["cents"])) / 100_000 for name in ("budget", "actual", "prior_actual")
        ]
    assert [heading for heading, _group in picture.chart.groups] == ["Operating income", "Operating expenses"]


def test_what_goes_against_its_line_is_drawn_the_other_way(street: EventLog) -> None:
    """More expenses paid back than spent are not drawn, nor told, as spent."""
    record(street, post_actual, "500", "personnel", Period.of_month(2020, 2), 7_000_000, contra=True)
    picture = pictures_in(report_of(street, language="en"))["income-and-expenses-tek"]
    assert isinstance(picture.chart, IncomeAndExpenses)
    ((_heading, bars),) = picture.chart.groups
    assert bars[0] == ("Personnel expenses", Decimal(0), Decimal(-70), None)
    assert picture.alternative.startswith("Operating expenses: the largest line is Purchases of services, €18,000 of")


def test_goals_by_status_are_counted_by_service_area(sample_log: EventLog) -> None:
    """Those of a service area are its own and those of its units; there is no picture where none was assessed."""
    assert "goals-by-status-hyv" not in pictures_in(report_of(sample_log))
    snapshot = snapshot_of(sample_log, "2020Q2")
    owned = [(unit["code"], goal["id"]) for unit in snapshot["units"] for goal in unit["goals"]]
    achieved = [one for one in owned if one[0] in {"410", "4300"}]
    for unit, goal in achieved:
        record(sample_log, update_goal_status, unit, QUARTER, goal, "achieved")
    picture = pictures_in(report_of(sample_log, language="en"))["goals-by-status-hyv"]
    chart = picture.chart
    assert isinstance(chart, GoalsByStatus)
    assert chart.statuses == (("achieved", "achieved"), ("unknown", "not assessed"))
    counts = dict(chart.bars)
    assert sum(map(sum, counts.values())) == len(owned)
    of_education = [unit for unit, _goal in owned if unit == "410"]
    assert counts["Opetus- ja koulutuspalvelut"] == (len(of_education), 0)
    assert sum(count[0] for count in counts.values()) == len(achieved)
    assert (
        picture.alternative
        == f"{len(owned)} goals: achieved {len(achieved)}, not assessed {len(owned) - len(achieved)}."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_projects_are_drawn_beside_their_time(report_2020: ImportedReport, language: str) -> None:
    """Those whose progress is known, in their order, with the share of their days that has gone."""
    picture = pictures_in(report_of(report_2020.path, language=language))["project-progress"]
    assert isinstance(picture.chart, ProjectProgress)
    known = [p for p in snapshot_of(report_2020.path, "2020Q2")["projects"] if p["percent"] is not None]
    assert [progress for _label, progress, _gone in picture.chart.bars] == [Decimal(p["percent"]) for p in known]
    assert picture.table_key == "projects-table"


@pytest.mark.parametrize(
    ("start", "end", "gone"),
    [
        ("2020-01-01", "2020-12-31", "49.73"),
        ("2020-06-30", "2020-07-01", "50"),
        ("2020-07-01", "2020-12-31", "0"),
        ("2019-01-01", "2020-06-30", "100"),
        ("2019-01-01", "2019-12-31", "100"),
        ("2020-06-30", "2020-06-30", "100"),
    ],
)
def test_the_time_of_a_project_is_counted_in_days(street: EventLog, start: str, end: str, gone: str) -> None:
    """The first and the last day count; before it begins none has gone, after it ends all."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    record(street, launch_project, "Silta", Period.of_day(date(2019, 1, 1)), "50", start=first, end=last)
    record(street, report_progress, "Silta", QUARTER, "5")
    chart = pictures_in(report_of(street))["project-progress"].chart
    assert isinstance(chart, ProjectProgress)
    assert chart.bars == (("Silta", Decimal(5), Decimal(gone)),)
