"""`heinola publish`: a report is recorded as published, and sealed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.key_file import key_file
from heinola_es.commands.options import clock_is_right
from heinola_es.commands.parameters import MANY
from heinola_es.commands.printing import CannotTell, give_up_stdout, say, say_done, say_page, tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput, HeinolaError, Refused, Unfinished
from projections.commands.asking import LAST, by_theme, columns_of, in_columns, in_language, of_period, of_unit

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.files.output_files import Writer
    from heinola_es.sealing.keys import Signer
    from heinola_es.store.log import EventLog, Request
    from heinola_es.store.reading import LogReader
    from projections.published.publications import Published
    from projections.publishing import Publishing

_SHOWN_CHANGES = 20


class SealNotWritten(Unfinished):
    """The report is published, but its seal could not be made."""


class SealStillMissing(Refused):
    """The seal of an earlier publication could not be written once more."""


@click.command(cls=Verb)
@of_period
@of_unit
@click.option("--source", default="", metavar="TEXT", help="The decision to publish, for example.")
@click.option("--reason", default="", metavar="TEXT", help="Why; worth saying for a revision.")
@click.option(
    "--seal-again",
    "again",
    type=click.IntRange(0, MANY),
    is_flag=False,
    flag_value=LAST,
    metavar="[REVISION]",
    help="Record nothing; write the seal of the last publication, or of this revision, once more.",
)
@in_columns
@click.option(
    "--years", type=click.IntRange(1, 10), default=1, show_default=True, metavar="N", help="How many prior years."
)
@by_theme
@click.option("--incomplete", is_flag=True, help="Publish though figures are known in part alone.")
@click.option("--once", metavar="KEY", help="Names this command: given again with it, it is recorded once.")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="The seal; by default named for the report."
)
@clock_is_right
@in_language
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
    columns: tuple[str, ...] | None,
    years: int,
    theme_file: Path | None,
    incomplete: bool,
    once: str | None,
    output: Path | None,
    clock_is_right: bool,
    language: str,
    key: Path,
) -> None:
    """Publish the report of PERIOD: record it as it stands, and seal it.

    The seal is a small signed file: whoever holds it can tell whether the report, or anything it rests on, was changed
    since. What is published is kept, and shown with --published for ever. Publishing again is refused while nothing has
    changed; afterwards it is a revision, and what changed is told.

    Examples:
      heinola publish 2020Q2
      heinola publish 2020Q2 --unit 410 -o perusopetus.seal
      heinola publish 2020Q2 --columns council --years 2
      heinola publish 2020Q2 --seal-again 1
    """
    from heinola_es.sealing.keys import load_signer
    from heinola_es.store.reading import LogReader
    from projections.commands.reading import tell_besides
    from projections.published.publications import last_published, revisions_of

    asked = Figures(columns_of(columns, theme_file, period), years)
    if again is not None and asked != Figures():
        raise BadInput("a seal is of the report as it was published; leave out --columns and --years")
    signer = load_signer(key)
    writer = door.files_besides(key)
    _require_place(writer, output, new=again is None)
    with LogReader.open(door.store) as reader:
        reader.tell = tell_besides
        if again is not None:
            published = last_published(reader, period, unit, None if again == LAST else again)
            say_done(_sealed(writer, reader, published, signer, output, SealStillMissing))
            return
        who = door.who()
        before = revisions_of(reader, period, unit)
        request = _request(who, period, unit, asked, source, reason, once, clock_is_right=clock_is_right)
        with door.log(key) as log:
            if log.earlier(request) is None:
                _require_free_name(writer, output or Path(_seal_name(reader, period, unit, len(before) + 1)))
            done = door.aftermath.settle(
                lambda: _published(door, log, reader, request, (period, unit, asked), incomplete=incomplete),
                lambda: _published_since(door.store, period, unit, len(before), who),
                lambda done: [_said_of(done)],
            )
        untold = _tell(reader, done, language)
        try:
            sealed = _sealed(writer, reader, done.published, signer, output, SealNotWritten)
        except SealNotWritten as error:
            raise SealNotWritten("; ".join(filter(None, (str(error), untold)))) from error  # in one sentence
        if untold:
            tell(f"heinola: {untold}")
        say_done(sealed)


class Figures(NamedTuple):
    """How the figures of the report are asked for.

    Attributes:
        columns: their names, in their order; none for those of every report.
        years: how many prior years stand beside.
    """

    columns: tuple[str, ...] = ()
    years: int = 1


def _request(
    who: str,
    period: Period,
    unit: str | None,
    figures: Figures,
    source: str,
    reason: str,
    once: str | None,
    *,
    clock_is_right: bool,
) -> Request:
    """Return the request to publish; its digest stands for what is asked, on every machine the same."""
    from hashlib import sha256

    from heinola_es.store.log import Request

    told = () if figures == Figures() else tuple(figures)  # what is not said is no part of what a retry is known by
    asked = repr(("publish", str(period), unit, source, reason, *told))
    digest = sha256(asked.encode()).hexdigest()
    return Request(who, source, reason, once, digest, clock_is_right=clock_is_right)


def _published(
    door: Door,
    log: EventLog,
    reader: LogReader,
    request: Request,
    report: tuple[Period, str | None, Figures],
    *,
    incomplete: bool,
) -> Publishing:
    from heinola_es.store.kept import SALT_BYTES
    from projections.publishing import Publisher
    from projections.publishing import publish as publish_report

    publisher = Publisher(log, reader, door.clock, request, lambda: door.random_bytes(SALT_BYTES), _SHOWN_CHANGES)
    period, unit, figures = report
    return publish_report(publisher, period, unit, columns=figures.columns, years=figures.years, incomplete=incomplete)


def _said_of(done: Publishing) -> str:
    one = done.published
    if done.repeated:
        return f"published before as #{one.at}, nothing was added"
    return f"#{one.at} published {one.label} as of event {one.position}"


def _published_since(store: str, period: Period, unit: str | None, revisions: int, who: str) -> Publishing | None:
    """Return what was published though something broke off the word about it; None where it was not."""
    from heinola_es.store.reading import LogReader
    from projections.published.publications import revisions_of
    from projections.publishing import Publishing

    with LogReader.open(store) as reader:
        known = revisions_of(reader, period, unit)
    before = known[revisions - 1] if revisions else None
    ours = [one for one in known[revisions:] if one.recorded_by == who]
    return Publishing(ours[-1], before) if ours else None


def _tell(reader: LogReader, done: Publishing, language: str) -> str:
    """Say what a revision changed; where nobody can be told, the seal is made all the same.

    Returns what is still to be said: where the changes can be seen that are not told here; mostly nothing.
    """
    if done.before is None:
        return ""
    if done.changes is None:  # something broke off once it was published
        of_unit = "" if done.published.unit is None else f" --unit {quote(done.published.unit)}"
        since = f"{done.published.period}{of_unit} --from {done.before.position}"
        return f"what changed since {done.before.label} is not told here; see `heinola audit diff {since}`"
    if done.before_differs:
        tell(f"heinola: {done.before.label} is not there as it was published; run `heinola audit verify`")
    try:
        _tell_changes(reader, done, language)
    except (CannotTell, BrokenPipeError):
        give_up_stdout()
    return ""


def _tell_changes(reader: LogReader, done: Publishing, language: str) -> None:
    """Say what changed in the report since it was published before."""
    from projections.commands.terminal import PAGE_WIDTH, colour_wanted, width
    from projections.writers.terminal.audit import changes
    from projections.writers.terminal.grid import styled
    from projections.writers.terminal.spoken import Spoken

    found, before = done.changes, done.before
    if found is None or before is None:
        return
    if not found.changes:
        say(f"since {before.label} (#{before.at}) only findings or notes changed")
        return
    page = changes(Spoken.of(reader, language), found, done.published.period, width(PAGE_WIDTH))
    say_page(styled(page, width(PAGE_WIDTH), colour=colour_wanted()))
    if found.more:
        say(f"and {found.more} more; see `heinola audit diff {done.published.period} --from #{before.position}`")


def _sealed(
    writer: Writer,
    reader: LogReader,
    published: Published,
    signer: Signer,
    output: Path | None,
    otherwise: type[HeinolaError],
) -> str:
    """Write the seal of a publication and return what is said of it.

    Raises:
        HeinolaError: as `otherwise`: the seal could not be made; says how to get it.
    """
    from projections.publishing import seal_of

    path: Path | None = output
    try:
        seal = seal_of(reader, published)
        path = output or Path(seal.file_name())
        _write_new(writer, path, seal.signed_by(signer).encode())
    except (Exception, KeyboardInterrupt) as error:
        of_unit = "" if published.unit is None else f" --unit {quote(published.unit)}"
        command = f"heinola publish {published.period}{of_unit} --seal-again {published.revision}"
        raise otherwise(
            f"the report is published (#{published.at}), but its seal {path or ''} could not be written "
            f"({_why(error)}); write it with `{command} -o FILE`"
        ) from error
    return f"sealed in {path}"


def _why(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    return (error.strerror if isinstance(error, OSError) else "") or str(error) or type(error).__name__


def _write_new(writer: Writer, path: Path, seal: bytes) -> None:
    """Write a seal, all of it or nothing; never over another file, unless it is this very seal."""
    from heinola_es.files.input_files import open_regular

    with suppress(OSError), open_regular(path) as file:
        if file.read(len(seal) + 1) == seal:
            return
    writer.write_new(seal, path)


def _seal_name(reader: LogReader, period: Period, unit: str | None, revision: int) -> str:
    """Return the name that the seal of a publication will have."""
    from heinola_es.domain.aggregates.publication import WHOLE_CITY
    from heinola_es.sealing.seals import file_name, origin_of

    return file_name(origin_of(reader.setting("city")), period, unit or WHOLE_CITY, revision)


def _require_free_name(writer: Writer, path: Path) -> None:
    """Refuse to publish where the seal would have the name of another file.

    Raises:
        BadInput.
    """
    if path.exists() or path.is_symlink():
        raise BadInput(f"{path} exists already; a seal is never written over it: name another file with -o")
    writer.require_new_place(path)


def _require_place(writer: Writer, output: Path | None, *, new: bool) -> None:
    """Refuse a place where the seal could not be written, before anything is recorded.

    Raises:
        BadInput.
    """
    folder = Path() if output is None else output.parent
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder} to write the seal in; name another place with -o")
    if new and not os.access(folder, os.W_OK | os.X_OK):
        raise BadInput(f"the folder {folder} may not be written, so the seal cannot be; name another place with -o")
    if output is not None:
        writer.require_place(output)
