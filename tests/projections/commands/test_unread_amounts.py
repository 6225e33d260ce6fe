"""What an older log holds and cannot be counted never makes the rest of the city unreadable; on either database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson
import pytest

from events.codec import format_recorded
from events.streams import project_stream, stream_named, unit_year_stream
from heinola_es.domain.amounts import LARGEST_CENTS, READABLE_CENTS, SUMMABLE_CENTS
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import adopt_budget, post_actual, state_figure
from heinola_es.handlers.projects import launch_project
from heinola_es.store.appending import Body
from heinola_es.store.log import EventLog, Request
from tests.projections.asking import IMPORTED_AT, LATER, cells, cents, complete, record, row_of, snapshot_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

JUNE = parse_period("6/2020")
HALF = parse_period("2020H1")
NUMBERS = [202_006_000_000_000_000 + number for number in range(100)]
"""Eighteen digits, as invoices have: read as cents, two thousand million million euros each."""

ANYTHING = {
    "digits": NUMBERS,
    "beyond a database": [10**30],
    "beyond a machine": [2**63, -(2**63) - 1],
    "a fraction": [1234.5],
    "a text": ["1234"],
    "nothing": [None],
    "a list": [[1, 2]],
    "a flag": [True],
}
READERS = (
    "snapshot 2020Q2",
    "snapshot 2020Q2 --format json",
    "snapshot 2020Q2 --format csv",
    "snapshot 15.6.2020",
    "snapshot 2020Q2 --known-at 2020-08-11",
    "report 2020Q2 --format html -o -",
    "report 2020Q2 --format md -o -",
    "audit log",
    "audit log --format json",
    "audit log --format csv",
    "audit actors",
    "audit explain 4160 fees 2020Q2",
    "audit explain HYV net 2020Q2",
    "audit explain 4100 fees 2020Q2",
    "audit diff 2020Q2 --from 5",
    "audit verify",
    "projections status",
    "projections rebuild",
    "snapshot 2020Q2 --unit 4100",
    "audit verify",
)


@pytest.fixture
def city(store: EventLog) -> EventLog:
    """Give the small city with a budget and actuals of two units."""
    for unit in ("4100", "4160"):
        record(store, adopt_budget, unit, "fees", 2020, 9_000_00, day=JUNE.start, now=IMPORTED_AT)
        record(store, post_actual, unit, "fees", JUNE, 1_000_00, now=IMPORTED_AT)
    complete(store, "2020")
    complete(store, "2020", measure="budget")
    return store


def append(log: EventLog, topic: str, stream: Any, fields: dict[str, Any], amounts: Iterable[Any]) -> list[int]:  # noqa: ANN401
    """Append events as an older program, or a program that is none of ours, left them; return their positions."""
    first, version = log.head().size + 1, len(log.positions_of(stream))
    bodies = []
    with log.command(LATER, Request("controller")) as command:
        for amount in amounts:
            version += 1
            said = {"v": 1, "recorded": format_recorded(command.recorded), "recorded_by": "controller", **fields}
            # Not by orjson, which does not write a number that no machine counts to.
            state = orjson.dumps(said).replace(b'"AMOUNT"', _json(amount))
            bodies.append(Body(stream.hex, version, topic, state))
        command.append_bodies(bodies)
    return list(range(first, first + len(bodies)))


def post(log: EventLog, amounts: Sequence[Any], unit: str = "4160") -> list[int]:
    """Append postings to the fees of a unit for June."""
    fields = {"effective": "2020-06-01/2020-06-30", "unit": unit, "line": "fees", "amount_cents": "AMOUNT"}
    return append(log, "ActualPosted", unit_year_stream(unit, 2020), fields, amounts)


def require_answers(log: EventLog) -> None:
    """Demand that every command that reads does its work; a verification may tell what it found."""
    for line in READERS:
        result = Terminal(log.location).run(line)
        told = (0, 3) if line == "audit verify" else (0,)
        assert result.exit_code in told, (line, result.stderr)


def _json(amount: Any) -> bytes:  # noqa: ANN401 - any JSON value
    return str(amount).encode() if amount.__class__ is int else orjson.dumps(amount)


@pytest.mark.parametrize("amounts", ANYTHING.values(), ids=ANYTHING)
def test_every_reader_answers(city: EventLog, amounts: list[Any]) -> None:
    """Whatever stands where an amount should: snapshot, report, trail, verification, rebuild all do their work."""
    post(city, amounts)
    require_answers(city)


@pytest.mark.parametrize("amounts", ANYTHING.values(), ids=ANYTHING)
def test_no_other_figure_moves(city: EventLog, amounts: list[Any]) -> None:
    """Cells above what cannot be counted are unknown, all others as they were, and a finding names the event."""
    before = snapshot_of(city, "2020Q2")
    first, *more = post(city, amounts)
    after = snapshot_of(city, "2020Q2")
    touched = {key for key, now in cells(after).items() if now != cells(before)[key]}
    lines = ("fees", "operating_income", "income", "operating_margin", "annual_margin", "result", "net")
    assert touched == {
        (unit, line, "actual")
        for unit in ("HYV", "410", "4160")
        for line in lines
        if (unit, line, "actual") in cells(after)
    }
    assert all(cells(after)[key] is None for key in touched)
    assert row_of(after, "4160", "income")["percent"] is None
    (finding,) = after["findings"]
    assert (finding["kind"], finding["unit"], finding["line"], finding["column"]) == (
        "unparsed",
        "4160",
        "fees",
        "actual",
    )
    assert f"the amount of event {first}" in finding["message"]
    assert (f"and {len(more)} more" in finding["message"]) == bool(more)
    assert "cannot be counted" in row_of(after, "410", "income")["notes"]["actual"]


def test_a_total_that_is_stated_mends_the_cell(city: EventLog) -> None:
    """A statement after it says what the total is: of the cell, and of what stands above it."""
    post(city, NUMBERS)
    record(city, state_figure, "4160", "income", HALF, "actual", 2_000_00)
    after = snapshot_of(city, "2020Q2")
    assert (cents(after, "4160", "income"), cents(after, "410", "income")) == (2_000_00, 3_000_00)
    assert cents(after, "4160", "net") == 2_000_00
    post(city, [10**18])
    assert cents(snapshot_of(city, "2020Q2"), "4160", "income") is None


def test_a_statement_that_cannot_be_counted(city: EventLog) -> None:
    """It makes its own cell unknown, and those that are its sum; what is stated above it stays as it is."""
    record(city, state_figure, "410", "income", HALF, "actual", 5_000_00)
    fields = {"effective": "2020-01-01/2020-06-30", "unit": "4160", "line": "income", "measure": "actual"}
    stream = unit_year_stream("4160", 2020)
    append(city, "FigureStated", stream, {**fields, "amount_cents": "AMOUNT"}, [10**30])
    after = snapshot_of(city, "2020Q2")
    assert (cents(after, "4160", "income"), cents(after, "4100", "income")) == (None, 1_000_00)
    assert cents(after, "410", "income") == 5_000_00
    assert any(finding["kind"] == "unparsed" and finding["unit"] == "4160" for finding in after["findings"])
    append(city, "FigureStated", stream, {**fields, "amount_cents": "AMOUNT"}, [7_00])
    assert cents(snapshot_of(city, "2020Q2"), "4160", "income") == 7_00


def test_a_budget_that_cannot_be_counted(city: EventLog) -> None:
    """So with the decisions on a budget."""
    fields = {"effective": "2020-02-01/2020-02-01", "unit": "4160", "line": "fees", "fiscal_year": 2020}
    append(city, "BudgetAmended", unit_year_stream("4160", 2020), {**fields, "amount_cents": "AMOUNT"}, [10**18])
    after = snapshot_of(city, "2020Q2")
    assert cents(after, "4160", "income", "budget") is None
    assert (cents(after, "4100", "income", "budget"), cents(after, "4160", "income")) == (9_000_00, 1_000_00)


def test_sums_that_no_database_counts_to(city: EventLog) -> None:
    """Each amount could be counted and all of them cannot: the sums are unknown, in one go and in two."""
    largest = READABLE_CENTS - 1
    many = SUMMABLE_CENTS // largest + 1
    post(city, [largest] * many)
    snapshot_of(city, "2020Q2")  # catches up
    post(city, [largest] * many)
    post(city, [largest] * (many - 1), "4100")
    after = snapshot_of(city, "2020Q2")
    assert cents(after, "4160", "income") is None
    assert cents(after, "4100", "income") == largest * (many - 1) + 1_000_00
    assert cents(after, "410", "income") is None
    require_answers(city)


def test_sums_by_segment_that_no_database_counts_to(city: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """A past moment is the sum of segments, each of which may be counted: it is exact, or unknown."""
    for module in ("projections.read_models.running_totals", "projections.read_models.stored_postings"):
        monkeypatch.setattr(f"{module}.SEGMENT", 20)
    post(city, [READABLE_CENTS - 1] * 300)
    post(city, [1_00], "4100")
    with EventLog.open(city.location) as log:
        end = log.head().size
    past = snapshot_of(city, "2020Q2", position=end - 1)
    assert (cents(past, "4160", "income"), cents(past, "4100", "income")) == (None, 1_000_00)
    assert cents(snapshot_of(city, "2020Q2", position=40), "4160", "income") is not None


def test_an_amount_of_a_project_that_cannot_be_counted(city: EventLog) -> None:
    """The project is shown without it, and the finding names the event."""
    record(city, launch_project, "Hanke", HALF, "4160", income_cents=100, expense_cents=100, city_share_cents=0)
    fields = {"effective": "2020-02-01/2020-02-01", "project": "Hanke", "income_cents": "AMOUNT"}
    (position,) = append(city, "ProjectRevised", project_stream("Hanke"), fields, [10**30])
    after = snapshot_of(city, "2020Q2")
    assert after["projects"][0]["income_cents"] == 100
    assert f"event {position}" in next(f["message"] for f in after["findings"] if f["column"] == "projects")
    require_answers(city)


def test_what_cannot_be_counted_is_in_the_way_of_nobody_who_records(city: EventLog) -> None:
    """The unit itself and every other one record on."""
    post(city, NUMBERS)
    for unit in ("4100", "4160"):
        record(city, post_actual, unit, "fees", parse_period("7/2020"), LARGEST_CENTS // 10_000)
    assert cents(snapshot_of(city, "2020Q3"), "4100", "income") == 1_000_00 + LARGEST_CENTS // 10_000


@pytest.mark.parametrize("topic", ["ActualPosted", "ActualCorrected", "FigureStated", "BudgetAdopted"])
def test_a_figure_on_no_line_of_the_chart_is_told(city: EventLog, topic: str) -> None:
    """No total beside it is certain, and none is shown; whatever is shown says so, and the log can be looked into."""
    fields: dict[str, Any] = {
        "effective": "2020-06-01/2020-06-30",
        "unit": "4160",
        "line": "odd",
        "amount_cents": 100_00,
        "reason": "x",
    }
    fields |= {"FigureStated": {"measure": "actual", "precision_cents": 100}}.get(topic, {})
    fields |= {"BudgetAdopted": {"fiscal_year": 2020}}.get(topic, {})
    (position,) = append(city, topic, unit_year_stream("4160", 2020), fields, [100_00])
    terminal = Terminal(city.location)
    found = orjson.loads(terminal.done("snapshot 2020Q2 --format json"))["findings"]
    told = [one["parameters"] for one in found if one["code"] == "line_unknown"]
    assert told == [{"line": "odd", "position": position}]
    assert "”odd”" in terminal.done("snapshot 2020Q2")
    assert terminal.run("report 2020Q2 --format md -o -").exit_code == 0
    column = "budget" if topic == "BudgetAdopted" else "actual"
    assert cents(snapshot_of(city, "2020Q2"), "4160", "income", column) is None
    assert "odd" in terminal.done("audit log")


def undo(log: EventLog, **lie: object) -> int:
    """Append that the first event of a unit's year was undone, or something that cannot be; return its position."""
    at = log.positions_of(unit_year_stream("4160", 2020))[1]
    fields: dict[str, Any] = {"effective": "2020-06-01/2020-06-30", "reason": "x", "stream": "unit-year/4160/2020"}
    fields |= {"undoes": [[1, 1]], "positions": [[at, at]]}
    fields |= lie
    return append(log, "FactsUndone", UUID(stream_named("FactsUndone", fields)), fields, [None])[0]


@pytest.mark.parametrize(
    "lie",
    [
        {"positions": [[1, 10**12]]},
        {"undoes": [[1, 10**12]]},
        {"positions": [[10**12, 10**12 + 5]]},
        {"stream": "unit-year/4160/99999999999"},
        {"stream": "unit-year/"},
        {"positions": "x"},
    ],
    ids=str,
)
def test_what_undoes_more_than_there_is_is_told(city: EventLog, lie: dict[str, Any]) -> None:
    """Nothing counts up to a number that an undoing says: every command answers, or names the event."""
    at = undo(city, **lie)
    terminal = Terminal(city.location)
    for line in (
        *("snapshot 2020Q2", "audit log", "audit verify", f"audit show {at}", "audit explain 4160 fees 2020Q2"),
        *("list units", "record actual 4160 sales 6/2020 5", f"undo {at} --reason x", "audit diff 2020Q2 --from 5"),
    ):
        result = terminal.run(line)
        assert result.exit_code in {0, 1, 3}, (line, result.stderr)


def test_what_cannot_be_undone_is_told(city: EventLog) -> None:
    """An undoing that was planted, of the event that the store was made by, is not asked again as if it were a fact."""
    at = undo(city, positions=[[1, 1]])
    result = Terminal(city.location).run(f"undo {at} --reason x")
    assert result.exit_code == 1
    assert "what cannot be undone is said to be (StoreInitialised)" in result.stderr
