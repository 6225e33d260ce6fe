"""`heinola record`: what became of a proposed amendment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import Amount, Position
from heinola_es.commands.record.figures import correcting, decision_address, decision_organ, decision_section, detail
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from datetime import date

    from heinola_es.commands.recording import Recording


@click.command(cls=Form)
@click.argument("position", type=Position(), help="The proposal's in the log; `heinola list proposals` has it.")
@options.day("The day of the decision.")
@click.option("--amount", "amount", type=Amount(), metavar="DELTA", help="What was decided, where not as proposed.")
@click.option("--rejected", is_flag=True, help="It was rejected, and changes nothing.")
@click.option("--withdrawn", is_flag=True, help="It was withdrawn by who proposed it, and changes nothing.")
@decision_organ
@decision_section
@decision_address
@detail
@correcting
@options.recording
def decision(
    recording: Recording,
    position: int,
    *,
    day: date,
    amount: int | None,
    rejected: bool,
    withdrawn: bool,
    organ: str,
    section: str,
    address: str,
    detail: bool,
    correcting: bool,
) -> None:
    """Record what was decided about a proposed amendment.

    It amends the budget as it was proposed, or by --amount; or it was --rejected or --withdrawn.

    Examples:
      heinola record decision 41 --on 15.6.2020 --organ kaupunginvaltuusto --section 41
      heinola record decision 41 --on 15.6.2020 --organ kaupunginvaltuusto --section 42 --rejected
    """
    from heinola_es.domain.decision import decision_of
    from heinola_es.handlers.proposals import decide_amendment, drop_amendment

    if rejected and withdrawn:
        raise BadInput("the proposal cannot be both rejected and withdrawn; give one of the two")
    more: dict[str, Any] = {}
    if any(decided := decision_of(organ, section, address)):
        more["decided"] = decided
    if rejected or withdrawn:
        if amount is not None or detail or correcting:
            raise BadInput(
                "what is rejected or withdrawn changes nothing; leave out the amount, --detail and --correcting"
            )
        outcome = "rejected" if rejected else "withdrawn"
        recording.run(drop_amendment, position, day=day, outcome=outcome, **more)
        return
    recording.run(
        decide_amendment, position, day=day, amount_cents=amount, detail=detail, correcting=correcting, **more
    )
