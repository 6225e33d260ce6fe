"""Pictures of charts: safe inside any page, the same everywhere, and told apart without colour."""

from __future__ import annotations

import re
import subprocess
import sys
from io import BytesIO
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from projections.report.pictures.goal_bars import edge_of
from projections.report.pictures.pictures import DARK, PRINT, SCREEN, Palette, draw, palette_for, png, properties
from projections.report.theme.contrast import READABLE, contrast
from projections.report.theme.theme import Theme
from tests.projections.report.charts import CHARTS, HOSTILE, STATUSES, one_of_each, parsed, use_of_budget, written_in

if TYPE_CHECKING:
    from projections.report.content.picture_data import PictureData
    from projections.report.language.statuses import GoalStatus

SVG = "{http://www.w3.org/2000/svg}"
WIDTHS = st.sampled_from([320, 340, 480, 640])
ELEMENTS = {f"{SVG}{name}" for name in ("svg", "g", "path", "line", "text", "tspan")}
ATTRIBUTES = re.compile(
    r"d|dy|fill|font-(family|size|weight)|height|opacity|stroke(-[a-z]+)?|text-anchor|transform|viewBox|width|x|x2|y2"
)
GRAPHIC = 3.0
"""The least ratio for what tells something without being text (WCAG 2.1, success criterion 1.4.11)."""
APART = 1.3
"""How much lighter one of two must be for nobody to mistake them where they touch, as a contrast ratio."""

each = pytest.mark.parametrize("chart", one_of_each(), ids=lambda chart: type(chart).__name__)
palettes = pytest.mark.parametrize("palette", [PRINT, DARK], ids=["print", "dark"])


@settings(max_examples=60)
@given(chart=CHARTS, width=WIDTHS, palette=st.sampled_from([PRINT, SCREEN]))
def test_a_picture_holds_nothing_that_could_reach_out_of_it(chart: PictureData, width: int, palette: Palette) -> None:
    """Whatever people recorded, it is well-formed, with texts and shapes alone: no ids, styles, scripts, references."""
    svg = parsed(draw(chart, palette=palette, width=width))

    assert svg.tag == f"{SVG}svg"
    assert svg.get("viewBox") == f"0 0 {width} {svg.get('height')}"
    assert {element.tag for element in svg.iter()} <= ELEMENTS
    for element in svg.iter():
        for name, value in element.attrib.items():
            assert ATTRIBUTES.fullmatch(name), name
            assert "url(" not in value


@pytest.mark.parametrize("label", HOSTILE)
def test_a_hostile_label_is_shown_as_text(label: str) -> None:
    """Signs that mean something to a browser are read as they were recorded; those nobody sees are left out."""
    svg = draw(use_of_budget((label, "50", None), ("B", "40", "30")), palette=PRINT, width=640)

    shown = "".join(written.text for written in written_in(svg)).replace(" ", "")
    assert re.sub("[\x00\x0b\u202e\u202c\ufffe ]", "", label) in shown


@each
def test_another_process_draws_the_same_bytes(chart: PictureData) -> None:
    """A picture depends on its chart alone, neither on what was drawn before nor on the process."""
    place = one_of_each().index(chart)
    program = (
        "import sys; from projections.report.pictures.pictures import PRINT, draw, png;"
        "from tests.projections.report.charts import one_of_each;"
        f"svg = draw(one_of_each()[{place}], palette=PRINT, width=640);"
        "sys.stdout.buffer.write(svg.encode() + png(svg, scale=2))"
    )
    draw(use_of_budget(("A", "1", "2")), palette=PRINT, width=640)
    svg = draw(chart, palette=PRINT, width=640)

    told = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True).stdout

    assert told == svg.encode() + png(svg, scale=2)


@each
def test_the_page_decides_the_colours_of_one_drawing(chart: PictureData) -> None:
    """On screen it is the drawing for paper, with a custom property in the place of each colour."""
    light, dark = properties(PRINT), properties(DARK)
    screen = draw(chart, palette=SCREEN, width=640)
    told = set(re.findall(r"var\((--[a-z0-9-]+), (#[0-9a-f]{6})\)", screen))

    assert told <= set(light.items())
    assert {name for name, _colour in told} <= dark.keys()
    assert re.sub(r"var\(--[a-z0-9-]+, (#[0-9a-f]{6})\)", r"\1", screen) == draw(chart, palette=PRINT, width=640)
    assert not re.search('(fill|stroke)="(?!var|none|transparent)', screen)


@each
def test_png_is_as_large_as_asked_and_shows_the_drawing(chart: PictureData) -> None:
    """It stands on white, and has what the chart is about in its colour."""
    svg = draw(evolve(chart, locale="sv"), palette=PRINT, width=640)
    image = Image.open(BytesIO(png(svg, scale=2))).convert("RGB")

    assert image.size == (1280, 2 * int(parsed(svg).get("height", "")))
    colours = {colour for _count, colour in image.getcolors(1 << 20) or []}
    assert image.getpixel((1279, 0)) == (255, 255, 255)
    assert (0x1B, 0x4F, 0x72) in colours


@palettes
def test_texts_are_readable(palette: Palette) -> None:
    """Every text has the contrast that WCAG asks for, on the paper, on bars and on statuses."""
    pairs = [(palette.ink, palette.paper), (palette.muted, palette.paper), (palette.reference, palette.paper)]
    pairs.append((palette.ink, palette.series_3))
    pairs += [(palette.of_status(status).text, palette.of_status(status).fill) for status in STATUSES]

    for text, ground in pairs:
        assert contrast(text, ground) >= READABLE, (text, ground)


@palettes
def test_what_is_compared_differs_in_lightness(palette: Palette) -> None:
    """Series can be told apart, and from the paper, by lightness alone."""
    assert contrast(palette.series_1, palette.series_2) >= APART
    assert contrast(palette.series_1, palette.series_3) >= GRAPHIC
    assert contrast(palette.series_2, palette.paper) >= GRAPHIC
    assert contrast(palette.series_1, palette.paper) >= READABLE


@palettes
def test_any_two_statuses_differ_in_lightness_or_in_their_edge(palette: Palette) -> None:
    """In black and white, no status can be taken for another where they touch."""

    def look(status: GoalStatus) -> tuple[str, str, float, tuple[int, ...]]:
        fill, edge = palette.of_status(status).fill, edge_of(status, palette)
        return fill, fill if edge.colour == "transparent" else edge.colour, edge.thickness, edge.dash

    for one, other in combinations(STATUSES, 2):
        (fill, edge, *form), (other_fill, other_edge, *other_form) = look(one), look(other)
        lightness = max(contrast(fill, other_fill), contrast(edge, other_edge))
        assert lightness >= APART or form != other_form, (one, other)


def test_a_city_s_own_colour_is_that_of_what_a_picture_is_about() -> None:
    """Its accent stands for the first series, on paper, and for nothing else."""
    palette = palette_for(Theme(accent="#7a1f3d"))

    assert palette == evolve(PRINT, series_1="#7a1f3d")
    assert "#7a1f3d" in draw(use_of_budget(("A", "50", "40")), palette=palette, width=640)
