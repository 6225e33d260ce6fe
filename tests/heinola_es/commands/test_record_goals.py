"""Goals, priorities, narratives, outlooks and indicators from the command line."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from events.goals import GoalSet, GoalStatusUpdated, GoalWithdrawn, PriorityReported, PrioritySet
from events.narratives import IndicatorObserved, NarrativeReported, OutlookGiven
from events.period import Period

if TYPE_CHECKING:
    from tests.terminal import Terminal

SECOND_QUARTER = Period.of_months(2020, 4, 6)
GOAL = "record goal 410 410-1 2020 --binding-goal 'Hyvinvointi paranee'"


def test_a_goal_is_set(terminal: Terminal) -> None:
    """`record goal` sets a unit a binding goal for a year, with all that the report prints of it."""
    event = terminal.recorded(
        f"{GOAL} --programme-goal 'Elinvoima' --metric 'Kysely' --target-level 'yli keskiarvon' "
        "--strategic-goal 'Hyvä arki' --subtask 'Koulut'"
    )
    assert isinstance(event, GoalSet)
    assert (event.unit, event.goal, event.effective) == ("410", "410-1", Period.of_year(2020))
    assert (event.binding_goal, event.programme_goal, event.metric) == ("Hyvinvointi paranee", "Elinvoima", "Kysely")
    assert (event.target_level, event.strategic_goal, event.subtask) == ("yli keskiarvon", "Hyvä arki", "Koulut")


def test_the_status_of_a_goal_is_updated(terminal: Terminal) -> None:
    """`record goal-status` reports a status for a period, with or without a text."""
    terminal.done(GOAL)
    assert terminal.done("record goal-status 410 410-1 2020Q2 in-progress 'Kysely syksyllä.'") == (
        "#16 GoalStatusUpdated 410 410-1 1.4.–30.6.2020 in_progress"
    )
    event = terminal.recorded("record goal-status 410 410-1 achieved --period 2020Q4")
    assert isinstance(event, GoalStatusUpdated)
    assert (event.status, event.text, event.effective) == ("achieved", "", Period.of_months(2020, 10, 12))


def test_a_goal_is_withdrawn(terminal: Terminal) -> None:
    """`record goal-withdrawal` lets a goal hold no longer from a day on."""
    terminal.done(GOAL)
    event = terminal.recorded("record goal-withdrawal 410 410-1 --on 15.6.2020 --reason 'Kv § 42'")
    assert isinstance(event, GoalWithdrawn)
    assert (event.goal, event.effective) == ("410-1", Period.of_day(date(2020, 6, 15)))


def test_a_priority_is_taken_up(terminal: Terminal) -> None:
    """`record priority --title` takes a priority up for the year."""
    event = terminal.recorded("record priority 4100 1 2020 --title 'Digitaalisuus' --metric 'Laitteita'")
    assert isinstance(event, PrioritySet)
    assert (event.number, event.title, event.metric) == (1, "Digitaalisuus", "Laitteita")


def test_what_came_of_a_priority_is_reported(terminal: Terminal) -> None:
    """`record priority` with a text reports what came of it in the period."""
    terminal.done("record priority 4100 1 2020 --title 'Digitaalisuus'")
    event = terminal.recorded("record priority 4100 1 2020Q2 'Laitteet hankittu.'")
    assert isinstance(event, PriorityReported)
    assert (event.number, event.text, event.effective) == (1, "Laitteet hankittu.", SECOND_QUARTER)


def test_a_priority_is_taken_up_and_reported_at_once(terminal: Terminal) -> None:
    """With both a title and a text, both are recorded, in one command."""
    assert terminal.done("record priority 4100 1 2020Q2 'Hankittu.' --title 'Digi'").splitlines() == [
        "#15 PrioritySet 4100 1 1.1.–31.12.2020",
        "#16 PriorityReported 4100 1 1.4.–30.6.2020",
    ]


def test_a_narrative_is_reported(terminal: Terminal) -> None:
    """`record narrative` reports on a period under a heading, for a programme and a part where there are any."""
    event = terminal.recorded(
        "record narrative HYV 2020Q2 'Ohjelmien toteutuminen' 'Kevät oli poikkeuksellinen.' "
        "--programme Elinvoima --part 2"
    )
    assert isinstance(event, NarrativeReported)
    assert (event.section, event.programme, event.part) == ("Ohjelmien toteutuminen", "Elinvoima", 2)
    assert (event.text, event.effective) == ("Kevät oli poikkeuksellinen.", SECOND_QUARTER)


def test_an_outlook_is_given(terminal: Terminal) -> None:
    """`record outlook` gives the estimate for the year at the end of a period."""
    event = terminal.recorded("record outlook 4100 'Talousarvio pitää.' --on 30.6.2020")
    assert isinstance(event, OutlookGiven)
    assert (event.text, event.effective) == ("Talousarvio pitää.", Period.of_day(date(2020, 6, 30)))


@pytest.mark.parametrize(
    ("value", "stored"), [("1 224", "1224"), ("-0,5", "-0.5"), ("29,2 %", "29.2"), ("-1 224,5", "-1224.5")]
)
def test_an_indicator_is_observed(terminal: Terminal, value: str, stored: str) -> None:
    """`record indicator` records a number as people write it, negative ones and split ones too."""
    event = terminal.recorded(f"record indicator 4000 2020Q2 Kirjastokäynnit {value} --measured-in kertaa")
    assert isinstance(event, IndicatorObserved)
    assert (event.name, event.value, event.measured_in) == ("Kirjastokäynnit", stored, "kertaa")


@pytest.mark.parametrize(
    ("before", "line", "sentence"),
    [
        (
            GOAL,
            GOAL,
            (
                "heinola: goal 410-1 of unit 410 is set already for 2020; choose another id, or add --revising and "
                '--reason "…" to word it anew'
            ),
        ),
        (
            GOAL,
            "record goal-status 410 410-2 2020Q2 achieved",
            "heinola: unit 410 has no goal 410-2 in 2020; its goals are 410-1",
        ),
        (
            GOAL,
            "record goal-withdrawal 410 410-1 --on 15.6.2020",
            'heinola: withdrawing a goal needs a reason; add --reason "…"',
        ),
        (None, "record priority 4100 1 2020Q2 'Valmis.'", "heinola: unit 4100 has no priority 1 in 2020"),
        (
            None,
            "record narrative HYV 2014Q2 Talous 'Teksti.'",
            "heinola: unit HYV exists only from 1.1.2015; 1.4.–30.6.2014 is before that, check the period or the unit",
        ),
        (
            None,
            "record outlook HYV 2014Q2 'Teksti.'",
            "heinola: unit HYV exists only from 1.1.2015; 1.4.–30.6.2014 is before that, check the period or the unit",
        ),
        (
            None,
            "record indicator HYV 2014Q2 Käynnit 5",
            "heinola: unit HYV exists only from 1.1.2015; 1.4.–30.6.2014 is before that, check the period or the unit",
        ),
    ],
)
def test_what_a_rule_refuses_is_refused(terminal: Terminal, before: str | None, line: str, sentence: str) -> None:
    """A refused goal, priority or text exits with 1, records nothing and says what there is instead."""
    if before:
        terminal.done(before)
    assert terminal.refused(line) == sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "record goal 410 410-1 2020",
            "heinola: the goal has no words; give them with --binding-goal",
        ),
        (
            "record goal-status 410 410-1 2020Q2 achived",
            (
                "heinola: unknown status 'achived'; did you mean achieved?; it is one of not_started (ei aloitettu, "
                "inte inlett), in_progress (käynnissä, pågår), achieved (toteutunut, uppnått), delayed (viivästynyt, "
                "försenat), not_achieved (ei toteutunut, inte uppnått), suspended (keskeytetty, avbrutet)"
            ),
        ),
        (
            "record priority 4100 1 2020 'Teksti' --metric Laitteita",
            "heinola: a metric goes with the title of a priority; add --title",
        ),
        (
            "record priority 4100 0 2020 --title Digi",
            "heinola: Invalid value for 'NUMBER': 0 is not in the range x>=1. See `heinola record priority --help`.",
        ),
        (
            "record indicator 4000 2020Q2 Käynnit monta",
            "heinola: 'monta' is not a number; write it such as 29,2 or 1 224",
        ),
    ],
)
def test_what_cannot_be_read_is_usage(terminal: Terminal, line: str, sentence: str) -> None:
    """What cannot be read exits with 2 and records nothing."""
    assert terminal.refused(line, code=2) == sentence
