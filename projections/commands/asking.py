"""What the commands that show a report are asked in the same words: of which period, unit, moment or publication."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heinola_es.commands.parameters import MANY, PeriodType, UnitCode
from heinola_es.domain.periods import parse_instant
from heinola_es.languages import LANGUAGES

if TYPE_CHECKING:
    from heinola_es.commands.context import Door

LAST = 0
"""Stands for the last revision, where none is named."""

of_period = click.argument("period", type=PeriodType(up_to_date=True))
of_unit = click.option("--unit", type=UnitCode(), metavar="CODE", help="Only this unit and what stands under it.")
as_known = click.option(
    "--known-at", type=parse_instant, metavar="T", help="As it was known at this moment (2020-08-15, UTC)."
)
in_format = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="What to print.",
)


def _or_that_of_the_door(ctx: click.Context, _parameter: click.Parameter, language: str | None) -> str:
    """Return the language that was chosen, here or before the command."""
    door: Door | None = ctx.find_root().obj
    return language or (door.language if door else LANGUAGES[0])


in_language = click.option(
    "--lang",
    "language",
    type=click.Choice(LANGUAGES),
    callback=_or_that_of_the_door,
    help="The language of what is shown; by default HEINOLA_LANG, else that of the locale, else fi.",
)
FORECAST_METHODS = {
    "nearest": "nearest",
    "budget": "budget",
    "share": "share",
    "last-year": "last_year",
    "evenly": "evenly",
}
"""What a forecast may be computed by, as it is asked for."""
forecast_method = click.option(
    "--forecast-method",
    type=click.Choice(list(FORECAST_METHODS)),
    callback=lambda _ctx, _parameter, name: FORECAST_METHODS.get(name, ""),
    help="Show the forecast of the year's end, computed so where no unit gave one; nearest: as was best before.",
)
as_published = click.option(
    "--published",
    type=click.IntRange(LAST, MANY),
    is_flag=False,
    flag_value=LAST,
    metavar="[REVISION]",
    help="As it was published last, or in this revision: the same bytes for ever.",
)
