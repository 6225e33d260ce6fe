"""Facts that no command records, planted with hashes that fit, never hang a reader or pass in silence; either database.

What is said of units and cannot be stops every report with one sentence that names the event; what says nothing that
can be counted is left out. A verification names both, and undoing the event, as the sentence says, is the remedy.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pytest

from events.codec import format_recorded
from events.streams import stream_named
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.organisation import establish_unit
from heinola_es.store.appending import Body
from heinola_es.store.log import EventLog, Request
from tests.projections.asking import IMPORTED_AT, LATER, complete, record
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable

Facts = list[tuple[str, dict[str, Any]]]
JUNE = parse_period("6/2020")
Q2 = "2020-04-01/2020-06-30"
FIRST, LAST = "0001-01-01/0001-01-01", "9999-12-31/9999-12-31"
_SPRING = "2020-03-01/2020-03-01"


def _unit(code: str, parent: str | None) -> tuple[str, dict[str, Any]]:
    return "UnitEstablished", {"code": code, "name": code, "kind": "unit", "parent": parent, "effective": _SPRING}


def _moved(code: str, parent: str | None, effective: str = _SPRING) -> tuple[str, dict[str, Any]]:
    return "UnitMoved", {"code": code, "parent": parent, "effective": effective}


def _merged(code: str, into: str, effective: str = _SPRING) -> tuple[str, dict[str, Any]]:
    return "UnitMerged", {"code": code, "into": into, "effective": effective}


STOPS: dict[str, tuple[Facts, int, str]] = {
    "under itself": ([_moved("4160", "4160")], 0, "unit 4160 would stand under itself on 1.3.2020"),
    "a circle": ([_moved("HYV", "4160")], 0, "would stand under itself on 1.3.2020"),
    "a circle for some days": (
        [_moved("HYV", "4160"), _moved("HYV", None, "2020-04-01/2020-04-01")],
        0,
        "would stand under itself on 1.3.2020",
    ),
    "a circle by merging": ([_merged("4160", "4100"), _merged("4100", "4160")], 1, "would stand under itself"),
    "merged into itself": ([_merged("4160", "4160")], 0, "would stand under itself on 2.3.2020"),
    "established again": ([_unit("4160", "HYV")], 0, "unit 4160 was established more than once"),
    "under none that is": ([_unit("X", "NOPE")], 0, "unit X stands under NOPE, which was never established"),
    "moved and never there": ([_moved("NOPE", "410")], 0, "unit NOPE was never established"),
    "where the calendar begins": (
        [("UnitFirstDayCorrected", {"code": "4160", "effective": FIRST, "reason": "x"})],
        0,
        "unit 4160 would change where the calendar ends",
    ),
    "where the calendar ends": ([_merged("4160", "4100", LAST)], 0, "unit 4160 would end where the calendar does"),
    "too deep": (
        [_unit("c0", "410"), *(_unit(f"c{n}", f"c{n - 1}") for n in range(1, 105))],
        99,
        "unit c99 would stand under 101 others; 100 are the most",
    ),
    "a unit that is taken back": (
        [("FactsUndone", {"effective": Q2, "stream": "unit/400", "undoes": [[1, 1]], "positions": [[3, 3]]})],
        0,
        "stands under 400, which was never established",
    ),
}
LEFT_OUT: dict[str, tuple[Facts, str]] = {
    "a posting of no unit": (
        [("ActualPosted", {"unit": "NOPE", "line": "fees", "amount_cents": 100, "effective": "2020-06-01/2020-06-30"})],
        "is of the unit 'NOPE', which was never established",
    ),
    "a goal of no unit": (
        [("GoalSet", {"unit": "NOPE", "goal": "G", "effective": "2020-01-01/2020-12-31"})],
        "is of the unit 'NOPE', which was never established",
    ),
    "months that are none": (
        [
            (
                "FileImported",
                {
                    "v": 2,
                    "effective": "2020-01-01/2020-06-30",
                    "file_name": "x.csv",
                    "format": "figures",
                    "sha256": "4f" * 32,
                    "covered_units": ["HYV"],
                    "covered_months": ["2020-13", "2020-xx"],
                },
            )
        ],
        "says of '2020-13' that books are complete or not, and there is no such thing",
    ),
    "a line that is none": (
        [("BooksCompleted", {"unit": "HYV", "effective": Q2, "lines": ["kissa"]})],
        "says of 'kissa' that books are complete or not",
    ),
    "a statistic that is no number": (
        [("IndicatorObserved", {"unit": "4160", "name": "N", "value": "=1+1", "effective": Q2})],
        "tells '=1+1' of a statistic, which is no number",
    ),
    "progress that is no number": (
        [
            ("ProjectLaunched", {"project": "P", "unit": "4160", "effective": "2020-01-01/2020-12-31"}),
            ("ProjectProgressReported", {"project": "P", "percent": "-kissa", "effective": Q2}),
        ],
        "tells '-kissa' per cent, which is no number",
    ),
}


@pytest.fixture
def city(store: EventLog) -> EventLog:
    """Give the small city with an actual of one unit."""
    record(store, post_actual, "4160", "fees", JUNE, 1_000_00, now=IMPORTED_AT)
    complete(store, "2020")
    return store


@pytest.fixture
def plant(city: EventLog) -> Callable[[Facts], int]:
    """Give how somebody who may append, and keeps to no rule, appends facts; it returns the first position."""

    def planted(facts: Facts) -> int:
        first, versions = city.head().size + 1, dict[str, int]()
        with city.command(LATER, Request("controller", clock_is_right=True)) as command:
            bodies = []
            for topic, fields in facts:
                said = {"v": 1, "recorded": format_recorded(command.recorded), "recorded_by": "controller"}
                body = said | ({"reason": "x"} if topic == "FactsUndone" else {}) | fields
                stream = stream_named(topic, body)
                known = versions.get(stream, len(city.positions_of(UUID(stream))))
                versions[stream] = known + 1
                bodies.append(Body(stream, known + 1, topic, orjson.dumps(body)))
            command.append_bodies(bodies)
        return first

    return planted


def shown(log: EventLog) -> dict[str, Any]:
    """Return what the snapshot shows, without the position that it is of."""
    result = Terminal(log.location).run("snapshot 2020Q2 --format json")
    assert (result.exit_code, result.stderr) == (0, "")
    return {name: value for name, value in orjson.loads(result.stdout).items() if name in ("units", "projects")}


def verified(log: EventLog) -> tuple[int, str]:
    """Return how a verification ends, and what it says."""
    result = Terminal(log.location).run("audit verify")
    return result.exit_code, result.stdout


@pytest.mark.parametrize(("facts", "culprit", "flaw"), STOPS.values(), ids=STOPS)
def test_what_cannot_be_of_units_is_told_and_can_be_undone(
    city: EventLog, plant: Callable[[Facts], int], facts: Facts, culprit: int, flaw: str
) -> None:
    """Given an organisation that cannot be, every report names the event; once it is undone, all is as before."""
    before = shown(city)
    at = plant(facts) + culprit
    terminal = Terminal(city.location)
    lines = ("snapshot 2020Q2 --format json", "list units", "audit explain 4160 fees 2020Q2", "report 2020Q2 -o -")
    for line in lines:
        sentence = terminal.refused(line)
        assert sentence.startswith(f"heinola: event {at} says what cannot be (")
        assert flaw in sentence
        assert f"`heinola undo {at} --reason" in sentence
    code, said = verified(city)
    assert code == 3
    assert f"event {at} says what cannot be (" in said
    assert flaw in said
    assert Terminal(city.location).run("audit log").exit_code == 0
    more = " --with-what-rests-on-it" if len(facts) > 1 else ""
    done = terminal.run(f"undo {at} --reason koe{more}")
    assert (done.exit_code, done.stderr) == (0, "")
    if culprit == 0:
        assert shown(city)["units"] == before["units"]
        assert verified(city)[0] == 0


@pytest.mark.parametrize("facts", [STOPS["a circle"][0], STOPS["merged into itself"][0]], ids=["circle", "merged"])
def test_nobody_who_records_goes_round_in_a_circle(city: EventLog, plant: Callable[[Facts], int], facts: Facts) -> None:
    """Given units in a circle, recording under them is refused in a sentence and comes to an end."""
    plant(facts)
    assert "the log cannot be as it is: unit" in Terminal(city.location).refused("record actual 4160 fees 7/2020 5")


@pytest.mark.parametrize(("facts", "flaw"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_says_nothing_is_left_out_and_named(
    city: EventLog, plant: Callable[[Facts], int], facts: Facts, flaw: str
) -> None:
    """Given a fact of no unit, month, line or number, no figure moves, and a verification names it until undone."""
    before = shown(city)
    at = plant(facts) + len(facts) - 1
    assert shown(city)["units"] == before["units"]
    assert Terminal(city.location).run("report 2020Q2 --format html -o -").exit_code == 0
    code, said = verified(city)
    assert code == 3
    assert f"event {at} {flaw}" in said
    assert Terminal(city.location).run(f"undo {at} --reason koe").exit_code == 0
    assert verified(city)[0] == 0


def test_units_may_change_places(city: EventLog) -> None:
    """Given two units that stand under one another one after the other, nothing is wrong with either."""
    terminal = Terminal(city.location)
    for line in ("4160 4100 --on 1.2.2020", "4160 410 --on 1.3.2020", "4100 4160 --on 1.4.2020"):
        terminal.done(f"record move {line}")
    assert verified(city)[0] == 0
    shown(city)


def test_what_would_be_without_an_event_is_asked_all_the_same(city: EventLog) -> None:
    """Given units without whom others would stand under none, it is told what each event changed."""
    terminal = Terminal(city.location)
    terminal.done("record unit 9 Uusi --parent HYV --on 1.1.2020 --kind service_area")
    terminal.done("record unit 91 Alla --parent 9 --on 1.1.2020")
    last = city.head().size
    assert terminal.run(f"audit diff 2020Q2 --from {last - 2}").exit_code == 0
    assert terminal.run(f"audit show {last - 1}").exit_code == 0


def test_no_unit_is_recorded_too_deep(city: EventLog) -> None:
    """Given a unit under as many as may be, another under it is refused, for readers would refuse the log."""
    day = date(2020, 3, 1)
    for number in range(99):
        above = f"d{number - 1}" if number else "410"
        record(city, establish_unit, f"d{number}", day, name="D", kind="unit", parent=above)
    last = "record unit E E --parent d98 --on 1.3.2020"
    assert "would stand under 101 others" in Terminal(city.location).refused(last)
    shown(city)
