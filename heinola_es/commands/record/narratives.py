"""`heinola record`: what a unit reports in words, its outlook for the year, and its statistics."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import Name, Number
from heinola_es.commands.recording import asked

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.commands.recording import Recording
    from heinola_es.commands.words import Words


@click.command(cls=Form)
@options.unit
@options.period
@click.argument("section", type=Name(), help="The heading it stands under.")
@options.text("the narrative")
@click.option("--programme", type=Name(), metavar="NAME", help="The strategy programme it is about.")
@click.option(
    "--part",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="NUMBER",
    help="Which part of the section, where it comes in several.",
)
@options.recording
def narrative(
    recording: Recording, unit: str, period: Period, section: str, words: Words, programme: str | None, part: int
) -> None:
    """Report on a period in words.

    SECTION is the heading; a later report takes the place of an earlier one. The text is given as TEXT, from
    a file, on the standard input (-), or written in $EDITOR, where its last version stands; left as it is, or
    emptied, nothing is recorded.

    Examples:
      heinola record narrative 41 2020Q2 "Oleelliset tapahtumat" --text-file tapahtumat.txt
      heinola record narrative 41 2020Q2 "Oleelliset tapahtumat" - < tapahtumat.txt
    """
    from heinola_es.handlers.goals import report_narrative

    recording.run_with(
        words,
        lambda text: asked(report_narrative, unit, period, section, text=text, programme=programme, part=part),
    )


@click.command(cls=Form)
@options.unit
@options.period
@options.text("the outlook")
@options.recording
def outlook(recording: Recording, unit: str, period: Period, words: Words) -> None:
    """Estimate how the year's budget will hold.

    The estimate is given at the end of a period. The text is given as TEXT, from a file, on the standard
    input (-), or written in $EDITOR, where its last version stands; left as it is, or emptied, nothing is
    recorded.

    Example:
      heinola record outlook 4100 2020Q2 "Talousarvio pitää."
    """
    from heinola_es.handlers.goals import give_outlook

    recording.run_with(words, lambda text: asked(give_outlook, unit, period, text=text))


@click.command(cls=Form)
@options.unit
@options.period
@click.argument("name", type=Name(), help="What was counted.")
@click.argument("value", type=Number(), help="A number, such as 1 224 or 29,2.")
@click.option("--measured-in", default="", metavar="UNIT", help="The unit of measure, such as kertaa or %.")
@options.recording
def indicator(recording: Recording, unit: str, period: Period, name: str, value: str, measured_in: str) -> None:
    """Record a statistic of a period.

    Example:
      heinola record indicator 4400 2020Q2 "Kirjastokäynnit" 1 224 --measured-in kertaa
    """
    from heinola_es.handlers.goals import observe_indicator

    recording.run(observe_indicator, unit, period, name, value, measured_in)
