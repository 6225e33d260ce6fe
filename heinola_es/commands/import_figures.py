"""`heinola import figures`: a ledger, in CSV or a workbook, by a mapping."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from heinola_es.commands.progress import Progress
    from heinola_es.importing.ledger.ledger import Ledger
    from heinola_es.importing.ledger.mapping import Mapping
    from heinola_es.importing.ledger.recording import Outcome
    from heinola_es.importing.ledger.writing import Wishes
    from heinola_es.store.log import EventLog, Request


@click.command("figures", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--mapping", type=click.Path(path_type=Path), metavar="FILE", help="Which column is what (TOML).")
@click.option("--suggest", is_flag=True, help="Write a first mapping from the file itself, to be looked over.")
@click.option("--dry-run", is_flag=True, help="Show what would be recorded, with every problem; record nothing.")
@click.option("--update", is_flag=True, help="A newer export: record only how it differs from what was imported.")
@click.option("--detail", is_flag=True, help="What a stated total has in it already is a detail of it.")
@click.option("--contra", is_flag=True, help="Amounts against the sign of their line are meant.")
@click.option("--large", is_flag=True, help="Amounts far beyond what the store has seen are meant.")
@click.option("--reason", default="", metavar="TEXT", help="Why, for the corrections of a newer export.")
@pass_door
def import_figures(
    door: Door,
    *,
    file: Path,
    mapping: Path | None,
    suggest: bool,
    dry_run: bool,
    update: bool,
    detail: bool,
    contra: bool,
    large: bool,
    reason: str,
) -> None:
    """Import a ledger: actuals by account and month, budgets, amendments, final accounts, and the tree of units.

    FILE is CSV or a workbook (.xlsx), whatever its layout; the mapping says which column is what. Everything is
    recorded, or nothing: every problem is told with its row and column. The same content is imported once.

    Examples:
      heinola import figures paakirja.csv --suggest > paakirja.toml
      heinola import figures paakirja.csv --mapping paakirja.toml --dry-run
      heinola import figures paakirja.csv --mapping paakirja.toml
    """
    from heinola_es.commands.progress import Progress
    from heinola_es.importing.ledger.mapping_file import read_mapping
    from heinola_es.importing.ledger.writing import Wishes
    from heinola_es.store.log import EventLog, Request

    if suggest:
        _suggest(file)
        return
    if mapping is None:
        raise BadInput(
            f"which column of {file} is what? Say it with --mapping FILE; `heinola import figures {file} --suggest` "
            f"writes a first mapping"
        )
    said = read_mapping(mapping)
    wishes = Wishes(detail=detail, contra=contra, update=update, dry_run=dry_run)
    with EventLog.open(door.store) as log, Progress() as progress:
        _import(door, log, file, said, wishes, Request(door.who(), reason=reason, large=large), progress)


def _suggest(file: Path) -> None:
    from heinola_es.importing.ledger.suggest import suggested_mapping

    click.echo(suggested_mapping(file), nl=False)


def _import(
    door: Door, log: EventLog, file: Path, mapping: Mapping, wishes: Wishes, request: Request, progress: Progress
) -> None:
    from heinola_es.chart import load_chart
    from heinola_es.importing.ledger.limits import digest_of, look_at
    from heinola_es.importing.ledger.reading import LedgerFile, open_table, read_ledger
    from heinola_es.importing.ledger.recording import Outcome, record_ledger, require_new_content

    size = look_at(file).size
    sha256 = digest_of(file, progress.stage("checking, bytes", size))
    require_new_content(log, sha256)
    table = open_table(file, mapping.form, progress.stage("looking through, bytes", size))
    chart, outcome = load_chart(log.setting("chart")), Outcome()
    reading = progress.stage("reading", table.count)
    ledger = read_ledger(LedgerFile(file, sha256, table), mapping, chart, contra=wishes.contra, tell=reading)
    writing = progress.stage("recording", len(ledger.amounts))
    try:
        record_ledger(log, door.clock, request, ledger, wishes, outcome, writing)
    finally:
        progress.close()
        _tell(ledger, outcome, wishes)


def _tell(ledger: Ledger, outcome: Outcome, wishes: Wishes) -> None:
    from heinola_es.importing.ledger.telling import details, recorded, summary, told_problems
    from heinola_es.importing.ledger.totals import findings_of

    done = outcome.first or (wishes.dry_run and outcome.recorded)
    if done or ledger.problems:
        for line in summary(ledger, outcome):
            click.echo(line)
    if wishes.dry_run:
        for line in details(ledger, outcome):
            click.echo(line)
    for note in ledger.notes:
        click.echo(f"  note: {note}", err=True)
    if not wishes.dry_run:
        for row, sentence in findings_of(ledger):
            click.echo(f"  note: row {row}: {sentence}", err=True)
    for problem in told_problems(ledger.problems):
        click.echo(f"  {problem}", err=True)
    if done and not ledger.problems:
        click.echo(recorded(outcome, dry_run=wishes.dry_run))
