"""Pictures as we draw them, beside what Vega itself makes of the same specification."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import vl_convert
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.report.pictures.drawing import Drawing, Frame, axis
from projections.report.pictures.lettering import axis_format
from projections.report.pictures.pictures import PRINT, SCREEN, Palette, specified
from projections.report.pictures.tidy import SVG, tidy
from projections.report.pictures.vectors import picture
from tests.projections.report.charts import CHARTS, one_of_each

if TYPE_CHECKING:
    from projections.report.content.picture_data import PictureData
    from projections.report.pictures.drawing import Spec


def by_vega(spec: Spec, locale: str) -> str:
    """Return what Vega draws, tidied in the same way."""
    root = ET.fromstring(vl_convert.vega_to_svg(spec, format_locale=axis_format(locale)))  # noqa: S314 - Vega's
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{SVG}}}")
    return tidy(root)


@settings(max_examples=25)
@given(chart=CHARTS, width=st.sampled_from([320, 340, 480, 640]), palette=st.sampled_from([PRINT, SCREEN]))
def test_a_picture_is_drawn_to_the_byte_as_vega_draws_it(chart: PictureData, width: int, palette: Palette) -> None:
    """Whatever a chart holds, in each language, the picture is the one that Vega makes of its specification."""
    spec = specified(chart, palette, width)

    assert tidy(picture(spec, axis_format(chart.locale))) == by_vega(spec, chart.locale)


@pytest.mark.parametrize("chart", one_of_each(), ids=lambda chart: type(chart).__name__)
def test_each_kind_of_picture_is_drawn_as_vega_draws_it(chart: PictureData) -> None:
    """No kind of chart is left to chance."""
    spec = specified(chart, PRINT, 640)

    assert tidy(picture(spec, axis_format(chart.locale))) == by_vega(spec, chart.locale)


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        (",~f", ["−1 500", "−0,5", "0", "0,5", "12 345 678"]),
        (",.0f", ["−1 500", "0", "12 345 678"]),
        (",.1f", ["−0,5", "0,0", "2,5"]),
        (",d", ["0", "3", "1 000"]),
    ],
)
def test_an_axis_tells_its_numbers_in_the_readers_language(form: str, numbers: list[str]) -> None:
    """Each as it is: never rounded to the distance between them, as Vega rounds where an axis is short."""
    values = [float(number.replace("\u2212", "-").replace(" ", "").replace(",", ".")) for number in numbers]
    drawing = Drawing(frame=Frame(width=90, height=20, left=0, right=0, top=0, bottom=20), palette=PRINT)
    drawing.scales.append({"name": "x", "type": "linear", "domain": [-1, 1], "range": "width", "zero": False})
    drawing.axes.append(axis(PRINT, "x", orient="bottom", values=values, format=form))

    told = [element.text for element in picture(drawing.spec(), axis_format("fi")).iter("text")]

    assert [str(text).replace("\xa0", " ") for text in told] == numbers


def test_a_shape_that_no_picture_of_ours_has_is_refused() -> None:
    """Vega knows arcs; here they would come out wrong, so they are refused by name instead."""
    drawing = Drawing(frame=Frame(width=90, height=20, left=0, right=0, top=0, bottom=20), palette=PRINT)
    drawing.add("symbol", [{"x": 0}], shape="M0,0A1,1,0,1,1,1,0", x=1, y=1, size=4, fill="#000000")

    with pytest.raises(KeyError, match="A"):
        picture(drawing.spec(), axis_format("fi"))
