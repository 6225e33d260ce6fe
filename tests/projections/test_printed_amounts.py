"""The report of the second quarter of 2020, imported and taken out again, is the report that was printed."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from tests.projections.asking import COLUMNS, row_of, snapshot_of
from tests.projections.printed import INVESTMENTS, PARENTS, UNITS, printed_projects, printed_rows

if TYPE_CHECKING:
    from tests.projections.conftest import ImportedReport

PRECISION = {"final_accounts": 100_000, "prior_actual": 100_000, "budget": 100, "actual": 100}
"""The unit each column is printed in: a thousand euros, and the euro."""


def test_every_printed_amount_comes_out_again(report_2020: ImportedReport) -> None:
    """All 84 rows come out with exactly the amounts that the text prints, in all four columns of amounts."""
    printed = printed_rows(report_2020.text)
    snapshot = snapshot_of(report_2020.path, "1.4.–30.6.2020")

    taken = {
        (unit["code"], row["line"]): tuple(row[column]["cents"] for column in COLUMNS)
        for unit in snapshot["units"]
        for row in unit["figures"]
    }

    assert len(printed) == 84
    assert taken == {place: tuple(getattr(row, column) for column in COLUMNS) for place, row in printed.items()}


def test_every_amount_keeps_the_precision_it_was_printed_at(report_2020: ImportedReport) -> None:
    """The columns printed in thousands say so, and those in euros say that."""
    snapshot = snapshot_of(report_2020.path, "1.4.–30.6.2020")

    precisions = {
        column: {row[column]["precision_cents"] for unit in snapshot["units"] for row in unit["figures"]}
        for column in COLUMNS
    }

    assert precisions == {column: {precision} for column, precision in PRECISION.items()}


def test_the_per_cent_is_computed_and_not_copied(report_2020: ImportedReport) -> None:
    """Every row's per cent is that of its own budget and actual, whatever the report prints beside them."""
    printed = printed_rows(report_2020.text)
    snapshot = snapshot_of(report_2020.path, "1.4.–30.6.2020")

    for (unit, line), row in printed.items():
        expected = _half_up(row.actual, row.budget) if row.budget else None
        assert row_of(snapshot, unit, line)["percent"] == expected


def test_a_label_printed_otherwise_is_kept_beside_the_charts(report_2020: ImportedReport) -> None:
    """`printed_label` stands exactly where the report names a line otherwise than the chart does."""
    printed = printed_rows(report_2020.text)
    snapshot = snapshot_of(report_2020.path, "1.4.–30.6.2020")

    for (unit, line), row in printed.items():
        taken = row_of(snapshot, unit, line)
        same = taken["label"].casefold() == row.label.casefold()
        assert taken.get("printed_label") == (None if same else row.label)
    assert row_of(snapshot, "HYV", "rents_paid")["printed_label"] == "Vuokratulut"


def test_units_stand_under_what_they_are_part_of(report_2020: ImportedReport) -> None:
    """Units come in the order of the document, each area before its units, investments under the sector."""
    snapshot = snapshot_of(report_2020.path, "1.4.–30.6.2020")

    parents = {unit["code"]: unit["parent"] for unit in snapshot["units"]}

    assert parents == {"HYV": None, "HYV-INV": "HYV", **PARENTS}
    assert [code for code in parents if code in UNITS] == UNITS
    assert {code for code in parents if code not in UNITS} == {"HYV", *INVESTMENTS}


def test_the_money_of_every_project_comes_out_again(report_2020: ImportedReport) -> None:
    """Income, expenses and the city's share of all projects are those that the text prints, in its order."""
    projects = snapshot_of(report_2020.path, "1.4.–30.6.2020")["projects"]

    taken = [(p["name"], p["income_cents"], p["expense_cents"], p["city_share_cents"]) for p in projects]

    assert taken == [(p.name, p.income, p.expense, p.city_share) for p in printed_projects(report_2020.text)]


def _half_up(part: int, whole: int) -> str:
    share = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)
    return str(share or abs(share))
