"""`heinola import`: files into events, all or nothing."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from attrs import evolve

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.options import clock_is_right, large
from heinola_es.commands.printing import say, tell
from heinola_es.commands.recording import record, tried
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from heinola_es.domain.chart import Chart
    from heinola_es.importing.documents.pieces import Source
    from heinola_es.importing.recorder import ReportFile
    from heinola_es.importing.report.document import ReportDocument
    from heinola_es.store.log import Receipt


VERBS = {
    "report": (
        "heinola_es.commands.import_:import_report",
        "Import a published interim report (text): units, figures, goals, narratives, statistics, projects.",
    ),
    "figures": (
        "heinola_es.commands.import_figures:import_figures",
        "Import a ledger (CSV, .xlsx): actuals by account and month, budgets, the tree of units.",
    ),
    "facts": (
        "heinola_es.commands.import_facts:import_facts",
        "Import facts in bulk (TOML, CSV, JSON Lines): units, goals, texts, statistics, projects.",
    ),
    "events": (
        "heinola_es.commands.import_events:import_events",
        "Import a log that `heinola export events` wrote: every event as it was recorded, or nothing.",
    ),
}
"""The commands that import and do not read what reports are made of."""


@click.command("report", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, with every finding; record nothing.")
@click.option("--findings", is_flag=True, help="List everything that the reader inferred.")
@clock_is_right
@large
@pass_door
def import_report(door: Door, file: Path, *, dry_run: bool, findings: bool, clock_is_right: bool, large: bool) -> None:
    """Import a published interim report (text): units, figures, goals, narratives, statistics, projects.

    The reader is tolerant where the meaning is clear, and says what it inferred. What it cannot place is listed as
    unparsed, with its line. The same content is imported once.

    Example:
      heinola import report examples/hyvinvointi-2020-q2.txt
    """
    from heinola_es.importing.documents.opening import open_document
    from heinola_es.importing.files import utf8_name
    from heinola_es.importing.recorder import ReportFile, record_report
    from heinola_es.store.log import EventLog, Request

    request = Request(door.who(), clock_is_right=clock_is_right, large=large)
    with EventLog.open(door.store) as log:  # before a long file is read in vain
        charts = log.charts()
    read = open_document(file)
    said = _read(read, charts.newest)
    if charts.of(said.period.year) is not charts.newest:
        said = _read(read, charts.of(said.period.year))
    report = ReportFile(utf8_name(read.name), read.sha256, said, read.places)
    if dry_run:
        receipt = tried(door, request, lambda session: record_report(session, report))
        say(*_told(report, receipt, dry_run=True))
    else:
        record(door, request, lambda session: record_report(session, report), partial(_told, report, dry_run=False))
    _tell_findings(report, whole=findings or dry_run)


def _read(source: Source, chart: Chart) -> ReportDocument:
    """Return what a report says; what is told of its lines names their places in the document."""
    from heinola_es.importing.report.reader import read_report

    try:
        said = read_report(source.text, chart)
    except BadInput as error:
        raise BadInput(*map(source.placed, error.lines)) from None
    findings = tuple(evolve(finding, message=source.placed(finding.message)) for finding in said.findings)
    return evolve(said, findings=findings)


def _told(file: ReportFile, receipt: Receipt, *, dry_run: bool) -> list[str]:
    from heinola_es.importing.recorder import counts_of

    number, document = len(receipt.events), file.document
    done = f"would record {number} events (nothing was recorded)" if dry_run else f"recorded {number} events"
    where = "" if dry_run else f", #{receipt.first}–#{receipt.last}"
    counts = ", ".join(f"{count} {name}" for name, count in counts_of(document).items())
    return [f"{file.name}: {document.sector}, {document.period.label}: {done}{where}", f"  {counts}"]


def _tell_findings(report: ReportFile, *, whole: bool) -> None:
    """Say on stderr what the reader could not place and, where `whole`, what it inferred."""
    findings = report.document.findings
    for finding in findings:
        if whole or finding.kind == "unparsed":
            tell(f"  {report.where(finding.line)}: {finding.kind}: {finding.message}")
    inferred = sum(finding.kind == "inferred" for finding in findings)
    if inferred and not whole:
        tell(f"  the reader inferred {inferred} things; list them with --findings")
