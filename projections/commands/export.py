"""`heinola export`: what the store holds, for other programs and other machines."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.lazy import LazyGroup, Verbs
from heinola_es.commands.parameters import PeriodType, UnitCode
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput
from heinola_es.periods import parse_instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from events.period import Period

VERBS: Verbs = {
    "events": ("projections.commands.export:events", "Write the whole log as JSON Lines, each event with its hash."),
    "datapackage": (
        "projections.commands.export:datapackage",
        "Write reports as open data: CSV tables with a Frictionless descriptor.",
    ),
}
STDOUT = "-"
LAST = 0
"""Stands for the last revision, where none is named."""


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


@click.command(cls=Verb)
@click.argument("period", type=PeriodType(up_to_date=True), nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FILE.zip|DIR",
    help="Write to an archive or to a new or empty directory; - is stdout, as an archive.",
)
@click.option("--unit", type=UnitCode(), metavar="CODE", help="Only this unit and what stands under it.")
@click.option("--known-at", type=parse_instant, metavar="T", help="As it was known at this moment (2020-08-15, UTC).")
@click.option(
    "--published",
    type=click.IntRange(min=LAST),
    is_flag=False,
    flag_value=LAST,
    metavar="[REVISION]",
    help="As each report was published last, or in this revision: the same bytes for ever.",
)
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
    from heinola_es.store.reading import LogReader
    from projections.datapackage.licences import licence_named
    from projections.datapackage.package import PackageQuery, build_package

    query = PackageQuery(
        periods=period,
        unit=unit,
        known_at=known_at,
        published=published is not None,
        revision=published or None,
        licence=licence_named(licence),
    )
    with LogReader.open(door.store) as reader:
        _require_free(output, door.store)
        files = build_package(reader, query)
    _deliver(files, output)


def _require_free(output: str, store: str) -> None:
    """Refuse to write over the store or over what is not ours, before any work is done."""
    from heinola_es.store.location import names_file
    from projections.datapackage.delivery import require_free

    if output == STDOUT:
        return
    if names_file(store, Path(output)):
        raise BadInput(f"{output} is the store itself; name another file with -o")
    require_free(Path(output))


def _deliver(files: Mapping[str, bytes], output: str) -> None:
    """Write a package to stdout or an archive, or into a directory.

    Raises:
        BadInput: it cannot be written there.
    """
    from projections.datapackage.delivery import is_archive, write_files, zipped

    if output == STDOUT:
        sys.stdout.buffer.write(zipped(files))
        return
    try:
        if is_archive(Path(output)):
            _write([zipped(files)], Path(output))
        else:
            write_files(files, Path(output))
    except OSError as error:
        raise BadInput(f"cannot write {output}: {error.strerror}; name another place with -o") from None
    click.echo(f"wrote {len(files)} files to {output}", err=True)


def _write(lines: Iterable[bytes], path: Path) -> None:
    """Write a file as a whole: what breaks off leaves none, and an older one as it was."""
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(lines)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
