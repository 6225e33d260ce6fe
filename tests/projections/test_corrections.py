"""What one correction, or one posting after the report, moves: exactly what it should, and nothing else."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import correct_actual, correct_actual_to, post_actual, state_figure
from tests.projections.asking import (
    canonical,
    cells,
    cents,
    changes,
    complete,
    findings,
    partial_of,
    places,
    record,
    row_of,
    snapshot_of,
    unit_of,
)

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog
    from tests.projections.asking import Snapshot

JUNE = parse_period("6/2020")
JULY = parse_period("7/2020")

ABOVE = {
    ("4100", "income"),
    ("4100", "net"),
    ("410", "income"),
    ("410", "net"),
    ("HYV", "operating_income"),
    ("HYV", "operating_margin"),
    ("HYV", "annual_margin"),
    ("HYV", "result"),
}
"""Every row of the report that the income of 4100 is a part of."""


def test_a_correction_raises_every_total_above_it_and_nothing_else(sample_log: EventLog) -> None:
    """1 000 € more income of 4100 are 1 000 € more in 4100, 410, the sector's income, margins, result, every net."""
    before = snapshot_of(sample_log, "2020Q2")

    _correct_june(sample_log)

    after = snapshot_of(sample_log, "2020Q2")
    assert changes(before, after) == {(unit, line, "actual"): 100_000 for unit, line in ABOVE}
    assert _without_moved_rows(after) == _without_moved_rows(before)
    assert cents(after, "4100", "income") == 75_137_500


def test_a_correction_makes_no_new_difference(sample_log: EventLog) -> None:
    """All routes to a total take the correction in, so the findings are those of before, by the same amounts."""
    before = snapshot_of(sample_log, "2020Q2")

    _correct_june(sample_log)

    after = snapshot_of(sample_log, "2020Q2")
    assert places(findings(after)) == places(findings(before))
    assert _differences(after) == _differences(before)


def test_a_corrected_total_is_as_precise_as_it_was_stated(sample_log: EventLog) -> None:
    """An exact correction does not make exact what was stated to the euro."""
    _correct_june(sample_log)

    snapshot = snapshot_of(sample_log, "2020Q2")

    assert row_of(snapshot, "4100", "income")["actual"] == {"cents": 75_137_500, "precision_cents": 100}


def test_the_per_cent_follows_the_correction(sample_log: EventLog) -> None:
    """751 375 € of 634 700 € are 118,38 %."""
    _correct_june(sample_log)

    assert row_of(snapshot_of(sample_log, "2020Q2"), "4100", "income")["percent"] == "118.38"


def test_a_correction_counts_in_every_later_report_of_the_year(sample_log: EventLog) -> None:
    """It belongs to June: reports up to June and beyond have it, a report that ends before June does not."""
    _correct_june(sample_log)
    complete(sample_log, "7-9/2020")

    assert cents(snapshot_of(sample_log, "2020Q3"), "4100", "income") == 75_137_500
    assert cents(snapshot_of(sample_log, "31.5.2020"), "4100", "income") is None


def test_a_correction_can_be_told_by_the_total_it_should_be(sample_log: EventLog) -> None:
    """`--to` records the difference: afterwards the snapshot shows just that total."""
    record(
        sample_log,
        correct_actual_to,
        "4100",
        "income",
        parse_period("1-6/2020"),
        80_000_000,
        reason="tarkistuslaskenta",
    )

    assert cents(snapshot_of(sample_log, "2020Q2"), "4100", "income") == 80_000_000


def test_a_correction_can_be_corrected_back(sample_log: EventLog) -> None:
    """The opposite correction leaves all cells as they were, and both stay in the log."""
    before = snapshot_of(sample_log, "2020Q2")

    _correct_june(sample_log)
    record(sample_log, correct_actual, "4100", "income", JUNE, -100_000, reason="oli jo mukana")

    after = snapshot_of(sample_log, "2020Q2")
    assert cells(after) == cells(before)
    assert after["position"] == before["position"] + 2


def test_a_posting_of_july_is_in_the_third_quarter_and_not_in_the_second(sample_log: EventLog) -> None:
    """The statement for January–June says nothing about July, so the posting is free to be made, and shows there."""
    complete(sample_log, "7-9/2020")
    second, third = snapshot_of(sample_log, "2020Q2"), snapshot_of(sample_log, "1.7.–30.9.2020")

    record(sample_log, post_actual, "4100", "income", JULY, 100_000)

    now = snapshot_of(sample_log, "2020Q2")
    assert canonical(now | {"position": 0}) == canonical(second | {"position": 0})
    moved = changes(third, snapshot_of(sample_log, "1.7.–30.9.2020"))
    assert moved == {(unit, line, "actual"): 100_000 for unit, line in ABOVE}
    assert cents(now, "4100", "income") == 75_037_500


def test_the_third_quarter_compares_where_it_can(sample_log: EventLog) -> None:
    """Final accounts are of the whole year before and show; nine months of it nobody stated, so they are null."""
    second, third = snapshot_of(sample_log, "2020Q2"), snapshot_of(sample_log, "2020Q3")

    assert {unit["code"] for unit in third["units"]} == {unit["code"] for unit in second["units"]}
    for unit, line, column in cells(second):
        row = row_of(third, unit, line)
        if column in {"final_accounts", "budget"}:
            assert row[column] == row_of(second, unit, line)[column]
        else:
            assert row[column] is None
            assert row["percent"] is None


def test_an_unknown_cell_says_why(sample_log: EventLog) -> None:
    """A null is never silent: the note names the period that nobody stated, and the one that somebody did."""
    row = row_of(snapshot_of(sample_log, "2020Q3"), "4100", "income")

    assert row["notes"] == {
        "prior_actual": "known through 30.6.2019",
        "actual": "known through 30.6.2020",
    }
    assert partial_of(sample_log, "2020Q3", "4100", "income") == (75_037_500, date(2020, 6, 30), ("4100",), ())
    assert row_of(snapshot_of(sample_log, "2020Q1"), "4100", "income")["notes"]["actual"] == (
        "nobody stated or posted it for 1.1.–31.3.2020; stated for 1.1.–30.6.2020"
    )


def test_what_was_posted_after_a_stated_half_year_is_added_to_it(sample_log: EventLog) -> None:
    """Through July it is whole; through September a note says how far it is known."""
    record(sample_log, post_actual, "4100", "income", JULY, 100_000)

    row = row_of(snapshot_of(sample_log, "2020Q3"), "4100", "income")

    assert cents(snapshot_of(sample_log, "1-7/2020"), "4100", "income") == 75_137_500
    assert row["actual"] is None
    assert row["percent"] is None
    assert row["notes"]["actual"] == "known through 31.7.2020"
    assert partial_of(sample_log, "2020Q3", "4100", "income") == (75_137_500, date(2020, 7, 31), ("4100",), ())


def test_one_unit_of_two_is_not_the_area(store: EventLog) -> None:
    """The area's half year was stated, and one unit's nine months: the area is known through June."""
    record(store, state_figure, "410", "income", parse_period("1-6/2020"), "actual", 60)
    record(store, state_figure, "4100", "income", parse_period("1-9/2020"), "actual", 90)

    row = row_of(snapshot_of(store, "2020Q3"), "410", "income")

    assert row["actual"] is None
    assert row["notes"]["actual"] == "known through 30.6.2020; 2 units are missing"
    assert partial_of(store, "2020Q3", "410", "income") == (60, date(2020, 6, 30), ("4100", "4160"), ())


def test_a_known_cell_needs_no_note(sample_log: EventLog) -> None:
    """In the report's own period everything is stated, and there is nothing to note."""
    snapshot = snapshot_of(sample_log, "2020Q2")

    assert all("notes" not in row for unit in snapshot["units"] for row in unit["figures"])


def test_investments_are_a_book_of_their_own(sample_log: EventLog) -> None:
    """What moves in an investment moves the area and the programme, and nothing of the sector."""
    before = snapshot_of(sample_log, "2020Q2")

    record(sample_log, correct_actual, "847-2", "expenses", JUNE, -50_000, reason="loppulasku")

    after = snapshot_of(sample_log, "2020Q2")
    assert changes(before, after) == {
        (unit, line, "actual"): -50_000 for unit in ("847-2", "847", "HYV-INV") for line in ("expenses", "net")
    }
    assert unit_of(after, "HYV") == unit_of(before, "HYV")


def _correct_june(log: EventLog) -> None:
    record(log, correct_actual, "4100", "income", JUNE, 100_000, reason="unohtunut lasku")


def _without_moved_rows(snapshot: Snapshot) -> list[object]:
    """Return everything that the correction has no business with."""
    rest = [[row for row in unit["figures"] if (unit["code"], row["line"]) not in ABOVE] for unit in snapshot["units"]]
    words = [{**unit, "figures": None} for unit in snapshot["units"]]
    return [rest, words, snapshot["projects"], snapshot["unplaced"], snapshot["period"]]


def _differences(snapshot: Snapshot) -> list[tuple[str, str, int]]:
    return [
        (f["unit"], f["line"], f["stated"] - f["computed"])
        for f in findings(snapshot)
        if f["column"] not in {"percent", "projects"}
    ]
