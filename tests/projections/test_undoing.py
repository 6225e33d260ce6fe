"""What was undone counts nowhere: whatever is asked, the answer is that of a log that never had it."""

from __future__ import annotations

import os
import re
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from events.period import Period
from events.undoing import FactsUndone
from heinola_es.errors import HeinolaError
from heinola_es.handlers import figures, organisation
from heinola_es.handlers.undoing import undo
from heinola_es.periods import parse_reporting_period
from heinola_es.store.reading import LogReader
from projections.audit.explain import explain
from projections.listing import KINDS, Asked, listing
from projections.snapshot.encoding import as_json
from projections.snapshot.taking import SnapshotQuery, look, take_snapshot
from projections.without import undone
from tests.projections.asking import copy_of_log, record
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
    from collections.abc import Sequence

    from events.base import Event
    from heinola_es.store.log import EventLog

MANY = int(os.environ.get("HEINOLA_UNDOINGS", "60"))
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
HISTORIES = st.lists(
    st.one_of(
        FIGURE_COMMANDS,
        WITHOUT_MEANING_IT,
        ORGANISATION_COMMANDS,
        OTHER_COMMANDS,
        CORRECTING_COMMANDS,
        NEW_UNITS,
        IN_NEW_UNITS,
        UNDOINGS,
        UNDOINGS,
    ),
    min_size=4,
    max_size=24,
)
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
            asked = Asked(on=None, today=date(2020, 7, 1))
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
            if name not in {"recorded", "version", "stream"}
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
    for number, command in enumerate(history):
        arguments, now = command.arguments, BEGUN_AT + timedelta(minutes=number)
        size = log.head().size
        if command.handler is undo:
            wanted = size - int(str(arguments[0]))
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
    return numbered(kept.values()), {position: place for place, position in enumerate(kept, 1)}


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
