"""From a TOML file to a theme: a city's colours, its mark, and what its reports tell of."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from heinola_es.errors import BadInput
from heinola_es.files.toml_forms import table_from
from heinola_es.files.toml_tables import read_toml
from projections.report.theme.logo import read_logo
from projections.report.theme.theme import Theme, Thresholds
from projections.report.theme.theme_tables import ThemeTable
from projections.snapshot.columns import chosen

if TYPE_CHECKING:
    from pathlib import Path

    from projections.report.theme.theme_tables import ThresholdsTable

_KIND = "a theme"


class ThemeUnfit(BadInput):
    """The theme says something that no report can follow; the sentence has a line for each."""


def load_theme(path: Path) -> Theme:
    """Return what a theme file says, and what it leaves out as by default.

    Raises:
        BadInput: it cannot be read or is no TOML.
        ThemeUnfit: a key or value is wrong; all of them are told.
    """
    top, wrong = table_from(ThemeTable, read_toml(path, kind=_KIND, parse_float=Decimal), _KIND)
    logo = None
    if top.logo.file is not None:
        try:
            logo = read_logo(path.parent / top.logo.file)
        except BadInput as error:
            wrong.append(f"logo.file {error}")
    if wrong:
        raise ThemeUnfit(*(f"{path}: {sentence}" for sentence in wrong))
    return Theme(
        accent=top.colours.accent.lower(),
        accent_on_dark=top.colours.accent_on_dark.lower(),
        logo=logo,
        logo_alternative=top.logo.alternative or "",
        thresholds=_thresholds(top.thresholds),
        columns={name: chosen(names) for name, names in top.columns.items()},
    )


def _thresholds(table: ThresholdsTable) -> Thresholds:
    return Thresholds(
        points=Decimal(table.points),
        euros=Decimal(table.euros),
        largest=table.largest,
        project_points=Decimal(table.project_points),
    )
