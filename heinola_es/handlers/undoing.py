"""Undoing: what was recorded by mistake counts no more, and the log is as if it had not been, in all but itself.

Whether it can be is found out by giving the commands of everything that was recorded since again, in two worlds: the
log as it is, and the log as it would be. What would be recorded in the first and refused in the second rests on what is
undone.
"""

from __future__ import annotations

from collections import defaultdict
from shlex import quote
from typing import TYPE_CHECKING, Any, NamedTuple

from attrs import define, field, frozen

from events.charts import ChartAdopted
from events.codec import encode_body
from events.keys import KeysRequired
from events.period import Period
from events.publications import ReportPublished
from events.ranges import numbers_of, ranges_of
from events.roles import RoleGiven, RoleWithdrawn
from events.rounds import RoundsEvent
from events.store import CommandKeyed, StoreInitialised, StoreUpgraded
from events.streams import key_named
from events.undoing import FactsUndone
from heinola_es.domain.aggregates.base import UndoneBefore
from heinola_es.domain.aggregates.unit_year import PeriodIsClosed
from heinola_es.errors import BadInput, HeinolaError, Refused
from heinola_es.handlers.asked_again import FACTS, World, require_open, subject_of
from heinola_es.handlers.session import Session, UnknownUnit
from heinola_es.store.log import Logged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from events.base import Event
    from events.ranges import Ranges
    from heinola_es.domain.aggregates.base import Aggregate

MOST_NAMED = 20
"""So many of the events that stand in the way are named; of more it is said how many there are."""
RESTING = "--with-what-rests-on-it"


class NotUndoable(Refused):
    """What was recorded is not of a kind that can be undone."""


class RestsOnIt(Refused):
    """Later facts rest on what would be undone."""


class CannotComeBack(Refused):
    """What was undone contradicts by now what is there."""


class CutsCommand(BadInput):
    """A range of positions has a part of what a command recorded."""


class Resting(NamedTuple):
    """An event that rests on what is undone, and why: what recording it would be refused with."""

    position: int
    event: Event
    why: HeinolaError


def undo(session: Session, wanted: Sequence[tuple[int, int]], *, with_what_rests_on_it: bool = False) -> None:
    """Let everything that some commands recorded count no more, with a reason.

    What an undoing undid counts again where the undoing itself is undone.

    Args:
        session: a command's view of the log.
        wanted: ranges of positions, first and last; a single position stands for all that its command recorded.
        with_what_rests_on_it: undo what rests on it as well.

    Raises:
        ReasonRequired; BadInput for a position that the log does not have.
        CutsCommand: a range has a part of a command.
        NotUndoable, UndoneBefore: what was recorded there cannot be undone, or is already.
        PeriodIsClosed: it is in books that are closed.
        RestsOnIt: later facts rest on it.
        CannotComeBack: it contradicts what is there by now.
    """
    session.stamp.require_reason("undoing something")
    asked = _asked(session, wanted)
    change = Change.of(session, asked)
    resting = change.resting()
    if resting and not with_what_rests_on_it:
        raise RestsOnIt(*_told(change, resting))
    change.require_open()
    _record(session, change.undone_by_this)


def undo_facts(session: Session, facts: Mapping[int, Event]) -> None:
    """Let some facts of one stream, on which nothing rests, count no more, with a reason; the caller asks the rules.

    Args:
        session: a command's view of the log.
        facts: those facts, by position; none of them is undone.
    """
    _record(session, {position: Logged(position, event) for position, event in facts.items()})


# ---------------------------------------------------------------- what is asked for


def _asked(session: Session, wanted: Iterable[tuple[int, int]]) -> list[Logged]:
    """Return the events to be undone, in the order of the log."""
    undone = session.log.undone_positions()
    found: dict[int, Logged] = {}
    for first, last in wanted:
        start, end = _whole(session, first, last)
        events = list(session.log.logged(start - 1, end))
        facts = [logged for logged in events if not isinstance(logged.event, CommandKeyed)]
        for logged in facts:
            _require_undoable(logged)
        live = [logged for logged in facts if logged.position not in undone]
        if not live:
            _refuse_undone(facts, undone, first)
        found |= {logged.position: logged for logged in live}
    return [found[position] for position in sorted(found)]


def _whole(session: Session, first: int, last: int) -> tuple[int, int]:
    """Return the positions of whole commands.

    Raises:
        BadInput: there is no such position, or it is the key of a command.
        CutsCommand: the range has a part of a command.
    """
    if first > last:
        raise BadInput(f"#{first}–#{last} runs backwards; write the lower position first")
    begins, ends = session.log.command_at(first)
    if first == last:
        (logged,) = session.log.logged(first - 1, first)
        if isinstance(logged.event, CommandKeyed):
            of = _span(logged.event.first, logged.event.last)
            raise NotUndoable(f"#{first} is the key of a command, which stays; what the command recorded is {of}")
        return begins, ends
    last_begins, last_ends = session.log.command_at(last)
    cut = [
        _span(*command)
        for command, is_cut in (((begins, ends), begins < first), ((last_begins, last_ends), last_ends > last))
        if is_cut and not (command == (last_begins, last_ends) and _is_key(session, last + 1, last_ends))
    ]
    if cut:
        commands = " and ".join(dict.fromkeys(cut))
        raise CutsCommand(
            f"#{first}–#{last} cuts what was recorded by one command, {commands}; take all of it, or none"
        )
    return first, last


def _is_key(session: Session, first: int, last: int) -> bool:
    """Return whether nothing but the key of a command stands at some positions."""
    return all(isinstance(logged.event, CommandKeyed) for logged in session.log.logged(first - 1, last))


def _require_undoable(logged: Logged) -> None:
    position, event = logged
    if isinstance(event, ReportPublished):
        raise NotUndoable(
            f"#{position} published a report, which stays published; publish it again with `heinola publish`, "
            "as a new revision"
        )
    if isinstance(event, RoundsEvent):
        raise NotUndoable(
            f"#{position} {event.TOPIC} is a step of a round, which the next step puts right: `heinola round return`, "
            "`open` again or `close`"
        )
    if isinstance(event, RoleGiven | RoleWithdrawn):
        unit = f" --unit {quote(event.unit)}" if event.unit else ""
        how, what = (" --withdraw", "given") if isinstance(event, RoleGiven) else ("", "withdrawn")
        raise NotUndoable(
            f"#{position} {event.TOPIC}: a role was {what}, which the next decision puts right: "
            f"`heinola record role {quote(event.actor)} {event.role}{unit}{how}`"
        )
    if isinstance(event, ChartAdopted) and event.from_year is None:
        raise NotUndoable(f"#{position} brought the chart, on whose lines all figures stand; make a new store")
    if isinstance(event, KeysRequired):
        raise NotUndoable(f"#{position} states which keys are required; `heinola keys require` states others")
    if isinstance(event, StoreInitialised | StoreUpgraded):
        raise NotUndoable(f"#{position} is about the store itself, without which there is none; make a new store")
    if type(event) not in FACTS and not isinstance(event, FactsUndone):
        raise NotUndoable(f"#{position} {event.TOPIC} is of a kind that cannot be undone")


def _refuse_undone(facts: Sequence[Logged], undone: Mapping[int, int], first: int) -> None:
    if not facts:
        raise NotUndoable(f"#{first} has nothing that can be undone")
    by = sorted({undone[logged.position] for logged in facts})
    raise UndoneBefore(
        f"{_span(facts[0].position, facts[-1].position)} {'was' if len(facts) == 1 else 'were'} undone already, by "
        f"{', '.join(f'#{at}' for at in by[:3])}; to bring it back, undo that: heinola undo '#{by[0]}' --reason \"…\""
    )


# ---------------------------------------------------------------- what comes of it


@define(slots=True)
class Change:
    """What an undoing changes in the log.

    Attributes:
        session: of the command.
        undone_by_this: the events that are to be undone, undoings among them, by position.
        gone: positions of the facts that count no more.
        back: positions of the facts that count again.
    """

    session: Session
    undone_by_this: dict[int, Logged]
    gone: set[int]
    back: set[int]
    _dead: frozenset[int]
    _worlds: tuple[World, World] | None = field(init=False, default=None)

    @classmethod
    def of(cls, session: Session, asked: Sequence[Logged]) -> Change:
        """Return what comes of undoing some events that count."""
        targets = {logged.position: logged for logged in asked}
        undoings = dict(session.log.undoings())
        dead = frozenset(_dead_after(undoings, ()))
        after = _dead_after(undoings, targets)
        facts = {p for p, logged in targets.items() if not isinstance(logged.event, FactsUndone)}
        return cls(session, targets, (after - dead) | facts, set(dead - after), dead)

    def resting(self) -> list[Resting]:
        """Return what rests on what is undone, in the order of the log; it is from then on undone as well.

        Raises:
            CannotComeBack.
        """
        found: list[Resting] = []
        changed = self.gone | self.back
        if not changed:
            return found
        first, end = min(changed), self.session.log.head().size
        before, after = self._world(self._dead, first - 1), self._world(_Without(self), first - 1)
        touched = _Touched(before, after)
        for position, event in self.session.log.logged(first - 1, end):
            if type(event) not in FACTS:
                continue
            fact: Any = event
            if position in changed:
                touched.add(fact)
            if position in self.back:
                self._require_grounds(after, Logged(position, fact))
            elif position not in self._dead and position not in self.gone and touched.bears_on(fact):
                refusal = after.refusal(fact)
                if refusal is not None and before.refusal(fact) is None:
                    found.append(Resting(position, fact, refusal))
                    self.gone.add(position)
                    self.undone_by_this[position] = Logged(position, fact)
                    touched.add(fact)
            before.take(position, fact)
            after.take(position, fact)
        self._worlds = before, after
        return found

    def require_open(self) -> None:
        """Refuse what is in books that are closed, and stay so.

        Raises:
            PeriodIsClosed.
        """
        if self._worlds is None:
            return
        before, after = self._worlds
        asked: set[tuple[Any, ...]] = set()
        for position in sorted(self.gone | self.back):
            (logged,) = self._logged(position)
            fact: Any = logged.event
            key = type(fact), subject_of(fact), fact.effective, getattr(fact, "fiscal_year", 0)
            if key in asked:
                continue
            asked.add(key)
            now, then = (before, after) if position in self.gone else (after, before)
            try:
                require_open(now, fact)
            except PeriodIsClosed as closed:
                _require_open_without(then, fact, closed)
            except UnknownUnit:  # no command recorded it, and no books have it
                continue

    def _logged(self, position: int) -> Iterator[Logged]:
        known = self.undone_by_this.get(position)
        return iter((known,)) if known else self.session.log.logged(position - 1, position)

    def _require_grounds(self, after: World, logged: Logged) -> None:
        """Refuse an event that was undone and cannot come back: what it rested on is gone.

        Raises:
            CannotComeBack.
        """
        fact: Any = logged.event
        refusal = after.refusal(fact)
        if refusal is None:
            return
        then = self._world(_dead_at(self.session, logged.position), logged.position - 1)
        if then.refusal(fact) is None:
            raise CannotComeBack(f"#{logged.position} {fact.TOPIC} cannot come back: {refusal}")

    def _world(self, dead: Any, at: int) -> World:  # noqa: ANN401 - anything that knows which positions it has
        session = self.session
        return World(log=session.log, chart=session.chart, stamp=session.stamp, dead=dead, at=at)


def _require_open_without(world: World, fact: Any, closed: PeriodIsClosed) -> None:  # noqa: ANN401 - a fact
    """Refuse what is in closed books, unless what is undone with it is the closing alone, and not the unit as well.

    Raises:
        PeriodIsClosed.
    """
    try:
        require_open(world, fact)
    except UnknownUnit:
        raise closed from None


@frozen(slots=True)
class _Without:
    """The positions that are without effect once something is undone, more of them as more is found to rest on it."""

    change: Change

    def __contains__(self, position: object) -> bool:
        change = self.change
        return position in change.gone or (position in change._dead and position not in change.back)  # noqa: SLF001


@define(slots=True)
class _Touched:
    """What is changed, and so what a later event may rest on: only that is asked again."""

    before: World
    after: World
    subjects: set[str] = field(factory=set)
    everything: bool = False
    _above: dict[str, frozenset[str]] = field(factory=dict)

    def add(self, fact: Any) -> None:  # noqa: ANN401 - a fact
        """Take note that an event is undone, or comes back; what happens to a unit may bear on all."""
        self.everything = self.everything or hasattr(fact, "code") or isinstance(fact, ChartAdopted)
        self.subjects.add(subject_of(fact))

    def bears_on(self, fact: Any) -> bool:  # noqa: ANN401 - a fact
        """Return whether an event may rest on what is changed."""
        if self.everything:
            return True
        if hasattr(fact, "code"):
            self._above.clear()
        subject = subject_of(fact)
        if subject in self.subjects:
            return True
        return hasattr(fact, "unit") and not hasattr(fact, "project") and bool(self._units(subject) & self.subjects)

    def _units(self, code: str) -> frozenset[str]:
        """Return every unit that a unit stands under on any day, as far as is known by now or later."""
        if code not in self._above:
            session = self.before
            units = {unit.code for unit in session.ever_above(code)} if session.unit_or_new(code).kind else set()
            self._above[code] = frozenset(units)
        return self._above[code]


def _dead_after(undoings: Mapping[int, Ranges], targets: Iterable[int]) -> set[int]:
    """Return the positions that are undone, once some events are undone by a new event."""
    dead = set(targets)
    for by in sorted(undoings, reverse=True):
        if by not in dead:
            dead.update(numbers_of(undoings[by]))
    return dead - undoings.keys()


def _dead_at(session: Session, position: int) -> frozenset[int]:
    """Return what was undone by the time of an event."""
    earlier = {by: ranges for by, ranges in session.log.undoings() if by < position}
    return frozenset(_dead_after(earlier, ()))


# ---------------------------------------------------------------- how it is told and recorded


def _record(session: Session, undone: Mapping[int, Logged]) -> None:
    """Record an event in each stream, in the order in which what they undo was recorded."""
    by_stream: dict[UUID, list[Logged]] = defaultdict(list)
    for position in sorted(undone):
        by_stream[undone[position].event.originator_id].append(undone[position])
    for logged in by_stream.values():
        first = logged[0].event
        key = first.stream if isinstance(first, FactsUndone) else key_named(first.TOPIC, encode_body(first))
        spans = [one.event.effective for one in logged]
        effective = Period(min(span.start for span in spans), max(span.end for span in spans))
        positions = {one.event.originator_version: one.position for one in logged}
        _aggregate(session, key, first).undo(session.stamp, key, positions, effective)


def _aggregate(session: Session, key: str, event: Event) -> Aggregate[Any]:
    """Return the aggregate of a stream by its natural key."""
    kind, _, rest = key.partition("/")
    if kind == "unit":
        return session.unit_or_new(rest)
    if kind == "unit-year":
        unit, _, year = rest.rpartition("/")
        return session.unit_year(unit, int(year))
    if kind == "project":
        return session.project_or_new(rest)
    if kind == "city":
        return session.city()
    if kind == "import":
        return session.file_import(rest)
    if kind == "charts":
        return session.chart_book()
    raise TypeError(f"{event.TOPIC} of {key} cannot be undone")


def _told(change: Change, resting: Sequence[Resting]) -> list[str]:
    """Return what rests on what is undone, a sentence for each, and the ways on."""
    what = ranges_of(position for position in change.undone_by_this if position not in {r.position for r in resting})
    number = len(resting)
    first = (
        f"{number} later {'event rests' if number == 1 else 'events rest'} on {_spans(what)}; undo "
        f"{'it' if number == 1 else 'them'} first, or all together with {RESTING}; nothing was recorded"
    )
    named = [
        f"  #{one.position} {one.event.TOPIC} {one.event.effective.label}: {one.why}" for one in resting[:MOST_NAMED]
    ]
    return [first, *named, *([f"  and {number - MOST_NAMED} more"] if number > MOST_NAMED else [])]


def _span(first: int, last: int) -> str:
    return f"#{first}" if first == last else f"#{first}–#{last}"


def _spans(ranges: Ranges) -> str:
    told = [_span(first, last) for first, last in ranges[:MOST_NAMED]]
    return ", ".join([*told, *(["…"] if len(ranges) > MOST_NAMED else [])])
