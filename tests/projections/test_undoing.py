"""What was undone counts nowhere: whatever is asked, the answer is that of a log that never had it."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import event, given, settings
from hypothesis import strategies as st

from events.period import Period
from events.ranges import numbers_of, undone_by
from events.undoing import FactsUndone
from heinola_es.domain.aggregates.base import UndoneBefore
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.errors import HeinolaError
from heinola_es.handlers import coverage, figures, goals, organisation, projects
from heinola_es.handlers.undoing import CannotComeBack, undo
from heinola_es.store.reading import LogReader
from projections.audit.diff import difference
from projections.audit.explain import explain
from projections.audit.listing import KINDS, Asked, listing
from projections.audit.values import values_of
from projections.read_models.without import undone
from projections.snapshot.encoding import as_json
from projections.snapshot.taking import SnapshotQuery, look, take_snapshot
from tests.projections.asking import LATER, copy_of_log, record
from tests.projections.histories import (
    BEGUN_AT,
    CORRECTING_COMMANDS,
    FIGURE_COMMANDS,
    ORGANISATION_COMMANDS,
    OTHER_COMMANDS,
    Given,
    living_city,
    segments_of,
)
from tests.specification import events_in, numbered

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

    from events.base import Event
    from heinola_es.store.log import EventLog
    from projections.audit.values import Key

MANY = int(os.environ.get("HEINOLA_UNDOINGS", "40"))
"""How many random logs are undone in a run of the suite; any number for a change to the rules themselves."""

PERIODS = ("15.6.2020", "2020Q4")
NEW_UNITS = st.builds(
    Given,
    st.integers(0, 2),
    st.just(organisation.establish_unit),
    st.tuples(st.sampled_from(["4190", "4191"]), st.sampled_from([date(2020, 1, 1), date(2020, 6, 1)])),
    st.fixed_dictionaries(
        {"name": st.just("Opisto"), "kind": st.just("unit"), "parent": st.sampled_from(["410", "4190", "4000"])}
    ),
)
IN_NEW_UNITS = st.builds(
    Given,
    st.integers(0, 2),
    st.just(figures.post_actual),
    st.tuples(
        st.sampled_from(["4190", "4191"]),
        st.just("sales"),
        st.sampled_from([Period.of_months(2020, 6, 6), Period.of_months(2020, 8, 8)]),
        st.integers(-1_000, 1_000),
    ),
    st.just({"contra": True}),
)
WITHOUT_MEANING_IT = st.builds(
    Given,
    st.integers(0, 2),
    st.just(figures.post_actual),
    st.tuples(
        st.sampled_from(["4160", "4100"]),
        st.sampled_from(["sales", "personnel"]),
        st.sampled_from([Period.of_months(2020, 6, 6), Period.of_months(2020, 4, 6)]),
        st.integers(1, 1_000),
    ),
    st.just({"contra": True}),
)
UNDOINGS = st.builds(
    Given,
    st.integers(0, 2),
    st.just(undo),
    st.tuples(st.integers(0, 40)),
    st.fixed_dictionaries({"with_what_rests_on_it": st.booleans(), "reason": st.just("erehdys")}),
)
KINDS_OF_COMMANDS = (
    FIGURE_COMMANDS,
    WITHOUT_MEANING_IT,
    ORGANISATION_COMMANDS,
    OTHER_COMMANDS,
    CORRECTING_COMMANDS,
    NEW_UNITS,
    IN_NEW_UNITS,
    UNDOINGS,
    UNDOINGS,
    UNDOINGS,
)
HISTORIES = st.lists(st.sampled_from(KINDS_OF_COMMANDS).flatmap(lambda kind: kind), min_size=6, max_size=24)
"""First a kind is drawn, and then a command of it: there are many of some kinds, and nothing is undone else."""
Answers = dict[str, Any]
_POSITION = re.compile(r"#(\d+)")


def answers(location: str, periods: Sequence[str] = PERIODS, upto: int | None = None) -> Answers:
    """Return what is told of a store: reports, lists, and the trees of some cells."""
    found: Answers = {}
    with LogReader.open(location) as reader:
        for period in periods:
            query = SnapshotQuery(period=parse_reporting_period(period), all_lines=True, position=upto)
            found[period] = as_json(take_snapshot(reader, query))
        if upto is None:
            asked = Asked(on=date(2020, 12, 31), today=date(2020, 7, 1))
            found |= {kind: listing(reader, kind, asked).rows for kind in KINDS if kind != "publications"}
            query = SnapshotQuery(period=parse_reporting_period("2020Q2"))
            view = look(reader, query)
            for unit in ("HYV", "4160", "4190"):
                if unit in view.organisation.units:
                    for column in ("actual", "budget"):
                        found[f"{unit} {column}"] = explain(view, query, unit, "income", column).as_json()
    return found


def elsewhere(told: Any, places: dict[int, int]) -> Any:  # noqa: ANN401 - JSON values
    """Return answers with the positions that the events have in another log, without when they were recorded."""
    if isinstance(told, dict):
        return {
            name: _moved(value, places) if "position" in name or name == "cut" else elsewhere(value, places)
            for name, value in told.items()
            if name not in {"recorded", "version", "stream", "login"}
        }
    if isinstance(told, str):  # `#15 ActualPosted`
        return _POSITION.sub(lambda found: f"#{places.get(int(found[1]), int(found[1]))}", told)
    return [elsewhere(value, places) for value in told] if isinstance(told, list | tuple) else told


def _moved(value: Any, places: dict[int, int]) -> Any:  # noqa: ANN401 - JSON values
    if isinstance(value, int):
        return places.get(value, value)
    return [_moved(one, places) for one in value] if isinstance(value, list | tuple) else value


def live_through(log: EventLog, history: Sequence[Given]) -> dict[int, Answers]:
    """Give the commands of a history; return what was told before each undoing, by the position it was told at."""
    known: dict[int, Answers] = {}
    founded_at = log.head().size
    for number, command in enumerate(history):
        arguments, now = command.arguments, BEGUN_AT + timedelta(minutes=number)
        size = log.head().size
        if command.handler is undo:
            wanted = founded_at + 1 + int(str(arguments[0])) % max(1, size - founded_at)
            arguments = ([(wanted, wanted)],)
            known[size] = answers(log.location, ("2020Q2",), size)
        try:
            record(log, command.handler, *arguments, now=now, **command.options)
        except HeinolaError as error:
            event(f"{command.handler.__name__} refused: {type(error).__name__}")
        else:
            event(f"{command.handler.__name__} recorded")
    return known


def without_what_was_undone(log: EventLog) -> tuple[list[Event], dict[int, int]]:
    """Return the facts of a log that count, as if nothing else had been recorded, and where they stand by position."""
    with LogReader.open(log.location) as reader:
        gone = undone(reader, reader.size())
    kept = {
        position: fact
        for position, fact in enumerate(events_in(log), 1)
        if position not in gone and not isinstance(fact, FactsUndone)
    }
    unnamed = (evolve(fact, login="") for fact in kept.values())
    return numbered(unnamed), {position: place for place, position in enumerate(kept, 1)}


def require_as_if_never_recorded(log: EventLog, known: dict[int, Answers], other: Path) -> None:
    """Demand that a log tells what one without the undone tells, and of earlier positions what it told then."""
    facts, places = without_what_was_undone(log)
    told, told_elsewhere = answers(log.location), answers(str(copy_of_log(facts, other)))
    size = log.head().size
    assert elsewhere(told, places | {size: len(facts)}) == elsewhere(told_elsewhere, {})
    for position, then in known.items():
        assert answers(log.location, ("2020Q2",), position) == then


@settings(max_examples=MANY)
@given(history=HISTORIES, segment=st.sampled_from([1, 3, 7, 50_000]))
def test_any_history_with_undoings_is_that_without_what_they_undid(
    founded: Path, history: list[Given], segment: int
) -> None:
    """Whatever is recorded, and whatever of it is undone, in any order, undoings too."""
    with segments_of(segment), living_city(founded) as log, TemporaryDirectory() as folder:
        known = live_through(log, history)
        require_as_if_never_recorded(log, known, Path(folder, "never.db"))


def value_without(events: Sequence[Event], key: Key, left_out: set[int], older: int) -> Any:  # noqa: ANN401 - a value of a report
    """Return a value of the report of a log that never had some events, written into a store of its own.

    Without an event that undid others, those of them that were recorded after `older` are not there either.
    """
    undoings = {at: one for at, one in enumerate(events, 1) if isinstance(one, FactsUndone)}
    taken = {target for at in left_out & undoings.keys() for target in numbers_of(undoings[at].positions)}
    left_out = left_out | {at for at in taken if at > older}
    gone = undone_by((at, one.positions) for at, one in undoings.items() if at not in left_out)
    kept = [
        evolve(one, login="")
        for at, one in enumerate(events, 1)
        if at not in left_out and at not in gone and at not in undoings
    ]
    with TemporaryDirectory() as folder:
        try:
            with LogReader.open(str(copy_of_log(numbered(kept), Path(folder, "without.db")))) as reader:
                return values_of(take_snapshot(reader, SnapshotQuery(period=parse_reporting_period("2020Q2")))).get(key)
        except HeinolaError as error:  # what is left is no log
            return error


@settings(max_examples=max(8, MANY // 6))
@given(history=HISTORIES, share=st.sampled_from([0, 0.3, 0.6, 0.9]), chance=st.randoms(use_true_random=False))
def test_a_difference_names_exactly_what_did_it(
    founded: Path, history: list[Given], share: float, chance: Random
) -> None:
    """Undoings too: without what is named the value is the old one, and with any of it kept in the log it is not."""
    with living_city(founded) as log:
        founded_at = log.head().size
        live_through(log, history)
        events = events_in(log)
        older = founded_at + int(share * (len(events) - founded_at))
        with LogReader.open(log.location) as reader:
            query = SnapshotQuery(period=parse_reporting_period("2020Q2"))
            found = difference(reader, query, older, len(events)).changes
    told = [change for change in found if change.events == len(change.entries)]
    for change in chance.sample(told, min(len(told), 4)):
        named = {entry.position for entry in change.entries}
        event("an undoing is named" if any(entry.is_undoing for entry in change.entries) else "others are named")
        assert named
        assert value_without(events, change.key, named, older) == change.old
        for position in named:
            assert value_without(events, change.key, named - {position}, older) != change.old, position


LONG: tuple[tuple[Callable[..., None], tuple[Any, ...], dict[str, Any]], ...] = (
    (figures.post_actual, ("4160", "sales", parse_period("6/2020"), 100_00), {}),
    (figures.post_actual, ("4100", "personnel", parse_period("2020Q2"), -50_00), {}),
    (figures.adopt_budget, ("4160", "sales", 2020, 900_00), {"day": date(2019, 12, 1)}),
    (figures.amend_budget, ("4160", "sales", 2020, 50_00), {"day": date(2020, 3, 1)}),
    (figures.state_figure, ("410", "income", parse_period("2020H1"), "actual", 700_00), {}),
    (coverage.complete_books, (parse_period("2020H1"), "4160"), {}),
    (figures.correct_actual, ("4160", "sales", parse_period("5/2020"), 7_00), {"reason": "korjaus"}),
    (goals.set_goal, ("4160", 2020, "g1"), {"binding_goal": "Hyvä"}),
    (goals.update_goal_status, ("4160", parse_period("2020Q2"), "g1", "achieved"), {}),
    (goals.give_outlook, ("4160", parse_period("2020Q2"), "Toteutuu."), {}),
    (projects.launch_project, ("Silta", parse_period("2020"), "4100"), {"expense_cents": -5}),
    (projects.report_progress, ("Silta", parse_period("2020Q2"), "50"), {}),
    (organisation.move_unit, ("4160", date(2020, 5, 1), "400"), {}),
    (organisation.rename_unit, ("4100", date(2020, 5, 1), "Koulut"), {}),
    (figures.close_period, (parse_period("2020Q1"), "4030"), {}),
    (figures.state_figure, ("400", "income", parse_period("2020H1"), "budget", 10_00), {}),
)
"""A command of nearly every kind; each records one event, and some rest on others."""


@pytest.mark.parametrize("picked", [range(len(LONG)), range(0, len(LONG), 2), range(1, len(LONG), 3)], ids=len)
def test_on_either_database(store: EventLog, tmp_path: Path, picked: range) -> None:
    """All of it, or a part, is undone in another order than it was recorded in; some of that comes back."""
    first = store.head().size + 1
    for number, (handler, arguments, options) in enumerate(LONG):
        record(store, handler, *arguments, now=BEGUN_AT + timedelta(minutes=number), **options)
    known = {store.head().size: answers(store.location, ("2020Q2",), store.head().size)}
    how: dict[str, Any] = {"reason": "erehdys", "with_what_rests_on_it": True}
    undoings = []
    for number in sorted(picked, key=lambda number: number * 7 % 5):
        with suppress(UndoneBefore):  # with what it rested on
            undoings.append(record(store, undo, [(first + number,) * 2], now=LATER, **how).first)
    require_as_if_never_recorded(store, known, tmp_path / "never.db")

    for position in undoings[-3:]:
        with suppress(CannotComeBack):
            record(store, undo, [(position, position)], now=LATER, **how)
    require_as_if_never_recorded(store, known, tmp_path / "partly.db")
