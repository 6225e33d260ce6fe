"""The columns that are asked for: each follows from others, in every cell or not at all, and in every output.

`HEINOLA_COLUMN_EXAMPLES=500` tries more of each.
"""

from __future__ import annotations

import os
from csv import DictReader
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.figures import BudgetAmended
from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_period
from heinola_es.handlers import coverage, figures
from projections.snapshot.columns import COLUMNS, SETS
from tests.projections.asking import snapshot_of
from tests.projections.test_whole_values import (
    BOOKS,
    CENTS,
    DAY,
    LINE,
    SHARED,
    UNIT,
    YEAR,
    Command,
    _commands,
    cities,
    living,
)
from tests.servers import MEMORY
from tests.specification import events_in
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.log import EventLog

EXAMPLES = int(os.environ.get("HEINOLA_COLUMN_EXAMPLES", "15"))
ASKED = ("original_budget", "amendments", "quarter", "deviation", "change", "change_percent")
STRUCTURE = date(2020, 6, 30)
tried = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
BUDGETS = (
    _commands(figures.adopt_budget, UNIT, LINE, YEAR, CENTS, day=DAY, contra=True),
    _commands(figures.amend_budget, UNIT, LINE, YEAR, CENTS, day=DAY, also=True),
    _commands(coverage.complete_books, st.just(parse_period("2020")), UNIT, measure="budget"),
)


def rows(log: EventLog, period: str, *columns: str) -> Iterator[tuple[tuple[str, str], dict[str, Any]]]:
    """Yield the rows of a snapshot with all lines, by unit and line."""
    found = snapshot_of(log, period, columns=columns, structure=STRUCTURE, all_lines=True)
    for unit in found["units"]:
        for row in unit["figures"]:
            yield (unit["code"], row["line"]), row


def cents(row: dict[str, Any], name: str) -> int | None:
    """Return an amount of a row."""
    return None if row[name] is None else row[name]["cents"]


def less(row: dict[str, Any], whole: str, part: str) -> int | None:
    """Return one amount without another; None where one of them is not known."""
    first, second = cents(row, whole), cents(row, part)
    return None if first is None or second is None else first - second


@tried
@given(city=cities(), history=st.lists(st.one_of(*SHARED), max_size=20))
def test_columns_follow_from_each_other(city: Any, history: list[Command]) -> None:  # noqa: ANN401
    """Original + amendments is the budget, the quarter is the year so far without the one before, and so on."""
    with TemporaryDirectory(dir=MEMORY) as here, living(Path(here) / "city.db", city, history) as log:
        earlier = {cell: cents(row, "actual") for cell, row in rows(log, "2020Q1")}
        for cell, row in rows(log, "2020Q2", *ASKED):
            assert cents(row, "original_budget") == less(row, "budget", "amendments"), cell
            assert cents(row, "deviation") == less(row, "actual", "budget"), cell
            assert cents(row, "change") == less(row, "actual", "prior_actual"), cell
            now, before = cents(row, "actual"), earlier.get(cell)
            if cell in earlier:
                assert cents(row, "quarter") == (None if now is None or before is None else now - before), cell
            assert row["change_percent"] == share(cents(row, "change"), cents(row, "prior_actual")), cell
        for cell, row in rows(log, "2020Q1", "quarter"):
            assert cents(row, "quarter") == cents(row, "actual"), cell


def share(part: int | None, whole: int | None) -> str | None:
    """Return how many per cent one amount is of another, half up to two decimals."""
    if part is None or not whole:
        return None
    percent = Decimal(part * 100) / Decimal(whole)
    return str(percent.quantize(Decimal("0.01"), ROUND_HALF_UP))


@tried
@given(city=cities(), history=st.lists(st.one_of(*BUDGETS), max_size=20))
def test_amendments_are_the_decisions_that_changed_a_budget(city: Any, history: list[Command]) -> None:  # noqa: ANN401
    """Where they are known: those of the unit and all below it, on the line and all below it, by the period's end."""
    chart, parents = load_chart(), {code: parent for code, _kind, parent, _first in city}

    def is_below(unit: str, top: str) -> bool:
        return unit == top or (parents[unit] is not None and is_below(str(parents[unit]), top))

    with TemporaryDirectory(dir=MEMORY) as here, living(Path(here) / "city.db", city, history) as log:
        decided = [
            event
            for event in events_in(log)
            if isinstance(event, BudgetAmended) and event.fiscal_year == 2020 and event.effective.end <= STRUCTURE
        ]
        for (unit, line), row in rows(log, "2020Q2", "amendments"):
            if row["amendments"] is not None:
                expected = sum(
                    event.amount_cents
                    for event in decided
                    if is_below(event.unit, unit) and event.line in chart.at_or_below(line)
                )
                assert cents(row, "amendments") == expected, (unit, line)
    assert BOOKS


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store, on either database, with a budget that was amended."""
    terminal = Terminal(store.location)
    for line in (
        "record budget 4160 personnel 2020 -100 000 --on 1.1.2020",
        "record amendment 4160 personnel 2020 -5 000 --on 15.5.2020",
        "record actual 4160 personnel 1-3/2020 -20 000",
        "record actual 4160 personnel 4-6/2020 -27 000",
        "record actual 4160 personnel 1-6/2019 -40 000",
        "record complete 2020H1 --unit 4160",
        "record complete 2019 --unit 4160",
    ):
        terminal.done(line)
    return terminal


ALL = ",".join(("default", *ASKED))
SHOWN = {
    "original_budget": -100_000_00,
    "amendments": -5_000_00,
    "budget": -105_000_00,
    "quarter": -27_000_00,
    "actual": -47_000_00,
    "deviation": 58_000_00,
    "change": -7_000_00,
}


def test_each_column_is_in_the_data(terminal: Terminal) -> None:
    """In JSON as further fields, in CSV as further columns; explained down to the events."""
    told = orjson.loads(terminal.done(f"snapshot 2020Q2 --unit 4160 --columns {ALL} --format json"))
    (row,) = [row for row in told["units"][0]["figures"] if row["line"] == "expenses"]
    assert {name: cents(row, name) for name in SHOWN} == SHOWN
    assert row["change_percent"] == "17.50"
    (line,) = [
        line
        for line in DictReader(terminal.done(f"snapshot 2020Q2 --unit 4160 --columns {ALL} --format csv").splitlines())
        if line["line"] == "expenses"
    ]
    assert {name: round(float(line[f"{name}_eur"]) * 100) for name in SHOWN} == SHOWN
    for name, amount in SHOWN.items():
        tree = orjson.loads(terminal.done(f"audit explain 4160 expenses 2020Q2 --column {name} --format json"))
        assert tree["cents"] == amount, name


def test_what_is_not_asked_for_is_not_there(terminal: Terminal) -> None:
    """The data of a report are those of before; the columns of its tables are those that were asked for."""
    row = orjson.loads(terminal.done("snapshot 2020Q2 --unit 4160 --format json"))["units"][0]["figures"][0]
    assert not {*ASKED, "actual_before"} & row.keys()
    page = terminal.done("snapshot 2020Q2 --unit 4160 --columns deviation,budget")
    assert "Poikkeama" in page
    assert page.index("Poikkeama") < page.index("+ muutokset")
    assert "TP 2019" not in page


@pytest.mark.parametrize("form", ["md", "html"])
def test_a_report_has_the_columns_that_are_asked_for(terminal: Terminal, form: str) -> None:
    """In its tables, of the years that are asked for, and of a set by its name."""
    told = terminal.done(f"report 2020Q2 --columns council --years 2 --lang en --format {form} -o -")
    for title in ("Original", "Changes", "Deviation"):
        assert title in told
    assert "Accounts 2019" not in told
    with_years = terminal.done(f"report 2020Q2 --years 3 --lang en --format {form} -o -").replace("\u00a0", " ")
    assert all(f"Accounts {year}" in with_years for year in (2017, 2018, 2019))


def test_a_theme_has_sets_of_columns(terminal: Terminal, tmp_path: Path) -> None:
    """By a name of the city's own, of columns and of sets that there are."""
    theme = tmp_path / "theme.toml"
    theme.write_text('[columns]\nvaltuusto = ["default", "deviation"]\n', "utf-8")
    asked = f"snapshot 2020Q2 --unit 4160 --theme {theme} --columns"
    assert "Poikkeama" in terminal.done(f"{asked} valtuusto")
    assert "there is no column 'lautakunta'" in terminal.refused(f"{asked} lautakunta", code=2)
    theme.write_text('[columns]\nvaltuusto = ["deviatoin"]\n', "utf-8")
    said = terminal.run(f"{asked} valtuusto")
    assert said.exit_code == 2
    assert "columns.valtuusto cannot be: there is no column 'deviatoin'; did you mean deviation?" in said.stderr


def test_a_column_that_there_is_none_of_is_told(terminal: Terminal) -> None:
    """With those that there are; what others are worked out from is none by itself, nor is a per cent explained."""
    said = terminal.refused("snapshot 2020Q2 --columns poikkeama", code=2)
    assert all(column.name in said for column in COLUMNS)
    assert all(name in said for name in SETS)
    assert "there is no column" in terminal.refused("snapshot 2020Q2 --columns actual_before", code=2)
    assert "no amount that can be explained" in terminal.refused(
        "audit explain 4160 net 2020Q2 --column percent", code=2
    )
    assert "leave out" in terminal.refused("report 2020Q2 --published --columns deviation", code=2)
