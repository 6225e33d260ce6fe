"""Figures from the command line: budgets, actuals, corrections, statements, and the closing of periods."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from events.figures import (
    ActualCorrected,
    ActualPosted,
    BudgetAdopted,
    BudgetAmended,
    FigureStated,
    PeriodClosed,
    PeriodReopened,
    StatementWithdrawn,
)
from events.period import Period

if TYPE_CHECKING:
    from tests.terminal import Terminal

JUNE = Period.of_month(2020, 6)
JUNE_20 = Period.of_day(date(2020, 6, 20))


def test_a_budget_is_adopted(terminal: Terminal) -> None:
    """`record budget` adopts the budget of a line, by the decision of a day."""
    event = terminal.recorded("record budget 4100 personnel 2020 -12 500 000 --on 11.11.2019 --source 'Kv § 70'")
    assert isinstance(event, BudgetAdopted)
    assert (event.unit, event.line, event.fiscal_year, event.amount_cents) == (
        "4100",
        "personnel",
        2020,
        -1_250_000_000,
    )
    assert (event.effective, event.source) == (Period.of_day(date(2019, 11, 11)), "Kv § 70")


def test_a_budget_is_decided_on_the_first_of_january_unless_said(terminal: Terminal) -> None:
    """Without --on, the day of the decision is 1 January of the year."""
    said = terminal.done("record budget 4100 fees 2020 1000")
    assert said == "#15 BudgetAdopted 4100 fees 2020 1.1.2020 1 000,00 €"


def test_a_budget_is_amended(terminal: Terminal) -> None:
    """`record amendment` changes the budget by a difference, which is told with its sign."""
    terminal.done("record budget 4100 fees 2020 1000")
    said = terminal.done("record amendment 4100 fees 2020 250,50 --on 15.6.2020")
    assert said == "#16 BudgetAmended 4100 fees 2020 15.6.2020 +250,50 €"
    event = terminal.events()[-1]
    assert isinstance(event, BudgetAmended)
    assert (event.amount_cents, event.detail, event.correcting) == (25_050, False, False)


def test_an_amendment_may_correct_a_stated_budget(terminal: Terminal) -> None:
    """`--correcting` marks an amendment that a budget stated as of a later day had missed."""
    terminal.done("record statement 4100 personnel 1-6/2020 -5000 --measure budget")
    event = terminal.recorded(
        "record amendment 4100 personnel 2020 -100 --on 1.3.2020 --correcting --reason 'puuttui raportista'"
    )
    assert isinstance(event, BudgetAmended)
    assert event.correcting


@pytest.mark.parametrize(
    ("line", "period", "cents"),
    [
        ("record actual 4100 personnel 6/2020 -1234,50", JUNE, -123_450),
        ("record actual 4100 personnel 6/2020 -1 234,50", JUNE, -123_450),
        ("record actual 4100 personnel --period 6/2020 -1 234,50", JUNE, -123_450),
        ("record actual --period=2020-06 4100 personnel -1234.50", JUNE, -123_450),
        ("record actual 4100 personnel -1234,50 --on 20.6.2020", JUNE_20, -123_450),
        ("record actual 4100 personnel 20.6.2020 -1234,50", JUNE_20, -123_450),
        ("record actual 4100 income 1.6.–30.6.2020 1 234 567", JUNE, 123_456_700),
    ],
)
def test_an_actual_is_posted(terminal: Terminal, line: str, period: Period, cents: int) -> None:
    """`record actual` posts an amount into a period or onto a day, by position or by option."""
    event = terminal.recorded(line)
    assert isinstance(event, ActualPosted)
    assert (event.unit, event.effective, event.amount_cents) == ("4100", period, cents)


def test_an_actual_keeps_its_account_and_marks(terminal: Terminal) -> None:
    """--account and --detail reach the event; a reason that looks like an amount is left as it is."""
    event = terminal.recorded("record actual 4100 fees 6/2020 5 --account 3211 --detail --reason '-5 %'")
    assert isinstance(event, ActualPosted)
    assert (event.account, event.detail, event.reason) == ("3211", True, "-5 %")


def test_an_amount_against_its_line_needs_contra(terminal: Terminal) -> None:
    """A positive expense is refused, and accepted with --contra."""
    assert terminal.refused("record actual 4100 personnel 6/2020 100") == (
        "heinola: personnel is recorded negative, so 100 goes against its line; "
        "write -100, or add --contra if it is meant"
    )
    event = terminal.recorded("record actual 4100 personnel 6/2020 100 --contra")
    assert isinstance(event, ActualPosted)
    assert event.amount_cents == 10_000


def test_an_actual_is_corrected_by_a_difference(terminal: Terminal) -> None:
    """`record correction` adds a difference, on the line that `income` is recorded as, and tells it with its sign."""
    said = terminal.done('record correction 4100 income 6/2020 1000,00 --reason "lasku puuttui"')
    assert said == "#15 ActualCorrected 4100 operating_income 1.6.–30.6.2020 +1 000,00 €"
    event = terminal.events()[-1]
    assert isinstance(event, ActualCorrected)
    assert (event.amount_cents, event.reason) == (100_000, "lasku puuttui")


@pytest.mark.parametrize("total", ["--to -1 500,50", "--to=-1500,50", "--to '-1 500,50 €'", "--to \u22121500,50"])
def test_an_actual_is_corrected_to_a_total(terminal: Terminal, total: str) -> None:
    """`--to` records the difference to what is known so far."""
    terminal.done("record actual 4100 personnel 6/2020 -1000")
    event = terminal.recorded(f"record correction 4100 personnel 6/2020 {total} --reason jaksotus")
    assert isinstance(event, ActualCorrected)
    assert event.amount_cents == -50_050


@pytest.mark.parametrize(
    ("precision", "cents"), [("", 1), ("--precision euro", 100), ("--precision thousand", 100_000)]
)
def test_a_total_is_stated(terminal: Terminal, precision: str, cents: int) -> None:
    """`record statement` states a total over exactly a period, at the precision of its document."""
    event = terminal.recorded(f"record statement 410 net 2019 -802 000 {precision} --source 'TP 2019'")
    assert isinstance(event, FigureStated)
    assert (event.line, event.measure, event.amount_cents) == ("net", "actual", -80_200_000)
    assert (event.effective, event.precision_cents) == (Period.of_year(2019), cents)


def test_a_stated_total_is_withdrawn(terminal: Terminal) -> None:
    """`record withdrawal` lets the statements of exactly a line, a measure and a period hold no longer."""
    terminal.done("record statement 410 income 2019 802 000")
    event = terminal.recorded("record withdrawal 410 income 2019 --reason 'väärä sarake'")
    assert isinstance(event, StatementWithdrawn)
    assert (event.unit, event.line, event.measure, event.effective) == ("410", "income", "actual", Period.of_year(2019))


def test_books_are_closed_for_a_unit_and_all_below_it(terminal: Terminal) -> None:
    """`record close --unit` closes a unit with all below it, an event for each, told line by line."""
    assert terminal.done("record close 2020Q2 --unit 410").splitlines() == [
        "#15 PeriodClosed 410 1.4.–30.6.2020",
        "#16 PeriodClosed 4100 1.4.–30.6.2020",
        "#17 PeriodClosed 4160 1.4.–30.6.2020",
    ]
    assert all(isinstance(event, PeriodClosed) for event in terminal.events()[-3:])


def test_books_are_closed_for_the_whole_city(terminal: Terminal) -> None:
    """`record close` without a unit closes every unit."""
    assert len(terminal.done("record close --period 2020Q2").splitlines()) == 10


def test_books_are_reopened(terminal: Terminal) -> None:
    """`record reopen` opens the books again, with a reason."""
    terminal.done("record close 2020Q2 --unit 4100")
    event = terminal.recorded("record reopen 2020Q2 --unit 4100 --reason jaksotus")
    assert isinstance(event, PeriodReopened)
    assert (event.unit, event.reason) == ("4100", "jaksotus")


@pytest.mark.parametrize(
    ("before", "line", "sentence"),
    [
        (
            "record budget 4100 fees 2020 1000",
            "record budget 4100 fees 2020 1000",
            (
                "heinola: the budget of 4100 fees for 2020 is adopted already; record what changes it with "
                "`heinola record amendment`"
            ),
        ),
        (
            None,
            "record amendment 4100 fees 2020 1000 --on 1.3.2020",
            (
                "heinola: no budget of unit 4100 for 2020 was adopted or stated, so there is none to amend; "
                "record it first with `heinola record budget`"
            ),
        ),
        (
            None,
            "record actual 4100 net 6/2020 5",
            "heinola: net is computed from income and expenses and takes no postings; record on one of those instead",
        ),
        (
            None,
            "record correction 4100 fees 6/2020 5",
            'heinola: a correction needs a reason; add --reason "…"',
        ),
        (
            None,
            "record statement 4100 income 2014 5",
            (
                "heinola: unit 4100 exists only from 1.1.2015; 1.1.–31.12.2014 is before that, "
                "check the period or the unit"
            ),
        ),
        (
            None,
            "record withdrawal 4100 income 2019 --reason x",
            "heinola: no actual of 4100 income is stated for 1.1.–31.12.2019",
        ),
        (
            "record close 2020Q2 --unit 4100",
            "record close 2020Q2 --unit 4100",
            "heinola: the books of unit 4100 for 1.4.–30.6.2020 are closed already",
        ),
        (
            None,
            "record reopen 2020Q2 --unit 4100 --reason x",
            "heinola: the books of unit 4100 for 1.4.–30.6.2020 are not closed",
        ),
        (
            "record close 2020Q2 --unit 410",
            "record actual 4100 fees 6/2020 5",
            (
                "heinola: the books of unit 410 for 1.4.–30.6.2020 are closed; reopen them first: "
                'heinola record reopen 1.4.–30.6.2020 --unit 410 --reason "…"'
            ),
        ),
    ],
)
def test_what_a_rule_refuses_is_refused(terminal: Terminal, before: str | None, line: str, sentence: str) -> None:
    """A refused figure exits with 1, records nothing and says what to do."""
    if before:
        terminal.done(before)
    assert terminal.refused(line) == sentence


def test_a_posting_into_a_stated_total_is_told_the_ways_on(terminal: Terminal) -> None:
    """The refusal holds the command lines that would do, ready to run."""
    terminal.done("record statement 410 income 1-6/2020 5000")
    sentence = terminal.refused("record actual 4100 income 6/2020 1 000")
    assert 'heinola record correction 4100 operating_income 1.6.–30.6.2020 "1 000" --reason "…"' in sentence
    assert "add --detail" in sentence
    assert "heinola record withdrawal" in sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "record actual 4100 fees 13/2020 5",
            "heinola: '13/2020' is not a period: months 13-13 are not months of a year in order; check the dates",
        ),
        (
            "record actual 4100 fees 6/2020 1,234",
            "heinola: '1,234' is ambiguous: thousands or decimals? Write 1 234 for thousands or 1,23 for decimals",
        ),
        (
            "record actual 4100 fees 6/2020 -1,234",
            "heinola: '-1,234' is ambiguous: thousands or decimals? Write 1 234 for thousands or 1,23 for decimals",
        ),
        (
            "record actual 4100 fees 6/2020 paljon",
            "heinola: 'paljon' is not an amount; write euros such as -1 234,50 or 12.500 €",
        ),
        ("record budget 4100 fees 20 5", "heinola: '20' is not a fiscal year; write it as 2020"),
        (
            "record correction 4100 fees 6/2020 --reason x",
            "heinola: the correction has no amount; give the difference as DELTA or the total with --to",
        ),
        (
            "record correction 4100 fees 6/2020 5 --to 6 --reason x",
            "heinola: the correction has two amounts; give either the difference as DELTA or the total with --to",
        ),
        (
            "record correction 4100 fees 6/2020 --to 6 --reason x",
            (
                "heinola: the actual of 4100 fees for 1.6.–30.6.2020 is not known, or not whole, so no difference to "
                "it can be told; give the difference itself, or a period that was stated or whose books are complete"
            ),
        ),
        (
            "record statement 4100 fees 2020 5 --measure forecast",
            "heinola: unknown measure 'forecast'; it is one of actual (toteuma, utfall), budget (talousarvio, budget)",
        ),
        ("record actual 4161 fees 6/2020 5", "heinola: unknown unit '4161'; did you mean 4160?"),
    ],
)
def test_what_cannot_be_read_is_usage(terminal: Terminal, line: str, sentence: str) -> None:
    """What cannot be read, or could mean two things, exits with 2 and records nothing."""
    assert terminal.refused(line, code=2) == sentence


def test_an_unknown_line_is_met_with_the_nearest_and_with_all(terminal: Terminal) -> None:
    """A misspelt line is told the nearest, then every line there is; a Finnish label is understood."""
    sentence = terminal.refused("record actual 4100 personel 6/2020 -5", code=2)
    assert sentence.startswith("heinola: unknown line 'personel'; did you mean personnel?; the lines are sales (")
    event = terminal.recorded("record actual 4100 henkilöstökulut 6/2020 -5")
    assert isinstance(event, ActualPosted)
    assert event.line == "personnel"
