"""The double-counting guard and the value rule as readers see them: what the snapshot shows is what the log says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from heinola_es.domain.aggregates.unit_year import AlreadyStated
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.handlers.figures import correct_actual, post_actual, state_figure, withdraw_statement
from tests.projections.asking import cells, cents, complete, partial_of, record, snapshot_of
from tests.projections.histories import FIGURE_HISTORIES, Given, columns_of, live_through, living_city
from tests.specification import events_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from heinola_es.store.log import EventLog

HALF_YEAR = parse_period("1-6/2020")
JUNE = parse_period("6/2020")


@settings(max_examples=40)
@given(history=FIGURE_HISTORIES, period=st.sampled_from(["2020Q2", "15.6.2020", "2020Q3", "2019"]))
def test_the_snapshot_shows_what_the_events_say(founded: Path, history: list[Given], period: str) -> None:
    """For any commands, every cell has the value that the rule gives to the log's events themselves."""
    with living_city(founded) as log:
        accepted = live_through(log, history)
        event(f"{len(accepted)} commands accepted")
        snapshot = snapshot_of(log, period)
        columns = columns_of(events_in(log), parse_reporting_period(period))

    shown = {
        (unit["code"], row["line"], column): row[column]
        for unit in snapshot["units"]
        for row in unit["figures"]
        for column in columns
    }
    assert shown
    for (unit, line, column), cell in shown.items():
        value = columns[column].value(unit, line)
        told = None if value is None else {"cents": value.cents, "precision_cents": value.precision_cents}
        assert cell == told, (unit, line, column)


@settings(max_examples=15)
@given(history=FIGURE_HISTORIES)
def test_catching_up_after_every_command_shows_the_same(founded: Path, history: list[Given]) -> None:
    """It makes no difference whether anyone looked while the log grew."""
    with living_city(founded) as watched, living_city(founded) as unwatched:
        for command in history:
            live_through(watched, [command])
            snapshot_of(watched, "2020Q2")
            live_through(unwatched, [command])

        assert cells(snapshot_of(watched, "2020Q2")) == cells(snapshot_of(unwatched, "2020Q2"))


_POSTED = st.lists(st.tuples(st.sampled_from(["4100", "4160"]), st.integers(1, 9_999)), min_size=1, max_size=4)
_STATED = st.lists(st.sampled_from(["4100", "410", "HYV"]), unique=True, max_size=3)
STATED_CENTS = 1_000_000


@settings(max_examples=25)
@given(posted=_POSTED, stated=_STATED)
def test_a_correction_adds_exactly_once(founded: Path, posted: list[tuple[str, int]], stated: list[str]) -> None:
    """Where a posting is refused, a correction in its place raises every stated total above it by its amount."""

    def correct(log: EventLog, unit: str, amount: int) -> None:
        record(log, correct_actual, unit, "sales", JUNE, amount, reason="puuttui")

    total = _total_of_the_city(founded, posted, stated, correct)

    assert total == (STATED_CENTS if stated else 0) + sum(amount for _unit, amount in posted)


@settings(max_examples=25)
@given(posted=_POSTED, stated=_STATED)
def test_a_detail_never_adds_to_what_it_is_inside_of(
    founded: Path, posted: list[tuple[str, int]], stated: list[str]
) -> None:
    """Where a posting is refused, a detail in its place leaves the stated totals as they are."""

    def break_down(log: EventLog, unit: str, amount: int) -> None:
        record(log, post_actual, unit, "sales", JUNE, amount, detail=True)

    total = _total_of_the_city(founded, posted, stated, break_down)

    beside = sum(amount for unit, amount in posted if not _covering(unit, stated))
    assert total == (STATED_CENTS if stated else 0) + beside


@settings(max_examples=25)
@given(posted=_POSTED, stated=_STATED)
def test_a_withdrawal_lets_the_postings_take_over(
    founded: Path, posted: list[tuple[str, int]], stated: list[str]
) -> None:
    """Once the statements that cover a posting are withdrawn it is accepted, and counts in their place."""
    holding = list(stated)

    def withdraw(log: EventLog, unit: str, amount: int) -> None:
        for covering in _covering(unit, holding):
            holding.remove(covering)
            record(log, withdraw_statement, covering, "operating_income", HALF_YEAR, "actual", reason="kirjanpito")
        record(log, post_actual, unit, "sales", JUNE, amount, also=True)

    total = _total_of_the_city(founded, posted, stated, withdraw)

    assert total == (STATED_CENTS if holding else 0) + sum(amount for _unit, amount in posted)


def _total_of_the_city(
    founded: Path,
    posted: list[tuple[str, int]],
    stated: list[str],
    way_on: Callable[[EventLog, str, int], None],
) -> int | None:
    """State totals, post amounts below them, go `way_on` where that is refused, and return what the sector shows."""
    with living_city(founded) as log:
        for unit in stated:
            record(log, state_figure, unit, "operating_income", HALF_YEAR, "actual", STATED_CENTS)
        for unit, amount in posted:
            try:
                record(log, post_actual, unit, "sales", JUNE, amount, also=True)
            except AlreadyStated:
                way_on(log, unit, amount)
        if not stated:
            complete(log, "1-6/2020")
        return _known(log)


def _known(log: EventLog) -> int | None:
    """Return what is known of the sector's income: its total, or the part of it."""
    total = cents(snapshot_of(log, "2020H1"), "HYV", "operating_income")
    known = partial_of(log, "2020H1", "HYV", "operating_income") if total is None else None
    return total if known is None else known[0]


def _covering(unit: str, stated: list[str]) -> list[str]:
    return [code for code in (unit, "410", "HYV") if code in stated]


def test_an_ordinary_posting_is_refused_exactly_where_a_total_covers_it(store: EventLog) -> None:
    """The statement of the area covers its units and its lines, inside its period; nothing else."""
    record(store, state_figure, "410", "operating_income", HALF_YEAR, "actual", STATED_CENTS)

    with pytest.raises(AlreadyStated, match="would be counted twice"):
        record(store, post_actual, "4100", "sales", JUNE, 1)

    record(store, post_actual, "4100", "personnel", JUNE, -1)
    record(store, post_actual, "4000", "sales", JUNE, 1)
    record(store, post_actual, "4100", "sales", parse_period("7/2020"), 1)
    record(store, post_actual, "INV-1", "income", JUNE, 1)
    complete(store, "1-6/2020", unit="400")
    snapshot = snapshot_of(store, "2020H1")
    assert cents(snapshot, "HYV", "operating_income") == STATED_CENTS + 1
