"""`heinola import figures`: a ledger, in CSV or a workbook, by a mapping."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.options import clock_is_right, large
from heinola_es.commands.parameters import Day
from heinola_es.commands.printing import hand_over, say, tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput
from heinola_es.inert import inert_toml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from heinola_es.commands.progress import Progress
    from heinola_es.importing.ledger.mapping.mapping import Mapping
    from heinola_es.importing.ledger.mapping.wishes import Wishes
    from heinola_es.importing.ledger.placing.ledger import Ledger
    from heinola_es.importing.ledger.recording.recording import Outcome
    from heinola_es.store.log import EventLog, Request


@click.command("figures", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), metavar="FILE", help="Which column is what (TOML).")
@click.option("--suggest", is_flag=True, help="Write a first mapping from the file itself, to be looked over.")
@click.option("--delimiter", metavar="MARK", help='What stands between the cells, for --suggest: ";", ",", tab.')
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, with every problem; record nothing.")
@click.option("--update", is_flag=True, help="A newer export: record only how it differs from what was imported.")
@click.option("--also", is_flag=True, help="Amounts of days that were recorded before are meant beside those.")
@click.option("--detail", is_flag=True, help="What a stated total has in it already is a detail of it.")
@click.option("--contra", is_flag=True, help="Amounts against the sign of their line are meant.")
@click.option(
    "--units-since", type=Day(), metavar="DATE", help="The first day of new units; else 1 January of the first year."
)
@click.option("--reason", default="", metavar="TEXT", help="Why, for the corrections of a newer export.")
@clock_is_right
@large
@pass_door
def import_figures(
    door: Door,
    *,
    file: Path,
    mapping: Path | None,
    suggest: bool,
    delimiter: str | None,
    dry_run: bool,
    update: bool,
    also: bool,
    detail: bool,
    contra: bool,
    units_since: date | None,
    reason: str,
    clock_is_right: bool,
    large: bool,
) -> None:
    """Import a ledger: actuals by account and month, budgets, amendments, final accounts, and the tree of units.

    FILE is CSV or a workbook (.xlsx, .ods, .xls), whatever its layout; the mapping says which column is what.
    Everything is recorded, or nothing: every problem is told with its rows and column. What was recorded before is
    never counted twice: a newer export is told by --update.

    Examples:
      heinola import figures paakirja.csv --suggest > paakirja.toml
      heinola import figures paakirja.csv --mapping paakirja.toml --dry-run
      heinola import figures paakirja.csv --mapping paakirja.toml
    """
    from heinola_es.commands.progress import Progress
    from heinola_es.importing.ledger.mapping.mapping_file import read_mapping
    from heinola_es.importing.ledger.mapping.wishes import Wishes
    from heinola_es.store.log import Request

    if suggest:
        _suggest(door, file, delimiter)
        return
    if delimiter is not None:
        raise BadInput("--delimiter is for --suggest; in a mapping it stands under [file], as delimiter")
    if mapping is None:
        raise BadInput(
            f"which column of {file} is what? Say it with --mapping FILE; `heinola import figures {file} --suggest` "
            f"writes a first mapping"
        )
    request = Request(door.who(), reason=reason, clock_is_right=clock_is_right, large=large)
    said = read_mapping(mapping)
    wishes = Wishes(detail=detail, contra=contra, update=update, also=also, units_since=units_since, dry_run=dry_run)
    with door.log() as log, Progress() as progress:
        _import(door, log, file, said, wishes, request, progress)


def _suggest(door: Door, file: Path, delimiter: str | None) -> None:
    """Write a first mapping, with what the store knows where there is one, and tell on stderr what it comes to."""
    from heinola_es.commands.trial import told_trial
    from heinola_es.importing.ledger.mapping.mapping_tables import delimiter_said
    from heinola_es.importing.ledger.suggesting.known import Known
    from heinola_es.importing.ledger.suggesting.suggest import suggested_mapping
    from heinola_es.store.location import NoStoreHere

    said = None if delimiter is None else delimiter_said(delimiter)
    with ExitStack() as stack:
        log = None
        with suppress(NoStoreHere):
            log = stack.enter_context(door.log())
        mapping = inert_toml(suggested_mapping(file, said, Known.of(log)))
        hand_over(mapping.encode())
        tell(*told_trial(door, log, file, mapping))


def _import(
    door: Door, log: EventLog, file: Path, mapping: Mapping, wishes: Wishes, request: Request, progress: Progress
) -> None:
    from heinola_es.importing.ledger.placing.reading import LedgerFile, open_table, read_ledger
    from heinola_es.importing.ledger.reading.limits import digest_of, look_at
    from heinola_es.importing.ledger.recording.recording import Outcome, record_ledger
    from heinola_es.importing.ledger.recording.telling import details, summary

    size = look_at(file).size
    sha256 = digest_of(file, progress.stage("checking, bytes", size))
    table = open_table(file, mapping.form, progress.stage("looking through, bytes", size))
    charts, outcome = log.charts(), Outcome()
    reading = progress.stage("reading", table.count)
    ledger = read_ledger(LedgerFile(file, sha256, table), mapping, charts.newest, wishes=wishes, tell=reading)
    chart = charts.of_all(period.year for period in ledger.periods)
    if chart is not charts.newest:
        table = open_table(file, mapping.form)
        ledger = read_ledger(LedgerFile(file, sha256, table), mapping, chart, wishes=wishes, tell=reading)
    writing = progress.stage("recording", len(ledger.amounts))

    def recorded() -> Outcome:
        record_ledger(log, door.clock, request, ledger, wishes, outcome, writing)
        return outcome

    try:
        if wishes.dry_run:
            recorded()
            say(*_told(progress, ledger, wishes, outcome))
        else:
            there = partial(_there, door.store, request.by, ledger, outcome)
            door.aftermath.settle(recorded, there, partial(_told, progress, ledger, wishes))
    finally:
        progress.close()
        if ledger.problems:
            say(*summary(ledger, outcome))
            say(*details(ledger, outcome) if wishes.dry_run else ())
        _tell_problems(ledger, wishes)


def _there(store: str, by: str, ledger: Ledger, outcome: Outcome) -> Outcome | None:
    """Return the outcome where the log has the import, though something broke off the word about it."""
    from events.streams import import_stream
    from heinola_es.store.bodies import body_of
    from heinola_es.store.reading import LogReader

    with LogReader.open(store) as reader:
        row = reader.row_of(import_stream(ledger.sha256).hex, outcome.version)
    if row is None or body_of(row)["recorded_by"] != by or not outcome.recorded:
        return None
    outcome.last = row[0]
    outcome.first = row[0] - outcome.recorded.total() + 1
    return outcome


def _told(progress: Progress, ledger: Ledger, wishes: Wishes, outcome: Outcome) -> Iterator[str]:
    """Yield what was recorded, or would be; the bars leave the terminal first."""
    from heinola_es.importing.ledger.recording.telling import details, recorded, summary

    progress.close()
    if not (outcome.first or (wishes.dry_run and outcome.recorded)):
        return
    yield from summary(ledger, outcome)
    if wishes.dry_run:
        yield from details(ledger, outcome)
    yield recorded(outcome, dry_run=wishes.dry_run)


def _tell_problems(ledger: Ledger, wishes: Wishes) -> None:
    """Say on stderr what is to be noted, and every problem with its place."""
    from heinola_es.importing.ledger.placing.totals import findings_of
    from heinola_es.importing.ledger.recording.telling import told_problems

    tell(*(f"  note: {note}" for note in ledger.notes))
    if not wishes.dry_run:
        tell(*(f"  note: row {row}: {sentence}" for row, sentence in findings_of(ledger)))
    tell(*(f"  {problem}" for problem in told_problems(ledger.problems)))
