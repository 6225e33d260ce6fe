"""What holds of the value rule whatever was recorded: no declaration, order or organisation makes a figure of nothing.

`HEINOLA_WHOLE_EXAMPLES=500` tries more of each.
"""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_period
from heinola_es.errors import HeinolaError
from heinola_es.handlers import coverage, figures, organisation
from tests.projections.asking import record, snapshot_of
from tests.projections.test_whole_values import (
    CENTS,
    DAYS,
    MOVING_DAYS,
    POSTED_IN,
    PRECISION,
    SHARED,
    STATED_FOR,
    UNIT,
    Command,
    cities,
    living,
)
from tests.servers import MEMORY

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

City = list[tuple[str, str, str | None, date]]
Cells = dict[tuple[str, str, str], int | None]

EXAMPLES = int(os.environ.get("HEINOLA_WHOLE_EXAMPLES", "10"))
ASKED = "2020Q2"
YEARS = ("2020", "2019")
WHOLE_YEARS = [parse_period(text) for text in YEARS]
COLUMNS = ("final_accounts", "prior_actual", "budget", "actual")
LEAF = st.sampled_from(["sales", "fees", "personnel", "services"])
NOVEMBER = st.just(parse_period("11/2020"))
LINES = load_chart().lines
tried = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))


def _command(handler: Any, *arguments: st.SearchStrategy[Any], **options: Any) -> st.SearchStrategy[Command]:  # noqa: ANN401
    return st.builds(Command, st.just(handler), st.tuples(*arguments), st.just(options))


POSTINGS = (
    _command(figures.post_actual, UNIT, LEAF, POSTED_IN, CENTS, contra=True, also=True),
    _command(figures.correct_actual, UNIT, LEAF, POSTED_IN, CENTS, reason="korjaus"),
    _command(figures.adopt_budget, UNIT, LEAF, st.just(2020), CENTS, day=date(2020, 1, 1), contra=True),
)
STATEMENTS = (
    _command(figures.state_figure, UNIT, LEAF, STATED_FOR, st.just("actual"), CENTS),
    st.builds(
        Command,
        st.just(figures.state_figure),
        st.tuples(UNIT, st.sampled_from(["income", "expenses", "net"]), STATED_FOR, st.just("actual"), CENTS),
        st.fixed_dictionaries({"precision_cents": PRECISION}),
    ),
)
COMPLETIONS = (
    _command(coverage.complete_books, st.sampled_from([parse_period(t) for t in ("2020", "2019", "2020H1")]), UNIT),
)
CHANGES = (
    _command(organisation.move_unit, UNIT, st.sampled_from(MOVING_DAYS), st.none() | UNIT),
    _command(organisation.close_unit, UNIT, st.sampled_from(DAYS)),
)


def cells_of(log: EventLog, **query: Any) -> Cells:  # noqa: ANN401
    """Return every cell of the report, of all lines, that has a row."""
    return _cells(snapshot_of(log, ASKED, all_lines=True, **query))


def _cells(snapshot: dict[str, Any]) -> Cells:
    return {
        (unit["code"], row["line"], column): None if row[column] is None else row[column]["cents"]
        for unit in snapshot["units"]
        for row in unit["figures"]
        for column in COLUMNS
    }


def _differing(snapshot: dict[str, Any]) -> set[tuple[str, str]]:
    """Return the units and columns of which some figures contradict each other, within their rounding or not."""
    return {(f["unit"], f["column"]) for f in snapshot["findings"] if f["kind"] in {"mismatch", "rounding"}}


def _parents(snapshot: dict[str, Any]) -> dict[str, str | None]:
    return {unit["code"]: unit["parent"] for unit in snapshot["units"]}


def _below(parents: dict[str, str | None], unit: str) -> set[str]:
    """Return a unit and everything below it."""
    found = {unit}
    while more := {code for code, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _complete_all(log: EventLog, city: City) -> None:
    """Say of as many books as can be that they are complete."""
    for code, *_rest in city:
        for year in YEARS:
            try:
                record(log, coverage.complete_books, parse_period(year), code)
            except HeinolaError:  # a total says otherwise, or the unit did not exist then
                continue


@tried
@given(city=cities(), history=st.lists(st.one_of(*SHARED), max_size=20))
def test_a_whole_value_stays_when_more_is_complete(city: City, history: list[Command]) -> None:
    """Unless a finding says that two routes to figures of the unit, or of one below it, differ."""
    with TemporaryDirectory(dir=MEMORY) as folder, living(Path(folder, "city.db"), city, history) as log:
        before = cells_of(log)
        _complete_all(log, city)
        after = snapshot_of(log, ASKED, all_lines=True)
    differing, parents, now = _differing(after), _parents(after), _cells(after)
    for (unit, line, column), value in before.items():
        changed = value is not None and now.get((unit, line, column), 0) != value
        if changed:
            units = _below(parents, unit)
            assert any((other, column) in differing for other in units), (unit, line, column, value)


@tried
@given(
    city=cities(),
    history=st.lists(st.one_of(*STATEMENTS), min_size=1, max_size=12),
    later=st.lists(_command(figures.close_period, st.sampled_from(WHOLE_YEARS), st.none() | UNIT))
    | st.lists(
        _command(figures.post_actual, UNIT, LEAF, st.just(parse_period("11/2020")), CENTS, contra=True, also=True)
    ),
)
def test_closing_or_posting_elsewhere_makes_nothing_nought(
    city: City, history: list[Command], later: list[Command]
) -> None:
    """Where every unit states totals, what was unknown stays so when books are closed, or another month is posted."""
    second = parse_period("2020Q2")
    each = [Command(figures.state_figure, (code, "sales", second, "actual", 100), {}) for code, *_rest in city]
    history = [*each, *history]
    with TemporaryDirectory(dir=MEMORY) as folder:
        with living(Path(folder, "before.db"), city, history) as log:
            before = cells_of(log)
        with living(Path(folder, "after.db"), city, [*history, *later]) as log:
            after = cells_of(log)
    for cell, value in after.items():
        if before.get(cell) is None and cell[2] != "budget":
            assert value is None, (cell, value)


@tried
@given(city=cities(), history=st.lists(st.one_of(*POSTINGS, *STATEMENTS, *COMPLETIONS), max_size=20))
def test_units_add_up(city: City, history: list[Command]) -> None:
    """Where a unit without postings of its own and all below it are whole, it is their sum; or a finding says not."""
    with TemporaryDirectory(dir=MEMORY) as folder, living(Path(folder, "city.db"), city, history) as log:
        snapshot = snapshot_of(log, ASKED, all_lines=True)
    cells, parents, differing = _cells(snapshot), _parents(snapshot), _differing(snapshot)
    books = {unit["code"]: unit["kind"].startswith("investment") for unit in snapshot["units"]}
    posts = {figures.post_actual, figures.correct_actual, figures.adopt_budget}
    posting = {f"U{int(one.arguments[0][1:]) % len(city)}" for one in history if one.handler in posts}
    for unit in parents:
        children = [c for c, parent in parents.items() if parent == unit and books[c] == books[unit]]
        if not children or unit in posting:
            continue
        for line in LINES:
            for column in COLUMNS:
                values = [cells.get((one, line, column), None) for one in (unit, *children)]
                if None not in values and (unit, column) not in differing:
                    assert values[0] == sum(values[1:]), (unit, line, column)  # type: ignore[arg-type]


@tried
@given(
    city=cities(),
    history=st.lists(st.one_of(*POSTINGS, *COMPLETIONS, *CHANGES), max_size=12),
    stated=st.lists(st.one_of(*STATEMENTS), max_size=6),
    chance=st.randoms(use_true_random=False),
)
def test_the_order_of_recording_does_not_matter(
    city: City,
    history: list[Command],
    stated: list[Command],
    chance: Any,  # noqa: ANN401 - a source of chance
) -> None:
    """What is recorded before any total gives the same figures in any order in which all of it is accepted."""
    other = list(history)
    chance.shuffle(other)
    with TemporaryDirectory(dir=MEMORY) as folder:
        with living(Path(folder, "one.db"), city, [*history, *stated]) as log:
            size, one = log.head().size, cells_of(log)
        with living(Path(folder, "other.db"), city, [*other, *stated]) as log:
            assume(log.head().size == size == 1 + len(city) + len(history) + len(stated))
            assert cells_of(log) == one


@tried
@given(city=cities(), history=st.lists(st.one_of(*POSTINGS, *STATEMENTS, *COMPLETIONS, *CHANGES), max_size=20))
def test_a_computed_row_is_that_of_the_rows_beside_it(city: City, history: list[Command]) -> None:
    """Every sum whose components are shown is their sum, or a finding says by how much a total differs from it."""
    with TemporaryDirectory(dir=MEMORY) as folder, living(Path(folder, "city.db"), city, history) as log:
        snapshot = snapshot_of(log, ASKED, all_lines=True)
    cells = _cells(snapshot)
    told = {(f["unit"], f["line"], f["column"]) for f in snapshot["findings"] if f["kind"] in {"mismatch", "rounding"}}
    for (unit, line, column), value in cells.items():
        parts = [cells.get((unit, part, column)) for part in LINES[line].components]
        if parts and value is not None and None not in parts and (unit, line, column) not in told:
            assert value == sum(parts), (unit, line, column)  # type: ignore[arg-type]


@tried
@given(
    city=cities(),
    history=st.lists(st.one_of(*POSTINGS, *STATEMENTS, *COMPLETIONS, *CHANGES), max_size=20),
    structure=st.sampled_from(DAYS),
)
def test_no_organisation_loses_or_finds_money(city: City, history: list[Command], structure: date) -> None:
    """In two organisations in which all is whole, and no total contradicts another, the tops add up to the same."""
    with TemporaryDirectory(dir=MEMORY) as folder, living(Path(folder, "city.db"), city, history) as log:
        snapshots = [snapshot_of(log, ASKED, all_lines=True, structure=day) for day in (None, structure)]
    for column in COLUMNS:
        sums = []
        for snapshot in snapshots:
            cells, parents = _cells(snapshot), _parents(snapshot)
            if any(of == column for _unit, of in _differing(snapshot)):
                break
            values = [cells.get((top, "net", column), 0) for top, parent in parents.items() if parent not in parents]
            if None in values:
                break
            sums.append(sum(value for value in values if value is not None))
        assert len(set(sums)) <= 1, (column, sums)
