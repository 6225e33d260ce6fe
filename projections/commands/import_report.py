"""`heinola import report`: a report that was published, read by what it carries, or else by what it prints."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.options import clock_is_right, large
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from heinola_es.store.log import Request
    from projections.documents.printed import PrintedReport


@click.command("report", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--profile", type=click.Path(path_type=Path), metavar="FILE", help="How the report is built (TOML).")
@click.option("--suggest", is_flag=True, help="Write a first profile from the report itself, to be looked over.")
@click.option("--figures-only", is_flag=True, help="With a profile: units and figures; leave out goals and texts.")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, with every finding; record nothing.")
@click.option("--findings", is_flag=True, help="List everything that the reader inferred.")
@clock_is_right
@large
@pass_door
def import_report(
    door: Door,
    file: Path,
    *,
    profile: Path | None,
    suggest: bool,
    figures_only: bool,
    dry_run: bool,
    findings: bool,
    clock_is_right: bool,
    large: bool,
) -> None:
    """Import a published interim report (text, Word, PDF): units, figures, goals, narratives, statistics, projects.

    FILE is plain text, a Word document or a PDF, told apart by its content. A report of the built-in shape needs
    nothing else; how one of another shape is built says its profile. The reader is tolerant where the meaning is clear,
    and says what it inferred. What it cannot place is listed as unparsed, with its place, figures first. The same
    content is imported once.

    A report that `heinola report` wrote (.pdf, .docx, .html, .xlsx or .md) is read by the data that it carries: the
    store then gives the same report again. Where the file was edited since, or that cannot be, it is refused.

    Examples:
      heinola import report examples/hyvinvointi-2020-q2.txt
      heinola import report katsaus.docx --suggest > katsaus.toml
      heinola import report katsaus.docx --profile katsaus.toml --dry-run
    """
    from heinola_es.commands.import_ import import_document, suggest_profile
    from heinola_es.store.log import Request

    if suggest:
        suggest_profile(door, file)
        return
    request = Request(door.who(), clock_is_right=clock_is_right, large=large)
    carrying = None if profile is not None else _carrying(file)
    if carrying is None:
        import_document(
            door, file, request, profile=profile, figures_only=figures_only, dry_run=dry_run, findings=findings
        )
        return
    if figures_only:
        raise BadInput("--figures-only goes with --profile; a report that carries its own data is taken whole")
    _take_in(door, file, carrying, request, dry_run=dry_run, findings=findings)


def _carrying(file: Path) -> PrintedReport | None:
    """Return what stands in a report's file that carries its own data; None where it does not.

    Raises:
        BadInput: it does, and cannot be read.
    """
    from projections.documents.reading import may_carry, read_report

    return read_report(file) if may_carry(file) else None


def _take_in(door: Door, file: Path, report: PrintedReport, request: Request, *, dry_run: bool, findings: bool) -> None:
    from attrs import evolve

    from heinola_es.commands.import_ import record_file
    from heinola_es.importing.files import utf8_name
    from heinola_es.store.log import EventLog
    from projections.documents.taking_in import own_data, report_file

    own = own_data(report, file)
    with EventLog.open(door.store) as log:
        made = report_file(own, log, door.clock)
    record_file(door, request, evolve(made, name=utf8_name(made.name)), dry_run=dry_run, findings=findings)
