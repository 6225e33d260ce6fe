"""Reconciliation: every difference is named, and classified by what the stated precisions allow."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heinola_es.domain.aggregates.unit_year import ContradictsStatement
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import correct_actual, post_actual, state_figure, withdraw_statement
from heinola_es.handlers.projects import launch_project
from heinola_es.store.log import EventLog
from tests.city import CITY, MADE, UNITS, found_city
from tests.projections.asking import COLUMNS, canonical, complete, findings, record, row_of, snapshot_of
from tests.projections.expected_findings import (
    Found,
    Statements,
    Total,
    expected_findings,
    expected_percent,
    in_order,
)
from tests.projections.printed import PARENTS, printed_projects, printed_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

    from heinola_es.handlers.session import Session
    from tests.projections.asking import Snapshot
    from tests.projections.conftest import ImportedReport

PRECISION = {"final_accounts": 100_000, "prior_actual": 100_000, "budget": 100, "actual": 100}
HALF_YEAR = parse_period("1-6/2020")
SERVICE_AREA = "410"


# ---------------------------------------------------------------- the whole report


def test_every_difference_in_the_report_is_found_and_classified(report_2020: ImportedReport) -> None:
    """Between statements, units below and component lines, the findings are those worked out from the text alone."""
    snapshot = snapshot_of(report_2020.path, "2020Q2")
    printed = printed_rows(report_2020.text)
    below = _below(PARENTS)
    columns = {
        column: Statements(
            {place: Total.stated(getattr(row, column), PRECISION[column]) for place, row in printed.items()}, below
        )
        for column in COLUMNS
    }

    expected = expected_findings(columns, _shown(snapshot))

    assert _found(snapshot, COLUMNS) == expected
    assert {found[0] for found in expected} == {"rounding", "mismatch"}


def test_every_printed_per_cent_that_differs_is_found_and_classified(report_2020: ImportedReport) -> None:
    """Of the 84 printed per cents, exactly those are named that the figures printed beside them do not give."""
    snapshot = snapshot_of(report_2020.path, "2020Q2")
    expected = [
        found
        for (unit, line), row in printed_rows(report_2020.text).items()
        for found in expected_percent(
            unit, line, row.percent, Total.stated(row.actual, 100), Total.stated(row.budget, 100)
        )
    ]

    assert _found(snapshot, ("percent",)) == in_order(expected)
    assert ("mismatch", "420", "expenses", "percent", "45.18", "45.17") in expected
    assert ("mismatch", "4240", "income", "percent", "0.00", None) in expected


def test_every_project_whose_money_does_not_add_up_is_found(report_2020: ImportedReport) -> None:
    """A project is a mismatch exactly where income and the city's share do not make the expenses."""
    snapshot = snapshot_of(report_2020.path, "2020Q2")
    wrong = [p for p in printed_projects(report_2020.text) if p.income + p.city_share != p.expense]

    found = [f for f in snapshot["findings"] if f["column"] == "projects"]

    assert [(f["kind"], f["stated"], f["computed"]) for f in found] == [
        ("mismatch", p.expense, p.income + p.city_share) for p in wrong
    ]
    assert all(p.name in f["message"] for f, p in zip(found, wrong, strict=True))
    assert len(wrong) == 3


def test_what_the_reader_concluded_is_told_with_its_row(report_2020: ImportedReport) -> None:
    """The notes of the import are findings of the period it reported, with file and row, and of no other period."""
    noted = findings(snapshot_of(report_2020.path, "2020Q2"), "inferred", "unparsed")
    elsewhere = findings(snapshot_of(report_2020.path, "2020Q3"), "inferred", "unparsed")

    assert noted
    assert all(f["message"].startswith(f"{report_2020.name}:") for f in noted)
    assert not elsewhere


def test_a_finding_says_what_differs_in_one_sentence(sample: ImportedReport) -> None:
    """The message names both amounts and both routes."""
    found = findings(snapshot_of(sample.path, "2020Q2"), "mismatch")

    message = next(f["message"] for f in found if (f["unit"], f["line"], f["column"]) == ("847", "net", "prior_actual"))

    assert message.replace("\u00a0", " ") == "the stated total is -7 000, the units below add up to 0"


# ---------------------------------------------------------------- any statements

_STATED = st.dictionaries(
    st.tuples(
        st.sampled_from(["HYV", "410", "4100", "4160"]),
        st.sampled_from(["income", "operating_income", "sales", "fees", "expenses", "personnel", "net"]),
    ),
    st.tuples(st.integers(-3, 3), st.sampled_from([1, 100, 100_000])),
    max_size=10,
)


@settings(max_examples=30)
@given(_STATED)
def test_any_statements_are_reconciled(stated: Mapping[tuple[str, str], tuple[int, int]]) -> None:
    """Whatever is stated at whatever precision, the findings are those that the spans of the totals give."""
    totals = {place: (times * precision, precision) for place, (times, precision) in stated.items()}
    below = _below({code: parent for code, _name, kind, parent in UNITS if parent and "inv" not in kind})

    with (
        tempfile.TemporaryDirectory() as folder,
        EventLog.create(str(Path(folder, "s.db")), CITY, now=MADE, by="controller") as log,
    ):
        found_city(log)
        record(log, _state_all, totals)
        snapshot = snapshot_of(log, "2020H1")

    statements = Statements({place: Total.stated(*total) for place, total in totals.items()}, below)
    assert _found(snapshot, COLUMNS) == expected_findings({"actual": statements}, _shown(snapshot))


def _state_all(session: Session, totals: Mapping[tuple[str, str], tuple[int, int]]) -> None:
    for (unit, line), (amount, precision) in totals.items():
        state_figure(session, unit, line, HALF_YEAR, "actual", amount, precision_cents=precision)


# ---------------------------------------------------------------- one thing at a time


@pytest.mark.parametrize(("difference", "kind"), [(99_999, "rounding"), (100_000, "rounding"), (100_001, "mismatch")])
def test_the_precisions_decide_what_is_rounding(store: EventLog, difference: int, kind: str) -> None:
    """Two totals to a thousand euros can differ by 1 000 € by rounding alone, and by not a cent more."""
    _state(store, SERVICE_AREA, "income", 500_000, precision_cents=100_000)
    _state(store, "4100", "income", 300_000, precision_cents=100_000)
    _state(store, "4160", "income", 200_000 - difference)

    assert [f["kind"] for f in _on(store, SERVICE_AREA, "income")] == [kind]


def test_exact_totals_have_no_room_for_rounding(store: EventLog) -> None:
    """A cent of difference between totals that are stated to the cent is a mismatch."""
    _state(store, SERVICE_AREA, "income", 500_001)
    _state(store, "4100", "income", 500_000)
    _state(store, "4160", "income", 0)

    assert [f["kind"] for f in _on(store, SERVICE_AREA, "income")] == ["mismatch"]


def test_totals_that_agree_give_no_finding(store: EventLog) -> None:
    """Where all routes give the same amount there is nothing to say."""
    _state(store, SERVICE_AREA, "income", 700_000)
    _state(store, "4100", "income", 500_000)
    _state(store, "4160", "income", 200_000)

    assert not findings(snapshot_of(store, "2020H1"))


def test_a_correction_below_keeps_every_route_in_step(store: EventLog) -> None:
    """A correction adds to the statements above it too, so it makes no new difference."""
    _state(store, SERVICE_AREA, "income", 700_000)
    _state(store, "4100", "income", 500_000)
    _state(store, "4160", "income", 200_000)

    record(store, correct_actual, "4100", "sales", parse_period("6/2020"), 100_000, reason="unohtunut lasku")

    snapshot = snapshot_of(store, "2020H1")
    assert row_of(snapshot, SERVICE_AREA, "income")["actual"]["cents"] == 800_000
    assert not findings(snapshot)


def test_postings_inside_a_wider_total_are_not_held_against_it(store: EventLog) -> None:
    """A line that is known from a correction alone tells a part of its total, and is not compared with it."""
    _state(store, "4100", "income", 500_000)

    record(store, correct_actual, "4100", "sales", parse_period("6/2020"), 100_000, reason="unohtunut lasku")

    assert not findings(snapshot_of(store, "2020H1"))


def test_details_are_compared_with_the_total_once_they_are_all_there(store: EventLog) -> None:
    """Some details say nothing of the whole; complete books that do not make up the total are a finding."""
    _state(store, "4100", "income", 500_000)
    record(store, post_actual, "4100", "sales", parse_period("2/2020"), 300_000, detail=True)
    assert not findings(snapshot_of(store, "2020H1"))

    record(store, post_actual, "4100", "fees", parse_period("5/2020"), 199_000, detail=True)
    with pytest.raises(ContradictsStatement, match=r"4100's income are stated 5 000 .* adds up to 4 990"):
        complete(store, "1-6/2020", unit="4100")
    record(store, post_actual, "4100", "fees", parse_period("6/2020"), 1_000, detail=True)
    complete(store, "1-6/2020", unit="4100")
    assert not findings(snapshot_of(store, "2020H1"))

    record(store, post_actual, "4100", "sales", parse_period("3/2020"), 7_000, detail=True)
    found = findings(snapshot_of(store, "2020H1"))
    assert [(f["kind"], f["unit"], f["line"], f["stated"], f["computed"]) for f in found] == [
        ("mismatch", "4100", "income", 500_000, 507_000),
        ("mismatch", "4100", "income", 500_000, 507_000),
        ("mismatch", "4100", "net", 500_000, 507_000),
    ]


def test_a_statement_over_a_complete_ledger_is_held_against_it(store: EventLog) -> None:
    """−5 000 000 stands over books that add up to −660, with no exception for what lies under a statement."""
    for month in range(1, 7):
        record(store, post_actual, "4100", "personnel", parse_period(f"{month}/2020"), -110_00)
    complete(store, "1-6/2020", unit="4100")
    _state(store, "4100", "expenses", -5_000_000_00)

    found = findings(snapshot_of(store, "2020H1"))

    assert {(f["kind"], f["line"], f["stated"], f["computed"]) for f in found} == {
        ("mismatch", "expenses", -5_000_000_00, -660_00),
        ("mismatch", "net", -5_000_000_00, -660_00),
    }


def test_a_withdrawn_statement_is_compared_no_more(store: EventLog) -> None:
    """With the statement that differed its finding is gone."""
    _state(store, SERVICE_AREA, "income", 900_000)
    _state(store, "4100", "income", 500_000)
    _state(store, "4160", "income", 0)
    assert findings(snapshot_of(store, "2020H1"))

    record(store, withdraw_statement, SERVICE_AREA, "income", HALF_YEAR, "actual", reason="väärä taulukko")

    snapshot = snapshot_of(store, "2020H1")
    assert not findings(snapshot)
    assert row_of(snapshot, SERVICE_AREA, "income")["actual"]["cents"] == 500_000


def test_units_that_are_not_all_known_are_no_route(store: EventLog) -> None:
    """One unit of two is not compared with the area's total: the other may make up the difference."""
    _state(store, SERVICE_AREA, "income", 900_000)
    _state(store, "4100", "income", 500_000)

    assert not _on(store, SERVICE_AREA, "income")


def test_what_is_not_whole_is_a_finding(store: EventLog) -> None:
    """Once for each unit and column, with the lines from which the same is missing."""
    _state(store, "4100", "income", 500_000)
    _state(store, "4100", "expenses", -500_000)

    found = findings(snapshot_of(store, "2020H1"), "incomplete")

    assert [(f["unit"], f["line"], f["column"], f["message"]) for f in found] == [
        ("HYV", None, "actual", "income, expenses, net: known in part; missing: 4000, 4030, 4160"),
        ("410", None, "actual", "income, expenses, net: known in part; missing: 4160"),
    ]


@pytest.mark.parametrize(
    ("printed", "kinds"),
    [("50.00", []), ("50.01", ["rounding"]), ("49.99", ["rounding"]), ("50.20", ["mismatch"]), ("0.00", ["mismatch"])],
)
def test_a_printed_per_cent_is_held_against_its_figures(store: EventLog, printed: str, kinds: list[str]) -> None:
    """500 € of 1 000 €, each to the euro, are between 49,92 % and 50,08 %: beyond that the print is wrong."""
    _state(store, "4100", "income", 100_000, measure="budget", precision_cents=100)
    _state(store, "4100", "income", 50_000, precision_cents=100, percent=printed)

    found = findings(snapshot_of(store, "2020H1"))

    assert [f["kind"] for f in found] == kinds
    assert all((f["column"], f["stated"], f["computed"]) == ("percent", printed, "50.00") for f in found)


def test_a_project_that_leaves_an_amount_open_is_not_held_to_the_sum(store: EventLog) -> None:
    """Income, expenses and share are compared where all three are given."""
    record(store, launch_project, "Valmis", HALF_YEAR, "4100", income_cents=1, expense_cents=3, city_share_cents=2)
    record(store, launch_project, "Avoin", HALF_YEAR, "4100", income_cents=1, expense_cents=9)
    assert not findings(snapshot_of(store, "2020H1"))

    record(store, launch_project, "Väärä", HALF_YEAR, "4100", income_cents=1, expense_cents=9, city_share_cents=2)

    (found,) = findings(snapshot_of(store, "2020H1"))
    assert (found["unit"], found["stated"], found["computed"]) == ("4100", 9, 3)


def test_findings_are_of_the_units_asked_for(sample: ImportedReport) -> None:
    """A snapshot of one area has the findings on its units, the same as in the whole report, and no others."""
    whole = snapshot_of(sample.path, "2020Q2")
    area = snapshot_of(sample.path, "2020Q2", unit="430")
    units = {unit["code"] for unit in area["units"]}

    assert units == {"430", "4300", "4600", "4700", "4400"}
    assert canonical({"": area["findings"]}) == canonical({"": [f for f in whole["findings"] if f["unit"] in units]})


def _state(log: EventLog, unit: str, line: str, amount: int, *, measure: str = "actual", **how: Any) -> None:  # noqa: ANN401
    record(log, state_figure, unit, line, HALF_YEAR, measure, amount, **how)


def _on(log: EventLog, unit: str, line: str) -> list[dict[str, Any]]:
    """Return the findings on one row of the first half of the year."""
    return [f for f in findings(snapshot_of(log, "2020H1")) if (f["unit"], f["line"]) == (unit, line)]


def _shown(snapshot: Snapshot) -> dict[str, list[str]]:
    """Return the lines of the rows that each unit has."""
    return {unit["code"]: [row["line"] for row in unit["figures"]] for unit in snapshot["units"]}


def _below(parents: Mapping[str, str | None]) -> dict[str, list[str]]:
    below = defaultdict(list)
    for unit, parent in parents.items():
        if parent:
            below[parent].append(unit)
    return below


def _found(snapshot: Snapshot, columns: tuple[str, ...]) -> list[Found]:
    """Return the findings on these columns in a comparable form."""
    return in_order(
        (f["kind"], f["unit"], f["line"], f["column"], f["stated"], f["computed"])
        for f in findings(snapshot)
        if f["column"] in columns
    )
