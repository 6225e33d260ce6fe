"""What the commands that show a report are asked in the same words: of which period, unit, moment or publication."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from heinola_es.commands.parameters import MANY, Day, PeriodType, UnitCode
from heinola_es.domain.periods import parse_instant
from heinola_es.languages import LANGUAGES

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.commands.context import Door
    from projections.report.theme.theme import Theme

LAST = 0
"""Stands for the last revision, where none is named."""

of_period = click.argument("period", type=PeriodType(up_to_date=True))
of_unit = click.option("--unit", type=UnitCode(), metavar="CODE", help="Only this unit and what stands under it.")
as_known = click.option(
    "--known-at", type=parse_instant, metavar="T", help="As it was known at this moment (2020-08-15, UTC)."
)
of_structure = click.option("--structure", type=Day(), metavar="DATE", help="In the organisation of this day.")
in_comparable_years = click.option(
    "--comparable", is_flag=True, help="Earlier years without what left the city before the report's year."
)
in_format = click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv"]),
    default="table",
    show_default=True,
    help="What to print.",
)

in_lines = click.option(
    "--lines",
    type=click.Choice(["layout", "all"]),
    default="layout",
    show_default=True,
    help="The lines of a unit's layout, or every line that is known of it.",
)
in_layout = click.option(
    "--layout", metavar="NAME", help="The layout of the city's own statement, such as official; see docs/charts.md."
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


class ColumnNames(click.ParamType[tuple[str, ...]]):
    """Names of columns, or of sets of them, with commas between."""

    name = "columns"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:  # noqa: ANN401, ARG002
        """Return the names as they were given; what they stand for is found out with the sets of a theme."""
        return tuple(name for part in str(value).split(",") if (name := part.strip()))


in_columns = click.option(
    "--columns",
    "columns",
    type=ColumnNames(),
    metavar="NAMES",
    help="The columns of figures, such as budget,actual,deviation, or a set of them: default, council, compared.",
)
by_theme = click.option(
    "--theme",
    "theme_file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Colours, mark, thresholds and sets of columns (TOML).",
)


def theme_of(path: Path | None) -> Theme:
    """Return what a theme file says, or the usual theme where none is named.

    Raises:
        BadInput: it says something that no report can follow.
    """
    from projections.report.theme.theme import Theme

    if path is None:
        return Theme()
    from projections.report.theme.theme_file import load_theme

    return load_theme(path)


def columns_of(names: tuple[str, ...] | None, theme_file: Path | None, period: Period) -> tuple[str, ...]:
    """Return the columns that are asked for by their names or by those of sets; none where none were.

    Raises:
        BadInput: there is no such column, and no such set.
    """
    if not names:
        return ()
    from projections.snapshot.columns import chosen

    return chosen(names, theme_of(theme_file).columns if theme_file else None, period)


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
