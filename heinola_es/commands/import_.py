"""`heinola import`: files into events, all or nothing."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from attrs import evolve

from heinola_es.commands.printing import hand_over, say, tell
from heinola_es.commands.recording import record, tried
from heinola_es.errors import BadInput
from heinola_es.inert import inert_toml

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.commands.context import Door
    from heinola_es.domain.chart import Chart
    from heinola_es.importing.documents.pieces import Source
    from heinola_es.importing.profiled.profile import Profile
    from heinola_es.importing.recorder import ReportFile
    from heinola_es.importing.report.document import ReportDocument
    from heinola_es.store.log import Receipt, Request


VERBS = {
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


def import_document(
    door: Door, file: Path, request: Request, *, profile: Path | None, figures_only: bool, dry_run: bool, findings: bool
) -> None:
    """Import a report by what it prints; see `heinola import report`.

    Raises:
        BadInput, Refused: nothing was recorded.
    """
    from heinola_es.importing.documents.opening import open_document
    from heinola_es.importing.files import utf8_name
    from heinola_es.importing.profiled.profile_file import read_profile
    from heinola_es.importing.recorder import ReportFile
    from heinola_es.store.log import EventLog

    said = None if profile is None else read_profile(profile)
    if figures_only and said is None:
        raise BadInput("--figures-only goes with --profile; a report of the built-in shape is read whole")
    with EventLog.open(door.store) as log:  # before a long file is read in vain
        charts = log.charts()
    source = open_document(file)
    read = partial(_read, source, said, figures_only=figures_only)
    document = read(charts.newest)
    if charts.of(document.period.year) is not charts.newest:
        document = read(charts.of(document.period.year))
    report = ReportFile(utf8_name(source.name), source.sha256, document, source.places)
    record_file(door, request, report, dry_run=dry_run, findings=findings)


def record_file(door: Door, request: Request, report: ReportFile, *, dry_run: bool, findings: bool) -> None:
    """Record a report that was read, or show what would be recorded, and tell what was found in it.

    Raises:
        BadInput, Refused: nothing was recorded.
    """
    from heinola_es.importing.recorder import record_report

    if dry_run:
        receipt = tried(door, request, lambda session: record_report(session, report))
        say(*_told(report, receipt, dry_run=True))
    else:
        record(door, request, lambda session: record_report(session, report), partial(_told, report, dry_run=False))
    _tell_findings(report, whole=findings or dry_run)


def suggest_profile(door: Door, file: Path) -> None:
    """Write a first profile, by the chart of the store where there is one, and tell on stderr what to do with it."""
    from heinola_es.importing.documents.opening import open_document
    from heinola_es.importing.profiled.suggesting import suggested_profile
    from heinola_es.store.location import NoStoreHere
    from heinola_es.store.log import EventLog

    chart = None
    with suppress(NoStoreHere), EventLog.open(door.store) as log:
        chart = log.charts().newest
    hand_over(inert_toml(suggested_profile(open_document(file), chart)).encode())


def _read(source: Source, profile: Profile | None, chart: Chart, *, figures_only: bool) -> ReportDocument:
    """Return what a report says; what is told of its lines names their places in the document."""
    from heinola_es.importing.profiled.reading import nothing_found, read_profiled
    from heinola_es.importing.report.frame import NoFigureTable, OtherShape
    from heinola_es.importing.report.reader import read_report

    if profile is not None:
        return read_profiled(source, profile, chart, figures_only=figures_only)
    try:
        said = read_report(source.text, chart)
    except NoFigureTable:
        raise BadInput(nothing_found(source)) from None
    except OtherShape as error:
        way = f"a report of another shape is read by a profile: `heinola import report {source.name} --suggest`"
        raise BadInput(f"{source.placed(str(error))}; {way}") from None
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
    """Say on stderr what could not be placed or contradicts itself and, where `whole`, what the reader inferred."""
    findings = report.document.findings
    for finding in findings:
        if whole or finding.kind != "inferred":
            tell(f"  {report.where(finding.line)}: {finding.kind}: {finding.message}")
    inferred = sum(finding.kind == "inferred" for finding in findings)
    if inferred and not whole:
        tell(f"  the reader inferred {inferred} things; list them with --findings")
