"""A figure on a line that the chart of its year does not have is never left out in silence; on either database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from events.streams import unit_year_stream
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import post_actual, state_figure
from tests.projections.asking import IMPORTED_AT, LATER, complete, record, snapshot_taken
from tests.projections.commands.test_unread_amounts import append, require_answers
from tests.terminal import Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog
    from projections.snapshot.model import FigureRow, Finding, Snapshot

JUNE = parse_period("6/2020")
HALF = parse_period("2020H1")
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "actual": ("ActualPosted", {"amount_cents": "AMOUNT"}),
    "correction": ("ActualCorrected", {"amount_cents": "AMOUNT", "reason": "none"}),
    "detail": ("ActualPosted", {"amount_cents": "AMOUNT", "detail": True}),
    "statement": ("FigureStated", {"amount_cents": "AMOUNT", "precision_cents": 1, "measure": "actual"}),
}


@pytest.fixture(params=["posted", "stated"])
def city(store: EventLog, request: pytest.FixtureRequest) -> EventLog:
    """Give the small city with postings of two units, or with a statement beside them."""
    for unit in ("4100", "4160"):
        record(store, post_actual, unit, "fees", JUNE, 1_000_00, now=IMPORTED_AT)
    if request.param == "stated":
        record(store, state_figure, "4160", "fees", HALF, "actual", 1_000_00, precision_cents=1, now=IMPORTED_AT)
    complete(store, "2020")
    return store


def forge(log: EventLog, kind: str = "actual", line: str = "bribes", unit: str = "4160") -> int:
    """Append a figure of June on a line, as no command would; return its position."""
    topic, more = KINDS[kind]
    period = HALF if kind == "statement" else JUNE
    fields = {"effective": str(period), "unit": unit, "line": line, **more}
    (position,) = append(log, topic, unit_year_stream(unit, 2020), fields, [777])
    return position


def told(log: EventLog) -> list[Finding]:
    """Return the findings on lines that are none."""
    return [one for one in snapshot_taken(log, "2020Q2").findings if one.code.startswith("line_unknown")]


def row_of(taken: Snapshot, unit: str, line: str) -> FigureRow:
    """Return one row of a snapshot."""
    return next(row for of in taken.units if of.code == unit for row in of.figures if row.line == line)


@pytest.mark.parametrize("kind", KINDS)
def test_a_finding_and_a_verification_name_it(city: EventLog, kind: str) -> None:
    """The snapshot says which event is on which line; `audit verify` names its position and exits with 3."""
    assert not told(city)
    position = forge(city, kind)
    assert {(one.unit, one.column, one.parameters["line"], one.parameters["position"]) for one in told(city)} == {
        ("4160", "actual", "bribes", position)
    }
    verified = Terminal(city.location).run("audit verify")
    assert verified.exit_code == 3
    assert f"event {position} is on the line 'bribes'" in verified.stdout


def test_no_sum_with_it_looks_whole(city: EventLog) -> None:
    """The unit's cells, and those of all above it, are empty; those of other units are as they were."""
    before = snapshot_taken(city, "2020Q2")
    forge(city)
    after = snapshot_taken(city, "2020Q2")
    for unit, line in (("4160", "income"), ("410", "income"), ("HYV", "operating_income")):
        row = row_of(after, unit, line)
        assert row.actual is None, unit
        assert "actual" not in row.partial, unit
    assert row_of(after, "4100", "income") == row_of(before, "4100", "income")


def test_a_total_that_is_stated_after_it_holds(city: EventLog) -> None:
    """Whoever states the total of a cell tells it with whatever stood before."""
    forge(city)
    record(city, state_figure, "4160", "income", HALF, "actual", 9_000_00, precision_cents=1, now=LATER)
    cell = row_of(snapshot_taken(city, "2020Q2"), "4160", "income").actual
    assert cell is not None
    assert cell.cents == 9_000_00


def test_several_are_one_finding(city: EventLog) -> None:
    """One finding names the first of those on a line, and says how many there are."""
    first = forge(city)
    forge(city)
    (finding,) = (one for one in told(city) if one.column == "actual")
    assert finding.parameters == {"line": "bribes", "position": first, "more": 1}


@pytest.mark.parametrize("kind", ["actual", "statement"])
def test_every_reader_answers(city: EventLog, kind: str) -> None:
    """Snapshot, report, explanation, difference, trail and verification do their work."""
    forge(city, kind)
    require_answers(city)
    for line in ("audit forecasts 2020", "snapshot 2021Q2", "snapshot 2020Q2 --columns council --years 2"):
        assert Terminal(city.location).run(line).exit_code == 0, line


def test_undone_it_is_gone(city: EventLog) -> None:
    """After `heinola undo` the figures are what they were, and a verification finds nothing."""
    before = [unit.figures for unit in snapshot_taken(city, "2020Q2").units]
    position = forge(city)
    terminal = Terminal(city.location)
    undone = terminal.run(f"undo {position} --reason forged")
    assert undone.exit_code == 0, undone.stderr
    assert [unit.figures for unit in snapshot_taken(city, "2020Q2").units] == before
    assert not told(city)
    assert terminal.run("audit verify").exit_code == 0
