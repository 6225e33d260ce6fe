"""`heinola export`: what the store holds, for other programs and other machines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.lazy import LazyGroup, Verbs
from heinola_es.commands.verb import Verb

if TYPE_CHECKING:
    from collections.abc import Iterable

VERBS: Verbs = {
    "events": ("projections.commands.export:events", "Write the whole log as JSON Lines, each event with its hash."),
}
STDOUT = "-"


@click.group(cls=LazyGroup, verbs=VERBS)
def export() -> None:
    """Write what the store holds for other programs and other machines."""


@click.command(cls=Verb)
@click.option("-o", "--output", default=STDOUT, metavar="FILE", help="Write to a file; by default to stdout.")
@pass_door
def events(door: Door, output: str) -> None:
    """Write the whole log as JSON Lines: whose it is and its root, then every event with its hash, then command keys.

    The same log always gives the same bytes. `heinola import events` takes them into another store, on either database.

    Examples:
      heinola export events -o heinola.jsonl
    """
    from heinola_es.store.location import names_file
    from heinola_es.store.reading import LogReader
    from heinola_es.store.transfer import exported
    from projections.commands.progress import PhaseBar

    if output != STDOUT and names_file(door.store, Path(output)):
        raise click.BadParameter(f"{output} is the store itself; name another file", param_hint="-o")
    with LogReader.open(door.store) as reader, PhaseBar() as bar:
        lines = exported(reader, progress=lambda done, of: bar.told("events", done, of))
        if output == STDOUT:
            sys.stdout.buffer.writelines(lines)
            return
        _write(lines, Path(output))
        click.echo(f"wrote {reader.size()} events to {output}", err=True)


def _write(lines: Iterable[bytes], path: Path) -> None:
    """Write a file as a whole: what breaks off leaves none, and an older one as it was."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(lines)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
