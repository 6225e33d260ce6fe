"""Numbers, amounts, per cents and dates as each language writes them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from projections.report.language.languages import LANGUAGES
from projections.report.language.numbers import Numbers, in_finland

FI, SV, EN = (Numbers(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("numbers", "whole", "negative", "percent"),
    [
        (FI, "1\u00a0797\u00a0871", "−26\u00a0784\u00a0400\u00a0€", "63,3\u00a0%"),
        (SV, "1\u00a0797\u00a0871", "−26\u00a0784\u00a0400\u00a0€", "63,3\u00a0%"),
        (EN, "1,797,871", "−€26,784,400", "63.3%"),
    ],
)
def test_numbers_are_written_as_the_language_does(numbers: Numbers, whole: str, negative: str, percent: str) -> None:
    """Groups of digits, the decimal sign, the minus U+2212 and the places of € and % are the language's own."""
    assert numbers.plain(1_797_871) == whole
    assert numbers.euros(Decimal(-26_784_400)) == negative
    assert numbers.percent(Decimal("63.34")) == percent


def test_halves_are_rounded_away_from_zero() -> None:
    """As a ledger rounds; and what rounds to zero has no sign."""
    assert [FI.plain(Decimal(text)) for text in ("0.5", "-0.5", "1.49", "-0.49")] == ["1", "−1", "1", "0"]


def test_amounts_are_shown_in_the_unit_of_their_column() -> None:
    """Euros in thousands, whole, or with cents; by themselves, cents only where there are any."""
    value = Decimal("-18163499.5")
    assert [FI.amount(value, scale) for scale in ("thousands", "euros", "cents")] == [
        "−18\u00a0163",
        "−18\u00a0163\u00a0500",
        "−18\u00a0163\u00a0499,50",
    ]
    assert (EN.exact_euros(1_250_000), EN.exact_euros(1_250_050)) == ("€12,500", "€12,500.50")


def test_a_per_cent_has_the_decimals_that_it_has() -> None:
    """Even use is `50 %` at half-year and `33,33 %` after four months."""
    assert [FI.percent(Decimal(text), None) for text in ("50", "33.33", "62.30")] == [
        "50\u00a0%",
        "33,33\u00a0%",
        "62,3\u00a0%",
    ]


@pytest.mark.parametrize(
    ("numbers", "quarter", "across", "day"),
    [
        (FI, "1.4.–30.6.2020", "1.12.2019–31.1.2020", "30.6.2020"),
        (SV, "1.4–30.6.2020", "1.12.2019–31.1.2020", "30.6.2020"),
        (EN, "1 April–30 June 2020", "1 December 2019–31 January 2020", "30 June 2020"),
    ],
)
def test_dates_are_written_as_the_language_does(numbers: Numbers, quarter: str, across: str, day: str) -> None:
    """The year stands once where both days are in it; one day stands by itself."""
    end = date(2020, 6, 30)
    assert numbers.span(date(2020, 4, 1), end) == quarter
    assert numbers.span(date(2019, 12, 1), date(2020, 1, 31)) == across
    assert EN.span(date(2020, 6, 1), end) == "1–30 June 2020"
    assert numbers.span(end, end) == numbers.day(end) == day


def test_moments_are_told_by_the_clocks_of_finland_to_the_minute() -> None:
    """Wherever they were written down; whose clocks it is stands beside them."""
    then = datetime(2020, 8, 15, 1, 5, 59, tzinfo=timezone(timedelta(hours=2)))
    assert [numbers.instant(then) for numbers in (FI, SV, EN)] == [
        "15.8.2020 klo 2.05 (Suomen aikaa)",
        "15.8.2020 kl. 2.05 (finsk tid)",
        "15 August 2020, 02:05 (Finnish time)",
    ]
    assert FI.instant(datetime(2020, 12, 31, 22, tzinfo=UTC)) == "1.1.2021 klo 0.00 (Suomen aikaa)"


@pytest.mark.parametrize("year", range(1997, 2038))
def test_summer_time_begins_and_ends_as_the_table_of_time_zones_has_it(year: int) -> None:
    """Every hour of the two months in which the clocks are turned."""
    for month in (3, 10):
        for hour in range(31 * 24):
            instant = datetime(year, month, 1, tzinfo=UTC) + timedelta(hours=hour)
            assert in_finland(instant) == instant.astimezone(ZoneInfo("Europe/Helsinki")).replace(tzinfo=None)


@pytest.mark.parametrize(
    ("numbers", "first", "sixth"), [(FI, "tammi", "kesä"), (SV, "jan", "juni"), (EN, "Jan", "Jun")]
)
def test_months_have_short_names(numbers: Numbers, first: str, sixth: str) -> None:
    """As they stand under a chart, without a stop."""
    assert (numbers.month(1), numbers.month(6)) == (first, sixth)


@pytest.mark.parametrize(
    ("recorded", "finnish", "english"),
    [
        ("1224", "1\u00a0224", "1,224"),
        ("52.50", "52,50", "52.50"),
        ("-0.5", "−0,5", "−0.5"),
        ("1E+3", "1\u00a0000", "1,000"),
    ],
)
def test_a_recorded_number_keeps_its_decimals(recorded: str, finnish: str, english: str) -> None:
    """A statistic is shown with the decimals that it was recorded with."""
    assert (FI.as_recorded(recorded), EN.as_recorded(recorded)) == (finnish, english)
