"""`heinola record`: the books of units are complete, or are said to be no longer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.record.figures import below, measure

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.commands.recording import Recording

lines = click.option(
    "--line", "lines", multiple=True, metavar="LINE", help="Only on this line and those below it; may be repeated."
)


@click.command(cls=Form)
@options.period
@below
@measure
@lines
@options.recording
def complete(recording: Recording, period: Period, unit: str | None, measure: str, lines: tuple[str, ...]) -> None:
    """Say that books are complete.

    What is posted for the whole months of PERIOD is all there is: a line without a posting is zero. For a
    budget, PERIOD is a year. It is refused where a stated total says otherwise.

    Examples:
      heinola record complete 1-6/2020
      heinola record complete 2020Q3 --unit 410
      heinola record complete 2020 --measure budget
    """
    from heinola_es.handlers.coverage import complete_books

    recording.run(complete_books, period, unit, measure=measure, lines=lines)


@click.command(cls=Form)
@options.period
@below
@measure
@lines
@options.recording
def incomplete(recording: Recording, period: Period, unit: str | None, measure: str, lines: tuple[str, ...]) -> None:
    """Take back that books are complete.

    The books of PERIOD are not whole, whatever imports, `record complete`, closing or postings tell, until an import or
    `record complete` says so again. The reason is needed.

    Example:
      heinola record incomplete 6/2020 --unit 410 --reason "kesäkuun laskuja puuttuu"
    """
    from heinola_es.handlers.coverage import withdraw_completion

    recording.run(withdraw_completion, period, unit, measure=measure, lines=lines)


COMMANDS = (complete, incomplete)
