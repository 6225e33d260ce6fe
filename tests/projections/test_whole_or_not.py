"""No figure that looks whole and is not: the cases that were seen, each with the right value, from recording to report.

Each sentence of the rule has its test in `tests/heinola_es/domain/value_rule/test_rule.py`; here the same is asked of
what a reader is shown.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from events.period import Period
from heinola_es.domain.aggregates.unit_year import AgainstLineSign, FinerThanStated
from heinola_es.domain.periods import parse_period
from heinola_es.errors import HeinolaError
from heinola_es.handlers.coverage import complete_books, withdraw_completion
from heinola_es.handlers.figures import (
    adopt_budget,
    amend_budget,
    close_period,
    correct_actual,
    post_actual,
    state_figure,
    withdraw_statement,
)
from heinola_es.handlers.organisation import close_unit, establish_unit, merge_unit, move_unit
from tests.city import FOUNDED
from tests.projections.asking import cents, complete, findings, record, row_of, snapshot_of, unit_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

JUNE = Period.of_day(date(2020, 6, 30))
HALF = parse_period("2020H1")


def post(log: EventLog, unit: str, line: str, period: str, amount: int, **how: Any) -> None:  # noqa: ANN401
    """Post an amount of cents."""
    record(log, post_actual, unit, line, parse_period(period), amount, **how)


def state(log: EventLog, unit: str, line: str, period: str, amount: int, measure: str = "actual", **how: Any) -> None:  # noqa: ANN401
    """State a total in cents."""
    record(log, state_figure, unit, line, parse_period(period), measure, amount, **how)


def partial(snapshot: dict[str, Any], unit: str, line: str, column: str = "actual") -> dict[str, Any] | None:
    """Return what is known of a cell that is not whole; None where that is nothing."""
    assert cents(snapshot, unit, line, column) is None
    found: dict[str, Any] | None = row_of(snapshot, unit, line).get("partial", {}).get(column)
    return found


# ---------------------------------------------------------------- 1, 2: months that are not there


def test_months_of_one_unit_are_not_those_of_all(sample_log: EventLog) -> None:
    """A half year stated of all, and July to September posted on one of them: nothing above it is whole.

    Nor is a per cent taken of it. Where the books of all are complete, it is.
    """
    for month in (7, 8, 9):
        post(sample_log, "4160", "personnel", f"{month}/2020", -75_000_00)
    half, third = snapshot_of(sample_log, "2020Q2"), snapshot_of(sample_log, "2020Q3")
    known = partial(third, "HYV", "personnel")
    assert known is not None
    assert known["cents"] == (cents(half, "HYV", "personnel") or 0) - 225_000_00
    assert known["through"] == "2020-06-30"
    assert "4100" in known["missing_units"]
    assert "4160" not in known["missing_units"]
    assert row_of(third, "HYV", "personnel")["percent"] is None
    assert cents(third, "4160", "expenses") == (cents(half, "4160", "expenses") or 0) - 225_000_00

    complete(sample_log, "7-9/2020")
    third = snapshot_of(sample_log, "2020Q3")
    assert cents(third, "HYV", "personnel") == (cents(half, "HYV", "personnel") or 0) - 225_000_00
    assert row_of(third, "HYV", "personnel")["percent"] is not None


@pytest.fixture
def three_months(store: EventLog) -> EventLog:
    """Give a sector of one unit with a budget for the year, and three months posted."""
    record(store, establish_unit, "A1", FOUNDED, name="Yksikkö", kind="unit", parent=None)
    record(store, adopt_budget, "A1", "personnel", 2020, -1_200_00, day=date(2020, 1, 1))
    for month in (1, 2, 3):
        post(store, "A1", "personnel", f"{month}/2020", -100_00)
    return store


def test_three_months_are_no_year_and_no_final_accounts(three_months: EventLog) -> None:
    """The year is known through March; so are the final accounts a year later, while three months beside three are."""
    year, next_year = snapshot_of(three_months, "2020"), snapshot_of(three_months, "2021Q1")
    for snapshot, column in ((year, "actual"), (next_year, "final_accounts")):
        known = partial(snapshot, "A1", "expenses", column)
        assert known is not None
        assert (known["cents"], known["through"]) == (-300_00, "2020-03-31")
        assert [f["unit"] for f in findings(snapshot, "incomplete")] == ["A1"]
    assert row_of(year, "A1", "expenses")["percent"] is None
    assert cents(next_year, "A1", "expenses", "prior_actual") == -300_00


@pytest.mark.parametrize("period", ["2020", "2021Q1"])
def test_what_is_not_whole_is_told_in_every_way(three_months: EventLog, period: str) -> None:
    """`--strict` exits with 3, and publishing asks whether it is meant; then it is published as it is."""
    terminal = Terminal(three_months.location)
    assert terminal.run(f"snapshot {period} --unit A1 --strict").exit_code == 3
    refused = terminal.run(f"publish {period} --unit A1 --key none")
    assert refused.exit_code != 0
    table = terminal.done(f"snapshot {period} --unit A1")
    assert "Tämä raportti ei ole kokonainen" in table
    assert "[−300]" in table
    csv = terminal.done(f"snapshot {period} --unit A1 --format csv")
    assert ",false,2020-03-31,-300.00," in csv


# ---------------------------------------------------------------- 3, 4: totals of parts


def test_one_of_three_is_no_total(store: EventLog) -> None:
    """The area has no total, and no per cent, until each of its units has."""
    record(store, establish_unit, "4170", FOUNDED, name="Musiikkiopisto", kind="unit", parent="410")
    state(store, "4100", "expenses", "2020H1", -100_00)
    known = partial(snapshot_of(store, "2020Q2"), "410", "expenses")
    assert known is not None
    assert (known["cents"], known["missing_units"]) == (-100_00, ["4160", "4170"])
    for unit in ("4160", "4170"):
        state(store, unit, "expenses", "2020H1", -10_00)
    assert cents(snapshot_of(store, "2020Q2"), "410", "expenses") == -120_00


def test_a_sector_of_areas_shows_what_they_state_and_no_result_of_a_correction(store: EventLog) -> None:
    """TULOT, MENOT and NETTO of the areas add up; the rows of the sector's own layout stay unknown."""
    for area, income, expenses in (("400", 10_00, -40_00), ("410", 20_00, -50_00)):
        state(store, area, "income", "2020H1", income)
        state(store, area, "expenses", "2020H1", expenses)
    snapshot = snapshot_of(store, "2020Q2")
    assert [cents(snapshot, "HYV", line) for line in ("income", "expenses", "net")] == [30_00, -90_00, -60_00]
    assert partial(snapshot, "HYV", "result") is None

    record(store, correct_actual, "4100", "fees", parse_period("6/2020"), 500_00, reason="puuttui")
    snapshot = snapshot_of(store, "2020Q2")
    assert cents(snapshot, "HYV", "result") is None
    assert cents(snapshot, "HYV", "net") == 440_00


def test_a_budget_of_income_alone_is_no_budget_of_the_result(store: EventLog) -> None:
    """Where a budget of income is stated and none of expenses, nothing is known of what is left."""
    state(store, "HYV", "operating_income", "30.6.2020", 6_000_000_00, "budget")
    snapshot = snapshot_of(store, "2020Q2")
    assert cents(snapshot, "HYV", "operating_income", "budget") == 6_000_000_00
    assert cents(snapshot, "HYV", "result", "budget") is None


def test_a_net_is_that_of_the_rows_above_it(store: EventLog) -> None:
    """What is stated of the area decides, and not the part of it that happens to be known below."""
    state(store, "410", "income", "2020H1", 50_000_00)
    state(store, "410", "expenses", "2020H1", -400_000_00)
    post(store, "4100", "personnel", "5/2020", -99_000_00, detail=True)
    assert cents(snapshot_of(store, "2020Q2"), "410", "net") == -350_000_00


def test_a_total_over_postings_is_held_against_them(store: EventLog) -> None:
    """A total of five million over complete books of 660: the rows agree with one another, and the two do not."""
    complete(store, "2020H1")
    post(store, "4100", "personnel", "5/2020", -600_00)
    post(store, "4160", "personnel", "5/2020", -60_00)
    state(store, "410", "expenses", "2020H1", -5_000_000_00)
    snapshot = snapshot_of(store, "2020Q2")
    assert cents(snapshot, "410", "expenses") == -5_000_000_00
    assert cents(snapshot, "410", "net") == -5_000_000_00
    found = {(f["unit"], f["line"]): (f["stated"], f["computed"]) for f in findings(snapshot, "mismatch")}
    assert found["410", "expenses"] == (-5_000_000_00, -660_00)


def test_a_sum_of_stated_lines_is_not_that_of_a_detail_below(store: EventLog) -> None:
    """Of expenses two lines are stated, and one detail is posted below: nothing of it is a total."""
    state(store, "410", "personnel", "2020H1", -50_000_00)
    state(store, "410", "services", "2020H1", -10_000_00)
    post(store, "4100", "personnel", "5/2020", -20_000_00, detail=True)
    snapshot = snapshot_of(store, "2020Q2", all_lines=True)
    assert cents(snapshot, "410", "personnel") == -50_000_00
    known = partial(snapshot, "410", "operating_expenses")
    assert known is not None
    assert known["cents"] == -60_000_00


# ---------------------------------------------------------------- 5, 7: units that move


def test_a_stated_year_follows_a_unit_that_moves(sample_log: EventLog) -> None:
    """Next year, the area that lost the school has last year's total without it, and the other one has it."""
    before = snapshot_of(sample_log, "2020Q2")
    moved = cents(before, "4160", "expenses")
    record(sample_log, move_unit, "4160", date(2021, 1, 1), "430")
    after = snapshot_of(sample_log, "2021Q2")
    for unit, sign in (("410", -1), ("430", 1)):
        was, now = cents(before, unit, "expenses"), cents(after, unit, "expenses", "prior_actual")
        assert was is not None
        assert moved == -944_469_00
        assert now == was + sign * moved
    assert cents(after, "HYV", "operating_expenses", "prior_actual") == cents(before, "HYV", "operating_expenses")


@pytest.mark.parametrize("merged_first", [False, True])
def test_merged_areas_add_up_whatever_was_recorded_first(store: EventLog, *, merged_first: bool) -> None:
    """Two units with stated years become one: last year is the sum of both, in any order of recording."""

    def merge() -> None:
        record(store, merge_unit, "4160", date(2020, 12, 31), "4100")

    if merged_first:
        merge()
    state(store, "4100", "expenses", "2020H1", -130_00)
    state(store, "4160", "expenses", "2020H1", -50_00)
    if not merged_first:
        merge()
    after = snapshot_of(store, "2021Q2")
    assert cents(after, "4100", "expenses", "prior_actual") == -180_00
    assert cents(after, "410", "expenses", "prior_actual") == -180_00


def test_nothing_leaves_the_totals(store: EventLog) -> None:
    """In the organisation of a day before a unit existed, its amounts stand where it first stood."""
    record(store, establish_unit, "4180", date(2020, 4, 1), name="Uusi", kind="unit", parent="410")
    complete(store, "2020H1")
    post(store, "4180", "personnel", "5/2020", -5_000_00)
    for structure in (None, date(2020, 3, 1), date(2020, 6, 30)):
        snapshot = snapshot_of(store, "2020Q2", structure=structure)
        assert cents(snapshot, "HYV", "operating_expenses") == -5_000_00, structure


@pytest.mark.parametrize(
    ("handler", "arguments"),
    [
        (move_unit, ("4160", date(2020, 7, 1), "INV-RAK")),
        (move_unit, ("INV-1", date(2020, 7, 1), "410")),
        (merge_unit, ("4160", date(2020, 6, 30), "INV-1")),
        (merge_unit, ("INV-1", date(2020, 6, 30), "4160")),
    ],
)
def test_books_are_not_crossed(store: EventLog, handler: Any, arguments: tuple[Any, ...]) -> None:  # noqa: ANN401
    """No unit of operations goes into the book of investments, nor back: its money would be in no total."""
    with pytest.raises(HeinolaError, match="investment"):
        record(store, handler, *arguments)


# ---------------------------------------------------------------- 9, 10, 11: what is stated, as of when


def test_a_statement_has_the_sign_of_its_line_and_its_precision(store: EventLog) -> None:
    """Positive expenses, and thousands with euros, are refused; the first unless it is said to be meant."""
    with pytest.raises(AgainstLineSign):
        state(store, "4100", "expenses", "2020H1", 950_000_00, contra=False)
    with pytest.raises(FinerThanStated):
        state(store, "4100", "expenses", "2020H1", -950_123_00, precision_cents=100_000)
    state(store, "4100", "expenses", "2020H1", 950_000_00, contra=True)
    assert cents(snapshot_of(store, "2020Q2"), "4100", "expenses") == 950_000_00


def test_a_budget_says_from_which_day_it_is_known(store: EventLog) -> None:
    """Before the day as of which it is stated or decided it is unknown, and the note says from when it is not."""
    state(store, "4100", "expenses", "31.12.2020", -900_00, "budget")
    record(store, adopt_budget, "4160", "personnel", 2020, -100_00, day=date(2020, 8, 15))
    terminal = Terminal(store.location)
    table = terminal.done("snapshot 2020Q2 --unit 410")
    assert "31.12.2020" in table
    assert "15.8.2020" in table
    assert cents(snapshot_of(store, "2020"), "4100", "expenses", "budget") == -900_00
    refused = terminal.refused("record statement 4100 expenses 2020 -900 --measure budget", code=2)
    assert "a budget is stated as of a day" in refused


def test_an_amendment_after_the_year_is_in_the_whole_years_report(store: EventLog) -> None:
    """The council amended 2020's budget in February 2021: the report of the whole year has it."""
    record(store, adopt_budget, "4100", "personnel", 2020, -1_000_00, day=date(2020, 1, 1))
    record(store, amend_budget, "4100", "personnel", 2020, -200_00, day=date(2021, 2, 8))
    assert cents(snapshot_of(store, "2020"), "4100", "expenses", "budget") == -1_200_00
    assert cents(snapshot_of(store, "2020Q4"), "4100", "expenses", "budget") == -1_200_00
    assert cents(snapshot_of(store, "2020Q3"), "4100", "expenses", "budget") == -1_000_00


def test_a_budget_is_not_nought_before_it_was_decided(store: EventLog) -> None:
    """Of a unit that begins in April and has a budget from June on, nothing is known in March; nor of the one above."""
    record(store, establish_unit, "500", FOUNDED, name="Tekniikka", kind="sector", parent=None)
    record(store, establish_unit, "5000", date(2020, 4, 1), name="Kadut", kind="unit", parent="500")
    record(store, adopt_budget, "5000", "personnel", 2020, -700_00, day=date(2020, 6, 15))
    for period, value in (("2020Q1", None), ("2020Q2", -700_00)):
        snapshot = snapshot_of(store, period)
        assert cents(snapshot, "500", "result", "budget") == value
        assert cents(snapshot, "500", "sales", "budget") == (None if value is None else 0)


# ---------------------------------------------------------------- 14, 15: nought, and rows


def test_covered_and_absent_is_nought(store: EventLog) -> None:
    """Where the books of all are complete, a line that nobody posted on is 0 and no dash."""
    complete(store, "2020H1")
    post(store, "4100", "personnel", "5/2020", -100_00)
    snapshot = snapshot_of(store, "2020Q2")
    for unit in ("4160", "400", "4000", "INV-1"):
        assert cents(snapshot, unit, "expenses") == 0
    assert cents(snapshot, "HYV", "fees") == 0
    assert not findings(snapshot, "incomplete")


def test_lines_of_a_further_year_have_rows_and_findings_are_about_rows(store: EventLog) -> None:
    """A line that is known two years back alone has a row among all lines; findings are about rows that there are."""
    state(store, "4100", "fees", "2018", 70_00)
    snapshot = snapshot_of(store, "2020Q2", years=2, all_lines=True)
    row = row_of(snapshot, "4100", "fees")
    assert row["prior_years"][0]["final_accounts"]["cents"] == 70_00

    complete(store, "2020H1")
    state(store, "410", "personnel", "2020H1", -9_00)
    snapshot = snapshot_of(store, "2020Q2")
    for finding in findings(snapshot, "mismatch", "rounding", "incomplete"):
        lines = {row["line"] for row in unit_of(snapshot, finding["unit"])["figures"]}
        assert finding["line"] is None or finding["line"] in lines, finding


def test_a_total_inside_complete_books_is_in_the_year(store: EventLog) -> None:
    """The books of the year are complete, and then a quarter in its middle is stated: in the year, too, it counts so.

    The half year around it is not taken from the books alone, nor is what stands above; that the books say otherwise is
    a finding. So, too, of a unit that begins in the middle of the year.
    """
    record(store, establish_unit, "4190", date(2020, 4, 1), name="Uusi", kind="unit", parent="410")
    complete(store, "2020")
    post(store, "4100", "services", "2/2020", -7_00)
    for unit in ("4160", "4190"):
        state(store, unit, "personnel", "2020Q2", -600_00)
    for period in ("2020", "2020H1", "1-9/2020"):
        snapshot = snapshot_of(store, period, all_lines=True)
        for unit in ("4160", "4190"):
            rows = {row["line"]: row["actual"]["cents"] for row in unit_of(snapshot, unit)["figures"]}
            assert {rows.get(line, 0) for line in ("personnel", "operating_expenses", "expenses", "net")} == {-600_00}
        assert cents(snapshot, "410", "expenses") == -1200_00 - 7_00
    found = findings(snapshot_of(store, "2020Q2", all_lines=True), "mismatch")
    assert {"4160", "4190"} <= {finding["unit"] for finding in found}


# ---------------------------------------------------------------- taking back


def test_what_is_incomplete_on_one_sum_is_on_every_sum_of_the_same_lines(store: EventLog) -> None:
    """The net is said not to be complete: so no operating margin is, which has the same lines below it."""
    record(store, complete_books, HALF, None)
    for unit in ("4100", "4160"):
        record(store, correct_actual, unit, "sales", parse_period("5/2020"), 1_00, reason="puuttui")
    record(store, withdraw_completion, HALF, "4100", lines=["net"], reason="puuttuu")
    snapshot = snapshot_of(store, "2020Q2", all_lines=True)
    for line in ("net", "sales", "operating_margin", "result"):
        assert cents(snapshot, "4160", line) == 1_00
        assert all(row["line"] != line or row["actual"] is None for row in unit_of(snapshot, "4100")["figures"])
        assert all(row["line"] != line or row["actual"] is None for row in unit_of(snapshot, "410")["figures"])


@pytest.mark.parametrize("known_by", ["posted", "closed", "declared"])
def test_what_somebody_says_is_incomplete_is_not_inferred_to_be_complete(store: EventLog, known_by: str) -> None:
    """July's books have postings, are closed or were said to be complete; then somebody says that invoices are missing.

    They are not whole, not by postings that come later either, until somebody says that they are complete again.
    """
    july = parse_period("7/2020")
    complete(store, "2020H1")
    for unit in ("4100", "4160"):
        post(store, unit, "personnel", "7/2020", -100_00)
    if known_by == "closed":
        record(store, close_period, july, "4160")
    if known_by == "declared":
        complete(store, "7/2020")
    assert cents(snapshot_of(store, "1-7/2020"), "4160", "expenses") == -100_00
    record(store, withdraw_completion, july, "4160", reason="laskuja puuttuu")
    if known_by == "posted":
        post(store, "4160", "services", "7/2020", -5_00)
    snapshot = snapshot_of(store, "1-7/2020")
    assert partial(snapshot, "4160", "expenses") == {
        "cents": -105_00 if known_by == "posted" else -100_00,
        "through": "2020-06-30",
        "missing_units": ["4160"],
        "missing_lines": [],
    }
    assert cents(snapshot, "410", "expenses") is None
    assert cents(snapshot, "4100", "expenses") == -100_00
    complete(store, "7/2020")
    assert cents(snapshot_of(store, "1-7/2020"), "4160", "expenses") == (-105_00 if known_by == "posted" else -100_00)


def test_a_budget_that_somebody_says_is_incomplete_is_none(store: EventLog) -> None:
    """A decision on one line lets the budget of the unit be known, unless somebody says that decisions are missing."""
    record(store, adopt_budget, "4160", "personnel", 2020, -500_00, day=date(2020, 1, 1))
    assert cents(snapshot_of(store, "2020Q2"), "4160", "expenses", "budget") == -500_00
    record(store, withdraw_completion, Period.of_year(2020), "4160", measure="budget", reason="palvelut puuttuvat")
    assert cents(snapshot_of(store, "2020Q2"), "4160", "expenses", "budget") is None
    record(store, complete_books, Period.of_year(2020), "4160", measure="budget")
    assert cents(snapshot_of(store, "2020Q2"), "4160", "expenses", "budget") == -500_00


def test_what_is_complete_again_on_a_line_is_on_every_sum_of_it(store: EventLog) -> None:
    """Sales were said to be incomplete and then complete: income, of which nothing else was said, is known again."""
    record(store, complete_books, HALF, None)
    record(store, correct_actual, "4160", "sales", parse_period("5/2020"), 1_00, reason="puuttui")
    record(store, withdraw_completion, HALF, "4160", lines=["sales"], reason="puuttuu")
    assert cents(snapshot_of(store, "2020Q2"), "4160", "income") is None
    record(store, complete_books, HALF, "4160", lines=["sales"])
    assert cents(snapshot_of(store, "2020Q2"), "4160", "income") == 1_00


def test_a_withdrawn_total_gives_way_to_the_postings(store: EventLog) -> None:
    """A total that is withdrawn, and a unit that ended: what is left is what the books say."""
    complete(store, "2020H1")
    post(store, "4100", "personnel", "5/2020", -100_00)
    state(store, "4100", "expenses", "2020H1", -90_00)
    record(store, withdraw_statement, "4100", "expenses", HALF, "actual", reason="väärästä sarakkeesta")
    record(store, close_unit, "4160", date(2020, 3, 31))
    assert cents(snapshot_of(store, "2020Q2"), "410", "expenses") == -100_00
