"""`heinola publish`: a report is recorded as published, and sealed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.key_file import key_file
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput, HeinolaError, Refused
from projections.commands.asking import LAST, of_period, of_unit

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.files import Writer
    from heinola_es.sealing.keys import Signer
    from heinola_es.store.reading import LogReader
    from projections.publications import Published
    from projections.publishing import Publishing

_SHOWN_CHANGES = 20


class SealNotWritten(Refused):
    """The report is published, but the file of its seal could not be written."""


@click.command(cls=Verb)
@of_period
@of_unit
@click.option("--source", default="", metavar="TEXT", help="The decision to publish, for example.")
@click.option("--reason", default="", metavar="TEXT", help="Why; worth saying for a revision.")
@click.option(
    "--seal-again",
    "again",
    type=click.IntRange(min=0),
    is_flag=False,
    flag_value=LAST,
    metavar="[REVISION]",
    help="Record nothing; write the seal of the last publication, or of this revision, once more.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The seal; by default named for the report."
)
@key_file
@pass_door
def publish(
    door: Door,
    *,
    period: Period,
    unit: str | None,
    source: str,
    reason: str,
    again: int | None,
    output: Path | None,
    key: Path,
) -> None:
    """Publish the report of PERIOD: record it as it stands, and seal it.

    The seal is a small signed file: whoever holds it can tell whether the report, or anything it rests on, was changed
    since. Publishing again is refused while nothing has changed; afterwards it is a revision, and what changed is told.

    Examples:
      heinola publish 2020Q2
      heinola publish 2020Q2 --unit 410 -o perusopetus.seal
      heinola publish 2020Q2 --seal-again 1
    """
    from heinola_es.sealing.keys import load_signer
    from heinola_es.store.log import EventLog, Request
    from heinola_es.store.reading import LogReader
    from projections.publications import last_published
    from projections.publishing import publish as publish_report

    signer = load_signer(key)
    writer = door.files_besides(key)
    _require_place(writer, output, new=again is None)
    with LogReader.open(door.store) as reader:
        if again is not None:
            published = last_published(reader, period, unit, None if again == LAST else again)
        else:
            request = Request(door.who(), source, reason)
            with EventLog.open(door.store) as log:
                done = publish_report(log, reader, door.clock, request, period, unit)
            published = done.published
            _tell(done)
        _write_seal(writer, reader, published, signer, output)


def _tell(done: Publishing) -> None:
    published = done.published
    click.echo(f"#{published.at} published {published.label} as of event {published.position}")
    if done.before is None or done.changes is None:
        return
    if done.before_differs:
        click.echo(
            f"heinola: {done.before.label} does not come out as it was published; run `heinola audit verify`", err=True
        )
    _tell_changes(done)


def _tell_changes(done: Publishing) -> None:
    """Say what changed in the report since it was published before."""
    from attrs import evolve

    from projections.commands.terminal import colour_wanted, width
    from projections.presenting.audit import changes, rendered

    found, before = done.changes, done.before
    if found is None or before is None:
        return
    shown = evolve(found, changes=found.changes[:_SHOWN_CHANGES])
    if not found.changes:
        click.echo(f"since {before.label} (#{before.at}) only findings or notes changed")
        return
    click.echo(rendered(lambda console: changes(console, shown), width(120), colour=colour_wanted()), nl=False)
    if len(found.changes) > _SHOWN_CHANGES:
        more = len(found.changes) - _SHOWN_CHANGES
        click.echo(f"and {more} more; see `heinola audit diff {done.published.period} --from #{before.position}`")


def _write_seal(writer: Writer, reader: LogReader, published: Published, signer: Signer, output: Path | None) -> None:
    from projections.publishing import seal_of

    seal = seal_of(reader, published)
    path = output or Path(seal.file_name())
    text = seal.signed_by(signer)
    try:
        _write_new(writer, path, text.encode())
    except HeinolaError as error:
        of_unit = "" if published.unit is None else f" --unit {published.unit}"
        command = f"heinola publish {published.period}{of_unit} --seal-again {published.revision}"
        raise SealNotWritten(
            f"the report is published (#{published.at}), but its seal {path} could not be written "
            f"({error}); write it with `{command} -o FILE`"
        ) from error
    click.echo(f"sealed in {path}")


def _write_new(writer: Writer, path: Path, seal: bytes) -> None:
    """Write a seal, all of it or nothing; never over another file, unless it is this very seal."""
    from heinola_es.input_files import open_regular

    with suppress(OSError), open_regular(path) as file:
        if file.read(len(seal) + 1) == seal:
            return
    writer.write_new(seal, path)


def _require_place(writer: Writer, output: Path | None, *, new: bool) -> None:
    """Refuse a place where the seal could not be written, before anything is recorded.

    Raises:
        BadInput.
    """
    folder = Path() if output is None else output.parent
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder} to write the seal in; name another place with -o")
    if output is None:
        return
    writer.require_place(output)
    if new and output.exists():
        raise BadInput(f"{output} exists already; a seal is never written over it: name another file with -o")
