"""The forecast of a report: given by units, added up above them, else computed, and known at a moment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import adopt_budget, post_actual
from heinola_es.handlers.forecasts import give_forecast
from heinola_es.handlers.organisation import move_unit
from heinola_es.handlers.undoing import undo
from projections.snapshot.encoding import as_json, decoded, encoded
from projections.snapshot.model import Cell, Note
from tests.projections.asking import LATER, record, snapshot_taken

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog
    from projections.snapshot.model import FigureRow, Snapshot

HALF = parse_period("2020H1")
UNITS = ("4100", "4160")
SHARES = {2018: (-300_00, -700_00), 2019: (-330_00, -770_00), 2020: (-360_00, 0)}
"""What each unit spends by June, and after: three tenths come by then."""


@pytest.fixture
def spent(store: EventLog) -> EventLog:
    """Give the small city with two units that spend most of their year in autumn, for two years and a half."""
    for unit in UNITS:
        for year, (first, last) in SHARES.items():
            record(store, adopt_budget, unit, "personnel", year, -1_000_00, day=date(year - 1, 12, 1))
            record(store, post_actual, unit, "personnel", parse_period(f"1-6/{year}"), first)
            if last:
                record(store, post_actual, unit, "personnel", parse_period(f"7-12/{year}"), last)
    return store


def row(snapshot: Snapshot, unit: str, line: str) -> FigureRow:
    """Return a row of figures."""
    figures = next(one.figures for one in snapshot.units if one.code == unit)
    return next(one for one in figures if one.line == line)


def forecast(snapshot: Snapshot, unit: str, line: str = "expenses") -> int | None:
    """Return what a cell will end at."""
    cell = row(snapshot, unit, line).cells["forecast"]
    return None if cell is None else cell.cents


def test_without_a_forecast_there_is_no_column(spent: EventLog) -> None:
    """A report has the columns where a forecast was given for its period, or where they are asked for."""
    assert "forecast" not in snapshot_taken(spent, "2020H1").columns
    asked = snapshot_taken(spent, "2020H1", columns=("forecast",))
    assert asked.columns[-1] == "forecast"
    record(spent, give_forecast, "4100", "personnel", HALF, -1_300_00)
    assert snapshot_taken(spent, "2020H1").columns[-2:] == ("forecast", "forecast_deviation")
    assert "forecast" not in snapshot_taken(spent, "2020Q3").columns


def test_what_is_computed_is_by_the_nearest_method(spent: EventLog) -> None:
    """By the share of 2018, 2019 would have been foreseen to the cent: 360 ÷ 0,3."""
    taken = snapshot_taken(spent, "2020H1", forecast_method="nearest")
    assert forecast(taken, "4100") == -1_200_00
    assert row(taken, "4100", "expenses").notes["forecast"] == Note(
        "forecast_by_share_tried", {"error_cents": 0, "years": 1}
    )
    assert forecast(taken, "410") == forecast(taken, "410", "net") == -2_400_00


@pytest.mark.parametrize(
    ("method", "cents"), [("budget", -1_000_00), ("share", -1_200_00), ("last_year", -1_130_00), ("evenly", -720_00)]
)
def test_the_method_can_be_chosen(spent: EventLog, method: str, cents: int) -> None:
    """Every unit is computed by it."""
    taken = snapshot_taken(spent, "2020H1", forecast_method=method)
    assert [forecast(taken, unit) for unit in (*UNITS, "410")] == [cents, cents, 2 * cents]


def test_above_the_units_forecasts_add_up(spent: EventLog) -> None:
    """Where a unit gave none the computed one stands in, and the note says so; better or worse is told in words."""
    record(spent, give_forecast, "4100", "personnel", HALF, -1_300_00, text="Sijaiset")
    taken = snapshot_taken(spent, "2020H1")

    assert forecast(taken, "410") == -1_300_00 - 1_200_00
    sums = row(taken, "410", "expenses").notes
    assert sums["forecast"] == Note("forecast_sum_tried", {"given": 1, "computed": 1, "error_cents": 0})
    assert row(taken, "410", "net").cells["forecast_deviation"] == Cell(-500_00, 1)
    assert sums["forecast_deviation"] == Note("worse_than_budget")
    assert decoded(encoded(taken)) == taken
    assert as_json(taken)["units"][0]["code"] == "HYV"


def test_a_given_sum_line_holds_above_what_is_computed(spent: EventLog) -> None:
    """What a unit said of all its expenses is what counts above it, and not what is computed of their parts."""
    record(spent, give_forecast, "4100", "expenses", HALF, -5_000_00)
    taken = snapshot_taken(spent, "2020H1")
    assert (forecast(taken, "4100"), forecast(taken, "410")) == (-5_000_00, -6_200_00)
    assert row(taken, "4100", "expenses").notes["forecast"] == Note("forecast_given")
    record(spent, give_forecast, "410", "expenses", HALF, -9_000_00)
    assert forecast(snapshot_taken(spent, "2020H1"), "410") == -9_000_00


def test_a_sum_without_a_part_is_none(spent: EventLog) -> None:
    """Where a unit of 2020 is not known, above it nothing is: never the sum of the others."""
    record(spent, post_actual, "4100", "services", parse_period("3/2020"), -5_00)  # 4030 has nothing at all
    record(spent, give_forecast, "4100", "personnel", HALF, -1_300_00)
    taken = snapshot_taken(spent, "2020H1")
    assert forecast(taken, "410") is not None
    assert forecast(taken, "400") is None
    assert forecast(taken, "HYV", "operating_expenses") is None


def test_a_later_one_takes_its_place_and_undo_takes_it_back(spent: EventLog) -> None:
    """Of the same line and day the last holds; as known before it the first does; undone, the first holds again."""
    record(spent, give_forecast, "4100", "personnel", HALF, -1_300_00, now=LATER + timedelta(days=1))
    later = LATER + timedelta(days=2)
    receipt = record(spent, give_forecast, "4100", "personnel", parse_period("2020Q2"), -1_400_00, now=later)
    assert forecast(snapshot_taken(spent, "2020H1"), "4100") == -1_400_00
    assert forecast(snapshot_taken(spent, "2020H1", known_at=later - timedelta(hours=1)), "4100") == -1_300_00
    record(spent, undo, [(receipt.first, receipt.first)], now=later + timedelta(days=1), reason="toinen yksikkö")
    assert forecast(snapshot_taken(spent, "2020H1"), "4100") == -1_300_00


def test_what_was_given_is_told_in_the_organisation_of_the_report(spent: EventLog) -> None:
    """A unit said it of what stood under it then: what moved is taken off it there, and added where it is now."""
    record(spent, give_forecast, "410", "expenses", HALF, -9_000_00)
    record(spent, give_forecast, "400", "expenses", HALF, -500_00)
    record(spent, move_unit, "4160", date(2020, 7, 1), "400")
    assert [forecast(snapshot_taken(spent, "2020H1"), unit) for unit in ("410", "400")] == [-9_000_00, -500_00]
    moved = snapshot_taken(spent, "2020H1", structure=date(2020, 12, 31))
    assert forecast(moved, "4160") == -1_200_00
    assert [forecast(moved, unit) for unit in ("410", "400")] == [-7_800_00, -1_700_00]
    assert row(moved, "410", "expenses").notes["forecast"] == Note(
        "forecast_sum_tried", {"given": 1, "computed": 1, "error_cents": 0}
    )
    record(
        spent, move_unit, "410", date(2020, 8, 1), "4160"
    )  # what is to be taken off it stands above it: nobody knows
    assert forecast(snapshot_taken(spent, "2020H1", structure=date(2020, 12, 31)), "410") is None
