"""Pictures in a real browser: one drawing takes the colours of the part of the page that it stands in."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from projections.report.pictures.pictures import DARK, PRINT, SCREEN, draw, properties
from tests.programs import browser
from tests.projections.report.charts import one_of_each

if TYPE_CHECKING:
    from pathlib import Path

    from projections.report.content.picture_data import PictureData

SECONDS = 120
WIDTH, HEIGHT = 640, 480


def photographed(page: str, folder: Path) -> Image.Image:
    """Return what a browser shows of a page without scripts."""
    file, picture = folder / "page.html", folder / "page.png"
    file.write_text(page, encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--hide-scrollbars", f"--user-data-dir={folder / 'profile'}"]
    size = f"--window-size={2 * WIDTH},{HEIGHT}"
    command = [browser(), *options, size, f"--screenshot={picture}", file.as_uri()]
    subprocess.run(command, check=True, capture_output=True, timeout=SECONDS)
    with Image.open(picture) as image:
        return image.convert("RGB")


def colours_of(image: Image.Image) -> set[tuple[int, ...]]:
    """Return the colours of an image that are more than the soft edge of something."""
    return {colour for count, colour in image.getcolors(1 << 22) or [] if count > 10 and isinstance(colour, tuple)}


def rgb(colour: str) -> tuple[int, ...]:
    """Return a colour `#rrggbb` as numbers."""
    return tuple(bytes.fromhex(colour[1:]))


@pytest.mark.parametrize("chart", one_of_each(), ids=lambda chart: type(chart).__name__)
def test_one_drawing_serves_a_light_and_a_dark_page(chart: PictureData, tmp_path: Path) -> None:
    """Beside each other, with the properties of either look or with none, the same SVG has the colours of its place."""
    drawn = draw(chart, palette=SCREEN, width=WIDTH)
    dark = ";".join(f"{name}:{colour}" for name, colour in properties(DARK).items())
    half = f"position:absolute;top:0;width:{WIDTH}px;height:{HEIGHT}px;background:"
    page = (
        f'<!doctype html><meta charset="utf-8"><div style="{half}#ffffff;left:0">{drawn}</div>'
        f'<div style="{half}{DARK.paper};left:{WIDTH}px;{dark}">{drawn}</div>'
    )

    image = photographed(page, tmp_path)

    left, right = image.crop((0, 0, WIDTH, HEIGHT)), image.crop((WIDTH, 0, 2 * WIDTH, HEIGHT))
    main = "achieved" if "achieved" in drawn else "series_1"
    shown_light, shown_dark = (
        rgb(palette.achieved.fill if main == "achieved" else palette.series_1) for palette in (PRINT, DARK)
    )
    assert shown_light in colours_of(left)
    assert shown_dark not in colours_of(left)
    assert shown_dark in colours_of(right)
    assert shown_light not in colours_of(right)
    assert rgb(PRINT.muted) in colours_of(left)
    assert rgb(DARK.muted) in colours_of(right)
