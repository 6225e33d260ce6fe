"""`heinola record`: units, and what changes about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from events.organisation import UNIT_KINDS
from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import Name, NewCode, OneOf, UnitCode
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from datetime import date

    from heinola_es.commands.recording import Recording


@click.command(cls=Form)
@click.argument("code", type=NewCode("code"), help="The code of the new unit, never used before.")
@click.argument("name", type=Name(), help="Its name.")
@click.option(
    "--kind",
    type=OneOf("kind", UNIT_KINDS),
    default="unit",
    show_default=True,
    metavar="KIND",
    help=f"One of {', '.join(UNIT_KINDS)}; it decides the layout of the unit's table.",
)
@click.option("--parent", type=UnitCode(), metavar="CODE", help="The unit above; none for the top.")
@options.day("Its first day.")
@options.recording
def unit(recording: Recording, code: str, name: str, kind: str, parent: str | None, day: date) -> None:
    """Establish a unit.

    A sector, a service area, a unit; an investment programme, area or item: the kind decides the layout of its table.

    Example:
      heinola record unit 4100 Perusopetus --parent 410 --on 1.1.2020
    """
    from heinola_es.handlers.organisation import establish_unit

    recording.run(establish_unit, code, day, name=name, kind=kind, parent=parent)


@click.command(cls=Form)
@options.unit
@click.argument("name", type=Name(), help="Its name.")
@options.day("The first day of the new name.")
@options.recording
def rename(recording: Recording, unit: str, name: str, day: date) -> None:
    """Give a unit a new name.

    Example:
      heinola record rename 4100 "Perusopetus ja lukio" --on 1.8.2020
    """
    from heinola_es.handlers.organisation import rename_unit

    recording.run(rename_unit, unit, day, name)


@click.command(cls=Form)
@options.unit
@click.argument("parent", type=UnitCode(), required=False, help="The code of the unit above.")
@click.option("--top", is_flag=True, help="Move it to the top, under no unit, in place of PARENT.")
@options.day("The first day at the new place.")
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
