"""`heinola export`: what the store holds, for other programs and other machines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.lazy import LazyGroup, Verbs
from heinola_es.commands.parameters import PeriodType
from heinola_es.commands.printing import hand_over, tell
from heinola_es.commands.verb import Verb
from projections.commands.asking import as_known, as_published, of_unit
from projections.commands.files import STDOUT, require_place
from projections.commands.reading import ask

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from events.period import Period
    from heinola_es.files.output_files import Writer

VERBS: Verbs = {
    "events": ("projections.commands.export:events", "Write the whole log as JSON Lines, each event with its hash."),
    "datapackage": (
        "projections.commands.export:datapackage",
        "Write reports as open data: CSV tables with a Frictionless descriptor.",
    ),
}


@click.group(cls=LazyGroup, verbs=VERBS)
def export() -> None:
    """Write what the store holds for other programs and other machines."""


@click.command(cls=Verb)
@click.option(
    "-o", "--output", type=click.Path(), default=STDOUT, metavar="FILE", help="Write to a file; by default to stdout."
)
@pass_door
def events(door: Door, output: str) -> None:
    """Write the whole log as JSON Lines: whose it is and its root, every event with its hash, then published reports.

    The same log always gives the same bytes. `heinola import events` takes them into another store, on either database.

    Examples:
      heinola export events -o heinola.jsonl
    """
    from heinola_es.commands.progress import Progress
    from heinola_es.store.reading import LogReader
    from heinola_es.store.transfer import exported
    from projections.read_models.moment import log_moment

    require_place(door.files, output)
    with LogReader.open(door.store) as reader, log_moment(reader), Progress() as progress:
        reader.require_known_kinds()
        lines = exported(reader, progress=lambda done, of: progress.told("events", done, of))
        if output == STDOUT:
            hand_over(*lines)
            return
        door.files.write(lines, Path(output), private=True)
        tell(f"wrote {reader.size()} events to {output}")


@click.command(cls=Verb)
@click.argument("period", type=PeriodType(up_to_date=True), nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    required=True,
    metavar="FILE.zip|DIR",
    help="Write to an archive or to a new or empty directory; - is stdout, as an archive.",
)
@of_unit
@as_known
@as_published
@click.option(
    "--licence",
    default="CC-BY-4.0",
    show_default=True,
    metavar="NAME",
    help="What it is given away under, by its SPDX name.",
)
@pass_door
def datapackage(
    door: Door,
    *,
    period: tuple[Period, ...],
    output: str,
    unit: str | None,
    known_at: datetime | None,
    published: int | None,
    licence: str,
) -> None:
    """Write the reports of PERIOD … as open data: a Frictionless data package of CSV tables.

    Periods, units, lines, figures, goals, indicators and projects, each column with its type and what it means. Amounts
    are euros with a point; unknown is empty, never 0. Persons who answer for projects are left out.

    The same log and question always give the same bytes.

    Examples:
      heinola export datapackage 2020Q2 -o heinola.zip
      heinola export datapackage 2020Q1 2020Q2 -o open-data
      heinola export datapackage 2020Q2 -o - --published > q2.zip
    """
    from projections.writers.datapackage.licences import licence_named
    from projections.writers.datapackage.package import PackageQuery, build_package

    query = PackageQuery(
        periods=period,
        unit=unit,
        known_at=known_at,
        published=published is not None,
        revision=published or None,
        licence=licence_named(licence),
    )

    _require_free(door.files, output)
    files = ask(door.store, lambda reader: build_package(reader, query))
    _deliver(door.files, files, output)


def _require_free(writer: Writer, output: str) -> None:
    """Refuse to write over the store or over what is not ours, before any work is done."""
    from projections.writers.datapackage.delivery import require_free, require_package_place

    if output == STDOUT:
        return
    require_package_place(writer, Path(output))
    require_free(Path(output))


def _deliver(writer: Writer, files: Mapping[str, bytes], output: str) -> None:
    """Write a package to stdout or an archive, or into a directory.

    Raises:
        NotWritten: it cannot be written there.
    """
    from heinola_es.files.output_files import telling
    from projections.writers.datapackage.delivery import INSTEAD, is_archive, write_files, zipped

    if output == STDOUT:
        hand_over(zipped(files))
        return
    if is_archive(Path(output)):
        writer.write([zipped(files)], Path(output), private=True, instead=INSTEAD)
    else:
        with telling(Path(output), INSTEAD):
            write_files(files, Path(output), writer.private_mode)
    tell(f"wrote {len(files)} files to {output}")
