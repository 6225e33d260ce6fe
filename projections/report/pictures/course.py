"""Cumulative actuals by month: this year's line, last year's and that of even use, each named where it ends."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.language.numbers import Numbers
from projections.report.pictures.bar_rows import NARROW
from projections.report.pictures.drawing import LINE, SIZE, SMALL, Drawing, Frame, axis, of
from projections.report.pictures.endings import TO_NAME, Ending, draw_endings
from projections.report.pictures.lettering import one_line, text_width, wrapped
from projections.report.pictures.scales import decimals_of, ends, steps_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.report.content.picture_data import Cumulative
    from projections.report.pictures.drawing import Spec
    from projections.report.theme.palette import Palette

_HEIGHT = 240
_ABOVE = 26
_BELOW = 26
_NAME_ROOM = 150
_NARROW_NAME_ROOM = 96
_TO_AXIS = 8
_EDGE = 0.3
"""Before the first month and after the last, beside what is between two months."""


@frozen(slots=True, kw_only=True)
class Line:
    """A line: its name, its values by month, and how it is drawn.

    Attributes:
        dash: lengths of strokes and gaps, or none.
        point: what its points are filled with; none has no points.
        layer: those of a higher one are drawn over it.
    """

    name: str
    values: tuple[Decimal | None, ...]
    colour: str
    thickness: float
    dash: tuple[int, ...] = ()
    point: str | None = None
    layer: int = 0

    @property
    def known(self) -> list[tuple[int, Decimal]]:
        """The known values, with the number of their month from 0."""
        return [(month, value) for month, value in enumerate(self.values) if value is not None]


def cumulative(chart: Cumulative, palette: Palette, width: int) -> Spec:
    """Return the course of a year by month."""
    lines = [line for line in _lines(chart, palette) if line.known]
    values = [value for line in lines for _month, value in line.known]
    steps = steps_to(*ends(map(float, values)))
    frame = _frame(chart, lines, steps, width)
    drawing = Drawing(frame=frame, palette=palette)
    drawing.scales += [
        {"name": "x", "type": "point", "domain": list(range(len(chart.months))), "range": "width", "padding": _EDGE},
        {"name": "y", "type": "linear", "domain": [steps[0], steps[-1]], "range": "height", "zero": False},
    ]
    drawing.axes.append(axis(palette, "y", orient="left", values=steps, format=f",.{decimals_of(steps)}f"))
    _draw_axes(drawing, chart)
    for line in sorted(lines, key=lambda line: line.layer):
        _draw_line(drawing, line)
    numbers, decimals = Numbers(chart.locale), decimals_of(values)
    draw_endings(drawing, [_ending(line, numbers.plain(line.known[-1][1], decimals), drawing, steps) for line in lines])
    return drawing.spec()


def _lines(chart: Cumulative, palette: Palette) -> Iterator[Line]:
    """Yield the lines, the current year's first."""
    for place, (name, values) in enumerate(chart.lines):
        if place == 0:
            yield Line(name=name, values=values, colour=palette.series_1, thickness=3, point=palette.series_1, layer=2)
        else:
            yield Line(name=name, values=values, colour=palette.series_2, thickness=2, point=palette.paper)
    if chart.even:
        name, even = chart.even
        yield Line(name=name, values=even, colour=palette.reference, thickness=1.5, dash=(5, 4), layer=1)


def _frame(chart: Cumulative, lines: Sequence[Line], steps: Sequence[float], width: int) -> Frame:
    """Return the room: on the left for the axis's numbers, on the right for what lines are named."""
    numbers, decimals = Numbers(chart.locale), decimals_of(steps)
    left = ceil(max(text_width(numbers.plain(Decimal(str(step)), decimals), SMALL) for step in steps)) + _TO_AXIS
    most = _NARROW_NAME_ROOM if width < NARROW else _NAME_ROOM
    known = [value for line in lines for _month, value in line.known]
    texts = [numbers.plain(value, decimals_of(known)) for value in known]
    names = max((text_width(line.name, SMALL) for line in lines), default=0)
    right = ceil(max(min(most, names), *(text_width(text, SIZE) for text in texts), 0)) + TO_NAME
    return Frame(width=width - left - right, height=_HEIGHT, left=left, right=right, top=_ABOVE, bottom=_BELOW)


def _draw_axes(drawing: Drawing, chart: Cumulative) -> None:
    """Add the months, as many as there is room for, the last among them; what figures are in; and the line of zero."""
    frame, palette = drawing.frame, drawing.palette
    small: dict[str, object] = {"fill": palette.muted, "fontSize": SMALL}
    step = frame.width / max(1, len(chart.months))
    widest = max((text_width(month, SMALL) for month in chart.months), default=0) + 8
    every = max(1, -(-int(widest) // max(1, int(step))))
    last = len(chart.months) - 1
    months = [
        {"month": place, "text": one_line(month)}
        for place, month in enumerate(chart.months)
        if (last - place) % every == 0
    ]
    drawing.add_text(months, x=of("month", "x"), y=frame.height + 14, align="center", **small)
    title = wrapped(chart.axis, SMALL, frame.left + frame.width, lines=1)[0]
    drawing.add_text([{"text": title}], x=-frame.left, y=-frame.top + LINE / 2, **small)
    drawing.add("rule", [{"zero": 0}], x=0, x2=frame.width, y=of("zero", "y"), stroke=palette.muted)


def _draw_line(drawing: Drawing, line: Line) -> None:
    rows = [
        {"month": month, "value": None if value is None else float(value)} for month, value in enumerate(line.values)
    ]
    known = [row for row in rows if row["value"] is not None]
    place = {"x": of("month", "x"), "y": of("value", "y")}
    form = {"stroke": line.colour, "strokeWidth": line.thickness, "strokeJoin": "round", "strokeDash": list(line.dash)}
    drawing.add("line", rows, defined={"signal": "isValid(datum.value)"}, **place, **form)
    if line.point:
        edge = {"stroke": line.colour, "strokeWidth": 2}
        drawing.add("symbol", known, shape="circle", size=40, fill=line.point, **place, **edge)


def _ending(line: Line, value: str, drawing: Drawing, steps: Sequence[float]) -> Ending:
    """Return what stands at the end of a line: its last value, and its name."""
    frame, (month, amount) = drawing.frame, line.known[-1]
    return Ending(
        x=(month + _EDGE) / (len(line.values) - 1 + 2 * _EDGE) * frame.width,
        y=(steps[-1] - float(amount)) / (steps[-1] - steps[0]) * frame.height,
        value=value,
        name=tuple(wrapped(line.name, SMALL, frame.right - TO_NAME)),
        colour=line.colour,
    )
