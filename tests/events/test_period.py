"""Periods: spans of whole days, both ends included."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given as for_all

from events.period import Period
from tests.strategies import PERIODS

LEAP_DAY = date(2020, 2, 29)


def test_a_period_never_runs_backwards() -> None:
    """The end is on or after the start; the sentence shows both days."""
    with pytest.raises(ValueError, match=r"the period ends \(31\.03\.2020\) before it starts \(01\.04\.2020\)"):
        Period(date(2020, 4, 1), date(2020, 3, 31))


@for_all(PERIODS)
def test_a_period_is_written_and_read(period: Period) -> None:
    """The ISO 8601 interval says all of it."""
    assert Period.from_iso(str(period)) == period


@for_all(PERIODS, PERIODS)
def test_inside_and_overlapping_are_about_days(one: Period, other: Period) -> None:
    """A period is inside another when all its days are; they overlap when they share one."""
    days = range(one.start.toordinal(), one.end.toordinal() + 1)
    other_days = range(other.start.toordinal(), other.end.toordinal() + 1)
    shared = min(days.stop, other_days.stop) - max(days.start, other_days.start)
    assert one.overlaps(other) is (shared > 0)
    assert one.contains(other) is (shared == len(other_days))


@for_all(PERIODS)
def test_the_cumulative_period_begins_with_the_year(period: Period) -> None:
    """From 1 January of the year it ends in, up to its end."""
    cumulative = period.year_to_date()
    assert (cumulative.start, cumulative.end) == (date(period.end.year, 1, 1), period.end)


@pytest.mark.parametrize(
    ("period", "label"),
    [
        (Period.of_months(2020, 4, 6), "1.4.–30.6.2020"),
        (Period.of_day(date(2020, 8, 15)), "15.8.2020"),
        (Period(date(2019, 12, 1), date(2020, 1, 31)), "1.12.2019–31.1.2020"),
        (Period.of_year(2020), "1.1.–31.12.2020"),
        (Period.of_month(2020, 2), "1.2.–29.2.2020"),
    ],
    ids=str,
)
def test_a_period_is_labelled_as_a_report_prints_it(period: Period, label: str) -> None:
    """The year is printed once where both days share it."""
    assert period.label == label


@pytest.mark.parametrize(
    ("period", "years", "before"),
    [
        (Period.of_months(2020, 4, 6), 1, Period.of_months(2019, 4, 6)),
        (Period.of_month(2020, 2), 1, Period.of_month(2019, 2)),
        (Period.of_month(2019, 2), 3, Period.of_month(2016, 2)),
        (Period.of_day(LEAP_DAY), 4, Period.of_day(date(2016, 2, 29))),
        (Period(date(2020, 2, 1), date(2020, 2, 28)), 1, Period(date(2019, 2, 1), date(2019, 2, 28))),
        (Period.of_year(2020), 2, Period.of_year(2018)),
    ],
    ids=str,
)
def test_the_same_days_of_an_earlier_year(period: Period, years: int, before: Period) -> None:
    """A period that ends a month ends the same month then, in leap years too."""
    assert period.years_before(years) == before
