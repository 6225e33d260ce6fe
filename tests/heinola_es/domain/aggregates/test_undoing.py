"""Undoing: what some commands recorded counts no more, as if they had not been given; and the way back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pytest

from events.codec import decode_event
from events.figures import ActualPosted, FigureStated, PeriodClosed, PeriodReopened, StatementWithdrawn
from events.goals import GoalSet, GoalStatusUpdated
from events.language import EVENT_TYPES
from events.organisation import UnitEstablished, UnitMoved
from events.projects import ProjectLaunched, ProjectProgressReported
from events.streams import topics_of
from events.undoing import FactsUndone
from heinola_es.domain.aggregates.base import ReasonRequired, Stamp, UndoneBefore
from heinola_es.domain.aggregates.project import UnknownProject
from heinola_es.domain.aggregates.unit_year import CountedTwice, PeriodIsClosed
from heinola_es.domain.periods import parse_date, parse_period
from heinola_es.errors import BadInput
from heinola_es.handlers.asked_again import FACTS, World
from heinola_es.handlers.figures import (
    close_period,
    post_actual,
    reopen_period,
    state_figure,
    withdraw_statement,
)
from heinola_es.handlers.goals import set_goal, update_goal_status
from heinola_es.handlers.organisation import establish_unit, move_unit, rename_unit
from heinola_es.handlers.projects import launch_project, report_progress
from heinola_es.handlers.session import UnknownUnit
from heinola_es.handlers.undoing import CannotComeBack, CutsCommand, NotUndoable, RestsOnIt, undo
from tests.city import UNITS
from tests.specification import ACTOR, CITY_FACTS, NOW, fact

if TYPE_CHECKING:
    from events.base import Event
    from heinola_es.store.log import EventLog
    from tests.specification import Given, Situation

SAMPLES = sorted((Path(__file__).resolve().parents[3] / "stored_events").iterdir())
JULY = parse_period("7/2020")
HALF = parse_period("1-6/2020")
WHY = "väärä yksikkö"
FIRST = len(UNITS) + 2
"""Position of the first event after the city's."""
DAY = parse_date("1.1.2020")


def undone(stream: str, effective: str, versions: tuple[int, int], positions: tuple[int, int]) -> Event:
    """Return the event that undoes one run of events."""
    return fact(FactsUndone, effective, reason=WHY, stream=stream, undoes=(versions,), positions=(positions,))


def posted(given: Given) -> Situation:
    """Let one posting be recorded, at `FIRST`."""
    return (
        given(*CITY_FACTS)
        .when(post_actual, "4160", "fees", JULY, 10_00)
        .then(fact(ActualPosted, "7/2020", unit="4160", line="fees", amount_cents=10_00))
    )


def test_what_is_undone_counts_no_more(given: Given) -> None:
    """The account is free again: the right amount is recorded as if the wrong one had not been."""
    wrong = undone("unit-year/4160/2020", "7/2020", (1, 1), (FIRST, FIRST))
    situation = posted(given).when(undo, [(FIRST, FIRST)], reason=WHY).then(wrong)

    situation.when(post_actual, "4160", "fees", JULY, 20_00).then(
        fact(ActualPosted, "7/2020", unit="4160", line="fees", amount_cents=20_00)
    )


def test_an_undoing_can_be_undone(given: Given) -> None:
    """Then what it undid counts again, and is in the way of another posting."""
    situation = (
        posted(given)
        .when(undo, [(FIRST, FIRST)], reason=WHY)
        .then(undone("unit-year/4160/2020", "7/2020", (1, 1), (FIRST, FIRST)))
        .when(undo, [(FIRST + 1, FIRST + 1)], reason=WHY)
        .then(undone("unit-year/4160/2020", "7/2020", (2, 2), (FIRST + 1, FIRST + 1)))
    )
    situation.when(post_actual, "4160", "fees", JULY, 20_00).refused(CountedTwice, "is 10 already")
    situation.when(undo, [(FIRST + 1, FIRST + 1)], reason=WHY).refused(
        UndoneBefore, f"was undone already, by #{FIRST + 2}"
    )


def test_a_reason_is_needed(given: Given) -> None:
    """Whoever undoes something says why."""
    posted(given).when(undo, [(FIRST, FIRST)]).refused(ReasonRequired, "undoing something needs a reason")


def test_nothing_is_undone_twice(given: Given) -> None:
    """The sentence says what undid it, and how it comes back."""
    situation = (
        posted(given)
        .when(undo, [(FIRST, FIRST)], reason=WHY)
        .then(undone("unit-year/4160/2020", "7/2020", (1, 1), (FIRST, FIRST)))
    )
    said = f"#{FIRST} was undone already, by #{FIRST + 1}; to bring it back, undo that: heinola undo '#{FIRST + 1}'"
    situation.when(undo, [(FIRST, FIRST)], reason=WHY).refused(UndoneBefore, said)


@pytest.mark.parametrize("position", [0, FIRST + 1, 10**15])
def test_a_position_outside_the_log_is_none(given: Given, position: int) -> None:
    """The sentence says which there are."""
    said = f"there is no event #{position}; the log has #1 to #{FIRST}"
    posted(given).when(undo, [(position, position)], reason=WHY).refused(BadInput, said)


def test_the_store_itself_is_not_undone(given: Given) -> None:
    """Its first event makes it."""
    posted(given).when(undo, [(1, 1)], reason=WHY).refused(NotUndoable, "#1 is about the store itself")


def test_a_position_stands_for_its_command(given: Given) -> None:
    """All that was recorded together is undone together; a range that cuts it is refused, and says what it cuts."""
    closed = fact(PeriodClosed, "7/2020", unit="4100")
    situation = given(*CITY_FACTS).when(close_period, JULY, "4100").then(closed)
    city = f"#2–#{FIRST - 1}"
    said = f"#2–#3 cuts what was recorded by one command, {city}; take all of it, or none"
    situation.when(undo, [(2, 3)], reason=WHY).refused(CutsCommand, said)
    situation.when(undo, [(3, 2)], reason=WHY).refused(BadInput, "#3–#2 runs backwards")
    situation.when(undo, [(3, 3)], reason=WHY).refused(RestsOnIt, f"1 later event rests on {city}")


class TestWhatRestsOnIt:
    """Later facts that could not have been recorded without."""

    def goal(self, given: Given) -> Situation:
        """Let a goal be set, and a status be reported."""
        return (
            given(*CITY_FACTS)
            .when(set_goal, "4160", 2020, "4160-1", binding_goal="Hyvä vuosi")
            .then(fact(GoalSet, "2020", unit="4160", goal="4160-1", binding_goal="Hyvä vuosi"))
            .when(update_goal_status, "4160", JULY, "4160-1", "achieved")
            .then(fact(GoalStatusUpdated, "7/2020", unit="4160", goal="4160-1", status="achieved"))
        )

    def test_is_named_and_refused(self, given: Given) -> None:
        """With what recording it would be refused with now."""
        said = (
            f"1 later event rests on #{FIRST}; undo it first, or all together with --with-what-rests-on-it; nothing "
            f"was recorded\n  #{FIRST + 1} GoalStatusUpdated 1.7.–31.7.2020: unit 4160 has no goal 4160-1 in 2020"
        )
        self.goal(given).when(undo, [(FIRST, FIRST)], reason=WHY).refused(RestsOnIt, said)

    def test_is_taken_along_where_asked_for(self, given: Given) -> None:
        """One event for each stream."""
        both = fact(
            FactsUndone,
            "2020",
            reason=WHY,
            stream="unit-year/4160/2020",
            undoes=((1, 2),),
            positions=((FIRST, FIRST + 1),),
        )
        self.goal(given).when(undo, [(FIRST, FIRST)], reason=WHY, with_what_rests_on_it=True).then(both)

    def test_may_be_undone_first(self, given: Given) -> None:
        """What is undone rests on nothing any more."""
        (
            self.goal(given)
            .when(undo, [(FIRST + 1, FIRST + 1)], reason=WHY)
            .then(undone("unit-year/4160/2020", "7/2020", (2, 2), (FIRST + 1, FIRST + 1)))
            .when(undo, [(FIRST, FIRST)], reason=WHY)
            .then(undone("unit-year/4160/2020", "2020", (1, 1), (FIRST, FIRST)))
        )

    def test_what_is_recorded_of_a_unit(self, given: Given) -> None:
        """It rests on the unit's being there: figures, units below, projects, moves."""
        situation = given(*CITY_FACTS)
        new = {"code": "4190", "name": "Kansalaisopisto", "kind": "unit", "parent": "410"}
        below = {"code": "4191", "name": "Kurssit", "kind": "unit", "parent": "4190"}
        situation.when(establish_unit, "4190", DAY, name=new["name"], kind="unit", parent="410").then(
            fact(UnitEstablished, "1.1.2020", **new)
        ).when(establish_unit, "4191", DAY, name="Kurssit", kind="unit", parent="4190").then(
            fact(UnitEstablished, "1.1.2020", **below)
        ).when(post_actual, "4191", "fees", JULY, 5_00).then(
            fact(ActualPosted, "7/2020", unit="4191", line="fees", amount_cents=5_00)
        ).when(move_unit, "4160", parse_date("1.8.2020"), "4190").then(
            fact(UnitMoved, "1.8.2020", code="4160", parent="4190")
        )
        outcome = situation.when(undo, [(FIRST, FIRST)], reason=WHY)
        assert [line.split(":")[0] for line in str(outcome.error).splitlines()[1:]] == [
            f"  #{FIRST + 1} UnitEstablished 1.1.2020",
            f"  #{FIRST + 2} ActualPosted 1.7.–31.7.2020",
            f"  #{FIRST + 3} UnitMoved 1.8.2020",
        ]
        outcome.refused(RestsOnIt, f"3 later events rest on #{FIRST}; undo them first")

    def test_what_is_reported_of_a_project(self, given: Given) -> None:
        """It rests on its launch."""
        launched = fact(ProjectLaunched, "2020", project="Silta", unit="4100")
        reported = fact(ProjectProgressReported, "7/2020", project="Silta", percent="50", text="")
        situation = (
            given(*CITY_FACTS)
            .when(launch_project, "Silta", parse_period("2020"), "4100")
            .then(launched)
            .when(report_progress, "Silta", JULY, "50")
            .then(reported)
        )
        situation.when(undo, [(FIRST, FIRST)], reason=WHY).refused(RestsOnIt, "there is no project 'Silta'")
        situation.when(undo, [(FIRST, FIRST)], reason=WHY, with_what_rests_on_it=True).then(
            fact(
                FactsUndone,
                "2020",
                reason=WHY,
                stream="project/Silta",
                undoes=((1, 2),),
                positions=((FIRST, FIRST + 1),),
            )
        )
        situation.when(report_progress, "Silta", JULY, "50").refused(UnknownProject, "unknown project 'Silta'")


def stated(given: Given) -> Situation:
    """Let a total be stated and withdrawn, and then be posted into."""
    total = fact(FigureStated, HALF, unit="4160", line="fees", measure="actual", amount_cents=60_00)
    return (
        given(*CITY_FACTS)
        .when(state_figure, "4160", "fees", HALF, "actual", 60_00)
        .then(total)
        .when(withdraw_statement, "4160", "fees", HALF, "actual", reason=WHY)
        .then(fact(StatementWithdrawn, HALF, reason=WHY, unit="4160", line="fees", measure="actual"))
        .when(post_actual, "4160", "fees", parse_period("3/2020"), 1_00)
        .then(fact(ActualPosted, "3/2020", unit="4160", line="fees", amount_cents=1_00))
    )


def test_what_a_withdrawal_made_room_for_rests_on_it(given: Given) -> None:
    """Undone, the total would hold again, and have the posting in it twice."""
    stated(given).when(undo, [(FIRST + 1, FIRST + 1)], reason=WHY).refused(RestsOnIt, "would be counted twice")


def test_what_is_in_closed_books_stays(given: Given) -> None:
    """As recording into them is refused, in the same words; once reopened they are open to undoing, too."""
    closed = fact(PeriodClosed, "7/2020", unit="4160")
    situation = posted(given).when(close_period, JULY, "4160").then(closed)
    situation.when(undo, [(FIRST, FIRST)], reason=WHY).refused(
        PeriodIsClosed, "the books of unit 4160 for 1.7.–31.7.2020 are closed; reopen them first"
    )
    situation.when(reopen_period, JULY, "4160", reason=WHY).then(
        fact(PeriodReopened, "7/2020", reason=WHY, unit="4160")
    ).when(undo, [(FIRST, FIRST)], reason=WHY).then(undone("unit-year/4160/2020", "7/2020", (1, 1), (FIRST, FIRST)))


def test_what_cannot_come_back_is_refused(given: Given) -> None:
    """What it rested on was undone since."""
    status = TestWhatRestsOnIt().goal(given)
    situation = (
        status.when(undo, [(FIRST + 1, FIRST + 1)], reason=WHY)
        .then(undone("unit-year/4160/2020", "7/2020", (2, 2), (FIRST + 1, FIRST + 1)))
        .when(undo, [(FIRST, FIRST)], reason=WHY)
        .then(undone("unit-year/4160/2020", "2020", (1, 1), (FIRST, FIRST)))
    )
    situation.when(undo, [(FIRST + 2, FIRST + 2)], reason=WHY).refused(
        CannotComeBack, f"#{FIRST + 1} GoalStatusUpdated cannot come back: unit 4160 has no goal 4160-1 in 2020"
    )


def test_what_was_recorded_in_its_place_rests_on_the_undoing(given: Given) -> None:
    """To bring the wrong amount back, the right one has to go first."""
    situation = (
        posted(given)
        .when(undo, [(FIRST, FIRST)], reason=WHY)
        .then(undone("unit-year/4160/2020", "7/2020", (1, 1), (FIRST, FIRST)))
        .when(post_actual, "4160", "fees", JULY, 20_00)
        .then(fact(ActualPosted, "7/2020", unit="4160", line="fees", amount_cents=20_00))
    )
    situation.when(undo, [(FIRST + 1, FIRST + 1)], reason=WHY).refused(RestsOnIt, "this would count its days twice")


def test_a_unit_established_by_mistake_leaves_its_code_free(given: Given) -> None:
    """It is unknown, and another can be established with the code."""
    made = {"code": "4190", "kind": "unit", "parent": "410"}
    situation = (
        given(*CITY_FACTS)
        .when(establish_unit, "4190", DAY, name="Kasnalaisopisto", kind="unit", parent="410")
        .then(fact(UnitEstablished, "1.1.2020", name="Kasnalaisopisto", **made))
        .when(undo, [(FIRST, FIRST)], reason=WHY)
        .then(undone("unit/4190", "1.1.2020", (1, 1), (FIRST, FIRST)))
    )
    situation.when(rename_unit, "4190", DAY, "Opisto").refused(UnknownUnit, "unknown unit '4190'")
    situation.when(establish_unit, "4190", DAY, name="Kansalaisopisto", kind="unit", parent="410").then(
        fact(UnitEstablished, "1.1.2020", name="Kansalaisopisto", **made)
    )


NEVER = {"StoreInitialised", "StoreUpgraded", "CommandKeyed", "ReportPublished", *topics_of("rounds", "roles", "keys")}
"""What cannot be undone: the store, its keys and those of its commands, what was handed out, the steps of a round."""


@pytest.mark.in_a_file
@pytest.mark.parametrize("event_type", EVENT_TYPES, ids=lambda event_type: event_type.TOPIC)
def test_every_kind_of_event_can_be_undone_or_says_why_not(event_type: type[Event]) -> None:
    """A kind that nobody thought of would be recorded by mistake for good: it is a fact, an undoing, or one of few."""
    assert (event_type in FACTS) + (event_type is FactsUndone) + (event_type.TOPIC in NEVER) == 1


@pytest.mark.in_a_file
@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_every_kind_of_fact_is_asked_again(store: EventLog, path: Path) -> None:
    """Of each it is known what command would record it, and so what it rests on: here, as a rule, on a unit."""
    told = orjson.loads(path.read_bytes())
    event: Any = decode_event(told["topic"], UUID(told["stream"]), 1, orjson.loads(told["body"]))
    if type(event) not in FACTS:
        assert event.TOPIC in {*NEVER, "FactsUndone"}
        return
    stamp = Stamp(NOW, ACTOR, reason=WHY)
    world = World(log=store, chart=store.chart(), stamp=stamp, dead=(), at=0)
    refusal = world.refusal(event)
    on_nothing = {"UnitEstablished", "FileImported", "CityNamed"}
    on_nothing |= {"ChartAdopted"} if getattr(event, "from_year", None) else set()  # the first comes with the store
    assert (refusal is None) == (event.TOPIC in on_nothing and not getattr(event, "parent", None))
    assert world.pending == []
