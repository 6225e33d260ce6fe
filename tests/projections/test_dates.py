"""Dates are inclusive and exact: what lies inside the period counts, what is cut by its end is named."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from events.streams import unit_year_stream
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import adopt_budget, amend_budget, correct_actual, post_actual, state_figure
from tests.projections.asking import LATER, cents, complete, partial_of, record, row_of, snapshot_of

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog


def test_a_posting_of_a_day_counts_from_that_day_on(store: EventLog) -> None:
    """A posting of 20.6. is not in a report to 15.6. nor to 19.6.; it is in the one to 20.6."""
    _post(store, "20.6.2020", 100)
    complete(store, "1-6/2020")

    shown = {day: cents(snapshot_of(store, day), "4100", "income") for day in ("15.6.2020", "19.6.2020", "20.6.2020")}

    assert shown == {"15.6.2020": 0, "19.6.2020": 0, "20.6.2020": 100}


def test_the_first_and_the_last_day_are_inside(store: EventLog) -> None:
    """1 January and the period's last day count; 31 December before and the day after do not."""
    for day, amount in (("31.12.2019", 1), ("1.1.2020", 10), ("30.6.2020", 100), ("1.7.2020", 1_000)):
        _post(store, day, amount)
    complete(store, "2019", "1-6/2020")

    snapshot = snapshot_of(store, "2020Q2")

    assert cents(snapshot, "4100", "income") == 110
    assert cents(snapshot, "4100", "income", "final_accounts") == 1


def test_a_month_cut_in_two_is_named_and_not_rounded(store: EventLog) -> None:
    """A posting of June is in no figure to 15.6.: it is listed as unplaced, and what it is on is known through May."""
    _post(store, "5/2020", 10)
    _post(store, "6/2020", 100)
    complete(store, "1-6/2020")
    june = store.positions_of(unit_year_stream("4100", 2020))[2]

    snapshot = snapshot_of(store, "15.6.2020")

    assert cents(snapshot, "4100", "income") is None
    assert partial_of(store, "15.6.2020", "4100", "income") == (10, date(2020, 5, 31), ("4100",), (june,))
    assert cents(snapshot, "4100", "expenses") == 0
    assert snapshot["unplaced"] == [
        {
            "column": "actual",
            "position": june,
            "unit": "4100",
            "line": "operating_income",
            "start": "2020-06-01",
            "end": "2020-06-30",
            "cents": 100,
        }
    ]


@pytest.mark.parametrize("period", ["2020Q2", "30.6.2020", "2020", "1.4.–30.6.2020", "6/2020"])
def test_a_period_of_whole_months_cuts_nothing(store: EventLog, period: str) -> None:
    """Where the period ends with the month there is nothing that could not be placed."""
    _post(store, "6/2020", 100)
    complete(store, "2020")

    snapshot = snapshot_of(store, period)

    assert snapshot["unplaced"] == []
    assert cents(snapshot, "4100", "income") == 100


def test_what_begins_after_the_period_is_not_cut_by_it(store: EventLog) -> None:
    """A posting that begins the day after the period's end is simply later."""
    _post(store, "16.6.2020", 1)
    _post(store, "7/2020", 1)

    assert snapshot_of(store, "15.6.2020")["unplaced"] == []


def test_a_correction_can_be_cut_too(store: EventLog) -> None:
    """What cannot be placed is every kind of posting, corrections included."""
    record(store, correct_actual, "4100", "sales", parse_period("6/2020"), 5, reason="korjaus")

    (cut,) = snapshot_of(store, "15.6.2020")["unplaced"]

    assert (cut["line"], cut["cents"]) == ("sales", 5)


def test_the_year_before_is_cut_on_the_same_day(store: EventLog) -> None:
    """The comparison to 15.6.2019 cannot place June 2019 either, and says so."""
    _post(store, "6/2019", 100)

    snapshot = snapshot_of(store, "15.6.2020")

    assert cents(snapshot, "4100", "income", "prior_actual") is None
    (cut,) = snapshot["unplaced"]
    assert (cut["column"], cut["start"], cut["end"]) == ("prior_actual", "2019-06-01", "2019-06-30")


def test_unplaced_postings_are_those_of_the_units_asked_for(store: EventLog) -> None:
    """A snapshot of one unit names what is cut in it and below it, not in others."""
    _post(store, "6/2020", 100)

    assert len(snapshot_of(store, "15.6.2020", unit="410")["unplaced"]) == 1
    assert snapshot_of(store, "15.6.2020", unit="400")["unplaced"] == []


def test_unplaced_postings_are_those_known_then(store: EventLog) -> None:
    """What was not recorded yet was not there to be placed."""
    known = LATER.replace(year=2019)
    _post(store, "6/2020", 100)

    assert snapshot_of(store, "15.6.2020", known_at=known)["unplaced"] == []


def test_a_quarter_does_not_cut_a_posting_that_began_before_it(store: EventLog) -> None:
    """Figures are cumulative: a posting for February–May lies inside January–June, though not inside the quarter."""
    _post(store, "2-5/2020", 100)
    complete(store, "1/2020", "6/2020")

    snapshot = snapshot_of(store, "2020Q2")

    assert cents(snapshot, "4100", "income") == 100
    assert snapshot["unplaced"] == []


def test_a_statement_is_of_exactly_its_period(store: EventLog) -> None:
    """Stated for January–June is not stated for January–May, nor for the second quarter, nor to 29.6."""
    record(store, state_figure, "4100", "income", parse_period("1-6/2020"), "actual", 100)
    record(store, state_figure, "4100", "expenses", parse_period("2020Q2"), "actual", -100)

    shown = {day: cents(snapshot_of(store, day), "4100", "income") for day in ("31.5.2020", "29.6.2020", "30.6.2020")}

    assert shown == {"31.5.2020": None, "29.6.2020": None, "30.6.2020": 100}
    assert cents(snapshot_of(store, "2020Q2"), "4100", "expenses") is None


def test_a_leap_day_belongs_to_the_months_it_ends(store: EventLog) -> None:
    """The months to 29.2.2020 are compared with those to 28.2.2019, the whole February of each."""
    _post(store, "2/2020", 20)
    _post(store, "2/2019", 19)
    complete(store, "1/2019", "1/2020")

    snapshot = snapshot_of(store, "29.2.2020")

    assert (cents(snapshot, "4100", "income"), cents(snapshot, "4100", "income", "prior_actual")) == (20, 19)
    assert snapshot["unplaced"] == []


def test_a_period_may_not_cross_the_turn_of_the_year(store: EventLog) -> None:
    """A report covers one fiscal year."""
    with pytest.raises(BadInput, match="crosses the turn of a year"):
        snapshot_of(store, "2019-12-01..2020-01-31")


# ---------------------------------------------------------------- budgets, by the day they were decided


def test_a_budget_holds_from_the_day_it_was_decided(store: EventLog) -> None:
    """The budget of the year is there from the decision of 9.12. on; an amendment from its own day on."""
    record(store, adopt_budget, "4100", "income", 2020, 1_000, day=date(2019, 12, 9))
    record(store, amend_budget, "4100", "income", 2020, 50, day=date(2020, 6, 15))

    shown = {day: _budget(store, day) for day in ("31.1.2020", "14.6.2020", "15.6.2020", "31.12.2020")}

    assert shown == {"31.1.2020": 1_000, "14.6.2020": 1_000, "15.6.2020": 1_050, "31.12.2020": 1_050}
    assert cents(snapshot_of(store, "2021Q1"), "4100", "income", "budget") is None


def test_a_budget_that_was_adopted_late_says_from_when_on(store: EventLog) -> None:
    """Before August there was none: null, and the note tells the day."""
    record(store, adopt_budget, "4100", "income", 2020, 1_000, day=date(2020, 8, 17))

    assert (_budget(store, "2020Q2"), _budget(store, "17.8.2020")) == (None, 1_000)
    assert row_of(snapshot_of(store, "2020Q2"), "4100", "income")["notes"]["budget"] == (
        "there was no budget yet; the first decision on it is of 17.8.2020"
    )


def test_a_decision_after_the_year_is_in_the_report_of_the_year(store: EventLog) -> None:
    """The council amends in January what was overspent by December: the report of the whole year has it, no other."""
    record(store, adopt_budget, "4100", "income", 2020, 1_000, day=date(2019, 12, 9))
    record(store, amend_budget, "4100", "income", 2020, 50, day=date(2021, 1, 25))

    shown = {period: _budget(store, period) for period in ("1-11/2020", "30.12.2020", "2020", "2020Q4")}

    assert shown == {"1-11/2020": 1_000, "30.12.2020": 1_000, "2020": 1_050, "2020Q4": 1_050}


def test_a_budget_stated_as_of_a_day_is_not_shown_before_it(store: EventLog) -> None:
    """What a report states as of 30.6. nobody had stated by 31.3.: the cell is null there and says so."""
    record(store, state_figure, "4100", "income", parse_period("2020Q2"), "budget", 1_000)

    assert _budget(store, "2020Q2") == _budget(store, "2020Q3") == 1_000
    assert _budget(store, "2020Q1") is _budget(store, "29.6.2020") is None
    assert row_of(snapshot_of(store, "2020Q1"), "4100", "income")["notes"]["budget"] == (
        "not known as of the end of the period; stated as of 30.6.2020"
    )


def test_an_amendment_after_the_statement_adds_to_it(store: EventLog) -> None:
    """Decided after 30.6., it is in the third quarter's budget and not in the second's."""
    record(store, state_figure, "4100", "income", parse_period("2020Q2"), "budget", 1_000)
    record(store, amend_budget, "4100", "income", 2020, 50, day=date(2020, 9, 14))

    shown = {period: _budget(store, period) for period in ("2020Q2", "13.9.2020", "14.9.2020", "2020Q3")}

    assert shown == {"2020Q2": 1_000, "13.9.2020": 1_000, "14.9.2020": 1_050, "2020Q3": 1_050}


def test_an_amendment_inside_the_stated_budget_adds_only_where_it_corrects_it(store: EventLog) -> None:
    """Of two decisions before 30.6. the one the statement had missed adds, the one that it has does not."""
    record(store, state_figure, "4100", "income", parse_period("2020Q2"), "budget", 1_000)
    record(store, amend_budget, "4100", "income", 2020, 50, day=date(2020, 5, 1), correcting=True, reason="puuttui")
    record(store, amend_budget, "4100", "income", 2020, 7, day=date(2020, 5, 1), detail=True)

    assert _budget(store, "2020Q2") == 1_050


def test_the_budget_stated_last_before_the_periods_end_holds(store: EventLog) -> None:
    """Each report states the budget as of its own day; a decision between the two is inside the later statement."""
    record(store, state_figure, "4100", "income", parse_period("2020Q2"), "budget", 1_000)
    record(store, amend_budget, "4100", "income", 2020, 50, day=date(2020, 9, 14))
    record(store, state_figure, "4100", "income", parse_period("2020Q3"), "budget", 1_060)

    assert (_budget(store, "2020Q2"), _budget(store, "15.9.2020"), _budget(store, "2020Q3")) == (1_000, 1_050, 1_060)


def test_a_budget_stated_late_does_not_replace_one_of_a_later_day(store: EventLog) -> None:
    """Which budget holds is decided by the day it is stated as of, not by when it was recorded."""
    record(store, state_figure, "4100", "income", parse_period("2020Q3"), "budget", 1_060)
    record(store, state_figure, "4100", "income", parse_period("2020Q2"), "budget", 1_000)

    assert (_budget(store, "2020Q2"), _budget(store, "2020Q3")) == (1_000, 1_060)


def test_a_decision_after_the_day_of_a_statement_adds_though_recorded_before_it(store: EventLog) -> None:
    """The budget as of 30.6. cannot hold what was decided in September, even where it was typed in last."""
    record(store, adopt_budget, "4100", "income", 2020, 900, day=date(2019, 12, 9))
    record(store, amend_budget, "4100", "income", 2020, 50, day=date(2020, 9, 14))
    record(store, state_figure, "4100", "income", parse_period("2020Q2"), "budget", 1_000)

    assert (_budget(store, "2020Q2"), _budget(store, "2020Q3")) == (1_000, 1_050)


def _post(log: EventLog, period: str, amount: int) -> None:
    record(log, post_actual, "4100", "income", parse_period(period), amount)


def _budget(log: EventLog, period: str) -> int | None:
    return cents(snapshot_of(log, period), "4100", "income", "budget")
