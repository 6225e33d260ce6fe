"""The report of another committee, another quarter and other codes: nothing in the reader is made for one report."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from events.period import Period
from heinola_es.importing.report.reader import read_report
from tests.heinola_es.importing.report.reports import SMALL, filled_lines, inferred, unparsed

if TYPE_CHECKING:
    from heinola_es.importing.report.document import ReportDocument


@pytest.fixture(scope="module")
def small() -> ReportDocument:
    """Give the technical committee's report of 1.7.–30.9.2021."""
    return read_report(SMALL.read_text(encoding="utf-8"))


def test_another_committee_is_read_whole(small: ReportDocument) -> None:
    """Nothing is left unparsed, and every line is accounted for."""
    assert unparsed(small) == []
    assert [use.line for use in small.line_uses] == filled_lines(SMALL.read_text(encoding="utf-8"))


def test_another_quarter(small: ReportDocument) -> None:
    """Nine months of 2021 end the quarter that the headings state."""
    assert (small.period, small.fiscal_year) == (Period(date(2021, 7, 1), date(2021, 9, 30)), 2021)


def test_other_codes(small: ReportDocument) -> None:
    """The sector's code comes from its name, levels from the length of codes, items are numbered in order."""
    tree = {unit.code: unit.parent for unit in small.units}
    assert tree == {
        "TEK": None,
        "50": "TEK",
        "501": "50",
        "502": "50",
        "60": "TEK",
        "601": "60",
        "602": "60",
        "TEK-INV": "TEK",
        "92": "TEK-INV",
        "92-1": "92",
        "92-2": "92",
    }
    assert [unit.name for unit in small.units][-2:] == ["Katuvalaistuksen uusiminen", "Puistokadun päällystys"]


def test_both_forms_of_header(small: ReportDocument) -> None:
    """A header split in two lines is the same five columns."""
    (row,) = (row for row in small.figures if (row.unit, row.line) == ("601", "net"))
    cells = (row.final_accounts, row.prior_actual, row.budget, row.actual)
    assert [(cell.cents, cell.precision_cents) for cell in cells if cell] == [
        (78_000_000, 100_000),
        (61_500_000, 100_000),
        (74_760_000, 100),
        (55_464_500, 100),
    ]


def test_a_wrong_sum_is_said_and_a_wrong_per_cent_kept(small: ReportDocument) -> None:
    """Unit 602 prints 1 000 € less expenses than its area counts; 502 prints a per cent that is not its quotient."""
    (message,) = (message for message in inferred(small) if "do not add up" in message)
    assert message == (
        "The units under 60 (601, 602) do not add up to it: MENOT, actual: -1 974 967 € against -1 975 967 €; "
        "NETTO, actual: -122 727 € against -123 727 €."
    )
    (row,) = (row for row in small.figures if (row.unit, row.line) == ("502", "net"))
    assert row.printed_percent == "71.00"


def test_goals_torn_and_goals_sharing_a_programme_goal(small: ReportDocument) -> None:
    """A torn row is one goal; a row whose first cell is empty but whose others begin anew is a goal of its own."""
    first, second, third, fourth = small.goals
    assert first.programme_goal == "Kaupunkiympäristö on turvallinen ja viihtyisä kaikkina vuodenaikoina"
    assert first.metric == "Vaihdettujen led-valaisinten määrä vuodessa"
    assert (second.id, second.programme_goal) == ("50-2", first.programme_goal)
    assert (third.id, third.lines) == ("50-3", (65,))
    assert (fourth.id, fourth.subtask, fourth.strategic_goal) == ("601-1", "601", "")


def test_priorities_named_in_the_genitive(small: ReportDocument) -> None:
    """`Katujen ja viheralueiden yksikkö` is the unit Kadut ja viheralueet; further paragraphs join the outcome."""
    assert [(item.unit, item.number) for item in small.priorities] == [("501", 1), ("501", 2)]
    assert small.priorities[1].text == (
        "Uusi ajantasainen reittikartta on käytössä.\n\nKuntalaisten palautteita käsitellään viikoittain."
    )


def test_programmes_named_otherwise(small: ReportDocument) -> None:
    """A strategy programme that no other report names is told apart just the same."""
    programmes = [item.programme for item in small.narratives if item.kind == "programme_progress"]
    assert programmes == ["elinvoimaohjelma", "ilmasto-ohjelma", "resurssiohjelma"]


def test_a_line_with_a_colon_above_a_list_is_no_heading(small: ReportDocument) -> None:
    """The introduction of a list stays with it, and every item keeps a line of its own."""
    (item,) = (item for item in small.narratives if item.kind == "exceptional_circumstances")
    assert item.text.split("\n") == [
        "Tehostettua siivousta jatkettiin kouluissa:",
        "",
        "- kosketuspinnat kahdesti päivässä",
        "- ruokalat jokaisen vuoron jälkeen.",
    ]


def test_an_open_project(small: ReportDocument) -> None:
    """`01.03.2020 –` has begun and not ended; a status without a per cent has no progress."""
    project = small.projects[1]
    assert (project.start, project.end, project.percent) == (date(2020, 3, 1), None, None)
    assert (project.unit, project.income_cents, project.budget_years) == ("60", 0, (2020, 2021, 2022))


def test_a_project_in_the_unit_named_after_the_comma(small: ReportDocument) -> None:
    """`Tekninen / Kunnallistekniikka, kadut ja viheralueet` is the unit, not the area; the torn status is whole."""
    project = small.projects[0]
    assert (project.unit, project.percent) == ("501", "62.5")
    assert project.text == "Kokeilu on käynnissä kahdella kadulla. (62,5 %)"
    assert project.amount_notes == "Kaupungin rahoitusosuus: (osa omaa työtä)"
