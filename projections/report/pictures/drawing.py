"""A picture as a Vega specification (version 6): marks on scales, axes, and a frame of fixed size.

Every size is fixed beforehand. Vega's own layout would measure texts with the fonts of the machine, and the same report
would look different, to the byte, on another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import Factory, define, frozen

from projections.report.theme.palette import Palette

if TYPE_CHECKING:
    from collections.abc import Sequence

SIZE = 14
"""Of text, in pixels."""
SMALL = 12
"""Of the text of axes and legends."""
LINE = 16
"""From one line of a text to the next, in pixels."""
STRONG = 600

Spec = dict[str, Any]
Row = dict[str, Any]


@frozen(slots=True, kw_only=True)
class Frame:
    """The room of a picture, in pixels: the figures' width and height, and what stands around them."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float


def of(field: str, scale: str | None = None, offset: float = 0) -> Spec:
    """Return a property that each row tells in a field: in pixels, or in what a scale measures."""
    return {"field": field} | ({"scale": scale} if scale else {}) | ({"offset": offset} if offset else {})


def at(value: object, scale: str, offset: float = 0) -> Spec:
    """Return a property that is the same for all rows, in what a scale measures."""
    return {"value": value, "scale": scale} | ({"offset": offset} if offset else {})


@define(slots=True, kw_only=True)
class Drawing:
    """A picture in the making; what is added later stands in front.

    Attributes:
        frame: its room.
        palette: its colours.
        scales, axes: as Vega has them.
    """

    frame: Frame
    palette: Palette
    scales: list[Spec] = Factory(list)
    axes: list[Spec] = Factory(list)
    _data: list[Spec] = Factory(list)
    _marks: list[Spec] = Factory(list)

    def add(self, kind: str, rows: Sequence[Row], **properties: object) -> None:
        """Add a mark for each row; a property is a literal, or what `of` and `at` give."""
        if not rows:
            return
        name = f"rows{len(self._data)}"
        self._data.append({"name": name, "values": list(rows)})
        self._marks.append(_mark(kind, {"data": name}, properties))

    def add_text(self, rows: Sequence[Row], **properties: object) -> None:
        """Add a text for each row, from its field `text`, in ink unless told otherwise."""
        usual: dict[str, object] = {"text": of("text"), "fill": self.palette.ink, "fontSize": SIZE}
        self.add("text", rows, **({"baseline": "middle", "lineHeight": LINE} | usual | properties))

    def spec(self) -> Spec:
        """Return the picture as Vega takes it."""
        frame = self.frame
        return {
            "$schema": "https://vega.github.io/schema/vega/v6.json",
            "width": frame.width,
            "height": frame.height,
            "padding": {"left": frame.left, "right": frame.right, "top": frame.top, "bottom": frame.bottom},
            "autosize": "none",
            "data": self._data,
            "scales": self.scales,
            "axes": self.axes,
            "marks": self._marks,
        }


def _mark(kind: str, source: Spec, properties: dict[str, object]) -> Spec:
    told = {name: told if isinstance(told, dict) else {"value": told} for name, told in properties.items()}
    return {"type": kind, "aria": False, "interactive": False, "from": source, "encode": {"update": told}}


def axis(palette: Palette, scale: str, **properties: object) -> Spec:
    """Return a quiet axis: small numbers on pale lines through the figures."""
    usual: Spec = {
        "aria": False,
        "scale": scale,
        "domain": False,
        "ticks": False,
        "grid": True,
        "gridColor": palette.grid,
        "labelColor": palette.muted,
        "labelFontSize": SMALL,
        "labelPadding": 6,
        "labelOverlap": False,
        "labelBound": False,
        "labelFlush": False,
        "labelLimit": 0,
        "zindex": 0,
    }
    return usual | properties
