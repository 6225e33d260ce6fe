"""Goals, priorities, narratives, outlooks and indicators of a unit's year; and what is refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from events.goals import GOAL_STATUSES, GoalSet, GoalStatusUpdated, GoalWithdrawn, PriorityReported, PrioritySet
from events.narratives import IndicatorObserved, NarrativeReported, OutlookGiven
from events.organisation import UnitClosed
from heinola_es.domain.aggregates.base import BeforeUnitExisted, ReasonRequired
from heinola_es.domain.aggregates.unit import UnitHasEnded
from heinola_es.domain.aggregates.unit_year import GoalNeverSet, GoalSetBefore, PriorityNeverSet
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.handlers.goals import (
    give_outlook,
    observe_indicator,
    report_narrative,
    report_priority,
    set_goal,
    set_priority,
    update_goal_status,
    withdraw_goal,
)
from heinola_es.handlers.session import UnknownUnit
from tests.specification import CITY_FACTS, fact

if TYPE_CHECKING:
    from tests.specification import Given

SECOND_QUARTER = parse_period("1.4.–30.6.2020")
BEFORE_THE_CITY = parse_period("2014Q4")
GOAL: dict[str, Any] = {
    "programme_goal": "Palvelut ja asukkaat kohtaavat entistä helpommin",
    "binding_goal": "Toimiva monialainen yhteistyö kehittyy",
    "metric": "Osallistuminen lisääntyy",
    "target_level": "Asiakkaiden lukumäärä",
}
SET = fact(GoalSet, "2020", unit="4030", goal="4030-1", **GOAL)


class TestGoals:
    """Binding goals of the year, and how they stand."""

    def test_a_goal_is_set_for_the_year(self, given: Given) -> None:
        """A goal holds for the whole fiscal year, word for word."""
        given(*CITY_FACTS).when(set_goal, "4030", 2020, "4030-1", **GOAL).then(SET)

    def test_a_goal_id_is_used_once_a_year(self, given: Given) -> None:
        """The same id again is refused; another unit, or the next year, has ids of its own."""
        given(*CITY_FACTS, SET).when(set_goal, "4030", 2020, "4030-1").refused(
            GoalSetBefore, "goal 4030-1 of unit 4030 is set already for 2020; choose another id"
        ).when(set_goal, "4030", 2021, "4030-1").then(fact(GoalSet, "2021", unit="4030", goal="4030-1"))

    @pytest.mark.parametrize("status", GOAL_STATUSES)
    def test_a_goal_stands_somewhere(self, given: Given, status: str) -> None:
        """Each status can be reported, with its explanation."""
        given(*CITY_FACTS, SET).when(
            update_goal_status, "4030", SECOND_QUARTER, "4030-1", status, "Korona siirsi aloitusta."
        ).then(
            fact(
                GoalStatusUpdated,
                "2020Q2",
                unit="4030",
                goal="4030-1",
                status=status,
                text="Korona siirsi aloitusta.",
            )
        )

    def test_a_goal_that_was_never_set_has_no_status(self, given: Given) -> None:
        """The sentence names the goals that there are; a goal of another year or unit is none of them."""
        given(*CITY_FACTS, SET).when(update_goal_status, "4030", SECOND_QUARTER, "4030-2", "in_progress").refused(
            GoalNeverSet, "unit 4030 has no goal 4030-2 in 2020; its goals are 4030-1"
        ).when(update_goal_status, "4000", SECOND_QUARTER, "4030-1", "in_progress").refused(
            GoalNeverSet, "unit 4000 has no goal 4030-1 in 2020"
        ).when(update_goal_status, "4030", parse_period("2021Q1"), "4030-1", "in_progress").refused(
            GoalNeverSet, "unit 4030 has no goal 4030-1 in 2021"
        )

    def test_a_goal_is_withdrawn_with_a_reason(self, given: Given) -> None:
        """A withdrawn goal takes no status any more, and its id may be set anew."""
        given(*CITY_FACTS, SET).when(withdraw_goal, "4030", date(2020, 5, 4), "4030-1").refused(
            ReasonRequired, 'withdrawing a goal needs a reason; add --reason "…"'
        ).when(withdraw_goal, "4030", date(2020, 5, 4), "4030-1", reason="KV 4.5.2020 § 33").then(
            fact(GoalWithdrawn, "4.5.2020", unit="4030", goal="4030-1", reason="KV 4.5.2020 § 33")
        ).when(update_goal_status, "4030", SECOND_QUARTER, "4030-1", "achieved").refused(
            GoalNeverSet, "unit 4030 has no goal 4030-1 in 2020"
        ).when(withdraw_goal, "4030", date(2020, 5, 4), "4030-1", reason="uudelleen").refused(
            GoalNeverSet, "unit 4030 has no goal 4030-1 in 2020"
        ).when(set_goal, "4030", 2020, "4030-1").then(fact(GoalSet, "2020", unit="4030", goal="4030-1"))

    def test_a_goal_belongs_to_a_unit_that_is_there(self, given: Given) -> None:
        """An unknown unit gets no goal, and none reports before it existed or after it ended."""
        given(*CITY_FACTS, SET, fact(UnitClosed, "31.3.2020", code="4030")).when(
            set_goal, "4031", 2020, "4031-1"
        ).refused(UnknownUnit, "unknown unit '4031'; did you mean 40").when(
            update_goal_status, "4030", SECOND_QUARTER, "4030-1", "achieved"
        ).refused(UnitHasEnded, "unit 4030 ended on 31.3.2020; record 1.4.–30.6.2020 on its successor").when(
            update_goal_status, "4030", BEFORE_THE_CITY, "4030-1", "achieved"
        ).refused(BeforeUnitExisted, "unit 4030 exists only from 1.1.2015")


class TestPriorities:
    """Operative priorities and what came of them."""

    def test_a_priority_is_taken_up_and_reported(self, given: Given) -> None:
        """A priority holds for the year; its outcome is of a period."""
        given(*CITY_FACTS).when(set_priority, "4030", 2020, 3, "Yksinäisyyden vähentäminen", "hyvinvointitieto").then(
            fact(
                PrioritySet,
                "2020",
                unit="4030",
                number=3,
                title="Yksinäisyyden vähentäminen",
                metric="hyvinvointitieto",
            )
        ).when(report_priority, "4030", SECOND_QUARTER, 3, "Ryhmät olivat tauolla.").then(
            fact(PriorityReported, "2020Q2", unit="4030", number=3, text="Ryhmät olivat tauolla.")
        )

    def test_a_priority_may_be_worded_anew(self, given: Given) -> None:
        """The later wording holds; the earlier one stays in the log."""
        worded = fact(PrioritySet, "2020", unit="4030", number=3, title="Yksinäisyys")
        given(*CITY_FACTS, worded).when(set_priority, "4030", 2020, 3, "Yksinäisyyden vähentäminen").then(
            fact(PrioritySet, "2020", unit="4030", number=3, title="Yksinäisyyden vähentäminen")
        )

    def test_a_priority_that_was_never_set_has_no_outcome(self, given: Given) -> None:
        """The sentence names the priorities that there are."""
        taken_up = (fact(PrioritySet, "2020", unit="4030", number=number, title="…") for number in (2, 1))
        given(*CITY_FACTS, *taken_up).when(report_priority, "4030", SECOND_QUARTER, 4, "…").refused(
            PriorityNeverSet, "unit 4030 has no priority 4 in 2020; its priorities are 1, 2"
        ).when(report_priority, "4000", SECOND_QUARTER, 1, "…").refused(
            PriorityNeverSet, "unit 4000 has no priority 1 in 2020"
        )


class TestWords:
    """Narratives, outlooks and statistics of a period."""

    def test_a_narrative_is_recorded_word_for_word(self, given: Given) -> None:
        """A section may be about a strategy programme, and come in parts."""
        text = "Lisäksi lyhytaikaisia sijaisia ei palkata.\n\nMatkakulut arvioidaan tarkasti."
        given(*CITY_FACTS).when(
            report_narrative,
            "400",
            SECOND_QUARTER,
            "Strategisten tavoitteiden eteneminen",
            text,
            programme="Talouden tasapainottamisohjelma",
            part=2,
        ).then(
            fact(
                NarrativeReported,
                "2020Q2",
                unit="400",
                section="Strategisten tavoitteiden eteneminen",
                text=text,
                programme="Talouden tasapainottamisohjelma",
                part=2,
            )
        )

    def test_an_outlook_is_given(self, given: Given) -> None:
        """The estimate of how the year will end belongs to the period it was given for."""
        given(*CITY_FACTS).when(give_outlook, "HYV", SECOND_QUARTER, "Talousarvio tulee ylittymään.").then(
            fact(OutlookGiven, "2020Q2", unit="HYV", text="Talousarvio tulee ylittymään.")
        )

    @pytest.mark.parametrize(
        ("written", "value"), [("1 224", "1224"), ("3,37 %", "3.37"), ("−0,5", "-0.5"), ("192", "192")]
    )
    def test_an_indicator_is_a_number_as_people_write_it(self, given: Given, written: str, value: str) -> None:
        """A statistic is kept as plain decimal text, with its unit of measure."""
        given(*CITY_FACTS).when(observe_indicator, "4030", SECOND_QUARTER, "asiakastapahtumat", written, "kertaa").then(
            fact(
                IndicatorObserved,
                "2020Q2",
                unit="4030",
                name="asiakastapahtumat",
                value=value,
                measured_in="kertaa",
            )
        )

    def test_an_indicator_without_a_number_is_refused(self, given: Given) -> None:
        """Words are no statistic."""
        given(*CITY_FACTS).when(observe_indicator, "4030", SECOND_QUARTER, "asiakastapahtumat", "monta").refused(
            BadInput, "'monta' is not a number; write it such as 29,2 or 1 224"
        )

    def test_words_belong_to_a_unit_that_is_there(self, given: Given) -> None:
        """No narrative, outlook, outcome or statistic of days before the unit existed, or of an unknown unit."""
        situation = given(*CITY_FACTS)
        for handler, *words in (
            (report_narrative, "Hankkeet", "…"),
            (give_outlook, "…"),
            (observe_indicator, "asiakkuudet", "192"),
            (report_priority, 1, "…"),
        ):
            situation.when(handler, "4030", BEFORE_THE_CITY, *words).refused(
                BeforeUnitExisted, "unit 4030 exists only from 1.1.2015; 1.10.–31.12.2014 is before that"
            ).when(handler, "4031", SECOND_QUARTER, *words).refused(UnknownUnit, "unknown unit '4031'; did you mean 40")
