"""What becomes of units within one file; they move and are called otherwise in the next year; and their kinds."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from events.figures import ActualPosted
from events.organisation import UnitEstablished, UnitMoved, UnitRenamed
from heinola_es.handlers.organisation import establish_unit, move_unit
from tests.heinola_es.importing.ledger.ledgers import PLAIN, placed, read, rows, told, written
from tests.heinola_es.importing.ledger.test_recording import imported, refused
from tests.projections.asking import cents, complete, record, snapshot_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

YEARS = rows(
    "HYV;410;4200;Kirjasto;4000;12/2021;-2",
    "HYV;420;4200;Kirjasto;4000;1/2022;-3",
    "HYV;420;4200;Kirjasto ja museo;4000;1/2023;-4",
    "HYV;410;4210;Uimahalli;4000;1/2022;-5",
)
NEW_YEAR_2022, NEW_YEAR_2023 = date(2022, 1, 1), date(2023, 1, 1)


@pytest.fixture
def terminal(store: EventLog, tmp_path: Path) -> Terminal:
    """Give a terminal in front of the small city's store."""
    written(tmp_path, PLAIN, "plain.toml")
    return Terminal(store.path)


def changes(terminal: Terminal) -> list[tuple[str, str, date, str | None]]:
    """Return the moves and new names in the log: unit, kind, day, and what it became."""
    return [
        (event.code, event.TOPIC, event.effective.start, event.parent if isinstance(event, UnitMoved) else event.name)
        for event in terminal.events()
        if isinstance(event, UnitMoved | UnitRenamed)
    ]


def test_a_unit_that_stands_elsewhere_in_the_next_year_moves(terminal: Terminal, store: EventLog) -> None:
    """A file of three years: the move and the new name are recorded, with their row, and told by the dry run.

    The figures are where the unit stood: 410 has it in 2021, and 420 later.
    """
    folder = terminal.store.parent
    dry = terminal.run(f"import figures {written(folder, YEARS, 'a.csv')} --mapping {folder / 'plain.toml'} --dry-run")
    assert dry.exit_code == 0, dry.output
    assert "  4200 moves from 410 to 420 on 1.1.2022 (row 3)" in dry.output
    assert "  4200 'Kirjasto' is called 'Kirjasto ja museo' on 1.1.2023 (row 4)" in dry.output
    assert "1 move, 1 new name" in dry.output
    assert not changes(terminal)
    added = imported(terminal, YEARS)
    assert [event.source for event in added if isinstance(event, UnitMoved)] == ["a.csv:3"]
    assert changes(terminal) == [
        ("4200", "UnitMoved", NEW_YEAR_2022, "420"),
        ("4200", "UnitRenamed", NEW_YEAR_2023, "Kirjasto ja museo"),
    ]
    for year in (2021, 2022, 2023):
        complete(store, str(year))
    assert cents(snapshot_of(store, "2021"), "410", "expenses") == -2_00
    assert cents(snapshot_of(store, "2022"), "410", "expenses") == -5_00
    assert cents(snapshot_of(store, "2022"), "420", "expenses") == -3_00


def test_the_years_may_come_in_any_order(terminal: Terminal) -> None:
    """The rows of the latest year first: the units are established as they were in the first, and then change."""
    head, *lines = YEARS.splitlines()
    imported(terminal, "\n".join([head, *reversed(lines)]) + "\n")
    established = {e.code: (e.name, e.parent) for e in terminal.events() if isinstance(e, UnitEstablished)}
    assert established["4200"] == ("Kirjasto", "410")
    assert [change[:3] for change in changes(terminal)] == [
        ("4200", "UnitMoved", NEW_YEAR_2022),
        ("4200", "UnitRenamed", NEW_YEAR_2023),
    ]


def test_a_unit_may_come_back(terminal: Terminal) -> None:
    """Here, there and here again are two moves."""
    imported(terminal, YEARS + "HYV;410;4200;Kirjasto ja museo;4000;1/2024;-4\n")
    assert [(day.year, to) for _unit, topic, day, to in changes(terminal) if topic == "UnitMoved"] == [
        (2022, "420"),
        (2024, "410"),
    ]


def test_columns_of_years_tell_moves_too(terminal: Terminal) -> None:
    """Years side by side: the row under the old area has the amount of the old year, that under the new of the new."""
    years = """
[[amounts]]
is = "actual"
columns = ["2021", "2022"]
periods = ["2021", "2022"]
"""
    mapping = PLAIN[: PLAIN.index("[period]")] + years
    written(terminal.store.parent, mapping, "years.toml")
    text = rows("HYV;410;4200;;4000;-2;", "HYV;420;4200;;4000;;-3", header="sector;area;unit;name;account;2021;2022")
    imported(terminal, text, mapping="years.toml")
    assert changes(terminal) == [("4200", "UnitMoved", NEW_YEAR_2022, "420")]


def test_a_unit_in_two_places_in_one_year_is_refused(terminal: Terminal) -> None:
    """Nobody knows which of the two it was: one code, two units, or a mistake."""
    (said,) = refused(terminal, YEARS + "HYV;410;4200;Kirjasto;4100;6/2022;-3\n", code=2)
    assert said.startswith("row 6, column unit: unit 4200 is a unit under 410 here and a unit under 420 in row 3")


def test_several_names_in_one_year_are_told(tmp_path: Path) -> None:
    """They are no new names: the first is taken, and both are told."""
    ledger = read(tmp_path, rows("HYV;410;4200;Koulu;4000;1/2020;-2", "HYV;410;4200;Koulut;4000;2/2020;-3"))
    assert [unit.name for unit in ledger.units if unit.code == "4200"] == ["Koulu"]
    assert not ledger.changes
    assert ledger.notes == ["1 unit of several names in one year: 4200 (Koulu, Koulut); the first is taken"]


def test_a_name_in_other_letters_is_no_other_name(tmp_path: Path) -> None:
    """Exports write names in capitals, and leave them out."""
    ledger = read(
        tmp_path,
        rows("HYV;410;4200;Koulu;4000;1/2020;-2", "HYV;410;4200;KOULU;4000;1/2021;-3", "HYV;410;4200;;4000;1/2022;-3"),
    )
    assert not ledger.changes
    assert not ledger.notes


def test_what_the_store_knows_is_not_recorded_again(terminal: Terminal) -> None:
    """The same file with --update, and a later one: the move is there."""
    imported(terminal, YEARS)
    before = changes(terminal)
    imported(terminal, YEARS, "--update")
    imported(terminal, rows("HYV;420;4200;Kirjasto ja museo;4000;2/2023;-4"), name="b.csv")
    assert changes(terminal) == before


def test_a_file_does_not_overrule_where_the_store_says_otherwise(terminal: Terminal, store: EventLog) -> None:
    """The store has moved it elsewhere before: nothing is moved, and what differs is told."""
    record(store, establish_unit, "430", date(2015, 1, 1), name="Muu", kind="service_area", parent="HYV")
    record(store, establish_unit, "4200", date(2015, 1, 1), name="Kirjasto", kind="unit", parent="430")
    imported(terminal, rows("HYV;410;4210;Uimahalli;4000;1/2021;-5", "HYV;420;4220;Museo;4000;1/2021;-5"), name="b.csv")
    before = changes(terminal)
    folder = terminal.store.parent
    said = terminal.run(f"import figures {written(folder, YEARS, 'a.csv')} --mapping {folder / 'plain.toml'}")
    assert said.exit_code == 0, said.output
    moved = [change for change in changes(terminal) if change not in before]
    assert moved == [("4200", "UnitRenamed", NEW_YEAR_2023, "Kirjasto ja museo")]
    assert "unit 4200 stands under 430 in the store and under 420 in the file" in said.output


def test_a_move_that_a_rule_refuses_refuses_the_file(terminal: Terminal, store: EventLog) -> None:
    """A unit that moves on a day when it already moved elsewhere, later: the rule's sentence, with the row."""
    record(store, establish_unit, "420", date(2023, 1, 1), name="Kulttuuri", kind="service_area", parent="HYV")
    record(store, establish_unit, "4200", date(2015, 1, 1), name="Kirjasto", kind="unit", parent="410")
    problems = refused(terminal, YEARS)
    assert any(problem.startswith("row 3: ") and "420" in problem for problem in problems)
    assert not [event for event in terminal.events() if isinstance(event, UnitMoved | ActualPosted)]
    record(store, move_unit, "4200", date(2024, 1, 1), "420")


# ---------------------------------------------------------------- kinds

INVESTING = "where = [{ column = 'Laji', is = 'investointi' }]"
KINDS = PLAIN.replace('kind = "sector"', f'kind = "sector"\nkinds = [{{ kind = "investment_programme", {INVESTING} }}]')
KINDS = KINDS.replace(
    'kind = "service_area"',
    f'kinds = [{{ kind = "investment_area", {INVESTING} }}, '
    '{ kind = "service_area", where = [{ column = "area", matches = "^4" }] }]',
)
KINDS = KINDS.replace('kind = "unit"', f'kind = "unit"\nkinds = [{{ kind = "investment_item", {INVESTING} }}]')
LINED = KINDS.replace('[account]\ncolumn = "account"', '[line]\ncolumn = "account"')
HEAD = "sector;area;unit;name;account;month;actual;Laji"


def test_a_column_and_a_rule_say_of_which_kind_units_are(tmp_path: Path) -> None:
    """Operations and investments in one file, by a word in each row and by the beginning of a code."""
    ledger = read(
        tmp_path,
        rows("HYV;410;4100;Koulu;sales;1/2020;2;käyttö", "INV;900;9001;Silta;sales;1/2020;3;investointi", header=HEAD),
        LINED,
    )
    assert not ledger.problems
    assert [(unit.code, unit.kind) for unit in ledger.units] == [
        ("HYV", "sector"),
        ("410", "service_area"),
        ("4100", "unit"),
        ("INV", "investment_programme"),
        ("900", "investment_area"),
        ("9001", "investment_item"),
    ]
    assert placed(ledger) == [
        ("4100", "sales", "2020-01-01/2020-01-31", 2_00),
        ("9001", "sales", "2020-01-01/2020-01-31", 3_00),
    ]


def test_a_unit_of_no_kind_and_one_of_two_are_told(tmp_path: Path) -> None:
    """What no rule is about, and what two rows say differently."""
    ledger = read(
        tmp_path,
        rows(
            "HYV;510;5100;Koulu;4000;1/2020;-2;käyttö",
            "HYV;410;4100;Koulu;4000;1/2020;-2;käyttö",
            "HYV;410;4100;Koulu;4000;2/2020;-2;investointi",
            header=HEAD,
        ),
        KINDS,
    )
    assert [problem.partition(";")[0] for problem in told(ledger)] == [
        "row 2, column area: nothing says of which kind unit 510 is",
        (
            "row 4, column sector: unit HYV is an investment programme under nothing here and a sector under nothing "
            "in row 2"
        ),
    ]


@pytest.mark.parametrize(
    ("month", "year", "period"),
    [
        ("1", "2020", "2019-07-01/2019-07-31"),
        ("6", "2020", "2019-12-01/2019-12-31"),
        ("7", "2020", "2020-01-01/2020-01-31"),
        ("12", "2020", "2020-06-01/2020-06-30"),
        ("heinä", "2020", "2019-07-01/2019-07-31"),
        ("kesäkuu", "2020", "2020-06-01/2020-06-30"),
    ],
)
def test_months_of_another_fiscal_year_are_those_of_the_calendar(
    tmp_path: Path, month: str, year: str, period: str
) -> None:
    """A fiscal year from July to June, named by the year it ends in: its first month is July of the year before."""
    mapping = PLAIN.replace(
        '[period]\ncolumn = "month"', '[period]\nyear_column = "year"\nmonth_column = "month"\nfirst_month = 7'
    )
    ledger = read(
        tmp_path,
        rows(f"HYV;410;4100;;4000;{month};-2;{year}", header="sector;area;unit;name;account;month;actual;year"),
        mapping,
    )
    assert placed(ledger) == [("4100", "4000", period, -2_00)]
