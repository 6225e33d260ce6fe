"""The parts of the report in words: goals, priorities, narratives, statistics, outlooks, and projects."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from events.organisation import UnitEstablished
from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.goals import (
    give_outlook,
    observe_indicator,
    report_narrative,
    report_priority,
    set_goal,
    set_priority,
    update_goal_status,
)
from heinola_es.handlers.organisation import assign_responsible, establish_unit
from heinola_es.handlers.projects import end_project, launch_project, report_progress
from heinola_es.store.log import EventLog, Request
from projections.report.content.document import Bullets, Paragraph, Table
from tests.city import FOUNDED, MADE
from tests.projections.asking import record, snapshot_of
from tests.projections.report.built import facts_of, plain_text, report_of, section_of, sentences, table_of, texts_in
from tests.specification import NOW, fact

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.report.content.document import Block
    from tests.projections.conftest import ImportedReport

QUARTER = parse_period("2020Q2")


@pytest.fixture
def school(tmp_path: Path) -> Iterator[EventLog]:
    """Give a city of one service area with one unit."""
    with EventLog.create(str(tmp_path / "school.db"), "Koulukylä", now=MADE, by="controller") as log:
        record(log, establish_unit, "41", FOUNDED, name="OPETUS", kind="service_area", parent=None)
        record(log, establish_unit, "410", FOUNDED, name="Peruskoulu", kind="unit", parent="41")
        yield log


def labels(blocks: tuple[Block, ...]) -> list[str]:
    """Return the labels among blocks."""
    return [texts_in([block])[0] for block in blocks if isinstance(block, Paragraph) and block.style == "label"]


# ---------------------------------------------------------------- goals


def test_goals_stand_under_what_they_serve(school: EventLog) -> None:
    """A row for each goal with its status, under its strategic goal and its programme goal, each told once."""
    texts: dict[str, Any] = {"strategic_goal": "Turvallinen arki", "programme_goal": "Tieto ohjaa"}
    for goal, metric in (("41-1", "Kysely"), ("41-2", "Mittari | toinen")):
        record(school, set_goal, "41", 2020, goal, binding_goal="Koulu toimii", metric=metric, **texts)
    record(school, set_goal, "41", 2020, "41-3", binding_goal="Kirjat riittävät", target_level="100 %")
    record(school, set_goal, "41", 2020, "41-4", binding_goal="Piha on auki", programme_goal="Hyvä arki")
    record(school, set_goal, "41", 2020, "41-5", binding_goal="Ovet ovat auki")
    record(school, update_goal_status, "41", QUARTER, "41-2", "delayed", "Aineisto **puuttuu** vielä.")
    document = report_of(school)
    rows = table_of(document, "goals-41").rows
    assert [(row.kind, row.cells[0].text) for row in rows] == [
        ("group", "Strateginen perustavoite: Turvallinen arki"),
        ("group", "Ohjelmatavoite: Tieto ohjaa"),
        ("normal", "41-1"),
        ("normal", "41-2"),
        ("group", "Ilman strategista perustavoitetta"),
        ("normal", "41-3"),
        ("group", "Ohjelmatavoite: Hyvä arki"),
        ("normal", "41-4"),
        ("group", "Ilman ohjelmatavoitetta"),
        ("normal", "41-5"),
    ]
    assert [(row.cells[4].text, row.cells[4].tone) for row in rows if row.kind == "normal"][:3] == [
        ("ei arvioitu", "muted"),
        ("viivästynyt", "attention"),
        ("ei arvioitu", "muted"),
    ]
    assert [cell.text for cell in rows[5].cells[1:4]] == ["Kirjat riittävät", "", "100 %"]
    blocks = section_of(document, "goals-of-41").blocks
    assert labels(blocks) == ["41-2 Koulu toimii"]
    assert texts_in(blocks)[-1] == "Aineisto puuttuu vielä."


# ---------------------------------------------------------------- what units say


def test_priorities_have_their_outcome(school: EventLog) -> None:
    """Number, title, metric and what came of it; empty where nothing was reported."""
    record(school, set_priority, "41", 2020, 2, "Kirjasto", "Lainat")
    record(school, set_priority, "41", 2020, 1, "Liikunta")
    record(school, report_priority, "41", QUARTER, 2, "Lainoja on **enemmän**.")
    table = table_of(report_of(school), "priorities-41")
    assert plain_text(table.rows) == [["1", "Liikunta", "", ""], ["2", "Kirjasto", "Lainat", "Lainoja on enemmän."]]
    assert [row.cells[0].value for row in table.rows] == [1, 2]


def test_narratives_stand_under_their_headings_by_programme(school: EventLog) -> None:
    """A part for each heading, a label for each programme as recorded, lists as lists; another period is told."""
    heading = "STRATEGISET TAVOITTEET"
    for programme, text in (("hyvinvointiohjelma", "Hyvä.\n\n- yksi\n- kaksi"), ("elinvoimaohjelma", "Elävä.")):
        record(school, report_narrative, "41", QUARTER, section=heading, programme=programme, text=text)
    record(school, report_narrative, "41", Period.of_month(2020, 5), section="Toteuma", text="Toukokuussa.")
    document = report_of(school)
    strategic, outcome = section_of(document, "text-41-1"), section_of(document, "text-41-2")
    if strategic.title == "Toteuma":
        strategic, outcome = outcome, strategic
    assert (strategic.title, outcome.title) == ("STRATEGISET TAVOITTEET", "Toteuma")
    assert set(labels(strategic.blocks)) == {"hyvinvointiohjelma", "elinvoimaohjelma"}
    assert [len(block.items) for block in strategic.blocks if isinstance(block, Bullets)] == [2]
    assert texts_in(outcome.blocks) == ["(1.5.–31.5.2020)", "Toukokuussa."]


def test_statistics_are_numbers(school: EventLog) -> None:
    """Name, value, unit of measure and period; the value is a number for whoever goes on calculating."""
    record(school, observe_indicator, "410", QUARTER, "Asiakkaat", "1224", "kertaa")
    record(school, observe_indicator, "410", Period.of_month(2020, 4), "Osuus", "52.50", "%")
    table = table_of(report_of(school, language="en"), "indicators-410")
    assert plain_text(table.rows) == [
        ["Asiakkaat", "1,224", "kertaa", "1 April–30 June 2020"],
        ["Osuus", "52.50", "%", "1–30 April 2020"],
    ]
    assert [row.cells[1].value for row in table.rows] == [Decimal(1224), Decimal("52.50")]


def test_an_outlook_stands_below_the_figures(school: EventLog) -> None:
    """Under the words that the printed report has for it."""
    record(school, give_outlook, "41", QUARTER, "Budjetti pitää.")
    blocks = section_of(report_of(school), "unit-41").blocks
    assert labels(blocks) == ["Arvio vuoden 2020 talousarvion toteutumisesta"]
    assert texts_in(blocks)[-1] == "Budjetti pitää."


def test_who_answers_for_a_unit_is_told(school: EventLog) -> None:
    """In the facts of its part, and beside its name in the table of the unit above."""
    record(school, assign_responsible, "41", FOUNDED, "koulutusjohtaja")
    record(school, assign_responsible, "410", FOUNDED, "rehtori")
    document = report_of(school, language="sv")
    assert facts_of(section_of(document, "unit-41")) == {"Serviceområde": "41", "Ansvarig": "koulutusjohtaja"}
    assert table_of(document, "figures-of-units-41").rows[0].cells[0].text == "410 Peruskoulu · rehtori"


# ---------------------------------------------------------------- projects


def test_the_projects_are_those_of_the_snapshot(report_2020: ImportedReport) -> None:
    """A row and a part for each, in their order, with the amounts and the progress that were recorded."""
    document, projects = report_of(report_2020.path), snapshot_of(report_2020.path, "2020Q2")["projects"]
    rows = table_of(document, "projects-table").rows
    assert [row.cells[0].text for row in rows] == [" ".join(project["name"].split()) for project in projects]
    money = ("income_cents", "expense_cents", "city_share_cents")
    for row, project in zip(rows, projects, strict=True):
        euros = [None if project[name] is None else Decimal(project[name]) / 100 for name in money]
        percent = None if project["percent"] is None else Decimal(project["percent"])
        assert [cell.value for cell in row.cells[2:6]] == [*euros, percent]
    assert [s.title for s in section_of(document, "projects").sections] == [row.cells[0].text for row in rows]


@pytest.mark.parametrize(
    ("language", "known"), [("fi", "Toteutusvaihe"), ("sv", "genomförandeskedet"), ("en", "implementation")]
)
def test_a_project_has_its_facts(school: EventLog, language: str, known: str) -> None:
    """Phases that have a word are told so in another language, and in their own as they were recorded."""
    facts: dict[str, Any] = {
        "income_cents": 1_250_000,
        "expense_cents": 1_785_850,
        "city_share_cents": 535_850,
        "start": date(2019, 8, 1),
        "end": date(2020, 12, 31),
        "phase": "Toteutusvaihe",
        "budget_years": (2019, 2020),
        "other": "Yhteishanke",
    }
    year = Period.of_year(2020)
    record(school, launch_project, "Kerhot", year, "410", **facts)
    record(school, launch_project, "Silta", year, "410", phase="odottaa jäitä")
    record(school, report_progress, "Kerhot", QUARTER, "18.5", "Kerhot alkoivat.")
    document = report_of(school, language=language)
    first, second = section_of(document, "projects").sections
    told = {sentences(value) for value in facts_of(first).values()}
    assert {known, "410 Peruskoulu", "Yhteishanke", "2019, 2020"} <= told
    assert "odottaa jäitä" in facts_of(second).values()
    assert texts_in(first.blocks)[-1] == "Kerhot alkoivat."
    if language == "fi":
        assert {"12 500 €", "17 858,50 €", "18,5 %", "1.8.2019–31.12.2020"} <= told


def test_what_is_unknown_of_a_project_is_left_out(school: EventLog) -> None:
    """No fact is empty; in the table, what is unknown is a dash."""
    record(school, launch_project, "Silta", Period.of_year(2020), "410", start=date(2020, 3, 1))
    record(school, end_project, "Silta", date(2020, 5, 31), "Valmis.")
    document = report_of(school, language="en")
    (section,) = section_of(document, "projects").sections
    assert facts_of(section) == {
        "Unit": "410 Peruskoulu",
        "Time": "1 March 2020–",
        "Ended": "31 May 2020",
    }
    assert plain_text(table_of(document, "projects-table").rows) == [["Silta", "1 March 2020–", *["–"] * 5]]


def test_the_command_for_a_unit_of_an_odd_code_is_safe_to_show(school: EventLog) -> None:
    """A code with a control character, or what is no character, does not break a page; quotes keep a shell from it."""
    odd = fact(UnitEstablished, FOUNDED.isoformat(), code="5\x01\ufffe;ls", name="Koe", kind="unit")
    with school.command(NOW, Request("controller", clock_is_right=True)) as command:
        command.append([evolve(odd, recorded=command.recorded)])  # as before codes had rules
    section = report_of(school, unit="5\x01\ufffe;ls", language="en").sections[-1]
    assert "--unit '5\ufffd\ufffd;ls' " in facts_of(section)["Command"]


def test_without_projects_there_is_no_part_about_them(school: EventLog) -> None:
    """Nor an empty table anywhere."""
    document = report_of(school)
    assert "projects" not in [section.key for section in document.sections]
    assert [block.key for block in document.blocks() if isinstance(block, Table) and not block.rows] == []
