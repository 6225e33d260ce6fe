"""Ledgers into the log: by the rules that hold for figures entered by hand, whole or not at all."""

from __future__ import annotations

import csv
from collections import defaultdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generate_ledger import generate
from events.figures import ActualCorrected, ActualPosted, BudgetAdopted, BudgetAmended, FigureStated
from events.imports import FileImported
from events.organisation import UnitEstablished
from events.period import Period
from heinola_es.domain.chart import load_chart
from heinola_es.store.log import EventLog
from tests.city import CITY
from tests.heinola_es.importing.ledger.ledgers import ACCOUNT, ACTUAL, MONTH, PLAIN, UNITS, lined, rows, written
from tests.projections.asking import snapshot_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from events.base import Event

BUDGET = PLAIN.replace('is = "actual"', 'is = "budget"')
STATEMENT = PLAIN.replace('is = "actual"', 'is = "actual"\nas = "statement"')


@pytest.fixture
def terminal(store: EventLog, tmp_path: Path) -> Terminal:
    """Give a terminal in front of the small city's store, whose units stand where the plain ledger has them."""
    written(tmp_path, PLAIN, "plain.toml")
    written(tmp_path, BUDGET, "budget.toml")
    written(tmp_path, STATEMENT, "statement.toml")
    return Terminal(store.path)


def imported(
    terminal: Terminal, text: str, *options: str, mapping: str = "plain.toml", name: str = "a.csv"
) -> list[Event]:
    """Import a ledger that must be taken, and return the events it added but the last, which says so."""
    before = len(terminal.events())
    result = attempt(terminal, text, *options, mapping=mapping, name=name)
    assert result[0] == 0, result[1]
    *added, last = terminal.events()[before:]
    assert isinstance(last, FileImported)
    return added


def refused(terminal: Terminal, text: str, *options: str, mapping: str = "plain.toml", code: int = 1) -> list[str]:
    """Import a ledger that must be refused with this code, and return the problems; nothing was recorded."""
    before = terminal.events()
    exit_code, problems = attempt(terminal, text, *options, mapping=mapping)
    assert exit_code == code
    assert terminal.events() == before
    return problems


def attempt(
    terminal: Terminal, text: str, *options: str, mapping: str = "plain.toml", name: str = "a.csv"
) -> tuple[int, list[str]]:
    """Import a ledger; return the exit code and what was said on the standard error but the last sentence."""
    folder = terminal.store.parent
    file = written(folder, text, name)
    result = terminal.run(" ".join(["import figures", str(file), "--mapping", str(folder / mapping), *options]))
    return result.exit_code, [line.strip() for line in result.stderr.splitlines() if not line.startswith("heinola: ")]


# ---------------------------------------------------------------- what is recorded


def test_new_units_may_be_older_than_the_file(terminal: Terminal) -> None:
    """The budget of 2021 comes first, the ledger of 2020 after it: the units are there from the day that is said."""
    budget = rows("HYV;410;4200;Kirjasto;4000;2021;-5")
    imported(terminal, budget, "--units-since 1.1.2019", mapping="budget.toml")
    (unit,) = (event for event in terminal.events() if isinstance(event, UnitEstablished) and event.code == "4200")
    assert str(unit.effective.start) == "2019-01-01"
    imported(terminal, rows("HYV;410;4200;Kirjasto;4000;6/2020;-1"), name="b.csv")
    late = rows("HYV;410;4300;Museo;4000;6/2020;-1")
    (said,) = refused(terminal, late, "--units-since 1.1.2021")
    assert "unit 4300 exists only from 1.1.2021" in said


def test_postings_say_all_that_the_file_says(terminal: Terminal) -> None:
    """Unit, line, account, month and cents, with the file and row as the source."""
    (event,) = imported(terminal, lined("4000 1/2020 -1234,50"))
    assert isinstance(event, ActualPosted)
    assert (event.unit, event.line, event.account, event.amount_cents) == ("4100", "personnel", "4000", -123450)
    assert (event.effective, event.source, event.recorded_by) == (Period.of_month(2020, 1), "a.csv:2", "controller")


def test_versions_follow_one_another_in_each_stream(terminal: Terminal) -> None:
    """Budgets, corrections and postings of one unit and year are one stream without gaps."""
    imported(terminal, lined("4000 1/2020 -1,00", "4000 1/2019 -2,00", "4100 2/2020 -3,00"))
    imported(terminal, lined("4000 2020 -9,00"), mapping="budget.toml", name="b.csv")
    imported(terminal, lined("4000 1/2020 -1,50", "4100 2/2020 -3,00", "4100 3/2020 -3,00"), "--update", name="c.csv")
    versions = defaultdict(list)
    for event in terminal.events():
        versions[event.originator_id].append(event.originator_version)
    assert all(numbers == list(range(1, len(numbers) + 1)) for numbers in versions.values())


def test_the_tree_is_established_on_the_way(new_store: EventLog, tmp_path: Path) -> None:
    """New units exist from 1 January of the earliest year, parents first, each from the row it is met in."""
    written(tmp_path, PLAIN, "plain.toml")
    terminal = Terminal(new_store.path)
    units = [
        event
        for event in imported(terminal, lined("4000 1/2020 -1,00", "4000 5/2019 -1,00"))
        if isinstance(event, UnitEstablished)
    ]
    assert [(unit.code, unit.kind, unit.parent, unit.name) for unit in units] == [
        ("HYV", "sector", None, "HYV"),
        ("410", "service_area", "HYV", "410"),
        ("4100", "unit", "410", "Perusopetus"),
    ]
    assert {str(unit.effective) for unit in units} == {"2019-01-01/2019-01-01"}
    assert {unit.source for unit in units} == {"a.csv:2"}


def test_a_unit_whose_place_nobody_says_is_a_problem(terminal: Terminal) -> None:
    """Where the file tells only the lowest level, a unit that the store does not know has no parent."""
    mapping = f'version = 1\n[[units]]\nkind = "unit"\ncolumn = "unit"\n{ACCOUNT}{MONTH}{ACTUAL}'
    written(terminal.store.parent, mapping, "lowest.toml")
    (problem,) = refused(terminal, rows(";;4170;;4000;1/2020;-1,00"), mapping="lowest.toml", code=2)
    assert problem == (
        "row 2: unit 4170 is not known, and the file does not say what it stands under; did you mean 4160?; map the "
        "columns of the units above it, or establish it first with `heinola record unit`"
    )
    assert len(imported(terminal, rows(";;4160;;4000;1/2020;-1,00"), mapping="lowest.toml")) == 1


def test_where_file_and_store_differ_about_a_unit_it_is_noted(terminal: Terminal) -> None:
    """Figures are recorded on the unit, and the difference is told; nothing moves by itself."""
    code, notes = attempt(terminal, rows("TEK;510;4100;Peruskoulut;4000;1/2020;-1,00"))
    assert code == 0
    assert notes == [
        (
            "note: row 2: unit 4100 stands under 410 in the store and under 510 in the file; if it has moved, record "
            "it with `heinola record move`"
        ),
        "note: row 2: unit 4100 is called Perusopetus in the store and Peruskoulut in the file",
    ]


def test_accounts_add_up_to_the_budget_of_their_line(terminal: Terminal) -> None:
    """A budget is adopted once per line; its source names the rows."""
    events = imported(terminal, lined("4000 2020 -10,00", "4100 2020 -5,00", "4300 2020 -7,00"), mapping="budget.toml")
    assert [(type(e), e.line, e.amount_cents, e.source) for e in events if isinstance(e, BudgetAdopted)] == [
        (BudgetAdopted, "personnel", -1500, "a.csv:2–3"),
        (BudgetAdopted, "services", -700, "a.csv:4"),
    ]
    assert {str(event.effective) for event in events} == {"2020-01-01/2020-01-01"}


def test_budget_and_amendment_and_actual_stand_side_by_side(terminal: Terminal) -> None:
    """One row tells all three: the budget is adopted, then amended, and the source names the column."""
    amounts = "".join(
        f'\n[[amounts]]\nis = "{kind}"\ncolumn = "{column}"\nperiod = "{period}"\n'
        for kind, column, period in (
            ("budget", "TA", "2020"),
            ("amendment", "muutos", "1-6/2020"),
            ("actual", "tot", "1-6/2020"),
            ("final_accounts", "TP", "2019"),
        )
    )
    written(terminal.store.parent, f"version = 1\n{UNITS}{ACCOUNT}{amounts}", "wide.toml")
    text = rows("HYV;410;4100;;4000;-10,00;-2,00;-6,00;-9,00", header="sector;area;unit;name;account;TA;muutos;tot;TP")
    events = imported(terminal, text, mapping="wide.toml")
    assert [(type(event), event.source, str(event.effective)) for event in events] == [
        (BudgetAdopted, "a.csv:2", "2020-01-01/2020-01-01"),
        (BudgetAmended, "a.csv:2", "2020-06-30/2020-06-30"),
        (ActualPosted, "a.csv:2 [tot]", "2020-01-01/2020-06-30"),
        (ActualPosted, "a.csv:2 [TP]", "2019-01-01/2019-12-31"),
    ]


def test_statements_are_stated_after_all_postings(terminal: Terminal) -> None:
    """A file that states a sector's total and posts on its units is not held against itself."""
    text = lined("4000 1/2020 -1,00", "4100 1/2020 -2,00")
    (event,) = imported(terminal, text, mapping="statement.toml")
    assert isinstance(event, FigureStated)
    assert (event.line, event.amount_cents, event.source) == ("personnel", -300, "a.csv:2–3")


# ---------------------------------------------------------------- what the rules refuse


def test_closed_books_are_told_once_for_a_month(terminal: Terminal) -> None:
    """A period that is closed refuses what lies in it, once for the unit and period, with how many rows."""
    terminal.done("record close 2020Q1 --unit 410")
    (problem,) = refused(terminal, lined("4000 1/2020 -1,00", "4100 1/2020 -1,00", "4000 4/2020 -1,00"))
    assert problem == (
        "row 2, column actual: the books of unit 410 for 1.1.–31.3.2020 are closed; reopen them first: heinola record "
        'reopen 1.1.–31.3.2020 --unit 410 --reason "…" (and 1 more like it)'
    )


def test_a_unit_that_did_not_exist_refuses_its_rows(terminal: Terminal) -> None:
    """A posting before the unit's first day is refused."""
    (problem,) = refused(terminal, lined("4000 1/2014 -1,00"))
    assert problem.startswith(
        "row 2, column actual: unit 4100 exists only from 1.1.2015; 1.1.–31.1.2014 is before that"
    )


def test_what_is_stated_already_is_told_once_for_a_line(terminal: Terminal) -> None:
    """The guard against counting twice holds in bulk, in the words that one posting is refused with."""
    terminal.done("record statement HYV expenses 1-6/2020 -500 --source osavuosikatsaus")
    by_hand = terminal.refused("record actual 4100 personnel 1/2020 -1,00")
    text = lined("4000 1/2020 -1,00", "4000 2/2020 -1,00", "4300 3/2020 -1,00", "3000 1/2020 1,00", "4000 7/2020 -1,00")
    personnel, services = refused(terminal, text)
    assert personnel == f"row 2, column actual: {by_hand.removeprefix('heinola: ')} (and 1 more like it)"
    assert services.startswith("row 4, column actual: the actual of HYV expenses is stated for 1.1.–30.6.2020")


def test_with_detail_what_is_stated_is_a_detail_and_the_rest_is_not(terminal: Terminal) -> None:
    """--detail marks what the total has in it already; what lies outside adds."""
    terminal.done("record statement HYV expenses 1-6/2020 -500 --source osavuosikatsaus")
    events = imported(terminal, lined("4000 1/2020 -1,00", "3000 1/2020 1,00", "4000 7/2020 -1,00"), "--detail")
    assert [(e.line, str(e.effective)[:7], e.detail) for e in events if isinstance(e, ActualPosted)] == [
        ("personnel", "2020-01", True),
        ("sales", "2020-01", False),
        ("personnel", "2020-07", False),
    ]


def test_a_stated_budget_is_guarded_like_one_by_hand(terminal: Terminal) -> None:
    """A budget that is stated is refused, or a detail of it."""
    terminal.done("record statement HYV expenses 1-6/2020 -500 --measure budget --source osavuosikatsaus")
    (problem,) = refused(terminal, lined("4000 2020 -1,00"), mapping="budget.toml")
    assert "the budget of HYV expenses is stated as of 30.6.2020" in problem
    (event,) = imported(terminal, lined("4000 2020 -1,00"), "--detail", mapping="budget.toml")
    assert isinstance(event, BudgetAdopted)
    assert event.detail


def test_the_same_content_is_counted_once(terminal: Terminal) -> None:
    """The same bytes may be read again under any name; what was imported is told, and nothing is counted twice."""
    imported(terminal, lined("4000 1/2020 -1,00"))
    folder = terminal.store.parent
    file = written(folder, lined("4000 1/2020 -1,00"), "other name.csv")
    before = terminal.events()
    result = terminal.run(f"import figures '{file}' --mapping {folder / 'plain.toml'}")
    assert (result.exit_code, terminal.events()) == (1, before)
    assert "  note: the same content was imported before, on " in result.stderr
    assert "the actual of 4100 4000 for 1.1.–31.1.2020 is -1 already (#15, a.csv:2), so its days" in result.stderr


# ---------------------------------------------------------------- newer exports


def test_a_newer_export_is_refused_unless_it_is_one(terminal: Terminal) -> None:
    """Months imported before are not counted twice: each unit's year is told once, with where it came from."""
    imported(terminal, lined("4000 1/2020 -1,00", "4000 2/2020 -1,00"))
    (problem,) = refused(terminal, lined("4000 1/2020 -1,50", "4000 2/2020 -1,00", "4000 3/2020 -1,00"))
    assert problem == (
        "row 2, column actual: the actual of 4100 4000 for 1.1.–31.1.2020 is -1 already (#15, a.csv:2), so its days "
        "would be counted twice; where this file is a newer export, add --update to record the differences; where its "
        "amounts are totals from 1 January, say cumulative = true under [[amounts]]; add --also where both are meant "
        "(and 1 more like it)"
    )


def test_a_newer_export_records_its_differences(terminal: Terminal) -> None:
    """What changed is corrected, with both amounts and both sources; what is new is posted; what is gone is undone."""
    imported(terminal, lined("4000 1/2020 -1,00", "4100 1/2020 -2,00", "4300 1/2020 -3,00", "4000 12/2020 -4,00"))
    new = lined("4000 1/2020 -1,50", "4100 1/2020 -2,00", "4000 2/2020 -5,00")
    events = imported(terminal, new, "--update", "--reason jaksotus", name="b.csv")
    assert [(type(e), e.account, e.amount_cents, e.source, e.reason) for e in events] == [  # type: ignore[attr-defined]
        (
            ActualCorrected,
            "4000",
            -50,
            "b.csv:2",
            "newer export: was -1 in a.csv:2, is -1,50; jaksotus",
        ),
        (ActualCorrected, "4300", 300, "b.csv:0 [no row]", "newer export: was -3 in a.csv:4, is 0; jaksotus"),
        (ActualPosted, "4000", -500, "b.csv:4", "jaksotus"),
    ]


def test_what_people_recorded_is_not_touched(terminal: Terminal) -> None:
    """A newer export is compared with what was imported, and not with what was entered by hand."""
    imported(terminal, lined("4000 1/2020 -1,00"))
    terminal.done('record correction 4100 personnel 1/2020 -9,00 --reason "lasku puuttui"')
    terminal.done("record actual 4100 personnel 1/2020 -7,00")
    (event,) = imported(terminal, lined("4000 1/2020 -2,00"), "--update", name="b.csv")
    assert isinstance(event, ActualCorrected)
    assert event.amount_cents == -100


def test_a_newer_budget_amends(terminal: Terminal) -> None:
    """The difference to the imported budget is an amendment that says so; without --update it is refused."""
    imported(terminal, lined("4000 2020 -10,00", "4300 2020 -7,00"), mapping="budget.toml")
    (problem, *_rest) = refused(terminal, lined("4000 2020 -12,00"), mapping="budget.toml")
    assert problem.endswith("or, where this file is a newer export of what was imported, add --update")
    events = imported(terminal, lined("4000 2020 -12,00"), "--update", mapping="budget.toml", name="b.csv")
    assert [(type(e), e.line, e.amount_cents, e.reason) for e in events] == [  # type: ignore[attr-defined]
        (BudgetAmended, "personnel", -200, "newer budget: was -10 in a.csv:2, is -12"),
        (BudgetAmended, "services", 700, "newer budget: was -7 in a.csv:3, is no longer there"),
    ]
    assert imported(terminal, lined("4000 2020 -12,00") + "\n", "--update", mapping="budget.toml", name="c.csv") == []


def test_a_newer_statement_is_stated_where_it_differs(terminal: Terminal) -> None:
    """Of totals, only those that changed are stated anew."""
    imported(terminal, lined("4000 1/2020 -1,00", "4300 1/2020 -2,00"), mapping="statement.toml")
    events = imported(
        terminal, lined("4000 1/2020 -1,00", "4300 1/2020 -3,00"), "--update", mapping="statement.toml", name="b.csv"
    )
    assert [(e.line, e.amount_cents) for e in events if isinstance(e, FigureStated)] == [("services", -300)]


def test_a_detail_stays_a_detail_in_a_newer_export(terminal: Terminal) -> None:
    """What was imported as a detail of a total is changed as one: the total stays."""
    terminal.done("record statement HYV expenses 1-6/2020 -500 --source osavuosikatsaus")
    imported(terminal, lined("4000 1/2020 -1,00"), "--detail")
    (event,) = imported(terminal, lined("4000 1/2020 -3,00"), "--detail", "--update", name="b.csv")
    assert isinstance(event, ActualPosted)
    assert (event.amount_cents, event.detail) == (-200, True)


CELLS = st.dictionaries(
    st.tuples(st.sampled_from([4000, 4100, 4300, 3000]), st.integers(1, 4)),
    st.integers(1, 10**6),
    min_size=1,
    max_size=9,
)


@given(st.lists(CELLS, min_size=2, max_size=4, unique_by=lambda cells: tuple(sorted(cells.items()))))
@settings(max_examples=25)
def test_after_any_newer_exports_the_figures_are_those_of_the_last(
    tmp_path_factory: pytest.TempPathFactory, exports: list[dict[tuple[int, int], int]]
) -> None:
    """However exports of the same months follow one another, each month of each account ends as the last has it."""
    folder = tmp_path_factory.mktemp("exports")
    written(folder, PLAIN, "plain.toml")
    months = {month for export in exports for _account, month in export}
    with EventLog.create(str(folder / "heinola.db"), CITY, now=datetime.now(UTC), by="controller") as log:
        terminal = Terminal(log.path)
        for at, export in enumerate(exports):
            lines = [f"{account} {month}/2020 {_written(account, cents)}" for (account, month), cents in export.items()]
            lines += [f"4999 {month}/2020 -0,0{at + 1}" for month in sorted(months)]  # every export tells every month
            imported(terminal, lined(*lines), *(["--update"] if at else []), name=f"{at}.csv")
        sums: dict[tuple[int, int], int] = defaultdict(int)
        for event in terminal.events():
            if isinstance(event, ActualPosted | ActualCorrected) and event.account != "4999":
                sums[int(event.account), event.effective.start.month] += event.amount_cents
    last = {(account, month): (cents if account < 4000 else -cents) for (account, month), cents in exports[-1].items()}
    assert {cell: cents for cell, cents in sums.items() if cents} == last


def _written(account: int, cents: int) -> str:
    return f"{'-' if account >= 4000 else ''}{cents // 100},{cents % 100:02}"


# ---------------------------------------------------------------- the whole of it, against an independent sum


def test_the_snapshot_shows_the_sums_of_the_file(tmp_path: Path) -> None:
    """Per unit, line and cumulative month, and per budget, the figures are what a plain csv script adds up."""
    files = generate(tmp_path, units=12, accounts=24)
    with EventLog.create(str(tmp_path / "heinola.db"), CITY, now=datetime.now(UTC), by="controller") as log:
        terminal = Terminal(log.path)
        terminal.done(f"import figures {files.budget} --mapping {files.budget_mapping}")
        terminal.done(f"import figures {files.actuals} --mapping {files.actuals_mapping}")
        for month in (1, 6, 12):
            snapshot = snapshot_of(log, f"1-{month}/2020")
            sums = _summed(
                files.actuals,
                "actual",
                lambda said, last=month: said.endswith("/2020") and int(said.split("/")[0]) <= last,
            )
            budgets = _summed(files.budget, "budget", lambda said: said == "2020")
            final = _summed(files.actuals, "actual", lambda said: said.endswith("/2019"))
            assert len(sums) > 12 * 2
            for unit in snapshot["units"]:
                for figure in unit["figures"]:
                    for column, expected in (("actual", sums), ("budget", budgets), ("final_accounts", final)):
                        found = figure[column]
                        assert found["cents"] == expected.get((unit["code"], figure["line"]), 0)


def _summed(path: Path, column: str, counts: object) -> dict[tuple[str, str], int]:
    """Add up a file with nothing but the csv module: by unit and those above it, and by line and those above it."""
    chart = load_chart()
    ranges = [(first, last, line.code) for line in chart.lines.values() for first, last in line.accounts]
    sums: dict[tuple[str, str], int] = defaultdict(int)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter=";"):
            if not counts(row.get("month") or row["year"]):  # type: ignore[operator]
                continue
            cents = int(row[column].replace(",", ""))
            (leaf,) = [line for first, last, line in ranges if first <= int(row["account"]) <= last]
            for unit in (row["sector"], row["area"], row["unit code"]):
                for line in chart.at_or_above(leaf):
                    sums[unit, line] += cents
    return sums


def test_a_unit_that_moved_within_the_year_is_guarded_where_it_stood(terminal: Terminal) -> None:
    """Before it moved, books closed above its old place hold; after it, those above its new place do."""
    terminal.done("record move 4160 400 --on 1.7.2020")
    terminal.done("record close 2020 --unit 410")
    old, new = rows(";;4160;;4000;6/2020;-1,00"), rows(";;4160;;4000;7/2020;-1,00")
    written(
        terminal.store.parent,
        f'version = 1\n[[units]]\nkind = "unit"\ncolumn = "unit"\n{ACCOUNT}{MONTH}{ACTUAL}',
        "lowest.toml",
    )
    imported(terminal, new, mapping="lowest.toml")
    (problem,) = refused(terminal, old, mapping="lowest.toml")
    assert "the books of unit 410 for 1.1.–31.12.2020 are closed" in problem
