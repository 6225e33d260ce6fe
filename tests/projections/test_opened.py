"""The front door for Python: what it answers is what the commands show, and what it records is all or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import correct_actual, post_actual
from heinola_es.store.location import NoStoreHere
from projections.opened import OpenStore, open_store
from projections.published.publications import NotPublished
from projections.snapshot.encoding import encoded
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.handlers.session import Session
    from heinola_es.store.log import EventLog

HALF = parse_period("2020H1")


@pytest.fixture
def opened(sample_log: EventLog) -> OpenStore:
    """Give the store with the sample report, opened by somebody."""
    return open_store(sample_log.location, actor="controller")


def _lines(opened: OpenStore, command: str) -> bytes:
    return Terminal(opened.location).run(command).stdout_bytes


@pytest.mark.parametrize(("period", "unit"), [("2020Q2", None), ("1.4.–30.6.2020", "410"), ("15.8.2020", None)])
def test_it_gives_the_snapshot_that_the_command_writes(opened: OpenStore, period: str, unit: str | None) -> None:
    """Byte for byte."""
    of_unit = f"--unit {unit}" if unit else ""
    assert encoded(opened.snapshot(period, unit=unit)) == _lines(opened, f"snapshot {period} {of_unit} --format json")


def test_it_explains_a_cell_as_the_command_does(opened: OpenStore) -> None:
    """The same tree."""
    shown = orjson.loads(_lines(opened, "audit explain 410 net 2020Q2 --format json"))
    assert opened.explain("410", "NETTO", "2020Q2").as_json() == {
        name: value for name, value in shown.items() if name not in {"column", "period", "position"}
    }


def test_it_gives_the_trail(opened: OpenStore) -> None:
    """All of it, or what is wanted."""
    of_unit = opened.log(unit="4160")
    assert 0 < len(of_unit) < len(opened.log())
    assert [entry.position for entry in of_unit] == sorted(entry.position for entry in of_unit)


def test_what_is_recorded_is_recorded_once_and_differs(opened: OpenStore) -> None:
    """A piece of work is recorded under its key once; the difference names it."""

    def work(session: Session) -> None:
        correct_actual(session, "4160", "operating_expenses", HALF, -12_500_00)

    before = opened.snapshot("2020Q2").position
    tried = opened.record(work, reason="lasku puuttui", dry_run=True)
    assert opened.snapshot("2020Q2").position == before
    first = opened.record(work, reason="lasku puuttui", once="lasku")
    again = opened.record(work, reason="lasku puuttui", once="lasku")
    assert [type(event) for event in tried.events] == [type(event) for event in first.events]
    assert (again.repeated, again.first) == (True, first.first)
    changes = opened.difference("2020Q2", before, first.last, unit="4160").changes
    assert {entry.position for change in changes for entry in change.entries} == {first.first}


def test_what_is_refused_records_nothing(opened: OpenStore) -> None:
    """All of a piece of work, or nothing of it; and nobody records without a name."""

    def work(session: Session) -> None:
        correct_actual(session, "4160", "operating_expenses", HALF, -100)
        post_actual(session, "no such unit", "personnel", HALF, -100)

    before = opened.snapshot("2020Q2").position
    with pytest.raises(BadInput, match="unknown unit"):
        opened.record(work, reason="korjaus")
    with pytest.raises(BadInput, match="nobody knows who records"):
        open_store(opened.location).record(work, reason="korjaus")
    assert opened.snapshot("2020Q2").position == before


def test_what_is_not_there_is_told(opened: OpenStore, tmp_path: Path) -> None:
    """No store, no publication."""
    with pytest.raises(NoStoreHere):
        open_store(str(tmp_path / "none.db"))
    with pytest.raises(NotPublished):
        opened.published("2020Q2")
