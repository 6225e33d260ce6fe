"""`--known-at`: the snapshot as known at a moment is the one of the log as it was at that moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import correct_actual, post_actual
from heinola_es.handlers.organisation import rename_unit
from projections.read_models import stored_postings
from tests.city import FOUNDED_AT, MADE
from tests.projections.asking import (
    IMPORTED_AT,
    LATER,
    canonical,
    cents,
    copy_of_log,
    record,
    snapshot_of,
    unit_of,
)
from tests.projections.histories import BEGUN_AT, HISTORIES, Given, live_through, living_city, segments_of
from tests.specification import events_in

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.handlers.session import Session
    from heinola_es.store.log import EventLog
    from heinola_es.store.reading import LogReader
    from projections.read_models.stored_postings import LogPosting

JUNE = parse_period("6/2020")
HALF_YEAR = parse_period("1-6/2020")


@settings(max_examples=30)
@given(
    history=HISTORIES,
    half_minutes=st.integers(-1, 16),
    period=st.sampled_from(["2020Q2", "15.6.2020", "2020Q3", "2019"]),
    query=st.sampled_from([{}, {"structure": date(2020, 7, 1)}, {"years": 3}]),
    segment=st.sampled_from([1, 3, 7, 50_000]),
)
def test_known_at_is_the_log_cut_at_that_moment(
    founded: Path, history: list[Given], half_minutes: int, period: str, query: dict[str, Any], segment: int
) -> None:
    """For any events, the snapshot known at T equals that of a store that holds only what was recorded up to T."""
    moment = BEGUN_AT + timedelta(seconds=30 * half_minutes)
    with segments_of(segment), living_city(founded) as log, TemporaryDirectory() as folder:
        live_through(log, history)
        known = snapshot_of(log, period, known_at=moment, **query)
        events = events_in(log)
        then = [each for each in events if each.recorded <= moment]
        cut = snapshot_of(copy_of_log(then, Path(folder, "cut.db")), period, **query)

    event(f"{len(events) - len(then)} events not known yet")
    assert known.pop("known_at") == f"{moment:%Y-%m-%dT%H:%M:%S}Z"
    assert cut.pop("known_at") is None
    assert canonical(known) == canonical(cut)


def test_a_snapshot_known_before_a_correction_is_the_one_printed_then(sample_log: EventLog) -> None:
    """What was handed out in August is had again in any later year, byte for byte but for the moment asked for."""
    handed_out = snapshot_of(sample_log, "2020Q2")
    record(sample_log, correct_actual, "4100", "income", JUNE, 100_000, now=LATER, reason="unohtunut lasku")

    known = snapshot_of(sample_log, "2020Q2", known_at=LATER - timedelta(microseconds=1))
    now = snapshot_of(sample_log, "2020Q2", known_at=LATER)

    assert canonical(known | {"known_at": None}) == canonical(handed_out)
    assert canonical(now) != canonical(known | {"known_at": now["known_at"]})


def test_the_moment_itself_is_known(sample_log: EventLog) -> None:
    """What was recorded at exactly T is known at T, and a microsecond earlier it is not."""
    assert cents(snapshot_of(sample_log, "2020Q2", known_at=IMPORTED_AT), "4100", "income") == 75_037_500
    assert not snapshot_of(sample_log, "2020Q2", known_at=IMPORTED_AT - timedelta(microseconds=1))["units"]


def test_before_the_first_event_nothing_is_known(store: EventLog) -> None:
    """The snapshot of an empty log, or of one that says only whose it is, is a snapshot all the same."""
    for position, moment in enumerate((MADE - timedelta(days=1), FOUNDED_AT - timedelta(days=1))):
        snapshot = snapshot_of(store, "2020Q2", known_at=moment)

        assert snapshot["position"] == position
        assert snapshot["units"] == snapshot["projects"] == snapshot["findings"] == snapshot["unplaced"] == []


def test_both_clocks_bound_a_question(store: EventLog) -> None:
    """A change recorded later, about an earlier day, is in the period's snapshot but not in what was known then."""
    record(store, rename_unit, "4160", date(2020, 3, 1), "Lyseo", now=LATER)

    assert unit_of(snapshot_of(store, "2020Q2"), "4160")["name"] == "Lyseo"
    assert unit_of(snapshot_of(store, "2020Q2", known_at=BEGUN_AT), "4160")["name"] == "Lukio"
    assert unit_of(snapshot_of(store, "29.2.2020"), "4160")["name"] == "Lukio"


def test_events_of_one_command_are_known_together(store: EventLog) -> None:
    """What one command recorded is known all at once, however many events it holds; not so what the next one did."""
    moment = datetime(2020, 8, 1, tzinfo=UTC)

    def post_three(session: Session) -> None:
        for amount in (1, 2, 4):
            post_actual(session, "4100", "sales", HALF_YEAR, amount, also=True)

    record(store, post_three, now=moment)
    record(store, post_actual, "4100", "sales", HALF_YEAR, 8, also=True, now=moment + timedelta(microseconds=1))

    assert cents(snapshot_of(store, "2020Q2", known_at=moment), "4100", "income") == 7
    assert cents(snapshot_of(store, "2020Q2"), "4100", "income") == 15


@pytest.mark.parametrize("hours", [-5, 0, 3])
def test_a_moment_is_the_same_in_every_time_zone(store: EventLog, hours: int) -> None:
    """T written with another offset is the same T."""
    moment = datetime(2020, 8, 1, 12, tzinfo=UTC)
    record(store, post_actual, "4100", "sales", HALF_YEAR, 1, also=True, now=moment)

    snapshot = snapshot_of(store, "2020Q2", known_at=moment.astimezone(timezone(timedelta(hours=hours))))

    assert snapshot["known_at"] == "2020-08-01T12:00:00Z"
    assert cents(snapshot, "4100", "income") == 1


def test_what_moves_no_totals_leaves_them_as_known(store: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a rename the totals of before are those of the present, and the log is not read back; else it is."""
    read: list[int] = []
    stretch = stored_postings.stretch

    def noted(reader: LogReader, after: int, upto: int, block: tuple[str, int]) -> Iterator[LogPosting]:
        read.append(upto)
        return stretch(reader, after, upto, block)

    monkeypatch.setattr(stored_postings, "stretch", noted)
    record(store, post_actual, "4100", "sales", HALF_YEAR, 7, also=True)
    posted = store.head().size
    record(store, rename_unit, "4160", date(2020, 3, 1), "Lyseo")
    assert cents(snapshot_of(store, "2020Q2", position=posted), "4100", "income") == 7
    assert not read

    record(store, post_actual, "4100", "sales", HALF_YEAR, 8, also=True)
    assert cents(snapshot_of(store, "2020Q2", position=posted), "4100", "income") == 7
    assert set(read) == {posted}
    assert cents(snapshot_of(store, "2020Q2"), "4100", "income") == 15
