"""`heinola record`: who may do what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from events.roles import ROLES
from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import Name, OneOf, UnitCode
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from heinola_es.commands.recording import Recording


@click.command(cls=Form)
@click.argument("actor", type=Name(), help="Who has it, by the name that they record under (--actor).")
@click.argument("role", type=OneOf("role", ROLES), help=f"One of {', '.join(ROLES)}.")
@click.option(
    "--unit",
    "units",
    type=UnitCode(),
    multiple=True,
    metavar="CODE",
    help="For this unit and what stands under it; may be given again. Without it, for the whole city.",
)
@click.option("--login", default="", metavar="NAME", help="It counts under this login of the database alone.")
@click.option("--withdraw", is_flag=True, help="They have it no longer.")
@options.recording
def role(recording: Recording, actor: str, role: str, units: tuple[str, ...], login: str, withdraw: bool) -> None:
    """Give somebody a role, or withdraw it.

    From the first role on, which is a controller's, nobody records anything without one. A reporter records what is
    told of units, a controller everything; readers and auditors read. The rights for a unit are rights for all that
    stands under it today.

    Examples:
      heinola record role talouspäällikkö controller
      heinola record role rehtori reporter --unit 4160
      heinola record role rehtori reporter --unit 4160 --withdraw
    """
    from heinola_es.handlers.roles import give_role, withdraw_role

    if not withdraw:
        recording.run(give_role, actor, role, units, login)
    elif login:
        raise BadInput("a role is withdrawn under every login; leave --login out")
    else:
        recording.run(withdraw_role, actor, role, units)
