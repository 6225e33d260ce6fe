"""`heinola lake write|verify`: the logs of cities as Parquet files, for asking many of them at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.key_file import key_file
from heinola_es.commands.lazy import LazyGroup, Verbs
from heinola_es.commands.parameters import UnitCode
from heinola_es.commands.printing import say, tell
from heinola_es.commands.verb import Verb

if TYPE_CHECKING:
    from heinola_es.sealing.seals import Seal

VERBS: Verbs = {
    "write": ("projections.commands.lake:write", "Add what is new in the store's log to a lake."),
    "verify": ("projections.commands.lake:verify", "Check every file and event of a lake, and seals against it."),
}
FOUND = 3
"""The exit code of a check that found something."""

_FOLDER = click.Path(path_type=Path)


@click.group(cls=LazyGroup, verbs=VERBS)
def lake() -> None:
    """Keep the logs of many cities as Parquet files, which `heinola country` asks at once."""


@click.command(cls=Verb)
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option(
    "--city-code", type=UnitCode(), metavar="CODE", help="Of the city in the lake; by default that of its unit."
)
@pass_door
def write(door: Door, folder: Path, city_code: str | None) -> None:
    """Add to the lake DIR the events of the store that it does not hold yet.

    A file per fiscal year: what each event has, its leaf hash, and beside them unit, line, amount and days, for
    programs that read Parquet. A manifest per city says what its files are. Interrupted, the lake stays as it was. A
    lake is for asking many cities at once; `heinola export events` is for taking a log to another store.

    Examples:
      heinola lake write lake
      heinola lake write lake --city-code 111
    """
    from heinola_es.commands.progress import Progress
    from heinola_es.lake.manifest import folder_of
    from heinola_es.lake.writing import city_code as code_of
    from heinola_es.lake.writing import write as write_lake
    from heinola_es.store.reading import LogReader
    from projections.read_models.moment import log_moment

    with LogReader.open(door.store) as reader, log_moment(reader), Progress() as progress:
        code = code_of(reader, city_code)
        new, size = write_lake(reader, folder, code, door.files, lambda done, of: progress.told("events", done, of))
    where = folder_of(folder, code)
    tell(
        f"wrote {new} new events to {where}, which holds {size}" if new else f"{where} holds all {size} events already"
    )


@click.command(cls=Verb)
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option("--seal", "seals", type=_FOLDER, multiple=True, metavar="FILE", help="A seal to check; may be repeated.")
@key_file
@click.pass_context
def verify(ctx: click.Context, folder: Path, *, seals: tuple[Path, ...], key: Path) -> None:
    """Check the lake DIR: every file, column and event, the root over each city's log, and the seals given.

    What was changed, is missing, was added or stands there twice is named. Whoever can write to a lake can also write
    it anew from end to end; only a seal kept elsewhere tells. Exits with 0 where all is well, else with 3.

    Examples:
      heinola lake verify lake
      heinola lake verify lake --seal heinola-2020-04-01_2020-06-30-r1.seal --key heinola.pub
    """
    from heinola_es.lake.verifying import verified

    manifests, problems = verified(folder, _opened(seals, key))
    say(*problems)
    if problems:
        ctx.exit(FOUND)
    events = sum(manifest.size for manifest in manifests)
    sealed = f", as {len(seals)} seals say" if len(seals) > 1 else ", as the seal says" if seals else ""
    say(f"{folder} is whole: {len(manifests)} cities, {events} events{sealed}")


def _opened(files: tuple[Path, ...], key: Path) -> dict[str, Seal]:
    """Return the seals in some files, by the names of these, if they are signed with the key."""
    if not files:
        return {}
    from heinola_es.sealing.keys import load_verifier
    from heinola_es.sealing.seals import read_seal

    verifier = load_verifier(key)
    return {str(path): read_seal(path, verifier) for path in files}
