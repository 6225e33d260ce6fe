"""`heinola audit check-document`: a report's file, checked by what it carries, without a store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.printing import say, tell
from heinola_es.commands.verb import Verb
from projections.commands.audit_verify import FOUND
from projections.commands.witnesses import of_witnesses

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.sealing.cosignatures import Witnesses
    from projections.documents.checking import Checked

_FILE = click.Path(path_type=Path)


@click.command("check-document", cls=Verb)
@click.argument("file", type=_FILE)
@click.option("--key", type=_FILE, envvar="HEINOLA_KEY", metavar="FILE", help="The public key of the city's seals.")
@of_witnesses
@click.pass_context
def check_document(ctx: click.Context, *, file: Path, key: Path | None, witnesses: Callable[[], Witnesses]) -> None:
    """Check the report in FILE (.pdf, .html, .docx, .xlsx or .md) by the proof that it carries.

    No store is needed. Every figure of its tables is held against the snapshot inside the file, that against the seal
    of the publication, and the seal against the key. What was changed is told with its unit, line and column. Exits
    with 0 where all agree, else with 3.

    With --witness, a seal that these witnesses have not cosigned is told, and so is a file without one.

    Examples:
      heinola audit check-document osavuosikatsaus.pdf --key heinola.pub
      heinola audit check-document osavuosikatsaus.xlsx
    """
    from heinola_es.sealing.keys import load_verifier
    from projections.documents.checking import check
    from projections.documents.printed import NoProof, Unreadable
    from projections.documents.reading import read_report

    asked = witnesses()
    verifier = None if key is None else load_verifier(key)
    try:
        checked = check(read_report(file), file.name, verifier, asked)
    except (NoProof, Unreadable) as error:
        tell(f"heinola: {error}")
        ctx.exit(FOUND)
    _tell(checked, has_key=verifier is not None)
    if checked.findings:
        ctx.exit(FOUND)


def _tell(checked: Checked, *, has_key: bool) -> None:
    from projections.documents.checking import MOST_TOLD

    say(*checked.findings[:MOST_TOLD])
    more = len(checked.findings) - MOST_TOLD
    if more > 0:
        say(f"and {more} more")
    looked_at = f"{checked.figures} figures and {checked.copied} other cells of tables"
    if checked.findings:
        count = len(checked.findings)
        things = "1 thing in it is" if count == 1 else f"{count} things in it are"
        tell(f"heinola: {things} not as the report was made ({looked_at} looked at)")
    else:
        say(f"the report {checked.label} is as it was made: {looked_at}")
    say(f"its snapshot: sha256:{checked.digest}", _of_seal(checked, has_key=has_key))
    say(*filter(None, [checked.cosigned]))


def _of_seal(checked: Checked, *, has_key: bool) -> str:
    from heinola_es.sealing.seals import root_text

    seal = checked.seal
    if seal is None:
        if any("seal" in finding for finding in checked.findings):
            return "its seal proves nothing"
        return "it carries no seal: whether its snapshot is what was published, the seal beside it or the city can tell"
    told = f"the seal of {seal.origin}, revision {seal.revision}, root {root_text(seal.root)} over {seal.size} events"
    if not has_key:
        return f"{told}: its signature was not checked; name the city's key with --key"
    return f"sealed: {told}"
