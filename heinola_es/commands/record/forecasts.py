"""`heinola record`: what the year will end at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heinola_es.commands import options
from heinola_es.commands.form import Form
from heinola_es.commands.parameters import Amount
from heinola_es.domain.amounts import PRECISIONS
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.commands.recording import Recording


@click.command(cls=Form)
@options.unit
@options.any_line
@options.period
@click.argument("amount", type=Amount(), required=False, help="What the year will end at, in euros.")
@click.option("--deviation", type=Amount(), metavar="AMOUNT", help="The deviation from the budget, in place of AMOUNT.")
@options.precision("What it is rounded to")
@click.option("--text", default="", metavar="TEXT", help="Why, in words.")
@options.contra
@options.restating
@options.recording
def forecast(
    recording: Recording,
    unit: str,
    line: str,
    period: Period,
    amount: int | None,
    deviation: int | None,
    precision: str,
    text: str,
    contra: bool,
) -> None:
    """Forecast what a line will end the year at.

    It is of the unit with everything below it, as seen at the end of PERIOD; a later one of the same day takes its
    place. With --deviation it is told against the budget with the amendments decided by then.

    Examples:
      heinola record forecast 410 operating_expenses 2020Q2 -26 200 000 --text "Sijaiset"
      heinola record forecast 410 operating_expenses 2020Q2 --deviation -150 000
    """
    from heinola_es.handlers.forecasts import give_forecast, give_forecast_against_budget

    if (amount is None) == (deviation is None):
        how = "has two amounts" if amount is not None else "has no amount"
        raise BadInput(f"the forecast {how}; give either what the year will end at as AMOUNT, or --deviation")
    cents = PRECISIONS[precision]
    if deviation is not None:
        told = unit, line, period, deviation
        recording.run(give_forecast_against_budget, *told, precision_cents=cents, contra=contra, text=text)
    elif amount is not None:
        recording.run(give_forecast, unit, line, period, amount, precision_cents=cents, contra=contra, text=text)
