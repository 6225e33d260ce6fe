"""The course of a year by month: each month is what a snapshot of its end shows, or unknown."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heinola_es.domain.aggregates.unit_year import ContradictsStatement
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.handlers.figures import correct_actual, post_actual, state_figure
from heinola_es.store.reading import LogReader
from projections.read_models.moment import one_moment
from projections.report.content.monthly import Monthly
from projections.snapshot.taking import SnapshotQuery, look
from tests.projections.asking import cells, complete, record, snapshot_of
from tests.projections.histories import FIGURE_HISTORIES, Given, live_through, living_city

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog
    from projections.report.content.monthly import Course
    from tests.projections.conftest import ImportedReport

LINES = ("income", "expenses", "net")
PERIODS = st.sampled_from(["2020Q2", "2020H1", "15.7.2020", "1/2020", "2020"])
HALF_YEAR = parse_period("1-6/2020")


def courses(store: str, period: str) -> dict[tuple[str, str], Course]:
    """Return the course of every unit and line of a small report."""
    asked = parse_reporting_period(period)
    with LogReader.open(store) as reader, one_moment(reader):
        view = look(reader, SnapshotQuery(period=asked))
        months = Monthly.of(view, asked)
        return {(unit, line): months.of_unit(unit, line) for unit in view.organisation.units for line in LINES}


def course_of(log: EventLog, unit: str, line: str, period: str = "2020Q2") -> Course:
    """Return the course of one line of a unit."""
    return courses(log.location, period)[unit, line]


@settings(max_examples=40)
@given(history=FIGURE_HISTORIES, period=PERIODS)
def test_the_last_month_is_what_the_snapshot_shows(founded: Path, history: list[Given], period: str) -> None:
    """For any commands, the line of a year ends at the snapshot's actual, and that of the year before at its own."""
    with living_city(founded) as log:
        live_through(log, history)
        shown = cells(snapshot_of(log, period))
        told = courses(log.location, period)

    compared = [key for key in told if (*key, "actual") in shown]
    assert compared
    for unit, line in compared:
        course = told[unit, line]
        assert course.this_year[-1] == shown[unit, line, "actual"], (unit, line)
        assert course.last_year[-1] == shown[unit, line, "prior_actual"], (unit, line)


@settings(max_examples=25)
@given(history=FIGURE_HISTORIES)
def test_every_month_is_what_a_snapshot_of_its_end_shows_or_unknown(founded: Path, history: list[Given]) -> None:
    """For any commands, no month has a value that the value rule does not give for January to its end."""
    with living_city(founded) as log:
        live_through(log, history)
        told = courses(log.location, "2020H1")
        for month in range(1, 7):
            shown = cells(snapshot_of(log, f"1-{month}/2020", structure=date(2020, 6, 30)))
            compared = [key for key in told if (*key, "actual") in shown]
            assert compared
            for unit, line in compared:
                known = told[unit, line].this_year[month - 1]
                assert known in {None, shown[unit, line, "actual"]}, (unit, line, month)


@pytest.mark.parametrize("unit", ["4100", "410", "HYV"])
def test_monthly_postings_make_a_line(store: EventLog, unit: str) -> None:
    """Where books are complete, postings add up from January on, in the unit and in all above it."""
    complete(store, "1-6/2020", "1-6/2019")
    for month, cents in ((2, -100), (3, -20), (5, -3)):
        record(store, post_actual, "4100", "personnel", parse_period(f"{month}/2020"), cents)
    record(store, post_actual, "4160", "personnel", parse_period("1/2019"), -7)

    course = course_of(store, unit, "expenses")

    assert course.this_year == (0, -100, -120, -120, -123, -123)
    assert course.last_year == ((0,) * 6 if unit == "4100" else (-7,) * 6)
    assert course.is_drawable


@pytest.mark.parametrize("unit", ["4100", "410", "HYV"])
def test_a_line_ends_where_the_books_end(store: EventLog, unit: str) -> None:
    """A month that is not covered, and every sum over it, is unknown, whatever was posted later."""
    complete(store, "1-3/2020")
    for month, cents in ((2, -100), (3, -20), (5, -3)):
        record(store, post_actual, "4100", "personnel", parse_period(f"{month}/2020"), cents)

    assert course_of(store, unit, "expenses").this_year == (0, -100, -120, None, None, None)


def test_a_log_of_stated_totals_makes_no_line(sample: ImportedReport) -> None:
    """An imported report tells half a year as one total: no unit has a line to draw."""
    told = courses(str(sample.path), "2020Q2")

    assert any(course.this_year[-1] is not None for course in told.values())
    assert not any(course.is_drawable for course in told.values())


def test_a_correction_to_a_stated_total_is_no_month(store: EventLog) -> None:
    """What a correction in March adds to the total of half a year is not what was spent by March."""
    complete(store, "1-6/2020", unit="4160")
    record(store, state_figure, "4100", "expenses", HALF_YEAR, "actual", -1000)
    record(store, correct_actual, "4100", "personnel", parse_period("3/2020"), -5, reason="puuttui")

    course = course_of(store, "4100", "expenses")

    assert course.this_year == (None, None, None, None, None, -1005)
    assert course_of(store, "410", "expenses").this_year == course.this_year
    assert not course.is_drawable


@pytest.mark.parametrize(("june", "told"), [(-400, True), (-399, True), (-300, False)])
def test_details_that_add_up_to_a_stated_total_tell_its_months(store: EventLog, june: int, *, told: bool) -> None:
    """Details of a total give its months once they are said to be all; which is refused where they are not the total.

    The total was rounded to the euro, so that a cent more or less is no contradiction.
    """
    record(store, state_figure, "4100", "expenses", HALF_YEAR, "actual", -1000, precision_cents=100)
    for month, cents in ((1, -200), (4, -400), (6, june)):
        record(store, post_actual, "4100", "personnel", parse_period(f"{month}/2020"), cents, detail=True)
    assert course_of(store, "4100", "expenses").this_year == (*(None,) * 5, -1000)

    with nullcontext() if told else pytest.raises(ContradictsStatement):
        complete(store, "1-6/2020", unit="4100")
    course = course_of(store, "4100", "expenses")

    assert course.this_year == ((-200, -200, -200, -600, -600, -1000) if told else (*(None,) * 5, -1000))


def test_an_earlier_stated_total_stays_known(store: EventLog) -> None:
    """Totals stated for a quarter and for half a year are both points, with nothing between them."""
    record(store, state_figure, "4100", "expenses", parse_period("1-3/2020"), "actual", -400)
    record(store, state_figure, "4100", "expenses", HALF_YEAR, "actual", -1000)

    course = course_of(store, "4100", "expenses")

    assert course.this_year == (None, None, -400, None, None, -1000)
    assert not course.is_drawable
