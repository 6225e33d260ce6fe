"""A read is one moment: whoever records or rebuilds in between, at whatever step, all of the answer is of one log."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest

from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.handlers import figures, goals, organisation, projects
from heinola_es.store.reading import LogReader
from heinola_es.store.transfer import exported
from projections.audit.diff import difference
from projections.audit.explain import explain
from projections.audit.listing import Asked
from projections.audit.listing import listing as list_of
from projections.audit.trail import TrailFilter, actors, trail
from projections.read_models import catching_up, moment
from projections.read_models.catching_up import catch_up, rebuild
from projections.read_models.models import ALL, WORDS
from projections.read_models.moment import answered, log_moment, one_moment
from projections.report.content.build import build_report
from projections.report.content.query import ReportQuery
from projections.report.theme.theme import Theme
from projections.snapshot.coverage import coverage_of
from projections.snapshot.taking import SnapshotQuery, look, take_snapshot
from projections.writers.datapackage.package import PackageQuery, build_package
from tests.faults.whole import WHOLE
from tests.projections.asking import record
from tests.projections.moments import Between, cut_store, watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.store.log import EventLog
    from tests.databases import Database

PERIOD = parse_reporting_period("2020Q2")
QUERY = SnapshotQuery(period=PERIOD)


def _report(reader: LogReader) -> object:
    return build_report(reader, ReportQuery(period=PERIOD), Theme())


def _package(reader: LogReader) -> object:
    return build_package(reader, PackageQuery(periods=(PERIOD,)))


def _explanation(reader: LogReader) -> object:
    return explain(look(reader, QUERY), QUERY, "410", "net", "actual").as_json()


def _difference(reader: LogReader) -> object:
    found = difference(reader, QUERY, 0, reader.size())
    return [change.as_json() for change in found.changes]


def _trail(reader: LogReader) -> object:
    return [entry.as_json() for entry in trail(reader, TrailFilter(unit="HYV"))]


def _coverage(reader: LogReader) -> object:
    with one_moment(reader):
        return [unit.as_json() for unit in coverage_of(look(reader, QUERY), QUERY)]


def _actors(reader: LogReader) -> object:
    return [actor.as_json() for actor in actors(reader)]


def _list(kind: str) -> Callable[[LogReader], object]:
    return lambda reader: list_of(reader, kind, Asked(on=None, today=PERIOD.end, known_at=None, unit=None))


QUESTIONS: dict[str, Callable[[LogReader], object]] = {
    "snapshot": lambda reader: take_snapshot(reader, QUERY),
    "report": _report,
    "data package": _package,
    "explanation": _explanation,
    "difference": _difference,
    "trail": _trail,
    "coverage": _coverage,
    "actors": _actors,
    "list of units": _list("units"),
    "list of amendments": _list("amendments"),
}


class Writer:
    """Somebody who records something else each time, of every kind that a report is made of."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._number = count(1)
        record(log, figures.adopt_budget, "4160", "sales", 2020, 100, day=PERIOD.start)

    def __call__(self) -> None:
        """Record one event."""
        number = next(self._number)
        month = parse_period(f"{1 + number % 6}/2020")
        commands: list[Callable[[], object]] = [
            lambda: record(self._log, figures.post_actual, "4100", "sales", month, number, also=True),
            lambda: record(self._log, goals.give_outlook, "4100", PERIOD, f"arvio {number}"),
            lambda: record(
                self._log, figures.correct_actual, "4160", "personnel", month, -number, reason=f"korjaus {number}"
            ),
            lambda: record(self._log, organisation.rename_unit, "4160", PERIOD.start, f"Lukio {number}"),
            lambda: record(
                self._log, figures.amend_budget, "4160", "sales", 2020, number, day=PERIOD.start, reason="muutos"
            ),
            lambda: record(self._log, projects.launch_project, f"hanke {number}", PERIOD, "4100"),
        ]
        commands[number % len(commands)]()


def _held(reader: LogReader) -> bool:
    return reader.moment is not None


def _everything_is_of(location: str, position: int, answer: object, question: str, kept_in: Database) -> None:
    with LogReader.open(cut_store(location, position, kept_in)) as reader:
        assert answer == QUESTIONS[question](reader)


@pytest.mark.parametrize("question", QUESTIONS)
def test_somebody_records_at_every_step(store: EventLog, kept_in: Database, question: str) -> None:
    """Between any two statements of the reader there is one event more: the answer is that of the log at its moment."""
    writer = Writer(store)
    for _event in range(8):
        writer()
    with watched(store.location, Between(writer)) as reader:
        position, answer = answered(reader, lambda: (reader.size(), QUESTIONS[question](reader)))
        assert not _held(reader)
    with LogReader.open(store.location) as reader:
        assert reader.size() > position + 8
    _everything_is_of(store.location, position, answer, question, kept_in)


def test_somebody_records_at_every_step_of_an_export(store: EventLog, kept_in: Database) -> None:
    """The lines are those of the log cut off where the export says that it ends."""
    writer = Writer(store)
    with watched(store.location, Between(writer)) as reader, log_moment(reader) as position:
        lines = list(exported(reader))
    with LogReader.open(store.location) as reader:
        assert reader.size() > position
    with LogReader.open(cut_store(store.location, position, kept_in)) as reader:
        assert list(exported(reader)) == lines


def test_somebody_records_at_any_one_step(store: EventLog, kept_in: Database) -> None:
    """Wherever it falls, a single event is in all of the snapshot or in none of it; on a server at every third step."""
    writer = Writer(store)
    writer()
    for at in range(0, 40, 3 if kept_in.server and not WHOLE else 1):
        steps = count()

        def at_this_step(at: int = at, steps: Any = steps) -> None:  # noqa: ANN401 - a counter
            if next(steps) == at:
                writer()

        with watched(store.location, Between(at_this_step)) as reader:
            taken = take_snapshot(reader, QUERY)
        if next(steps) <= at:
            break
        _everything_is_of(store.location, taken.position, taken, "snapshot", kept_in)
    assert at > 15


def test_others_rebuild_and_catch_up_at_every_step(store: EventLog, kept_in: Database) -> None:
    """Read models that are swapped, or of which some run ahead, before the reader has begun to look change nothing."""
    writer = Writer(store)
    turns = count()

    def beside() -> None:
        writer()
        if between.in_transaction:  # a table that somebody reads is not swapped before he is done
            return
        with LogReader.open(store.location) as other:
            if next(turns) % 2:
                rebuild(other, ALL)
            else:
                catch_up(other, [WORDS])

    between = Between(beside)
    with watched(store.location, between) as reader:
        taken = take_snapshot(reader, QUERY)
    _everything_is_of(store.location, taken.position, taken, "snapshot", kept_in)


def test_after_many_turns_a_reader_takes_its_own(store: EventLog, kept_in: Database) -> None:
    """However often others move some of the read models on in between, the reader comes to its answer."""
    writer = Writer(store)
    writer()
    with LogReader.open(store.location) as reader, patch.object(moment, "_begun", return_value=False):
        taken = take_snapshot(reader, QUERY)
        assert not _held(reader)
    _everything_is_of(store.location, taken.position, taken, "snapshot", kept_in)


def test_questions_inside_a_moment_are_of_it(store: EventLog) -> None:
    """A moment that is held is joined: what is recorded later is not known to any question, until it is let go."""
    with LogReader.open(store.location) as reader:
        with one_moment(reader) as position:
            before = take_snapshot(reader, QUERY)
            Writer(store)()
            with one_moment(reader) as inner:
                assert inner == position == reader.size()
            assert take_snapshot(reader, QUERY) == before
            assert len(list(trail(reader, TrailFilter()))) == position
        assert take_snapshot(reader, QUERY).position == reader.size() > position


def test_a_trail_that_is_given_up_lets_its_moment_go(store: EventLog) -> None:
    """Whoever reads the first entry alone holds nothing afterwards, and an error on the way lets go as well."""
    with LogReader.open(store.location) as reader:
        entries = trail(reader, TrailFilter())
        next(entries)
        assert _held(reader)
        entries.close()
        assert not _held(reader)
        with pytest.raises(ZeroDivisionError):
            answered(reader, lambda: 1 // 0)
        assert not _held(reader)
        assert take_snapshot(reader, QUERY).position == reader.size()


def test_a_reader_who_may_not_write_reads_what_the_models_know(store: EventLog) -> None:
    """Where they cannot be caught up, the answer is of the position they have come to, and names it."""
    with LogReader.open(store.location) as reader:
        known = take_snapshot(reader, QUERY)
        Writer(store)()
        with (
            patch.object(LogReader, "may_write", return_value=False),
            patch.object(LogReader, "read_privately", return_value=False),
        ):
            assert take_snapshot(reader, QUERY) == known


def test_a_reader_who_may_not_build_them_makes_them_from_the_log(store: EventLog) -> None:
    """Where there are none, and none can be made in the store, they are made from the log for the reader alone."""
    Writer(store)()
    with LogReader.open(store.location) as reader:
        with (
            patch.object(LogReader, "may_write", lambda self: self.apart is not None),
            patch.object(LogReader, "read_privately", return_value=False),
        ):
            taken = take_snapshot(reader, QUERY)
        assert not [name for name in reader.tables() if name.startswith("rm_")]
        assert taken == take_snapshot(reader, QUERY)
        assert taken.position == reader.size()


def test_batches_do_not_cut_a_moment(store: EventLog, kept_in: Database) -> None:
    """A log that is read in many small batches, with somebody recording between them, is one moment in the end."""
    writer = Writer(store)
    with watched(store.location, Between(writer)) as reader, patch.object(catching_up, "BATCH", 3):
        taken = take_snapshot(reader, QUERY)
    _everything_is_of(store.location, taken.position, taken, "snapshot", kept_in)
