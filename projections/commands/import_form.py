"""`heinola import form`: what people filled in, exactly what they changed, a command for each form, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands import options
from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.printing import say
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput, HeinolaError, Refused
from projections.commands.reading import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from events.base import Event
    from heinola_es.handlers.session import Session
    from heinola_es.store.log import Receipt, Request
    from heinola_es.store.reading import LogReader
    from projections.forms.changes import Change
    from projections.forms.filled import FilledForm
    from projections.forms.taking_in import FormChanges, Side, TakenIn

    ToDo = list[tuple[FormChanges, list[Change]]]

ENDINGS = (".xlsx",)
_TRIES = 5


class Moved(Refused):
    """Somebody recorded something while the forms were read."""


@click.command("form", cls=Verb)
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True, metavar="FILE|DIR...")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, with every problem; record nothing.")
@click.option("--mine", is_flag=True, help="Where somebody recorded something else meanwhile, the form holds.")
@click.option("--theirs", is_flag=True, help="Where somebody recorded something else meanwhile, that holds.")
@options.clock_is_right
@options.large
@options.restating
@pass_door
def import_form(
    door: Door,
    *,
    files: tuple[Path, ...],
    dry_run: bool,
    mine: bool,
    theirs: bool,
    clock_is_right: bool,
    large: bool,
    restates: bool,
) -> None:
    """Import forms that `heinola form` made and people filled in: exactly what was changed since.

    A folder stands for the forms in it. Each form is one command, under the name of whoever filled it in, else under
    --actor; of all forms everything is recorded, or nothing, and every problem is told with its form, sheet and cell.
    What was left as it was records nothing; an emptied field takes back what was in it. The same form records once.

    Examples:
      heinola import form lomakkeet --dry-run
      heinola import form 2020Q3-4160.xlsx --mine
    """
    from heinola_es.store.log import Request

    if mine and theirs:
        raise BadInput("either the form holds or what is recorded: give --mine or --theirs, not both")
    side: Side = "mine" if mine else "theirs" if theirs else ""
    forms, unread = _read(files)

    def request(each: FormChanges) -> Request:
        by = each.actor or door.who()
        return Request(by, each.form.name, clock_is_right=clock_is_right, large=large, restates=restates)

    for _try in range(_TRIES):
        taken = ask(door.store, lambda reader: _taken_in(reader, forms, unread, side))
        taken.require_sound()
        try:
            _record(door, taken, request, dry_run=dry_run)
        except Moved:
            continue
        return
    raise Refused("others keep recording while the forms are read; nothing was recorded, try again")


def _read(files: Sequence[Path]) -> tuple[list[FilledForm], list[str]]:
    """Return the forms in some files and folders, and what is wrong with those that cannot be read.

    Raises:
        BadInput: a folder has no form in it.
    """
    forms: list[FilledForm] = []
    unread: list[str] = []
    for path in _each_file(files):
        try:
            forms.append(_reader_of(path)(path))
        except BadInput as error:
            unread.append(str(error))
    return forms, unread


def _each_file(files: Sequence[Path]) -> Iterator[Path]:
    for path in files:
        if not path.is_dir():
            yield path
            continue
        inside = [one for one in sorted(path.iterdir()) if one.suffix.lower() in ENDINGS and one.name[:1] not in "~."]
        if not inside:
            raise BadInput(f"{path} has no forms in it ({', '.join(ENDINGS)}); name the folder that they are in")
        yield from inside


def _reader_of(path: Path) -> Callable[[Path], FilledForm]:
    from projections.forms.reading.workbook import read_workbook

    if path.suffix.lower() not in ENDINGS:
        raise BadInput(f"{path.name}: forms are read from {', '.join(ENDINGS)}; save it as one of them")
    if not path.is_file():
        raise BadInput(f"{path} is not there, or is no file; check its name")
    return read_workbook


def _taken_in(reader: LogReader, forms: list[FilledForm], unread: list[str], side: Side) -> TakenIn:
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
    from heinola_es.store.log import EventLog

    to_do: ToDo = [(each, [one for one in each.changes if not one.is_recorded]) for each in taken.forms]
    if not any(changes for _each, changes in to_do):
        say(*(_nothing(each) for each in taken.forms), "there was nothing to record")
        return
    asked: list[list[Event]] = []
    works = [(request(each), _work(each, changes, asked, taken.position)) for each, changes in to_do if changes]

    def done() -> list[Receipt]:
        asked.clear()
        with EventLog.open(door.store) as log:
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
