"""`heinola store`: moving a store."""

from __future__ import annotations

import click

from heinola_es.commands.lazy import LazyGroup, Verbs
from heinola_es.commands.verb import Verb

VERBS: Verbs = {
    "copy": ("heinola_es.commands.store:copy", "Copy the log of one store into another, on either database."),
}


@click.group(cls=LazyGroup, verbs=VERBS)
def store() -> None:
    """Move a store."""


@click.command(cls=Verb)
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
def copy(source: str, target: str) -> None:
    """Copy the log of the store FROM, word for word, into the store TO, which is new or has no events yet.

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
        size = import_into(target, lambda: exported(reader, head))
    click.echo(f"copied {size} events from {shown(source)} to {shown(target)}")
