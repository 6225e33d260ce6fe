"""The names of lines where they end, kept apart from each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.pictures.drawing import LINE, SMALL, STRONG, of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.report.pictures.drawing import Drawing

TO_NAME = 14
"""From the figures to the names, in pixels."""
_GAP = 4
_BELOW = 6
"""How far below the figures a name may reach, in pixels: beside the months, not between them."""


@frozen(slots=True, kw_only=True)
class Ending:
    """What stands at the end of a line.

    Attributes:
        x, y: where the line ends, in pixels.
        value, name: its last value, and below it the lines of its name.
        colour: of the line.
    """

    x: float
    y: float
    value: str
    name: tuple[str, ...]
    colour: str

    @property
    def height(self) -> float:
        """The height of its text, in pixels."""
        return (1 + len(self.name)) * LINE + _GAP


def draw_endings(drawing: Drawing, endings: Sequence[Ending]) -> None:
    """Add the texts at the ends of lines, each tied to its line by a stroke."""
    frame = drawing.frame
    placed = [
        {
            "x": ending.x,
            "end": ending.y,
            "y": middle,
            "top": middle - (ending.height - _GAP - LINE) / 2,
            "colour": ending.colour,
            "value": ending.value,
            "text": list(ending.name),
        }
        for ending, middle in apart(endings, -frame.top, frame.height + _BELOW)
    ]
    x = frame.width + TO_NAME
    stroke = {"stroke": of("colour"), "strokeWidth": 1}
    drawing.add("rule", placed, x=of("x", offset=6), y=of("end"), x2=x - 4, y2=of("y"), **stroke)
    drawing.add_text(placed, text=of("value"), x=x, y=of("top"), fontWeight=STRONG)
    drawing.add_text(placed, x=x, y=of("top", offset=LINE), fontSize=SMALL, fill=drawing.palette.muted)


def apart(endings: Sequence[Ending], top: float, bottom: float) -> list[tuple[Ending, float]]:
    """Return each with the middle of its text, as near to its line as the others and the picture's edges allow."""
    ordered = sorted(endings, key=lambda ending: ending.y)
    middles: list[float] = []
    for ending in ordered:
        middles.append(max(ending.y, top + ending.height / 2))
        top = middles[-1] + ending.height / 2
    for place in reversed(range(len(ordered))):
        half = ordered[place].height / 2
        middles[place] = min(middles[place], bottom - half)
        bottom = middles[place] - half
    return list(zip(ordered, middles, strict=True))
