"""`heinola store`: moving a store, and bringing it to the format of this version."""

from __future__ import annotations

import click

from heinola_es.commands.aftermath import recorded_log
from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.lazy import LazyGroup, Verbs
from heinola_es.commands.options import clock_is_right
from heinola_es.commands.verb import Verb

VERBS: Verbs = {
    "upgrade": ("heinola_es.commands.store:upgrade", "Bring a store made by an earlier version to this one's format."),
    "copy": ("heinola_es.commands.store:copy", "Copy the log of one store into another, on either database."),
}


@click.group(cls=LazyGroup, verbs=VERBS)
def store() -> None:
    """Move a store, or bring it to the format of this version."""


@click.command(cls=Verb)
@click.argument("source", type=click.Path(), metavar="FROM")
@click.argument("target", type=click.Path(), metavar="TO")
@pass_door
def copy(door: Door, source: str, target: str) -> None:
    """Copy the log of the store FROM, word for word, into the store TO, which is made by it.

    Either is a path or postgresql://…; --store is not asked. The copy has the same positions, hashes and root, the same
    command keys, and gives the same snapshots.

    Example:
      heinola store copy heinola.db copy.db
    """
    from heinola_es.store.location import shown
    from heinola_es.store.reading import LogReader
    from heinola_es.store.transfer import exported, import_into

    who = door.who()
    with LogReader.open(source) as reader:
        reader.connection.execute("BEGIN")  # it is read twice, and as it is now
        head = reader.head()
        door.aftermath.settle(
            lambda: import_into(target, lambda: exported(reader, head), now=door.clock, by=who, mode=door.file_mode),
            lambda: recorded_log(target, head),
            lambda size: [f"copied {size} events from {shown(source)} to {shown(target)}"],
        )


@click.command(cls=Verb)
@clock_is_right
@pass_door
def upgrade(door: Door, *, clock_is_right: bool) -> None:
    """Bring a store made by an earlier version to this one's format.

    What stood beside the log of the first, its settings and the keys of commands, is taken into the log. Its events,
    roots, seals and proofs stay as they are. The next command that records would do it, too.

    Example:
      heinola --store heinola.db store upgrade
    """
    from heinola_es.store.log import Request

    request = Request(door.who(), clock_is_right=clock_is_right)
    with door.log() as log:
        door.aftermath.settle(
            lambda: log.upgrade(door.clock, request),
            lambda: _upgraded(door.store),
            lambda position: [_told(log.name, log.setting("format"), position)],
        )


def _told(name: str, form: str, position: int) -> str:
    if position:
        return f"#{position} {name} is of format {form} now"
    return f"{name} is of format {form} already; nothing was recorded"


def _upgraded(store: str) -> int | None:
    """Return the position of the event that brought a store to this format; None where there is none."""
    from heinola_es.store.reading import LogReader

    with LogReader.open(store) as reader:
        found = reader.connection.execute("SELECT max(position) FROM stored_events WHERE topic = 'StoreUpgraded'")
        (position,) = found.fetchone()
    return None if position is None else int(position)
