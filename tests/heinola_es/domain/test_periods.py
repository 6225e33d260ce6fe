"""Periods, dates and moments as people write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.period import Period
from heinola_es.domain.periods import (
    FORMS,
    day_after,
    format_instant,
    parse_date,
    parse_instant,
    parse_period,
    parse_reporting_period,
)
from heinola_es.errors import BadInput, HeinolaError
from tests.strategies import DATES, INSTANTS, PERIODS

SECOND_QUARTER = Period(date(2020, 4, 1), date(2020, 6, 30))
HALF = Period(date(2020, 1, 1), date(2020, 6, 30))
YEAR = Period(date(2020, 1, 1), date(2020, 12, 31))
WRITTEN = {
    "1.4.–30.6.2020": SECOND_QUARTER,
    "1.4.-30.6.2020": SECOND_QUARTER,
    "1.4. - 30.6.2020": SECOND_QUARTER,
    "1.4.- 30.6.2020": SECOND_QUARTER,
    "1.4.—30.6.2020": SECOND_QUARTER,
    "01.04.–30.06.2020": SECOND_QUARTER,
    "1.4.2020–30.6.2020": SECOND_QUARTER,
    "1.12.2019–31.1.2020": Period(date(2019, 12, 1), date(2020, 1, 31)),
    "2020Q2": SECOND_QUARTER,
    "2020-Q2": SECOND_QUARTER,
    "2020 q2": SECOND_QUARTER,
    "2020Q4": Period(date(2020, 10, 1), date(2020, 12, 31)),
    "4-6/2020": SECOND_QUARTER,
    "1-6/2020": HALF,
    "1–6/2020": HALF,
    "1 - 6 / 2020": HALF,
    "2020H1": HALF,
    "2020-H2": Period(date(2020, 7, 1), date(2020, 12, 31)),
    "2020T1": Period(date(2020, 1, 1), date(2020, 4, 30)),
    "2020T2": Period(date(2020, 5, 1), date(2020, 8, 31)),
    "2020-T3": Period(date(2020, 9, 1), date(2020, 12, 31)),
    "6/2020": Period(date(2020, 6, 1), date(2020, 6, 30)),
    "2/2020": Period(date(2020, 2, 1), date(2020, 2, 29)),
    "2/2019": Period(date(2019, 2, 1), date(2019, 2, 28)),
    "12/2020": Period(date(2020, 12, 1), date(2020, 12, 31)),
    "2020": YEAR,
    "2020-04-01..2020-06-30": SECOND_QUARTER,
    "2020-04-01/2020-06-30": SECOND_QUARTER,
    "2020-06": Period(date(2020, 6, 1), date(2020, 6, 30)),
    " 2020 ": YEAR,
}
NOT_PERIODS = [
    *("", " ", "kevät", "Q2", "2020Q", "2020Q5", "2020Q0", "2020H3", "2020H0", "2020T4", "2020X1", "20200", "202"),
    *("0/2020", "13/2020", "7-6/2020", "0-6/2020", "1-13/2020", "6/20", "2020-13", "2020-00", "2020-6"),
    *("31.4.–30.6.2020", "1.4.–31.6.2020", "30.2.2020", "30.6.–1.4.2020", "1.4.–30.6.", "1.4.2020–30.6.", "1.4.2020-"),
    *("2020-06-31", "2020-06-30..2020-04-01", "2020-04-01..2020-06-31", "29.2.2019", "0000", "1.1.0000", "32.1.2020"),
]


@pytest.mark.parametrize(("text", "period"), WRITTEN.items())
def test_a_period_is_read(text: str, period: Period) -> None:
    """Every form that reports, ledgers and people use; the same whether it is recorded for or reported on."""
    assert parse_period(text) == period
    assert parse_reporting_period(text) == period


@pytest.mark.parametrize("text", ["30.6.2020", "2020-06-30", "30.06.2020"])
def test_a_single_date_is_a_day_to_record_and_a_year_up_to_it_to_report(text: str) -> None:
    """A posting is of that day; a snapshot can be had for any date."""
    assert parse_period(text) == Period.of_day(date(2020, 6, 30))
    assert parse_reporting_period(text) == HALF


@pytest.mark.parametrize("text", NOT_PERIODS)
@pytest.mark.parametrize("parse", [parse_period, parse_reporting_period])
def test_what_is_no_period_is_refused(text: str, parse: type) -> None:
    """Forms that mean nothing, days that do not exist, ends before their start: refused, naming what was typed."""
    with pytest.raises(BadInput) as refusal:
        parse(text)
    assert text.strip() in str(refusal.value)


def test_a_refused_period_shows_the_forms_or_what_is_wrong() -> None:
    """Somebody who does not know a form learns all; somebody who slipped learns where."""
    with pytest.raises(BadInput) as unknown:
        parse_period("kevät")
    assert str(unknown.value) == f"'kevät' is not a period; write it as {FORMS}"
    with pytest.raises(BadInput) as backwards:
        parse_period("30.6.–1.4.2020")
    assert str(backwards.value) == (
        "'30.6.–1.4.2020' is not a period: the period ends (01.04.2020) before it starts (30.06.2020); check the dates"
    )
    with pytest.raises(BadInput, match="'2020Q5' is not a period: a year has no Q5; check the dates"):
        parse_period("2020Q5")
    with pytest.raises(BadInput, match=r"there is no such day as 30\.2\.2020; check the date"):
        parse_period("30.2.2020")


@for_all(PERIODS)
def test_what_is_shown_can_be_read(period: Period) -> None:
    """A period in a message or in the log can be copied into the next command."""
    assert parse_period(period.label) == period
    assert parse_period(str(period)) == period
    assert parse_period(str(period).replace("/", "..")) == period


@for_all(st.text(max_size=12) | st.text("0123456789.-–/QqHhTtWwZz:+ ", max_size=20))
def test_any_text_is_read_or_refused_in_a_sentence(text: str) -> None:
    """Whatever is typed, the answer is a period, a date, a moment, or one sentence: never another error."""
    for read in (parse_period, parse_reporting_period, parse_date, parse_instant):
        try:
            read(text)
        except HeinolaError as refusal:
            assert str(refusal)  # noqa: PT017 - any other error fails the test


@for_all(DATES)
def test_a_date_is_read(day: date) -> None:
    """As Finns write it, or as computers do."""
    assert parse_date(f"{day.day}.{day.month}.{day.year}") == parse_date(f" {day.isoformat()} ") == day
    assert (day_after(day) - day).days == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("30.2.2020", "there is no such day as 30.2.2020; check the date"),
        ("2020-02-30", "there is no such day as 2020-02-30; check the date"),
        ("6/2020", "'6/2020' is not a date; write 30.6.2020 or 2020-06-30"),
        ("30.6.", "'30.6.' is not a date; write 30.6.2020 or 2020-06-30"),
        ("tänään", "'tänään' is not a date; write 30.6.2020 or 2020-06-30"),
    ],
)
def test_what_is_no_date_is_refused(text: str, words: str) -> None:
    """A day that does not exist is told apart from what is no date at all."""
    with pytest.raises(BadInput) as refusal:
        parse_date(text)
    assert str(refusal.value) == words


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("15.8.2020", datetime(2020, 8, 15, tzinfo=UTC)),
        ("2020-08-15", datetime(2020, 8, 15, tzinfo=UTC)),
        ("2020-08-15T12:30:00Z", datetime(2020, 8, 15, 12, 30, tzinfo=UTC)),
        ("2020-08-15T12:30", datetime(2020, 8, 15, 12, 30, tzinfo=UTC)),
        ("2020-08-15 15:30:00+03:00", datetime(2020, 8, 15, 12, 30, tzinfo=UTC)),
        ("2020-08-15T12:30:00.000001Z", datetime(2020, 8, 15, 12, 30, 0, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read(text: str, instant: datetime) -> None:
    """A day is its first moment; a time without an offset is UTC, one with an offset is that moment in UTC."""
    assert parse_instant(text) == instant
    assert parse_instant(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["eilen", "2020-08-32", "2020-08-15T25:00", "", "0001-01-01T00:00+14:00", "9999-12-31T23:59-14:00"]
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    """Neither a day nor a time, or one that no calendar holds in UTC."""
    with pytest.raises(BadInput, match=r"is not a moment; write 2020-08-15|there is no such day"):
        parse_instant(text)


@for_all(INSTANTS)
def test_a_moment_that_is_shown_can_be_read(instant: datetime) -> None:
    """Exactly, to the microsecond, with a Z for UTC."""
    assert parse_instant(format_instant(instant)) == instant
    assert format_instant(instant).endswith("Z")


def test_a_moment_is_shown_without_what_is_zero() -> None:
    """Microseconds only where there are any."""
    assert format_instant(datetime(2020, 8, 15, 12, 30, tzinfo=UTC)) == "2020-08-15T12:30:00Z"
    assert format_instant(datetime(2020, 8, 15, 12, 30, 0, 5, tzinfo=UTC)) == "2020-08-15T12:30:00.000005Z"
