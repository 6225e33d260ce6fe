"""`heinola import`: files into events, all or nothing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.lazy import LazyGroup
from heinola_es.commands.verb import Verb

if TYPE_CHECKING:
    from heinola_es.importing.report.document import Finding, ReportDocument
    from heinola_es.store.log import Receipt


@click.group(
    "import",
    cls=LazyGroup,
    verbs={
        "report": (
            "heinola_es.commands.import_:import_report",
            "Import a published interim report (text): units, figures, goals, narratives, statistics, projects.",
        ),
        "figures": (
            "heinola_es.commands.import_figures:import_figures",
            "Import a ledger (CSV, .xlsx): actuals by account and month, budgets, the tree of units.",
        ),
        "events": (
            "heinola_es.commands.import_events:import_events",
            "Import a log that `heinola export events` wrote: every event as it was recorded, or nothing.",
        ),
    },
)
def import_group() -> None:
    """Import a file: everything in it, or nothing."""


@click.command("report", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, with every finding; record nothing.")
@click.option("--large", is_flag=True, help="Amounts far beyond what the store has seen are meant.")
@click.option("--findings", is_flag=True, help="List everything that the reader inferred.")
@pass_door
def import_report(door: Door, file: Path, dry_run: bool, large: bool, findings: bool) -> None:
    """Import a published interim report (text): units, figures, goals, narratives, statistics, projects.

    The reader is tolerant where the meaning is clear, and says what it inferred. What it cannot place is listed as
    unparsed, with its line. The same content is imported once.

    Example:
      heinola import report examples/hyvinvointi-2020-q2.txt
    """
    from heinola_es.importing.files import read_text_file
    from heinola_es.importing.recorder import ReportFile, record_report
    from heinola_es.importing.report.reader import read_report
    from heinola_es.session import run
    from heinola_es.store.log import EventLog, Request

    with EventLog.open(door.store) as log:
        read = read_text_file(file)
        report = ReportFile(read.name, read.sha256, read_report(read.text))
        request = Request(door.who(), large=large)
        receipt = run(log, door.clock, request, lambda session: record_report(session, report), dry_run=dry_run)
    _tell(report.document, receipt, file, dry_run=dry_run)
    _tell_findings(report.document.findings, whole=findings or dry_run)


def _tell(document: ReportDocument, receipt: Receipt, file: Path, *, dry_run: bool) -> None:
    from heinola_es.importing.recorder import counts_of

    number = len(receipt.events)
    done = f"would record {number} events (nothing was recorded)" if dry_run else f"recorded {number} events"
    where = "" if dry_run else f", #{receipt.first}–#{receipt.last}"
    click.echo(f"{file.name}: {document.sector}, {document.period.label}: {done}{where}")
    counts = counts_of(document)
    click.echo("  " + ", ".join(f"{count} {name}" for name, count in counts.items()))


def _tell_findings(findings: tuple[Finding, ...], *, whole: bool) -> None:
    """Say on stderr what the reader could not place and, where `whole`, what it inferred."""
    for finding in findings:
        if whole or finding.kind == "unparsed":
            click.echo(f"  line {finding.line}: {finding.kind}: {finding.message}", err=True)
    inferred = sum(finding.kind == "inferred" for finding in findings)
    if inferred and not whole:
        click.echo(f"  the reader inferred {inferred} things; list them with --findings", err=True)
