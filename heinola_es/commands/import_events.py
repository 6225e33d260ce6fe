"""`heinola import events`: the log of another store, word for word."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, TYPE_CHECKING

import click

from heinola_es.commands.aftermath import recorded_log
from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.printing import standard_input
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.transfer import Lines

STDIN = "-"


@click.command("events", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@pass_door
def import_events(door: Door, file: Path) -> None:
    """Import a log that `heinola export events` wrote: every event as it was recorded, or nothing.

    The store is made by it. Every hash, position, version and instant is checked, and the root over all of them, and
    every published report, before anything is recorded. FILE may be - for the standard input.

    Example:
      heinola --store copy.db import events heinola.jsonl
    """
    from heinola_es.store.transfer import import_into, read_header

    who = door.who()
    with _lines_of(file) as lines:
        door.aftermath.settle(
            lambda: import_into(door.store, lines, now=door.clock, by=who, mode=door.file_mode),
            lambda: recorded_log(door.store, read_header(lines)),
            lambda size: [f"recorded {size} events as they were exported from {file}"],
        )


@contextmanager
def _lines_of(file: Path) -> Iterator[Lines]:
    """Give the lines of a file, to be read more than once; those of the standard input are kept for that."""
    if str(file) != STDIN:
        yield lambda: _read(file)
        return
    with NamedTemporaryFile(suffix=".jsonl") as kept:
        _keep(standard_input(), kept)
        kept.flush()
        yield lambda: _read(Path(kept.name))


def _keep(came: IO[bytes], kept: IO[bytes]) -> None:
    """Keep what comes by the standard input, unless its first line says that it is no log."""
    from heinola_es.store.transfer import LogHeader

    for number, line in enumerate(_lines(came)):
        if not number:
            LogHeader.parse(line)
        kept.write(line)


def _read(path: Path) -> Iterator[bytes]:
    from heinola_es.files.input_files import open_regular

    try:
        file = open_regular(path)
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror}; check its name") from None
    with file:
        yield from _lines(file)


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    from heinola_es.files.input_files import bounded_lines
    from heinola_es.store.transfer_lines import LINE_BYTES

    return bounded_lines(file, LINE_BYTES, "no event is so long: export the log again")
