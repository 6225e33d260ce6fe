"""Projects as they stand at the end of a period."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from heinola_es.domain.periods import parse_period
from heinola_es.handlers import projects
from tests.projections.asking import LATER, record, snapshot_of

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

Q1, Q2, Q3 = parse_period("2020Q1"), parse_period("2020Q2"), parse_period("2020Q3")
SCHOOL_YEAR = parse_period("1.8.2019–31.7.2020")


def test_a_project_has_all_that_was_told_of_it(store: EventLog) -> None:
    """Every fact of the launch comes out; what nobody told is empty or null."""
    record(
        store,
        projects.launch_project,
        "Koulukerhot",
        SCHOOL_YEAR,
        "410",
        description="Kerhoja kouluille",
        administrator="Hyvinvointi / Opetus",
        responsible="koulutusjohtaja",
        start=date(2019, 8, 1),
        end=date(2020, 7, 31),
        funder="Opetushallitus",
        budget_years=(2019, 2020),
        income_cents=1_250_000,
        expense_cents=1_785_800,
        city_share_cents=535_800,
        other="Yhteishanke",
    )

    assert snapshot_of(store, "2020Q2")["projects"] == [
        {
            "name": "Koulukerhot",
            "launched_as": None,
            "unit": "410",
            "description": "Kerhoja kouluille",
            "administrator": "Hyvinvointi / Opetus",
            "responsible": "koulutusjohtaja",
            "start": "2019-08-01",
            "end": "2020-07-31",
            "phase": "",
            "funder": "Opetushallitus",
            "city_decision": "",
            "budget_years": [2019, 2020],
            "income_cents": 1_250_000,
            "expense_cents": 1_785_800,
            "city_share_cents": 535_800,
            "amount_notes": "",
            "other": "Yhteishanke",
            "percent": None,
            "text": "",
            "ended": None,
        }
    ]


def test_a_project_is_shown_from_the_period_it_begins_in(store: EventLog) -> None:
    """In the report of a period that ended before, it is not there yet."""
    _launch(store, "Uusi", "30.6.2020–31.12.2021")

    assert [_names(store, period) for period in ("29.6.2020", "2020Q1", "2020Q2", "2020Q3")] == [
        [],
        [],
        ["Uusi"],
        ["Uusi"],
    ]


def test_projects_come_in_the_order_they_were_launched(store: EventLog) -> None:
    """As recorded, not by name nor by beginning."""
    _launch(store, "B", "2019")
    _launch(store, "A", "2018")

    assert _names(store, "2020Q2") == ["B", "A"]


def test_progress_is_the_last_reported_by_the_periods_end(store: EventLog) -> None:
    """A report of a later period is not yet; where the period has none the last before it stands."""
    _launch(store, "Kerhot", "2019")
    record(store, projects.report_progress, "Kerhot", Q1, "10", "Alkoi")
    record(store, projects.report_progress, "Kerhot", Q3, "62,5", "Hyvin")

    told = {period: _project(store, period) for period in ("2019Q4", "2020Q1", "2020Q2", "2020Q3", "2021Q1")}

    assert {period: (project["percent"], project["text"]) for period, project in told.items()} == {
        "2019Q4": (None, ""),
        "2020Q1": ("10", "Alkoi"),
        "2020Q2": ("10", "Alkoi"),
        "2020Q3": ("62.5", "Hyvin"),
        "2021Q1": ("62.5", "Hyvin"),
    }


def test_progress_recorded_late_does_not_replace_a_later_periods(store: EventLog) -> None:
    """The last by the period's end, not the last recorded; of two for one period the last recorded."""
    _launch(store, "Kerhot", "2019")
    record(store, projects.report_progress, "Kerhot", Q2, "50", "Puolessa")
    record(store, projects.report_progress, "Kerhot", Q1, "10", "Alkoi")
    assert _project(store, "2020Q2")["percent"] == "50"

    record(store, projects.report_progress, "Kerhot", Q2, None, "Tauolla")
    assert (_project(store, "2020Q2")["percent"], _project(store, "2020Q2")["text"]) == (None, "Tauolla")


def test_a_revision_holds_from_its_day_on(store: EventLog) -> None:
    """Reports of earlier periods keep what held then; fields that were not revised stay."""
    _launch(store, "Kerhot", "2019", phase="suunnittelu", funder="OPH")
    record(store, projects.revise_project, "Kerhot", date(2020, 7, 1), phase="toteutus", unit="4100")

    before, after = _project(store, "2020Q2"), _project(store, "2020Q3")

    assert (before["phase"], before["unit"], before["funder"]) == ("suunnittelu", "410", "OPH")
    assert (after["phase"], after["unit"], after["funder"]) == ("toteutus", "4100", "OPH")


def test_a_revision_recorded_late_does_not_replace_a_later_one(store: EventLog) -> None:
    """Of two revisions the one that holds from the later day holds, whichever was recorded first."""
    _launch(store, "Kerhot", "2019", phase="suunnittelu")
    record(store, projects.revise_project, "Kerhot", date(2020, 7, 1), phase="toteutus")
    record(store, projects.revise_project, "Kerhot", date(2020, 4, 1), phase="valmistelu")

    assert _project(store, "2020Q2")["phase"] == "valmistelu"
    assert _project(store, "2020Q3")["phase"] == "toteutus"


def test_an_ended_project_is_shown_in_the_period_it_ended_in(store: EventLog) -> None:
    """With the day and how it ended; the period before does not know of it, the one after no longer has it."""
    _launch(store, "Kerhot", "2019")
    record(store, projects.report_progress, "Kerhot", Q1, "90", "Loppusuora")
    record(store, projects.end_project, "Kerhot", date(2020, 4, 30), "Hanke päättyi")

    assert (_project(store, "2020Q1")["ended"], _project(store, "2020Q1")["text"]) == (None, "Loppusuora")
    assert (_project(store, "2020Q2")["ended"], _project(store, "2020Q2")["text"]) == ("2020-04-30", "Hanke päättyi")
    assert _project(store, "2020Q2")["percent"] == "90"
    assert _names(store, "2020Q3") == []


def test_a_project_that_ends_on_the_first_day_ends_in_the_period(store: EventLog) -> None:
    """Dates are inclusive: it still ran on that day."""
    _launch(store, "Kerhot", "2019")
    record(store, projects.end_project, "Kerhot", date(2020, 4, 1))

    assert _project(store, "2020Q2")["ended"] == "2020-04-01"
    assert _names(store, "2020Q3") == []


def test_a_project_is_shown_with_its_unit(store: EventLog) -> None:
    """A snapshot of one area has the projects of its units; that of the whole city has all."""
    _launch(store, "Kerhot", "2019")
    _launch(store, "Muu", "2019", unit="4000")

    assert [p["name"] for p in snapshot_of(store, "2020Q2")["projects"]] == ["Kerhot", "Muu"]
    assert [p["name"] for p in snapshot_of(store, "2020Q2", unit="HYV")["projects"]] == ["Kerhot", "Muu"]
    assert [p["name"] for p in snapshot_of(store, "2020Q2", unit="410")["projects"]] == ["Kerhot"]
    assert [p["name"] for p in snapshot_of(store, "2020Q2", unit="4160")["projects"]] == []


def test_a_project_not_recorded_yet_is_not_known(store: EventLog) -> None:
    """The other clock bounds projects too."""
    _launch(store, "Kerhot", "2019")

    assert snapshot_of(store, "2020Q2", known_at=LATER.replace(year=2019))["projects"] == []


def _launch(log: EventLog, name: str, planned: str, unit: str = "410", **facts: Any) -> None:  # noqa: ANN401
    record(log, projects.launch_project, name, parse_period(planned), unit, **facts)


def _names(log: EventLog, period: str) -> list[str]:
    return [project["name"] for project in snapshot_of(log, period)["projects"]]


def _project(log: EventLog, period: str) -> dict[str, Any]:
    project: dict[str, Any]
    (project,) = snapshot_of(log, period)["projects"]
    return project
