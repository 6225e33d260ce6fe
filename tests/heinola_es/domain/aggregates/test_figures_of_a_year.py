"""A unit's fiscal year: budgets, amendments, postings, corrections, statements, closings; and what is refused."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from events.coverage import BooksCompleted
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
from events.organisation import UnitClosed, UnitEstablished, UnitMerged, UnitMoved
from events.period import Period
from heinola_es.domain.aggregates.base import BeforeUnitExisted, ReasonRequired
from heinola_es.domain.aggregates.unit import UnitHasEnded
from heinola_es.domain.aggregates.unit_year import (
    AgainstLineSign,
    AlreadyStated,
    BudgetAdoptedBefore,
    BudgetNeverAdopted,
    NothingToWithdraw,
    OtherYear,
    PeriodIsClosed,
    PeriodNotClosed,
)
from heinola_es.domain.chart import LineNotPostable, UnknownLine
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import (
    adopt_budget,
    amend_budget,
    close_period,
    correct_actual,
    correct_actual_to,
    post_actual,
    reopen_period,
    state_figure,
    withdraw_statement,
)
from heinola_es.handlers.session import UnknownUnit
from tests.specification import CITY_FACTS, fact

if TYPE_CHECKING:
    from events.base import Event
    from tests.specification import Given

MARCH = parse_period("3/2020")
FIRST_QUARTER = parse_period("2020Q1")
SECOND_QUARTER = parse_period("2020Q2")
HALF = parse_period("2020H1")
YEAR = Period.of_year(2020)
COUNCIL = date(2019, 12, 9)
"""The day on which the council adopted the budget of 2020."""

JUNE_COUNCIL = date(2020, 6, 15)


def posted(
    period: str, unit: str, line: str, amount_cents: int, *, account: str = "", detail: bool = False, source: str = ""
) -> Event:
    """Return a posting."""
    fields: dict[str, Any] = {
        "unit": unit,
        "line": line,
        "amount_cents": amount_cents,
        "account": account,
        "detail": detail,
    }
    return fact(ActualPosted, period, source=source, **fields)


def stated(
    period: str,
    unit: str,
    line: str,
    amount_cents: int,
    *,
    measure: str = "actual",
    precision_cents: int = 1,
    label: str = "",
    percent: str | None = None,
) -> Event:
    """Return a statement of a total."""
    fields: dict[str, Any] = {"unit": unit, "line": line, "measure": measure, "amount_cents": amount_cents}
    return fact(FigureStated, period, **fields, precision_cents=precision_cents, label=label, percent=percent)


def withdrawn(period: str, unit: str, line: str, *, measure: str = "actual", reason: str) -> Event:
    """Return the withdrawal of a statement."""
    return fact(StatementWithdrawn, period, unit=unit, line=line, measure=measure, reason=reason)


def completed(period: str, unit: str) -> Event:
    """Return that the books of a unit are complete."""
    return fact(BooksCompleted, period, unit=unit)


def corrected(period: str, unit: str, line: str, amount_cents: int, *, reason: str) -> Event:
    """Return a correction."""
    return fact(ActualCorrected, period, unit=unit, line=line, amount_cents=amount_cents, reason=reason)


def adopted(
    unit: str, line: str, amount_cents: int, *, fiscal_year: int = 2020, detail: bool = False, source: str = ""
) -> Event:
    """Return the adoption of a line's budget in December before 2020."""
    fields: dict[str, Any] = {
        "unit": unit,
        "line": line,
        "amount_cents": amount_cents,
        "fiscal_year": fiscal_year,
        "detail": detail,
    }
    return fact(BudgetAdopted, COUNCIL.isoformat(), source=source, **fields)


def amended(
    unit: str,
    line: str,
    amount_cents: int,
    *,
    day: date = JUNE_COUNCIL,
    detail: bool = False,
    correcting: bool = False,
    reason: str = "",
) -> Event:
    """Return an amendment of a line's budget for 2020."""
    fields: dict[str, Any] = {
        "unit": unit,
        "line": line,
        "amount_cents": amount_cents,
        "detail": detail,
        "correcting": correcting,
    }
    return fact(BudgetAmended, day.isoformat(), reason=reason, fiscal_year=2020, **fields)


class TestPostings:
    """Income and expense of a period."""

    def test_an_expense_is_posted(self, given: Given) -> None:
        """A posting is recorded on its line as it was given, with its account and its source."""
        given(*CITY_FACTS).when(
            post_actual, "4100", "personnel", MARCH, -1_050_230_45, account="4010", source="kirjanpito.csv:17"
        ).then(posted("3/2020", "4100", "personnel", -1_050_230_45, account="4010", source="kirjanpito.csv:17"))

    def test_a_line_is_known_by_its_printed_name(self, given: Given) -> None:
        """A line may be called as the report prints it, in any of the three languages and any case."""
        for name in ("Henkilöstökulut", "PERSONALKOSTNADER", "personnel expenses"):
            given(*CITY_FACTS).when(post_actual, "4100", name, MARCH, -100).then(
                posted("3/2020", "4100", "personnel", -100)
            )

    @pytest.mark.parametrize(
        ("line", "recorded_on", "amount_cents"),
        [("income", "operating_income", 500), ("expenses", "operating_expenses", -500)],
    )
    def test_a_summary_line_is_recorded_on_its_main_component(
        self, given: Given, line: str, recorded_on: str, amount_cents: int
    ) -> None:
        """A posting on TULOT or MENOT moves the income statement above as well: it is kept on the main component."""
        given(*CITY_FACTS).when(post_actual, "4100", line, MARCH, amount_cents).then(
            posted("3/2020", "4100", recorded_on, amount_cents)
        )

    def test_an_investment_is_posted_on_the_summary_line_itself(self, given: Given) -> None:
        """Investments have no income statement: their expenses stay on MENOT."""
        given(*CITY_FACTS).when(post_actual, "INV-1", "expenses", MARCH, -125_000_00).then(
            posted("3/2020", "INV-1", "expenses", -125_000_00)
        )

    @pytest.mark.parametrize("line", ["net", "operating_margin", "annual_margin", "result"])
    def test_a_computed_line_takes_no_postings(self, given: Given, line: str) -> None:
        """Margins, the result and NETTO are sums; the sentence says what to record on instead."""
        given(*CITY_FACTS).when(post_actual, "4100", line, MARCH, 100).refused(
            LineNotPostable, f"{line} is computed from "
        ).when(adopt_budget, "4100", line, 2020, 100, day=COUNCIL).refused(
            LineNotPostable, "and takes no postings; record on one of those instead"
        ).when(correct_actual, "4100", line, MARCH, 100, reason="tarkistus").refused(
            LineNotPostable, "takes no postings"
        )

    def test_an_unknown_line_suggests_the_nearest(self, given: Given) -> None:
        """A misspelt line is refused with the one that was probably meant."""
        given(*CITY_FACTS).when(post_actual, "4100", "personel", MARCH, -100).refused(
            UnknownLine, "unknown line 'personel'; did you mean personnel?"
        ).when(state_figure, "4100", "Toimintatuoto", HALF, "actual", 100).refused(
            UnknownLine, "did you mean Toimintatuotot?"
        )

    def test_an_unknown_unit_suggests_the_nearest(self, given: Given) -> None:
        """A misspelt unit is refused with the one that was probably meant."""
        given(*CITY_FACTS).when(post_actual, "4101", "personnel", MARCH, -100).refused(
            UnknownUnit, "unknown unit '4101'; did you mean 4100?"
        )

    def test_without_any_unit_the_way_to_the_first_one_is_told(self, given: Given) -> None:
        """In an empty store there is nothing to suggest but how to begin."""
        given().when(post_actual, "4100", "personnel", MARCH, -100).refused(
            UnknownUnit, "unknown unit '4100'; establish units with `heinola record unit` or import a report"
        )

    @pytest.mark.parametrize(
        ("line", "amount_cents", "words"),
        [
            (
                "personnel",
                1_234_50,
                "personnel is recorded negative, so 1 234,50 goes against its line; write -1 234,50",
            ),
            ("sales", -20_000_00, "sales is recorded positive, so -20 000 goes against its line; write 20 000"),
        ],
    )
    def test_an_amount_against_its_line_is_refused_unless_meant(
        self, given: Given, line: str, amount_cents: int, words: str
    ) -> None:
        """A positive expense or a negative income is a slip of the pen, unless --contra says it is meant."""
        given(*CITY_FACTS).when(post_actual, "4100", line, MARCH, amount_cents).refused(
            AgainstLineSign, f"{words}, or add --contra if it is meant"
        ).when(post_actual, "4100", line, MARCH, amount_cents, contra=True).then(
            posted("3/2020", "4100", line, amount_cents)
        )

    def test_a_line_with_both_signs_takes_both(self, given: Given) -> None:
        """Financial items come and go: neither sign is against the line."""
        given(*CITY_FACTS).when(post_actual, "HYV", "financial_items", MARCH, -416_00).then(
            posted("3/2020", "HYV", "financial_items", -416_00)
        ).when(post_actual, "HYV", "financial_items", MARCH, 12_00, also=True).then(
            posted("3/2020", "HYV", "financial_items", 12_00)
        )

    def test_a_period_across_two_years_is_refused(self, given: Given) -> None:
        """A fiscal year is closed by itself, so no figure spans two."""
        winter = parse_period("1.12.2019–31.1.2020")
        refusal = "1.12.2019–31.1.2020 is not inside the fiscal year 2020; record each year by itself"
        given(*CITY_FACTS).when(post_actual, "4100", "personnel", winter, -100).refused(OtherYear, refusal).when(
            correct_actual, "4100", "personnel", winter, -100, reason="jaksotus"
        ).refused(OtherYear, refusal).when(state_figure, "4100", "personnel", winter, "actual", -100).refused(
            OtherYear, refusal
        )

    def test_the_books_of_two_years_are_closed_one_by_one(self, given: Given) -> None:
        """Closing or reopening across the turn of the year is refused: half of it would close nothing."""
        winter = parse_period("1.12.2019–31.1.2020")
        refusal = "is not inside the fiscal year 2020; record each year by itself"
        given(*CITY_FACTS).when(close_period, winter, None).refused(OtherYear, refusal).when(
            reopen_period, winter, None, reason="tarkistus"
        ).refused(OtherYear, refusal)

    def test_nothing_happens_before_the_unit_existed(self, given: Given) -> None:
        """A figure, a statement or a budget of days on which there was no such unit is refused."""
        new = fact(UnitEstablished, "1.4.2020", code="4170", name="Lukion verkkokurssit", kind="unit", parent="410")
        refusal = "unit 4170 exists only from 1.4.2020; 1.3.–31.3.2020 is before that, check the period or the unit"
        given(*CITY_FACTS, new).when(post_actual, "4170", "personnel", MARCH, -100).refused(
            BeforeUnitExisted, refusal
        ).when(state_figure, "4170", "personnel", MARCH, "actual", -100).refused(BeforeUnitExisted, refusal).when(
            correct_actual, "4170", "personnel", MARCH, -100, reason="väärä kuukausi"
        ).refused(BeforeUnitExisted, refusal).when(adopt_budget, "4170", "personnel", 2020, -100, day=COUNCIL).refused(
            BeforeUnitExisted, "unit 4170 exists only from 1.4.2020"
        )

    def test_nothing_happens_after_the_unit_ended(self, given: Given) -> None:
        """A figure of days after the unit's last is refused; its own days stay open."""
        closed = fact(UnitClosed, "31.3.2020", code="4160")
        given(*CITY_FACTS, closed).when(post_actual, "4160", "personnel", SECOND_QUARTER, -100).refused(
            UnitHasEnded, "unit 4160 ended on 31.3.2020; record 1.4.–30.6.2020 on its successor"
        ).when(post_actual, "4160", "personnel", MARCH, -100).then(posted("3/2020", "4160", "personnel", -100))


class TestWhatIsStatedAlready:
    """The guard against counting twice."""

    WAYS_ON = (
        'record a correction (heinola record correction 4100 personnel 1.3.–31.3.2020 "-500" --reason "…"), '
        "if it is inside the total add --detail, or withdraw the statement with `heinola record withdrawal`"
    )

    @pytest.mark.parametrize(
        ("unit", "line"),
        [
            ("4100", "personnel"),
            ("4100", "operating_expenses"),
            ("4100", "expenses"),
            ("4100", "net"),
            ("410", "expenses"),
            ("HYV", "personnel"),
            ("HYV", "result"),
        ],
    )
    def test_a_posting_inside_a_stated_total_is_refused(self, given: Given, unit: str, line: str) -> None:
        """A total of the unit or of one above, on the line or one it is part of, covers the posting; three ways on."""
        given(*CITY_FACTS, stated("2020H1", unit, line, -9_000_00)).when(
            post_actual, "4100", "personnel", MARCH, -500_00
        ).refused(
            AlreadyStated,
            f"the actual of {unit} {line} is stated for 1.1.–30.6.2020, so a posting into 1.3.–31.3.2020 would be "
            f"counted twice; if it changes the total, {self.WAYS_ON}",
        )

    @pytest.mark.parametrize(
        "statement",
        [
            stated("2020Q2", "HYV", "personnel", -9_000_00),
            stated("2/2020", "4100", "personnel", -9_000_00),
            stated("2020H1", "4160", "personnel", -9_000_00),
            stated("2020H1", "400", "personnel", -9_000_00),
            stated("2020H1", "4100", "services", -9_000_00),
            stated("2020H1", "4100", "income", 9_000_00),
            stated("2020H1", "4100", "personnel", -9_000_00, measure="budget"),
            stated("2019H1", "4100", "personnel", -9_000_00),
        ],
        ids=lambda event: f"{event.unit} {event.line} {event.measure} {event.effective}",
    )
    def test_a_posting_outside_every_stated_total_is_accepted(self, given: Given, statement: Event) -> None:
        """Other periods, units beside, other lines and the other measure cover nothing."""
        given(*CITY_FACTS, statement).when(post_actual, "4100", "personnel", MARCH, -500_00).then(
            posted("3/2020", "4100", "personnel", -500_00)
        )

    def test_first_way_on_a_correction(self, given: Given) -> None:
        """What changes the total is recorded as a correction, with its reason."""
        given(*CITY_FACTS, stated("2020H1", "410", "expenses", -9_000_00)).when(
            correct_actual, "4100", "personnel", MARCH, -500_00, reason="lasku puuttui"
        ).then(corrected("3/2020", "4100", "personnel", -500_00, reason="lasku puuttui"))

    def test_second_way_on_a_detail(self, given: Given) -> None:
        """What is inside the total is recorded as its detail."""
        given(*CITY_FACTS, stated("2020H1", "410", "expenses", -9_000_00)).when(
            post_actual, "4100", "personnel", MARCH, -500_00, detail=True
        ).then(posted("3/2020", "4100", "personnel", -500_00, detail=True))

    def test_third_way_on_a_withdrawal(self, given: Given) -> None:
        """Once the statement is withdrawn, postings take over."""
        given(*CITY_FACTS, stated("2020H1", "410", "expenses", -9_000_00)).when(
            withdraw_statement, "410", "expenses", HALF, "actual", reason="pääkirja saatiin"
        ).then(withdrawn("2020H1", "410", "expenses", reason="pääkirja saatiin")).when(
            post_actual, "4100", "personnel", MARCH, -500_00
        ).then(posted("3/2020", "4100", "personnel", -500_00))

    def test_investments_are_a_book_of_their_own(self, given: Given) -> None:
        """The sector's operating total says nothing about the investments below it; the programme's total does."""
        given(
            *CITY_FACTS,
            stated("2020H1", "HYV", "expenses", -9_000_00),
            stated("2020Q1", "HYV-INV", "expenses", -700_00),
        ).when(post_actual, "INV-1", "expenses", SECOND_QUARTER, -500_00).then(
            posted("2020Q2", "INV-1", "expenses", -500_00)
        ).when(post_actual, "INV-1", "expenses", MARCH, -500_00).refused(
            AlreadyStated, "the actual of HYV-INV expenses is stated for 1.1.–31.3.2020"
        )

    def test_a_total_covers_what_stood_below_at_its_end(self, given: Given) -> None:
        """A unit that moved in before the total's last day is inside it, with what it did before it came."""
        given(
            *CITY_FACTS,
            fact(UnitMoved, "1.6.2020", code="4160", parent="400"),
            stated("2020H1", "400", "expenses", -9_000_00),
        ).when(post_actual, "4160", "personnel", MARCH, -500_00).refused(
            AlreadyStated, "the actual of 400 expenses is stated for 1.1.–30.6.2020"
        )

    def test_a_total_does_not_cover_what_had_left_at_its_end(self, given: Given) -> None:
        """A unit that moved away before the total's last day is no part of it, nor is what it did before it left."""
        given(
            *CITY_FACTS,
            fact(UnitMoved, "1.6.2020", code="4160", parent="400"),
            stated("2020H1", "410", "expenses", -9_000_00),
        ).when(post_actual, "4160", "personnel", MARCH, -500_00).then(posted("3/2020", "4160", "personnel", -500_00))

    def test_a_total_covers_what_was_merged_in(self, given: Given) -> None:
        """What a merged unit did is inside the total of the unit that carries it on."""
        given(
            *CITY_FACTS,
            fact(UnitMerged, "31.3.2020", code="4030", into="4100"),
            stated("2020H1", "4100", "expenses", -9_000_00),
        ).when(post_actual, "4030", "personnel", MARCH, -500_00).refused(
            AlreadyStated, "the actual of 4100 expenses is stated for 1.1.–30.6.2020"
        )


class TestCorrections:
    """What changes a figure that was recorded."""

    def test_a_correction_needs_a_reason(self, given: Given) -> None:
        """Without a reason nobody could tell later why the figure changed; blanks are none."""
        given(*CITY_FACTS).when(correct_actual, "4100", "personnel", MARCH, -500_00).refused(
            ReasonRequired, 'a correction needs a reason; add --reason "…"'
        ).when(correct_actual, "4100", "personnel", MARCH, -500_00, reason="  ").refused(
            ReasonRequired, "a correction needs a reason"
        )

    def test_a_correction_to_a_total_records_the_difference(self, given: Given) -> None:
        """`--to` finds the difference to what is known now: the total stated, with what was corrected since."""
        situation = given(
            *CITY_FACTS,
            stated("2020H1", "4100", "personnel", -9_000_00),
            corrected("3/2020", "4100", "personnel", -100_00, reason="x"),
        )
        situation.when(correct_actual_to, "4100", "personnel", HALF, -9_050_00, reason="tarkistus").then(
            corrected("2020H1", "4100", "personnel", 50_00, reason="tarkistus")
        ).when(correct_actual_to, "4100", "personnel", HALF, -9_050_00, reason="tarkistus").refused(
            BadInput, "the actual of 4100 personnel for 1.1.–30.6.2020 is that already; nothing to correct"
        )

    def test_a_correction_to_a_total_sees_the_units_below(self, given: Given) -> None:
        """The total of an area is the sum of its units, where it is not stated itself, and they are all whole."""
        stated_and_posted = (
            *CITY_FACTS,
            stated("2020H1", "4100", "personnel", -9_000_00),
            posted("3/2020", "4160", "personnel", -1_000_00),
        )
        given(*stated_and_posted).when(
            correct_actual_to, "410", "personnel", HALF, -9_500_00, reason="tarkistus"
        ).refused(BadInput, "is not known, or not whole")
        given(
            *stated_and_posted,
            completed("2020H1", "4160"),
            posted("3/2020", "INV-1", "expenses", -77_00),
        ).when(correct_actual_to, "410", "personnel", HALF, -9_500_00, reason="tarkistus").then(
            corrected("2020H1", "410", "personnel", 500_00, reason="tarkistus")
        )

    def test_a_correction_to_a_total_of_an_unknown_figure_is_refused(self, given: Given) -> None:
        """Where nothing is known there is no difference: the unknown is not zero."""
        given(*CITY_FACTS, stated("2020H1", "4100", "personnel", -9_000_00)).when(
            correct_actual_to, "4100", "personnel", SECOND_QUARTER, -9_050_00, reason="tarkistus"
        ).refused(
            BadInput,
            "the actual of 4100 personnel for 1.4.–30.6.2020 is not known, or not whole, so no difference to it can "
            "be told; give the difference itself, or a period that was stated or whose books are complete",
        )

    def test_a_correction_to_a_total_needs_a_reason_and_an_additive_line(self, given: Given) -> None:
        """`--to` is a correction like any other."""
        given(*CITY_FACTS, stated("2020H1", "4100", "net", -9_000_00)).when(
            correct_actual_to, "4100", "net", HALF, -1, reason="tarkistus"
        ).refused(LineNotPostable, "net is computed from income and expenses").when(
            post_actual, "4100", "sales", SECOND_QUARTER, 100, detail=True
        ).then(posted("2020Q2", "4100", "sales", 100, detail=True)).when(
            correct_actual_to, "4100", "sales", SECOND_QUARTER, 200
        ).refused(ReasonRequired, "a correction needs a reason")


class TestStatements:
    """Totals as documents give them."""

    def test_a_total_is_stated_with_its_precision(self, given: Given) -> None:
        """A report to a thousand euros says so, with the label it prints."""
        given(*CITY_FACTS).when(
            state_figure, "4100", "MENOT", YEAR, "actual", -13_364_000_00, precision_cents=1_000_00, label="MENOT"
        ).then(
            stated("2020", "4100", "expenses", -13_364_000_00, precision_cents=1_000_00, label="MENOT"),
        )

    def test_a_computed_line_can_be_stated(self, given: Given) -> None:
        """A document prints margins too; no sign is wrong for a total."""
        given(*CITY_FACTS).when(
            state_figure, "HYV", "TOIMINTAKATE", HALF, "actual", -11_832_272_00, percent="44.18"
        ).then(stated("2020H1", "HYV", "operating_margin", -11_832_272_00, percent="44.18"))

    def test_a_budget_is_stated_as_of_a_day(self, given: Given) -> None:
        """Whatever period a report is of, its budget column is the year's, with amendments up to the period's end."""
        given(*CITY_FACTS).when(state_figure, "4100", "expenses", SECOND_QUARTER, "budget", -13_645_400_00).then(
            stated("1.1.–30.6.2020", "4100", "expenses", -13_645_400_00, measure="budget")
        ).when(withdraw_statement, "4100", "expenses", SECOND_QUARTER, "budget", reason="väärä sarake").then(
            withdrawn("1.1.–30.6.2020", "4100", "expenses", measure="budget", reason="väärä sarake")
        )

    def test_a_withdrawal_needs_a_reason(self, given: Given) -> None:
        """A total that no longer holds must say why."""
        given(*CITY_FACTS, stated("2020H1", "4100", "personnel", -9_000_00)).when(
            withdraw_statement, "4100", "personnel", HALF, "actual"
        ).refused(ReasonRequired, "withdrawing a statement needs a reason")

    def test_what_was_never_stated_cannot_be_withdrawn(self, given: Given) -> None:
        """The sentence lists the periods for which there is a statement."""
        given(
            *CITY_FACTS,
            stated("2020H1", "4100", "personnel", -9_000_00),
            stated("2020", "4100", "personnel", -9_000_00, measure="budget"),
        ).when(withdraw_statement, "4100", "personnel", MARCH, "actual", reason="x").refused(
            NothingToWithdraw,
            "no actual of 4100 personnel is stated for 1.3.–31.3.2020; stated periods: 1.1.–30.6.2020",
        ).when(withdraw_statement, "4100", "sales", HALF, "actual", reason="x").refused(
            NothingToWithdraw, "no actual of 4100 sales is stated for 1.1.–30.6.2020"
        )

    def test_a_withdrawn_statement_cannot_be_withdrawn_again(self, given: Given) -> None:
        """Once is enough, however many statements of that cell there were."""
        given(
            *CITY_FACTS,
            stated("2020H1", "4100", "personnel", -9_000_00),
            stated("2020H1", "4100", "personnel", -9_100_00),
        ).when(withdraw_statement, "4100", "personnel", HALF, "actual", reason="x").then(
            withdrawn("2020H1", "4100", "personnel", reason="x")
        ).when(withdraw_statement, "4100", "personnel", HALF, "actual", reason="x").refused(
            NothingToWithdraw, "no actual of 4100 personnel is stated for 1.1.–30.6.2020"
        )


class TestBudgets:
    """The budget of a year, and what changes it."""

    def test_a_budget_is_adopted_before_its_year(self, given: Given) -> None:
        """The council decides in December on the year that follows."""
        given(*CITY_FACTS).when(
            adopt_budget, "4100", "expenses", 2020, -13_645_400_00, day=COUNCIL, source="KV 9.12.2019 § 101"
        ).then(adopted("4100", "operating_expenses", -13_645_400_00, source="KV 9.12.2019 § 101"))

    def test_a_budget_is_adopted_once(self, given: Given) -> None:
        """A second original budget of the same line is refused; the way on is an amendment."""
        given(*CITY_FACTS, adopted("4100", "personnel", -9_000_00)).when(
            adopt_budget, "4100", "personnel", 2020, -9_500_00, day=COUNCIL
        ).refused(
            BudgetAdoptedBefore,
            "the budget of 4100 personnel for 2020 is adopted already; record what changes it with "
            "`heinola record amendment`",
        ).when(amend_budget, "4100", "personnel", 2020, -500_00, day=JUNE_COUNCIL).then(
            amended("4100", "personnel", -500_00)
        )

    def test_a_budget_that_was_never_adopted_cannot_be_amended(self, given: Given) -> None:
        """An amendment changes something: without a budget of the unit's year there is nothing to change."""
        given(*CITY_FACTS, adopted("4160", "personnel", -9_000_00), adopted("4100", "sales", 1, fiscal_year=2021)).when(
            amend_budget, "4100", "personnel", 2020, -500_00, day=JUNE_COUNCIL
        ).refused(
            BudgetNeverAdopted,
            "no budget of unit 4100 for 2020 was adopted or stated, so there is none to amend; record it first with "
            "`heinola record budget`",
        )

    def test_a_stated_budget_can_be_amended(self, given: Given) -> None:
        """A report's budget column is a budget too: what was decided after its day adds."""
        given(*CITY_FACTS, stated("1.1.–31.3.2020", "4100", "expenses", -9_000_00, measure="budget")).when(
            amend_budget, "4100", "personnel", 2020, -500_00, day=JUNE_COUNCIL
        ).then(amended("4100", "personnel", -500_00))

    def test_a_decision_inside_a_stated_budget_is_refused(self, given: Given) -> None:
        """A decision before the day of the statement is in its total already; the three ways on are accepted."""
        refusal = (
            "the budget of 410 expenses is stated as of 30.6.2020, so a decision of 15.6.2020 is inside it already; "
            "if the statement missed it add --correcting, if the statement has it add --detail, or withdraw the "
            "statement with `heinola record withdrawal`"
        )
        amendment = ("4100", "personnel", 2020, -500_00)
        given(
            *CITY_FACTS,
            adopted("4100", "personnel", -9_000_00),
            stated("1.1.–30.6.2020", "410", "expenses", -9_000_00, measure="budget"),
        ).when(amend_budget, *amendment, day=JUNE_COUNCIL).refused(AlreadyStated, refusal).when(
            amend_budget, *amendment, day=JUNE_COUNCIL, correcting=True
        ).refused(ReasonRequired, "an amendment that corrects a stated budget needs a reason").when(
            amend_budget, *amendment, day=JUNE_COUNCIL, correcting=True, reason="puuttui raportista"
        ).then(amended("4100", "personnel", -500_00, correcting=True, reason="puuttui raportista")).when(
            amend_budget, *amendment, day=JUNE_COUNCIL, detail=True
        ).then(amended("4100", "personnel", -500_00, detail=True)).when(
            withdraw_statement, "410", "expenses", HALF, "budget", reason="pääkirja"
        ).then(withdrawn("1.1.–30.6.2020", "410", "expenses", measure="budget", reason="pääkirja")).when(
            amend_budget, *amendment, day=JUNE_COUNCIL
        ).then(amended("4100", "personnel", -500_00))

    def test_an_original_budget_inside_a_stated_one_is_refused(self, given: Given) -> None:
        """The original budget is part of any budget stated later; as its detail it is accepted."""
        given(*CITY_FACTS, stated("1.1.–30.6.2020", "HYV", "net", -9_000_00, measure="budget")).when(
            adopt_budget, "4100", "personnel", 2020, -9_000_00, day=COUNCIL
        ).refused(AlreadyStated, "the budget of HYV net is stated as of 30.6.2020").when(
            adopt_budget, "4100", "personnel", 2020, -9_000_00, day=COUNCIL, detail=True
        ).then(adopted("4100", "personnel", -9_000_00, detail=True))

    def test_a_decision_after_the_day_of_the_statement_adds(self, given: Given) -> None:
        """The day of the statement is inside it, the day after is not."""
        given(
            *CITY_FACTS,
            adopted("4100", "personnel", -9_000_00),
            stated("1.1.–15.6.2020", "4100", "personnel", -9_000_00, measure="budget"),
        ).when(amend_budget, "4100", "personnel", 2020, -1, day=date(2020, 6, 15)).refused(
            AlreadyStated, "stated as of 15.6.2020"
        ).when(amend_budget, "4100", "personnel", 2020, -1, day=date(2020, 6, 16)).then(
            amended("4100", "personnel", -1, day=date(2020, 6, 16))
        )

    def test_a_stated_budget_covers_what_stood_below_on_its_day(self, given: Given) -> None:
        """Decided under the old area, stated under the new one: the new area's budget has it already."""
        given(
            *CITY_FACTS,
            fact(UnitMoved, "1.1.2020", code="4160", parent="400"),
            stated("1.1.–31.3.2020", "400", "expenses", -9_000_00, measure="budget"),
        ).when(adopt_budget, "4160", "personnel", 2020, -500_00, day=COUNCIL).refused(
            AlreadyStated, "the budget of 400 expenses is stated as of 31.3.2020"
        )

    def test_a_budget_against_its_line_is_refused_unless_meant(self, given: Given) -> None:
        """A positive expense budget is a slip of the pen, unless --contra says it is meant."""
        given(*CITY_FACTS).when(adopt_budget, "4100", "personnel", 2020, 9_000_00, day=COUNCIL).refused(
            AgainstLineSign, "personnel is recorded negative, so 9 000 goes against its line; write -9 000"
        ).when(adopt_budget, "4100", "personnel", 2020, 9_000_00, day=COUNCIL, contra=True).then(
            adopted("4100", "personnel", 9_000_00)
        )


class TestClosing:
    """The books of a period, closed and opened again."""

    def test_a_period_is_closed_for_a_unit_and_all_below(self, given: Given) -> None:
        """Closing an area closes its units too, in report order; investments below a sector as well."""
        given(*CITY_FACTS).when(close_period, FIRST_QUARTER, "410").then(
            *(fact(PeriodClosed, "2020Q1", unit=unit) for unit in ("410", "4100", "4160"))
        ).when(close_period, FIRST_QUARTER, "HYV-INV").then(
            *(fact(PeriodClosed, "2020Q1", unit=unit) for unit in ("HYV-INV", "INV-RAK", "INV-1"))
        )

    def test_a_closed_period_takes_nothing(self, given: Given) -> None:
        """No posting, correction, statement, withdrawal or budget decision enters a closed period."""
        refusal = (
            "the books of unit 4100 for 1.1.–31.3.2020 are closed; "
            'reopen them first: heinola record reopen 1.1.–31.3.2020 --unit 4100 --reason "…"'
        )
        given(
            *CITY_FACTS,
            adopted("4100", "personnel", -9_000_00),
            stated("3/2020", "4100", "sales", 1),
            fact(PeriodClosed, "2020Q1", unit="4100"),
        ).when(post_actual, "4100", "personnel", MARCH, -100).refused(PeriodIsClosed, refusal).when(
            post_actual, "4100", "personnel", MARCH, -100, detail=True
        ).refused(PeriodIsClosed, refusal).when(correct_actual, "4100", "personnel", MARCH, -100, reason="x").refused(
            PeriodIsClosed, refusal
        ).when(state_figure, "4100", "personnel", FIRST_QUARTER, "actual", -100).refused(PeriodIsClosed, refusal).when(
            withdraw_statement, "4100", "sales", MARCH, "actual", reason="x"
        ).refused(PeriodIsClosed, refusal).when(
            amend_budget, "4100", "personnel", 2020, -100, day=date(2020, 2, 3)
        ).refused(PeriodIsClosed, refusal).when(adopt_budget, "4100", "sales", 2020, 100, day=date(2020, 2, 3)).refused(
            PeriodIsClosed, refusal
        )

    def test_other_periods_stay_open(self, given: Given) -> None:
        """Closing a quarter leaves the next one, and what is longer than it, open."""
        given(*CITY_FACTS, fact(PeriodClosed, "2020Q1", unit="4100")).when(
            post_actual, "4100", "personnel", SECOND_QUARTER, -100
        ).then(posted("2020Q2", "4100", "personnel", -100)).when(
            state_figure, "4100", "personnel", HALF, "actual", -100
        ).then(stated("2020H1", "4100", "personnel", -100)).when(post_actual, "4160", "personnel", MARCH, -100).then(
            posted("3/2020", "4160", "personnel", -100)
        )

    def test_the_way_on_from_closed_books_leads_there(self, given: Given) -> None:
        """Reopening what the sentence names is enough to record: one step, however many levels were closed."""
        situation = (
            given(*CITY_FACTS)
            .when(close_period, FIRST_QUARTER, "410")
            .then(*(fact(PeriodClosed, "2020Q1", unit=unit) for unit in ("410", "4100", "4160")))
        )
        situation.when(post_actual, "4100", "personnel", MARCH, -100).refused(
            PeriodIsClosed, "heinola record reopen 1.1.–31.3.2020 --unit 410 "
        ).when(reopen_period, FIRST_QUARTER, "410", reason="puuttuva lasku").then(
            *(fact(PeriodReopened, "2020Q1", unit=unit, reason="puuttuva lasku") for unit in ("410", "4100", "4160"))
        ).when(post_actual, "4100", "personnel", MARCH, -100).then(posted("3/2020", "4100", "personnel", -100))

    def test_reopening_passes_over_what_is_open(self, given: Given) -> None:
        """A unit that was reopened by itself is no obstacle to reopening the area above it."""
        given(*CITY_FACTS, *(fact(PeriodClosed, "2020Q1", unit=unit) for unit in ("410", "4160"))).when(
            reopen_period, FIRST_QUARTER, "410", reason="x"
        ).then(*(fact(PeriodReopened, "2020Q1", unit=unit, reason="x") for unit in ("410", "4160")))

    def test_closing_passes_over_what_is_closed(self, given: Given) -> None:
        """A unit whose books were closed earlier is no obstacle to closing the whole area."""
        given(*CITY_FACTS, fact(PeriodClosed, "2020Q1", unit="4100")).when(close_period, FIRST_QUARTER, "410").then(
            *(fact(PeriodClosed, "2020Q1", unit=unit) for unit in ("410", "4160"))
        )

    def test_closed_books_are_not_closed_again(self, given: Given) -> None:
        """Where everything is closed already there is nothing to record."""
        given(*CITY_FACTS, fact(PeriodClosed, "2020H1", unit="4100")).when(close_period, MARCH, "4100").refused(
            PeriodIsClosed, "the books of unit 4100 for 1.3.–31.3.2020 are closed already"
        )

    def test_open_books_are_not_reopened(self, given: Given) -> None:
        """Where nothing is closed there is nothing to open."""
        given(*CITY_FACTS).when(reopen_period, FIRST_QUARTER, "4100", reason="x").refused(
            PeriodNotClosed, "the books of unit 4100 for 1.1.–31.3.2020 are not closed"
        )

    def test_a_unit_is_opened_under_a_closed_area(self, given: Given) -> None:
        """Its books take postings again, those beside it do not; closing the area anew closes them again."""
        opened = fact(PeriodReopened, "2020Q1", unit="4100", reason="puuttuva lasku")
        situation = (
            given(*CITY_FACTS)
            .when(close_period, FIRST_QUARTER, "410")
            .then(*(fact(PeriodClosed, "2020Q1", unit=unit) for unit in ("410", "4100", "4160")))
        )
        situation = situation.when(reopen_period, FIRST_QUARTER, "4100", reason="puuttuva lasku").then(opened)
        situation = situation.when(post_actual, "4100", "personnel", MARCH, -100).then(
            posted("3/2020", "4100", "personnel", -100)
        )
        situation = situation.when(post_actual, "4160", "personnel", MARCH, -100).refused(
            PeriodIsClosed, "the books of unit 410 for 1.1.–31.3.2020 are closed"
        )
        situation = situation.when(close_period, FIRST_QUARTER, "4100").then(fact(PeriodClosed, "2020Q1", unit="4100"))
        situation.when(post_actual, "4100", "personnel", MARCH, -100).refused(
            PeriodIsClosed, "the books of unit 4100 for 1.1.–31.3.2020 are closed"
        )

    def test_a_unit_without_a_closing_of_its_own_is_opened_under_a_closed_area(self, given: Given) -> None:
        """A unit that came later stands under closed books all the same; a part of what is closed above is opened."""
        opened = fact(PeriodReopened, "2020Q1", unit="4100", reason="x")
        situation = given(*CITY_FACTS, fact(PeriodClosed, "2020H1", unit="HYV"))
        situation = situation.when(reopen_period, FIRST_QUARTER, "4100", reason="x").then(opened)
        situation = situation.when(post_actual, "4100", "personnel", MARCH, -100).then(
            posted("3/2020", "4100", "personnel", -100)
        )
        situation = situation.when(post_actual, "4100", "personnel", parse_period("4/2020"), -100).refused(
            PeriodIsClosed, "the books of unit HYV for 1.1.–30.6.2020 are closed"
        )
        situation.when(reopen_period, FIRST_QUARTER, "4100", reason="x").refused(
            PeriodNotClosed, "the books of unit 4100 for 1.1.–31.3.2020 are not closed"
        )

    def test_what_would_stay_closed_is_told_before(self, given: Given) -> None:
        """Opening a quarter of books that are closed for the half year would change nothing: the sentence leads on."""
        situation = given(*CITY_FACTS, *(fact(PeriodClosed, period, unit="4100") for period in ("2020Q1", "2020H1")))
        situation.when(reopen_period, FIRST_QUARTER, "4100", reason="x").refused(
            PeriodIsClosed,
            "the books of unit 4100 are closed for 1.1.–30.6.2020 together, so that they would stay closed for "
            "1.1.–31.3.2020; reopen that: heinola record reopen 1.1.–30.6.2020 --unit 4100",
        ).when(reopen_period, HALF, "4100", reason="x").then(fact(PeriodReopened, "2020H1", unit="4100", reason="x"))

    def test_reopening_needs_a_reason(self, given: Given) -> None:
        """Books that were closed are opened for a reason."""
        given(*CITY_FACTS, fact(PeriodClosed, "2020Q1", unit="4100")).when(
            reopen_period, FIRST_QUARTER, "4100"
        ).refused(ReasonRequired, "reopening a period needs a reason")

    def test_there_must_be_units_to_close(self, given: Given) -> None:
        """Closing the whole city before there was one, or an unknown unit, is refused."""
        given(*CITY_FACTS).when(close_period, parse_period("1/2014"), None).refused(
            BadInput, "there were no units on 31.1.2014; nothing to close"
        ).when(close_period, MARCH, "411").refused(UnknownUnit, "unknown unit '411'; did you mean 410")
