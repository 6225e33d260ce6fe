"""The log as readers see it: rows in order, positions by instant, and what to say where there is no store."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import orjson
import pytest
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.codec import decode_event
from events.period import Period
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.session import run
from heinola_es.store.location import NoStoreHere
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from tests.city import FOUNDED_AT, MADE, UNITS, found_city
from tests.specification import events_in

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heinola_es.handlers.session import Session

CITY_SIZE = 14
START = datetime(2020, 1, 1, tzinfo=UTC)
MINUTES = [0, 0, 3, 3, 3, 4, 10, 60, 60]
"""When, after the start of 2020, the commands of these tests were recorded."""


def post_in_two_units(session: Session) -> None:
    """Post an income in each of two units."""
    for unit in ("4100", "4160"):
        post_actual(session, unit, "sales", Period.of_month(2020, 1), 100, also=True)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LogReader]:
    """Give a reader of a store with the small city and some postings, two a command."""
    path = tmp_path_factory.mktemp("reading") / "heinola.db"
    with EventLog.create(str(path), "Heinola", now=MADE, by="controller") as log:
        found_city(log)
        for minute in MINUTES:
            run(log, START + timedelta(minutes=minute), Request("controller"), post_in_two_units)
    with LogReader.open(str(path)) as opened:
        yield opened


def test_rows_come_in_the_order_of_their_positions(reader: LogReader) -> None:
    """From after one position up to another, each with stream, version, topic and body; together the whole log."""
    rows = list(reader.rows(0, reader.size()))
    assert [row[0] for row in rows] == [*range(1, CITY_SIZE + 2 * len(MINUTES) + 1)]
    assert [row[0] for row in reader.rows(3, 6)] == [4, 5, 6]
    assert list(reader.rows(6, 6)) == []
    with EventLog.open(str(reader.path)) as log:
        assert [decode_event(r[3], UUID(r[1]), r[2], orjson.loads(r[4])) for r in rows] == events_in(log)


@for_all(st.integers(-2, 70), st.sampled_from([0, -1, 1]))
def test_the_position_at_an_instant(reader: LogReader, minute: int, microseconds: int) -> None:
    """Found by halves, it is the one that a scan from the first event finds."""
    instant = START + timedelta(minutes=minute, microseconds=microseconds)
    before = Counter[int]()
    postings = list[datetime]()
    for at in MINUTES:  # of the commands at one instant, each comes right after the one before it
        postings += [START + timedelta(minutes=at, microseconds=before[at]) for _unit in "ab"]
        before[at] += 1
    instants = [MADE, *[FOUNDED_AT] * (CITY_SIZE - 1), *postings]
    assert reader.position_at(instant) == sum(recorded <= instant for recorded in instants)
    assert reader.position_before(instant) == sum(recorded < instant for recorded in instants)


def test_before_the_first_event_there_is_no_position(reader: LogReader) -> None:
    """Nothing was known before anything was recorded, and everything is known at the end of time."""
    assert reader.position_at(MADE - timedelta(microseconds=1)) == 0
    assert reader.position_at(MADE) == reader.position_at(FOUNDED_AT - timedelta(microseconds=1)) == 1
    assert reader.position_at(datetime(9999, 12, 31, tzinfo=UTC)) == reader.size()


def test_a_log_without_facts_holds_the_making_of_the_store(empty_store: EventLog) -> None:
    """Size, rows and positions of a new store are those of its first event."""
    with LogReader.open(str(empty_store.path)) as reader:
        (made,) = reader.rows(0, 10)
        assert (made[0], made[3]) == (1, "StoreInitialised")
        assert (reader.size(), reader.position_at(START), reader.position_before(MADE)) == (1, 1, 0)


def test_single_facts_are_found(reader: LogReader) -> None:
    """Settings, unit names, and one row by its version in a stream."""
    assert (reader.setting("city"), reader.setting("chart")) == ("Heinola", "jhs192-2026")
    assert reader.unit_names() == {code: name for code, name, _kind, _parent in UNITS}
    last = list(reader.rows(0, reader.size()))[-1]
    assert reader.row_of(last[1], last[2]) == last
    assert reader.row_of(last[1], last[2] + 1) is None


class TestNoStore:
    """Where there is no store, the sentence says what to do."""

    def test_nothing_there(self, tmp_path: Path) -> None:
        """No file: initialise one, or name another; looking makes none."""
        with pytest.raises(
            NoStoreHere, match=r"no store here \(.*\), run `heinola init` first or name one with --store"
        ):
            LogReader.open(str(tmp_path / "heinola.db"))
        assert list(tmp_path.iterdir()) == []

    def test_a_folder(self, tmp_path: Path) -> None:
        """A folder is no store."""
        with pytest.raises(NoStoreHere, match="no store here"):
            LogReader.open(str(tmp_path))

    @pytest.mark.parametrize("content", [b"", b"kunta;luku\n4100;12\n" * 100], ids=["empty", "text"])
    def test_no_database(self, tmp_path: Path, content: bytes) -> None:
        """Some other file is not a store of ours."""
        path = tmp_path / "heinola.db"
        path.write_bytes(content)
        with pytest.raises(NoStoreHere, match="is not a store of ours; run `heinola init` or check --store"):
            LogReader.open(str(path))
        assert path.read_bytes() == content

    def test_another_database(self, tmp_path: Path) -> None:
        """A database of something else is not a store of ours."""
        path = tmp_path / "heinola.db"
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE cities (name TEXT)")
        with pytest.raises(NoStoreHere, match="is not a store of ours"):
            LogReader.open(str(path))
