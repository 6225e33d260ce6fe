"""The snapshot: its format, its order, its scope, and that the same question always gets the same bytes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import adopt_budget, amend_budget, post_actual, state_figure
from heinola_es.handlers.organisation import close_unit, establish_unit, merge_unit, move_unit
from projections.snapshot.columns import default_amounts
from tests.city import CITY, RESPONSIBLE, UNITS
from tests.projections.asking import (
    LATER,
    canonical,
    cells,
    cents,
    changes,
    complete,
    copy_of_log,
    partial_of,
    record,
    row_of,
    snapshot_of,
    unit_of,
)
from tests.projections.histories import HISTORIES, Given, live_through, living_city, segments_of
from tests.projections.schema import require_schema
from tests.specification import events_in

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog
    from tests.projections.conftest import ImportedReport

ROOT = Path(__file__).parents[2]

# ---------------------------------------------------------------- format


def test_the_report_is_of_the_format(report_2020: ImportedReport) -> None:
    """Every field is there with its type, and no field that is not documented."""
    require_schema(snapshot_of(report_2020.path, "1.4.–30.6.2020"))


@settings(max_examples=30)
@given(
    history=HISTORIES,
    period=st.sampled_from(["2020Q2", "15.6.2020", "2019", "2020T2"]),
    query=st.sampled_from([{}, {"known_at": LATER}, {"structure": date(2019, 1, 1)}, {"years": 4}]),
)
def test_any_history_gives_a_snapshot_of_the_format(
    founded: Path, history: list[Given], period: str, query: dict[str, Any]
) -> None:
    """Whatever happened in the city, and however it is asked for."""
    with living_city(founded) as log:
        live_through(log, history)
        require_schema(snapshot_of(log, period, **query))


def test_the_head_says_what_was_asked(store: EventLog) -> None:
    """City, period, cumulative months, moment, structure and position stand at the top, and no clock beside them."""
    snapshot = snapshot_of(store, "1.4.–30.6.2020")

    head = {name: value for name, value in snapshot.items() if not isinstance(value, list)}

    assert head == {
        "schema": "heinola/snapshot/1",
        "city": CITY,
        "period": {"start": "2020-04-01", "end": "2020-06-30", "label": "1.4.–30.6.2020"},
        "cumulative": {"start": "2020-01-01", "end": "2020-06-30", "months": 6},
        "known_at": None,
        "structure": "2020-06-30",
        "position": 1 + len(UNITS) + len(RESPONSIBLE),
    }


@pytest.mark.parametrize(
    ("asked", "start", "end", "months"),
    [
        ("2020T2", "2020-05-01", "2020-08-31", 8),
        ("6/2020", "2020-06-01", "2020-06-30", 6),
        ("2020", "2020-01-01", "2020-12-31", 12),
        ("15.6.2020", "2020-01-01", "2020-06-15", 6),
    ],
)
def test_figures_are_cumulative_from_january(store: EventLog, asked: str, start: str, end: str, months: int) -> None:
    """Whatever the period, its figures run from 1 January to its end; a single date is the year up to it."""
    snapshot = snapshot_of(store, asked)

    assert (snapshot["period"]["start"], snapshot["period"]["end"]) == (start, end)
    assert snapshot["cumulative"] == {"start": "2020-01-01", "end": end, "months": months}


# ---------------------------------------------------------------- determinism


@pytest.mark.in_a_file
def test_the_same_question_gets_the_same_bytes(sample: ImportedReport, tmp_path: Path) -> None:
    """Asked twice, from a copy elsewhere, and from a log replayed word for word into a new store."""
    from heinola_es.store.log import EventLog

    elsewhere = tmp_path / "toinen kone" / "kopio.db"
    elsewhere.parent.mkdir()
    shutil.copyfile(sample.path, elsewhere)
    with EventLog.open(str(sample.path)) as log:
        replayed = copy_of_log(events_in(log), tmp_path / "replayed.db")

    first = canonical(snapshot_of(sample.path, "2020Q2", years=3))

    assert canonical(snapshot_of(sample.path, "2020Q2", years=3)) == first
    assert canonical(snapshot_of(elsewhere, "2020Q2", years=3)) == first
    assert canonical(snapshot_of(replayed, "2020Q2", years=3)) == first


def test_nothing_of_the_machine_gets_into_the_bytes(sample: ImportedReport) -> None:
    """Not the order of sets, the time zone, the language nor the day: only the log and the question."""
    here = canonical(snapshot_of(sample.path, "2020Q2"))

    for seed, zone, language in (("1", "Pacific/Kiritimati", "C"), ("2", "America/Adak", "fi_FI.UTF-8")):
        there = subprocess.run(
            [sys.executable, "-c", _SNAPSHOT_ELSEWHERE, str(sample.path)],
            check=True,
            capture_output=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": language},
        )
        assert there.stdout == here


_SNAPSHOT_ELSEWHERE = """
import sys
from tests.projections.asking import canonical, snapshot_of

sys.stdout.buffer.write(canonical(snapshot_of(sys.argv[1], "2020Q2")))
"""


@settings(max_examples=15)
@given(history=HISTORIES, segment=st.sampled_from([1, 4, 50_000]))
def test_a_snapshot_at_a_position_is_that_of_the_log_cut_there(
    founded: Path, history: list[Given], segment: int
) -> None:
    """A published snapshot can be taken again from the position it rested on, whatever was recorded since."""
    with segments_of(segment), living_city(founded) as log, TemporaryDirectory() as folder:
        live_through(log, history)
        events = events_in(log)
        position = 1 + len(UNITS) + (len(events) - 1 - len(UNITS)) // 2
        cut = copy_of_log(events[:position], Path(folder, "cut.db"))

        again = snapshot_of(log, "2020Q2", position=position)

        assert again["position"] == position
        assert canonical(again) == canonical(snapshot_of(cut, "2020Q2"))


# ---------------------------------------------------------------- order


def test_units_come_depth_first(store: EventLog) -> None:
    """Each unit is followed by all that stands under it, siblings in the order they were established."""
    record(store, establish_unit, "4010", date(2018, 1, 1), name="Uusi", kind="unit", parent="400")

    codes = [unit["code"] for unit in snapshot_of(store, "2020Q2")["units"]]

    assert codes == ["HYV", "400", "4000", "4030", "4010", "410", "4100", "4160", "HYV-INV", "INV-RAK", "INV-1"]


def test_units_have_their_names_places_and_persons(store: EventLog) -> None:
    """Name, kind, parent and role are as recorded; nobody answers for a unit that none was named for."""
    units = snapshot_of(store, "2020Q2")["units"]

    assert [(u["code"], u["name"], u["kind"], u["parent"]) for u in units] == list(UNITS)
    assert {u["code"]: u["responsible"] for u in units if u["responsible"]} == RESPONSIBLE


def test_figures_come_in_the_order_of_their_layout(store: EventLog) -> None:
    """A sector has its income statement, areas and units their summary, investments theirs."""
    chart = load_chart()
    for unit in snapshot_of(store, "2020Q2")["units"]:
        layout = chart.layout_of(unit["kind"])
        rows = [line for line in layout.rows if line not in layout.only_when_known]
        assert [row["line"] for row in unit["figures"]] == rows
        assert [row["label"] for row in unit["figures"]] == [chart.lines[line].labels["fi"] for line in rows]


def test_a_row_shown_only_when_known_comes_with_its_first_amount(store: EventLog) -> None:
    """Own production is no row of most reports; once something is known of it, it stands in its place."""
    before = [row["line"] for row in unit_of(snapshot_of(store, "2020Q2"), "HYV")["figures"]]
    record(store, post_actual, "4100", "own_production", parse_period("6/2020"), 100)

    after = [row["line"] for row in unit_of(snapshot_of(store, "2020Q2"), "HYV")["figures"]]

    assert "own_production" not in before
    assert after[after.index("own_production") - 1 :][:3] == ["operating_income", "own_production", "personnel"]
    assert [line for line in after if line != "own_production"] == before


# ---------------------------------------------------------------- scope


def test_a_unit_is_shown_with_all_below_it(sample: ImportedReport) -> None:
    """`--unit` leaves out other units; what it shows is the same as in the whole report."""
    whole = snapshot_of(sample.path, "2020Q2")

    area = snapshot_of(sample.path, "2020Q2", unit="410")

    assert [unit["code"] for unit in area["units"]] == ["410", "4100", "4160", "4170"]
    assert all(unit == unit_of(whole, unit["code"]) for unit in area["units"])
    assert area["projects"] == [p for p in whole["projects"] if p["unit"] in {"410", "4100", "4160", "4170"}]
    assert area["projects"]


def test_a_sector_is_shown_with_its_investments(sample: ImportedReport) -> None:
    """They are a book of their own, but stand in the sector's report."""
    whole = snapshot_of(sample.path, "2020Q2")

    assert snapshot_of(sample.path, "2020Q2", unit="HYV")["units"] == whole["units"]


def test_an_unknown_unit_is_refused_with_the_nearest(store: EventLog) -> None:
    """The sentence names what was probably meant; a unit of another time is told from one that never was."""
    record(store, establish_unit, "4180", date(2021, 1, 1), name="Uusi", kind="unit", parent="410")

    with pytest.raises(BadInput, match=r"unknown unit '4161'; did you mean 4160\?"):
        snapshot_of(store, "2020Q2", unit="4161")
    with pytest.raises(BadInput, match=r"unit 4180 did not exist, or was not known, on 30\.6\.2020"):
        snapshot_of(store, "2020Q2", unit="4180")


def test_a_unit_that_has_ended_still_counts(store: EventLog) -> None:
    """What it did before it was closed is part of the year; once merged it stands under its successor."""
    record(store, post_actual, "4160", "income", parse_period("2/2020"), 100)
    record(store, close_unit, "4000", date(2020, 3, 31))
    record(store, merge_unit, "4160", date(2020, 3, 31), "4030")
    complete(store, "1-6/2020")

    snapshot = snapshot_of(store, "2020Q2")

    assert unit_of(snapshot, "4160")["parent"] == "4030"
    assert unit_of(snapshot, "4000")["parent"] == "400"
    assert cents(snapshot, "400", "income") == cents(snapshot, "HYV", "operating_income") == 100
    assert cents(snapshot_of(store, "2020Q1"), "410", "income") == 100


# ---------------------------------------------------------------- structure and years


def test_the_organisation_is_that_of_the_periods_end(store: EventLog) -> None:
    """A unit that moved on 1.7. is under its old area in the second quarter, whole, and under the new in the third."""
    _post_both_years(store)
    record(store, move_unit, "4100", date(2020, 7, 1), "400")

    second, third = snapshot_of(store, "2020Q2"), snapshot_of(store, "2020Q3")

    assert (cents(second, "400", "income"), cents(second, "410", "income")) == (0, 20)
    assert (cents(third, "400", "income"), cents(third, "410", "income")) == (20, 0)
    assert cents(second, "HYV", "operating_income") == cents(third, "HYV", "operating_income") == 20


def test_structure_compares_all_years_in_one_organisation(store: EventLog) -> None:
    """With `--structure` every column is evaluated as the units stand on that day, prior years too."""
    _post_both_years(store)
    record(store, move_unit, "4100", date(2021, 1, 1), "400")

    snapshot = snapshot_of(store, "2020Q2", structure=date(2021, 1, 1))

    assert snapshot["structure"] == "2021-01-01"
    assert unit_of(snapshot, "4100")["parent"] == "400"
    row = row_of(snapshot, "400", "income")
    assert [row[column]["cents"] for column in default_amounts()] == [19, 19, 2_000, 20]
    assert all(row_of(snapshot, "410", "income")[column]["cents"] == 0 for column in default_amounts())


def test_structure_of_the_periods_end_changes_nothing(sample: ImportedReport) -> None:
    """It is what is taken where no day is named."""
    named = snapshot_of(sample.path, "2020Q2", structure=date(2020, 6, 30))

    assert canonical(named) == canonical(snapshot_of(sample.path, "2020Q2"))


def test_years_add_prior_years_to_every_row(store: EventLog) -> None:
    """`--years 3` shows the two years before the last beside each row, whole and over the same months."""
    for year in (2016, 2017, 2018, 2019):
        record(store, post_actual, "4100", "income", parse_period(f"3/{year}"), year)
        record(store, post_actual, "4100", "income", parse_period(f"11/{year}"), 10_000)
        complete(store, f"{year}")

    row = row_of(snapshot_of(store, "2020Q2", years=3), "4100", "income")

    assert row["prior_years"] == [
        {"year": year, "final_accounts": _exactly(year + 10_000), "prior_actual": _exactly(year)}
        for year in (2018, 2017)
    ]
    assert "prior_years" not in row_of(snapshot_of(store, "2020Q2"), "4100", "income")


def test_years_that_nobody_stated_are_null(sample: ImportedReport) -> None:
    """The report of 2020 says nothing of 2018."""
    row = row_of(snapshot_of(sample.path, "2020Q2", years=2), "4100", "income")

    assert row["prior_years"] == [{"year": 2018, "final_accounts": None, "prior_actual": None}]


def test_final_accounts_are_the_actual_of_the_whole_year(store: EventLog) -> None:
    """TP 2019 in the report of 2020 is TOT of the report on all of 2019."""
    _post_both_years(store)

    whole_year = snapshot_of(store, "2019")

    after = snapshot_of(store, "2020Q2")
    for unit, line, column in cells(after):
        if column == "final_accounts":
            assert cents(after, unit, line, "final_accounts") == cents(whole_year, unit, line)
    assert cents(after, "410", "income", "final_accounts") == 19


# ---------------------------------------------------------------- investments and units to themselves


def test_investments_never_add_into_the_sector(store: EventLog) -> None:
    """A posting on an item moves its area and its programme; not a cell of the sector."""
    complete(store, "2020")
    record(store, adopt_budget, "INV-1", "expenses", 2020, 0, day=date(2019, 12, 1))
    complete(store, "2020", measure="budget")
    before = snapshot_of(store, "2020Q2")

    record(store, post_actual, "INV-1", "expenses", parse_period("6/2020"), -500)
    record(store, amend_budget, "INV-1", "expenses", 2020, -1_000, day=date(2020, 1, 15))

    after = snapshot_of(store, "2020Q2")
    rows = [(unit, line) for unit in ("INV-1", "INV-RAK", "HYV-INV") for line in ("expenses", "net")]
    assert changes(before, after) == {
        **{(unit, line, "actual"): -500 for unit, line in rows},
        **{(unit, line, "budget"): -1_000 for unit, line in rows},
    }
    assert row_of(after, "HYV-INV", "net")["percent"] == "50.00"


def test_a_statement_moves_nothing_below_it(store: EventLog) -> None:
    """What an area states is no statement of its units: they stay unknown; the sector knows a part."""
    record(store, state_figure, "410", "income", parse_period("1-6/2020"), "actual", 100)

    known = {cell: amount for cell, amount in cells(snapshot_of(store, "2020Q2")).items() if amount is not None}

    assert known == {("410", "income", "actual"): 100}
    assert partial_of(store, "2020Q2", "HYV", "income") == (100, None, ("4000", "4030"), ())
    assert "income" not in [row["line"] for row in unit_of(snapshot_of(store, "2020Q1"), "HYV")["figures"]]


def _post_both_years(log: EventLog) -> None:
    record(log, post_actual, "4100", "income", parse_period("3/2019"), 19)
    record(log, post_actual, "4100", "income", parse_period("3/2020"), 20)
    record(log, adopt_budget, "4100", "income", 2020, 2_000, day=date(2019, 12, 1))
    complete(log, "2019", "2020")
    complete(log, "2020", measure="budget")


def _exactly(amount: int) -> dict[str, int]:
    return {"cents": amount, "precision_cents": 1}
