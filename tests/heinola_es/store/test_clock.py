"""A wrong clock would stamp all later events, unseen: one far from the end of the log is asked about, either way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import example
from hypothesis import given as for_all
from hypothesis import strategies as st

from heinola_es.handlers.organisation import establish_unit
from heinola_es.handlers.session import run
from heinola_es.store.clock import ClockInDoubt, require_right_clock
from heinola_es.store.log import EventLog, Request
from tests.city import CITY, FOUNDED
from tests.specification import events_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heinola_es.handlers.session import Session
    from heinola_es.store.log import Receipt
    from tests.databases import Database

START = datetime(2020, 1, 15, 9, 0, tzinfo=UTC)
"""When the stores of these tests are made."""
HOUR, MONTH, TICK = timedelta(hours=1), timedelta(days=31), timedelta(microseconds=1)


@pytest.fixture
def store(kept_in: Database) -> Iterator[EventLog]:
    """Give a store that was made at `START` and holds nothing else."""
    with EventLog.create(kept_in.new("clock"), CITY, now=START, by="controller") as log:
        yield log


def record(log: EventLog, now: datetime, *, right: bool = False, dry_run: bool = False) -> Receipt:
    """Record one more unit at an instant; `right` says that the clock is meant."""

    def work(session: Session) -> None:
        code = f"U{len(session.unit_codes())}"
        establish_unit(session, code, FOUNDED, name=code, kind="sector", parent=None)

    return run(log, now, Request("controller", clock_is_right=right), work, dry_run=dry_run)


def require_doubt(log: EventLog, now: datetime, words: str) -> None:
    """Demand that a command at an instant is refused in these words, in a dry run too, and that nothing is recorded."""
    before = log.head()
    for dry_run in (False, True):
        with pytest.raises(ClockInDoubt) as refusal:
            record(log, now, dry_run=dry_run)
        assert str(refusal.value) == (
            f"the clock says {words}; nothing was recorded; set the clock right, or say that it is with "
            "--clock-is-right"
        )
    assert log.head() == before


class TestBehind:
    """A clock that stands before the end of the log."""

    def test_an_hour_is_how_far_clocks_of_machines_are_apart(self, store: EventLog) -> None:
        """Up to an hour nothing is asked, and the event is recorded right after the last one."""
        assert record(store, START - HOUR).last == 2
        assert [event.recorded for event in events_in(store)] == [START, START + TICK]

    @pytest.mark.parametrize(
        ("back", "said"),
        [(HOUR + TICK, "15.1.2020 07:59 UTC"), (timedelta(days=2), "13.1.2020 09:00 UTC")],
    )
    def test_further_is_asked_about(self, store: EventLog, back: timedelta, said: str) -> None:
        """The sentence names both instants."""
        last = "which was recorded 15.1.2020 09:00 UTC"
        require_doubt(store, START - back, f"{said}, before the last event of the log, {last}")

    def test_one_that_is_meant_records_right_after_the_last(self, store: EventLog) -> None:
        """Whoever says that the clock is right records, and instants still follow positions."""
        record(store, START - timedelta(days=400), right=True)
        assert [event.recorded for event in events_in(store)] == [START, START + TICK]


class TestAhead:
    """A clock that stands long after the end of the log."""

    def test_a_month_is_nothing(self, store: EventLog) -> None:
        """Cities rest in July."""
        record(store, START + MONTH)
        assert events_in(store)[-1].recorded == START + MONTH

    def test_more_is_asked_about(self, store: EventLog) -> None:
        """One command at 2099 would stamp all later ones: it is asked about before anything is recorded."""
        said = "28840 days after the last event, longer than ever nothing was recorded"
        require_doubt(store, datetime(2099, 1, 1, tzinfo=UTC), f"1.1.2099 00:00 UTC, {said}")
        said = "31 days after the last event, longer than ever nothing was recorded"
        require_doubt(store, START + MONTH + TICK, f"15.2.2020 09:00 UTC, {said}")

    def test_one_that_is_meant_is_recorded_as_it_is(self, store: EventLog) -> None:
        """Whoever says that the clock is right is believed."""
        record(store, START + 3 * MONTH, right=True)
        assert events_in(store)[-1].recorded == START + 3 * MONTH

    def test_after_a_pause_one_a_month_longer_is_taken(self, store: EventLog) -> None:
        """A store that rested for three months may rest for four; not a microsecond more."""
        end = START + 3 * MONTH
        record(store, end, right=True)
        said = "124 days after the last event, longer than ever nothing was recorded"
        require_doubt(store, end + 4 * MONTH + TICK, f"19.8.2020 09:00 UTC, {said}")
        assert record(store, end + 4 * MONTH).last == 3

    def test_the_longest_pause_counts_wherever_it_was(self, store: EventLog) -> None:
        """Pauses before the last one are remembered."""
        for months in (4, 5, 6):
            record(store, START + months * MONTH, right=True)
        assert record(store, START + 11 * MONTH).last == 5

    def test_pauses_are_found_however_many_events_there_are(self, store: EventLog) -> None:
        """The log is gone through page by page; a pause between two pages is one like any other."""
        record(store, START + 3 * MONTH, right=True)
        with pytest.MonkeyPatch.context() as patch:
            for page in (1, 2, 3):
                patch.setattr("heinola_es.store.log.PAGE", page)
                assert record(store, START + 7 * MONTH, dry_run=True).last == 3
                with pytest.raises(ClockInDoubt):
                    record(store, START + 7 * MONTH + TICK)


def test_after_a_wrong_clock_the_right_one_is_asked_about(store: EventLog) -> None:
    """Who insisted on a clock of the future hears of it at the next command, and not years later."""
    record(store, START + 365 * timedelta(days=1), right=True)
    require_doubt(
        store,
        START + HOUR,
        "15.1.2020 10:00 UTC, before the last event of the log, which was recorded 14.1.2021 09:00 UTC",
    )


# ---------------------------------------------------------------- against a slow reference

PAUSES = st.lists(st.sampled_from([0, 1, 30, 31, 32, 90]) | st.integers(0, 400), max_size=6)
OFFSETS = st.sampled_from([-TICK, timedelta(0), TICK]) | st.timedeltas(timedelta(days=-2), timedelta(days=2))


def in_doubt(now: datetime, recorded: Sequence[datetime]) -> bool:
    """Return what the rule says, worked out the slow way."""
    if any(now < instant - HOUR for instant in recorded):
        return True
    longest = timedelta(0)
    for number in range(1, len(recorded)):
        longest = max(longest, recorded[number] - recorded[number - 1])
    return now - recorded[-1] > longest + MONTH


@for_all(PAUSES, st.integers(-40, 500), OFFSETS)
@example([90], 121, timedelta(0))
@example([90], 121, TICK)
@example([90, 1], 31, TICK)
@example([], 0, -HOUR)
@example([], 0, -HOUR - TICK)
def test_it_is_asked_where_the_rule_says(pauses: list[int], days: int, offset: timedelta) -> None:
    """Whatever pauses there were, and wherever the clock stands, it is asked about or not as the rule says."""
    recorded = [START]
    for pause in pauses:
        recorded.append(recorded[-1] + timedelta(days=pause))
    now = recorded[-1] + timedelta(days=days) + offset
    try:
        require_right_clock(now, recorded[-1], lambda: recorded)
    except ClockInDoubt:
        assert in_doubt(now, recorded)
    else:
        assert not in_doubt(now, recorded)


@for_all(st.timedeltas(-HOUR, MONTH))
def test_within_a_month_the_log_is_not_gone_through(after: timedelta) -> None:
    """Recording costs what it did: pauses are looked for where it matters alone."""

    def never() -> list[datetime]:
        raise AssertionError("the log was gone through")

    require_right_clock(START + after, START, never)
