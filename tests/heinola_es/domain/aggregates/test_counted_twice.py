"""A unit's fiscal year refuses a second posting of days that are posted, of the same account or else line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from events.figures import ActualCorrected, ActualPosted, FigureStated
from heinola_es.domain.aggregates.unit_year import CountedTwice
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import correct_actual, post_actual
from tests.specification import CITY_FACTS, fact

if TYPE_CHECKING:
    from events.base import Event
    from tests.specification import Given

MARCH, HALF = parse_period("3/2020"), parse_period("2020H1")


def posted(period: str, cents: int, *, account: str = "", **fields: Any) -> Event:  # noqa: ANN401 - of the event
    """Return a posting of personnel of unit 4100."""
    return fact(ActualPosted, period, unit="4100", line="personnel", amount_cents=cents, account=account, **fields)


def corrected(period: str, cents: int) -> Event:
    """Return a correction of the same."""
    return fact(ActualCorrected, period, unit="4100", line="personnel", amount_cents=cents, reason="jaksotus")


@pytest.mark.parametrize("period", ["2020Q1", "1-3/2020", "15.3.2020", "3/2020", "2020"])
def test_days_that_are_posted_are_not_posted_again(given: Given, period: str) -> None:
    """Of which the other is a part, or the other way round; the sentence says what stands, where, and the ways on."""
    given(*CITY_FACTS, posted("3/2020", -100_00)).when(
        post_actual, "4100", "personnel", parse_period(period), -50_00
    ).refused(CountedTwice, "the actual of 4100 personnel for 1.3.–31.3.2020 is -100 already (#")


def test_the_sentence_tells_the_ways_on(given: Given) -> None:
    """The difference as a correction, or both."""
    given(*CITY_FACTS, posted("3/2020", -100_00)).when(post_actual, "4100", "personnel", HALF, -50_00).refused(
        CountedTwice,
        "and 1.1.–30.6.2020 shares days with that; record the difference with `heinola record correction 4100 "
        'personnel 1.3.–31.3.2020 --to AMOUNT --reason "…"`, or add --also where both are meant',
    )


def test_both_may_be_meant(given: Given) -> None:
    """With `also` the amount stands beside the other."""
    given(*CITY_FACTS, posted("3/2020", -100)).when(post_actual, "4100", "personnel", MARCH, -50, also=True).then(
        posted("3/2020", -50)
    )


@pytest.mark.parametrize(
    ("line", "account", "period"),
    [("services", "", "3/2020"), ("personnel", "4010", "3/2020"), ("personnel", "", "4/2020")],
)
def test_what_is_of_another_account_line_or_time_is_no_second_count(
    given: Given, line: str, account: str, period: str
) -> None:
    """Days are compared within an account, or else a line."""
    expected = fact(ActualPosted, period, unit="4100", line=line, amount_cents=-50, account=account)
    given(*CITY_FACTS, posted("3/2020", -100)).when(
        post_actual, "4100", line, parse_period(period), -50, account=account
    ).then(expected)


def test_corrections_and_details_are_no_second_count(given: Given) -> None:
    """A correction changes what is there; a detail breaks down a total."""
    given(*CITY_FACTS, posted("3/2020", -100)).when(
        correct_actual, "4100", "personnel", MARCH, -50, reason="jaksotus"
    ).then(corrected("3/2020", -50))
    stated = fact(
        FigureStated, "2020H1", unit="4100", line="personnel", measure="actual", amount_cents=-900, precision_cents=1
    )
    given(*CITY_FACTS, posted("3/2020", -100), stated).when(
        post_actual, "4100", "personnel", MARCH, -50, detail=True
    ).then(posted("3/2020", -50, detail=True))


def test_what_was_taken_back_is_posted_anew(given: Given) -> None:
    """A correction to nothing leaves nothing that would be counted twice; a correction alone is no posting."""
    given(*CITY_FACTS, posted("3/2020", -100), corrected("3/2020", 100)).when(
        post_actual, "4100", "personnel", HALF, -50
    ).then(posted("2020H1", -50))
    given(*CITY_FACTS, corrected("3/2020", -100)).when(post_actual, "4100", "personnel", MARCH, -50).then(
        posted("3/2020", -50)
    )


def test_what_was_recorded_before_there_was_the_rule_still_opens(given: Given) -> None:
    """Two postings of the same days are replayed; the first of them is told."""
    given(*CITY_FACTS, posted("3/2020", -100), posted("3/2020", -7)).when(
        post_actual, "4100", "personnel", MARCH, -50
    ).refused(CountedTwice, "is -1,07 already (#")
