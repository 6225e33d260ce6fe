"""A reporting round: opened, handed in, sent back, accepted, closed; and what is refused on the way."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve

from events.forecasts import ForecastGiven
from events.goals import GoalSet, GoalStatusUpdated
from events.rounds import PartAccepted, PartReturned, PartSubmitted, RoundClosed, RoundOpened
from heinola_es.domain.aggregates.base import ReasonRequired
from heinola_es.domain.aggregates.round import AcceptedBefore, DueBeforeEnd, NoRound, NotInRound, NotSubmitted, OwnWork
from heinola_es.domain.aggregates.unit import NothingChanges
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.rounds import accept_parts, close_round, open_round, return_parts, submit_parts
from heinola_es.handlers.session import UnknownUnit
from tests.specification import ACTOR, CITY_FACTS, fact

if TYPE_CHECKING:
    from events.base import Event
    from tests.specification import Given

QUARTER = parse_period("2020Q3")
DUE = date(2020, 10, 15)
OPENED = fact(RoundOpened, "2020Q3", due=DUE, units=("4030", "4160"))
SUBMITTED = fact(PartSubmitted, "2020Q3", unit="4160")
ACCEPTED = fact(PartAccepted, "2020Q3", unit="4160")


def by_rector(event: Event) -> Event:
    """Return an event that somebody else recorded."""
    return evolve(event, recorded_by="rehtori")


def test_a_round_asks_units_to_report_by_a_day(given: Given) -> None:
    """The units exist, and the day is after the period. Again the same is nothing; another day is another."""
    asked = given(*CITY_FACTS)
    asked.when(open_round, QUARTER, DUE, ("4030", "4160"), four_eyes=None).then(OPENED)
    asked.when(open_round, QUARTER, DUE, ("4030", "nobody"), four_eyes=None).refused(UnknownUnit, "nobody")
    asked.when(open_round, QUARTER, date(2020, 9, 30), ("4030",), four_eyes=None).refused(
        DueBeforeEnd, "30.9.2020 is not after the period 1.7.–30.9.2020; give the day by which it is reported on"
    )
    asked.when(open_round, QUARTER, DUE, (), four_eyes=None).refused(NotInRound, "no unit reports on 1.7.–30.9.2020")
    opened = given(*CITY_FACTS, OPENED)
    opened.when(open_round, QUARTER, DUE, ("4030", "4160"), four_eyes=None).refused(
        NothingChanges, "is open so already"
    )
    later = date(2020, 10, 20)
    opened.when(open_round, QUARTER, later, ("4030", "4160"), four_eyes=None).then(
        fact(RoundOpened, "2020Q3", due=later, units=("4030", "4160"))
    )


def test_a_part_is_handed_in_sent_back_and_accepted(given: Given) -> None:
    """Each step follows from the one before, and no other."""
    given(*CITY_FACTS, OPENED).when(submit_parts, QUARTER, ("4160",)).then(SUBMITTED)
    opened = given(*CITY_FACTS, OPENED)
    opened.when(accept_parts, QUARTER, ("4160",)).refused(NotSubmitted, "was not handed in yet")
    opened.when(return_parts, QUARTER, ("4160",), reason="liian lyhyt").refused(NotSubmitted, "was not handed in yet")
    opened.when(accept_parts, QUARTER, ()).refused(NotSubmitted, "nothing of the round 1.7.–30.9.2020 is handed in")
    handed_in = given(*CITY_FACTS, OPENED, SUBMITTED)
    handed_in.when(submit_parts, QUARTER, ("4160",)).refused(NothingChanges, "has handed in its part")
    handed_in.when(return_parts, QUARTER, ("4160",)).refused(ReasonRequired, "sending a part back needs a reason")
    returned = fact(PartReturned, "2020Q3", unit="4160", reason="liian lyhyt")
    handed_in.when(return_parts, QUARTER, ("4160",), reason="liian lyhyt").then(returned)
    given(*CITY_FACTS, OPENED, SUBMITTED).when(accept_parts, QUARTER, ()).then(ACCEPTED)
    back = given(*CITY_FACTS, OPENED, SUBMITTED, returned)
    back.when(accept_parts, QUARTER, ("4160",)).refused(NotSubmitted, "was sent back, and not handed in since")
    back.when(submit_parts, QUARTER, ("4160",)).then(SUBMITTED)
    accepted = given(*CITY_FACTS, OPENED, SUBMITTED, ACCEPTED)
    accepted.when(accept_parts, QUARTER, ("4160",)).refused(NothingChanges, "is accepted already")
    accepted.when(submit_parts, QUARTER, ("4160",)).refused(AcceptedBefore, "let it be sent back with")
    accepted.when(return_parts, QUARTER, ("4160",), reason="virhe").then(
        fact(PartReturned, "2020Q3", unit="4160", reason="virhe")
    )


def test_only_who_is_asked_reports_and_only_while_it_is_open(given: Given) -> None:
    """A unit that is not in the round, and a round that is closed or never was, take nothing."""
    given(*CITY_FACTS).when(submit_parts, QUARTER, ("4160",)).refused(NoRound, "was never opened; open it with")
    opened = given(*CITY_FACTS, OPENED)
    opened.when(submit_parts, QUARTER, ("4100",)).refused(NotInRound, "unit 4100 does not report in the round")
    opened.when(close_round, QUARTER).then(fact(RoundClosed, "2020Q3"))
    closed = given(*CITY_FACTS, OPENED, fact(RoundClosed, "2020Q3"))
    closed.when(submit_parts, QUARTER, ("4160",)).refused(NoRound, "is closed; open it with")
    closed.when(close_round, QUARTER).refused(NoRound, "is closed")
    closed.when(open_round, QUARTER, DUE, ("4030", "4160"), four_eyes=None).then(OPENED)


def test_two_pairs_of_eyes(given: Given) -> None:
    """Where four eyes are asked for, nobody accepts what they handed in, or a text that they recorded themselves."""
    strict = fact(RoundOpened, "2020Q3", due=DUE, units=("4160",), four_eyes=True)
    told = (
        fact(GoalSet, "2020", unit="4160", goal="4160-1", binding_goal="Läpäisy"),
        fact(GoalStatusUpdated, "2020Q3", unit="4160", goal="4160-1", status="achieved"),
    )
    given(*CITY_FACTS, strict, SUBMITTED).when(accept_parts, QUARTER, ("4160",)).refused(
        OwnWork, f"{ACTOR} recorded or handed in some of the part of unit 4160"
    )
    by_another = by_rector(SUBMITTED)
    given(*CITY_FACTS, *told, strict, by_another).when(accept_parts, QUARTER, ("4160",)).refused(OwnWork, ACTOR)
    given(*CITY_FACTS, *map(by_rector, told), strict, by_another).when(accept_parts, QUARTER, ("4160",)).then(ACCEPTED)
    forecast = fact(ForecastGiven, "2020Q3", unit="4160", line="sales", amount_cents=1)
    given(*CITY_FACTS, forecast, strict, by_another).when(accept_parts, QUARTER, ("4160",)).refused(OwnWork, ACTOR)
    opened = given(*CITY_FACTS, strict)
    opened.when(open_round, QUARTER, date(2020, 10, 20), ("4160",), four_eyes=None).then(
        fact(RoundOpened, "2020Q3", due=date(2020, 10, 20), units=("4160",), four_eyes=True)
    )
