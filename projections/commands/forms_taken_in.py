"""Taking in forms, as `import form` and `form --edit` do: held against the log, recorded a command each, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.commands.printing import say
from heinola_es.errors import HeinolaError, Refused
from projections.commands.reading import ask
from projections.forms.taking_in import Side

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from events.base import Event
    from heinola_es.commands.context import Door
    from heinola_es.handlers.session import Session
    from heinola_es.store.log import Receipt, Request
    from heinola_es.store.reading import LogReader
    from projections.forms.changes import Change
    from projections.forms.filled import FilledForm
    from projections.forms.taking_in import FormChanges, TakenIn

    ToDo = list[tuple[FormChanges, list[Change]]]

_TRIES = 5


class Moved(Refused):
    """Somebody recorded something while the forms were read."""


@frozen(slots=True, kw_only=True)
class How:
    """How forms are recorded.

    Attributes:
        side: what holds where somebody recorded something else meanwhile.
        dry_run: record nothing.
        clock_is_right, large, restates: as in `Request`.
    """

    side: Side = ""
    dry_run: bool = False
    clock_is_right: bool = False
    large: bool = False
    restates: bool = False


def take_in_forms(door: Door, forms: Sequence[FilledForm], unread: Sequence[str], how: How) -> None:
    """Record what forms change, all of it or nothing, and tell it.

    Args:
        door: the store, who asks, and the clock.
        forms: as they were filled in.
        unread: what was wrong with those that could not be read at all.
        how: how they are recorded.

    Raises:
        FormsUnread, FormsRefused: something is wrong with some of them; all of it is told.
    """
    from heinola_es.store.log import Request

    def request(each: FormChanges) -> Request:
        by = each.actor or door.who()
        return Request(by, each.form.name, clock_is_right=how.clock_is_right, large=how.large, restates=how.restates)

    for _try in range(_TRIES):
        taken = ask(door.store, lambda reader: _taken_in(reader, forms, unread, how.side))
        taken.require_sound()
        try:
            _record(door, taken, request, dry_run=how.dry_run)
        except Moved:
            continue
        return
    raise Refused("others keep recording while the forms are read; nothing was recorded, try again")


def _taken_in(reader: LogReader, forms: Sequence[FilledForm], unread: Sequence[str], side: Side) -> TakenIn:
    from attrs import evolve

    from projections.forms.taking_in import take_in
    from projections.read_models.moment import one_moment

    with one_moment(reader):
        fresh = [evolve(form, wrong=list(form.wrong)) for form in forms]  # the question may be asked again
        return take_in(reader, fresh, unread, side)


def _record(door: Door, taken: TakenIn, request: Callable[[FormChanges], Request], *, dry_run: bool) -> None:
    """Record what forms change, and tell it.

    Raises:
        Moved: the log went on since they were held against it.
        FormsRefused: rules refuse some of it; all that they refuse is told.
    """
    from heinola_es.handlers.session import run_each

    to_do: ToDo = [(each, [one for one in each.changes if not one.is_recorded]) for each in taken.forms]
    if not any(changes for _each, changes in to_do):
        say(*(_nothing(each) for each in taken.forms), "there was nothing to record")
        return
    asked: list[list[Event]] = []
    works = [(request(each), _work(each, changes, asked, taken.position)) for each, changes in to_do if changes]

    def done() -> list[Receipt]:
        asked.clear()
        with door.log() as log:
            return run_each(log, door.clock, works, dry_run=dry_run)

    try:
        if dry_run:
            say(*_told(to_do, done(), dry_run=True))
        else:
            door.aftermath.settle(
                done, lambda: _there(door.store, asked), lambda receipts: _told(to_do, receipts, dry_run=False)
            )
    except ExceptionGroup as refusals:
        raise _together(refusals.exceptions) from None


def _there(store: str, asked: Sequence[list[Event]]) -> list[Receipt] | None:
    """Return what the forms were to record, where the log has it though the word about it broke off."""
    from heinola_es.commands.aftermath import recorded_events

    found = [receipt for events in asked if (receipt := recorded_events(store, events)) is not None]
    return found if asked and len(found) == len(asked) else None


def _work(
    each: FormChanges, changes: Sequence[Change], asked: list[list[Event]], position: int
) -> Callable[[Session], None]:
    """Return the work of one form; the first asks whether the log is still as the forms were held against it."""
    from projections.forms.recording import FormRefused, record_changes

    def work(session: Session) -> None:
        if not asked and session.log.head().size != position:
            raise Moved("the log went on while the forms were read")
        asked.append([])
        try:
            record_changes(session, each.form.identity, changes)
        except FormRefused as error:
            raise FormRefused(*(f"{each.form.name}: {line}" for line in error.lines)) from None
        asked[-1].extend(session.pending)

    return work


def _together(refusals: Sequence[Exception]) -> HeinolaError:
    """Return all refusals as one."""
    from projections.forms.taking_in import FormsRefused, problems_counted

    moved = next((error for error in refusals if isinstance(error, Moved)), None)
    lines = [line for error in refusals if isinstance(error, HeinolaError) for line in error.lines]
    return moved or FormsRefused(problems_counted(len(lines)), *(f"  {line}" for line in lines))


def _told(to_do: ToDo, receipts: Sequence[Receipt], *, dry_run: bool) -> Iterator[str]:
    """Yield what each form recorded, or would record."""
    from heinola_es.commands.told import described
    from projections.forms.taking_in import named

    waiting = iter(receipts)
    for each, changes in to_do:
        if not changes:
            yield _nothing(each)
            continue
        receipt = next(waiting)
        by = receipt.events[0].recorded_by
        number = len(receipt.events)
        span = "" if dry_run else f", #{receipt.first}–#{receipt.last}" if number > 1 else f", #{receipt.first}"
        verb = "would record" if dry_run else "recorded"
        yield f"{each.form.name}, by {by}: {verb} {number} {'event' if number == 1 else 'events'}{span}"
        emptied = [named(change) for change in changes if change.is_emptied]
        yield from (f"  {described(event)}" for event in receipt.events if event.TOPIC != "FactsUndone")
        yield from (f"  withdrawn, because it was emptied: {name}" for name in emptied)
    if dry_run:
        yield "nothing was recorded"


def _nothing(each: FormChanges) -> str:
    why = "recorded before, nothing was added" if each.changes else "nothing was changed in it"
    return f"{each.form.name}: {why}"
