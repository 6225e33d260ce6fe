"""The reference of the value rule itself, on worked examples whose right values were found by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.coverage import complete_books
from heinola_es.handlers.figures import adopt_budget, amend_budget, correct_actual, post_actual, state_figure
from heinola_es.handlers.organisation import merge_unit, move_unit
from tests.projections.asking import record
from tests.specification import events_in
from tests.whole_reference import WholeReference

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.store.log import EventLog

ALL_UNITS = ("4000", "4030", "4100", "4160")
YEAR_ENDS = date(2020, 12, 31)


@pytest.fixture
def actual(store: EventLog) -> Callable[..., int | None]:
    """Give what tells the whole actual of a unit and line over a period, as the log stands."""

    def tell(unit: str, line: str, period: str, structure: date | None = None) -> int | None:
        asked = parse_period(period)
        return WholeReference(events_in(store), load_chart()).actual(asked, structure or asked.end)(unit, line)

    return tell


def state(log: EventLog, unit: str, line: str, period: str, cents: int, measure: str = "actual") -> None:
    """State a total."""
    record(log, state_figure, unit, line, parse_period(period), measure, cents)


def post(log: EventLog, unit: str, line: str, period: str, cents: int, *, detail: bool = False) -> None:
    """Post an amount."""
    record(log, post_actual, unit, line, parse_period(period), cents, detail=detail, also=True)


def test_a_year_of_three_months_is_not_whole(store: EventLog, actual: Callable[..., int | None]) -> None:
    """Three months posted are three months, not the year."""
    for month in (1, 2, 3):
        post(store, "4160", "personnel", f"{month}/2020", -100)
    assert actual("4160", "personnel", "2020Q1") == -300
    assert actual("4160", "personnel", "2020") is None
    record(store, complete_books, parse_period("2020"), "4160")
    assert actual("4160", "personnel", "2020") == -300


def test_covered_and_absent_is_nothing(store: EventLog, actual: Callable[..., int | None]) -> None:
    """Where the books are there, a line without a posting is zero."""
    post(store, "4160", "personnel", "1/2020", -100)
    assert actual("4160", "sales", "1/2020") == 0
    assert actual("4160", "net", "1/2020") == -100


def test_one_unit_of_several_does_not_make_the_area(store: EventLog, actual: Callable[..., int | None]) -> None:
    """An area is whole when every unit is."""
    state(store, "4160", "expenses", "2020H1", -500)
    assert actual("410", "expenses", "2020H1") is None
    state(store, "4100", "expenses", "2020H1", -300)
    assert actual("410", "expenses", "2020H1") == -800


def test_stated_months_and_posted_ones_make_nine(store: EventLog, actual: Callable[..., int | None]) -> None:
    """January to June as stated, July to September as posted; the area only when every unit below is covered."""
    for unit in ("4100", "4160"):
        state(store, unit, "expenses", "2020H1", -600)
    for month in (7, 8, 9):
        post(store, "4160", "personnel", f"{month}/2020", -75)
    assert actual("4160", "expenses", "1-9/2020") == -825
    assert actual("410", "expenses", "1-9/2020") is None
    for month in (7, 8, 9):
        post(store, "4100", "services", f"{month}/2020", -1)
    assert actual("410", "expenses", "1-9/2020") == -1428


def test_what_is_computed_is_computed_from_the_rows_beside_it(
    store: EventLog, actual: Callable[..., int | None]
) -> None:
    """A net is its income and expenses; what rests on unknown lines is unknown, and a correction does not tell it."""
    for unit in ("400", "410"):
        state(store, unit, "income", "2020H1", 50)
        state(store, unit, "expenses", "2020H1", -400)
    assert (actual("HYV", "income", "2020H1"), actual("HYV", "expenses", "2020H1")) == (100, -800)
    assert actual("HYV", "net", "2020H1") == -700
    assert actual("HYV", "operating_income", "2020H1") is None
    record(store, correct_actual, "4100", "fees", parse_period("6/2020"), 5, reason="puuttui")
    assert actual("HYV", "net", "2020H1") == -695
    assert actual("HYV", "result", "2020H1") is None


def test_a_unit_that_moved_takes_its_stated_totals_along(store: EventLog, actual: Callable[..., int | None]) -> None:
    """In the organisation of the next year, the areas' totals of this one are those of the units that stand there."""
    state(store, "410", "expenses", "2020H1", -900)
    state(store, "400", "expenses", "2020H1", -50)
    record(store, move_unit, "4160", date(2021, 1, 1), "400")
    after = date(2021, 1, 1)
    assert actual("410", "expenses", "2020H1", after) is None
    state(store, "4160", "expenses", "2020H1", -500)
    assert actual("410", "expenses", "2020H1", after) == -400
    assert actual("400", "expenses", "2020H1", after) == -550
    assert actual("HYV", "expenses", "2020H1", after) == actual("HYV", "expenses", "2020H1") == -950


def test_a_merged_unit_is_counted_once(store: EventLog, actual: Callable[..., int | None]) -> None:
    """After a merge the heir shows its own stated total and that of the unit which it took over."""
    state(store, "4100", "expenses", "2020H1", -100)
    state(store, "4160", "expenses", "2020H1", -80)
    record(store, merge_unit, "4160", YEAR_ENDS, "4100")
    after = date(2021, 1, 1)
    assert actual("4100", "expenses", "2020H1", after) == -180
    assert actual("410", "expenses", "2020H1", after) == -180


def test_a_posting_over_a_cut_makes_no_tile(store: EventLog, actual: Callable[..., int | None]) -> None:
    """A posting for May to August belongs to neither part of a year cut at the end of June."""
    state(store, "4160", "personnel", "2020H1", -600)
    post(store, "4160", "personnel", "5-8/2020", -40, detail=True)
    post(store, "4160", "personnel", "2020Q3", -10)
    assert actual("4160", "personnel", "1-9/2020") is None


def test_a_budget_is_that_of_its_decisions(store: EventLog) -> None:
    """Before the first decision there is none; one taken after the year's end is in the whole year's."""

    def budget(day: date) -> int | None:
        return WholeReference(events_in(store), load_chart()).budget(2020, day, day)("4160", "personnel")

    record(store, adopt_budget, "4160", "personnel", 2020, -1000, day=date(2020, 3, 1))
    record(store, amend_budget, "4160", "personnel", 2020, -50, day=date(2021, 2, 1), reason="")
    assert budget(date(2020, 2, 28)) is None
    assert budget(date(2020, 6, 30)) == -1000
    assert budget(YEAR_ENDS) == -1050
