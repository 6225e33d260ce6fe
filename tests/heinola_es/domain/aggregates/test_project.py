"""Projects: launched, revised, reported on, ended; and what is refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from events.projects import ProjectEnded, ProjectLaunched, ProjectProgressReported, ProjectRevised
from heinola_es.domain.aggregates.project import ProgressOutOfRange, ProjectExists, ProjectHasEnded, UnknownProject
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.handlers.projects import end_project, launch_project, report_progress, revise_project
from heinola_es.handlers.session import UnknownUnit
from tests.specification import CITY_FACTS, fact

if TYPE_CHECKING:
    from tests.specification import Given

NAME = "Laadukas varhaiskasvatus"
LIFE = parse_period("1.8.2019–31.12.2020")
SECOND_QUARTER = parse_period("2020Q2")
FACTS: dict[str, Any] = {
    "description": "Varhaiskasvatuksen laatua kehitetään.",
    "responsible": "varhaiskasvatusjohtaja",
    "start": date(2019, 8, 1),
    "end": date(2020, 12, 31),
    "phase": "toteutus",
    "funder": "OPH 12.6.2019",
    "budget_years": (2019, 2020),
    "income_cents": 4_000_000,
    "expense_cents": 5_000_000,
    "city_share_cents": 1_000_000,
}
LAUNCHED = fact(ProjectLaunched, LIFE, project=NAME, unit="410", **FACTS)


def test_a_project_is_launched(given: Given) -> None:
    """A project has a name, a unit that owns it, and the facts of its plan."""
    given(*CITY_FACTS).when(launch_project, NAME, LIFE, "410", **FACTS).then(LAUNCHED)


def test_a_project_name_is_used_once(given: Given) -> None:
    """The name is the key in the whole city, whichever unit asks."""
    given(*CITY_FACTS, LAUNCHED).when(launch_project, NAME, LIFE, "400").refused(
        ProjectExists, "project 'Laadukas varhaiskasvatus' exists already; revise it or report its progress"
    )


def test_a_project_belongs_to_a_known_unit(given: Given) -> None:
    """Neither a launch nor a revision hands a project to a unit that is not there."""
    given(*CITY_FACTS, LAUNCHED).when(launch_project, "Digitutor", LIFE, "411").refused(
        UnknownUnit, "unknown unit '411'; did you mean 41"
    ).when(revise_project, NAME, date(2020, 5, 1), unit="411").refused(
        UnknownUnit, "unknown unit '411'; did you mean 41"
    )


@pytest.mark.parametrize(
    ("written", "percent"), [("0", "0"), ("100 %", "100"), ("29,2 %", "29.2"), ("99,99", "99.99"), (None, None)]
)
def test_progress_is_reported(given: Given, written: str | None, percent: str | None) -> None:
    """From nothing to all of it, as people write it, or in words alone."""
    given(*CITY_FACTS, LAUNCHED).when(report_progress, NAME, SECOND_QUARTER, written, "Koulutukset alkoivat.").then(
        fact(ProjectProgressReported, "2020Q2", project=NAME, percent=percent, text="Koulutukset alkoivat.")
    )


@pytest.mark.parametrize(("written", "percent"), [("-1", "-1"), ("100,01 %", "100.01"), ("1000", "1000")])
def test_progress_outside_its_range_is_refused(given: Given, written: str, percent: str) -> None:
    """Nothing is done less than not at all or more than wholly."""
    given(*CITY_FACTS, LAUNCHED).when(report_progress, NAME, SECOND_QUARTER, written).refused(
        ProgressOutOfRange, f"progress of {percent} % is outside 0–100 %; give the share that is done"
    )


def test_progress_without_a_number_is_refused(given: Given) -> None:
    """A per cent is a number."""
    given(*CITY_FACTS, LAUNCHED).when(report_progress, NAME, SECOND_QUARTER, "puolet").refused(
        BadInput, "'puolet' is not a number"
    )


def test_a_project_is_revised(given: Given) -> None:
    """Only what is given changes."""
    given(*CITY_FACTS, LAUNCHED).when(
        revise_project, NAME, date(2020, 5, 1), end=date(2021, 6, 30), phase="jatkoaika"
    ).then(fact(ProjectRevised, "1.5.2020", project=NAME, end=date(2021, 6, 30), phase="jatkoaika"))


def test_an_unknown_project_suggests_the_nearest(given: Given) -> None:
    """A misspelt project is refused with the one that was probably meant."""
    refusal = "unknown project 'Laadukas varhaiskasvaus'; did you mean Laadukas varhaiskasvatus?"
    wrong = "Laadukas varhaiskasvaus"
    given(*CITY_FACTS, LAUNCHED).when(report_progress, wrong, SECOND_QUARTER, "50").refused(
        UnknownProject, refusal
    ).when(revise_project, wrong, date(2020, 5, 1), phase="jatkoaika").refused(UnknownProject, refusal).when(
        end_project, wrong, date(2020, 5, 1)
    ).refused(UnknownProject, "launch a new one with `heinola record project`")


def test_a_project_ends(given: Given) -> None:
    """The day given is its last; what it had reached may still be reported afterwards."""
    given(*CITY_FACTS, LAUNCHED).when(end_project, NAME, date(2020, 6, 30), "Loppuraportti annettu.").then(
        fact(ProjectEnded, "30.6.2020", project=NAME, text="Loppuraportti annettu.")
    ).when(report_progress, NAME, SECOND_QUARTER, "100").then(
        fact(ProjectProgressReported, "2020Q2", project=NAME, percent="100")
    )


def test_an_ended_project_stays_as_it_was(given: Given) -> None:
    """After its last day a project is neither revised nor ended again; up to it, a revision still counts."""
    ended = fact(ProjectEnded, "30.6.2020", project=NAME)
    refusal = "project 'Laadukas varhaiskasvatus' ended on 30.6.2020"
    given(*CITY_FACTS, LAUNCHED, ended).when(revise_project, NAME, date(2020, 7, 1), phase="jatkoaika").refused(
        ProjectHasEnded, refusal
    ).when(end_project, NAME, date(2020, 12, 31)).refused(ProjectHasEnded, refusal).when(
        revise_project, NAME, date(2020, 6, 30), phase="päättynyt"
    ).then(fact(ProjectRevised, "30.6.2020", project=NAME, phase="päättynyt"))
