"""The value rule by example: route by route, whole and not whole, and the cases that the old rule got wrong."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from events.coverage import BooksCompleted, CompletionWithdrawn
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
from events.imports import FileImported
from events.organisation import UnitClosed, UnitEstablished, UnitMerged, UnitMoved
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.domain.value_rule.column import Column
from heinola_es.domain.value_rule.rule import ValueRule
from tests.rules import rule_of
from tests.specification import CITY_FACTS, fact, numbered

if TYPE_CHECKING:
    from events.base import Event
    from events.period import Period
    from heinola_es.domain.value_rule.value import Partial


def posted(period: str, unit: str, line: str, cents: int, *, detail: bool = False) -> Event:
    """Return a posting."""
    return fact(ActualPosted, period, unit=unit, line=line, amount_cents=cents, detail=detail)


def stated(period: str, unit: str, line: str, cents: int, measure: str = "actual", precision: int = 1) -> Event:
    """Return a statement."""
    fields: dict[str, Any] = {"unit": unit, "line": line, "measure": measure, "amount_cents": cents}
    return fact(FigureStated, period, precision_cents=precision, **fields)


def corrected(period: str, unit: str, line: str, cents: int) -> Event:
    """Return a correction."""
    return fact(ActualCorrected, period, unit=unit, line=line, amount_cents=cents, reason="tarkistus")


def complete(period: str, unit: str, *lines: str, measure: str = "actual") -> Event:
    """Return that books are complete."""
    return fact(BooksCompleted, period, unit=unit, lines=lines, measure=measure)


def moved(day: str, code: str, parent: str) -> Event:
    """Return a move."""
    return fact(UnitMoved, day, code=code, parent=parent)


class InFull(ValueRule):
    """The rule that goes every route to every cell, also to those of which nothing is recorded."""

    __slots__ = ()

    def is_blank(self, unit: str, line: str, period: Period) -> bool:  # noqa: ARG002
        """Return that something may be found."""
        return False


def asked(events: tuple[Event, ...], period: str, structure: str | None, measure: str) -> Column:
    """Return the column of a period over the small city and these events."""
    of = parse_reporting_period(period)
    day = of.end if structure is None else parse_period(structure).end
    return Column.of(rule_of(numbered((*CITY_FACTS, *events)), measure, of.year, day), of)


def cell(
    unit: str, line: str, *events: Event, period: str = "2020H1", structure: str | None = None, measure: str = "actual"
) -> tuple[int, str] | None:
    """Return cents and route of a cell that is whole, after these events in the small city; else None."""
    column = asked(events, period, structure, measure)
    value = column.value(unit, line)
    told = column.cell(unit, line)
    assert told == (None if value is None else (value.cents, value.precision_cents)), "the short way says otherwise"
    in_full = Column.of(InFull(column.rule.chart, column.rule.standing, column.rule.facts), column.period)
    assert (in_full.value(unit, line), in_full.partial(unit, line)) == (value, column.partial(unit, line)), "of a blank"
    assert in_full.routes(unit, line) == column.routes(unit, line), "of a blank"
    assert in_full.tells(unit, line) == column.tells(unit, line), "of a blank"
    return (value.cents, value.route) if value else None


def part(
    unit: str, line: str, *events: Event, period: str = "2020H1", structure: str | None = None, measure: str = "actual"
) -> Partial | None:
    """Return what is known of a cell that is not whole."""
    assert cell(unit, line, *events, period=period, structure=structure, measure=measure) is None
    return asked(events, period, structure, measure).partial(unit, line)


def known(unit: str, line: str, *events: Event, period: str = "2020H1") -> tuple[int, str | None, tuple[str, ...]]:
    """Return the cents of what is known of a cell that is not whole, through which day, and the missing units."""
    found = part(unit, line, *events, period=period)
    assert found is not None
    through = None if found.through is None else found.through.isoformat()
    return found.cents, through, found.missing_units


WITHDRAWN: dict[str, Any] = {"measure": "actual", "reason": "x"}


class TestStated:
    """A statement is a checkpoint."""

    def test_what_was_posted_before_is_inside_and_what_came_later_adds(self) -> None:
        """Of its members and lines, and unless it is a detail."""
        events = (
            posted("1/2020", "4100", "personnel", -500),
            stated("2020H1", "410", "expenses", -9_000),
            corrected("2/2020", "4100", "personnel", -30),
            posted("3/2020", "4160", "financial_items", -4, detail=True),
        )
        assert cell("410", "expenses", *events) == (-9_030, "stated")
        assert known("4100", "expenses", *events) == (-530, "2020-01-31", ("4100",))
        assert cell("HYV", "expenses", *events) is None

    def test_the_latest_holds(self) -> None:
        """A later statement of the same cell takes the place of the earlier; a withdrawal takes both away."""
        events = (
            stated("2020H1", "4100", "sales", 100),
            corrected("1/2020", "4100", "sales", 5),
            stated("2020H1", "4100", "sales", 200),
        )
        gone = fact(StatementWithdrawn, "2020H1", unit="4100", line="sales", **WITHDRAWN)
        assert cell("4100", "sales", *events) == (200, "stated")
        assert known("4100", "sales", *events, gone) == (5, None, ("4100",))
        assert cell("4100", "sales", *events, gone, stated("2020H1", "4100", "sales", 7)) == (7, "stated")

    def test_a_stated_zero_is_a_value_and_silence_is_none(self) -> None:
        """Where nobody said anything there is no value and no part of one, though other cells have theirs."""
        assert cell("4100", "personnel", stated("2020H1", "4100", "personnel", 0)) == (0, "stated")
        assert part("4100", "personnel", stated("2020H1", "4160", "personnel", -1)) is None
        assert part("4100", "personnel", posted("1/2020", "4160", "personnel", -1)) is None


class TestTiled:
    """Consecutive parts of a period, each whole by another route."""

    def test_a_stated_half_year_and_posted_months(self) -> None:
        """Stated January to June, then posted; a month that nobody covers leaves it known through the one before."""
        half = stated("2020H1", "4160", "personnel", -900)
        months = [posted(f"{month}/2020", "4160", "personnel", -75) for month in (7, 8, 9)]
        assert cell("4160", "personnel", half, *months, period="1-9/2020") == (-900 - 225, "tiled")
        assert known("4160", "personnel", half, *months[:2], period="1-9/2020") == (-1_050, "2020-08-31", ("4160",))
        assert known("4160", "personnel", half, months[0], months[2], period="1-9/2020") == (
            -1_050,
            "2020-07-31",
            ("4160",),
        )

    def test_statements_side_by_side(self) -> None:
        """Quarters make a year; the longest statements come first, and a gap is no part of a whole."""
        quarters = [stated(f"2020Q{n}", "4100", "sales", 10**n) for n in (1, 2, 3, 4)]
        assert cell("4100", "sales", *quarters, period="2020") == (11_110, "tiled")
        assert cell("4100", "sales", stated("2020H1", "4100", "sales", 7), *quarters, period="2020") == (
            11_007,
            "tiled",
        )
        assert known("4100", "sales", *quarters[:1], *quarters[2:], period="2020") == (
            11_010,
            "2020-03-31",
            ("4100",),
        )

    def test_a_statement_in_the_middle(self) -> None:
        """A period is cut where a statement begins, too."""
        events = (
            stated("2020Q2", "4100", "sales", 50),
            *(posted(f"{month}/2020", "4100", "sales", 1) for month in (1, 2, 3)),
        )
        assert cell("4100", "sales", *events) == (53, "tiled")

    def test_a_posting_across_a_cut_makes_it_impossible(self) -> None:
        """It is named."""
        half = stated("2020H1", "4160", "personnel", -900)
        across = posted("1.6.–31.7.2020", "4160", "personnel", -10)
        rest = complete("7-9/2020", "4160")
        assert cell("4160", "personnel", half, rest, period="1-9/2020") == (-900, "tiled")
        found = part("4160", "personnel", half, across, rest, period="1-9/2020")
        assert found is not None
        assert found.cut == (len(CITY_FACTS) + 2,)

    def test_many_statements_are_no_exponential_work(self) -> None:
        """Every month stated but the last, in every length: not whole, and told at once."""
        months = [
            stated(f"{first}-{last}/2020", "4100", "sales", 1)
            for first in range(1, 12)
            for last in range(first, 12)
            if (first, last) != (1, 11)
        ]
        found = part("4100", "sales", *months, period="2020")
        assert found is not None
        assert found.through == date(2020, 11, 30)


class TestComponents:
    """A computed row is computed from the rows beside it."""

    def test_a_net_is_that_of_the_rows_above_it(self) -> None:
        """Stated income and expenses of the area make its net, whatever is known of the units below."""
        events = (
            stated("2020H1", "410", "income", 50_000),
            stated("2020H1", "410", "expenses", -400_000),
            stated("2020H1", "4100", "net", -99_000),
        )
        assert cell("410", "net", *events) == (-350_000, "components")

    def test_a_sum_with_an_unknown_component_is_no_sum(self) -> None:
        """Personnel and services are stated and a detail stands below: operating expenses are known in part."""
        events = (
            stated("2020H1", "410", "personnel", -50_000),
            stated("2020H1", "410", "services", -10_000),
            posted("1/2020", "4100", "personnel", -20_000, detail=True),
        )
        found = part("410", "operating_expenses", *events)
        assert found is not None
        assert found.cents == -60_000
        assert found.missing_lines == ("materials", "grants_given", "rents_paid", "other_expenses")

    def test_what_stands_on_the_sum_itself_is_part_of_it(self) -> None:
        """Of the unit and of those below: adding the units gives the total."""
        events = (
            *(posted("2020H1", "4100", line, cents) for line, cents in (("personnel", -100), ("services", -20))),
            posted("2020H1", "4100", "operating_expenses", -3),
            complete("2020H1", "410"),
        )
        assert cell("4100", "operating_expenses", *events) == (-123, "components")
        assert cell("410", "operating_expenses", *events) == (-123, "components")
        assert cell("410", "result", *events) == (-123, "components")

    def test_depreciation_is_in_the_result_alone(self) -> None:
        """MENOT and NETTO are without depreciation, so that the printed report adds up."""
        events = (
            posted("1/2020", "4100", "personnel", -100),
            posted("1/2020", "4100", "depreciation", -10),
            complete("2020H1", "4100"),
        )
        assert cell("4100", "result", *events) == (-110, "components")
        assert cell("4100", "net", *events) == (-100, "components")

    def test_one_known_half_of_a_budget_is_no_result(self) -> None:
        """Only the income's budget is stated."""
        income = stated("1.1.–30.6.2020", "HYV", "operating_income", 6_000_000, measure="budget")
        assert cell("HYV", "operating_income", income, measure="budget") == (6_000_000, "stated")
        assert cell("HYV", "result", income, measure="budget") is None


class TestUnits:
    """The units below, every one of them."""

    def test_one_of_three_is_no_total(self) -> None:
        """What is known of one unit is a part, and the others are missing."""
        one = stated("2020H1", "4100", "income", 5)
        both = (one, stated("2020H1", "4160", "income", 2))
        assert known("410", "income", one) == (5, None, ("4160",))
        assert cell("410", "income", *both) == (7, "units")
        assert known("HYV", "income", *both) == (7, None, ("4000", "4030"))

    def test_a_sector_of_areas_that_state_the_summary_alone(self) -> None:
        """It knows these and none of the rows of its own layout; a correction does not change that."""
        events = tuple(
            stated("2020H1", area, line, cents)
            for area in ("400", "410")
            for line, cents in (("income", 10), ("expenses", -30))
        )
        assert cell("HYV", "net", *events) == (-40, "components")
        assert cell("HYV", "income", *events) == (20, "units")
        assert cell("HYV", "operating_income", *events) is None
        later = corrected("3/2020", "4100", "sales", 500)
        assert cell("HYV", "income", *events, later) == (520, "units")
        assert cell("HYV", "result", *events, later) is None

    def test_an_area_with_postings_of_its_own_needs_its_own_books(self) -> None:
        """Its own months must be covered, too; without any posting of its own they need not be."""
        below = tuple(stated("2020H1", unit, "income", 5) for unit in ("4100", "4160"))
        own = posted("1/2020", "410", "sales", 1)
        assert cell("410", "income", *below) == (10, "units")
        assert known("410", "income", *below, own) == (11, None, ("410",))
        assert cell("410", "income", *below, posted("2020H1", "410", "sales", 1)) == (11, "units")

    def test_investments_stay_out_of_operations(self) -> None:
        """The programme adds up its items; the sector above it does not."""
        events = (
            posted("1/2020", "INV-1", "expenses", -1_000),
            posted("1/2020", "4100", "personnel", -1),
            complete("2020H1", "HYV"),
        )
        assert cell("HYV-INV", "expenses", *events) == (-1_000, "components")
        assert cell("HYV", "expenses", *events) == (-1, "components")


class TestPosted:
    """Postings make a total where the books are covered."""

    def test_three_months_are_not_a_year(self) -> None:
        """They are known through March; of the quarter they are the whole."""
        months = [posted(f"{month}/2020", "4100", "personnel", -100) for month in (1, 2, 3)]
        assert cell("4100", "personnel", *months, period="2020Q1") == (-300, "posted")
        assert known("4100", "personnel", *months, period="2020") == (-300, "2020-03-31", ("4100",))

    def test_covered_and_absent_is_zero(self) -> None:
        """The books of January hold no sales, so there were none."""
        assert cell("4100", "sales", posted("1/2020", "4100", "personnel", -1), period="1/2020") == (0, "posted")

    def test_a_posting_counts_where_all_of_it_lies_inside(self) -> None:
        """One of a longer period leaves a shorter one in doubt, on its line and on the sums above it."""
        year = posted("2020", "4100", "sales", 100)
        assert cell("4100", "sales", year, period="2020") == (100, "posted")
        assert part("4100", "sales", year) is not None
        assert cell("4100", "personnel", year) == (0, "posted")
        assert cell("4100", "net", year) is None

    def test_books_are_needed_for_the_days_on_which_a_unit_existed(self) -> None:
        """A unit of May needs no January; one that ended in March, no April."""
        new = fact(UnitEstablished, "1.5.2020", code="4190", name="Uusi", kind="unit", parent="410")
        books = [posted(f"{month}/2020", "4190", "sales", 1) for month in (5, 6)]
        assert cell("4190", "sales", new, *books) == (2, "posted")
        assert part("4190", "sales", new, period="2019") is None
        ended = fact(UnitClosed, "31.3.2020", code="4160")
        assert cell("4160", "sales", ended, complete("2020Q1", "4160")) == (0, "posted")


class TestCoverage:
    """What covers books, and what does not."""

    def test_a_correction_or_a_detail_covers_nothing(self) -> None:
        """They tell a part."""
        assert known("4100", "sales", corrected("2020H1", "4100", "sales", 5)) == (5, None, ("4100",))
        assert known("4100", "sales", posted("2020H1", "4100", "sales", 5, detail=True)) == (5, None, ("4100",))

    def test_closing_covers_where_books_are_kept(self) -> None:
        """A unit that only ever states totals has no books to be all zero."""
        closed = fact(PeriodClosed, "2020H1", unit="4100")
        reopened = fact(PeriodReopened, "2020H1", unit="4100", reason="x")
        assert cell("4100", "sales", closed) == (0, "posted")
        assert cell("4100", "sales", closed, reopened) is None
        assert cell("4100", "sales", stated("2019", "4100", "personnel", -1), closed) is None
        assert cell("4100", "sales", stated("2020H1", "4100", "personnel", -1), closed) is None

    def test_postings_infer_nothing_where_the_unit_states_totals(self) -> None:
        """A posting that was there before the statement does not make the month's books."""
        january = posted("1/2020", "4100", "sales", 1)
        assert cell("4100", "fees", january, period="1/2020") == (0, "posted")
        assert cell("4100", "fees", january, stated("2020H1", "4100", "sales", 9), period="1/2020") is None

    def test_an_import_covers_its_months_for_its_units_and_those_below(self) -> None:
        """On all lines, or on some."""
        fields: dict[str, Any] = {"file_name": "x.csv", "format": "figures", "covered_units": ("410",)}
        months = tuple(f"2020-0{month}" for month in range(1, 7))
        whole = fact(FileImported, "2020H1", sha256="4f" * 32, covered_months=months, **fields)
        payroll = fact(
            FileImported, "2020H1", sha256="5f" * 32, covered_months=months, covered_lines=("personnel",), **fields
        )
        pay = posted("1/2020", "4100", "personnel", -5)
        assert cell("4100", "sales", whole) == (0, "posted")
        assert cell("410", "personnel", pay, whole) == (-5, "units")
        assert cell("410", "personnel", pay, payroll) == (-5, "units")
        assert known("410", "operating_expenses", pay, payroll) == (-5, None, ("4100", "4160"))
        assert cell("4000", "sales", whole) is None

    def test_taking_it_back(self) -> None:
        """What was said holds no longer; of some lines, the others stay."""
        said = complete("2020H1", "410")
        back = fact(CompletionWithdrawn, "6/2020", unit="4100", reason="x")
        sales = fact(CompletionWithdrawn, "6/2020", unit="4100", lines=("sales",), reason="x")
        assert cell("410", "sales", said) == (0, "units")
        assert known("410", "sales", said, back) == (0, "2020-05-31", ("4100",))
        assert cell("4100", "sales", said, sales) is None
        assert cell("4100", "fees", said, sales) == (0, "posted")
        assert cell("4100", "operating_income", said, sales) is None
        assert cell("4100", "sales", said, sales, said) == (0, "posted")


class TestStructures:
    """A moved unit is never in two totals, and no money leaves every total."""

    def test_a_stated_year_follows_a_unit_that_moves(self) -> None:
        """The area that it leaves loses its amount, the one that it joins gains it, in any order of recording."""
        facts = (
            stated("2020", "400", "expenses", -500),
            stated("2020", "410", "expenses", -900),
            stated("2020", "4160", "expenses", -100),
        )
        move = moved("1.1.2021", "4160", "400")
        for events in ((*facts, move), (move, *facts)):
            for area, then, now in (("400", -500, -600), ("410", -900, -800)):
                assert cell(area, "expenses", *events, period="2020") == (then, "stated")
                assert cell(area, "expenses", *events, period="2020", structure="1.1.2021") == (now, "stated")
            assert cell("HYV", "expenses", *events, period="2020", structure="1.1.2021") == (-1_400, "units")

    def test_a_moved_unit_that_is_not_known_is_in_the_way(self) -> None:
        """Neither area is whole, and both say why."""
        facts = (stated("2020", "400", "expenses", -500), stated("2020", "410", "expenses", -900))
        move = moved("1.1.2021", "4160", "400")
        for area in ("400", "410"):
            found = part(area, "expenses", *facts, move, period="2020", structure="1.1.2021")
            assert found is None or "4160" in found.missing_units

    def test_merged_areas_add_up(self) -> None:
        """The heir has what both stated, once."""
        facts = (stated("2020", "400", "expenses", -100), stated("2020", "410", "expenses", -80))
        merged = fact(UnitMerged, "31.12.2020", code="410", into="400")
        assert cell("400", "expenses", *facts, merged, period="2020", structure="1.1.2021") == (-180, "stated")
        assert cell("400", "expenses", *facts, merged, period="2020") == (-100, "stated")

    def test_a_unit_that_does_not_exist_yet_stands_where_it_first_stood(self) -> None:
        """Asked in the organisation of a day before, its money is in the total."""
        new = fact(UnitEstablished, "1.5.2020", code="4190", name="Uusi", kind="unit", parent="410")
        events = (new, posted("5/2020", "4190", "sales", -5_000), complete("2020H1", "HYV"))
        for structure in ("30.6.2020", "31.12.2019"):
            assert cell("HYV", "sales", *events, structure=structure) == (-5_000, "units")

    def test_the_organisation_is_that_of_the_periods_end(self) -> None:
        """A unit that moved takes its whole half-year along."""
        events = (posted("2020H1", "4160", "sales", 100), moved("1.6.2020", "4160", "400"), complete("2020H1", "HYV"))
        assert cell("400", "sales", *events) == (100, "units")
        assert cell("410", "sales", *events) == (0, "units")

    def test_totals_that_rest_on_one_another_are_not_whole(self) -> None:
        """Two areas stand one under the other in turn, and each would have to be known first."""
        facts = (stated("2020", "400", "expenses", -500), moved("1.1.2021", "HYV-X", "400"))
        new = fact(UnitEstablished, "1.1.2015", code="HYV-X", name="X", kind="service_area", parent="HYV")
        inverted = (
            new,
            *facts,
            stated("2020", "HYV-X", "expenses", -50),
            moved("1.1.2022", "400", "HYV-X"),
            moved("1.1.2022", "HYV-X", "HYV"),
        )
        assert cell("400", "expenses", *inverted, period="2020", structure="1.1.2021") == (-550, "stated")
        assert cell("HYV-X", "expenses", *inverted, period="2020", structure="1.1.2022") == (-550, "stated")


class TestBudget:
    """A budget is stated as of a day, and decisions taken after it add."""

    def test_the_latest_day_up_to_the_periods_end_counts(self) -> None:
        """Whichever was recorded last; later decisions add."""
        decided: dict[str, Any] = {"unit": "4100", "line": "sales", "fiscal_year": 2020}
        events = (
            fact(BudgetAdopted, "9.12.2019", **decided, amount_cents=1_000),
            fact(BudgetAmended, "15.5.2020", **decided, amount_cents=10),
            stated("1.1.–30.4.2020", "4100", "sales", 1_200, measure="budget"),
            stated("1.1.–31.3.2020", "4100", "sales", 1_100, measure="budget"),
            stated("2020", "4100", "sales", 9_999, measure="budget"),
            fact(BudgetAmended, "1.4.2020", **decided, amount_cents=5, correcting=True, reason="puuttui"),
            fact(BudgetAmended, "1.4.2020", **decided, amount_cents=7, detail=True),
            fact(BudgetAmended, "1.7.2020", **decided, amount_cents=500),
        )
        assert cell("4100", "sales", *events[:2], measure="budget") == (1_010, "posted")
        assert cell("4100", "sales", *events, measure="budget") == (1_200 + 10 + 5, "stated")
        assert cell("4100", "sales", *events, measure="budget", period="2020") == (9_999 + 5 + 500, "stated")

    def test_there_is_none_before_it_was_adopted(self) -> None:
        """Adopted in August, it is unknown in June; a declaration that it is complete does not change that."""
        decided: dict[str, Any] = {"unit": "4100", "line": "sales", "fiscal_year": 2020}
        adopted = fact(BudgetAdopted, "15.8.2020", **decided, amount_cents=1_000)
        whole = complete("2020", "4100", measure="budget")
        for events in ((adopted,), (adopted, whole)):
            assert cell("4100", "sales", *events, measure="budget") is None
            assert cell("4100", "sales", *events, measure="budget", period="1-8/2020") == (1_000, "posted")
        assert cell("4100", "sales", whole, measure="budget") == (0, "posted")

    def test_a_whole_year_takes_every_decision_whenever_taken(self) -> None:
        """An amendment of January after the year is in the report of the year, and of no part of it."""
        decided: dict[str, Any] = {"unit": "4100", "line": "sales", "fiscal_year": 2020}
        events = (
            fact(BudgetAdopted, "9.12.2019", **decided, amount_cents=1_000),
            fact(BudgetAmended, "25.1.2021", **decided, amount_cents=77),
        )
        assert cell("4100", "sales", *events, measure="budget", period="2020") == (1_077, "posted")
        assert cell("4100", "sales", *events, measure="budget", period="1-11/2020") == (1_000, "posted")


def test_roundings_add_up() -> None:
    """A sum of totals to a thousand euros may be off by half a thousand for each; postings are exact."""
    events = (
        stated("2020H1", "4100", "sales", 300_000, precision=100_000),
        stated("2020H1", "4160", "sales", 40_000, precision=100),
        posted("1/2020", "410", "sales", 7),
        complete("2020H1", "410"),
    )
    value = asked(events, "2020H1", None, "actual").value("410", "sales")
    assert value is not None
    assert (value.cents, value.precision_cents, value.slack_cents) == (340_007, 100_000, 50_000 + 50)


def test_a_statement_over_complete_books_can_be_compared_with_them() -> None:
    """Every route that is whole is there to be compared."""
    events = (
        *(posted(f"{month}/2020", "4100", "personnel", -110) for month in range(1, 7)),
        complete("2020H1", "4100"),
        stated("2020H1", "4100", "personnel", -500_000),
    )
    routes = asked(events, "2020H1", None, "actual").routes("4100", "personnel")
    assert {route: value.cents for route, value in routes.items()} == {"stated": -500_000, "posted": -660}


def test_of_what_is_neither_told_nor_covered_no_route_is_asked() -> None:
    """A cell is blank until anything is recorded of it or below it, or its books are covered for any month."""
    statement = stated("2020H1", "4160", "fees", 900)

    def is_blank(unit: str, line: str, *events: Event) -> bool:
        cell(unit, line, *events)
        column = asked(events, "2020H1", None, "actual")
        return column.rule.is_blank(unit, line, column.period)

    assert is_blank("410", "personnel", statement)
    assert is_blank("4100", "fees", statement)
    assert not is_blank("410", "fees", statement)
    assert not is_blank("410", "personnel", statement, complete("2/2020", "4100"))
    assert not is_blank("410", "personnel", statement, posted("2/2020", "4100", "sales", 5))
