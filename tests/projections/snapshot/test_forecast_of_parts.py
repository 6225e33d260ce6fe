"""The forecast of a line of which only a part was given, against a fold that knows nothing of routes.

Every amount stands on one unit and one line. What a unit gave takes the place of all amounts at or below its cell; what
is left is computed amount by amount. Any total, of units or lines, is the sum of both.

`HEINOLA_FORECAST_EXAMPLES=500` tries more.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from attrs import frozen
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import adopt_budget, post_actual
from heinola_es.handlers.forecasts import give_forecast
from heinola_es.handlers.organisation import establish_unit
from heinola_es.handlers.session import Session, run
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from projections.audit.explain import explain
from projections.snapshot.model import Note
from projections.snapshot.taking import SnapshotQuery, look
from tests.city import MADE
from tests.projections.asking import record, snapshot_taken
from tests.servers import MEMORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.audit.explain import Node

CHART = load_chart()
HALF = parse_period("2020H1")
NOW = datetime(2020, 8, 1, tzinfo=UTC)
PARENTS = {"KAU": None, "SIV": "KAU", "100": "SIV", "110": "SIV"}
KINDS = {"KAU": "city", "SIV": "sector", "100": "unit", "110": "unit"}
DETAILS = ("wages", "pensions", "other_personnel")
OF_UNITS = ("services", *DETAILS)
TAXES = ("municipal_tax", "property_tax", "corporate_tax")
Cell = tuple[str, str]


@frozen
class History:
    """Euros to date and in the budget by unit and line, and what was given."""

    actual: dict[Cell, int]
    budget: dict[Cell, int]
    given: dict[Cell, int]


def at_or_above(unit: str) -> Iterator[str]:
    """Yield a unit and those above it."""
    above: str | None = unit
    while above is not None:
        yield above
        above = PARENTS[above]


def is_in(cell: Cell, other: Cell) -> bool:
    """Return whether all of a cell is part of another."""
    return other[0] in at_or_above(cell[0]) and cell[1] in CHART.at_or_below(other[1])


def crosses(cell: Cell, other: Cell) -> bool:
    """Return whether two cells have something in common, and neither is part of the other."""
    units = other[0] in at_or_above(cell[0]) or cell[0] in at_or_above(other[0])
    lines = bool(CHART.at_or_below(cell[1]) & CHART.at_or_below(other[1]))
    return units and lines and not (is_in(cell, other) or is_in(other, cell))


def folded(history: History, cell: Cell, method: str) -> int:
    """Return what a cell will end at."""
    given = [one for one in history.given if is_in(one, cell)]
    holding = [one for one in given if not any(one != other and is_in(one, other) for other in given)]
    computed = history.budget if method == "budget" else {one: 2 * euros for one, euros in history.actual.items()}
    left = (one for one in computed if is_in(one, cell) and not any(is_in(one, other) for other in holding))
    return sum(history.given[one] for one in holding) + sum(computed[one] for one in left)


@contextmanager
def city() -> Iterator[EventLog]:
    """Give an empty log."""
    with TemporaryDirectory(dir=MEMORY) as here:
        location = str(Path(here) / "city.db")
        with EventLog.create(location, "Kaupunki", now=MADE, by="controller") as log:
            yield log


def _found(session: Session) -> None:
    for code, parent in PARENTS.items():
        establish_unit(session, code, date(2019, 1, 1), name=code, kind=KINDS[code], parent=parent)


def recorded(log: EventLog, history: History) -> None:
    """Record a history in an empty log."""
    run(log, MADE, Request("controller", clock_is_right=True), _found)

    def tell(session: Session) -> None:
        for (unit, line), euros in history.budget.items():
            adopt_budget(session, unit, line, 2020, euros * 100, day=date(2019, 12, 1), contra=True)
        for (unit, line), euros in history.actual.items():
            post_actual(session, unit, line, HALF, euros * 100, contra=True)
        for (unit, line), euros in history.given.items():
            give_forecast(session, unit, line, HALF, euros * 100, contra=True)

    record(log, tell, now=NOW)


def forecasts(log: EventLog, method: str) -> dict[Cell, int | None]:
    """Return the euros of every forecast in a report with all lines."""
    taken = snapshot_taken(log, "2020H1", forecast_method=method, all_lines=True)
    cells = {(unit.code, row.line): row.cells["forecast"] for unit in taken.units for row in unit.figures}
    return {key: None if cell is None else cell.cents // 100 for key, cell in cells.items()}


EUROS = st.integers(1, 1000)
POSTED = [*product(("100", "110"), OF_UNITS), *product(("KAU",), TAXES)]
BESIDE: list[Cell] = [
    *(("100", "personnel"), ("110", "operating_expenses"), ("KAU", "tax_revenue")),
    *(("SIV", "pensions"), ("SIV", "wages"), ("KAU", "interest_income")),
]
SAID = [
    *product(("KAU", "SIV", "100", "110"), ("operating_expenses", "personnel", "services", *DETAILS)),
    *product(("KAU",), ("annual_margin", "tax_revenue", *TAXES)),
]


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Return a year of four units, some of which posted something beside the details of a line."""
    cells = [*POSTED, *(cell for cell in BESIDE if draw(st.booleans()))]
    given = {cell: draw(EUROS) for cell in draw(st.lists(st.sampled_from(SAID), max_size=4, unique=True))}
    assume(not any(crosses(one, other) for one, other in product(given, repeat=2)))
    return History({cell: draw(EUROS) for cell in cells}, {cell: draw(EUROS) for cell in cells}, given)


TOLD = {
    *(
        "operating_expenses",
        "personnel",
        "services",
        "expenses",
        "net",
        "tax_revenue",
        "annual_margin",
        "financial_items",
    ),
    *DETAILS,
    *TAXES,
}
BOOKED = {cell: 100 + number for number, cell in enumerate(POSTED)}


EXAMPLES = int(os.environ.get("HEINOLA_FORECAST_EXAMPLES", "12"))


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(history=histories(), method=st.sampled_from(["budget", "evenly"]))
@example(History(BOOKED, BOOKED, {("KAU", "municipal_tax"): 7}), "budget")
@example(History(BOOKED, BOOKED, {("KAU", "wages"): 7, ("110", "services"): 9}), "evenly")
@example(History(BOOKED | {BESIDE[2]: 3}, BOOKED | {BESIDE[2]: 5}, {("KAU", "property_tax"): 7}), "evenly")
def test_every_total_is_what_was_given_and_what_is_left(history: History, method: str) -> None:
    """Of every unit and line: those that are the sum of others, and those that others break down."""
    with city() as log:
        recorded(log, history)
        found = forecasts(log, method)
    cells = {cell for cell in found if cell[1] in TOLD}
    assert len(cells) > 4 * 5
    assert {cell: found[cell] for cell in cells} == {cell: folded(history, cell, method) for cell in cells}


TOTAL = {("100", "personnel"): 900}
ALL_OF_IT: dict[Cell, int] = {("100", line): 300 for line in DETAILS}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({("100", "wages"): 500}, None),
        ({("100", "wages"): 500, ("100", "pensions"): 200, ("100", "other_personnel"): 100}, 800),
        ({("100", "personnel"): 700, ("100", "wages"): 500}, 700),
    ],
)
def test_what_is_booked_on_a_whole_line_is_never_counted_beside_its_details(
    given: dict[Cell, int], expected: int | None
) -> None:
    """Where only the line is booked, nobody knows what of it the detail that was given is; all details are the line."""
    with city() as log:
        recorded(log, History(TOTAL, TOTAL, given))
        assert forecasts(log, "budget")["100", "personnel"] == expected


def test_a_budget_of_the_whole_line_and_actuals_of_its_details() -> None:
    """As councils decide on taxes and ledgers book them: the details are all of it, whatever the budget's line says."""
    with city() as log:
        recorded(log, History(ALL_OF_IT, TOTAL, {("100", "wages"): 500}))
        assert forecasts(log, "evenly")["100", "personnel"] == 500 + 2 * 300 + 2 * 300
        assert forecasts(log, "nearest")["100", "personnel"] == 500 + 2 * 300 + 2 * 300
        assert forecasts(log, "budget")["100", "personnel"] is None
        assert forecasts(log, "budget")["100", "pensions"] is None


def test_what_is_not_broken_down_has_no_computed_parts() -> None:
    """A budget of all expenses says of none of them that it is 0: by it they have no forecast, and their total has."""
    cell = ("100", "operating_expenses")
    with city() as log:
        recorded(log, History({cell: 400, ("100", "wages"): 70, ("100", "services"): 9}, {cell: 1000}, {}))
        found = forecasts(log, "budget")
        assert found["100", "operating_expenses"] == 1000
        assert [found["100", line] for line in ("personnel", "wages", "services")] == [None] * 3
        assert forecasts(log, "evenly")["100", "wages"] == 140


def test_it_is_marked_of_how_many_it_is_the_sum() -> None:
    """What stands in for what was not given is counted as computed."""
    with city() as log:
        recorded(log, History(BOOKED, BOOKED, {("KAU", "municipal_tax"): 7}))
        taken = snapshot_taken(log, "2020H1", all_lines=True)
    (row,) = (row for row in taken.units[0].figures if row.line == "tax_revenue")
    assert row.notes["forecast"] == Note("forecast_sum", {"given": 1, "computed": 2})


def nodes(node: Node) -> Iterator[Node]:
    """Yield a node of a tree with all below it."""
    yield node
    for part in node.parts:
        yield from nodes(part)


def test_a_forecast_explains_itself() -> None:
    """At every node its parts add up to it; what was given is an event, and what is left says how it was computed."""
    given: dict[Cell, int] = {("KAU", "municipal_tax"): 7, ("110", "wages"): 9, ("SIV", "services"): 5}
    history = History(BOOKED | {BESIDE[2]: 3}, BOOKED | {BESIDE[2]: 5}, given)
    query = SnapshotQuery(period=HALF, forecast_method="evenly")
    explained, events = 0, set()
    with city() as log:
        recorded(log, history)
        found = forecasts(log, "evenly")
        with LogReader.open(log.location) as reader:
            view = look(reader, query)
            for (unit, line), euros in found.items():
                root = explain(view, query, unit, line, "forecast")
                assert root.cents == (None if euros is None else euros * 100), (unit, line)
                for node in nodes(root):
                    if node.parts:
                        assert node.cents == sum(part.cents or 0 for part in node.parts), (unit, line)
                        explained += 1
                    if node.entry is not None:
                        events.add((node.unit, node.line))
    assert explained > 20
    assert events == set(given)
