"""Goals by status: stacked bars whose parts differ in lightness, carry a sign and tell their number."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.pictures.bar_rows import (
    Span,
    axis_room,
    draw_axis_title,
    draw_baseline,
    draw_labels,
    frame_of,
    lay_out,
    value_place,
    value_room,
)
from projections.report.pictures.drawing import SIZE, SMALL, STRONG, Drawing, axis, of
from projections.report.pictures.legend import Entry, add_icons, draw_legend, place
from projections.report.pictures.lettering import text_width
from projections.report.pictures.scales import steps_within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.report.content.picture_data import GoalsByStatus
    from projections.report.language.statuses import GoalStatus
    from projections.report.pictures.bar_rows import Rows
    from projections.report.pictures.drawing import Row, Spec
    from projections.report.theme.palette import Palette

_THICK = 22
_ICON = 10
_GAP = 3
_EDGE = 5
_FEWEST = 4
"""So far an axis goes at least: one goal is no bar through all of the picture."""
_BETWEEN = 1.5
"""Of the paper, between a part and the next."""


def _circle(r: float) -> str:
    """Return the path of a circle, as four curves."""
    control = round(r * 0.5522847498, 9)
    return (
        f"M{r},0C{r},{control},{control},{r},0,{r}C-{control},{r},-{r},{control},-{r},0"
        f"C-{r},-{control},-{control},-{r},0,-{r}C{control},-{r},{r},-{control},{r},0"
    )


ICONS: dict[GoalStatus, str] = {
    "achieved": "M-0.8,0.05L-0.25,0.6L0.8,-0.6",
    "in_progress": "M-0.8,0L0.8,0M0.2,-0.6L0.8,0L0.2,0.6",
    "not_started": f"{_circle(0.7)}Z",
    "delayed": f"{_circle(0.9)}M0,-0.5L0,0.05L0.4,0.3",
    "not_achieved": "M-0.65,-0.65L0.65,0.65M-0.65,0.65L0.65,-0.65",
    "suspended": "M-0.4,-0.7L-0.4,0.7M0.4,-0.7L0.4,0.7",
    "unknown": "M-0.6,0L0.6,0",
}
"""A sign for each status: check, arrow, circle, clock, cross, pause, dash; paths in a square from -1 to 1."""


def goals_by_status(chart: GoalsByStatus, palette: Palette, width: int) -> Spec:
    """Return how many goals have which status, a bar for each part of the organisation."""
    legend = place([_entry(status, name, palette) for status, name in chart.statuses], width)
    rows = lay_out([label for label, _counts in chart.bars], width, thickness=_THICK, beside=chart.axis)
    totals = [str(sum(counts)) for _label, counts in chart.bars]
    top = legend.height + 6
    frame = frame_of(rows, width, right=value_room(totals), top=top, bottom=axis_room(rows))
    most = max(_FEWEST, max((sum(counts) for _label, counts in chart.bars), default=0))
    span = Span(0, most, frame.width)
    drawing = Drawing(frame=frame, palette=palette)
    drawing.scales.append({"name": "x", "type": "linear", "domain": span.domain, "range": "width"})
    steps = steps_within(0, most, frame.width, text_width(str(most), SMALL), least=1)
    drawing.axes.append(axis(palette, "x", orient="bottom", values=steps, format=",d", grid=not rows.above))
    draw_legend(drawing, legend)
    draw_labels(drawing, rows)
    draw_axis_title(drawing, chart.axis, rows)
    parts = [part for number in range(len(rows.labels)) for part in _parts(chart, number, span, palette)]
    _draw_parts(drawing, parts, rows)
    draw_baseline(drawing, rows, 0, _THICK)
    _draw_totals(drawing, totals, span, rows)
    return drawing.spec()


@frozen(slots=True)
class Edge:
    """What is drawn around a part: a colour, how thick, and lengths of strokes and gaps or none."""

    colour: str
    thickness: float = 1
    dash: tuple[int, ...] = ()


def edge_of(status: GoalStatus, palette: Palette) -> Edge:
    """Return the edge of a part: a heavy one of what was not achieved, thin ones of what is as pale as the paper."""
    if status == "not_achieved":
        return Edge(palette.not_achieved.text, 2.5)
    if status == "unknown":
        return Edge(palette.muted, dash=(2, 2))
    return Edge(palette.muted if status == "not_started" else "transparent")


def _entry(status: GoalStatus, name: str, palette: Palette) -> Entry:
    filling, edge = palette.of_status(status), edge_of(status, palette)
    icon = (ICONS[status], filling.text)
    return Entry(form="area", name=name, fill=filling.fill, edge=edge.colour, dash=edge.dash, icon=icon)


def _parts(chart: GoalsByStatus, number: int, span: Span, palette: Palette) -> Iterator[Row]:
    """Yield the parts of a bar as the marks take them: where they begin and end, and what is written on them."""
    _label, counts = chart.bars[number]
    for (status, _name), count, end in zip(chart.statuses, counts, accumulate(counts), strict=True):
        if not count:
            continue
        left, right = span.place(end - count), span.place(end) - _BETWEEN
        text, room = str(count), right - left
        wide = text_width(text, SIZE)
        with_icon = room >= _ICON + _GAP + wide + 2 * _EDGE
        filling, block = palette.of_status(status), _ICON + _GAP + wide if with_icon else wide
        begin = (left + right - block) / 2
        edge = edge_of(status, palette)
        inset = 0 if edge.colour == "transparent" else edge.thickness / 2
        yield {
            "bar": number,
            "left": left + inset,
            "right": right - inset,
            "height": _THICK - 2 * inset,
            "fill": filling.fill,
            "edge": edge.colour,
            "thickness": edge.thickness,
            "dash": edge.dash,
            "colour": filling.text,
            "icon": ICONS[status] if with_icon else None,
            "icon_colour": filling.text,
            "icon_x": begin + _ICON / 2,
            "text": text if room >= wide + _GAP else "",
            "text_x": begin + block - wide,
        }


def _draw_parts(drawing: Drawing, parts: Sequence[Row], rows: Rows) -> None:
    placed = [part | {"y": rows.middle(part["bar"])} for part in parts]
    edge = {"stroke": of("edge"), "strokeWidth": of("thickness"), "strokeDash": of("dash")}
    size = {"x": of("left"), "x2": of("right"), "yc": of("y"), "height": of("height")}
    drawing.add("rect", placed, fill=of("fill"), **size, **edge)
    icons = [part for part in placed if part["icon"]]
    add_icons(drawing, icons, x=of("icon_x"), y=of("y"), size=_ICON**2)
    written = [part for part in placed if part["text"]]
    drawing.add_text(written, x=of("text_x"), y=of("y"), fill=of("colour"), fontWeight=STRONG)


def _draw_totals(drawing: Drawing, totals: Sequence[str], span: Span, rows: Rows) -> None:
    places = [value_place(span.place(float(total)), total, ()) for total in totals]
    ends = [
        {"text": t, "x": x, "y": rows.middle(number)} for number, (t, x) in enumerate(zip(totals, places, strict=True))
    ]
    drawing.add_text(ends, x=of("x"), y=of("y"), fontWeight=STRONG)
