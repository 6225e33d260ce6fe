"""What the marks of a picture mean: a row of small marks with their names, above the figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import frozen

from projections.report.pictures.drawing import LINE, SMALL, of
from projections.report.pictures.lettering import one_line, text_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.report.pictures.drawing import Drawing, Row

GAP = 20
"""Between an entry and the next, in pixels."""
ROW = 20
_MARK = 14
_TO_TEXT = 6


@frozen(slots=True, kw_only=True)
class Entry:
    """A mark and what it means.

    Attributes:
        form: `area` a filled field, `thin` one that lies inside another, `tick` a short upright line.
        name: what it means.
        fill: its colour.
        edge, dash: the colour around it, and lengths of its strokes and gaps; or none.
        icon: a path on it, in a square from -1 to 1, and that path's colour; or none.
    """

    form: Literal["area", "thin", "tick"]
    name: str
    fill: str
    edge: str = "transparent"
    dash: tuple[int, ...] = ()
    icon: tuple[str, str] | None = None


@frozen(slots=True)
class Legend:
    """Entries with their places: pixels from the picture's left and upper edge."""

    placed: tuple[tuple[Entry, float, float, str], ...]
    height: float


def place(entries: Sequence[Entry], width: float) -> Legend:
    """Return the entries side by side, on as many rows as they take in `width` pixels."""
    placed: list[tuple[Entry, float, float, str]] = []
    x, y = 0.0, 0.0
    for entry in entries:
        name = wrapped(one_line(entry.name), SMALL, width - _MARK - _TO_TEXT, lines=1)[0]
        wide = _MARK + _TO_TEXT + text_width(name, SMALL)
        if x and x + wide > width:
            x, y = 0.0, y + ROW
        placed.append((entry, x, y + LINE / 2, name))
        x += wide + GAP
    return Legend(tuple(placed), y + ROW if placed else 0)


def draw_legend(drawing: Drawing, legend: Legend) -> None:
    """Add the entries to a picture, from its upper left corner."""
    left, top = -drawing.frame.left, -drawing.frame.top
    rows: list[Row] = [
        {
            "form": entry.form,
            "x": left + x,
            "y": top + y,
            "fill": entry.fill,
            "edge": entry.edge,
            "dash": entry.dash,
            "icon": entry.icon and entry.icon[0],
            "icon_colour": entry.icon and entry.icon[1],
            "text": name,
        }
        for entry, x, y, name in legend.placed
    ]
    for form, height in (("area", 12), ("thin", 6)):
        drawing.add(
            "rect",
            [row for row in rows if row["form"] == form],
            x=of("x"),
            width=_MARK,
            yc=of("y"),
            height=height,
            fill=of("fill"),
            stroke=of("edge"),
            strokeDash=of("dash"),
        )
    ticks = [row for row in rows if row["form"] == "tick"]
    drawing.add("rect", ticks, xc=of("x", offset=_MARK / 2), width=2.5, yc=of("y"), height=14, fill=of("fill"))
    icons = [row for row in rows if row["icon"]]
    add_icons(drawing, icons, x=of("x", offset=_MARK / 2), y=of("y"), size=64)
    drawing.add_text(rows, x=of("x", offset=_MARK + _TO_TEXT), y=of("y"), fontSize=SMALL)


def add_icons(drawing: Drawing, rows: Sequence[Row], **properties: object) -> None:
    """Add the fields `icon` of rows, drawn as lines in their `icon_colour`."""
    usual: dict[str, object] = {"fill": "transparent", "stroke": of("icon_colour"), "strokeWidth": 1.5}
    drawing.add("symbol", rows, shape=of("icon"), strokeCap="round", **(usual | properties))
