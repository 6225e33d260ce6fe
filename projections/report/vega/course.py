"""Cumulative actuals by month: this year's line, last year's and that of even use, each named where it ends."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.vega.drawing import LINE, SIZE, SMALL, STRONG, Drawing, Frame, axis, of
from projections.report.vega.lettering import number, one_line, text_width, wrapped
from projections.report.vega.rows import NARROW
from projections.report.vega.scales import decimals_of, ends, steps_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.report.charts import Cumulative
    from projections.report.vega.drawing import Row, Spec
    from projections.report.vega.palette import Palette

_HEIGHT = 240
_ABOVE = 26
_BELOW = 26
_NAME_ROOM = 150
_NARROW_NAME_ROOM = 96
_TO_NAME = 14
_TO_AXIS = 8
_EDGE = 0.3
"""Before the first month and after the last, beside what is between two months."""


@frozen(slots=True, kw_only=True)
class Line:
    """A line: its name, its values by month, and how it is drawn.

    Attributes:
        dash: lengths of strokes and gaps, or none.
        point: what its points are filled with; none has no points.
    """

    name: str
    values: tuple[Decimal | None, ...]
    colour: str
    thickness: float
    dash: tuple[int, ...] = ()
    point: str | None = None

    @property
    def known(self) -> list[tuple[int, Decimal]]:
        """The known values, with the number of their month from 0."""
        return [(month, value) for month, value in enumerate(self.values) if value is not None]


@frozen(slots=True)
class Written:
    """With how many decimals numbers are written on the axis and at the ends of lines, and in which language."""

    on_axis: int
    at_ends: int
    locale: str


def cumulative(chart: Cumulative, palette: Palette, width: int) -> Spec:
    """Return the course of a year by month."""
    lines = [line for line in _lines(chart, palette) if line.known]
    values = [value for line in lines for _month, value in line.known]
    steps = steps_to(*ends(map(float, values)))
    numbers = Written(decimals_of(steps), decimals_of(values), chart.locale)
    frame = _frame(lines, steps, numbers, width)
    drawing = Drawing(frame=frame, palette=palette)
    drawing.scales += [
        {"name": "x", "type": "point", "domain": list(range(len(chart.months))), "range": "width", "padding": _EDGE},
        {"name": "y", "type": "linear", "domain": [steps[0], steps[-1]], "range": "height", "zero": False},
    ]
    drawing.axes.append(axis(palette, "y", orient="left", values=steps, format=f",.{numbers.on_axis}f"))
    _draw_axes(drawing, chart)
    for line in (*lines[1::-1], *lines[2:]):
        _draw_line(drawing, line)
    _draw_names(drawing, _ends(lines, (steps[0], steps[-1]), frame, numbers))
    return drawing.spec()


def _lines(chart: Cumulative, palette: Palette) -> Iterator[Line]:
    """Yield the lines, the current year's first."""
    for place, (name, values) in enumerate(chart.lines):
        if place == 0:
            yield Line(name=name, values=values, colour=palette.series_1, thickness=3, point=palette.series_1)
        else:
            yield Line(name=name, values=values, colour=palette.series_2, thickness=2, point=palette.paper)
    if chart.even:
        yield Line(name=chart.even[0], values=chart.even[1], colour=palette.reference, thickness=1.5, dash=(5, 4))


def _frame(lines: Sequence[Line], steps: Sequence[float], numbers: Written, width: int) -> Frame:
    room = _NARROW_NAME_ROOM if width < NARROW else _NAME_ROOM
    written = (number(Decimal(str(step)), numbers.on_axis, numbers.locale) for step in steps)
    left = max(text_width(text, SMALL) for text in written) + _TO_AXIS
    widest = max((text_width(text, SIZE) for line in lines for text in _told(line, numbers, room)), default=0)
    right = min(room, widest) + _TO_NAME
    return Frame(width=width - left - right, height=_HEIGHT, left=left, right=right, top=_ABOVE, bottom=_BELOW)


def _told(line: Line, numbers: Written, room: float) -> list[str]:
    """Return what stands at the end of a line: its last value, and below it its name."""
    _month, value = line.known[-1]
    return [number(value, numbers.at_ends, numbers.locale), *wrapped(line.name, SMALL, room)]


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
    drawing.add_text([{"text": one_line(chart.axis)}], x=-frame.left, y=-frame.top + LINE / 2, **small)
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


def _ends(lines: Sequence[Line], domain: tuple[float, float], frame: Frame, numbers: Written) -> list[Row]:
    """Return what stands at the ends of lines, apart from each other, with where each line ends."""
    low, high = domain
    months = max((len(line.values) for line in lines), default=1)
    ends: list[Row] = []
    for line in lines:
        month, value = line.known[-1]
        text = _told(line, numbers, frame.right - _TO_NAME)
        ends.append(
            {
                "x": (month + _EDGE) / (months - 1 + 2 * _EDGE) * frame.width,
                "end": (high - float(value)) / (high - low) * frame.height,
                "value": text[0],
                "name": text[1:],
                "half": len(text) * LINE / 2 + 2,
                "colour": line.colour,
            }
        )
    return _apart(sorted(ends, key=lambda end: float(end["end"])), -frame.top, frame.height + frame.bottom)


def _apart(ends: list[Row], top: float, bottom: float) -> list[Row]:
    """Give each end the middle of its text, as near to its line as the others and the picture's edges allow."""
    edge = top
    for end in ends:
        end["y"] = max(end["end"], edge + end["half"])
        edge = end["y"] + end["half"]
    edge = bottom
    for end in reversed(ends):
        end["y"] = min(end["y"], edge - end["half"])
        edge = end["y"] - end["half"]
    return ends


def _draw_names(drawing: Drawing, ends: Sequence[Row]) -> None:
    """Add the texts at the ends of lines, each tied to its line by a stroke."""
    x = drawing.frame.width + _TO_NAME
    drawing.add(
        "rule", ends, x=of("x", offset=6), y=of("end"), x2=x - 4, y2=of("y"), stroke=of("colour"), strokeWidth=1
    )
    texts = [end | {"top": end["y"] - end["half"] + 2 + LINE / 2} for end in ends]
    values = [end | {"text": end["value"]} for end in texts]
    drawing.add_text(values, x=x, y=of("top"), fontWeight=STRONG)
    names = [end | {"text": end["name"]} for end in texts]
    drawing.add_text(names, x=x, y=of("top", offset=LINE), fontSize=SMALL, fill=drawing.palette.muted)
