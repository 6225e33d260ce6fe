"""`heinola store`: moving a store, and bringing it to the format of this version."""

from __future__ import annotations

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.lazy import LazyGroup, Verbs
from heinola_es.commands.verb import Verb

VERBS: Verbs = {
    "upgrade": ("heinola_es.commands.store:upgrade", "Bring a store made by an earlier version to this one's format."),
    "copy": ("heinola_es.commands.store:copy", "Copy the log of one store into another, on either database."),
}


@click.group(cls=LazyGroup, verbs=VERBS)
def store() -> None:
    """Move a store, or bring it to the format of this version."""


@click.command(cls=Verb)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
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

    with LogReader.open(source) as reader:
        head = reader.head()
        size = import_into(target, lambda: exported(reader, head), now=door.clock, by=door.who())
    click.echo(f"copied {size} events from {shown(source)} to {shown(target)}")


@click.command(cls=Verb)
@pass_door
def upgrade(door: Door) -> None:
    """Bring a store made by an earlier version to this one's format.

    What stood beside its log, its settings and the keys of commands, is taken into the log. Its events, roots, seals
    and proofs stay as they are. The next command that records would do it, too.

    Example:
      heinola --store heinola.db store upgrade
    """
    from heinola_es.store.log import EventLog, Request

    with EventLog.open(door.store) as log:
        position = log.upgrade(door.clock, Request(door.who()))
        if position:
            click.echo(f"#{position} {log.name} is of format {log.setting('format')} now")
        else:
            click.echo(f"{log.name} is of format {log.setting('format')} already; nothing was recorded")
