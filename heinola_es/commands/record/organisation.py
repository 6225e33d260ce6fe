"""`heinola record`: units, and what changes about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from events.organisation import UNIT_KINDS
from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import Name, NewCode, OneOf, UnitCode, require_unbroken
from heinola_es.domain.called import KINDS
from heinola_es.errors import BadInput
from heinola_es.languages import LANGUAGES

if TYPE_CHECKING:
    from datetime import date

    from heinola_es.commands.recording import Recording


@click.command(cls=Form)
@click.argument("code", type=NewCode("code"), help="The code of the new unit, never used before.")
@click.argument("name", type=Name(), required=False, help="Its name.")
@click.option(
    "--kind",
    type=OneOf("kind", UNIT_KINDS, KINDS),
    default="unit",
    show_default=True,
    metavar="KIND",
    help=f"One of {', '.join(UNIT_KINDS)}; it decides the layout of the unit's table.",
)
@click.option("--parent", type=UnitCode(), metavar="CODE", help="The unit above; none for the top.")
@options.day("Its first day.")
@click.option("--correcting", is_flag=True, help="The unit is known: this is its first day, and was all the time.")
@options.restating
@options.recording
def unit(
    recording: Recording, code: str, name: str | None, kind: str, parent: str | None, day: date, correcting: bool
) -> None:
    """Establish a unit, or correct its first day.

    A sector, a service area, a unit; an investment programme, area or item: the kind decides the layout of its table.
    With --correcting, a unit that is known exists from another day on: from an earlier one, or from a later one where
    nothing lies between. The reason is needed.

    Examples:
      heinola record unit 4100 Perusopetus --parent 410 --on 1.1.2020
      heinola record unit 4100 --on 1.1.2019 --correcting --reason "perustettu jo 2019"
    """
    from heinola_es.handlers.organisation import correct_first_day, establish_unit

    if correcting:
        if name is not None or parent is not None:
            raise BadInput(
                "--correcting is about the first day alone; a name is corrected with `heinola record rename`, a place "
                "with `heinola record move`"
            )
        recording.run(correct_first_day, code, day)
        return
    if name is None:
        raise BadInput(f"unit {code} has no name; give it behind the code")
    require_unbroken(code, "the code")
    recording.run(establish_unit, code, day, name=name, kind=kind, parent=parent)


@click.command(cls=Form)
@options.unit
@click.argument("name", type=Name(), help="Its name.")
@options.day("The first day of the new name; with --correcting, a day of the name that was wrong.", required=False)
@click.option("--correcting", is_flag=True, help="It was called so all the time: the name that is recorded was wrong.")
@options.of_translation(required=False)
@options.recording
def rename(
    recording: Recording, unit: str, name: str, day: date | None, correcting: bool, language: str | None
) -> None:
    """Give a unit a new name, correct the one it has, or say what it is called in another language.

    A new name holds from a day on. With --correcting, the name that was recorded has always been wrong: NAME takes its
    place on every day that it held, and the reason is needed. With --lang, NAME is what reports in that language call
    the unit for as long as it has the name of that day, else the last one.

    Examples:
      heinola record rename 4100 "Perusopetus ja lukio" --on 1.8.2020
      heinola record rename 4100 Perusopetus --correcting --reason "kirjoitusvirhe"
      heinola record rename 4100 --lang sv "Grundläggande utbildning"
    """
    from heinola_es.handlers.organisation import correct_name, rename_unit
    from heinola_es.handlers.translations import translate_name

    if language is not None:
        if correcting:
            raise BadInput("--correcting is about the name itself; a translation is put right by recording it again")
        recording.run(translate_name, unit, day, name, language)
    elif correcting:
        recording.run(correct_name, unit, day, name)
    elif day is None:
        raise BadInput(
            f"say from which day on unit {unit} is called so, with --on, or add --correcting where it always was"
        )
    else:
        recording.run(rename_unit, unit, day, name)


@click.command(cls=Form)
@click.argument("name", type=Name(), help="Its name.")
@click.option("--code", metavar="CODE", help="Its municipal code (kuntanumero), such as 111.")
@click.option(
    "--recorded-in",
    type=click.Choice(LANGUAGES),
    help="The language that its names, goals and texts are recorded in; fi where nobody says otherwise.",
)
@options.recording
def city(recording: Recording, name: str, code: str | None, recorded_in: str | None) -> None:
    """Name the city that the store is of.

    Reports from then on bear the name, of whatever period; what was published stays as it was. Seals keep the name
    that the store was made with. Words that a report does not have in its own language are marked with the one that
    the city records them in.

    Examples:
      heinola record city Heinola --code 111
      heinola record city Pargas --recorded-in sv
    """
    from heinola_es.handlers.organisation import name_city

    recording.run(name_city, name, code, recorded_in)


@click.command(cls=Form)
@options.unit
@click.argument("parent", type=UnitCode(), required=False, help="The code of the unit above.")
@click.option("--top", is_flag=True, help="Move it to the top, under no unit, in place of PARENT.")
@options.day("The first day at the new place.")
@options.restating
@options.recording
def move(recording: Recording, unit: str, parent: str | None, top: bool, day: date) -> None:
    """Move a unit under another one.

    Examples:
      heinola record move 4100 420 --on 1.8.2020
      heinola record move 4100 --top --on 1.8.2020
    """
    from heinola_es.handlers.organisation import move_unit

    if (parent is None) != top:
        raise BadInput(f"say where unit {unit} moves to: either the code of the unit above or --top")
    recording.run(move_unit, unit, day, parent)


@click.command(cls=Form)
@options.unit
@click.argument("into", type=UnitCode(), help="The code of the unit that carries on.")
@options.day("Its last day.")
@options.restating
@options.recording
def merge(recording: Recording, unit: str, into: str, day: date) -> None:
    """End a unit whose work another one carries on.

    Example:
      heinola record merge 4101 4100 --on 31.7.2020
    """
    from heinola_es.handlers.organisation import merge_unit

    recording.run(merge_unit, unit, day, into)


@click.command("unit-end", cls=Form)
@options.unit
@options.day("Its last day.")
@options.restating
@options.recording
def unit_end(recording: Recording, unit: str, day: date) -> None:
    """End a unit.

    Example:
      heinola record unit-end 4101 --on 31.12.2020
    """
    from heinola_es.handlers.organisation import close_unit

    recording.run(close_unit, unit, day)


@click.command(cls=Form)
@options.unit
@click.argument("role", type=Name(), help="Who answers for it, named by the role.")
@options.day("The first day in charge.")
@options.recording
def responsible(recording: Recording, unit: str, role: str, day: date) -> None:
    """Put a unit in the charge of somebody, named by the role.

    Example:
      heinola record responsible 410 koulutusjohtaja --on 1.1.2020
    """
    from heinola_es.handlers.organisation import assign_responsible

    recording.run(assign_responsible, unit, day, role)


@click.command(cls=Form)
@click.argument("original", type=Name(), help="The recorded words, or how they begin, where one text alone does.")
@click.argument("text", help="What they read in the language.")
@options.of_translation(required=True)
@click.option("--unit", type=UnitCode(), metavar="CODE", help="The unit that they are recorded of.")
@click.option("--project", metavar="NAME", help="The project that they are recorded of.")
@options.recording
def translation(
    recording: Recording, original: str, text: str, language: str, unit: str | None, project: str | None
) -> None:
    """Say what recorded words of a unit or a project read in another language.

    Any words that are recorded of it: names, goals, priorities, narratives, outlooks, texts of projects. Reports in the
    language show TEXT in their place. It is about these words alone: where they are recorded otherwise later, the
    original is shown until that is translated, too.

    Examples:
      heinola record translation "Oppilaiden hyvinvointi paranee" "Elevernas välmående ökar" --unit 410 --lang sv
      heinola record translation Digitutor "Digital handledare" --project Digitutor --lang sv
    """
    from heinola_es.handlers.translations import translate_text

    recording.run(translate_text, original, text, language, unit=unit, project=project)
