"""Readers, writers and rebuilds, each of many steps and in any order: an answer is all of the position that it names.

Every answer is held against that of a store of its own, in a file, whose log is the first events and no others. Where
one would wait for another of the same thread to let go, as no two processes do, the step is left out.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from itertools import count, cycle
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from attrs import define, evolve, field
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from heinola_es.domain.aggregates.base import Stamp
from heinola_es.domain.aggregates.publication import PublishedBefore
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.errors import HeinolaError
from heinola_es.handlers import figures, goals
from heinola_es.handlers.organisation import establish_unit
from heinola_es.handlers.session import Session
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from projections.audit.diff import difference
from projections.audit.explain import explain
from projections.audit.trail import TrailFilter, trail
from projections.published.publications import published_snapshot
from projections.publishing import Publisher, publish
from projections.read_models import moment
from projections.read_models.catching_up import catch_up, rebuild, standing
from projections.read_models.marks import ModelsDiffer
from projections.read_models.models import ALL
from projections.read_models.moment import answered, one_moment
from projections.snapshot.taking import SnapshotQuery, look, take_snapshot
from tests.city import CITY, FOUNDED, MADE, found_city
from tests.databases import Database
from tests.projections.asking import LATER, record
from tests.projections.histories import FIGURE_COMMANDS, ORGANISATION_COMMANDS, OTHER_COMMANDS, Given, segments_of
from tests.projections.moments import Between, cut_store, watched
from tests.specification import SALT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heinola_es.store.log import Command

PERIOD = parse_reporting_period("2020H1")
QUERY = SnapshotQuery(period=PERIOD)
BY = Request("controller", clock_is_right=True)
SEGMENT = 7
"""So short that what a position behind the end knows is a sum over several segments."""

READERS = 3
"""At most so many hold moments beside each other."""

_number = count()

Question = str
QUESTIONS: dict[Question, Callable[[LogReader], object]] = {
    "snapshot": lambda reader: take_snapshot(reader, QUERY),
    "explanation": lambda reader: explain(look(reader, QUERY), QUERY, "410", "net", "actual").as_json(),
    "trail": lambda reader: [entry.as_json() for entry in trail(reader, TrailFilter(unit="HYV"))],
    "difference": lambda reader: [
        change.as_json() for change in difference(reader, QUERY, reader.size() // 2, reader.size()).changes
    ],
}

Deed = Given | str
"""A command to be given, or what is done to the read models: one of these two, or a statement that damages them."""

CATCHING_UP, REBUILDING = "catch up", "rebuild"
DAMAGE = [
    "UPDATE rm_positions SET position = position - 1",
    "UPDATE rm_statements SET cents = cents + 100",
    "UPDATE rm_words SET body = replace(body, 'a', 'b')",
    "UPDATE rm_totals SET c6 = c6 + 1",
    *(
        statement
        for model in ALL
        for table in model.tables
        for statement in (
            f"DELETE FROM {table} WHERE mark = (SELECT max(mark) FROM {table})",
            f"UPDATE {table} SET mark = mark + 1 WHERE mark = (SELECT min(mark) FROM {table})",
        )
    ),
]

UNITS = st.builds(
    Given,
    st.just(0),
    st.just(establish_unit),
    st.tuples(st.integers(4170, 4179).map(str), st.just(FOUNDED)),
    st.fixed_dictionaries(
        {"name": st.just("Uusi"), "kind": st.just("unit"), "parent": st.sampled_from(["400", "410"])}
    ),
)
ANY_COMMAND = st.one_of(FIGURE_COMMANDS, UNITS, ORGANISATION_COMMANDS, OTHER_COMMANDS)
MOVING_ON = st.sampled_from([CATCHING_UP, CATCHING_UP, REBUILDING])


@st.composite
def commands(draw: st.DrawFn) -> Given:
    """Any command; by a name that is short where Hypothesis tells of its rules."""
    return draw(ANY_COMMAND)


@st.composite
def deeds_of_others(draw: st.DrawFn) -> list[Deed]:
    """What is done at one go: most often facts are recorded, and then taken into the read models."""
    recorded = draw(st.lists(commands(), max_size=3))
    moved_on = draw(st.lists(MOVING_ON, max_size=1))
    damaged = draw(st.lists(st.sampled_from(DAMAGE), max_size=1)) if draw(st.integers(0, 5)) == 5 else []
    return [*recorded, *moved_on, *damaged]


ASKED = st.sampled_from(sorted(QUESTIONS))
AT_STEPS = st.dictionaries(st.integers(0, 24), deeds_of_others(), min_size=1, max_size=3)


class Stepping(Between):
    """Tells besides whether the transaction of the reader has looked at something, which nobody may swap then."""

    holding = False

    def step(self, sql: str) -> None:
        """Take note of a statement that is about to be executed."""
        super().step(sql)
        self.holding = self.in_transaction and not sql.startswith("BEGIN")


@define(eq=False)
class Reader:
    """One reader, and the moment that it holds, if any.

    Attributes:
        reader: of the store.
        held: what lets the moment go.
        position: of the moment; None while there is none.
        of_damaged: whether the read models had been damaged when the moment began.
    """

    reader: LogReader
    held: ExitStack = field(factory=ExitStack)
    position: int | None = None
    of_damaged: bool = False

    def let_go(self) -> None:
        """Let the moment go, if there is one."""
        self.held.close()
        self.position = None


class Answers:
    """What is right: the answers of stores in files whose logs are the first events of a log, and no others."""

    def __init__(self, location: str, kept_in: Database) -> None:
        self._location, self._kept_in = location, kept_in
        self._readers: dict[int, LogReader] = {}
        self._known: dict[tuple[Question, int], object] = {}

    def of(self, question: Question, position: int) -> object:
        """Return the answer to a question where the log ends at a position."""
        if position not in self._readers:
            self._readers[position] = LogReader.open(cut_store(self._location, position, self._kept_in))
        if (question, position) not in self._known:
            self._known[question, position] = QUESTIONS[question](self._readers[position])
        return self._known[question, position]

    def positions(self) -> list[int]:
        """Return the positions that were asked for."""
        return sorted(self._readers)

    def close(self) -> None:
        """Close the readers."""
        for reader in self._readers.values():
            reader.close()


class ReadersAndWriters(RuleBasedStateMachine):
    """A store, those who read it and those who write to it; what is known of its log is what was acknowledged.

    Attributes:
        end: position of the last event that a writer was told of.
        latest: the largest position that an answer named, or that a moment began at.
        built: where the read models stood when somebody last read with them.
        damaged: whether a row of the read models was changed since they were last built anew.
    """

    readers: Bundle[Reader] = Bundle("readers")

    def __init__(self, kept_in: Database) -> None:
        super().__init__()
        self.on_server = bool(kept_in.server)
        self.closing = ExitStack()
        new = EventLog.create(kept_in.new(f"moments{next(_number)}"), CITY, now=MADE, by="controller")
        self.log = self.closing.enter_context(new)
        self.right = Answers(self.log.location, Database(kept_in.folder))
        self.closing.callback(self.right.close)
        found_city(self.log)
        record(self.log, goals.set_goal, "4100", 2020, "a", binding_goal="a")
        self.end = record(self.log, figures.post_actual, "4160", "sales", parse_period("1/2020"), 5, also=True).last
        self.latest = self.built = 0
        self.damaged = False
        self.open: list[Reader] = []
        self.command: Command | None = None
        self.writer = ExitStack()
        self.turns = cycle(QUESTIONS)
        self.kept = True
        self.appended = 0

    @precondition(lambda self: self.command is None)
    @rule(given=commands(), kept=st.booleans())
    def begin_command(self, given: Given, kept: bool) -> None:  # noqa: FBT001 - as the machine gives it
        """Somebody begins a command, which will be undone where it is not to be kept."""
        self.kept, self.appended = kept, 0
        self.command = self.writer.enter_context(self.log.command(LATER, BY, dry_run=not kept))
        self.go_on_with_command(given)

    @precondition(lambda self: self.command is not None)
    @rule(given=commands())
    def go_on_with_command(self, given: Given) -> None:
        """The command appends what nobody is told of yet."""
        assert self.command
        options = dict(given.options)
        stamp = Stamp(self.command.recorded, BY.by, "", options.pop("reason", ""), self.command.login)
        session = Session(log=self.log, chart=self.log.chart(), stamp=stamp)
        with suppress(HeinolaError):
            given.handler(session, *given.arguments, **options)
            self.appended = self.command.append(session.pending).last

    @precondition(lambda self: self.command is not None)
    @rule()
    def end_command(self) -> None:
        """All of the command is there from now on, or nothing."""
        self.writer.close()
        self.command = None
        if self.kept:
            self.end = max(self.end, self.appended)

    @initialize(target=readers)
    def begin(self) -> Reader:
        """One reader is there from the start."""
        return self._opened()

    @precondition(lambda self: len(self.open) < READERS)
    @rule(target=readers)
    def open_reader(self) -> Reader:
        """Somebody opens the store for reading."""
        return self._opened()

    @rule(reader=consumes(readers))
    def close_reader(self, reader: Reader) -> None:
        """Somebody stops reading, whatever moment they hold."""
        reader.let_go()
        reader.reader.close()
        self.open.remove(reader)

    @precondition(lambda self: self._can_read())
    @rule(reader=readers, deeds=deeds_of_others())
    def begin_moment(self, reader: Reader, deeds: list[Deed]) -> None:
        """A moment begins at the end of the log, or stays where it is, and others go on."""
        position = reader.held.enter_context(one_moment(reader.reader))
        if reader.position is None:
            reader.position, reader.of_damaged = position, self.damaged
            self._take_note(position, self.end)
        assert position == reader.position
        self._do(*deeds)

    @rule(reader=readers)
    def end_moment(self, reader: Reader) -> None:
        """A moment is let go."""
        reader.let_go()

    @rule(reader=readers, question=ASKED)
    def ask(self, reader: Reader, question: Question) -> None:
        """Somebody asks, inside their moment if they hold one: what was damaged before it is told, and never shown."""
        if reader.position is not None:
            self._ask_in_moment(reader, question)
        elif self._can_read():
            self._ask(reader.reader, question)

    @precondition(lambda self: self._can_read())
    @rule(reader=readers, questions=st.lists(ASKED, min_size=2, max_size=3), deeds=deeds_of_others())
    def ask_all(self, reader: Reader, questions: list[Question], deeds: list[Deed]) -> None:
        """Several questions are asked as one, and others do something after each: all are of one moment."""

        def all_of_them() -> tuple[int, list[object]]:
            answers = []
            for question in questions:
                answers.append(QUESTIONS[question](reader.reader))
                self._do(*deeds, held=True)
            return reader.reader.size(), answers

        if reader.position is None:
            before = self.end
            position, answers = answered(reader.reader, all_of_them)
            self._take_note(position, before)
            assert answers == [self.right.of(question, position) for question in questions]

    @precondition(lambda self: self._can_read())
    @rule(question=ASKED, deeds=AT_STEPS)
    def ask_with_others_in_between(self, question: Question, deeds: dict[int, list[Deed]]) -> None:
        """Others do something before certain statements of a reader."""
        with self._watched(deeds) as reader:
            self._ask(reader, question)

    @precondition(lambda self: self.command is None and self._can_read())
    @rule(deeds=AT_STEPS)
    def publish(self, deeds: dict[int, list[Deed]]) -> None:
        """What is published is what the log says up to there, whatever others do in between; so is what was before."""
        with self._watched(deeds) as reader, suppress(PublishedBefore):
            done = publish(Publisher(self.log, reader, LATER, BY, SALT), PERIOD, None, incomplete=True)
            published = done.published
            self._take_note(published.position, self.end)
            self.end = published.at
            right = self.right.of("snapshot", published.position)
            with LogReader.open(self.log.location) as another:
                assert published_snapshot(another, published) == right
            assert not done.before_differs

    @rule(deeds=deeds_of_others())
    def go_on(self, deeds: list[Deed]) -> None:
        """Others record, and move the read models on, build them anew, or damage them."""
        self._do(*deeds)

    @invariant()
    def held_moments_stay(self) -> None:
        """Whoever holds a moment is told the same when the read models have moved on; another question each time."""
        for reader in self.open:
            if reader.position is not None and reader.position < self.built:
                self._ask_in_moment(reader, next(self.turns))

    def teardown(self) -> None:
        """When all are done: read models that are built anew know every position as it was told."""
        with self.closing:
            self.writer.close()
            for one in self.open:
                one.let_go()
                one.reader.close()
            with LogReader.open(self.log.location) as reader:
                rebuild(reader, ALL)
                for position in self.right.positions():
                    again = take_snapshot(reader, evolve(QUERY, position=position))
                    assert again == self.right.of("snapshot", position)

    def _opened(self) -> Reader:
        reader = Reader(LogReader.open(self.log.location))
        reader.reader.tell = self._hear
        self.open.append(reader)
        return reader

    def _ask(self, reader: LogReader, question: Question) -> None:
        before = self.end
        position, answer = answered(reader, lambda: (reader.size(), QUESTIONS[question](reader)))
        self._take_note(position, before)
        assert answer == self.right.of(question, position)

    def _take_note(self, position: int, before: int) -> None:
        """Hold a position that was named against what was acknowledged before, and is by now, and was told before."""
        assert before <= position <= self.end
        assert position >= self.latest
        self.latest = self.built = position

    def _ask_in_moment(self, reader: Reader, question: Question) -> None:
        assert reader.position is not None
        try:
            answer = QUESTIONS[question](reader.reader)
        except ModelsDiffer:
            assert reader.of_damaged
            reader.let_go()
        else:
            assert answer == self.right.of(question, reader.position)

    @contextmanager
    def _watched(self, deeds: dict[int, list[Deed]]) -> Iterator[LogReader]:
        """Give a reader before whose statements, by number, others do something."""
        steps = count()

        def others() -> None:
            self._do(*deeds.get(next(steps), ()), held=between.holding, awaited=True)

        between = Stepping(others)
        with watched(self.log.location, between) as reader:
            reader.tell = self._hear
            yield reader

    def _can_read(self, *, held: bool = False) -> bool:
        """Return whether read models can be mended and caught up as far as need be, with nobody in the way."""
        if self.on_server:
            return not (self.damaged and self._in_the_way(held=held))
        return self.command is None or (self.built == self.end and not self.damaged)

    def _in_the_way(self, *, held: bool) -> bool:
        """Return whether tables cannot be swapped, or a file not be written to, before somebody lets go."""
        if self.on_server:
            return held or any(reader.position is not None for reader in self.open)
        return self.command is not None

    def _do(self, *deeds: Deed, held: bool = False, awaited: bool = False) -> None:
        """Do what nobody is in the way of; `held` is whether a reader looks on, `awaited` whether it will read on."""
        for deed in deeds:
            if isinstance(deed, Given):
                self._record(deed)
            elif deed in {CATCHING_UP, REBUILDING}:
                self._move_on(deed, held=held)
            elif self.built and not (self._in_the_way(held=False) and (awaited or not self.on_server)):
                self._with_another(partial(_execute, sql=deed))
                self.damaged = True

    def _move_on(self, deed: str, *, held: bool) -> None:
        """Build the read models anew; catch up instead where that is what was asked for, or others are in the way."""
        if deed == REBUILDING and not self._in_the_way(held=held):
            self._with_another(lambda reader: rebuild(reader, ALL))
            self.built, self.damaged = self.end, False
        elif self._can_read(held=held):
            self._with_another(lambda reader: catch_up(reader, ALL))
            self.built = self.end

    def _record(self, given: Given) -> None:
        if self.command is None:
            with suppress(HeinolaError):
                receipt = record(self.log, given.handler, *given.arguments, **given.options)
                self.end = max(self.end, receipt.last)

    def _with_another(self, deed: Callable[[LogReader], object]) -> None:
        with LogReader.open(self.log.location) as reader:
            reader.tell = self._hear
            deed(reader)

    def _hear(self, sentence: str) -> None:
        """Take note of what a reader says: that the read models were built anew."""
        self.damaged = self.damaged and not sentence.endswith("and were rebuilt")


def _execute(reader: LogReader, sql: str) -> None:
    reader.connection.execute(sql)


def machine_of(kept_in: Database) -> type[RuleBasedStateMachine]:
    """Return the machine, with a new store in a database each time."""

    class Here(ReadersAndWriters):
        def __init__(self) -> None:
            super().__init__(kept_in)

    return Here


def looking(examples: int, **other: Any) -> settings:  # noqa: ANN401 - as Hypothesis takes them
    """Return how hard to look: so many examples, or more in a profile that looks harder."""
    return settings(max_examples=max(examples, settings().max_examples // 40), stateful_step_count=20, **other)


def test_every_answer_is_of_the_position_that_it_names(kept_in: Database) -> None:
    """It is of the log's end when the reading began, or later; never behind an earlier one; and stays true."""
    with segments_of(SEGMENT):
        run_state_machine_as_test(machine_of(kept_in), settings=looking(3))


def test_readers_without_a_transaction_are_found(kept_in: Database) -> None:
    """The control: where a moment is no transaction, some answer is not that of its position."""
    control = looking(60, phases=[Phase.generate], derandomize=True, database=None, report_multiple_bugs=False)
    with segments_of(SEGMENT), patch.object(moment, "_begun", _found_where_it_is), pytest.raises(AssertionError):
        run_state_machine_as_test(machine_of(kept_in), settings=control)


def _found_where_it_is(reader: LogReader, wanted: int) -> bool:
    """Begin a moment without a transaction."""
    found = standing(reader, ALL)
    position = found.agreed(ALL)
    if position is None or position < wanted:
        return False
    reader.moment = position
    moment._remember(reader, found)
    return True
