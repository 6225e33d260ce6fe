"""`heinola undo`: what was recorded by mistake counts no more."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from heinola_es.commands import options
from heinola_es.commands.parameters import Positions
from heinola_es.commands.recording import asked
from heinola_es.commands.verb import Verb
from projections.commands.undo_told import told

if TYPE_CHECKING:
    from heinola_es.commands.recording import Recording


@click.command(cls=Verb)
@click.argument(
    "positions",
    type=Positions(),
    nargs=-1,
    required=True,
    metavar="POSITION...",
    help="Such as 504 or '#504': all that its command recorded; or 504-611.",
)
@click.option(
    "--with-what-rests-on-it", "more", is_flag=True, help="Undo later facts that rest on it as well, and theirs."
)
@options.recording
def undo(recording: Recording, positions: tuple[tuple[int, int], ...], *, more: bool) -> None:
    """Undo what was recorded by mistake.

    A position stands for everything that its command recorded: of an import, the whole file, which may then be imported
    again. Figures, goals, texts and reports are from then on as if it had not been recorded; the log keeps it, with who
    undid it and why. An undoing can be undone. What was published stays published: it is told which reports would come
    out differently now. Try it with --dry-run first. The reason is needed.

    Examples:
      heinola undo '#504' --reason "väärä tiedosto" --dry-run
      heinola undo 504-611 --reason "kirjattiin väärälle yksikölle"
    """
    from heinola_es.handlers.undoing import undo as decide

    what = asked(decide, positions, with_what_rests_on_it=more)
    recording.run_telling(what, partial(told, recording.door.store))
