"""Exactly the events behind a change: without them it is as it was, and none of them can be left out.

The oracle knows nothing of how they are found: it writes a log without the events into a store of its own, with the
read models made from nothing, takes the report there, and compares the value.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from heinola_es.domain.periods import parse_period
from heinola_es.errors import HeinolaError
from heinola_es.handlers import figures, goals, organisation
from heinola_es.handlers.coverage import complete_books
from heinola_es.handlers.session import run
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from projections.audit.diff import difference
from projections.audit.values import CHANGES, values_of
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from tests.city import CITY, MADE
from tests.projections.asking import record
from tests.projections.test_whole_values import DAY, SHARED, UNIT, Command, cities, living
from tests.servers import MEMORY
from tests.specification import events_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random
    from uuid import UUID

    from events.base import Event
    from projections.audit.diff import Change
    from projections.audit.values import Key

EXAMPLES = int(os.environ.get("HEINOLA_CAUSE_EXAMPLES", "12"))
QUERY = SnapshotQuery(period=parse_period("2020Q2"))
MOST = 6
"""So many of the changes of a log are looked into."""
COMPARED: Counter[str] = Counter()
LAST = datetime(2027, 1, 1, 9, 0, tzinfo=UTC)
NAMES = st.sampled_from(["sitova-1", "sitova-2"])
WORDS = st.sampled_from(["lukiokoulutus", "kirjasto", "liikunta"])
QUARTERS = st.sampled_from([parse_period(text) for text in ("2020Q1", "2020Q2", "6/2020")])


def command(handler: Any, *arguments: st.SearchStrategy[Any], **options: Any) -> st.SearchStrategy[Command]:  # noqa: ANN401
    """Return how a command is drawn."""
    drawn = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in options.items()}
    return st.builds(Command, st.just(handler), st.tuples(*arguments), st.fixed_dictionaries(drawn))


TOLD = (
    command(goals.set_goal, UNIT, st.just(2020), NAMES, binding_goal=WORDS),
    command(goals.update_goal_status, UNIT, QUARTERS, NAMES, st.sampled_from(["delayed", "achieved"]), WORDS),
    command(goals.withdraw_goal, UNIT, st.sampled_from([date(2020, 5, 1), date(2020, 8, 1)]), NAMES, reason="päätös"),
    command(goals.set_priority, UNIT, st.just(2020), st.integers(1, 2), WORDS),
    command(goals.report_priority, UNIT, QUARTERS, st.integers(1, 2), WORDS),
    command(goals.report_narrative, UNIT, QUARTERS, NAMES, WORDS, part=st.just(1)),
    command(goals.give_outlook, UNIT, QUARTERS, WORDS),
    command(goals.observe_indicator, UNIT, QUARTERS, WORDS, st.sampled_from(["1", "2.5"])),
    command(organisation.rename_unit, UNIT, DAY, WORDS),
    command(organisation.assign_responsible, UNIT, DAY, WORDS),
    command(
        organisation.establish_unit,
        st.sampled_from(["N1", "N2"]),
        DAY,
        name=WORDS,
        kind="unit",
        parent=UNIT,
    ),
)
"""What is recorded besides figures and changes of the organisation."""


class Case:
    """A log, and what changed in the report of the second quarter since a position of it."""

    def __init__(self, log: EventLog, older: int) -> None:
        self.events, self.location, self.older = events_in(log), log.location, older
        with LogReader.open(log.location) as reader:
            self.found = difference(reader, QUERY, older, len(self.events))

    def value(self, key: Key, left_out: frozenset[int]) -> Any:  # noqa: ANN401 - a value of a report
        """Return a value of the report of the log without some events, written into a store of its own.

        A decision is called by its position, which is another one where events before it are left out.
        """
        if key[0] in CHANGES:
            position = int(key[-1])
            if position in left_out:
                return None
            key = (*key[:-1], str(position - sum(at < position for at in left_out)))
        with TemporaryDirectory(dir=MEMORY) as folder:
            path = str(Path(folder, "without.db"))
            write(path, [event for at, event in enumerate(self.events, 1) if at not in left_out])
            with LogReader.open(path) as reader:
                try:
                    return values_of(take_snapshot(reader, QUERY)).get(key)
                except HeinolaError as error:  # what is left is no log
                    return error

    def flaws(self, change: Change) -> Iterator[str]:
        """Yield what is wrong with the causes of a change: that they do not undo it, or that one does not matter."""
        named = frozenset(entry.position for entry in change.entries)
        if not named:
            yield f"{change.key}: no event is named"
        if (without := self.value(change.key, named)) != change.old:
            yield f"{change.key}: without {sorted(named)} it is {without}, and it was {change.old}"
        for position in named:
            if self.value(change.key, named - {position}) == change.old:
                yield f"{change.key}: #{position} of {sorted(named)} makes no difference"


def write(path: str, events: list[Event]) -> None:
    """Write a log of some events, the first of which makes the store, into a new store; no rule looks at them."""
    versions: dict[UUID, int] = defaultdict(int)
    told = []
    for event in events[1:]:
        versions[event.originator_id] += 1
        told.append(evolve(event, originator_version=versions[event.originator_id]))
    with EventLog.create(path, CITY, now=MADE, by="controller") as log:
        request = Request("controller", clock_is_right=True)
        run(log, lambda: LAST, request, lambda session: session.pending.extend(told))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    city=cities(),
    history=st.lists(st.one_of(*SHARED, *TOLD), min_size=4, max_size=24),
    share=st.sampled_from([0, 0.3, 0.6, 0.9]),
    chance=st.randoms(use_true_random=False),
)
def test_the_events_behind_a_change_are_exactly_those(
    city: list[tuple[str, str, str | None, date]], history: list[Command], share: float, chance: Random
) -> None:
    """Without them the value is the old one; with any of them kept in the log it is not. For any commands."""
    with TemporaryDirectory(dir=MEMORY) as folder, living(Path(folder, "city.db"), city, history) as log:
        size = log.head().size
        case = Case(log, len(city) + 1 + int(share * (size - len(city) - 1)))
        told = [change for change in case.found.changes if change.events == len(change.entries)]
        COMPARED["changes"] += len(told)
        chosen = chance.sample(told, min(len(told), MOST))
        COMPARED["changes looked into"] += len(chosen)
        COMPARED["events named"] += sum(change.events for change in chosen)
        flaws = [flaw for change in chosen for flaw in case.flaws(change)]
    assert not flaws, "\n".join(flaws)


# ---------------------------------------------------------------- the case that was seen


@pytest.fixture
def areas(store: EventLog) -> EventLog:
    """Give a city in which unit 4160 moved, a status of another quarter was told, and then a posting came."""
    record(store, complete_books, parse_period("2020H1"), None)
    record(store, goals.set_goal, "4100", 2020, "tavoite", binding_goal="paranee")
    return store


def causes(store: EventLog, older: int) -> dict[Key, list[str]]:
    """Return the kinds of the events behind each change of the second quarter since a position."""
    with LogReader.open(store.location) as reader:
        found = difference(reader, QUERY, older, reader.size())
    return {change.key: [entry.topic for entry in change.entries] for change in found.changes}


def test_a_budget_is_whole_by_what_was_decided_in_time(store: EventLog) -> None:
    """That income has a budget of 0 is by the budget of services, and not by amendments decided after the year."""
    older = store.head().size
    record(store, figures.adopt_budget, "4160", "services", 2020, -20000, day=date(2020, 1, 1))
    for amount in (-300, -600):
        record(store, figures.amend_budget, "4160", "services", 2020, amount, day=date(2021, 1, 1))
    found = {key[2]: topics for key, topics in causes(store, older).items() if key[1] == "4160"}
    assert found == {key: ["BudgetAdopted"] for key in ("income", "expenses", "net")}


def test_what_is_known_of_a_closed_unit_is_by_no_new_name(store: EventLog) -> None:
    """A closed unit of which something is stated is known to have no more: a part of 0, by its closing."""
    record(store, organisation.establish_unit, "4190", date(2015, 1, 1), name="Opisto", kind="unit", parent="410")
    older = store.head().size
    record(store, figures.state_figure, "4190", "income", parse_period("2020H1"), "actual", 70000)
    record(store, organisation.close_unit, "4190", date(2019, 12, 31))
    record(store, organisation.rename_unit, "410", date(2020, 7, 1), "kirjasto")
    found = causes(store, older)
    assert "UnitRenamed" not in {topic for key, topics in found.items() if key[0] == "figure" for topic in topics}
    assert found["figure", "410", "expenses", "actual"] == ["UnitClosed"]


def test_what_came_between_is_not_blamed(areas: EventLog) -> None:
    """A move after the period's end and a status of another quarter make no difference: the posting alone did it."""
    older = areas.head().size
    record(areas, organisation.move_unit, "4160", date(2020, 7, 1), "400")
    record(areas, goals.update_goal_status, "4100", parse_period("2020Q1"), "tavoite", "delayed")
    record(areas, figures.post_actual, "4160", "personnel", parse_period("5/2020"), -100)
    told = causes(areas, older)
    assert ("figure", "410", "expenses", "actual") in told
    assert {tuple(topics) for topics in told.values()} == {("ActualPosted",)}


def test_a_move_and_a_merge_are_named(areas: EventLog) -> None:
    """Where a unit went elsewhere, its going is what took its amounts out of one area and into another."""
    record(areas, figures.post_actual, "4160", "personnel", parse_period("5/2020"), -100)
    older = areas.head().size
    record(areas, organisation.move_unit, "4160", date(2020, 6, 1), "400")
    told = causes(areas, older)
    assert told["figure", "410", "expenses", "actual"] == ["UnitMoved"]
    assert told["figure", "400", "expenses", "actual"] == ["UnitMoved"]
    assert ("figure", "HYV", "expenses", "actual") not in told


def test_a_posting_that_lets_closed_months_count_is_named(store: EventLog) -> None:
    """A unit that reports totals posts, and its books are closed: they are covered since anything is posted at all.

    So without the closing nothing is whole; or else without every posting, that of a later month included.
    """
    record(store, figures.state_figure, "4160", "expenses", parse_period("2019"), "actual", -9_00)
    older = store.head().size
    for line, month, cents in (("personnel", "1/2020", -5_00), ("fees", "9/2020", 1_00), ("services", "3/2020", -3_00)):
        record(store, figures.post_actual, "4160", line, parse_period(month), cents)
    record(store, figures.close_period, parse_period("2020H1"), "4160")
    told = causes(store, older)
    assert told["figure", "4160", "expenses", "actual"] in (["PeriodClosed"], ["ActualPosted"] * 3)


def test_a_posting_of_another_line_is_not_named_for_a_known_part(store: EventLog) -> None:
    """It books months, as what is in the cell does too; without that the known part is the old one, whatever else."""
    record(store, figures.post_actual, "4100", "personnel", parse_period("6/2020"), -3_00)
    older = store.head().size
    record(store, figures.post_actual, "4160", "personnel", parse_period("2020Q2"), -2_00)
    record(store, figures.post_actual, "4100", "sales", parse_period("2020Q2"), 1_00)
    record(store, figures.post_actual, "4100", "fees", parse_period("2020Q2"), 4_00)
    assert causes(store, older)["figure", "HYV", "sales", "actual"] == ["ActualPosted"]


if __name__ == "__main__":
    test_the_events_behind_a_change_are_exactly_those()
    print(dict(COMPARED))  # noqa: T201 - a script
