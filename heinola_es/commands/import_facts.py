"""`heinola import facts`: what `heinola record` can record about units, goals, texts and projects, in bulk."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands import options
from heinola_es.commands.recording import Asked
from heinola_es.commands.verb import Verb

if TYPE_CHECKING:
    from heinola_es.commands.recording import Recording
    from heinola_es.store.log import Receipt


@click.command("facts", cls=Verb)
@click.argument("file", type=click.Path(path_type=Path))
@options.large
@options.restating
@options.recording
def import_facts(recording: Recording, file: Path) -> None:
    """Import facts in bulk: units, goals, statuses, priorities, texts, outlooks, statistics and projects.

    FILE is TOML, CSV or JSON Lines; its keys are those of the commands of `heinola record`. Everything is recorded, or
    nothing: every problem is told with its place. What a rule refuses one by one, it refuses here. The same content
    is recorded once.

    Examples:
      heinola import facts tavoitteet.csv --dry-run
      heinola import facts uusi-kunta.toml --source "Kv 16.12.2019 § 98"
    """
    from heinola_es.importing.facts.reading import read_facts
    from heinola_es.importing.facts.recording import record_facts

    read = read_facts(file)

    def told(receipt: Receipt, *, dry_run: bool) -> list[str]:
        return _told(read.name, receipt, dry_run=dry_run)

    what = Asked(("record_facts", read.sha256), lambda session: record_facts(session, read))
    recording.run_telling(what, told)


def _told(name: str, receipt: Receipt, *, dry_run: bool) -> list[str]:
    """Return what was recorded: how many facts of each kind; of a dry run every one of them."""
    from heinola_es.commands.told import described, told

    if receipt.repeated:
        return told(receipt, dry_run=dry_run)
    number = len(receipt.events)
    counts = ", ".join(f"{count} {topic}" for topic, count in Counter(e.TOPIC for e in receipt.events).items())
    if dry_run:
        return [
            *(f"would record {described(event)}" for event in receipt.events),
            f"{name}: would record {number} events ({counts}), nothing was recorded",
        ]
    return [f"{name}: recorded {number} events, #{receipt.first}–#{receipt.last}", f"  {counts}"]
