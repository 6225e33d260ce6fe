"""Charts as pictures: SVG in which texts stay texts, and PNG for programs that show no SVG.

A chart is specified as Vega takes it, and drawn here to the byte as Vega draws it: no browser, no network, no engine to
start. The same chart gives the same bytes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.content.picture_data import (
    Cumulative,
    GoalsByStatus,
    IncomeAndExpenses,
    ProjectProgress,
    UseOfBudget,
)
from projections.report.pictures.amounts import income_and_expenses
from projections.report.pictures.course import cumulative
from projections.report.pictures.goal_bars import goals_by_status
from projections.report.pictures.lettering import axis_format
from projections.report.pictures.percentages import project_progress, use_of_budget
from projections.report.pictures.tidy import FONT, tidy
from projections.report.pictures.vectors import picture
from projections.report.theme.palette import DARK, PRINT, SCREEN, Palette, palette_for, properties

if TYPE_CHECKING:
    from projections.report.content.picture_data import PictureData
    from projections.report.pictures.drawing import Spec

__all__ = ["DARK", "PRINT", "SCREEN", "Palette", "draw", "palette_for", "png", "properties"]


FONT_OF_PNG = "Liberation Sans"


def draw(chart: PictureData, *, palette: Palette, width: int) -> str:
    """Return a chart as SVG of that width in pixels, with a view box, to be shown at any size.

    It holds no ids, styles, scripts or references, and can stand in a page any number of times.
    """
    return tidy(picture(specified(chart, palette, width), axis_format(chart.locale)))


def specified(chart: PictureData, palette: Palette, width: int) -> Spec:
    """Return a chart as Vega takes it, of that width in pixels."""
    match chart:
        case UseOfBudget():
            return use_of_budget(chart, palette, width)
        case Cumulative():
            return cumulative(chart, palette, width)
        case IncomeAndExpenses():
            return income_and_expenses(chart, palette, width)
        case GoalsByStatus():
            return goals_by_status(chart, palette, width)
        case ProjectProgress():
            return project_progress(chart, palette, width)


def png(svg: str, *, scale: float) -> bytes:
    """Return a picture of literal colours as PNG, `scale` times as large.

    It stands on white, and its texts are in the font that vl-convert brings along: the same on every machine.
    """
    import vl_convert  # noqa: PLC0415 - for who writes points: to load it takes long, and most write none

    head, _, drawn = svg.replace(FONT, FONT_OF_PNG).partition(">")
    return vl_convert.svg_to_png(f'{head}><rect width="100%" height="100%" fill="#ffffff"/>{drawn}', scale=scale)
