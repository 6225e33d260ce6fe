"""One command is one transaction: all of it or nothing, positions without gaps, keys that make a retry recognisable."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from events.figures import ActualPosted
from events.period import Period
from events.store import CommandKeyed, StoreInitialised
from events.streams import unit_year_stream
from heinola_es.domain.chart_file import read_chart
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.organisation import establish_unit, rename_unit
from heinola_es.handlers.session import Session, UnknownUnit, run
from heinola_es.store import log as log_module
from heinola_es.store.location import NoStoreHere, StoreExists
from heinola_es.store.log import EventLog, KeyUsedBefore, Request, StoreBusy
from heinola_es.store.reading import LogReader
from heinola_es.store.schema import FORMAT
from tests.city import FOUNDED, FOUNDED_AT, MADE, UNITS
from tests.specification import NOW, events_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.base import Event
    from tests.databases import Database

KOMMUN = Path(__file__).resolve().parents[2] / "charts" / "kommun.toml"
CITY_SIZE = 14
MARCH = Period.of_month(2020, 3)
WHO = Request("controller")


def post(session: Session, amount_cents: int = -100) -> None:
    """Post an expense: one event."""
    post_actual(session, "4100", "personnel", MARCH, amount_cents, also=True)


def post_in_two_units(session: Session) -> None:
    """Post in two streams: two events."""
    post(session)
    post_actual(session, "4160", "sales", MARCH, 100, also=True)


def post_and_fail(session: Session) -> None:
    """Post, then find that the second half cannot be done."""
    post(session)
    post_actual(session, "4101", "sales", MARCH, 100)


def append_and_fail(log: EventLog, events: Sequence[Event]) -> None:
    """Append events within a command that then meets an error nobody foresaw."""
    with log.command(NOW, WHO) as command:
        assert command.append(events).last == CITY_SIZE + len(events)
        raise ZeroDivisionError


def positions(log: EventLog) -> list[int]:
    """Return the positions in the log, in order."""
    with LogReader.open(log.location) as reader:
        return [row[0] for row in reader.rows(0, 10**9)]


def head(log: EventLog) -> tuple[object, ...]:
    """Return the stored head of the tree."""
    with LogReader.open(log.location) as reader:
        return tuple(reader.connection.execute("SELECT * FROM tree_head").fetchone())


class TestCommands:
    """All of a command or nothing."""

    def test_a_command_over_two_streams_is_one_transaction(self, store: EventLog) -> None:
        """The receipt names the events and their positions, in the order in which they were decided."""
        receipt = run(store, NOW, WHO, post_in_two_units)
        assert (receipt.first, receipt.last, receipt.repeated) == (CITY_SIZE + 1, CITY_SIZE + 2, False)
        assert list(receipt.events) == events_in(store)[CITY_SIZE:]
        assert [event.recorded for event in receipt.events] == [NOW, NOW]

    def test_a_command_that_fails_half_way_leaves_nothing(self, store: EventLog) -> None:
        """The first half of a refused command is not there, and the next command takes its position."""
        before = head(store)
        with pytest.raises(UnknownUnit):
            run(store, NOW, WHO, post_and_fail)
        assert head(store) == before
        assert run(store, NOW, WHO, post).first == CITY_SIZE + 1
        assert positions(store) == [*range(1, CITY_SIZE + 2)]

    def test_an_unforeseen_error_leaves_nothing(self, store: EventLog) -> None:
        """Whatever goes wrong after the events were added, they go with it."""
        before = head(store)
        would_be = run(store, NOW, WHO, post_in_two_units, dry_run=True).events
        with pytest.raises(ZeroDivisionError):
            append_and_fail(store, would_be)
        assert head(store) == before

    def test_a_dry_run_says_what_it_would_record(self, store: EventLog) -> None:
        """It goes through the same transaction and undoes it; the positions it named are free again."""
        before = head(store)
        receipt = run(store, NOW, WHO, post_in_two_units, dry_run=True)
        assert [type(event) for event in receipt.events] == [ActualPosted, ActualPosted]
        assert (receipt.first, receipt.last) == (CITY_SIZE + 1, CITY_SIZE + 2)
        assert head(store) == before
        assert run(store, NOW, WHO, post).first == CITY_SIZE + 1

    def test_a_command_without_events_records_nothing(self, store: EventLog) -> None:
        """A command may find that there is nothing to do."""
        before = head(store)
        receipt = run(store, NOW, WHO, lambda _session: None)
        assert (receipt.events, receipt.first, receipt.last) == ((), 0, 0)
        assert head(store) == before

    def test_who_from_what_and_why_stand_on_every_event(self, store: EventLog) -> None:
        """The request's words go on each event of the command."""
        request = Request("talouspäällikkö", source="kirjanpito.csv", reason="jaksotus")
        run(store, NOW, request, post_in_two_units)
        said = {(event.recorded_by, event.source, event.reason) for event in events_in(store)[CITY_SIZE:]}
        assert said == {("talouspäällikkö", "kirjanpito.csv", "jaksotus")}

    def test_a_command_sees_what_it_did_itself(self, store: EventLog) -> None:
        """A unit established in a command can be posted to, moved under and named in the same one."""

        def work(session: Session) -> None:
            establish_unit(session, "4170", FOUNDED, name="Kansalaisopisto", kind="unit", parent="410")
            establish_unit(session, "4171", FOUNDED, name="Musiikki", kind="unit", parent="4170")
            post_actual(session, "4171", "sales", MARCH, 100)
            rename_unit(session, "4171", MARCH.start, "Musiikkiopisto")

        assert run(store, NOW, WHO, work).last == CITY_SIZE + 4
        assert store.unit_codes() == [*(code for code, *_ in UNITS), "4170", "4171"]


class TestTime:
    """Recorded instants follow positions."""

    def test_the_instant_is_utc_whatever_zone_it_was_given_in(self, store: EventLog) -> None:
        """Noon in Helsinki is nine in UTC."""
        helsinki = datetime(2020, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=3)))
        run(store, helsinki, WHO, post)
        recorded = events_in(store)[-1].recorded
        assert recorded == datetime(2020, 7, 1, 9, 0, tzinfo=UTC)
        assert recorded.tzinfo is UTC

    def test_a_clock_that_goes_back_does_not_take_the_log_along(self, store: EventLog) -> None:
        """A command at an earlier instant is recorded right after the last event; a later one at its own instant.

        So no two commands have one instant, which tells the events of one from those of another.
        """
        run(store, NOW, WHO, post)
        run(store, NOW - timedelta(hours=1), WHO, post)
        run(store, FOUNDED_AT, Request("controller", clock_is_right=True), post)
        run(store, NOW + timedelta(seconds=1), WHO, post)
        recorded = [event.recorded for event in events_in(store)[CITY_SIZE:]]
        tick = timedelta(microseconds=1)
        assert recorded == [NOW, NOW + tick, NOW + 2 * tick, NOW + timedelta(seconds=1)]

    def test_the_first_command_keeps_its_instant(self, empty_store: EventLog) -> None:
        """The making of a store holds no later command back."""
        run(
            empty_store,
            FOUNDED_AT,
            Request("controller", clock_is_right=True),
            lambda session: establish_unit(session, "HYV", FOUNDED, name="Hyvinvointi", kind="sector", parent=None),
        )
        assert [event.recorded for event in events_in(empty_store)] == [MADE, FOUNDED_AT]

    def test_the_clock_is_asked_once_the_lock_is_held(self, store: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
        """Nobody can record between an event's instant and its commit: a command that waits is recorded afterwards."""
        monkeypatch.setattr(log_module, "BUSY_SECONDS", 1)

        def clock() -> datetime:
            with EventLog.open(store.location) as other, pytest.raises(StoreBusy), other.command(NOW, WHO):
                pass
            return NOW

        run(store, clock, WHO, post)
        assert events_in(store)[-1].recorded == NOW

    def test_events_before_the_end_of_the_log_are_refused(self, store: EventLog) -> None:
        """Whoever appends past the command's own instant has a mistake in the program."""
        event = events_in(store)[-1]
        run(store, NOW, WHO, post)
        with pytest.raises(ValueError, match="before the last event of the log"), store.command(NOW, WHO) as command:
            command.append([event])


class TestKeys:
    """A retry is recognised."""

    REQUEST = Request("controller", key="import-2020-03", digest="post 4100 personnel 3/2020 -100")

    def test_a_retry_records_nothing_and_says_what_was_recorded(self, store: EventLog) -> None:
        """The second receipt names the positions of the first, and that it is a repeat."""
        first = run(store, NOW, self.REQUEST, post_in_two_units)
        again = run(store, NOW + timedelta(days=1), self.REQUEST, post_in_two_units)
        assert (again.events, again.first, again.last, again.repeated) == ((), first.first, first.last, True)
        assert positions(store) == [*range(1, first.last + 2)]

    def test_the_key_is_in_the_log(self, store: EventLog) -> None:
        """An event after those of the command says which key it was given, for what, and where its events stand."""
        receipt = run(store, NOW, self.REQUEST, post_in_two_units)
        *_before, keyed = events_in(store)
        assert isinstance(keyed, CommandKeyed)
        assert (keyed.key, keyed.digest) == (self.REQUEST.key, self.REQUEST.digest)
        assert (keyed.first, keyed.last) == (receipt.first, receipt.last) == (CITY_SIZE + 1, CITY_SIZE + 2)
        assert (keyed.recorded, keyed.recorded_by) == (NOW, "controller")
        assert keyed not in receipt.events

    def test_a_command_that_records_nothing_uses_no_key(self, store: EventLog) -> None:
        """There is nothing that a retry could double."""
        before = head(store)
        for _time in range(2):
            assert not run(store, NOW, self.REQUEST, lambda _session: None).repeated
        assert head(store) == before

    def test_a_retry_does_no_work(self, store: EventLog) -> None:
        """What would be refused the second time is not even decided on."""

        def work(session: Session) -> None:
            establish_unit(session, "4170", FOUNDED, name="Kansalaisopisto", kind="unit", parent="410")

        run(store, NOW, self.REQUEST, work)
        assert run(store, NOW, self.REQUEST, work).repeated

    def test_a_key_stands_for_one_command(self, store: EventLog) -> None:
        """Used for another command it is refused: a new key is needed, or none."""
        first = run(store, NOW, self.REQUEST, post_in_two_units)
        before = head(store)
        with pytest.raises(KeyUsedBefore) as refusal:
            run(store, NOW, Request("controller", key="import-2020-03", digest="something else"), post)
        assert str(refusal.value) == (
            f"the key 'import-2020-03' was used for another command (positions {first.first}–{first.last}); "
            "choose a new one"
        )
        assert head(store) == before

    @pytest.mark.parametrize("dry_run", [True, False], ids=["a dry run", "a refused command"])
    def test_a_key_is_used_up_only_by_what_was_recorded(self, store: EventLog, *, dry_run: bool) -> None:
        """After a dry run, or a refusal, the same key records."""
        if dry_run:
            run(store, NOW, self.REQUEST, post, dry_run=True)
        else:
            with pytest.raises(UnknownUnit):
                run(store, NOW, self.REQUEST, post_and_fail)
        assert not run(store, NOW, self.REQUEST, post).repeated
        assert run(store, NOW, self.REQUEST, post).repeated

    def test_without_a_key_the_same_command_is_recorded_again(self, store: EventLog) -> None:
        """Two equal postings are two postings, unless a key says otherwise."""
        assert run(store, NOW, WHO, post).last == CITY_SIZE + 1
        assert run(store, NOW, WHO, post).last == CITY_SIZE + 2


class TestOpening:
    """Stores that are there, and those that are not."""

    def test_a_store_remembers_its_city_and_chart(self, store: EventLog) -> None:
        """What was chosen when it was initialised stays."""
        with EventLog.open(store.location) as again:
            assert (again.setting("city"), again.setting("chart"), again.setting("format")) == (
                "Heinola",
                "jhs192-2026",
                FORMAT,
            )
            assert again.events_of(unit_year_stream("4100", 2020)) == []

    def test_a_store_begins_with_its_making(self, empty_store: EventLog) -> None:
        """The first event says whose store it is, with which chart and format, and who made it when."""
        (made,) = events_in(empty_store)
        assert isinstance(made, StoreInitialised)
        assert (made.city, made.chart, made.format) == ("Heinola", "jhs192-2026", FORMAT)
        assert (made.recorded, made.recorded_by, made.effective) == (MADE, "controller", Period.of_day(MADE.date()))

    def test_a_store_is_initialised_once(self, store: EventLog) -> None:
        """A second init is refused and changes nothing."""
        before = head(store)
        with pytest.raises(StoreExists, match=r"is initialised already.*; choose another place with --store"):
            EventLog.create(store.location, "Hollola", now=MADE, by="controller")
        assert head(store) == before
        assert store.setting("city") == "Heinola"

    def test_a_store_may_be_initialised_in_a_new_folder(self, tmp_path: Path) -> None:
        """Folders on the way are made."""
        path = tmp_path / "kaupunki" / "2020" / "heinola.db"
        with EventLog.create(f"sqlite:///{path}", "Heinola", now=MADE, by="controller") as log:
            assert log.setting("city") == "Heinola"
        assert path.is_file()

    def test_an_unknown_chart_is_refused_before_anything_is_made(self, tmp_path: Path) -> None:
        """The sentence suggests the nearest chart and lists those shipped; no file is left behind."""
        path = tmp_path / "heinola.db"
        with pytest.raises(BadInput, match=r"unknown chart 'jhs192-2021'; did you mean jhs192-2026\?; shipped"):
            EventLog.create(str(path), "Heinola", chart="jhs192-2021", now=MADE, by="controller")
        assert not path.exists()

    def test_a_chart_of_the_city_is_kept_in_the_log(self, kept_in: Database) -> None:
        """In an event after the first, in one transaction with it, and read from there by whoever asks."""
        own = read_chart(KOMMUN)
        with EventLog.create(kept_in.new("own"), "Exempelstad", own, ("EX", "Exempelstad"), now=MADE, by="c") as log:
            assert [event.TOPIC for event in events_in(log)] == ["StoreInitialised", "ChartAdopted", "UnitEstablished"]
            with LogReader.open(log.location) as reader:
                for chart in (log.chart(), reader.chart()):
                    assert (chart.id, chart.lines["staff"].details) == ("kommun-2020", ("pay", "social"))
                assert reader.setting("chart") == "kommun-2020"

    def test_an_older_shipped_chart_stays_that_of_its_store(self, kept_in: Database) -> None:
        """A newer one is for new stores."""
        with EventLog.create(kept_in.new("old"), "Heinola", "jhs192-2020", now=MADE, by="controller") as log:
            assert log.chart().id == "jhs192-2020"
            assert "tax_revenue" not in log.chart().lines

    def test_without_a_store_the_way_to_one_is_told(self, tmp_path: Path) -> None:
        """Nothing is made by looking."""
        with pytest.raises(NoStoreHere, match=r"no store here \(.*nowhere.db\), run `heinola init` first or name one"):
            EventLog.open(str(tmp_path / "nowhere.db"))
        assert not (tmp_path / "nowhere.db").exists()

    @pytest.mark.parametrize("kind", ["text", "another database", "empty"])
    def test_a_file_that_is_no_store_is_left_alone(self, tmp_path: Path, kind: str) -> None:
        """Recording in some other file is refused in a sentence, and not a byte of it is changed."""
        path = tmp_path / "heinola.db"
        if kind == "another database":
            with closing(sqlite3.connect(path)) as other:
                other.execute("CREATE TABLE cities (name TEXT)")
        else:
            path.write_bytes(b"kunta;luku\n4100;12\n" * 100 if kind == "text" else b"")
        before = path.read_bytes()
        with pytest.raises(NoStoreHere, match="is not a store of ours; run `heinola init` or check --store"):
            EventLog.open(str(path))
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]
