"""`heinola round`: its steps, each recorded under the name of whoever takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heinola_es.commands import options
from heinola_es.commands.parameters import Day, PeriodType, UnitCode
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput
from projections.commands.asking import of_period
from projections.commands.reading import ask

if TYPE_CHECKING:
    from datetime import date

    from events.period import Period
    from heinola_es.commands.recording import Recording

whose = click.argument("units", type=UnitCode(), nargs=-1, required=True, metavar="UNIT...")
of_round = click.option(
    "--period",
    type=PeriodType(up_to_date=True),
    metavar="PERIOD",
    help="Which round; by default the only one that is open.",
)


@click.command("open", cls=Verb)
@of_period
@click.option("--due", type=Day(), metavar="DATE", required=True, help="The last day on which a unit is in time.")
@click.option(
    "--unit",
    "units",
    type=UnitCode(),
    metavar="CODE",
    multiple=True,
    help="A unit that reports, as often as need be; by default those that a form is made for.",
)
@click.option(
    "--four-eyes/--no-four-eyes",
    "four_eyes",
    default=None,
    help="Whether nobody accepts what they recorded themselves; by default as in the round so far.",
)
@options.recording
def open_(recording: Recording, period: Period, due: date, units: tuple[str, ...], *, four_eyes: bool | None) -> None:
    """Ask the units to report on PERIOD by a day.

    Given again while the round is open, it goes on with another day or other units. A round that is closed is opened
    again.

    Examples:
      heinola round open 2020Q3 --due 15.10.2020
      heinola round open 2020Q3 --due 15.10.2020 --unit 4100 --unit 4160 --four-eyes
    """
    from heinola_es.handlers.rounds import open_round
    from projections.rounds.board import asked_units

    asked = units or ask(recording.door.store, lambda reader: asked_units(reader, period))
    recording.run(open_round, period, due, asked, four_eyes=four_eyes)


@click.command(cls=Verb)
@whose
@of_round
@options.recording
def submit(recording: Recording, units: tuple[str, ...], period: Period | None) -> None:
    """Hand in what a unit reports.

    Examples:
      heinola round submit 4160
      heinola round submit 4100 4160 --period 2020Q3
    """
    from heinola_es.handlers.rounds import submit_parts

    recording.run(submit_parts, _of_round(recording, period), units)


@click.command("return", cls=Verb)
@whose
@of_round
@options.recording
def return_(recording: Recording, units: tuple[str, ...], period: Period | None) -> None:
    """Send back what a unit handed in, or what was accepted of it.

    The reason is needed, and shown to the unit.

    Example:
      heinola round return 4160 --reason "Tavoitteen 2 selite puuttuu"
    """
    from heinola_es.handlers.rounds import return_parts

    recording.run(return_parts, _of_round(recording, period), units)


@click.command(cls=Verb)
@click.argument("units", type=UnitCode(), nargs=-1, metavar="[UNIT...]")
@click.option("--all", "all_of_them", is_flag=True, help="All that are handed in.")
@of_round
@options.recording
def accept(recording: Recording, units: tuple[str, ...], *, all_of_them: bool, period: Period | None) -> None:
    """Accept what units handed in.

    Examples:
      heinola round accept 4160
      heinola round accept --all
    """
    from heinola_es.handlers.rounds import accept_parts

    if bool(units) == all_of_them:
        raise BadInput("name the units whose parts are accepted, or --all for all that are handed in")
    recording.run(accept_parts, _of_round(recording, period), units)


@click.command(cls=Verb)
@of_round
@options.recording
def close(recording: Recording, period: Period | None) -> None:
    """Wait for nobody any more.

    Example:
      heinola round close
    """
    from heinola_es.handlers.rounds import close_round

    recording.run(close_round, _of_round(recording, period))


def _of_round(recording: Recording, period: Period | None) -> Period:
    """Return the period of the round that is meant: where none is named, of the only one that is open.

    Raises:
        NeverOpened: none is.
        BadInput: several are.
    """
    from projections.rounds.board import the_open_round

    return period or ask(recording.door.store, the_open_round)
